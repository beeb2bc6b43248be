/* future_record: a record when its future is freed. */
#include "executor/executor_priv.h"
#include "memory/atomic_text.h"
#include "run/registry.h"
#include "slot/slot.h"

void
future_drop_result(struct future *f)
{
	void *result = atomic_load_explicit(&cold_of(f)->result, RELAXED);

	atomic_store_explicit(&cold_of(f)->result, NULL, RELAXED);
	if (result != NULL && result != cold_of(f)->inline_result)
		heap_give(registry->heap, result);
}

/* The cold part, as it is in a free record. */
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
executor_recycle(struct future *f)
{
	struct executor_own *own = executor_of(f)->own;
	uint32_t word = atomic_load_explicit(&f->word, RELAXED);

	window_close(f);
	if (f->size > INLINE_SIZE)
		heap_give(registry->heap, (void *)(uintptr_t)f->arg);
	if ((word & (WORD_EXTRA | WORD_CALLS)) != 0)
		record_clear_extra(f);
	f->next = atomic_load_explicit(&own->freed, RELAXED);
	while (!atomic_compare_exchange_weak_explicit(&own->freed, &f->next, f,
	    memory_order_release, memory_order_relaxed))
		;
}
