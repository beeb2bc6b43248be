/*
 * threads, processes: the same work by five threads and by five processes.
 *
 * Threads live in one process and share its memory: all add to one sum. Each
 * process has its own memory and adds to a sum of its own; main's stays 0.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/demo.h"
#include "lockstep/program.h"

static void
report(const char *what)
{
	say("%s  pid %d  tid %d: %s, sees the sum %" PRId64, self_name(),
	    (int)getpid(), (int)gettid(), what, self_sum());
}

static void
work(unsigned n)
{
	self_work(&self_params()->task_work); /* three seconds asleep */
	self_add(n, 1);                       /* sum = sum + n */
	report("done");
}

/* ---- five threads ---- */

static int
in_thread(void *arg)
{
	work(*(unsigned *)arg);
	return 0;
}

static int
run_threads(const struct params *p)
{
	static struct thread *threads[PARAMS_MAX_THREADS];
	static unsigned numbers[PARAMS_MAX_THREADS];
	unsigned joined = 0;
	char name[32];

	for (unsigned i = 0; i < p->threads; i++) {
		numbers[i] = i + 1;
		snprintf(name, sizeof name, "thread-%u", i + 1);
		threads[i] = thread_start(name, in_thread, &numbers[i]);
		if (threads[i] == NULL)
			say("cannot start %s: %s", name, strerror(errno));
	}
	for (unsigned i = 0; i < p->threads; i++)
		joined += threads[i] != NULL &&
		    thread_join(threads[i], FOREVER, NULL) == 0;
	report("all joined");
	result_set("sum", self_sum());
	return joined == p->threads ? 0 : 1;
}

/* ---- five processes ---- */

static int
in_process(const void *arg, size_t size)
{
	unsigned n;

	memcpy(&n, arg, size); /* a copy: main's memory is not shared */
	work(n);
	return 0;
}

/* True if it finished its work. */
static bool
join(unsigned n, struct child *c)
{
	int status = 0;

	if (c == NULL) {
		say("cannot start process-%u", n);
		return false;
	}
	process_join(c, FOREVER, &status);
	if (status < 0)
		say("process-%u was killed by signal %d: its sum is gone, too",
		    n, -status);
	return status == 0;
}

static int
run_processes(const struct params *p)
{
	static struct child *children[PARAMS_MAX_PROCESSES];
	char name[32];
	unsigned joined = 0;

	for (unsigned i = 0; i < p->processes; i++) {
		unsigned n = i + 1;

		snprintf(name, sizeof name, "process-%u", n);
		children[i] = process_start(name, in_process, &n, sizeof n);
	}
	for (unsigned i = 0; i < p->processes; i++)
		joined += join(i + 1, children[i]);
	report("all joined");
	result_set("processes done", joined);
	result_set("sum of main", self_sum());
	return joined == p->processes ? 0 : 1;
}

static const char *const lesson_threads[] = {
    "Five threads, started and joined by hand: each sleeps three seconds and "
    "adds its number to the sum.",
    "One pid, five tids: they live in one process and share its memory, so "
    "all of them add to the same sum.",
    "They sleep at the same time: all is done after three seconds, not "
    "fifteen.",
    "They also share the danger: press `l` while they sleep, so that the lock "
    "is off when they add, and some of the sum is lost.",
    NULL,
};

const struct demo demo_threads = {
    .name = "threads",
    .title = "five bare threads share one sum",
    .lesson = lesson_threads,
    .processes = 1,
    .threads = 5,
    .task_work = "sleep:3s",
    .lock = "mutex",
    .window = "20ms",
    .stepped = true,
    .main = run_threads,
};

static const char *const lesson_processes[] = {
    "Five processes run the same code as `threads`. Five pids, one ppid: "
    "started by "
    "main, forked by the supervisor.",
    "Each process has its own copy of the memory and adds to a sum of its "
    "own: a lock is neither needed nor of any use.",
    "The sum of main stays 0: nothing comes back from a process unless the "
    "program sends it. `queue` shows how.",
    "--sum shared puts the sum into memory that all of them share: then it is "
    "15.",
    NULL,
};

const struct demo demo_processes = {
    .name = "processes",
    .title = "five bare processes, each with a sum of its own",
    .lesson = lesson_processes,
    .processes = 5,
    .threads = 1,
    .task_work = "sleep:3s",
    .lock = "mutex",
    .window = "20ms",
    .sum = "private",
    .stepped = true,
    .main = run_processes,
};
