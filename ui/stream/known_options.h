/*
 * known_options: the options of both programs.
 *
 * An abbreviation of one of our options may also abbreviate one of the
 * engine's, and a word that looks like one of ours may be the value of one of
 * the engine's. Only the engine knows its options, so we ask it where that
 * matters.
 */
#ifndef LOCKSTEP_KNOWN_OPTIONS_H
#define LOCKSTEP_KNOWN_OPTIONS_H

#include "base/cmdline.h"

#define KNOWN_MOST   128  /* options of both programs */
#define KNOWN_ANSWER 8192 /* bytes */

struct known_options {
	struct cmdline_option option[KNOWN_MOST];
	size_t nours, n;           /* ours come first */
	char answer[KNOWN_ANSWER]; /* storage for the engine's names */
};

void known_options_ours(
    struct known_options *, const struct cmdline_option *ours, size_t n);

/*
 * Add the engine's options if argv cannot be read without them. `scratch` has
 * room for a copy of argv.
 */
void known_options_engine(struct known_options *, char **argv, char **scratch);

/* Is the option just read one of ours, or could it mean one of ours? */
bool known_options_is_ours(
    const struct known_options *, const struct cmdline *);

#endif
