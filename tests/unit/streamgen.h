/*
 * streamgen: streams of frames made without an engine, always the same ones.
 *
 * Either frame by frame, stamped and numbered as a source does it, or whole
 * runs of a little simulation, by the name of a scenario.
 */
#ifndef LOCKSTEP_STREAMGEN_H
#define LOCKSTEP_STREAMGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockstep/frame.h"

#define STREAMGEN_START                                                \
	1000000000000ULL           /* ns at which the first run begins \
				    */
#define STREAMGEN_TICK 20000000ULL /* ns between two batches */

/* Zero-initialise; the frames are owned here. */
struct streamgen {
	struct frame *frame;
	size_t n, cap;
	uint64_t ns; /* stamp of the next frame; moves on a little by itself */
	uint32_t seq;
	uint16_t source;
};

/*
 * The next frame, zeroed but for its header. Valid until the next call.
 * Aborts if memory is short.
 */
struct frame *streamgen_add(struct streamgen *, enum frame_type);
void streamgen_text(
    struct streamgen *, enum frame_text kind, uint32_t index, const char *text);
void streamgen_hello(
    struct streamgen *, const char *demo, unsigned processes, unsigned threads);
/* How a run begins that has three kinds of lock, and the locks A and B. */
void streamgen_running(
    struct streamgen *, unsigned processes, unsigned threads, bool program);
void streamgen_free(struct streamgen *);

/* A run of the simulation. Times are in ticks. */
struct streamgen_run {
	const char *demo;
	unsigned processes, threads;
	unsigned items;
	unsigned n;         /* tasks of each item; 0: 1 to 5 in turn */
	unsigned item_work; /* asleep */
	unsigned task_work;
	unsigned window;             /* 0: adds take no time */
	unsigned lock_off, lock_on;  /* when it is switched; 0: never */
	unsigned kill_at, kill_slot; /* 0: nobody is killed */
	enum frame_sum_mode sum_mode;
	bool lock_off_at_first;
	bool hostile; /* names and texts that mean harm */
	bool traces;
	unsigned until; /* tick at which the stream breaks off; 0: BYE */
};

/* The texts that a run begins with. */
void streamgen_names(struct streamgen *, const struct streamgen_run *);
void streamgen_run(struct streamgen *, const struct streamgen_run *);

/* Those of programs (streamprogram.c); false if it is none of them. */
bool streamgen_program(struct streamgen *, const char *name, unsigned until);

/* Those that are stepped (streamstepped.c), so many looks of 25 ticks. */
bool streamgen_stepped(struct streamgen *, const char *name, unsigned until);

/* Names of scenarios, NULL-terminated. */
extern const char *const streamgen_scenarios[];

/*
 * Append the scenario, broken off after `until` ticks unless that is 0.
 * False if there is none of that name.
 */
bool streamgen_scenario(struct streamgen *, const char *name, unsigned until);

#endif
