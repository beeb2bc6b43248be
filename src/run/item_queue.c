/* item_queue: the joinable queue between the supervisor and the workers. */
#include "run/item_queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/util_priv.h"
#include "lockstep/util.h"
#include "memory/robust_mutex.h"

#define OWNER_SHIFT 8

static uint32_t
item_word(enum item_state state, unsigned slot)
{
	return (uint32_t)state | (uint32_t)slot << OWNER_SHIFT;
}

static enum item_state
item_state(const struct item *i)
{
	return atomic_load(&i->word) & ((1U << OWNER_SHIFT) - 1);
}

static bool
item_is(const struct item *i, enum item_state state, unsigned slot)
{
	return atomic_load(&i->word) == item_word(state, slot);
}

static uint32_t
item_queue_ring_size(unsigned slots)
{
	uint32_t want = ITEM_QUEUE_CAPACITY + slots * ITEM_QUEUE_BATCH,
		 size = 1;

	while (size < want)
		size *= 2;
	return size;
}

size_t
item_queue_size(unsigned slots)
{
	return sizeof(struct item_queue) +
	    item_queue_ring_size(slots) *
	    (sizeof(struct item) + sizeof(uint32_t)) +
	    3 * ARENA_LINE;
}

struct item_queue *
item_queue_new(struct arena *arena, unsigned slots, int bell)
{
	uint32_t size = item_queue_ring_size(slots);
	struct item_queue *q = arena_take(arena, sizeof *q);

	if (q == NULL)
		return NULL;
	q->items = arena_take(arena, size * sizeof *q->items);
	q->ring = arena_take(arena, size * sizeof *q->ring);
	if (q->items == NULL || q->ring == NULL)
		return NULL;
	q->nitems = size;
	q->ring_mask = size - 1;
	q->bell = bell;
	robust_mutex_init(&q->mutex);
	return q;
}

static int
item_queue_by_number(const void *a, const void *b)
{
	const struct item *const *x = a, *const *y = b;

	return ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

/* Put every queued item back into the ring, the oldest first. */
static void
item_queue_rebuild_ring(struct item_queue *q, unsigned queued)
{
	struct item **sorted = calloc(queued + 1, sizeof *sorted);
	unsigned k = 0;

	if (sorted == NULL)
		fatal("no memory to recover the item queue");
	for (uint32_t i = 0; i < q->nitems && k < queued; i++)
		if (item_state(&q->items[i]) == ITEM_QUEUED)
			sorted[k++] = &q->items[i];
	qsort(sorted, k, sizeof *sorted, item_queue_by_number);
	q->head = q->tail = 0;
	for (unsigned i = 0; i < k; i++)
		q->ring[q->tail++ & q->ring_mask] =
		    (uint32_t)(sorted[i] - q->items);
	free(sorted);
}

/*
 * The last owner died while it changed something. The words of the items are
 * the truth; only the supervisor, which is alive, ever changes `put`.
 */
static void
item_queue_repair(struct item_queue *q)
{
	unsigned count[ITEM_POISONED + 1] = {0};

	for (uint32_t i = 0; i < q->nitems; i++) {
		enum item_state state = item_state(&q->items[i]);
		if (state <= ITEM_POISONED)
			count[state]++;
	}
	q->stats.queued = count[ITEM_QUEUED];
	q->stats.in_flight = count[ITEM_IN_FLIGHT];
	q->stats.poisoned = count[ITEM_POISONED];
	q->stats.done = q->stats.put - q->stats.queued - q->stats.in_flight -
	    q->stats.poisoned;
	item_queue_rebuild_ring(q, q->stats.queued);
	pthread_mutex_consistent(&q->mutex);
}

static void
item_queue_lock(struct item_queue *q)
{
	int err = pthread_mutex_lock(&q->mutex);

	if (err == EOWNERDEAD)
		item_queue_repair(q);
	else if (err != 0)
		fatal("mutex of the item queue: %s", strerror(err));
}

/* As the supervisor locks: it gives up after ITEM_QUEUE_PATIENCE. */
static bool
item_queue_try_lock(struct item_queue *q)
{
	struct timespec until = deadline_in(ITEM_QUEUE_PATIENCE);
	int err = pthread_mutex_clocklock(&q->mutex, CLOCK_MONOTONIC, &until);

	if (err == ETIMEDOUT)
		return false;
	if (err == EOWNERDEAD)
		item_queue_repair(q);
	else if (err != 0)
		fatal("mutex of the item queue: %s", strerror(err));
	return true;
}

static void
item_queue_unlock(struct item_queue *q)
{
	pthread_mutex_unlock(&q->mutex);
}

void
item_queue_bell(struct item_queue *q)
{
	uint64_t one = 1;

	/* If the eventfd is full, the bell has been rung. */
	if (write(q->bell, &one, sizeof one) < 0)
		return;
}

static void
item_queue_ring_bell(struct item_queue *q, _Atomic uint32_t *wanted)
{
	if (atomic_load_explicit(wanted, memory_order_relaxed) != 0 &&
	    atomic_exchange(wanted, 0) != 0)
		item_queue_bell(q);
}

static struct item *
free_item(struct item_queue *q)
{
	for (uint32_t i = 0; i < q->nitems; i++) {
		struct item *item = &q->items[q->cursor];

		q->cursor = (q->cursor + 1) & q->ring_mask;
		if (item_state(item) == ITEM_FREE)
			return item;
	}
	return NULL;
}

static bool
item_queue_put_one(struct item_queue *q, const struct item_queue_put *what)
{
	struct item *item;

	if (q->stats.queued >= ITEM_QUEUE_CAPACITY ||
	    (item = free_item(q)) == NULL)
		return false;
	item->n = what->n;
	item->cookie = what->cookie;
	item->kills = 0;
	item->number = (uint32_t)++q->stats.put;
	atomic_store(&item->begun, 0);
	atomic_store(&item->word, item_word(ITEM_QUEUED, 0));
	q->ring[q->tail++ & q->ring_mask] = (uint32_t)(item - q->items);
	q->stats.queued++;
	return true;
}

int
item_queue_put(
    struct item_queue *q, const struct item_queue_put *what, unsigned k)
{
	unsigned i;

	if (!item_queue_try_lock(q))
		return -EAGAIN;
	for (i = 0; i < k && item_queue_put_one(q, &what[i]); i++)
		;
	item_queue_unlock(q);
	if (i > 0)
		eventcount_some(&q->waiting, (int)i);
	return (int)i;
}

int
item_queue_sentinels(struct item_queue *q, unsigned k)
{
	if (!item_queue_try_lock(q))
		return -EAGAIN;
	q->sentinels += k;
	item_queue_unlock(q);
	eventcount_all(&q->waiting);
	return 0;
}

/* Half of an equal share, so that the last items are spread as well. */
static unsigned
item_queue_fair_share(
    const struct item_queue *q, unsigned workers, unsigned max)
{
	unsigned share = q->stats.queued / (2 * (workers > 0 ? workers : 1));

	if (share < 1)
		share = 1;
	return share < max ? share : max;
}

/* With the mutex held. */
static int
item_queue_take(struct item_queue *q, unsigned slot, unsigned workers,
    uint32_t *out, unsigned max)
{
	unsigned share = item_queue_fair_share(q, workers, max), k = 0;

	while (k < share && q->head != q->tail) {
		uint32_t index = q->ring[q->head & q->ring_mask];
		struct item *item = &q->items[index];

		if (item->kills > 0 && k > 0)
			break;
		atomic_store(&item->word, item_word(ITEM_IN_FLIGHT, slot));
		CRASH_POINT("queue-get-taken");
		q->head++;
		q->stats.queued--;
		q->stats.in_flight++;
		CRASH_POINT("queue-get-counted");
		out[k++] = index;
		if (item->kills > 0)
			break;
	}
	if (k == 0 && q->sentinels > 0) {
		q->sentinels--;
		return -EPIPE;
	}
	return (int)k;
}

int
item_queue_get(struct item_queue *q, unsigned slot, unsigned workers,
    uint32_t *out, unsigned max)
{
	CRASH_POINT("queue-get-begin");
	item_queue_lock(q);
	CRASH_POINT("queue-get-locked");
	int k = item_queue_take(q, slot, workers, out, max);
	bool room = q->stats.queued <= ITEM_QUEUE_CAPACITY / 2;
	CRASH_POINT("queue-get-unlock");
	item_queue_unlock(q);
	if (k > 0 && room)
		item_queue_ring_bell(q, &q->want_room);
	CRASH_POINT("queue-get-end");
	return k;
}

uint32_t
item_queue_prepare(struct item_queue *q)
{
	return eventcount_prepare(&q->waiting);
}

void
item_queue_wait(struct item_queue *q, uint32_t key, uint64_t ns)
{
	CRASH_POINT("queue-get-wait");
	eventcount_wait(&q->waiting, key, ns);
}

void
item_queue_nudge(struct item_queue *q)
{
	eventcount_all(&q->waiting);
}

bool
item_queue_has(struct item_queue *q)
{
	item_queue_lock(q);
	bool has = q->head != q->tail || q->sentinels > 0;
	item_queue_unlock(q);
	return has;
}

bool
item_queue_done(
    struct item_queue *q, unsigned slot, const uint32_t *index, unsigned k)
{
	bool ok = true;

	CRASH_POINT("queue-done-begin");
	item_queue_lock(q);
	for (unsigned i = 0; i < k; i++) {
		struct item *item = &q->items[index[i]];

		if (!item_is(item, ITEM_IN_FLIGHT, slot)) {
			ok = false;
			continue;
		}
		atomic_store(&item->word, item_word(ITEM_FREE, 0));
		CRASH_POINT("queue-done-freed");
		q->stats.in_flight--;
		q->stats.done++;
		CRASH_POINT("queue-done-counted");
	}
	bool joined = q->stats.queued + q->stats.in_flight == 0;
	CRASH_POINT("queue-done-unlock");
	item_queue_unlock(q);
	if (joined)
		item_queue_ring_bell(q, &q->want_joined);
	CRASH_POINT("queue-done-end");
	return ok;
}

/* With the mutex held: queue it again, or poison it. */
static enum item_queue_fate
item_queue_put_back(struct item_queue *q, struct item *item, bool killed)
{
	q->stats.in_flight--;
	if (killed && atomic_load(&item->begun) != 0 &&
	    ++item->kills >= ITEM_QUEUE_MAX_KILLS) {
		atomic_store(&item->word, item_word(ITEM_POISONED, 0));
		q->stats.poisoned++;
		return FATE_POISONED;
	}
	atomic_store(&item->begun, 0);
	atomic_store(&item->word, item_word(ITEM_QUEUED, 0));
	q->stats.queued++;
	q->stats.requeued++;
	return FATE_REQUEUED;
}

int
item_queue_recover(struct item_queue *q, unsigned slot, bool killed,
    void (*fn)(void *arg, const struct item *, enum item_queue_fate), void *arg)
{
	int k = 0;

	if (!item_queue_try_lock(q))
		return -EAGAIN;
	for (uint32_t i = 0; i < q->nitems; i++) {
		struct item *item = &q->items[i];

		if (!item_is(item, ITEM_IN_FLIGHT, slot))
			continue;
		enum item_queue_fate fate =
		    item_queue_put_back(q, item, killed);
		fn(arg, item, fate);
		k++;
	}
	if (k > 0)
		item_queue_rebuild_ring(q, q->stats.queued);
	bool joined = q->stats.queued + q->stats.in_flight == 0;
	item_queue_unlock(q);
	if (joined)
		item_queue_ring_bell(q, &q->want_joined);
	eventcount_all(&q->waiting);
	return k;
}

int
item_queue_read_stats(struct item_queue *q, struct item_queue_stats *stats)
{
	if (!item_queue_try_lock(q))
		return -EAGAIN;
	*stats = q->stats;
	item_queue_unlock(q);
	return 0;
}

bool
item_queue_want_room(struct item_queue *q)
{
	struct item_queue_stats s;

	atomic_store(&q->want_room, 1);
	return item_queue_read_stats(q, &s) == 0 &&
	    s.queued <= ITEM_QUEUE_CAPACITY / 2;
}

bool
item_queue_want_joined(struct item_queue *q)
{
	struct item_queue_stats s;

	atomic_store(&q->want_joined, 1);
	return item_queue_read_stats(q, &s) == 0 && s.queued + s.in_flight == 0;
}
