/*
 * test_hangs: three programs that hang on purpose. Why stands on the screen,
 * `q` leaves at once, and killing the guilty one changes what there is to say.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "procs.h"
#include "term.h"

#define EXIT_HUNG 4

static const struct hang {
	const char *demo;
	const char *reason; /* of main, in one line */
	const char *row;    /* of who is to blame, as much as 80 columns take */
	int processes;      /* that still live, main among them */
} hangs[] = {
    {.demo = "missing-sentinel",
	.reason =
	    "main is joining worker-[123], which is blocked in get\\(\\): "
	    "queue 'numbers' is empty, all 10 items are done, and only "
	    "2 sentinels were put for 3 consumers",
	.row = "worker-[123] .*is blocked in get",
	.processes = 2},
    {.demo = "missing-task-done",
	.reason = "main is blocked in join\\(\\) of queue 'numbers': worker-2 "
		  "got 1 item and never marked it done \\(task_done\\)",
	.row = "worker-2 .*is blocked in get",
	.processes = 3},
    {.demo = "full-pipe",
	.reason = "main is joining child-1, which is blocked in write\\(\\): "
		  "pipe 1 is full \\(65 536 bytes\\), and only main is left "
		  "to read",
	.row = "child-1 .*is blocked in write",
	.processes = 2},
    {.demo = "deadlock",
	.reason = "main is joining thread-1, which waits for lock 'B', held "
		  "by thread-2, which waits for lock 'A', held by thread-1 "
		  "\\(a cycle\\)",
	.row = "thread-[12] .*waits for lock '[AB]', held by thread-[12]",
	.processes = 1},
};

/* In a row, or in the head of a panel. */
#define MAIN_PID "main +(pid +[0-9]+|[0-9]+)"

#define HANGS (int)(sizeof hangs / sizeof hangs[0])

static struct term *
start(const struct hang *h, int width, int height)
{
	char line[64];

	snprintf(line, sizeof line, "$LOCKSTEP %s", h->demo);
	struct term *t = term_start(width, height, line);
	term_wait(t, "HANGS");
	return t;
}

static void
leave(struct term *t, int status)
{
	pid_t session = term_session(t);

	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), status);
	term_alone(t, session);
	term_end(t);
}

START_TEST(why_stands_on_the_screen)
{
	const struct hang *h = &hangs[_i];
	struct term *t = start(h, 180, 24);
	pid_t pids[PROCS_MAX];

	term_wait(t, h->reason);
	ck_assert_int_eq(procs_of(term_session(t), "lockstep-engine", pids),
	    h->processes + 1);
	term_keys(t, "3");
	term_wait(t, "^ *[0-9]+:[0-9.]+ +main is ");
	leave(t, EXIT_HUNG);
}
END_TEST

START_TEST(why_stands_on_the_row)
{
	struct term *t = start(&hangs[_i], 80, 24);

	term_wait(t, hangs[_i].row);
	leave(t, EXIT_HUNG);
}
END_TEST

START_TEST(plain_ends_by_itself)
{
	char line[64];

	snprintf(line, sizeof line, "$LOCKSTEP %s --%s", hangs[_i / 2].demo,
	    _i % 2 == 0 ? "plain" : "json");
	struct term *t = term_start(180, 300, line);
	pid_t session = term_session(t);
	ck_assert_int_eq(term_left(t), EXIT_HUNG);
	term_wait(t, hangs[_i / 2].reason);
	term_alone(t, session);
	term_end(t);
}
END_TEST

static bool
is_another(struct term *t, void *arg)
{
	const long *first = arg;

	return term_read_number(t, MAIN_PID) != *first;
}

START_TEST(r_runs_it_again)
{
	struct term *t = start(&hangs[_i], 180, 24);
	long first = term_read_number(t, MAIN_PID);

	term_keys(t, "r");
	term_wait(t, "run again from the start\\?");
	term_keys(t, "y");
	term_wait_until(t, is_another, &first, "another main");
	term_wait(t, "HANGS");
	term_wait(t, hangs[_i].reason);
	leave(t, EXIT_HUNG);
}
END_TEST

/* Select who stands so many rows below main, and kill it. */
static void
kill_by_key(struct term *t, const char *name, int below)
{
	char prompt[64];

	for (int i = 0; i < below; i++)
		term_keys(t, "Down");
	term_keys(t, "k");
	snprintf(prompt, sizeof prompt, "kill %s, pid [0-9]+\\?", name);
	term_wait(t, prompt);
	term_keys(t, "y");
}

START_TEST(without_the_consumer_that_waits_main_goes_on)
{
	struct term *t = start(&hangs[0], 100, 30);
	int number = (int)term_read_number(t, "main is joining worker-([123])");
	char name[32], line[64];

	snprintf(name, sizeof name, "worker-%d", number);
	kill_by_key(t, name, number);
	term_keys(t, "3");
	snprintf(line, sizeof line, "> %s was killed by signal 9", name);
	term_wait(t, line);
	term_wait(t, "> all consumers have ended");
	term_wait_gone(t, "HANGS");
	leave(t, 0);
}
END_TEST

START_TEST(what_was_not_marked_done_is_done_by_another)
{
	struct term *t = start(&hangs[1], 100, 30);

	kill_by_key(t, "worker-2", 2);
	term_keys(t, "3");
	term_wait(t, "> every item is marked done");
	term_wait(t, "> worker-2 was killed by signal 9");
	term_wait_gone(t, "HANGS");
	leave(t, 0);
}
END_TEST

START_TEST(without_any_consumer_it_hangs_for_another_reason)
{
	struct term *t = start(&hangs[1], 180, 24);

	kill_by_key(t, "worker-1", 1);
	term_wait(t, "worker-1 .*killed");
	term_wait(t, hangs[1].reason);
	kill_by_key(t, "worker-2", 1);
	term_wait(t,
	    "main is blocked in join\\(\\) of queue 'numbers': 1 item is "
	    "still queued, and no thread is left to get it");
	term_wait(t, "HANGS");
	leave(t, EXIT_HUNG);
}
END_TEST

START_TEST(without_its_child_main_goes_on)
{
	struct term *t = start(&hangs[2], 100, 30);

	kill_by_key(t, "child-1", 1);
	term_keys(t, "3");
	term_wait(t, "> child-1 was killed by signal 9");
	term_wait_gone(t, "HANGS");
	leave(t, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hangs");
	TCase *t = tcase_create("hangs");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(t, TERM_TIMEOUT);
	tcase_add_loop_test(t, why_stands_on_the_screen, 0, HANGS);
	tcase_add_loop_test(t, why_stands_on_the_row, 0, HANGS);
	tcase_add_loop_test(t, plain_ends_by_itself, 0, 2 * HANGS);
	tcase_add_loop_test(t, r_runs_it_again, 0, HANGS);
	tcase_add_test(t, without_the_consumer_that_waits_main_goes_on);
	tcase_add_test(t, what_was_not_marked_done_is_done_by_another);
	tcase_add_test(t, without_any_consumer_it_hangs_for_another_reason);
	tcase_add_test(t, without_its_child_main_goes_on);
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);

	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
