/* test_steer: what a person watches and steers, in a real terminal. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "procs.h"
#include "term.h"

#define LONG     "--items 5x100000" /* longer than any test */
#define LOST     "lost ([0-9]+( [0-9]+)*)"
#define EXPECTED "expected ([0-9]+( [0-9]+)*)"
#define TASKS    "tasks ([0-9]+)"

/* A worker's panel says the truth about its process; returns the pid. */
static pid_t
check_head(const char *head, int *number)
{
	int pid, ppid;

	ck_assert_int_eq(
	    sscanf(head, "worker-%d pid %d ppid %d", number, &pid, &ppid), 3);
	ck_assert_msg(procs_lives(pid), "pid %d does not live", pid);
	ck_assert_int_eq(procs_parent(pid), ppid);
	return pid;
}

/* Next "worker-N   pid ...", or NULL. */
static const char *
next_head(const char *p)
{
	while ((p = strstr(p, "worker-")) != NULL) {
		int number, pid;

		if (sscanf(p, "worker-%d pid %d", &number, &pid) == 2)
			return p;
		p++;
	}
	return NULL;
}

/*
 * Next "TID   NAME   LETTER" after a panel's border, or NULL; a name in the
 * column of what is waited for is not one.
 */
static const char *
next_row(const char *p, int *tid, char name[32])
{
	while ((p = strstr(p, "│ ")) != NULL) {
		char letter;

		p += strlen("│ ");
		if (sscanf(p, "%d %31s %c ", tid, name, &letter) == 3 &&
		    letter >= 'A' && letter <= 'Z')
			return p;
	}
	return NULL;
}

START_TEST(panels_match_proc)
{
	struct term *t = term_start(200, 60, "$LOCKSTEP hybrid " LONG);
	pid_t worker[16] = {0}, tids[PROCS_MAX];
	int seen[16] = {0}, heads = 0, rows = 0, number, tid;
	char name[32], comm[32];

	for (int i = 1; i <= 4; i++) {
		/* The last of each: they come side by side. */
		snprintf(name, sizeof name, "pool-%d\\.9", i);
		term_wait(t, name);
	}
	for (const char *p = term_screen(t); (p = next_head(p)) != NULL; p++) {
		pid_t pid = check_head(p, &number);

		ck_assert_int_lt(number, 16);
		worker[number] = pid;
		heads++;
	}
	ck_assert_int_eq(heads, 4);
	for (const char *p = term_screen(t);
	     (p = next_row(p, &tid, name)) != NULL; rows++) {
		ck_assert_ptr_nonnull(strchr(name, '-'));
		number = atoi(strchr(name, '-') + 1);
		ck_assert_int_lt(number, 16);
		ck_assert_msg(procs_has_thread(worker[number], tid),
		    "%s, tid %d is not of pid %d", name, tid, worker[number]);
		procs_name(tid, comm, sizeof comm);
		ck_assert_str_eq(comm, name);
		seen[number]++;
	}
	ck_assert_int_eq(rows, 4 * 11);
	for (int i = 1; i <= 4; i++)
		ck_assert_int_eq(procs_threads(worker[i], tids), seen[i]);
	term_end(t);
}
END_TEST

struct at_least {
	const char *regex;
	long number;
};

static bool
is_at_least(struct term *t, void *arg)
{
	struct at_least *a = arg;

	return term_read_number(t, a->regex) >= a->number;
}

static void
wait_at_least(struct term *t, const char *regex, long number)
{
	struct at_least a = {.regex = regex, .number = number};

	term_wait_until(t, is_at_least, &a, regex);
}

START_TEST(lock_off_and_on)
{
	struct term *t = term_start(100, 40,
	    "$LOCKSTEP race -p 2 -t 2 --lock mutex --window 1ms "
	    "--items 2x100000 --adds 20");

	term_wait(t, "lock ON mutex");
	wait_at_least(t, EXPECTED, 100);
	ck_assert_int_eq(term_read_number(t, LOST), 0);
	term_keys(t, "l");
	term_wait(t, "lock OFF none");
	wait_at_least(t, LOST, 20);
	term_keys(t, "l");
	term_wait(t, "lock ON mutex");

	/* What was under way when it was turned on has ended by then. */
	long expected = term_read_number(t, EXPECTED);

	wait_at_least(t, EXPECTED, expected + 100);

	long lost = term_read_number(t, LOST);

	wait_at_least(t, EXPECTED, expected + 300);
	ck_assert_int_eq(term_read_number(t, LOST), lost);
	term_wait(t, "ok sum . lost = expected");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_wait(t, "^sum .* ok$");
	term_end(t);
}
END_TEST

START_TEST(any_kind_can_be_picked)
{
	struct term *t = term_start(
	    100, 30, "$LOCKSTEP race --lock mutex --items 4x1000000");

	term_wait(t, "lock ON mutex");
	term_keys(t, "L");
	term_wait(t, "which lock");
	term_keys(t, "Down");
	term_keys(t, "Enter");
	term_wait(t, "lock ON spin");
	term_keys(t, "L");
	term_wait(t, "which lock");
	term_keys(t, "Escape");
	term_wait_gone(t, "which lock");
	term_wait(t, "lock ON spin");
	term_keys(t, "l");
	term_wait(t, "lock OFF none");
	term_keys(t, "l");
	term_wait(t, "lock ON spin");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
}
END_TEST

/* Long, unless it is made to hurry. */
#define BUSY                                                      \
	"$LOCKSTEP hybrid --items 1-5x40 --item-work sleep:40ms " \
	"--task-work sleep:20ms --window 0 --speed 0.05"

static bool
is_dead(struct term *t, void *arg)
{
	(void)t;
	return !procs_lives(*(pid_t *)arg);
}

/* From the death of worker-1 to the last word, with every identity. */
static void
check_replaced(struct term *t, pid_t pid)
{
	char line[128];

	term_wait_until(t, is_dead, &pid, "the worker's death");
	term_keys(t, "3");
	snprintf(
	    line, sizeof line, "worker-1 \\(pid %d\\) killed by SIGKILL", pid);
	term_wait(t, line);

	pid_t next =
	    (pid_t)term_read_number(t, "worker-1 replaced: pid ([0-9]+)");

	ck_assert_msg(procs_lives(next), "pid %d does not live", next);
	ck_assert_int_ne(next, pid);
	for (int i = 0; i < 9; i++)
		term_keys(t, ">");
	term_wait(t, "ok sum . lost = expected");
	term_wait(t, "items 200 put, 200 done");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_wait(t,
	    "items +put 200 = done 200 \\+ in flight 0 \\+ queued 0 "
	    "\\+ poisoned 0 +ok$");
	term_wait(t, "^sum .* ok$");
}

START_TEST(k_kills_the_selected_worker)
{
	struct term *t = term_start(100, 40, BUSY);

	wait_at_least(t, TASKS, 10);

	pid_t pid = (pid_t)term_read_number(t, "worker-1 +pid ([0-9]+)");

	term_keys(t, "k");
	ck_assert_int_eq(
	    term_read_number(t, "kill worker-1, pid ([0-9]+)\\?"), pid);
	term_keys(t, "n");
	term_wait_gone(t, "kill worker-1");
	ck_assert(procs_lives(pid));
	term_keys(t, "k");
	term_wait(t, "kill worker-1, pid [0-9]+\\?");
	term_keys(t, "y");
	check_replaced(t, pid);
	term_end(t);
}
END_TEST

START_TEST(a_worker_killed_by_hand_is_replaced)
{
	struct term *t = term_start(100, 40, BUSY);

	wait_at_least(t, TASKS, 10);

	pid_t pid = (pid_t)term_read_number(t, "worker-1 +pid ([0-9]+)");

	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	check_replaced(t, pid);
	term_end(t);
}
END_TEST

/* Tasks of two looks, each after a command that the engine acknowledged. */
static bool
stands_still(struct term *t, void *arg)
{
	long before = term_read_number(t, TASKS);

	(void)arg;
	for (int i = 0; i < 3; i++) {
		term_keys(t, ">");
		term_wait(t, "speed 2x");
		term_keys(t, "<");
		term_wait(t, "speed 1x");
	}
	return term_read_number(t, TASKS) == before;
}

START_TEST(space_pauses_and_resumes)
{
	struct term *t = term_start(100, 30,
	    "$LOCKSTEP hybrid --items 2x100000 --item-work none "
	    "--task-work sleep:5ms --window 0");

	wait_at_least(t, TASKS, 10);
	term_keys(t, "Space");
	term_wait(t, "paused");
	term_wait_until(t, stands_still, NULL, "the tasks to stand still");

	long tasks = term_read_number(t, TASKS);

	term_keys(t, "Space");
	term_wait_gone(t, "paused");
	wait_at_least(t, TASKS, tasks + 10);
	term_end(t);
}
END_TEST

static bool
has_threads(struct term *t, void *arg)
{
	const int *want = arg;
	pid_t tids[PROCS_MAX];
	pid_t pid = (pid_t)term_read_number(t, "worker-1 +pid ([0-9]+)");

	return procs_threads(pid, tids) == *want;
}

static bool
has_processes(struct term *t, void *arg)
{
	const int *want = arg;
	pid_t pids[PROCS_MAX];

	return procs_of(term_session(t), "lockstep-engine", pids) == *want + 1;
}

START_TEST(workers_and_threads_come_and_go)
{
	struct term *t = term_start(200, 60,
	    "$LOCKSTEP hybrid --items 1-5x200000 --item-work sleep:20ms "
	    "--task-work sleep:10ms --window 0 -t 3");

	term_wait(t, "4 processes x 3 threads");
	term_wait(t, "pool-4\\.2");
	term_keys(t, "+");
	term_wait(t, "5 processes x 3 threads");
	term_wait(t, "pool-5\\.2");
	term_wait_until(t, has_processes, &(int){5}, "a fifth worker");
	term_keys(t, "}");
	term_wait(t, "5 processes x 4 threads");
	term_wait(t, "pool-5\\.3");
	term_wait_until(t, has_threads, &(int){5}, "a fourth thread");
	term_keys(t, "{");
	term_keys(t, "{");
	term_wait(t, "5 processes x 2 threads");
	term_wait_until(t, has_threads, &(int){3}, "two threads");
	term_keys(t, "-");
	term_keys(t, "-");
	term_wait(t, "3 processes x 2 threads");
	term_wait_until(t, has_processes, &(int){3}, "three workers");
	term_wait(t, "ok sum . lost = expected");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_wait(t, "items .* poisoned 0 +ok$");
	term_end(t);
}
END_TEST

#define WORKER_1 "worker-1 +pid ([0-9]+)"

static bool
is_another(struct term *t, void *arg)
{
	const long *first = arg;

	return term_read_number(t, WORKER_1) != *first;
}

START_TEST(r_runs_again)
{
	struct term *t =
	    term_start(100, 40, "$LOCKSTEP hybrid --items 1-5 --speed 50");

	term_wait(t, "items 5 put, 5 done");

	long first = term_read_number(t, WORKER_1);

	ck_assert(!procs_lives((pid_t)first));
	term_keys(t, "r");
	term_wait_until(t, is_another, &first, "another worker-1");
	term_wait(t, "items 5 put, 5 done");
	term_wait(t, "sum 55");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_wait(t, "sum +55 \\+ lost 0 = expected 55 +ok$");
	term_end(t);
}
END_TEST

static void
check_size(struct term *t, int width, int height, const char *mark)
{
	term_resize(t, width, height);
	term_wait(t, mark);
}

START_TEST(any_size_will_do)
{
	struct term *t = term_start(80, 24, "$LOCKSTEP hybrid " LONG);

	term_wait(t, "pool-1\\.0");
	check_size(t, 40, 10, "^[^\n]{1,40}$");
	term_wait_gone(t, "4 processes x 10 threads");
	term_wait(t, "pool-1\\.0");
	check_size(t, 200, 60, "4 processes x 10 threads");
	term_wait(t, "pool-4\\.9");
	check_size(t, 20, 3, "ON mutex");
	term_wait_gone(t, "pool-1\\.0");
	check_size(t, 1, 1, "^.?$");
	for (int i = 0; i < 30; i++)
		term_resize(t, 10 + 7 * i % 90, 2 + 5 * i % 40);
	check_size(t, 200, 60, "4 processes x 10 threads");
	term_wait(t, "pool-4\\.9");
	term_wait(t, "q quit");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
}
END_TEST

/*
 * With the dashboard stopped the workers end their run all the same, and the
 * books are right.
 */
START_TEST(a_stopped_dashboard_stops_nobody)
{
	struct term *t = term_start(
	    100, 40, "$LOCKSTEP race -p 2 -t 2 --items 4x400 --lock mutex");
	pid_t ui = term_pid(t);

	wait_at_least(t, TASKS, 1);
	ck_assert_int_eq(kill(ui, SIGSTOP), 0);
	/* The supervisor stays, for the dashboard may want another run. */
	term_wait_until(t, has_processes, &(int){0}, "the workers' end");
	ck_assert_int_eq(procs_state(ui), 'T');
	ck_assert_int_eq(kill(ui, SIGCONT), 0);
	term_wait(t, "items 400 put, 400 done");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_wait(t, "items +put 400 = done 400 .* ok$");
	term_wait(t, "sum +1 600 000 \\+ lost 0 = expected 1 600 000 +ok$");
	term_end(t);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("steer");
	TCase *t = tcase_create("steer");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(t, TERM_TIMEOUT);
	tcase_add_test(t, panels_match_proc);
	tcase_add_test(t, lock_off_and_on);
	tcase_add_test(t, any_kind_can_be_picked);
	tcase_add_test(t, k_kills_the_selected_worker);
	tcase_add_test(t, a_worker_killed_by_hand_is_replaced);
	tcase_add_test(t, space_pauses_and_resumes);
	tcase_add_test(t, workers_and_threads_come_and_go);
	tcase_add_test(t, r_runs_again);
	tcase_add_test(t, any_size_will_do);
	tcase_add_test(t, a_stopped_dashboard_stops_nobody);
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);

	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
