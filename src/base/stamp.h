/*
 * stamp: when something was, at less cost than a reading of the clock.
 *
 * Where the kernel itself takes the time from the processor's counter, which
 * then runs alike on all processors, a stamp is what that counter says.
 * Elsewhere it is CLOCK_MONOTONIC in ns. Either way it is read when all that
 * the program does before it has been done, so that stamps of different threads
 * are in the order of what they say the time of.
 *
 * The reader turns stamps into ns. It looks at both clocks now and then;
 * between two looks, and for a while after, the one goes as evenly as the
 * other.
 */
#ifndef LOCKSTEP_STAMP_H
#define LOCKSTEP_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/util.h"

/* Both clocks, at the same moment. */
struct stamp_look {
	uint64_t stamp, ns;
};

struct stamp_scale {
	struct stamp_look from, to; /* the last two looks; zero-initialise */
};

extern bool stamp_counts; /* the counter is used; see stamp_init() */

/*
 * Use the counter if the kernel does. Before the first stamp and the first
 * fork; without it all stamps are ns.
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

/* Look at both clocks: once at the beginning, then some times a second. */
void stamp_look(struct stamp_scale *);

/* CLOCK_MONOTONIC, in ns, at a stamp; any stamp is fine. */
uint64_t stamp_ns(const struct stamp_scale *, uint64_t stamp);

#endif
