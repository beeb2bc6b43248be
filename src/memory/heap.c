/*
 * heap: memory that any process of a run can allocate and free.
 *
 * A block is a run of 64-byte units; their number is a power of two. A 32-bit
 * word, kept apart for the first unit of each block, holds the block's class,
 * whether it is free, and the next free block. So a block has no header, and
 * the heap never reads anything that the user of a block has written.
 */
#include "memory/heap.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/util_priv.h"
#include "lockstep/util.h"

#define CLASSES     27 /* 64 bytes to 4 GiB */
#define NUMBER_BITS 26 /* of a unit: enough for 4 GiB; 0 is no unit */
#define NUMBER_MASK ((1U << NUMBER_BITS) - 1)
#define CLASS_MASK  31U
#define FREE        (1U << 31)

/* The free list of a class: the number of its first block | a count << 32. */
struct bin {
	_Alignas(ARENA_LINE) _Atomic uint64_t head;
	_Atomic uint64_t taken; /* blocks */
};

struct heap {
	struct bin bins[CLASSES];
	_Alignas(ARENA_LINE) _Atomic uint32_t fresh; /* first unit never used */
	uint32_t nunits;
	_Atomic uint32_t *words; /* next | class << NUMBER_BITS | FREE */
	char *base;
};

struct heap *
heap_new(struct arena *arena, size_t size)
{
	size_t nunits = size / (ARENA_LINE + sizeof(uint32_t));

	if (nunits > NUMBER_MASK)
		nunits = NUMBER_MASK;
	struct heap *h = arena_take(arena, sizeof *h);
	if (h == NULL)
		return NULL;
	h->words = arena_take(arena, nunits * sizeof *h->words);
	h->base = arena_take(arena, nunits * ARENA_LINE);
	if (h->words == NULL || h->base == NULL)
		return NULL;
	h->nunits = (uint32_t)nunits;
	atomic_store(&h->fresh, 1);
	return h;
}

/* The smallest class that holds `size` bytes. */
static unsigned
heap_class_of(size_t size)
{
	if (size <= ARENA_LINE)
		return 0;
	return 64 - (unsigned)__builtin_clzll((size - 1) / ARENA_LINE);
}

static uint32_t
heap_word_of(unsigned class, uint32_t next, uint32_t is_free)
{
	return next | (uint32_t) class << NUMBER_BITS | is_free;
}

static unsigned
heap_word_class(uint32_t word)
{
	return word >> NUMBER_BITS & CLASS_MASK;
}

/* The new head. The count goes up, so that the same head never comes back. */
static uint64_t
heap_head_next(uint64_t head, uint32_t number)
{
	return ((head >> 32) + 1) << 32 | number;
}

static uint32_t
heap_pop(struct heap *h, unsigned class)
{
	struct bin *b = &h->bins[class];
	uint64_t head = atomic_load(&b->head);

	for (;;) {
		uint32_t number = (uint32_t)head;

		if (number == 0)
			return 0;
		/* Stale if another thread took it: then the count differs. */
		uint32_t next = atomic_load(&h->words[number]) & NUMBER_MASK;
		if (atomic_compare_exchange_weak(
			&b->head, &head, heap_head_next(head, next)))
			return number;
	}
}

static void
heap_push(struct heap *h, unsigned class, uint32_t number)
{
	struct bin *b = &h->bins[class];
	uint64_t head = atomic_load(&b->head);

	do
		atomic_store(&h->words[number],
		    heap_word_of(class, (uint32_t)head, FREE));
	while (!atomic_compare_exchange_weak(
	    &b->head, &head, heap_head_next(head, number)));
}

static uint32_t
heap_take_fresh(struct heap *h, unsigned class)
{
	uint32_t units = 1U << class, number = atomic_load(&h->fresh);

	do
		if (h->nunits - number < units)
			return 0;
	while (
	    !atomic_compare_exchange_weak(&h->fresh, &number, number + units));
	return number;
}

/* No fresh memory is left: take a free block of a larger class. */
static uint32_t
heap_take_larger(struct heap *h, unsigned *class)
{
	uint32_t number = 0;

	while (number == 0 && ++*class < CLASSES)
		number = heap_pop(h, *class);
	return number;
}

/* Count a block before it is taken, so that a leaked block counts as taken. */
static void
heap_count(struct heap *h, unsigned class, uint64_t by)
{
	atomic_fetch_add_explicit(
	    &h->bins[class].taken, by, memory_order_relaxed);
}

static void *
take(struct heap *h, size_t size, bool *fresh)
{
	unsigned class = heap_class_of(size), fits = class;

	*fresh = false;
	if (class >= CLASSES)
		return NULL;
	heap_count(h, fits, 1);
	uint32_t number = heap_pop(h, class);
	if (number == 0) {
		number = heap_take_fresh(h, class);
		*fresh = number != 0;
	}
	if (number == 0) {
		number = heap_take_larger(h, &class);
		heap_count(h, fits, -(uint64_t)1);
		if (number == 0)
			return NULL;
		heap_count(h, class, 1);
	}
	atomic_store(&h->words[number], heap_word_of(class, 0, 0));
	return h->base + (size_t)number * ARENA_LINE;
}

void *
heap_take(struct heap *h, size_t size)
{
	bool fresh;

	return take(h, size, &fresh);
}

/* Fresh memory is zero already: do not touch its pages yet. */
void *
heap_take_zeroed(struct heap *h, size_t size)
{
	bool fresh;
	void *p = take(h, size, &fresh);

	if (p != NULL && !fresh)
		memset(p, 0, size);
	return p;
}

void
heap_give(struct heap *h, void *p)
{
	if (p == NULL)
		return;
	size_t offset = (size_t)((char *)p - h->base);
	uint32_t number = (uint32_t)(offset / ARENA_LINE);

	if (offset % ARENA_LINE != 0 || offset / ARENA_LINE >= h->nunits)
		fatal("heap: %p was not allocated from it", p);
	uint32_t word = atomic_load(&h->words[number]);
	if ((word & FREE) != 0)
		fatal("heap: %p was freed twice", p);
	heap_push(h, heap_word_class(word), number);
	heap_count(h, heap_word_class(word), -(uint64_t)1);
}

size_t
heap_used(const struct heap *h)
{
	size_t used = 0;

	for (unsigned c = 0; c < CLASSES; c++)
		used += (size_t)atomic_load(&h->bins[c].taken) *
		    ((size_t)ARENA_LINE << c);
	return used;
}
