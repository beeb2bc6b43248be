/*
 * worker: a worker process of the pipeline.
 *
 * The main thread is the dispatcher: it gets items from the queue, does their
 * own work, lets the pool run their tasks, and marks them done. While items are
 * quick it takes several at a time, as many as it can do in about a
 * millisecond; it takes longer items one by one.
 *
 * src/pipeline: the processes of a run of items: dispatcher, thread pool,
 * tasks. It may use all folders but explore and supervisor.
 */
#ifndef LOCKSTEP_WORKER_H
#define LOCKSTEP_WORKER_H

#include <sys/types.h>

#include "run/shared.h"

#define WORKER_EXIT_THREADS 3 /* no pool thread could be started */

/*
 * The worker asked for `batch` items and got `got`, which took `took` ns. How
 * many to ask for next, so that they take about a millisecond: from 1 to
 * ITEM_QUEUE_BATCH.
 */
unsigned worker_batch(unsigned batch, unsigned got, uint64_t took);

/* The life of a worker, which is no program's child. Never returns. */
void worker_main(struct shared *, unsigned slot, pid_t parent,
    const struct child *) __attribute__((noreturn));

#endif
