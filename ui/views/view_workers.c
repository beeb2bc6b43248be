/*
 * view_workers: a panel per process, a row per thread. If the rows do not fit,
 * processes fold into a row each and the selected one unfolds.
 */
#include "views/view_workers_priv.h"

#include "term/layout.h"
#include "text/stepping.h"
#include "widgets/object_rows.h"
#include "widgets/process_panel.h"
#include "widgets/selection.h"
#include "widgets/widgets.h"

#define MADE_MIN 8 /* fewest rows to share, if stepped */

/* The processes shown, in order of slots, and those that are gone. */
struct shown {
	struct selection_gone gone;
	const struct model_proc *procs[FRAME_MAX_SLOTS];
	unsigned n;
	unsigned first; /* 1 if procs[0] is the supervisor, else 0 */
	unsigned selected;
};

static void
workers_collect(const struct screen *s, const struct model *m, struct shown *c)
{
	*c = (struct shown){.n = 0};
	if (s->filter[0] == '\0')
		c->gone = selection_gone(m);
	for (unsigned i = 0; i < m->nslots; i++) {
		const struct model_proc *p = selection_proc(m, i);

		if (p == NULL || !selection_shows(s, m, p))
			continue;
		if (i == 0)
			c->first = 1;
		if (p->pid == s->selection.pid)
			c->selected = c->n;
		c->procs[c->n++] = p;
	}
}

/* Rows of the list: the last one may be for those that are gone. */
static unsigned
workers_lines(const struct shown *c)
{
	return c->n + (c->gone.n > 0);
}

static struct layout_plan
workers_plan(const struct screen *s, const struct model *m,
    const struct shown *c, struct area a)
{
	unsigned threads[FRAME_MAX_SLOTS], n = c->n - c->first;
	unsigned chosen = process_panel_rows(s, m, c->procs[c->selected]);
	unsigned several = 0;

	for (unsigned i = 0; i < n; i++) {
		threads[i] = process_panel_rows(s, m, c->procs[c->first + i]);
		several += threads[i] > 1;
	}
	/*
	 * A panel for one thread would be mostly frame: its row says as much.
	 */
	bool list = m->control.program && several * 2 <= n && n > several;
	if (m->control.program && chosen <= 1)
		chosen = 0;
	return layout_workers(
	    a.rows, a.cols, threads, list ? 0 : n, workers_lines(c), chosen);
}

static void
workers_draw_fold(const struct screen *s, const struct model *m,
    const struct shown *c, const struct layout_plan *l, struct area a)
{
	int rows = l->list - l->heading;
	unsigned top = process_panel_top(c->selected, workers_lines(c), rows);
	unsigned end = top + (unsigned)rows;

	if (l->heading)
		workers_list_heading(m, a, 0);
	for (int i = 0; i < rows && top + (unsigned)i < workers_lines(c); i++) {
		struct pen pen = pen_at(a, i + l->heading);
		if (top + (unsigned)i < c->n)
			workers_list_row(
			    s, m, c->procs[top + (unsigned)i], &pen);
		else
			workers_gone_row(m, &c->gone, &pen);
	}
	draw_more(area_part(a, 0, 0, l->list, a.cols),
	    workers_lines(c) > end ? workers_lines(c) - end : 0);
	if (l->panel > 0)
		process_panel_draw(s, m, c->procs[c->selected],
		    area_part(a, l->list, 0, l->panel, a.cols), l->strip,
		    l->boxed);
}

static void
workers_draw_grid(const struct screen *s, const struct model *m,
    const struct shown *c, const struct layout_plan *l, struct area a)
{
	int y = 0, width = a.cols / l->abreast;

	if (c->first > 0)
		process_panel_draw_line(
		    s, m, c->procs[0], area_part(a, y++, 0, 1, a.cols));
	if (c->gone.n > 0) {
		struct pen pen = pen_at(a, y++);
		workers_gone_line(m, &c->gone, &pen);
	}
	for (unsigned i = c->first; i < c->n;) {
		int most = 0;

		for (int k = 0; k < l->abreast && i + (unsigned)k < c->n; k++) {
			int n = (int)process_panel_rows(
			    s, m, c->procs[i + (unsigned)k]);
			most = n > most ? n : most;
		}
		for (int k = 0; k < l->abreast && i < c->n; k++, i++)
			process_panel_draw(s, m, c->procs[i],
			    area_part(a, y, k * width, most + 3, width), 0,
			    true);
		y += most + 3;
	}
}

static void
view_workers_settle(struct screen *s, const struct model *m)
{
	struct row r;

	s->page = s->rows > 8 ? s->rows / 2 : 4;
	selection_settle(s, m, &r);
	workers_note_settle(&s->lost_note, m, s->now);
}

/*
 * Below the processes are their results and objects, on at most a third of the
 * rows.
 */
static int
workers_made_share(const struct screen *s, const struct model *m, int rows)
{
	int wanted = (int)object_rows_rows(m, !s->reported), share = rows / 3;

	/* On a small screen all rows go to the threads and their next steps. */
	if (stepping_gated(m) && rows < MADE_MIN)
		return 0;
	return wanted < share ? wanted : share;
}

static void
view_workers_draw(const struct screen *s, const struct model *m, struct area a)
{
	struct shown c;
	int note = workers_note_rows(&s->lost_note, a.rows);

	if (note > 0)
		workers_note_draw(&s->lost_note,
		    area_part(a, a.rows - note, 0, note, a.cols));
	a.rows -= note;

	int made = workers_made_share(s, m, a.rows);

	if (made > 0) {
		object_rows_draw(m, !s->reported,
		    area_part(a, a.rows - made, 0, made, a.cols));
		a.rows -= made;
	}
	workers_collect(s, m, &c);
	if (c.n == 0) {
		struct pen p = pen_at(a, 0);
		pen_text(&p, LOOK_DIM,
		    s->filter[0] != '\0' ? " nothing matches the filter"
					 : " no process yet");
		return;
	}
	struct layout_plan l = workers_plan(s, m, &c, a);
	if (l.kind == LAYOUT_GRID)
		workers_draw_grid(s, m, &c, &l, a);
	else if (l.kind == LAYOUT_FOLD)
		workers_draw_fold(s, m, &c, &l, a);
	else
		process_panel_draw(s, m, c.procs[c.selected], a, 0, false);
}

static void
workers_first_or_last(struct screen *s, const struct model *m, int way)
{
	bool thread = s->selection.tid != 0;

	if (thread)
		selection_row_by(s, m, way, true);
	else
		selection_proc_by(s, m, way);
}

static unsigned
view_workers_act(struct screen *s, const struct model *m, enum action action)
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
			selection_proc_by(s, m, by);
		else
			selection_row_by(s, m, by, true);
		break;
	}
	case ACTION_LEFT:
		selection_proc_by(s, m, -1);
		break;
	case ACTION_RIGHT:
		selection_proc_by(s, m, 1);
		break;
	case ACTION_FIRST:
		workers_first_or_last(s, m, -FRAME_MAX_THREADS);
		break;
	case ACTION_LAST:
		workers_first_or_last(s, m, FRAME_MAX_THREADS);
		break;
	case ACTION_FOCUS:
		selection_focus(s, m);
		break;
	default:
		return DO_NOT_MINE;
	}
	return DO_REDRAW;
}

const struct view view_workers = {
    .name = "workers",
    .settle = view_workers_settle,
    .draw = view_workers_draw,
    .act = view_workers_act,
};
