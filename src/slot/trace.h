/*
 * trace: the events of a thread, step by step.
 *
 * Each thread has a budget of events per tick of the supervisor. A slow
 * pipeline is traced completely, a quick one is sampled, and the counters show
 * how much was not traced. A quick thread traces in a burst, at a moment that
 * each tick sets for all threads, so that both sides of a race are traced.
 */
#ifndef LOCKSTEP_TRACE_H
#define LOCKSTEP_TRACE_H

#include "base/stamp.h"
#include "slot/slot.h"

#define TRACE_QUICK    64 /* a quick thread: more steps untraced in a tick */
#define TRACE_BURST    (TRACE_EVENTS / 2)    /* events of a quick thread */
#define TRACE_BURST_IN (500 * NSEC_PER_USEC) /* from the tick to the burst */
#define TRACE_BURST_NS (500 * NSEC_PER_USEC) /* and how long one may begin */

#define TRACE_FLAGS(flags) ((uint32_t)(flags) << 16)

/*
 * Write an event and charge it to the budget. Ask trace_on() before the first
 * event of a step. `op` is an enum frame_trace_op, plus TRACE_FLAGS() of an
 * enum frame_trace_flags; stamp 0 means now.
 */
void trace_write(struct thread_slot *, uint64_t stamp, uint32_t op,
    int64_t seen, int64_t value, uint32_t other);

/* A new tick: set this thread's budget. True if it may trace now. */
bool trace_tick(struct thread_slot *, uint32_t tick);

/* May this thread trace a step now? */
static inline bool
trace_on(struct thread_slot *r)
{
	if (r->left > 0)
		return true;
	uint32_t tick =
	    atomic_load_explicit(&r->control->tick, memory_order_relaxed);
	r->over++;
	return r->tick != tick && trace_tick(r, tick);
}

/*
 * How many events this thread has had, traced or not, by its counters: two for
 * each task, lock and add, one for each lost update.
 */
uint64_t trace_made(const struct thread_slot *);

/* Trace a step of one event, now. */
static inline void
trace(
    struct thread_slot *r, enum frame_trace_op op, int64_t seen, int64_t value)
{
	if (trace_on(r))
		trace_write(r, 0, op, seen, value, 0);
}

#endif
