/* explore_options: the command line of `explore`. */
#ifndef LOCKSTEP_EXPLORE_OPTIONS_H
#define LOCKSTEP_EXPLORE_OPTIONS_H

#include "explore/explore_main.h"

/* 0; -1 after one line on standard error; 1: --help was answered. */
int explore_options_parse(struct explore_options *, int argc, char *argv[]);

/* What explore_options_parse() took, whatever it has returned. */
void explore_options_free(struct explore_options *);

#endif
