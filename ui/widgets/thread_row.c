/* thread_row: rows and strips of threads. */
#include "widgets/thread_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "style/format.h"
#include "text/stepping.h"
#include "text/waiting.h"
#include "widgets/process_end.h"
#include "widgets/selection.h"
#include "widgets/step_line.h"
#include "widgets/widgets.h"

#define LABEL_MIN 4
#define AGE_COLS  7 /* " 999 ms" */

/* Columns of a row, 0: left out. The rest is for what it waits for. */
struct columns {
	int tid, name, state, task, tasks, adds, lost;
};

static struct columns
thread_row_columns_for(const struct model *m, int cols)
{
	struct columns c = {.name = 10, .state = 10, .tasks = 6};

	if (cols >= 44)
		c.tid = 8;
	if (cols >= 60) {
		c.name = 13;
		c.state = 12;
		c.tasks = 8;
	}
	if (cols >= 76)
		c.task = 6;
	if (cols >= 96)
		c.adds = 10;
	if (cols >= 116) {
		c.name = 17;
		c.lost = 10;
	}
	/* What it is about to do says more. */
	if (cols < 60 && stepping_gated(m))
		c.tasks = 0;
	if (cols < 96 && stepping_gated(m))
		c.task = 0;
	if (m->masked)
		c.lost = 0;
	if (!m->control.program)
		return c;
	/*
	 * Without items there are no tasks of items; without executors, no
	 * tasks.
	 */
	c.task = 0;
	if (cols < 60 || model_futures(m).executors == 0)
		c.tasks = 0;
	if (m->sum.expected == 0)
		c.adds = c.lost = 0;
	else if (cols >= 60)
		c.adds = 8;
	return c;
}

/* Also for its process: what it is about to do says more. */
static bool
thread_row_has_room(const struct model *m, int cols)
{
	return cols >= 60 || !stepping_gated(m);
}

void
draw_thread_heading(const struct model *m, struct pen *p, bool with_proc)
{
	struct columns c =
	    thread_row_columns_for(m, canvas_table(p->canvas, pen_left(p)));

	with_proc = with_proc && thread_row_has_room(m, pen_left(p));
	pen_char(p, LOOK_DIM, ' ');
	pen_field(p, LOOK_DIM, "tid", c.tid);
	pen_field(p, LOOK_DIM, "thread", c.name);
	pen_field(p, LOOK_DIM, "state", c.state);
	pen_field(p, LOOK_DIM, "task", -c.task);
	pen_field(p, LOOK_DIM, "tasks", -c.tasks);
	pen_field(p, LOOK_DIM, "adds", -c.adds);
	pen_field(p, LOOK_DIM, "net lost", -c.lost);
	pen_text(p, LOOK_DIM,
	    !with_proc               ? "  "
		: m->control.program ? "  process      "
				     : "  worker       ");
	pen_text(p, LOOK_DIM,
	    stepping_gated(m) && !m->ended ? "   about to" : "waiting for");
	pen_fill(p);
}

void
draw_state(struct pen *p, unsigned state, bool grey, int cols)
{
	const struct state_info *st = theme_state(state);
	enum look look = grey ? LOOK_DIM : theme_state_look(state);
	int start = p->x;

	pen_char(p, look, (unsigned char)st->letter);
	pen_char(p, look, ' ');
	if (cols > 11) {
		pen_char(p, look, theme_state_glyph(state, p->canvas->ascii));
		pen_char(p, look, ' ');
	}
	pen_cut(p, look, st->word, cols - (p->x - start) - 1);
	pen_repeat(p, LOOK_PLAIN, ' ', cols - (p->x - start));
}

static void
thread_row_number_field(struct pen *p, enum look look, uint64_t value, int cols)
{
	char buf[FORMAT_LEN];
	const char *text = buf;

	if (cols == 0)
		return;
	snprintf(buf, sizeof buf, "%" PRIu64, value);
	if ((int)strlen(buf) >= cols)
		text = format_short(buf, (double)value);
	pen_field(p, look, text, -cols);
}

/* Net: negative if its stores restored more than they wiped out. */
static void
thread_row_lost_field(struct pen *p, int64_t lost, int cols)
{
	enum look look = lost > 0 ? LOOK_BAD : LOOK_DIM;
	char buf[FORMAT_LEN];
	const char *text = buf;

	snprintf(buf, sizeof buf, "%" PRId64, lost);
	if ((int)strlen(buf) >= cols)
		text = format_short(buf, (double)lost);
	pen_field(p, look, text, -cols);
}

/* Nothing of a dead process is alive. */
unsigned
draw_shown_state(struct row r)
{
	if (r.proc->now.ended == ENDED_SIGNAL)
		return STATE_KILLED;
	if (r.proc->now.ended == ENDED_EXIT)
		return STATE_EXITED;
	if (r.proc->now.ended == ENDED_STOPPED)
		return THEME_STOPPED;
	if (r.proc->now.state == STATE_STALLED)
		return STATE_STALLED;
	return r.thread->now.state;
}

/* "lock sum <- worker-2/pool-2.3 12 ms", shortened as needed. */
static void
thread_row_draw_waits(
    const struct model *m, struct pen *p, struct row r, uint64_t now)
{
	char what[WAITS_LEN], owner[WAITS_LEN], buf[FORMAT_LEN];
	uint64_t since = r.thread->since;
	const char *age = format_age(buf, now > since ? now - since : 0);
	int room = pen_left(p);

	waiting_for(m, r.proc, r.thread, what);
	int last = (int)strlen(age), need = last;
	bool owned = waiting_owner(m, r.proc, r.thread, false, owner);
	if (owned && 2 + canvas_width(owner) + 1 + need > room)
		waiting_owner(m, r.proc, r.thread, true, owner);
	if (owned)
		need += 2 + canvas_width(owner) + 1;
	if (what[0] != '\0' && need + 1 + canvas_width(what) <= room) {
		pen_text(p, LOOK_PLAIN, what);
		pen_char(p, LOOK_PLAIN, ' ');
	} else if (what[0] != '\0' && m->control.program) {
		/* Here this says more than the holder and the time. */
		pen_cut(p, LOOK_PLAIN, what, room);
		return;
	}
	if (owned) {
		pen_glyph(p, LOOK_WARN, GLYPH_BECAUSE);
		pen_char(p, LOOK_PLAIN, ' ');
		pen_cut(p, LOOK_STRONG, owner,
		    pen_left(p) > last + 4 ? pen_left(p) - last - 1 : room);
		pen_char(p, LOOK_PLAIN, ' ');
	}
	/* A number must not be cut: it would be another number. */
	if (pen_left(p) >= last)
		pen_text(p, LOOK_DIM, age);
}

/* The name of its current task; leaves some columns free. */
static void
thread_row_draw_task(
    const struct model *m, struct pen *p, struct row r, int leave)
{
	const struct model_future *f =
	    model_future_of(m, r.proc->now.slot, r.thread->now.index);
	char label[MODEL_LABEL];

	if (f == NULL || pen_left(p) < leave + LABEL_MIN)
		return;
	draw_label(
	    p, LOOK_PLAIN, model_future_label(f, label), pen_left(p) - leave);
	pen_char(p, LOOK_PLAIN, ' ');
}

/* Its name is at the beginning of the row. */
static void
thread_row_draw_reason(
    struct pen *p, const struct model_thread *t, const char *reason)
{
	size_t len = strlen(t->name);

	if (strncmp(reason, t->name, len) == 0 && reason[len] == ' ')
		reason += len + 1;
	pen_cut(p, LOOK_BAD, reason, pen_left(p));
}

/* What it was doing when its process ended. */
static void
thread_row_draw_was(const struct model *m, struct pen *p, struct row r)
{
	char was[WAITS_LEN];

	if (state_is_gone(r.thread->now.state))
		return;
	waiting_for(m, r.proc, r.thread, was);
	pen_print(p, LOOK_DIM, "was: %s",
	    was[0] != '\0' ? was : theme_state(r.thread->now.state)->word);
}

static void
thread_row_draw_last(
    const struct model *m, struct pen *p, struct row r, uint64_t now)
{
	const char *reason =
	    model_reason(m, r.proc->now.slot, r.thread->now.index);

	if (draw_step_says(m, r)) {
		draw_step(m, p, r);
		return;
	}
	const struct state_info *st = theme_state(draw_shown_state(r));

	if (st->ends == ENDS_NEVER) {
		thread_row_draw_was(m, p, r);
		return;
	}
	if (st->runs || st->works)
		thread_row_draw_task(m, p, r, st->ageless ? 0 : AGE_COLS);
	else if (reason != NULL && st->waits_for != NULL) {
		thread_row_draw_reason(p, r.thread, reason);
		return;
	}
	if (!st->ageless)
		thread_row_draw_waits(m, p, r, now);
}

void
draw_thread(const struct screen *s, const struct model *m, struct pen *p,
    struct row r, bool with_proc)
{
	const struct model_thread *t = r.thread;
	struct columns c =
	    thread_row_columns_for(m, canvas_table(p->canvas, pen_left(p)));
	bool grey = draw_gone(r.proc);
	enum look look = grey ? LOOK_DIM : LOOK_PLAIN;
	char buf[2 * MODEL_NAME + 1];

	with_proc = with_proc && thread_row_has_room(m, pen_left(p));
	p->selected = selection_is(s, r);
	pen_marker(p, LOOK_STRONG, p->selected);
	if (c.tid > 0) {
		snprintf(buf, sizeof buf, "%d", (int)t->tid);
		pen_field(p, look, buf, c.tid - 1);
		pen_char(p, look, ' ');
	}
	pen_field(p, look, t->name, c.name - 1);
	pen_char(p, look, ' ');
	draw_state(p, draw_shown_state(r), grey, c.state);
	if (t->now.task > 0)
		thread_row_number_field(p, look, t->now.task, c.task);
	else
		pen_field(p, look, "", c.task);
	thread_row_number_field(p, look, t->now.tasks, c.tasks);
	thread_row_number_field(p, look, t->now.adds, c.adds);
	thread_row_lost_field(p, t->now.lost, c.lost);
	pen_text(p, look, "  ");
	if (with_proc) {
		pen_field(p, LOOK_DIM, r.proc->name, 12);
		pen_char(p, look, ' ');
	}
	thread_row_draw_last(m, p, r, s->now);
	pen_fill(p);
}

void
draw_only(
    const struct screen *s, const struct model *m, struct pen *p, struct row r)
{
	thread_row_draw_last(m, p, r, s->now);
}

unsigned
draw_proc_state(const struct model_proc *p)
{
	return p->now.ended == ENDED_STOPPED ? THEME_STOPPED : p->now.state;
}

unsigned
draw_strip(const struct screen *s, const struct model *m,
    const struct model_proc *proc, struct pen *p, unsigned from)
{
	bool gone = draw_gone(proc);
	unsigned i = from;

	for (; i < proc->nthreads && pen_left(p) > 0; i++) {
		const struct model_thread *t = selection_thread(m, proc, i);

		if (t == NULL)
			continue;
		struct row r = {.proc = proc, .thread = t};
		unsigned state = draw_shown_state(r);

		p->selected = selection_is(s, r);
		pen_char(p, gone ? LOOK_DIM : theme_state_look(state),
		    (unsigned char)theme_state(state)->letter);
	}
	p->selected = false;
	return i;
}

void
draw_counts(const struct model *m, const struct model_proc *proc, struct pen *p)
{
	unsigned n[THEME_STATES] = {0};

	for (unsigned i = 0; i < proc->nthreads; i++) {
		const struct model_thread *t = selection_thread(m, proc, i);

		if (t != NULL)
			n[draw_shown_state(
			    (struct row){.proc = proc, .thread = t})]++;
	}
	for (;;) {
		unsigned best = 0;

		for (unsigned i = 1; i < THEME_STATES; i++)
			if (n[i] > n[best])
				best = i;
		if (n[best] == 0)
			break;
		pen_print(p, theme_state_look(best), "%s %u",
		    theme_state(best)->word, n[best]);
		pen_text(p, LOOK_PLAIN, "  ");
		n[best] = 0;
	}
}
