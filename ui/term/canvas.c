/*
 * canvas: a screen in memory.
 *
 * It is also the last filter before the terminal, whatever filters the strings
 * have passed before: canvas_put() alone writes cells, and its argument comes
 * from canvas_pen_cell() or is printable ASCII.
 */
#include "term/canvas.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/utf8.h"

#define FEW_COLS 75 /* of a narrow screen, but not the narrowest */

static const struct cell blank = {.ch = ' ', .look = LOOK_PLAIN};

int
canvas_resize(struct canvas *c, int rows, int cols)
{
	size_t n = (size_t)rows * (size_t)cols;
	struct cell *cells = malloc((n > 0 ? n : 1) * sizeof *cells);

	if (cells == NULL)
		return -ENOMEM;
	free(c->cells);
	c->cells = cells;
	c->rows = rows;
	c->cols = cols;
	canvas_clear(c);
	return 0;
}

void
canvas_free(struct canvas *c)
{
	free(c->cells);
	*c = (struct canvas){.cells = NULL};
}

void
canvas_clear(struct canvas *c)
{
	for (int i = 0; i < c->rows * c->cols; i++)
		c->cells[i] = blank;
}

struct area
canvas_area(struct canvas *c)
{
	return (struct area){.canvas = c, .rows = c->rows, .cols = c->cols};
}

static int
canvas_clamp(int v, int low, int high)
{
	return v < low ? low : v > high ? high : v;
}

struct area
area_part(struct area a, int y, int x, int rows, int cols)
{
	y = canvas_clamp(y, 0, a.rows);
	x = canvas_clamp(x, 0, a.cols);
	return (struct area){.canvas = a.canvas,
	    .y = a.y + y,
	    .x = a.x + x,
	    .rows = canvas_clamp(rows, 0, a.rows - y),
	    .cols = canvas_clamp(cols, 0, a.cols - x)};
}

void
area_clear(struct area a)
{
	for (int i = 0; i < a.rows; i++) {
		struct pen p = pen_at(a, i);
		pen_fill(&p);
	}
}

static void
canvas_box_edge(
    struct area a, int row, enum look look, enum glyph left, enum glyph right)
{
	struct pen p = pen_at(a, row);

	pen_glyph(&p, look, left);
	pen_repeat(
	    &p, look, theme_glyph(GLYPH_HLINE, a.canvas->ascii), a.cols - 2);
	pen_glyph(&p, look, right);
}

struct area
area_box(struct area a, enum look look)
{
	if (a.rows < 2 || a.cols < 2)
		return a;
	canvas_box_edge(a, 0, look, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT);
	canvas_box_edge(
	    a, a.rows - 1, look, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM_RIGHT);
	for (int i = 1; i < a.rows - 1; i++) {
		struct pen p = pen_at(a, i);

		pen_glyph(&p, look, GLYPH_VLINE);
		p.x = p.end - 1;
		pen_glyph(&p, look, GLYPH_VLINE);
	}
	return area_part(a, 1, 1, a.rows - 2, a.cols - 2);
}

struct pen
pen_at(struct area a, int row)
{
	bool inside = row >= 0 && row < a.rows;

	return (struct pen){.canvas = a.canvas,
	    .y = a.y + row,
	    .x = a.x,
	    .start = a.x,
	    .end = inside ? a.x + a.cols : a.x};
}

int
pen_left(const struct pen *p)
{
	return p->end - p->x;
}

static struct cell *
canvas_cell_at(struct pen *p)
{
	return &p->canvas->cells[p->y * p->canvas->cols + p->x];
}

static void
canvas_put(struct pen *p, enum look look, uint32_t ch)
{
	*canvas_cell_at(p) = (struct cell){
	    .ch = ch, .look = (uint16_t)look, .selected = p->selected};
	p->x++;
}

static bool
canvas_is_ascii(uint32_t ch)
{
	return ch >= ' ' && ch < 127;
}

/*
 * The character to draw in place of this one, and its columns: the character
 * itself, or a question mark if a terminal must not receive it.
 */
static uint32_t
canvas_pen_cell(bool ascii, uint32_t ch, int *width)
{
	*width = 1;
	if (canvas_is_ascii(ch))
		return ch;
	if (!utf8_printable(ch))
		return '?';
	*width = wcwidth((wchar_t)ch);
	if (*width >= 0)
		return ascii ? '?' : ch;
	*width = 1;
	return '?';
}

void
pen_char(struct pen *p, enum look look, uint32_t ch)
{
	int width;

	if (p->x >= p->end)
		return;
	ch = canvas_pen_cell(p->canvas->ascii, ch, &width);
	if (width == 2 && p->x + 2 > p->end) {
		canvas_put(p, look, ' ');
		return;
	}
	if (width > 0)
		canvas_put(p, look, ch);
	if (width == 2)
		canvas_put(p, look, ch == '?' ? '?' : 0);
}

void
pen_glyph(struct pen *p, enum look look, enum glyph g)
{
	if (p->x < p->end)
		pen_char(p, look, theme_glyph(g, p->canvas->ascii));
}

void
pen_marker(struct pen *p, enum look look, bool selected)
{
	if (selected)
		pen_glyph(p, look, GLYPH_SELECTED);
	else
		pen_char(p, LOOK_PLAIN, ' ');
}

void
pen_repeat(struct pen *p, enum look look, uint32_t ch, int n)
{
	int width;

	if (n <= 0 || p->x >= p->end)
		return;
	ch = canvas_pen_cell(p->canvas->ascii, ch, &width);
	if (width != 1)
		return; /* neither may be repeated */
	while (n-- > 0 && p->x < p->end)
		canvas_put(p, look, ch);
}

/* The next character, which may be malformed. */
static uint32_t
canvas_next_char(const char **s)
{
	uint32_t ch = '?';
	size_t n = utf8_decode(*s, strnlen(*s, 4), &ch);

	*s += n > 0 ? n : 1;
	return n > 0 ? ch : '?';
}

void
pen_text(struct pen *p, enum look look, const char *text)
{
	while (*text != '\0' && p->x < p->end) {
		if (canvas_is_ascii((unsigned char)*text))
			canvas_put(p, look, (unsigned char)*text++);
		else
			pen_char(p, look, canvas_next_char(&text));
	}
}

void
pen_cut(struct pen *p, enum look look, const char *text, int cols)
{
	struct pen part = *p;

	if (cols < part.end - part.x)
		part.end = part.x + (cols > 0 ? cols : 0);
	if (part.end > part.x && canvas_width(text) > part.end - part.x) {
		part.end--;
		pen_text(&part, look, text);
		part.end++;
		pen_glyph(&part, look, GLYPH_CUT);
	} else
		pen_text(&part, look, text);
	p->x = part.x;
}

void
pen_tail(struct pen *p, enum look look, const char *text, int cols)
{
	const char *s = text;

	if (cols > pen_left(p))
		cols = pen_left(p);
	if (cols < 1)
		return;
	if (canvas_width(text) <= cols) {
		pen_text(p, look, text);
		return;
	}
	while (canvas_width(s) > cols - 1 || ((unsigned char)*s & 0xc0) == 0x80)
		s++;
	pen_glyph(p, look, GLYPH_CUT);
	pen_text(p, look, s);
}

void
pen_field(struct pen *p, enum look look, const char *text, int cols)
{
	bool right = cols < 0;

	if (right)
		cols = -cols;
	int end = p->x + cols < p->end ? p->x + cols : p->end;
	if (right)
		pen_repeat(p, look, ' ', cols - canvas_width(text));
	pen_cut(p, look, text, end - p->x);
	pen_repeat(p, look, ' ', end - p->x);
}

void
pen_print(struct pen *p, enum look look, const char *fmt, ...)
{
	char buf[1024];
	va_list ap;

	if (p->x >= p->end)
		return;
	va_start(ap, fmt);
	vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	pen_text(p, look, buf);
}

void
pen_to(struct pen *p, int col)
{
	pen_repeat(p, LOOK_PLAIN, ' ', p->start + col - p->x);
}

void
pen_fill(struct pen *p)
{
	pen_repeat(p, LOOK_PLAIN, ' ', p->end - p->x);
}

int
canvas_table(const struct canvas *c, int cols)
{
	return c != NULL && c->few && cols > FEW_COLS ? FEW_COLS : cols;
}

int
canvas_width(const char *text)
{
	int width = 0, one;

	while (*text != '\0') {
		if (canvas_is_ascii((unsigned char)*text)) {
			text++;
			width++;
			continue;
		}
		canvas_pen_cell(false, canvas_next_char(&text), &one);
		width += one;
	}
	return width;
}
