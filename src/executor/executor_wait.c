/*
 * executor_wait: waits for several futures.
 *
 * A finder keeps its futures in the order of submission, which is the order in
 * which they begin. So the ones that are done are near the front, and a look
 * stops after a long row of futures that are all pending. Only after something
 * has broken this order, a cancellation or a death, does it look at all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "program/self.h"

#define FAR   64 /* a look stops after this many pending in a row */
#define LONG  (3600 * NSEC_PER_SEC)
#define FEW   16
#define AHEAD 8 /* how far ahead to prefetch */

struct as_completed {
	struct future **futures; /* [n]; [0..front) have been found */
	size_t n, room, front;
	bool sorted;
	struct future **found; /* done, not returned yet: [next..nfound) */
	size_t nfound, next;
	uint32_t disorder; /* of all executors, at the last look */
};

static int
wait_compare(const void *a, const void *b)
{
	const struct future *f = *(struct future *const *)a;
	const struct future *g = *(struct future *const *)b;

	if (executor_of(f) != executor_of(g))
		return executor_of(f) < executor_of(g) ? -1 : 1;
	return (f->number > g->number) - (f->number < g->number);
}

static uint64_t
wait_ended(const struct future *f)
{
	return f->submitted + ((uint64_t)f->waited + f->ran) * NSEC_PER_USEC;
}

static int
wait_compare_ended(const void *a, const void *b)
{
	const struct future *f = *(struct future *const *)a;
	const struct future *g = *(struct future *const *)b;

	if (executor_of(f) == executor_of(g))
		return (f->order > g->order) - (f->order < g->order);
	return (wait_ended(f) > wait_ended(g)) -
	    (wait_ended(f) < wait_ended(g));
}

struct as_completed *
finder_new(void)
{
	return calloc(1, sizeof(struct as_completed));
}

static int
wait_make_room(struct as_completed *c, size_t n)
{
	size_t size = n * sizeof *c->futures;
	struct future **futures = realloc(c->futures, size);
	struct future **found;

	if (futures == NULL)
		return -ENOMEM;
	c->futures = futures;
	found = realloc(c->found, size);
	if (found == NULL)
		return -ENOMEM;
	c->found = found;
	c->room = n;
	return 0;
}

int
finder_add(struct as_completed *c, struct future *f)
{
	if (c->n == c->room && c->front > c->n / 2) {
		memmove(c->futures, c->futures + c->front,
		    (c->n - c->front) * sizeof *c->futures);
		c->n -= c->front;
		c->front = 0;
	}
	if (c->n == c->room &&
	    wait_make_room(c, c->n == 0 ? FEW : 2 * c->n) != 0)
		return -ENOMEM;
	c->futures[c->n++] = f;
	c->sorted = false;
	return 0;
}

size_t
finder_left(const struct as_completed *c)
{
	return c->n - c->front + c->nfound - c->next;
}

/* Sort the futures, drop duplicates, and mark all as waited for. */
static void
wait_sort(struct as_completed *c)
{
	size_t to = c->front;

	qsort(c->futures + c->front, c->n - c->front, sizeof *c->futures,
	    wait_compare);
	for (size_t i = c->front; i < c->n; i++) {
		struct future *f = c->futures[i];

		if (to > c->front && c->futures[to - 1] == f)
			continue;
		if (!word_done(future_word(f)))
			atomic_fetch_or(&f->word, WORD_NOTED);
		c->futures[to++] = f;
	}
	c->n = to;
	c->sorted = true;
}

static uint32_t
wait_disorder(const struct as_completed *c)
{
	const struct executor *last = NULL;
	uint32_t sum = 0;

	for (size_t i = c->front; i < c->n; i++) {
		const struct executor *e = executor_of(c->futures[i]);

		if (e != last)
			sum += atomic_load(&e->disorder);
		last = e;
		if (e == executor_of(c->futures[c->n - 1]))
			break;
	}
	return sum;
}

/* Move what is done to found[], and close up the others in futures[]. */
static void
wait_collect(struct as_completed *c, bool whole)
{
	size_t i, kept = 0, far = 0;

	c->nfound = c->next = 0;
	for (i = c->front; i < c->n && (whole || far < FAR); i++) {
		struct future *f = c->futures[i];
		uint32_t word = future_word(f);

		if (word_done(word)) {
			c->found[c->nfound++] = f;
			continue;
		}
		far = word_state(word) == FUTURE_PENDING ? far + 1 : 0;
		c->futures[c->front + kept++] = f;
	}
	memmove(c->futures + i - kept, c->futures + c->front,
	    kept * sizeof *c->futures);
	c->front = i - kept;
	qsort(c->found, c->nfound, sizeof *c->found, wait_compare_ended);
}

/* Several executors: those sorted last may be done first, so look at all. */
static bool
wait_several(const struct as_completed *c)
{
	return c->n > c->front &&
	    executor_of(c->futures[c->front]) !=
	    executor_of(c->futures[c->n - 1]);
}

struct future *
finder_look(struct as_completed *c)
{
	if (c->next < c->nfound)
		return c->found[c->next++];
	if (c->front == c->n)
		return NULL;
	bool whole = !c->sorted;
	if (whole)
		wait_sort(c);
	uint32_t now = wait_disorder(c);
	wait_collect(c, whole || now != c->disorder || wait_several(c));
	c->disorder = now;
	return c->nfound > 0 ? c->found[c->next++] : NULL;
}

bool
finder_finds(struct as_completed *c)
{
	if (finder_look(c) == NULL)
		return false;
	c->next--;
	return true;
}

/* ---- as_completed ---- */

struct as_completed *
as_completed(struct future *const *futures, size_t n)
{
	struct as_completed *c = finder_new();

	if (c == NULL)
		return NULL;
	if (n > 0 && wait_make_room(c, n) != 0) {
		as_completed_free(c);
		return NULL;
	}
	if (n > 0)
		memcpy(c->futures, futures, n * sizeof *futures);
	c->n = n;
	return c;
}

/* Sleep until one may be done. */
static void
wait_doze(struct as_completed *c, uint32_t key, uint64_t ns, uint64_t timeout)
{
	const struct executor *e = executor_of(c->futures[c->front]);

	self_block_for(STATE_WAIT_FUTURE, e->number, 0, timeout);
	self_doze(e->done, key, ns < LONG ? ns : LONG);
	self_unblock();
}

static bool
wait_finds(const void *arg)
{
	return finder_finds(*(struct as_completed *const *)arg);
}

/* Wait at the gate; false: timed out. */
static bool
wait_stand(struct as_completed *c, uint64_t timeout)
{
	enum gate_pass pass = self_stand(&(struct self_wait){.op = POINT_WAIT,
	    .thing = THING_EXECUTOR,
	    .object = executor_of(c->futures[c->front])->number,
	    .state = STATE_WAIT_FUTURE,
	    .timeout = timeout,
	    .ready = wait_finds,
	    .arg = &c});

	return pass != GATE_TIMED_OUT &&
	    (pass != GATE_GRANTED || timeout > 0 || finder_finds(c));
}

struct future *
as_completed_next(struct as_completed *c, uint64_t timeout)
{
	uint64_t end = 0;

	errno = 0;
	for (;;) {
		struct future *f = finder_look(c);
		uint64_t now;
		uint32_t key;

		if (f != NULL || finder_left(c) == 0)
			return f;
		if (self_stepped()) {
			if (wait_stand(c, timeout))
				continue;
			errno = ETIMEDOUT;
			return NULL;
		}
		key =
		    eventcount_prepare(executor_of(c->futures[c->front])->done);
		f = finder_look(c);
		if (f != NULL)
			return f;
		now = now_ns();
		if (end == 0)
			end = time_add(now, timeout);
		if (now >= end) {
			errno = ETIMEDOUT;
			return NULL;
		}
		wait_doze(c, key, end - now, timeout);
	}
}

void
as_completed_free(struct as_completed *c)
{
	if (c == NULL)
		return;
	free(c->futures);
	free(c->found);
	free(c);
}

/* ---- wait ---- */

/* In step mode no time passes. */
static uint64_t
wait_time_left(uint64_t end, uint64_t timeout)
{
	if (end == FOREVER || self_stepped())
		return timeout;
	uint64_t now = now_ns();
	return now < end ? end - now : 0;
}

static size_t
wait_count_done(struct future *const *futures, size_t n)
{
	size_t done = 0;

	for (size_t i = 0; i < n; i++)
		done += future_done(futures[i]);
	return done;
}

/*
 * Begin with the future submitted last, which is likely to end last: then one
 * sleep is enough. True if all are done.
 */
static bool
wait_all(struct future *const *futures, size_t n, uint64_t timeout)
{
	uint64_t end = time_after(timeout);

	while (n-- > 0) {
		uint64_t left = FOREVER;

		if (n >= AHEAD)
			__builtin_prefetch(futures[n - AHEAD]);
		if (future_done(futures[n]))
			continue;
		if (end != FOREVER)
			left = wait_time_left(end, timeout);
		if (future_await(futures[n], left) != 0)
			return false;
	}
	return true;
}

static void
wait_some(struct future *const *futures, size_t n, enum future_wait how,
    uint64_t timeout)
{
	struct as_completed *c = as_completed(futures, n);
	uint64_t end = time_after(timeout);
	struct future *f;

	if (c == NULL) {
		wait_all(futures, n, timeout);
		return;
	}
	do {
		f = as_completed_next(c, wait_time_left(end, timeout));
	} while (f != NULL && how == WAIT_FIRST_FAILURE &&
	    future_state(f) != FUTURE_FAILED);
	as_completed_free(c);
}

size_t
future_wait(struct future *const *futures, size_t n, enum future_wait how,
    uint64_t timeout)
{
	if (how != WAIT_ALL)
		wait_some(futures, n, how, timeout);
	else if (wait_all(futures, n, timeout))
		return n;
	return wait_count_done(futures, n);
}
