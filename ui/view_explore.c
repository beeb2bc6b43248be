/*
 * view_explore: every schedule, while they are run: what they come to as a
 * histogram, and of the selected outcome one schedule as a table.
 */
#include "view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "draw.h"
#include "explore_words.h"
#include "format.h"
#include "steptable.h"

#define WORDS_ROWS 16 /* of the screen, from which on there are words too */
#define ROOMY      30 /* from which on the words are all there */
#define SMALL      14 /* up to which the table has most of them */
#define WIDE       76 /* columns: with a bar and the switches */
#define FEWEST     4  /* outcomes on a screen of some size */
#define LETTERS    26

/* What each part begins with and takes, in rows. */
struct parts {
	int words, outcomes, table;
};

/* ---- words ---- */

static bool
all_alike(const struct model *m)
{
	for (unsigned i = 1; i < MODEL_MAX_LINES && m->param[i][0] != '\0'; i++)
		if (strcmp(m->param[0], m->param[i]) != 0)
			return false;
	return true;
}

/* What the threads do: all of it, or the beginning on a row each. */
static int
draw_threads(const struct model *m, struct area a, int row, bool brief)
{
	char text[MODEL_LINE + 16];
	bool alike = all_alike(m);

	for (unsigned i = 0; i < MODEL_MAX_LINES && m->param[i][0] != '\0';
	     i++) {
		if (alike)
			snprintf(
			    text, sizeof text, "each thread: %s", m->param[i]);
		else
			snprintf(text, sizeof text, "%c: %s", (char)('a' + i),
			    m->param[i]);
		if (brief) {
			struct pen p = pen_at(a, row++);

			pen_char(&p, LOOK_PLAIN, ' ');
			pen_cut(&p, LOOK_PLAIN, text, pen_left(&p));
		} else {
			row += draw_indented(a, row, 1, LOOK_PLAIN, text);
		}
		if (alike || i == 3)
			break;
	}
	return row;
}

/* What a step is, the bounds, and what is true within them; rows taken. */
static int
draw_words(const struct model *m, struct area a, bool brief)
{
	char text[2 * MODEL_LINE + 64];
	int row = 0;

	snprintf(text, sizeof text, "%s. Bounds: %s.",
	    m->explore_text[EXPLORE_STEP], m->explore_text[EXPLORE_BOUNDS]);
	row += draw_indented(a, row, 1, LOOK_DIM, text);
	if (m->explore.done > 0) {
		explore_scope_format(m, text, sizeof text);
		row += draw_indented(a, row, 1, LOOK_DIM, text);
	}
	if (m->explore.done > 0 && !brief) {
		explore_lose_format(m, text, sizeof text);
		row += draw_indented(a, row, 1,
		    m->explore.losing + m->explore.deadlocks > 0 ? LOOK_BAD
								 : LOOK_GOOD,
		    text);
	}
	return draw_threads(m, a, row, brief);
}

/* ---- outcomes ---- */

static bool
any_lost(const struct model *m)
{
	for (unsigned i = 0; i < FRAME_MAX_OUTCOMES; i++)
		if (m->outcome[i].known && m->outcome[i].now.lost != 0)
			return true;
	return false;
}

static void
draw_heading(const struct model *m, struct pen *p)
{
	const char *value = m->explore_text[EXPLORE_VALUE];
	bool wide = pen_left(p) >= WIDE;

	pen_text(p, LOOK_PLAIN, "   ");
	pen_field(p, LOOK_DIM, value[0] != '\0' ? value : "outcome", -8);
	if (any_lost(m))
		pen_field(p, LOOK_DIM, "lost", -6);
	pen_field(p, LOOK_DIM, m->explore.reduced ? "classes" : "schedules",
	    wide ? -18 : -13);
	if (wide)
		pen_field(p, LOOK_DIM, "fewest switches", -17);
	pen_field(p, LOOK_DIM, "share", -9);
}

static void
draw_value(const struct model *m, const struct model_outcome *o, enum look look,
    struct pen *p)
{
	bool hung = (o->now.flags & OUTCOME_DEADLOCK) != 0;
	char buf[FORMAT_LEN];

	if (hung)
		pen_field(p, look, "deadlock", any_lost(m) ? -14 : -8);
	else if (m->explore_text[EXPLORE_VALUE][0] == '\0')
		pen_field(p, look, "ended", -8);
	else
		pen_field(p, look, format_number(buf, o->now.value), -8);
	if (!hung && any_lost(m))
		pen_field(p, look, format_number(buf, o->now.lost), -6);
}

static void
draw_outcome(const struct model *m, const struct model_outcome *o,
    bool selected, struct pen *p)
{
	bool wide = pen_left(p) >= WIDE, fails = explore_fails(o);
	enum look look = fails ? LOOK_BAD : LOOK_GOOD;
	double share = o->now.count < m->explore.done
	    ? (double)o->now.count / (double)m->explore.done
	    : 1; /* a stream may say anything */
	char buf[FORMAT_LEN];

	if (selected)
		pen_glyph(p, LOOK_STRONG, GLYPH_SELECTED);
	else
		pen_char(p, LOOK_PLAIN, ' ');
	pen_char(p, look, ' ');
	pen_char(p, look, fails ? '!' : ' ');
	draw_value(m, o, look, p);
	pen_field(
	    p, LOOK_PLAIN, format_count(buf, o->now.count), wide ? -18 : -13);
	if (wide) {
		snprintf(buf, sizeof buf, "%" PRIu32, o->now.switches);
		pen_field(p, LOOK_PLAIN, buf, -17);
	}
	/* Few is not none, and nearly all is not all. */
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

/* Where the selected one stands in the order. */
static unsigned
place_of(const struct model *m, const struct screen *s, const uint16_t *order,
    unsigned n)
{
	const struct model_outcome *o = explore_selected(m, s->outcome);
	unsigned i = 0;

	while (i < n && &m->outcome[order[i]] != o)
		i++;
	return i < n ? i : 0;
}

static void
draw_outcomes(const struct screen *s, const struct model *m, struct area a)
{
	uint16_t order[FRAME_MAX_OUTCOMES];
	unsigned n = explore_order(m, order), at = place_of(m, s, order, n);
	unsigned room = a.rows > 1 ? (unsigned)a.rows - 1 : 1, first = 0;
	struct pen p = pen_at(a, 0);

	if (a.rows > 1)
		draw_heading(m, &p);
	if (n > room && at >= room / 2)
		first = at - room / 2;
	if (n > room && first > n - room)
		first = n - room;
	for (unsigned i = 0; i < room && first + i < n; i++) {
		p = pen_at(a, (int)i + (a.rows > 1));
		draw_outcome(m, &m->outcome[order[first + i]],
		    first + i == at && n > 1, &p);
	}
	if (n > first + room)
		draw_more(a, n - first - room);
	else if (m->explore.outcomes > n && n == FRAME_MAX_OUTCOMES)
		draw_more(a, m->explore.outcomes - n);
}

/* ---- the table ---- */

static const char *const letters[LETTERS] = {"a", "b", "c", "d", "e", "f", "g",
    "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v",
    "w", "x", "y", "z"};

/* "expected 2, was 1", or how it ended. */
static void
draw_end(const struct screen *s, const struct model *m,
    const struct model_outcome *o, struct pen *p)
{
	bool smallest = o == explore_selected(m, 0);
	char is[FORMAT_LEN], was[FORMAT_LEN];

	pen_char(p, LOOK_PLAIN, ' ');
	if (pen_left(p) < 60)
		pen_text(
		    p, LOOK_TITLE, explore_fails(o) ? "fails: " : "fine: ");
	else if (explore_fails(o) && smallest)
		pen_text(p, LOOK_TITLE,
		    m->explore.reduced ? "one that fails: "
				       : "the smallest that fails: ");
	else
		pen_text(p, LOOK_TITLE, "one schedule of these: ");
	if (o->now.flags & OUTCOME_DEADLOCK)
		pen_text(p, LOOK_BAD, "DEADLOCK");
	else if (m->explore_text[EXPLORE_VALUE][0] != '\0')
		pen_print(p, explore_fails(o) ? LOOK_BAD : LOOK_GOOD,
		    "expected %s, was %s", format_number(is, o->now.expected),
		    format_number(was, o->now.value));
	else
		pen_text(p, LOOK_GOOD, "everybody ended");
	pen_print(p, LOOK_DIM, "  %" PRIu32 " switch%s", o->now.switches,
	    o->now.switches == 1 ? "" : "es");
	if (explore_pastes(o) && pen_left(p) > 24) {
		pen_text(p, LOOK_KEY, "  Enter");
		pen_text(p, LOOK_PLAIN, " steps through it");
	}
	(void)s;
}

/* Cells as rows; the heading has a column for each thread of the search. */
static struct steptable
table_of(const struct model *m, const struct model_outcome *o,
    struct steptable_row rows[MODEL_CELLS], char (*margin)[12])
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
		rows[t.rows] = (struct steptable_row){.margin = margin[t.rows],
		    .column = column,
		    .text = cell + 2,
		    .look = lost ? LOOK_BAD : LOOK_PLAIN,
		    .marked = lost};
		t.rows++;
	}
	return t;
}

/* Above the table: how it ended, whose was lost, the string; rows. */
static int
draw_caption(const struct screen *s, const struct model *m,
    const struct model_outcome *o, struct area a)
{
	struct pen p = pen_at(a, 0);
	int row = 1;

	draw_end(s, m, o, &p);
	if (a.rows < 6)
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

static void
draw_table(const struct screen *s, const struct model *m, struct area a)
{
	const struct model_outcome *o = explore_selected(m, s->outcome);
	struct steptable_row rows[MODEL_CELLS];
	char margin[MODEL_CELLS][12];
	int caption;

	if (o == NULL || a.rows < 1)
		return;
	caption = draw_caption(s, m, o, a);

	struct steptable t = table_of(m, o, rows, margin);
	struct area in = area_part(a, caption, 0, a.rows - caption, a.cols);
	unsigned room = in.rows > 1 ? (unsigned)in.rows - 1 : 0;
	unsigned top = t.rows > room ? t.rows - room : 0;

	if (s->top < top)
		top = s->top;
	steptable_draw(&t, top, in);
	if (t.rows > top + room)
		draw_more(in, t.rows - top - room);
}

/* ---- all of it ---- */

static struct parts
parts_of(const struct model *m, int rows, int cols)
{
	struct parts p = {.words = 0};
	uint16_t order[FRAME_MAX_OUTCOMES];
	int n = (int)explore_order(m, order);
	const struct model_outcome *o = explore_selected(m, 0);
	int wish = o != NULL ? (int)o->ncells + 4 : 0;

	if (rows >= WORDS_ROWS) {
		struct area none = {.cols = cols};

		p.words = draw_words(m, none, rows < ROOMY) + 1;
		if (p.words > rows / 3)
			p.words = rows / 3;
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
settle(struct screen *s, const struct model *m)
{
	const struct model_outcome *o = explore_selected(m, s->outcome);
	struct parts p = parts_of(m, s->rows, s->cols);
	unsigned cells = o != NULL ? o->ncells : 0;

	s->page = p.table > 4 ? p.table - 4 : 1;
	if (s->top > cells)
		s->top = cells;
}

static void
draw(const struct screen *s, const struct model *m, struct area a)
{
	struct parts p = parts_of(m, a.rows, a.cols);

	if (p.words > 1)
		draw_words(
		    m, area_part(a, 0, 0, p.words - 1, a.cols), a.rows < ROOMY);
	draw_outcomes(s, m,
	    area_part(a, p.words, 0, p.outcomes > 0 ? p.outcomes : 1, a.cols));
	draw_table(
	    s, m, area_part(a, p.words + p.outcomes, 0, p.table, a.cols));
}

static unsigned
choose(struct screen *s, const struct model *m, enum action action)
{
	uint16_t order[FRAME_MAX_OUTCOMES];
	unsigned n = explore_order(m, order), at = place_of(m, s, order, n);

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

static unsigned
act(struct screen *s, const struct model *m, enum action action)
{
	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
	case ACTION_FIRST:
	case ACTION_LAST:
		return choose(s, m, action);
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		return view_scroll(s, action);
	case ACTION_THROUGH:
		return DO_REDRAW | DO_THROUGH;
	default:
		return DO_NOT_MINE;
	}
}

const struct view view_explore = {
    .name = "explore",
    .action = ACTION_NONE,
    .settle = settle,
    .draw = draw,
    .act = act,
};
