/*
 * permits: allocates mutexes and semaphores, and shows and frees the permits of
 * a semaphore for the supervisor.
 */
#include <errno.h>
#include <stdio.h>

#include "base/cpu.h"
#include "program/mutex_priv.h"

struct mutex *
mutex_make(const char *name, unsigned permits)
{
	size_t holders = permits * sizeof(_Atomic uint32_t);
	struct mutex *m = heap_take_zeroed(registry->heap, sizeof *m + holders);

	if (m == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	snprintf(m->name, sizeof m->name, "%s", name);
	m->spin = cpu_count() > 1;
	m->permits = permits;
	if (registry_register(REGISTRY_MUTEX, m, &m->number) == 0) {
		heap_give(registry->heap, m);
		errno = ENOSPC;
		return NULL;
	}
	return m;
}

uint32_t
semaphore_holder(const struct mutex *m)
{
	uint32_t has = 0;

	for (unsigned i = 0; i < m->permits; i++) {
		uint32_t id = atomic_load(&m->holders[i]);

		if (id == 0)
			return 0; /* this one is free */
		has = has != 0 ? has : id;
	}
	return has;
}

bool
semaphore_recover(struct mutex *m, uint32_t first_id, uint32_t last_id)
{
	bool had = false;

	for (unsigned i = 0; i < m->permits; i++) {
		uint32_t id = atomic_load(&m->holders[i]);

		if (id < first_id || id > last_id)
			continue;
		atomic_compare_exchange_strong(&m->holders[i], &id, 0);
		atomic_fetch_add(&m->orphaned, 1);
		had = true;
	}
	eventcount_surely(&m->wake);
	return had;
}
