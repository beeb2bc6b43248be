/*
 * summary: how a run ended, as lines of text without a newline, and whether
 * its books balance.
 */
#ifndef LOCKSTEP_SUMMARY_H
#define LOCKSTEP_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include "model/model.h"

#define SUMMARY_LINE 640 /* bytes, with the NUL */

/* `trouble` is the stream's, or NULL. `whole`: with a line per worker. */
void summary_each(const struct model *, const char *trouble, bool whole,
    void (*line)(const char *, void *arg), void *arg);

void summary_print(
    const struct model *, const char *trouble, bool whole, FILE *);

/* No worker was left, items were: so many are not done, poisoned ones too. */
bool summary_failed(const struct model *);
uint64_t summary_undone(const struct model *);

/* Items and ledger hold (adds in doubt are no breach). */
bool summary_holds(const struct model *);

/* What does not; NULL if all does. */
const char *summary_breach(const struct model *);

/* Not one update was lost and nothing is in doubt. */
bool summary_exact(const struct model *);

#endif
