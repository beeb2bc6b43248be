/*
 * safe-worker: five threads, one lock, one at a time.
 *
 * All of them start together and want the same lock. Its holder works for a
 * second and adds to the sum; the others wait.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/mutex.h"
#include "lockstep/program.h"
#include "lockstep/util.h"

static struct mutex *door;

static double
seconds(uint64_t ns)
{
	return (double)ns / (double)NSEC_PER_SEC;
}

static int
worker(void *arg)
{
	unsigned n = *(unsigned *)arg;
	uint64_t start = now_ns();

	with_lock (door) {
		uint64_t got = now_ns();

		self_work(&self_params()->task_work); /* a second asleep */
		self_add(n, 1);                       /* sum = sum + n */
		say("%s waited %.3f s, was inside for %.3f s, left the sum "
		    "at %" PRId64,
		    self_name(), seconds(got - start), seconds(now_ns() - got),
		    self_sum());
	}
	return 0;
}

static int
run(const struct params *p)
{
	static struct thread *threads[PARAMS_MAX_THREADS];
	static unsigned numbers[PARAMS_MAX_THREADS];
	unsigned joined = 0;
	char name[32];

	door = mutex_new("door");
	if (door == NULL) {
		say("cannot create the lock");
		return 1;
	}
	for (unsigned i = 0; i < p->threads; i++) {
		numbers[i] = i + 1;
		snprintf(name, sizeof name, "worker-%u", i + 1);
		threads[i] = thread_start(name, worker, &numbers[i]);
		if (threads[i] == NULL)
			say("cannot start %s: %s", name, strerror(errno));
	}
	for (unsigned i = 0; i < p->threads; i++)
		joined += threads[i] != NULL &&
		    thread_join(threads[i], FOREVER, NULL) == 0;
	result_set("sum", self_sum());
	return joined == p->threads ? 0 : 1;
}

static const char *const lesson[] = {
    "Five threads want one lock: `with lock:` in Python, with_lock (door) "
    "here.",
    "The holder works, the others wait; each row says for which thread, and "
    "how long.",
    "The sum itself has no lock (`lock none`), and yet nothing is lost: only "
    "the holder of the door adds.",
    "It is safe and it is slow: five seconds, as in `sequential`. Hold a lock "
    "for the add, not for the work.",
    NULL,
};

const struct demo demo_safe_worker = {
    .name = "safe-worker",
    .title = "five threads and one lock: one at a time",
    .lesson = lesson,
    .processes = 1,
    .threads = 5,
    .task_work = "sleep:1s",
    .lock = "none",
    .window = "20ms",
    .stepped = true,
    .main = run,
};
