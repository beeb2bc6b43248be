/* view_timeline_draw: the axis, the marks, the bars and the legend. */
#include <string.h>

#include "style/format.h"
#include "text/stepping.h"
#include "views/view_timeline.h"
#include "widgets/process_end.h"
#include "widgets/selection.h"

#define MS        1000000ULL
#define TICK_COLS 10
#define WIDE      60 /* columns for a screen with room for names */
#define NAMES     14
#define BRIEF     11 /* columns of names on narrower ones */

struct timeline_parts
timeline_parts(int rows)
{
	struct timeline_parts p = {.title = rows >= 8,
	    .axis = rows >= 3,
	    .marks = rows >= 5,
	    .words = rows >= 2,
	    .legend = rows >= 7,
	    .note = rows >= 12};

	p.bars =
	    rows - p.title - p.axis - p.marks - p.words - p.legend - p.note;
	return p;
}

int
timeline_names(int cols)
{
	return cols >= WIDE ? NAMES : BRIEF;
}

static void
timeline_draw_title(const struct screen *s, const struct model *m, struct pen p)
{
	const struct timeline *t = &s->timeline;
	char buf[TIMELINE_CLOCK];

	pen_text(&p, LOOK_TITLE, " timeline ");
	pen_print(&p, LOOK_STRONG, " %s", format_span(buf, t->width));
	pen_text(&p, LOOK_DIM, " a column, ");
	if (t->cursor == 0)
		pen_text(&p, LOOK_PLAIN, "following");
	else
		pen_print(&p, LOOK_NOTICE, " %s ",
		    timeline_clock(
			buf, m, t->left + t->at * t->width, t->width));
	static const char *const keys[][2] = {
	    {"( )", "zoom"}, {"a d", "move"}, {"End", "follow"}};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (pen_left(&p) <
		    3 + (int)strlen(keys[i][0]) + (int)strlen(keys[i][1]))
			break;
		pen_print(&p, LOOK_KEY, "  %s", keys[i][0]);
		pen_print(&p, LOOK_DIM, " %s", keys[i][1]);
	}
	if (s->nlist > s->top + (unsigned)s->page && pen_left(&p) >= 20)
		pen_print(&p, LOOK_DIM, "   %u more below",
		    s->nlist - s->top - (unsigned)s->page);
}

static void
timeline_draw_axis(
    const struct screen *s, const struct model *m, struct area a, int row)
{
	const struct timeline *t = &s->timeline;
	struct pen p = pen_at(a, row);
	uint64_t start = timeline_start(m);
	uint64_t at = timeline_column(t, start, t->left);
	uint64_t zero = timeline_column(t, start, start);
	char buf[TIMELINE_CLOCK];
	int names = timeline_names(s->cols);

	pen_text(&p, LOOK_DIM, " thread");
	pen_to(&p, names);
	for (unsigned i = 0; i < t->cols; i++) {
		if ((at + i) % TICK_COLS != zero % TICK_COLS)
			continue;
		const char *clock = timeline_clock(
		    buf, m, t->left + i * t->width, t->width * TICK_COLS);

		pen_to(&p, names + (int)i);
		pen_glyph(&p, LOOK_DIM, GLYPH_VLINE);
		if (pen_left(&p) >= (int)strlen(clock))
			pen_text(&p, LOOK_DIM, clock);
	}
	pen_fill(&p);
}

/* The screen column of a time, or -1. */
static int
timeline_column_shown(const struct timeline *t, uint64_t ns)
{
	if (ns < t->left || (ns - t->left) / t->width >= t->cols)
		return -1;
	return (int)((ns - t->left) / t->width);
}

/* Of several in one column, shows the last; steps only if alone. */
static void
timeline_draw_marks(const struct screen *s, const struct model *m, struct pen p)
{
	const struct history_mark *next = history_mark(m->past, 0), *k;
	int names = timeline_names(s->cols), drawn = -1;

	pen_text(&p, LOOK_DIM, " events");
	pen_to(&p, names);
	for (unsigned i = 1; (k = next) != NULL; i++) {
		char what[MODEL_NAME + 16];
		enum look look;
		int col = timeline_column_shown(&s->timeline, k->ns), room,
		    end = -1;

		next = history_mark(m->past, i);
		if (next != NULL)
			end = timeline_column_shown(&s->timeline, next->ns);
		if (col < 0 || (end == col && next->kind != HISTORY_STEP) ||
		    (col == drawn && k->kind == HISTORY_STEP))
			continue;
		drawn = col;
		enum glyph glyph = timeline_mark(m, k, what, &look);

		pen_to(&p, names + col);
		pen_glyph(&p, look, glyph);
		room = (end > col ? end - col : (int)s->timeline.cols - col);
		if (canvas_width(what) < room)
			pen_text(&p, look, what);
	}
	pen_fill(&p);
}

/* Which glyphs the legend has to explain. */
struct seen {
	bool state[STATE_COUNT], held, against;
};

static bool
timeline_is_dead(const struct history_bin *b)
{
	return b->kind == BIN_STATE && state_is_gone(b->state);
}

static void
timeline_draw_bin(struct pen *p, const struct history_bin *b, struct seen *seen)
{
	switch (b->kind) {
	case BIN_UNKNOWN:
		pen_char(p, LOOK_PLAIN, ' ');
		break;
	case BIN_HELD:
		seen->held = true;
		pen_glyph(p, LOOK_GOOD, GLYPH_HELD);
		break;
	case BIN_AGAINST:
		seen->against = true;
		pen_glyph(p, LOOK_BAD, GLYPH_AGAINST);
		break;
	case BIN_STATE:
		seen->state[b->state] = true;
		pen_char(p, theme_state_look(b->state),
		    theme_state_glyph(b->state, p->canvas->ascii));
		break;
	}
}

/* "a thread-1" if stepped. */
static void
timeline_draw_name(const struct model *m, struct row r, struct pen *p, int cols)
{
	char letter[LETTER_TEXT];
	int end = p->x + cols;

	if (stepping_shown(m) && model_step(r.thread)->letter != 0)
		pen_print(p, LOOK_KEY, "%s ",
		    letter_format(model_step(r.thread)->letter, letter));
	pen_field(p, draw_gone(r.proc) ? LOOK_DIM : LOOK_PLAIN,
	    timeline_name(r), end > p->x ? end - p->x : 0);
}

static void
timeline_draw_thread_bar(const struct screen *s, const struct model *m,
    struct pen p, struct row r, struct seen *seen)
{
	const struct timeline *t = &s->timeline;
	const struct history_row *row = timeline_row(m, r);
	static const struct history_bin none = {.kind = BIN_UNKNOWN};
	struct history_bin bins[TIMELINE_COLS];
	int names = timeline_names(s->cols);
	bool chosen = selection_is(s, r);

	p.selected = chosen;
	pen_marker(&p, LOOK_STRONG, chosen);
	timeline_draw_name(m, r, &p, names - 2);
	p.selected = false;
	pen_char(&p, LOOK_PLAIN, ' ');
	if (row != NULL)
		history_bins(
		    m->past, row, t->left, t->width, s->now, bins, t->cols);
	for (unsigned i = 0; i < t->cols; i++) {
		const struct history_bin *b = row != NULL ? &bins[i] : &none;
		bool still = timeline_is_dead(b) &&
		    (i > 0 ? timeline_is_dead(&bins[i - 1]) : !b->began);

		p.selected = t->cursor != 0 && i == t->at;
		/* A dead thread stays dead: no need to repeat it. */
		timeline_draw_bin(&p, still ? &none : b, seen);
	}
}

static void
timeline_explain(struct pen *p, enum look look, uint32_t ch, const char *word)
{
	if (pen_left(p) < canvas_width(word) + 4)
		return;
	pen_text(p, LOOK_PLAIN, "  ");
	pen_char(p, look, ch);
	pen_print(p, LOOK_DIM, " %s", word);
}

static void
timeline_explain_state(struct pen *p, unsigned state, const char *word)
{
	timeline_explain(p, theme_state_look(state),
	    theme_state_glyph(state, p->canvas->ascii), word);
}

/* The glyphs that are on the screen; locks first. */
static void
timeline_draw_legend(const struct seen *seen, struct pen p)
{
	bool ascii = p.canvas->ascii, wide = pen_left(&p) >= WIDE;

	if (seen->held)
		timeline_explain(&p, LOOK_GOOD, theme_glyph(GLYPH_HELD, ascii),
		    wide ? "holds a lock" : "holds lock");
	if (seen->against)
		timeline_explain(&p, LOOK_BAD,
		    theme_glyph(GLYPH_AGAINST, ascii),
		    wide ? "holds one, others wait" : "others wait");
	for (unsigned i = 0; i < STATE_COUNT; i++)
		if (seen->state[i] && state_waits_for(i, OBJECT_LOCK))
			timeline_explain_state(
			    &p, i, wide ? "waits for a lock" : "waits");
	for (unsigned i = 0; i < STATE_COUNT; i++)
		if (seen->state[i] && !state_waits_for(i, OBJECT_LOCK))
			timeline_explain_state(&p, i, theme_state(i)->word);
	pen_fill(&p);
}

/* Of the rows shown that lost their beginning: the latest time they begin. */
static uint64_t
timeline_gone_before(
    const struct screen *s, const struct model *m, unsigned rows)
{
	uint64_t ns = history_forgot(m->past);

	for (unsigned i = s->top; i < s->nlist && i < s->top + rows; i++) {
		struct row r;
		const struct history_row *row =
		    selection_find(m, s->list[i], &r) ? timeline_row(m, r)
						      : NULL;

		if (row != NULL && row->dropped > 0 && row->n > 0 &&
		    row->moment[0].ns > ns)
			ns = row->moment[0].ns;
	}
	return ns;
}

static void
timeline_draw_note(
    const struct screen *s, const struct model *m, struct pen p, unsigned rows)
{
	uint64_t look = history_look(m->past),
		 gone = timeline_gone_before(s, m, rows);
	char buf[TIMELINE_CLOCK];

	if (look != 0)
		pen_print(&p, LOOK_DIM,
		    "  sampled about every %u ms: shorter states may be "
		    "missing",
		    (unsigned)((look / MS + 5) / 10 * 10));
	if (gone != 0)
		pen_print(&p, LOOK_WARN, "  nothing before %s is kept",
		    timeline_clock(buf, m, gone, 1000 * MS));
	if (history_unplaced(m->past) > 0)
		pen_print(&p, LOOK_WARN, "  no room for %llu records",
		    (unsigned long long)history_unplaced(m->past));
}

void
timeline_draw(const struct screen *s, const struct model *m, struct area a)
{
	struct timeline_parts parts = timeline_parts(a.rows);
	struct seen seen = {.held = false};
	int row = 0;

	if (parts.title)
		timeline_draw_title(s, m, pen_at(a, row++));
	if (parts.axis)
		timeline_draw_axis(s, m, a, row++);
	if (parts.marks)
		timeline_draw_marks(s, m, pen_at(a, row++));
	if (s->nlist == 0) {
		struct pen p = pen_at(a, row);
		pen_text(&p, LOOK_DIM, " no threads yet");
		return;
	}
	for (int i = 0; i < parts.bars; i++, row++) {
		unsigned at = s->top + (unsigned)i;
		struct row r;

		if (at < s->nlist && selection_find(m, s->list[at], &r))
			timeline_draw_thread_bar(
			    s, m, pen_at(a, row), r, &seen);
	}
	if (parts.words) {
		struct pen p = pen_at(a, row++);
		timeline_tell(s, m, &p);
	}
	if (parts.legend)
		timeline_draw_legend(&seen, pen_at(a, row++));
	if (parts.note)
		timeline_draw_note(s, m, pen_at(a, row), (unsigned)parts.bars);
}
