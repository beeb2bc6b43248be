/*
 * view_race: which updates were lost: the latest as a list, the selected one
 * step by step below it; or the matrix of who overwrote whom.
 */
#include "views/view_race.h"

#include <stdio.h>

#include "style/format.h"
#include "widgets/widgets.h"

#define CALM_NS   1000000000ULL /* between two new lists */
#define LIST_MOST 12
#define WIDE      140 /* columns for the matrix beside the table */
#define MATRIX    60  /* columns that it then takes */
#define LINE      1024
#define FULL_LIST 72 /* columns for a list with all its fields */
#define WIDE_LIST 104

/* ---- the list ---- */

static bool
race_on_steps(const struct screen *s, const struct model *m)
{
	return !s->race.pinned && race_steps(m);
}

static void
race_draw_time(
    const struct model *m, const struct lost_updates_record *r, struct pen *p)
{
	uint64_t since = r->culprit.stored > m->control.start
	    ? r->culprit.stored - m->control.start
	    : 0;
	char clock[FORMAT_LEN], buf[FORMAT_LEN + 8];

	snprintf(buf, sizeof buf, " %s.%03u", format_clock(clock, since),
	    (unsigned)(since / 1000000 % 1000));
	pen_field(p, LOOK_DIM, buf, 11);
}

static void
race_draw_record(const struct model *m, const struct lost_updates_record *r,
    bool selected, struct pen *p)
{
	char name[RACE_NAME], victims[RACE_NAME + 16], buf[FORMAT_LEN];
	bool full = pen_left(p) >= FULL_LIST, wide = pen_left(p) >= WIDE_LIST;

	pen_marker(p, LOOK_GOOD, selected);
	p->selected = selected;
	if (full)
		race_draw_time(m, r, p);
	pen_char(p, LOOK_PLAIN, ' ');
	pen_cut(p, LOOK_STRONG, race_name(m, r->culprit.tid, name), 14);
	pen_char(p, LOOK_PLAIN, ' ');
	pen_glyph(p, LOOK_DIM, GLYPH_BECAUSE);
	pen_char(p, LOOK_PLAIN, ' ');
	race_victims(m, r, victims, sizeof victims);
	pen_cut(
	    p, r->complete ? LOOK_PLAIN : LOOK_WARN, victims, wide ? 24 : 13);
	if (full) {
		pen_to(p, wide ? 56 : 38);
		pen_field(p, LOOK_BAD,
		    format_number(buf, lost_updates_lost(&r->culprit)), -5);
		pen_text(p, LOOK_DIM, wide ? " lost  " : "  ");
	} else
		pen_char(p, LOOK_PLAIN, ' ');
	pen_print(p, LOOK_PLAIN, full ? "expected %s, " : "%s ",
	    format_number(buf, lost_updates_expected(r)));
	pen_print(
	    p, LOOK_PLAIN, "was %s", format_number(buf, r->culprit.value));
	if (wide)
		pen_text(p, r->complete ? LOOK_DIM : LOOK_WARN,
		    r->complete ? "  complete" : "  partial");
	pen_fill(p);
}

/* The number at the top, so that the selected one is in the list. */
static uint64_t
race_first_listed(const struct screen *s, int rows)
{
	uint64_t below = s->race.newest - s->race.shown.number;

	if (s->race.shown.number == 0 || rows < 1 || below < (uint64_t)rows)
		return s->race.newest;
	return s->race.shown.number + (uint64_t)rows - 1;
}

static void
race_draw_list(const struct screen *s, const struct model *m, struct area a)
{
	uint64_t number = race_first_listed(s, a.rows);
	unsigned left = 2 * RACES_RECORDS;
	int row = 0;

	if (race_steps(m) && row < a.rows) {
		struct pen p = pen_at(a, row++);

		pen_marker(&p, LOOK_GOOD, race_on_steps(s, m));
		p.selected = race_on_steps(s, m);
		pen_print(&p, LOOK_STRONG, " loads%s stores%s so far",
		    race_steps_locked(m) ? "," : " and",
		    race_steps_locked(m) ? " and locks" : "");
		pen_fill(&p);
	}
	/* Evicted records leave gaps. */
	for (; row < a.rows && number > 0 && left > 0; number--, left--) {
		const struct lost_updates_record *r =
		    lost_updates_find(&m->races, number);
		bool shown = number == s->race.shown.number;
		struct pen p = pen_at(a, row);

		if (shown)
			r = &s->race.shown;
		if (r == NULL)
			continue;
		race_draw_record(m, r, shown && !race_on_steps(s, m), &p);
		row++;
	}
}

/* ---- the whole view ---- */

static int
race_sentence_rows(const struct model *m, const struct screen *s, int cols)
{
	struct area none = {.cols = cols};
	char text[LINE];

	race_sentence(m, &s->race.shown, text, sizeof text);
	return draw_wrapped(none, 0, LOOK_PLAIN, text);
}

static unsigned
race_steps_of(const struct screen *s, const struct model *m)
{
	if (race_on_steps(s, m))
		return race_steps_rows(m);
	return s->race.shown.number != 0 ? race_table_rows(&s->race.shown) : 0;
}

/* Rows of the parts: the list, the table, and the sentence below it. */
struct parts {
	int list, table, sentence;
};

static struct parts
race_parts_of(const struct screen *s, const struct model *m, int rows, int cols)
{
	struct parts p = {.list = rows < 8 ? 1 : rows / 3};
	uint64_t have = race_steps(m) + s->race.newest;
	int least = rows < 8 ? 2 : 4; /* for the table */
	int steps = (int)race_steps_of(s, m) + 1;

	if (p.list > LIST_MOST)
		p.list = LIST_MOST;
	if ((uint64_t)p.list > have)
		p.list = (int)have;
	if (!race_on_steps(s, m) && s->race.shown.number != 0 &&
	    (!s->race.matrix || cols >= WIDE))
		p.sentence = race_sentence_rows(
		    m, s, cols >= WIDE ? cols - MATRIX : cols);
	if (p.sentence > rows - p.list - least)
		p.sentence = rows - p.list - least;
	if (p.sentence < 0)
		p.sentence = 0;
	p.table = rows - p.list - p.sentence;
	if (p.sentence > 0 && p.table > steps)
		p.table = steps;
	return p;
}

/* The fatal store is at the end, so that is shown first. */
static void
race_draw_table(const struct screen *s, const struct model *m, struct area a)
{
	unsigned n = race_steps_of(s, m),
		 room = a.rows > 1 ? (unsigned)a.rows - 1 : 1;
	unsigned last = n > room ? n - room : 0;
	unsigned top = s->race.back < last ? last - s->race.back : 0;

	if (race_on_steps(s, m))
		race_steps_draw(m, top, a);
	else if (s->race.shown.number != 0)
		race_table_draw(m, &s->race.shown, top, a);
}

static void
race_draw_selected(const struct screen *s, const struct model *m, struct area a,
    struct parts parts)
{
	struct area below =
	    area_part(a, parts.list, 0, a.rows - parts.list, a.cols);
	bool beside = a.cols >= WIDE;
	char text[LINE];

	if (s->race.matrix && !beside) {
		race_matrix_draw(m, below);
		return;
	}
	int left = beside ? a.cols - MATRIX : a.cols;
	race_draw_table(s, m, area_part(below, 0, 0, parts.table, left));
	if (beside)
		race_matrix_draw(m,
		    area_part(
			below, 0, below.cols - MATRIX, below.rows, MATRIX));
	if (parts.sentence > 0) {
		race_sentence(m, &s->race.shown, text, sizeof text);
		draw_wrapped(area_part(a, parts.list + parts.table, 0,
				 parts.sentence, left),
		    0, LOOK_STRONG, text);
	}
}

static void
view_race_draw(const struct screen *s, const struct model *m, struct area a)
{
	int row = race_top_draw(s, m, a);
	struct area rest = area_part(a, row, 0, a.rows - row, a.cols);

	if (m->masked || rest.rows < 1)
		return;

	struct parts parts = race_parts_of(s, m, rest.rows, rest.cols);

	race_draw_list(s, m, area_part(rest, 0, 0, parts.list, rest.cols));
	race_draw_selected(s, m, rest, parts);
}

/* A new list once a second: faster changes are unreadable. */
static void
view_race_settle(struct screen *s, const struct model *m)
{
	struct race_screen *r = &s->race;
	const struct lost_updates_record *now;

	if (m->runs != r->run || m->races.records < r->newest)
		*r = (struct race_screen){.run = m->runs, .matrix = r->matrix};
	if (!r->pinned && m->races.records != r->newest &&
	    (s->now - r->since >= CALM_NS || s->now < r->since ||
		race_steps(m) || m->ended)) {
		r->newest = m->races.records;
		r->since = s->now;
		r->shown.number = 0;
	}
	if (r->shown.number == 0 && r->newest > 0) {
		r->shown.number = r->newest;
		r->back = 0;
	}
	/* It may have become complete; once evicted, it stays as it was. */
	now = lost_updates_find(&m->races, r->shown.number);
	if (now != NULL)
		r->shown = *now;
	s->page = s->rows / 2 > 1 ? s->rows / 2 : 1;
	unsigned most = race_steps_of(s, m);
	if (r->back > most)
		r->back = most;
}

/* Towards the newest, or away from it; the list then stands still. */
static void
view_race_move(struct screen *s, const struct model *m, int by)
{
	struct race_screen *r = &s->race;

	if (by < 0 && !r->pinned && race_steps(m) && r->newest > 0) {
		r->pinned = true;
		r->shown.number = r->newest;
	} else if (by < 0 &&
	    lost_updates_find(&m->races, r->shown.number - 1)) {
		r->pinned = true;
		r->shown.number--;
	} else if (by > 0 && r->shown.number < r->newest)
		r->shown.number++;
	else if (by > 0)
		r->pinned = false;
	r->back = 0;
}

static void
race_move_to_end(struct screen *s, const struct model *m)
{
	struct race_screen *r = &s->race;
	uint64_t n = m->races.records;

	if (r->newest == 0)
		return;
	r->pinned = true;
	r->shown.number = n >= RACES_RECORDS ? n - RACES_RECORDS + 1 : 1;
	if (r->shown.number > r->newest)
		r->shown.number = r->newest;
	r->back = 0;
}

static unsigned
view_race_act(struct screen *s, const struct model *m, enum action action)
{
	struct race_screen *r = &s->race;
	unsigned page = (unsigned)(s->page > 0 ? s->page : 1);

	if (r->shown.number == 0)
		view_race_settle(
		    s, m); /* a key may come before the first frame */

	switch (action) {
	case ACTION_UP:
		view_race_move(s, m, 1);
		break;
	case ACTION_DOWN:
		view_race_move(s, m, -1);
		break;
	case ACTION_FIRST:
		r->pinned = false;
		r->since = 0;
		break;
	case ACTION_LAST:
		race_move_to_end(s, m);
		break;
	case ACTION_PAGE_UP:
		r->back += page;
		break;
	case ACTION_PAGE_DOWN:
		r->back -= r->back < page ? r->back : page;
		break;
	case ACTION_MATRIX:
		r->matrix = !r->matrix;
		break;
	case ACTION_FOCUS:
		/* Once for the matrix, then on to the next view. */
		if (r->matrix) {
			r->matrix = false;
			return DO_NOT_MINE;
		}
		r->matrix = true;
		break;
	default:
		return DO_NOT_MINE;
	}
	return DO_REDRAW;
}

const struct view view_race = {
    .name = "race",
    .settle = view_race_settle,
    .draw = view_race_draw,
    .act = view_race_act,
};
