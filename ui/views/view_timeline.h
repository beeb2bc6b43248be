/* view_timeline: shared by its files. */
#ifndef LOCKSTEP_VIEW_TIMELINE_H
#define LOCKSTEP_VIEW_TIMELINE_H

#include "model/history.h"
#include "views/view.h"

#define TIMELINE_CLOCK 48
#define TIMELINE_COLS  1024 /* at most */

/* Rows of the view, from the top; 0: not shown. */
struct timeline_parts {
	int title, axis, marks, bars, words, legend, note;
};
struct timeline_parts timeline_parts(int rows);

/* Columns for the names, on a screen with this many columns. */
int timeline_names(int cols);

/* A process and its main thread have the same name: the process's. */
const char *timeline_name(struct row);

/* NULL: nothing is known of it. */
const struct history_row *timeline_row(const struct model *, struct row);

/* The column of this time, counted from an edge near the start. */
uint64_t timeline_column(const struct timeline *, uint64_t start, uint64_t ns);

void timeline_draw(const struct screen *, const struct model *, struct area);

/* ns at which the run's clock was 0. */
uint64_t timeline_start(const struct model *);

/* "0:12.340": as many digits as steps of `width` need. */
const char *timeline_clock(char buf[TIMELINE_CLOCK], const struct model *,
    uint64_t ns, uint64_t width) __attribute__((warn_unused_result));

/* What the selected thread did at the cursor, in words. */
void timeline_tell(const struct screen *, const struct model *, struct pen *);

/* "none" or "paused": the meaning of a mark, and its look. */
enum glyph timeline_mark(const struct model *, const struct history_mark *,
    char buf[MODEL_NAME + 16], enum look *);

#endif
