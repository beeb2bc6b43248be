/*
 * lines: standard output, for lines and reports.
 *
 * A reader that has stopped is waited for as long as nothing asks us to end.
 * Once a signal does, what the reader does not take is dropped.
 */
#ifndef LOCKSTEP_LINES_H
#define LOCKSTEP_LINES_H

#include <stdio.h>

#include "term/sink.h"

struct lines {
	FILE *file; /* to be written to */
	struct sink sink;
	int error; /* negative errno of the first write that failed; or 0 */
};

/* 0 or -ENOMEM. It stays where it is until it is closed. */
int lines_open(struct lines *, int fd);

/* Write what is left. 0, also if a signal made us drop some; or -errno. */
int lines_close(struct lines *);

#endif
