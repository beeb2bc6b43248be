/* report_trace: events of a thread's trace, as frames. */
#include "supervisor/report_trace.h"

#include "slot/trace.h"
#include "supervisor/supervisor.h"

/* Also of a thread that has ended. */
static int32_t
trace_tid_of(const struct thread_slot *r)
{
	int32_t tid = atomic_load_explicit(&r->tid, RELAXED);

	return tid != 0 ? tid : atomic_load_explicit(&r->last_tid, RELAXED);
}

static bool
trace_read_event(const struct report *r, const struct thread_slot *tslot,
    uint64_t at, struct frame *f, const struct thread_slot *all)
{
	const struct trace_event *e = &tslot->events[at % TRACE_EVENTS];
	uint64_t what = atomic_load_explicit(&e->what, memory_order_acquire);
	uint64_t where = atomic_load_explicit(&e->where, memory_order_acquire);
	uint32_t other = (uint32_t)(what >> 32);

	f->ns = stamp_ns(
	    &r->stamps, atomic_load_explicit(&e->stamp, memory_order_acquire));
	f->trace = (struct frame_trace){.op = (uint16_t)what,
	    .slot = tslot->slot,
	    .index = tslot->index,
	    .flags = (uint16_t)(what >> 16),
	    .other = other == 0 ? 0 : trace_tid_of(&all[other - 1]),
	    .item = (uint32_t)where,
	    .task = (uint32_t)(where >> 32),
	    .seen = atomic_load_explicit(&e->seen, memory_order_acquire),
	    .value = atomic_load_explicit(&e->value, memory_order_acquire)};
	/* False: it was overwritten meanwhile. */
	return atomic_load_explicit(&tslot->head, memory_order_acquire) - at <
	    TRACE_EVENTS;
}

/* A step under way may be traced and not counted yet. */
static void
trace_count_untraced(struct report *r, const struct thread_slot *tslot,
    uint64_t head, uint64_t *untraced)
{
	uint64_t made = tslot->index == 0 ? 0 : trace_made(tslot);

	if (made > head + *untraced) {
		report_drop(r, made - head - *untraced);
		*untraced = made - head;
	}
}

void
report_trace(struct report *r, const struct thread_slot *tslot, int32_t pid,
    const struct thread_slot *all, uint64_t *tail, uint64_t *untraced,
    bool keep)
{
	uint64_t head =
	    atomic_load_explicit(&tslot->head, memory_order_acquire);
	struct frame f = {.type = FRAME_TRACE, .pid = pid};

	if (r->fd < 0 || r->quiet)
		return;
	f.tid = atomic_load_explicit(&tslot->tid, RELAXED);
	trace_count_untraced(r, tslot, head, untraced);
	if (head - *tail > TRACE_EVENTS) {
		report_drop(r, head - *tail - TRACE_EVENTS);
		*tail = head - TRACE_EVENTS;
	}
	for (; *tail != head && !r->full; (*tail)++) {
		if (!trace_read_event(r, tslot, *tail, &f, all))
			report_drop(r, 1);
		else if (keep)
			report_push(r, &f);
		else if (!report_gather(r, &f, NULL, NULL))
			return;
	}
}

bool
report_trace_urgent(const struct supervisor *sv, const struct thread_slot *r)
{
	const struct process *proc = &sv->procs[r->slot];

	return sv->report.fd >= 0 && !sv->report.quiet &&
	    atomic_load(&r->head) - proc->tails[r->index] > TRACE_EVENTS / 2;
}
