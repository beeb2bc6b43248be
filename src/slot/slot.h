/*
 * ring: what one thread says of itself: its state slot, its ledger of adds and
 * its trace. All in the arena; written by that thread alone, with plain
 * relaxed stores, no lock and no system call; sampled by the supervisor. It
 * outlives its thread, so a killed worker's last words can be read.
 *
 * The ledger costs an add two stores. What an add is about to do stands in
 * `intent`; `committed` counts the adds done, and the store that counts it up
 * is the moment at which an add is in the books. What is the same for many adds
 * in a row is in the book in force: their amount, and the totals at its
 * beginning. So all that was added is
 *
 *	book.expected + book.amount * (adds - book.start)
 *
 * There are two books, and which one is in force is a bit of the same word. For
 * another amount the other book is written first; then that one store puts it
 *in force. With what the adds have wiped out it is the same: two copies, a bit,
 * and the store that counts the add up puts the copy in force that has it in.
 * So all four numbers are changed, or none.
 *
 * Why a kill does no harm: a thread that dies has done all that its program
 * does before some instruction, and nothing behind it, and its stores are seen
 * by all once it can be reaped. So what counts is the order of the stores in
 * the program. All of them are releases, which no compiler moves above what the
 * program does before: the stores here, the one that changes the sum (also if
 * it is part of a read-modify-write), the one that takes away the name of the
 * lock's holder, and the one that gives the lock back. `intent` holds, with
 *what was read, the number of the commit to come: an add cut short between the
 *two is known by it, whatever the thread did before. For readers of a living
 *thread see ring_ledger().
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

#include "base/fault.h"
#include "base/stamp.h"
#include "lockstep/frame.h"
#include "memory/arena.h"
#include "slot/latency.h"

#define RING_EVENTS   128 /* power of two; at least twice a tick's budget */
#define RING_QUICK    64  /* steps not traced in a tick: that is quick */
#define RING_BURST    (RING_EVENTS / 2)     /* events of a quick thread */
#define RING_BURST_IN (500 * NSEC_PER_USEC) /* from the tick to the burst */
#define RING_BURST_NS (500 * NSEC_PER_USEC) /* later it has been missed */
#define RING_NAME     16                    /* bytes, with the NUL */

/* Totals of one thread, or of many. */
struct ledger {
	int64_t expected; /* all amounts added */
	int64_t lost;     /* amount that its stores wiped out, net */
	uint64_t adds;
	uint64_t lost_updates; /* stores over somebody else's value */
};

/* One of the two books; written only while the other one is in force. */
struct ledger_book {
	_Atomic uint64_t version; /* odd: being written */
	_Atomic uint64_t start;   /* adds before it */
	_Atomic int64_t amount;   /* of each add since */
	_Atomic int64_t expected; /* of the adds before it */
};

/* Likewise; `updates` counts up with each writing. */
struct ledger_losses {
	_Atomic int64_t lost;
	_Atomic uint64_t updates;
};

struct ring_event {
	_Atomic uint64_t stamp; /* when */
	_Atomic uint64_t what;  /* op, flags << 16, the other's id << 32 */
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
	/* What the ring is; a reset leaves it alone, anybody may read it. */
	_Alignas(ARENA_LINE) struct ring_control *control;
	uint32_t id;              /* 1..: of this ring, in the cell's word */
	uint16_t slot, index;     /* as in struct frame_thread */
	_Atomic int32_t last_tid; /* also when nobody is here any more */

	_Atomic int32_t tid;    /* 0: no thread here */
	_Atomic uint64_t since; /* ns: start of the state */
	_Atomic uint32_t state; /* enum frame_state */
	_Atomic uint32_t item;
	_Atomic uint32_t task;
	_Atomic uint32_t owner;    /* id of the thread waited for, if known */
	_Atomic uint64_t tasks;    /* done */
	_Atomic uint32_t object;   /* number of what it waits for, 0: none */
	_Atomic uint32_t patience; /* 1: that wait has a time limit */

	/* At its gate, in a run that is stepped; see gate.h. */
	_Alignas(ARENA_LINE) _Atomic uint32_t stand; /* enum gate_stand */
	_Atomic uint32_t point;   /* enum frame_point; before `stand` */
	_Atomic uint32_t thing;   /* enum frame_thing << 8 | its number */
	_Atomic uint32_t blocked; /* 1: not now; 2: it may time out instead */
	_Atomic uint32_t asks;    /* 1: it may have to wait there */
	_Atomic int64_t value;    /* the register */
	_Atomic int64_t addend;
	_Atomic uint32_t *_Atomic dozes; /* asleep on this word; or NULL */

	/*
	 * An add under way; see the top. Other processes read some of these
	 * without asking whose the ring is: cell_value(), lock_owner.c.
	 */
	_Alignas(ARENA_LINE) _Atomic uint32_t adding; /* lock kind + 1 */
	_Atomic uint64_t intent;    /* what it read, number of the commit */
	_Atomic uint64_t committed; /* adds << 2 | which losses and book */
	_Atomic uint64_t acquired;  /* locks got */
	_Atomic int64_t part;       /* of the sum, under the kind `partial` */
	_Atomic uint64_t parted;    /* likewise; see ring_part_begin() */
	_Atomic uint32_t doubt;     /* 1: see ring_doubt() */

	/* Adds handed in, apart from what the owner writes: lock_owner.c. */
	_Alignas(ARENA_LINE) _Atomic uint64_t posted;

	_Alignas(ARENA_LINE) struct ledger_losses losses[2];
	struct ledger_book books[2];

	_Alignas(ARENA_LINE) uint32_t tick; /* private to the thread */
	uint32_t left;                      /* of this tick's budget */
	uint32_t over;              /* steps since, that it did not pay for */
	_Atomic uint64_t head;      /* events written */
	_Atomic uint64_t contended; /* locks found taken, adds tried again */
	struct times times;         /* of the lock around the sum */
	_Atomic uint64_t name[RING_NAME / 8]; /* atomic_text; before `tid` */
	struct ring_event events[RING_EVENTS];
};

#define RELAXED memory_order_relaxed

/* For counters with one writer: no atomic read-modify-write is needed. */
#define RING_BUMP(counter, by)            \
	atomic_store_explicit(&(counter), \
	    atomic_load_explicit(&(counter), RELAXED) + (by), RELAXED)

/* A new thread takes the ring, and goes on counting where the last ended. */
void ring_begin(struct ring *, int32_t tid, const char *name);

/*
 * Forget all; no thread has the ring, and `part` has gone to the cell
 * (sum_recover()). Supervisor only.
 */
void ring_reset(struct ring *);

/* What the thread is called: of two in a row it may be a mixture for once. */
struct ring_name {
	char text[RING_NAME];
};
struct ring_name ring_name(const struct ring *);

/* Enter a state, now. Costs a clock reading: not for hot paths. */
void ring_state(struct ring *, enum frame_state);

/* The same, if the time is at hand. */
void ring_state_at(struct ring *, enum frame_state, uint64_t ns);

#define RING_FLAGS(flags) ((uint32_t)(flags) << 16)

/*
 * Write an event and pay for it; ask trace_on() before a step's first. `op` is
 * an enum frame_trace_op, with RING_FLAGS of enum frame_trace_flags; stamp 0
 * means now.
 */
void ring_write(struct ring *, uint64_t stamp, uint32_t op, int64_t seen,
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

/* One event, now. */
static inline void
trace(struct ring *r, enum frame_trace_op op, int64_t seen, int64_t value)
{
	if (trace_on(r))
		ring_write(r, 0, op, seen, value, 0);
}

#define RING_BOOK     1U /* bits of `committed` */
#define RING_LOSSES   2U
#define RING_ADDS_BIT 2
#define RING_ONE_ADD  (UINT64_C(1) << RING_ADDS_BIT)

#define RING_TAG_BITS 14 /* of the number of a commit, in `intent` */
#define RING_TAG      ((UINT64_C(1) << RING_TAG_BITS) - 1)

static inline uint64_t
ring_adds(const struct ring *r)
{
	return atomic_load_explicit(&r->committed, RELAXED) >> RING_ADDS_BIT;
}

static inline struct ledger_book *
ring_book(struct ring *r)
{
	return &r->books[atomic_load_explicit(&r->committed, RELAXED) &
	    RING_BOOK];
}

/* What was read, beside the number of adds that there are or will be. */
static inline uint64_t
ring_note(int64_t seen, uint64_t adds)
{
	return (uint64_t)seen << RING_TAG_BITS | (adds & RING_TAG);
}

/* The adds from now on are of this amount. */
void ring_amount(struct ring *, int64_t amount);

/* Say what an add of that amount is about to do to the sum. */
static inline void
ring_intend(struct ring *r, int64_t seen)
{
	atomic_store_explicit(&r->intent, ring_note(seen, ring_adds(r) + 1),
	    memory_order_release);
}

/* The add is done and has wiped out nothing. */
static inline void
ring_commit(struct ring *r)
{
	CRASH_POINT("cell-before-commit");
	atomic_store_explicit(&r->committed,
	    atomic_load_explicit(&r->committed, RELAXED) + RING_ONE_ADD,
	    memory_order_release);
}

/* The add is done and has wiped out `lost` of others. */
static inline void
ring_commit_lost(struct ring *r, int64_t lost)
{
	uint64_t done = atomic_load_explicit(&r->committed, RELAXED);
	struct ledger_losses *was = &r->losses[(done & RING_LOSSES) != 0];
	struct ledger_losses *is = &r->losses[(done & RING_LOSSES) == 0];

	atomic_store_explicit(&is->lost,
	    atomic_load_explicit(&was->lost, RELAXED) + lost,
	    memory_order_release);
	atomic_store_explicit(&is->updates,
	    atomic_load_explicit(&was->updates, RELAXED) + 1,
	    memory_order_release);
	CRASH_POINT("cell-before-losses");
	atomic_store_explicit(&r->committed,
	    (done + RING_ONE_ADD) ^ RING_LOSSES, memory_order_release);
}

/* An add that never happened: take the intent back. */
void ring_cancel(struct ring *);

/* Of an add cut short: what the sum was to be. */
int64_t ring_meant(struct ring *);

/*
 * The part of a thread needs no intent: `parted` holds what it was at how many
 * adds, and nobody else changes it. So within a burst of less than 2^14 adds
 * it tells by itself how many were made. At its end both notes are brought up
 * to date, for they must not seem to be of later adds.
 */
static inline void
ring_part_begin(struct ring *r)
{
	atomic_store_explicit(&r->parted,
	    ring_note(atomic_load_explicit(&r->part, RELAXED), ring_adds(r)),
	    memory_order_release);
}

static inline void
ring_part_end(struct ring *r)
{
	ring_part_begin(r);
	ring_cancel(r);
}

/*
 * From here to its end any add may be cut short, and none will be settled: for
 * many adds in a row, of which nobody could tell whether the last one was done.
 */
static inline void
ring_doubt(struct ring *r, bool begins)
{
	atomic_store_explicit(&r->doubt, begins, memory_order_release);
}

/* Is an add cut short here? Only asked of a thread that is dead. */
bool ring_pending(const struct ring *);

/* A consistent copy of the books of a living thread. */
struct ledger ring_ledger(const struct ring *);

void ledger_add(struct ledger *, const struct ledger *);

#endif
