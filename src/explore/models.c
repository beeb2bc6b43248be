/* models: the small forms of demos, as programs of steps. */
#include "explore/models.h"

#include <stdio.h>
#include <string.h>

#include "sum/lock_kinds.h"
#include "sum/sum.h"

#define LOCKS_MAX 32

/* ---- race ---- */

/*
 * How an add looks under each lock kind: as the table of kinds says what it
 * begins and ends with. A spinning wait counts as a wait: looking at a taken
 * lock is no step.
 */
struct guard {
	const char *name;
	bool locks, atomic, apart;
	enum step_op acquire, release;
};

static const struct lock_kind *
models_find_kind(const char *name)
{
	int kind = lock_find(name);

	return kind >= 0 ? &lock_kinds[kind] : NULL;
}

static struct guard
models_guard_of(const struct lock_kind *k)
{
	return (struct guard){.name = k->name,
	    .locks = k->first == POINT_LOCK || k->first == POINT_TAKE,
	    .atomic = k->first == POINT_FETCH_ADD,
	    .apart = strcmp(k->name, "partial") == 0,
	    .acquire = k->first == POINT_TAKE ? STEP_TAKE : STEP_LOCK,
	    .release = k->first == POINT_TAKE ? STEP_GIVE : STEP_UNLOCK};
}

const char *
explore_lock_refusal(const char *name)
{
	const struct lock_kind *k = models_find_kind(name);

	if (k == NULL)
		return "there is no such kind";
	if (strcmp(name, "none") == 0 || strcmp(name, "partial") == 0)
		return NULL;
	if ((k->first == POINT_LOCK || k->first == POINT_TAKE) && !k->exact)
		return "it fails between processes, and the small form is one "
		       "process";
	if (strcmp(name, "owner") == 0)
		return "its owner is a thread more, which the small form does "
		       "not have";
	if (k->first == POINT_LOCK || k->first == POINT_TAKE ||
	    k->first == POINT_FETCH_ADD)
		return NULL;
	if (strcmp(name, "cas") == 0)
		return "it tries again until it succeeds, which is no straight "
		       "line of steps";
	return "its add is no straight line of steps";
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

	snprintf(name, sizeof name, "part-%c", (char)('a' + thread));
	return steps_object(p, 0, name);
}

static bool
models_build_race(struct steps_program *p, const struct explore_small *s)
{
	const struct guard g = models_guard_of(models_find_kind(s->lock));
	unsigned sum = 0, lock = 0;

	if (!g.apart)
		sum = steps_object(p, 0, "sum");
	if (g.locks)
		lock = steps_object(p, 1, g.name);
	for (unsigned t = 0; t < s->threads; t++) {
		if (g.apart)
			sum = models_part_of(p, t);
		steps_thread(p);
		for (unsigned i = 0; i < s->adds; i++)
			if (!models_add(p, &g, s->steps, sum, lock))
				return false;
	}
	return true;
}

static const struct explore_demo race = {
    .name = "race",
    .title = "every thread adds 1 to the shared sum",
    .lesson = "An add is load, add, store. Who loads before another has "
	      "stored, and stores after that, wipes out what the other has "
	      "added. With a lock there is no schedule in which that happens.",
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
    .lesson = "Each thread needs both locks. If each has got one and waits for "
	      "the other, nobody can go on: a deadlock. With --fix order all "
	      "take them in the same order, and no circle can close.",
    .part = "round",
    .threads = 2,
    .fewest = 1,
    .fixes = deadlock_fixes,
    .build = models_build_deadlock,
};

/* ---- philosophers ---- */

/* Everybody takes the left fork first; with a fix: the last one does not, or
 * a waiter seats all but one. */
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
    .lesson = "All take the left fork first. If each has got one and waits for "
	      "the next one's, nobody can go on: a deadlock. --fix order turns "
	      "one of them round; --fix waiter seats all but one.",
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
