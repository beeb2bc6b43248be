/*
 * self: the calling thread, as everything below the public calls knows it.
 *
 * Whatever waits, waits between self_block() and self_unblock(): the screen
 * then shows for what and because of whom, the interpreter lock of --gil is
 * free meanwhile, and a run that was told to end is noticed.
 *
 * While the run is stepped nobody waits so: who is to wait stands at its gate
 * until it is let go, with the condition that it waits for. A thread that
 * waits already when that begins sleeps in self_doze(), from which the
 * supervisor can rouse it, and looks at its gate whenever it wakes.
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

/* NULL in a thread that did not start through this library. */
extern _Thread_local struct self *self;

/* The id of the calling thread, as in struct thread_slot; 0: it has none. */
static inline uint32_t
self_id(void)
{
	return self != NULL ? self->tslot->id : 0;
}

/*
 * From here the thread waits: for object number `object` of the kind that the
 * state speaks of (0: of no number), because of the thread `owner` (its id, 0:
 * nobody in particular). Not for fast paths.
 */
void self_block(enum frame_state, unsigned object, uint32_t owner);

/* The same for at most `timeout`, which the screen is told of. */
void self_block_for(
    enum frame_state, unsigned object, uint32_t owner, uint64_t timeout);

/* While it waits: it is another thread now that it waits for. */
void self_because(uint32_t owner);

/* It goes on: state running, the GIL taken again, the gate passed. */
void self_unblock(void);

/* Asleep on the word while it has this value, at most ns. */
void self_doze_on(_Atomic uint32_t *word, uint32_t value, uint64_t ns);

/* As eventcount_wait(). */
static inline void
self_doze(struct eventcount *w, uint32_t key, uint64_t ns)
{
	self_doze_on(&w->word, key, ns);
}

/* Supervisor: a thread that sleeps so looks again. */
void self_rouse(struct thread_slot *);

/* ---- waits, stepped or not ---- */

struct self_wait {
	enum frame_point op;
	enum frame_thing thing;
	unsigned object;
	int64_t value;
	enum frame_state state; /* meanwhile */
	uint32_t owner;         /* id; `ready` may say another */
	uint64_t timeout;       /* 0: only looks, which is a step as well */

	/* Does it hold? NULL: always. */
	bool (*ready)(const void *arg);
	const void *arg;
	struct eventcount *wake; /* rung when it does; of self_wait() alone */
};

/* Is the run stepped? One relaxed load. */
static inline bool
self_stepped(void)
{
	return self != NULL && gate_stepped(self->adder.gate);
}

/*
 * Stand at the gate: until the thread is let go, which is when it is ready or,
 * if it has a time limit, when it is to give up; or until the run is not
 * stepped any more.
 */
enum gate_pass self_stand(const struct self_wait *);

/* Wait until it holds, at the gate or in the kernel; false: time is up. */
bool self_wait(const struct self_wait *);

/* The calling thread takes the place (slot, index), and leaves it. */
void self_begin(struct self *, struct shared *, unsigned slot, unsigned index,
    const char *name);
void self_end(struct self *);

/* The id of the first thread (main) of a slot, 0 if that has none. */
uint32_t self_id_of_slot(unsigned slot);

/*
 * Use the library outside of a run, in a test or a program of your own:
 * `threads` places for threads, no processes, nothing is shown. 0 or -errno.
 */
int program_open(unsigned threads);
void program_close(void);

#endif
