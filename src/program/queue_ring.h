/*
 * queue_ring: what a fifo is made of: items, their order, what is done.
 *
 * Three tables in the heap. An item has a word that says what has become of
 * it and whose it is. A cell of the ring, one for each position in the order
 * of the queue, names an item. And each thread that has got items has a list
 * of them in the order in which it got them; nobody else touches it.
 *
 * Put:  take a free item (its word: PUT, mine), fill it, name it in the cell
 *       at `tail` (from here on it is in the queue), count `tail` up.
 * Get:  find the item that the cell at `head` names, take it (its word:
 *       TAKEN, mine), count `head` up.
 * Done: name the item in `done` and count that up, in one word; free it.
 *
 * Each step is one compare-and-swap that succeeds for one thread only, and
 * the one after it may be made by anybody who comes along and finds it not
 * made: so nobody ever waits for a thread that was killed or is asleep between
 * two steps. The words count up in some of their bits (`gen`, the lap of a
 * cell), so a thread that slept cannot take the new for the old.
 *
 * How many were put, got and done is not counted apart: the positions are
 * those numbers, and so they cannot be wrong.
 */
#ifndef LOCKSTEP_QUEUE_RING_H
#define LOCKSTEP_QUEUE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory/arena.h"
#include "memory/eventcount.h"
#include "program/queue_priv.h"

#define QUEUE_NAME   32
#define QUEUE_MAX_ID ((1U << 14) - 1) /* of a thread */

enum queue_state {
	QUEUE_FREE = 0,
	QUEUE_PUT,     /* being filled; in the queue once a cell names it */
	QUEUE_TAKEN,   /* got, not marked done */
	QUEUE_RETURNED /* its holder died: to be got before all others */
};

struct queue_item {
	_Atomic uint64_t word;   /* state, owner, size, gen: queue_ring.c */
	_Atomic uint64_t ticket; /* position at which it was put */
	uint32_t next;           /* holder: what it got next, index + 1 */
	_Alignas(8) unsigned char data[];
};

/* Of a thread, by that thread: items got and not marked done, index + 1. */
struct queue_held {
	uint32_t first, last;
};

struct queue {
	/* Fixed. */
	char name[QUEUE_NAME];
	unsigned number; /* in the registry */
	bool joinable;
	bool spin; /* more than one core is there */
	uint32_t capacity, nitems;
	uint32_t lap_shift; /* the ring has 1 << lap_shift cells */
	size_t size, stride;
	char *items;
	_Atomic uint64_t *cells;
	struct queue_held *held; /* [QUEUE_MAX_ID + 1]; NULL: not joinable */

	/* Putters. Position, and how many sentinels are before it. */
	_Alignas(ARENA_LINE) _Atomic uint64_t tail;
	_Atomic uint64_t head_seen; /* head was there, or further */
	_Atomic uint32_t cursor;    /* where to look for a free item */
	_Atomic uint32_t span;      /* items ever used: [0, span) */
	_Atomic uint32_t closed;

	/* Getters. */
	_Alignas(ARENA_LINE) _Atomic uint64_t head;

	/* Items done, and the last of them. */
	_Alignas(ARENA_LINE) _Atomic uint64_t done;

	/* Odd: some item may be RETURNED. */
	_Alignas(ARENA_LINE) _Atomic uint32_t returned;

	/* Threads that wait; the ids of those that watch while others sleep. */
	struct eventcount getters;
	_Atomic uint32_t spinner, napper;
	struct eventcount joiners;
	_Alignas(ARENA_LINE) struct eventcount putters;
	_Atomic uint32_t put_spinner;
};

static inline struct queue_item *
queue_item(const struct queue *f, uint32_t index)
{
	return (struct queue_item *)(void *)(f->items + index * f->stride);
}

/*
 * Put `size` bytes, or a sentinel if there are none. 0, -EAGAIN: no room;
 * -EPIPE: closed meanwhile, nobody gets it.
 */
int queue_push(struct queue *, uint32_t me, const void *data, size_t size);

/*
 * Take the first item: bytes copied to buf. -EPIPE: a sentinel; -EAGAIN:
 * nothing there; -EMSGSIZE.
 */
long queue_pop(struct queue *, uint32_t me, void *buf, size_t size);

/* The item that `me` got first is done. 0 or -EINVAL. */
int queue_mark(struct queue *, uint32_t me);

/* A glance, which may be mistaken: is there something to get, room to put? */
bool queue_ready(const struct queue *);
bool queue_has_room(const struct queue *);

/* One moment's numbers, which agree with each other. */
struct queue_count {
	uint64_t put, got, done;
	uint32_t depth, unfinished;
	uint32_t sentinels; /* put */
};
struct queue_count queue_count(const struct queue *);

#endif
