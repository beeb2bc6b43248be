/* queue_ring: the parts of a queue: its items, their order, the items done. */
#include "program/queue_ring.h"

#include <errno.h>
#include <string.h>

#include "base/fault.h"
#include "program/queue_word.h"

uint64_t
queue_tail(const struct queue *f)
{
	for (;;) {
		uint64_t tail = atomic_load(&f->tail);
		uint64_t cell = atomic_load(cell_at(f, tail));

		if (atomic_load(&f->tail) != tail)
			continue;
		return cell_is_of(f, cell, tail) ? queue_next(tail, cell)
						 : tail;
	}
}

uint64_t
queue_head(const struct queue *f)
{
	for (;;) {
		uint64_t head = atomic_load(&f->head);
		uint64_t cell = atomic_load(cell_at(f, head));
		bool there = cell_is_of(f, cell, head);
		bool waits = cell_is_sentinel(cell) ||
		    cell_waits(cell, atomic_load(&cell_item(f, cell)->word));

		if (atomic_load(&f->head) != head)
			continue;
		return there && !waits ? queue_next(head, cell) : head;
	}
}

void
queue_help_head(struct queue *f)
{
	uint64_t head = atomic_load(&f->head), next = queue_head(f);

	if (ahead(next, head) == 1)
		word_swap(&f->head, head, next);
}

static bool
queue_is_full(struct queue *f, uint64_t tail)
{
	uint64_t head = atomic_load(&f->head_seen);

	if (ahead(tail, head) < f->capacity)
		return false;
	queue_help_head(f);
	head = atomic_load(&f->head);
	atomic_store(&f->head_seen, head);
	return ahead(tail, head) >= f->capacity;
}

/* ---- put ---- */

/* Bring more items into use, because those in use are mostly taken. */
static uint32_t
queue_widen(struct queue *f, uint32_t span)
{
	uint32_t more = span > f->nitems / 2 ? f->nitems : 2 * span;

	atomic_compare_exchange_strong(&f->span, &span, more);
	return atomic_load(&f->span);
}

/* Claim a free item. Returns its index, or -1. */
static int64_t
queue_grab(struct queue *f, uint32_t me, size_t size)
{
	uint32_t span = atomic_load(&f->span), tries = 0;
	uint32_t i = atomic_load(&f->cursor);

	for (;;) {
		if (i >= span)
			i = 0;
		struct queue_item *item = queue_item(f, i);
		uint64_t word = atomic_load(&item->word);
		uint64_t mine = (word_gen(word) + 1) << GEN_SHIFT |
		    (uint64_t)size << SIZE_SHIFT;
		if (word_state(word) == QUEUE_FREE &&
		    word_swap(
			&item->word, word, word_with(mine, QUEUE_PUT, me))) {
			atomic_store_explicit(
			    &f->cursor, i + 1, memory_order_relaxed);
			return i;
		}
		i++;
		if (++tries <= span / 4 || (tries <= span && span == f->nitems))
			continue;
		if (span == f->nitems)
			return -1;
		i = span;
		span = queue_widen(f, span);
		tries = 0;
	}
}

/*
 * Name the item in the cell at the tail; false if the queue is full. The cell
 * there is free, because the head has passed it. The tail is read twice, so
 * that the cell that was read is known to have been the one at the tail.
 */
static bool
queue_line_up(struct queue *f, uint64_t named, struct queue_item *item)
{
	for (;;) {
		uint64_t tail = atomic_load(&f->tail);
		if (queue_is_full(f, tail))
			return false;
		_Atomic uint64_t *at = cell_at(f, tail);
		uint64_t cell = atomic_load(at);
		if (cell_is_of(f, cell, tail)) {
			word_swap(&f->tail, tail, queue_next(tail, cell));
			continue;
		}
		if (atomic_load(&f->tail) != tail)
			continue;
		if (item != NULL)
			atomic_store_explicit(&item->ticket, position(tail),
			    memory_order_relaxed);
		uint64_t mine = named | lap(f, tail) << CELL_LAP;
		if (word_swap(at, cell, mine)) {
			word_swap(&f->tail, tail, queue_next(tail, mine));
			return true;
		}
	}
}

static void queue_finish(struct queue *, uint32_t index);

/*
 * The queue was closed between the check and the put, so all getters may have
 * gone. If none has taken the item, the putter takes it and finishes it. False:
 * a getter has taken it.
 */
static bool
queue_take_back(struct queue *f, uint32_t me, uint32_t index, uint64_t word)
{
	if (!word_swap(&queue_item(f, index)->word, word,
		word_with(word, QUEUE_TAKEN, me)))
		return false;
	queue_help_head(f);
	queue_finish(f, index);
	return true;
}

int
queue_push(struct queue *f, uint32_t me, const void *data, size_t size)
{
	if (queue_is_full(f, atomic_load(&f->tail)))
		return -EAGAIN;
	if (size == 0)
		return queue_line_up(f, 1ULL << CELL_SENTINEL, NULL) ? 0
								     : -EAGAIN;
	int64_t index = queue_grab(f, me, size);
	if (index < 0)
		return -EAGAIN;
	struct queue_item *item = queue_item(f, (uint32_t)index);
	uint64_t word = atomic_load(&item->word);
	ORDER_SEEN(item);
	memcpy(item->data, data, size);
	ORDER_MADE(item);
	if (!queue_line_up(
		f, (uint64_t)index | word_gen(word) << CELL_GEN, item)) {
		atomic_store(&item->word, word_with(word, QUEUE_FREE, 0));
		return -EAGAIN;
	}
	return atomic_load(&f->closed) != 0 &&
		queue_take_back(f, me, (uint32_t)index, word)
	    ? -EPIPE
	    : 0;
}

/* ---- get ---- */

/* Take the oldest item that a dead thread had. Its index, or -errno. */
static int64_t
queue_take_returned(struct queue *f, uint32_t me, size_t size)
{
	for (;;) {
		uint32_t hint = atomic_load(&f->returned);
		uint32_t span = atomic_load(&f->span);
		struct queue_item *first = NULL;
		uint64_t word = 0;
		int64_t index = 0;

		for (uint32_t i = 0; (hint & 1) != 0 && i < span; i++) {
			struct queue_item *item = queue_item(f, i);
			uint64_t w = atomic_load(&item->word);
			if (word_state(w) != QUEUE_RETURNED ||
			    (first != NULL &&
				ahead(item->ticket, first->ticket) > 0))
				continue;
			first = item;
			word = w;
			index = i;
		}
		if (first == NULL) {
			/* Fails if more items were returned meanwhile. */
			if ((hint & 1) == 0 ||
			    atomic_compare_exchange_strong(
				&f->returned, &hint, hint + 1))
				return -EAGAIN;
		} else if (word_size(word) > size) {
			return -EMSGSIZE;
		} else if (word_swap(&first->word, word,
			       word_with(word, QUEUE_TAKEN, me))) {
			return index;
		}
	}
}

/* Take the item at the head. Its index, or -errno. */
static int64_t
queue_take_first(struct queue *f, uint32_t me, size_t size)
{
	for (;;) {
		uint64_t head = atomic_load(&f->head);
		uint64_t cell = atomic_load(cell_at(f, head));

		if (!cell_is_of(f, cell, head)) {
			if (atomic_load(&f->head) == head)
				return -EAGAIN;
			continue;
		}
		uint64_t next = queue_next(head, cell);
		if (cell_is_sentinel(cell)) {
			if (word_swap(&f->head, head, next))
				return -EPIPE;
			continue;
		}
		struct queue_item *item = cell_item(f, cell);
		uint64_t word = atomic_load(&item->word);
		bool waits = cell_waits(cell, word);
		if (waits && word_size(word) > size)
			return -EMSGSIZE;
		if (waits &&
		    !word_swap(
			&item->word, word, word_with(word, QUEUE_TAKEN, me)))
			continue;
		word_swap(&f->head, head, next);
		if (waits)
			return (int64_t)(cell & LOW(INDEX_BITS));
	}
}

static void
queue_hold(struct queue *f, uint32_t me, uint32_t index)
{
	struct queue_held *h = &f->held[me];

	queue_item(f, index)->next = 0;
	if (h->first == 0)
		h->first = index + 1;
	else
		queue_item(f, h->last - 1)->next = index + 1;
	h->last = index + 1;
}

/* ---- done ---- */

void
queue_settle(struct queue *f, uint64_t done)
{
	uint32_t index = (uint32_t)FIELD(done, DONE_INDEX, INDEX_BITS);
	struct queue_item *item = queue_item(f, index);
	uint64_t word = atomic_load(&item->word);

	if (word_state(word) == QUEUE_TAKEN && done_names(done, index, word) &&
	    atomic_load(&f->done) == done)
		word_swap(&item->word, word, word_with(word, QUEUE_FREE, 0));
}

static void
queue_finish(struct queue *f, uint32_t index)
{
	struct queue_item *item = queue_item(f, index);
	uint64_t word = atomic_load(&item->word);
	uint64_t mine = (word_gen(word) & LOW(DONE_GEN_BITS)) |
	    (uint64_t)index << DONE_INDEX;

	if (!f->joinable) {
		atomic_store(&item->word, word_with(word, QUEUE_FREE, 0));
		return;
	}
	uint64_t done, next;
	do {
		done = atomic_load(&f->done);
		queue_settle(f, done);
		next = mine | ((done >> DONE_COUNT) + 1) << DONE_COUNT;
	} while (!word_swap(&f->done, done, next));
	queue_settle(f, next);
}

long
queue_pop(struct queue *f, uint32_t me, void *buf, size_t size)
{
	int64_t index = -EAGAIN;

	if ((atomic_load(&f->returned) & 1) != 0)
		index = queue_take_returned(f, me, size);
	if (index == -EAGAIN)
		index = queue_take_first(f, me, size);
	if (index < 0)
		return (long)index;
	struct queue_item *item = queue_item(f, (uint32_t)index);
	size_t got = word_size(atomic_load(&item->word));
	ORDER_SEEN(item);
	memcpy(buf, item->data, got);
	ORDER_MADE(item);
	if (f->joinable && me != 0)
		queue_hold(f, me, (uint32_t)index);
	else
		queue_finish(f, (uint32_t)index);
	return (long)got;
}

int
queue_mark(struct queue *f, uint32_t me)
{
	if (!f->joinable || me == 0 || f->held[me].first == 0)
		return -EINVAL;
	uint32_t index = f->held[me].first - 1;
	f->held[me].first = queue_item(f, index)->next;
	queue_finish(f, index);
	return 0;
}

bool
queue_ready(const struct queue *f)
{
	uint64_t head = atomic_load(&f->head);

	return cell_is_of(f, atomic_load(cell_at(f, head)), head) ||
	    (atomic_load(&f->returned) & 1) != 0;
}

bool
queue_has_room(const struct queue *f)
{
	return ahead(atomic_load(&f->tail), atomic_load(&f->head)) <
	    f->capacity;
}
