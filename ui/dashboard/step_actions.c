/*
 * step_actions: keys of stepping. What cannot be is said here, where it is
 * known already; the engine has the last word.
 */
#include <stdio.h>

#include "dashboard/dashboard_priv.h"
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

static void
step_selected(struct dashboard *d)
{
	struct screen *s = &d->show.screen;
	const struct model_proc *p;
	const struct model_thread *t = NULL;
	struct row r;

	if (!selection_settle(s, d->model, &r)) {
		dashboard_say(d, "no thread is there to be stepped");
		return;
	}
	p = r.proc;
	t = r.thread != NULL ? r.thread : step_only_one(p);
	if (t == NULL)
		dashboard_say(d,
		    "select a thread of %s: Tab, then up and down; "
		    "or press its digit",
		    p->name);
	else
		step_thread(d, p, t);
}

static void
step_letter(struct dashboard *d, int digit)
{
	unsigned letter = digit == '0' ? 10 : (unsigned)(digit - '0');
	const struct model_proc *p;
	const struct model_thread *t = stepping_find(d->model, letter, &p);
	char name[STEPPING_LETTER];

	if (t == NULL)
		dashboard_say(d, "%c: there is no thread %s", digit,
		    stepping_letter(letter, name));
	else
		step_thread(d, p, t);
}

static void
step_any(struct dashboard *d)
{
	if (step_is_settled(d) && d->model->lab.flags & SCHEDULE_STUCK)
		dashboard_say(d, "nobody can go");
	else
		dashboard_send(d, COMMAND_STEP, 0, "a step");
}

static void
step_undo(struct dashboard *d, bool all)
{
	const struct frame_schedule *l = &d->model->lab;
	char why[MODEL_LINE], what[64];

	stepping_spoilt(d->model, why, sizeof why);
	if (why[0] != '\0') {
		dashboard_say(d,
		    "nothing is taken back: %s; r begins anew, stepped", why);
		return;
	}
	if (l->taken == 0) {
		dashboard_say(d, "there is no step to take back");
		return;
	}
	snprintf(what, sizeof what, "to take back %s",
	    all ? "all steps" : "the last step");
	dashboard_send(d, COMMAND_UNDO, all ? l->taken : 1, what);
	d->undone = d->model->runs;
}

static bool
step_is_of_stepping(enum action action)
{
	return action == ACTION_STEPPED || action == ACTION_STEP ||
	    action == ACTION_STEP_LETTER || action == ACTION_STEP_ANY ||
	    action == ACTION_UNDO || action == ACTION_UNDO_ALL ||
	    action == ACTION_CONTINUE;
}

/* Why none of these keys means anything now; NULL: it does. */
static const char *
step_refusal(const struct dashboard *d, enum action action)
{
	bool undoes = action == ACTION_UNDO || action == ACTION_UNDO_ALL;
	const char *why = command_refusal(d->stream, d->model, undoes);

	if (why != NULL || undoes || action == ACTION_STEPPED)
		return why;
	/* To let go those that a scheduler chooses among is all right. */
	if (action == ACTION_CONTINUE && stepping_gated(d->model))
		return NULL;
	return stepping_by_hand(d->model)
	    ? NULL
	    : "not stepped: s stops all threads at their gates";
}

bool
dashboard_step(struct dashboard *d, enum action action, int code)
{
	const char *why;

	if (!step_is_of_stepping(action))
		return false;
	why = step_refusal(d, action);
	if (why != NULL) {
		dashboard_say(d, "%s", why);
		return true;
	}
	switch (action) {
	case ACTION_STEPPED:
		if (stepping_by_hand(d->model))
			dashboard_say(d, "stepped: n steps, c continues");
		else
			dashboard_send(
			    d, COMMAND_STEPPED, 1, "to stop at the gates");
		break;
	case ACTION_STEP:
		step_selected(d);
		break;
	case ACTION_STEP_LETTER:
		step_letter(d, code);
		break;
	case ACTION_STEP_ANY:
		step_any(d);
		break;
	case ACTION_CONTINUE:
		dashboard_send(d, COMMAND_STEPPED, 0, "to continue");
		break;
	default:
		step_undo(d, action == ACTION_UNDO_ALL);
	}
	return true;
}
