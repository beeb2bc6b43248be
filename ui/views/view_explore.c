/*
 * view_explore: every schedule, while they are run: what they come to as a
 * histogram, and of the selected outcome one schedule as a table.
 */
#include "views/view_explore_priv.h"

#include <inttypes.h>
#include <stdio.h>

#include "style/format.h"
#include "text/exploration_text.h"
#include "widgets/exploration.h"
#include "widgets/widgets.h"

#define WORDS_ROWS 16 /* a screen of so many rows has sentences, too */
#define ROOMY      30 /* rows, for all sentences */
#define SMALL      14 /* rows, up to which most are the table's */
#define WIDE       76 /* columns, for a bar and the switches */
#define FEWEST     4  /* outcomes, unless the screen is small */

/* Rows of each part. */
struct parts {
	int words, outcomes, table;
};

/* ---- outcomes ---- */

static bool
view_explore_any_lost(const struct model *m)
{
	for (unsigned i = 0; i < FRAME_MAX_OUTCOMES; i++)
		if (m->outcome[i].known && m->outcome[i].now.lost != 0)
			return true;
	return false;
}

static void
view_explore_draw_heading(const struct model *m, struct pen *p)
{
	const char *value = m->explore_text[EXPLORE_VALUE];
	bool wide = pen_left(p) >= WIDE;

	pen_text(p, LOOK_PLAIN, "   ");
	pen_field(p, LOOK_DIM, value[0] != '\0' ? value : "outcome", -8);
	if (view_explore_any_lost(m))
		pen_field(p, LOOK_DIM, "lost", -6);
	pen_field(p, LOOK_DIM, m->explore.reduced ? "classes" : "schedules",
	    wide ? -18 : -13);
	if (wide)
		pen_field(p, LOOK_DIM, "fewest switches", -17);
	pen_field(p, LOOK_DIM, "share", -9);
}

static void
view_explore_draw_value(const struct model *m, const struct model_outcome *o,
    enum look look, struct pen *p)
{
	bool hung = (o->now.flags & OUTCOME_DEADLOCK) != 0;
	char buf[FORMAT_LEN];

	if (hung)
		pen_field(
		    p, look, "deadlock", view_explore_any_lost(m) ? -14 : -8);
	else if (m->explore_text[EXPLORE_VALUE][0] == '\0')
		pen_field(p, look, "ended", -8);
	else
		pen_field(p, look, format_number(buf, o->now.value), -8);
	if (!hung && view_explore_any_lost(m))
		pen_field(p, look, format_number(buf, o->now.lost), -6);
}

static void
view_explore_draw_outcome(const struct model *m, const struct model_outcome *o,
    bool selected, struct pen *p)
{
	bool wide = pen_left(p) >= WIDE, fails = explore_fails(o);
	enum look look = fails ? LOOK_BAD : LOOK_GOOD;
	double share = o->now.count < m->explore.done
	    ? (double)o->now.count / (double)m->explore.done
	    : 1; /* a stream may say anything */
	char buf[FORMAT_LEN];

	pen_marker(p, LOOK_STRONG, selected);
	pen_char(p, look, ' ');
	pen_char(p, look, fails ? '!' : ' ');
	view_explore_draw_value(m, o, look, p);
	pen_field(
	    p, LOOK_PLAIN, format_count(buf, o->now.count), wide ? -18 : -13);
	if (wide) {
		snprintf(buf, sizeof buf, "%" PRIu32, o->now.switches);
		pen_field(p, LOOK_PLAIN, buf, -17);
	}
	/* Do not round to none or to all. */
	double shown = 100 * share;
	if (o->now.count < m->explore.done && shown > 99.99)
		shown = 99.99;
	if (o->now.count > 0 && shown < 0.01)
		snprintf(buf, sizeof buf, "<0.01 %%");
	else
		snprintf(buf, sizeof buf, "%.2f %%", shown);
	pen_field(p, LOOK_PLAIN, buf, -9);
	if (pen_left(p) < 5)
		return;
	pen_char(p, LOOK_PLAIN, ' ');
	draw_bar(p, look, share, pen_left(p) - 2);
}

/* The place of the selected outcome in the order. */
static unsigned
view_explore_place_of(const struct model *m, const struct screen *s,
    const uint16_t *order, unsigned n)
{
	const struct model_outcome *o = explore_selected(m, s->outcome);
	unsigned i = 0;

	while (i < n && &m->outcome[order[i]] != o)
		i++;
	return i < n ? i : 0;
}

static void
view_explore_draw_outcomes(
    const struct screen *s, const struct model *m, struct area a)
{
	uint16_t order[FRAME_MAX_OUTCOMES];
	unsigned n = explore_order(m, order),
		 at = view_explore_place_of(m, s, order, n);
	unsigned room = a.rows > 1 ? (unsigned)a.rows - 1 : 1, first = 0;
	struct pen p = pen_at(a, 0);

	if (a.rows > 1)
		view_explore_draw_heading(m, &p);
	if (n > room && at >= room / 2)
		first = at - room / 2;
	if (n > room && first > n - room)
		first = n - room;
	for (unsigned i = 0; i < room && first + i < n; i++) {
		p = pen_at(a, (int)i + (a.rows > 1));
		view_explore_draw_outcome(m, &m->outcome[order[first + i]],
		    first + i == at && n > 1, &p);
	}
	if (n > first + room)
		draw_more(a, n - first - room);
	else if (m->explore.outcomes > n && n == FRAME_MAX_OUTCOMES)
		draw_more(a, m->explore.outcomes - n);
}

/* ---- all of it ---- */

/* Rows for sentences, at most. */
static int
view_explore_words_most(int rows)
{
	return 2 * rows / 5 - 1;
}

static struct parts
view_explore_parts_of(const struct model *m, int rows, int cols)
{
	struct parts p = {.words = 0};
	uint16_t order[FRAME_MAX_OUTCOMES];
	int n = (int)explore_order(m, order);
	const struct model_outcome *o = explore_selected(m, 0);
	int wish = o != NULL ? (int)o->ncells + 4 : 0;

	if (rows >= WORDS_ROWS) {
		struct area none = {.cols = cols};

		p.words = explore_draw_words(m, none,
			      view_explore_words_most(rows), rows < ROOMY) +
		    1;
	}
	p.outcomes = n > 0 ? n + 1 : 1;
	int most = rows - p.words - (wish < rows / 2 ? wish : rows / 2);
	int least = rows >= SMALL ? FEWEST + 1 : rows / 3 + 1;
	if (rows < SMALL && most > least)
		most = least;
	if (p.outcomes > most)
		p.outcomes = most > least ? most : least;
	if (p.outcomes > n + 1)
		p.outcomes = n + 1;
	if (rows - p.words - p.outcomes > wish)
		p.outcomes += n > 0; /* a line between them */
	p.table = rows - p.words - p.outcomes;
	return p;
}

static void
view_explore_settle(struct screen *s, const struct model *m)
{
	const struct model_outcome *o = explore_selected(m, s->outcome);
	struct outcome_table t;

	s->page = 1;
	if (o == NULL)
		return;
	outcome_table_lay(&t, m, o,
	    view_explore_parts_of(m, s->rows, s->cols).table, s->cols);
	if (t.room > 2)
		s->page = (int)t.room - 1;
	if (s->top > 0)
		s->top = outcome_table_top(&t, s) + 1;
}

static void
view_explore_draw(const struct screen *s, const struct model *m, struct area a)
{
	struct parts p = view_explore_parts_of(m, a.rows, a.cols);

	if (p.words > 1)
		explore_draw_words(m, area_part(a, 0, 0, p.words - 1, a.cols),
		    view_explore_words_most(a.rows), a.rows < ROOMY);
	view_explore_draw_outcomes(s, m,
	    area_part(a, p.words, 0, p.outcomes > 0 ? p.outcomes : 1, a.cols));
	outcome_table_draw(
	    s, m, area_part(a, p.words + p.outcomes, 0, p.table, a.cols));
}

static unsigned
view_explore_choose(struct screen *s, const struct model *m, enum action action)
{
	uint16_t order[FRAME_MAX_OUTCOMES];
	unsigned n = explore_order(m, order),
		 at = view_explore_place_of(m, s, order, n);

	if (n == 0)
		return DO_NOTHING;
	if (action == ACTION_UP)
		at -= at > 0;
	else if (action == ACTION_DOWN)
		at += at + 1 < n;
	else
		at = action == ACTION_FIRST ? 0 : n - 1;
	s->outcome = order[at] + 1U;
	s->top = 0;
	return DO_REDRAW;
}

/* Scroll the table from where it is. */
static unsigned
view_explore_scroll(struct screen *s, const struct model *m, enum action action)
{
	const struct model_outcome *o = explore_selected(m, s->outcome);
	unsigned page = s->page > 1 ? (unsigned)s->page : 1, top;
	struct outcome_table t;

	if (o == NULL)
		return DO_NOTHING;
	outcome_table_lay(&t, m, o,
	    view_explore_parts_of(m, s->rows, s->cols).table, s->cols);
	top = outcome_table_top(&t, s);
	if (action == ACTION_PAGE_UP)
		top -= top < page ? top : page;
	else
		top += t.last - top < page ? t.last - top : page;
	s->top = top + 1;
	return DO_REDRAW;
}

static unsigned
view_explore_act(struct screen *s, const struct model *m, enum action action)
{
	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
	case ACTION_FIRST:
	case ACTION_LAST:
		return view_explore_choose(s, m, action);
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		return view_explore_scroll(s, m, action);
	default:
		return DO_NOT_MINE;
	}
}

const struct view view_explore = {
    .name = "explore",
    .aside = true,
    .settle = view_explore_settle,
    .draw = view_explore_draw,
    .act = view_explore_act,
};
