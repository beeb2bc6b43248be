/*
 * snapshot: the model as it is now, to be looked at while the model goes on.
 * Part of the model: knows what is private to it.
 */
#ifndef LOCKSTEP_SNAPSHOT_H
#define LOCKSTEP_SNAPSHOT_H

#include "model/model.h"

/* A copy that shares nothing; for model_free(). NULL if memory is short. */
struct model *snapshot_new(const struct model *);

/*
 * One that shares the past of its threads with the model: good only as long
 * as that is there; for snapshot_free().
 */
struct model *snapshot_shallow(const struct model *);
void snapshot_free(struct model *);

#endif
