/* explore_rows: the options of `explore`, a row of one table for each. */
#ifndef LOCKSTEP_EXPLORE_ROWS_H
#define LOCKSTEP_EXPLORE_ROWS_H

#include <stddef.h>

#include "explore/explore_main.h"

#define EXPLORE_ROWS 20 /* at most */

struct explore_row {
	const char *name;
	const char *arg;     /* what the help calls the value; NULL: a flag */
	const char *help;    /* NULL: not for people */
	const char *allowed; /* for the line about a mistake */
	int (*apply)(struct explore_options *, const char *value);
	bool (*had)(const struct explore_demo *); /* NULL: by all */

	/* In place of `allowed`: what may be given, NULL-terminated. */
	const char *const *(*words)(const struct explore_demo *);
};

extern const struct explore_row explore_rows[];
extern const size_t explore_nrows;

/* `given` is none of what the row allows: why, a clause; NULL: no more to be
 * said of it than what is allowed. */
const char *explore_row_refusal(const struct explore_row *, const char *given);

#endif
