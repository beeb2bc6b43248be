/*
 * lock_order: which locks a program takes while it holds which others.
 *
 * If one thread takes B while it holds A, and another takes A while it holds B,
 * the two can deadlock, even if they have not done so yet. So every thread
 * remembers which locks it holds. When it requests another, it looks up each
 * pair (held, requested) in a table in the arena: a new pair is entered with
 * the thread's tid, and every pair is counted. A request is enough to show the
 * order, whether or not the lock is ever acquired. A wait with a time limit
 * does not count, because it ends by itself.
 *
 * A lock that was held every time a pair was taken guards that pair: two
 * opposite orders under the same guard cannot deadlock. (Lock-order graphs with
 * gate locks: K. Havelund, Using Runtime Analysis to Guide Model Checking of
 * Java Programs, SPIN 2000.)
 */
#ifndef LOCKSTEP_LOCK_ORDER_H
#define LOCKSTEP_LOCK_ORDER_H

#include <stdatomic.h>
#include <stdint.h>

#define ORDER_ROWS   512
#define ORDER_GUARDS 3 /* of a pair; any further ones are ignored */

/* One compare-and-swap of `pair` claims a free row. */
struct lock_order_row {
	_Atomic uint32_t pair;   /* held << 8 | taken; 0: free */
	_Atomic int32_t tid;     /* first thread that took the pair */
	_Atomic uint32_t guards; /* see lock_order_guards() */
	_Atomic uint64_t times;  /* 0: the fields above are not set yet */
};

/* In the arena, zeroed. */
struct lock_orders {
	struct lock_order_row row[ORDER_ROWS];
	_Atomic uint64_t dropped; /* pairs that found no room */
};

/* The numbers of the locks that guard a pair, one byte each; 0: none. */
uint32_t lock_order_guards(const struct lock_order_row *);

/*
 * The calling thread is about to request lock `number` without a time limit;
 * has acquired it; has released it. `tid` is the calling thread's.
 */
void lock_order_wants(struct lock_orders *, unsigned number, int32_t tid);
void lock_order_has(const struct lock_orders *, unsigned number);
void lock_order_gives(const struct lock_orders *, unsigned number);

#endif
