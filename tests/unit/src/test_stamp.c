/* test_stamp: what the reader of an event makes of its stamp. */
#include "base/stamp.h"

#include "suite.h"

/* Half a ns a count. */
static const struct stamp_scale half = {
    .from = {.stamp = 1000, .ns = 50000},
    .to = {.stamp = 3000, .ns = 51000},
};

START_TEST(between_two_looks_time_goes_evenly)
{
	stamp_counts = true;
	ck_assert_uint_eq(stamp_ns(&half, 1000), 50000);
	ck_assert_uint_eq(stamp_ns(&half, 1500), 50250);
	ck_assert_uint_eq(stamp_ns(&half, 3000), 51000);
}
END_TEST

START_TEST(before_and_after_it_went_as_fast)
{
	stamp_counts = true;
	ck_assert_uint_eq(stamp_ns(&half, 200), 49600);
	ck_assert_uint_eq(stamp_ns(&half, 4000), 51500);
}
END_TEST

/* A crashed process may have left anything. */
START_TEST(any_stamp_is_fine)
{
	struct stamp_scale none = {.to = {.stamp = 7, .ns = 70}},
			   backwards = half;

	stamp_counts = true;
	ck_assert_uint_eq(stamp_ns(&half, UINT64_MAX / 2), 51000);
	ck_assert_uint_eq(stamp_ns(&half, UINT64_MAX / 2 + 5000), 51000);
	ck_assert_uint_eq(stamp_ns(&none, 5), 70);
	backwards.to.stamp = 10;
	ck_assert_uint_eq(stamp_ns(&backwards, 20), 51000);
}
END_TEST

START_TEST(where_the_counter_is_of_no_use_a_stamp_is_the_time)
{
	stamp_counts = false;
	uint64_t before = now_ns(), stamp = stamp_now(), after = now_ns();

	ck_assert_uint_ge(stamp, before);
	ck_assert_uint_le(stamp, after);
	ck_assert_uint_eq(stamp_ns(&half, stamp), stamp);
}
END_TEST

/* With the counter or without: in order, and between two readings. */
START_TEST(a_stamp_is_of_its_time)
{
	struct stamp_scale s = {0};
	uint64_t last = 0, stamps[100];

	stamp_init();
	stamp_look(&s);
	uint64_t before = now_ns();
	while (now_ns() - before < 10 * NSEC_PER_MSEC)
		;
	for (unsigned i = 0; i < 100; i++)
		stamps[i] = stamp_now();
	uint64_t after = now_ns();
	stamp_look(&s);
	for (unsigned i = 0; i < 100; i++) {
		uint64_t ns = stamp_ns(&s, stamps[i]);

		ck_assert_uint_ge(ns, last);
		ck_assert_uint_ge(ns, before);
		last = ns;
	}
	/* The looks, too, may be interrupted in the middle. */
	ck_assert_uint_le(last, after + NSEC_PER_SEC);
}
END_TEST

/* Two looks in a row say nothing of the rate. */
START_TEST(a_look_at_once_is_none)
{
	struct stamp_scale s = {.from = {.stamp = 1, .ns = 1}};

	stamp_counts = false;
	s.to = (struct stamp_look){now_ns(), now_ns() + NSEC_PER_SEC};
	struct stamp_scale was = s;
	stamp_look(&s);
	ck_assert_mem_eq(&s, &was, sizeof s);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("stamp");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, between_two_looks_time_goes_evenly);
	tcase_add_test(t, before_and_after_it_went_as_fast);
	tcase_add_test(t, any_stamp_is_fine);
	tcase_add_test(t, where_the_counter_is_of_no_use_a_stamp_is_the_time);
	tcase_add_test(t, a_stamp_is_of_its_time);
	tcase_add_test(t, a_look_at_once_is_none);
	return suite_run("stamp", cases);
}
