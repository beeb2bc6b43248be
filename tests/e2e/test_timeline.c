/* test_timeline: bars that change as the lock is turned off and on. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <check.h>

#include "term.h"

/* Two threads that always want the lock, and hold it long enough to be seen. */
#define RACE                                                   \
	"$LOCKSTEP race -p 1 -t 2 --lock mutex --window 50ms " \
	"--items 2x100000 --adds 100000"

START_TEST(bars_follow_the_lock)
{
	struct term *t = term_start(80, 24, RACE);

	term_wait(t, "lock ON mutex");
	term_keys(t, "t");
	term_wait(t, "timeline .* a column, following");
	/* One has it and the other waits, in turn. */
	term_wait(t, "pool-1.0 +.*██");
	term_wait(t, "pool-1.1 +.*■■");
	term_wait(t, "holds one, others wait  ■ waits for a lock");
	term_keys(t, "l");
	term_wait(t, "lock OFF none");
	term_wait(t, "events +→none");
	term_wait(t, "pool-1.0 .*◆◆◆◆◆◆◆◆◆◆");
	term_keys(t, "l");
	term_wait(t, "lock ON mutex");
	term_wait(t, "events .*→mutex");
	term_keys(t, "Space");
	term_wait(t, "events .*‖pause");
	term_wait(t, "pool-1.0 .*‖");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
}
END_TEST

#define WHY                                                   \
	"pool-1.0 [0-9:.]+ +(waits for lock sum ← pool-1.1" \
	"|(run|window).*holds lock sum, .*others wait)"

START_TEST(the_cursor_tells_why)
{
	struct term *t = term_start(80, 24, RACE);

	term_wait(t, "lock ON mutex");
	term_keys(t, "t");
	term_wait(t, "pool-1.1 +.*■■");
	term_keys(t, "Left");
	term_wait(t, "a column,  [0-9:.]+ ");
	term_wait(t, "worker-1 [0-9:.]+ +waits for its tasks");
	term_keys(t, "Down");
	term_wait(t, "›pool-1.0");
	/* Now and then it has the lock and nobody waits yet. */
	while (!term_shows(t, WHY)) {
		char regex[64], at[32];

		term_read(t, "pool-1.0 ([0-9:.]+) ", at, sizeof at);
		snprintf(regex, sizeof regex, "pool-1.0 %s ", at);
		term_keys(t, "Left");
		term_wait_gone(t, regex);
		term_wait(t, "pool-1.0 [0-9:.]+ ");
	}
	term_keys(t, "(");
	term_keys(t, "(");
	term_wait(t, "timeline +(2|5|10|20) ms a column");
	term_keys(t, "End");
	term_wait(t, "a column, following");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
}
END_TEST

/* A recording shows the same; a seek back forgets what is yet to come. */
START_TEST(a_recording_has_one_too)
{
	char file[] = "/tmp/timeline-XXXXXX", line[512];
	int fd = mkstemp(file);

	ck_assert_int_ge(fd, 0);
	close(fd);
	snprintf(line, sizeof line,
	    "sh -c '$LOCKSTEP race -p 1 -t 2 --lock mutex --window 50ms "
	    "--items 2x3 --adds 5 --plain --record %s >/dev/null && "
	    "exec $LOCKSTEP replay %s'",
	    file, file);

	struct term *t = term_start(80, 24, line);

	term_wait(t, "replay [0-9:]+ / [0-9:]+");
	term_keys(t, "t");
	term_wait(t, "timeline .* a column");
	term_press_until(t, "Right", "end of recording");
	term_wait(t, "pool-1.0 +.*█");
	term_keys(t, "Space"); /* as it will show when this is not the end */
	term_press_until(t, "Left", "replay 0:00 / [0-9:]+ .*paused");
	term_keys(t, "Left"); /* all of it, from within the first second too */
	term_wait_gone(t, "pool-1.0 +.*█");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_end(t);
	unlink(file);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("timeline");
	TCase *t = tcase_create("timeline");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(t, TERM_TIMEOUT);
	tcase_add_test(t, bars_follow_the_lock);
	tcase_add_test(t, the_cursor_tells_why);
	tcase_add_test(t, a_recording_has_one_too);
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);

	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
