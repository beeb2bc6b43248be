/*
 * shared: what all processes of a run share, as it lies in the arena: a slot
 * for each process, a slot for each thread, the sum, the gate, and the queue
 * of items or the world of a program.
 */
#ifndef LOCKSTEP_SHARED_H
#define LOCKSTEP_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "options/params_priv.h"
#include "run/item_queue.h"
#include "run/registry.h"
#include "slot/gate.h"
#include "slot/gil.h"
#include "slot/slot.h"
#include "sum/sum.h"

#define WORKER_BAD 16 /* items left out, remembered until reported */

/* What a worker says of itself; written by its dispatcher but for `retire`. */
struct worker_slot {
	_Alignas(ARENA_LINE) struct eventcount bell; /* the dispatcher polls */
	struct eventcount idle;  /* pool threads with nothing to do */
	struct gil gil;          /* of its threads; interval 0: there is none */
	_Atomic uint32_t retire; /* supervisor: leave after this item */
	_Atomic uint32_t ready;  /* all its threads run */
	_Atomic uint32_t threads; /* pool threads */
	_Atomic int32_t error;    /* of a pthread_create, not told yet */
	_Atomic uint32_t item;    /* number of the item in hand, 0: none */
	_Atomic uint32_t item_n;
	_Atomic uint32_t held;   /* items in hand */
	_Atomic uint64_t cookie; /* of the item in hand */
	_Atomic uint32_t items;  /* done */
	_Atomic uint64_t failed; /* calls of task_leave_out(): any thread */
	struct {
		_Atomic uint64_t cookie; /* of the item, stored last; 0: free */
		_Atomic int32_t why;     /* as task_leave_out() has it */
	} bad[WORKER_BAD];               /* the last of them, a ring */
};

/* In the arena. Process slots and thread slots count from 1: slot 0 is the
 * supervisor. */
struct shared {
	const struct params *params; /* also whole: params_priv() */
	struct gate gate;
	struct sum_control sum;
	struct trace_control tracing;
	_Atomic uint32_t workers;      /* wanted */
	_Atomic uint32_t threads;      /* wanted of each worker */
	struct item_queue *item_queue; /* NULL in a program */
	struct worker_slot *slots;     /* [nslots] */
	struct cell *cells;         /* [nslots]; [0]: shared, or supervisor's */
	struct thread_slot *tslots; /* [(nslots - 1) * stride] */
	struct registry *registry;  /* of a program; else NULL */
	_Atomic uint64_t gil;       /* ns: switch interval; 0: there is none */
	unsigned nslots;            /* with slot 0 */
	unsigned stride;            /* slots of one worker: 1 + pool threads */
};

/*
 * An arena that is large enough. A program's heap is smaller where the system
 * does not let us have as much. 0, or -errno and how many bytes were asked for.
 */
int shared_open(struct arena *, const struct params *, size_t *asked);

/* Laying it out. 0 or -ENOMEM. */
int shared_layout(
    struct arena *, const struct params_priv *, int bell, struct shared **);

/* Ring of a thread; index 0 is the dispatcher. */
static inline struct thread_slot *
shared_ring(const struct shared *s, unsigned slot, unsigned index)
{
	return &s->tslots[(slot - 1) * s->stride + index];
}

/* The cell that a worker adds to. */
static inline struct cell *
shared_cell(const struct shared *s, unsigned slot)
{
	bool own = params_priv(s->params)->sum_mode == SUM_PRIVATE;

	return &s->cells[own ? slot : 0];
}

/* The sum as that worker sees it; slot 0: the supervisor. */
int64_t shared_sum(const struct shared *, unsigned slot);

#endif
