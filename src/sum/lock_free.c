/* lock_free: the kinds without a lock, many adds in a row; see lock_fast.h. */
#include "slot/ledger.h"
#include "sum/lock_fast.h"

#define BURST      32
#define PART_BURST 1024 /* of adds that take less than a nanosecond */

ALWAYS_INLINE void
free_burst(struct hand *at, uint64_t n, void (*put)(struct hand *))
{
	struct hand h = *at;

	ledger_doubt(h.tslot, true);
	for (; n > 0; n--)
		put(&h);
	ledger_cancel(h.tslot); /* and an old intent must match no later add */
	*at = h;
}

static void
lock_free_none_burst(struct hand *h, uint64_t n)
{
	free_burst(h, n, hand_put_exchanged);
}

uint64_t
lock_none_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_free(a, n, times, BURST, lock_free_none_burst);
}

/* As add_atomic(). */
ALWAYS_INLINE void
lock_free_hand_put_atomic(struct hand *h)
{
	CRASH_POINT("atomic-before-add");
	atomic_fetch_add_explicit(
	    &h->cell->word, word_value_in(h->step), memory_order_release);
	CRASH_POINT("atomic-after-add");
	hand_commit(h);
}

static void
lock_free_atomic_burst(struct hand *h, uint64_t n)
{
	free_burst(h, n, lock_free_hand_put_atomic);
}

uint64_t
lock_atomic_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_free(a, n, times, BURST, lock_free_atomic_burst);
}

/* As add_swap(). */
ALWAYS_INLINE void
lock_free_hand_put_swapped(struct hand *h)
{
	_Atomic uint64_t *word = &h->cell->word;
	uint64_t seen = atomic_load_explicit(word, RELAXED), again = 0;

	for (;;) {
		CRASH_POINT("cas-before-swap");
		if (atomic_compare_exchange_strong_explicit(word, &seen,
			word_value_in(seen) + h->step, memory_order_release,
			RELAXED))
			break;
		again++;
	}
	CRASH_POINT("cas-after-swap");
	hand_commit(h);
	if (again > 0)
		SLOT_BUMP(h->tslot->contended, again);
}

static void
lock_free_cas_burst(struct hand *h, uint64_t n)
{
	free_burst(h, n, lock_free_hand_put_swapped);
}

uint64_t
lock_cas_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_free(a, n, times, BURST, lock_free_cas_burst);
}

/*
 * Partial sums cost two stores per add. The part and the number of adds are
 * kept in registers, because no other thread changes them; see
 * ledger_part_begin().
 */
static void
lock_free_partial_burst(struct hand *h, uint64_t n)
{
	struct thread_slot *r = h->tslot;
	uint64_t committed = h->committed;
	int64_t part = atomic_load_explicit(&r->part, RELAXED);
	int64_t amount = word_value(h->step);

	ledger_part_begin(r);
#pragma GCC unroll 8
	for (; n > 0; n--) {
		CRASH_POINT("partial-before-store");
		atomic_store_explicit(
		    &r->part, part += amount, memory_order_release);
		CRASH_POINT("partial-after-store");
		atomic_store_explicit(&r->committed,
		    committed += LEDGER_ONE_ADD, memory_order_release);
	}
	h->committed = committed;
}

uint64_t
lock_partial_quick(struct adder *a, int64_t n, uint64_t times)
{
	uint64_t done =
	    hand_free(a, n, times, PART_BURST, lock_free_partial_burst);

	ledger_part_end(a->tslot);
	return done;
}
