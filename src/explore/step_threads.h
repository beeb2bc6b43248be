/*
 * step_threads: real threads at gates, that run a program of steps
 * (step_program.h) under any schedule, exactly.
 *
 * The threads are started once and run all schedules. Each stands at its gate
 * with the step it is about to do, and does it when it is granted; only one
 * is granted at any time. No scheduler thread is needed: the whole schedule is
 * known, so the thread that did a step grants the next one, and continues
 * itself if that one is its own. So a schedule costs about as many
 * hand-overs as it has switches. The threads stay on one processor, where a
 * hand-over is a context switch and no more; on two, it would wake up a
 * processor each time.
 *
 * Locks are words at the gates: a grant to a thread that would have to wait
 * is a broken invariant, since no schedule of such a kind may be given.
 */
#ifndef LOCKSTEP_STEP_THREADS_H
#define LOCKSTEP_STEP_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/step_program.h"

/* The result of one schedule. */
struct step_threads_result {
	int64_t value;    /* of all numbers; with none: meals, of all threads */
	int64_t lost;     /* amounts wiped out, by the stores' own account */
	int64_t expected; /* amounts added by the steps that were done */
	bool deadlock;    /* threads were left that cannot go on */
};

/* What one step did. */
struct step_threads_trace {
	int64_t value; /* register, number or meals, after it */
	int64_t lost;  /* by a store */
};

struct step_threads;

/* NULL with errno, if the threads could not be started. The program is to
 * outlive the crew. */
struct step_threads *step_threads_new(const struct steps_program *);
void step_threads_free(struct step_threads *);

/*
 * Run n schedules, one after the other, each from the start. `trace` may be
 * NULL; else it has room for the steps of them all.
 */
void step_threads_run(struct step_threads *, const struct interleaving *,
    size_t n, struct step_threads_result *, struct step_threads_trace *trace);

#endif
