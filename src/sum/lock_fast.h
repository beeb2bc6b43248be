/*
 * lock_fast: fast paths for adds that nothing observes, for all lock kinds.
 *
 * Without a window, a trace and a step an add takes a few nanoseconds, and the
 * bookkeeping around it would take as long. So each kind has one loop that does
 * what the kind's acquire, add and release do, in the same order and with the
 * same words. Anything slower is left to those, in particular a lock that is
 * not acquired quickly.
 *
 * After each burst of adds, about a microsecond, the loop checks whether the
 * adds are observed again. A switch of the kind loses nothing by that: it waits
 * until the add is no longer announced.
 */
#ifndef LOCKSTEP_LOCK_FAST_H
#define LOCKSTEP_LOCK_FAST_H

#include "base/fault.h"
#include "slot/ledger.h"
#include "sum/lock_priv.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/*
 * What an add needs, kept in registers: after an atomic read-modify-write it
 * would have to be loaded again. No other thread writes this ledger. The struct
 * fits into the registers that a call preserves.
 */
struct hand {
	struct cell *cell;
	struct thread_slot *tslot;
	uint64_t step; /* what an add adds to the word's value; our id */
	uint64_t committed;
	uint64_t left; /* ticket: `next` after our last turn; 0: unknown */
};

ALWAYS_INLINE struct hand
hand_of(struct cell *c, struct thread_slot *r, int64_t n)
{
	return (struct hand){.cell = c,
	    .tslot = r,
	    .step = word_make(n, r->id),
	    .committed = atomic_load_explicit(&r->committed, RELAXED)};
}

/* The word with its id cleared. */
ALWAYS_INLINE uint64_t
word_value_in(uint64_t word)
{
	return word & ~(uint64_t)CELL_MAX_ID;
}

/* As ledger_intend(). */
ALWAYS_INLINE void
hand_intend(struct hand *h, int64_t seen)
{
	atomic_store_explicit(&h->tslot->intent,
	    ledger_note(seen, (h->committed >> LEDGER_ADDS_BIT) + 1),
	    memory_order_release);
}

/* As ledger_commit(). */
ALWAYS_INLINE void
hand_commit(struct hand *h)
{
	CRASH_POINT("cell-before-commit");
	atomic_store_explicit(&h->tslot->committed,
	    h->committed += LEDGER_ONE_ADD, memory_order_release);
}

/* As add_guarded(). */
ALWAYS_INLINE void
hand_put_guarded(struct hand *h)
{
	_Atomic uint64_t *word = &h->cell->word;
	uint64_t from = atomic_load_explicit(word, RELAXED);

	hand_intend(h, word_value(from));
	CRASH_POINT("cell-before-store");
	atomic_store_explicit(
	    word, word_value_in(from) + h->step, memory_order_release);
	CRASH_POINT("cell-after-store");
	hand_commit(h);
}

/*
 * The race of add_unprotected(), repeated without window, trace and steps: see
 * add(). Such adds are never settled: see ledger_doubt().
 */
ALWAYS_INLINE void
hand_put_exchanged(struct hand *h)
{
	_Atomic uint64_t *word = &h->cell->word;
	uint64_t from = atomic_load_explicit(word, RELAXED);

	CRASH_POINT("cell-before-store");
	uint64_t before = atomic_exchange_explicit(
	    word, word_value_in(from) + h->step, memory_order_release);
	CRASH_POINT("cell-after-store");
	if (word_value_in(before) == word_value_in(from)) {
		hand_commit(h);
		return;
	}
	ledger_commit_lost(h->tslot, word_value(before) - word_value(from));
	h->committed = atomic_load_explicit(&h->tslot->committed, RELAXED);
}

/* May a fast path go on? Only while nothing observes this thread's adds. */
bool lock_fast_goes_on(struct adder *);

/* As k->acquire(); then the thread has its interpreter lock again. */
bool lock_acquire(struct adder *, const struct lock_kind *);

/* Count a wait that was too short to be timed. */
static inline void
lock_waited_a_moment(struct thread_slot *r)
{
	SLOT_BUMP(r->contended, 1);
}

/* Up to n adds, as long as the lock is acquired at once. Returns how many. */
ALWAYS_INLINE uint64_t
lock_burst(struct hand *at, uint64_t n, bool (*take)(struct hand *),
    void (*give)(struct hand *), void (*put)(struct hand *))
{
	struct hand h = *at;
	uint64_t left = n;

	for (; left > 0 && take(&h); left--) {
		put(&h);
		give(&h);
	}
	*at = h;
	return n - left;
}

/*
 * Make up to `times` adds, as long as nothing observes them, in bursts of at
 * most `size`. `burst` returns how many adds it made; if not all, the loop
 * waits for the lock and makes one add by `put`. Returns how many were made.
 */
uint64_t hand_locked(struct adder *, int64_t n, uint64_t times, uint64_t size,
    uint64_t (*burst)(struct hand *, uint64_t), void (*put)(struct hand *));

/* The same for a kind without a lock: a burst makes all its adds. */
uint64_t hand_free(struct adder *, int64_t n, uint64_t times, uint64_t size,
    void (*burst)(struct hand *, uint64_t));

#endif
