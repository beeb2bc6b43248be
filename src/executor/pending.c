/*
 * pending: the order in which pending futures are taken.
 *
 * Segments of cells, found by their number modulo; a segment that the head has
 * left becomes the tail's next one. Nobody waits for anybody: the word of a
 * future is what is taken, and the head is moved on, now and then, by whoever
 * has seen that the futures from there on are not pending any more.
 *
 * Somebody who has read the head and then slept may read a cell that was used
 * again since. He finds a later future there, takes it out of turn, if it is
 * pending, and fails to move the head; the cell of that future is stepped over
 * later. A head that was moved successfully was where it was all the time, so
 * no pending future is ever stepped over.
 */
#include <errno.h>

#include "executor/executor_priv.h"
#include "run/registry.h"

#define BEHIND 16 /* that the head may be */

static struct future *_Atomic *
pending_cell_at(struct order *o, uint64_t at)
{
	struct future *_Atomic *segment = atomic_load_explicit(
	    &o->segments[at / ORDER_CELLS % ORDER_SEGMENTS],
	    memory_order_acquire);

	return &segment[at % ORDER_CELLS];
}

/* The tail comes into a new segment: an old one, or fresh memory. */
static int
pending_new_segment(struct order *o, uint64_t segment)
{
	uint64_t head = atomic_load(&o->head) / ORDER_CELLS;
	struct future *_Atomic *cells;

	if (segment - o->oldest >= ORDER_SEGMENTS)
		return -ENOMEM;
	if (o->oldest < head) {
		cells = atomic_load(&o->segments[o->oldest % ORDER_SEGMENTS]);
		o->oldest++;
	} else {
		size_t size = ORDER_CELLS * sizeof *cells;

		cells = heap_take(registry->heap, size);
		if (cells == NULL)
			return -ENOMEM;
		for (size_t i = 0; i < ORDER_CELLS; i++)
			atomic_init(&cells[i], NULL);
	}
	atomic_store_explicit(&o->segments[segment % ORDER_SEGMENTS], cells,
	    memory_order_release);
	return 0;
}

int
lock_order_push(struct order *o, struct future *f)
{
	uint64_t tail = atomic_load_explicit(&o->tail, memory_order_relaxed);

	if (tail % ORDER_CELLS == 0) {
		int err = pending_new_segment(o, tail / ORDER_CELLS);
		if (err != 0)
			return err;
	}
	atomic_store_explicit(
	    pending_cell_at(o, tail), f, memory_order_release);
	/* Before the look at who is awake: see serve_wake(). */
	atomic_store(&o->tail, tail + 1);
	return 0;
}

/*
 * All before the cursor were seen not pending any more, from where the head
 * was on: it may be moved there.
 */
static void
pending_move_head(struct order *o, struct cursor *c)
{
	uint64_t head = atomic_load_explicit(&o->head, memory_order_relaxed);

	while (head < c->at &&
	    !atomic_compare_exchange_weak(&o->head, &head, c->at))
		;
	c->moved = c->at;
}

/* The next future is fetched from another core while this one is run. */
static void
pending_fetch_next(struct order *o, const struct cursor *c)
{
	if (c->at < c->tail)
		__builtin_prefetch(
		    atomic_load_explicit(
			pending_cell_at(o, c->at), memory_order_relaxed),
		    1);
}

/* Is there a cell at the cursor? */
static bool
pending_more(struct order *o, struct cursor *c)
{
	if (c->at >= c->tail)
		c->tail = atomic_load_explicit(&o->tail, memory_order_acquire);
	return c->at < c->tail;
}

struct future *
lock_order_take(struct order *o, struct cursor *c, struct future *_Atomic *hand,
    uint32_t id)
{
	uint64_t head = atomic_load_explicit(&o->head, memory_order_acquire);

	if (c->at < head)
		c->at = head;
	while (pending_more(o, c)) {
		uint64_t at = c->at++;
		struct future *f = atomic_load_explicit(
		    pending_cell_at(o, at), memory_order_acquire);

		/* Said first: what a killed thread may have taken. */
		atomic_store_explicit(hand, f, memory_order_release);
		pending_fetch_next(o, c);
		if (f == NULL || !future_claim(f, FUTURE_RUNNING, id))
			continue;
		if (f->number != (uint32_t)at + 1)
			EXECUTOR_STAT(executor_of(f)->disorder);
		if (c->at - c->moved >= BEHIND)
			pending_move_head(o, c);
		return f;
	}
	pending_move_head(o, c);
	atomic_store_explicit(hand, NULL, memory_order_relaxed);
	return NULL;
}

void
lock_order_skip(struct order *o)
{
	uint64_t head = atomic_load(&o->head);

	while (head < atomic_load(&o->tail)) {
		struct future *f = atomic_load_explicit(
		    pending_cell_at(o, head), memory_order_acquire);

		if (f != NULL && word_state(future_word(f)) == FUTURE_PENDING)
			break;
		if (atomic_compare_exchange_strong(&o->head, &head, head + 1))
			head++;
	}
}

void
lock_order_each(struct order *o, void (*fn)(struct future *))
{
	uint64_t head = atomic_load(&o->head), tail = atomic_load(&o->tail);

	for (; head < tail; head++) {
		struct future *f = atomic_load_explicit(
		    pending_cell_at(o, head), memory_order_acquire);

		if (f != NULL)
			fn(f);
	}
}

/* Two entries may name one segment: the one that is not the last is old. */
void
lock_order_free(struct order *o)
{
	uint64_t end = (atomic_load(&o->tail) + ORDER_CELLS - 1) / ORDER_CELLS;

	for (; o->oldest < end; o->oldest++)
		heap_give(registry->heap,
		    (void *)(uintptr_t)atomic_load(
			&o->segments[o->oldest % ORDER_SEGMENTS]));
}
