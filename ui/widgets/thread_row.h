/* thread_row: a thread in a row, the threads of a process in a strip. */
#ifndef LOCKSTEP_THREAD_ROW_H
#define LOCKSTEP_THREAD_ROW_H

#include <stdbool.h>

#include "model/model.h"
#include "term/canvas.h"
#include "widgets/screen_state.h"

/* Rows of threads, in as many columns as fit. */
void draw_thread_heading(const struct model *, struct pen *, bool with_proc);
void draw_thread(const struct screen *, const struct model *, struct pen *,
    struct row, bool with_proc);

/* Only its last column: what it waits for; and the state to show. */
void draw_only(
    const struct screen *, const struct model *, struct pen *, struct row);
unsigned draw_shown_state(struct row);
unsigned draw_proc_state(const struct model_proc *);

/* "R > run": letter, glyph and word; `cols` wide */
void draw_state(struct pen *, unsigned state, bool grey, int cols);

/* One cell per thread, from an index on; returns the first that did not fit. */
unsigned draw_strip(const struct screen *, const struct model *,
    const struct model_proc *, struct pen *, unsigned from);
/* "sleep 7  lock 2", most frequent first */
void draw_counts(const struct model *, const struct model_proc *, struct pen *);

#endif
