/*
 * blame: whose amounts a store has wiped out.
 *
 * A number is what everybody has added to it and nobody has wiped out since.
 * A store puts back what its thread has loaded, and its own amount: what has
 * come in between is wiped out, and what was wiped out in between is back.
 */
#ifndef LOCKSTEP_BLAME_H
#define LOCKSTEP_BLAME_H

#include <stddef.h>
#include <stdint.h>

#include "explore/step_program.h"

/* Of one step: amounts by thread; what it has brought back is negative. */
struct explore_blame {
	int64_t wiped[STEPS_THREADS];
};

/* One for each step of the schedule. */
void explore_blame(const struct steps_program *, const struct interleaving *,
    struct explore_blame blame[static STEPS_MAX]);

/* "b's STORE wiped out a's 1"; empty if it did nothing of the kind. */
void explore_blame_format(char *buf, size_t size, const struct interleaving *,
    const struct explore_blame blame[static STEPS_MAX], unsigned step);

/* The same of all steps: "step 6: b's STORE wiped out a's 1; step 9: ...". */
void explore_blame_all(char *buf, size_t size, const struct interleaving *,
    const struct explore_blame blame[static STEPS_MAX]);

#endif
