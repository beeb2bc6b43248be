/* suite: run test cases, each test in a process and with a deadline. */
#ifndef LOCKSTEP_SUITE_H
#define LOCKSTEP_SUITE_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

#define SUITE_TIMEOUT 300 /* seconds; only what hangs takes so long */

/* Is there time for more of the same? `make check-long` says so. */
static inline bool
suite_long(void)
{
	const char *value = getenv("LOCKSTEP_LONG");

	return value != NULL && value[0] != '\0';
}

/* What main() is to return. `cases` is NULL-terminated. */
static inline int
suite_run(const char *name, TCase *const cases[])
{
	Suite *suite = suite_create(name);
	SRunner *runner = srunner_create(suite);

	for (int i = 0; cases[i] != NULL; i++) {
		tcase_set_timeout(cases[i], SUITE_TIMEOUT);
		suite_add_tcase(suite, cases[i]);
	}
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_ENV);

	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}

#endif
