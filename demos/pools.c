/*
 * thread-pool, process-pool: n * n for n from 0 to 9, by five workers.
 *
 * First by map, which returns the results in the order of the inputs, then by
 * submit and as_completed, which return them as they finish. The tasks take one
 * to ten times --task-work, so that the two orders differ.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/executor.h"
#include "lockstep/program.h"

#define TASKS 10

/* How many times --task-work the task n takes: 1 to 10, mixed. */
static uint64_t
steps(int64_t n)
{
	return 1 + (uint64_t)(7 * n) % 10;
}

static int
square(struct call *c)
{
	struct work work = self_params()->task_work;
	int64_t n;

	memcpy(&n, call_arg(c), sizeof n);
	self_add(1, 1); /* one more task has started */
	work.ns *= steps(n);
	self_work(&work);
	n *= n;
	return call_return(c, &n, sizeof n);
}

/* "0 1 4 9": append the next number. */
static void
append(char *line, int64_t n)
{
	size_t len = strlen(line);

	snprintf(line + len, PROGRAM_LINE - len, " %" PRId64, n);
}

static int
by_map(struct executor *e)
{
	int64_t in[TASKS], out[TASKS], total = 0;
	char line[PROGRAM_LINE] = "";

	for (int n = 0; n < TASKS; n++)
		in[n] = n;
	int err = executor_map(
	    e, square, in, sizeof in[0], out, sizeof out[0], TASKS, 1, FOREVER);
	if (err != 0) {
		say("map: a task failed: %s",
		    err == -EOWNERDEAD ? "its workers kept dying"
				       : strerror(-err));
		return 1;
	}
	for (int n = 0; n < TASKS; n++) {
		append(line, out[n]);
		total += out[n];
	}
	say("map, in the order of the inputs:%s", line);
	result_set("sum by map", total);
	return 0;
}

/* One more future that is done, from as_completed. */
static int
take(struct future *f, char *line, int64_t *total)
{
	int64_t value;
	long got = future_result(f, 0, &value, sizeof value);

	if (got != sizeof value) {
		say("a task failed: %s", future_error(f));
		return 1;
	}
	append(line, value);
	*total += value;
	return 0;
}

static int
by_submit(struct executor *e)
{
	struct future *futures[TASKS], *f;
	char line[PROGRAM_LINE] = "";
	size_t submitted = 0;
	int64_t total = 0;
	int failed = 0;

	for (int64_t n = 0; n < TASKS; n++) {
		char label[32];

		snprintf(label, sizeof label, "square(%" PRId64 ")", n);
		f = executor_submit_as(e, label, square, &n, sizeof n);
		if (f != NULL)
			futures[submitted++] = f;
	}
	struct as_completed *c = as_completed(futures, submitted);
	while ((f = as_completed_next(c, FOREVER)) != NULL)
		failed += take(f, line, &total);
	as_completed_free(c);
	for (size_t i = 0; i < submitted; i++)
		future_free(futures[i]);
	say("as_completed, as they finished:%s", line);
	result_set("sum by submit", total);
	return failed > 0 || submitted < TASKS;
}

/* The tasks of a worker that died start again: the sum shows it. */
static void
report_started(bool all_done)
{
	int64_t begun = self_sum();

	result_set("tasks begun", begun);
	if (all_done && begun > 2 * TASKS)
		say("%d tasks were submitted and %" PRId64 " started: the "
		    "tasks of a worker that died started again, and no "
		    "result is missing",
		    2 * TASKS, begun);
}

static int
pool(enum frame_executor_kind kind)
{
	struct executor *e = executor_new(
	    kind, &(struct executor_options){.death = DEATH_RETRIES});

	if (e == NULL) {
		say("cannot create the pool: %s", strerror(errno));
		return 1;
	}
	int failed = by_map(e) + by_submit(e);
	executor_free(e);
	report_started(failed == 0);
	return failed > 0;
}

static int
run_threads(const struct params *p)
{
	(void)p;
	return pool(EXECUTOR_THREADS);
}

static int
run_processes(const struct params *p)
{
	(void)p;
	return pool(EXECUTOR_PROCESSES);
}

static const char *const lesson_threads[] = {
    "A pool has five threads and ten tasks: n * n for n from 0 to 9. A "
    "thread that has finished a task takes the next one.",
    "map returns the results in the order of the inputs: 0 1 4 9 ..., however "
    "long each of them took.",
    "submit returns a future for each task; as_completed returns the futures "
    "as they finish: the quick ones first.",
    "The sum counts the tasks that were started: ten by map, ten by submit.",
    NULL,
};

const struct demo demo_thread_pool = {
    .name = "thread-pool",
    .title = "n * n for n from 0 to 9 by a pool of five threads: map, then "
	     "as_completed",
    .lesson = lesson_threads,
    .processes = 1,
    .threads = 5,
    .task_work = "sleep:300ms",
    .lock = "mutex",
    .window = "0",
    .stepped = true,
    .main = run_threads,
};

static const char *const lesson_processes[] = {
    "A pool has five processes and ten tasks: n * n for n from 0 to 9. "
    "Arguments and results travel as copies.",
    "map returns the results in the order of the inputs; as_completed returns "
    "them as they finish, the quick ones first.",
    "Select a worker and kill it with `k`: a new worker takes its place, and "
    "its task starts again. A pool of Python's would be broken, or hang.",
    "The sum counts the tasks that were started: 20, and one more for each "
    "task that a killed worker was running.",
    NULL,
};

const struct demo demo_process_pool = {
    .name = "process-pool",
    .title = "n * n for n from 0 to 9 by a pool of five processes: map, then "
	     "as_completed",
    .lesson = lesson_processes,
    .processes = 5,
    .threads = 1,
    .task_work = "sleep:300ms",
    .lock = "mutex",
    .window = "0",
    .stepped = true,
    .main = run_processes,
};
