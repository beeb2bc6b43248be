/*
 * exploration: a search of all schedules, drawn: how far it has come, and
 * within which bounds.
 */
#ifndef LOCKSTEP_EXPLORATION_H
#define LOCKSTEP_EXPLORATION_H

#include "model/model.h"
#include "term/canvas.h"

/* Two rows: what is explored, and the progress. */
void explore_draw_head(const struct model *, bool frozen, struct area);

/*
 * What a step is, the bounds, what is true within them, and what the threads
 * do; rows taken, of `most`. In brief, once all were run, without the first.
 */
int explore_draw_words(const struct model *, struct area, int most, bool brief);

#endif
