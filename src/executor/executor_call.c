/* executor_call: a task's side of a future, and the end of a task. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "memory/atomic_text.h"
#include "run/registry.h"
#include "slot/slot.h"

const void *
call_arg(const struct call *c)
{
	return c->arg;
}

size_t
call_size(const struct call *c)
{
	return c->size;
}

uint64_t
call_index(const struct call *c)
{
	return c->index;
}

void
future_drop_result(struct future *f)
{
	void *result = atomic_load_explicit(&cold_of(f)->result, RELAXED);

	atomic_store_explicit(&cold_of(f)->result, NULL, RELAXED);
	if (result != NULL && result != cold_of(f)->inline_result)
		heap_give(world->heap, result);
}

void *
call_reserve(struct call *c, size_t size)
{
	struct future *f = c->future;
	struct map_room *room = c->room;

	if (room != NULL) {
		room->given = size == room->size;
		return room->given ? room->at : NULL;
	}
	c->extra = true;
	future_drop_result(f);
	/* Stored at once, so that it is given back if this process dies. */
	void *result = size <= INLINE_SIZE ? cold_of(f)->inline_result
					   : heap_take(world->heap, size);
	atomic_store_explicit(&cold_of(f)->result, result, RELAXED);
	atomic_store_explicit(&cold_of(f)->result_size, size, RELAXED);
	return result;
}

int
call_return(struct call *c, const void *buf, size_t size)
{
	void *to = call_reserve(c, size);

	if (to == NULL)
		return c->room != NULL ? -EMSGSIZE : -ENOMEM;
	if (size > 0)
		memcpy(to, buf, size);
	return 0;
}

__attribute__((format(printf, 2, 0))) static void
set_sentence(struct future *f, const char *fmt, va_list ap)
{
	_Atomic uint64_t *sentence =
	    atomic_load_explicit(&cold_of(f)->sentence, RELAXED);
	char text[ERROR_SIZE];

	if (sentence == NULL)
		sentence = heap_take(world->heap, ERROR_SIZE);
	if (sentence == NULL)
		return;
	vsnprintf(text, sizeof text, fmt, ap);
	atomic_text_set(sentence, ERROR_SIZE, text);
	/* Release: copy_failure() finds a text there. */
	atomic_store_explicit(
	    &cold_of(f)->sentence, sentence, memory_order_release);
}

void
future_set_sentence(struct future *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_sentence(f, fmt, ap);
	va_end(ap);
}

int
call_fail(struct call *c, int error, const char *fmt, ...)
{
	va_list ap;

	c->extra = true;
	va_start(ap, fmt);
	set_sentence(c->future, fmt, ap);
	va_end(ap);
	return error;
}

bool
future_claim(struct future *f, enum frame_future_state state, uint32_t owner)
{
	uint32_t word = atomic_load_explicit(&f->word, RELAXED);
	uint32_t mask = WORD_WAITED | WORD_NOTED | WORD_CALLS | WORD_RETRIES;

	while (word_state(word) == FUTURE_PENDING)
		if (atomic_compare_exchange_weak(&f->word, &word,
			(word & mask) | state | owner << WORD_OWNER))
			return true;
	return false;
}

/* The bytes of a number, for the screen. */
static void
note_value(struct future *f)
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

/* The word has changed from `old` to one that is done. */
static void
tell(struct future *f, struct executor *e, uint32_t old)
{
	if ((old & WORD_WAITED) != 0)
		futex_wake(&f->word, INT_MAX);
	if ((old & WORD_CALLS) != 0 && executor_local(e))
		future_call(f);
	else if ((old & (WORD_NOTED | WORD_CALLS)) != 0)
		wake_all(e->done);
}

static void
count(struct future *f, enum frame_future_state state)
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
		note_value(f);
	count(f, state);
	while (!atomic_compare_exchange_weak(
	    &f->word, &word, (word & keep) | more))
		;
	tell(f, e, word);
}

void
future_fail(struct future *f, int error)
{
	atomic_store_explicit(&cold_of(f)->error, error, RELAXED);
	future_finish(f, FUTURE_FAILED, true);
}
