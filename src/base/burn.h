/* burn: keeps a core busy; the CPU time of the calling thread. */
#ifndef LOCKSTEP_BURN_H
#define LOCKSTEP_BURN_H

#include <stdint.h>
#include <time.h>

#include "lockstep/util.h"

/* CPU time of the calling thread, in ns. Costs a system call. */
static inline uint64_t
cpu_time(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

/* Compute for about a microsecond. */
static inline void
cpu_burn(void)
{
	uint64_t x = 1;

	for (unsigned i = 0; i < 3000; i++)
		__asm__("" : "+r"(x)); /* the compiler cannot skip this */
}

#endif
