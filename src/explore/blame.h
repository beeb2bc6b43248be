/*
 * blame: whose amounts a store has overwritten.
 *
 * A number is what the threads have added to it and no store has wiped out. A
 * store writes what its thread has loaded, plus its own amount: it wipes out
 * what was added since the load, and brings back what was wiped out since.
 */
#ifndef LOCKSTEP_BLAME_H
#define LOCKSTEP_BLAME_H

#include <stddef.h>
#include <stdint.h>

#include "explore/step_program.h"

/* Of one step: amounts by thread; what it brought back is negative. */
struct explore_blame {
	int64_t wiped[STEPS_THREADS];
};

/* One for each step of the schedule. */
void explore_blame(const struct steps_program *, const struct interleaving *,
    struct explore_blame blame[static STEPS_MAX]);

/* "a=1,c=-2"; "-" if no amount changed. */
void explore_blame_list(char *buf, size_t size, const struct explore_blame *);

/* A step of `thread`: "b's STORE wiped out a's 1"; empty if it did not. */
void explore_blame_format(
    char *buf, size_t size, unsigned thread, const struct explore_blame *);

/* All steps: "step 6: b's STORE wiped out a's 1; step 9: ...". */
void explore_blame_all(char *buf, size_t size, const struct interleaving *,
    const struct explore_blame blame[static STEPS_MAX]);

#endif
