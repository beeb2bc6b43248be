/* view_locks_priv: the parts of the view of locks. */
#ifndef LOCKSTEP_VIEW_LOCKS_PRIV_H
#define LOCKSTEP_VIEW_LOCKS_PRIV_H

#include "views/view.h"

#define LOCK_OF_SUM 0 /* number of the lock around the sum; others: mutexes */

/*
 * Each draws from `row` on and returns the row after it. A row above the area
 * or below it is counted and not drawn.
 */

/* Deadlocks in words; `brief`: each on one row, as far as it goes. */
int locks_draw_cycles(const struct screen *, const struct model *, struct area,
    int row, bool brief);

/* All about one lock: who waits in which order, how long they wait and hold.
 */
int locks_draw_one(const struct screen *, const struct model *, struct area,
    int row, unsigned lock);

/* Whom each waiting thread of a program waits for, and so on. */
int locks_draw_chains(
    const struct screen *, const struct model *, struct area, int row);

/* Orders of taking that may yet end in a deadlock. */
int locks_draw_orders(const struct model *, struct area, int row);

/* The kinds that there are for the lock around the sum. */
int locks_draw_kinds(const struct model *, struct area, int row);

/* "B", or of the sum's: "sum" */
const char *locks_name(const struct model *, unsigned lock,
    char buf[MODEL_NAME]) __attribute__((warn_unused_result));

/* "mutex", "semaphore"; of the sum's: the kind in force. */
const char *locks_kind(const struct model *, unsigned lock);

/* Why it loses updates; NULL: it does not. */
const char *locks_flaw(const struct model *, unsigned lock);

/* "12 %" of those who took it found it taken. */
const char *locks_share(char buf[32], uint64_t contended, uint64_t acquired)
    __attribute__((warn_unused_result));

#endif
