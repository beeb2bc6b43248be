/*
 * slot: what one thread publishes about itself: its state, its ledger of adds
 * (ledger.h) and its trace (trace.h). A slot is in the arena. Only its thread
 * writes it, with plain atomic stores, no lock and no system call; the
 * supervisor samples it. The slot outlives its thread, so what a killed worker
 * published last can still be read.
 *
 * src/slot: one thread as the supervisor sees it, and what it obeys: slot,
 * ledger, trace, gate. It may use lockstep, base, memory and wire.
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

/* One of the two books; written only while the other one is current. */
struct ledger_book {
	_Atomic uint64_t version; /* odd: being written */
	_Atomic uint64_t start;   /* adds made before it became current */
	_Atomic int64_t amount;   /* of each add since */
	_Atomic int64_t expected; /* total of the adds before it */
};

/* One of the two copies; written only while the other one is current. */
struct ledger_losses {
	_Atomic int64_t lost;
	_Atomic uint64_t updates; /* lost updates; each writing increments it */
};

struct trace_event {
	_Atomic uint64_t stamp; /* see base/stamp.h */
	_Atomic uint64_t what;  /* op, flags << 16, other thread's id << 32 */
	_Atomic int64_t seen;
	_Atomic int64_t value;
	_Atomic uint64_t where; /* item, task << 32 */
};

/* Shared by all slots: the supervisor writes it, every thread reads it. */
struct trace_control {
	_Atomic uint32_t tick;   /* 0: no tracing at all */
	_Atomic uint64_t burst;  /* ns: when quick threads trace */
	_Atomic uint32_t budget; /* events per thread and tick */
};

/* The slot's own thread writes the fields, unless a comment says otherwise. */
struct thread_slot {
	/* Constant except last_tid; a reset keeps them; any thread may read. */
	_Alignas(ARENA_LINE) struct trace_control *control;
	uint32_t id;              /* 1..: of this slot, in the cell's word */
	uint16_t slot, index;     /* as in struct frame_thread */
	_Atomic int32_t last_tid; /* kept after the thread has gone */

	_Atomic int32_t tid;    /* 0: no thread here */
	_Atomic uint64_t since; /* ns: start of the state */
	_Atomic uint32_t state; /* enum frame_state */
	_Atomic uint32_t item;
	_Atomic uint32_t task;
	_Atomic uint32_t owner;    /* id of the thread it waits for; 0: none */
	_Atomic uint64_t tasks;    /* done */
	_Atomic uint32_t object;   /* number of what it waits for, 0: none */
	_Atomic uint32_t patience; /* 1: that wait has a time limit */

	/* In step mode, at its gate; see gate.h. */
	_Alignas(ARENA_LINE) _Atomic uint32_t stand; /* enum gate_stand */
	_Atomic uint32_t point;   /* enum frame_point; set before `stand` */
	_Atomic uint32_t thing;   /* enum frame_thing << 8 | its number */
	_Atomic uint32_t blocked; /* 1: not ready; 2: same, may time out */
	_Atomic uint32_t asks;    /* 1: the operation has a condition */
	_Atomic int64_t value;    /* the register */
	_Atomic int64_t addend;
	_Atomic uint32_t *_Atomic dozes; /* word it sleeps on, or NULL */

	/*
	 * An add under way; see ledger.h. Other processes read some of these
	 * fields without checking which thread has the slot: cell_value(),
	 * lock_owner.c.
	 */
	_Alignas(ARENA_LINE) _Atomic uint32_t adding; /* lock kind + 1 */
	_Atomic uint64_t intent;    /* value read, number of the commit */
	_Atomic uint64_t committed; /* adds << 2 | selected losses and book */
	_Atomic uint64_t acquired;  /* locks acquired */
	_Atomic int64_t part;       /* of the sum, under the kind `partial` */
	_Atomic uint64_t parted;    /* note of it; see ledger_part_begin() */
	_Atomic uint32_t doubt;     /* 1: see ledger_doubt() */

	/* Adds posted to the owner of the sum, on a line it never writes. */
	_Alignas(ARENA_LINE) _Atomic uint64_t posted;

	_Alignas(ARENA_LINE) struct ledger_losses losses[2];
	struct ledger_book books[2];

	_Alignas(ARENA_LINE) uint32_t tick; /* private to the thread */
	uint32_t left;                      /* of this tick's budget */
	uint32_t over;              /* steps not traced since that tick */
	_Atomic uint64_t head;      /* events written */
	_Atomic uint64_t contended; /* locks found taken, adds retried */
	struct latency times;       /* of the lock around the sum */
	_Atomic uint64_t name[SLOT_NAME / 8]; /* atomic_text; before `tid` */
	struct trace_event events[TRACE_EVENTS];
};

#define RELAXED memory_order_relaxed

/* Only for counters with one writer: not an atomic read-modify-write. */
#define SLOT_BUMP(counter, by)            \
	atomic_store_explicit(&(counter), \
	    atomic_load_explicit(&(counter), RELAXED) + (by), RELAXED)

/* A new thread takes the slot; its counters continue the last thread's. */
void slot_begin(struct thread_slot *, int32_t tid, const char *name);

/*
 * Clear everything. No thread has the slot, and sum_recover() has moved `part`
 * to the cell. Supervisor only.
 */
void slot_reset(struct thread_slot *);

/* The thread's name; while a new thread takes the slot, a mixture of two. */
struct slot_name {
	char text[SLOT_NAME];
};
struct slot_name slot_name(const struct thread_slot *);

/* Enter a state now. Reads the clock if it changes: not for hot paths. */
void slot_state(struct thread_slot *, enum frame_state);

/* Enter a state whose start, `ns`, the caller knows. */
void slot_state_at(struct thread_slot *, enum frame_state, uint64_t ns);

#endif
