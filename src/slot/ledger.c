/* ledger: what a thread has added to the sum. */
#include "slot/ledger.h"

/*
 * Write the book that is not current, then make it current. The stores release:
 * the current book never appears odd, and no reader sees any of the new book
 * before its odd version (ledger_read() acquires). A writer that died in here
 * may have left the version odd.
 */
void
ledger_amount(struct thread_slot *r, int64_t amount)
{
	uint64_t done = atomic_load_explicit(&r->committed, RELAXED);
	struct ledger_book *b = &r->books[~done & LEDGER_BOOK];
	uint64_t version = atomic_load_explicit(&b->version, RELAXED) | 1;

	if (atomic_load_explicit(&ledger_current(r)->amount, RELAXED) == amount)
		return;
	struct ledger l = ledger_read(r);
	atomic_store_explicit(&b->version, version, memory_order_release);
	atomic_store_explicit(&b->start, l.adds, memory_order_release);
	atomic_store_explicit(&b->expected, l.expected, memory_order_release);
	atomic_store_explicit(&b->amount, amount, memory_order_release);
	atomic_store_explicit(&b->version, version + 1, memory_order_release);
	CRASH_POINT("book-before-force");
	atomic_store_explicit(
	    &r->committed, done ^ LEDGER_BOOK, memory_order_release);
}

void
ledger_cancel(struct thread_slot *r)
{
	atomic_store_explicit(
	    &r->intent, ledger_note(0, ledger_adds(r)), memory_order_release);
	ledger_doubt(r, false);
}

int64_t
ledger_meant(struct thread_slot *r)
{
	uint64_t intent = atomic_load_explicit(&r->intent, RELAXED);

	return ((int64_t)intent >> LEDGER_TAG_BITS) +
	    atomic_load_explicit(&ledger_current(r)->amount, RELAXED);
}

bool
ledger_pending(const struct thread_slot *r)
{
	uint64_t intent =
	    atomic_load_explicit(&r->intent, memory_order_acquire);
	uint64_t adds =
	    atomic_load_explicit(&r->committed, memory_order_acquire) >>
	    LEDGER_ADDS_BIT;

	return (intent & LEDGER_TAG) == ((adds + 1) & LEDGER_TAG) ||
	    atomic_load_explicit(&r->doubt, memory_order_acquire) != 0;
}

/*
 * The copies that `committed` selects belong to that value if neither has been
 * rewritten while they were read; each copy counts how often it is written.
 */
struct ledger
ledger_read(const struct thread_slot *r)
{
	const memory_order order = memory_order_acquire;
	uint64_t done = atomic_load_explicit(&r->committed, order);

	for (;;) {
		const struct ledger_book *b = &r->books[done & LEDGER_BOOK];
		const struct ledger_losses *w =
		    &r->losses[(done & LEDGER_LOSSES) != 0];
		uint64_t version = atomic_load_explicit(&b->version, order);
		uint64_t updates = atomic_load_explicit(&w->updates, order);
		uint64_t start = atomic_load_explicit(&b->start, order);
		int64_t amount = atomic_load_explicit(&b->amount, order);
		int64_t before = atomic_load_explicit(&b->expected, order);
		int64_t lost = atomic_load_explicit(&w->lost, order);
		uint64_t again = atomic_load_explicit(&r->committed, order);
		uint64_t adds = again >> LEDGER_ADDS_BIT;

		if ((version & 1) == 0 &&
		    ((again ^ done) & (LEDGER_BOOK | LEDGER_LOSSES)) == 0 &&
		    atomic_load_explicit(&b->version, RELAXED) == version &&
		    atomic_load_explicit(&w->updates, RELAXED) == updates)
			return (struct ledger){.adds = adds,
			    .expected =
				before + amount * (int64_t)(adds - start),
			    .lost = lost,
			    .lost_updates = updates};
		done = again;
	}
}

void
ledger_add(struct ledger *to, const struct ledger *from)
{
	to->expected += from->expected;
	to->lost += from->lost;
	to->adds += from->adds;
	to->lost_updates += from->lost_updates;
}
