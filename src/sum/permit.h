/*
 * permit: on a futex; one thread holds it at a time, and its word names that
 * thread. It is the lock of the kinds `semaphore` and `unshared`.
 */
#ifndef LOCKSTEP_PERMIT_H
#define LOCKSTEP_PERMIT_H

#include "sum/lock_fast.h"

/* False if it gave up: the kind is being switched, or the run is over. */
bool permit_acquire(struct adder *, struct permit *);
void permit_release(struct permit *);

/* ---- many adds in a row ---- */

bool permit_moment(struct permit *, struct thread_slot *);

ALWAYS_INLINE bool
permit_take(struct permit *p, struct thread_slot *r)
{
	return lock_take_word(&p->taker, r->id) || permit_moment(p, r);
}

/* The exchange is a full barrier: see eventcount_sleepers(). */
ALWAYS_INLINE void
permit_give(struct permit *p)
{
	atomic_exchange(&p->taker, 0);
	if (eventcount_sleepers(&p->back))
		eventcount_some(&p->back, 1);
}

#endif
