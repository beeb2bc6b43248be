/*
 * heap: memory for all processes of a run, taken and given back by any of them.
 *
 * Size classes of powers of two over one stretch of the arena, a free list
 * for each (R. K. Treiber's stack, the head with a count beside it against the
 * same head coming again), fresh memory from one counter. No lock: a process
 * killed in the middle leaks the one block it was about and nothing else.
 */
#ifndef LOCKSTEP_HEAP_H
#define LOCKSTEP_HEAP_H

#include <stddef.h>

#include "memory/arena.h"

struct heap;

/* A heap over `size` bytes of the arena; NULL if it has not so many. */
struct heap *heap_new(struct arena *, size_t size);

/*
 * At least `size` bytes, aligned to a cache line, not zeroed. The same address
 * in every process. NULL if there is no more.
 */
void *heap_take(struct heap *, size_t size);
void *heap_take_zeroed(struct heap *, size_t size);
void heap_give(struct heap *, void *); /* NULL is fine */

/* Bytes taken and not given back, rounded up to their classes. */
size_t heap_used(const struct heap *);

#endif
