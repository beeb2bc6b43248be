/*
 * gate: points where a thread may be made to wait: pause, step, speed, stop.
 *
 * The supervisor changes the gate; every thread passes it before a task and
 * before each turn at the sum, at the price of one relaxed load while it is
 * open. Sleeps of the pipeline are gate sleeps: they obey a change of speed,
 * a pause and a stop at once.
 */
#ifndef LOCKSTEP_GATE_H
#define LOCKSTEP_GATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "ring.h"
#include "wake.h"

#define SPEED_ONE 1000 /* thousandths */
#define SPEED_MAX 1000000

struct gate {
	_Atomic uint32_t closed; /* bits of enum gate_bit; 0: open */
	_Atomic uint32_t speed;  /* thousandths */
	struct wake wake;        /* rung at every change */
};

enum gate_bit {
	GATE_PAUSED = 1,
	GATE_STOP = 2 /* leave what you do: the run is over */
};

/* Supervisor's side. */
void gate_init(struct gate *);
void gate_pause(struct gate *, bool paused);
void gate_set_speed(struct gate *, uint32_t thousandths);
void gate_stop(struct gate *);

/* Let one thread, which waits at a paused gate, through once. */
void gate_step(struct gate *, struct ring *);

/* Wait here for as long as the gate is closed; false if the run is over. */
bool gate_wait(struct gate *, struct ring *);

static inline bool
gate_pass(struct gate *g, struct ring *me)
{
	if (atomic_load_explicit(&g->closed, memory_order_relaxed) == 0)
		return true;
	return gate_wait(g, me);
}

static inline bool
gate_stopped(struct gate *g)
{
	return (atomic_load_explicit(&g->closed, memory_order_relaxed) &
		   GATE_STOP) != 0;
}

/*
 * Sleep ns of the pipeline's time: half as long at speed 2000. A pause holds
 * the rest of the time back. False if the run is over.
 */
bool gate_sleep(struct gate *, struct ring *, uint64_t ns);

/*
 * The same for the window of an add, which a pause does not hold up: an add
 * once begun is finished, so that a paused pipeline is a quiet one.
 */
bool gate_delay(struct gate *, uint64_t ns);

/* Pipeline's time in real time at the speed in force. */
uint64_t gate_scale(const struct gate *, uint64_t ns);

#endif
