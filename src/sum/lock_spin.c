/*
 * lock_spin: a spin lock. Its word names the holder; if the holder dies, the
 * supervisor releases the lock when it reaps the holder.
 */
#include <sched.h>

#include "base/cpu.h"
#include "sum/lock_fast.h"

#define BURST 32

bool
lock_spin_acquire(struct adder *a)
{
	bool waited = false;

	for (unsigned i = 1; !lock_take_word(&a->cell->spin, a->tslot->id);
	     i++) {
		if (!waited)
			lock_wait_begins(a);
		waited = true;
		cpu_relax(1);
		if (i % LOCK_SPINS != 0)
			continue;
		if (lock_switch_requested(a) || gate_stopped(a->gate))
			break;
		sched_yield();
	}
	if (waited)
		lock_wait_ends(a);
	if (atomic_load_explicit(&a->cell->spin, RELAXED) != a->tslot->id)
		return false;
	CRASH_POINT("spin-locked");
	lock_got(a);
	return true;
}

void
lock_spin_release(struct adder *a)
{
	CRASH_POINT("spin-before-unlock");
	lock_drop(a);
	atomic_store_explicit(&a->cell->spin, 0, memory_order_release);
}

int
lock_spin_recover(struct cell *c, struct thread_slot *tslots, unsigned n)
{
	lock_take_from_dead(c, &c->spin, tslots, n);
	return 0;
}

/* ---- many adds in a row ---- */

static bool
spin_moment(struct cell *c, struct thread_slot *r)
{
	for (unsigned i = 1; i < LOCK_SPINS; i++) {
		cpu_relax(1);
		if (!lock_take_word(&c->spin, r->id))
			continue;
		lock_waited_a_moment(r);
		return true;
	}
	return false;
}

ALWAYS_INLINE bool
spin_take(struct hand *h)
{
	if (!lock_take_word(&h->cell->spin, h->tslot->id) &&
	    !spin_moment(h->cell, h->tslot))
		return false;
	CRASH_POINT("spin-locked");
	return true;
}

ALWAYS_INLINE void
spin_give(struct hand *h)
{
	CRASH_POINT("spin-before-unlock");
	atomic_store_explicit(&h->cell->spin, 0, memory_order_release);
}

static uint64_t
spin_burst(struct hand *h, uint64_t n)
{
	return lock_burst(h, n, spin_take, spin_give, hand_put_guarded);
}

uint64_t
lock_spin_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(a, n, times, BURST, spin_burst, hand_put_guarded);
}
