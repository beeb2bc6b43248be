/*
 * ring: what one thread says of itself: its state slot, its ledger of adds and
 * its trace. All in the arena; written by that thread alone, with plain
 * relaxed stores, no lock and no system call; sampled by the supervisor. It
 * outlives its thread, so a killed worker's last words can be read.
 *
 * The ledger is kept twice. A thread writes the new totals into the copy not
 * in force and then counts `committed` up: that store is the moment at which
 * the add is in the books, all four numbers or none. `intent` names the
 * commit that an add in progress will make, so an add cut short by SIGKILL
 * shows as intent != committed, with its amount and what it had read.
 *
 * The trace has a budget per tick of the supervisor: a slow pipeline is traced
 * whole, a quick one is sampled, and how much was not traced is known from the
 * counters. Who is quick traces in a burst, at a moment that each tick sets for
 * all of them: of a race both sides are wanted.
 */
#ifndef LOCKSTEP_RING_H
#define LOCKSTEP_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "frame.h"
#include "times.h"

#define RING_EVENTS   128 /* power of two; at least twice a tick's budget */
#define RING_QUICK    64  /* steps not traced in a tick: that is quick */
#define RING_BURST    (RING_EVENTS / 2)     /* events of a quick thread */
#define RING_BURST_IN (500 * NSEC_PER_USEC) /* from the tick to the burst */
#define RING_BURST_NS (500 * NSEC_PER_USEC) /* later it has been missed */

/* Totals of one thread, or of many. */
struct ledger {
	int64_t expected; /* all amounts added */
	int64_t lost;     /* amount that its stores wiped out, net */
	uint64_t adds;
	uint64_t lost_updates; /* stores over somebody else's value */
};

struct ledger_cell {
	_Atomic int64_t expected;
	_Atomic int64_t lost;
	_Atomic uint64_t adds;
	_Atomic uint64_t lost_updates;
};

struct ring_event {
	_Atomic uint64_t ns;
	_Atomic uint64_t what; /* op, flags << 16, the other's id << 32 */
	_Atomic int64_t seen;
	_Atomic int64_t value;
	_Atomic uint64_t where; /* item, and task << 32 */
};

/* Shared by all rings: set by the supervisor, read by every thread. */
struct ring_control {
	_Atomic uint32_t tick;   /* 0: no tracing at all */
	_Atomic uint64_t burst;  /* ns: then the quick ones trace */
	_Atomic uint32_t budget; /* events per thread and tick */
};

/* Fields are written by the owning thread unless it says otherwise. */
struct ring {
	_Alignas(ARENA_LINE) _Atomic uint32_t state; /* enum frame_state */
	_Atomic int32_t tid;                         /* 0: no thread here */
	_Atomic uint64_t since; /* ns: start of the state */
	_Atomic uint32_t item;
	_Atomic uint32_t task;
	_Atomic uint64_t tasks;    /* done */
	_Atomic uint32_t owner;    /* id of the thread waited for, if known */
	_Atomic uint32_t object;   /* number of what it waits for, 0: none */
	_Atomic uint32_t patience; /* 1: that wait has a time limit */
	uint32_t id;               /* 1..: of this ring, in the cell's word */
	uint16_t slot, index;      /* as in struct frame_thread */
	_Atomic int32_t last_tid;  /* also when nobody is here any more */
	struct ring_control *control;

	/* At its gate, in a run that is stepped; see gate.h. */
	_Alignas(ARENA_LINE) _Atomic uint32_t stand; /* enum gate_stand */
	_Atomic uint32_t point;   /* enum frame_point; before `stand` */
	_Atomic uint32_t thing;   /* enum frame_thing << 8 | its number */
	_Atomic uint32_t blocked; /* 1: not now; 2: it may time out instead */
	_Atomic uint32_t asks;    /* 1: it may have to wait there */
	_Atomic int64_t value;    /* the register */
	_Atomic int64_t addend;
	_Atomic uint32_t *_Atomic dozes; /* asleep on this word; or NULL */

	/* An add under way; see the top. */
	_Alignas(ARENA_LINE) _Atomic uint32_t adding; /* lock kind + 1 */
	_Atomic uint64_t intent;
	_Atomic uint64_t committed;
	_Atomic int64_t seen;
	_Atomic int64_t amount;
	_Atomic int64_t part; /* of the sum, under the kind `partial` */

	_Alignas(ARENA_LINE) struct ledger_cell books[2];

	_Alignas(ARENA_LINE) uint32_t tick; /* private to the thread */
	uint32_t left;                      /* of this tick's budget */
	uint32_t over;              /* steps since, that it did not pay for */
	_Atomic uint64_t head;      /* events written */
	_Atomic uint64_t contended; /* locks found taken, adds tried again */
	_Atomic uint64_t acquired;  /* locks got */
	struct times times;         /* of the lock around the sum */
	char name[16];              /* of the thread; before `tid` */
	struct ring_event events[RING_EVENTS];
};

#define RELAXED memory_order_relaxed

/* For counters with one writer: no atomic read-modify-write is needed. */
#define RING_BUMP(counter, by)            \
	atomic_store_explicit(&(counter), \
	    atomic_load_explicit(&(counter), RELAXED) + (by), RELAXED)

/* A new thread takes the ring, and goes on counting where the last ended. */
void ring_begin(struct ring *, int32_t tid, const char *name);

/* Forget all; no thread has the ring. Supervisor only. */
void ring_reset(struct ring *);

/* Enter a state, now. Costs a clock reading: not for hot paths. */
void ring_state(struct ring *, enum frame_state);

/* The same, if the time is at hand. */
void ring_state_at(struct ring *, enum frame_state, uint64_t ns);

#define RING_FLAGS(flags) ((uint32_t)(flags) << 16)

/*
 * Write an event and pay for it; ask trace_on() before a step's first. `op` is
 * an enum frame_trace_op, with RING_FLAGS of enum frame_trace_flags.
 */
void ring_write(struct ring *, uint64_t ns, uint32_t op, int64_t seen,
    int64_t value, uint32_t other);

/* A new tick: what may be traced in it? Whether anything may, now. */
bool ring_tick(struct ring *, uint32_t tick);

/* Whether this thread may trace a step now. */
static inline bool
trace_on(struct ring *r)
{
	if (r->left > 0)
		return true;
	uint32_t tick =
	    atomic_load_explicit(&r->control->tick, memory_order_relaxed);
	r->over++;
	return r->tick != tick && ring_tick(r, tick);
}

/*
 * Events that this thread has made, traced or not, as its counters have it:
 * two for a task, a lock and an add each, one for a lost update.
 */
uint64_t ring_made(const struct ring *);

/* One event; ns 0 means now. */
static inline void
trace(struct ring *r, enum frame_trace_op op, int64_t seen, int64_t value)
{
	if (trace_on(r))
		ring_write(r, 0, op, seen, value, 0);
}

/* Say what an add is about to do to the sum. */
static inline void
ring_intend(struct ring *r, int64_t seen, int64_t amount)
{
	uint64_t done = atomic_load_explicit(&r->committed, RELAXED);

	atomic_store_explicit(&r->seen, seen, RELAXED);
	atomic_store_explicit(&r->amount, amount, RELAXED);
	atomic_store_explicit(&r->intent, done + 1, memory_order_release);
}

/* The add is done and has wiped out `lost` of others. */
void ring_commit(struct ring *, int64_t lost, bool overwrote);

/* An add that never happened: take the intent back. */
void ring_cancel(struct ring *);

/* Is an add cut short here? Only asked of a thread that is dead. */
bool ring_pending(const struct ring *);

/* A consistent copy of the books of a living thread. */
struct ledger ring_ledger(const struct ring *);

void ledger_add(struct ledger *, const struct ledger *);

#endif
