/*
 * fronts: what shows a run where the dashboard does not. A new one is a row in
 * fronts.c; its name is an option.
 */
#ifndef LOCKSTEP_FRONTS_H
#define LOCKSTEP_FRONTS_H

#include <stdbool.h>

#include "model/model.h"
#include "stream/stream.h"

struct front {
	const char *name; /* of its option */
	const char *help;
	/* To the end of the run. 0; 128 + n if signal n came; -errno if the
	 * output failed. */
	int (*run)(struct model *, struct stream *);
	int (*search)(struct model *, struct stream *); /* `explore`, likewise;
							   NULL: run() */
};

/* The first one is what is shown without a terminal. */
extern const struct front fronts[];
extern const unsigned fronts_n;

#endif
