/*
 * arena: the memory that all processes of a run share.
 *
 * It is mapped MAP_SHARED before the first fork, so it has the same address in
 * every process, and plain pointers into it are valid in all of them. A page
 * costs memory only once it is touched. Allocations are never freed one by one;
 * the whole arena is reset between two runs, when no worker is alive.
 *
 * src/memory: memory that several processes use at once, and what makes it
 * safe: arena, heap, eventcount, robust mutex. It may use lockstep and base.
 */
#ifndef LOCKSTEP_ARENA_H
#define LOCKSTEP_ARENA_H

#include <stddef.h>

struct arena {
	char *base;
	size_t size;
	size_t used;
};

#define ARENA_LINE 64 /* bytes: alignment of every allocation */

/* 0 or -errno. */
int arena_open(struct arena *, size_t size);
void arena_close(struct arena *);

/* Zeroed and aligned to a cache line; NULL if the arena is full. */
void *arena_take(struct arena *, size_t size);

/* Free everything; all bytes are zero again. 0 or -errno. */
int arena_reset(struct arena *);

#endif
