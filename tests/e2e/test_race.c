/* test_race: lost updates, one by one, in a real terminal. */
#include <stdlib.h>

#include <check.h>

#include "term.h"

/* Windows so wide that all threads of a batch load before the first stores. */
#define WIDE                                                     \
	"$LOCKSTEP race --processes 2 --threads 2 --window 5ms " \
	"--adds 1 --items 40x100000"

static const struct {
	int width, height;
} sizes[] = {{80, 24}, {40, 10}, {200, 60}};

START_TEST(every_lost_update_is_told_step_by_step)
{
	struct term *t = term_start(sizes[_i].width, sizes[_i].height, WIDE);

	term_wait(t, "running");
	term_keys(t, "x");
	term_wait(t, "race ");
	term_wait(t, "pool-[12]\\.[01] ← pool-[12]\\.[01]");
	term_wait(t, "!STORE [0-9 ]+");
	if (sizes[_i].width >= 80) {
		term_wait(t, "LOAD [0-9]+");
		term_wait(t, "expected [0-9 ]+, was [0-9 ]+");
		term_wait(t, "read [0-9 ]+ before .* stored");
		term_wait(t, "(is|are) lost");
	}
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
}
END_TEST

START_TEST(who_overwrote_whom)
{
	struct term *t = term_start(80, 24, WIDE);

	term_wait(t, "running");
	term_keys(t, "8");
	term_wait(t, "!STORE");
	term_keys(t, "m");
	term_wait(t, "over: .* all");
	term_wait_gone(t, "!STORE");
	term_wait(t, "all +[1-9]");
	term_keys(t, "m");
	term_wait(t, "!STORE");
	term_keys(t, "Tab");
	term_wait(t, "over: .* all");
	term_keys(t, "Tab"); /* on to the next view */
	term_wait_gone(t, "over: ");
	term_keys(t, "q");
	term_left(t);
	term_end(t);
}
END_TEST

/* One of the list is looked at: it stays, whatever comes. */
START_TEST(a_selected_one_stays)
{
	struct term *t = term_start(80, 24, WIDE);
	char chosen[64], still[64];

	term_wait(t, "running");
	term_keys(t, "x");
	term_wait(t, "!STORE");
	term_keys(t, "Down");
	term_wait(t, "newer: Home");
	term_read(t, "› *([0-9:.]+)", chosen, sizeof chosen);
	term_wait(t, "[1-9][0-9]+ newer: Home");
	term_read(t, "› *([0-9:.]+)", still, sizeof still);
	ck_assert_str_eq(chosen, still);
	term_keys(t, "Home");
	term_wait_gone(t, "newer: Home");
	term_keys(t, "q");
	term_left(t);
	term_end(t);
}
END_TEST

START_TEST(a_lock_ends_it_and_a_restart_forgets)
{
	struct term *t = term_start(80, 24, WIDE);

	term_wait(t, "running");
	term_keys(t, "x");
	term_wait(t, "!STORE");
	term_keys(t, "l");
	term_wait(t, "nothing is being lost: lock mutex");
	term_wait(t, "the last one seen was");
	term_wait(t, "!STORE"); /* of those that were */
	term_keys(t, "r");
	term_keys(t, "y");
	term_wait(t, "seen 0 of 0 lost updates");
	term_wait_gone(t, "!STORE");
	term_keys(t, "q");
	term_left(t);
	term_end(t);
}
END_TEST

START_TEST(blind_both_shares_stand_side_by_side)
{
	struct term *t =
	    term_start(80, 24, "$LOCKSTEP race --duration 3600s --window 1us");

	term_wait(t, "running");
	term_keys(t, "x");
	term_wait(t, "watched [0-9.]+ % of [0-9.]+[kM]?/s");
	term_keys(t, "b");
	term_wait(t, "unobserved: what happens");
	term_wait(t, "unwatched [0-9.]+ % of [0-9.]+[kM]?/s");
	term_keys(t, "b");
	term_wait_gone(t, "unobserved: what happens");
	term_wait(t, "unwatched [0-9.]+ % of [0-9.]+[kM]?/s");
	term_keys(t, "q");
	term_left(t);
	term_end(t);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("race");
	TCase *c = tcase_create("race");

	tcase_set_timeout(c, TERM_TIMEOUT);
	tcase_add_loop_test(c, every_lost_update_is_told_step_by_step, 0,
	    sizeof sizes / sizeof sizes[0]);
	tcase_add_test(c, who_overwrote_whom);
	tcase_add_test(c, a_selected_one_stays);
	tcase_add_test(c, a_lock_ends_it_and_a_restart_forgets);
	tcase_add_test(c, blind_both_shares_stand_side_by_side);
	suite_add_tcase(s, c);

	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
