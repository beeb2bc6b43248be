/* trace: the events of a thread. */
#include "slot/trace.h"

#include "lockstep/util.h"
#include "slot/ledger.h"

void
trace_write(struct thread_slot *r, uint64_t stamp, uint32_t op, int64_t seen,
    int64_t value, uint32_t other)
{
	uint64_t head = atomic_load_explicit(&r->head, RELAXED);
	struct trace_event *e = &r->events[head % TRACE_EVENTS];
	uint64_t task = atomic_load_explicit(&r->task, RELAXED);
	uint64_t item = atomic_load_explicit(&r->item, RELAXED);

	if (r->left > 0)
		r->left--;
	/* A reader that sees any of this sees that `head` evicted the old. */
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(
	    &e->stamp, stamp != 0 ? stamp : stamp_now(), RELAXED);
	atomic_store_explicit(&e->what, (uint64_t)other << 32 | op, RELAXED);
	atomic_store_explicit(&e->seen, seen, RELAXED);
	atomic_store_explicit(&e->value, value, RELAXED);
	atomic_store_explicit(&e->where, task << 32 | item, RELAXED);
	atomic_store_explicit(&r->head, head + 1, memory_order_release);
}

/*
 * A burst does not begin at once: the supervisor has just taken a core away
 * from one of the racing threads, which must get it back first.
 */
bool
trace_tick(struct thread_slot *r, uint32_t tick)
{
	/* A thread that has seen the tick sees its burst: observe_tick(). */
	atomic_thread_fence(memory_order_acquire);
	uint32_t budget = atomic_load_explicit(&r->control->budget, RELAXED);
	uint64_t burst = atomic_load_explicit(&r->control->burst, RELAXED);
	uint64_t now = r->over > TRACE_QUICK && budget > 0 ? now_ns() : 0;

	if (now == 0)
		r->left = budget;
	else if (now < burst)
		return false;
	else if (now < burst + TRACE_BURST_NS)
		r->left = TRACE_BURST;
	r->tick = tick;
	r->over = 0;
	return r->left > 0;
}

uint64_t
trace_made(const struct thread_slot *r)
{
	struct ledger l = ledger_read(r);

	return 2 *
	    (atomic_load(&r->tasks) + atomic_load(&r->acquired) + l.adds) +
	    l.lost_updates;
}
