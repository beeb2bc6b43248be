/*
 * options: the command line. Our options are taken out, wherever they stand and
 * however they are abbreviated; the rest goes to the engine as it is and in its
 * order, and the engine checks it.
 */
#ifndef LOCKSTEP_OPTIONS_H
#define LOCKSTEP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "dashboard/dashboard.h"
#include "fronts.h"

enum options_action {
	ACTION_RUN,
	ACTION_STDIN,
	ACTION_REPLAY,
	ACTION_SEARCH,  /* `explore` */
	ACTION_EXPLORE, /* `explore`, and the engine writes what is printed */
	ACTION_LIST,
	ACTION_HELP,
	ACTION_VERSION
};

struct options {
	enum options_action action;
	const struct front *front; /* NULL: what fits the terminal */
	char given[32];            /* "--json was given" */
	const char *record;        /* NULL: do not */
	const char *replay;
	bool expect_exact;
	int64_t expect_lost; /* updates, at least; -1: not asked for */
	struct dashboard_options dashboard;
	bool frames;          /* --frames, of `explore`, is given */
	bool screen;          /* main's decision: the dashboard is shown */
	const char *obstacle; /* ... or why it is not */
	char **engine;        /* NULL-terminated; the strings are argv's */
};

/*
 * 0; or 2 after one line on standard error, 3 if memory is short. The words of
 * argv are reordered.
 */
int options_parse(struct options *, int argc, char **argv);
void options_free(struct options *);

/* Usage and our own options; the engine's are to follow. */
void options_help(FILE *);

#endif
