/* add: sum = sum + n, as each lock kind does it. */
#include "sum/add.h"

#include <sched.h>

#include "base/fault.h"
#include "lockstep/util.h"
#include "slot/ledger.h"
#include "slot/trace.h"
#include "sum/lock_priv.h"

#define WINDOW_SPIN   (50 * NSEC_PER_USEC) /* up to here: spin */
#define WINDOW_YIELD  NSEC_PER_MSEC        /* up to here: yield */
#define WINDOW_STATED (10 * NSEC_PER_USEC) /* from here on: show the state */

/* As in `t = c; sleep(); c = t`: the interpreter lock is free meanwhile. */
static void
add_sleep(struct adder *a, uint64_t ns)
{
	uint64_t dropped = a->gil != NULL ? gil_drop_in_add(a->gil) : 0;

	gate_delay(a->gate, ns);
	if (a->gil != NULL)
		gil_enter_in_add(a->gil, a->tslot, dropped);
}

/* As in `t = c; t = f(t); c = t`: it goes to another thread if requested. */
static void
add_compute(struct adder *a, uint64_t ns)
{
	uint64_t end = now_ns() + ns;

	while (now_ns() < end)
		if (ns > WINDOW_SPIN)
			sched_yield();
	if (a->gil != NULL && gil_wanted(a->gil))
		gil_hand_over_in_add(a->gil, a->tslot);
}

/* Spend the window: the time between load and store. */
static void
add_window(struct adder *a, uint64_t ns)
{
	if (gate_stepped(a->gate))
		return; /* no time passes, not even for the owner of the sum */
	if (ns >= WINDOW_STATED && !a->blind)
		slot_state(a->tslot, STATE_WINDOW);
	uint64_t real = gate_scale(a->gate, ns);
	if (real > WINDOW_YIELD)
		add_sleep(a, ns);
	else
		add_compute(a, real);
	if (ns >= WINDOW_STATED && !a->blind)
		slot_state(a->tslot, STATE_RUNNING);
}

void
sum_window(struct adder *a)
{
	uint64_t ns = atomic_load_explicit(&a->control->window, RELAXED);

	if (ns != 0)
		add_window(a, ns);
}

void
add_trace_load(struct thread_slot *r, uint64_t stamp, uint64_t word)
{
	trace_write(r, stamp, TRACE_LOAD, word_value(word), 0, word_id(word));
}

void
add_trace_store(struct thread_slot *r, int64_t seen, int64_t n, uint64_t before)
{
	int64_t lost = word_value(before) - seen;
	uint64_t now = stamp_now();

	if (lost == 0) {
		trace_write(
		    r, now, TRACE_STORE, seen, seen + n, word_id(before));
		return;
	}
	trace_write(r, now, TRACE_STORE | TRACE_FLAGS(TRACE_LOSES), seen,
	    seen + n, word_id(before));
	trace_write(r, now, TRACE_LOST, seen, lost, word_id(before));
}

static inline void
add_stand(struct adder *a, enum frame_point op, int64_t value, int64_t n)
{
	lock_stand(a, op, THING_SUM, value, n);
}

/* If the load is the add's first operation, the thread has stood already. */
static inline void
add_stand_to_load(struct adder *a, int64_t n)
{
	if (a->stepped && !a->begun)
		add_stand(a, POINT_LOAD, 0, n);
}

/* Between the load and the store: the window, or two points. */
static inline void
add_stand_to_store(
    struct adder *a, enum frame_point op, uint64_t ns, int64_t seen, int64_t n)
{
	if (a->stepped) {
		add_stand(a, POINT_ADD, seen, n);
		add_stand(a, op, seen + n, n);
	} else if (ns != 0) {
		add_window(a, ns);
	}
}

static uint64_t
add_exchange(struct cell *c, uint64_t word)
{
	return atomic_exchange_explicit(&c->word, word, memory_order_release);
}

/* A lock keeps other stores out; if it fails, the accounting shows it. */
static uint64_t
add_look_and_store(struct cell *c, uint64_t word)
{
	uint64_t before = atomic_load_explicit(&c->word, RELAXED);

	atomic_store_explicit(&c->word, word, memory_order_release);
	return before;
}

/*
 * sum = sum + n: the race, written once for all kinds and all observation. Two
 * places repeat it: hand_put_exchanged() in lock_fast.h, without the
 * observation, which would cost more than the add; and do_step() in
 * explore/step_threads.c, as separate steps that the explorer orders.
 *
 * `put` stores and returns what was there before. The intent is recorded
 * between load and store or, if the add is unobserved (`blind`), before both:
 * with a lock held, the value to be read is known by then; without one the
 * value in the intent is never used.
 */
static inline void
add(struct adder *a, int64_t n, bool locked,
    uint64_t (*put)(struct cell *, uint64_t))
{
	const _Atomic uint64_t *word = &a->cell->word;
	struct thread_slot *r = a->tslot;
	uint64_t ns = atomic_load_explicit(&a->control->window, RELAXED);

	if (a->blind)
		ledger_intend(r,
		    locked ? word_value(atomic_load_explicit(word, RELAXED))
			   : 0);
	add_stand_to_load(a, n);
	uint64_t t0 = add_trace_begin(a);
	uint64_t from = atomic_load_explicit(word, RELAXED);
	int64_t seen = word_value(from);
	add_trace_step(a, from);
	add_stand_to_store(a, POINT_STORE, ns, seen, n);
	if (!a->blind)
		ledger_intend(r, seen);
	CRASH_POINT("cell-before-store");
	uint64_t before = put(a->cell, word_make(seen + n, r->id));
	CRASH_POINT("cell-after-store");
	if (word_value(before) == seen)
		ledger_commit(r);
	else
		ledger_commit_lost(r, word_value(before) - seen);
	add_trace_rest(a, t0, from, n, before);
}

void
add_unprotected(struct adder *a, int64_t n)
{
	add(a, n, false, add_exchange);
}

void
add_guarded(struct adder *a, int64_t n)
{
	add(a, n, true, add_look_and_store);
}

/* The id in the word remains that of the last writer under another kind. */
void
add_atomic(struct adder *a, int64_t n)
{
	struct thread_slot *r = a->tslot;

	ledger_intend(r, 0);
	CRASH_POINT("atomic-before-add");
	uint64_t before = atomic_fetch_add_explicit(
	    &a->cell->word, (uint64_t)n << CELL_ID_BITS, memory_order_release);
	CRASH_POINT("atomic-after-add");
	ledger_commit(r);
	add_trace_step(a, before);
	add_trace_rest(a, 0, before, n, before);
}

/* Store only if the word is still what was read, otherwise retry. */
void
add_swap(struct adder *a, int64_t n)
{
	struct thread_slot *r = a->tslot;
	uint64_t ns = atomic_load_explicit(&a->control->window, RELAXED);
	uint64_t again = 0;

	if (a->blind)
		ledger_intend(r, 0);
	uint64_t t0 = add_trace_begin(a);
	uint64_t seen = atomic_load_explicit(&a->cell->word, RELAXED);
	for (;;) {
		add_trace_step(a, seen);
		add_stand_to_store(a, POINT_SWAP, ns, word_value(seen), n);
		if (!a->blind)
			ledger_intend(r, word_value(seen));
		CRASH_POINT("cas-before-swap");
		if (atomic_compare_exchange_strong_explicit(&a->cell->word,
			&seen, word_make(word_value(seen) + n, r->id),
			memory_order_release, RELAXED))
			break;
		if (a->blind)
			again++; /* counted after the add */
		else
			SLOT_BUMP(r->contended, 1);
	}
	CRASH_POINT("cas-after-swap");
	ledger_commit(r);
	if (again > 0)
		SLOT_BUMP(r->contended, again);
	add_trace_rest(a, t0, seen, n, seen);
}

/* Only this thread writes its part: load and store are enough. */
void
add_apart(struct adder *a, int64_t n)
{
	struct thread_slot *r = a->tslot;
	uint64_t ns = atomic_load_explicit(&a->control->window, RELAXED);

	ledger_part_begin(r);
	uint64_t t0 = add_trace_begin(a);
	int64_t seen = atomic_load_explicit(&r->part, RELAXED);
	uint64_t mine = word_make(seen, 0);
	add_trace_step(a, mine);
	add_stand_to_store(a, POINT_STORE, ns, seen, n);
	CRASH_POINT("partial-before-store");
	atomic_store_explicit(&r->part, seen + n, memory_order_release);
	CRASH_POINT("partial-after-store");
	ledger_commit(r);
	ledger_part_end(r);
	add_trace_rest(a, t0, mine, n, mine);
}

/*
 * The part shows whether the last add was committed: since the burst began, it
 * has grown by one amount for each commit, or by one amount more. An add of 0
 * makes no difference.
 */
int
lock_partial_recover(struct cell *c, struct thread_slot *tslots, unsigned n)
{
	(void)c;
	for (unsigned i = 0; i < n; i++) {
		struct thread_slot *r = &tslots[i];

		uint64_t parted = atomic_load(&r->parted);
		int64_t adds =
		    (int64_t)((ledger_adds(r) - parted) & LEDGER_TAG);
		int64_t amount = atomic_load(&ledger_current(r)->amount);
		int64_t grown = atomic_load(&r->part) -
		    ((int64_t)parted >> LEDGER_TAG_BITS);

		if (amount != 0 && grown == (adds + 1) * amount)
			ledger_commit(r);
		ledger_part_end(r);
	}
	return 0;
}

/*
 * The thread of this slot died holding the lock, which we hold now. So no
 * thread has touched the cell since: it contains either what the dead thread
 * was about to write, or what it had read.
 */
void
add_settle(struct cell *c, struct thread_slot *r)
{
	if (!ledger_pending(r))
		return;
	uint64_t word = atomic_load_explicit(&c->word, RELAXED);

	if (word == word_make(ledger_meant(r), r->id))
		ledger_commit(r);
	else
		ledger_cancel(r);
}
