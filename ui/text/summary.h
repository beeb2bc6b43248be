/*
 * summary: how a run ended, as lines of text without a newline, and whether its
 * accounting holds.
 *
 * ui/text: sentences about the model, which screens and reports share. It may
 * use stream and the folders before it.
 */
#ifndef LOCKSTEP_SUMMARY_H
#define LOCKSTEP_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include "model/model.h"

#define SUMMARY_LINE 640 /* bytes, with the NUL */

/* `trouble` is the stream's, or NULL. `whole`: with one line per worker. */
void summary_each(const struct model *, const char *trouble, bool whole,
    void (*line)(const char *, void *arg), void *arg);

void summary_print(
    const struct model *, const char *trouble, bool whole, FILE *);

/*
 * No worker was left but items were: how many are not done, including poisoned
 * ones.
 */
bool summary_failed(const struct model *);
uint64_t summary_undone(const struct model *);

/* Items and ledger hold (adds in doubt do not count against them). */
bool summary_holds(const struct model *);

/* What does not hold; NULL if all does. */
const char *summary_breach(const struct model *);

/* No update was lost and nothing is in doubt. */
bool summary_exact(const struct model *);

#endif
