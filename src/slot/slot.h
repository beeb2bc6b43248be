/*
 * slot: what one thread says of itself: its state, its ledger of adds
 * (ledger.h) and its trace (trace.h). All in the arena; written by that thread
 * alone, with plain relaxed stores, no lock and no system call; sampled by the
 * supervisor. It outlives its thread, so a killed worker's last words can be
 * read.
 */
#ifndef LOCKSTEP_SLOT_H
#define LOCKSTEP_SLOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/stamp.h"
#include "lockstep/frame.h"
#include "memory/arena.h"
#include "slot/latency.h"

#define TRACE_EVENTS 128 /* power of two; at least twice a tick's budget */
#define SLOT_NAME    16  /* bytes, with the NUL */

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

struct trace_event {
	_Atomic uint64_t stamp; /* when */
	_Atomic uint64_t what;  /* op, flags << 16, the other's id << 32 */
	_Atomic int64_t seen;
	_Atomic int64_t value;
	_Atomic uint64_t where; /* item, and task << 32 */
};

/* Shared by all slots: set by the supervisor, read by every thread. */
struct trace_control {
	_Atomic uint32_t tick;   /* 0: no tracing at all */
	_Atomic uint64_t burst;  /* ns: then the quick ones trace */
	_Atomic uint32_t budget; /* events per thread and tick */
};

/* Fields are written by the owning thread unless it says otherwise. */
struct thread_slot {
	/* What the slot is; a reset leaves it alone, anybody may read it. */
	_Alignas(ARENA_LINE) struct trace_control *control;
	uint32_t id;              /* 1..: of this slot, in the cell's word */
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
	 * without asking whose the slot is: cell_value(), lock_owner.c.
	 */
	_Alignas(ARENA_LINE) _Atomic uint32_t adding; /* lock kind + 1 */
	_Atomic uint64_t intent;    /* what it read, number of the commit */
	_Atomic uint64_t committed; /* adds << 2 | which losses and book */
	_Atomic uint64_t acquired;  /* locks got */
	_Atomic int64_t part;       /* of the sum, under the kind `partial` */
	_Atomic uint64_t parted;    /* likewise; see ledger_part_begin() */
	_Atomic uint32_t doubt;     /* 1: see ledger_doubt() */

	/* Adds handed in, apart from what the owner writes: lock_owner.c. */
	_Alignas(ARENA_LINE) _Atomic uint64_t posted;

	_Alignas(ARENA_LINE) struct ledger_losses losses[2];
	struct ledger_book books[2];

	_Alignas(ARENA_LINE) uint32_t tick; /* private to the thread */
	uint32_t left;                      /* of this tick's budget */
	uint32_t over;              /* steps since, that it did not pay for */
	_Atomic uint64_t head;      /* events written */
	_Atomic uint64_t contended; /* locks found taken, adds tried again */
	struct latency times;       /* of the lock around the sum */
	_Atomic uint64_t name[SLOT_NAME / 8]; /* atomic_text; before `tid` */
	struct trace_event events[TRACE_EVENTS];
};

#define RELAXED memory_order_relaxed

/* For counters with one writer: no atomic read-modify-write is needed. */
#define SLOT_BUMP(counter, by)            \
	atomic_store_explicit(&(counter), \
	    atomic_load_explicit(&(counter), RELAXED) + (by), RELAXED)

/* A new thread takes the slot, and goes on counting where the last ended. */
void slot_begin(struct thread_slot *, int32_t tid, const char *name);

/*
 * Forget all; no thread has the slot, and `part` has gone to the cell
 * (sum_recover()). Supervisor only.
 */
void slot_reset(struct thread_slot *);

/* What the thread is called: of two in a row it may be a mixture for once. */
struct slot_name {
	char text[SLOT_NAME];
};
struct slot_name slot_name(const struct thread_slot *);

/* Enter a state, now. Costs a clock reading: not for hot paths. */
void slot_state(struct thread_slot *, enum frame_state);

/* The same, if the time is at hand. */
void slot_state_at(struct thread_slot *, enum frame_state, uint64_t ns);

#endif
