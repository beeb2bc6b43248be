/* thread_list: every thread that is shown, and which one is selected. */
#ifndef LOCKSTEP_THREAD_LIST_H
#define LOCKSTEP_THREAD_LIST_H

#include "model/model.h"
#include "term/keys.h"
#include "widgets/screen_state.h"

/*
 * s->list: every thread that is shown, by place. Collect it, put it in another
 * order or not, and settle what of it stands in `rows` rows from s->top on.
 */
void selection_collect(struct screen *, const struct model *);
void selection_list_settle(struct screen *, unsigned rows);
/* Where the selected one stands; s->nlist: it does not. */
unsigned selection_listed(const struct screen *);
/* DO_NOT_MINE if the action is about something else. */
unsigned selection_list_act(struct screen *, enum action);

#endif
