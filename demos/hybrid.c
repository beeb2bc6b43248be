/*
 * hybrid: processes times threads, the classic of the tutorials.
 *
 * Four processes get items from a joinable queue. Each hands the tasks of an
 * item to its ten threads. Every task sleeps for a while and then adds to one
 * sum that all of them share.
 */
#include "lockstep/demo.h"

static void
task(struct task *t)
{
	task_work(t);           /* half a second asleep */
	task_add(t, task_n(t)); /* sum = sum + n */
}

static const char *const lesson[] = {
    "Item n is a second of work and then n tasks; each task sleeps half a "
    "second and adds n to the shared sum.",
    "With the lock on, the sum is what it should be. Turn the lock off with "
    "`l` and watch the sum fall behind.",
    "An update is lost when two threads load the same value: the later "
    "store overwrites the earlier one.",
    "Kill a worker with `k`: its item goes back into the queue and a new "
    "worker takes its place.",
    NULL,
};

const struct demo demo_hybrid = {
    .name = "hybrid",
    .title = "processes times threads: a queue of items, a pool in each "
	     "worker, one shared sum",
    .lesson = lesson,
    .processes = 4,
    .threads = 10,
    .items = "1-5x8",
    .item_work = "sleep:1s",
    .task_work = "sleep:500ms",
    .lock = "mutex",
    .window = "20ms",
    .task = task,
    .stepped = true,
};
