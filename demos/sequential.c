/*
 * sequential: five tasks, one after the other.
 *
 * One thread does everything, so the whole takes as long as its parts
 * together. What the other demos do is to be compared with this.
 */
#include <inttypes.h>

#include "lockstep.h"
#include "program.h"
#include "util.h"

#define TASKS 5

static double
seconds_since(uint64_t start)
{
	return (double)(now_ns() - start) / (double)NSEC_PER_SEC;
}

static int
run(const struct params *p)
{
	uint64_t begin = now_ns();
	double together = 0;

	for (int n = 1; n <= TASKS; n++) {
		uint64_t start = now_ns();

		self_work(&p->task_work); /* a second asleep */
		self_add(n, 1);           /* sum = sum + n */
		double took = seconds_since(start);
		say("task %d took %.3f s, the sum is %" PRId64, n, took,
		    self_sum());
		together += took;
	}
	say("all %d took %.3f s, their times together are %.3f s", TASKS,
	    seconds_since(begin), together);
	result_set("sum", self_sum());
	return 0;
}

static const char *const lesson[] = {
    "Five tasks, one after the other: each sleeps a second and adds its "
    "number to the sum.",
    "One process, one thread: only one row ever works, and the whole takes "
    "the sum of all times.",
    "While it sleeps the processor has nothing to do: `threads` and "
    "`processes` do the same in a fifth of the time.",
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
    .main = run,
};
