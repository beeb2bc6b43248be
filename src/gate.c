/* gate: pause, step, speed, stop. */
#include "gate.h"

#include "util.h"

/* A closed gate and a sleep look again at least this often. */
#define LONGEST_WAIT NSEC_PER_SEC

void
gate_init(struct gate *g)
{
	atomic_store(&g->closed, 0);
	atomic_store(&g->speed, SPEED_ONE);
}

void
gate_pause(struct gate *g, bool paused)
{
	if (paused)
		atomic_fetch_or(&g->closed, GATE_PAUSED);
	else
		atomic_fetch_and(&g->closed, ~(uint32_t)GATE_PAUSED);
	wake_all(&g->wake);
}

void
gate_set_speed(struct gate *g, uint32_t thousandths)
{
	atomic_store(&g->speed, thousandths);
	wake_all(&g->wake);
}

void
gate_stop(struct gate *g)
{
	atomic_fetch_or(&g->closed, GATE_STOP);
	wake_all(&g->wake);
}

void
gate_step(struct gate *g, struct ring *r)
{
	atomic_fetch_add(&r->steps, 1);
	wake_all(&g->wake);
}

/* Take a granted step, if there is one. */
static bool
take_step(struct ring *r)
{
	uint32_t n = atomic_load_explicit(&r->steps, RELAXED);

	while (n > 0)
		if (atomic_compare_exchange_weak(&r->steps, &n, n - 1))
			return true;
	return false;
}

/* Through: open, or a step granted. *on is false when the run is over. */
static bool
through(struct gate *g, struct ring *me, bool *on)
{
	uint32_t closed = atomic_load(&g->closed);

	*on = (closed & GATE_STOP) == 0;
	return !*on || closed == 0 || take_step(me);
}

bool
gate_wait(struct gate *g, struct ring *me)
{
	enum frame_state before = atomic_load_explicit(&me->state, RELAXED);
	bool on;

	if (through(g, me, &on))
		return on;
	ring_state(me, STATE_GATED);
	for (;;) {
		uint32_t key = wake_prepare(&g->wake);
		if (through(g, me, &on))
			break;
		wake_wait(&g->wake, key, LONGEST_WAIT);
	}
	ring_state(me, before);
	return on;
}

uint64_t
gate_scale(const struct gate *g, uint64_t ns)
{
	uint32_t speed = atomic_load_explicit(&g->speed, RELAXED);

	return (uint64_t)((double)ns * SPEED_ONE / (speed > 0 ? speed : 1));
}

/* Real time gone by, as the pipeline's time. */
static uint64_t
unscale(uint64_t ns, uint32_t speed)
{
	return (uint64_t)((double)ns * speed / SPEED_ONE);
}

/* Held while asleep: a step granted here ends the sleep. */
static bool
sleep_held(struct gate *g, struct ring *me, uint64_t *ns)
{
	if (!gate_wait(g, me))
		return false;
	if ((atomic_load(&g->closed) & GATE_PAUSED) != 0)
		*ns = 0;
	return true;
}

/* One wait; what is left of ns afterwards. */
static uint64_t
sleep_some(struct gate *g, uint32_t key, uint64_t ns)
{
	uint32_t speed = atomic_load(&g->speed);
	uint64_t real = (uint64_t)((double)ns * SPEED_ONE / speed) + 1;
	uint64_t start = now_ns();

	wake_wait(&g->wake, key, real < LONGEST_WAIT ? real : LONGEST_WAIT);
	uint64_t slept = unscale(now_ns() - start, speed);
	return slept < ns ? ns - slept : 0;
}

bool
gate_sleep(struct gate *g, struct ring *me, uint64_t ns)
{
	while (ns > 0) {
		uint32_t key = wake_prepare(&g->wake);

		if (atomic_load(&g->closed) == 0)
			ns = sleep_some(g, key, ns);
		else if (!sleep_held(g, me, &ns))
			return false;
	}
	return !gate_stopped(g);
}

bool
gate_delay(struct gate *g, uint64_t ns)
{
	while (ns > 0 && !gate_stopped(g)) {
		uint32_t key = wake_prepare(&g->wake);

		if (!gate_stopped(g))
			ns = sleep_some(g, key, ns);
	}
	return !gate_stopped(g);
}
