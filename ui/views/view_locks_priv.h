/* view_locks_priv: the parts of the locks view. */
#ifndef LOCKSTEP_VIEW_LOCKS_PRIV_H
#define LOCKSTEP_VIEW_LOCKS_PRIV_H

#include "views/view.h"

#define LOCK_OF_SUM 0 /* number of the lock around the sum; others: mutexes */

/*
 * Each draws from `row` on and returns the row after it. A row outside the area
 * is counted and not drawn.
 */

/* Deadlocks in words; `brief`: each cut to one row. */
int locks_draw_cycles(const struct screen *, const struct model *, struct area,
    int row, bool brief);

/* All about one lock: who waits in which order, how long they wait and hold.
 */
int locks_draw_one(const struct screen *, const struct model *, struct area,
    int row, unsigned lock);

/* Which thread each waiting thread of a program waits for, and so on. */
int locks_draw_chains(
    const struct screen *, const struct model *, struct area, int row);

/* Lock orders that may yet end in a deadlock. */
int locks_draw_orders(const struct model *, struct area, int row);

/* All kinds of lock for the sum. */
int locks_draw_kinds(const struct model *, struct area, int row);

/* "B"; for the lock around the sum: "sum" */
const char *locks_name(const struct model *, unsigned lock,
    char buf[MODEL_NAME]) __attribute__((warn_unused_result));

/* "mutex", "semaphore"; for the lock around the sum: its current kind. */
const char *locks_kind(const struct model *, unsigned lock);

/* Why it loses updates; NULL: it does not. */
const char *locks_flaw(const struct model *, unsigned lock);

/* "12 %": share of acquisitions that found it taken. */
const char *locks_share(char buf[32], uint64_t contended, uint64_t acquired)
    __attribute__((warn_unused_result));

#endif
