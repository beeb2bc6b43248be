/*
 * missing-sentinel: one sentinel too few for the consumers.
 *
 * Every consumer gets items until it gets a sentinel. Main puts a sentinel for
 * each consumer but one: that one waits forever in get, and main waits forever
 * for that one to end.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/program.h"
#include "lockstep/queue.h"

#define ITEMS 10

static int
consumer(const void *arg, size_t size)
{
	struct queue *q;
	int64_t n;

	memcpy(&q, arg, size);
	while (queue_get(q, &n, sizeof n, FOREVER) != -EPIPE) {
		self_work(&self_params()->task_work);
		self_add(n, 1); /* sum = sum + n */
		queue_done(q);
	}
	say("%s got a sentinel and leaves", self_name());
	return 0;
}

static void
put_all(struct queue *q, unsigned sentinels)
{
	for (int64_t n = 1; n <= ITEMS; n++)
		queue_put(q, &n, sizeof n, FOREVER);
	for (unsigned i = 0; i < sentinels; i++)
		queue_put_sentinel(q, FOREVER);
	queue_join(q, FOREVER);
	say("all %d items are done; %u sentinels were put", ITEMS, sentinels);
}

static void
join(struct child *c, unsigned number)
{
	int status = 0;

	process_join(c, FOREVER, &status);
	if (status < 0)
		say("worker-%u was killed by signal %d", number, -status);
}

static int
run(const struct params *p)
{
	static struct child *children[PARAMS_MAX_PROCESSES];
	struct queue *q =
	    queue_new("numbers", ITEMS + p->processes, sizeof(int64_t), true);
	char name[32];
	unsigned started = 0;

	if (q == NULL) {
		say("cannot create the queue");
		return 1;
	}
	for (; started < p->processes; started++) {
		snprintf(name, sizeof name, "worker-%u", started + 1);
		children[started] = process_start(name, consumer, &q, sizeof q);
		if (children[started] == NULL)
			break;
	}
	if (started == 0) {
		say("cannot start a consumer");
		return 1;
	}
	put_all(q, started - 1); /* the mistake: one is missing */
	for (unsigned i = 0; i < started; i++)
		join(children[i], i + 1);
	say("all consumers have ended");
	result_set("consumers joined", started);
	result_set("sum of items", self_sum());
	return 0;
}

static const char *const lesson[] = {
    "A consumer gets items until it gets a sentinel, so each needs a "
    "sentinel of its own. Here one sentinel is missing.",
    "All items are done, and yet the program does not end: one consumer "
    "waits in get, main waits in join. Python hangs here and prints nothing.",
    "What to look at: who waits for what. The queue is empty, a consumer "
    "waits in get, and nobody is left who could put.",
    "How to fix it: put one sentinel for each consumer, or close the queue. "
    "Now kill the waiting consumer with `k`: main continues.",
    NULL,
};

const struct demo demo_missing_sentinel = {
    .name = "missing-sentinel",
    .title = "a sentinel for each consumer but one: a hang, built on purpose",
    .lesson = lesson,
    .processes = 3,
    .threads = 1,
    .task_work = "sleep:200ms",
    .lock = "mutex",
    .window = "0",
    .stepped = true,
    .main = run,
};
