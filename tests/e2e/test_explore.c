/*
 * test_explore: every schedule, watched in a real terminal: what they come to,
 * and from there to the live dashboard and back.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "procs.h"
#include "term.h"

static void
leave(struct term *t, int status)
{
	pid_t session = term_session(t);

	ck_assert_int_eq(term_left(t), status);
	term_alone(t, session);
	term_end(t);
}

START_TEST(the_known_numbers_are_shown)
{
	struct term *t = term_start(80, 24, "$LOCKSTEP explore race");

	term_wait(t, "schedules 20 of 20 +100 %");
	term_wait(t, "complete");
	term_wait(t, "lose 18 of 20");
	term_wait(t, "! +1 +1 +18 +2 +90.00 %");
	term_wait(t, " +2 +0 +2 +1 +10.00 %");
	term_wait(t, "the smallest that fails: expected 2, was 1 +2 switches");
	term_wait(t, "step 6: a's STORE wiped out b's 1");
	term_wait(t, "6!STORE sum: 1 \\(-1\\)");
	term_keys(t, "Down");
	term_wait(t, "expected 2, was 2");
	term_wait(t, "steps=3:a3b3");
	term_keys(t, "Up");
	term_wait(t, "steps=3:a2b3a1");
	term_keys(t, "?");
	term_wait(t, "Exploring all schedules");
	term_keys(t, "Escape");
	term_wait_gone(t, "Exploring all schedules");
	term_wait(t, "schedules 20 of 20");
	term_keys(t, "q");
	term_wait(t, "18 of 20 schedules lose an update");
	leave(t, 0);
}
END_TEST

START_TEST(a_deadlock_is_found_and_named)
{
	struct term *t = term_start(80, 24, "$LOCKSTEP explore deadlock");

	term_wait(t, "schedules 6 of 6");
	term_wait(t, "deadlocks 2");
	term_wait(t, "a waits for B, held by b; b waits for A, held by a");
	term_wait(t, "deadlock,threads=2,adds=1,steps=3:a1b1");
	term_keys(t, "q");
	leave(t, 0);
}
END_TEST

/* Along the schedule that was found, to the update that it loses. */
START_TEST(enter_steps_through_it_and_q_leads_back)
{
	struct term *t = term_start(80, 24, "$LOCKSTEP explore race");

	term_wait(t, "a2b3a1");
	term_keys(t, "Enter");
	term_wait(t, "stepped .*lock OFF none");
	term_wait(t, "N: as given, of 6");
	for (int i = 1; i <= 6; i++) {
		static const char *const ends[] = {
		    "a1", "a2", "a2b1", "a2b2", "a2b3", "a2b3a1"};
		char regex[64];

		term_keys(t, "N");
		snprintf(regex, sizeof regex, "steps=3:%s ", ends[i - 1]);
		term_wait(t, regex);
	}
	term_wait(t, "sum 1 +expected 2 +lost 1 ");
	term_keys(t, "u"); /* and there it is again */
	term_wait(t, "steps=3:a2b3 ");
	term_wait(t, "sum 1 +expected 1 +lost 0 ");
	term_keys(t, "N");
	term_wait(t, "sum 1 +expected 2 +lost 1 ");
	term_keys(t, "q");
	term_wait(t, "schedules 20 of 20");
	term_wait(t, "expected 2, was 1");
	term_keys(t, "q");
	leave(t, 0);
}
END_TEST

START_TEST(a_deadlock_is_stepped_into)
{
	struct term *t = term_start(80, 24, "$LOCKSTEP explore deadlock");

	term_wait(t, "steps=3:a1b1");
	term_keys(t, "Enter");
	term_wait(t, "N: as given, of 2");
	term_keys(t, "N");
	term_wait(t, "steps=3:a1 ");
	term_keys(t, "N");
	term_wait(t, "HANGS");
	term_wait(
	    t, "a thread-1 waits for B, held by b; b thread-2 waits for A");
	term_keys(t, "q");
	term_wait(t, "schedules 6 of 6");
	term_keys(t, "q");
	leave(t, 0);
}
END_TEST

/* Off the schedule that was found: whoever strays goes on by himself. */
START_TEST(a_step_of_ones_own_leaves_it)
{
	struct term *t = term_start(80, 24, "$LOCKSTEP explore race");

	term_wait(t, "a2b3a1");
	term_keys(t, "Enter");
	term_wait(t, "N: as given, of 6");
	term_keys(t, "2");
	term_wait(t, "steps=3:b1 ");
	term_wait_gone(t, "N: as given");
	term_keys(t, "u");
	term_wait(t, "N: as given, of 6");
	term_keys(t, "N");
	term_wait(t, "steps=3:a1 ");
	term_keys(t, "q");
	term_wait(t, "schedules 20 of 20");
	term_keys(t, "q");
	leave(t, 0);
}
END_TEST

/* It would take weeks. */
START_TEST(a_long_search_is_left_at_once)
{
	struct term *t = term_start_job(80, 24,
	    "$LOCKSTEP explore race --threads 3 --adds 3 --limit 9999999999");

	term_wait(t, "227 873 431 500");
	term_wait(t, "running");
	term_keys(t, _i == 0 ? "q" : "C-c");
	leave(t, _i == 0 ? 0 : 130);
}
END_TEST

START_TEST(a_resize_and_a_stop_are_survived)
{
	struct term *t = term_start_job(80, 24, "$LOCKSTEP explore race");

	term_wait(t, "20 of 20");
	term_resize(t, 40, 10);
	term_wait(t, "^ 20/20");
	term_resize(t, 100, 30);
	term_wait(t, "20 of 20");
	term_keys(t, "Enter");
	term_wait(t, "stepped");
	term_keys(t, "C-z");
	term_wait(t, "STOPPED 1");
	term_resume(t);
	term_wait(t, "N: as given, of 6");
	term_keys(t, "N");
	term_wait(t, "steps=3:a1 ");
	term_keys(t, "q");
	term_wait(t, "20 of 20");
	term_keys(t, "q");
	leave(t, 0);
}
END_TEST

/* Two dashboards and their engines, of which the first one is killed. */
START_TEST(nothing_outlives_a_search_that_is_stepped)
{
	struct term *t = term_start(80, 24,
	    _i == 0 ? "$LOCKSTEP explore race"
		    : "sh -c 'trap \"\" TERM; exec $LOCKSTEP explore race'");
	pid_t session = term_session(t), pids[PROCS_MAX];

	term_wait(t, "a2b3a1");
	term_keys(t, "Enter");
	term_wait(t, "N: as given, of 6");
	ck_assert_int_eq(procs_of(session, "lockstep", pids), 2);
	ck_assert_int_eq(kill(term_pid(t), SIGKILL), 0);
	term_alone(t, session);
	term_end(t);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("explore");
	TCase *t = tcase_create("explore");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(t, TERM_TIMEOUT);
	tcase_add_test(t, the_known_numbers_are_shown);
	tcase_add_test(t, a_deadlock_is_found_and_named);
	tcase_add_test(t, enter_steps_through_it_and_q_leads_back);
	tcase_add_test(t, a_deadlock_is_stepped_into);
	tcase_add_test(t, a_step_of_ones_own_leaves_it);
	tcase_add_loop_test(t, a_long_search_is_left_at_once, 0, 2);
	tcase_add_test(t, a_resize_and_a_stop_are_survived);
	tcase_add_loop_test(t, nothing_outlives_a_search_that_is_stepped, 0, 2);
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);

	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
