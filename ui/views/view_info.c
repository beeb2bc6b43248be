/* view_info: the demo, what it teaches, and its parameters. */
#include "views/view.h"

#include <stdio.h>

#include "text/exploration_text.h"
#include "widgets/widgets.h"

#define NAME_COLS 12 /* for a parameter of a search */

/* "adds  2 each"; nothing if it is empty. */
static int
info_draw_named(struct area a, int row, const char *name, const char *value)
{
	struct pen p = pen_at(a, row);

	if (value[0] == '\0')
		return row;
	pen_text(&p, LOOK_PLAIN, "  ");
	pen_text(&p, LOOK_DIM, name);
	return row + draw_indented(a, row, NAME_COLS, LOOK_PLAIN, value);
}

/* For a search: its form, its bounds, and what each thread does. */
static int
info_draw_search(const struct model *m, struct area a, int row)
{
	row = info_draw_named(a, row, "form", m->explore_text[EXPLORE_FORM]);
	row =
	    info_draw_named(a, row, "bounds", m->explore_text[EXPLORE_BOUNDS]);
	row = info_draw_named(a, row, "steps", m->explore_text[EXPLORE_STEP]);
	for (int i = 0; i < MODEL_MAX_LINES; i++) {
		char name[] = "thread ?";

		name[sizeof name - 2] = (char)('a' + i);
		row = info_draw_named(a, row, name, m->param[i]);
	}
	return row;
}

static int
info_draw_from(const struct model *m, struct area a, int row)
{
	char title[MODEL_LINE + MODEL_NAME];
	struct pen p;

	snprintf(title, sizeof title, "%s%s%s", m->hello.demo,
	    m->title[0] != '\0' ? ": " : "", m->title);
	row += draw_wrapped(a, row, LOOK_TITLE, title) + 1;
	for (int i = 0; i < MODEL_MAX_LINES; i++) {
		if (m->lesson[i][0] != '\0')
			row += draw_wrapped(a, row, LOOK_PLAIN, m->lesson[i]);
	}
	p = pen_at(a, ++row);
	pen_text(&p, LOOK_TITLE, "parameters");
	row++;
	if (m->explores)
		return info_draw_search(m, a, row);
	for (int i = 0; i < MODEL_MAX_LINES; i++) {
		if (m->param[i][0] == '\0')
			continue;
		row += draw_indented(a, row, 2, LOOK_PLAIN, m->param[i]);
	}
	return row;
}

static void
view_info_settle(struct screen *s, const struct model *m)
{
	struct area none = {.cols = s->cols > 2 ? s->cols - 2 : 1};

	view_scroll_settle(s, (unsigned)info_draw_from(m, none, 0));
}

static void
view_info_draw(const struct screen *s, const struct model *m, struct area a)
{
	int side = a.cols > 20;

	info_draw_from(
	    m, area_part(a, 0, side, a.rows, a.cols - 2 * side), -(int)s->top);
	view_draw_more(s, a);
}

static unsigned
view_info_act(struct screen *s, const struct model *m, enum action action)
{
	(void)m;
	return view_scroll(s, action);
}

const struct view view_info = {
    .name = "info",
    .aside = true,
    .settle = view_info_settle,
    .draw = view_info_draw,
    .act = view_info_act,
};
