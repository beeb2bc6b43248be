/*
 * lock_mutex: a robust mutex. If its holder dies, the next thread to lock it
 * learns of the death (EOWNERDEAD) and settles the dead thread's add before it
 * makes its own.
 */
#include "sum/lock_fast.h"

#include <errno.h>
#include <string.h>

#include "base/cpu.h"
#include "base/fault.h"
#include "base/util_priv.h"
#include "lockstep/util.h"

#define BURST         32
#define BACKOFFS      5
#define FIRST_BACKOFF 16 /* pauses of some tens of ns */

/* We hold the cell's mutex, whose last owner died holding it. */
static void
mutex_inherit(struct cell *c, struct thread_slot *any)
{
	uint32_t id = atomic_load_explicit(&c->holder, RELAXED);

	lock_orphaned(c);
	CRASH_POINT("mutex-inherited");
	if (id != 0)
		add_settle(c, lock_slot_by_id(any, id));
	pthread_mutex_consistent(&c->mutex);
}

/*
 * Without a window, a hold lasts some tens of ns: back off for a moment, longer
 * each time, before going to sleep. Then both sides work in bursts, and system
 * calls are rare.
 */
static int
mutex_try(struct adder *a, pthread_mutex_t *mutex)
{
	int err = pthread_mutex_trylock(mutex);

	if (err != EBUSY)
		return err;
	lock_contended(a);
	if (atomic_load_explicit(&a->control->window, RELAXED) != 0)
		return err;
	for (unsigned i = 0; err == EBUSY && i < BACKOFFS; i++) {
		cpu_relax(FIRST_BACKOFF << i);
		err = pthread_mutex_trylock(mutex);
	}
	return err;
}

static int
mutex_lock(struct adder *a, pthread_mutex_t *mutex)
{
	int err = mutex_try(a, mutex);

	if (err == EBUSY) {
		lock_wait_begins(a);
		err = pthread_mutex_lock(mutex);
		lock_wait_ends(a);
	}
	return err;
}

bool
lock_mutex_acquire(struct adder *a)
{
	int err = mutex_lock(a, &a->cell->mutex);

	if (err == EOWNERDEAD)
		mutex_inherit(a->cell, a->tslot);
	else if (err != 0)
		fatal("cannot lock the sum's mutex: %s", strerror(err));
	CRASH_POINT("mutex-locked");
	lock_got(a);
	return true;
}

void
lock_mutex_release(struct adder *a)
{
	CRASH_POINT("mutex-before-unlock");
	lock_drop(a);
	CRASH_POINT("mutex-dropped");
	pthread_mutex_unlock(&a->cell->mutex);
}

int
lock_mutex_recover(struct cell *c, struct thread_slot *tslots, unsigned n)
{
	int err = pthread_mutex_trylock(&c->mutex);

	(void)n;
	if (err == EBUSY)
		return 0; /* a living holder settles what it inherits */
	if (err == EOWNERDEAD)
		mutex_inherit(c, tslots);
	lock_name_holder(c, 0);
	pthread_mutex_unlock(&c->mutex);
	return 0;
}

/* ---- many adds in a row ---- */

ALWAYS_INLINE bool
mutex_take(struct hand *h)
{
	struct cell *c = h->cell;
	int err = pthread_mutex_trylock(&c->mutex);

	if (err == EOWNERDEAD)
		mutex_inherit(c, h->tslot);
	else if (err != 0)
		return false;
	CRASH_POINT("mutex-locked");
	lock_name_holder(c, h->tslot->id);
	return true;
}

ALWAYS_INLINE void
mutex_give(struct hand *h)
{
	CRASH_POINT("mutex-before-unlock");
	lock_name_holder(h->cell, 0);
	CRASH_POINT("mutex-dropped");
	pthread_mutex_unlock(&h->cell->mutex);
}

static uint64_t
mutex_burst(struct hand *h, uint64_t n)
{
	return lock_burst(h, n, mutex_take, mutex_give, hand_put_guarded);
}

uint64_t
lock_mutex_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(a, n, times, BURST, mutex_burst, hand_put_guarded);
}
