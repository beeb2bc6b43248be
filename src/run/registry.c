/* registry: what a program and the supervisor share besides slots. */
#include "run/registry.h"

#include <errno.h>
#include <unistd.h>

#define HEAP_SPARE ((size_t)64 * ARENA_LINE) /* what heap_new() adds */

struct registry *registry;

size_t
registry_size(size_t heap)
{
	return sizeof(struct registry) + heap + HEAP_SPARE;
}

struct registry *
registry_new(struct arena *a, int bell)
{
	struct registry *w = arena_take(a, sizeof *w);

	if (w == NULL)
		return NULL;
	w->bell = bell;
	w->heap_size = a->size - a->used - HEAP_SPARE;
	w->heap = heap_new(a, w->heap_size);
	if (w->heap == NULL)
		return NULL;
	registry = w;
	return w;
}

unsigned
registry_register(enum registry_kind kind, void *object, unsigned *number)
{
	struct registered *r = &registry->registry[kind];
	uint32_t i = atomic_fetch_add(&r->n, 1) + 1;

	if (i > FRAME_MAX_OBJECTS) {
		atomic_fetch_sub(&r->n, 1);
		errno = ENOSPC;
		return 0;
	}
	*number = i;
	/* Release: all of it is written; registry_object() acquires. */
	atomic_store_explicit(&r->objects[i], object, memory_order_release);
	return i;
}

void
registry_ring(void)
{
	const uint64_t one = 1;

	/* If the eventfd is full, the bell has been rung. */
	if (registry->bell >= 0 &&
	    write(registry->bell, &one, sizeof one) != sizeof one)
		return;
}
