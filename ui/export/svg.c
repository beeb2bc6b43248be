/*
 * svg: a screen as a picture.
 *
 * A row is gone through in runs: cells of one style and one kind. A run of
 * words has its width, so that a font that is a little wider or narrower does
 * not move what follows; other characters stand alone, as they may come from
 * another font.
 */
#include "export/svg.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define CELL_COLS  10 /* width of a cell, in units of the picture */
#define CELL_ROWS  20
#define BLOCK_ROWS 16 /* bars of two rows do not touch */
#define BLOCK_END  18
#define BASELINE   15 /* of the text, from the top of its cell */
#define MARGIN     12
#define FONT_SIZE  "16.6" /* most fonts are 0.6 of it wide: a cell */
#define FONTS                                                         \
	"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Liberation " \
	"Mono',monospace"

struct svg {
	FILE *out;
	enum theme theme;
	const struct cell *row;
	int cols, y; /* y: top of the row, in units */
};

enum svg_kind {
	SVG_BLANK,
	SVG_WORD,  /* printable ASCII */
	SVG_LINE,  /* of a frame */
	SVG_BLOCK, /* of a bar or a sparkline */
	SVG_OTHER  /* a character by itself */
};

/* ---- colours ---- */

static uint32_t
svg_ink(enum theme theme, enum look look)
{
	int fg = theme_look(theme, look)->fg256;

	return theme_rgb(fg >= 0 ? fg : theme_paper(theme)->fg256);
}

static bool
svg_is_reverse(const struct svg *s, const struct cell *c)
{
	bool reverse = (theme_look(s->theme, (enum look)c->look)->attr &
			   THEME_REVERSE) != 0;

	return reverse != (c->selected != 0);
}

static bool
svg_is_bold(const struct svg *s, const struct cell *c)
{
	return (theme_look(s->theme, (enum look)c->look)->attr & THEME_BOLD) !=
	    0;
}

/* Looks are classes: cN is filled with its colour, and b is bold. */
static void
svg_begin(const struct canvas *c, enum theme theme, FILE *out)
{
	int width = c->cols * CELL_COLS + 2 * MARGIN,
	    height = c->rows * CELL_ROWS + 2 * MARGIN;
	unsigned paper = theme_rgb(theme_paper(theme)->bg256);

	fprintf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
	    "height=\"%d\" viewBox=\"%d %d %d %d\" role=\"img\">\n"
	    "<title>lockstep</title>\n"
	    "<style>\n"
	    "text{font-family:" FONTS ";font-size:" FONT_SIZE
	    "px;white-space:pre}\n"
	    ".b{font-weight:bold}\n"
	    ".p{fill:#%06x}\n"
	    ".l{fill:none;stroke-width:1.5}\n",
	    width, height, -MARGIN, -MARGIN, width, height, paper);
	for (int i = 0; i < LOOK_COUNT; i++)
		fprintf(out, ".c%d{fill:#%06x}.s%d{stroke:#%06x}\n", i,
		    (unsigned)svg_ink(theme, (enum look)i), i,
		    (unsigned)svg_ink(theme, (enum look)i));
	fprintf(out,
	    "</style>\n"
	    "<rect class=\"p\" x=\"%d\" y=\"%d\" width=\"%d\" "
	    "height=\"%d\" rx=\"6\"/>\n",
	    -MARGIN, -MARGIN, width, height);
}

/* ---- runs ---- */

static enum svg_kind
svg_kind(const struct cell *c)
{
	if (c->ch == ' ' || c->ch == 0)
		return SVG_BLANK;
	if (c->ch < 127)
		return SVG_WORD;
	switch (c->ch) {
	case 0x2500:
	case 0x2502:
	case 0x250c:
	case 0x2510:
	case 0x2514:
	case 0x2518:
		return SVG_LINE;
	case 0x2591:
		return SVG_BLOCK;
	default:
		return c->ch >= 0x2581 && c->ch <= 0x2588 ? SVG_BLOCK
							  : SVG_OTHER;
	}
}

static bool
svg_same_style(const struct cell *a, const struct cell *b)
{
	return a->look == b->look && a->selected == b->selected;
}

/* Where the run that begins at x ends: at x + 1, unless more is like it. */
static int
svg_run_end(const struct svg *s, int x)
{
	const struct cell *first = &s->row[x];
	enum svg_kind kind = svg_kind(first);
	int end = x + 1;

	while (end < s->cols && kind != SVG_OTHER &&
	    svg_same_style(first, &s->row[end]) &&
	    svg_kind(&s->row[end]) == kind &&
	    (kind == SVG_WORD || kind == SVG_BLANK ||
		s->row[end].ch == first->ch))
		end++;
	if (kind == SVG_OTHER && end < s->cols && s->row[end].ch == 0)
		end++;
	return end;
}

/* The background, where it is not that of the picture. */
static void
svg_draw_back(const struct svg *s, int x, int end)
{
	fprintf(s->out,
	    "<rect class=\"c%d\" x=\"%d\" y=\"%d\" width=\"%d\" "
	    "height=\"%d\"/>\n",
	    s->row[x].look, x * CELL_COLS, s->y, (end - x) * CELL_COLS,
	    CELL_ROWS);
}

static void
svg_put_char(const struct svg *s, uint32_t ch)
{
	if (ch == '<' || ch == '&' || ch == '>' || ch > 126)
		fprintf(s->out, "&#%u;", (unsigned)ch);
	else
		putc((int)ch, s->out);
}

static void
svg_draw_text(const struct svg *s, int x, int end)
{
	const struct cell *c = &s->row[x];

	fprintf(s->out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" class=\"",
	    x * CELL_COLS, s->y + BASELINE, (end - x) * CELL_COLS);
	if (svg_is_reverse(s, c))
		fputs("p", s->out);
	else
		fprintf(s->out, "c%d", c->look);
	fprintf(s->out, "%s\">", svg_is_bold(s, c) ? " b" : "");
	for (int i = x; i < end; i++)
		if (s->row[i].ch != 0)
			svg_put_char(s, s->row[i].ch);
	fputs("</text>\n", s->out);
}

/* From the bottom up, in eighths; a shade is paler. */
static void
svg_draw_block(const struct svg *s, int x, int end)
{
	const struct cell *c = &s->row[x];
	int height = c->ch == 0x2591 ? BLOCK_ROWS
				     : (int)(c->ch - 0x2580) * BLOCK_ROWS / 8;

	fprintf(s->out, "<rect class=\"");
	if (svg_is_reverse(s, c))
		fputs("p", s->out);
	else
		fprintf(s->out, "c%d", c->look);
	fprintf(s->out, "\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"%s/>\n",
	    x * CELL_COLS, s->y + BLOCK_END - height, (end - x) * CELL_COLS,
	    height, c->ch == 0x2591 ? " opacity=\".3\"" : "");
}

/* A frame: to the right, down, to the left and up from the middle of a cell. */
static void
svg_draw_line(const struct svg *s, int x, int end)
{
	uint32_t ch = s->row[x].ch;
	int left = x * CELL_COLS, middle = left + CELL_COLS / 2,
	    height = s->y + CELL_ROWS / 2;
	bool up = ch == 0x2514 || ch == 0x2518, across = ch != 0x2502,
	     right = ch == 0x250c || ch == 0x2514;

	for (int i = x; ch == 0x2502 && i < end; i++)
		fprintf(s->out, "<path class=\"l s%d\" d=\"M%d %dv%d\"/>\n",
		    s->row[i].look, i * CELL_COLS + CELL_COLS / 2, s->y,
		    CELL_ROWS);
	if (ch == 0x2500)
		fprintf(s->out, "<path class=\"l s%d\" d=\"M%d %dH%d\"/>\n",
		    s->row[x].look, left, height, end * CELL_COLS);
	else if (across)
		fprintf(s->out, "<path class=\"l s%d\" d=\"M%d %dV%dH%d\"/>\n",
		    s->row[x].look, middle, up ? s->y : s->y + CELL_ROWS,
		    height, right ? left + CELL_COLS : left);
}

static void
svg_draw_run(const struct svg *s, int x, int end)
{
	if (svg_is_reverse(s, &s->row[x]))
		svg_draw_back(s, x, end);
	switch (svg_kind(&s->row[x])) {
	case SVG_BLANK:
		break;
	case SVG_LINE:
		svg_draw_line(s, x, end);
		break;
	case SVG_BLOCK:
		svg_draw_block(s, x, end);
		break;
	default:
		svg_draw_text(s, x, end);
		break;
	}
}

/* ---- pictures ---- */

void
svg_write(const struct canvas *c, enum theme theme, FILE *out)
{
	struct svg s = {.out = out, .theme = theme, .cols = c->cols};

	svg_begin(c, theme, out);
	for (int row = 0; row < c->rows; row++) {
		s.row = c->cells + row * c->cols;
		s.y = row * CELL_ROWS;
		for (int x = 0, end; x < c->cols; x = end) {
			end = svg_run_end(&s, x);
			svg_draw_run(&s, x, end);
		}
	}
	fputs("</svg>\n", out);
}

int
svg_save(const struct canvas *c, enum theme theme, const char *path, bool fresh)
{
	int fd = open(path,
	    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY |
		(fresh ? O_EXCL : O_TRUNC),
	    0666);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	int error = out == NULL ? errno : 0;

	if (out == NULL) {
		if (fd >= 0)
			close(fd);
		return -error;
	}
	svg_write(c, theme, out);
	if (ferror(out) || fflush(out) != 0)
		error = errno;
	if (fclose(out) != 0 && error == 0)
		error = errno;
	return -error;
}
