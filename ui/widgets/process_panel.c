/* process_panel: one process and its threads in a frame. */
#include "widgets/process_panel.h"

#include <inttypes.h>

#include "style/format.h"
#include "term/layout.h"
#include "widgets/process_end.h"
#include "widgets/selection.h"
#include "widgets/thread_row.h"
#include "widgets/widgets.h"

static bool
process_panel_row_shown(
    const struct screen *s, const struct model *m, struct row r)
{
	return r.thread != NULL &&
	    (s->filter[0] == '\0' ||
		selection_matches_thread(s, m, r.proc, r.thread));
}

unsigned
process_panel_rows(
    const struct screen *s, const struct model *m, const struct model_proc *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->nthreads; i++) {
		struct row r = {.proc = p, .thread = selection_thread(m, p, i)};
		n += process_panel_row_shown(s, m, r);
	}
	return n;
}

static void
process_panel_add_item(struct segments *line, const struct model *m,
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
		segment_value(one, "%" PRIu32 ": %" PRIu32 " task%s",
		    p->now.item, p->now.item_n, p->now.item_n == 1 ? "" : "s");
	segment_brief(one, "item %" PRIu32, p->now.item);
	if (p->now.held > 1) {
		one = segments_add(line, rank + 2, NULL, LOOK_DIM);
		segment_value(one, "and %" PRIu32 " held", p->now.held - 1);
	}
}

static void
process_panel_add_fate(struct segments *line, const struct screen *s,
    const struct model *m, const struct model_proc *p)
{
	char buf[64], mark[96];

	if (p->now.ended != ENDED_NOT) {
		segment_value(
		    segments_add(line, 0, NULL,
			p->now.ended == ENDED_SIGNAL || p->now.code != 0
			    ? LOOK_BAD
			    : LOOK_DIM),
		    "%s", draw_ended(buf, p));
	} else if (p->now.state == STATE_STALLED)
		segment_value(segments_add(line, 0, NULL, LOOK_BAD), "stalled");
	if (draw_replaced(mark, s, m, p, false)[0] == '\0')
		return;
	struct segment *one = segments_add(line, 1, NULL, LOOK_BAD);
	segment_value(one, "%s", mark);
	segment_brief(one, "%s", draw_replaced(mark, s, m, p, true));
}

static void
process_panel_add_counts(
    struct segments *line, const struct model *m, const struct model_proc *p)
{
	bool private = m->control.sum_mode == SUM_PRIVATE;
	char buf[FORMAT_LEN];

	if (p->now.slot > 0 && !m->control.program)
		segment_value(segments_add(line, 3, "items", LOOK_PLAIN),
		    "%" PRIu32, p->now.items);
	if (!model_adds(m) || (p->now.slot == 0 && !private) ||
	    (m->masked && private))
		return; /* none, or the sum itself, which the header shows */
	segment_value(segments_add(line, 2, private ? "own sum" : "added",
			  private ? LOOK_STRONG : LOOK_PLAIN),
	    "%s", format_number(buf, p->now.sum));
}

/* The parent of every process is the supervisor; a program started it. */
static void
process_panel_add_parent(struct segments *line, const struct model *m,
    const struct model_proc *p, int rank)
{
	const struct model_proc *starter = model_starter(m, p);
	struct segment *one = segments_add(line, rank, "ppid", LOOK_PLAIN);

	segment_value(one, "%d", (int)p->now.ppid);
	if (starter == NULL)
		return;
	segment_value(one, "%d (supervisor), started by %s", (int)p->now.ppid,
	    starter->name);
	segment_brief(one, "ppid %d", (int)p->now.ppid);
}

/* The panel's upper edge: its name, its pids and its item. */
static void
process_panel_draw_title(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct pen *pen)
{
	struct segments line = {.n = 0};
	struct row r = {.proc = p};
	bool dead = draw_gone(p);
	struct segment *one =
	    segments_add(&line, 0, NULL, dead ? LOOK_DIM : LOOK_TITLE);

	segment_value(one, "%s", p->name);
	if (selection_is(s, r))
		one->glyph = GLYPH_SELECTED;
	one = segments_add(&line, 1, "pid", LOOK_PLAIN);
	segment_value(one, "%d", (int)p->pid);
	process_panel_add_parent(&line, m, p, 6);
	process_panel_add_fate(&line, s, m, p);
	process_panel_add_item(&line, m, p, 2);
	pen->selected = selection_is(s, r);
	pen_char(pen, LOOK_PLAIN, ' ');
	pen->end--;
	segments_draw(&line, pen);
	pen->end++;
	pen_char(pen, LOOK_PLAIN, ' ');
}

static void
process_panel_draw_totals(
    const struct model *m, const struct model_proc *p, struct pen *pen)
{
	struct segments line = {.n = 0};

	process_panel_add_counts(&line, m, p);
	if (line.n == 0)
		return;
	pen_char(pen, LOOK_PLAIN, ' ');
	pen->end--;
	segments_draw(&line, pen);
	pen->end++;
	pen_char(pen, LOOK_PLAIN, ' ');
}

unsigned
process_panel_top(unsigned at, unsigned total, int rows)
{
	unsigned half = rows > 0 ? (unsigned)rows / 2 : 0;

	if (rows <= 0 || total <= (unsigned)rows || at < half)
		return 0;
	return at - half < total - (unsigned)rows ? at - half
						  : total - (unsigned)rows;
}

/* How many are below those that fit. */
static unsigned
process_panel_draw_rows(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct area a)
{
	unsigned total = 0, at = 0;

	for (unsigned i = 0; i < p->nthreads; i++) {
		struct row r = {.proc = p, .thread = selection_thread(m, p, i)};

		if (!process_panel_row_shown(s, m, r))
			continue;
		if (selection_is(s, r))
			at = total;
		total++;
	}
	unsigned top = process_panel_top(at, total, a.rows);
	unsigned end = top + (a.rows > 0 ? (unsigned)a.rows : 0);
	int row = -(int)top;
	for (unsigned i = 0; i < p->nthreads && row < a.rows; i++) {
		struct row r = {.proc = p, .thread = selection_thread(m, p, i)};

		if (!process_panel_row_shown(s, m, r))
			continue;
		if (row >= 0) {
			struct pen pen = pen_at(a, row);
			draw_thread(s, m, &pen, r, false);
		}
		row++;
	}
	return total > end ? total - end : 0;
}

/* In the corner of the frame, where it takes no row away. */
static void
process_panel_draw_below(struct area edge, unsigned below)
{
	struct pen p = pen_at(area_part(edge, 0, edge.cols - 14, 1, 12), 0);

	if (below == 0 || edge.cols < LAYOUT_PANEL_COLS)
		return;
	pen_char(&p, LOOK_DIM, ' ');
	pen_glyph(&p, LOOK_DIM, GLYPH_CUT);
	pen_print(&p, LOOK_DIM, " %u more ", below);
}

void
process_panel_draw(const struct screen *s, const struct model *m,
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
		process_panel_draw_totals(m, p, &foot);
	}
	process_panel_draw_title(s, m, p, &title);

	unsigned from = 0;
	for (int i = 0; i < strip; i++) {
		struct pen pen = pen_at(in, i);
		pen_char(&pen, LOOK_PLAIN, ' ');
		from = draw_strip(s, m, p, &pen, from);
	}
	in = area_part(in, strip, 0, in.rows - strip, in.cols);
	if (boxed || in.rows > 6) {
		struct pen heading = pen_at(in, 0);
		draw_thread_heading(m, &heading, false);
		in = area_part(in, 1, 0, in.rows - 1, in.cols);
	}
	unsigned below = process_panel_draw_rows(s, m, p, in);
	if (boxed)
		process_panel_draw_below(
		    area_part(a, a.rows - 1, 0, 1, a.cols), below);
	else
		draw_more(in, below);
}

void
process_panel_draw_line(const struct screen *s, const struct model *m,
    const struct model_proc *p, struct area a)
{
	struct segments line = {.n = 0};
	struct pen pen = pen_at(a, 0);
	struct segment *one = segments_add(&line, 0, NULL, LOOK_TITLE);

	segment_value(one, "%s", p->name);
	segment_value(
	    segments_add(&line, 1, "pid", LOOK_PLAIN), "%d", (int)p->pid);
	process_panel_add_parent(&line, m, p, 3);
	one = segments_add(&line, 2, NULL, theme_state_look(p->now.state));
	segment_value(one, "%c %s", theme_state(p->now.state)->letter,
	    theme_state(p->now.state)->word);
	process_panel_add_fate(&line, s, m, p);
	if (m->control.sum_mode == SUM_PRIVATE)
		process_panel_add_counts(&line, m, p);
	pen.selected = s->selection.pid == p->pid;
	pen_marker(&pen, LOOK_STRONG, pen.selected);
	segments_draw(&line, &pen);
}
