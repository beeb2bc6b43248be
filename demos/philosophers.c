/*
 * philosophers: five at a round table, and a fork between any two of them.
 *
 * To eat, a philosopher needs the fork on the left and the one on the right.
 * All reach for the left one first: if each holds its left fork, none will ever
 * get the right one. (E. W. Dijkstra, 1965; the forks are C. A. R. Hoare's.)
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/mutex.h"
#include "lockstep/program.h"
#include "lockstep/semaphore.h"

#define MOST 200 /* at one table: the screen shows each fork */

static struct mutex *forks[MOST];
static struct semaphore *seats; /* with a waiter: all but one */

/* Two forks, one after the other, and a meal. */
static void
eat(struct mutex *first, struct mutex *second, uint64_t meals)
{
	const struct work *work = &self_params()->task_work;

	with_lock (first) {
		self_work(work); /* and reaches for the other one */
		with_lock (second) {
			self_eat(meals);
			self_work(work);
		}
	}
}

static int
philosopher(void *arg)
{
	const struct params *p = self_params();
	unsigned n = *(unsigned *)arg;
	struct mutex *left = forks[n], *right = forks[(n + 1) % p->threads];
	uint64_t meals = 0;

	/* With an order: the fork of the smaller number first. Only the last
	 * philosopher has it on the right. */
	bool turned = strcmp(p->fix, "order") == 0 && n + 1 == p->threads;

	while (meals < p->adds) {
		if (seats != NULL)
			semaphore_take(seats, FOREVER);
		eat(turned ? right : left, turned ? left : right, meals);
		meals++;
		if (seats != NULL)
			semaphore_give(seats);
	}
	say("%s has eaten %llu times", self_name(), (unsigned long long)meals);
	return (int)meals;
}

/* False if there are not enough forks or seats. */
static bool
lay_the_table(const struct params *p)
{
	char name[32];

	for (unsigned i = 0; i < p->threads; i++) {
		snprintf(name, sizeof name, "fork-%u", i + 1);
		forks[i] = mutex_new(name);
		if (forks[i] == NULL)
			return false;
	}
	if (strcmp(p->fix, "waiter") != 0)
		return true;
	seats = semaphore_new("seat", p->threads - 1);
	return seats != NULL;
}

static int
run(const struct params *p)
{
	static struct thread *guests[MOST];
	static unsigned numbers[MOST];
	int64_t meals = 0;
	unsigned missing = 0;
	char name[32];

	if (p->threads < 2 || p->threads > MOST || !lay_the_table(p)) {
		say("cannot lay the table: -t 2 to %d, and memory", MOST);
		return 1;
	}
	for (unsigned i = 0; i < p->threads; i++) {
		numbers[i] = i;
		snprintf(name, sizeof name, "thinker-%u", i + 1);
		guests[i] = thread_start(name, philosopher, &numbers[i]);
		if (guests[i] == NULL) {
			say("cannot start %s: %s", name, strerror(errno));
			missing++;
		}
	}
	for (unsigned i = 0; i < p->threads; i++) {
		int eaten = 0;

		if (guests[i] != NULL)
			thread_join(guests[i], FOREVER, &eaten);
		meals += eaten;
	}
	result_set("meals", meals);
	return missing == 0 ? 0 : 1;
}

static const char *const lesson[] = {
    "Five philosophers, five forks, and each needs the one on the left and "
    "the one on the right. All take the left one first.",
    "Each holds one fork and waits for the next philosopher's: a cycle of "
    "five. With two philosophers it is the demo `deadlock`.",
    "How to fix it: take the fork with the smaller number first (`--fix "
    "order`), so that no cycle can form; or have a waiter who seats all but "
    "one (`--fix waiter`), so that one of them always gets two forks.",
    "Step them by hand with `lockstep philosophers --step`: press 1 (main "
    "starts them), then 2 to 6 twice each: all have their left fork. "
    "`lockstep explore philosophers` tries everything, with each fix, too.",
    NULL,
};

static const char *const fixes[] = {"none", "order", "waiter", NULL};

const struct demo demo_philosophers = {
    .name = "philosophers",
    .title = "five philosophers and five forks: a hang, built on purpose",
    .lesson = lesson,
    .processes = 1,
    .threads = 5,
    .adds = 3,
    .task_work = "sleep:500ms",
    .lock = "mutex",
    .window = "0",
    .fixes = fixes,
    .stepped = true,
    .main = run,
};
