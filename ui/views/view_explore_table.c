/* view_explore_table: one schedule of an outcome, step by step. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "style/format.h"
#include "text/exploration_text.h"
#include "views/view_explore_priv.h"
#include "widgets/widgets.h"

#define LETTERS 26
#define MORE    13 /* columns of "... 128 more" */

static const char *const letters[LETTERS] = {"a", "b", "c", "d", "e", "f", "g",
    "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v",
    "w", "x", "y", "z"};

/* "expected 2, was 1", or how it ended. */
static void
outcome_table_draw_end(
    const struct model *m, const struct model_outcome *o, struct pen *p)
{
	char end[EXPLORE_SENTENCE];

	pen_char(p, LOOK_PLAIN, ' ');
	if (pen_left(p) < 60)
		pen_text(
		    p, LOOK_TITLE, explore_fails(o) ? "fails: " : "fine: ");
	else if (explore_fails(o) && o == explore_selected(m, 0))
		pen_text(p, LOOK_TITLE,
		    m->explore.reduced ? "one that fails: "
				       : "the smallest that fails: ");
	else
		pen_text(p, LOOK_TITLE, "one schedule of these: ");
	explore_end_format(m, o, end);
	pen_text(p, explore_fails(o) ? LOOK_BAD : LOOK_GOOD, end);
	pen_print(p, LOOK_DIM, "  %" PRIu32 " switch%s", o->now.switches,
	    o->now.switches == 1 ? "" : "es");
	if (explore_pastes(o) && pen_left(p) > 24) {
		pen_text(p, LOOK_KEY, "  Enter");
		pen_text(p, LOOK_PLAIN, " steps through it");
	}
}

/* Cells as rows; the heading has a column for each thread of the search. */
static struct steptable
outcome_table_of(const struct model *m, const struct model_outcome *o,
    struct step_table_row rows[MODEL_CELLS], char (*margin)[12])
{
	struct steptable t = {.heading = letters,
	    .columns =
		m->explore.threads < LETTERS ? m->explore.threads : LETTERS,
	    .margin = 5,
	    .row = rows};

	for (unsigned i = 0; i < o->ncells; i++) {
		const char *cell = o->cell[i];
		unsigned column = (unsigned)(cell[0] - 'a');
		bool lost = strstr(cell, " (-") != NULL;

		if (cell[0] < 'a' || column >= t.columns || cell[1] != ' ')
			continue;
		snprintf(margin[t.rows], 12, "%u", i + 1);
		rows[t.rows] = (struct step_table_row){.margin = margin[t.rows],
		    .column = column,
		    .text = cell + 2,
		    .look = lost ? LOOK_BAD : LOOK_PLAIN,
		    .marked = lost};
		t.rows++;
	}
	return t;
}

/*
 * Above the table: how the schedule ended, whose amounts were lost, the string.
 * `rows` are for both; returns the rows taken.
 */
static int
outcome_table_draw_caption(const struct model *m, const struct model_outcome *o,
    struct area a, int rows)
{
	struct pen p = pen_at(a, 0);
	int row = 1;

	outcome_table_draw_end(m, o, &p);
	if (rows < 6)
		return row;
	if (o->cause[0] != '\0')
		row += draw_indented(a, row, 1,
		    explore_fails(o) ? LOOK_BAD : LOOK_PLAIN, o->cause);
	p = pen_at(a, row++);
	pen_char(&p, LOOK_PLAIN, ' ');
	if (canvas_width(o->schedule) < a.cols)
		pen_text(&p, LOOK_STRONG, o->schedule);
	else
		pen_cut(&p, LOOK_STRONG, explore_letters(o), pen_left(&p));
	return row;
}

/*
 * Unless scrolled, the table shows the step that decides: the last one that
 * wiped something out, or else the last of all.
 */
void
outcome_table_lay(struct outcome_table *t, const struct model *m,
    const struct model_outcome *o, int rows, int cols)
{
	const struct area none = {.cols = cols};
	unsigned at;

	t->caption = outcome_table_draw_caption(m, o, none, rows);
	t->t = outcome_table_of(m, o, t->row, t->margin);
	t->room = rows > t->caption + 1 ? (unsigned)(rows - t->caption - 1) : 0;
	t->last = t->t.rows > t->room ? t->t.rows - t->room : 0;
	for (at = t->t.rows; at > 0 && !t->row[at - 1].marked;)
		at--;
	t->home = t->last;
	if (at > 0 && at <= t->last)
		t->home = at > t->room / 2 ? at - 1 - t->room / 2 : 0;
}

/* screen.top is the number of the first row from 1; 0: not scrolled. */
unsigned
outcome_table_top(const struct outcome_table *t, const struct screen *s)
{
	if (s->top == 0)
		return t->home;
	return s->top - 1 < t->last ? s->top - 1 : t->last;
}

void
outcome_table_draw(const struct screen *s, const struct model *m, struct area a)
{
	const struct model_outcome *o = explore_selected(m, s->outcome);
	struct outcome_table t;

	if (o == NULL || a.rows < 1)
		return;
	outcome_table_draw_caption(m, o, a, a.rows);
	outcome_table_lay(&t, m, o, a.rows, a.cols);

	struct area in = area_part(a, t.caption, 0, a.rows - t.caption, a.cols);
	unsigned top = outcome_table_top(&t, s);

	step_table_draw(&t.t, top, in);
	if (top > 0 && t.room > 0) {
		struct pen p = pen_at(in, 0);

		pen_char(&p, LOOK_PLAIN, ' ');
		pen_text(&p, LOOK_KEY, "PgUp");
	}
	if (top < t.last && in.rows > 2) {
		struct pen p = pen_at(
		    area_part(in, in.rows - 1, MORE, 1, in.cols - MORE), 0);

		draw_more(in, t.t.rows - top - t.room);
		pen_text(&p, LOOK_KEY, "PgDn");
	}
}
