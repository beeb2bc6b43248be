/* worker: a worker process of the pipeline. */
#include "pipeline/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/util_priv.h"
#include "lockstep/util.h"
#include "pipeline/task.h"
#include "pipeline/thread_pool.h"
#include "program/process.h"
#include "slot/trace.h"

#define GET_WAIT   NSEC_PER_SEC
#define BATCH_LOW  (NSEC_PER_MSEC / 2) /* below: take twice as many */
#define BATCH_HIGH (2 * NSEC_PER_MSEC) /* above: take fewer */

struct worker {
	struct shared *shared;
	struct worker_slot *slot;
	unsigned number; /* of the slot */
	struct thread_slot *tslot;
	struct pool *pool;
	struct task *tasks; /* one per pool thread */
	unsigned asked;     /* threads requested of the pool */

	unsigned batch;                   /* items to take at a time */
	uint32_t items[ITEM_QUEUE_BATCH]; /* the current batch */
	uint32_t ends[ITEM_QUEUE_BATCH];  /* tickets up to and with item i */
	unsigned nitems;                  /* in the batch */
	unsigned first, limit;            /* the current range of items */
};

/* The item of the batch to which a ticket belongs. */
static unsigned
worker_find_item(const struct worker *w, const struct task *t, uint32_t ticket)
{
	unsigned i = t->place;

	if (i < w->first || i >= w->limit ||
	    (i > w->first && ticket < w->ends[i - 1]))
		i = w->first;
	while (i + 1 < w->limit && ticket >= w->ends[i])
		i++;
	return i;
}

static bool
worker_run_task(void *arg, unsigned thread, uint32_t ticket)
{
	struct worker *w = arg;
	struct task *t = &w->tasks[thread];
	struct thread_slot *r = t->adder.tslot;
	unsigned i = worker_find_item(w, t, ticket);
	struct item *item = &w->shared->item_queue->items[w->items[i]];

	if (!gate_pass(&w->shared->gate, r))
		return false;
	t->place = i;
	t->item = item->number;
	t->n = item->n;
	t->cookie = item->cookie;
	t->index = i == w->first ? ticket : ticket - w->ends[i - 1];
	atomic_store_explicit(&item->begun, 1, RELAXED);
	atomic_store_explicit(&r->item, t->item, RELAXED);
	atomic_store_explicit(&r->task, t->index + 1, RELAXED);
	if (t->gil != NULL)
		gil_enter(t->gil, r);
	slot_state(r, STATE_RUNNING);
	trace(r, TRACE_TASK, 0, t->index + 1);
	w->shared->params->demo->task(t);
	if (t->gil != NULL)
		gil_drop(t->gil);
	if (t->over)
		return false;
	SLOT_BUMP(r->tasks, 1);
	trace(r, TRACE_TASK_END, 0, t->index + 1);
	return true;
}

static const char *
worker_thread_name(void *arg, unsigned thread, char buf[16])
{
	const struct worker *w = arg;

	snprintf(buf, 16, "pool-%u.%u", w->number, thread);
	return buf;
}

static const struct pool_ops pool_ops = {
    .run = worker_run_task,
    .name = worker_thread_name,
};

/* Have as many threads as requested; do not retry one that cannot start. */
static void
worker_adjust_threads(struct worker *w)
{
	unsigned asked = atomic_load(&w->shared->threads);

	if (asked == w->asked && !pool_left(w->pool))
		return;
	w->asked = asked;
	unsigned have = pool_resize(w->pool, asked);
	if (have < asked)
		atomic_store(&w->slot->error, errno);
	atomic_store(&w->slot->threads, have);
}

/* For pool_run(): the dispatcher looks around while its tasks run. */
static bool
worker_poll_changes(void *arg)
{
	struct worker *w = arg;

	worker_adjust_threads(w);
	return !gate_stopped(&w->shared->gate);
}

static void
worker_show_item(struct worker *w, unsigned i)
{
	const struct item *item = &w->shared->item_queue->items[w->items[i]];

	atomic_store(&w->slot->item_n, item->n);
	atomic_store(&w->slot->cookie, item->cookie);
	atomic_store(&w->slot->item, item->number);
	atomic_store_explicit(&w->tslot->item, item->number, RELAXED);
}

/* Run the tasks of the items from `first`, as many as fit into a range. */
static bool
worker_run_range(struct worker *w)
{
	uint32_t tickets = 0;
	unsigned i = w->first;

	for (; i < w->nitems; i++) {
		uint32_t n = w->shared->item_queue->items[w->items[i]].n;

		if (i > w->first && n > POOL_MAX_TICKETS - tickets)
			break;
		tickets += n;
		w->ends[i] = tickets;
	}
	w->limit = i;
	slot_state_at(w->tslot, STATE_WAIT_POOL, now_ns());
	return pool_run(w->pool, tickets, worker_poll_changes);
}

/* Do the items' own work, run all their tasks, then mark the items done. */
static bool
worker_run_items(struct worker *w)
{
	const struct work *work = &w->shared->params->item_work;

	for (unsigned i = 0; i < w->nitems; i++) {
		worker_show_item(w, i);
		trace(w->tslot, TRACE_GET, 0, atomic_load(&w->slot->item));
		if (work->kind == WORK_NONE)
			continue;
		atomic_store(
		    &w->shared->item_queue->items[w->items[i]].begun, 1);
		slot_state(w->tslot, STATE_RUNNING);
		if (!work_do(NULL, &w->shared->gate, w->tslot, work))
			return false;
	}
	for (w->first = 0; w->first < w->nitems; w->first = w->limit)
		if (!worker_run_range(w))
			return false;
	gate_point(
	    &w->shared->gate, w->tslot, POINT_DONE, THING_ITEM_QUEUE, 0, 0);
	CRASH_POINT("worker-before-done");
	if (!item_queue_done(
		w->shared->item_queue, w->number, w->items, w->nitems))
		fatal("worker-%u: marked an item that it does not hold",
		    w->number);
	SLOT_BUMP(w->slot->items, w->nitems);
	trace(w->tslot, TRACE_DONE, 0, atomic_load(&w->slot->item));
	return true;
}

unsigned
worker_batch(unsigned batch, unsigned got, uint64_t took)
{
	if (took < BATCH_LOW && got == batch)
		return batch < ITEM_QUEUE_BATCH / 2 ? batch * 2
						    : ITEM_QUEUE_BATCH;
	if (took > BATCH_HIGH)
		batch = (unsigned)(batch * NSEC_PER_MSEC / took);
	return batch > 0 ? batch : 1;
}

static void
worker_adapt_batch(struct worker *w, uint64_t took)
{
	if (w->shared->params->item_work.kind == WORK_NONE)
		w->batch = worker_batch(w->batch, w->nitems, took);
}

static int
worker_get_items(struct worker *w, unsigned most)
{
	unsigned workers = atomic_load_explicit(&w->shared->workers, RELAXED);

	return item_queue_get(
	    w->shared->item_queue, w->number, workers, w->items, most);
}

/* Does something other than an item need attention? */
static bool
worker_called_away(const struct worker *w)
{
	return atomic_load(&w->shared->gate.closed) != 0 ||
	    atomic_load(&w->slot->retire) != 0 ||
	    atomic_load(&w->shared->threads) != w->asked;
}

static void
worker_show_waiting(struct worker *w)
{
	atomic_store(&w->slot->item, 0);
	atomic_store(&w->slot->held, 0);
	slot_state(w->tslot, STATE_WAIT_QUEUE);
}

/* Items, 0 after a wait, or -EPIPE. */
static int
worker_wait_items(struct worker *w)
{
	worker_show_waiting(w);
	uint32_t key = item_queue_prepare(w->shared->item_queue);
	int k = worker_get_items(w, w->batch);
	if (k == 0 && !worker_called_away(w))
		item_queue_wait(w->shared->item_queue, key, GET_WAIT);
	return k;
}

static bool
worker_may_get(const void *arg)
{
	const struct worker *w = arg;

	return atomic_load(&w->slot->retire) != 0 ||
	    item_queue_has(w->shared->item_queue);
}

/* One item, if granted; 0: look around and call again; or -EPIPE. */
static int
worker_get_stepped(struct worker *w)
{
	const struct gate_point at = {.op = POINT_GET,
	    .thing = THING_ITEM_QUEUE,
	    .ready = worker_may_get,
	    .arg = w};

	worker_show_waiting(w);
	enum gate_pass pass = gate_stand(&w->shared->gate, w->tslot, &at);
	slot_state(w->tslot, STATE_RUNNING);
	if (pass != GATE_GRANTED || atomic_load(&w->slot->retire) != 0)
		return 0;
	return worker_get_items(w, 1);
}

/* Items, 0 after a wait, or -EPIPE. */
static int
worker_next_items(struct worker *w)
{
	if (gate_stepped(&w->shared->gate))
		return worker_get_stepped(w);
	int k = worker_get_items(w, w->batch);
	return k != 0 ? k : worker_wait_items(w);
}

static void
worker_serve(struct worker *w)
{
	for (;;) {
		worker_adjust_threads(w);
		if (!gate_pass(&w->shared->gate, w->tslot) ||
		    atomic_load(&w->slot->retire) != 0)
			return;
		int k = worker_next_items(w);
		if (k < 0)
			return;
		if (k == 0)
			continue;
		w->nitems = (unsigned)k;
		atomic_store(&w->slot->held, w->nitems);
		uint64_t start = now_ns();
		if (!worker_run_items(w))
			return;
		worker_adapt_batch(w, now_ns() - start);
	}
}

static void
worker_prepare_process(const struct worker *w, pid_t parent)
{
	char name[16];

	process_enter(parent);
	snprintf(name, sizeof name, "worker-%u", w->number);
	pthread_setname_np(pthread_self(), name);
	setproctitle(
	    "worker-%u (%s)", w->number, w->shared->params->demo->name);
}

static int
worker_prepare_pool(struct worker *w)
{
	unsigned max = w->shared->stride - 1;

	struct gil *gil = w->slot->gil.interval != 0 ? &w->slot->gil : NULL;

	w->tasks = calloc(max, sizeof(struct task));
	if (w->tasks == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < max; i++)
		w->tasks[i] = (struct task){.params = w->shared->params,
		    .slot = w->slot,
		    .gil = gil,
		    .adder = {.cell = shared_cell(w->shared, w->number),
			.control = &w->shared->sum,
			.gate = &w->shared->gate,
			.tslot = shared_tslot(w->shared, w->number, i + 1),
			.gil = gil}};
	w->pool = pool_new(&pool_ops, w,
	    &(struct pool_place){.gate = &w->shared->gate,
		.dispatcher = w->tslot,
		.tslots = shared_tslot(w->shared, w->number, 1),
		.max = max,
		.bell = &w->slot->bell,
		.idle = &w->slot->idle});
	return w->pool == NULL ? -ENOMEM : 0;
}

void
worker_main(
    struct shared *s, unsigned slot, pid_t parent, const struct child *c)
{
	static struct worker w; /* too large for a stack */
	char name[16];

	(void)c;
	w = (struct worker){.shared = s, .number = slot, .batch = 1};
	w.slot = &s->slots[slot];
	w.slot->gil.interval = atomic_load(&s->gil);
	w.tslot = shared_tslot(s, slot, 0);
	worker_prepare_process(&w, parent);
	snprintf(name, sizeof name, "worker-%u", slot);
	slot_begin(w.tslot, gettid(), name);
	if (worker_prepare_pool(&w) != 0)
		_exit(WORKER_EXIT_THREADS);
	worker_adjust_threads(&w);
	if (atomic_load(&w.slot->threads) == 0)
		_exit(WORKER_EXIT_THREADS);
	pool_ready(w.pool);
	atomic_store(&w.slot->ready, 1);
	item_queue_bell(s->item_queue);
	worker_serve(&w);
	atomic_store(&w.slot->threads, 0); /* from now on expect none here */
	pool_stop(w.pool);
	gate_leave(&s->gate, w.tslot);
	_exit(0);
}
