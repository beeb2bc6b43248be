/*
 * sequential: five tasks, one after the other.
 *
 * One thread does everything, so the total time is the sum of the times of the
 * tasks. Compare the other demos with this one.
 */
#include <inttypes.h>

#include "lockstep/demo.h"
#include "lockstep/program.h"
#include "lockstep/util.h"

#define TASKS 5

static double
milliseconds(uint64_t ns)
{
	return (double)ns / (double)NSEC_PER_MSEC;
}

static int
run(const struct params *p)
{
	uint64_t begin = now_ns(), together = 0;

	for (int n = 1; n <= TASKS; n++) {
		uint64_t start = now_ns();

		self_work(&p->task_work); /* a second asleep */
		self_add(n, 1);           /* sum = sum + n */
		uint64_t took = now_ns() - start;
		say("task %d took %.1f ms, the sum is %" PRId64, n,
		    milliseconds(took), self_sum());
		together += took;
	}
	uint64_t all = now_ns() - begin;
	say("in all %.1f ms, the times of the tasks together %.1f ms",
	    milliseconds(all), milliseconds(together));
	result_set("sum", self_sum());
	result_set("ms in all", (int64_t)(all / NSEC_PER_MSEC));
	result_set("ms of the tasks", (int64_t)(together / NSEC_PER_MSEC));
	return 0;
}

static const char *const lesson[] = {
    "Five tasks, one after the other: each sleeps a second and adds its "
    "number to the sum.",
    "One process, one thread: only one row ever works, and the total time is "
    "the sum of the times of the tasks.",
    "While the thread sleeps, the processor has nothing to do: `threads` and "
    "`processes` do the same work in a fifth of the time.",
    NULL,
};

const struct demo demo_sequential = {
    .name = "sequential",
    .title = "five tasks, one after the other, in one thread",
    .lesson = lesson,
    .processes = 1,
    .threads = 1,
    .task_work = "sleep:1s",
    .lock = "mutex",
    .window = "20ms",
    .stepped = true,
    .main = run,
};
