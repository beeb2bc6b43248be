/* widgets: lines of segments, sparklines, bars and paragraphs. */
#include "widgets/widgets.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum level {
	LEVEL_FULL,
	LEVEL_BRIEF,
	LEVEL_GONE
};

struct segment *
segments_add(struct segments *s, int rank, const char *label, enum look look)
{
	struct segment *one = &s->at[s->n < SEGMENTS_MAX ? s->n++ : s->n - 1];

	*one = (struct segment){.rank = rank, .label = label, .look = look};
	return one;
}

void
segment_value(struct segment *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->value, sizeof s->value, fmt, ap);
	va_end(ap);
}

void
segment_brief(struct segment *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->brief, sizeof s->brief, fmt, ap);
	va_end(ap);
}

static int
widgets_segment_cols(const struct segment *s, enum level level)
{
	int cols = 0;

	if (level == LEVEL_GONE)
		return 0;
	if (s->glyph != GLYPH_NONE)
		cols += 2;
	if (level == LEVEL_BRIEF && s->brief[0] != '\0')
		return cols + canvas_width(s->brief);
	if (s->label != NULL)
		cols += canvas_width(s->label) + 1;
	cols += canvas_width(s->value);
	if (level == LEVEL_FULL && s->cols > 0)
		cols += 1 + s->cols;
	return cols;
}

static int
widgets_line_cols(const struct segments *s, const enum level *levels, int gap)
{
	int cols = 0;

	for (int i = 0; i < s->n; i++) {
		if (levels[i] == LEVEL_GONE)
			continue;
		cols += widgets_segment_cols(&s->at[i], levels[i]) +
		    (cols > 0 ? gap : 0);
	}
	return cols;
}

/* Lower the segment of highest rank that is above `level`. */
static bool
widgets_give_way(const struct segments *s, enum level *levels, enum level level)
{
	int worst = -1;

	for (int i = 0; i < s->n; i++) {
		if (levels[i] < level &&
		    (worst < 0 || s->at[i].rank > s->at[worst].rank))
			worst = i;
	}
	if (worst < 0 || (level == LEVEL_GONE && s->at[worst].rank == 0))
		return false;
	levels[worst] = level;
	return true;
}

static void
widgets_segment_draw(const struct segment *s, enum level level, struct pen *p)
{
	if (s->glyph != GLYPH_NONE) {
		pen_glyph(p, s->look, s->glyph);
		pen_char(p, s->look, ' ');
	}
	if (level == LEVEL_BRIEF && s->brief[0] != '\0') {
		pen_text(p, s->look, s->brief);
		return;
	}
	if (s->label != NULL) {
		pen_text(p, LOOK_DIM, s->label);
		pen_char(p, LOOK_DIM, ' ');
	}
	pen_text(p, s->look, s->value);
	if (level != LEVEL_FULL || s->cols == 0)
		return;
	pen_char(p, LOOK_PLAIN, ' ');
	if (s->bar)
		draw_bar(p, s->look, s->fraction, s->cols);
	else if (s->spark != NULL)
		draw_spark(p, s->look, s->spark, s->cols);
}

void
segments_draw(const struct segments *s, struct pen *p)
{
	enum level levels[SEGMENTS_MAX] = {LEVEL_FULL};
	int gap = 3, room = pen_left(p);
	bool first = true;

	while (gap > 2 && widgets_line_cols(s, levels, gap) > room)
		gap--;
	while (widgets_line_cols(s, levels, gap) > room &&
	    widgets_give_way(s, levels, LEVEL_BRIEF))
		;
	while (widgets_line_cols(s, levels, gap) > room &&
	    widgets_give_way(s, levels, LEVEL_GONE))
		;
	for (int i = 0; i < s->n; i++) {
		if (levels[i] == LEVEL_GONE)
			continue;
		if (!first)
			pen_repeat(p, LOOK_PLAIN, ' ', gap);
		first = false;
		widgets_segment_draw(&s->at[i], levels[i], p);
	}
}

int
draw_clamp(double v, int most)
{
	if (!(v >= 1) || most < 1)
		return 0;
	return v < most ? (int)v : most;
}

void
draw_spark(
    struct pen *p, enum look look, const struct model_history *h, int cols)
{
	unsigned n = h->n < (unsigned)cols ? h->n : (unsigned)cols;
	const double *at = h->at + (h->n - n);
	double most = 0;

	for (unsigned i = 0; i < n; i++)
		if (at[i] > most)
			most = at[i];
	pen_repeat(p, LOOK_PLAIN, ' ', cols - (int)n);
	for (unsigned i = 0; i < n; i++) {
		unsigned level = 0;

		if (at[i] > 0)
			level = (unsigned)draw_clamp(
			    at[i] / most * (THEME_LEVELS - 1),
			    THEME_LEVELS - 1);
		pen_char(p, at[i] > 0 ? look : LOOK_DIM,
		    theme_level(level, p->canvas->ascii));
	}
}

void
draw_bar(struct pen *p, enum look look, double fraction, int cols)
{
	int inside = cols - 2;
	int full = draw_clamp(fraction * inside + 0.5, inside);

	pen_char(p, LOOK_DIM, '[');
	pen_repeat(
	    p, look, theme_glyph(GLYPH_BAR_FULL, p->canvas->ascii), full);
	pen_repeat(p, LOOK_DIM, theme_glyph(GLYPH_BAR_EMPTY, p->canvas->ascii),
	    inside - full);
	pen_char(p, LOOK_DIM, ']');
}

void
draw_more(struct area a, unsigned below)
{
	if (below == 0 || a.rows < 3)
		return;
	struct pen p = pen_at(a, a.rows - 1);
	pen_char(&p, LOOK_DIM, ' ');
	pen_glyph(&p, LOOK_DIM, GLYPH_CUT);
	pen_print(&p, LOOK_DIM, " %u more", below + 1);
	pen_fill(&p);
}

void
draw_label(struct pen *p, enum look look, const char *label, int cols)
{
	if (strchr(label, '/') != NULL)
		pen_tail(p, look, label, cols);
	else
		pen_cut(p, look, label, cols);
}

/* Bytes of `text` that fit in `cols`, broken after a word if possible. */
static size_t
widgets_break_at(const char *text, int cols)
{
	size_t len = 0, word = 0;
	int at = 0;

	for (; text[len] != '\0' && at <= cols; len++) {
		if (text[len] == ' ')
			word = len;
		if (((unsigned char)text[len] & 0xc0) != 0x80)
			at++;
	}
	if (at <= cols)
		return len;
	if (word > 0)
		return word;
	for (len--; len > 1 && ((unsigned char)text[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

int
draw_wrapped(struct area a, int row, enum look look, const char *text)
{
	int rows = 0;

	if (a.cols < 1)
		return 0;
	while (*text != '\0') {
		size_t len = widgets_break_at(text, a.cols);
		struct pen p = pen_at(a, row + rows++);

		pen_print(&p, look, "%.*s", (int)len, text);
		text += len;
		while (*text == ' ')
			text++;
	}
	return rows;
}

int
draw_indented(struct area a, int row, int col, enum look look, const char *text)
{
	int rows = draw_wrapped(
	    area_part(a, 0, col, a.rows, a.cols - col), row, look, text);

	return rows > 0 ? rows : 1;
}
