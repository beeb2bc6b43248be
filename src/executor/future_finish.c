/* future_finish: ends a future and wakes the threads that wait for it. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "memory/atomic_text.h"
#include "run/registry.h"
#include "slot/slot.h"

void
future_set_sentence_from(struct future *f, const char *fmt, va_list ap)
{
	_Atomic uint64_t *sentence =
	    atomic_load_explicit(&cold_of(f)->sentence, RELAXED);
	char text[ERROR_SIZE];

	if (sentence == NULL)
		sentence = heap_take(registry->heap, ERROR_SIZE);
	if (sentence == NULL)
		return;
	vsnprintf(text, sizeof text, fmt, ap);
	atomic_text_set(sentence, ERROR_SIZE, text);
	/* Release: a reader of the pointer, in future_sample.c, sees text. */
	atomic_store_explicit(
	    &cold_of(f)->sentence, sentence, memory_order_release);
}

void
future_set_sentence(struct future *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	future_set_sentence_from(f, fmt, ap);
	va_end(ap);
}

/* If the result has the size of a number, keep its value for the screen. */
static void
finish_note_value(struct future *f)
{
	const void *result = atomic_load_explicit(&cold_of(f)->result, RELAXED);
	size_t size = atomic_load_explicit(&cold_of(f)->result_size, RELAXED);
	int64_t value = 0;
	int32_t small;

	if (result == NULL)
		return;
	if (size == sizeof value) {
		memcpy(&value, result, sizeof value);
	} else if (size == sizeof small) {
		memcpy(&small, result, sizeof small);
		value = small;
	}
	atomic_store_explicit(&cold_of(f)->value, value, RELAXED);
}

/* The word, which was `old`, says now that the future is done. */
static void
finish_wake(struct future *f, struct executor *e, uint32_t old)
{
	if ((old & WORD_WAITED) != 0)
		futex_wake(&f->word, INT_MAX);
	if ((old & WORD_CALLS) != 0 && executor_local(e))
		future_call(f);
	else if ((old & (WORD_NOTED | WORD_CALLS)) != 0)
		eventcount_all(e->done);
}

static void
finish_count(struct future *f, enum frame_future_state state)
{
	struct executor *e = executor_of(f);
	uint64_t order = atomic_fetch_add_explicit(&e->finished, 1, RELAXED);

	atomic_store_explicit(&f->order, (uint32_t)order + 1, RELAXED);
	if (state == FUTURE_FAILED)
		EXECUTOR_STAT(e->failed);
	if (state == FUTURE_CANCELLED)
		EXECUTOR_STAT(e->cancelled);
}

void
future_finish(struct future *f, enum frame_future_state state, bool extra)
{
	struct executor *e = executor_of(f);
	uint32_t keep = ~0U << WORD_OWNER | WORD_RETRIES | WORD_CALLS;
	uint32_t more = state | (extra ? WORD_EXTRA : 0);
	uint32_t word = atomic_load_explicit(&f->word, RELAXED);

	if (extra && state == FUTURE_DONE)
		finish_note_value(f);
	finish_count(f, state);
	while (!atomic_compare_exchange_weak(
	    &f->word, &word, (word & keep) | more))
		;
	finish_wake(f, e, word);
}

void
future_fail(struct future *f, int error)
{
	atomic_store_explicit(&cold_of(f)->error, error, RELAXED);
	future_finish(f, FUTURE_FAILED, true);
}

bool
future_cancel(struct future *f)
{
	if (!future_claim(f, FUTURE_RUNNING, 0))
		return future_state(f) == FUTURE_CANCELLED;
	EXECUTOR_STAT(executor_of(f)->disorder);
	future_finish(f, FUTURE_CANCELLED, false);
	return true;
}
