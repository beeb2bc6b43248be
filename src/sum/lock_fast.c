/*
 * lock_quick: the kinds with a lock, many adds in a row; see lock_hand.h.
 *
 * The word of a spin lock, a permit or a ticket names its holder, which is all
 * that cell_holder() and an heir need. So cell->holder is written only under
 * the mutex and the file lock.
 */
#include <errno.h>

#include "base/cpu.h"
#include "sum/lock_hand.h"

#define BURST    32
#define BACKOFF  8 /* pauses */
#define BACKOFFS 6 /* each twice as long */

/* A moment's wait, too short to be timed. */
static void
waited_a_moment(struct ring *r)
{
	RING_BUMP(r->contended, 1);
}

/* ---- mutex ---- */

ALWAYS_INLINE bool
mutex_take(struct hand *h)
{
	struct cell *c = h->cell;
	int err = pthread_mutex_trylock(&c->mutex);

	if (err == EOWNERDEAD)
		lock_inherit(c, h->ring);
	else if (err != 0)
		return false;
	CRASH_POINT("mutex-locked");
	lock_name_holder(c, h->ring->id);
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
	return lock_burst(h, n, mutex_take, mutex_give, put_guarded);
}

uint64_t
mutex_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(a, n, times, BURST, mutex_burst, put_guarded);
}

/* ---- spin ---- */

static bool
spin_moment(struct cell *c, struct ring *r)
{
	for (unsigned i = 1; i < LOCK_SPINS; i++) {
		cpu_relax(1);
		if (!lock_take_word(&c->spin, r->id))
			continue;
		waited_a_moment(r);
		return true;
	}
	return false;
}

ALWAYS_INLINE bool
spin_take(struct hand *h)
{
	if (!lock_take_word(&h->cell->spin, h->ring->id) &&
	    !spin_moment(h->cell, h->ring))
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
	return lock_burst(h, n, spin_take, spin_give, put_guarded);
}

uint64_t
spin_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(a, n, times, BURST, spin_burst, put_guarded);
}

/* ---- semaphore ---- */

/* Stand back, longer each time: better than to go to sleep at once. */
static bool
permit_moment(struct permit *p, struct ring *r)
{
	for (unsigned i = 0; i < BACKOFFS; i++) {
		cpu_relax(BACKOFF << i);
		if (!lock_take_word(&p->taker, r->id))
			continue;
		waited_a_moment(r);
		return true;
	}
	return false;
}

ALWAYS_INLINE bool
permit_take(struct permit *p, struct ring *r)
{
	return lock_take_word(&p->taker, r->id) || permit_moment(p, r);
}

/* The exchange is a full barrier: see wake_sleepers(). */
ALWAYS_INLINE void
permit_give(struct permit *p)
{
	atomic_exchange(&p->taker, 0);
	if (wake_sleepers(&p->back))
		wake_some(&p->back, 1);
}

ALWAYS_INLINE bool
semaphore_take(struct hand *h)
{
	if (!permit_take(&h->cell->permit, h->ring))
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
	return lock_burst(h, n, semaphore_take, semaphore_give, put_guarded);
}

uint64_t
semaphore_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(a, n, times, BURST, semaphore_burst, put_guarded);
}

/* ---- ticket ---- */

/*
 * If the next ticket is the one that is served, whoever draws it has the lock.
 * Nobody need be told in its place before another one comes. While `next` is
 * what we have left there, nobody has come since our last turn.
 */
ALWAYS_INLINE bool
ticket_take(struct hand *h)
{
	struct cell *c = h->cell;
	uint64_t next = h->left;

	if (next == 0) {
		next = atomic_load_explicit(&c->next, RELAXED);
		if (atomic_load_explicit(&c->serving, memory_order_acquire) !=
		    ticket_of(next))
			return false;
	}
	h->left = ticket_word(ticket_of(next) + 1, h->ring->id);
	if (!atomic_compare_exchange_strong(&c->next, &next, h->left)) {
		h->left = 0;
		return false;
	}
	CRASH_POINT("ticket-served");
	return true;
}

/* One store: the turn is over, or it is not. */
ALWAYS_INLINE void
ticket_give(struct hand *h)
{
	CRASH_POINT("ticket-before-next");
	atomic_store_explicit(
	    &h->cell->serving, ticket_of(h->left), memory_order_release);
}

static uint64_t
ticket_burst(struct hand *h, uint64_t n)
{
	return lock_burst(h, n, ticket_take, ticket_give, put_guarded);
}

uint64_t
ticket_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(a, n, times, BURST, ticket_burst, put_guarded);
}

/* ---- unshared ---- */

ALWAYS_INLINE bool
unshared_take(struct hand *h)
{
	if (!permit_take(&lock_unshared, h->ring))
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

/* Waits can be long, so the doubt is set per burst. No add is settled. */
static uint64_t
unshared_burst(struct hand *h, uint64_t n)
{
	ring_doubt(h->ring, true);
	uint64_t made =
	    lock_burst(h, n, unshared_take, unshared_give, put_exchanged);
	ring_cancel(h->ring);
	return made;
}

static void
put_unshared(struct hand *h)
{
	intend(h, 0);
	put_exchanged(h);
}

uint64_t
unshared_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(a, n, times, BURST, unshared_burst, put_unshared);
}
