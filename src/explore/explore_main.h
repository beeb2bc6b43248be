/*
 * explore_main: `lockstep-engine explore DEMO ...`: searches, and sends what it
 * finds as frames, as every run does; `lockstep explore` prints them.
 *
 * src/explore: the model checker, which runs every schedule of a small demo. It
 * may use all folders but supervisor, and touches no run.
 */
#ifndef LOCKSTEP_EXPLORE_MAIN_H
#define LOCKSTEP_EXPLORE_MAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/models.h"
#include "explore/search.h"
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

/* argv[0] is "explore". Returns the exit status. */
int explore_main(int argc, char *argv[]);

#endif
