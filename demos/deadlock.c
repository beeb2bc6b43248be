/*
 * deadlock: two locks, taken in two orders.
 *
 * Every thread needs both locks, A and B. The first thread takes A and then B,
 * the second B and then A, the third A and then B again. As soon as one holds A
 * and its neighbour holds B, each waits for the lock that the other holds.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/mutex.h"
#include "lockstep/program.h"

static struct mutex *a, *b;

/* Both locks, for a moment. */
static void
meet(struct mutex *first, struct mutex *second)
{
	const struct work *work = &self_params()->task_work;

	with_lock (first) {
		self_work(work); /* time enough for another to do the same */
		with_lock (second)
			self_work(work);
	}
}

static int
thread(void *arg)
{
	const struct params *p = self_params();
	unsigned n = *(unsigned *)arg;
	bool turned = n % 2 == 1; /* the mistake: the opposite order */

	if (strcmp(p->fix, "order") == 0)
		turned = false; /* every thread takes A before B */
	for (uint64_t round = 0; round < p->adds; round++)
		meet(turned ? b : a, turned ? a : b);
	say("%s had both locks %llu times", self_name(),
	    (unsigned long long)p->adds);
	return 0;
}

static int
run(const struct params *p)
{
	static struct thread *threads[PARAMS_MAX_THREADS];
	static unsigned numbers[PARAMS_MAX_THREADS];
	unsigned started = 0;
	char name[32];

	a = mutex_new("A");
	b = mutex_new("B");
	if (a == NULL || b == NULL) {
		say("cannot create the locks");
		return 1;
	}
	for (; started < p->threads; started++) {
		numbers[started] = started;
		snprintf(name, sizeof name, "thread-%u", started + 1);
		threads[started] =
		    thread_start(name, thread, &numbers[started]);
		if (threads[started] == NULL)
			break;
	}
	if (started < p->threads)
		say("only %u threads started: %s", started, strerror(errno));
	for (unsigned i = 0; i < started; i++)
		thread_join(threads[i], FOREVER, NULL);
	result_set("rounds", (int64_t)(started * p->adds));
	return started == p->threads ? 0 : 1;
}

static const char *const lesson[] = {
    "Two locks, A and B, and every thread needs both: one takes A first, the "
    "next takes B first.",
    "Sooner or later one holds A and waits for B, and the other holds B and "
    "waits for A: neither will ever release its lock. That is a deadlock.",
    "What to look at: the row of each thread names the lock that it waits for "
    "and the holder. Follow the holders from thread to thread: it is a cycle.",
    "Build it by hand with `lockstep deadlock --step`: press 1 (main starts "
    "both threads), 2 2 (thread-1 locks A), 3 3 (thread-2 locks B), 2 3: each "
    "waits for the other.",
    "How to fix it: all threads take the locks in one order (`--fix order`). "
    "`lockstep explore deadlock` tries every order of steps.",
    NULL,
};

static const char *const fixes[] = {"none", "order", NULL};

const struct demo demo_deadlock = {
    .name = "deadlock",
    .title = "two locks in two orders: a hang, built on purpose",
    .lesson = lesson,
    .processes = 1,
    .threads = 2,
    .adds = 3,
    .task_work = "sleep:500ms",
    .lock = "mutex",
    .window = "0",
    .fixes = fixes,
    .stepped = true,
    .main = run,
};
