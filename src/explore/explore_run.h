/*
 * explore_run: runs what a search finds with real threads, and gathers what
 * came of it.
 */
#ifndef LOCKSTEP_EXPLORE_RUN_H
#define LOCKSTEP_EXPLORE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/search.h"
#include "explore/step_program.h"
#include "explore/step_threads.h"

#define EXPLORE_OUTCOMES 256 /* kept apart; further ones are only counted */
#define EXPLORE_WORDS    512 /* bytes of a deadlock's, with NUL */

/* All schedules that ended alike. */
struct explore_outcome {
	unsigned number; /* nth found, from 0 */
	bool deadlock;
	char words[EXPLORE_WORDS]; /* of the deadlock: who waits for what */
	int64_t value, lost;       /* of the sum; of a deadlock: the first's */
	uint64_t schedules;
	unsigned switches; /* of the smallest of them */
	struct interleaving smallest;
};

struct explore_report {
	uint64_t schedules; /* that were run */
	uint64_t of;        /* there are, see explore_total() */
	bool complete;      /* all of them, or one of each class */
	bool stopped;       /* by the user */
	uint64_t losing;    /* schedules: their sum is short */
	uint64_t deadlocks; /* schedules */
	uint64_t breaches;  /* schedules: sum + lost is not what was added */
	uint64_t ns;        /* that it took */
	unsigned noutcomes;
	uint64_t further; /* schedules of outcomes that had no room */
	struct explore_outcome outcome[EXPLORE_OUTCOMES]; /* in order, at
							     the end */
	int failing; /* outcome of the smallest that lost or hung, -1: none */
};

/* Called every now and then; the crew is idle meanwhile. False: stop. */
typedef bool explore_look(const struct explore_report *, void *arg);

/* At most `limit` schedules. `look` may be NULL. */
void explore_run(struct explore_report *, const struct steps_program *,
    struct explore *, struct step_threads *, uint64_t limit, explore_look *look,
    void *arg);

/* The same of one schedule, with what its steps did. */
void explore_run_one(struct explore_report *, const struct steps_program *,
    struct step_threads *, const struct interleaving *,
    struct step_threads_trace trace[static STEPS_MAX]);

#endif
