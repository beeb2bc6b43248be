/*
 * arena: the one piece of memory that all processes share.
 *
 * Mapped MAP_SHARED before the first fork, so that it lies at the same address
 * everywhere and plain pointers into it are good in every process. Pages are
 * paid for when they are touched. What is taken is never given back; the
 * whole is reset between two runs, when no worker lives.
 */
#ifndef LOCKSTEP_ARENA_H
#define LOCKSTEP_ARENA_H

#include <stddef.h>

struct arena {
	char *base;
	size_t size;
	size_t used;
};

#define ARENA_LINE 64 /* bytes: alignment of all that is taken */

/* 0 or -errno. */
int arena_open(struct arena *, size_t size);
void arena_close(struct arena *);

/* Zeroed, aligned to a cache line; NULL if the arena is too small. */
void *arena_take(struct arena *, size_t size);

/* Forget all that was taken; all bytes are zero again. 0 or -errno. */
int arena_reset(struct arena *);

#endif
