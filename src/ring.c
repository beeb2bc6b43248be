/* ring: what one thread says of itself. */
#include "ring.h"

#include <stdio.h>
#include <string.h>

#include "hook.h"
#include "util.h"

void
ring_begin(struct ring *r, int32_t tid, const char *name)
{
	snprintf(r->name, sizeof r->name, "%s", name);
	ring_state(r, STATE_STARTING);
	atomic_store_explicit(&r->last_tid, tid, RELAXED);
	atomic_store_explicit(&r->tid, tid, memory_order_release);
}

void
ring_reset(struct ring *r)
{
	struct ring fresh = {.control = r->control,
	    .id = r->id,
	    .slot = r->slot,
	    .index = r->index,
	    .last_tid = atomic_load(&r->last_tid)};

	memcpy(r, &fresh, sizeof fresh);
}

void
ring_state_at(struct ring *r, enum frame_state state, uint64_t ns)
{
	atomic_store_explicit(&r->since, ns, RELAXED);
	atomic_store_explicit(&r->state, state, memory_order_release);
}

void
ring_state(struct ring *r, enum frame_state state)
{
	if (atomic_load_explicit(&r->state, RELAXED) != (uint32_t)state)
		ring_state_at(r, state, now_ns());
}

void
ring_write(struct ring *r, uint64_t ns, uint32_t op, int64_t seen,
    int64_t value, uint32_t other)
{
	uint64_t head = atomic_load_explicit(&r->head, RELAXED);
	struct ring_event *e = &r->events[head % RING_EVENTS];
	uint64_t task = atomic_load_explicit(&r->task, RELAXED);
	uint64_t item = atomic_load_explicit(&r->item, RELAXED);

	if (r->left > 0)
		r->left--;
	atomic_store_explicit(&e->ns, ns != 0 ? ns : now_ns(), RELAXED);
	atomic_store_explicit(&e->what, (uint64_t)other << 32 | op, RELAXED);
	atomic_store_explicit(&e->seen, seen, RELAXED);
	atomic_store_explicit(&e->value, value, RELAXED);
	atomic_store_explicit(&e->where, task << 32 | item, RELAXED);
	atomic_store_explicit(&r->head, head + 1, memory_order_release);
}

/*
 * Not at once: the supervisor has just taken a core from one of those that
 * race, and it shall have it back.
 */
bool
ring_tick(struct ring *r, uint32_t tick)
{
	uint32_t budget = atomic_load_explicit(&r->control->budget, RELAXED);
	uint64_t burst = atomic_load_explicit(&r->control->burst, RELAXED);
	uint64_t now = r->over > RING_QUICK && budget > 0 ? now_ns() : 0;

	if (now == 0)
		r->left = budget;
	else if (now < burst)
		return false;
	else if (now < burst + RING_BURST_NS)
		r->left = RING_BURST;
	r->tick = tick;
	r->over = 0;
	return r->left > 0;
}

void
ring_commit(struct ring *r, int64_t lost, bool overwrote)
{
	uint64_t done = atomic_load_explicit(&r->committed, RELAXED);
	struct ledger_cell *was = &r->books[done & 1];
	struct ledger_cell *is = &r->books[(done + 1) & 1];
	int64_t n = atomic_load_explicit(&r->amount, RELAXED);

	/* Release: no reader sees these before the commit they follow. */
	atomic_store_explicit(&is->expected,
	    atomic_load_explicit(&was->expected, RELAXED) + n,
	    memory_order_release);
	atomic_store_explicit(&is->lost,
	    atomic_load_explicit(&was->lost, RELAXED) + lost,
	    memory_order_release);
	atomic_store_explicit(&is->adds,
	    atomic_load_explicit(&was->adds, RELAXED) + 1,
	    memory_order_release);
	atomic_store_explicit(&is->lost_updates,
	    atomic_load_explicit(&was->lost_updates, RELAXED) + overwrote,
	    memory_order_release);
	CRASH_POINT("cell-before-commit");
	atomic_store_explicit(&r->committed, done + 1, memory_order_release);
}

void
ring_cancel(struct ring *r)
{
	atomic_store_explicit(&r->intent,
	    atomic_load_explicit(&r->committed, RELAXED), memory_order_release);
}

bool
ring_pending(const struct ring *r)
{
	return atomic_load_explicit(&r->intent, memory_order_acquire) >
	    atomic_load_explicit(&r->committed, memory_order_acquire);
}

struct ledger
ring_ledger(const struct ring *r)
{
	struct ledger l;
	uint64_t done, again;

	/* Two commits during the copy would tear it: then copy again. */
	do {
		done =
		    atomic_load_explicit(&r->committed, memory_order_acquire);
		const struct ledger_cell *is = &r->books[done & 1];
		l.expected =
		    atomic_load_explicit(&is->expected, memory_order_acquire);
		l.lost = atomic_load_explicit(&is->lost, memory_order_acquire);
		l.adds = atomic_load_explicit(&is->adds, memory_order_acquire);
		l.lost_updates = atomic_load_explicit(
		    &is->lost_updates, memory_order_acquire);
		again =
		    atomic_load_explicit(&r->committed, memory_order_acquire);
	} while (again != done);
	return l;
}

uint64_t
ring_made(const struct ring *r)
{
	struct ledger l = ring_ledger(r);

	return 2 *
	    (atomic_load(&r->tasks) + atomic_load(&r->acquired) + l.adds) +
	    l.lost_updates;
}

void
ledger_add(struct ledger *to, const struct ledger *from)
{
	to->expected += from->expected;
	to->lost += from->lost;
	to->adds += from->adds;
	to->lost_updates += from->lost_updates;
}
