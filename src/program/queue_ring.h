/*
 * queue_ring: the parts of a queue: its items, their order, the items done.
 *
 * There are three tables in the heap. The items: each has a word with its state
 * and its owner. The cells of the ring, one for each position in the queue:
 * each names an item. The lists of held items, one per thread, in the order in
 * which the thread got them; only that thread touches its list.
 *
 * Put:  claim a free item (its word: PUT, mine), fill it, name it in the cell
 *       at `tail` (which puts it into the queue), increment `tail`.
 * Get:  find the item that the cell at `head` names, take it (its word:
 *       TAKEN, mine), increment `head`.
 * Done: name the item in `done` and increment the count there, in one word;
 *       free the item.
 *
 * Each step is one compare-and-swap, which succeeds for one thread only. If the
 * next step has not been made, any other thread that comes along may make it.
 * So no thread ever waits for one that was killed or sleeps between two steps.
 * Some bits of each word count (`gen`, the lap of a cell), so a thread that
 * slept cannot mistake a new value for the old one.
 *
 * The numbers of items put, got and done have no counters of their own: they
 * follow from the positions, and so they cannot be wrong.
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
	QUEUE_RETURNED /* its holder died: it is got before all others */
};

struct queue_item {
	_Atomic uint64_t word;   /* state, owner, size, gen: queue_word.h */
	_Atomic uint64_t ticket; /* position at which it was put */
	uint32_t next;           /* holder: next item it got, index + 1 */
	_Alignas(8) unsigned char data[];
};

/* The items that a thread has got and not marked done; each is index + 1. */
struct queue_held {
	uint32_t first, last;
};

struct queue {
	/* Fixed. */
	char name[QUEUE_NAME];
	unsigned number; /* in the registry */
	bool joinable;
	bool spin; /* there is more than one core */
	uint32_t capacity, nitems;
	uint32_t lap_shift; /* the ring has 1 << lap_shift cells */
	size_t size, stride;
	char *items;
	_Atomic uint64_t *cells;
	struct queue_held *held; /* [QUEUE_MAX_ID + 1]; NULL: not joinable */

	/* For putters. `tail`: position, and number of sentinels before it. */
	_Alignas(ARENA_LINE) _Atomic uint64_t tail;
	_Atomic uint64_t head_seen; /* head was here, or further on */
	_Atomic uint32_t cursor;    /* where to look for a free item */
	_Atomic uint32_t span;      /* items in use: [0, span) */
	_Atomic uint32_t closed;

	/* For getters; the same layout. */
	_Alignas(ARENA_LINE) _Atomic uint64_t head;

	/* The number of items done, and the last of them. */
	_Alignas(ARENA_LINE) _Atomic uint64_t done;

	/* Odd: some item may be RETURNED. */
	_Alignas(ARENA_LINE) _Atomic uint32_t returned;

	/* Waiting threads; the ids of those that watch while others sleep. */
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
 * Put `size` bytes, or a sentinel if `size` is 0. Returns 0; -EAGAIN: no room;
 * -EPIPE: closed meanwhile, and no getter will get it.
 */
int queue_push(struct queue *, uint32_t me, const void *data, size_t size);

/*
 * Take the first item. Returns the bytes copied to buf; -EPIPE: a sentinel;
 * -EAGAIN: the queue is empty; -EMSGSIZE: the item is larger than `size`.
 */
long queue_pop(struct queue *, uint32_t me, void *buf, size_t size);

/* Mark the item that `me` got first as done. 0 or -EINVAL. */
int queue_mark(struct queue *, uint32_t me);

/* Is there something to get, or room to put? A hint, which may be wrong. */
bool queue_ready(const struct queue *);
bool queue_has_room(const struct queue *);

/* The counts of one moment, consistent with each other. */
struct queue_count {
	uint64_t put, got, done;
	uint32_t depth, unfinished;
	uint32_t sentinels; /* put */
};
struct queue_count queue_count(const struct queue *);

#endif
