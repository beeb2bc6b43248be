/* view_info: the demo, what it teaches, and the parameters in force. */
#include "view.h"

#include "draw.h"

static int
draw_from(const struct model *m, struct area a, int row)
{
	struct pen p = pen_at(a, row++);

	pen_print(&p, LOOK_TITLE, "%s", m->hello.demo);
	if (m->title[0] != '\0')
		pen_print(&p, LOOK_STRONG, ": %s", m->title);
	row++;
	for (int i = 0; i < MODEL_MAX_LINES; i++) {
		if (m->lesson[i][0] != '\0')
			row += draw_wrapped(a, row, LOOK_PLAIN, m->lesson[i]);
	}
	p = pen_at(a, ++row);
	pen_text(&p, LOOK_TITLE, "parameters");
	row++;
	for (int i = 0; i < MODEL_MAX_LINES; i++) {
		if (m->param[i][0] == '\0')
			continue;
		p = pen_at(a, row++);
		pen_text(&p, LOOK_PLAIN, "  ");
		pen_cut(&p, LOOK_PLAIN, m->param[i], pen_left(&p));
	}
	return row;
}

static void
settle(struct screen *s, const struct model *m)
{
	struct area none = {.cols = s->cols > 2 ? s->cols - 2 : 1};

	view_scroll_settle(s, (unsigned)draw_from(m, none, 0));
}

static void
draw(const struct screen *s, const struct model *m, struct area a)
{
	int side = a.cols > 20;

	draw_from(
	    m, area_part(a, 0, side, a.rows, a.cols - 2 * side), -(int)s->top);
}

static unsigned
act(struct screen *s, const struct model *m, enum action action)
{
	(void)m;
	return view_scroll(s, action);
}

const struct view view_info = {
    .name = "info",
    .action = ACTION_INFO,
    .settle = settle,
    .draw = draw,
    .act = act,
};
