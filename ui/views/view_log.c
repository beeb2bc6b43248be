/* view_log: what happened, the newest line at the bottom. */
#include "views/view.h"

#include <stdio.h>
#include <string.h>

#include "style/format.h"
#include "widgets/widgets.h"

struct line {
	char clock[FORMAT_LEN + 8];
	const char *mark; /* what the program printed */
	enum look look;
};

static struct line
log_line_of(const struct model *m, const struct model_log *l)
{
	static const enum look looks[] = {
	    [LINE_EVENT] = LOOK_PLAIN,
	    [LINE_OUTPUT] = LOOK_STRONG,
	    [LINE_REASON] = LOOK_BAD,
	};
	struct line line = {
	    .look = looks[l->kind], .mark = l->kind == LINE_OUTPUT ? "> " : ""};
	uint64_t start = m->control.start != 0 ? m->control.start : m->first;
	uint64_t at = l->ns > start ? l->ns - start : 0;
	char buf[FORMAT_LEN];

	snprintf(line.clock, sizeof line.clock, " %s.%u  ",
	    format_clock(buf, at), (unsigned)(at / 100000000 % 10));
	return line;
}

/* A line on as many rows as it takes, drawn from `row` on; returns how many. */
static int
log_draw_line(
    const struct model *m, const struct model_log *l, struct area a, int row)
{
	struct line line = log_line_of(m, l);
	struct pen p = pen_at(a, row);

	pen_text(&p, LOOK_DIM, line.clock);
	pen_text(&p, LOOK_GOOD, line.mark);
	return draw_indented(a, row,
	    (int)(strlen(line.clock) + strlen(line.mark)), line.look, l->text);
}

static unsigned
log_kept(const struct model *m)
{
	return m->log_total < MODEL_MAX_LOG ? (unsigned)m->log_total
					    : MODEL_MAX_LOG;
}

/*
 * `top` counts lines up from the newest, so that new lines do not scroll the
 * view.
 */
static void
view_log_settle(struct screen *s, const struct model *m)
{
	struct area none = {.cols = s->cols};
	unsigned have = log_kept(m), fit = 0;
	int rows = s->rows;

	/* At the top are the oldest, as many as fit. */
	while (fit < have) {
		rows -= log_draw_line(
		    m, model_log_line(m, have - 1 - fit), none, 0);
		if (rows < 0)
			break;
		fit++;
	}
	if (fit == 0 && have > 0)
		fit = 1;
	view_scroll_settle(
	    s, have - fit + (unsigned)(s->rows > 0 ? s->rows : 0));
}

static void
view_log_draw(const struct screen *s, const struct model *m, struct area a)
{
	struct area none = {.cols = a.cols};
	struct pen p = pen_at(a, 0);
	unsigned n = s->top;
	int rows = 0, row;

	if (m->log_total == 0)
		pen_text(&p, LOOK_DIM, " nothing has happened yet");
	while (n < log_kept(m) && rows < a.rows)
		rows += log_draw_line(m, model_log_line(m, n++), none, 0);
	row = rows < a.rows ? 0 : a.rows - rows;
	while (n > s->top)
		row += log_draw_line(m, model_log_line(m, --n), a, row);
	if (m->log_total > MODEL_MAX_LOG && a.rows > 2 &&
	    s->top + (unsigned)a.rows > log_kept(m)) {
		p = pen_at(a, 0);
		pen_print(&p, LOOK_DIM, " %llu older lines were evicted",
		    (unsigned long long)(m->log_total - MODEL_MAX_LOG));
		pen_fill(&p);
	}
}

static unsigned
view_log_act(struct screen *s, const struct model *m, enum action action)
{
	static const struct {
		enum action action, opposite;
	} turned[] = {
	    {.action = ACTION_UP, .opposite = ACTION_DOWN},
	    {.action = ACTION_DOWN, .opposite = ACTION_UP},
	    {.action = ACTION_PAGE_UP, .opposite = ACTION_PAGE_DOWN},
	    {.action = ACTION_PAGE_DOWN, .opposite = ACTION_PAGE_UP},
	    {.action = ACTION_FIRST, .opposite = ACTION_LAST},
	    {.action = ACTION_LAST, .opposite = ACTION_FIRST},
	};

	(void)m;
	for (unsigned i = 0; i < sizeof turned / sizeof turned[0]; i++)
		if (turned[i].action == action)
			return view_scroll(s, turned[i].opposite);
	return DO_NOT_MINE;
}

const struct view view_log = {
    .name = "log",
    .settle = view_log_settle,
    .draw = view_log_draw,
    .act = view_log_act,
};
