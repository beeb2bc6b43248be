/*
 * snapshot: a copy of the model as it is now, to be shown while the model
 * continues. Part of the model: it knows its private members.
 */
#ifndef LOCKSTEP_SNAPSHOT_H
#define LOCKSTEP_SNAPSHOT_H

#include "model/model.h"

/*
 * A copy that shares nothing; free it with model_free(). NULL if memory is
 * short.
 */
struct model *snapshot_new(const struct model *);

/*
 * A copy that shares the threads' history with the model: valid only as long as
 * the model; free it with snapshot_free().
 */
struct model *snapshot_shallow(const struct model *);
void snapshot_free(struct model *);

#endif
