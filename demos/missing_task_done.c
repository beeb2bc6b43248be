/*
 * missing-task-done: a consumer gets an item and never marks it done.
 *
 * Main joins the queue: it waits until every item is marked done. The last
 * consumer forgets that once: nothing is left to do, and main waits forever.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/program.h"
#include "lockstep/queue.h"

#define ITEMS 8

struct job {
	struct queue *queue;
	bool forgets;
};

static int
consumer(const void *arg, size_t size)
{
	struct job job;
	int64_t n;

	memcpy(&job, arg, size);
	while (queue_get(job.queue, &n, sizeof n, FOREVER) != -EPIPE) {
		self_work(&self_params()->task_work);
		self_add(n, 1); /* sum = sum + n */
		if (job.forgets) {
			job.forgets = false; /* the mistake, once */
			continue;
		}
		queue_done(job.queue);
	}
	return 0;
}

static unsigned
start(struct queue *q, unsigned n, struct child *children[])
{
	char name[32];

	for (unsigned i = 0; i < n; i++) {
		struct job job = {.queue = q, .forgets = i + 1 == n};

		snprintf(name, sizeof name, "worker-%u", i + 1);
		children[i] = process_start(name, consumer, &job, sizeof job);
		if (children[i] == NULL)
			return i;
	}
	return n;
}

static void
finish(struct queue *q, struct child *children[], unsigned n)
{
	int status;

	for (unsigned i = 0; i < n; i++)
		queue_put_sentinel(q, FOREVER);
	for (unsigned i = 0; i < n; i++) {
		process_join(children[i], FOREVER, &status);
		if (status < 0)
			say("worker-%u was killed by signal %d: its item went "
			    "back into the queue",
			    i + 1, -status);
	}
}

static int
run(const struct params *p)
{
	static struct child *children[PARAMS_MAX_PROCESSES];
	struct queue *q =
	    queue_new("numbers", ITEMS + p->processes, sizeof(int64_t), true);

	if (q == NULL) {
		say("cannot create the queue");
		return 1;
	}
	unsigned started = start(q, p->processes, children);
	if (started == 0) {
		say("cannot start a consumer");
		return 1;
	}
	for (int64_t n = 1; n <= ITEMS; n++)
		queue_put(q, &n, sizeof n, FOREVER);
	say("%d items are put; main joins the queue", ITEMS);
	queue_join(q, FOREVER);
	say("every item is marked done");
	finish(q, children, started);
	result_set("items done", ITEMS);
	return 0;
}

static const char *const lesson[] = {
    "A joinable queue counts: put adds one, task_done takes one off, join "
    "waits until the count is zero. Here one consumer forgets task_done for "
    "one item.",
    "The queue is empty and all work is done, and yet join does not return. "
    "Python hangs here and prints nothing.",
    "What to look at: unfinished is 1 and the depth is 0. The row of "
    "main names the consumer that forgot.",
    "How to fix it: call task_done on every path, also where the work fails "
    "(finally). Now kill that consumer with `k`: its item goes back into the "
    "queue, another consumer does it, and main continues.",
    NULL,
};

const struct demo demo_missing_task_done = {
    .name = "missing-task-done",
    .title = "an item never marked done: a hang, built on purpose",
    .lesson = lesson,
    .processes = 2,
    .threads = 1,
    .task_work = "sleep:200ms",
    .lock = "mutex",
    .window = "0",
    .stepped = true,
    .main = run,
};
