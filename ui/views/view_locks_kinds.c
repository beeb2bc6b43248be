/* view_locks_kinds: every kind of lock for the sum. */
#include "views/view_locks_priv.h"

#include <stdio.h>

#include "style/format.h"
#include "widgets/lock_kind_columns.h"
#include "widgets/widgets.h"

#define NAME_COLS 12
#define WIDE      72 /* columns for numbers besides names and lessons */

static int
locks_draw_kind(const struct model *m, struct area a, int row, unsigned kind)
{
	bool here = kind == m->lock.kind, wrong = m->lock_flaw[kind][0] != '\0';
	enum look look = wrong ? LOOK_BAD : here ? LOOK_GOOD : LOOK_STRONG;
	struct pen p = pen_at(a, row);

	pen_marker(&p, look, here);
	if (wrong)
		pen_glyph(&p, look, GLYPH_CROSS);
	else
		pen_char(&p, LOOK_PLAIN, ' ');
	pen_field(&p, look, model_lock_name(m, kind), NAME_COLS - 2);
	if (a.cols >= WIDE)
		draw_kind_numbers(m, kind, &p, true);
	return row +
	    draw_indented(a, row,
		NAME_COLS + (a.cols >= WIDE ? KIND_COLS + CONTENDED_COLS : 0),
		LOOK_PLAIN, m->lock_lesson[kind]);
}

/* With a window every kind waits for it, and a lock seems to cost nothing. */
static int
locks_draw_window(const struct model *m, struct area a, int row)
{
	char text[160], window[FORMAT_LEN];

	if (m->control.window == 0 || !model_adds(m))
		return row;
	snprintf(text, sizeof text,
	    "The window (%s) hides what a lock costs: compare the kinds at "
	    "window 0, with [.",
	    format_age(window, m->control.window));
	return row + draw_indented(a, row, 3, LOOK_WARN, text);
}

int
locks_draw_kinds(const struct model *m, struct area a, int row)
{
	struct pen p = pen_at(a, row++);

	pen_text(&p, LOOK_TITLE, " kinds");
	pen_text(&p, LOOK_DIM, "   ");
	pen_text(&p, LOOK_KEY, "L");
	pen_text(&p, LOOK_DIM, " chooses, ");
	pen_text(&p, LOOK_KEY, "l");
	pen_text(&p, LOOK_DIM, " turns on and off; ");
	pen_glyph(&p, LOOK_BAD, GLYPH_CROSS);
	pen_text(&p, LOOK_DIM, " loses updates");
	row = locks_draw_window(m, a, row);
	if (a.cols >= WIDE) {
		p = pen_at(a, row++);
		pen_field(&p, LOOK_DIM, "", NAME_COLS);
		draw_kind_titles(m, &p, true);
	}
	for (unsigned i = 0; i < model_kinds(m); i++)
		row = locks_draw_kind(m, a, row, i);
	return row;
}
