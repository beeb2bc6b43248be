/*
 * trace: the events of a thread, step by step.
 *
 * The trace has a budget per tick of the supervisor: a slow pipeline is traced
 * whole, a quick one is sampled, and how much was not traced is known from the
 * counters. A quick thread traces in a burst, at a moment that each tick sets
 * for all of them: both sides of a race are wanted.
 */
#ifndef LOCKSTEP_TRACE_H
#define LOCKSTEP_TRACE_H

#include "base/stamp.h"
#include "slot/slot.h"

#define TRACE_QUICK    64 /* steps not traced in a tick: that is quick */
#define TRACE_BURST    (TRACE_EVENTS / 2)    /* events of a quick thread */
#define TRACE_BURST_IN (500 * NSEC_PER_USEC) /* from the tick to the burst */
#define TRACE_BURST_NS (500 * NSEC_PER_USEC) /* later it has been missed */

#define TRACE_FLAGS(flags) ((uint32_t)(flags) << 16)

/*
 * Write an event and pay for it; ask trace_on() before a step's first. `op` is
 * an enum frame_trace_op, with TRACE_FLAGS of enum frame_trace_flags; stamp 0
 * means now.
 */
void trace_write(struct thread_slot *, uint64_t stamp, uint32_t op,
    int64_t seen, int64_t value, uint32_t other);

/* A new tick: what may be traced in it? Whether anything may, now. */
bool trace_tick(struct thread_slot *, uint32_t tick);

/* Whether this thread may trace a step now. */
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
 * Events that this thread has made, traced or not, as its counters have it:
 * two for a task, a lock and an add each, one for a lost update.
 */
uint64_t trace_made(const struct thread_slot *);

/* One event, now. */
static inline void
trace(
    struct thread_slot *r, enum frame_trace_op op, int64_t seen, int64_t value)
{
	if (trace_on(r))
		trace_write(r, 0, op, seen, value, 0);
}

#endif
