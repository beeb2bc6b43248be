/*
 * explore_rows: the options of `explore`, for struct explore_options: a row of
 * one table for each.
 */
#ifndef LOCKSTEP_EXPLORE_ROWS_H
#define LOCKSTEP_EXPLORE_ROWS_H

#include "options/option.h"

extern const struct option_set explore_option_set;

#endif
