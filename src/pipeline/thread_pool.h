/*
 * thread_pool: the named threads of one worker.
 *
 * The dispatcher hands them a range of tickets at a time; threads claim one
 * after the other from a single word, which holds the number of the range,
 * the next ticket and the end. So a task costs one compare-and-swap and no
 * wake-up.
 *
 * Waking: whoever claims a ticket and leaves more behind wakes one sleeper, if
 * none is on its way already, up to a limit. While tasks are quick the limit
 * is the number of cores (more threads would only take turns); once a range
 * takes long, because its tasks sleep or compute, everybody is woken.
 *
 * Stepped, threads stand at the gate before each ticket, and the dispatcher
 * while it waits for them; nobody sleeps elsewhere, once both wakes were rung.
 */
#ifndef LOCKSTEP_THREAD_POOL_H
#define LOCKSTEP_THREAD_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "memory/eventcount.h"
#include "slot/gate.h"
#include "slot/slot.h"

#define POOL_MAX_TICKETS ((1U << 24) - 1) /* of one range */

struct pool;

/* What the threads do. Each thread has its slot and a context of its own. */
struct pool_ops {
	/* Run ticket t of the present range. False: leave, the run is over. */
	bool (*run)(void *arg, unsigned thread, uint32_t ticket);
	const char *(*name)(void *arg, unsigned thread, char buf[16]);
};

struct pool_place {
	struct gate *gate;
	struct thread_slot *dispatcher;
	struct thread_slot *tslots; /* [i] of thread i, 0 <= i < max */
	unsigned max;
	struct eventcount *bell; /* the dispatcher sleeps on it in pool_run();
			      others may ring it to have it poll */
	struct eventcount *idle; /* threads without a ticket sleep on it */
};

/*
 * NULL if memory is short. Everything pointed to stays the caller's and must
 * outlive the pool.
 */
struct pool *pool_new(
    const struct pool_ops *, void *arg, const struct pool_place *);

/*
 * Start or let go of threads until there are n. Those let go finish the task
 * in hand first and are joined by a later call. Returns how many threads there
 * are; fewer than n if pthread_create failed (errno says why).
 */
unsigned pool_resize(struct pool *, unsigned n);

/* True once after a thread that was let go has left: resize again. */
bool pool_left(struct pool *);

/* Wait until every thread that was started has come to its slot. */
void pool_ready(struct pool *);

/*
 * Run tickets 0..n-1; true when all are done. `poll` is called by the
 * dispatcher before it goes to sleep on the bell, each time; if it says false,
 * the run is over: false is returned once no thread is running a ticket any
 * more. False, too, if some thread said that the run is over.
 */
bool pool_run(struct pool *, uint32_t n, bool (*poll)(void *arg));

/* Let all threads finish what they do, join them, free the pool. */
void pool_stop(struct pool *);

#endif
