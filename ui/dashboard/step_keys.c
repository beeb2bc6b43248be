/*
 * step_keys: keys of step mode. What cannot be done is said here, where it is
 * known already; the engine has the last word.
 */
#include <stdio.h>

#include "dashboard/dashboard_priv.h"
#include "dashboard/key_table.h"
#include "text/stepping.h"
#include "widgets/selection.h"

/* What the model says of a thread is stale as long as others move. */
static bool
step_is_settled(const struct dashboard *d)
{
	return d->memory.what[0] == '\0' &&
	    (d->model->lab.flags & SCHEDULE_SETTLED) != 0;
}

static void
step_thread(struct dashboard *d, const struct model_proc *p,
    const struct model_thread *t)
{
	char why[STEPPING_LEN], what[64];

	if (step_is_settled(d) && stepping_refuses(d->model, p, t, why)) {
		dashboard_say(d, "%s", why);
		return;
	}
	snprintf(what, sizeof what, "a step of %s", t->name);
	dashboard_send(d, COMMAND_STEP, t->tid, what);
}

/* Of a process, its only thread that stands at a gate. */
static const struct model_thread *
step_only_one(const struct model_proc *p)
{
	const struct model_thread *only = NULL;

	for (unsigned i = 0; i < p->nthreads; i++) {
		const struct model_thread *t = &p->threads[i];

		if (!stepping_lives(p, t) ||
		    model_step(t)->point == POINT_NONE ||
		    model_step(t)->flags & STEP_SILENT)
			continue;
		if (only != NULL)
			return NULL;
		only = t;
	}
	return only;
}

/* Says why a step cannot be taken now; false: it can. */
static bool
step_refused(struct dashboard *d)
{
	const char *why = command_refusal(d->stream, d->model, false);

	if (why == NULL && !stepping_by_hand(d->model))
		why = "not in step mode: s stops all threads";
	if (why != NULL)
		dashboard_say(d, "%s", why);
	return why != NULL;
}

static unsigned
step_selected(struct dashboard *d, int code)
{
	struct screen *s = &d->show.screen;
	const struct model_thread *t;
	struct row r;

	(void)code;
	if (step_refused(d))
		return DO_REDRAW;
	if (!selection_settle(s, d->model, &r)) {
		dashboard_say(d, "there is no thread to step");
		return DO_REDRAW;
	}
	t = r.thread != NULL ? r.thread : step_only_one(r.proc);
	if (t == NULL)
		dashboard_say(d,
		    "select a thread of %s: Tab, then up and down; "
		    "or press its digit",
		    r.proc->name);
	else
		step_thread(d, r.proc, t);
	return DO_REDRAW;
}

static unsigned
step_letter(struct dashboard *d, int digit)
{
	unsigned letter = digit == '0' ? 10 : (unsigned)(digit - '0');
	const struct model_proc *p;
	const struct model_thread *t = stepping_find(d->model, letter, &p);
	char name[LETTER_TEXT];

	if (step_refused(d))
		return DO_REDRAW;
	if (t == NULL)
		dashboard_say(d, "%c: there is no thread %s", digit,
		    letter_format(letter, name));
	else
		step_thread(d, p, t);
	return DO_REDRAW;
}

static unsigned
step_any(struct dashboard *d, int code)
{
	(void)code;
	if (step_refused(d))
		return DO_REDRAW;
	if (step_is_settled(d) && d->model->lab.flags & SCHEDULE_STUCK)
		dashboard_say(d, "no thread can go");
	else
		dashboard_send(d, COMMAND_STEP, 0, "a step");
	return DO_REDRAW;
}

/* Threads that a scheduler chooses among may be resumed as well. */
static unsigned
step_continue(struct dashboard *d, int code)
{
	(void)code;
	if (!stepping_gated(d->model) && step_refused(d))
		return DO_REDRAW;
	dashboard_send(d, COMMAND_STEPPED, 0, "to resume all threads");
	return DO_REDRAW;
}

static unsigned
step_undo(struct dashboard *d, bool all)
{
	const struct frame_schedule *l = &d->model->lab;
	const char *refusal = command_refusal(d->stream, d->model, true);
	char why[MODEL_LINE], what[64];

	stepping_spoilt(d->model, why, sizeof why);
	if (refusal != NULL)
		dashboard_say(d, "%s", refusal);
	else if (why[0] != '\0')
		dashboard_say(
		    d, "cannot undo: %s; r starts again, in step mode", why);
	else if (l->taken == 0)
		dashboard_say(d, "there is no step to undo");
	else {
		snprintf(what, sizeof what, "to undo %s",
		    all ? "all steps" : "the last step");
		dashboard_send(d, COMMAND_UNDO, all ? l->taken : 1, what);
		d->undone = d->model->runs;
	}
	return DO_REDRAW;
}

static unsigned
step_undo_one(struct dashboard *d, int code)
{
	(void)code;
	return step_undo(d, false);
}

static unsigned
step_undo_all(struct dashboard *d, int code)
{
	(void)code;
	return step_undo(d, true);
}

static bool
step_undoes(struct keys_where w)
{
	return w.undoes;
}

static const struct keys_binding rows[] = {
    {.group = KEYS_STEP,
	.codes = {'n'},
	.label = "n",
	.bar = "step",
	.help = "one step of the selected thread",
	.run = step_selected},
    {.group = KEYS_STEP,
	.codes = {'1', '2', '3', '4', '5', '6', '7', '8', '9', '0'},
	.label = "1-9 0",
	.bar = "thread",
	.bar_label = "1-9",
	.help = "one step of that thread: 1 is a, 2 is b, 0 the tenth",
	.run = step_letter},
    {.group = KEYS_STEP,
	.codes = {'N'},
	.label = "N",
	.bar = "any",
	.help = "one step of the thread that the scheduler picks",
	.run = step_any},
    {.group = KEYS_STEP,
	.codes = {'u'},
	.label = "u",
	.bar = "undo",
	.bar_when = step_undoes,
	.help = "undo the last step: the run is repeated up to there",
	.run = step_undo_one},
    {.group = KEYS_STEP,
	.codes = {'U'},
	.label = "U",
	.help = "undo all steps",
	.run = step_undo_all},
    {.group = KEYS_STEP,
	.codes = {'c'},
	.label = "c",
	.bar = "continue",
	.help = "resume all threads",
	.run = step_continue},
    {.group = KEYS_STEP,
	.codes = {'{'},
	.label = "{",
	.help = "the view before: in step mode, digits are threads",
	.run = dashboard_view_before},
    {.group = KEYS_STEP,
	.codes = {'}'},
	.label = "}",
	.bar = "views",
	.bar_label = "{ }",
	.help = "the next view",
	.run = dashboard_view_after},
};

const struct keys_rows step_keys = {rows, sizeof rows / sizeof rows[0]};
