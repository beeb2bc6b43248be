/*
 * future_record: allocates the records of futures and recycles them when their
 * futures are freed.
 */
#include <errno.h>
#include <stdlib.h>

#include "executor/executor_priv.h"
#include "memory/atomic_text.h"
#include "run/registry.h"
#include "slot/slot.h"

int
records_more(struct executor *e)
{
	struct executor_own *own = e->own;
	struct block *block, **blocks;

	if ((own->nblocks & (own->nblocks - 1)) == 0) {
		size_t n = own->nblocks == 0 ? 1 : own->nblocks * 2;

		blocks = realloc(own->blocks, n * sizeof *blocks);
		if (blocks == NULL)
			return -ENOMEM;
		own->blocks = blocks;
	}
	block = heap_take_zeroed(registry->heap, sizeof *block);
	if (block == NULL)
		return -ENOMEM;
	own->blocks[own->nblocks++] = block;
	block->executor = e;
	for (unsigned i = BLOCK; i > 0; i--) {
		struct future *f = &block->futures[i - 1];

		f->block = block;
		atomic_store_explicit(&f->word, FUTURE_DONE, RELAXED);
		f->next = own->free;
		own->free = f;
	}
	return 0;
}

static void
record_free_block(struct block *block)
{
	for (unsigned i = 0; i < BLOCK; i++)
		heap_give(registry->heap, block->cold[i].sentence);
	heap_give(registry->heap, block);
}

void
records_free(struct executor_own *own)
{
	for (size_t i = 0; i < own->nblocks; i++)
		record_free_block(own->blocks[i]);
	free(own->blocks);
}

void
future_drop_result(struct future *f)
{
	void *result = atomic_load_explicit(&cold_of(f)->result, RELAXED);

	atomic_store_explicit(&cold_of(f)->result, NULL, RELAXED);
	if (result != NULL && result != cold_of(f)->inline_result)
		heap_give(registry->heap, result);
}

/* Reset the cold part to what a free record has. */
static void
record_clear_extra(struct future *f)
{
	_Atomic uint64_t *sentence =
	    atomic_load_explicit(&cold_of(f)->sentence, RELAXED);

	future_drop_result(f);
	if (sentence != NULL)
		atomic_text_set(sentence, ERROR_SIZE, "");
	atomic_store_explicit(&cold_of(f)->result_size, 0, RELAXED);
	atomic_store_explicit(&cold_of(f)->value, 0, RELAXED);
	atomic_store_explicit(&cold_of(f)->error, 0, RELAXED);
	cold_of(f)->calls = NULL;
	cold_of(f)->watched = cold_of(f)->calling = cold_of(f)->freed = false;
}

void
record_recycle(struct future *f)
{
	struct executor_own *own = executor_of(f)->own;
	uint32_t word = atomic_load_explicit(&f->word, RELAXED);

	sample_close(f);
	if (f->size > INLINE_SIZE)
		heap_give(registry->heap, (void *)(uintptr_t)f->arg);
	if ((word & (WORD_EXTRA | WORD_CALLS)) != 0)
		record_clear_extra(f);
	f->next = atomic_load_explicit(&own->freed, RELAXED);
	while (!atomic_compare_exchange_weak_explicit(&own->freed, &f->next, f,
	    memory_order_release, memory_order_relaxed))
		;
}
