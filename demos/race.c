/*
 * race: all threads add 1 to the same number, as fast as they can.
 *
 * All threads of all processes start together; the lock is off at first. The
 * window between load and store makes lost updates rare or certain.
 */
#include "lockstep/demo.h"

static void
task(struct task *t)
{
	task_work(t); /* none by default */
	task_add_many(t, 1, task_params(t)->adds);
}

static const char *const lesson[] = {
    "sum = sum + 1 is three steps: load, add, store. Another thread may run "
    "between any two of them.",
    "Without a lock a thread may store a sum that is already out of date: "
    "everything added since its load is lost.",
    "sum + lost = expected: each store knows exactly what it overwrote.",
    "With --gil and a window, the interpreter lock can change hands between "
    "a load and a store: the race view counts how often.",
    "Turn the lock on with `l`, pick its kind with `L`, widen the window "
    "with `]`.",
    NULL,
};

const struct demo demo_race = {
    .name = "race",
    .title = "every task adds 1 to the shared sum, many times, as fast as "
	     "it can",
    .lesson = lesson,
    .processes = 2,
    .threads = 4,
    .items = "4x5000",
    .item_work = "none",
    .task_work = "none",
    .lock = "none",
    .window = "1us",
    .adds = 1000,
    .task = task,
    .stepped = true,
};
