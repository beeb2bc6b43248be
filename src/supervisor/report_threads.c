/*
 * observe: the supervisor's look at slots, rings, queue and sum, as frames.
 *
 * Some tens of times a second while something changes. Every subject has the
 * frame that was last sent of it; only what differs is sent. Nothing here
 * writes to what it looks at.
 */
#include "supervisor/supervisor.h"

#include <unistd.h>

#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "supervisor/report_trace.h"
#include "supervisor/scheduler.h"

/* What its threads together have added and done. */
static struct ledger
worker_ledger(const struct supervisor *p, unsigned slot)
{
	struct ledger sum = {0};

	for (unsigned i = 0; i < p->shared->stride; i++) {
		struct ring *r = supervisor_ring(p, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		struct ledger l = ring_ledger(r);
		ledger_add(&sum, &l);
	}
	return sum;
}

/* A worker's exit status says that it could not go on; a program's is its. */
static enum frame_state
end_state(const struct supervisor *p, const struct process *proc)
{
	bool failed = proc->ended == ENDED_SIGNAL ||
	    (proc->code != 0 && p->ops->has_items);

	return failed ? STATE_KILLED : STATE_EXITED;
}

static enum frame_state
proc_state(const struct supervisor *p, unsigned slot)
{
	const struct process *proc = &p->procs[slot];

	if (proc->ended != ENDED_NOT)
		return end_state(p, proc);
	if (proc->stopped)
		return STATE_STALLED;
	if (atomic_load(&p->shared->slots[slot].ready) == 0)
		return STATE_STARTING;
	return atomic_load(&supervisor_ring(p, slot, 0)->state);
}

static struct frame
proc_frame(const struct supervisor *p, unsigned slot)
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
	    ? shared_sum(p->shared, slot)
	    : worker_ledger(p, slot).expected;
	return f;
}

/* Of the lock around the sum: as a thread at its gate says, or the cell. */
static uint32_t
lock_owner(const struct supervisor *p, unsigned slot, const struct ring *r)
{
	uint32_t id = atomic_load(&r->owner);

	return id != 0 ? id : cell_holder(shared_cell(p->shared, slot));
}

static struct frame
thread_frame(const struct supervisor *p, unsigned slot, unsigned index)
{
	const struct process *proc = &p->procs[slot];
	struct ring *r = supervisor_ring(p, slot, index);
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
	f.thread.object = (uint8_t)atomic_load(&r->object);
	if (state == STATE_WAIT_PIPE || state == STATE_WRITING)
		f.thread.object =
		    (uint8_t)(FRAME_MAX_OBJECTS + 1 - f.thread.object);
	if (state == STATE_WAIT_GIL)
		f.thread.owner = supervisor_tid(
		    p, atomic_load(&p->shared->slots[slot].gil.holder));
	else if (f.thread.object != 0 || state >= STATE_WAIT_PUT)
		f.thread.owner = supervisor_tid(p, atomic_load(&r->owner));
	else if (state == STATE_WAIT_LOCK)
		f.thread.owner = supervisor_tid(p, lock_owner(p, slot, r));
	f.thread.timed = f.thread.owner != 0 && atomic_load(&r->patience) != 0;
	if (proc->ended != ENDED_NOT && state != STATE_EXITED) {
		f.thread.state = (uint8_t)end_state(p, proc);
		f.thread.timed = false;
	} else if (proc->stopped) {
		f.thread.state = STATE_STALLED;
		f.thread.timed = false;
	}
	return f;
}

void
observe_born(struct supervisor *p, unsigned slot)
{
	struct frame f = proc_frame(p, slot);

	announce_worker(p, slot);
	report_push(&p->report, &f);
}

void
observe_dead(struct supervisor *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];
	struct frame f = proc_frame(p, slot);

	report_push(&p->report, &f);
	for (unsigned i = 0; i < p->shared->stride; i++) {
		struct ring *r = supervisor_ring(p, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		f = thread_frame(p, slot, i);
		f.ns = 0;
		if (proc->sent_threads[i].tid != f.tid)
			announce_thread(p, slot, i);
		report_push(&p->report, &f);
		report_trace(&p->report, r, f.pid, p->shared->rings,
		    &proc->tails[i], &proc->untraced[i], true);
	}
	announce_errors(p, slot);
}

static void
offer_worker(struct supervisor *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];
	struct frame f = proc_frame(p, slot);

	report_offer(&p->report, &f, &proc->sent);
	announce_item(p, slot);
	announce_errors(p, slot);
	for (unsigned i = 0; i < p->shared->stride; i++) {
		if (atomic_load(&supervisor_ring(p, slot, i)->tid) == 0)
			continue;
		f = thread_frame(p, slot, i);
		if (proc->sent_threads[i].tid != f.tid && !p->report.full)
			announce_thread(p, slot, i);
		report_offer(&p->report, &f, &proc->sent_threads[i]);
	}
}

static void
offer_traces(struct supervisor *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];

	for (unsigned i = 0; i < p->shared->stride; i++) {
		struct ring *r = supervisor_ring(p, slot, i);

		if (atomic_load(&r->tid) != 0)
			report_trace(&p->report, r, proc->last_pid,
			    p->shared->rings, &proc->tails[i],
			    &proc->untraced[i], false);
	}
}

static void
offer_control(struct supervisor *p)
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
		.phase = (uint8_t)(p->stage == STAGE_OVER ? PHASE_DONE
							  : p->ops->phase(p)),
		.sum_mode = (uint8_t)p->params->sum_mode,
		.barrier = p->stage <= STAGE_BARRIER,
		.program = p->params->demo->main != NULL,
		.hung = p->hang.hung}};

	report_offer(&p->report, &f, &p->sent_control);
}

/* The supervisor itself, slot 0: its copy of the sum in private mode. */
static void
offer_self(struct supervisor *p)
{
	struct frame f = {.type = FRAME_PROC,
	    .pid = getpid(),
	    .tid = gettid(),
	    .proc = {.state = STATE_RUNNING,
		.ppid = getppid(),
		.items = (uint32_t)p->stats.done,
		.sum = p->sum}};

	if (p->stage == STAGE_OVER)
		f.proc.state = STATE_EXITED;
	report_offer(&p->report, &f, &p->sent_self);
}

static void
offer_all(struct supervisor *p)
{
	unsigned n = p->shared->nslots - 1;

	report_begin(&p->report);
	tally_begin(p);
	offer_control(p);
	stepper_tell(p);
	p->ops->tell(p);
	tally_lock(p);
	for (unsigned i = 0; i < n; i++) {
		unsigned slot = 1 + (p->turn + i) % n;
		if (p->procs[slot].pid != 0)
			offer_worker(p, slot);
		if (p->report.full) {
			p->turn = slot - 1;
			return;
		}
	}
	tally_sum(p);
	offer_self(p);
	report_flush(&p->report);
}

bool
observe_presses(const struct supervisor *p, const struct ring *r)
{
	const struct process *proc = &p->procs[r->slot];

	return p->report.fd >= 0 && !p->report.quiet &&
	    atomic_load(&r->head) - proc->tails[r->index] > RING_EVENTS / 2;
}

bool
observe_tick(struct supervisor *p)
{
	uint32_t seq = p->report.seq;

	if (p->report.fd < 0 || p->report.quiet) {
		report_begin(&p->report);
		return false;
	}
	offer_all(p);
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid != 0 && !p->report.full)
			offer_traces(p, i);
	report_flush(&p->report);
	atomic_store(&p->shared->tracing.burst, now_ns() + RING_BURST_IN);
	atomic_fetch_add(&p->shared->tracing.tick, 1);
	return p->report.seq != seq;
}

/*
 * The last word: the final state frames, and once they are all with the
 * reader, BYE. To be called again until it says true.
 */
bool
observe_bye(struct supervisor *p)
{
	struct frame f = {.type = FRAME_BYE,
	    .pid = getpid(),
	    .tid = gettid(),
	    .bye = {.elapsed = p->end - p->start,
		.tasks = p->gone_tasks,
		.outcome = supervisor_outcome(p)}};

	if (!p->said_bye) {
		offer_all(p);
		if (p->report.full)
			return p->report.broken;
		f.bye.dropped = p->report.dropped;
		report_push(&p->report, &f);
		p->said_bye = true;
	}
	report_begin(&p->report);
	return p->report.npending == 0 || p->report.broken;
}
