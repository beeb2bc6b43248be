/*
 * ledger: what a thread has added to the sum, exact even if it is killed.
 *
 * The ledger costs an add two stores. `intent` records what an add is about to
 * do. `committed` counts the adds done; the store that increments it commits an
 * add. The current book holds what stays the same for many adds in a row: their
 * amount, and the totals before the first of them. So the total added is
 *
 *	book.expected + book.amount * (adds - book.start)
 *
 * The ledger is double-buffered: a bit of `committed` selects the current book.
 * When the amount changes, the thread writes the other book first, and then the
 * store that flips the bit makes it current. What the adds have overwritten is
 * kept the same way: in two copies, and the store that commits an add also
 * selects the copy that includes it. So all four numbers change, or none.
 *
 * Why a kill does no harm: a thread that dies has executed its program up to
 * some instruction and nothing after it, and all its stores are visible once it
 * can be reaped. So only the order of the stores in the program matters. Each
 * of them is a release, which no compiler moves above anything that the program
 * does before it: the stores here, the store that changes the sum (even inside
 * a read-modify-write), the one that clears the holder's id, and the one that
 * releases the lock. `intent` holds, next to the value read, the number of the
 * commit to come. An add cut short between the two is recognised by that
 * number, whatever the thread did before. For readers of a living thread see
 * ledger_read().
 */
#ifndef LOCKSTEP_LEDGER_H
#define LOCKSTEP_LEDGER_H

#include "base/fault.h"
#include "slot/slot.h"

/* Totals of one thread, or of many. */
struct ledger {
	int64_t expected; /* all amounts added */
	int64_t lost;     /* amount that its stores overwrote, net */
	uint64_t adds;
	uint64_t lost_updates; /* stores that overwrote another's update */
};

#define LEDGER_BOOK     1U /* bits of `committed` */
#define LEDGER_LOSSES   2U
#define LEDGER_ADDS_BIT 2
#define LEDGER_ONE_ADD  (UINT64_C(1) << LEDGER_ADDS_BIT)

#define LEDGER_TAG_BITS 14 /* of the commit number in `intent` */
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

/* A note for `intent` or `parted`: a value read, and a number of adds. */
static inline uint64_t
ledger_note(int64_t seen, uint64_t adds)
{
	return (uint64_t)seen << LEDGER_TAG_BITS | (adds & LEDGER_TAG);
}

/* Adds from now on have this amount. */
void ledger_amount(struct thread_slot *, int64_t amount);

/* Record that an add is about to store `seen` plus the current amount. */
static inline void
ledger_intend(struct thread_slot *r, int64_t seen)
{
	atomic_store_explicit(&r->intent, ledger_note(seen, ledger_adds(r) + 1),
	    memory_order_release);
}

/* The add is done and has overwritten no update. */
static inline void
ledger_commit(struct thread_slot *r)
{
	CRASH_POINT("cell-before-commit");
	atomic_store_explicit(&r->committed,
	    atomic_load_explicit(&r->committed, RELAXED) + LEDGER_ONE_ADD,
	    memory_order_release);
}

/* The add is done and has overwritten `lost` of others' updates. */
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

/* The add did not happen: withdraw the intent, and end the doubt. */
void ledger_cancel(struct thread_slot *);

/* What the sum would be after the add that was cut short. */
int64_t ledger_meant(struct thread_slot *);

/*
 * The part of a thread needs no intent. `parted` records its value and the
 * number of adds at the start of a burst, and no other thread changes the part.
 * So within a burst of fewer than 2^14 adds, the part itself shows how many
 * were made. At the end of the burst `parted` and `intent` are both brought up
 * to date, so that they cannot be mistaken for notes of later adds.
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
 * Mark the beginning and the end of a burst of adds that cannot be settled: if
 * the thread dies in between, nothing shows whether its last add was done, and
 * one add is in doubt.
 */
static inline void
ledger_doubt(struct thread_slot *r, bool begins)
{
	atomic_store_explicit(&r->doubt, begins, memory_order_release);
}

/* Was an add cut short, or may one have been? Only for a dead thread. */
bool ledger_pending(const struct thread_slot *);

/* A consistent copy of the totals; the thread may be running. */
struct ledger ledger_read(const struct thread_slot *);

void ledger_add(struct ledger *, const struct ledger *);

#endif
