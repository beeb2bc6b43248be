/*
 * lock_order: which locks of a program were taken while which others were held.
 *
 * If one thread takes B while it holds A, and another A while it holds B, the
 * two may block each other for ever, though it never happened yet. So every
 * thread remembers what it holds, and the first time that a pair is seen it is
 * written into a table in the arena, with the thread that did so, and counted
 * from then on. To have waited for B while holding A is enough: the order is
 * shown, whether or not B was ever had. A wait with a time limit does not
 * count, for it ends by itself.
 *
 * What else was held each time that a pair was taken guards it: two orders
 * under one and the same lock never meet. (Lock-order graphs with gate locks:
 * K. Havelund, Using Runtime Analysis to Guide Model Checking of Java Programs,
 * SPIN 2000.)
 */
#ifndef LOCKSTEP_LOCK_ORDER_H
#define LOCKSTEP_LOCK_ORDER_H

#include <stdatomic.h>
#include <stdint.h>

#define ORDER_ROWS   512
#define ORDER_GUARDS 3 /* locks; those that are one too many are forgotten */

/* A row is the pair's that has put itself there by one compare-and-swap. */
struct lock_order_row {
	_Atomic uint32_t pair;   /* held << 8 | taken; 0: free */
	_Atomic int32_t tid;     /* who did so first */
	_Atomic uint32_t guards; /* see lock_order_guards() */
	_Atomic uint64_t times;  /* 0: the rest is still to come */
};

/* In the arena, zeroed. */
struct lock_orders {
	struct lock_order_row row[ORDER_ROWS];
	_Atomic uint64_t dropped; /* pairs for which there was no room */
};

/* Numbers of what guards a pair, a byte each, 0: none. */
uint32_t lock_order_guards(const struct lock_order_row *);

/*
 * The calling thread, which is `tid`, is about to wait, for ever if need be,
 * for lock `number`; has it; has given it back.
 */
void lock_order_wants(struct lock_orders *, unsigned number, int32_t tid);
void lock_order_has(const struct lock_orders *, unsigned number);
void lock_order_gives(const struct lock_orders *, unsigned number);

#endif
