/* future: what the owner of a future does with it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "program/self.h"
#include "run/registry.h"

#define SPIN (4 * NSEC_PER_USEC) /* before a sleep */
#define LOOK (50 * NSEC_PER_MSEC)
#define LONG (3600 * NSEC_PER_SEC)

enum frame_future_state
future_state(const struct future *f)
{
	return word_state(future_word(f));
}

bool
future_done(const struct future *f)
{
	return word_done(future_word(f));
}

/* Some results come sooner than a sleep would begin. */
static bool
spin(const struct future *f)
{
	uint64_t end;

	if (executor_of(f)->cores < 2 || (self != NULL && self->gil != NULL) ||
	    self_stepped())
		return false;
	end = now_ns() + SPIN;
	do
		for (int i = 0; i < 32; i++) {
			if (future_done(f))
				return true;
			cpu_relax(1);
		}
	while (now_ns() < end);
	return false;
}

/*
 * Sleep on the word until it changes. While nobody runs the task yet the sleep
 * is short, so that the screen soon knows because of whom we wait.
 */
static void
doze(struct future *f, uint64_t ns)
{
	uint32_t word = atomic_fetch_or(&f->word, WORD_WAITED) | WORD_WAITED;

	if (word_done(word))
		return;
	self_because(word >> WORD_OWNER);
	if (word_state(word) == FUTURE_PENDING && ns > LOOK)
		ns = LOOK;
	self_doze_on(&f->word, word, ns);
}

static bool
is_done(const void *future)
{
	const struct future *f = future;
	uint32_t word = future_word(f);

	self_because(word >> WORD_OWNER);
	return word_done(word);
}

/* 0 or -ETIMEDOUT; -EAGAIN: not stepped any more. */
static int
await_stepped(const struct future *f, uint64_t timeout)
{
	const struct self_wait wait = {.op = POINT_WAIT,
	    .thing = THING_EXECUTOR,
	    .object = executor_of(f)->number,
	    .state = STATE_WAIT_FUTURE,
	    .timeout = timeout,
	    .ready = is_done,
	    .arg = f};

	while (self_stepped()) {
		enum gate_pass pass = self_stand(&wait);
		if (future_done(f))
			return 0;
		if (pass == GATE_TIMED_OUT ||
		    (pass == GATE_GRANTED && timeout == 0))
			return -ETIMEDOUT;
	}
	return -EAGAIN;
}

int
future_await(struct future *f, uint64_t timeout)
{
	if (future_done(f))
		return 0;
	int err = await_stepped(f, timeout);
	if (err != -EAGAIN)
		return err;
	if (timeout == 0)
		return -ETIMEDOUT;
	if (spin(f))
		return 0;
	uint64_t now = now_ns(), end = time_add(now, timeout);
	self_block_for(STATE_WAIT_FUTURE, executor_of(f)->number, 0, timeout);
	while (!future_done(f) && now < end) {
		doze(f, end - now < LONG ? end - now : LONG);
		if (await_stepped(f, timeout) == -ETIMEDOUT)
			break;
		now = now_ns();
	}
	self_unblock();
	return future_done(f) ? 0 : -ETIMEDOUT;
}

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

bool
future_cancel(struct future *f)
{
	if (!future_claim(f, FUTURE_RUNNING, 0))
		return future_state(f) == FUTURE_CANCELLED;
	EXECUTOR_STAT(executor_of(f)->disorder);
	future_finish(f, FUTURE_CANCELLED, false);
	return true;
}

/* ---- callbacks ---- */

void
future_call(struct future *f)
{
	struct executor_own *own = executor_of(f)->own;
	struct callback *c;

	pthread_mutex_lock(&own->mutex);
	cold_of(f)->watched = false;
	cold_of(f)->calling = true;
	while ((c = cold_of(f)->calls) != NULL) {
		cold_of(f)->calls = c->next;
		pthread_mutex_unlock(&own->mutex);
		c->fn(f, c->arg);
		free(c);
		pthread_mutex_lock(&own->mutex);
	}
	cold_of(f)->calling = false;
	if (cold_of(f)->freed)
		executor_recycle(f);
	pthread_mutex_unlock(&own->mutex);
}

static void
append(struct future *f, struct callback *c)
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
watch(struct future *f)
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
		wake_all(e->done);
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
	append(f, c);
	now = watch(f);
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
