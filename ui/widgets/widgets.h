/*
 * widgets: parts shared by several views. They format and place values that
 * their callers supply.
 *
 * ui/widgets: parts of a screen: panels, rows, tables, selections. It may use
 * text and the folders before it.
 */
#ifndef LOCKSTEP_WIDGETS_H
#define LOCKSTEP_WIDGETS_H

#include <stdbool.h>

#include "model/model.h"
#include "term/canvas.h"

/*
 * One of several things on a line that make room for each other when the line
 * is short: those of the highest rank turn brief first, then disappear first.
 */
struct segment {
	int rank;
	enum glyph glyph;  /* in front, if any */
	const char *label; /* before the value, dimmed; may be NULL */
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

/* Collects the segments of a line. */
struct segments {
	struct segment at[SEGMENTS_MAX];
	int n;
};

/* Adds a segment to fill in; returns the last one again if the line is full. */
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
 * A number of cells: 0 to `most`, whatever the frames contain. Truncated, not
 * rounded; 0 for NaN.
 */
int draw_clamp(double, int most);

/*
 * " ... 3 more" over the last row of an area, if `below` rows do not fit in it.
 * Nothing if there are only two rows.
 */
void draw_more(struct area, unsigned below);

/* The name of a task, cut on the left if it is a path. */
void draw_label(struct pen *, enum look, const char *label, int cols);

/* A paragraph, broken at words; returns the rows that it took from `row` on. */
int draw_wrapped(struct area, int row, enum look, const char *text);
/* The same in the columns from `col` on; at least one row. */
int draw_indented(struct area, int row, int col, enum look, const char *text);

#endif
