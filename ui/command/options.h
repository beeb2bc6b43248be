/*
 * options: the command line. Takes out our options, wherever they are and
 * however they are abbreviated; the rest goes to the engine unchanged and in
 * order, and the engine checks it.
 *
 * ui/command: what the user types: options, the choice of a front end, and
 * completion. It may use every folder of ui/.
 */
#ifndef LOCKSTEP_OPTIONS_H
#define LOCKSTEP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "command/completion.h"
#include "dashboard/dashboard.h"
#include "command/fronts.h"

enum options_action {
	ACTION_RUN,
	ACTION_STDIN,
	ACTION_REPLAY,
	ACTION_SEARCH,  /* `explore` */
	ACTION_EXPLORE, /* `explore`, and the engine writes what is printed */
	ACTION_LIST,
	ACTION_COMPLETION,
	ACTION_HELP,
	ACTION_VERSION
};

struct options {
	enum options_action action;
	const struct front *front;   /* NULL: what fits the terminal */
	char given[32];              /* "--json was given" */
	const char *record;          /* NULL: no recording */
	enum completion_shell shell; /* of ACTION_COMPLETION */
	const char *replay;
	bool expect_exact;
	int64_t expect_lost; /* at least this many updates; -1: not given */
	struct dashboard_options dashboard;
	bool frames;          /* `explore --frames` is given */
	bool screen;          /* set by main: show the dashboard */
	const char *obstacle; /* ... or why it is not */
	char **engine;        /* NULL-terminated; the strings are argv's */
};

/*
 * 0; or 2 after one line on standard error, 3 if memory is short. Reorders the
 * words of argv.
 */
int options_parse(struct options *, int argc, char **argv);
void options_free(struct options *);

/* Print usage and our own options; the engine's follow. */
void options_help(FILE *);

/* Our own options as completion needs them. */
void options_describe(struct completion_set *);

#endif
