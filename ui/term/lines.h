/*
 * lines: standard output for lines and reports.
 *
 * If the reader has stopped reading, we wait until a signal asks us to end;
 * from then on we drop what the reader does not accept.
 */
#ifndef LOCKSTEP_LINES_H
#define LOCKSTEP_LINES_H

#include <stdio.h>

#include "term/sink.h"

struct lines {
	FILE *file; /* write to this */
	struct sink sink;
	int error; /* negative errno of the first failed write; or 0 */
};

/* 0 or -ENOMEM. Do not move the struct before it is closed. */
int lines_open(struct lines *, int fd);

/*
 * Write what is left. 0, also if bytes were dropped after a signal; or -errno.
 */
int lines_close(struct lines *);

#endif
