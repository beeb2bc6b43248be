/*
 * program_report: the results of a program, as lines of text without a newline:
 * why it hung, what it found, its futures; if `whole`, also its executors,
 * queues, locks and the comparison.
 */
#ifndef LOCKSTEP_PROGRAM_REPORT_H
#define LOCKSTEP_PROGRAM_REPORT_H

#include <stdbool.h>

#include "model/model.h"

void program_report_each(const struct model *, bool whole,
    void (*line)(const char *, void *arg), void *arg);

#endif
