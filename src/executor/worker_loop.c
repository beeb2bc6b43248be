/*
 * worker_loop: the threads that take tasks and run them, and which of them are
 * awake.
 *
 * Wake-ups cost more than anything else here. While tasks are quick, only
 * `limit` threads are kept awake. Every thread sets the limit by the tasks that
 * it has run: 1 if they take less time than to wake a thread, the number of
 * cores if they take longer, and all threads if they may well wait for
 * something. A wrong guess must not leave a task waiting while a thread sleeps.
 * So as long as the limit keeps threads asleep, one of them keeps watch: it
 * looks every 2 ms, and if no task was taken since, it wakes all threads.
 *
 * `crew` counts the threads that are awake and, in its upper half, the deaths
 * of workers. A death restarts the count at 0, and threads that were counted
 * before do not count themselves out. So no thread that died awake stays in the
 * count.
 *
 * In step mode none of this matters: all threads are awake and stand at their
 * gates until there is a task.
 */
#include <limits.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/fault.h"
#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "program/self.h"
#include "slot/trace.h"

#define LOOKS   3                   /* before a sleep */
#define BETWEEN (4 * NSEC_PER_USEC) /* two of these looks */
#define LONG    (3600 * NSEC_PER_SEC)
#define SAMPLE  16                   /* tasks */
#define MOST    14                   /* of a sample */
#define INSTANT 500                  /* ns: less than a wake-up takes */
#define QUICK   (10 * NSEC_PER_USEC) /* too short to have waited */

/* A thread that runs tasks. */
struct serving {
	struct executor *e;
	struct server *server;
	uint32_t id;
	uint32_t epoch; /* deaths, when it was counted in the crew */
	struct cursor pending, again;
	unsigned ran, instant, quick;
	uint64_t last;     /* ns: end of the last task; 0: read the clock */
	struct usage base; /* of the server's earlier threads */
};

static _Thread_local struct serving *serving;

static void
serve_crew_join(struct serving *s)
{
	s->epoch = (uint32_t)(atomic_fetch_add(&s->e->crew, 1) >> 32);
}

static void
serve_crew_leave(struct serving *s)
{
	uint64_t crew = atomic_load(&s->e->crew);

	while ((uint32_t)(crew >> 32) == s->epoch &&
	    !atomic_compare_exchange_weak(&s->e->crew, &crew, crew - 1))
		;
}

static void
serve_wake_one(struct executor *e)
{
	if (eventcount_sleepers(&e->idle) && atomic_load(&e->waking) == 0 &&
	    atomic_exchange(&e->waking, 1) == 0 &&
	    eventcount_some(&e->idle, 1) == 0)
		atomic_store(&e->waking, 0);
}

void
serve_wake(struct executor *e)
{
	uint32_t n = serve_awake(e);

	if (n == 0 ||
	    (n < atomic_load_explicit(&e->limit, RELAXED) &&
		atomic_load_explicit(&e->spinner, RELAXED) == 0))
		serve_wake_one(e);
}

bool
serve_mine(const struct executor *e)
{
	return serving != NULL && serving->e == e;
}

/* ---- one task ---- */

static void
serve_note_begin(struct thread_slot *r, const struct future *f)
{
	atomic_store_explicit(
	    &r->task, atomic_load_explicit(&f->number, RELAXED), RELAXED);
	if (trace_on(r))
		trace_write(r, 0, TRACE_TASK, 0, 0, 0);
}

static void
serve_note_end(struct thread_slot *r)
{
	SLOT_BUMP(r->tasks, 1);
	if (trace_on(r))
		trace_write(r, 0, TRACE_TASK_END, 0, 0, 0);
	atomic_store_explicit(&r->task, 0, RELAXED);
}

static uint32_t
serve_micros(uint64_t from, uint64_t to)
{
	uint64_t us;

	if (to - from < NSEC_PER_USEC || to < from)
		return 0;
	us = (to - from) / NSEC_PER_USEC;
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

uint64_t
serve_run(struct future *f, uint64_t begun)
{
	struct call c = {.future = f, .arg = f->arg, .size = f->size};
	struct thread_slot *r = self != NULL ? self->tslot : NULL;

	atomic_store_explicit(&f->waited,
	    serve_micros(atomic_load_explicit(&f->submitted, RELAXED), begun),
	    RELAXED);
	if (r != NULL)
		serve_note_begin(r, f);
	ORDER_SEEN(executor_of(f));
	int err = f->fn(&c);
	ORDER_MADE(executor_of(f));
	uint64_t ended = executor_now();
	if (r != NULL)
		serve_note_end(r);
	atomic_store_explicit(&f->ran, serve_micros(begun, ended), RELAXED);
	if (err == 0)
		future_finish(f, FUTURE_DONE, c.extra);
	else
		future_fail(f, err < 0 ? -err : err);
	return ended;
}

/* Set how many threads should be awake by how long the last tasks took. */
static void
serve_set_limit(struct serving *s, uint64_t ns)
{
	uint32_t limit = UINT_MAX;

	s->instant += ns < INSTANT;
	s->quick += ns < QUICK;
	if (++s->ran < SAMPLE)
		return;
	if (s->instant >= MOST)
		limit = 1;
	else if (s->quick >= MOST)
		limit = s->e->cores;
	s->ran = s->instant = s->quick = 0;
	if (limit != atomic_load_explicit(&s->e->limit, RELAXED))
		atomic_store(&s->e->limit, limit);
}

static void
serve_task(struct serving *s, struct future *f)
{
	uint64_t begun = s->last != 0 ? s->last : executor_now();

	s->last = serve_run(f, begun);
	atomic_store_explicit(&s->server->hand, NULL, RELAXED);
	serve_set_limit(s, s->last - begun);
}

/* ---- nothing to do ---- */

static void
serve_note_usage(struct serving *s)
{
	struct usage u = self_usage();

	atomic_store_explicit(&s->server->cpu, s->base.cpu + u.cpu, RELAXED);
	atomic_store_explicit(
	    &s->server->voluntary, s->base.voluntary + u.voluntary, RELAXED);
	atomic_store_explicit(&s->server->involuntary,
	    s->base.involuntary + u.involuntary, RELAXED);
}

/* Look for a task a little longer; cheaper than a sleep. One at a time. */
static bool
serve_spin(struct serving *s)
{
	struct executor *e = s->e;
	uint32_t none = 0;
	bool found = false;
	uint64_t end;

	if (e->cores < 2 || self->gil != NULL || self_stepped() ||
	    !atomic_compare_exchange_strong(&e->spinner, &none, s->id))
		return false;
	for (int look = 0; look < LOOKS && !found; look++) {
		/* Each look takes the tail's line away from the submitter. */
		end = now_ns() + BETWEEN;
		do
			for (int i = 0; i < 8; i++)
				cpu_relax(1);
		while (now_ns() < end);
		found = serve_any_pending(e);
	}
	atomic_store(&e->spinner, 0);
	return found;
}

static bool
serve_leaves(const struct executor *e)
{
	return atomic_load(&e->orphan) != 0 ||
	    (atomic_load(&e->closed) != 0 && !serve_any_pending(e));
}

/* Should another thread be awake? There is work, and too few are. */
static bool
serve_too_few(const struct executor *e)
{
	return serve_any_pending(e) && serve_awake(e) < atomic_load(&e->limit);
}

static bool
serve_limited(const struct executor *e)
{
	return atomic_load_explicit(&e->limit, RELAXED) <
	    atomic_load_explicit(&e->nservers, RELAXED);
}

static void
serve_sleep_idle(struct serving *s)
{
	struct executor *e = s->e;
	uint32_t none = 0, key;

	serve_crew_leave(s);
	s->last = 0;
	key = eventcount_prepare(&e->idle);
	if (!serve_too_few(e) && !serve_leaves(e)) {
		serve_note_usage(s);
		self_block(STATE_WAIT_TASK, e->number, 0);
		if (serve_limited(e) &&
		    atomic_compare_exchange_strong(&e->watch, &none, s->id))
			serve_keep_watch(e, key);
		else
			self_doze(&e->idle, key, LONG);
		self_unblock();
	}
	serve_crew_join(s);
	atomic_store(&e->waking, 0);
}

static struct future *
serve_take(struct serving *s)
{
	struct executor *e = s->e;
	struct future *f = NULL;

	if (!pending_empty(&e->again))
		f = pending_take(&e->again, &s->again, &s->server->hand, s->id);
	if (f == NULL)
		f = pending_take(
		    &e->pending, &s->pending, &s->server->hand, s->id);
	return f;
}

/* If more is pending than this thread has taken, wake others. */
static void
serve_call_others(struct serving *s)
{
	struct executor *e = s->e;

	if (s->pending.at < s->pending.tail || s->again.at < s->again.tail)
		serve_wake(e);
	if (serve_limited(e) && atomic_load_explicit(&e->watch, RELAXED) == 0)
		serve_wake_one(e);
}

static bool
serve_too_many(const struct executor *e)
{
	return !self_stepped() &&
	    serve_awake(e) > atomic_load_explicit(&e->limit, RELAXED);
}

static bool
serve_has_task(const void *arg)
{
	struct executor *e = *(struct executor *const *)arg;

	pending_skip(&e->again);
	pending_skip(&e->pending);
	return serve_any_pending(e) || serve_leaves(e);
}

/* Stand until there is a task to take, or until none will come. */
static void
serve_stand(struct executor *e)
{
	self_stand(&(struct self_wait){.op = POINT_TASK,
	    .thing = THING_EXECUTOR,
	    .object = e->number,
	    .state = STATE_WAIT_TASK,
	    .timeout = FOREVER,
	    .ready = serve_has_task,
	    .arg = &e});
}

static void
serve_until_done(struct serving *s)
{
	struct executor *e = s->e;

	serve_crew_join(s);
	while (!atomic_load_explicit(&e->orphan, RELAXED)) {
		struct future *f = NULL;

		self_checkpoint();
		if (self_stepped())
			serve_stand(e);
		if (!serve_too_many(e))
			f = serve_take(s);
		if (f != NULL) {
			serve_call_others(s);
			serve_task(s, f);
			continue;
		}
		s->last = 0;
		if (serve_leaves(e))
			break;
		if (serve_too_many(e) || !serve_spin(s))
			serve_sleep_idle(s);
	}
	serve_crew_leave(s);
	eventcount_all(&e->idle);
}

void
serve_tasks(struct executor *e, unsigned i)
{
	struct server *server = &e->servers[i];
	struct serving s = {.e = e,
	    .server = server,
	    .id = self_id(),
	    .base = {.cpu = atomic_load(&server->cpu),
		.voluntary = atomic_load(&server->voluntary),
		.involuntary = atomic_load(&server->involuntary)}};

	atomic_store_explicit(&self->tslot->item, 0, RELAXED);
	atomic_store(&server->pid, getpid());
	atomic_store(&server->id, s.id);
	serving = &s;
	serve_until_done(&s);
	serving = NULL;
	serve_note_usage(&s);
	atomic_store(&server->hand, NULL);
	atomic_store(&server->id, 0);
}
