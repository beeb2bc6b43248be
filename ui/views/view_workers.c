/*
 * view_workers: a panel per process, a row per thread. Where the rows do
 * not fit, processes fold into a row each and the selected one unfolds.
 */
#include "views/view.h"

#include <inttypes.h>
#include <stdio.h>

#include "style/format.h"
#include "term/layout.h"
#include "text/stepping.h"
#include "widgets/object_rows.h"
#include "widgets/process_end.h"
#include "widgets/process_panel.h"
#include "widgets/selection.h"
#include "widgets/thread_row.h"
#include "widgets/widgets.h"

#define THREADS_COLS 10 /* fewer are not worth a column */
#define MADE_MIN     8  /* rows that are shared, stepped */

/* What is shown, in order of slots, and those that are no more. */
struct cast {
	struct select_gone gone;
	const struct model_proc *procs[FRAME_MAX_SLOTS];
	unsigned n;
	unsigned first; /* 1 if procs[0] is the supervisor, else 0 */
	unsigned selected;
};

static void
collect(const struct screen *s, const struct model *m, struct cast *c)
{
	*c = (struct cast){.n = 0};
	if (s->filter[0] == '\0')
		c->gone = select_gone(m);
	for (unsigned i = 0; i < m->nslots; i++) {
		const struct model_proc *p = select_proc(m, i);

		if (p == NULL || !select_shows(s, m, p))
			continue;
		if (i == 0)
			c->first = 1;
		if (p->pid == s->selection.pid)
			c->selected = c->n;
		c->procs[c->n++] = p;
	}
}

/* Rows of the list: the last one may be of those that are gone. */
static unsigned
lines(const struct cast *c)
{
	return c->n + (c->gone.n > 0);
}

static struct layout_plan
plan(const struct screen *s, const struct model *m, const struct cast *c,
    struct area a)
{
	unsigned threads[FRAME_MAX_SLOTS], n = c->n - c->first;
	unsigned chosen = panel_rows(s, m, c->procs[c->selected]);
	unsigned several = 0;

	for (unsigned i = 0; i < n; i++) {
		threads[i] = panel_rows(s, m, c->procs[c->first + i]);
		several += threads[i] > 1;
	}
	/* A panel for one thread would be all frame: its row says as much. */
	bool list = m->control.program && several * 2 <= n && n > several;
	if (m->control.program && chosen <= 1)
		chosen = 0;
	return layout_workers(
	    a.rows, a.cols, threads, list ? 0 : n, lines(c), chosen);
}

/* Columns of a row of the list, 0: left out. The threads get the rest. */
struct list_columns {
	int name, pid, ppid, state, item, done, sum, gap;
};

static struct list_columns
list_columns(const struct model *m, int cols)
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

static void
list_heading(const struct model *m, struct area a, int row)
{
	struct list_columns c = list_columns(m, a.cols);
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

/* The only thread of a program's process; NULL: it has several. */
static const struct model_thread *
only_thread(const struct model *m, const struct model_proc *p)
{
	if (!m->control.program || select_threads(m, p) != 1)
		return NULL;
	return select_thread(m, p, 0);
}

/* One cell for each of its threads; not counted if it cannot be too many. */
static bool
strip_fits(const struct model *m, const struct model_proc *p, int room)
{
	return p->nthreads <= (unsigned)room ||
	    select_threads(m, p) <= (unsigned)room;
}

static void
list_threads(const struct screen *s, const struct model *m,
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
		if (!strip_fits(m, p, room))
			return;
	}
	const struct model_thread *only = only_thread(m, p);
	if (p->now.ended != ENDED_NOT)
		pen_text(pen,
		    p->now.ended == ENDED_SIGNAL ? LOOK_BAD : LOOK_DIM,
		    draw_ended(buf, p));
	else if (only != NULL)
		draw_only(s, m, pen, (struct row){.proc = p, .thread = only});
	else if (strip_fits(m, p, room))
		draw_strip(s, m, p, pen, 0);
	else
		draw_counts(m, p, pen);
}

static void
added(struct pen *pen, enum look look, int64_t sum)
{
	char buf[FORMAT_LEN];
	const char *text = buf;

	if (sum > -10000 && sum < 10000)
		snprintf(buf, sizeof buf, "%" PRId64, sum);
	else
		text = format_short(buf, (double)sum);
	pen_field(pen, look, text, -9);
}

/* What the dead did, so that the table adds up. */
static void
gone_row(const struct model *m, const struct select_gone *gone, struct pen *pen)
{
	struct list_columns c = list_columns(m, pen_left(pen));
	char buf[FORMAT_LEN];

	snprintf(buf, sizeof buf, " (%" PRIu64 " gone)", gone->n);
	pen_field(
	    pen, LOOK_DIM, buf, 2 + c.name + c.pid + c.ppid + c.state + c.item);
	snprintf(buf, sizeof buf, "%" PRIu64, gone->items);
	pen_field(pen, LOOK_DIM, buf, -c.done);
	if (c.sum > 0)
		added(pen, LOOK_DIM, gone->added);
	pen_fill(pen);
}

static void
gone_line(const struct model *m, const struct select_gone *gone, struct pen *p)
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
list_items(
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
static void
list_row(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct pen *pen)
{
	struct list_columns c = list_columns(m, pen_left(pen));
	bool dead = draw_gone(p);
	bool here = s->selection.pid == p->pid;
	enum look look = dead ? LOOK_DIM : LOOK_PLAIN;
	char buf[FORMAT_LEN];

	pen->selected = select_is(s, (struct row){.proc = p});
	if (here)
		pen_glyph(pen, LOOK_STRONG, GLYPH_SELECTED);
	else
		pen_char(pen, LOOK_PLAIN, ' ');
	pen_field(pen, dead ? LOOK_DIM : LOOK_TITLE, p->name, c.name);
	pen_char(pen, look, ' ');
	snprintf(buf, sizeof buf, "%d", (int)p->pid);
	pen_field(pen, look, buf, c.pid);
	snprintf(buf, sizeof buf, "%d", (int)p->now.ppid);
	pen_field(pen, look, buf, c.ppid);
	const struct model_thread *only = only_thread(m, p);
	draw_state(pen,
	    only == NULL
		? draw_proc_state(p)
		: draw_shown_state((struct row){.proc = p, .thread = only}),
	    dead, c.state);
	if (!m->control.program)
		list_items(p, look, dead, pen);
	/* Of the supervisor it is the sum itself, which the header has. */
	if (p->now.slot == 0 && m->control.sum_mode == SUM_SHARED)
		pen_field(pen, look, "", -c.sum);
	else if (c.sum > 0)
		added(pen, look, p->now.sum);
	pen_repeat(pen, look, ' ', c.gap);
	list_threads(s, m, p, pen);
	pen_fill(pen);
}

static void
draw_fold(const struct screen *s, const struct model *m, const struct cast *c,
    const struct layout_plan *l, struct area a)
{
	int rows = l->list - l->heading;
	unsigned top = panel_top(c->selected, lines(c), rows);
	unsigned end = top + (unsigned)rows;

	if (l->heading)
		list_heading(m, a, 0);
	for (int i = 0; i < rows && top + (unsigned)i < lines(c); i++) {
		struct pen pen = pen_at(a, i + l->heading);
		if (top + (unsigned)i < c->n)
			list_row(s, m, c->procs[top + (unsigned)i], &pen);
		else
			gone_row(m, &c->gone, &pen);
	}
	draw_more(area_part(a, 0, 0, l->list, a.cols),
	    lines(c) > end ? lines(c) - end : 0);
	if (l->panel > 0)
		panel_draw(s, m, c->procs[c->selected],
		    area_part(a, l->list, 0, l->panel, a.cols), l->strip,
		    l->boxed);
}

static void
draw_grid(const struct screen *s, const struct model *m, const struct cast *c,
    const struct layout_plan *l, struct area a)
{
	int y = 0, width = a.cols / l->abreast;

	if (c->first > 0)
		panel_draw_line(
		    s, m, c->procs[0], area_part(a, y++, 0, 1, a.cols));
	if (c->gone.n > 0) {
		struct pen pen = pen_at(a, y++);
		gone_line(m, &c->gone, &pen);
	}
	for (unsigned i = c->first; i < c->n;) {
		int most = 0;

		for (int k = 0; k < l->abreast && i + (unsigned)k < c->n; k++) {
			int n =
			    (int)panel_rows(s, m, c->procs[i + (unsigned)k]);
			most = n > most ? n : most;
		}
		for (int k = 0; k < l->abreast && i < c->n; k++, i++)
			panel_draw(s, m, c->procs[i],
			    area_part(a, y, k * width, most + 3, width), 0,
			    true);
		y += most + 3;
	}
}

static void
settle(struct screen *s, const struct model *m)
{
	struct row r;

	s->page = s->rows > 8 ? s->rows / 2 : 4;
	select_settle(s, m, &r);
}

/* Below the processes stands what they have made, on a third at most. */
static int
made_share(const struct screen *s, const struct model *m, int rows)
{
	int wanted = (int)made_rows(m, !s->reported), share = rows / 3;

	/* Of little room all goes to who is about to do what. */
	if (stepping_gated(m) && rows < MADE_MIN)
		return 0;
	return wanted < share ? wanted : share;
}

static void
draw(const struct screen *s, const struct model *m, struct area a)
{
	struct cast c;
	int made = made_share(s, m, a.rows);

	if (made > 0) {
		made_draw(m, !s->reported,
		    area_part(a, a.rows - made, 0, made, a.cols));
		a.rows -= made;
	}
	collect(s, m, &c);
	if (c.n == 0) {
		struct pen p = pen_at(a, 0);
		pen_text(&p, LOOK_DIM,
		    s->filter[0] != '\0' ? " nothing matches the filter"
					 : " no process yet");
		return;
	}
	struct layout_plan l = plan(s, m, &c, a);
	if (l.kind == LAYOUT_GRID)
		draw_grid(s, m, &c, &l, a);
	else if (l.kind == LAYOUT_FOLD)
		draw_fold(s, m, &c, &l, a);
	else
		panel_draw(s, m, c.procs[c.selected], a, 0, false);
}

static void
first_or_last(struct screen *s, const struct model *m, int way)
{
	bool thread = s->selection.tid != 0;

	if (thread)
		select_row_by(s, m, way, true);
	else
		select_proc_by(s, m, way);
}

static unsigned
act(struct screen *s, const struct model *m, enum action action)
{
	bool procs = s->selection.tid == 0;

	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN: {
		bool up = action == ACTION_UP || action == ACTION_PAGE_UP;
		bool one = action == ACTION_UP || action == ACTION_DOWN;
		int by = (up ? -1 : 1) * (one ? 1 : s->page);

		if (procs)
			select_proc_by(s, m, by);
		else
			select_row_by(s, m, by, true);
		break;
	}
	case ACTION_LEFT:
		select_proc_by(s, m, -1);
		break;
	case ACTION_RIGHT:
		select_proc_by(s, m, 1);
		break;
	case ACTION_FIRST:
		first_or_last(s, m, -FRAME_MAX_THREADS);
		break;
	case ACTION_LAST:
		first_or_last(s, m, FRAME_MAX_THREADS);
		break;
	case ACTION_FOCUS:
		select_focus(s, m);
		break;
	default:
		return DO_NOT_MINE;
	}
	return DO_REDRAW;
}

const struct view view_workers = {
    .name = "workers",
    .action = ACTION_WORKERS,
    .settle = settle,
    .draw = draw,
    .act = act,
};
