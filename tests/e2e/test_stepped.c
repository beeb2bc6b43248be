/* test_stepped: a person is the scheduler, in a real terminal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "term.h"

/* One item, two tasks, a thread each, which load, add and store. */
#define RACE                                                           \
	"$LOCKSTEP race --processes 1 --threads 2 --items 2 --adds 1 " \
	"--steps 3 "

/* Threads a and b, and what they are about to do. */
#define ROW(letter, what) "[ →]" letter " [ ✗] " what

/* Press, and wait for the schedule to end like that. */
static void
press(struct term *t, const char *key, const char *end)
{
	char regex[128];

	term_keys(t, key);
	snprintf(regex, sizeof regex, "schedule .*:%s   ", end);
	term_wait(t, regex);
	term_wait(t, "by hand|as given|end of the schedule");
}

START_TEST(by_hand_to_a_lost_update_and_back)
{
	struct term *t = term_start(80, 24, RACE "--step");

	term_wait(t, "stepped +lock OFF none");
	term_wait(t, ROW("a", "LOAD sum"));
	term_wait(t, ROW("b", "LOAD sum"));
	term_wait(t, "n step 1-9 thread N any c continue");
	press(t, "1", "a1");
	term_wait(t, ROW("a", "ADD 1"));
	press(t, "2", "a1b1");
	press(t, "2", "a1b2");
	term_wait(t, "→b   STORE 1 ");
	press(t, "2", "a1b3");
	term_wait(t, "sum 1 +expected 1 +lost 0");
	press(t, "1", "a1b3a1");
	term_wait(t, ROW("a", "STORE 1"));
	press(t, "1", "a1b3a2");
	term_wait(t, "sum 1 +expected 2 +lost 1 ");
	term_wait(t, "6 steps, 2 switches");

	/* It never was; and now it shall not be. */
	press(t, "u", "a1b3a1");
	term_wait(t, "sum 1 +expected 1 +lost 0");
	term_wait(t, ROW("a", "STORE 1"));
	press(t, "U", "");
	term_wait(t, ROW("a", "LOAD sum"));
	term_wait(t, "sum 0 +expected 0 +lost 0");
	term_press_until(t, "u", "there is no step to undo");
	press(t, "1", "a1");
	press(t, "1", "a2");
	press(t, "1", "a3");
	term_keys(t, "c");
	term_wait(t, "done in ");
	term_wait(t, "sum 2 \\+ lost 0, expected 2");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_wait(t, "cannot be repeated: ");
	ck_assert_ptr_null(strstr(term_screen(t), "--schedule"));
	term_end(t);
}
END_TEST

/* What the report says can be pasted, and it comes to the same. */
START_TEST(the_schedule_can_be_pasted)
{
	struct term *t = term_start(120, 24, RACE "--step");
	char line[256], again[320];

	term_wait(t, ROW("b", "LOAD sum"));
	press(t, "2", "b1");
	press(t, "1", "b1a1");
	press(t, "1", "b1a2");
	press(t, "2", "b1a2b1");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_read(t, "^lockstep (--schedule 'race,[^']*:b1a2b1')$", line,
	    sizeof line);
	term_end(t);

	snprintf(again, sizeof again, "$LOCKSTEP %s", line);
	t = term_start(120, 24, again);
	term_wait(t, ":b1a2b1   4 steps, 2 switches   at the end of the given");
	term_wait(t, ROW("a", "STORE 1"));
	term_wait(t, ROW("b", "STORE 1"));
	press(t, "N", "b1a2(b2|b1a1)");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
}
END_TEST

START_TEST(the_selected_one_steps)
{
	struct term *t = term_start(80, 24, RACE "--step");

	term_wait(t, ROW("b", "LOAD sum"));
	term_keys(t, "n");
	term_wait(t, "select a thread of worker-1: Tab");
	term_keys(t, "Tab");
	term_keys(t, "Down");
	term_keys(t, "Down");
	press(t, "n", "b1");
	term_keys(t, "Up");
	press(t, "n", "b1a1");
	term_keys(t, "Up");
	term_keys(t, "n");
	term_wait(t, "worker-1 waits for its tasks");
	term_keys(t, "9");
	term_wait(t, "9: there is no thread i");
	term_keys(t, "Space");
	term_wait(t, "stepped: n steps, c continues");
	/* Digits are threads, and views are on these. */
	term_keys(t, "}");
	term_wait(t, "threads +sorted by place");
	term_wait(t, ROW("a", "ADD 1"));
	term_keys(t, "}");
	term_wait(t, "all threads are ready");
	term_keys(t, "{");
	term_wait(t, "threads +sorted by place");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
}
END_TEST

/* In the middle of a run; what has been cannot be repeated. */
START_TEST(stop_and_continue_on_the_way)
{
	struct term *t = term_start(
	    80, 24, "$LOCKSTEP race -p 2 -t 2 --items 2x100000000 --adds 20");

	term_wait(t, "running");
	term_press_until(t, "n", "not in step mode: s stops all threads");
	term_keys(t, "s");
	term_wait(t, "stepped +lock");
	term_wait(t, "cannot be repeated: stepping began in the middle");
	term_wait(t, "by hand");
	term_keys(t, "N"); /* a may be waiting for its tasks */
	term_wait(t, " 1 step");
	term_press_until(t, "u", "cannot undo: stepping began");
	term_keys(t, "c");
	term_wait(t, "running +lock");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
}
END_TEST

/* Each takes its first lock; then both want the other's. */
START_TEST(a_deadlock_by_hand)
{
	struct term *t =
	    term_start(80, 24, "$LOCKSTEP deadlock --adds 1 --steps 3 --step");

	term_wait(t, ROW("a", "LOCK A"));
	term_wait(t, ROW("b", "LOCK B"));
	press(t, "1", "a1");
	term_wait(t, ROW("a", "LOCK B"));
	press(t, "2", "a1b1");
	term_wait(t, "HANGS");
	term_wait(t,
	    "no thread can run: a thread-1 waits for B, held by b; b thread-2");
	term_wait(t, "a ✗ LOCK B ← thread-2");
	term_wait(t, "b ✗ LOCK A ← thread-1");
	term_keys(t, "1");
	term_wait(t, "a thread-1 waits for B, held by b thread-2 *$");
	term_keys(t, "N");
	term_wait(t, "^ no thread can go *$");
	/* One step back there is a way out. */
	press(t, "u", "a1");
	term_wait_gone(t, "HANGS");
	press(t, "1", "a2");
	term_keys(t, "q");
	term_left(t);
	term_wait(t, "^lockstep --schedule 'deadlock,.*:a2'$");
	term_end(t);
}
END_TEST

/* ---- guess first ---- */

START_TEST(guess_first)
{
	struct term *t = term_start(80, 24, RACE "--step --predict");

	term_wait(t, "guess the final sum");
	term_wait(t, "sum \\? +expected 0 +lost \\?");
	term_keys(t, "Enter"); /* later */
	term_wait_gone(t, "guess the final sum");
	press(t, "1", "a1");
	press(t, "2", "a1b1");
	press(t, "2", "a1b2");
	term_wait(t, ROW("b", "STORE \\?"));
	term_keys(t, "P");
	term_wait(t, "guess the final sum");
	term_keys(t, "2");
	term_keys(t, "Enter");
	term_wait(t, "guess 2");
	term_wait(t, ROW("b", "STORE 1"));
	/* A step taken back is none. */
	press(t, "u", "a1b1");
	term_wait(t, ROW("b", "ADD 1"));
	term_wait(t, "guess 2");
	press(t, "2", "a1b2");
	term_keys(t, "c");
	term_wait(t, "you said 2, it is 1: 1 was lost in 1 update; lock none");
	/* Another run is another guess. */
	term_keys(t, "r");
	term_wait(t, "guess the final sum");
	term_wait(t, "sum \\?");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
}
END_TEST

START_TEST(a_run_may_end_before_the_guess)
{
	struct term *t = term_start(
	    80, 24, "$LOCKSTEP race --items 2x10 --lock mutex --predict");

	term_wait(t, "done in ");
	term_wait(t, "sum \\? \\+ lost \\?");
	ck_assert_ptr_null(strstr(term_screen(t), "sum + lost = expected"));
	term_keys(t, "l");
	term_keys(t, "o");
	term_keys(t, "s");
	term_keys(t, "t");
	term_keys(t, "5");
	term_keys(t, "%");
	term_keys(t, "Enter");
	term_wait(t, "you said lost 5 %, it is lost 0.0 %: the lock was on");
	term_wait(t, "sum 20 000 . lost 0, expected 20 000");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_wait(t, "^guess +you said lost 5 %, it is lost 0.0 %");
	term_end(t);

	t = term_start(80, 24, "$LOCKSTEP race --items 2x10 --predict");
	term_wait(t, "done in ");
	term_wait(t, "guess the final sum");
	term_keys(t, "Escape");
	term_wait(t, "sum . lost = expected");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("stepped");
	TCase *t = tcase_create("stepped");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(t, TERM_TIMEOUT);
	tcase_add_test(t, by_hand_to_a_lost_update_and_back);
	tcase_add_test(t, the_schedule_can_be_pasted);
	tcase_add_test(t, the_selected_one_steps);
	tcase_add_test(t, stop_and_continue_on_the_way);
	tcase_add_test(t, a_deadlock_by_hand);
	tcase_add_test(t, guess_first);
	tcase_add_test(t, a_run_may_end_before_the_guess);
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);

	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
