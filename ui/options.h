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

#include "completion.h"
#include "dashboard/dashboard.h"

enum options_action {
	ACTION_RUN,
	ACTION_STDIN,
	ACTION_REPLAY,
	ACTION_SEARCH,  /* `explore`, watched if there is a screen */
	ACTION_EXPLORE, /* `engine` is the engine's whole command line */
	ACTION_LIST,
	ACTION_COMPLETION,
	ACTION_HELP,
	ACTION_VERSION
};

enum options_front {
	FRONT_BEST, /* dashboard if there is a terminal, else plain */
	FRONT_PLAIN,
	FRONT_JSON
};

struct options {
	enum options_action action;
	enum options_front front;
	enum completion_shell shell; /* of ACTION_COMPLETION */
	const char *record;          /* NULL: do not */
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

/* Our own options as completion needs them. */
void options_describe(struct completion_set *);

#endif
