/*
 * item_queue: the joinable queue between the supervisor and the workers.
 *
 * Bounded, process-shared, first in first out; put, get, done (task_done),
 * join, and a sentinel per worker. One robust mutex guards it, held for a few
 * stores at a time; waiting threads sleep on an eventcount. Everything goes in
 * batches, because the wake-ups, not the lock, limit the throughput.
 *
 * What survives a kill: the state of an item is one atomic word (its state and
 * its owner), changed by one store. Everything else here, the order of the ring
 * and all counters, can be computed from those words. That is done whenever the
 * owner of the mutex is found dead. So
 *
 *	put == done + in flight + queued + poisoned
 *
 * holds whenever the mutex is held.
 *
 * Callers: workers get and mark done; the supervisor alone puts, requeues,
 * recovers and reads the statistics. It never waits longer than
 * ITEM_QUEUE_PATIENCE for the mutex, since a worker may be stopped while it
 * holds it.
 */
#ifndef LOCKSTEP_ITEM_QUEUE_H
#define LOCKSTEP_ITEM_QUEUE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "memory/arena.h"
#include "memory/eventcount.h"

#define ITEM_QUEUE_CAPACITY  4096 /* items put and not yet got */
#define ITEM_QUEUE_BATCH     1024 /* items of one get */
#define ITEM_QUEUE_PATIENCE  NSEC_PER_MSEC
#define ITEM_QUEUE_MAX_KILLS 3 /* workers that may die with an item */

enum item_state {
	ITEM_FREE = 0, /* never put, or done */
	ITEM_QUEUED,
	ITEM_IN_FLIGHT,
	ITEM_POISONED
};

struct item {
	_Atomic uint32_t word;  /* enum item_state | owning slot << 8 */
	_Atomic uint32_t begun; /* one of its tasks was started */
	uint32_t number;        /* nth put, from 1 */
	uint32_t n;
	uint32_t kills;  /* workers that died on it */
	uint64_t cookie; /* what the item is: for the demo alone */
};

struct item_queue_stats {
	uint64_t put, done;
	uint32_t queued, in_flight, poisoned, requeued;
};

struct item_queue {
	_Alignas(ARENA_LINE) pthread_mutex_t mutex;

	/* Under the mutex. */
	struct item_queue_stats stats;
	uint64_t head, tail; /* of the ring: got and put */
	uint32_t sentinels;  /* put and not yet got */
	uint32_t cursor;     /* where the search for a free item begins */

	/* Fixed. */
	uint32_t nitems, ring_mask;
	struct item *items;
	uint32_t *ring; /* indices into items[] */
	int bell;       /* eventfd that the supervisor polls */

	_Alignas(ARENA_LINE) struct eventcount waiting; /* getters */

	/*
	 * The supervisor waits: consumers ring the bell, once, when half of
	 * the queue is free again, or when no item is unfinished.
	 */
	_Alignas(ARENA_LINE) _Atomic uint32_t want_room;
	_Atomic uint32_t want_joined;
};

/* NULL if the arena is too small. The caller keeps `bell`. */
struct item_queue *item_queue_new(struct arena *, unsigned slots, int bell);
size_t item_queue_size(unsigned slots);

/* An item to put. */
struct item_queue_put {
	uint32_t n;
	uint64_t cookie;
};

/* Put up to k items; how many were put (0: full), or -EAGAIN. */
int item_queue_put(
    struct item_queue *, const struct item_queue_put *, unsigned k);

/* Put k sentinels: so many workers end once the items are gone. 0 or -EAGAIN.
 */
int item_queue_sentinels(struct item_queue *, unsigned k);

/*
 * Get up to `max` items for `slot`; out[] gets their indices. Never more than a
 * fair share of the queued items; an item that killed a worker before comes
 * alone. Returns how many, 0 if there are none now, or -EPIPE for a sentinel.
 */
int item_queue_get(struct item_queue *, unsigned slot, unsigned workers,
    uint32_t *out, unsigned max);

/*
 * To wait for an item: prepare, look once more at the queue and at all that
 * item_queue_nudge() announces, then wait. Woken, or after `ns`: look again.
 */
uint32_t item_queue_prepare(struct item_queue *);
void item_queue_wait(struct item_queue *, uint32_t key, uint64_t ns);

/* Wake the supervisor. */
void item_queue_bell(struct item_queue *);

/* Wake every getter, to look at what else has changed. */
void item_queue_nudge(struct item_queue *);

/* Is there an item or a sentinel to get? */
bool item_queue_has(struct item_queue *);

/* Mark k items done; false if one of them was not this slot's. */
bool item_queue_done(
    struct item_queue *, unsigned slot, const uint32_t *, unsigned k);

/* What became of one item of a dead worker. */
enum item_queue_fate {
	FATE_REQUEUED,
	FATE_POISONED
};

/*
 * Put back the unfinished items of `slot`, in their old order. If `killed`,
 * each item that it had begun counts a death, and is poisoned after
 * ITEM_QUEUE_MAX_KILLS. Calls fn for each. Returns how many, or -EAGAIN.
 */
int item_queue_recover(struct item_queue *, unsigned slot, bool killed,
    void (*fn)(void *arg, const struct item *, enum item_queue_fate),
    void *arg);

/* 0 or -EAGAIN. */
int item_queue_read_stats(struct item_queue *, struct item_queue_stats *);

/* Ask for the bell. True if there is room, or the queue is joined, already. */
bool item_queue_want_room(struct item_queue *);
bool item_queue_want_joined(struct item_queue *);

#endif
