/*
 * lock_quick: adds that there is nothing to be seen of.
 *
 * Without a window, a trace and a step an add takes some nanoseconds, and what
 * goes before it and after it would take as long. So here is a loop for each
 * kind with all of it in one place. It does what the kind's acquire, add and
 * release do, in the same order and with the same words; whatever takes longer
 * is left to those: a lock that is not had within a moment, above all.
 *
 * Whether there is something to be seen is looked at after a burst of adds,
 * which takes less than a microsecond. A switch of the kind loses nothing by
 * that: it waits until the add is announced no more.
 *
 * Who has the lock stands in the word of the lock, which is enough for whoever
 * looks (cell_holder()) and for the heir; so cell->holder is not written.
 */
#include "cpu.h"
#include "hook.h"
#include "lock_priv.h"
#include "util.h"

#define BURST      16
#define PART_BURST 1024 /* of adds that take less than a nanosecond */
#define BACKOFF    8    /* pauses */
#define BACKOFFS   6    /* each twice as long */

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Nothing to be seen, nothing to be done but to add. */
ALWAYS_INLINE bool
calm(struct adder *a, uint32_t kind)
{
	a->blind = atomic_load_explicit(&a->control->blind, RELAXED) != 0;
	return atomic_load_explicit(&a->gate->closed, RELAXED) == 0 &&
	    atomic_load_explicit(&a->control->kind, RELAXED) == kind &&
	    atomic_load_explicit(&a->control->window, RELAXED) == 0 &&
	    (a->blind || !trace_on(a->ring));
}

ALWAYS_INLINE uint64_t
burst_end(uint64_t done, uint64_t times, uint64_t most)
{
	return times - done < most ? times : done + most;
}

/* A moment's wait, too short to be timed. */
static void
waited_a_moment(struct ring *r)
{
	RING_BUMP(r->contended, 1);
}

/*
 * What an add needs, in registers: behind an operation that locks the bus it
 * would have to be loaded anew. Nobody else writes the thread's books.
 */
struct hand {
	struct ring *ring;
	_Atomic uint64_t *word;
	uint64_t committed;
	uint32_t id;
};

ALWAYS_INLINE struct hand
hand_of(const struct adder *a)
{
	return (struct hand){.ring = a->ring,
	    .word = &a->cell->word,
	    .committed = atomic_load_explicit(&a->ring->committed, RELAXED),
	    .id = a->ring->id};
}

/* As ring_intend(). */
ALWAYS_INLINE void
intend(struct hand *h, int64_t seen)
{
	atomic_store_explicit(&h->ring->intent,
	    ring_note(seen, (h->committed >> RING_ADDS_BIT) + 1),
	    memory_order_release);
}

/* As ring_commit(). */
ALWAYS_INLINE void
commit(struct hand *h)
{
	CRASH_POINT("cell-before-commit");
	atomic_store_explicit(&h->ring->committed, h->committed += RING_ONE_ADD,
	    memory_order_release);
}

/* As add_guarded(). */
ALWAYS_INLINE void
put_guarded(struct hand *h, int64_t n)
{
	int64_t seen = word_value(atomic_load_explicit(h->word, RELAXED));

	intend(h, seen);
	CRASH_POINT("cell-before-store");
	atomic_store_explicit(
	    h->word, word_make(seen + n, h->id), memory_order_release);
	CRASH_POINT("cell-after-store");
	commit(h);
}

/* As add_unprotected(); such adds are never settled: see ring_doubt(). */
ALWAYS_INLINE void
put_exchanged(struct hand *h, int64_t n)
{
	int64_t seen = word_value(atomic_load_explicit(h->word, RELAXED));

	CRASH_POINT("cell-before-store");
	uint64_t before = atomic_exchange_explicit(
	    h->word, word_make(seen + n, h->id), RELAXED);
	CRASH_POINT("cell-after-store");
	if (word_value(before) == seen) {
		commit(h);
		return;
	}
	ring_commit_lost(h->ring, word_value(before) - seen);
	h->committed = atomic_load_explicit(&h->ring->committed, RELAXED);
}

/* The loop of the kinds with a lock. Who had to wait looks around again. */
ALWAYS_INLINE uint64_t with_lock (struct adder *a, int64_t n, uint64_t times,
    uint32_t kind, bool (*take)(struct adder *, uint64_t *),
    void (*give)(struct adder *, uint64_t *),
    void (*put)(struct hand *, int64_t))
{
	const struct lock_kind *k = &lock_kinds[kind];
	uint64_t done = 0, state = 0; /* of take and give; 0: nothing known */
	struct hand h = hand_of(a);

	a->traced = a->stepped = false;
	while (done < times && calm(a, kind)) {
		uint64_t start = done, end = burst_end(done, times, BURST);

		for (; done < end && take(a, &state); done++) {
			put(&h, n);
			give(a, &state);
		}
		RING_BUMP(a->ring->acquired, done - start);
		if (done == end)
			continue;
		if (!k->acquire(a))
			break;
		state = 0;
		put(&h, n);
		k->release(a);
		done++;
	}
	return done;
}

/* ---- spin ---- */

static bool
spin_moment(struct adder *a)
{
	for (unsigned i = 1; i < LOCK_SPINS; i++) {
		cpu_relax(1);
		if (!lock_take_word(&a->cell->spin, a->ring->id))
			continue;
		waited_a_moment(a->ring);
		return true;
	}
	return false;
}

ALWAYS_INLINE bool
spin_take(struct adder *a, uint64_t *unused)
{
	(void)unused;
	if (!lock_take_word(&a->cell->spin, a->ring->id) && !spin_moment(a))
		return false;
	CRASH_POINT("spin-locked");
	return true;
}

ALWAYS_INLINE void
spin_give(struct adder *a, uint64_t *unused)
{
	(void)unused;
	CRASH_POINT("spin-before-unlock");
	atomic_store_explicit(&a->cell->spin, 0, memory_order_release);
}

uint64_t
spin_quick(struct adder *a, int64_t n, uint64_t times, uint32_t kind)
{
	return with_lock (a, n, times, kind, spin_take, spin_give, put_guarded);
}

/* ---- semaphore ---- */

/* Stand back, longer each time: better than to go to sleep at once. */
static bool
permit_moment(struct adder *a)
{
	for (unsigned i = 0; i < BACKOFFS; i++) {
		cpu_relax(BACKOFF << i);
		if (!lock_take_word(&a->cell->permit, a->ring->id))
			continue;
		waited_a_moment(a->ring);
		return true;
	}
	return false;
}

ALWAYS_INLINE bool
semaphore_take(struct adder *a, uint64_t *unused)
{
	(void)unused;
	if (!lock_take_word(&a->cell->permit, a->ring->id) && !permit_moment(a))
		return false;
	CRASH_POINT("semaphore-taken");
	return true;
}

/* The exchange is a full barrier: see wake_sleepers(). */
ALWAYS_INLINE void
semaphore_give(struct adder *a, uint64_t *unused)
{
	(void)unused;
	CRASH_POINT("semaphore-before-post");
	atomic_exchange(&a->cell->permit, 0);
	if (wake_sleepers(&a->cell->permit_back))
		wake_some(&a->cell->permit_back, 1);
}

uint64_t
semaphore_quick(struct adder *a, int64_t n, uint64_t times, uint32_t kind)
{
	return with_lock (
	    a, n, times, kind, semaphore_take, semaphore_give, put_guarded);
}

/* ---- ticket ---- */

/*
 * If the next ticket is the one that is served, whoever draws it has the lock.
 * Nobody need be told in its place before another one comes. While `next` is
 * what we have left there, nobody has come since our last turn.
 */
ALWAYS_INLINE bool
ticket_take(struct adder *a, uint64_t *left)
{
	struct cell *c = a->cell;
	uint64_t next = *left;

	if (next == 0) {
		next = atomic_load_explicit(&c->next, RELAXED);
		if (atomic_load_explicit(&c->serving, memory_order_acquire) !=
		    ticket_of(next))
			return false;
	}
	*left = ticket_word(ticket_of(next) + 1, a->ring->id);
	if (!atomic_compare_exchange_strong(&c->next, &next, *left)) {
		*left = 0;
		return false;
	}
	CRASH_POINT("ticket-served");
	return true;
}

/* One store: the turn is over, or it is not. */
ALWAYS_INLINE void
ticket_give(struct adder *a, uint64_t *left)
{
	struct cell *c = a->cell;

	CRASH_POINT("ticket-before-next");
	atomic_store_explicit(
	    &c->serving, ticket_of(*left), memory_order_release);
}

uint64_t
ticket_quick(struct adder *a, int64_t n, uint64_t times, uint32_t kind)
{
	return with_lock (
	    a, n, times, kind, ticket_take, ticket_give, put_guarded);
}

/* ---- unshared ---- */

ALWAYS_INLINE bool
unshared_take(struct adder *a, uint64_t *unused)
{
	(void)unused;
	(void)a;
	if (pthread_mutex_trylock(&lock_unshared) != 0)
		return false;
	CRASH_POINT("unshared-locked");
	return true;
}

ALWAYS_INLINE void
unshared_give(struct adder *a, uint64_t *unused)
{
	(void)unused;
	(void)a;
	CRASH_POINT("unshared-before-unlock");
	pthread_mutex_unlock(&lock_unshared);
}

/* Waits are long, so doubt is not for all the time; there is no settling. */
ALWAYS_INLINE void
put_unshared(struct hand *h, int64_t n)
{
	intend(h, 0);
	put_exchanged(h, n);
}

uint64_t
unshared_quick(struct adder *a, int64_t n, uint64_t times, uint32_t kind)
{
	return with_lock (
	    a, n, times, kind, unshared_take, unshared_give, put_unshared);
}

/* ---- no lock ---- */

ALWAYS_INLINE uint64_t
without_lock(struct adder *a, int64_t n, uint64_t times, uint32_t kind,
    void (*put)(struct hand *, int64_t))
{
	struct hand h = hand_of(a);
	uint64_t done = 0;

	while (done < times && calm(a, kind)) {
		uint64_t end = burst_end(done, times, BURST);

		ring_doubt(a->ring, true);
		for (; done < end; done++)
			put(&h, n);
		ring_cancel(a->ring); /* nor is a note of old to be one of it */
	}
	return done;
}

uint64_t
none_quick(struct adder *a, int64_t n, uint64_t times, uint32_t kind)
{
	return without_lock(a, n, times, kind, put_exchanged);
}

/* As add_atomic(). */
ALWAYS_INLINE void
put_atomic(struct hand *h, int64_t n)
{
	CRASH_POINT("atomic-before-add");
	atomic_fetch_add_explicit(
	    h->word, (uint64_t)n << CELL_ID_BITS, RELAXED);
	CRASH_POINT("atomic-after-add");
	commit(h);
}

uint64_t
atomic_quick(struct adder *a, int64_t n, uint64_t times, uint32_t kind)
{
	return without_lock(a, n, times, kind, put_atomic);
}

/* As add_swap(). */
ALWAYS_INLINE void
put_swapped(struct hand *h, int64_t n)
{
	uint64_t seen = atomic_load_explicit(h->word, RELAXED), again = 0;

	for (;;) {
		CRASH_POINT("cas-before-swap");
		if (atomic_compare_exchange_strong_explicit(h->word, &seen,
			word_make(word_value(seen) + n, h->id), RELAXED,
			RELAXED))
			break;
		again++;
	}
	CRASH_POINT("cas-after-swap");
	commit(h);
	if (again > 0)
		RING_BUMP(h->ring->contended, again);
}

uint64_t
cas_quick(struct adder *a, int64_t n, uint64_t times, uint32_t kind)
{
	return without_lock(a, n, times, kind, put_swapped);
}

/*
 * Partial sums: two stores an add. What the part is and how many adds there
 * are stays at hand, for nobody else changes either; see ring_part_begin().
 */
uint64_t
partial_quick(struct adder *a, int64_t n, uint64_t times, uint32_t kind)
{
	struct ring *r = a->ring;
	uint64_t done = 0;

	while (done < times && calm(a, kind)) {
		uint64_t end = burst_end(done, times, PART_BURST);
		uint64_t committed =
		    atomic_load_explicit(&r->committed, RELAXED);
		int64_t part = atomic_load_explicit(&r->part, RELAXED);

		ring_part_begin(r);
#pragma GCC unroll 8
		for (; done < end; done++) {
			CRASH_POINT("partial-before-store");
			atomic_store_explicit(
			    &r->part, part += n, memory_order_release);
			CRASH_POINT("partial-after-store");
			atomic_store_explicit(&r->committed,
			    committed += RING_ONE_ADD, memory_order_release);
		}
	}
	ring_part_end(r);
	return done;
}
