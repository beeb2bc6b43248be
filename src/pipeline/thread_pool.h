/*
 * thread_pool: the named threads of one worker.
 *
 * The dispatcher gives them a range of tickets at a time. Threads claim tickets
 * one by one from a single word, which holds the number of the range, the next
 * ticket and the end. So a task costs one compare-and-swap and no wake-up.
 *
 * Waking: a thread that claims a ticket and leaves more behind wakes one
 * sleeper, unless one is waking already or a limit is reached. While tasks are
 * quick, the limit is the number of cores (more threads would only take turns).
 * Once a range takes long, because its tasks sleep or compute, all threads are
 * woken.
 *
 * In step mode, threads stand at their gates before each ticket, and so does
 * the dispatcher while it waits for them. Once `bell` and `idle` have been
 * rung, no thread sleeps elsewhere.
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

/* What the threads do: `arg` is that of pool_new(), `thread` is an index. */
struct pool_ops {
	/* Run a ticket of the current range. False: the run is over, leave. */
	bool (*run)(void *arg, unsigned thread, uint32_t ticket);
	const char *(*name)(void *arg, unsigned thread, char buf[16]);
};

struct pool_place {
	struct gate *gate;
	struct thread_slot *dispatcher;
	struct thread_slot *tslots; /* [i] of thread i, 0 <= i < max */
	unsigned max;
	struct eventcount *bell; /* the dispatcher sleeps on it in pool_run();
			      others may ring it to make it poll */
	struct eventcount *idle; /* threads without a ticket sleep on it */
};

/*
 * NULL if memory is exhausted. The caller keeps everything that is pointed to;
 * it must outlive the pool.
 */
struct pool *pool_new(
    const struct pool_ops *, void *arg, const struct pool_place *);

/*
 * Start or dismiss threads until there are n. A dismissed thread finishes its
 * current task first; a later call joins it. Returns how many threads there
 * are: fewer than n if pthread_create failed (errno says why).
 */
unsigned pool_resize(struct pool *, unsigned n);

/* True once after a dismissed thread has left: call pool_resize() again. */
bool pool_left(struct pool *);

/* Wait until every thread that was started has taken its slot. */
void pool_ready(struct pool *);

/*
 * Run tickets 0..n-1; true when all are done. The dispatcher calls `poll` each
 * time before it sleeps on the bell. If `poll` returns false, the run is over,
 * and pool_run() returns false once no thread is running a ticket. It also
 * returns false if pool_ops.run did for some ticket.
 */
bool pool_run(struct pool *, uint32_t n, bool (*poll)(void *arg));

/* Let all threads finish their tickets, join them, free the pool. */
void pool_stop(struct pool *);

#endif
