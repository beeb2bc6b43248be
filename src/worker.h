/*
 * worker: one worker process, and what all processes of a run share.
 *
 * The main thread is the dispatcher: it gets items from the queue, does their
 * own work, lets the pool run their tasks, and marks them done. While items
 * are quick it takes several at a time, as many as it does in about a
 * millisecond; an item that takes longer is taken alone.
 */
#ifndef LOCKSTEP_WORKER_H
#define LOCKSTEP_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "gate.h"
#include "params.h"
#include "queue.h"
#include "ring.h"
#include "sum.h"

#define WORKER_BAD          16 /* reads that failed, remembered until told */
#define WORKER_EXIT_THREADS 3  /* no pool thread could be started */

/* What a worker says of itself; written by its dispatcher but for `retire`. */
struct worker_slot {
	_Alignas(ARENA_LINE) struct wake bell; /* the dispatcher polls */
	_Atomic uint32_t retire;  /* supervisor: leave after this item */
	_Atomic uint32_t ready;   /* all its threads run */
	_Atomic uint32_t threads; /* pool threads */
	_Atomic int32_t error;    /* errno of the last pthread_create */
	_Atomic uint32_t item;    /* number of the item in hand, 0: none */
	_Atomic uint32_t item_n;
	_Atomic uint32_t held;   /* items in hand */
	_Atomic uint64_t cookie; /* of the item in hand */
	_Atomic uint32_t items;  /* done */
	_Atomic uint64_t errors; /* reads that failed: any thread */
	_Atomic uint64_t failed; /* the next free place in bad[] */
	struct {
		_Atomic uint64_t cookie; /* of the item */
		_Atomic int32_t error;   /* errno */
	} bad[WORKER_BAD];               /* the last of them, a ring */
};

/* In the arena. Slots and rings count from 1: slot 0 is the supervisor. */
struct shared {
	const struct params *params;
	struct gate gate;
	struct sum_control sum;
	struct ring_control tracing;
	_Atomic uint32_t workers; /* wanted */
	_Atomic uint32_t threads; /* wanted of each worker */
	struct queue *queue;
	struct worker_slot *slots; /* [nslots] */
	struct cell *cells;        /* [nslots]; [0]: shared, or supervisor's */
	struct ring *rings;        /* [(nslots - 1) * stride] */
	unsigned nslots;           /* with slot 0 */
	unsigned stride;           /* rings of one worker: 1 + pool threads */
};

/* How large an arena must be, and laying it out. 0 or -ENOMEM. */
size_t shared_size(const struct params *);
int shared_layout(
    struct arena *, const struct params *, int bell, struct shared **);

/* Ring of a thread; index 0 is the dispatcher. */
static inline struct ring *
shared_ring(const struct shared *s, unsigned slot, unsigned index)
{
	return &s->rings[(slot - 1) * s->stride + index];
}

/* The cell that a worker adds to. */
static inline struct cell *
shared_cell(const struct shared *s, unsigned slot)
{
	return &s->cells[s->params->sum_mode == SUM_PRIVATE ? slot : 0];
}

/* The life of a worker, in the child, from the fork on. Never returns. */
void worker_main(struct shared *, unsigned slot, pid_t parent)
    __attribute__((noreturn));

#endif
