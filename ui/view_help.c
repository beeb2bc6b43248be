/* view_help: the table of keys, and what the letters of states mean. */
#include "view.h"

#include "draw.h"
#include "theme.h"

static int
draw_keys(const struct screen *s, struct area a, int row)
{
	for (int g = 0; g < KEYS_GROUPS; g++) {
		bool any = false;

		for (const struct keys_binding *b = keys_table(); b->action;
		     b++) {
			if ((int)b->group != g ||
			    !keys_apply(b, s->steers, s->recording))
				continue;
			if (!any) {
				struct pen title = pen_at(a, row++);
				pen_print(&title, LOOK_TITLE, " %s",
				    keys_group_name((enum keys_group)g));
				any = true;
			}
			struct pen p = pen_at(a, row++);
			pen_text(&p, LOOK_PLAIN, "  ");
			pen_field(&p, LOOK_KEY, b->label, 9);
			pen_cut(&p, LOOK_PLAIN, b->help, pen_left(&p));
		}
	}
	return row;
}

static int
draw_states(struct area a, int row)
{
	struct pen p = pen_at(a, row++);

	pen_text(&p, LOOK_TITLE, " States");
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		const struct theme_state *st = theme_state(i);

		p = pen_at(a, row++);
		pen_text(&p, LOOK_PLAIN, "  ");
		if (a.canvas != NULL)
			draw_state(&p, i, false, 13);
		if (st->waits != NULL)
			pen_print(&p, LOOK_DIM, "waits for %s", st->waits);
	}
	return row;
}

static int
draw_from(const struct screen *s, struct area a, int row)
{
	return draw_states(a, draw_keys(s, a, row));
}

static void
settle(struct screen *s, const struct model *m)
{
	(void)m;
	struct area none = {.cols = s->cols};

	view_scroll_settle(s, (unsigned)draw_from(s, none, 0));
}

static void
draw(const struct screen *s, const struct model *m, struct area a)
{
	(void)m;
	draw_from(s, a, -(int)s->top);
}

static unsigned
act(struct screen *s, const struct model *m, enum action action)
{
	(void)m;
	return view_scroll(s, action);
}

const struct view view_help = {
    .name = "help",
    .action = ACTION_HELP,
    .settle = settle,
    .draw = draw,
    .act = act,
};
