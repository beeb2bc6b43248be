/* queue_count: the counts of a queue, and its recovery after deaths. */
#include "lockstep/frame.h"
#include "program/queue_word.h"

/*
 * An item that a dead thread was putting is in the queue if a cell names it:
 * clear its owner. An item that still has the owner afterwards was never put.
 */
static void
count_adopt(struct queue *f, uint32_t first_id, uint32_t last_id)
{
	for (uint64_t i = 0; i >> f->lap_shift == 0; i++) {
		uint64_t cell = atomic_load(&f->cells[i]);
		struct queue_item *item = cell_item(f, cell);
		uint64_t word = atomic_load(&item->word);

		if (!cell_is_sentinel(cell) && cell_waits(cell, word) &&
		    word_owner(word) >= first_id && word_owner(word) <= last_id)
			word_swap(
			    &item->word, word, word_with(word, QUEUE_PUT, 0));
	}
}

/* Take an item from its dead owner. True if it goes back into the queue. */
static bool
count_take_from_dead(
    struct queue_item *item, uint32_t first_id, uint32_t last_id)
{
	uint64_t word = atomic_load(&item->word);

	if (word_owner(word) < first_id || word_owner(word) > last_id)
		return false;
	if (word_state(word) == QUEUE_PUT)
		word_swap(&item->word, word, word_with(word, QUEUE_FREE, 0));
	return word_state(word) == QUEUE_TAKEN &&
	    word_swap(&item->word, word, word_with(word, QUEUE_RETURNED, 0));
}

static bool
count_forget(_Atomic uint32_t *watcher, uint32_t first_id, uint32_t last_id)
{
	uint32_t id = atomic_load(watcher);

	return id != 0 && id >= first_id && id <= last_id &&
	    atomic_compare_exchange_strong(watcher, &id, 0);
}

/* Threads that slept because this one was watching must look themselves. */
void
queue_forget(struct queue *f, uint32_t first_id, uint32_t last_id)
{
	if (count_forget(&f->spinner, first_id, last_id))
		eventcount_surely(&f->getters);
	if (count_forget(&f->napper, first_id, last_id))
		eventcount_surely(&f->getters);
	if (count_forget(&f->put_spinner, first_id, last_id))
		eventcount_surely(&f->putters);
}

unsigned
queue_recover(struct queue *f, uint32_t first_id, uint32_t last_id)
{
	unsigned returned = 0;

	if (first_id == 0 || last_id > QUEUE_MAX_ID)
		return 0;
	if (f->joinable) /* otherwise `done` names no item */
		queue_settle(f, atomic_load(&f->done));
	count_adopt(f, first_id, last_id);
	for (uint32_t i = 0; i < atomic_load(&f->span); i++)
		returned +=
		    count_take_from_dead(queue_item(f, i), first_id, last_id);
	for (uint32_t id = first_id; f->joinable && id <= last_id; id++)
		f->held[id] = (struct queue_held){0};
	if (returned > 0)
		atomic_store(&f->returned, (atomic_load(&f->returned) + 2) | 1);
	queue_help_head(f);
	queue_forget(f, first_id, last_id);
	eventcount_surely(&f->getters);
	eventcount_surely(&f->putters);
	eventcount_surely(&f->joiners);
	return returned;
}

static uint32_t
count_returned(const struct queue *f)
{
	uint32_t n = 0;

	if ((atomic_load(&f->returned) & 1) == 0)
		return 0;
	for (uint32_t i = 0; i < atomic_load(&f->span); i++)
		n += word_state(atomic_load(&queue_item(f, i)->word)) ==
		    QUEUE_RETURNED;
	return n;
}

unsigned
queue_held_by(const struct queue *f, uint32_t id)
{
	uint64_t done = atomic_load(&f->done);
	unsigned n = 0;

	for (uint32_t i = 0; i < atomic_load(&f->span); i++) {
		uint64_t word = atomic_load(&queue_item(f, i)->word);
		n += word_state(word) == QUEUE_TAKEN &&
		    word_owner(word) == id &&
		    !(f->joinable && done_names(done, i, word));
	}
	return n;
}

unsigned
queue_sentinels_got(const struct queue *f)
{
	return sentinels(atomic_load(&f->head));
}

/* Items, without sentinels, before a position; the first is one lap. */
static uint64_t
count_items_before(const struct queue *f, uint64_t order)
{
	return position(order) - (1ULL << f->lap_shift) - sentinels(order);
}

struct queue_count
queue_count(const struct queue *f)
{
	for (;;) {
		uint64_t head = queue_head(f), done = atomic_load(&f->done);
		uint32_t returned = count_returned(f);
		uint64_t tail = queue_tail(f);
		struct queue_count c = {.put = count_items_before(f, tail),
		    .sentinels = sentinels(tail)};

		if (queue_head(f) != head || atomic_load(&f->done) != done)
			continue;
		c.depth =
		    (uint32_t)(c.put - count_items_before(f, head)) + returned;
		c.unfinished = c.depth;
		if (f->joinable)
			c.unfinished =
			    (uint32_t)((c.put - (done >> DONE_COUNT)) &
				LOW(64 - DONE_COUNT));
		c.got = c.put - c.depth;
		c.done = c.put - c.unfinished;
		return c;
	}
}

/* ---- one count each ---- */

unsigned
queue_depth(const struct queue *f)
{
	return queue_count(f).depth;
}

unsigned
queue_unfinished(const struct queue *f)
{
	return queue_count(f).unfinished;
}

const char *
queue_name(const struct queue *f)
{
	return f->name;
}

void
queue_frame(const struct queue *f, struct frame_queue *out)
{
	struct queue_count c = queue_count(f);

	*out = (struct frame_queue){.index = (uint16_t)f->number,
	    .capacity = f->capacity,
	    .put = c.put,
	    .got = c.got,
	    .done = c.done,
	    .sentinels =
		c.sentinels > UINT16_MAX ? UINT16_MAX : (uint16_t)c.sentinels};
	if (f->joinable)
		out->flags |= QUEUE_JOINABLE;
	if (atomic_load(&f->closed) != 0)
		out->flags |= QUEUE_CLOSED;
}
