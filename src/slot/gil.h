/*
 * gil: one interpreter lock per process, as CPython's.
 *
 * Whoever computes holds it; it is given up around every wait. A thread that
 * has waited for it for a switch interval (5 ms) asks for it; the holder sees
 * that at its next checkpoint, gives it up and does not take it again before
 * another has had it. The algorithm is that of CPython's Python/ceval_gil.c
 * (A. Pitrou's of 3.2).
 *
 * One for each process, in the slot that the supervisor sees; if the process
 * dies, nobody is left to wait.
 */
#ifndef LOCKSTEP_GIL_H
#define LOCKSTEP_GIL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "memory/eventcount.h"
#include "slot/slot.h"

/* Zero-initialised but for the interval. */
struct gil {
	_Atomic uint32_t holder; /* id of a thread, 0: free */
	_Atomic uint32_t last;   /* who has or had it; owner: the holder */
	_Atomic uint32_t wanted; /* the holder is asked to give it up */
	_Atomic uint64_t turns;  /* changes of hands; owner: the holder */
	struct eventcount free, changed;
	_Atomic uint64_t interval; /* ns; each thread may set it at its start */
};

/* The calling thread is `id`, not 0. Take it; shown by whoever calls. */
void gil_take(struct gil *, uint32_t id);
void gil_drop(struct gil *); /* the caller holds it */

/* Take it; a wait shows in the slot, as the wait for the holder that it is. */
void gil_enter(struct gil *, struct thread_slot *);

/* Give it up and take it again, if somebody has asked. True if it was so. */
bool gil_yield(struct gil *, uint32_t id);

static inline bool
gil_wanted(const struct gil *g)
{
	return atomic_load_explicit(&g->wanted, memory_order_relaxed) != 0;
}

#endif
