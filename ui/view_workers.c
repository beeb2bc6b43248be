/*
 * view_workers: a panel per process, a row per thread. Where the rows do
 * not fit, processes fold into a row each and the selected one unfolds.
 */
#include "view.h"

#include <inttypes.h>
#include <stdio.h>

#include "draw.h"
#include "format.h"
#include "layout.h"
#include "select.h"

/* What is shown, in order of slots. */
struct cast {
	const struct model_proc *procs[FRAME_MAX_SLOTS];
	unsigned n;
	unsigned first; /* 1 if procs[0] is the supervisor, else 0 */
	unsigned selected;
};

static bool
row_shown(const struct screen *s, const struct model *m, struct row r)
{
	return r.thread != NULL &&
	    (s->filter[0] == '\0' ||
		select_matches_thread(s, m, r.proc, r.thread));
}

static unsigned
count_rows(
    const struct screen *s, const struct model *m, const struct model_proc *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->nthreads; i++) {
		struct row r = {.proc = p, .thread = select_thread(m, p, i)};
		n += row_shown(s, m, r);
	}
	return n;
}

static void
collect(const struct screen *s, const struct model *m, struct cast *c)
{
	c->n = c->first = c->selected = 0;
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

static struct layout_plan
plan(const struct screen *s, const struct model *m, const struct cast *c,
    struct area a)
{
	unsigned threads[FRAME_MAX_SLOTS], n = c->n - c->first;

	for (unsigned i = 0; i < n; i++)
		threads[i] = count_rows(s, m, c->procs[c->first + i]);
	return layout_workers(a.rows, a.cols, threads, n, c->n,
	    count_rows(s, m, c->procs[c->selected]));
}

static void
add_item(struct segments *line, const struct model *m,
    const struct model_proc *p, int rank)
{
	const char *name = m->item_name[p->now.slot];
	struct segment *one;

	if (p->now.item == 0 || p->now.ended != ENDED_NOT)
		return;
	one = segments_add(line, rank, "item", LOOK_STRONG);
	if (name[0] != '\0')
		segment_value(one, "%" PRIu32 " %s", p->now.item, name);
	else
		segment_value(one, "%" PRIu32 " (%" PRIu32 ")", p->now.item,
		    p->now.item_n);
	segment_brief(one, "item %" PRIu32, p->now.item);
	if (p->now.held > 1) {
		one = segments_add(line, rank + 2, NULL, LOOK_DIM);
		segment_value(one, "and %" PRIu32 " held", p->now.held - 1);
	}
}

static void
add_fate(struct segments *line, const struct model_proc *p)
{
	char buf[64];

	if (p->now.ended != ENDED_NOT) {
		segment_value(
		    segments_add(line, 0, NULL,
			p->now.ended == ENDED_SIGNAL || p->now.code != 0
			    ? LOOK_BAD
			    : LOOK_DIM),
		    "%s", draw_ended(buf, p));
	} else if (p->now.state == STATE_STALLED)
		segment_value(segments_add(line, 0, NULL, LOOK_BAD), "stalled");
}

static void
add_counts(
    struct segments *line, const struct model *m, const struct model_proc *p)
{
	bool private = m->control.sum_mode == SUM_PRIVATE;
	char buf[FORMAT_LEN];

	if (p->now.slot > 0)
		segment_value(segments_add(line, 3, "items", LOOK_PLAIN),
		    "%" PRIu32, p->now.items);
	segment_value(segments_add(line, 2, private ? "own sum" : "added",
			  private ? LOOK_STRONG : LOOK_PLAIN),
	    "%s", format_number(buf, p->now.sum));
}

/* Who it is and what it has in hand, on the panel's upper edge. */
static void
draw_title(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct pen *pen)
{
	struct segments line = {.n = 0};
	struct row r = {.proc = p};
	bool dead = p->now.ended != ENDED_NOT;
	struct segment *one =
	    segments_add(&line, 0, NULL, dead ? LOOK_DIM : LOOK_TITLE);

	segment_value(one, "%s", p->name);
	if (select_is(s, r))
		one->glyph = GLYPH_SELECTED;
	one = segments_add(&line, 1, "pid", LOOK_PLAIN);
	segment_value(one, "%d", (int)p->pid);
	one = segments_add(&line, 6, "ppid", LOOK_PLAIN);
	segment_value(one, "%d", (int)p->now.ppid);
	add_fate(&line, p);
	add_item(&line, m, p, 2);
	pen->selected = select_is(s, r);
	pen_char(pen, LOOK_PLAIN, ' ');
	pen->end--;
	segments_draw(&line, pen);
	pen->end++;
	pen_char(pen, LOOK_PLAIN, ' ');
}

static void
draw_totals(const struct model *m, const struct model_proc *p, struct pen *pen)
{
	struct segments line = {.n = 0};

	add_counts(&line, m, p);
	pen_char(pen, LOOK_PLAIN, ' ');
	pen->end--;
	segments_draw(&line, pen);
	pen->end++;
	pen_char(pen, LOOK_PLAIN, ' ');
}

/* First of `total` rows to show so that row `at` is in the middle. */
static unsigned
top_for(unsigned at, unsigned total, int rows)
{
	unsigned half = rows > 0 ? (unsigned)rows / 2 : 0;

	if (rows <= 0 || total <= (unsigned)rows || at < half)
		return 0;
	return at - half < total - (unsigned)rows ? at - half
						  : total - (unsigned)rows;
}

static void
draw_rows(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct area a)
{
	unsigned total = 0, at = 0;
	bool scroll = p->nthreads > (unsigned)a.rows;

	for (unsigned i = 0; scroll && i < p->nthreads; i++) {
		struct row r = {.proc = p, .thread = select_thread(m, p, i)};

		if (!row_shown(s, m, r))
			continue;
		if (select_is(s, r))
			at = total;
		total++;
	}
	int row = -(int)top_for(at, total, a.rows);
	for (unsigned i = 0; i < p->nthreads && row < a.rows; i++) {
		struct row r = {.proc = p, .thread = select_thread(m, p, i)};

		if (!row_shown(s, m, r))
			continue;
		if (row >= 0) {
			struct pen pen = pen_at(a, row);
			draw_thread(s, m, &pen, r, false);
		}
		row++;
	}
}

static void
draw_panel(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct area a, int strip, bool boxed)
{
	bool here = s->selection.pid == p->pid;
	struct area in = area_part(a, 1, 0, a.rows - 1, a.cols);
	struct pen title = pen_at(a, 0);

	if (boxed) {
		in = area_box(a, here ? LOOK_STRONG : LOOK_DIM);
		title = pen_at(area_part(a, 0, 2, 1, a.cols - 4), 0);
		struct pen foot =
		    pen_at(area_part(a, a.rows - 1, 2, 1, a.cols - 4), 0);
		draw_totals(m, p, &foot);
	}
	draw_title(s, m, p, &title);

	unsigned from = 0;
	for (int i = 0; i < strip; i++) {
		struct pen pen = pen_at(in, i);
		from = draw_strip(s, m, p, &pen, from);
	}
	in = area_part(in, strip, 0, in.rows - strip, in.cols);
	if (boxed || in.rows > 6) {
		struct pen heading = pen_at(in, 0);
		draw_thread_heading(&heading, false);
		in = area_part(in, 1, 0, in.rows - 1, in.cols);
	}
	draw_rows(s, m, p, in);
}

static void
list_heading(const struct model *m, struct area a, int row)
{
	struct pen p = pen_at(a, row);
	bool private = m->control.sum_mode == SUM_PRIVATE;

	pen_char(&p, LOOK_DIM, ' ');
	pen_field(&p, LOOK_DIM, "process", 12);
	pen_field(&p, LOOK_DIM, "pid", 8);
	pen_field(&p, LOOK_DIM, "state", 12);
	pen_field(&p, LOOK_DIM, "item", 9);
	pen_field(&p, LOOK_DIM, "done", -6);
	pen_field(&p, LOOK_DIM, private ? "own sum" : "added", -9);
	pen_text(&p, LOOK_DIM, "  threads");
}

static void
list_threads(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct pen *pen)
{
	char buf[64];

	if (p->now.ended != ENDED_NOT)
		pen_text(pen,
		    p->now.ended == ENDED_SIGNAL ? LOOK_BAD : LOOK_DIM,
		    draw_ended(buf, p));
	else if (p->nthreads <= (unsigned)pen_left(pen))
		draw_strip(s, m, p, pen, 0);
	else
		draw_counts(m, p, pen);
}

/* A process folded into one row. */
static void
list_row(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct pen *pen)
{
	bool dead = p->now.ended != ENDED_NOT;
	bool here = s->selection.pid == p->pid;
	enum look look = dead ? LOOK_DIM : LOOK_PLAIN;
	char buf[FORMAT_LEN];

	pen->selected = select_is(s, (struct row){.proc = p});
	if (here)
		pen_glyph(pen, LOOK_STRONG, GLYPH_SELECTED);
	else
		pen_char(pen, LOOK_PLAIN, ' ');
	pen_field(pen, dead ? LOOK_DIM : LOOK_TITLE, p->name, 11);
	pen_char(pen, look, ' ');
	snprintf(buf, sizeof buf, "%d", (int)p->pid);
	pen_field(pen, look, buf, 8);
	draw_state(pen, p->now.state, dead, 12);
	buf[0] = '\0';
	if (p->now.item > 0 && !dead)
		snprintf(buf, sizeof buf, "%" PRIu32 " (%" PRIu32 ")",
		    p->now.item, p->now.item_n);
	pen_field(pen, look, buf, 9);
	snprintf(buf, sizeof buf, "%" PRIu32, p->now.items);
	pen_field(pen, look, p->now.slot > 0 ? buf : "", -6);
	format_short(buf, (double)p->now.sum);
	if (p->now.sum > -10000 && p->now.sum < 10000)
		snprintf(buf, sizeof buf, "%" PRId64, p->now.sum);
	pen_field(pen, look, buf, -9);
	pen_text(pen, look, "  ");
	list_threads(s, m, p, pen);
	pen_fill(pen);
}

static void
draw_fold(const struct screen *s, const struct model *m, const struct cast *c,
    const struct layout_plan *l, struct area a)
{
	int rows = l->list - l->heading;
	unsigned top = top_for(c->selected, c->n, rows);

	if (l->heading)
		list_heading(m, a, 0);
	for (int i = 0; i < rows && top + (unsigned)i < c->n; i++) {
		struct pen pen = pen_at(a, i + l->heading);
		list_row(s, m, c->procs[top + (unsigned)i], &pen);
	}
	draw_panel(s, m, c->procs[c->selected],
	    area_part(a, l->list, 0, l->panel, a.cols), l->strip, l->boxed);
}

static void
draw_supervisor(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct area a)
{
	struct segments line = {.n = 0};
	struct pen pen = pen_at(a, 0);
	struct segment *one = segments_add(&line, 0, NULL, LOOK_TITLE);

	segment_value(one, "%s", p->name);
	segment_value(
	    segments_add(&line, 1, "pid", LOOK_PLAIN), "%d", (int)p->pid);
	segment_value(
	    segments_add(&line, 3, "ppid", LOOK_PLAIN), "%d", (int)p->now.ppid);
	one = segments_add(&line, 2, NULL, theme_state(p->now.state)->look);
	segment_value(one, "%c %s", theme_state(p->now.state)->letter,
	    theme_state(p->now.state)->word);
	add_fate(&line, p);
	if (m->control.sum_mode == SUM_PRIVATE)
		add_counts(&line, m, p);
	pen.selected = s->selection.pid == p->pid;
	if (pen.selected)
		pen_glyph(&pen, LOOK_STRONG, GLYPH_SELECTED);
	else
		pen_char(&pen, LOOK_PLAIN, ' ');
	segments_draw(&line, &pen);
}

static void
draw_grid(const struct screen *s, const struct model *m, const struct cast *c,
    const struct layout_plan *l, struct area a)
{
	int y = 0, width = a.cols / l->abreast;

	if (c->first > 0)
		draw_supervisor(
		    s, m, c->procs[0], area_part(a, y++, 0, 1, a.cols));
	for (unsigned i = c->first; i < c->n;) {
		int most = 0;

		for (int k = 0; k < l->abreast && i + (unsigned)k < c->n; k++) {
			int n =
			    (int)count_rows(s, m, c->procs[i + (unsigned)k]);
			most = n > most ? n : most;
		}
		for (int k = 0; k < l->abreast && i < c->n; k++, i++)
			draw_panel(s, m, c->procs[i],
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

static void
draw(const struct screen *s, const struct model *m, struct area a)
{
	struct cast c;

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
		draw_panel(s, m, c.procs[c.selected], a, 0, false);
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
