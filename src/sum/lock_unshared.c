/*
 * lock_unshared: a permit in the memory of the process, like a global variable
 * of a program: after a fork there are two of them, and each excludes only the
 * threads of its own process.
 */
#include "slot/ledger.h"
#include "sum/permit.h"

#define BURST 32

static _Alignas(ARENA_LINE) struct permit lock_unshared;

uint32_t
lock_unshared_holder(const struct adder *a)
{
	(void)a;
	return atomic_load_explicit(&lock_unshared.taker, RELAXED);
}

bool
lock_unshared_acquire(struct adder *a)
{
	if (!permit_acquire(a, &lock_unshared))
		return false;
	CRASH_POINT("unshared-locked");
	lock_got(a);
	return true;
}

void
lock_unshared_release(struct adder *a)
{
	CRASH_POINT("unshared-before-unlock");
	lock_drop(a);
	permit_release(&lock_unshared);
}

/* ---- many adds in a row ---- */

ALWAYS_INLINE bool
unshared_take(struct hand *h)
{
	if (!permit_take(&lock_unshared, h->tslot))
		return false;
	CRASH_POINT("unshared-locked");
	return true;
}

ALWAYS_INLINE void
unshared_give(struct hand *h)
{
	(void)h;
	CRASH_POINT("unshared-before-unlock");
	permit_give(&lock_unshared);
}

/* Waits can be long, so only a burst is marked as in doubt: none is settled. */
static uint64_t
unshared_burst(struct hand *h, uint64_t n)
{
	ledger_doubt(h->tslot, true);
	uint64_t made =
	    lock_burst(h, n, unshared_take, unshared_give, hand_put_exchanged);
	ledger_cancel(h->tslot);
	return made;
}

static void
unshared_put(struct hand *h)
{
	hand_intend(h, 0);
	hand_put_exchanged(h);
}

uint64_t
lock_unshared_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(a, n, times, BURST, unshared_burst, unshared_put);
}
