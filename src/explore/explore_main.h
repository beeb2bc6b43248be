/*
 * explore_main: `lockstep-engine explore DEMO ...`: options in, a report out,
 * as text or as JSON, or frames while it runs. No pipeline.
 *
 * src/explore: the model checker, which runs every schedule of a small demo. It
 * may use all folders but supervisor, and touches no run.
 */
#ifndef LOCKSTEP_EXPLORE_MAIN_H
#define LOCKSTEP_EXPLORE_MAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "explore/blame.h"
#include "explore/explore_run.h"
#include "explore/models.h"
#include "options/schedule_string.h"

struct explore_options {
	const struct explore_demo *demo;
	struct explore_small small;
	unsigned processes, tasks; /* of a schedule for the live demo; or 0 */
	uint32_t max_switches;     /* EXPLORE_ANY: no bound */
	uint64_t limit;            /* schedules */
	bool reduce, json;
	const char *given;             /* --schedule; NULL: all of them */
	struct schedule_string string; /* what it says */
	const char *schedule;          /* its steps; NULL: all schedules */
	uint64_t named;      /* options that it names, as bits of their rows */
	int status, control; /* descriptors for frames, -1: none */
};

/* What is to be said: of all schedules, or of the one. */
struct explore_told {
	const struct explore_options *options;
	const struct steps_program *program;
	const struct explore_report *report;

	/* The one, or the smallest that fails; NULL: none does. */
	const struct interleaving *schedule;
	const struct explore_outcome *outcome;  /* of that one */
	const struct step_threads_trace *trace; /* of its steps */
	const struct explore_blame *blame;      /* likewise */
};

/* argv[0] is "explore". The exit status. */
int explore_main(int argc, char *argv[]);

/* Lines of at most EXPLORE_LINE bytes. */
#define EXPLORE_LINE 500
void explore_print(const struct explore_told *, FILE *);

/* "LOAD sum: 0": a step and what came of it. */
void explore_cell_format(char *buf, size_t size, const struct steps_program *,
    const struct step *, const struct step_threads_trace *);

/* "2 threads, 1 add each, lock none". */
void explore_form_format(
    char *buf, size_t size, const struct explore_options *);

/* What is run, of how many, and within which bounds: a clause. */
void explore_extent_format(char *buf, size_t size, const struct explore_told *);
void explore_json(const struct explore_told *, FILE *);

#endif
