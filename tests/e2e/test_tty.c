/*
 * test_tty: the dashboard and its terminal: signals, keys that are none, a
 * terminal that takes nothing, and no screen at all.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "procs.h"
#include "tty.h"

#define TIMEOUT 120 /* seconds, for one test */

#define RUN   "hybrid", "--items", "5x10000"
#define SHORT "hybrid", "--items", "1-3", "--speed", "20"
#define DRAWN "pool-1"
#define WIDER "window (\033\\[[0-9;]*m)*50 ms" /* after one `]` */
#define RESET "\033\\[\\?1049l"

static struct tty *
dashboard(void (*prepare)(void))
{
	const struct tty_options o = {
	    .term = "xterm-256color", .prepare = prepare};
	const char *const args[] = {RUN, NULL};
	struct tty *t = tty_start(&o, args);

	tty_wait(t, DRAWN);
	return t;
}

static void
left(struct tty *t, int status)
{
	ck_assert_int_eq(tty_status(t, true), status);
	ck_assert_msg(tty_says(t, RESET), "no reset: %s", tty_tail(t));
	tty_check_settings(t);
	tty_end(t);
}

/* ---- signals ---- */

static bool
ends(int sig)
{
	switch (sig) {
	case SIGKILL:
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGCHLD:
	case SIGCONT:
	case SIGURG:
	case SIGWINCH:
	case SIGPIPE: /* a write says so */
	case SIGXFSZ: /* likewise */
		return false;
	default:
		return true;
	}
}

START_TEST(every_signal_leaves_the_terminal_as_it_was)
{
	if (!ends(_i))
		return;

	struct tty *t = dashboard(NULL);

	ck_assert_int_eq(kill(t->pid, _i), 0);
	left(t, 128 + _i);
}
END_TEST

static const int askers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
#define ASKERS 4

static void
ignore(void)
{
	for (int i = 0; i < ASKERS; i++)
		signal(askers[i], SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
}

START_TEST(what_was_ignored_stays_ignored)
{
	struct tty *t = dashboard(ignore);
	pid_t pids[PROCS_MAX];

	ck_assert_int_gt(procs_of(t->pid, "lockstep-engine", pids), 0);
	for (int i = 0; i < ASKERS; i++) {
		uint64_t bit = 1ULL << (askers[i] - 1);

		ck_assert(procs_signals(pids[0], "SigIgn:") & bit);
		ck_assert(!(procs_signals(pids[0], "SigBlk:") & bit));
		ck_assert_int_eq(kill(t->pid, askers[i]), 0);
		ck_assert_int_eq(kill(pids[0], askers[i]), 0);
	}
	ck_assert_int_eq(kill(t->pid, SIGUSR1), 0);
	tty_type(t, "q", 1);
	left(t, 0);
}
END_TEST

/* ---- keys ---- */

/* Played as keys, each would narrow the window, kill, open a view or quit. */
static const char *const no_keys[] = {"\033[I", "\033[O", "\033[99~",
    "\033[M !!", "\033[M[[[", "\033[<0;10;20M", "\033[24;80R",
    "\033]11;rgb:0000/0000/0000\033\\", "\033P1$r[[[q\033\\", "\033_[[q\033\\",
    "\033q", "\033[", "\033[1;", "\0334", "\033[200~[[q\033[201~", "\3034"};

#define NO_KEYS (sizeof no_keys / sizeof no_keys[0])

START_TEST(unknown_sequences_are_no_keys)
{
	struct tty *t = dashboard(NULL);

	for (size_t i = 0; i < NO_KEYS; i++) {
		tty_type(t, no_keys[i], strlen(no_keys[i]));
		tty_type(t, "\030", 1); /* what was cut off ends here */
	}
	tty_type(t, "]", 1);
	tty_wait(t, WIDER);
	tty_type(t, "q", 1);
	left(t, 0);
}
END_TEST

/* ---- themes ---- */

#define ASKS    "\033\\]11;\\?\033\\\\"
#define PAINTED "48;5;231"
#define ANSWER  "\033]11;rgb:ffff/ffff/ffff\033\\"

static struct tty *
answered(const char *const args[], const char *answer)
{
	const struct tty_options o = {.term = "xterm-256color"};
	struct tty *t = tty_start(&o, args);

	tty_wait(t, ASKS);
	tty_type(t, answer, strlen(answer));
	tty_wait(t, DRAWN);
	return t;
}

/* Blue of `light`, on the terminal's own background, and nothing typed. */
START_TEST(a_light_terminal_gets_a_light_theme)
{
	const char *const args[] = {RUN, NULL};
	struct tty *t = answered(args, ANSWER);

	ck_assert_msg(tty_says(t, "38;5;25m"), "not light: %s", tty_tail(t));
	ck_assert(!tty_says(t, "48;5|38;5;74m"));
	tty_type(t, "]", 1);
	tty_wait(t, WIDER);
	tty_type(t, "q", 1);
	left(t, 0);
}
END_TEST

START_TEST(a_dark_terminal_gets_a_dark_theme)
{
	const char *const args[] = {RUN, NULL};
	struct tty *t = answered(args, "\033]11;rgb:00/00/00\a");

	ck_assert_msg(tty_says(t, "38;5;74m"), "not dark: %s", tty_tail(t));
	ck_assert(!tty_says(t, "48;5"));
	tty_type(t, "q", 1);
	left(t, 0);
}
END_TEST

/* Then it is dark; and what it says late is no key. */
START_TEST(a_terminal_need_not_answer)
{
	struct tty *t = dashboard(NULL);

	ck_assert_msg(tty_says(t, "38;5;74m"), "not dark: %s", tty_tail(t));
	tty_type(t, ANSWER "]", sizeof ANSWER);
	tty_wait(t, WIDER);
	tty_type(t, "q", 1);
	left(t, 0);
}
END_TEST

/* Dark, light, projector, mono; those that do not fit are painted. */
START_TEST(a_key_shows_the_next_theme)
{
	struct tty *t = dashboard(NULL);

	tty_forget(t);
	tty_type(t, "T", 1);
	tty_wait(t, PAINTED ".*38;5;25m.*theme: light");
	tty_forget(t);
	tty_type(t, "T", 1);
	tty_wait(t, PAINTED ".*38;5;19m.*theme: projector");
	tty_forget(t);
	tty_type(t, "T", 1);
	tty_wait(t, "theme: mono");
	ck_assert_msg(!tty_says(t, "[34]8;5"), "colours: %s", tty_tail(t));
	tty_forget(t);
	tty_type(t, "T", 1);
	tty_wait(t, "38;5;74m.*theme: dark");
	tty_type(t, "q", 1);
	left(t, 0);
}
END_TEST

START_TEST(a_theme_that_is_named_is_not_asked_for)
{
	const struct tty_options o = {.term = "xterm-256color"};
	const char *const args[] = {RUN, "--theme", "projector", NULL};
	struct tty *t = tty_start(&o, args);

	tty_wait(t, DRAWN);
	ck_assert_msg(tty_says(t, PAINTED), "not painted: %s", tty_tail(t));
	ck_assert(!tty_says(t, ASKS));
	tty_type(t, "q", 1);
	left(t, 0);
}
END_TEST

/* ---- a terminal that takes nothing ---- */

static const int stalled[] = {
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGSEGV};
#define STALLED (int)(sizeof stalled / sizeof stalled[0])

START_TEST(a_full_terminal_does_not_hold_a_signal)
{
	struct tty *t = dashboard(NULL);

	tty_stuff(t);
	ck_assert_int_eq(kill(t->pid, stalled[_i]), 0);
	ck_assert_int_eq(tty_status(t, false), 128 + stalled[_i]);
	tty_check_settings(t);
	tty_end(t);
}
END_TEST

START_TEST(a_stopped_terminal_does_not_hold_a_signal)
{
	struct tty *t = dashboard(NULL);

	tty_type(t, "\023", 1);
	ck_assert_int_eq(kill(t->pid, stalled[_i]), 0);
	left(t, 128 + stalled[_i]);
}
END_TEST

START_TEST(a_stopped_terminal_goes_on)
{
	struct tty *t = dashboard(NULL);

	tty_type(t, "\023", 1);
	tty_forget(t);
	tty_type(t, "2]", 2);
	tty_type(t, "\021", 1);
	tty_wait(t, WIDER);
	tty_type(t, "\023q", 2);
	left(t, 0);
}
END_TEST

START_TEST(a_full_terminal_goes_on)
{
	struct tty *t = dashboard(NULL);

	tty_stuff(t);
	tty_type(t, "]", 1);
	tty_wait(t, "stuff.*" WIDER);
	tty_type(t, "q", 1);
	left(t, 0);
}
END_TEST

/* ---- no screen ---- */

static const struct {
	const char *term; /* NULL: not set */
	const char *args[6];
	int status;
	const char *says, *hides; /* hides: NULL: nothing */
	bool no_keyboard;
} screenless[] = {
    {.term = "nonsense",
	.args = {SHORT},
	.says = "^lockstep: TERM=nonsense is not a known terminal: showing "
		"plain lines\r$"},
    {.term = "dumb",
	.args = {SHORT},
	.says = "^lockstep: TERM=dumb cannot place the cursor: showing"},
    {.args = {SHORT}, .says = "^lockstep: TERM is not set: showing plain"},
    {.term = "",
	.args = {SHORT},
	.says = "^lockstep: TERM is not set: showing plain"},
    {.term = "a\033[2Jb",
	.args = {SHORT},
	.says = "^lockstep: TERM=a\\?\\[2Jb is not a known",
	.hides = "\033"},
    {.term = "xterm",
	.args = {SHORT},
	.says = "^lockstep: there is no keyboard: .*: showing plain",
	.no_keyboard = true},
    {.term = "nonsense",
	.args = {"--plain", SHORT},
	.says = "^sum +14 \\+ lost 0",
	.hides = "TERM"},
    {.term = "nonsense",
	.args = {"explore", "race"},
	.says = "^lockstep: TERM=nonsense is not a known"},
    {.term = "nonsense",
	.args = {"race", "--step"},
	.status = 2,
	.says = "^lockstep: .*--step: no user .*: TERM=nonsense is not",
	.hides = "showing"},
    {.term = "xterm",
	.args = {"race", "--step"},
	.status = 2,
	.says = "^lockstep: .*--step: no user .*: there is no keyboard",
	.no_keyboard = true},
    {.term = "nonsense",
	.args = {"race", "--predict"},
	.status = 2,
	.says = "^lockstep: --predict: .* TERM=nonsense is not a known",
	.hides = "^sum|showing"},
    {.term = "dumb",
	.args = {"race", "--predict", "--step"},
	.status = 2,
	.says = "^lockstep: --predict: .* TERM=dumb cannot",
	.hides = "^sum|showing"},
};

#define SCREENLESS (int)(sizeof screenless / sizeof screenless[0])

START_TEST(without_a_screen_it_says_why)
{
	const struct tty_options o = {.term = screenless[_i].term,
	    .no_keyboard = screenless[_i].no_keyboard};
	struct tty *t = tty_start(&o, screenless[_i].args);

	ck_assert_int_eq(tty_status(t, true), screenless[_i].status);
	ck_assert_msg(
	    tty_says(t, screenless[_i].says), "it says: %s", tty_tail(t));
	if (screenless[_i].hides != NULL)
		ck_assert_msg(!tty_says(t, screenless[_i].hides), "it says: %s",
		    tty_tail(t));
	tty_check_settings(t);
	tty_end(t);
}
END_TEST

static void
close_input(void)
{
	close(STDIN_FILENO);
}

/* Keys come from /dev/tty then. */
START_TEST(standard_input_may_be_closed)
{
	struct tty *t = dashboard(close_input);

	tty_type(t, "q", 1);
	left(t, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tty");
	TCase *t = tcase_create("tty");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(t, TIMEOUT);
	tcase_add_loop_test(
	    t, every_signal_leaves_the_terminal_as_it_was, 1, 65);
	tcase_add_test(t, what_was_ignored_stays_ignored);
	tcase_add_test(t, unknown_sequences_are_no_keys);
	tcase_add_test(t, a_light_terminal_gets_a_light_theme);
	tcase_add_test(t, a_dark_terminal_gets_a_dark_theme);
	tcase_add_test(t, a_terminal_need_not_answer);
	tcase_add_test(t, a_key_shows_the_next_theme);
	tcase_add_test(t, a_theme_that_is_named_is_not_asked_for);
	tcase_add_loop_test(
	    t, a_full_terminal_does_not_hold_a_signal, 0, STALLED);
	tcase_add_loop_test(
	    t, a_stopped_terminal_does_not_hold_a_signal, 0, STALLED);
	tcase_add_test(t, a_stopped_terminal_goes_on);
	tcase_add_test(t, a_full_terminal_goes_on);
	tcase_add_loop_test(t, without_a_screen_it_says_why, 0, SCREENLESS);
	tcase_add_test(t, standard_input_may_be_closed);
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);

	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
