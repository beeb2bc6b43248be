/*
 * test_crash: a worker dies at each of the points that the sources name; and
 * what kills again and again is poisoned or given up.
 */
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "suite.h"

#define POINTS    96
#define MIN_FOUND 20

static char points[POINTS][48];
static int npoints;

/* A kind has its points in its quick loop as well. */
static bool
known(const char *point)
{
	for (int i = 0; i < npoints; i++)
		if (strcmp(points[i], point) == 0)
			return true;
	return false;
}

/* Every CRASH_POINT("name") of a source file. */
static void
find_in(const char *path)
{
	char line[256];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return;
	while (fgets(line, sizeof line, f) != NULL) {
		const char *at = strstr(line, "CRASH_POINT(\"");

		if (at != NULL && npoints < POINTS &&
		    sscanf(at, "CRASH_POINT(\"%47[^\"]", points[npoints]) ==
			1 &&
		    !known(points[npoints]))
			npoints++;
	}
	fclose(f);
}

/* The tests are run from the top of the repository. */
static void
find_points(void)
{
	glob_t found;

	if (glob("src/*/*.c", 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		find_in(found.gl_pathv[i]);
	globfree(&found);
	find_in("src/slot/ledger.h");
	find_in("src/sum/lock_fast.h");
}

static bool
begins(const char *point, const char *with)
{
	return strncmp(point, with, strlen(with)) == 0;
}

/* The lock kind under which a point is come to. */
static const char *
lock_for(const char *point)
{
	static const char *const kinds[] = {"spin", "semaphore", "atomic",
	    "unshared", "ticket", "cas", "file", "partial", "owner"};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (begins(point, kinds[i]))
			return kinds[i];
	return "mutex";
}

/* Come to only when an update is lost. */
static bool
needs_a_loss(const char *point)
{
	return strcmp(point, "cell-before-losses") == 0;
}

static struct engine *
start(const char *point, const char *suffix, const char *lock)
{
	char crash[64], args[256];

	snprintf(crash, sizeof crash, "%s%s", point, suffix);
	snprintf(args, sizeof args,
	    "race --processes 2 --threads 3 --items 2x300 --adds 20 "
	    "--window %s --lock %s",
	    needs_a_loss(point) ? "100us" : "0", lock);
	return engine_start("LOCKSTEP_HOOKS_ENGINE", crash, NULL, args);
}

static void
check_crashed_once(struct engine *e, bool wrong)
{
	engine_done(e);
	ck_assert_uint_eq(engine_killed(e), 1);
	ck_assert_uint_eq(e->item_queue.done, 300);
	ck_assert_uint_eq(e->nprocs, 3);
	ck_assert(wrong || e->sum.lost == 0);
}

START_TEST(points_are_found)
{
	ck_assert_int_ge(npoints, MIN_FOUND);
	ck_assert_int_lt(npoints, POINTS);
}
END_TEST

/* The heir of a mutex is made by a first death, which is ours to cause. */
static bool
needs_a_heritage(const char *point)
{
	return strcmp(point, "mutex-inherited") == 0 ||
	    strcmp(point, "owner-inherited") == 0;
}

START_TEST(a_crash_loses_nothing)
{
	static const char *const nth[] = {":1", ":7"};
	const char *point = points[_i / 2], *lock = lock_for(point);

	if (needs_a_heritage(point) || needs_a_loss(point))
		return;
	/* A wait comes to its end by a wake-up; an amount is new: not often. */
	bool rare = strcmp(point, "queue-get-wait") == 0 ||
	    strcmp(point, "book-before-force") == 0 ||
	    strcmp(point, "owner-owns") == 0;
	struct engine *e = start(point, nth[rare ? 0 : _i % 2], lock);
	bool wrong = strcmp(lock, "unshared") == 0;
	e->exact =
	    !wrong && strcmp(lock, "atomic") != 0 && strcmp(lock, "cas") != 0;
	check_crashed_once(e, wrong);
	free(e);
}
END_TEST

START_TEST(a_crash_without_a_lock_is_at_most_in_doubt)
{
	const char *point = points[_i];

	if (!begins(point, "cell-"))
		return;
	struct engine *e = start(point, "", "none");
	engine_done(e);
	ck_assert_uint_eq(engine_killed(e), 1);
	/* One of each of its threads, at most. */
	ck_assert_uint_ge(e->sum.in_doubt, 1);
	ck_assert_uint_le(e->sum.in_doubt, 3);
	free(e);
}
END_TEST

START_TEST(an_heir_of_the_mutex_may_die_with_it)
{
	struct engine *e = engine_start("LOCKSTEP_HOOKS_ENGINE",
	    "mutex-inherited", NULL,
	    "race --processes 3 --threads 2 --items 2x40 --adds 5 --lock mutex "
	    "--window 10s --speed 0.001");
	struct engine_proc *p = NULL;

	e->exact = true;
	ENGINE_UNTIL(e, e->lock.holder != 0 && e->lock.waiters == 5);
	for (unsigned i = 0; i < e->nprocs; i++)
		if (e->lock.holder > e->procs[i].pid &&
		    (p == NULL || p->pid < e->procs[i].pid))
			p = &e->procs[i];
	ck_assert_ptr_nonnull(p);
	kill(p->pid, SIGKILL);
	ENGINE_UNTIL(e, engine_killed(e) >= 1);
	ck_assert_int_eq(engine_command(e, COMMAND_WINDOW, 0), 0);
	ck_assert_int_eq(engine_command(e, COMMAND_SPEED, 1000000), 0);
	engine_done(e);
	ck_assert_uint_eq(e->item_queue.done, 40);
	free(e);
}
END_TEST

START_TEST(what_kills_three_workers_is_poison)
{
	struct engine *e = engine_start("LOCKSTEP_HOOKS_ENGINE",
	    "worker-before-done:1+", NULL,
	    "race --processes 4 --threads 2 --items 2x1 --adds 5 --lock mutex");

	engine_done(e);
	ck_assert_uint_eq(e->item_queue.poisoned, 1);
	ck_assert_uint_eq(e->item_queue.requeued, 2);
	ck_assert_uint_eq(engine_killed(e), 3);
	ck_assert_ptr_nonnull(strstr(e->log, "item 1 is poisoned"));
	free(e);
}
END_TEST

START_TEST(a_slot_that_dies_five_times_is_given_up)
{
	struct engine *e = engine_start("LOCKSTEP_HOOKS_ENGINE",
	    "worker-before-done:1+", NULL,
	    "race --processes 1 --threads 2 --items 2x9 --adds 5 --lock mutex");

	ENGINE_UNTIL(e, e->byes == 1);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_FAILED);
	ck_assert_uint_eq(engine_killed(e), 5);
	ck_assert_uint_eq(e->item_queue.poisoned, 1);
	ck_assert_uint_eq(e->item_queue.put, 9);
	ck_assert_uint_gt(e->banners, 0);
	ck_assert_ptr_nonnull(strstr(e->log, "giving up on"));
	engine_send(e, COMMAND_STOP, 0);
	ck_assert_int_eq(engine_end(e), EXIT_ACCOUNTING);
	free(e);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("crash");
	TCase *const cases[] = {t, NULL};

	find_points();
	tcase_add_test(t, points_are_found);
	tcase_add_loop_test(t, a_crash_loses_nothing, 0, 2 * npoints);
	tcase_add_loop_test(
	    t, a_crash_without_a_lock_is_at_most_in_doubt, 0, npoints);
	tcase_add_test(t, an_heir_of_the_mutex_may_die_with_it);
	tcase_add_test(t, what_kills_three_workers_is_poison);
	tcase_add_test(t, a_slot_that_dies_five_times_is_given_up);
	return suite_run("crash", cases);
}
