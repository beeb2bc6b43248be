/*
 * canvas: a screen in memory. Views draw here and render sends what has changed
 * to the terminal, so a view can be tested without one.
 *
 * An area is a rectangle of a canvas and a pen a place on one row of an area;
 * both clip, so drawing may ask for anything at any size.
 */
#ifndef LOCKSTEP_CANVAS_H
#define LOCKSTEP_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "style/theme.h"

struct cell {
	uint32_t ch;   /* code point; 0: right half of a wide one */
	uint16_t look; /* enum look */
	uint16_t selected;
};

struct canvas {
	int rows, cols;
	bool ascii; /* draw glyphs as their ASCII twins */
	bool few;   /* tables have no more columns than on a narrow screen */
	struct cell *cells;
};

struct area {
	struct canvas *canvas;
	int y, x, rows, cols;
};

struct pen {
	struct canvas *canvas;
	int y, x;
	int start, end; /* columns that it may write */
	bool selected;  /* all that it writes is */
};

/* 0 or -ENOMEM, in which case nothing changes. Clears the contents. */
int canvas_resize(struct canvas *, int rows, int cols);
void canvas_free(struct canvas *);
void canvas_clear(struct canvas *);

struct area canvas_area(struct canvas *);
struct area area_part(struct area, int y, int x, int rows, int cols);
void area_clear(struct area);

/* Draw a frame around the area; returns the area inside. */
struct area area_box(struct area, enum look);

/* At the start of a row of the area; writes nothing if there is no such row. */
struct pen pen_at(struct area, int row);
int pen_left(const struct pen *); /* columns */

void pen_char(struct pen *, enum look, uint32_t ch);
void pen_glyph(struct pen *, enum look, enum glyph);
/* The column before a row: a mark if it is the selected one, else blank. */
void pen_marker(struct pen *, enum look, bool selected);
void pen_repeat(struct pen *, enum look, uint32_t ch, int n);
void pen_text(struct pen *, enum look, const char *);
/* At most `cols` columns; a mark shows that it was cut. */
void pen_cut(struct pen *, enum look, const char *, int cols);
/* The same, but keeps the end. */
void pen_tail(struct pen *, enum look, const char *, int cols);
/* Exactly `cols` columns; if negative, flush right. */
void pen_field(struct pen *, enum look, const char *, int cols);
void pen_print(struct pen *, enum look, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Blanks up to this column of the area, or to its end. */
void pen_to(struct pen *, int col);
void pen_fill(struct pen *);

/* How wide a table is to be when it chooses what to show; c: NULL as well. */
int canvas_table(const struct canvas *c, int cols);

/* Columns that a text takes. */
int canvas_width(const char *);

#endif
