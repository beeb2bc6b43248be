/* gil_text: what the interpreter lock does to adds, in words. */
#ifndef LOCKSTEP_GIL_TEXT_H
#define LOCKSTEP_GIL_TEXT_H

#include <stdbool.h>

#include "model/model.h"

#define GIL_TEXT_LEN 256

/*
 * "the interpreter lock changed hands 412 times, 38 of them between a load and
 * a store". False if there is no such lock.
 */
bool gil_text_counts(const struct model *, char buf[GIL_TEXT_LEN]);

/* When it changes hands between a load and a store, under this window. */
const char *gil_text_rule(const struct model *);

#endif
