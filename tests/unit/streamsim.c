/*
 * streamsim: a pipeline in slow motion, without threads: every tick, each
 * thread takes one step, and what changed becomes frames. Its ledger is exact
 * by construction, so a model that disagrees is wrong.
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "streamgen.h"

#define SUPERVISOR 4120
#define REPLACE    5 /* ticks until a killed worker is replaced */
#define CAPACITY   64

struct thread {
	struct frame_thread now;
	int32_t tid;
	unsigned left; /* ticks until the step is over */
	uint64_t since;
	int64_t seen;
	bool dirty;
};

struct worker {
	struct frame_proc now;
	int32_t pid;
	unsigned left;    /* item work, or until replaced */
	unsigned untaken; /* tasks that no thread has taken */
	unsigned open;    /* tasks not done */
	bool dirty;
	struct thread *thread; /* [0] is the main thread */
};

struct sim {
	struct streamgen *g;
	const struct streamgen_run *r;
	struct worker *worker; /* [0] is the supervisor */
	unsigned tick, births;
	uint32_t next_item, again; /* `again`: the one put back, or 0 */
	struct frame_item_queue item_queue;
	struct frame_sum sum;
	struct frame_lock lock;
	struct frame_control control;
	uint64_t tasks;
	struct {
		struct frame_item_queue item_queue;
		struct frame_sum sum;
		struct frame_lock lock;
		struct frame_control control;
	} sent;
};

static void
state(struct sim *s, struct thread *t, enum frame_state now)
{
	if (t->now.state != now)
		t->since = s->g->ns;
	t->now.state = (uint8_t)now;
	t->dirty = true;
}

static struct frame *
trace(struct sim *s, const struct worker *w, const struct thread *t,
    enum frame_trace_op op, int64_t value)
{
	static struct frame unused;

	if (!s->r->traces)
		return &unused;

	struct frame *f = streamgen_add(s->g, FRAME_TRACE);

	f->pid = w->pid;
	f->tid = t->tid;
	f->trace = (struct frame_trace){.op = (uint16_t)op,
	    .slot = w->now.slot,
	    .index = t->now.index,
	    .item = w->now.item,
	    .task = t->now.task,
	    .value = value};
	return f;
}

static void
born(struct sim *s, unsigned slot)
{
	struct worker *w = &s->worker[slot];
	unsigned threads = slot == 0 ? 0 : s->r->threads;

	w->pid = SUPERVISOR + (int32_t)(s->births * (s->r->threads + 1));
	if (slot == 0)
		w->pid = SUPERVISOR;
	w->now = (struct frame_proc){.slot = (uint16_t)slot,
	    .threads = (uint16_t)threads,
	    .state = STATE_RUNNING,
	    .ppid = slot == 0 ? 2048 : SUPERVISOR,
	    .serial = ++s->births};
	w->dirty = true;
	w->left = w->untaken = w->open = 0;
	memset(w->thread, 0, (s->r->threads + 1) * sizeof *w->thread);
	for (unsigned i = 0; i <= threads; i++) {
		struct thread *t = &w->thread[i];

		t->tid = w->pid + (int32_t)i;
		t->now.slot = (uint16_t)slot;
		t->now.index = (uint16_t)i;
		state(s, t, STATE_STARTING);
	}
}

static void
say(struct sim *s, const char *what, unsigned slot)
{
	char line[200];

	snprintf(line, sizeof line, "%s: worker-%u, pid %d", what, slot,
	    s->worker[slot].pid);
	streamgen_text(s->g, TEXT_LOG, 0, line);
}

/* The sum that this worker's threads see. */
static int64_t *
cell(struct sim *s, struct worker *w)
{
	return s->r->sum_mode == SUM_PRIVATE ? &w->now.sum : &s->sum.sum;
}

static void
store(struct sim *s, struct worker *w, struct thread *t)
{
	int64_t *sum = cell(s, w), n = w->now.item_n, over = *sum - t->seen;

	trace(s, w, t, TRACE_STORE, t->seen + n)->trace.seen = t->seen;
	if (over != 0) {
		s->sum.lost += over;
		s->sum.lost_updates++;
		t->now.lost += over;
		trace(s, w, t, TRACE_LOST, over);
	}
	*sum = t->seen + n;
	if (s->r->sum_mode == SUM_SHARED)
		w->now.sum += n;
	s->sum.expected += n;
	t->now.adds++;
	if (s->lock.holder == t->tid) {
		trace(s, w, t, TRACE_UNLOCK, 0);
		s->lock.holder = 0;
	}
}

static void
task_done(struct sim *s, struct worker *w, struct thread *t)
{
	store(s, w, t);
	trace(s, w, t, TRACE_TASK_END, 0);
	t->now.tasks++;
	t->now.task = 0;
	s->tasks++;
	w->open--;
	w->dirty = true;
	state(s, t, STATE_WAIT_TASK);
}

static void
enter(struct sim *s, struct worker *w, struct thread *t)
{
	if (s->lock.kind != 0 && s->r->window > 0) {
		t->now.owner = s->lock.holder;
		if (s->lock.holder != 0) {
			s->lock.contended += t->now.state == STATE_SLEEPING;
			state(s, t, STATE_WAIT_LOCK);
			return;
		}
		s->lock.holder = t->tid;
		s->lock.acquired++;
		trace(s, w, t, TRACE_LOCK, 0);
	}
	t->now.owner = 0;
	t->seen = *cell(s, w);
	trace(s, w, t, TRACE_LOAD, 0)->trace.seen = t->seen;
	t->left = s->r->window;
	if (t->left == 0)
		task_done(s, w, t);
	else
		state(s, t, STATE_WINDOW);
}

static void
step_thread(struct sim *s, struct worker *w, struct thread *t)
{
	switch ((enum frame_state)t->now.state) {
	case STATE_STARTING:
		state(s, t, STATE_WAIT_TASK);
		break;
	case STATE_WAIT_TASK:
		if (w->untaken == 0)
			break;
		t->now.task = (uint16_t)(w->now.item_n - w->untaken-- + 1);
		t->left = s->r->task_work;
		trace(s, w, t, TRACE_TASK, 0);
		state(s, t, STATE_SLEEPING);
		break;
	case STATE_SLEEPING:
		if (--t->left == 0)
			enter(s, w, t);
		break;
	case STATE_WAIT_LOCK:
		enter(s, w, t);
		break;
	case STATE_WINDOW:
		if (--t->left == 0)
			task_done(s, w, t);
		break;
	default:
		break;
	}
}

static void
get(struct sim *s, struct worker *w, struct thread *t)
{
	uint32_t item = s->again;

	if (s->item_queue.queued == 0)
		return;
	s->again = 0;
	if (item == 0)
		item = s->next_item++;
	s->item_queue.queued--;
	s->item_queue.in_flight++;
	w->now.item = item;
	w->now.item_n = s->r->n ? s->r->n : (item - 1) % 5 + 1;
	w->now.held = 1;
	w->left = s->r->item_work;
	w->dirty = true;
	trace(s, w, t, TRACE_GET, item);
	state(s, t, STATE_SLEEPING);
}

static void
item_done(struct sim *s, struct worker *w, struct thread *t)
{
	trace(s, w, t, TRACE_DONE, w->now.item);
	s->item_queue.in_flight--;
	s->item_queue.done++;
	w->now.items++;
	w->now.item = w->now.item_n = w->now.held = 0;
	w->dirty = true;
	state(s, t, STATE_WAIT_QUEUE);
}

static void
step_dispatcher(struct sim *s, struct worker *w, struct thread *t)
{
	switch ((enum frame_state)t->now.state) {
	case STATE_STARTING:
		state(s, t, STATE_WAIT_QUEUE);
		break;
	case STATE_WAIT_QUEUE:
		get(s, w, t);
		break;
	case STATE_SLEEPING:
		if (--w->left > 0)
			break;
		w->untaken = w->open = w->now.item_n;
		state(s, t, STATE_WAIT_POOL);
		break;
	case STATE_WAIT_POOL:
		if (w->open == 0)
			item_done(s, w, t);
		break;
	default:
		break;
	}
}

static void
gone(struct sim *s, struct worker *w, enum frame_ended how, unsigned code)
{
	enum frame_state last =
	    how == ENDED_SIGNAL ? STATE_KILLED : STATE_EXITED;

	w->now.state = (uint8_t)last;
	w->now.ended = (uint8_t)how;
	w->now.code = (uint16_t)code;
	w->dirty = true;
	for (unsigned i = 0; i <= s->r->threads; i++) {
		if (w->thread[i].tid != 0 && s->lock.holder == w->thread[i].tid)
			s->lock.holder = 0;
		state(s, &w->thread[i], last);
	}
}

static void
kill_worker(struct sim *s, unsigned slot)
{
	struct worker *w = &s->worker[slot];

	gone(s, w, ENDED_SIGNAL, SIGKILL);
	w->left = REPLACE;
	say(s, "killed by SIGKILL", slot);
	if (w->now.item == 0)
		return;
	s->again = w->now.item;
	s->item_queue.in_flight--;
	s->item_queue.queued++;
	s->item_queue.requeued++;
	say(s, "item goes back", slot);
}

static void
step_worker(struct sim *s, unsigned slot)
{
	struct worker *w = &s->worker[slot];

	if (w->now.ended != ENDED_NOT) {
		if (--w->left > 0)
			return;
		born(s, slot);
		say(s, "replaced", slot);
		return;
	}
	step_dispatcher(s, w, &w->thread[0]);
	for (unsigned i = 1; i <= s->r->threads; i++)
		step_thread(s, w, &w->thread[i]);
}

static void
feed(struct sim *s)
{
	while (s->item_queue.put < s->r->items &&
	    s->item_queue.queued < CAPACITY) {
		s->item_queue.put++;
		s->item_queue.queued++;
		trace(s, &s->worker[0], &s->worker[0].thread[0], TRACE_PUT,
		    (int64_t)s->item_queue.put);
	}
}

static void
switch_lock(struct sim *s, unsigned kind)
{
	s->lock.kind = s->lock.wanted = (uint16_t)kind;
	s->lock.switches++;
	s->control.lock = (uint8_t)kind;
	s->control.ack++;
	streamgen_text(s->g, TEXT_LOG, 0,
	    kind == 0 ? "lock none (was mutex)" : "lock mutex (was none)");
}

static void
send_worker(struct sim *s, struct worker *w)
{
	if (w->dirty) {
		struct frame *f = streamgen_add(s->g, FRAME_PROC);

		f->pid = f->tid = w->pid;
		f->proc = w->now;
		w->dirty = false;
	}
	for (unsigned i = 0; i <= s->r->threads; i++) {
		struct thread *t = &w->thread[i];

		if (!t->dirty || t->tid == 0)
			continue;

		struct frame *f = streamgen_add(s->g, FRAME_THREAD);

		f->pid = w->pid;
		f->tid = t->tid;
		f->thread = t->now;
		f->thread.since_us = (uint32_t)((f->ns - t->since) / 1000);
		t->dirty = false;
	}
}

/* Only what changed. */
static void
send(struct sim *s, enum frame_type type, const void *now, void *sent,
    size_t size)
{
	if (memcmp(now, sent, size) == 0)
		return;
	memcpy(streamgen_add(s->g, type)->bytes, now, size);
	memcpy(sent, now, size);
}

static void
send_all(struct sim *s)
{
	s->sum.adding = s->lock.waiters = 0;
	for (unsigned i = 1; i <= s->r->processes; i++) {
		const struct thread *t = s->worker[i].thread;

		for (unsigned j = 1; j <= s->r->threads; j++) {
			s->sum.adding += t[j].now.state == STATE_WINDOW;
			s->lock.waiters += t[j].now.state == STATE_WAIT_LOCK;
		}
	}
	for (unsigned i = 0; i <= s->r->processes; i++)
		send_worker(s, &s->worker[i]);
	send(s, FRAME_ITEM_QUEUE, &s->item_queue, &s->sent.item_queue,
	    sizeof s->item_queue);
	send(s, FRAME_SUM, &s->sum, &s->sent.sum, sizeof s->sum);
	send(s, FRAME_LOCK, &s->lock, &s->sent.lock, sizeof s->lock);
	send(
	    s, FRAME_CONTROL, &s->control, &s->sent.control, sizeof s->control);
}

static void
start(struct sim *s)
{
	const struct streamgen_run *r = s->r;
	unsigned kind = r->lock_off_at_first ? 0 : 1;

	streamgen_hello(s->g, r->demo, r->processes, r->threads);
	s->item_queue.total = r->items;
	s->item_queue.capacity = CAPACITY;
	s->lock.kind = s->lock.wanted = (uint16_t)kind;
	s->control = (struct frame_control){.window = r->window * 20000000ULL,
	    .start = s->g->ns,
	    .speed = 1000,
	    .processes = (uint16_t)r->processes,
	    .threads = (uint16_t)r->threads,
	    .lock = (uint8_t)kind,
	    .lock_other = 1,
	    .phase = PHASE_STARTING,
	    .sum_mode = (uint8_t)r->sum_mode,
	    .barrier = 1};
	for (unsigned i = 0; i <= r->processes; i++)
		born(s, i);
	streamgen_names(s->g, r);
	streamgen_text(s->g, TEXT_LOG, 0, "started");
	send_all(s);
}

static void
tick(struct sim *s)
{
	const struct streamgen_run *r = s->r;

	s->g->ns = s->control.start + ++s->tick * STREAMGEN_TICK;
	s->control.phase =
	    s->item_queue.put == r->items ? PHASE_DRAINING : PHASE_RUNNING;
	s->control.barrier = 0;
	if (r->lock_off != 0 && s->tick == r->lock_off)
		switch_lock(s, 0);
	if (r->lock_on != 0 && s->tick == r->lock_on)
		switch_lock(s, 1);
	if (r->kill_at != 0 && s->tick == r->kill_at)
		kill_worker(s, r->kill_slot);
	feed(s);
	for (unsigned i = 1; i <= r->processes; i++)
		step_worker(s, i);
	send_all(s);
}

static void
finish(struct sim *s)
{
	for (unsigned i = 1; i <= s->r->processes; i++)
		gone(s, &s->worker[i], ENDED_EXIT, 0);
	s->control.phase = PHASE_DONE;
	streamgen_text(s->g, TEXT_LOG, 0, "every worker is reaped");
	send_all(s);
	streamgen_add(s->g, FRAME_BYE)->bye =
	    (struct frame_bye){.elapsed = s->g->ns - s->control.start,
		.tasks = s->tasks,
		.outcome = OUTCOME_DONE};
}

void
streamgen_run(struct streamgen *g, const struct streamgen_run *r)
{
	struct sim s = {.g = g, .r = r, .next_item = 1};

	s.worker = calloc(r->processes + 1, sizeof *s.worker);
	for (unsigned i = 0; s.worker != NULL && i <= r->processes; i++) {
		s.worker[i].thread =
		    calloc(r->threads + 1, sizeof *s.worker[i].thread);
		if (s.worker[i].thread == NULL)
			errx(3, "streamgen: no memory");
	}
	start(&s);
	while (s.item_queue.done + s.item_queue.poisoned < r->items &&
	    (r->until == 0 || s.tick < r->until))
		tick(&s);
	if (s.item_queue.done + s.item_queue.poisoned == r->items)
		finish(&s);
	for (unsigned i = 0; i <= r->processes; i++)
		free(s.worker[i].thread);
	free(s.worker);
}
