/* view_lints: what is wrong, what was, and what else is looked for. */
#include "views/view.h"

#include <stdio.h>
#include <string.h>

#include "style/format.h"
#include "widgets/widgets.h"

enum part {
	PART_FIRES,
	PART_OVER,
	PART_SILENT,
	PARTS
};

static enum part
view_lints_part_of(const struct lint_row *r)
{
	if (r->fires)
		return PART_FIRES;
	return r->times > 0 ? PART_OVER : PART_SILENT;
}

/* "! updates lost  for 3.4 s", and the sentence below it. */
static int
view_lints_draw_row(const struct screen *s, const struct model *m, unsigned i,
    struct area a, int row)
{
	const struct lint_kind *k = &lint_kinds[i];
	const struct lint_row *r = &m->lints.row[i];
	enum look look = !r->fires ? LOOK_DIM
	    : k->grave             ? LOOK_ALARM
				   : LOOK_WARN;
	char age[FORMAT_LEN], times[FORMAT_LEN + 16] = "";
	struct pen p = pen_at(a, row);

	pen_char(&p, look, r->fires ? (k->grave ? '!' : '~') : ' ');
	pen_char(&p, LOOK_PLAIN, ' ');
	pen_text(&p, look, k->name);
	if (view_lints_part_of(r) == PART_SILENT) {
		pen_text(&p, LOOK_DIM, ": ");
		return row +
		    draw_indented(
			a, row, 4 + (int)strlen(k->name), LOOK_DIM, k->watches);
	}
	if (r->times > 1)
		snprintf(times, sizeof times, ", %u times", r->times);
	if (!m->ended) {
		uint64_t since = r->fires ? r->since : r->until;

		pen_text(&p, LOOK_DIM, r->fires ? "  for " : "  over since ");
		pen_text(&p, LOOK_DIM,
		    format_age(age, s->now > since ? s->now - since : 0));
	}
	pen_text(&p, LOOK_DIM, times);
	return row + 1 +
	    draw_indented(
		a, row + 1, 2, r->fires ? LOOK_PLAIN : LOOK_DIM, r->text);
}

static int
view_lints_draw_from(
    const struct screen *s, const struct model *m, struct area a, int row)
{
	const char *const titles[PARTS] = {
	    m->ended ? "what was wrong at the end" : "what is wrong now",
	    "what was", "what else is looked for"};

	if (m->masked)
		return row +
		    draw_wrapped(a, row, LOOK_PLAIN,
			"what is wrong is hidden until the guess");
	for (enum part part = 0; part < PARTS; part++) {
		bool any = false;

		for (unsigned i = 0; i < LINT_COUNT; i++) {
			if (view_lints_part_of(&m->lints.row[i]) != part)
				continue;
			if (!any) {
				struct pen p = pen_at(a, row++);

				pen_text(&p, LOOK_TITLE, titles[part]);
			}
			any = true;
			row = view_lints_draw_row(s, m, i, a, row);
		}
		if (part == PART_FIRES && !any)
			row += draw_wrapped(a, row, LOOK_GOOD,
			    m->ended ? "nothing was wrong at the end"
				     : "nothing is wrong");
		row += any || part == PART_FIRES;
	}
	return row;
}

static void
view_lints_settle(struct screen *s, const struct model *m)
{
	struct area none = {.cols = s->cols > 2 ? s->cols - 2 : 1};

	view_scroll_settle(s, (unsigned)view_lints_draw_from(s, m, none, 0));
}

static void
view_lints_draw(const struct screen *s, const struct model *m, struct area a)
{
	int side = a.cols > 20;

	view_lints_draw_from(s, m,
	    area_part(a, 0, side, a.rows, a.cols - 2 * side), -(int)s->top);
	view_draw_more(s, a);
}

static unsigned
view_lints_act(struct screen *s, const struct model *m, enum action action)
{
	(void)m;
	return view_scroll(s, action);
}

const struct view view_lints = {
    .name = "lints",
    .settle = view_lints_settle,
    .draw = view_lints_draw,
    .act = view_lints_act,
};
