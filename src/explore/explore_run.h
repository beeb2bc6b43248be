/*
 * explore_run: executes the schedules that a search finds with real threads,
 * and groups them by outcome.
 */
#ifndef LOCKSTEP_EXPLORE_RUN_H
#define LOCKSTEP_EXPLORE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/search.h"
#include "explore/step_program.h"
#include "explore/step_threads.h"

#define EXPLORE_OUTCOMES 256 /* kept apart; further ones are only counted */
#define EXPLORE_WORDS    512 /* bytes of a deadlock, with the NUL */

/* All schedules that ended in the same way. */
struct explore_outcome {
	unsigned number; /* nth found, from 0 */
	bool deadlock;
	char words[EXPLORE_WORDS]; /* a deadlock: which thread waits for what */
	int64_t value,
	    lost; /* of the sum; in a deadlock, of its first schedule */
	uint64_t schedules;
	unsigned switches; /* of the smallest of them */
	struct interleaving smallest;
};

struct explore_report {
	uint64_t schedules; /* executed */
	uint64_t of;        /* all that exist: explore_total() */
	bool complete;      /* all were executed, or one of each class */
	bool stopped;       /* by explore_look() */
	uint64_t losing;    /* schedules that lose an update */
	uint64_t deadlocks; /* schedules that end in one */
	uint64_t breaches;  /* schedules: sum + lost is not what was added */
	uint64_t ns;        /* the search took */
	unsigned noutcomes;
	uint64_t further; /* schedules of outcomes that had no room */
	/* In the end sorted by value, then deadlocks by their words. */
	struct explore_outcome outcome[EXPLORE_OUTCOMES];
	int failing; /* the outcome that fails with the fewest switches; -1 */
};

/* Called between batches of schedules, when no thread runs. False: stop. */
typedef bool explore_look(const struct explore_report *, void *arg);

/* At most `limit` schedules. `look` may be NULL. */
void explore_run(struct explore_report *, const struct steps_program *,
    struct explore *, struct step_threads *, uint64_t limit, explore_look *look,
    void *arg);

/* The same with one schedule. `trace`: of STEPS_MAX steps, or NULL. */
void explore_run_one(struct explore_report *, const struct steps_program *,
    struct step_threads *, const struct interleaving *,
    struct step_threads_trace *trace);

#endif
