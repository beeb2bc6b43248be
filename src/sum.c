/* sum: the adds themselves, and switching the kind that guards them. */
#include "sum.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>

#include "hook.h"
#include "util.h"

#define SWITCH_WAIT   (100 * NSEC_PER_MSEC)
#define WINDOW_SPIN   (50 * NSEC_PER_USEC) /* up to here: spin */
#define WINDOW_YIELD  NSEC_PER_MSEC        /* up to here: yield */
#define WINDOW_STATED (10 * NSEC_PER_USEC) /* from here on: say so */

int64_t
cell_value(const struct cell *c, const struct ring *rings, unsigned nrings)
{
	uint32_t moving;
	int64_t sum;

	do {
		moving = atomic_load(&c->moving);
		sum = word_value(atomic_load(&c->word));
		sum += atomic_load(&c->apart);
		for (unsigned i = 0; i < nrings; i++)
			sum += atomic_load(&rings[i].part);
	} while ((moving & 1) != 0 || atomic_load(&c->moving) != moving);
	return sum;
}

/* This ring will be another's: its part is the cell's from now on. */
static void
move_part(struct cell *c, struct ring *r)
{
	int64_t part = atomic_load(&r->part);

	if (part == 0)
		return;
	atomic_fetch_add(&c->moving, 1);
	atomic_fetch_add(&c->apart, part);
	atomic_store(&r->part, 0);
	ring_part_end(r);
	atomic_fetch_add(&c->moving, 1);
}

/* The time between load and store, made visible. */
static void
window(struct adder *a, uint64_t ns)
{
	if (ns >= WINDOW_STATED && !a->blind)
		ring_state(a->ring, STATE_WINDOW);
	uint64_t real = gate_scale(a->gate, ns);
	if (real > WINDOW_YIELD) {
		gate_delay(a->gate, ns);
	} else {
		uint64_t end = now_ns() + real;
		while (now_ns() < end)
			if (real > WINDOW_SPIN)
				sched_yield();
	}
	if (ns >= WINDOW_STATED && !a->blind)
		ring_state(a->ring, STATE_RUNNING);
}

void
sum_window(struct adder *a)
{
	uint64_t ns = atomic_load_explicit(&a->control->window, RELAXED);

	if (ns != 0)
		window(a, ns);
}

/*
 * What an add did, told after it is over, for telling takes time; stepped, it
 * takes none that matters, and each step is told as it is done. Both sides of
 * it are named: who wrote what was read, and whose value was stored over.
 */
static void
trace_load(struct ring *r, uint64_t ns, uint64_t word)
{
	ring_write(r, ns, TRACE_LOAD, word_value(word), 0, word_id(word));
}

static void
trace_store(struct ring *r, int64_t seen, int64_t n, uint64_t before)
{
	int64_t lost = word_value(before) - seen;
	uint64_t now = now_ns();

	if (lost == 0) {
		ring_write(
		    r, now, TRACE_STORE, seen, seen + n, word_id(before));
		return;
	}
	ring_write(r, now, TRACE_STORE | RING_FLAGS(TRACE_LOSES), seen,
	    seen + n, word_id(before));
	ring_write(r, now, TRACE_LOST, seen, lost, word_id(before));
}

/* One that was told of its load, if at all, is told of the rest. */
static void
trace_rest(
    struct adder *a, uint64_t t0, uint64_t word, int64_t n, uint64_t before)
{
	if (!a->traced)
		return;
	if (!a->stepped)
		trace_load(a->ring, t0, word);
	trace_store(a->ring, word_value(word), n, before);
}

/* When it began to read; stepped, the load is told at once instead. */
static inline uint64_t
trace_begin(const struct adder *a)
{
	return a->traced && !a->stepped ? now_ns() : 0;
}

static inline void
trace_step(struct adder *a, uint64_t word)
{
	if (a->traced && a->stepped)
		trace_load(a->ring, 0, word);
}

/*
 * Before an operation of this add: nothing, if it is not stepped. Nor if the
 * gates have been open since it began, even if they are closed again: others
 * may wait for its lock in the kernel, and come to no gate before it is over.
 */
static inline void
stand_at(struct adder *a, enum frame_point op, enum frame_thing thing,
    int64_t value, int64_t n)
{
	if (a->stepped && atomic_load(&a->gate->openings) == a->openings)
		gate_point(a->gate, a->ring, op, thing, value, n);
}

static inline void
stand(struct adder *a, enum frame_point op, int64_t value, int64_t n)
{
	stand_at(a, op, THING_SUM, value, n);
}

/* The first operation may be the add's first: then it has stood. */
static inline void
stand_to_load(struct adder *a, int64_t n)
{
	if (a->stepped && !a->begun)
		stand(a, POINT_LOAD, 0, n);
}

/* Between the load and the store: the window, or two points. */
static inline void
stand_to_store(
    struct adder *a, enum frame_point op, uint64_t ns, int64_t seen, int64_t n)
{
	if (a->stepped) {
		stand(a, POINT_ADD, seen, n);
		stand(a, op, seen + n, n);
	} else if (ns != 0) {
		window(a, ns);
	}
}

static uint64_t
exchange(struct cell *c, uint64_t word)
{
	return atomic_exchange_explicit(&c->word, word, RELAXED);
}

/* With a lock nobody comes between these two; if somebody does, it shows. */
static uint64_t
look_and_store(struct cell *c, uint64_t word)
{
	uint64_t before = atomic_load_explicit(&c->word, RELAXED);

	atomic_store_explicit(&c->word, word, RELAXED);
	return before;
}

/*
 * sum = sum + n, written once; `put` stores and tells what was there. What is
 * intended is said between load and store, or, blind, before both: with a lock
 * what will be read is known by then, without one it matters to nobody.
 */
static inline void
add(struct adder *a, int64_t n, bool locked,
    uint64_t (*put)(struct cell *, uint64_t))
{
	const _Atomic uint64_t *word = &a->cell->word;
	struct ring *r = a->ring;
	uint64_t ns = atomic_load_explicit(&a->control->window, RELAXED);

	if (a->blind)
		ring_intend(r,
		    locked ? word_value(atomic_load_explicit(word, RELAXED))
			   : 0);
	stand_to_load(a, n);
	uint64_t t0 = trace_begin(a);
	uint64_t from = atomic_load_explicit(word, RELAXED);
	int64_t seen = word_value(from);
	trace_step(a, from);
	stand_to_store(a, POINT_STORE, ns, seen, n);
	if (!a->blind)
		ring_intend(r, seen);
	CRASH_POINT("cell-before-store");
	uint64_t before = put(a->cell, word_make(seen + n, r->id));
	CRASH_POINT("cell-after-store");
	if (word_value(before) == seen)
		ring_commit(r);
	else
		ring_commit_lost(r, word_value(before) - seen);
	trace_rest(a, t0, from, n, before);
}

void
add_unprotected(struct adder *a, int64_t n)
{
	add(a, n, false, exchange);
}

void
add_guarded(struct adder *a, int64_t n)
{
	add(a, n, true, look_and_store);
}

/* The id in the word stays that of the last writer under another kind. */
void
add_atomic(struct adder *a, int64_t n)
{
	struct ring *r = a->ring;

	ring_intend(r, 0);
	CRASH_POINT("atomic-before-add");
	uint64_t before = atomic_fetch_add_explicit(
	    &a->cell->word, (uint64_t)n << CELL_ID_BITS, RELAXED);
	CRASH_POINT("atomic-after-add");
	ring_commit(r);
	trace_step(a, before);
	trace_rest(a, 0, before, n, before);
}

/* Stores only over what it has read, and begins anew if that is gone. */
void
add_swap(struct adder *a, int64_t n)
{
	struct ring *r = a->ring;
	uint64_t ns = atomic_load_explicit(&a->control->window, RELAXED);
	uint64_t again = 0;

	if (a->blind)
		ring_intend(r, 0);
	uint64_t t0 = trace_begin(a);
	uint64_t seen = atomic_load_explicit(&a->cell->word, RELAXED);
	for (;;) {
		trace_step(a, seen);
		stand_to_store(a, POINT_SWAP, ns, word_value(seen), n);
		if (!a->blind)
			ring_intend(r, word_value(seen));
		CRASH_POINT("cas-before-swap");
		if (atomic_compare_exchange_strong_explicit(&a->cell->word,
			&seen, word_make(word_value(seen) + n, r->id), RELAXED,
			RELAXED))
			break;
		if (a->blind)
			again++; /* counted when it is over */
		else
			RING_BUMP(r->contended, 1);
	}
	CRASH_POINT("cas-after-swap");
	ring_commit(r);
	if (again > 0)
		RING_BUMP(r->contended, again);
	trace_rest(a, t0, seen, n, seen);
}

/* Nobody else writes the part: load and store are enough. */
void
add_apart(struct adder *a, int64_t n)
{
	struct ring *r = a->ring;
	uint64_t ns = atomic_load_explicit(&a->control->window, RELAXED);

	ring_part_begin(r);
	uint64_t t0 = trace_begin(a);
	int64_t seen = atomic_load_explicit(&r->part, RELAXED);
	uint64_t mine = word_make(seen, 0);
	trace_step(a, mine);
	stand_to_store(a, POINT_STORE, ns, seen, n);
	CRASH_POINT("partial-before-store");
	atomic_store_explicit(&r->part, seen + n, memory_order_release);
	CRASH_POINT("partial-after-store");
	ring_commit(r);
	ring_part_end(r);
	trace_rest(a, t0, mine, n, mine);
}

/* The owner does it, and what it read is told in our name: one step. */
void
add_handed_in(struct adder *a, int64_t n)
{
	uint64_t t0 = trace_begin(a);
	int64_t seen = (int64_t)owner_apply(a) >> RING_TAG_BITS;
	uint64_t word = word_make(seen, 0);

	trace_step(a, word);
	trace_rest(a, t0, word, n, word);
}

/*
 * The part says whether the last store is in the books: since the burst began
 * it has grown by as many amounts as adds were made, or by one more. An add of
 * nothing is not missed.
 */
int
recover_apart(struct cell *c, struct ring *rings, unsigned n)
{
	(void)c;
	for (unsigned i = 0; i < n; i++) {
		struct ring *r = &rings[i];

		uint64_t parted = atomic_load(&r->parted);
		int64_t adds = (int64_t)((ring_adds(r) - parted) & RING_TAG);
		int64_t amount = atomic_load(&ring_book(r)->amount);
		int64_t grown =
		    atomic_load(&r->part) - ((int64_t)parted >> RING_TAG_BITS);

		if (amount != 0 && grown == (adds + 1) * amount)
			ring_commit(r);
		ring_part_end(r);
	}
	return 0;
}

/*
 * The thread of this ring died with the lock, which we have now, so nobody
 * has touched the cell since: it either holds what the thread was to write,
 * or what it had read.
 */
void
add_settle(struct cell *c, struct ring *r)
{
	if (!ring_pending(r))
		return;
	uint64_t word = atomic_load_explicit(&c->word, RELAXED);

	if (word == word_make(ring_meant(r), r->id))
		ring_commit(r);
	else
		ring_cancel(r);
}

static bool
is_switched(const void *arg)
{
	const struct adder *a = arg;

	return (atomic_load(&a->control->kind) & KIND_SWITCHING) == 0;
}

/* Stepped: while the kind is being switched, once nobody is inside an add. */
static void
stand_for_switch(struct adder *a)
{
	const struct gate_point at = {.op = POINT_WAIT,
	    .thing = THING_LOCK,
	    .ready = is_switched,
	    .arg = a};

	ring_state(a->ring, STATE_WAIT_LOCK);
	gate_stand(a->gate, a->ring, &at);
	ring_state(a->ring, STATE_RUNNING);
}

/* Announce an add under the kind in force; false if the run is over. */
static bool
enter(struct adder *a, uint32_t *kind)
{
	_Atomic uint32_t *in_force = &a->control->kind;

	for (;;) {
		uint32_t k = atomic_load(in_force);

		if ((k & KIND_SWITCHING) == 0) {
			atomic_store(&a->ring->adding, k + 1);
			if (atomic_load(in_force) == k) {
				*kind = k;
				return true;
			}
			atomic_store(&a->ring->adding, 0);
			continue;
		}
		if (gate_stopped(a->gate))
			return false;
		if (gate_stepped(a->gate))
			stand_for_switch(a);
		else
			futex_wait(in_force, k, SWITCH_WAIT);
	}
}

static bool
switching(const struct adder *a, uint32_t kind)
{
	return atomic_load_explicit(&a->control->kind, RELAXED) != kind;
}

static bool
is_free(const void *arg)
{
	const struct adder *a = arg;
	uint32_t id = lock_kinds[sum_kind(a->control)].holder(a);

	atomic_store_explicit(&a->ring->owner, id, RELAXED);
	return id == 0;
}

/* Stepped: before the first operation, which may be to take the lock. */
static void
stand_to_begin(struct adder *a, const struct lock_kind *k, int64_t n)
{
	const struct gate_point at = {.op = k->first,
	    .thing = k->holder != NULL ? THING_LOCK : THING_SUM,
	    .addend = n,
	    .ready = k->holder != NULL ? is_free : NULL,
	    .arg = a};

	a->begun = k->holder == NULL;
	if (k->holder != NULL)
		ring_state(a->ring, STATE_WAIT_LOCK);
	gate_stand(a->gate, a->ring, &at);
	ring_state(a->ring, STATE_RUNNING);
	atomic_store_explicit(&a->ring->owner, 0, RELAXED);
}

static void
release(struct adder *a, const struct lock_kind *k)
{
	if (k->release == NULL)
		return;
	stand_at(a, k->last, THING_LOCK, 0, 0);
	k->release(a);
}

/* One add, with all that may be seen of it; false if it is not to be made. */
static bool
add_one(struct adder *a, const struct lock_kind *k, uint32_t kind, int64_t n)
{
	a->openings = atomic_load_explicit(&a->gate->openings, RELAXED);
	a->stepped = gate_stepped(a->gate);
	a->blind = !a->stepped &&
	    atomic_load_explicit(&a->control->blind, RELAXED) != 0;
	a->traced = a->stepped || (!a->blind && trace_on(a->ring));
	if (a->stepped) {
		stand_to_begin(a, k, n);
		if (switching(a, kind))
			return false;
	}
	if (k->acquire != NULL && !k->acquire(a))
		return false;
	if (switching(a, kind)) {
		if (k->release != NULL)
			k->release(a);
		return false;
	}
	k->add(a, n);
	release(a, k);
	return true;
}

/* Adds until done, or the gate closes, or the kind changes. */
static uint64_t
add_some(struct adder *a, const struct lock_kind *k, uint32_t kind, int64_t n,
    uint64_t times)
{
	const _Atomic uint32_t *closed = &a->gate->closed;
	uint64_t done = 0;

	ring_amount(a->ring, n);
	do {
		if (k->quick != NULL)
			done += k->quick(a, n, times - done, kind);
		if (done == times || !add_one(a, k, kind, n))
			break;
	} while (++done < times && atomic_load_explicit(closed, RELAXED) == 0 &&
	    !switching(a, kind));
	return done;
}

bool
sum_add(struct adder *a, int64_t n, uint64_t times)
{
	uint32_t kind;

	while (times > 0) {
		if (!gate_pass(a->gate, a->ring) || !enter(a, &kind))
			return false;
		times -= add_some(a, &lock_kinds[kind], kind, n, times);
		atomic_store_explicit(
		    &a->ring->adding, 0, memory_order_release);
	}
	return true;
}

void
sum_switch(struct sum_control *s, unsigned kind)
{
	s->wanted = kind;
	if (sum_kind(s) != kind)
		atomic_fetch_or(&s->kind, KIND_SWITCHING);
}

bool
sum_switched(struct sum_control *s, struct ring *rings, unsigned nrings)
{
	if ((atomic_load(&s->kind) & KIND_SWITCHING) == 0)
		return true;
	for (unsigned i = 0; i < nrings; i++)
		if (atomic_load(&rings[i].adding) != 0)
			return false;
	if (sum_kind(s) != s->wanted)
		atomic_fetch_add(&s->switches, 1);
	atomic_store(&s->kind, s->wanted);
	futex_wake(&s->kind, INT_MAX);
	return true;
}

unsigned
sum_kind(const struct sum_control *s)
{
	return atomic_load(&s->kind) & ~KIND_SWITCHING;
}

int
sum_recover(
    struct sum_control *s, struct cell *c, struct ring *rings, unsigned nrings)
{
	const struct lock_kind *k = &lock_kinds[sum_kind(s)];
	int doubt = 0;

	if (k->recover != NULL && k->recover(c, rings, nrings) != 0)
		return -EAGAIN;
	for (unsigned i = 0; i < nrings; i++) {
		if (ring_pending(&rings[i])) {
			/* Its holder settles it, or nobody ever can. */
			if (k->recover != NULL)
				return -EAGAIN;
			doubt++;
			ring_cancel(&rings[i]);
		}
		move_part(c, &rings[i]);
		uint32_t holder = rings[i].id;
		if (k->recover == NULL)
			atomic_compare_exchange_strong(&c->holder, &holder, 0);
		atomic_store(&rings[i].adding, 0);
	}
	return doubt;
}
