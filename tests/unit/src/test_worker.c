/* test_worker: how many items a worker takes at a time. */
#include "pipeline/worker.h"

#include "lockstep/util.h"
#include "run/item_queue.h"
#include "suite.h"

#define QUICK (NSEC_PER_MSEC / 10)
#define RIGHT NSEC_PER_MSEC

START_TEST(quick_items_are_taken_twice_as_many_at_a_time)
{
	ck_assert_uint_eq(worker_batch(1, 1, QUICK), 2);
	ck_assert_uint_eq(worker_batch(300, 300, QUICK), 600);
	ck_assert_uint_eq(worker_batch(300, 300, RIGHT), 300);
	/* There were no more: that says nothing of a larger batch. */
	ck_assert_uint_eq(worker_batch(300, 299, QUICK), 300);
}
END_TEST

START_TEST(slow_items_are_taken_fewer_at_a_time)
{
	ck_assert_uint_eq(worker_batch(300, 300, 3 * NSEC_PER_MSEC), 100);
	ck_assert_uint_eq(worker_batch(300, 10, 3 * NSEC_PER_MSEC), 100);
	ck_assert_uint_eq(worker_batch(300, 300, NSEC_PER_SEC), 1);
	ck_assert_uint_eq(worker_batch(1, 1, NSEC_PER_SEC), 1);
}
END_TEST

/* Whatever it was before: there is room for so many, and no more. */
START_TEST(no_batch_is_larger_than_there_is_room_for)
{
	for (unsigned batch = 1; batch <= ITEM_QUEUE_BATCH; batch++) {
		unsigned next = worker_batch(batch, batch, QUICK);

		ck_assert_uint_le(next, ITEM_QUEUE_BATCH);
		ck_assert_uint_ge(next, batch);
	}
	ck_assert_uint_eq(worker_batch(ITEM_QUEUE_BATCH, ITEM_QUEUE_BATCH, 0),
	    ITEM_QUEUE_BATCH);
	ck_assert_uint_eq(worker_batch(ITEM_QUEUE_BATCH, 1, UINT64_MAX), 1);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("worker");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, quick_items_are_taken_twice_as_many_at_a_time);
	tcase_add_test(t, slow_items_are_taken_fewer_at_a_time);
	tcase_add_test(t, no_batch_is_larger_than_there_is_room_for);
	return suite_run("worker", cases);
}
