/*
 * widgets: pieces that several views are made of. They format and place; what
 * is true they are told.
 */
#ifndef LOCKSTEP_WIDGETS_H
#define LOCKSTEP_WIDGETS_H

#include <stdbool.h>

#include "model/model.h"
#include "term/canvas.h"

/*
 * One of several things on a line, which give way to each other when the
 * line is short: those of the highest rank turn brief first, then go first.
 */
struct segment {
	int rank;
	enum glyph glyph;  /* in front, if there is one */
	const char *label; /* before the value, quieter; may be NULL */
	char value[96];
	char brief[48]; /* instead of both, if not empty */
	enum look look;

	/* After the value, in the full form only. */
	const struct model_history *spark;
	bool bar;
	double fraction; /* of the bar, 0 to 1 */
	int cols;        /* of the spark or the bar */
};

#define SEGMENTS_MAX 16

/* A line of segments being collected. */
struct segments {
	struct segment at[SEGMENTS_MAX];
	int n;
};

/* Another one, to be filled in; the last one again if there is no room. */
struct segment *segments_add(
    struct segments *, int rank, const char *label, enum look);
void segment_value(struct segment *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void segment_brief(struct segment *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void segments_draw(const struct segments *, struct pen *);

void draw_spark(
    struct pen *, enum look, const struct model_history *, int cols);
void draw_bar(struct pen *, enum look, double fraction, int cols);

/*
 * A number of cells: 0 to `most`, whatever the frames make of it. Cut, not
 * rounded; 0 for what is not a number.
 */
int draw_clamp(double, int most);

/*
 * " ... 3 more" on the last row of an area, over what stands there; `below`
 * rows have no place in it. Nothing where there are but two rows.
 */
void draw_more(struct area, unsigned below);

/* The name of a task, cut on the left if it is a path. */
void draw_label(struct pen *, enum look, const char *label, int cols);

/* A paragraph, broken at words; rows that it took, drawn from `row` on. */
int draw_wrapped(struct area, int row, enum look, const char *text);
/* The same in the columns from `col` on; never less than one row. */
int draw_indented(struct area, int row, int col, enum look, const char *text);

#endif
