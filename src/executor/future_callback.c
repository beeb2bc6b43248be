/*
 * future_callback: calls back when a future is done: in the thread that ended
 * it or, if tasks run in other processes, in a thread of the owner's process.
 */
#include <errno.h>
#include <stdlib.h>

#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "program/self.h"

#define LOOK NSEC_PER_SEC

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
		record_recycle(f);
	pthread_mutex_unlock(&own->mutex);
}

/* Take over the watched futures. True once no more will come. */
static bool
callback_take_watched(struct executor *e, struct as_completed *finder)
{
	struct executor_own *own = e->own;
	bool over;

	pthread_mutex_lock(&own->mutex);
	while (own->watched != NULL && finder_add(finder, own->watched) == 0)
		own->watched = own->watched->next;
	over = own->watched == NULL && finder_left(finder) == 0 &&
	    atomic_load(&e->closed) != 0;
	pthread_mutex_unlock(&own->mutex);
	return over;
}

struct caller {
	struct executor *e;
	struct as_completed *finder;
};

static bool
callback_has_work(const void *arg)
{
	const struct caller *c = arg;

	return callback_take_watched(c->e, c->finder) ||
	    finder_finds(c->finder);
}

/* No watched future is done: wait, at the gate in step mode. */
static void
callback_await_work(
    struct executor *e, struct as_completed *finder, uint32_t key)
{
	const struct caller c = {.e = e, .finder = finder};

	if (self_stepped()) {
		self_stand(&(struct self_wait){.op = POINT_WAIT,
		    .thing = THING_EXECUTOR,
		    .object = e->number,
		    .state = STATE_WAIT_FUTURE,
		    .timeout = FOREVER,
		    .ready = callback_has_work,
		    .arg = &c});
		return;
	}
	self_block(STATE_WAIT_FUTURE, e->number, 0);
	self_doze(e->done, key, LOOK);
	self_unblock();
}

static int
callback_life(void *arg)
{
	struct executor *e = arg;
	struct as_completed *finder = finder_new();
	struct future *f;

	if (finder == NULL)
		return ENOMEM;
	for (;;) {
		uint32_t key = eventcount_prepare(e->done);

		if (callback_take_watched(e, finder))
			break;
		f = finder_look(finder);
		if (f != NULL) {
			future_call(f);
			continue;
		}
		callback_await_work(e, finder, key);
	}
	as_completed_free(finder);
	return 0;
}

/* Owner's mutex. 0 or an errno. */
static int
callback_start(struct executor *e)
{
	if (e->own->caller == NULL)
		e->own->caller = thread_start("callbacks", callback_life, e);
	return e->own->caller != NULL ? 0 : errno;
}

static void
callback_append(struct future *f, struct callback *c)
{
	struct callback **end = &cold_of(f)->calls;

	while (*end != NULL)
		end = &(*end)->next;
	*end = c;
}

/*
 * If the future is not done, the thread that ends it will see the flag and call
 * back or, in another process, wake the thread that does. True if it is done
 * already, so the caller has to call back.
 */
static bool
callback_watch(struct future *f)
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
	int err = executor_local(e) ? 0 : callback_start(e);
	if (err != 0) {
		pthread_mutex_unlock(&e->own->mutex);
		free(c);
		return -err;
	}
	callback_append(f, c);
	now = callback_watch(f);
	pthread_mutex_unlock(&e->own->mutex);
	if (now)
		future_call(f);
	return 0;
}
