/*
 * test_leave: however the dashboard ends, the terminal is as it was and no
 * process is left; and terminals that can do less.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "procs.h"
#include "term.h"

#define LONG_RUN "$LOCKSTEP hybrid --items 5x10000"

static bool
is_without_engine(struct term *t, void *arg)
{
	pid_t pids[PROCS_MAX];

	(void)arg;
	return procs_of(term_session(t), "lockstep-engine", pids) == 0;
}

static bool
has_all_workers(struct term *t, void *arg)
{
	pid_t pids[PROCS_MAX];

	(void)arg;
	return procs_of(term_session(t), "lockstep-engine", pids) == 5;
}

START_TEST(q_leaves_the_terminal_as_it_was)
{
	struct term *t = term_start(80, 24, LONG_RUN);
	pid_t session = term_session(t);

	term_wait(t, "pool-1\\.0");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_wait(t, "^hybrid: 4 processes x 10 threads");
	term_alone(t, session);
	term_end(t);
}
END_TEST

static const int fatal[] = {
    SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS};

#define FATAL (int)(sizeof fatal / sizeof fatal[0])

START_TEST(a_signal_leaves_the_terminal_as_it_was)
{
	struct term *t = term_start(80, 24, LONG_RUN);
	pid_t session = term_session(t);

	term_wait(t, "pool-1\\.0");
	ck_assert_int_eq(kill(term_pid(t), fatal[_i]), 0);
	ck_assert_int_eq(term_left(t), 128 + fatal[_i]);
	term_alone(t, session);
	term_end(t);
}
END_TEST

START_TEST(control_c_is_an_interrupt)
{
	struct term *t = term_start_job(80, 24, LONG_RUN);
	pid_t session = term_session(t);

	term_wait(t, "pool-1\\.0");
	term_keys(t, "C-c");
	ck_assert_int_eq(term_left(t), 128 + SIGINT);
	term_alone(t, session);
	term_end(t);
}
END_TEST

START_TEST(nothing_outlives_the_dashboard)
{
	struct term *t = term_start(80, 24, LONG_RUN);
	pid_t session = term_session(t);

	term_wait(t, "pool-1\\.0");
	term_wait_until(t, has_all_workers, NULL, "all workers");
	ck_assert_int_eq(kill(term_pid(t), SIGKILL), 0);
	term_alone(t, session);
	term_end(t);
}
END_TEST

START_TEST(nothing_outlives_the_supervisor)
{
	struct term *t = term_start(80, 24, LONG_RUN);
	pid_t session = term_session(t), pids[PROCS_MAX];
	pid_t supervisor = (pid_t)term_read_number(t, "supervisor +([0-9]+) ");

	ck_assert_int_eq(procs_of(session, "lockstep", pids), 1);
	ck_assert_int_eq(procs_parent(supervisor), pids[0]);
	ck_assert_int_eq(kill(supervisor, SIGKILL), 0);
	term_wait_until(t, is_without_engine, NULL, "the engine's end");
	ck_assert(procs_lives(term_pid(t)));
	term_keys(t, "q");
	ck_assert_int_ne(term_left(t), 0);
	term_alone(t, session);
	term_end(t);
}
END_TEST

START_TEST(stopped_and_continued)
{
	struct term *t = term_start_job(80, 24, LONG_RUN);
	pid_t session = term_session(t);

	for (int i = 1; i <= 3; i++) {
		char stopped[32];

		snprintf(stopped, sizeof stopped, "^STOPPED %d", i);
		term_wait(t, "pool-1\\.0");
		ck_assert_int_eq(kill(term_pid(t), SIGTSTP), 0);
		term_wait(t, stopped);
		term_check_restored(t);
		term_wait_gone(t, "pool-1\\.0");
		term_resume(t);
	}
	term_wait(t, "pool-1\\.0");
	term_wait(t, "^ lockstep +hybrid");
	term_wait_gone(t, "STOPPED");
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	term_alone(t, session);
	term_end(t);
}
END_TEST

#define SHORT_RUN "hybrid --items 1-5 --speed 20"

static void
check_plain(const char *line)
{
	/* High, for there is a line more for each second that it takes. */
	struct term *t = term_start(100, 300, line);

	ck_assert_int_eq(term_left(t), 0);
	term_wait(t, "^sum +55 \\+ lost 0 = expected 55 +ok$");
	term_wait(t, "[0-9]:[0-9]+ .*all threads are ready");
	term_alone(t, term_session(t));
	term_end(t);
}

START_TEST(plain_if_asked_for)
{
	check_plain("$LOCKSTEP --plain " SHORT_RUN);
}
END_TEST

START_TEST(plain_into_a_pipe)
{
	check_plain("bash -c 'set -o pipefail; $LOCKSTEP " SHORT_RUN " | cat'");
}
END_TEST

static const char *const poor[] = {"dumb", "", "no-such-terminal"};

START_TEST(plain_on_a_poor_terminal)
{
	char line[128];

	snprintf(
	    line, sizeof line, "env TERM=%s $LOCKSTEP " SHORT_RUN, poor[_i]);
	check_plain(line);
}
END_TEST

static bool
is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

START_TEST(ascii_if_the_locale_is_not_utf8)
{
	struct term *t = term_start(100, 30, "env LC_ALL=C " LONG_RUN);

	term_wait(t, "pool-1\\.9");
	ck_assert_msg(is_ascii(term_screen(t)), "%s", term_screen(t));
	ck_assert(strstr(term_screen(t), "+- ") != NULL);
	term_keys(t, "q");
	ck_assert_int_eq(term_left(t), 0);
	ck_assert_msg(is_ascii(term_screen(t)), "%s", term_screen(t));
	term_end(t);
}
END_TEST

START_TEST(ascii_if_asked_for)
{
	struct term *t = term_start(100, 30, LONG_RUN " --ascii");

	term_wait(t, "pool-1\\.9");
	ck_assert_msg(is_ascii(term_screen(t)), "%s", term_screen(t));
	term_end(t);
}
END_TEST

/* Is there a colour in any of the select-graphic-rendition sequences? */
static bool
has_colour(const char *s)
{
	for (; (s = strstr(s, "\033[")) != NULL;) {
		s += 2;
		while (*s != '\0' && strchr("0123456789;:", *s) != NULL) {
			char *end;
			long n = strtol(s, &end, 10);

			s = end;
			if ((n >= 30 && n <= 48 && n != 39) ||
			    (n >= 90 && n <= 107))
				return true;
			s += *s == ';' || *s == ':';
		}
	}
	return false;
}

static const struct {
	const char *line;
	bool colour;
} colours[] = {
    {LONG_RUN, true},
    {"env NO_COLOR=1 " LONG_RUN, false},
    {"env NO_COLOR= " LONG_RUN, true},
    {LONG_RUN " --color never", false},
    {"env NO_COLOR=1 " LONG_RUN " --color always", true},
};

#define COLOURS (int)(sizeof colours / sizeof colours[0])

START_TEST(colour_is_obeyed)
{
	struct term *t = term_start(100, 30, colours[_i].line);

	term_wait(t, "pool-1\\.9");

	const char *screen = term_screen_with_escapes(t);

	ck_assert_int_eq(has_colour(screen), colours[_i].colour);
	term_end(t);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("leave");
	TCase *t = tcase_create("leave");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(t, TERM_TIMEOUT);
	tcase_add_test(t, q_leaves_the_terminal_as_it_was);
	tcase_add_loop_test(
	    t, a_signal_leaves_the_terminal_as_it_was, 0, FATAL);
	tcase_add_test(t, control_c_is_an_interrupt);
	tcase_add_test(t, nothing_outlives_the_dashboard);
	tcase_add_test(t, nothing_outlives_the_supervisor);
	tcase_add_test(t, stopped_and_continued);
	tcase_add_test(t, plain_if_asked_for);
	tcase_add_test(t, plain_into_a_pipe);
	tcase_add_loop_test(t, plain_on_a_poor_terminal, 0, 3);
	tcase_add_test(t, ascii_if_the_locale_is_not_utf8);
	tcase_add_test(t, ascii_if_asked_for);
	tcase_add_loop_test(t, colour_is_obeyed, 0, COLOURS);
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);

	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
