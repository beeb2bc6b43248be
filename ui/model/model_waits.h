/*
 * model_waits: threads that wait for each other in a cycle, and orders of locks
 * in which such a cycle may yet close.
 *
 * A cycle is made of waits that end only when another thread releases something
 * or ends: a lock, a semaphore of one permit, a thread, a process. A wait with
 * a time limit closes no cycle, nor does one for several permits, which another
 * holder may release.
 *
 * The frames of one look are not of one moment, so a cycle is certain only when
 * time has passed over it: no wait of it has changed for the length of two
 * looks, and each lock still has the same holder.
 */
#ifndef LOCKSTEP_MODEL_WAITS_H
#define LOCKSTEP_MODEL_WAITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

#define CYCLE_SURE  70000000ULL /* ns: two looks of the engine */
#define CYCLE_MAX   256         /* threads in a cycle that is found */
#define WAITER_NAME (2 * MODEL_NAME + 2)

struct waiter {
	const struct model_proc *proc;
	const struct model_thread *thread;
};

/* Each waits for the next one, and the last one for the first. */
struct cycle {
	struct waiter at[CYCLE_MAX];
	unsigned n; /* from 1: it may wait for itself */
	bool sure;  /* it is a deadlock */
};

/* The thread that this one waits for; false: none that is known. */
bool waits_next(
    const struct model *, const struct model_thread *, struct waiter *next);

/* It waits for another thread, and has for so long that a cycle is sure. */
bool waits_lasts(
    const struct model *, uint64_t now, const struct model_thread *);

/* The cycle that this thread is in, or leads into. False: none. */
bool waits_of(
    const struct model *, uint64_t now, struct waiter, struct cycle *);

bool waits_has(const struct cycle *, const struct model_thread *);

/* All that there are, each once; returns how many, at most `max`. */
unsigned waits_find(
    const struct model *, uint64_t now, struct cycle *, unsigned max);

/*
 * "thread-1 waits for B, held by thread-2; thread-2 waits for A, held by
 * thread-1"; cut with "..." where there is no room.
 */
void waits_say(
    const struct model *, const struct cycle *, char *buf, size_t size);

/* "worker-2/pool-2.3", "thread-1" */
void waits_name(const struct model *, struct waiter, char buf[WAITER_NAME]);
/* Or "thread 4711", if the model does not know that one. */
const char *waits_name_of(const struct model *, int32_t tid,
    char buf[WAITER_NAME]) __attribute__((warn_unused_result));

/*
 * Orders that close a cycle: path[0] is order number i of the model, the next
 * one holds the lock which that one takes, and so on, back to the lock which
 * path[0] holds. In each cycle, i is the lowest number. Returns its length, 0
 * if there is none, or if all of its orders have a guard in common that lets
 * too few threads in at a time.
 */
unsigned waits_order(
    const struct model *, unsigned i, unsigned path[CYCLE_MAX]);

/* "A -> B by thread-1, B -> A by thread-2: may deadlock" */
void waits_say_order(const struct model *, const unsigned *path, unsigned n,
    char *buf, size_t size);

#endif
