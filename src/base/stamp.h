/*
 * stamp: timestamps that cost less than reading the clock.
 *
 * If the kernel itself keeps time by the processor's counter, the counter runs
 * in step on all processors, and a stamp is the value of that counter.
 * Otherwise a stamp is CLOCK_MONOTONIC in ns. Either way it is read only after
 * the instructions before it have completed, so the stamps of different threads
 * are in the same order as the events that they date.
 *
 * The reader converts stamps to ns. It reads both clocks from time to time;
 * between two such looks, and for a while afterwards, it assumes that one runs
 * as evenly as the other.
 */
#ifndef LOCKSTEP_STAMP_H
#define LOCKSTEP_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/util.h"

/* Both clocks, read at the same moment. */
struct stamp_look {
	uint64_t stamp, ns;
};

struct stamp_scale {
	struct stamp_look from, to; /* the last two looks; zero-initialise */
};

extern bool stamp_counts; /* stamps are the counter; see stamp_init() */

/*
 * Use the counter if the kernel does. Call it before the first stamp and before
 * the first fork; otherwise all stamps are in ns.
 */
void stamp_init(void);

static inline uint64_t
stamp_now(void)
{
#if defined(__x86_64__)
	if (stamp_counts) {
		__builtin_ia32_lfence();
		return __builtin_ia32_rdtsc();
	}
#endif
	return now_ns();
}

/* Read both clocks: once at the start, then a few times a second. */
void stamp_look(struct stamp_scale *);

/* The CLOCK_MONOTONIC time of a stamp, in ns. Accepts any value. */
uint64_t stamp_ns(const struct stamp_scale *, uint64_t stamp);

#endif
