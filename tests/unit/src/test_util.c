/* test_util: times as people type them, and the fatal hook. */
#include "base/util_priv.h"
#include "lockstep/util.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

static const struct {
	const char *text;
	uint64_t ns;
} good[] = {
    {"0", 0},
    {"0ns", 0},
    {"1ns", 1},
    {"20us", 20 * NSEC_PER_USEC},
    {"500ms", 500 * NSEC_PER_MSEC},
    {"3s", 3 * NSEC_PER_SEC},
    {"1.5s", 1500 * NSEC_PER_MSEC},
    {"0.25us", 250},
    {"86400s", 86400 * NSEC_PER_SEC},
};

static const struct {
	const char *text;
	int error;
} bad[] = {
    {"", -EINVAL},
    {"5", -EINVAL},
    {"ms", -EINVAL},
    {"5m", -EINVAL},
    {"5 s", -EINVAL},
    {" 5s", -EINVAL},
    {"-5s", -EINVAL},
    {"+5s", -EINVAL},
    {"5sec", -EINVAL},
    {"0x5s", -EINVAL},
    {"nan", -EINVAL},
    {"infs", -EINVAL},
    {"1.5.2s", -EINVAL},
    {"86401s", -ERANGE},
    {"1e400s", -ERANGE},
    {"99999999999999999999ns", -ERANGE},
};

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

START_TEST(latency_are_read)
{
	uint64_t ns = 77;

	ck_assert_int_eq(parse_time(good[_i].text, &ns), 0);
	ck_assert_uint_eq(ns, good[_i].ns);
}
END_TEST

START_TEST(mistakes_are_refused)
{
	uint64_t ns = 77;

	ck_assert_int_eq(parse_time(bad[_i].text, &ns), bad[_i].error);
	ck_assert_uint_eq(ns, 77);
}
END_TEST

static void
check_there_and_back(uint64_t ns)
{
	char text[32];
	uint64_t back = 0;

	format_time(text, sizeof text, ns);
	ck_assert_msg(parse_time(text, &back) == 0, "%s", text);
	ck_assert_msg(strchr(text, 'e') == NULL, "%s", text);
	uint64_t off = back > ns ? back - ns : ns - back;
	ck_assert_msg(off * 100 <= ns, "%lu is %s", ns, text);
}

START_TEST(formatted_times_can_be_read_back)
{
	for (uint64_t ns = 1; ns < 86400 * NSEC_PER_SEC; ns = ns * 21 / 20 + 1)
		check_there_and_back(ns);
	for (uint64_t unit = 1; unit <= NSEC_PER_SEC; unit *= 1000)
		for (uint64_t n = 990; n < 1010; n++)
			check_there_and_back(n * unit + unit / 2);
	check_there_and_back(0);
}
END_TEST

START_TEST(formatted_times_are_short)
{
	char text[32];

	format_time(text, sizeof text, 20 * NSEC_PER_USEC);
	ck_assert_str_eq(text, "20us");
	format_time(text, sizeof text, 1500 * NSEC_PER_MSEC);
	ck_assert_str_eq(text, "1.5s");
	format_time(text, sizeof text, 0);
	ck_assert_str_eq(text, "0");
}
END_TEST

static const struct {
	const char *said, *seen;
} lines[] = {{"x", "x"}, {"\x1b[31mx\a\x7f\r", "?[31mx???"},
    {"\xc2\x9b[2J\xc0\x9b\x80", "??[2J???"},
    {"\xe2\x80\xae\xc3\xa9", "???\xc3\xa9"}};

/* In a message of more than is written at once. */
START_TEST(what_is_said_is_printable)
{
	char seen[2048] = "", want[2048];
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(dup2(fd[1], STDERR_FILENO), STDERR_FILENO);
	close(fd[1]);
	stderr_clean();
	fprintf(stderr, "lockstep: %1500s: no such demo\n", lines[_i].said);
	close(STDERR_FILENO);
	for (size_t n = 0; read(fd[0], seen + n, 1) == 1;)
		n++;
	snprintf(want, sizeof want, "lockstep: %*s%s: no such demo\n",
	    1500 - (int)strlen(lines[_i].said), "", lines[_i].seen);
	ck_assert_str_eq(seen, want);
}
END_TEST

START_TEST(deadlines_lie_ahead)
{
	uint64_t before = now_ns();
	struct timespec ts = deadline_in(1999999999);
	uint64_t at = (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;

	ck_assert_int_lt(ts.tv_nsec, (long)NSEC_PER_SEC);
	ck_assert_uint_ge(at, before + 1999999999);
	ck_assert_uint_le(at, now_ns() + 1999999999);
}
END_TEST

static void
hook(void)
{
	_exit(17);
}

START_TEST(fatal_runs_the_hook_first)
{
	fatal_hook(hook);
	fatal("this is %s", "it");
}
END_TEST

START_TEST(fatal_aborts)
{
	fatal("this is %s", "it");
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("util");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, latency_are_read, 0, COUNT(good));
	tcase_add_loop_test(t, mistakes_are_refused, 0, COUNT(bad));
	tcase_add_test(t, formatted_times_can_be_read_back);
	tcase_add_test(t, formatted_times_are_short);
	tcase_add_loop_test(t, what_is_said_is_printable, 0, COUNT(lines));
	tcase_add_test(t, deadlines_lie_ahead);
	tcase_add_exit_test(t, fatal_runs_the_hook_first, 17);
	tcase_add_test_raise_signal(t, fatal_aborts, SIGABRT);
	return suite_run("util", cases);
}
