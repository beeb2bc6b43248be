/*
 * worker: one worker process.
 *
 * The main thread is the dispatcher: it gets items from the queue, does their
 * own work, lets the pool run their tasks, and marks them done. While items
 * are quick it takes several at a time, as many as it does in about a
 * millisecond; an item that takes longer is taken alone.
 */
#ifndef LOCKSTEP_WORKER_H
#define LOCKSTEP_WORKER_H

#include <sys/types.h>

#include "run/shared.h"

#define WORKER_EXIT_THREADS 3 /* no pool thread could be started */

/*
 * Of `batch` items asked for, `got` were had and took so many ns: as many next
 * time as take about a millisecond, 1 to ITEM_QUEUE_BATCH.
 */
unsigned worker_batch(unsigned batch, unsigned got, uint64_t took);

/* The life of a worker, in the child, from the fork on. Never returns. */
void worker_main(struct shared *, unsigned slot, pid_t parent)
    __attribute__((noreturn));

#endif
