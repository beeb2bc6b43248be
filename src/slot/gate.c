/* gate: pause, step mode, speed, stop. */
#include "slot/gate.h"

#include <unistd.h>

#include "lockstep/util.h"

/* A thread that waits or sleeps at a gate looks again at least this often. */
#define LONGEST_WAIT NSEC_PER_SEC

void
gate_init(struct gate *g)
{
	atomic_store(&g->closed, 0);
	atomic_store(&g->speed, SPEED_ONE);
	g->bell = -1;
	atomic_store(&g->listening, 0);
	atomic_store(&g->openings, 0);
}

void
gate_pause(struct gate *g, bool paused)
{
	if (paused)
		atomic_fetch_or(&g->closed, GATE_PAUSED);
	else
		atomic_fetch_and(&g->closed, ~(uint32_t)GATE_PAUSED);
	eventcount_all(&g->wake);
}

void
gate_set_speed(struct gate *g, uint32_t thousandths)
{
	atomic_store(&g->speed, thousandths);
	eventcount_all(&g->wake);
}

void
gate_stop(struct gate *g)
{
	atomic_fetch_or(&g->closed, GATE_STOP);
	eventcount_all(&g->wake);
}

/* May a thread pass? If so, *on is false if the run is over. */
static bool
gate_through(struct gate *g, bool *on)
{
	uint32_t closed = atomic_load(&g->closed);

	*on = (closed & GATE_STOP) == 0;
	return !*on || (closed & GATE_PAUSED) == 0;
}

bool
gate_wait(struct gate *g, struct thread_slot *me)
{
	enum frame_state before = atomic_load_explicit(&me->state, RELAXED);
	bool on;

	if (gate_through(g, &on))
		return on;
	slot_state(me, STATE_GATED);
	for (;;) {
		uint32_t key = eventcount_prepare(&g->wake);
		if (gate_through(g, &on))
			break;
		eventcount_wait(&g->wake, key, LONGEST_WAIT);
	}
	slot_state(me, before);
	return on;
}

/* ---- points ---- */

static bool
gate_must_stand(const struct gate *g)
{
	return (atomic_load(&g->closed) & (GATE_STEPPED | GATE_STOP)) ==
	    GATE_STEPPED;
}

/*
 * Ring the supervisor's bell if it listens. Both sides store, execute a fence,
 * and then load what the other has stored (see gate_listen()). So either the
 * supervisor sees what this thread has stored, or this thread sees that the
 * supervisor listens.
 */
static void
gate_ring_bell(struct gate *g)
{
	const uint64_t one = 1;

	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load_explicit(&g->listening, RELAXED) == 0 ||
	    atomic_exchange(&g->listening, 0) == 0)
		return;
	/* A write fails only if the counter is full: then it has rung. */
	if (g->bell >= 0 && write(g->bell, &one, sizeof one) < 0)
		return;
}

void
gate_listen(struct gate *g)
{
	atomic_store_explicit(&g->listening, 1, RELAXED);
	/* Then look who stands or has left: see gate_ring_bell(). */
	atomic_thread_fence(memory_order_seq_cst);
}

void
gate_leave(struct gate *g, struct thread_slot *me)
{
	slot_state(me, STATE_EXITED);
	gate_ring_bell(g);
}

/* Publish whether the operation is ready, and that the thread is here. */
static bool
gate_arrive(struct gate *g, struct thread_slot *me, const struct gate_point *at,
    enum frame_state before)
{
	bool ready = at->ready == NULL || at->ready(at->arg);
	uint32_t blocked = ready ? 0 : at->timed ? 2 : 1;

	atomic_store(&me->blocked, blocked);
	if (ready)
		slot_state(me, STATE_GATED);
	else if (atomic_load_explicit(&me->state, RELAXED) == STATE_GATED)
		slot_state(me, before);
	/* gate_ring_bell() has the fence before our look at `closed`. */
	atomic_store_explicit(&me->stand, STAND_HERE, memory_order_release);
	gate_ring_bell(g);
	return ready;
}

enum gate_pass
gate_stand(struct gate *g, struct thread_slot *me, const struct gate_point *at)
{
	enum frame_state before = atomic_load_explicit(&me->state, RELAXED);
	uint32_t stand = STAND_NUDGED;
	bool ready = false;

	atomic_store(&me->point, (uint32_t)at->op);
	atomic_store(&me->thing, (uint32_t)at->thing << 8 | at->object);
	atomic_store(&me->value, at->value);
	atomic_store(&me->addend, at->addend);
	atomic_store(&me->asks, at->ready != NULL);
	do {
		ready = gate_arrive(g, me, at, before);
		while ((stand = atomic_load(&me->stand)) == STAND_HERE &&
		    gate_must_stand(g))
			futex_wait(&me->stand, STAND_HERE, LONGEST_WAIT);
	} while (stand == STAND_NUDGED && gate_must_stand(g));
	atomic_store(&me->stand, STAND_AWAY);
	slot_state(me, before);
	if (stand != STAND_GRANTED)
		return GATE_OPEN;
	return ready ? GATE_GRANTED : GATE_TIMED_OUT;
}

static bool
gate_move(struct thread_slot *r, uint32_t to)
{
	uint32_t here = STAND_HERE;

	if (!atomic_compare_exchange_strong(&r->stand, &here, to))
		return false;
	futex_wake(&r->stand, 1);
	return true;
}

bool
gate_nudge(struct thread_slot *r)
{
	return gate_move(r, STAND_NUDGED);
}

bool
gate_grant(struct thread_slot *r)
{
	return gate_move(r, STAND_GRANTED);
}

bool
gate_release(struct thread_slot *r)
{
	return gate_move(r, STAND_RELEASED);
}

void
gate_set_stepped(
    struct gate *g, struct thread_slot *tslots, unsigned ntslots, bool stepped)
{
	if (stepped) {
		atomic_fetch_or(&g->closed, GATE_STEPPED);
	} else {
		/* In this order: see sum_add_one(). */
		atomic_fetch_and(&g->closed, ~(uint32_t)GATE_STEPPED);
		atomic_fetch_add(&g->openings, 1);
	}
	eventcount_all(&g->wake);
	for (unsigned i = 0; i < ntslots && !stepped; i++)
		gate_release(&tslots[i]);
}

/* ---- sleeps ---- */

uint64_t
gate_scale(const struct gate *g, uint64_t ns)
{
	uint32_t speed = atomic_load_explicit(&g->speed, RELAXED);

	return (uint64_t)((double)ns * SPEED_ONE / (speed > 0 ? speed : 1));
}

/* Convert elapsed real time to the pipeline's time. */
static uint64_t
gate_unscale(uint64_t ns, uint32_t speed)
{
	return (uint64_t)((double)ns * speed / SPEED_ONE);
}

/* Sleep once. Returns how much of `ns` is left. */
static uint64_t
gate_sleep_some(struct gate *g, uint32_t key, uint64_t ns)
{
	uint32_t speed = atomic_load(&g->speed);
	uint64_t real = (uint64_t)((double)ns * SPEED_ONE / speed) + 1;
	uint64_t start = now_ns();

	eventcount_wait(
	    &g->wake, key, real < LONGEST_WAIT ? real : LONGEST_WAIT);
	uint64_t slept = gate_unscale(now_ns() - start, speed);
	return slept < ns ? ns - slept : 0;
}

/* In step mode a sleep takes no time: it ends with the grant. */
static void
gate_sleep_stepped(struct gate *g, struct thread_slot *me, uint64_t *ns)
{
	if (gate_point(g, me, POINT_SLEEP, THING_NONE, 0, 0) == GATE_GRANTED)
		*ns = 0;
}

bool
gate_sleep(struct gate *g, struct thread_slot *me, uint64_t ns)
{
	while (ns > 0) {
		uint32_t key = eventcount_prepare(&g->wake);

		if (atomic_load(&g->closed) == 0)
			ns = gate_sleep_some(g, key, ns);
		else if (gate_stepped(g) && !gate_stopped(g))
			gate_sleep_stepped(g, me, &ns);
		else if (!gate_wait(g, me))
			return false;
	}
	return !gate_stopped(g);
}

bool
gate_delay(struct gate *g, uint64_t ns)
{
	while (ns > 0 && !gate_stopped(g)) {
		uint32_t key = eventcount_prepare(&g->wake);

		if (!gate_stopped(g))
			ns = gate_sleep_some(g, key, ns);
	}
	return !gate_stopped(g);
}
