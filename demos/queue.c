/*
 * queue: a child puts numbers, its parent gets them.
 *
 * The queue has room for three. At first the child is faster: the queue is
 * full and the child waits for room. Then the child is slower: the queue is
 * empty and the parent waits for an item. A sentinel ends it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "lockstep/queue.h"
#include "lockstep/demo.h"
#include "lockstep/program.h"
#include "lockstep/util.h"

#define ITEMS 10
#define ROOM  3
#define QUICK 7            /* items that are put without a pause */
#define SLOW  4            /* then one item is put in the time of four gets */
#define LOOK  NSEC_PER_SEC /* how often to see whether the child lives */

static int
producer(const void *arg, size_t size)
{
	struct work work = self_params()->task_work;
	struct queue *q;

	memcpy(&q, arg, size);
	work.ns *= SLOW;
	for (int64_t n = 0; n < ITEMS; n++) {
		if (n >= QUICK)
			self_work(&work);
		say("producer puts %" PRId64 ", depth %u", n, queue_depth(q));
		queue_put(q, &n, sizeof n, FOREVER);
	}
	say("producer puts the sentinel: no more will come");
	queue_put_sentinel(q, FOREVER);
	return 0;
}

/*
 * As queue_get(), but does not wait forever: -ECHILD if the queue is empty and
 * the child was dead before, so that nobody is left to put anything.
 */
static long
get(struct queue *q, struct child *c, int64_t *n)
{
	for (;;) {
		bool alive = process_alive(c);
		long got = queue_get(q, n, sizeof *n, alive ? LOOK : 0);

		if (got != -ETIMEDOUT)
			return got;
		if (!alive)
			return -ECHILD;
	}
}

/* 0 if it got the sentinel. */
static int
consume(struct queue *q, struct child *c, const struct work *work)
{
	int64_t n, items = 0;
	long got;

	while ((got = get(q, c, &n)) == sizeof n) {
		say("main got %" PRId64 ", depth %u", n, queue_depth(q));
		self_work(work);
		self_add(n, 1); /* sum = sum + n */
		items++;
	}
	say(got == -EPIPE ? "main got the sentinel: the end"
			  : "the producer is dead and has put no sentinel: "
			    "main stops waiting");
	result_set("items got", items);
	result_set("sum of items", self_sum());
	return got == -EPIPE ? 0 : 1;
}

static int
run(const struct params *p)
{
	struct queue *q = queue_new("numbers", ROOM, sizeof(int64_t), false);
	int status = 0;

	if (q == NULL) {
		say("cannot create the queue");
		return 1;
	}
	struct child *c = process_start("producer", producer, &q, sizeof q);
	if (c == NULL) {
		say("cannot start the producer");
		return 1;
	}
	int missing = consume(q, c, &p->task_work);
	process_join(c, FOREVER, &status);
	if (status < 0)
		say("the producer was killed by signal %d", -status);
	return missing;
}

static const char *const lesson[] = {
    "A child puts 0 to 9 into a queue with room for three, then a sentinel; "
    "its parent gets them in the same order.",
    "First the child is faster: the depth is 3 and the child waits for room. "
    "A bounded queue slows the faster side down (backpressure).",
    "Then the child is slower: the depth is 0 and the parent waits for an "
    "item.",
    "Select the producer and kill it with `k`: no sentinel will come. The "
    "parent does not hang, because its get has a timeout. Compare "
    "`missing-sentinel`.",
    NULL,
};

const struct demo demo_queue = {
    .name = "queue",
    .title = "a child puts, its parent gets, through a queue with room for "
	     "three",
    .lesson = lesson,
    .processes = 1,
    .threads = 1,
    .task_work = "sleep:500ms",
    .lock = "mutex",
    .window = "0",
    .stepped = true,
    .main = run,
};
