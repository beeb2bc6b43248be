/* models: the small forms of demos, as programs of steps. */
#include "explore/models.h"

#include <stdio.h>
#include <string.h>

#include "sum/lock_kinds.h"
#include "sum/sum.h"

#define LOCKS_MAX 32

/* ---- race ---- */

/*
 * What an add is under each model of a lock kind. A spinning wait counts as a
 * wait: looking at a taken lock is no step.
 */
static const struct guard {
	const char *refusal; /* why it cannot be explored; NULL: it can */
	bool locks, atomic, apart;
	enum step_op acquire, release;
} guards[LOCK_MODELS] = {
    [LOCK_MODEL_NONE] = {.refusal = "its add is no straight line of steps"},
    [LOCK_MODEL_BARE] = {.refusal = NULL},
    [LOCK_MODEL_LOCK] = {.locks = true,
	.acquire = STEP_LOCK,
	.release = STEP_UNLOCK},
    [LOCK_MODEL_PERMIT] = {.locks = true,
	.acquire = STEP_TAKE,
	.release = STEP_GIVE},
    [LOCK_MODEL_ATOMIC] = {.atomic = true},
    [LOCK_MODEL_PARTS] = {.apart = true},
    [LOCK_MODEL_PRIVATE] = {.refusal = "it fails between processes, and the "
				       "small form is one process"},
    [LOCK_MODEL_RETRY] = {.refusal =
			      "it tries again until it succeeds, which is no "
			      "straight line of steps"},
    [LOCK_MODEL_OWNER] = {.refusal = "its owner is one more thread, which the "
				     "small form does not have"},
};

const char *
explore_lock_refusal(const char *name)
{
	int kind = lock_find(name);

	return kind < 0 ? "there is no such kind"
			: guards[lock_kinds[kind].model].refusal;
}

const char *const *
explore_locks(void)
{
	static const char *names[LOCKS_MAX + 1];
	unsigned n = 0;

	for (unsigned i = 0; i < lock_nkinds && n < LOCKS_MAX; i++)
		if (explore_lock_refusal(lock_kinds[i].name) == NULL)
			names[n++] = lock_kinds[i].name;
	names[n] = NULL;
	return names;
}

static bool
models_add(struct steps_program *p, const struct guard *g, unsigned steps,
    unsigned sum, unsigned lock)
{
	bool fits = true;

	if (g->atomic)
		return steps_push(p, STEP_FETCH_ADD, sum, 1);
	if (g->locks)
		fits = steps_push(p, g->acquire, lock, 0);
	fits = fits && steps_push(p, STEP_LOAD, sum, 0);
	if (steps == 3)
		fits = fits && steps_push(p, STEP_ADD, sum, 1);
	fits = fits && steps_push(p, STEP_STORE, sum, steps == 3 ? 0 : 1);
	if (g->locks)
		fits = fits && steps_push(p, g->release, lock, 0);
	return fits;
}

/* A sum of the thread's own; all together are the sum. */
static unsigned
models_part_of(struct steps_program *p, unsigned thread)
{
	char name[STEPS_NAME];

	snprintf(name, sizeof name, "part-%s", LETTER(thread + 1));
	return steps_object(p, 0, name);
}

static bool
models_build_race(struct steps_program *p, const struct explore_small *s)
{
	const struct guard *g = &guards[lock_kinds[lock_find(s->lock)].model];
	unsigned sum = 0, lock = 0;

	if (!g->apart)
		sum = steps_object(p, 0, "sum");
	if (g->locks)
		lock = steps_object(p, 1, s->lock);
	for (unsigned t = 0; t < s->threads; t++) {
		if (g->apart)
			sum = models_part_of(p, t);
		steps_thread(p);
		for (unsigned i = 0; i < s->adds; i++)
			if (!models_add(p, g, s->steps, sum, lock))
				return false;
	}
	return true;
}

static const struct explore_demo race = {
    .name = "race",
    .title = "every thread adds 1 to the shared sum",
    .lesson = "An add is load, add, store. A thread that loads before another "
	      "has stored, and stores after it, wipes out what the other has "
	      "added. With a lock, no schedule does that.",
    .part = "add",
    .value = "sum",
    .threads = 2,
    .fewest = 1,
    .adds_up = true,
    .build = models_build_race,
};

/* ---- deadlock ---- */

static bool
models_both(struct steps_program *p, unsigned first, unsigned second,
    enum step_op inside, bool has_inside)
{
	return steps_push(p, STEP_LOCK, first, 0) &&
	    steps_push(p, STEP_LOCK, second, 0) &&
	    (!has_inside || steps_push(p, inside, 0, 0)) &&
	    steps_push(p, STEP_UNLOCK, second, 0) &&
	    steps_push(p, STEP_UNLOCK, first, 0);
}

static bool
models_build_deadlock(struct steps_program *p, const struct explore_small *s)
{
	unsigned a = steps_object(p, 1, "A"), b = steps_object(p, 1, "B");
	bool ordered = strcmp(s->fix, "order") == 0;

	for (unsigned t = 0; t < s->threads; t++) {
		bool turned = t % 2 == 1 && !ordered;

		steps_thread(p);
		for (unsigned i = 0; i < s->adds; i++)
			if (!models_both(
				p, turned ? b : a, turned ? a : b, 0, false))
				return false;
	}
	return true;
}

static const char *const deadlock_fixes[] = {"none", "order", NULL};

static const struct explore_demo deadlock = {
    .name = "deadlock",
    .title = "two locks: every other thread takes them the other way round",
    .lesson = "Each thread needs both locks. If each holds one and waits for "
	      "the other, neither can go on: a deadlock. With --fix order all "
	      "take them in the same order, and no cycle of waits is possible.",
    .part = "round",
    .threads = 2,
    .fewest = 1,
    .fixes = deadlock_fixes,
    .build = models_build_deadlock,
};

/* ---- philosophers ---- */

/*
 * All take the left fork first. The fixes: the last one takes the right fork
 * first, or a waiter lets all but one sit down.
 */
static bool
models_build_philosophers(
    struct steps_program *p, const struct explore_small *s)
{
	bool waiter = strcmp(s->fix, "waiter") == 0;
	bool ordered = strcmp(s->fix, "order") == 0;
	unsigned n = s->threads, seats = 0, fork[STEPS_THREADS];

	for (unsigned t = 0; t < n; t++) {
		char name[STEPS_NAME];

		snprintf(name, sizeof name, "fork-%u", t + 1);
		fork[t] = steps_object(p, 1, name);
	}
	if (waiter)
		seats = steps_object(p, n - 1, "seat");
	for (unsigned t = 0; t < n; t++) {
		unsigned left = fork[t], right = fork[(t + 1) % n];
		bool turned = ordered && left > right;

		steps_thread(p);
		for (unsigned i = 0; i < s->adds; i++) {
			if (waiter && !steps_push(p, STEP_TAKE, seats, 0))
				return false;
			if (!models_both(p, turned ? right : left,
				turned ? left : right, STEP_EAT, true))
				return false;
			if (waiter && !steps_push(p, STEP_GIVE, seats, 0))
				return false;
		}
	}
	return true;
}

static const char *const philosophers_fixes[] = {
    "none", "order", "waiter", NULL};

static const struct explore_demo philosophers = {
    .name = "philosophers",
    .title = "each needs the fork on the left and the one on the right",
    .lesson = "All take the left fork first. If each holds one and waits for "
	      "the next, none can go on: a deadlock. With --fix order, one of "
	      "them takes the right fork first; with --fix waiter, one fewer "
	      "than all may sit down at a time.",
    .part = "meal",
    .value = "meals",
    .threads = 3,
    .fewest = 2,
    .fixes = philosophers_fixes,
    .build = models_build_philosophers,
};

const struct explore_demo *const explore_demos[] = {
    &race, &deadlock, &philosophers, NULL};

const struct explore_demo *
explore_demo_find(const char *name)
{
	for (size_t i = 0; explore_demos[i] != NULL; i++)
		if (strcmp(explore_demos[i]->name, name) == 0)
			return explore_demos[i];
	return NULL;
}

bool
explore_demo_build(const struct explore_demo *d, struct steps_program *p,
    const struct explore_small *s)
{
	steps_init(p);
	return d->build(p, s);
}
