/* queue_new: makes a queue between threads and processes. */
#include <errno.h>
#include <stdio.h>

#include "base/cpu.h"
#include "program/queue_ring.h"
#include "run/registry.h"

#define CELLS_MIN 64
#define SPAN_MIN  64

/* 0 or -ENOMEM. */
static int
queue_lay_out(struct queue *f)
{
	size_t cells = CELLS_MIN;

	while (cells < f->capacity)
		cells *= 2;
	f->lap_shift = (uint32_t)__builtin_ctzll(cells);
	f->nitems = 2 * f->capacity + QUEUE_SPARE;
	f->stride = (sizeof(struct queue_item) + f->size + ARENA_LINE - 1) /
	    ARENA_LINE * ARENA_LINE;
	f->cells = heap_take_zeroed(registry->heap, cells * sizeof *f->cells);
	f->items = heap_take_zeroed(registry->heap, f->nitems * f->stride);
	if (f->joinable)
		f->held = heap_take_zeroed(
		    registry->heap, (QUEUE_MAX_ID + 1) * sizeof *f->held);
	if (f->cells == NULL || f->items == NULL ||
	    (f->joinable && f->held == NULL))
		return -ENOMEM;
	/* Begin with the second lap: a zeroed cell belongs to no position. */
	atomic_store(&f->head, cells);
	atomic_store(&f->tail, cells);
	atomic_store(&f->head_seen, cells);
	atomic_store(&f->span, SPAN_MIN);
	return 0;
}

static void
queue_discard(struct queue *f)
{
	heap_give(registry->heap, f->cells);
	heap_give(registry->heap, f->items);
	heap_give(registry->heap, f->held);
	heap_give(registry->heap, f);
}

struct queue *
queue_new(const char *name, unsigned capacity, size_t size, bool joinable)
{
	if (capacity == 0 || capacity > QUEUE_MAX_CAPACITY || size == 0 ||
	    size > QUEUE_MAX_SIZE) {
		errno = EINVAL;
		return NULL;
	}
	struct queue *f = heap_take_zeroed(registry->heap, sizeof *f);
	if (f == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	snprintf(f->name, sizeof f->name, "%s", name);
	f->joinable = joinable;
	f->spin = cpu_count() > 1;
	f->capacity = capacity;
	f->size = size;
	int err = queue_lay_out(f);
	if (err == 0 && registry_register(REGISTRY_QUEUE, f, &f->number) == 0)
		err = -ENOSPC;
	if (err != 0) {
		queue_discard(f);
		errno = -err;
		return NULL;
	}
	return f;
}
