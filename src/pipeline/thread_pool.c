/* thread_pool: the named threads of one worker. */
#include "pipeline/thread_pool.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/fault.h"
#include "lockstep/util.h"

#define STACK_SIZE (256 * 1024)
#define IDLE_WAIT  (60 * NSEC_PER_SEC)
#define QUICK_NS   (5 * NSEC_PER_USEC) /* a task up to here is quick */
#define LONG_NS    (2 * NSEC_PER_MSEC) /* a range longer than this wakes all */

struct pool_thread {
	struct pool *pool;
	unsigned index;
	pthread_t thread;
	bool started;
	_Atomic bool gone; /* has left; must be joined */
};

struct pool {
	const struct pool_ops *ops;
	void *arg;
	struct gate *gate;
	struct thread_slot *tslots, *dispatcher;
	unsigned max;
	unsigned cores;
	struct pool_thread *threads;
	_Atomic uint32_t wanted; /* threads; those from this index on leave */

	/* epoch << 48 | next << 24 | end; see pool_claim(). */
	_Alignas(ARENA_LINE) _Atomic uint64_t range;
	_Alignas(ARENA_LINE) _Atomic uint32_t finished; /* tickets */
	_Atomic uint32_t awake;  /* threads that are not asleep */
	_Atomic uint32_t limit;  /* of `awake` */
	_Atomic bool over;       /* the run is over: see pool_ops.run */
	_Atomic bool left;       /* some thread has left */
	_Atomic bool waking;     /* a thread was woken and is not awake yet */
	struct eventcount *idle; /* threads without a ticket sleep on it */
	struct eventcount *bell; /* the dispatcher sleeps on it */
	bool quick;              /* dispatcher: the last range was quick */
};

#define TICKET_BITS 24
#define TICKET_MASK ((UINT64_C(1) << TICKET_BITS) - 1)

static uint32_t
pool_range_end(uint64_t range)
{
	return (uint32_t)(range & TICKET_MASK);
}

static uint32_t
pool_range_next(uint64_t range)
{
	return (uint32_t)(range >> TICKET_BITS & TICKET_MASK);
}

static bool
pool_range_empty(uint64_t range)
{
	return pool_range_next(range) >= pool_range_end(range);
}

/*
 * Claim the next ticket. The epoch makes a claim on a finished range fail, even
 * if the current range has the same numbers.
 */
static bool
pool_claim(struct pool *p, uint32_t *ticket, bool *more)
{
	uint64_t range = atomic_load_explicit(&p->range, memory_order_acquire);

	while (!pool_range_empty(range)) {
		uint64_t after = range + (UINT64_C(1) << TICKET_BITS);

		if (!atomic_compare_exchange_weak_explicit(&p->range, &range,
			after, memory_order_acquire, memory_order_acquire))
			continue;
		*ticket = pool_range_next(range);
		*more = !pool_range_empty(after);
		return true;
	}
	return false;
}

static void
pool_wake_another(struct pool *p)
{
	bool no = false;

	if (!eventcount_sleepers(p->idle) ||
	    atomic_load(&p->awake) >= atomic_load(&p->limit))
		return;
	if (atomic_compare_exchange_strong(&p->waking, &no, true) &&
	    eventcount_some(p->idle, 1) == 0)
		atomic_store(&p->waking, false);
}

static bool
pool_unwanted(const struct pool_thread *t)
{
	return t->index >= atomic_load_explicit(&t->pool->wanted, RELAXED);
}

static bool
pool_task_ready(const void *arg)
{
	const struct pool_thread *t = arg;

	return !pool_range_empty(atomic_load(&t->pool->range)) ||
	    pool_unwanted(t);
}

/* In step mode, stand before the next ticket. */
static void
pool_stand_for_task(struct pool_thread *t)
{
	struct pool *p = t->pool;
	struct thread_slot *r = &p->tslots[t->index];

	if (!gate_stepped(p->gate))
		return;
	slot_state(r, STATE_WAIT_TASK);
	gate_stand(p->gate, r,
	    &(struct gate_point){.op = POINT_TASK,
		.thing = THING_ITEM_QUEUE,
		.ready = pool_task_ready,
		.arg = t});
}

/* Run tickets until none is left; in step mode, one. False: leave. */
static bool
pool_run_tickets(struct pool_thread *t)
{
	struct pool *p = t->pool;
	uint32_t ticket, ran = 0;
	bool more, on = true;

	while (on && !pool_unwanted(t) && pool_claim(p, &ticket, &more)) {
		if (more)
			pool_wake_another(p);
		on = p->ops->run(p->arg, t->index, ticket);
		ran++;
		if (gate_stepped(p->gate))
			break;
	}
	if (!on)
		atomic_store(&p->over, true);
	if (ran > 0) {
		/* The range may be replaced as soon as this is counted. */
		uint32_t end = pool_range_end(atomic_load(&p->range));
		if (atomic_fetch_add(&p->finished, ran) + ran >= end)
			eventcount_all(p->bell);
	}
	return on && !pool_unwanted(t);
}

static void
pool_sleep_idle(struct pool_thread *t)
{
	struct pool *p = t->pool;
	uint32_t key = eventcount_prepare(p->idle);

	if (pool_task_ready(t) || gate_stepped(p->gate))
		return;
	slot_state(&p->tslots[t->index], STATE_WAIT_TASK);
	atomic_fetch_sub(&p->awake, 1);
	eventcount_wait(p->idle, key, IDLE_WAIT);
	atomic_fetch_add(&p->awake, 1);
	atomic_store(&p->waking, false);
}

static void *
thread_main(void *arg)
{
	struct pool_thread *t = arg;
	struct pool *p = t->pool;
	struct thread_slot *r = &p->tslots[t->index];
	char buf[16];
	const char *name = p->ops->name(p->arg, t->index, buf);

	pthread_setname_np(pthread_self(), name);
	slot_begin(r, gettid(), name);
	slot_state(r, STATE_WAIT_TASK);
	eventcount_all(p->bell);
	pool_stand_for_task(t);
	while (pool_run_tickets(t)) {
		pool_sleep_idle(t);
		pool_stand_for_task(t);
	}
	atomic_fetch_sub(&p->awake, 1);
	atomic_store(&t->gone, true);
	atomic_store(&p->left, true);
	eventcount_all(p->bell);
	gate_leave(p->gate, r);
	return NULL;
}

struct pool *
pool_new(const struct pool_ops *ops, void *arg, const struct pool_place *at)
{
	size_t size =
	    (sizeof(struct pool) + ARENA_LINE - 1) / ARENA_LINE * ARENA_LINE;
	struct pool *p = aligned_alloc(ARENA_LINE, size);

	if (p == NULL)
		return NULL;
	*p = (struct pool){.ops = ops,
	    .arg = arg,
	    .gate = at->gate,
	    .dispatcher = at->dispatcher,
	    .tslots = at->tslots,
	    .max = at->max,
	    .bell = at->bell,
	    .idle = at->idle};
	p->cores = cpu_count();
	p->threads = calloc(p->max, sizeof *p->threads);
	if (p->threads == NULL) {
		free(p);
		return NULL;
	}
	for (unsigned i = 0; i < p->max; i++) {
		p->threads[i].pool = p;
		p->threads[i].index = i;
	}
	return p;
}

static int
start_thread(struct pool_thread *t)
{
	pthread_attr_t attr;
	int err;

	if (FAULT("pthread_create", EAGAIN))
		return errno;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	atomic_fetch_add(&t->pool->awake, 1);
	atomic_store(&t->gone, false);
	err = pthread_create(&t->thread, &attr, thread_main, t);
	pthread_attr_destroy(&attr);
	if (err != 0)
		atomic_fetch_sub(&t->pool->awake, 1);
	t->started = err == 0;
	return err;
}

/* Join the threads that have left, so that their places can be reused. */
static void
pool_join_gone(struct pool *p)
{
	for (unsigned i = 0; i < p->max; i++) {
		struct pool_thread *t = &p->threads[i];

		if (t->started && atomic_load(&t->gone)) {
			pthread_join(t->thread, NULL);
			t->started = false;
		}
	}
}

unsigned
pool_resize(struct pool *p, unsigned n)
{
	unsigned running = 0;
	int err = 0;

	if (n > p->max)
		n = p->max;
	if (n < atomic_load(&p->wanted)) {
		atomic_store(&p->wanted, n);
		eventcount_all(p->idle);
	}
	pool_join_gone(p);
	for (; running < n; running++) {
		struct pool_thread *t = &p->threads[running];

		/* If it is just leaving, the next call joins it. */
		if (t->started)
			continue;
		if (atomic_load(&p->wanted) <= running)
			atomic_store(&p->wanted, running + 1);
		if ((err = start_thread(t)) != 0)
			break;
	}
	atomic_store(&p->wanted, running);
	errno = err;
	return running;
}

bool
pool_left(struct pool *p)
{
	return atomic_load_explicit(&p->left, RELAXED) &&
	    atomic_exchange(&p->left, false);
}

static bool
pool_all_present(const struct pool *p)
{
	for (unsigned i = 0; i < p->max; i++)
		if (p->threads[i].started &&
		    atomic_load(&p->tslots[i].tid) == 0)
			return false;
	return true;
}

void
pool_ready(struct pool *p)
{
	while (!pool_all_present(p)) {
		uint32_t key = eventcount_prepare(p->bell);
		if (!pool_all_present(p))
			eventcount_wait(p->bell, key, IDLE_WAIT);
	}
}

static bool
pool_all_done(const struct pool *p, uint32_t n)
{
	return atomic_load(&p->finished) >= n;
}

/* The run is over: remove the unclaimed tickets, wait for the others. */
static void
pool_abandon(struct pool *p)
{
	uint64_t range = atomic_load(&p->range);
	uint64_t none;

	do {
		none = range & ~(TICKET_MASK);
		none |= pool_range_next(range);
	} while (!atomic_compare_exchange_weak(&p->range, &range, none));
	while (!pool_all_done(p, pool_range_end(none))) {
		uint32_t key = eventcount_prepare(p->bell);
		if (!pool_all_done(p, pool_range_end(none)))
			eventcount_wait(p->bell, key, LONG_NS);
	}
}

struct range_wait {
	const struct pool *pool;
	uint32_t n;
};

static bool
pool_range_done(const void *arg)
{
	const struct range_wait *w = arg;

	return pool_all_done(w->pool, w->n);
}

/* Wait until the range is done. If it takes long, lift the limit. */
static bool
pool_wait_done(struct pool *p, uint32_t n, bool (*poll)(void *arg))
{
	const struct gate_point at = {.op = POINT_WAIT,
	    .ready = pool_range_done,
	    .arg = &(struct range_wait){.pool = p, .n = n}};
	uint64_t longest = LONG_NS;

	while (!pool_all_done(p, n)) {
		uint32_t key = eventcount_prepare(p->bell);
		if (pool_all_done(p, n))
			break;
		if (!poll(p->arg)) {
			pool_abandon(p);
			return false;
		}
		if (gate_stepped(p->gate)) {
			gate_stand(p->gate, p->dispatcher, &at);
			continue;
		}
		uint64_t start = now_ns();
		eventcount_wait(p->bell, key, longest);
		if (longest == LONG_NS && now_ns() - start >= LONG_NS) {
			atomic_store(&p->limit, UINT_MAX);
			eventcount_all(p->idle);
			longest = IDLE_WAIT;
		}
	}
	return true;
}

bool
pool_run(struct pool *p, uint32_t n, bool (*poll)(void *arg))
{
	uint64_t epoch = (atomic_load(&p->range) >> (2 * TICKET_BITS)) + 1;
	uint64_t start = now_ns();

	if (n == 0)
		return true;
	atomic_store(&p->finished, 0);
	atomic_store(&p->limit, p->quick ? p->cores : UINT_MAX);
	/* Store, then look for sleepers: see pool_sleep_idle(). */
	atomic_store(&p->range, epoch << (2 * TICKET_BITS) | n);
	if (eventcount_sleepers(p->idle))
		pool_wake_another(p);
	bool done = pool_wait_done(p, n, poll);
	p->quick = now_ns() - start < (uint64_t)n * QUICK_NS;
	return done && !atomic_load(&p->over);
}

static bool
pool_all_gone(const void *arg)
{
	const struct pool *p = arg;

	for (unsigned i = 0; i < p->max; i++)
		if (p->threads[i].started && !atomic_load(&p->threads[i].gone))
			return false;
	return true;
}

/*
 * Wait until all threads have left. If step mode begins meanwhile, they leave
 * only step by step, so the dispatcher has to stand at its gate.
 */
static void
pool_wait_gone(struct pool *p)
{
	const struct gate_point at = {
	    .op = POINT_WAIT, .ready = pool_all_gone, .arg = p};

	do {
		uint32_t key = eventcount_prepare(p->bell);

		if (gate_stepped(p->gate)) {
			slot_state(p->dispatcher, STATE_WAIT_THREAD);
			gate_stand(p->gate, p->dispatcher, &at);
		} else if (!pool_all_gone(p)) {
			eventcount_wait(p->bell, key, IDLE_WAIT);
		}
	} while (!pool_all_gone(p));
}

void
pool_stop(struct pool *p)
{
	atomic_store(&p->wanted, 0);
	eventcount_all(p->idle);
	pool_wait_gone(p);
	for (unsigned i = 0; i < p->max; i++)
		if (p->threads[i].started)
			pthread_join(p->threads[i].thread, NULL);
	free(p->threads);
	free(p);
}
