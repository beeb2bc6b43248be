/* reports: what is told without a screen, and what must hold of it. */
#ifndef TESTS_FUZZ_REPORTS_H
#define TESTS_FUZZ_REPORTS_H

#include "model/model.h"
#include "model/predict.h"

/* Once, before any of these: standard output becomes a file in memory. */
void reports_start(void);

/*
 * The summary, the guess and the JSON object. Lines can be printed; JSON can
 * be parsed. `trouble` may be NULL.
 */
void reports_check(
    const struct model *, const char *trouble, const struct predict *);

/* The plain front end reads this descriptor from its start to its end. */
void reports_plain(int fd);

#endif
