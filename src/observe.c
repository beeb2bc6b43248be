/*
 * observe: the supervisor's look at slots, rings, queue and sum, as frames.
 *
 * Some tens of times a second while something changes. Every subject has the
 * frame that was last sent of it; only what differs is sent. Nothing here
 * writes to what it looks at.
 */
#include "pipeline.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lockstep.h"
#include "util.h"

#define LAST_WORD (2 * NSEC_PER_SEC) /* how long BYE waits for its reader */

static unsigned
nrings(const struct pipeline *p)
{
	return (p->shared->nslots - 1) * p->shared->stride;
}

static int32_t
tid_of(const struct pipeline *p, uint32_t id)
{
	if (id == 0 || id > nrings(p))
		return 0;
	return atomic_load(&p->shared->rings[id - 1].tid);
}

static void
push_text(
    struct pipeline *p, enum frame_text kind, uint32_t index, const char *text)
{
	report_text(&p->report, kind, index, getpid(), text);
}

static void
push_param(
    struct pipeline *p, uint32_t *index, const char *name, const char *value)
{
	char line[256];

	snprintf(line, sizeof line, "%s %s", name, value);
	push_text(p, TEXT_PARAM, (*index)++, line);
}

static void
push_params(struct pipeline *p)
{
	const struct params *o = p->params;
	char buf[64];
	uint32_t i = 0;

	snprintf(buf, sizeof buf, "%llu", (unsigned long long)p->total);
	if (p->total > 0)
		push_param(p, &i, "items", buf);
	work_format(buf, sizeof buf, &o->item_work);
	push_param(p, &i, "item-work", buf);
	work_format(buf, sizeof buf, &o->task_work);
	push_param(p, &i, "task-work", buf);
	if (o->demo->adds > 0) {
		snprintf(buf, sizeof buf, "%llu", (unsigned long long)o->adds);
		push_param(p, &i, "adds", buf);
	}
	if (o->duration > 0) {
		format_time(buf, sizeof buf, o->duration);
		push_param(p, &i, "duration", buf);
	}
	for (unsigned d = 0; d < o->ndirs && d < 4; d++)
		push_param(p, &i, "directory", o->dirs[d]);
}

void
observe_hello(struct pipeline *p)
{
	const struct demo *demo = p->params->demo;
	struct frame f = {.type = FRAME_HELLO,
	    .pid = getpid(),
	    .tid = gettid(),
	    .hello = {.wire = FRAME_VERSION,
		.processes = (uint16_t)p->params->processes,
		.threads = (uint16_t)p->params->threads,
		.run = (uint16_t)p->run}};

	memcpy(f.hello.magic, FRAME_MAGIC, sizeof f.hello.magic);
	snprintf(f.hello.demo, sizeof f.hello.demo, "%s", demo->name);
	report_push(&p->report, &f);
	push_text(p, TEXT_TITLE, 0, demo->title);
	for (uint32_t i = 0; demo->lesson[i] != NULL; i++)
		push_text(p, TEXT_LESSON, i, demo->lesson[i]);
	for (uint32_t i = 0; i < lock_nkinds; i++) {
		push_text(p, TEXT_LOCK, i, lock_kinds[i].name);
		push_text(p, TEXT_LOCK_LESSON, i, lock_kinds[i].lesson);
	}
	push_text(p, TEXT_PROC, 0, "supervisor");
	push_params(p);
}

/* Number of a worker's item, name of it: a file's, say. */
static void
push_item_name(struct pipeline *p, unsigned slot)
{
	const struct source *source = p->params->demo->source;
	struct worker_slot *ws = &p->shared->slots[slot];
	uint64_t cookie = atomic_load(&ws->cookie);

	if (source == NULL || cookie == p->procs[slot].cookie || cookie == 0 ||
	    p->report.full || p->report.quiet)
		return;
	p->procs[slot].cookie = cookie;
	push_text(p, TEXT_ITEM, slot, source->name(cookie));
}

/* Log the reads that failed since the last look. */
static void
log_errors(struct pipeline *p, unsigned slot)
{
	struct worker_slot *ws = &p->shared->slots[slot];
	const struct source *source = p->params->demo->source;
	uint64_t errors = atomic_load(&ws->errors);
	struct process *proc = &p->procs[slot];

	if (errors == proc->errors || source == NULL)
		return;
	report_log(&p->report, "cannot read %s: %s (%llu so far in worker-%u)",
	    source->name(atomic_load(&ws->bad_cookie)),
	    strerror(atomic_load(&ws->bad_errno)), (unsigned long long)errors,
	    slot);
	proc->errors = errors;
}

/* What its threads together have added and done. */
static struct ledger
worker_ledger(const struct pipeline *p, unsigned slot)
{
	struct ledger sum = {0};

	for (unsigned i = 0; i < p->shared->stride; i++) {
		struct ring *r = pipeline_ring(p, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		struct ledger l = ring_ledger(r);
		ledger_add(&sum, &l);
	}
	return sum;
}

static enum frame_state
proc_state(const struct pipeline *p, unsigned slot)
{
	const struct process *proc = &p->procs[slot];

	if (proc->ended != ENDED_NOT)
		return proc->ended == ENDED_SIGNAL || proc->code != 0
		    ? STATE_KILLED
		    : STATE_EXITED;
	if (proc->stopped)
		return STATE_STALLED;
	if (atomic_load(&p->shared->slots[slot].ready) == 0)
		return STATE_STARTING;
	return atomic_load(&pipeline_ring(p, slot, 0)->state);
}

static struct frame
proc_frame(const struct pipeline *p, unsigned slot)
{
	const struct process *proc = &p->procs[slot];
	struct worker_slot *ws = &p->shared->slots[slot];
	struct frame f = {.type = FRAME_PROC,
	    .pid = proc->last_pid,
	    .tid = proc->last_pid,
	    .proc = {.slot = (uint16_t)slot,
		.threads = (uint16_t)atomic_load(&ws->threads),
		.state = (uint8_t)proc_state(p, slot),
		.ended = proc->ended,
		.code = proc->code,
		.ppid = getpid(),
		.serial = proc->serial,
		.item = atomic_load(&ws->item),
		.item_n = atomic_load(&ws->item_n),
		.items = atomic_load(&ws->items),
		.held = atomic_load(&ws->held)}};

	f.proc.sum = p->params->sum_mode == SUM_PRIVATE
	    ? cell_value(&p->shared->cells[slot])
	    : worker_ledger(p, slot).expected;
	return f;
}

static struct frame
thread_frame(const struct pipeline *p, unsigned slot, unsigned index)
{
	const struct process *proc = &p->procs[slot];
	struct ring *r = pipeline_ring(p, slot, index);
	enum frame_state state =
	    atomic_load_explicit(&r->state, memory_order_acquire);
	struct ledger l = ring_ledger(r);
	uint32_t task = atomic_load(&r->task);
	struct frame f = {.type = FRAME_THREAD,
	    .pid = proc->last_pid,
	    .tid = atomic_load(&r->tid),
	    .ns = atomic_load(&r->since)};

	f.thread = (struct frame_thread){.slot = (uint16_t)slot,
	    .index = (uint16_t)index,
	    .state = (uint8_t)state,
	    .task = (uint16_t)(task < UINT16_MAX ? task : UINT16_MAX),
	    .tasks = atomic_load(&r->tasks),
	    .adds = l.adds,
	    .lost = l.lost};
	if (state == STATE_WAIT_LOCK)
		f.thread.owner = tid_of(
		    p, atomic_load(&shared_cell(p->shared, slot)->holder));
	if (proc->ended != ENDED_NOT && state != STATE_EXITED)
		f.thread.state =
		    (uint8_t)(proc->ended == ENDED_SIGNAL || proc->code != 0
			    ? STATE_KILLED
			    : STATE_EXITED);
	else if (proc->stopped)
		f.thread.state = STATE_STALLED;
	return f;
}

static void
push_thread_name(struct pipeline *p, unsigned slot, unsigned index)
{
	char name[32];

	if (index == 0)
		snprintf(name, sizeof name, "worker-%u", slot);
	else
		snprintf(name, sizeof name, "pool-%u.%u", slot, index - 1);
	push_text(p, TEXT_THREAD, slot << 16 | index, name);
}

void
observe_born(struct pipeline *p, unsigned slot)
{
	struct frame f = proc_frame(p, slot);
	char name[16];

	snprintf(name, sizeof name, "worker-%u", slot);
	push_text(p, TEXT_PROC, slot, name);
	report_push(&p->report, &f);
}

void
observe_dead(struct pipeline *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];
	struct frame f = proc_frame(p, slot);

	report_push(&p->report, &f);
	for (unsigned i = 0; i < p->shared->stride; i++) {
		struct ring *r = pipeline_ring(p, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		f = thread_frame(p, slot, i);
		f.ns = 0;
		if (proc->sent_threads[i].tid != f.tid)
			push_thread_name(p, slot, i);
		report_push(&p->report, &f);
		report_trace(&p->report, r, f.pid, p->shared->rings,
		    &proc->tails[i], &proc->untraced[i], true);
	}
	log_errors(p, slot);
}

static void
offer_worker(struct pipeline *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];
	struct frame f = proc_frame(p, slot);

	report_offer(&p->report, &f, &proc->sent);
	push_item_name(p, slot);
	log_errors(p, slot);
	for (unsigned i = 0; i < p->shared->stride; i++) {
		if (atomic_load(&pipeline_ring(p, slot, i)->tid) == 0)
			continue;
		f = thread_frame(p, slot, i);
		if (proc->sent_threads[i].tid != f.tid && !p->report.full)
			push_thread_name(p, slot, i);
		report_offer(&p->report, &f, &proc->sent_threads[i]);
	}
}

static void
offer_traces(struct pipeline *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];

	for (unsigned i = 0; i < p->shared->stride; i++) {
		struct ring *r = pipeline_ring(p, slot, i);

		if (atomic_load(&r->tid) != 0)
			report_trace(&p->report, r, proc->last_pid,
			    p->shared->rings, &proc->tails[i],
			    &proc->untraced[i], false);
	}
}

/* Books of the living and the dead; *adds: how many adds are in progress. */
static struct ledger
all_books(const struct pipeline *p, unsigned *adding)
{
	struct ledger sum = p->gone;

	*adding = 0;
	for (unsigned i = 0; i < nrings(p); i++) {
		struct ring *r = &p->shared->rings[i];

		if (atomic_load(&r->tid) == 0)
			continue;
		struct ledger l = ring_ledger(r);
		ledger_add(&sum, &l);
		*adding += atomic_load(&r->adding) != 0;
	}
	return sum;
}

struct ledger
observe_ledger(const struct pipeline *p)
{
	unsigned adding;

	return all_books(p, &adding);
}

/*
 * The books, then the sum, then the books again: if nobody was adding and no
 * add was booked meanwhile, sum and books belong together.
 */
static void
offer_sum(struct pipeline *p)
{
	unsigned before, after;
	struct ledger l = all_books(p, &before);
	int64_t sum = cell_value(&p->shared->cells[0]);
	struct ledger again = all_books(p, &after);
	unsigned adding = before > after ? before : after;

	if (adding == 0 && l.adds != again.adds)
		adding = 1;
	struct frame f = {.type = FRAME_SUM,
	    .pid = getpid(),
	    .sum = {.sum = sum,
		.expected = l.expected,
		.lost = l.lost,
		.lost_updates = l.lost_updates,
		.in_doubt = p->in_doubt,
		.adding = adding}};
	report_offer(&p->report, &f, &p->sent_sum);
}

static void
offer_queue(struct pipeline *p)
{
	struct frame f = {.type = FRAME_QUEUE, .pid = getpid()};

	if (queue_read_stats(p->shared->queue, &p->stats) != 0)
		p->soon = true;
	f.queue = (struct frame_queue){.put = p->stats.put,
	    .done = p->stats.done,
	    .queued = p->stats.queued,
	    .in_flight = p->stats.in_flight,
	    .poisoned = p->stats.poisoned,
	    .requeued = p->stats.requeued,
	    .total = (uint32_t)(p->deadline == 0 ? p->total : 0),
	    .capacity = QUEUE_CAPACITY};
	report_offer(&p->report, &f, &p->sent_queue);
}

/* The same holder in the same turn as at the last look has held it since. */
static uint32_t
held_us(struct pipeline *p, uint32_t id)
{
	uint64_t turn =
	    id == 0 ? 0 : atomic_load(&p->shared->rings[id - 1].acquired);

	if (id == 0 || id != p->holder_id || turn != p->holder_turn) {
		p->holder_id = id;
		p->holder_turn = turn;
		p->holder_since = now_ns();
		return 0;
	}
	uint64_t us = (now_ns() - p->holder_since) / NSEC_PER_USEC;
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

static void
offer_lock(struct pipeline *p)
{
	const struct shared *s = p->shared;
	uint32_t id = atomic_load(&s->cells[0].holder);
	struct frame f = {.type = FRAME_LOCK,
	    .pid = getpid(),
	    .lock = {.kind = (uint16_t)sum_kind(&s->sum),
		.wanted = (uint16_t)s->sum.wanted,
		.holder = tid_of(p, id),
		.acquired = p->gone_acquired,
		.contended = p->gone_contended,
		.switches = atomic_load(&s->sum.switches)}};

	if (id > nrings(p))
		id = 0;
	f.lock.held_us = held_us(p, id);
	for (unsigned i = 0; i < nrings(p); i++) {
		struct ring *r = &s->rings[i];

		if (atomic_load(&r->tid) == 0)
			continue;
		f.lock.acquired += atomic_load(&r->acquired);
		f.lock.contended += atomic_load(&r->contended);
		f.lock.waiters += atomic_load(&r->state) == STATE_WAIT_LOCK;
	}
	report_offer(&p->report, &f, &p->sent_lock);
}

static enum frame_phase
wire_phase(const struct pipeline *p)
{
	switch (p->stage) {
	case STAGE_GATHER:
	case STAGE_BARRIER:
		return PHASE_STARTING;
	case STAGE_FEED:
		return PHASE_RUNNING;
	case STAGE_JOIN:
	case STAGE_LEAVE:
		return PHASE_DRAINING;
	case STAGE_OVER:
		break;
	}
	return PHASE_DONE;
}

static void
offer_control(struct pipeline *p)
{
	const struct shared *s = p->shared;
	struct frame f = {.type = FRAME_CONTROL,
	    .pid = getpid(),
	    .control = {.ack = p->ack,
		.result = p->result,
		.window = atomic_load(&s->sum.window),
		.start = p->start,
		.speed = atomic_load(&s->gate.speed),
		.processes = (uint16_t)atomic_load(&s->workers),
		.threads = (uint16_t)atomic_load(&s->threads),
		.lock = (uint8_t)s->sum.wanted,
		.lock_other = (uint8_t)p->lock_other,
		.paused = (atomic_load(&s->gate.closed) & GATE_PAUSED) != 0,
		.phase = (uint8_t)wire_phase(p),
		.sum_mode = (uint8_t)p->params->sum_mode,
		.barrier = p->stage <= STAGE_BARRIER}};

	report_offer(&p->report, &f, &p->sent_control);
}

/* The supervisor itself, slot 0: its copy of the sum in private mode. */
static void
offer_self(struct pipeline *p)
{
	struct frame f = {.type = FRAME_PROC,
	    .pid = getpid(),
	    .tid = gettid(),
	    .proc = {.state = STATE_RUNNING,
		.ppid = getppid(),
		.items = (uint32_t)p->stats.done,
		.sum = cell_value(&p->shared->cells[0])}};

	if (p->stage == STAGE_OVER)
		f.proc.state = STATE_EXITED;
	report_offer(&p->report, &f, &p->sent_self);
}

static void
offer_all(struct pipeline *p)
{
	unsigned n = p->shared->nslots - 1;

	report_begin(&p->report);
	offer_control(p);
	offer_queue(p);
	offer_sum(p);
	offer_lock(p);
	offer_self(p);
	for (unsigned i = 0; i < n; i++) {
		unsigned slot = 1 + (p->turn + i) % n;
		if (p->procs[slot].pid != 0)
			offer_worker(p, slot);
		if (p->report.full) {
			p->turn = slot - 1;
			return;
		}
	}
	report_flush(&p->report);
}

void
observe_tick(struct pipeline *p)
{
	if (p->report.fd < 0 || p->report.quiet) {
		report_begin(&p->report);
		return;
	}
	offer_all(p);
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid != 0 && !p->report.full)
			offer_traces(p, i);
	report_flush(&p->report);
	atomic_fetch_add(&p->shared->tracing.tick, 1);
}

enum frame_outcome
observe_outcome(const struct pipeline *p)
{
	const struct queue_stats *s = &p->stats;
	bool all = s->put == s->done + s->poisoned &&
	    (p->deadline != 0 || s->put == p->total);

	if (all && !p->stopping)
		return OUTCOME_DONE;
	return p->stopping ? OUTCOME_STOPPED : OUTCOME_FAILED;
}

/* The last word: state frames first, kept until the reader has them. */
void
observe_bye(struct pipeline *p)
{
	uint64_t until = now_ns() + LAST_WORD, elapsed = now_ns() - p->start;

	do {
		offer_all(p);
		report_drain(&p->report, NSEC_PER_MSEC);
	} while (p->report.full && !p->report.broken && now_ns() < until);

	struct frame f = {.type = FRAME_BYE,
	    .pid = getpid(),
	    .tid = gettid(),
	    .bye = {.elapsed = elapsed,
		.tasks = p->gone_tasks,
		.dropped = p->report.dropped,
		.outcome = observe_outcome(p)}};
	report_push(&p->report, &f);
	report_drain(&p->report, LAST_WORD);
}
