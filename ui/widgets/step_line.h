/* step_line: stepping as a line: for a thread, and for the schedule. */
#ifndef LOCKSTEP_STEP_LINE_H
#define LOCKSTEP_STEP_LINE_H

#include <stdbool.h>

#include "model/model.h"
#include "term/canvas.h"
#include "widgets/screen_state.h"

/* Is there a step to show for this thread? */
bool draw_step_says(const struct model *, struct row);

/*
 * "a   LOAD sum": a mark if it took the last step, its letter, a mark if it is
 * blocked, what it is about to do, and which thread blocks it.
 */
void draw_step(const struct model *, struct pen *, struct row);

/*
 * The schedule so far (its end, if it is long), its length and its scheduler.
 */
void draw_schedule(const struct model *, struct area);

#endif
