/*
 * mutex_priv: what the supervisor sees as a lock: a mutex, or a semaphore,
 * which is one with several permits. Both are registered as REGISTRY_MUTEX.
 */
#ifndef LOCKSTEP_MUTEX_PRIV_H
#define LOCKSTEP_MUTEX_PRIV_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lockstep/frame.h"
#include "lockstep/mutex.h"
#include "memory/eventcount.h"
#include "program/self.h"
#include "run/registry.h"

#define MUTEX_OUTSIDE (1U << 14) /* id of a thread that has none */

struct mutex {
	/* A mutex: holder, heir, ORPHAN. A semaphore: not used. */
	_Alignas(ARENA_LINE) _Atomic uint32_t word;
	struct eventcount wake;
	/* Written by a holder. */
	_Atomic uint64_t since; /* ns: had since; 0: not known */
	_Atomic uint64_t acquired, contended;
	_Atomic uint64_t longest; /* ns that anybody has waited */
	struct latency times;
	_Atomic uint32_t orphaned; /* supervisor: times a holder died */
	unsigned number;           /* in the registry */
	bool spin;
	char name[32];

	/* A semaphore: who has each permit, 0: nobody. Counters: anybody. */
	unsigned permits; /* 0: it is a mutex */
	_Atomic uint32_t holders[];
};

static inline uint32_t
mutex_my_id(void)
{
	uint32_t id = self_id();

	return id != 0 ? id : MUTEX_OUTSIDE;
}

/* It is about to wait for it, for ever if need be. */
static inline void
mutex_wants(const struct mutex *m)
{
	lock_order_wants(&registry->orders, m->number,
	    self != NULL ? atomic_load(&self->tslot->tid) : 0);
}

/* Zeroed but for name and number; NULL with errno. `permits`: see above. */
struct mutex *mutex_make(const char *name, unsigned permits);

/* Of a semaphore: who has a permit, 0: nobody; and as mutex_recover(). */
uint32_t semaphore_holder(const struct mutex *);
bool semaphore_recover(struct mutex *, uint32_t first_id, uint32_t last_id);

/* ---- for the supervisor: of semaphores, too ---- */

const char *mutex_name(const struct mutex *);

/* Of a semaphore: how many; who has each of them, by id, 0: nobody known. */
unsigned mutex_permits(const struct mutex *);
uint32_t mutex_holder(const struct mutex *, unsigned permit);

/* All but the number of waiters and the tid; the holder's id is returned. */
uint32_t mutex_frame(const struct mutex *, struct frame_mutex *);

/* Waits, and some of the holds; of a semaphore waits only. */
const struct latency *mutex_times(const struct mutex *);

/* True if one of these dead threads had it: it is free again. Of a semaphore:
 * a permit. */
bool mutex_recover(struct mutex *, uint32_t first_id, uint32_t last_id);

#endif
