/*
 * option_table: the options of a run, for struct params_priv. A new option has
 * its field there, its row here, and nothing else.
 */
#ifndef LOCKSTEP_OPTION_TABLE_H
#define LOCKSTEP_OPTION_TABLE_H

#include "options/option.h"

#define LONGEST_WINDOW (10 * NSEC_PER_SEC)

extern const struct option_set run_options;

#endif
