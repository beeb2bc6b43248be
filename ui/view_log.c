/* view_log: what happened, the newest line at the bottom. */
#include "view.h"

#include "draw.h"
#include "format.h"

/* `top` counts lines up from the newest, so that new ones do not scroll. */
static void
settle(struct screen *s, const struct model *m)
{
	unsigned have = m->log_total < MODEL_MAX_LOG ? (unsigned)m->log_total
						     : MODEL_MAX_LOG;

	view_scroll_settle(s, have);
}

static void
draw_line(const struct model *m, const struct model_log *l, struct pen *p)
{
	char buf[FORMAT_LEN];
	uint64_t start = m->control.start != 0 ? m->control.start : m->first;
	uint64_t at = l->ns > start ? l->ns - start : 0;

	pen_print(p, LOOK_DIM, " %s.%u  ", format_clock(buf, at),
	    (unsigned)(at / 100000000 % 10));
	if (l->kind == LINE_OUTPUT)
		pen_text(p, LOOK_GOOD, "> ");
	pen_cut(p,
	    l->kind == LINE_REASON       ? LOOK_BAD
		: l->kind == LINE_OUTPUT ? LOOK_STRONG
					 : LOOK_PLAIN,
	    l->text, pen_left(p));
}

static void
draw(const struct screen *s, const struct model *m, struct area a)
{
	struct pen p = pen_at(a, 0);
	int row = a.rows - 1;

	if (m->log_total == 0)
		pen_text(&p, LOOK_DIM, " nothing has happened yet");
	if (m->log_total < (uint64_t)a.rows)
		row = (int)m->log_total - 1;
	for (unsigned n = s->top; row >= 0; n++, row--) {
		const struct model_log *l = model_log_line(m, n);

		if (l == NULL)
			break;
		p = pen_at(a, row);
		draw_line(m, l, &p);
	}
	if (m->log_total > MODEL_MAX_LOG && a.rows > 2 &&
	    model_log_line(m, s->top + (unsigned)a.rows) == NULL) {
		p = pen_at(a, 0);
		pen_print(&p, LOOK_DIM, " %llu older lines were let go",
		    (unsigned long long)(m->log_total - MODEL_MAX_LOG));
		pen_fill(&p);
	}
}

static unsigned
act(struct screen *s, const struct model *m, enum action action)
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
    .action = ACTION_LOG,
    .settle = settle,
    .draw = draw,
    .act = act,
};
