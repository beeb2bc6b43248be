/*
 * mkstream: write a made-up stream, for trying the dashboard and for tests.
 *
 *   mkstream SCENARIO [SECONDS] >FILE    broken off after SECONDS
 *   mkstream                             names the scenarios
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "streamgen.h"

int
main(int argc, char **argv)
{
	struct streamgen g = {0};
	double seconds = argc > 2 ? strtod(argv[2], NULL) : 0;

	if (argc < 2) {
		for (int i = 0; streamgen_scenarios[i] != NULL; i++)
			puts(streamgen_scenarios[i]);
		return 0;
	}
	if (!streamgen_scenario(&g, argv[1],
		(unsigned)(seconds * 1e9 / (double)STREAMGEN_TICK)))
		errx(2, "%s: no such scenario", argv[1]);
	if (fwrite(g.frame, FRAME_SIZE, g.n, stdout) != g.n ||
	    fflush(stdout) != 0)
		err(1, "standard output");
	streamgen_free(&g);
	return 0;
}
