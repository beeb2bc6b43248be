/* test_params: every mistake is one line; a demo's defaults come first. */
#include "options/params_priv.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/explore_rows.h"
#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "options/option_table.h"
#include "suite.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))
#define WORDS    8

static char said[16384]; /* on standard error */
static char told[16384]; /* on standard output */

static int
into_file(int fd)
{
	char name[] = "/tmp/lockstep-test-XXXXXX";
	int file = mkstemp(name);

	ck_assert_int_ge(file, 0);
	unlink(name);
	fflush(NULL);
	ck_assert_int_eq(dup2(file, fd), fd);
	return file;
}

static void
read_back(int file, char *buf, size_t size)
{
	ssize_t n = pread(file, buf, size - 1, 0);

	ck_assert_int_ge(n, 0);
	buf[n] = '\0';
	close(file);
}

/* params_parse(), or all of the engine, with what it says and tells caught. */
static int
parse(struct params_priv *p, const char *const words[WORDS])
{
	static char copies[WORDS][64];
	static char *argv[WORDS + 2];
	int argc = 1, saved[2] = {dup(1), dup(2)};
	static char name[] = "lockstep-engine";

	argv[0] = name;
	for (int i = 0; i < WORDS && words[i] != NULL; i++) {
		snprintf(copies[i], sizeof copies[i], "%s", words[i]);
		argv[argc++] = copies[i];
	}
	argv[argc] = NULL;
	int out = into_file(1), err = into_file(2);
	int result = p != NULL ? params_parse(p, demos, argv)
			       : lockstep_main(demos, argc, argv);
	fflush(NULL);
	dup2(saved[0], 1);
	dup2(saved[1], 2);
	read_back(out, told, sizeof told);
	read_back(err, said, sizeof said);
	return result;
}

static unsigned
lines(const char *text)
{
	unsigned n = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

static const struct {
	const char *words[WORDS];
	const char *names; /* what the line must name */
} mistakes[] = {
    {{"--processes", "0"}, "--processes 0"},
    {{"--processes", "513"}, "--processes 513"},
    {{"--processes", "100000"}, "100000"},
    {{"--processes", "-1"}, "-1"},
    {{"--processes", "2x"}, "2x"},
    {{"--processes", " 2"}, " 2"},
    {{"--processes="}, "--processes"},
    {{"--threads", "0"}, "--threads 0"},
    {{"--threads", "4097"}, "4097"},
    {{"--threads", "99999999999999999999"}, "9999"},
    {{"-p", "512", "-t", "4096"}, "--threads 4096"},
    {{"--items", "1-"}, "--items 1-"},
    {{"--items", ""}, "--items"},
    {{"--items", "0"}, "--items 0"},
    {{"--item-work", "sleep"}, "--item-work sleep"},
    {{"--task-work", "spin:2"}, "--task-work spin:2"},
    {{"--lock", "foo"}, "none, mutex"},
    {{"--lock", "foo"}, "foo"},
    {{"--sum", "both"}, "--sum both: use shared or private"},
    {{"--steps", "4"}, "--steps 4: use 2, 3 or all"},
    {{"--window", "11s"}, "--window 11s"},
    {{"--window", "5"}, "--window 5"},
    {{"--speed", "0"}, "--speed 0"},
    {{"--speed", "1001"}, "1001"},
    {{"--speed", "nan"}, "nan"},
    {{"--speed", "2y"}, "2y"},
    {{"--duration", "0"}, "--duration 0"},
    {{"--duration", "1h"}, "1h"},
    {{"--adds", "0"}, "--adds 0"},
    {{"--adds", "1000000001"}, "--adds"},
    {{"--status", "maybe"}, "on or off"},
    {{"--status-fd", "-1"}, "--status-fd"},
    {{"--control-fd", "x"}, "--control-fd"},
    {{"--foo"}, "--foo"},
    {{"--foo=bar", "hybrid"}, "--foo"},
    {{"--item", "5"}, "--item: ambiguous: --items, --item-work"},
    {{"--l", "5"}, "--lock, --limits, --list"},
    {{"--control", "3"}, "--control: unknown option"}, /* not for people */
    {{"--status-fd", "3", "--status-fd=4"}, "--status-fd: given twice"},
    {{"--list=all"}, "--list: takes no value"},
    {{"--lock", "--list"}, "--lock --list"},
    {{"-l", "-h"}, "--lock -h"},
    {{"", "--list=x"}, "--list"},
    {{"--lock"}, "--lock"},
    {{"-l"}, "-l"},
    {{"-zq"}, "-z"},
    {{"-z", "race"}, "-z"},
    {{"nosuch"}, "nosuch"},
    {{"race", "operand"}, "operand"},
    {{"files"}, "missing FILE"},
    {{"files", "--items", "5", "/tmp"}, "--items"},
    {{"race", "--fix", "order"},
	"demo race does not have it; it belongs to deadlock, philosophers"},
    {{"race", "--limits", "5"}, "race does not have it; it belongs to primes"},
    {{"deadlock", "--fix", "waiter"}, "use none or order"},
    {{"philosophers", "--fix", ""}, "use none, order or waiter"},
};

START_TEST(a_mistake_is_one_line)
{
	struct params_priv p;

	ck_assert_int_eq(parse(&p, mistakes[_i].words), -1);
	ck_assert_msg(lines(said) == 1, "said: %s", said);
	ck_assert_msg(strncmp(said, "lockstep", 8) == 0, "said: %s", said);
	ck_assert_msg(strstr(said, mistakes[_i].names), "said: %s", said);
	ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(the_default_demo_is_the_first)
{
	static const char *const none[WORDS] = {NULL};
	struct params_priv p;

	ck_assert_int_eq(parse(&p, none), 0);
	ck_assert_str_eq(p.params.demo->name, "hybrid");
	ck_assert_uint_eq(p.params.processes, 4);
	ck_assert_uint_eq(p.params.threads, 10);
	ck_assert_uint_eq(p.items.total, 40);
	ck_assert_int_eq(p.params.item_work.kind, WORK_SLEEP);
	ck_assert_uint_eq(p.params.item_work.ns, NSEC_PER_SEC);
	ck_assert_uint_eq(p.params.task_work.ns, 500 * NSEC_PER_MSEC);
	ck_assert_str_eq(lock_kinds[p.lock].name, "mutex");
	ck_assert_int_eq(p.sum_mode, SUM_SHARED);
	ck_assert_uint_eq(p.params.speed, 1000);
	ck_assert_uint_eq(p.duration, 0);
	ck_assert_int_eq(p.status_fd, STDOUT_FILENO);
	ck_assert_int_eq(p.control_fd, -1);
	ck_assert(!p.quiet);
}
END_TEST

START_TEST(options_win_over_the_demo)
{
	static const char *const before[WORDS] = {
	    "--lock=spin", "-p", "3", "--adds", "5", "race", "-t7"};
	static const char *const more[WORDS] = {"race", "--window", "2ms",
	    "--speed=0.5x", "--sum", "private", "--duration", "1.5s"};
	struct params_priv p;

	ck_assert_int_eq(parse(&p, before), 0);
	ck_assert_str_eq(p.params.demo->name, "race");
	ck_assert_str_eq(lock_kinds[p.lock].name, "spin");
	ck_assert_uint_eq(p.params.processes, 3);
	ck_assert_uint_eq(p.params.threads, 7);
	ck_assert_uint_eq(p.params.adds, 5);
	ck_assert_int_eq(parse(&p, more), 0);
	ck_assert_uint_eq(p.window, 2 * NSEC_PER_MSEC);
	ck_assert_uint_eq(p.params.speed, 500);
	ck_assert_int_eq(p.sum_mode, SUM_PRIVATE);
	ck_assert_uint_eq(p.duration, 1500 * NSEC_PER_MSEC);
	ck_assert_uint_eq(p.params.processes, 2); /* the demo's own */
}
END_TEST

START_TEST(a_fix_is_of_its_demo)
{
	static const char *const none[WORDS] = {"philosophers"};
	static const char *const waiter[WORDS] = {
	    "--fix=waiter", "philosophers"};
	static const char *const other[WORDS] = {"race"};
	struct params_priv p;

	ck_assert_int_eq(parse(&p, none), 0);
	ck_assert_str_eq(p.params.fix, "none");
	ck_assert_int_eq(parse(&p, waiter), 0);
	ck_assert_str_eq(p.params.fix, "waiter");
	ck_assert_int_eq(parse(&p, other), 0);
	ck_assert_ptr_null(p.params.fix);
}
END_TEST

START_TEST(operands_are_kept)
{
	static const char *const words[WORDS] = {
	    "files", "a", "--lock", "atomic", "b"};
	static const char *const dashes[WORDS] = {"files", "--", "--lock"};
	struct params_priv p;

	ck_assert_int_eq(parse(&p, words), 0);
	ck_assert_uint_eq(p.params.noperands, 2);
	ck_assert_str_eq(p.params.operands[0], "a");
	ck_assert_str_eq(p.params.operands[1], "b");
	ck_assert_ptr_null(p.params.operands[2]);
	ck_assert_int_eq(parse(&p, dashes), 0);
	ck_assert_str_eq(p.params.operands[0], "--lock");
}
END_TEST

static void
check_posix(const char *operand)
{
	const char *const words[WORDS] = {
	    "files", operand, "--lock", "spin", "b", "--thr=3"};
	struct params_priv p;

	ck_assert_int_eq(parse(&p, words), 0);
	ck_assert_uint_eq(p.params.noperands, 2);
	ck_assert_str_eq(p.params.operands[0], operand);
	ck_assert_str_eq(p.params.operands[1], "b");
	ck_assert_str_eq(lock_kinds[p.lock].name, "spin");
	ck_assert_uint_eq(p.params.threads, 3);
}

START_TEST(posix_makes_no_operands)
{
	setenv("POSIXLY_CORRECT", "1", 1);
	check_posix("a");
	check_posix("");
	check_posix("-");
}
END_TEST

static const struct {
	const char *words[WORDS], *name, *shown;
} shown[] = {
    {{"hybrid"}, "task-work", "sleep:500ms"}, {{"race"}, "adds", "1000"},
    {{"race"}, "duration", ""}, {{"race"}, "lock", ""}, /* the header has it */
    {{"race", "--duration", "3s"}, "duration", "3s"},
    {{"race", "--gil"}, "gil", "5ms"}, {{"deadlock"}, "fix", "none"},
    {{"primes", "--limits", "5,7"}, "limits", "5,7"},
    {{"primes"}, "limits", ""},
    {{"primes", "--status", "off"}, "status", ""}, /* not for people */
};

/* A row need not say how: then it is shown as it was given. */
START_TEST(an_option_is_shown_as_its_row_says)
{
	const struct option_row *row =
	    option_find(&run_options, shown[_i].name);
	struct params_priv p;
	char text[64];

	ck_assert_int_eq(parse(&p, shown[_i].words), 0);
	params_show(&p, (size_t)(row - run_options.rows), text, sizeof text);
	ck_assert_str_eq(text, shown[_i].shown);
}
END_TEST

START_TEST(every_row_is_whole)
{
	static const struct option_set *const sets[] = {
	    &run_options, &explore_option_set};
	const struct option_set *set = sets[_i];

	for (size_t i = 0; i < set->nrows; i++) {
		const struct option_row *row = &set->rows[i];

		ck_assert_ptr_eq(option_find(set, row->name), row);
		ck_assert_msg(row->apply != NULL, "%s", row->name);
		ck_assert_msg(row->size > 0, "%s", row->name);
		ck_assert_msg(row->apply != option_number || row->most > 0,
		    "%s", row->name);
		ck_assert_msg(row->names == NULL ||
			row->size == sizeof(char *) ||
			row->apply != option_name,
		    "%s", row->name);
	}
}
END_TEST

START_TEST(help_names_every_option)
{
	static const char *const names[] = {"--processes", "--threads",
	    "--items", "--item-work", "--task-work", "--lock", "--sum",
	    "--window", "--speed", "--duration", "--adds"};
	static const char *const all[][WORDS] = {
	    {"--help"}, {"--hel"}, {"race", "-h"}};
	struct params_priv p;

	ck_assert_int_eq(parse(&p, all[_i]), PARAMS_ANSWERED);
	for (int i = 0; i < COUNT(names); i++)
		ck_assert_msg(strstr(told, names[i]), "%s", names[i]);
	ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(list_names_every_demo)
{
	static const char *const all[][WORDS] = {{"--list"}, {"--lis"}};
	struct params_priv p;

	ck_assert_int_eq(parse(&p, all[_i]), PARAMS_LIST);
	ck_assert_str_eq(told, "");
	ck_assert_int_eq(parse(NULL, all[_i]), EXIT_SUCCESS);
	for (size_t i = 0; demos[i] != NULL; i++)
		ck_assert_ptr_nonnull(strstr(told, demos[i]->name));
	ck_assert_ptr_nonnull(strstr(told, "\nrace               se  "));
	ck_assert_ptr_nonnull(strstr(told, "\nqueue              s-  "));
	ck_assert_ptr_nonnull(strstr(told, "\ncompare            --  "));
	ck_assert_ptr_nonnull(strstr(told, "\n s: can be stepped, e: "));
	ck_assert_str_eq(said, "");
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("params");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, a_mistake_is_one_line, 0, COUNT(mistakes));
	tcase_add_test(t, the_default_demo_is_the_first);
	tcase_add_test(t, options_win_over_the_demo);
	tcase_add_test(t, a_fix_is_of_its_demo);
	tcase_add_test(t, operands_are_kept);
	tcase_add_test(t, posix_makes_no_operands);
	tcase_add_loop_test(
	    t, an_option_is_shown_as_its_row_says, 0, COUNT(shown));
	tcase_add_loop_test(t, every_row_is_whole, 0, 2);
	tcase_add_loop_test(t, help_names_every_option, 0, 3);
	tcase_add_loop_test(t, list_names_every_demo, 0, 2);
	return suite_run("params", cases);
}
