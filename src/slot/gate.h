/*
 * gate: points where a thread may be made to wait: pause, step, speed, stop.
 *
 * The supervisor changes the gate; every thread passes it before a task and
 * before each turn at the sum, at the price of one relaxed load while it is
 * open. Sleeps of the pipeline are gate sleeps: they obey a change of speed,
 * a pause and a stop at once.
 *
 * Stepped, threads stand at their points: before every operation that another
 * thread can see, with the operation they are about to do. The supervisor lets
 * them go one at a time, each up to its next point, and chooses only when all
 * stand. An operation that may have to wait brings a condition along: the
 * thread itself looks whether it holds, when it arrives and whenever it is
 * nudged, and says so. Nobody else runs meanwhile, so what it says is exact,
 * the thread never waits but at its gate, and which threads may go follows
 * from the steps taken so far and from nothing else: the same schedule gives
 * the same run. (Controlled scheduling, as in CHESS: M. Musuvathi and others,
 * OSDI 2008.)
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
	_Atomic uint32_t listening; /* 1: the next to arrive writes the bell */
	_Atomic uint32_t openings;  /* how often all were let go */
};

enum gate_bit {
	GATE_PAUSED = 1,
	GATE_STOP = 2,   /* leave what you do: the run is over */
	GATE_STEPPED = 4 /* stand at every point */
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
	unsigned object;                /* its number, if it has one */
	int64_t value, addend;          /* as struct frame_step has them */
	bool (*ready)(const void *arg); /* can it be done now? NULL: always */
	const void *arg;
	bool timed; /* it may time out while it is not ready */
};

enum gate_pass {
	GATE_OPEN,     /* not stepped: do it in the ordinary way, and wait */
	GATE_GRANTED,  /* do it: nothing has changed since it was ready */
	GATE_TIMED_OUT /* chosen while not ready: give up waiting */
};

enum gate_stand {
	STAND_AWAY,    /* between two points, or not stepped */
	STAND_HERE,    /* and asleep on this word */
	STAND_NUDGED,  /* supervisor: look again whether you are ready */
	STAND_GRANTED, /* supervisor: do one step */
	STAND_RELEASED /* supervisor: stand no more, or begin your turn anew */
};

/*
 * Thread's side: the slow part of gate_point(). The state is STATE_GATED
 * while it is ready, and while it is not the one that it came with, which says
 * for what it waits; that one it has again afterwards.
 */
enum gate_pass gate_stand(
    struct gate *, struct thread_slot *, const struct gate_point *);

/*
 * The last word of a thread: STATE_EXITED. What others can see of its end has
 * been done before.
 */
void gate_leave(struct gate *, struct thread_slot *);

static inline bool
gate_stepped(const struct gate *g)
{
	return (atomic_load_explicit(&g->closed, memory_order_relaxed) &
		   GATE_STEPPED) != 0;
}

/* Stand here if stepped; the price of one relaxed load if not. */
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
 * Supervisor's side. Each moves a thread that stands here (false: it does not
 * just now). A granted one is STAND_AWAY until it stands at its next point.
 */
bool gate_nudge(struct thread_slot *);
bool gate_grant(struct thread_slot *);
bool gate_release(struct thread_slot *);

/*
 * Stop all at their next points; or let all of tslots[] go. Those that wait
 * elsewhere than at the gate are woken by the caller.
 */
void gate_set_stepped(
    struct gate *, struct thread_slot *tslots, unsigned ntslots, bool stepped);

/* Whoever arrives or leaves from now on rings the bell, once: look again at
 * who stands, then wait for the bell. */
void gate_listen(struct gate *);

/* ---- pauses and sleeps ---- */

/* Wait here for as long as the gate is closed; false if the run is over. */
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
 * Sleep ns of the pipeline's time: half as long at speed 2000. A pause holds
 * the rest of the time back. False if the run is over.
 */
bool gate_sleep(struct gate *, struct thread_slot *, uint64_t ns);

/*
 * The same for the window of an add, which a pause does not hold up: an add
 * once begun is finished, so that a paused pipeline is a quiet one.
 */
bool gate_delay(struct gate *, uint64_t ns);

/* Pipeline's time in real time at the speed in force. */
uint64_t gate_scale(const struct gate *, uint64_t ns);

#endif
