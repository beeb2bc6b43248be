/*
 * harness: run a function as the main of a demo, under a supervisor of its
 * own, as the engine does; nobody watches.
 */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

#include <stdio.h>
#include <unistd.h>

#include "lockstep/params.h"

/*
 * The engine's exit status: 0 if main said 0, 1 if it said something else or
 * was killed. `processes` and `threads` are what the options would say.
 */
int program_run(
    int (*main)(const struct params *), unsigned processes, unsigned threads);

/* In the program's processes, where Check's own asserts reach nobody. */
#define EXPECT(holds)                                                      \
	do {                                                               \
		if (!(holds)) {                                            \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
			    #holds);                                       \
			_exit(99);                                         \
		}                                                          \
	} while (0)

#endif
