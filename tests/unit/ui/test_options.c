/*
 * test_options: what is ours, what is the engine's, and what is a mistake. The
 * engine that is asked is this very program.
 */
#include "command/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cmdline.h"
#include "suite.h"

#define WORDS    12
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct cmdline_option run_options[] = {
    {.name = "processes", .letter = 'p', .value = CMDLINE_NEEDED},
    {.name = "lock", .letter = 'l', .value = CMDLINE_NEEDED},
    {.name = "gil", .value = CMDLINE_OPTIONAL},
    {.name = "step", .value = CMDLINE_OPTIONAL},
    {.name = "steps", .value = CMDLINE_NEEDED},
    {.name = "js", .value = CMDLINE_OPTIONAL},
    {.name = "control-fd", .value = CMDLINE_NEEDED, .hidden = true},
    {.name = "help", .letter = 'h'},
    {.name = "list"},
};

static const struct cmdline_option explore_options[] = {
    {.name = "reduce"},
    {.name = "fix", .value = CMDLINE_NEEDED},
    {.name = "json"},
    {.name = "frames"},
    {.name = "help", .letter = 'h'},
    {.name = "list"},
};

/* As the engine. */
static bool
answered(char **argv)
{
	return cmdline_asked(run_options, COUNT(run_options), argv) ||
	    (argv[1] != NULL && strcmp(argv[1], "explore") == 0 &&
		cmdline_asked(
		    explore_options, COUNT(explore_options), argv + 1));
}

/* The row's words as argv. */
static int
parse(struct options *o, const char *const word[WORDS])
{
	static char copy[WORDS][64];
	static char *argv[WORDS + 2];
	static char name[] = "lockstep";
	int argc = 1;

	argv[0] = name;
	for (int i = 0; i < WORDS && word[i] != NULL; i++) {
		snprintf(copy[i], sizeof copy[i], "%s", word[i]);
		argv[argc++] = copy[i];
	}
	argv[argc] = NULL;
	return options_parse(o, argc, argv);
}

START_TEST(ours_is_taken_out)
{
	static const char *const words[WORDS] = {"race", "--json", "--threads",
	    "4", "--record=out.lks", "--expect-lost", "17", "--color=never",
	    "--ascii", "--lock", "none", NULL};
	static const char *const rest[] = {
	    "race", "--threads", "4", "--lock", "none"};
	struct options o;

	ck_assert_int_eq(parse(&o, words), 0);
	ck_assert_int_eq(o.action, ACTION_RUN);
	ck_assert_ptr_nonnull(o.front);
	ck_assert_str_eq(o.front->name, "json");
	ck_assert_str_eq(o.record, "out.lks");
	ck_assert_int_eq(o.expect_lost, 17);
	ck_assert(!o.expect_exact);
	ck_assert_int_eq(o.dashboard.color, COLOR_NEVER);
	ck_assert(o.dashboard.ascii);
	for (int i = 0; i < 5; i++)
		ck_assert_str_eq(o.engine[i], rest[i]);
	ck_assert_ptr_eq(o.engine[5], NULL);
	options_free(&o);
}
END_TEST

START_TEST(completion_is_for_one_of_three_shells)
{
	static const char *const good[WORDS] = {"--completion", "zsh", NULL};
	static const char *const bad[][WORDS] = {
	    {"--completion=tcsh", NULL},
	    {"--completion=bash zsh", NULL},
	    {"--completion=", NULL},
	    {"--completion", NULL},
	};
	struct options o;

	ck_assert_int_eq(parse(&o, good), 0);
	ck_assert_int_eq(o.action, ACTION_COMPLETION);
	ck_assert_int_eq(o.shell, COMPLETION_ZSH);
	options_free(&o);
	for (size_t i = 0; i < COUNT(bad); i++) {
		ck_assert_int_eq(parse(&o, bad[i]), 2);
		options_free(&o);
	}
}
END_TEST

START_TEST(a_theme_is_one_of_five)
{
	static const char *const good[WORDS] = {"race", "--theme=light", NULL};
	static const char *const none[WORDS] = {"race", NULL};
	static const char *const bad[WORDS] = {"--theme", "lights", NULL};
	struct options o;

	ck_assert_int_eq(parse(&o, good), 0);
	ck_assert_int_eq(o.dashboard.theme, THEME_LIGHT);
	options_free(&o);
	ck_assert_int_eq(parse(&o, none), 0);
	ck_assert_int_eq(o.dashboard.theme, THEME_AUTO);
	options_free(&o);
	ck_assert_int_eq(parse(&o, bad), 2);
	options_free(&o);
}
END_TEST

START_TEST(a_picture_is_of_a_recording)
{
	static const char *const good[WORDS] = {"replay", "a.lks",
	    "--screenshot", "a.svg", "--at", "1.5s", "--size=80x24", "--keys",
	    "8,Down", NULL};
	static const char *const bad[][WORDS] = {
	    {"race", "--screenshot", "a.svg", NULL},
	    {"-", "--screenshot", "a.svg", NULL},
	    {"replay", "a.lks", "--screenshot", "", NULL},
	    {"replay", "a.lks", "--at", "4s", NULL},
	    {"replay", "a.lks", "--screenshot", "a.svg", "--at", "soon", NULL},
	    {"replay", "a.lks", "--screenshot", "a.svg", "--size", "80", NULL},
	    {"replay", "a.lks", "--screenshot", "a.svg", "--size", "0x9", NULL},
	    {"replay", "a.lks", "--screenshot", "a.svg", "--size", "9x9x9",
		NULL},
	    {"replay", "a.lks", "--screenshot", "a.svg", "--keys", "Hyper",
		NULL},
	};
	struct options o;

	ck_assert_int_eq(parse(&o, good), 0);
	ck_assert_int_eq(o.action, ACTION_REPLAY);
	ck_assert_str_eq(o.dashboard.picture.path, "a.svg");
	ck_assert_uint_eq(o.dashboard.picture.at, 1500000000);
	ck_assert_int_eq(o.dashboard.picture.cols, 80);
	ck_assert_int_eq(o.dashboard.picture.rows, 24);
	options_free(&o);
	for (size_t i = 0; i < COUNT(bad); i++) {
		ck_assert_int_eq(parse(&o, bad[i]), 2);
		options_free(&o);
	}
}
END_TEST

/* How a run is scheduled is the engine's affair, with or without a demo. */
START_TEST(schedules_are_passed_on)
{
	static const char *const rows[][WORDS] = {
	    {"--schedule", "race,steps=3:a1b3a2", NULL},
	    {"race", "--schedule=race:a1", NULL},
	    {"--scheduler", "pct", "--seed", "7", "race", NULL},
	    {"--step", "race", "--steps", "2", NULL},
	    {"--schedule", "a file with blanks", "--step", NULL},
	};
	struct options o;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int n = 0;

		ck_assert_int_eq(parse(&o, rows[i]), 0);
		ck_assert_int_eq(o.action, ACTION_RUN);
		for (; rows[i][n] != NULL; n++)
			ck_assert_str_eq(o.engine[n], rows[i][n]);
		ck_assert_ptr_null(o.engine[n]);
		options_free(&o);
	}
}
END_TEST

/* What was told in plain lines could not be hidden. */
START_TEST(only_the_dashboard_hides)
{
	static const char *const good[WORDS] = {"race", "--predict", NULL};
	static const char *const replay[WORDS] = {
	    "replay", "file", "--predict", NULL};
	static const char *const bad[][WORDS] = {
	    {"race", "--predict", "--plain", NULL},
	    {"--json", "race", "--predict", NULL},
	    {"explore", "race", "--predict", NULL},
	    {"race", "--predict=7", NULL},
	};
	struct options o;

	ck_assert_int_eq(parse(&o, good), 0);
	ck_assert(o.dashboard.predict);
	options_free(&o);
	ck_assert_int_eq(parse(&o, replay), 0);
	ck_assert(o.dashboard.predict);
	options_free(&o);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		ck_assert_int_eq(parse(&o, bad[i]), 2);
		options_free(&o);
	}
}
END_TEST

START_TEST(nothing_is_ours_after_two_dashes)
{
	static const char *const words[WORDS] = {
	    "files", "--plain", "--", "--json", "-h", NULL};
	struct options o;

	ck_assert_int_eq(parse(&o, words), 0);
	ck_assert_int_eq(o.action, ACTION_RUN);
	ck_assert_ptr_nonnull(o.front);
	ck_assert_str_eq(o.front->name, "plain");
	ck_assert_str_eq(o.engine[1], "--");
	ck_assert_str_eq(o.engine[2], "--json");
	ck_assert_str_eq(o.engine[3], "-h");
	ck_assert_ptr_eq(o.engine[4], NULL);
	options_free(&o);
}
END_TEST

START_TEST(exploring_is_the_engines)
{
	static const char *const words[WORDS] = {
	    "--json", "explore", "race", "--schedule", "a3b3", "--", NULL};
	static const char *const rest[] = {
	    "explore", "race", "--schedule", "a3b3", "--"};
	static const char *const help[WORDS] = {"explore", "-h", NULL};
	static const char *const exact[WORDS] = {
	    "explore", "race", "--expect-exact", NULL};
	static const char *const watched[WORDS] = {
	    "explore", "race", "--ascii", "--record", "f", NULL};
	static const char *const unfit[WORDS] = {
	    "explore", "race", "--list", "--record", "f", NULL};
	static const char *const twice[WORDS] = {
	    "explore", "race", "--json", "--frames", NULL};
	static const char *const frames[WORDS] = {
	    "explore", "race", "--frames", NULL};
	struct options o;

	ck_assert_int_eq(parse(&o, words), 0);
	ck_assert_int_eq(o.action, ACTION_SEARCH);
	ck_assert_ptr_nonnull(o.front->search);
	for (int i = 0; i < 5; i++)
		ck_assert_str_eq(o.engine[i], rest[i]);
	ck_assert_ptr_eq(o.engine[5], NULL);
	options_free(&o);
	ck_assert_int_eq(parse(&o, help), 0);
	ck_assert_int_eq(o.action, ACTION_EXPLORE);
	ck_assert_str_eq(o.engine[1], "--help");
	ck_assert_ptr_eq(o.engine[2], NULL);
	options_free(&o);
	ck_assert_int_eq(parse(&o, exact), 2);
	options_free(&o);
	ck_assert_int_eq(parse(&o, watched), 0);
	ck_assert_int_eq(o.action, ACTION_SEARCH);
	ck_assert_str_eq(o.engine[1], "race");
	ck_assert_ptr_eq(o.engine[2], NULL);
	options_free(&o);
	ck_assert_int_eq(parse(&o, unfit), 2);
	options_free(&o);
	ck_assert_int_eq(parse(&o, twice), 2);
	options_free(&o);
	ck_assert_int_eq(parse(&o, frames), 0);
	ck_assert_int_eq(o.action, ACTION_EXPLORE);
	options_free(&o);
}
END_TEST

/* Options without a value and operands of a demo's own stay in their order. */
START_TEST(what_demos_take_is_passed_on)
{
	static const struct {
		const char *word[WORDS];
		const char *rest[WORDS];
	} row[] = {
	    {{"compare", "--work", "io", "--gil"},
		{"compare", "--work", "io", "--gil"}},
	    {{"download", "http://x/a?b=c", "--max-pages", "3", "--plain"},
		{"download", "http://x/a?b=c", "--max-pages", "3"}},
	    {{"compare", "--gil", "--json", "--work=cpu"},
		{"compare", "--gil", "--work=cpu"}},
	    {{"primes", "--limits", "10,20"}, {"primes", "--limits", "10,20"}},
	    {{"read", "replay", "--", "-"}, {"read", "replay", "--", "-"}},
	};
	struct options o;

	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
		unsigned n = 0;

		ck_assert_int_eq(parse(&o, row[i].word), 0);
		ck_assert_int_eq(o.action, ACTION_RUN);
		for (; row[i].rest[n] != NULL; n++)
			ck_assert_str_eq(o.engine[n], row[i].rest[n]);
		ck_assert_ptr_null(o.engine[n]);
		options_free(&o);
	}
}
END_TEST

START_TEST(actions)
{
	static const struct {
		const char *word[WORDS];
		enum options_action action;
	} row[] = {
	    {{NULL}, ACTION_RUN},
	    {{"hybrid", "replay"}, ACTION_RUN},
	    {{"--jsonp"}, ACTION_RUN},
	    {{"--", "replay"}, ACTION_RUN},
	    {{"-"}, ACTION_STDIN},
	    {{"--json", "-"}, ACTION_STDIN},
	    {{"replay", "x"}, ACTION_REPLAY},
	    {{"--json", "replay", "--ascii", "x"}, ACTION_REPLAY},
	    {{"--list"}, ACTION_LIST},
	    {{"--help"}, ACTION_HELP},
	    {{"-h"}, ACTION_HELP},
	    {{"race", "-V"}, ACTION_VERSION},
	};
	struct options o;

	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
		ck_assert_int_eq(parse(&o, row[i].word), 0);
		ck_assert_int_eq(o.action, row[i].action);
		if (o.action == ACTION_REPLAY)
			ck_assert_str_eq(o.replay, "x");
		options_free(&o);
	}
}
END_TEST

START_TEST(a_mistake_is_one_line)
{
	static const struct {
		const char *word[WORDS];
		const char *line;
	} row[] = {
	    {{"--color", "red"},
		"--color: 'red' is not one of auto, always, never\n"},
	    {{"--color"}, "--color: needs a value: WHEN\n"},
	    {{"--record"}, "--record: needs a value: FILE\n"},
	    {{"--record="}, "--record: the name of FILE is empty\n"},
	    {{"--json=1"}, "--json: takes no value, but '1' was given\n"},
	    {{"--json", "--plain"}, "--plain and --json: choose one of them\n"},
	    {{"--expect-lost", "1x"},
		"--expect-lost: '1x' is invalid; "
		"use a number of updates, "
		"0 or more\n"},
	    {{"--expect-lost=-3"},
		"--expect-lost: '-3' is too small; "
		"use a number of updates, "
		"0 or more\n"},
	    {{"replay"}, "replay: needs the FILE of a recording\n"},
	    {{"replay", "a", "b"},
		"replay: 'b' means nothing here; "
		"only options of the dashboard may follow\n"},
	    {{"-", "--threads"},
		"-: '--threads' means nothing here; "
		"only options of the dashboard may follow\n"},
	    {{"replay", "a", "--record", "b"},
		"--record: 'a' is a recording already\n"},
	    {{"--l", "race"}, "--l: ambiguous: --list, --lock; see --help\n"},
	    {{"--p=3"},
		"--p: ambiguous: --plain, --predict, --processes; see "
		"--help\n"},
	    {{"--expect", "3"},
		"--expect: ambiguous: --expect-exact, --expect-lost; "
		"see --help\n"},
	    {{"explore", "race", "--re"},
		"--re: ambiguous: --record, --reduce; see --help\n"},
	    {{"--jso=1"}, "--json: takes no value, but '1' was given\n"},
	};
	struct options o;
	char got[400], want[400];
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(dup2(fd[1], STDERR_FILENO), STDERR_FILENO);
	ck_assert_int_eq(parse(&o, row[_i].word), 2);
	options_free(&o);

	ssize_t n = read(fd[0], got, sizeof got - 1);

	ck_assert_int_gt(n, 0);
	got[n] = '\0';
	snprintf(want, sizeof want, "%s: %s", program_invocation_short_name,
	    row[_i].line);
	ck_assert_str_eq(got, want);
}
END_TEST

/* In short, in one word, and as a value. */
static const struct {
	const char *word[WORDS];
	enum options_action action;
	const char *front;
	const char *rest[WORDS];
} short_words[] = {
    {{"--lis"}, ACTION_LIST, NULL, {NULL}},
    {{"--hel", "race"}, ACTION_HELP, NULL, {"race"}},
    {{"--v"}, ACTION_VERSION, NULL, {NULL}},
    {{"race", "--jso", "-p", "2"}, ACTION_RUN, "json", {"race", "-p", "2"}},
    {{"--col", "never", "--plai"}, ACTION_RUN, "plain", {NULL}},
    {{"--js"}, ACTION_RUN, NULL, {"--js"}}, /* the engine's, in full */
    {{"--proc", "2"}, ACTION_RUN, NULL, {"--proc", "2"}},
    {{"--st"}, ACTION_RUN, NULL, {"--st"}}, /* the engine's to refuse */
    {{"--zzz", "--json"}, ACTION_RUN, "json", {"--zzz"}},
    {{"--lock", "--json"}, ACTION_RUN, NULL, {"--lock", "--json"}},
    {{"--loc", "--json"}, ACTION_RUN, NULL, {"--loc", "--json"}},
    {{"--lock=x", "--json"}, ACTION_RUN, "json", {"--lock=x"}},
    {{"-l", "-h"}, ACTION_RUN, NULL, {"-l", "-h"}},
    {{"-lx", "-h"}, ACTION_HELP, NULL, {"-lx"}},
    {{"-l", "--", "--json"}, ACTION_RUN, "json", {"-l", "--"}},
    {{"--gil", "--json"}, ACTION_RUN, "json", {"--gil"}},
    {{"--step", "-V"}, ACTION_VERSION, NULL, {"--step"}},
    {{"--rec", "--json"}, ACTION_RUN, NULL, {NULL}},
    {{"-Vh"}, ACTION_HELP, NULL, {NULL}},
    {{"-hVp2", "race"}, ACTION_VERSION, NULL, {"-p2", "race"}},
    {{"-Vp", "-h"}, ACTION_VERSION, NULL, {"-p", "-h"}},
    {{"-ph"}, ACTION_RUN, NULL, {"-ph"}},
    {{"", "--jso"}, ACTION_RUN, "json", {""}},
    {{"--js", "explore", "race"}, ACTION_SEARCH, "json", {"explore", "race"}},
    {{"explore", "race", "--js"}, ACTION_SEARCH, "json", {"explore", "race"}},
    {{"explore", "--lis"}, ACTION_EXPLORE, NULL, {"explore", "--list"}},
    {{"explore", "race", "--fr"}, ACTION_EXPLORE, NULL,
	{"explore", "race", "--fr"}},
    {{"explore", "race", "--fix", "--frames"}, ACTION_SEARCH, NULL,
	{"explore", "race", "--fix", "--frames"}},
    {{"explore", "race", "--", "--frames"}, ACTION_SEARCH, NULL,
	{"explore", "race", "--", "--frames"}},
    {{"replay", "--j", "x"}, ACTION_REPLAY, "json", {"replay", "x"}},
    {{"replay", "--j", "--", "x"}, ACTION_REPLAY, "json", {"replay", "x"}},
    {{"--as", "-", "--pl", "--"}, ACTION_STDIN, "plain", {"-"}},
};

static void
check_short(int i)
{
	struct options o;
	unsigned n = 0;

	ck_assert_int_eq(parse(&o, short_words[i].word), 0);
	ck_assert_int_eq(o.action, short_words[i].action);
	ck_assert_pstr_eq(
	    o.front != NULL ? o.front->name : NULL, short_words[i].front);
	for (; short_words[i].rest[n] != NULL; n++) {
		ck_assert_ptr_nonnull(o.engine[n]);
		ck_assert_str_eq(o.engine[n], short_words[i].rest[n]);
	}
	ck_assert_ptr_null(o.engine[n]);
	options_free(&o);
}

START_TEST(shortened_words_are_ours_too)
{
	check_short(_i);
}
END_TEST

START_TEST(posix_makes_no_operands)
{
	setenv("POSIXLY_CORRECT", "1", 1);
	check_short(_i);
}
END_TEST

/* Then what may be ours is. */
START_TEST(without_an_engine_ours_are_known)
{
	static const char *const list[WORDS] = {"--li"};
	static const char *const json[WORDS] = {"--lock", "--json"};
	struct options o;

	setenv("LOCKSTEP_ENGINE", _i == 0 ? "/nonexistent" : "/bin/echo", 1);
	ck_assert_int_eq(parse(&o, list), 0);
	ck_assert_int_eq(o.action, ACTION_LIST);
	options_free(&o);
	ck_assert_int_eq(parse(&o, json), 0);
	ck_assert_ptr_nonnull(o.front);
	ck_assert_str_eq(o.front->name, "json");
	options_free(&o);
}
END_TEST

#define MISTAKES 17

int
main(int argc, char **argv)
{
	(void)argc;
	if (answered(argv))
		return 0;
	setenv("LOCKSTEP_ENGINE", "/proc/self/exe", 1);

	TCase *t = tcase_create("options");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, ours_is_taken_out);
	tcase_add_test(t, completion_is_for_one_of_three_shells);
	tcase_add_test(t, a_theme_is_one_of_five);
	tcase_add_test(t, a_picture_is_of_a_recording);
	tcase_add_test(t, schedules_are_passed_on);
	tcase_add_test(t, only_the_dashboard_hides);
	tcase_add_test(t, nothing_is_ours_after_two_dashes);
	tcase_add_test(t, exploring_is_the_engines);
	tcase_add_test(t, what_demos_take_is_passed_on);
	tcase_add_test(t, actions);
	tcase_add_loop_test(t, a_mistake_is_one_line, 0, MISTAKES);
	tcase_add_loop_test(
	    t, shortened_words_are_ours_too, 0, (int)COUNT(short_words));
	tcase_add_loop_test(
	    t, posix_makes_no_operands, 0, (int)COUNT(short_words));
	tcase_add_loop_test(t, without_an_engine_ours_are_known, 0, 2);
	return suite_run("options", cases);
}
