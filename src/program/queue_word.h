/*
 * queue_word: the bits of a queue's words, and the true positions of its head
 * and tail. For queue_ring.c and queue_count.c only.
 */
#ifndef LOCKSTEP_QUEUE_WORD_H
#define LOCKSTEP_QUEUE_WORD_H

#include "program/queue_ring.h"

/* The word of an item. */
#define STATE_BITS  3
#define OWNER_BITS  14
#define SIZE_BITS   25
#define OWNER_SHIFT STATE_BITS
#define SIZE_SHIFT  (OWNER_SHIFT + OWNER_BITS)
#define GEN_SHIFT   (SIZE_SHIFT + SIZE_BITS)
#define GEN_BITS    22

/* A cell: index, gen, whether it is a sentinel, lap. */
#define INDEX_BITS    22
#define CELL_GEN      INDEX_BITS
#define CELL_SENTINEL (CELL_GEN + GEN_BITS)
#define CELL_LAP      (CELL_SENTINEL + 1)
#define LAP_BITS      (64 - CELL_LAP)

/* Head and tail: position, sentinels before it. */
#define POSITION_BITS 42

/* `done`: gen and index of the last item done, number of items done. */
#define DONE_GEN_BITS 20
#define DONE_INDEX    DONE_GEN_BITS
#define DONE_COUNT    (DONE_INDEX + INDEX_BITS)

#define LOW(bits)          ((1ULL << (bits)) - 1)
#define FIELD(x, at, bits) ((x) >> (at)&LOW(bits))

static inline enum queue_state
word_state(uint64_t word)
{
	return FIELD(word, 0, STATE_BITS);
}

static inline uint32_t
word_owner(uint64_t word)
{
	return (uint32_t)FIELD(word, OWNER_SHIFT, OWNER_BITS);
}

static inline size_t
word_size(uint64_t word)
{
	return FIELD(word, SIZE_SHIFT, SIZE_BITS);
}

static inline uint64_t
word_gen(uint64_t word)
{
	return word >> GEN_SHIFT;
}

/* The word of the same item with another state and owner. */
static inline uint64_t
word_with(uint64_t word, enum queue_state state, uint32_t owner)
{
	return (word & ~LOW(SIZE_SHIFT)) | (uint64_t)owner << OWNER_SHIFT |
	    state;
}

static inline uint64_t
position(uint64_t order)
{
	return order & LOW(POSITION_BITS);
}

static inline uint32_t
sentinels(uint64_t order)
{
	return (uint32_t)(order >> POSITION_BITS);
}

/* How far a is ahead of b; either may be stale. */
static inline int64_t
ahead(uint64_t a, uint64_t b)
{
	unsigned unused = 64 - POSITION_BITS;

	return (int64_t)((a - b) << unused) >> unused;
}

static inline _Atomic uint64_t *
cell_at(const struct queue *f, uint64_t order)
{
	return &f->cells[order & LOW(f->lap_shift)];
}

static inline uint64_t
lap(const struct queue *f, uint64_t order)
{
	return position(order) >> f->lap_shift & LOW(LAP_BITS);
}

static inline bool
cell_is_sentinel(uint64_t cell)
{
	return FIELD(cell, CELL_SENTINEL, 1) != 0;
}

static inline struct queue_item *
cell_item(const struct queue *f, uint64_t cell)
{
	return queue_item(f, (uint32_t)(cell & LOW(INDEX_BITS)));
}

/* Does this cell belong to that position, not to one a lap away? */
static inline bool
cell_is_of(const struct queue *f, uint64_t cell, uint64_t order)
{
	return cell >> CELL_LAP == lap(f, order);
}

/* Is the item still in the queue at the place where the cell names it? */
static inline bool
cell_waits(uint64_t cell, uint64_t word)
{
	return word_state(word) == QUEUE_PUT &&
	    word_gen(word) == FIELD(cell, CELL_GEN, GEN_BITS);
}

/* The next position, once the cell at this one is known. */
static inline uint64_t
queue_next(uint64_t order, uint64_t cell)
{
	uint64_t before = sentinels(order) + cell_is_sentinel(cell);

	return position(order + 1) | before << POSITION_BITS;
}

static inline bool
word_swap(_Atomic uint64_t *word, uint64_t from, uint64_t to)
{
	return atomic_compare_exchange_strong(word, &from, to);
}

static inline bool
done_names(uint64_t done, uint32_t index, uint64_t word)
{
	return FIELD(done, DONE_INDEX, INDEX_BITS) == index &&
	    ((done ^ word_gen(word)) & LOW(DONE_GEN_BITS)) == 0;
}

/* The true tail and head, which the words may not have reached yet. */
uint64_t queue_tail(const struct queue *);
uint64_t queue_head(const struct queue *);
void queue_help_head(struct queue *);

/* Free the item that was marked done last, unless it is free already. */
void queue_settle(struct queue *, uint64_t done);

#endif
