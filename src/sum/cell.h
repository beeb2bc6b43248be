/* cell: the word that the sum is in, and what may guard it. */
#ifndef LOCKSTEP_CELL_H
#define LOCKSTEP_CELL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "memory/arena.h"
#include "memory/eventcount.h"
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
	struct eventcount back; /* rung when it is given back */
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
	struct eventcount handed_in, applied;
	_Atomic uint64_t crowds[CELL_CROWDS];   /* a bit for each of ... */
	_Atomic uint64_t callers[CELL_CALLERS]; /* ... these, and for each id */
};

/* 0 or -errno. */
int cell_init(struct cell *);

/* The sum: the word, and the parts of those who add to this cell. */
int64_t cell_value(
    const struct cell *, const struct thread_slot *tslots, unsigned ntslots);

/* Id of the thread that has the lock in force, 0: nobody. */
uint32_t cell_holder(const struct cell *);

/* This slot will be another's: its part is the cell's from now on. */
void cell_take_part(struct cell *, struct thread_slot *);

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
