/*
 * queue: a queue between threads and processes: put, get, done and join.
 *
 * A getter that finds nothing looks a moment longer; then one getter at a time
 * spins for a few microseconds; then it sleeps. A getter that sees others take
 * the items before it gets there naps first: it sleeps for a moment only. While
 * one thread spins or naps, no putter wakes another getter, because that
 * watcher is sure to look. In return, when a watcher leaves with an item and
 * finds more behind it, it wakes a sleeper in the putter's place. If a watcher
 * dies or is stopped, queue_recover() or queue_forget() clears it and wakes
 * all getters; and every sleeper looks again once a second in any case.
 *
 * In step mode no thread spins, naps or sleeps: each call stands at its gate
 * until it can be done. The queue of the program's output, which the supervisor
 * reads, has no scheduling points.
 */
#include "lockstep/queue.h"

#include <errno.h>

#include "base/cpu.h"
#include "lockstep/frame.h"
#include "lockstep/util.h"
#include "program/queue_ring.h"
#include "program/self.h"
#include "run/registry.h"

#define RELOOK  NSEC_PER_SEC
#define NAP     (50 * NSEC_PER_USEC)
#define SPIN    (5 * NSEC_PER_USEC)
#define GLANCES 4  /* looks of every thread, before one of them may spin */
#define PAUSES  40 /* between two looks: fewer would slow the putters down */

/* ---- waiting in step mode ---- */

static bool
queue_is_stepped(const struct queue *f)
{
	return self_stepped() && f != registry->output;
}

/* Stand until it can be done or times out, or until step mode is over. */
static enum gate_pass
queue_stand(const struct queue *f, enum frame_point op, enum frame_state state,
    bool (*ready)(const void *), uint64_t timeout)
{
	return self_stand(&(struct self_wait){.op = op,
	    .thing = THING_QUEUE,
	    .object = f->number,
	    .state = state,
	    .timeout = timeout,
	    .ready = ready,
	    .arg = f});
}

static bool
queue_may_put(const void *queue)
{
	const struct queue *f = queue;

	return atomic_load(&f->closed) != 0 ||
	    (queue_has_room(f) && queue_unfinished(f) < f->nitems);
}

static bool
queue_may_get(const void *queue)
{
	const struct queue *f = queue;

	return queue_ready(f) || atomic_load(&f->closed) != 0;
}

/* ---- waiting ---- */

/* One wait of one thread, from its first look to its last. */
struct wait {
	struct queue *queue;
	bool (*ready)(const struct queue *);
	struct eventcount *wake;
	_Atomic uint32_t *spinner;
	enum frame_state state;
	uint64_t timeout, until; /* ns */
	bool blocked;
};

static void
queue_wait_begin(struct wait *w, uint64_t timeout)
{
	w->timeout = timeout;
	w->until = time_after(timeout);
}

static void
queue_wait_end(struct wait *w)
{
	if (w->blocked)
		self_unblock();
}

static bool
queue_become(_Atomic uint32_t *watcher, uint32_t me)
{
	uint32_t none = 0;

	return me != 0 && atomic_load(watcher) == 0 &&
	    atomic_compare_exchange_strong(watcher, &none, me);
}

/* Look for a moment, and somewhat longer if no other thread does. */
static bool
queue_wait_spin(struct wait *w)
{
	if (!w->queue->spin)
		return false;
	for (int i = 0; i < GLANCES; i++) {
		if (w->ready(w->queue))
			return true;
		cpu_relax(PAUSES);
	}
	if (!queue_become(w->spinner, self_id()))
		return false;
	uint64_t end = now_ns() + SPIN;
	bool ready;
	while (!(ready = w->ready(w->queue)) && now_ns() < end)
		cpu_relax(PAUSES);
	atomic_store(w->spinner, 0);
	return ready;
}

/* Sleep, after eventcount_prepare() and one more look. False: timed out. */
static bool
queue_wait_sleep(struct wait *w, uint32_t key, uint64_t most)
{
	uint64_t now = now_ns();

	if (now >= w->until)
		return false;
	if (!w->blocked)
		self_block_for(w->state, w->queue->number, 0, w->timeout);
	w->blocked = true;
	uint64_t ns = w->until - now < most ? w->until - now : most;
	if (w->queue == registry->output)
		eventcount_wait(w->wake, key, ns);
	else
		self_doze(w->wake, key, ns);
	return true;
}

/* ---- put ---- */

static void
queue_wake_getter(struct queue *f)
{
	if (eventcount_sleepers(&f->getters) && atomic_load(&f->spinner) == 0 &&
	    atomic_load(&f->napper) == 0)
		eventcount_some(&f->getters, 1);
}

/* Wake one putter; if there is room for more, that one wakes the next. */
static void
queue_wake_putter(struct queue *f)
{
	if (eventcount_sleepers(&f->putters) &&
	    atomic_load(&f->put_spinner) == 0)
		eventcount_some(&f->putters, 1);
}

static bool
queue_is_joined(const void *queue)
{
	return queue_unfinished(queue) == 0;
}

/* An item was marked done, or was taken and needs no mark. */
static void
queue_wake_joiners(struct queue *f)
{
	if (eventcount_sleepers(&f->joiners) && queue_is_joined(f))
		eventcount_all(&f->joiners);
}

static int
queue_try_put(struct queue *f, const void *item, size_t size)
{
	if (atomic_load(&f->closed) != 0)
		return -EPIPE;
	int err = queue_push(f, self_id(), item, size);
	if (err == 0)
		queue_wake_getter(f);
	else if (err == -EPIPE)
		queue_wake_joiners(f);
	return err;
}

/* -EAGAIN: step mode is over. */
static int
queue_put_stepped(
    struct queue *f, const void *item, size_t size, uint64_t timeout)
{
	int err = -EAGAIN;

	while (err == -EAGAIN && queue_is_stepped(f)) {
		enum gate_pass pass = queue_stand(
		    f, POINT_PUT, STATE_WAIT_PUT, queue_may_put, timeout);
		if (pass == GATE_GRANTED)
			err = queue_try_put(f, item, size);
		if (pass == GATE_TIMED_OUT ||
		    (pass == GATE_GRANTED && err == -EAGAIN && timeout == 0))
			err = -ETIMEDOUT;
	}
	return err;
}

static int
queue_put_slowly(
    struct queue *f, const void *item, size_t size, uint64_t timeout)
{
	struct wait w = {.queue = f,
	    .ready = queue_has_room,
	    .wake = &f->putters,
	    .spinner = &f->put_spinner,
	    .state = STATE_WAIT_PUT};
	int err;

	queue_wait_begin(&w, timeout);
	do {
		err = queue_put_stepped(f, item, size, timeout);
		if (err != -EAGAIN)
			break;
		if (queue_wait_spin(&w) &&
		    (err = queue_try_put(f, item, size)) != -EAGAIN)
			break;
		uint32_t key = eventcount_prepare(w.wake);
		if ((err = queue_try_put(f, item, size)) != -EAGAIN)
			break;
		if (!queue_wait_sleep(&w, key, RELOOK))
			err = -ETIMEDOUT;
		else
			err = queue_try_put(f, item, size);
	} while (err == -EAGAIN);
	if (queue_has_room(f))
		queue_wake_putter(f);
	queue_wait_end(&w);
	return err;
}

int
queue_put(struct queue *f, const void *item, size_t size, uint64_t timeout)
{
	if (size > f->size)
		return -EMSGSIZE;
	int err = queue_put_stepped(f, item, size, timeout);
	if (err == -EAGAIN)
		err = queue_try_put(f, item, size);
	if (err != -EAGAIN)
		return err;
	return timeout == 0 ? -ETIMEDOUT
			    : queue_put_slowly(f, item, size, timeout);
}

int
queue_put_sentinel(struct queue *f, uint64_t timeout)
{
	return queue_put(f, NULL, 0, timeout);
}

/* ---- get ---- */

static long
queue_try_get(struct queue *f, void *buf, size_t size)
{
	/* What was put before the queue was closed is seen after this. */
	bool closed = atomic_load(&f->closed) != 0;
	long got = queue_pop(f, self_id(), buf, size);

	if (got == -EAGAIN)
		return closed ? -EPIPE : got;
	if (got == -EMSGSIZE)
		return got;
	queue_wake_putter(f);
	queue_wake_joiners(f);
	return got;
}

/* -EAGAIN: step mode is over. */
static long
queue_get_stepped(struct queue *f, void *buf, size_t size, uint64_t timeout)
{
	long got = -EAGAIN;

	while (got == -EAGAIN && queue_is_stepped(f)) {
		enum gate_pass pass = queue_stand(
		    f, POINT_GET, STATE_WAIT_QUEUE, queue_may_get, timeout);
		if (pass == GATE_GRANTED)
			got = queue_try_get(f, buf, size);
		if (pass == GATE_TIMED_OUT ||
		    (pass == GATE_GRANTED && got == -EAGAIN && timeout == 0))
			got = -ETIMEDOUT;
	}
	return got;
}

static long
queue_get_slowly(struct queue *f, void *buf, size_t size, uint64_t timeout)
{
	struct wait w = {.queue = f,
	    .ready = queue_ready,
	    .wake = &f->getters,
	    .spinner = &f->spinner,
	    .state = STATE_WAIT_QUEUE};
	uint64_t seen = atomic_load(&f->head);
	bool naps = false;
	long got;

	queue_wait_begin(&w, timeout);
	do {
		got = queue_get_stepped(f, buf, size, timeout);
		if (got != -EAGAIN)
			break;
		if (!naps && queue_wait_spin(&w) &&
		    (got = queue_try_get(f, buf, size)) != -EAGAIN)
			break;
		uint32_t key = eventcount_prepare(w.wake);
		if ((got = queue_try_get(f, buf, size)) != -EAGAIN)
			break;
		uint64_t head = atomic_load(&f->head);
		bool others = head != seen;
		seen = head;
		if (naps && !others) {
			/* Look again: meanwhile no putter woke a getter. */
			atomic_store(&f->napper, 0);
			naps = false;
			continue;
		}
		naps = naps || (others && queue_become(&f->napper, self_id()));
		if (!queue_wait_sleep(&w, key, naps ? NAP : RELOOK))
			got = -ETIMEDOUT;
		else
			got = queue_try_get(f, buf, size);
	} while (got == -EAGAIN);
	if (naps)
		atomic_store(&f->napper, 0);
	if (queue_ready(f))
		queue_wake_getter(f);
	queue_wait_end(&w);
	return got;
}

long
queue_get(struct queue *f, void *buf, size_t size, uint64_t timeout)
{
	long got = queue_get_stepped(f, buf, size, timeout);

	if (got == -EAGAIN)
		got = queue_try_get(f, buf, size);
	if (got != -EAGAIN)
		return got;
	return timeout == 0 ? -ETIMEDOUT
			    : queue_get_slowly(f, buf, size, timeout);
}

/* ---- done, join, close ---- */

int
queue_done(struct queue *f)
{
	if (queue_is_stepped(f))
		queue_stand(f, POINT_DONE, STATE_RUNNING, NULL, FOREVER);
	int err = queue_mark(f, self_id());

	if (err != 0)
		return err;
	queue_wake_putter(f);
	queue_wake_joiners(f);
	return 0;
}

int
queue_join(struct queue *f, uint64_t timeout)
{
	const struct self_wait wait = {.op = POINT_JOIN,
	    .thing = THING_QUEUE,
	    .object = f->number,
	    .state = STATE_WAIT_JOIN,
	    .timeout = timeout,
	    .ready = queue_is_joined,
	    .arg = f,
	    .wake = &f->joiners};

	return self_wait(&wait) ? 0 : -ETIMEDOUT;
}

void
queue_close(struct queue *f)
{
	atomic_store(&f->closed, 1);
	eventcount_all(&f->getters);
	eventcount_all(&f->putters);
}
