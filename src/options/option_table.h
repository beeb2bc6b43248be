/*
 * option_table: the engine's options, each a row of one table: how it is
 * written, what the help says of it, and what it does to struct params_priv.
 */
#ifndef LOCKSTEP_OPTION_TABLE_H
#define LOCKSTEP_OPTION_TABLE_H

#include <stddef.h>

#include "options/params_priv.h"

#define LONGEST_WINDOW (10 * NSEC_PER_SEC)
#define ROWS_MAX       PARAMS_OPTIONS

struct option_row {
	const char *name;
	int letter;          /* 0: none */
	const char *arg;     /* what the help calls the value */
	const char *help;    /* NULL: not for people */
	const char *allowed; /* for the line about a mistake; NULL: a list */
	int (*apply)(struct params_priv *, const char *value);
	const char *demo;    /* those that have it, in a row; NULL: all */
	const char *instead; /* value if none is given; NULL: one is needed */
	bool aside; /* it does not say what steps there are: in no schedule */
};

extern const struct option_row rows[];
extern const size_t nrows; /* at most ROWS_MAX */

#endif
