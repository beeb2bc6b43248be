/*
 * known_options: all options that a word of the command line may mean, ours
 * and the engine's.
 *
 * What is short for one of ours may be short for one of the engine's as well,
 * and what looks like one of ours may be the value of one of the engine's. Only
 * the engine knows; where it matters, it is asked.
 */
#ifndef LOCKSTEP_KNOWN_OPTIONS_H
#define LOCKSTEP_KNOWN_OPTIONS_H

#include "cmdline.h"

#define KNOWN_MOST   128  /* options of both programs */
#define KNOWN_ANSWER 8192 /* bytes */

struct known_options {
	struct cmdline_option option[KNOWN_MOST];
	size_t nours, n;           /* ours come first */
	char answer[KNOWN_ANSWER]; /* of the engine; with the names of its */
};

/* Take in those of ours. */
void known_options_ours(
    struct known_options *, const struct cmdline_option *ours, size_t n);

/*
 * And those of the engine, if that is needed to read argv. `scratch` is as
 * long as argv.
 */
void known_options_engine(struct known_options *, char **argv, char **scratch);

/* Is it ours: the option that was read last, or one that it may be? */
bool known_options_is_ours(
    const struct known_options *, const struct cmdline *);

#endif
