/*
 * permit: what one thread has at a time, over a futex; its word names the
 * thread. The lock of the kinds `semaphore` and `unshared`.
 */
#ifndef LOCKSTEP_PERMIT_H
#define LOCKSTEP_PERMIT_H

#include "sum/lock_fast.h"

/* False if it gave up because the kind is being switched. */
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
