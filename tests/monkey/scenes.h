/* scenes: what the monkey is let loose on. */
#ifndef TESTS_MONKEY_SCENES_H
#define TESTS_MONKEY_SCENES_H

#include <stdbool.h>

struct scene {
	const char *line;  /* arguments; @NAME is a recording of tests/streams,
			      %NAME a file in a folder that is thrown away */
	const char *input; /* recording on standard input, NULL: none */
	bool search;       /* it may start another dashboard */
	bool ascii;
};

extern const struct scene scenes[];
extern const unsigned nscenes;

extern const char *const scene_terms[];
extern const unsigned nscene_terms;

#endif
