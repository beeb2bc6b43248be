/* must: what has to hold; a fuzzer counts an abort as a find. */
#ifndef TESTS_FUZZ_MUST_H
#define TESTS_FUZZ_MUST_H

#include <stdio.h>
#include <stdlib.h>

#define MUST(holds)                                                         \
	do {                                                                \
		if (!(holds)) {                                             \
			fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, \
			    __LINE__, #holds);                              \
			abort();                                            \
		}                                                           \
	} while (0)

#endif
