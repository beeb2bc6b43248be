/*
 * gate: where a thread can be made to wait: pause, step mode, speed, stop.
 *
 * The supervisor changes the gate. Every thread passes it before a task and
 * before each turn at the sum; while the gate is open, that costs one relaxed
 * load. Sleeps of the pipeline are gate sleeps: they obey a change of speed, a
 * pause and a stop at once.
 *
 * In step mode, every thread stops at its scheduling points: before each
 * operation that another thread can see, having published which operation comes
 * next. The supervisor grants one step at a time, which takes a thread to its
 * next point, and chooses only once all threads stand at a point. An operation
 * that may have to wait comes with a condition. The thread evaluates that
 * condition itself, when it arrives and whenever the supervisor nudges it, and
 * publishes the result. No other thread runs meanwhile, so the result is exact
 * and the thread waits nowhere but at its gate. Which threads can go depends
 * only on the steps taken so far: the same schedule gives the same run.
 * (Controlled scheduling, as in CHESS: M. Musuvathi and others, OSDI 2008.)
 */
#ifndef LOCKSTEP_GATE_H
#define LOCKSTEP_GATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "memory/eventcount.h"
#include "slot/slot.h"

#define SPEED_ONE 1000 /* thousandths */
#define SPEED_MAX 1000000

struct gate {
	_Atomic uint32_t closed;    /* bits of enum gate_bit; 0: open */
	_Atomic uint32_t speed;     /* thousandths */
	struct eventcount wake;     /* rung at every change */
	int bell;                   /* eventfd of the supervisor; -1: none */
	_Atomic uint32_t listening; /* 1: the next arrival writes the bell */
	_Atomic uint32_t openings;  /* times that step mode has ended */
};

enum gate_bit {
	GATE_PAUSED = 1,
	GATE_STOP = 2,   /* the run is over: stop working */
	GATE_STEPPED = 4 /* stop at every point */
};

/* Supervisor's side. */
void gate_init(struct gate *);
void gate_pause(struct gate *, bool paused);
void gate_set_speed(struct gate *, uint32_t thousandths);
void gate_stop(struct gate *);

/* ---- points ---- */

/* An operation that other threads can see. */
struct gate_point {
	enum frame_point op;
	enum frame_thing thing;
	unsigned object;                /* number of the thing; 0: none */
	int64_t value, addend;          /* as in struct frame_step */
	bool (*ready)(const void *arg); /* can it be done now? NULL: always */
	const void *arg;
	bool timed; /* it may time out while it is not ready */
};

enum gate_pass {
	GATE_OPEN,     /* not stepped: do it the ordinary way, with waits */
	GATE_GRANTED,  /* do it: nothing has changed since it was ready */
	GATE_TIMED_OUT /* chosen while not ready: give up waiting */
};

enum gate_stand {
	STAND_AWAY,    /* between two points, or not stepped */
	STAND_HERE,    /* at a point, asleep on this word */
	STAND_NUDGED,  /* supervisor: evaluate your condition again */
	STAND_GRANTED, /* supervisor: do one step */
	STAND_RELEASED /* supervisor: leave this point without a step */
};

/*
 * Thread's side: the slow part of gate_point(). While the operation is ready,
 * the thread's state is STATE_GATED. While it is not, the thread keeps the
 * state that it had on entry, which says what it waits for. On return it has
 * that state again.
 */
enum gate_pass gate_stand(
    struct gate *, struct thread_slot *, const struct gate_point *);

/*
 * The last call of a thread: its state becomes STATE_EXITED. Whatever others
 * can see of its end must have been done before.
 */
void gate_leave(struct gate *, struct thread_slot *);

static inline bool
gate_stepped(const struct gate *g)
{
	return (atomic_load_explicit(&g->closed, memory_order_relaxed) &
		   GATE_STEPPED) != 0;
}

/* Stop here in step mode; otherwise this costs one relaxed load. */
static inline enum gate_pass
gate_point(struct gate *g, struct thread_slot *me, enum frame_point op,
    enum frame_thing thing, int64_t value, int64_t addend)
{
	if (!gate_stepped(g))
		return GATE_OPEN;
	return gate_stand(g, me,
	    &(struct gate_point){
		.op = op, .thing = thing, .value = value, .addend = addend});
}

/*
 * Supervisor's side. Each of these moves a thread that stands at a point; false
 * if it does not stand at one now. A granted thread is STAND_AWAY until it
 * reaches its next point.
 */
bool gate_nudge(struct thread_slot *);
bool gate_grant(struct thread_slot *);
bool gate_release(struct thread_slot *);

/*
 * Begin step mode: all threads stop at their next points. Or end it: release
 * all of tslots[]. The caller wakes threads that sleep elsewhere than at the
 * gate.
 */
void gate_set_stepped(
    struct gate *, struct thread_slot *tslots, unsigned ntslots, bool stepped);

/*
 * From now on, the first thread that arrives or leaves rings the bell, once.
 * Look once more which threads stand, then wait for the bell.
 */
void gate_listen(struct gate *);

/* ---- pauses and sleeps ---- */

/* Wait here while the run is paused; false if the run is over. */
bool gate_wait(struct gate *, struct thread_slot *);

static inline bool
gate_pass(struct gate *g, struct thread_slot *me)
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
 * Sleep `ns` of the pipeline's time, which is half as long at speed 2000. A
 * pause suspends the sleep. False if the run is over.
 */
bool gate_sleep(struct gate *, struct thread_slot *, uint64_t ns);

/*
 * The same for the window of an add, but a pause does not suspend it: a thread
 * finishes an add that it has begun, so in a paused pipeline nothing is half
 * done. False if the run is over.
 */
bool gate_delay(struct gate *, uint64_t ns);

/* Convert the pipeline's time to real time, at the current speed. */
uint64_t gate_scale(const struct gate *, uint64_t ns);

#endif
