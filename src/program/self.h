/*
 * self: the calling thread, for everything below the public calls.
 *
 * Every wait is between self_block() and self_unblock(). So the screen shows
 * what the thread waits for and which thread blocks it, the interpreter lock of
 * --gil is free meanwhile, and the thread notices that the run is over.
 *
 * In step mode no thread waits like that: it stands at its gate, with the
 * condition that it waits for, until the supervisor grants or releases it. A
 * thread that is waiting already when step mode begins sleeps in self_doze(),
 * from which the supervisor can rouse it, and checks its gate whenever it
 * wakes.
 */
#ifndef LOCKSTEP_SELF_H
#define LOCKSTEP_SELF_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/program.h"
#include "memory/eventcount.h"
#include "slot/gate.h"
#include "slot/slot.h"
#include "sum/sum.h"

struct shared;
struct gil;

struct self {
	struct shared *shared;
	unsigned slot, index;
	struct thread_slot *tslot;
	struct adder adder;
	struct gil *gil; /* NULL: there is none */
	char name[PROGRAM_NAME];
};

/* NULL in a thread that this library has not started. */
extern _Thread_local struct self *self;

/* The id of the calling thread, as in struct thread_slot; 0: it has none. */
static inline uint32_t
self_id(void)
{
	return self != NULL ? self->tslot->id : 0;
}

/*
 * From here on the thread waits, for an object of the kind that the state
 * implies: `object` is its number, or 0. It is blocked by the thread with the
 * id `owner`, or 0: by none in particular. Not for fast paths.
 */
void self_block(enum frame_state, unsigned object, uint32_t owner);

/* The same, with a time limit, which the screen shows. */
void self_block_for(
    enum frame_state, unsigned object, uint32_t owner, uint64_t timeout);

/* While it waits: another thread, `owner`, blocks it now. */
void self_because(uint32_t owner);

/* The wait is over: take the GIL, pass the gate; the state is RUNNING. */
void self_unblock(void);

/* Sleep on the word while it has this value, at most `ns`. */
void self_doze_on(_Atomic uint32_t *word, uint32_t value, uint64_t ns);

/* As eventcount_wait(). */
static inline void
self_doze(struct eventcount *w, uint32_t key, uint64_t ns)
{
	self_doze_on(&w->word, key, ns);
}

/* Supervisor: wake a thread from self_doze(), so that it looks again. */
void self_rouse(struct thread_slot *);

/* ---- waits, in step mode or not ---- */

struct self_wait {
	enum frame_point op;
	enum frame_thing thing;
	unsigned object;
	int64_t value;
	enum frame_state state; /* while it waits */
	uint32_t owner;         /* id of the blocker; `ready` may change it */
	uint64_t timeout;       /* 0: only check, which is a step, too */

	/* Does the condition hold? NULL: always. */
	bool (*ready)(const void *arg);
	const void *arg;
	struct eventcount *wake; /* rung when it does; for self_wait() only */
};

/* Is the run in step mode? One relaxed load. */
static inline bool
self_stepped(void)
{
	return self != NULL && gate_stepped(self->adder.gate);
}

/*
 * Stand at the gate until the supervisor grants a step: the condition holds or,
 * if there is a time limit, the wait times out. Or until step mode is over.
 */
enum gate_pass self_stand(const struct self_wait *);

/* Wait for the condition, at the gate or in the kernel; false: timed out. */
bool self_wait(const struct self_wait *);

/* The calling thread takes the place (slot, index), or leaves it. */
void self_begin(struct self *, struct shared *, unsigned slot, unsigned index,
    const char *name);
void self_end(struct self *);

/* The id of the first thread (main) of a slot, 0 if there is no such slot. */
uint32_t self_id_of_slot(unsigned slot);

/*
 * Use the library outside of a run, in a test or a program of your own, with
 * room for `threads` threads, without processes and without a screen. 0 or
 * -errno.
 */
int program_open(unsigned threads);
void program_close(void);

#endif
