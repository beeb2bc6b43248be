/* view_workers_list: a process in a row, and those that are gone. */
#include <inttypes.h>
#include <stdio.h>

#include "style/format.h"
#include "views/view_workers_priv.h"
#include "widgets/process_end.h"
#include "widgets/thread_row.h"

#define THREADS_COLS 10 /* fewer columns are not useful */

/* Columns of a row of the list, 0: left out. The threads get the rest. */
struct list_columns {
	int name, pid, ppid, state, item, done, sum, gap;
};

static struct list_columns
workers_list_columns(const struct model *m, int cols)
{
	bool program = m->control.program != 0;
	struct list_columns c = {
	    .name = 11, .pid = 8, .state = 12, .sum = 9, .gap = 2};

	if (!model_adds(m) || m->masked)
		c.sum = 0;
	if (!program) {
		c.item = 9;
		c.done = 6;
	} else if (cols >= 60)
		c.ppid = 8;
	else {
		c.name = 9;
		c.state = 10;
		c.sum = c.gap = 0;
	}
	return c;
}

void
workers_list_heading(const struct model *m, struct area a, int row)
{
	struct list_columns c = workers_list_columns(m, a.cols);
	struct pen p = pen_at(a, row);
	bool private = m->control.sum_mode == SUM_PRIVATE;

	pen_char(&p, LOOK_DIM, ' ');
	pen_field(&p, LOOK_DIM, "process", c.name + 1);
	pen_field(&p, LOOK_DIM, "pid", c.pid);
	pen_field(&p, LOOK_DIM, "ppid", c.ppid);
	pen_field(&p, LOOK_DIM, "state", c.state);
	pen_field(&p, LOOK_DIM, "item", c.item);
	pen_field(&p, LOOK_DIM, "done", -c.done);
	pen_field(&p, LOOK_DIM, private ? "own sum" : "added", -c.sum);
	pen_repeat(&p, LOOK_DIM, ' ', c.gap);
	if (pen_left(&p) < THREADS_COLS - 2)
		return;
	pen_text(&p, LOOK_DIM,
	    !m->control.program      ? "threads"
		: pen_left(&p) >= 23 ? "threads, or waiting for"
				     : "waiting for");
}

/* The only thread of a program's process; NULL: there are several. */
static const struct model_thread *
workers_only_thread(const struct model *m, const struct model_proc *p)
{
	if (!m->control.program || selection_threads(m, p) != 1)
		return NULL;
	return selection_thread(m, p, 0);
}

/* Do its threads fit, one cell each? Counts them only if they may not. */
static bool
workers_strip_fits(const struct model *m, const struct model_proc *p, int room)
{
	return p->nthreads <= (unsigned)room ||
	    selection_threads(m, p) <= (unsigned)room;
}

static void
workers_list_threads(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct pen *pen)
{
	char buf[64], space[96];
	int room = pen_left(pen);

	if (room + 2 < THREADS_COLS)
		return;
	const char *mark = draw_replaced(space, s, m, p, room < 40);
	if (mark[0] != '\0') {
		pen_cut(pen, LOOK_BAD, mark, room);
		pen_text(pen, LOOK_PLAIN, "  ");
		room = pen_left(pen);
		if (!workers_strip_fits(m, p, room))
			return;
	}
	const struct model_thread *only = workers_only_thread(m, p);
	if (p->now.ended != ENDED_NOT)
		pen_text(pen,
		    p->now.ended == ENDED_SIGNAL ? LOOK_BAD : LOOK_DIM,
		    draw_ended(buf, p));
	else if (only != NULL)
		draw_only(s, m, pen, (struct row){.proc = p, .thread = only});
	else if (workers_strip_fits(m, p, room))
		draw_strip(s, m, p, pen, 0);
	else
		draw_counts(m, p, pen);
}

static void
workers_added(struct pen *pen, enum look look, int64_t sum)
{
	char buf[FORMAT_LEN];
	const char *text = buf;

	if (sum > -10000 && sum < 10000)
		snprintf(buf, sizeof buf, "%" PRId64, sum);
	else
		text = format_short(buf, (double)sum);
	pen_field(pen, look, text, -9);
}

/* What the dead processes did, so that the column adds up. */
void
workers_gone_row(
    const struct model *m, const struct selection_gone *gone, struct pen *pen)
{
	struct list_columns c = workers_list_columns(m, pen_left(pen));
	char buf[FORMAT_LEN];

	snprintf(buf, sizeof buf, " (%" PRIu64 " gone)", gone->n);
	pen_field(
	    pen, LOOK_DIM, buf, 2 + c.name + c.pid + c.ppid + c.state + c.item);
	snprintf(buf, sizeof buf, "%" PRIu64, gone->items);
	pen_field(pen, LOOK_DIM, buf, -c.done);
	if (c.sum > 0)
		workers_added(pen, LOOK_DIM, gone->added);
	pen_fill(pen);
}

void
workers_gone_line(
    const struct model *m, const struct selection_gone *gone, struct pen *p)
{
	bool private = m->control.sum_mode == SUM_PRIVATE;
	char buf[FORMAT_LEN];

	pen_print(p, LOOK_DIM, " (%" PRIu64 " gone)", gone->n);
	if (!m->control.program)
		pen_print(p, LOOK_DIM, "   items %" PRIu64, gone->items);
	if (model_adds(m) && !m->masked)
		pen_print(p, LOOK_DIM, "   %s %s",
		    private ? "own sums" : "added",
		    format_number(buf, gone->added));
}

static void
workers_list_items(
    const struct model_proc *p, enum look look, bool dead, struct pen *pen)
{
	char buf[FORMAT_LEN] = "";

	if (p->now.item > 0 && !dead)
		snprintf(buf, sizeof buf, "%" PRIu32 " (%" PRIu32 ")",
		    p->now.item, p->now.item_n);
	pen_field(pen, look, buf, 9);
	snprintf(buf, sizeof buf, "%" PRIu32, p->now.items);
	pen_field(pen, look, p->now.slot > 0 ? buf : "", -6);
}

/* A process folded into one row. */
void
workers_list_row(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct pen *pen)
{
	struct list_columns c = workers_list_columns(m, pen_left(pen));
	bool dead = draw_gone(p);
	bool here = s->selection.pid == p->pid;
	enum look look = dead ? LOOK_DIM : LOOK_PLAIN;
	char buf[FORMAT_LEN];

	pen->selected = selection_is(s, (struct row){.proc = p});
	pen_marker(pen, LOOK_STRONG, here);
	pen_field(pen, dead ? LOOK_DIM : LOOK_TITLE, p->name, c.name);
	pen_char(pen, look, ' ');
	snprintf(buf, sizeof buf, "%d", (int)p->pid);
	pen_field(pen, look, buf, c.pid);
	snprintf(buf, sizeof buf, "%d", (int)p->now.ppid);
	pen_field(pen, look, buf, c.ppid);
	const struct model_thread *only = workers_only_thread(m, p);
	draw_state(pen,
	    only == NULL
		? draw_proc_state(p)
		: draw_shown_state((struct row){.proc = p, .thread = only}),
	    dead, c.state);
	if (!m->control.program)
		workers_list_items(p, look, dead, pen);
	/* For the supervisor it is the sum itself, which the header shows. */
	if (p->now.slot == 0 && m->control.sum_mode == SUM_SHARED)
		pen_field(pen, look, "", -c.sum);
	else if (c.sum > 0)
		workers_added(pen, look, p->now.sum);
	pen_repeat(pen, look, ' ', c.gap);
	workers_list_threads(s, m, p, pen);
	pen_fill(pen);
}
