/* gil: one interpreter lock per process, as CPython's. */
#include "slot/gil.h"

#include "lockstep/util.h"

/* How long a thread that dropped it on request waits for the next holder. */
#define HANDOVER NSEC_PER_SEC

static bool
gil_try_take(struct gil *g, uint32_t id)
{
	uint32_t free = 0;

	return atomic_compare_exchange_strong(&g->holder, &free, id);
}

/* Sleep once, at most until `deadline`. True if the lock is ours. */
static bool
gil_wait_free(struct gil *g, uint32_t id, uint64_t deadline)
{
	uint32_t key = eventcount_prepare(&g->free);

	if (gil_try_take(g, id))
		return true;

	uint64_t now = now_ns();

	if (now < deadline)
		eventcount_wait(&g->free, key, deadline - now);
	return gil_try_take(g, id);
}

/*
 * Request the lock only once the same holder has had it for a whole interval.
 * So every new holder gets its interval, even if several threads wait.
 */
static void
gil_wait_turn(struct gil *g, uint32_t id)
{
	uint64_t turns = atomic_load(&g->turns);
	uint64_t deadline = now_ns() + g->interval;

	while (!gil_wait_free(g, id, deadline)) {
		uint64_t seen = atomic_load(&g->turns), now = now_ns();

		if (seen == turns && now < deadline)
			continue;
		if (seen == turns)
			atomic_store(&g->wanted, 1);
		turns = seen;
		deadline = now + g->interval;
	}
}

/* It is ours: wake the threads that wait for a new holder. */
static void
gil_taken(struct gil *g, uint32_t id)
{
	if (atomic_load_explicit(&g->last, memory_order_relaxed) != id) {
		atomic_store(&g->last, id);
		atomic_fetch_add(&g->turns, 1);
		eventcount_all(&g->changed);
	}
	/* A thread that still waits requests it again after its interval. */
	atomic_store(&g->wanted, 0);
}

void
gil_take(struct gil *g, uint32_t id)
{
	if (!gil_try_take(g, id))
		gil_wait_turn(g, id);
	gil_taken(g, id);
}

void
gil_enter(struct gil *g, struct thread_slot *r)
{
	enum frame_state before = atomic_load_explicit(&r->state, RELAXED);

	if (!gil_try_take(g, r->id)) {
		atomic_store_explicit(
		    &r->owner, atomic_load(&g->holder), RELAXED);
		slot_state(r, STATE_WAIT_GIL);
		gil_wait_turn(g, r->id);
		slot_state(r, before);
		atomic_store_explicit(&r->owner, 0, RELAXED);
	}
	gil_taken(g, r->id);
}

void
gil_drop(struct gil *g)
{
	atomic_store(&g->holder, 0);
	eventcount_some(&g->free, 1);
}

/*
 * Wait for another holder. Without this wait, the thread that dropped the lock
 * would usually take it back before the requesting thread is awake. Only we
 * write our id to `last`, so once it has changed it does not change back.
 */
static void
gil_let_another(struct gil *g, uint32_t id)
{
	uint64_t deadline = now_ns() + HANDOVER;

	while (atomic_load(&g->last) == id) {
		uint32_t key = eventcount_prepare(&g->changed);
		uint64_t now = now_ns();

		if (atomic_load(&g->last) != id || now >= deadline)
			return;
		eventcount_wait(&g->changed, key, deadline - now);
	}
}

bool
gil_yield(struct gil *g, uint32_t id)
{
	if (!gil_wanted(g))
		return false;
	gil_drop(g);
	gil_let_another(g, id);
	gil_take(g, id);
	return true;
}

void
gil_hand_over(struct gil *g, struct thread_slot *r)
{
	slot_state(r, STATE_WAIT_GIL);
	gil_yield(g, r->id);
	slot_state(r, STATE_RUNNING);
}

bool
gil_wait_at_gate(struct gil *g, struct gate *gate, struct thread_slot *r)
{
	if (g != NULL)
		gil_drop(g);
	bool on = gate_wait(gate, r);
	if (g != NULL)
		gil_enter(g, r);
	return on;
}

uint64_t
gil_drop_in_add(struct gil *g)
{
	uint64_t turns = atomic_load_explicit(&g->turns, RELAXED);

	gil_drop(g);
	return turns;
}

/* We hold it again: has another thread had it? */
static void
gil_count_split(struct gil *g, uint64_t turns)
{
	if (atomic_load_explicit(&g->turns, RELAXED) != turns)
		SLOT_BUMP(g->split, 1);
}

void
gil_enter_in_add(struct gil *g, struct thread_slot *r, uint64_t dropped)
{
	gil_enter(g, r);
	gil_count_split(g, dropped);
}

void
gil_hand_over_in_add(struct gil *g, struct thread_slot *r)
{
	uint64_t turns = atomic_load_explicit(&g->turns, RELAXED);

	gil_hand_over(g, r);
	gil_count_split(g, turns);
}

/* The first holder got it from no other. */
void
gil_count(struct gil_counts *c, const struct gil *g)
{
	uint64_t split = atomic_load(&g->split); /* before turns: not above */
	uint64_t turns = atomic_load(&g->turns);

	c->handovers += turns > 0 ? turns - 1 : 0;
	c->split += split;
}
