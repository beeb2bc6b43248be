/* step_line: what stepping says, in a row of a thread and in a line. */
#ifndef LOCKSTEP_STEP_LINE_H
#define LOCKSTEP_STEP_LINE_H

#include <stdbool.h>

#include "model/model.h"
#include "term/canvas.h"
#include "widgets/screen_state.h"

/* Is there anything of the kind to say about this thread? */
bool draw_step_says(const struct model *, struct row);

/*
 * "a   LOAD sum": a mark if the last step was its, its letter, a mark if it
 * is blocked, what it is about to do, and because of whom it cannot.
 */
void draw_step(const struct model *, struct pen *, struct row);

/* The schedule so far, of a long one its end; how long it is, who chooses. */
void draw_schedule(const struct model *, struct area);

#endif
