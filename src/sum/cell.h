/* cell: the word that contains the sum, and everything that may guard it. */
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
#define CELL_MAX     (INT64_C(1) << 48) /* the sum must not exceed this */
#define CELL_TICKETS 256                /* places for drawn tickets */
#define CELL_TURNS   256 /* where those far behind in line sleep */
#define CELL_CALLERS ((CELL_MAX_ID + 1) / 64)
#define CELL_CROWDS  (CELL_CALLERS / 64)

/*
 * A permit, which one thread holds at a time. Unlike a sem_t, its word names
 * the holder, so that the permit of a dead thread can be recovered.
 */
struct permit {
	_Atomic uint32_t taker; /* id of the holder, 0: free */
	struct eventcount back; /* rung when it is released */
};

/*
 * One number and what may guard it. Shared mode has one cell, private mode one
 * per process. What every add changes is in one cache line.
 */
struct cell {
	_Alignas(ARENA_LINE) _Atomic uint64_t word;
	_Atomic uint64_t next;    /* next ticket, and id that drew the last */
	_Atomic uint64_t serving; /* ticket whose turn it is */
	_Atomic uint32_t spin;    /* id of the holder, 0: free */
	struct permit permit;
	_Atomic uint32_t holder; /* id of the holder; 0: none, or the word of
				  * its kind names it: cell_holder() */
	_Alignas(ARENA_LINE) pthread_mutex_t mutex; /* robust, shared */
	_Atomic uint32_t orphaned; /* times that a holder died */
	_Atomic int64_t apart;     /* parts of dead threads; supervisor */
	_Atomic uint32_t moving;   /* odd: a part is being moved to `apart` */
	_Alignas(ARENA_LINE) _Atomic uint64_t
	    tickets[CELL_TICKETS]; /* their drawers; see lock_ticket.c */
	struct eventcount turns[CELL_TURNS]; /* a ticket's: ticket % that */

	/* See lock_owner.c. */
	_Alignas(ARENA_LINE) pthread_mutex_t owner; /* robust, shared */
	_Atomic uint32_t applying; /* id whose adds are being applied */
	_Atomic int32_t owner_tid; /* of the owner; 0: there is none */
	struct eventcount handed_in, applied;   /* adds: posted, done */
	_Atomic uint64_t crowds[CELL_CROWDS];   /* a bit for each of ... */
	_Atomic uint64_t callers[CELL_CALLERS]; /* ... these, and for each id */
};

/* 0 or -errno. */
int cell_init(struct cell *);

/* The sum: the word, plus the parts of the threads that add to this cell. */
int64_t cell_value(
    const struct cell *, const struct thread_slot *tslots, unsigned ntslots);

/* Id of the thread that holds the cell's lock, 0: none. */
uint32_t cell_holder(const struct cell *);

/* Move the part of a dead thread's slot to the cell. */
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
