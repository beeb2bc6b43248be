/*
 * sum: the shared number, its ledger, and the lock kinds around it.
 *
 * The cell is one atomic word: the value beside the id of the thread that
 * wrote it last, so that one exchange tells what was overwritten and whose it
 * was. An unprotected add is
 *
 *	seen = load; window; before = exchange(seen + n)
 *
 * and wipes out exactly before - seen (negative if it brings back what
 * another had wiped out). Over all adds that telescopes to
 *
 *	sum + lost == expected
 *
 * whatever the interleaving. Load and exchange are relaxed and atomic: a race
 * of meaning, not of the language, and nothing stands between the two but
 * the window.
 *
 * Under the kind `partial` a thread adds to a number of its own, in its ring.
 * So the sum is the word and all these parts together; cell_value() adds them
 * up. They stay where they are when the kind is switched; what a dead thread
 * leaves goes to the cell, beside the word.
 *
 * Which lock kind is in force is one shared word. A thread announces in its
 * ring that it is at the sum, then looks at the word again; a switch marks the
 * word, waits until no announcement is left, and only then puts the new kind
 * in force. So no two kinds ever protect the sum at the same time, and
 * switching between correct kinds at any rate loses nothing. Threads look at
 * the word before every add: a switch is everywhere in force within one add.
 *
 * Stepped, a thread stands at its gate before every operation of an add, and
 * the window takes no time. At the first of them it has announced the add and
 * done nothing yet: released there, it backs out if the kind is being switched.
 */
#ifndef LOCKSTEP_SUM_H
#define LOCKSTEP_SUM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "memory/arena.h"
#include "slot/gate.h"
#include "slot/slot.h"

#define CELL_ID_BITS 14 /* of the word; the other 50 hold the value */
#define CELL_MAX_ID  ((1U << CELL_ID_BITS) - 1)
#define CELL_MAX     (INT64_C(1) << 48) /* a sum may not pass this */
#define CELL_TICKETS 256                /* that may be out at a time */
#define CELL_CALLERS ((CELL_MAX_ID + 1) / 64)
#define CELL_CROWDS  (CELL_CALLERS / 64)

/*
 * A permit that one thread has at a time. The word says which, as no sem_t
 * does; so it can be taken from the dead.
 */
struct permit {
	_Atomic uint32_t taker; /* id, 0: nobody */
	struct wake back;       /* rung when it is given back */
};

/*
 * One number and what may guard it. Shared mode has one, private mode one per
 * process. What is changed with each add lies in one line.
 */
struct cell {
	_Alignas(ARENA_LINE) _Atomic uint64_t word;
	_Atomic uint64_t next;    /* ticket to be drawn, who drew the last */
	_Atomic uint64_t serving; /* ticket whose turn it is */
	_Atomic uint32_t spin;    /* id of the holder, 0: free */
	struct permit permit;
	_Atomic uint32_t holder; /* id: whoever has the lock in force; else
				  * its own word says it: cell_holder() */
	_Alignas(ARENA_LINE) pthread_mutex_t mutex; /* robust, shared */
	_Atomic uint32_t orphaned; /* times that its holder died */
	_Atomic int64_t apart;     /* parts of the dead; supervisor */
	_Atomic uint32_t moving;   /* odd: a part is just being moved there */
	_Alignas(ARENA_LINE) _Atomic uint64_t
	    tickets[CELL_TICKETS]; /* whose; see lock_ticket.c */

	/* See lock_owner.c. */
	_Alignas(ARENA_LINE) pthread_mutex_t owner; /* robust, shared */
	_Atomic uint32_t applying; /* id: in whose name it adds */
	_Atomic int32_t owner_tid; /* the thread; 0: there is none */
	struct wake handed_in, applied;
	_Atomic uint64_t crowds[CELL_CROWDS];   /* a bit for each of ... */
	_Atomic uint64_t callers[CELL_CALLERS]; /* ... these, and for each id */
};

/* In force for all cells. Written by the supervisor. */
struct sum_control {
	_Alignas(ARENA_LINE) _Atomic uint32_t kind; /* see kind_word below */
	_Atomic uint64_t window;                    /* ns */
	_Atomic uint64_t switches;
	_Atomic uint32_t blind; /* 1: no event between load and store */
	uint32_t wanted;        /* supervisor only */
};

#define KIND_SWITCHING 0x80000000U /* in `kind`: nobody may start an add */

/* A thread at the sum. */
struct adder {
	struct cell *cell;
	struct sum_control *control;
	struct gate *gate;
	struct ring *ring;
	bool traced;  /* the add under way */
	bool blind;   /* likewise: nothing is said between load and store */
	bool stepped; /* likewise: it stands before each of its operations */
	bool begun;   /* ... and has stood before the first of them */
	uint32_t openings; /* of the gate, when it began */

	/* In force, as it has been announced: its number, its row. */
	uint32_t kind;
	const struct lock_kind *lock;

	/* ns at which it began to wait for the lock, and had it; 0: untimed */
	uint64_t waits_since, holds_since;
};

/*
 * One lock kind, one row of the table. Acquire waits until the lock is had;
 * false if it gave up because the kind is being switched. NULL: no lock.
 */
struct lock_kind {
	const char *name;
	const char *lesson; /* one line, for a class */
	const char *flaw;   /* why updates are lost under it; NULL: none is */
	bool exact;         /* no update is ever lost under it */
	bool owned;         /* by a thread: the cell's owner_tid */
	bool (*acquire)(struct adder *);
	void (*release)(struct adder *);
	void (*add)(struct adder *, int64_t n); /* with the lock held */

	/*
	 * As many of these adds, one after the other, as there is nothing to
	 * be seen of: no window, no trace, no step. How many. NULL: each is
	 * made by the three above.
	 */
	uint64_t (*quick)(struct adder *, int64_t n, uint64_t times);

	/*
	 * Stepped: what an add begins with, and ends with if it has a lock.
	 * Then `holder` says who has that lock, as far as this thread is
	 * concerned: an id, or 0 if it may be had without waiting.
	 */
	enum frame_point first, last;
	uint32_t (*holder)(const struct adder *);

	/*
	 * The threads of these rings are dead. Give back what they hold
	 * and settle an add that one of them was in the middle of. 0, or
	 * -EAGAIN: somebody else is just doing it, ask again later. NULL:
	 * nothing can be held, or goes with its process, and such an add
	 * is in doubt.
	 */
	int (*recover)(struct cell *, struct ring *rings, unsigned n);
};

extern const struct lock_kind lock_kinds[];
extern const unsigned lock_nkinds;

/* Number of the kind called so, or -1. */
int lock_find(const char *name);

/* 0 or -errno. */
int cell_init(struct cell *);

/* The sum: the word, and the parts of those who add to this cell. */
int64_t cell_value(
    const struct cell *, const struct ring *rings, unsigned nrings);

/* Id of the thread that has the lock in force, 0: nobody. */
uint32_t cell_holder(const struct cell *);

/* sum = sum + n, `times` times, under the kind in force. False: run over. */
bool sum_add(struct adder *, int64_t n, uint64_t times);

/*
 * Ask for a kind; then call sum_switched() until it says true. No waiting.
 * `rings` are all rings of the arena; the dead ones do not announce.
 */
void sum_switch(struct sum_control *, unsigned kind);
bool sum_switched(struct sum_control *, struct ring *rings, unsigned nrings);
unsigned sum_kind(const struct sum_control *);

/*
 * After the threads in rings[] died: recover the lock in force, settle or
 * give up what they were adding. Returns how many adds stay in doubt, or
 * -EAGAIN: call again. After it their ledgers are final.
 */
int sum_recover(
    struct sum_control *, struct cell *, struct ring *rings, unsigned nrings);

static inline int64_t
word_value(uint64_t word)
{
	return (int64_t)word >> CELL_ID_BITS;
}

static inline uint32_t
word_id(uint64_t word)
{
	return (uint32_t)word & CELL_MAX_ID;
}

static inline uint64_t
word_make(int64_t value, uint32_t id)
{
	return (uint64_t)value << CELL_ID_BITS | id;
}

#endif
