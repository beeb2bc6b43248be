/* future: what the owner of a future does with it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "program/self.h"
#include "run/registry.h"

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
		return "cancelled before it had begun";
	case FUTURE_FAILED:
		break;
	default:
		return "";
	}
	/* Nobody writes there any more, so it is as good as a string. */
	sentence = (const char *)(uintptr_t)atomic_load_explicit(
	    &cold_of(f)->sentence, RELAXED);
	error = atomic_load_explicit(&cold_of(f)->error, RELAXED);
	if (sentence == NULL || sentence[0] == '\0')
		sentence = strerrordesc_np(error);
	return sentence != NULL ? sentence : "unknown error";
}

/* ---- callbacks ---- */

static void
future_append(struct future *f, struct callback *c)
{
	struct callback **end = &cold_of(f)->calls;

	while (*end != NULL)
		end = &(*end)->next;
	*end = c;
}

/*
 * Not done yet: who ends it will see the flag and call back, or, in another
 * process, wake the thread that does. True if nobody will: it is done.
 */
static bool
future_watch(struct future *f)
{
	uint32_t old = atomic_fetch_or(&f->word, WORD_CALLS);
	struct executor *e = executor_of(f);

	if (cold_of(f)->watched || cold_of(f)->calling)
		return false;
	if (word_done(old)) {
		cold_of(f)->calling = true;
		return true;
	}
	cold_of(f)->watched = true;
	if (!executor_local(e)) {
		f->next = e->own->watched;
		e->own->watched = f;
		eventcount_all(e->done);
	}
	return false;
}

int
future_on_done(struct future *f, void (*fn)(struct future *, void *), void *arg)
{
	struct executor *e = executor_of(f);
	struct callback *c = malloc(sizeof *c);
	bool now;

	if (c == NULL)
		return -ENOMEM;
	*c = (struct callback){.fn = fn, .arg = arg};
	pthread_mutex_lock(&e->own->mutex);
	int err = executor_local(e) ? 0 : caller_start(e);
	if (err != 0) {
		pthread_mutex_unlock(&e->own->mutex);
		free(c);
		return -err;
	}
	future_append(f, c);
	now = future_watch(f);
	pthread_mutex_unlock(&e->own->mutex);
	if (now)
		future_call(f);
	return 0;
}

void
future_free(struct future *f)
{
	struct executor_own *own;

	if (f == NULL)
		return;
	future_await(f, FOREVER);
	if ((future_word(f) & WORD_CALLS) == 0) {
		executor_recycle(f);
		return;
	}
	own = executor_of(f)->own;
	pthread_mutex_lock(&own->mutex);
	if (cold_of(f)->watched || cold_of(f)->calling)
		cold_of(f)->freed = true;
	else
		executor_recycle(f);
	pthread_mutex_unlock(&own->mutex);
}
