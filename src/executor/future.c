/* future: a future's result, its error, and freeing it. */
#include <errno.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "slot/slot.h"

const void *
future_value(const struct future *f, size_t *size)
{
	const void *result = NULL;

	uint32_t word = future_word(f);

	if (word_state(word) == FUTURE_DONE && (word & WORD_EXTRA) != 0)
		result = atomic_load_explicit(&cold_of(f)->result, RELAXED);
	if (size != NULL)
		*size = result == NULL
		    ? 0
		    : atomic_load_explicit(&cold_of(f)->result_size, RELAXED);
	return result;
}

long
future_result(struct future *f, uint64_t timeout, void *buf, size_t size)
{
	size_t have;
	const void *result;
	int err = future_await(f, timeout);

	if (err != 0)
		return err;
	switch (future_state(f)) {
	case FUTURE_CANCELLED:
		return -ECANCELED;
	case FUTURE_FAILED:
		return -(long)atomic_load_explicit(&cold_of(f)->error, RELAXED);
	default:
		break;
	}
	result = future_value(f, &have);
	if (buf != NULL && have > 0 && size > 0)
		memcpy(buf, result, have < size ? have : size);
	return (long)have;
}

const char *
future_error(const struct future *f)
{
	const char *sentence;
	int error;

	switch (future_state(f)) {
	case FUTURE_CANCELLED:
		return "cancelled before it began";
	case FUTURE_FAILED:
		break;
	default:
		return "";
	}
	/* No thread writes there any more: it can be read as a string. */
	sentence = (const char *)(uintptr_t)atomic_load_explicit(
	    &cold_of(f)->sentence, RELAXED);
	error = atomic_load_explicit(&cold_of(f)->error, RELAXED);
	if (sentence == NULL || sentence[0] == '\0')
		sentence = strerrordesc_np(error);
	return sentence != NULL ? sentence : "unknown error";
}

void
future_free(struct future *f)
{
	struct executor_own *own;

	if (f == NULL)
		return;
	future_await(f, FOREVER);
	if ((future_word(f) & WORD_CALLS) == 0) {
		record_recycle(f);
		return;
	}
	own = executor_of(f)->own;
	pthread_mutex_lock(&own->mutex);
	if (cold_of(f)->watched || cold_of(f)->calling)
		cold_of(f)->freed = true;
	else
		record_recycle(f);
	pthread_mutex_unlock(&own->mutex);
}
