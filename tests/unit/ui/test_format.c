/* test_format: numbers and times, and that a buffer has them and no more. */
#include "style/format.h"

#include <string.h>

#include "suite.h"

/* Filled with what must not be seen, and one more that must not be touched. */
static char buf[FORMAT_LEN + 1];

static char *
fresh(void)
{
	memset(buf, '\a', sizeof buf);
	return buf;
}

/* It is the buffer from its beginning, and all of it is text. */
static void
check(const char *text)
{
	size_t len = strnlen(buf, FORMAT_LEN);

	ck_assert_ptr_eq(text, buf);
	ck_assert_uint_ge(len, 1);
	ck_assert_uint_lt(len, FORMAT_LEN);
	for (size_t i = 0; i < len; i++)
		ck_assert(buf[i] >= ' ' && buf[i] < 127);
	ck_assert_int_eq(buf[FORMAT_LEN], '\a');
}

static const uint64_t values[] = {0, 1, 9, 10, 99, 100, 999, 1000, 9999, 99999,
    999999, 999999999, 1000000000, 99999999999, 999999999999999,
    INT64_MAX - 1ULL, INT64_MAX, 1ULL << 63, UINT64_MAX - 1, UINT64_MAX};
#define VALUES ((int)(sizeof values / sizeof values[0]))

START_TEST(all_of_them_fill_the_buffer)
{
	uint64_t v = values[_i];

	check(format_number(fresh(), (int64_t)v));
	check(format_number(fresh(), (int64_t)(0 - v)));
	check(format_count(fresh(), v));
	check(format_short(fresh(), (double)v));
	check(format_short(fresh(), -(double)v));
	check(format_short(fresh(), (double)v * 1e300));
	check(format_span(fresh(), v));
	check(format_age(fresh(), v));
	check(format_clock(fresh(), v));
	check(format_took(fresh(), v));
	check(format_speed(fresh(), (uint32_t)v));
	check(format_signal(fresh(), (int)v));
}
END_TEST

START_TEST(numbers)
{
	static const struct {
		int64_t value;
		const char *is;
	} row[] = {{0, "0"}, {999, "999"}, {4950, "4 950"}, {-12000, "-12 000"},
	    {INT64_MAX, "9 223 372 036 854 775 807"},
	    {INT64_MIN, "-9 223 372 036 854 775 808"}};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		ck_assert_str_eq(
		    format_number(fresh(), row[i].value), row[i].is);
	ck_assert_str_eq(
	    format_count(fresh(), UINT64_MAX), "9 223 372 036 854 775 807");
}
END_TEST

START_TEST(short_numbers)
{
	static const struct {
		double value;
		const char *is;
	} row[] = {{0, "0"}, {41, "41"}, {999, "999"}, {1200, "1.2k"},
	    {38e6, "38M"}, {-41, "-41"}, {-1200, "-1.2k"}, {-38e6, "-38M"}};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		ck_assert_str_eq(
		    format_short(fresh(), row[i].value), row[i].is);
}
END_TEST

START_TEST(spans)
{
	static const struct {
		uint64_t ns;
		const char *is;
	} row[] = {{0, "0"}, {500, "500 ns"}, {20000, "20 us"},
	    {1500000, "1.5 ms"}, {2000000000, "2 s"},
	    {UINT64_MAX, "18446744073 s"}};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		ck_assert_str_eq(format_span(fresh(), row[i].ns), row[i].is);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("format");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, all_of_them_fill_the_buffer, 0, VALUES);
	tcase_add_test(t, numbers);
	tcase_add_test(t, short_numbers);
	tcase_add_test(t, spans);
	return suite_run("format", cases);
}
