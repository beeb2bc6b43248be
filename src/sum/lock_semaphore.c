/* lock_semaphore: one permit for each cell; see permit.h. */
#include "sum/permit.h"

#define BURST 32

bool
lock_semaphore_acquire(struct adder *a)
{
	if (!permit_acquire(a, &a->cell->permit))
		return false;
	CRASH_POINT("semaphore-taken");
	lock_got(a);
	return true;
}

void
lock_semaphore_release(struct adder *a)
{
	CRASH_POINT("semaphore-before-post");
	lock_drop(a);
	permit_release(&a->cell->permit);
}

int
lock_semaphore_recover(struct cell *c, struct thread_slot *tslots, unsigned n)
{
	if (lock_take_from_dead(c, &c->permit.taker, tslots, n))
		eventcount_some(&c->permit.back, 1);
	return 0;
}

/* ---- many adds in a row ---- */

ALWAYS_INLINE bool
semaphore_take(struct hand *h)
{
	if (!permit_take(&h->cell->permit, h->tslot))
		return false;
	CRASH_POINT("semaphore-taken");
	return true;
}

ALWAYS_INLINE void
semaphore_give(struct hand *h)
{
	CRASH_POINT("semaphore-before-post");
	permit_give(&h->cell->permit);
}

static uint64_t
semaphore_burst(struct hand *h, uint64_t n)
{
	return lock_burst(
	    h, n, semaphore_take, semaphore_give, hand_put_guarded);
}

uint64_t
lock_semaphore_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(
	    a, n, times, BURST, semaphore_burst, hand_put_guarded);
}
