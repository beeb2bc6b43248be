/*
 * gil: one interpreter lock per process, as CPython's.
 *
 * A thread holds it while it computes and drops it around every wait, also one
 * between the load and the store of an add. A thread
 * that has waited for a whole switch interval (5 ms) requests it. The holder
 * sees the request at its next checkpoint, drops the lock, and does not take it
 * back before another thread has had it. The algorithm is that of CPython's
 * Python/ceval_gil.c (A. Pitrou, Python 3.2).
 *
 * Each process has one, in its slot, where the supervisor sees it. If the
 * process dies, all threads that could wait for the lock are dead, too.
 */
#ifndef LOCKSTEP_GIL_H
#define LOCKSTEP_GIL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "memory/eventcount.h"
#include "slot/gate.h"
#include "slot/slot.h"

/* Zero-initialised but for the interval. */
struct gil {
	_Atomic uint32_t holder; /* id of a thread, 0: free */
	_Atomic uint32_t last;   /* latest holder's id; writer: the holder */
	_Atomic uint32_t wanted; /* 1: another thread requests it */
	_Atomic uint64_t turns;  /* changes of holder; writer: the holder */
	_Atomic uint64_t split;  /* adds that it left half done; same writer */
	struct eventcount free, changed;
	_Atomic uint64_t interval; /* ns; any thread may set it at its start */
};

/* Take it. `id` is the calling thread's, not 0; no state is shown. */
void gil_take(struct gil *, uint32_t id);
void gil_drop(struct gil *); /* the caller holds it */

/* Take it. While it waits, the slot shows STATE_WAIT_GIL and the holder. */
void gil_enter(struct gil *, struct thread_slot *);

/* If another thread requests it, drop it and take it again. True if so. */
bool gil_yield(struct gil *, uint32_t id);

/* The same, and the slot shows the wait. */
void gil_hand_over(struct gil *, struct thread_slot *);

/*
 * Between the load and the store of an add: drop it for a sleep, then take it
 * again. The add is counted if another thread has had the lock meanwhile.
 */
uint64_t gil_drop_in_add(struct gil *);
void gil_enter_in_add(struct gil *, struct thread_slot *, uint64_t dropped);

/* The same for an add that computes: hand it over if requested. */
void gil_hand_over_in_add(struct gil *, struct thread_slot *);

struct gil_counts {
	uint64_t handovers; /* from one thread to another */
	uint64_t split;     /* of those, between a load and a store */
};

/* Add the counts of one more lock. */
void gil_count(struct gil_counts *, const struct gil *);

static inline bool
gil_wanted(const struct gil *g)
{
	return atomic_load_explicit(&g->wanted, memory_order_relaxed) != 0;
}

/* For a thread that computes: hand it over if requested. NULL: no lock. */
static inline void
gil_checkpoint(struct gil *g, struct thread_slot *r)
{
	if (g != NULL && gil_wanted(g))
		gil_hand_over(g, r);
}

/* Wait at a closed gate without it; false if the run is over. */
bool gil_wait_at_gate(struct gil *, struct gate *, struct thread_slot *);

/* gate_pass() for a thread that holds it. NULL: no lock. */
static inline bool
gil_pass_gate(struct gil *g, struct gate *gate, struct thread_slot *r)
{
	if (atomic_load_explicit(&gate->closed, memory_order_relaxed) == 0)
		return true;
	return gil_wait_at_gate(g, gate, r);
}

#endif
