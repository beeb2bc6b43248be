/*
 * mutex_priv: what mutexes and semaphores share. To the supervisor both are
 * locks, registered as REGISTRY_MUTEX; a semaphore has permits.
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

#define MUTEX_OUTSIDE (1U << 14) /* stands for a thread without an id */

struct mutex {
	/* A mutex: holder, heir, ORPHAN. A semaphore does not use it. */
	_Alignas(ARENA_LINE) _Atomic uint32_t word;
	struct eventcount wake;
	/* Written by a mutex's holder; of a semaphore, by any thread. */
	_Atomic uint64_t since; /* ns: when it was acquired; 0: unknown */
	_Atomic uint64_t acquired, contended;
	_Atomic uint64_t longest; /* ns of the longest wait */
	struct latency times;
	_Atomic uint32_t orphaned; /* supervisor: times a holder died */
	unsigned number;           /* in the registry */
	bool spin;
	char name[32];

	/* A semaphore: the holder of each permit, 0: free. */
	unsigned permits; /* 0: it is a mutex */
	_Atomic uint32_t holders[];
};

static inline uint32_t
mutex_my_id(void)
{
	uint32_t id = self_id();

	return id != 0 ? id : MUTEX_OUTSIDE;
}

/* The calling thread is about to request it without a time limit. */
static inline void
mutex_wants(const struct mutex *m)
{
	lock_order_wants(&registry->orders, m->number,
	    self != NULL ? atomic_load(&self->tslot->tid) : 0);
}

/* Zeroed except name, number, spin and permits. NULL with errno set. */
struct mutex *mutex_make(const char *name, unsigned permits);

/*
 * For semaphores: a thread that holds a permit, or 0 if one is free; and what
 * mutex_recover() does.
 */
uint32_t semaphore_holder(const struct mutex *);
bool semaphore_recover(struct mutex *, uint32_t first_id, uint32_t last_id);

/* ---- for the supervisor; they work for semaphores, too ---- */

const char *mutex_name(const struct mutex *);

/* How many permits it has (a mutex: 1); the id that holds one, 0: unknown. */
unsigned mutex_permits(const struct mutex *);
uint32_t mutex_holder(const struct mutex *, unsigned permit);

/* Fills all but the number of waiters and the tid; returns the holder's id. */
uint32_t mutex_frame(const struct mutex *, struct frame_mutex *);

/* A mutex: its waits and a sample of its holds; a semaphore: its waits. */
const struct latency *mutex_times(const struct mutex *);

/*
 * Free the mutex, or the permits, that one of these dead threads held. True if
 * one did.
 */
bool mutex_recover(struct mutex *, uint32_t first_id, uint32_t last_id);

#endif
