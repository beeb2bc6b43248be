/*
 * report_heading: the frames that begin an exploration: HELLO, and as texts the
 * lesson, the options, the bounds and the programs of the threads.
 */
#ifndef LOCKSTEP_REPORT_HEADING_H
#define LOCKSTEP_REPORT_HEADING_H

#include "explore/explore_main.h"
#include "wire/status.h"

void report_heading(struct report *, const struct explore_options *,
    const struct steps_program *);

#endif
