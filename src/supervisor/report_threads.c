/* report_threads: processes and their threads, as frames. */
#include "supervisor/supervisor.h"

#include <unistd.h>

#include "slot/ledger.h"
#include "supervisor/report_trace.h"
#include "wire/state.h"

/* The ledgers of its threads together. */
static struct ledger
worker_ledger(const struct supervisor *sv, unsigned slot)
{
	struct ledger sum = {0};

	for (unsigned i = 0; i < sv->shared->stride; i++) {
		struct thread_slot *r = supervisor_tslot(sv, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		struct ledger l = ledger_read(r);
		ledger_add(&sum, &l);
	}
	return sum;
}

/* Any exit status of a worker is a failure; a program's means what it says. */
static enum frame_state
end_state(const struct supervisor *sv, const struct process *proc)
{
	bool failed = proc->ended == ENDED_SIGNAL ||
	    (proc->code != 0 && sv->ops->has_items);

	return failed ? STATE_KILLED : STATE_EXITED;
}

static enum frame_state
proc_state(const struct supervisor *sv, unsigned slot)
{
	const struct process *proc = &sv->procs[slot];

	if (proc->ended != ENDED_NOT)
		return end_state(sv, proc);
	if (proc->stopped)
		return STATE_STALLED;
	if (atomic_load(&sv->shared->slots[slot].ready) == 0)
		return STATE_STARTING;
	return atomic_load(&supervisor_tslot(sv, slot, 0)->state);
}

static struct frame
proc_frame(const struct supervisor *sv, unsigned slot)
{
	const struct process *proc = &sv->procs[slot];
	struct worker_slot *ws = &sv->shared->slots[slot];
	struct frame f = {.type = FRAME_PROC,
	    .pid = proc->last_pid,
	    .tid = proc->last_pid,
	    .proc = {.slot = (uint16_t)slot,
		.threads = (uint16_t)atomic_load(&ws->threads),
		.state = (uint8_t)proc_state(sv, slot),
		.ended = proc->ended,
		.code = proc->code,
		.ppid = getpid(),
		.serial = proc->serial,
		.item = atomic_load(&ws->item),
		.item_n = atomic_load(&ws->item_n),
		.items = atomic_load(&ws->items),
		.held = atomic_load(&ws->held)}};

	f.proc.sum = sv->options->sum_mode == SUM_PRIVATE
	    ? shared_sum(sv->shared, slot)
	    : worker_ledger(sv, slot).expected;
	return f;
}

/* The id of the thread that this one waits for; 0: none that is known. */
static uint32_t
thread_owner(const struct supervisor *sv, unsigned slot,
    const struct thread_slot *r, enum frame_state state)
{
	uint32_t id = atomic_load(&r->owner);
	bool has_object = atomic_load(&r->object) != 0;

	switch (state_info(state)->owner) {
	case OWNER_OF_GIL:
		return atomic_load(&sv->shared->slots[slot].gil.holder);
	case OWNER_OF_SUM: /* as a thread at its gate says, or the cell */
		return has_object || id != 0
		    ? id
		    : cell_holder(shared_cell(sv->shared, slot));
	case OWNER_OF_SLOT:
		return id;
	case OWNER_OF_OBJECT:
		return has_object ? id : 0;
	}
	return 0;
}

static struct frame
thread_frame(const struct supervisor *sv, unsigned slot, unsigned index)
{
	const struct process *proc = &sv->procs[slot];
	struct thread_slot *r = supervisor_tslot(sv, slot, index);
	enum frame_state state =
	    atomic_load_explicit(&r->state, memory_order_acquire);
	struct ledger l = ledger_read(r);
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
	f.thread.owner = supervisor_tid(sv, thread_owner(sv, slot, r, state));
	if (state_waits_for(state, OBJECT_PIPE)) /* they have queues' numbers */
		f.thread.object = (uint8_t)FRAME_PIPE(f.thread.object);
	f.thread.timed = f.thread.owner != 0 && atomic_load(&r->patience) != 0;
	if (proc->ended != ENDED_NOT && state != STATE_EXITED) {
		f.thread.state = (uint8_t)end_state(sv, proc);
		f.thread.timed = false;
	} else if (proc->stopped) {
		f.thread.state = STATE_STALLED;
		f.thread.timed = false;
	}
	return f;
}

void
report_born(struct supervisor *sv, unsigned slot)
{
	struct frame f = proc_frame(sv, slot);

	report_process_name(sv, slot);
	report_push(&sv->report, &f);
}

void
report_dead(struct supervisor *sv, unsigned slot)
{
	struct process *proc = &sv->procs[slot];
	struct frame f = proc_frame(sv, slot);

	report_push(&sv->report, &f);
	for (unsigned i = 0; i < sv->shared->stride; i++) {
		struct thread_slot *r = supervisor_tslot(sv, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		f = thread_frame(sv, slot, i);
		f.ns = 0;
		if (proc->sent_threads[i].tid != f.tid)
			report_thread_name(sv, slot, i);
		report_push(&sv->report, &f);
		report_trace(&sv->report, r, f.pid, sv->shared->tslots,
		    &proc->tails[i], &proc->untraced[i], true);
	}
	report_left_out(sv, slot);
}

void
report_process(struct supervisor *sv, unsigned slot)
{
	struct process *proc = &sv->procs[slot];
	struct frame f = proc_frame(sv, slot);

	report_offer(&sv->report, &f, &proc->sent);
	report_item_name(sv, slot);
	report_left_out(sv, slot);
	for (unsigned i = 0; i < sv->shared->stride; i++) {
		if (atomic_load(&supervisor_tslot(sv, slot, i)->tid) == 0)
			continue;
		f = thread_frame(sv, slot, i);
		if (proc->sent_threads[i].tid != f.tid && !sv->report.full)
			report_thread_name(sv, slot, i);
		report_offer(&sv->report, &f, &proc->sent_threads[i]);
	}
}

void
report_traces(struct supervisor *sv, unsigned slot)
{
	struct process *proc = &sv->procs[slot];

	for (unsigned i = 0; i < sv->shared->stride; i++) {
		struct thread_slot *r = supervisor_tslot(sv, slot, i);

		if (atomic_load(&r->tid) != 0)
			report_trace(&sv->report, r, proc->last_pid,
			    sv->shared->tslots, &proc->tails[i],
			    &proc->untraced[i], false);
	}
}
