/*
 * explore_main: `lockstep-engine explore DEMO ...`: options in, a report out,
 * as text or as JSON. No pipeline, no frames.
 */
#ifndef LOCKSTEP_EXPLORE_MAIN_H
#define LOCKSTEP_EXPLORE_MAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "explore_demos.h"
#include "explore_run.h"

struct explore_options {
	const struct explore_demo *demo;
	struct explore_small small;
	uint32_t max_switches; /* EXPLORE_ANY: no bound */
	uint64_t limit;        /* schedules */
	bool reduce, json;
	const char *schedule; /* NULL: all of them */
};

/* What is to be said: of all schedules, or of the one. */
struct explore_told {
	const struct explore_options *options;
	const struct steps_program *program;
	const struct explore_report *report;

	/* The one, or the smallest that fails; NULL: none does. */
	const struct schedule *schedule;
	const struct explore_outcome *outcome; /* of that one */
	const struct crew_trace *trace;        /* of its steps */
};

/* argv[0] is "explore". The exit status. */
int explore_main(int argc, char *argv[]);

void explore_print(const struct explore_told *, FILE *);
void explore_json(const struct explore_told *, FILE *);

#endif
