/*
 * pending: the queue of pending futures, in the order in which they are taken.
 *
 * The queue has segments of cells, found by their number modulo
 * PENDING_SEGMENTS; a segment that the head has left is used again at the tail.
 * No thread waits for another: a future is taken by its word, and now and then
 * a thread that has seen that the futures from the head on are not pending any
 * more moves the head past them.
 *
 * A thread that reads the head and then sleeps may read a cell that has been
 * used again. It finds a later future there, takes it out of turn if it is
 * pending, and fails to move the head; the cell of that future is skipped
 * later. A successful move means that the head has not moved in between, so no
 * pending future is ever skipped.
 */
#include <errno.h>

#include "executor/executor_priv.h"
#include "run/registry.h"

#define BEHIND 16 /* how far the head may lag */

static struct future *_Atomic *
pending_cell_at(struct pending *p, uint64_t at)
{
	struct future *_Atomic *segment = atomic_load_explicit(
	    &p->segments[at / PENDING_CELLS % PENDING_SEGMENTS],
	    memory_order_acquire);

	return &segment[at % PENDING_CELLS];
}

/* The tail needs a segment: use an old one again, or allocate one. */
static int
pending_new_segment(struct pending *p, uint64_t segment)
{
	uint64_t head = atomic_load(&p->head) / PENDING_CELLS;
	struct future *_Atomic *cells;

	if (segment - p->oldest >= PENDING_SEGMENTS)
		return -ENOMEM;
	if (p->oldest < head) {
		cells = atomic_load(&p->segments[p->oldest % PENDING_SEGMENTS]);
		p->oldest++;
	} else {
		size_t size = PENDING_CELLS * sizeof *cells;

		cells = heap_take(registry->heap, size);
		if (cells == NULL)
			return -ENOMEM;
		for (size_t i = 0; i < PENDING_CELLS; i++)
			atomic_init(&cells[i], NULL);
	}
	atomic_store_explicit(&p->segments[segment % PENDING_SEGMENTS], cells,
	    memory_order_release);
	return 0;
}

int
pending_push(struct pending *p, struct future *f)
{
	uint64_t tail = atomic_load_explicit(&p->tail, memory_order_relaxed);

	if (tail % PENDING_CELLS == 0) {
		int err = pending_new_segment(p, tail / PENDING_CELLS);
		if (err != 0)
			return err;
	}
	atomic_store_explicit(
	    pending_cell_at(p, tail), f, memory_order_release);
	/* Before serve_wake() looks which threads are awake. */
	atomic_store(&p->tail, tail + 1);
	return 0;
}

/*
 * All futures from where the head was up to the cursor are not pending any
 * more: the head may be moved to the cursor.
 */
static void
pending_move_head(struct pending *p, struct cursor *c)
{
	uint64_t head = atomic_load_explicit(&p->head, memory_order_relaxed);

	while (head < c->at &&
	    !atomic_compare_exchange_weak(&p->head, &head, c->at))
		;
	c->moved = c->at;
}

/* Fetch the next future from another core while this one is run. */
static void
pending_fetch_next(struct pending *p, const struct cursor *c)
{
	if (c->at < c->tail)
		__builtin_prefetch(
		    atomic_load_explicit(
			pending_cell_at(p, c->at), memory_order_relaxed),
		    1);
}

/* Is there a cell at the cursor? */
static bool
pending_more(struct pending *p, struct cursor *c)
{
	if (c->at >= c->tail)
		c->tail = atomic_load_explicit(&p->tail, memory_order_acquire);
	return c->at < c->tail;
}

struct future *
pending_take(struct pending *p, struct cursor *c, struct future *_Atomic *hand,
    uint32_t id)
{
	uint64_t head = atomic_load_explicit(&p->head, memory_order_acquire);

	if (c->at < head)
		c->at = head;
	while (pending_more(p, c)) {
		uint64_t at = c->at++;
		struct future *f = atomic_load_explicit(
		    pending_cell_at(p, at), memory_order_acquire);

		/* Set it first: if this thread is killed, it may have it. */
		atomic_store_explicit(hand, f, memory_order_release);
		pending_fetch_next(p, c);
		if (f == NULL || !future_claim(f, FUTURE_RUNNING, id))
			continue;
		if (f->number != (uint32_t)at + 1)
			EXECUTOR_STAT(executor_of(f)->disorder);
		if (c->at - c->moved >= BEHIND)
			pending_move_head(p, c);
		return f;
	}
	pending_move_head(p, c);
	atomic_store_explicit(hand, NULL, memory_order_relaxed);
	return NULL;
}

void
pending_skip(struct pending *p)
{
	uint64_t head = atomic_load(&p->head);

	while (head < atomic_load(&p->tail)) {
		struct future *f = atomic_load_explicit(
		    pending_cell_at(p, head), memory_order_acquire);

		if (f != NULL && word_state(future_word(f)) == FUTURE_PENDING)
			break;
		if (atomic_compare_exchange_strong(&p->head, &head, head + 1))
			head++;
	}
}

void
pending_each(struct pending *p, void (*fn)(struct future *))
{
	uint64_t head = atomic_load(&p->head), tail = atomic_load(&p->tail);

	for (; head < tail; head++) {
		struct future *f = atomic_load_explicit(
		    pending_cell_at(p, head), memory_order_acquire);

		if (f != NULL)
			fn(f);
	}
}

/* Two entries may name one segment; only the later one is in use. */
void
pending_free(struct pending *p)
{
	uint64_t end =
	    (atomic_load(&p->tail) + PENDING_CELLS - 1) / PENDING_CELLS;

	for (; p->oldest < end; p->oldest++)
		heap_give(registry->heap,
		    (void *)(uintptr_t)atomic_load(
			&p->segments[p->oldest % PENDING_SEGMENTS]));
}
