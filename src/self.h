/*
 * self: the calling thread, as everything below the public calls knows it.
 *
 * Whatever waits, waits between self_block() and self_unblock(): the screen
 * then shows for what and because of whom, the interpreter lock of --gil is
 * free meanwhile, and a run that was told to end is noticed.
 */
#ifndef LOCKSTEP_SELF_H
#define LOCKSTEP_SELF_H

#include <stdbool.h>
#include <stdint.h>

#include "program.h"
#include "ring.h"
#include "sum.h"

struct shared;
struct gil;

struct self {
	struct shared *shared;
	unsigned slot, index;
	struct ring *ring;
	struct adder adder;
	struct gil *gil; /* NULL: there is none */
	char name[PROGRAM_NAME];
};

/* NULL in a thread that did not start through this library. */
extern _Thread_local struct self *self;

/* The id of the calling thread, as in struct ring; 0: it has none. */
static inline uint32_t
self_id(void)
{
	return self != NULL ? self->ring->id : 0;
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
