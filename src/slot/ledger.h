/*
 * ledger: what a thread has added to the sum, exact also if it is killed.
 *
 * The ledger costs an add two stores. What an add is about to do stands in
 * `intent`; `committed` counts the adds done, and an add is committed by the
 * store that increments it. What is the same for many adds in a row is in the
 * current book: their amount, and the totals at its beginning. So all that was
 * added is
 *
 *	book.expected + book.amount * (adds - book.start)
 *
 * The ledger is double-buffered; a bit of the same word selects the current
 * book. For another amount the other book is written first; then that one store
 * makes it current. With what the adds have wiped out it is the same: two
 * copies, a bit, and the store that commits the add selects the copy that
 * includes it. So all four numbers are changed, or none.
 *
 * Why a kill does no harm: a thread that dies has done all that its program
 * does before some instruction, and nothing behind it, and its stores are seen
 * by all once it can be reaped. So what counts is the order of the stores in
 * the program. All of them are releases, which no compiler moves above what the
 * program does before: the stores here, the one that changes the sum (also if
 * it is part of a read-modify-write), the one that takes away the name of the
 * lock's holder, and the one that gives the lock back. `intent` holds, with
 * what was read, the number of the commit to come: an add cut short between the
 * two is known by it, whatever the thread did before. For readers of a living
 * thread see ledger_read().
 */
#ifndef LOCKSTEP_LEDGER_H
#define LOCKSTEP_LEDGER_H

#include "base/fault.h"
#include "slot/slot.h"

/* Totals of one thread, or of many. */
struct ledger {
	int64_t expected; /* all amounts added */
	int64_t lost;     /* amount that its stores wiped out, net */
	uint64_t adds;
	uint64_t lost_updates; /* stores over somebody else's value */
};

#define LEDGER_BOOK     1U /* bits of `committed` */
#define LEDGER_LOSSES   2U
#define LEDGER_ADDS_BIT 2
#define LEDGER_ONE_ADD  (UINT64_C(1) << LEDGER_ADDS_BIT)

#define LEDGER_TAG_BITS 14 /* of the number of a commit, in `intent` */
#define LEDGER_TAG      ((UINT64_C(1) << LEDGER_TAG_BITS) - 1)

static inline uint64_t
ledger_adds(const struct thread_slot *r)
{
	return atomic_load_explicit(&r->committed, RELAXED) >> LEDGER_ADDS_BIT;
}

static inline struct ledger_book *
ledger_current(struct thread_slot *r)
{
	return &r->books[atomic_load_explicit(&r->committed, RELAXED) &
	    LEDGER_BOOK];
}

/* What was read, beside the number of adds that there are or will be. */
static inline uint64_t
ledger_note(int64_t seen, uint64_t adds)
{
	return (uint64_t)seen << LEDGER_TAG_BITS | (adds & LEDGER_TAG);
}

/* The adds from now on are of this amount. */
void ledger_amount(struct thread_slot *, int64_t amount);

/* Say what an add of that amount is about to do to the sum. */
static inline void
ledger_intend(struct thread_slot *r, int64_t seen)
{
	atomic_store_explicit(&r->intent, ledger_note(seen, ledger_adds(r) + 1),
	    memory_order_release);
}

/* The add is done and has wiped out nothing. */
static inline void
ledger_commit(struct thread_slot *r)
{
	CRASH_POINT("cell-before-commit");
	atomic_store_explicit(&r->committed,
	    atomic_load_explicit(&r->committed, RELAXED) + LEDGER_ONE_ADD,
	    memory_order_release);
}

/* The add is done and has wiped out `lost` of others. */
static inline void
ledger_commit_lost(struct thread_slot *r, int64_t lost)
{
	uint64_t done = atomic_load_explicit(&r->committed, RELAXED);
	struct ledger_losses *was = &r->losses[(done & LEDGER_LOSSES) != 0];
	struct ledger_losses *is = &r->losses[(done & LEDGER_LOSSES) == 0];

	atomic_store_explicit(&is->lost,
	    atomic_load_explicit(&was->lost, RELAXED) + lost,
	    memory_order_release);
	atomic_store_explicit(&is->updates,
	    atomic_load_explicit(&was->updates, RELAXED) + 1,
	    memory_order_release);
	CRASH_POINT("cell-before-losses");
	atomic_store_explicit(&r->committed,
	    (done + LEDGER_ONE_ADD) ^ LEDGER_LOSSES, memory_order_release);
}

/* An add that never happened: take the intent back. */
void ledger_cancel(struct thread_slot *);

/* Of an add cut short: what the sum was to be. */
int64_t ledger_meant(struct thread_slot *);

/*
 * The part of a thread needs no intent: `parted` holds what it was at how many
 * adds, and nobody else changes it. So within a burst of less than 2^14 adds
 * it tells by itself how many were made. At its end both notes are brought up
 * to date, for they must not seem to be of later adds.
 */
static inline void
ledger_part_begin(struct thread_slot *r)
{
	atomic_store_explicit(&r->parted,
	    ledger_note(
		atomic_load_explicit(&r->part, RELAXED), ledger_adds(r)),
	    memory_order_release);
}

static inline void
ledger_part_end(struct thread_slot *r)
{
	ledger_part_begin(r);
	ledger_cancel(r);
}

/*
 * From here to its end any add may be cut short, and none will be settled: for
 * many adds in a row, of which nobody could tell whether the last one was done.
 */
static inline void
ledger_doubt(struct thread_slot *r, bool begins)
{
	atomic_store_explicit(&r->doubt, begins, memory_order_release);
}

/* Is an add cut short here? Only asked of a thread that is dead. */
bool ledger_pending(const struct thread_slot *);

/* A consistent copy of the books of a living thread. */
struct ledger ledger_read(const struct thread_slot *);

void ledger_add(struct ledger *, const struct ledger *);

#endif
