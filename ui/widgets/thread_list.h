/* thread_list: every thread that is shown, and which one is selected. */
#ifndef LOCKSTEP_THREAD_LIST_H
#define LOCKSTEP_THREAD_LIST_H

#include "model/model.h"
#include "term/keys.h"
#include "widgets/screen_state.h"

/*
 * s->list: every thread that is shown, by place. Collect it, sort it if needed,
 * then settle which of it is in `rows` rows from s->top on.
 */
void selection_collect(struct screen *, const struct model *);
void selection_list_settle(struct screen *, unsigned rows);
/* Index of the selected one; s->nlist: not in the list. */
unsigned selection_listed(const struct screen *);
/* DO_NOT_MINE if the action does not concern the list. */
unsigned selection_list_act(struct screen *, enum action);

#endif
