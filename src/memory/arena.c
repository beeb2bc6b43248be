/* arena: the one piece of memory that all processes share. */
#include "memory/arena.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/fault.h"

int
arena_open(struct arena *a, size_t size)
{
	void *p;

	if (FAULT("mmap", ENOMEM))
		return -errno;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return -errno;
	*a = (struct arena){.base = p, .size = size};
	return 0;
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
	a->used = 0;
	return madvise(a->base, a->size, MADV_REMOVE) == 0 ? 0 : -errno;
}
