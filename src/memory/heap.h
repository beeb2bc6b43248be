/*
 * heap: memory that any process of a run can allocate and free.
 *
 * The size classes are powers of two over one part of the arena. Each class has
 * a free list: R. K. Treiber's stack, with a count beside the head against the
 * ABA problem. Fresh memory comes from one counter. There is no lock: a process
 * killed in the middle leaks the one block it was handling, nothing else.
 */
#ifndef LOCKSTEP_HEAP_H
#define LOCKSTEP_HEAP_H

#include <stddef.h>

#include "memory/arena.h"

struct heap;

/* A heap over `size` bytes of the arena; NULL if so much is not left. */
struct heap *heap_new(struct arena *, size_t size);

/*
 * At least `size` bytes, aligned to a cache line and not zeroed; the address is
 * the same in every process. NULL if memory is exhausted.
 */
void *heap_take(struct heap *, size_t size);
void *heap_take_zeroed(struct heap *, size_t size);
void heap_give(struct heap *, void *); /* free it; NULL is fine */

/* Bytes allocated and not freed, each rounded up to its class. */
size_t heap_used(const struct heap *);

#endif
