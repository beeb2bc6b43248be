/* arena: the memory that all processes of a run share. */
#include "memory/arena.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/fault.h"

/* Map zeroed memory: anywhere, or replace what is at `at`. 0 or -errno. */
static int
arena_map(struct arena *a, void *at, size_t size)
{
	int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE;
	void *p = mmap(at, size, PROT_READ | PROT_WRITE,
	    flags | (at != NULL ? MAP_FIXED : 0), -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	*a = (struct arena){.base = p, .size = size};
	return 0;
}

int
arena_open(struct arena *a, size_t size)
{
	return FAULT("mmap", ENOMEM) ? -errno : arena_map(a, NULL, size);
}

void
arena_close(struct arena *a)
{
	munmap(a->base, a->size);
}

void *
arena_take(struct arena *a, size_t size)
{
	size = (size + ARENA_LINE - 1) / ARENA_LINE * ARENA_LINE;
	if (size > a->size - a->used)
		return NULL;
	void *p = a->base + a->used;
	a->used += size;
	return p;
}

int
arena_reset(struct arena *a)
{
	return arena_map(a, a->base, a->size);
}
