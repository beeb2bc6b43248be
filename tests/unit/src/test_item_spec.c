/* test_item_spec: the languages of --items, --item-work and --task-work. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "options/params_priv.h"
#include "lockstep/util.h"
#include "suite.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *spec;
	uint64_t total;
	uint32_t first[8]; /* as many as there are; 0 ends */
} good[] = {
    {"1", 1, {1}},
    {"1-5", 5, {1, 2, 3, 4, 5}},
    {"3,7,9", 3, {3, 7, 9}},
    {"10x3", 3, {10, 10, 10}},
    {"1-2x3", 6, {1, 2, 1, 2, 1, 2}},
    {"5-5", 1, {5}},
    {"2x2,1-2,9", 5, {2, 2, 1, 2, 9}},
    {"10000", 1, {10000}},
    {"10x100000", 100000, {10, 10, 10, 10, 10, 10, 10, 10}},
    {"1x4000000000", 4000000000, {1, 1, 1, 1, 1, 1, 1, 1}},
};

static const struct {
	const char *spec;
	int error;
} bad[] = {
    {"", -EINVAL},
    {"1-", -EINVAL},
    {"-5", -EINVAL},
    {"+5", -EINVAL},
    {" 5", -EINVAL},
    {"5 ", -EINVAL},
    {"x", -EINVAL},
    {"5x", -EINVAL},
    {"1-5x", -EINVAL},
    {"1,", -EINVAL},
    {",1", -EINVAL},
    {"1,,2", -EINVAL},
    {"1;2", -EINVAL},
    {"1-2-3", -EINVAL},
    {"2x3x4", -EINVAL},
    {"one", -EINVAL},
    {"0", -ERANGE},
    {"0-5", -ERANGE},
    {"5-1", -ERANGE},
    {"5x0", -ERANGE},
    {"10001", -ERANGE},
    {"1-10001", -ERANGE},
    {"1x4000000001", -ERANGE},
    {"2-3x4000000000", -ERANGE},
    {"1x4000000000,1", -ERANGE},
    {"99999999999999999999", -ERANGE},
    {"1x18446744073709551616", -ERANGE},
};

START_TEST(items_are_read)
{
	struct items items;

	ck_assert_int_eq(items_parse(&items, good[_i].spec), 0);
	ck_assert_uint_eq(items.total, good[_i].total);
	for (uint64_t i = 0; i < 8 && i < items.total; i++)
		ck_assert_uint_eq(items_at(&items, i), good[_i].first[i]);
}
END_TEST

START_TEST(mistakes_in_items_are_refused)
{
	struct items items;

	ck_assert_int_eq(items_parse(&items, bad[_i].spec), bad[_i].error);
}
END_TEST

START_TEST(the_last_item_is_the_last)
{
	struct items items;

	ck_assert_int_eq(items_parse(&items, "10x100000,7"), 0);
	ck_assert_uint_eq(items_at(&items, 99999), 10);
	ck_assert_uint_eq(items_at(&items, 100000), 7);
	ck_assert_int_eq(items_parse(&items, "1-9999x40000"), 0);
	ck_assert_uint_eq(items_at(&items, items.total - 1), 9999);
}
END_TEST

START_TEST(beyond_the_last_is_fatal)
{
	struct items items;

	items_parse(&items, "1-3");
	items_at(&items, 3);
}
END_TEST

START_TEST(so_many_parts_and_no_more)
{
	struct items items;
	char spec[2 * ITEMS_MAX_RUNS + 2] = "";

	for (int i = 0; i < ITEMS_MAX_RUNS; i++)
		strcat(spec, i == 0 ? "1" : ",1");
	ck_assert_int_eq(items_parse(&items, spec), 0);
	ck_assert_uint_eq(items.total, ITEMS_MAX_RUNS);
	strcat(spec, ",1");
	ck_assert_int_eq(items_parse(&items, spec), -ERANGE);
}
END_TEST

static const struct {
	const char *text, *back;
	struct work work;
} works[] = {
    {"none", "none", {WORK_NONE, 0}},
    {"sleep:500ms", "sleep:500ms", {WORK_SLEEP, 500 * NSEC_PER_MSEC}},
    {"sleep:1s", "sleep:1s", {WORK_SLEEP, NSEC_PER_SEC}},
    {"spin:20us", "spin:20us", {WORK_SPIN, 20 * NSEC_PER_USEC}},
    {"spin:1.5ms", "spin:1.5ms", {WORK_SPIN, 1500 * NSEC_PER_USEC}},
    {"sleep:0", "sleep:0", {WORK_SLEEP, 0}},
};

static const char *const bad_works[] = {"", "sleep", "sleep:", "sleep:5",
    "spin", "spin:x", "none:", "None", "nap:5ms", "sleep: 5ms", "sleep:2d",
    "sleep:86401s", "spin:-1s"};

START_TEST(works_are_read_and_written)
{
	struct work work = {WORK_NONE, 0};
	char text[64];

	ck_assert_int_eq(work_parse(&work, works[_i].text), 0);
	ck_assert_int_eq(work.kind, works[_i].work.kind);
	ck_assert_uint_eq(work.ns, works[_i].work.ns);
	work_format(text, sizeof text, &work);
	ck_assert_str_eq(text, works[_i].back);
}
END_TEST

START_TEST(mistakes_in_works_are_refused)
{
	struct work work;

	ck_assert_int_lt(work_parse(&work, bad_works[_i]), 0);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("item_spec");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, items_are_read, 0, COUNT(good));
	tcase_add_loop_test(t, mistakes_in_items_are_refused, 0, COUNT(bad));
	tcase_add_test(t, the_last_item_is_the_last);
	tcase_add_test_raise_signal(t, beyond_the_last_is_fatal, SIGABRT);
	tcase_add_test(t, so_many_parts_and_no_more);
	tcase_add_loop_test(t, works_are_read_and_written, 0, COUNT(works));
	tcase_add_loop_test(
	    t, mistakes_in_works_are_refused, 0, COUNT(bad_works));
	return suite_run("item_spec", cases);
}
