/*
 * semaphore: one word for each permit, which names the thread that holds it.
 *
 * A permit is taken and released by one compare-and-swap each, so a process
 * that is killed leaves nothing half done, and it is known which permits it
 * held. The first thread to come takes a permit: waiting threads have no order.
 */
#include "lockstep/semaphore.h"

#include <errno.h>

#include "lockstep/frame.h"
#include "lockstep/util.h"
#include "program/mutex_priv.h"
#include "run/registry.h"

struct semaphore {
	struct mutex as_lock;
};

struct semaphore *
semaphore_new(const char *name, unsigned permits)
{
	if (permits == 0 || permits > SEMAPHORE_MAX) {
		errno = EINVAL;
		return NULL;
	}
	return (struct semaphore *)mutex_make(name, permits);
}

/* Pass on a permit: `from` holds it (0: it is free), then `to` does. */
static bool
semaphore_pass_on(struct mutex *m, uint32_t from, uint32_t to)
{
	for (unsigned i = 0; i < m->permits; i++) {
		uint32_t has = from;

		if (atomic_load_explicit(&m->holders[i], RELAXED) == from &&
		    atomic_compare_exchange_strong(&m->holders[i], &has, to))
			return true;
	}
	return false;
}

static unsigned
semaphore_count_free(const struct mutex *m)
{
	unsigned n = 0;

	for (unsigned i = 0; i < m->permits; i++)
		n += atomic_load(&m->holders[i]) == 0;
	return n;
}

static bool
semaphore_is_free(const void *arg)
{
	const struct mutex *m = arg;

	self_because(semaphore_holder(m) & ~MUTEX_OUTSIDE);
	return semaphore_count_free(m) > 0;
}

/* Several threads may count at the same time. */
static void
semaphore_count(struct mutex *m, bool waited, uint64_t ns)
{
	uint64_t longest = atomic_load_explicit(&m->longest, RELAXED);

	atomic_fetch_add_explicit(&m->acquired, 1, RELAXED);
	lock_order_has(&registry->orders, m->number);
	if (!waited)
		return;
	atomic_fetch_add_explicit(&m->contended, 1, RELAXED);
	atomic_fetch_add_explicit(
	    &m->times.n[TIMES_WAIT][latency_bucket(ns)], 1, RELAXED);
	while (ns > longest &&
	    !atomic_compare_exchange_weak(&m->longest, &longest, ns))
		;
}

static int
semaphore_take_slowly(struct mutex *m, uint32_t me, uint64_t timeout)
{
	uint64_t start = now_ns(), end = time_add(start, timeout);
	bool waits = semaphore_count_free(m) == 0;
	struct self_wait wait = {.op = POINT_TAKE,
	    .thing = THING_MUTEX,
	    .object = m->number,
	    .state = STATE_WAIT_LOCK,
	    .timeout = timeout,
	    .ready = semaphore_is_free,
	    .arg = m,
	    .wake = &m->wake};

	do {
		if (!self_wait(&wait))
			return -ETIMEDOUT;
		uint64_t now = now_ns(); /* in case another thread is quicker */
		if (timeout != FOREVER)
			wait.timeout = now < end ? end - now : 0;
	} while (!semaphore_pass_on(m, 0, me));
	semaphore_count(m, waits, now_ns() - start);
	return 0;
}

int
semaphore_take(struct semaphore *s, uint64_t timeout)
{
	struct mutex *m = &s->as_lock;
	uint32_t me = mutex_my_id();

	if (timeout == FOREVER)
		mutex_wants(m);
	if (self_stepped() || !semaphore_pass_on(m, 0, me))
		return semaphore_take_slowly(m, me, timeout);
	semaphore_count(m, false, 0);
	return 0;
}

int
semaphore_give(struct semaphore *s)
{
	struct mutex *m = &s->as_lock;
	const struct self_wait at = {.op = POINT_GIVE,
	    .thing = THING_MUTEX,
	    .object = m->number,
	    .timeout = FOREVER};

	if (self_stepped())
		self_stand(&at);
	if (!semaphore_pass_on(m, mutex_my_id(), 0))
		return -EPERM;
	lock_order_gives(&registry->orders, m->number);
	if (eventcount_sleepers(&m->wake))
		eventcount_some(&m->wake, 1);
	return 0;
}

unsigned
semaphore_left(const struct semaphore *s)
{
	return semaphore_count_free(&s->as_lock);
}
