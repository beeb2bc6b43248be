/*
 * exploration_report: what a search of all schedules found, as lines of text
 * without a newline.
 */
#ifndef LOCKSTEP_EXPLORATION_REPORT_H
#define LOCKSTEP_EXPLORATION_REPORT_H

#include "model/model.h"

void exploration_report_each(
    const struct model *, void (*line)(const char *, void *arg), void *arg);

#endif
