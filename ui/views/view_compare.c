/*
 * view_compare: the same work done in several ways: a table, and bars of the
 * times, without and with the interpreter lock side by side. A row grows until
 * it is final.
 */
#include "views/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "style/format.h"
#include "widgets/widgets.h"

#define KIND_COLS 12

/* Columns of one half of the table, 0: left out. */
struct columns {
	int kind, time, speedup, cpu, switches;
};

/* Which halves there are. */
static bool
compare_half(const struct model *m, bool gil)
{
	for (unsigned i = 0; i < EXECUTOR_KINDS; i++)
		if (model_measure(m, i, gil) != NULL)
			return true;
	return false;
}

static struct columns
compare_columns_for(const struct model *m, int cols)
{
	int halves = compare_half(m, false) + compare_half(m, true);
	struct columns c = {.kind = 11, .time = 8, .speedup = 6};
	int room = halves > 0 ? (cols - KIND_COLS) / halves : 0;

	if (room < 25)
		return c;
	c.kind = KIND_COLS;
	c.time = 8;
	c.speedup = 9;
	c.cpu = 8;
	c.switches = room >= 34 ? 9 : 0;
	if (room >= 44) {
		c.time = c.speedup = c.cpu = 10;
		c.switches = 14;
	}
	return c;
}

static int
compare_half_cols(struct columns c)
{
	return c.time + c.speedup + c.cpu + c.switches;
}

static void
compare_draw_heading(struct columns c, struct pen *p)
{
	pen_field(p, LOOK_DIM, "time", -c.time);
	pen_field(
	    p, LOOK_DIM, c.speedup > 8 ? "speed-up" : "times", -c.speedup);
	pen_field(p, LOOK_DIM, "CPU", -c.cpu);
	pen_field(p, LOOK_DIM, "switches", -c.switches);
}

/* Compared with the sequential run of the same setting; 0: not known. */
static double
compare_speedup(const struct model *m, const struct frame_measure *r)
{
	const struct frame_measure *one =
	    model_measure(m, EXECUTOR_SEQUENTIAL, r->gil != 0);

	if (one == NULL || !one->done || !r->done || r->wall == 0)
		return 0;
	return (double)one->wall / (double)r->wall;
}

static void
compare_draw_half(const struct model *m, const struct frame_measure *r,
    struct columns c, struct pen *p)
{
	char buf[2 * FORMAT_LEN + 8];
	enum look look = r != NULL && !r->done ? LOOK_RUN : LOOK_STRONG;

	if (r == NULL) {
		pen_repeat(p, LOOK_PLAIN, ' ', compare_half_cols(c));
		return;
	}
	pen_field(p, look, format_age(buf, r->wall), -c.time);
	snprintf(buf, sizeof buf, "%.1fx", compare_speedup(m, r));
	pen_field(p, LOOK_STRONG,
	    compare_speedup(m, r) > 0 ? buf
		: r->done             ? "-"
				      : "runs",
	    -c.speedup);
	if (c.cpu > 0)
		pen_field(p, LOOK_PLAIN, format_age(buf, r->cpu), -c.cpu);
	if (c.switches > 0) {
		char a[FORMAT_LEN], b[FORMAT_LEN];
		double own = (double)r->voluntary,
		       forced = (double)r->involuntary;

		if (c.switches > 10)
			snprintf(buf, sizeof buf, "%s + %s",
			    format_short(a, own), format_short(b, forced));
		else
			snprintf(buf, sizeof buf, "%s",
			    format_short(a, own + forced));
		pen_field(p, LOOK_PLAIN, buf, -c.switches);
	}
}

static int
compare_draw_table(const struct model *m, struct area a, int row)
{
	struct columns c = compare_columns_for(m, a.cols);
	bool wide = compare_half_cols(c) > 20;
	struct pen p = pen_at(a, row++);

	pen_repeat(&p, LOOK_PLAIN, ' ', c.kind);
	if (compare_half(m, false))
		pen_field(&p, LOOK_TITLE,
		    wide ? "without interpreter lock" : "no lock",
		    -compare_half_cols(c));
	if (compare_half(m, true))
		pen_field(&p, LOOK_TITLE,
		    wide ? "with interpreter lock" : "with gil",
		    -compare_half_cols(c));
	p = pen_at(a, row++);
	pen_field(&p, LOOK_DIM, " kind", c.kind);
	if (compare_half(m, false))
		compare_draw_heading(c, &p);
	if (compare_half(m, true))
		compare_draw_heading(c, &p);
	for (unsigned i = 0; i < EXECUTOR_KINDS; i++) {
		const struct frame_measure *without =
					       model_measure(m, i, false),
					   *with = model_measure(m, i, true);

		if (without == NULL && with == NULL)
			continue;
		p = pen_at(a, row++);
		pen_char(&p, LOOK_PLAIN, ' ');
		pen_field(&p, LOOK_TITLE, model_kind_name(i), c.kind - 1);
		if (compare_half(m, false))
			compare_draw_half(m, without, c, &p);
		if (compare_half(m, true))
			compare_draw_half(m, with, c, &p);
	}
	return row;
}

static uint64_t
compare_longest(const struct model *m)
{
	uint64_t most = 1;

	for (unsigned i = 0; i < MODEL_MAX_MEASURES; i++)
		if (m->measured[i] && m->measure[i].wall > most)
			most = m->measure[i].wall;
	return most;
}

/* A bar in proportion to its time; another colour if it is not final yet. */
static void
compare_draw_one_bar(const struct frame_measure *r, uint64_t most,
    const char *label, struct pen *p)
{
	char buf[FORMAT_LEN];
	int room = pen_left(p) - 18, cells;

	pen_field(p, LOOK_DIM, label, 8);
	cells = draw_clamp((double)r->wall / (double)most * room + 0.5, room);
	if (cells < 1)
		cells = 1;
	pen_repeat(p,
	    !r->done     ? LOOK_RUN
		: r->gil ? LOOK_LOCK
			 : LOOK_SLEEP,
	    theme_glyph(GLYPH_BAR_FULL, p->canvas != NULL && p->canvas->ascii),
	    cells);
	pen_print(p, LOOK_STRONG, " %s", format_age(buf, r->wall));
	if (!r->done) {
		pen_char(p, LOOK_RUN, ' ');
		pen_glyph(p, LOOK_RUN, GLYPH_RUNNING);
	}
}

static int
compare_draw_bars(const struct model *m, struct area a, int row)
{
	uint64_t most = compare_longest(m);
	bool both = compare_half(m, false) && compare_half(m, true);

	for (unsigned i = 0; i < EXECUTOR_KINDS; i++) {
		bool named = false;

		for (int gil = 0; gil < 2; gil++) {
			const struct frame_measure *r =
			    model_measure(m, i, gil != 0);

			if (r == NULL)
				continue;
			struct pen p = pen_at(a, row++);
			pen_char(&p, LOOK_PLAIN, ' ');
			pen_field(&p, LOOK_TITLE,
			    named ? "" : model_kind_name(i), KIND_COLS - 1);
			compare_draw_one_bar(r, most,
			    !both     ? "time"
				: gil ? "with"
				      : "without",
			    &p);
			named = true;
		}
	}
	return row;
}

/* The program prints so for each way that had to wait for a processor. */
static bool
compare_was_busy(const struct model *m)
{
	static const char busy[] = "this machine was busy";
	const struct model_log *line;

	for (unsigned i = 0; (line = model_output_at(m, i)) != NULL; i++)
		if (strncmp(line->text, busy, sizeof busy - 1) == 0)
			return true;
	return false;
}

static int
compare_draw_from(const struct model *m, struct area a, int row, int room)
{
	struct pen p;

	if (!model_measured(m)) {
		p = pen_at(a, row);
		pen_text(&p, LOOK_DIM,
		    " no comparison in this run; try lockstep compare");
		return row + 1;
	}
	row = compare_draw_table(m, a, row);
	if (compare_was_busy(m))
		row += draw_indented(a, row, 1, LOOK_WARN,
		    "this machine was busy, or the run was paused: compare "
		    "the CPU times, not the times");
	if (room > 8)
		row++;
	return compare_draw_bars(m, a, row);
}

static void
view_compare_settle(struct screen *s, const struct model *m)
{
	struct area none = {.cols = s->cols};

	view_scroll_settle(s, (unsigned)compare_draw_from(m, none, 0, s->rows));
}

static void
view_compare_draw(const struct screen *s, const struct model *m, struct area a)
{
	compare_draw_from(m, a, -(int)s->top, s->rows);
	view_draw_more(s, a);
}

static unsigned
view_compare_act(struct screen *s, const struct model *m, enum action action)
{
	(void)m;
	return view_scroll(s, action);
}

const struct view view_compare = {
    .name = "compare",
    .has = model_measured,
    .settle = view_compare_settle,
    .draw = view_compare_draw,
    .act = view_compare_act,
};
