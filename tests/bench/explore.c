/*
 * explore: how fast all schedules of 2 threads with 2 adds of load, add,
 * store are run, with real threads.
 *
 * usage: explore crew|forked TIMES
 *
 * crew: by threads that are started once, as lockstep explore does it.
 * forked: by a process of its own for each schedule, which starts its threads,
 * runs the one schedule with them and says by its exit status what came of it:
 * as tools do it that run a program anew for each schedule.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "explore/explore_run.h"
#include "explore/models.h"
#include "explore/search.h"
#include "explore/step_threads.h"

#define SCHEDULES 924

static struct steps_program program;
static struct explore_report report;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
build(void)
{
	const struct explore_small small = {
	    .threads = 2, .adds = 2, .steps = 3, .lock = "none", .fix = "none"};

	for (size_t i = 0; explore_demos[i] != NULL; i++)
		if (strcmp(explore_demos[i]->name, "race") == 0 &&
		    explore_demo_build(explore_demos[i], &program, &small))
			return;
	errx(1, "no race to explore");
}

static unsigned
by_crew(struct explore *e, struct step_threads *c)
{
	explore_run(&report, &program, e, c, UINT64_MAX, NULL, NULL);
	return (unsigned)report.losing;
}

/* 1 if it loses. */
static int
one_process(const struct interleaving *s)
{
	struct step_threads_result result;
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		struct step_threads *c = step_threads_new(&program);

		if (c == NULL)
			_exit(2);
		step_threads_run(c, s, 1, &result, NULL);
		_exit(result.lost != 0);
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) > 1)
		errx(1, "a schedule could not be run");
	return WEXITSTATUS(status);
}

static unsigned
by_processes(struct explore *e)
{
	struct interleaving s;
	unsigned losing = 0;

	while (explore_next(e, &s))
		losing += (unsigned)one_process(&s);
	return losing;
}

int
main(int argc, char *argv[])
{
	bool forked = argc == 3 && strcmp(argv[1], "forked") == 0;
	long times = argc == 3 ? atol(argv[2]) : 0;
	struct step_threads *c = NULL;

	if (times < 1 || (!forked && strcmp(argv[1], "crew") != 0))
		errx(2, "usage: explore crew|forked TIMES");
	build();

	double start = now();

	if (!forked && (c = step_threads_new(&program)) == NULL)
		err(1, "threads");
	for (long i = 0; i < times; i++) {
		struct explore *e = explore_new(&program, EXPLORE_ANY, false);

		if (e == NULL)
			err(1, "search");
		/* 6 of them come to 4. */
		if ((forked ? by_processes(e) : by_crew(e, c)) != SCHEDULES - 6)
			errx(1, "outcomes are not what they must be");
		explore_free(e);
	}
	step_threads_free(c);
	printf("schedules_per_s %.0f\n",
	    (double)times * SCHEDULES / (now() - start));
	return 0;
}
