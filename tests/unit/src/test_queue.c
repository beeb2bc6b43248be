/* test_queue: order, limits, waiting, done and join. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"
#include "suite.h"

#define MANY 60000U

START_TEST(first_in_first_out)
{
	uint32_t in = 1, out = 1;

	/* More than a lap of the ring, at every depth. */
	for (unsigned round = 0; round < 100; round++) {
		unsigned depth = round % 8 + 1;

		for (unsigned i = 0; i < depth; i++)
			ck_assert_int_eq(put(in++), 0);
		ck_assert_uint_eq(queue_depth(f), depth);
		for (unsigned i = 0; i < depth; i++) {
			ck_assert_int_eq(get(0), out++);
			ck_assert_int_eq(queue_done(f), 0);
		}
		check_counts(in - 1, out - 1, out - 1);
	}
	ck_assert_str_eq(queue_name(f), "numbers");
	ck_assert_uint_eq(frame().index, 1);
	ck_assert_uint_eq(frame().capacity, 8);
	ck_assert_uint_eq(frame().flags, QUEUE_JOINABLE);
}
END_TEST

START_TEST(full_and_empty)
{
	static const uint64_t times[] = {
	    0, 200 * NSEC_PER_USEC, 20 * NSEC_PER_MSEC};
	uint32_t number = 9;

	for (int i = 0; i < 3; i++) {
		uint64_t start = now_ns();
		ck_assert_int_eq(get(times[i]), -ETIMEDOUT);
		ck_assert_uint_ge(now_ns() - start, times[i]);
	}
	for (uint32_t i = 1; i <= 8; i++)
		ck_assert_int_eq(put(i), 0);
	for (int i = 0; i < 3; i++) {
		uint64_t start = now_ns();
		ck_assert_int_eq(
		    queue_put(f, &number, sizeof number, times[i]), -ETIMEDOUT);
		ck_assert_uint_ge(now_ns() - start, times[i]);
		ck_assert_int_eq(queue_put_sentinel(f, times[i]), -ETIMEDOUT);
	}
	check_counts(8, 0, 0);
	ck_assert_int_eq(get(0), 1);
	ck_assert_int_eq(put(9), 0);
	ck_assert_int_eq(put(10), -ETIMEDOUT);
	check_counts(9, 1, 0);
}
END_TEST

START_TEST(items_of_any_size_up_to_the_limit)
{
	static const size_t sizes[] = {1, 7, 40, 64, 4096, 65536};
	static unsigned char in[65537], out[65537];

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t size = sizes[i];

		f = queue_new("bytes", 3, size, _i != 0);
		for (unsigned n = 0; n < 200; n++) {
			size_t part = 1 + (n * 31) % size;
			memset(in, (int)n, part);
			ck_assert_int_eq(
			    queue_put(f, in, size + 1, 0), -EMSGSIZE);
			ck_assert_int_eq(queue_put(f, in, part, 0), 0);
			ck_assert_int_eq(
			    queue_get(f, out, part - 1, FOREVER), -EMSGSIZE);
			ck_assert_int_eq(
			    queue_get(f, out, sizeof out, 0), (long)part);
			ck_assert_mem_eq(in, out, part);
			ck_assert_int_eq(queue_done(f), _i != 0 ? 0 : -EINVAL);
		}
		ck_assert_uint_eq(queue_unfinished(f), 0);
	}
}
END_TEST

START_TEST(what_cannot_be_made)
{
	static const size_t bad[][2] = {{0, 4}, {4, 0},
	    {QUEUE_MAX_CAPACITY + 1, 4}, {4, QUEUE_MAX_SIZE + 1}};

	for (int i = 0; i < 4; i++) {
		ck_assert_ptr_null(
		    queue_new("bad", (unsigned)bad[i][0], bad[i][1], true));
		ck_assert_int_eq(errno, EINVAL);
	}
	ck_assert_ptr_null(
	    queue_new("huge", QUEUE_MAX_CAPACITY, QUEUE_MAX_SIZE, true));
	ck_assert_int_eq(errno, ENOMEM);
	for (int i = 1; i < FRAME_MAX_OBJECTS; i++)
		ck_assert_ptr_nonnull(queue_new("more", 1, 1, i % 2 == 0));
	ck_assert_ptr_null(queue_new("too many", 1, 1, true));
	ck_assert_int_eq(errno, ENOSPC);
}
END_TEST

START_TEST(done_only_so_often_as_got)
{
	ck_assert_int_eq(queue_done(f), -EINVAL);
	put(1);
	put(2);
	ck_assert_int_eq(queue_done(f), -EINVAL);
	get(0);
	get(0);
	ck_assert_uint_eq(queue_held_by(f, self_id()), 2);
	check_counts(2, 2, 0);
	ck_assert_int_eq(queue_done(f), 0);
	ck_assert_uint_eq(queue_held_by(f, self_id()), 1);
	ck_assert_int_eq(queue_done(f), 0);
	ck_assert_uint_eq(queue_held_by(f, self_id()), 0);
	ck_assert_int_eq(queue_done(f), -EINVAL);
	check_counts(2, 2, 2);
}
END_TEST

START_TEST(join_waits_for_the_last_done)
{
	ck_assert_int_eq(queue_join(f, FOREVER), 0); /* nothing was put */
	put(1);
	put(2);
	ck_assert_int_eq(queue_join(f, 0), -ETIMEDOUT);
	get(0);
	get(0);
	ck_assert_int_eq(queue_join(f, NSEC_PER_MSEC), -ETIMEDOUT);
	queue_done(f);
	ck_assert_int_eq(queue_join(f, 0), -ETIMEDOUT);
	queue_done(f);
	ck_assert_int_eq(queue_join(f, 0), 0);
	queue_put_sentinel(f, 0);
	ck_assert_int_eq(queue_join(f, FOREVER), 0); /* they do not count */
}
END_TEST

START_TEST(a_sentinel_stops_one_getter_once)
{
	put(1);
	ck_assert_int_eq(queue_put_sentinel(f, 0), 0);
	put(2);
	ck_assert_int_eq(queue_put(f, NULL, 0, 0), 0);
	check_counts(2, 0, 0);
	ck_assert_uint_eq(frame().sentinels, 2);
	ck_assert_int_eq(get(0), 1);
	ck_assert_uint_eq(queue_sentinels_got(f), 0);
	ck_assert_int_eq(get(FOREVER), -EPIPE);
	ck_assert_uint_eq(queue_sentinels_got(f), 1);
	ck_assert_int_eq(get(0), 2);
	ck_assert_int_eq(get(0), -EPIPE);
	ck_assert_int_eq(get(0), -ETIMEDOUT);
	ck_assert_uint_eq(queue_sentinels_got(f), 2);
	ck_assert_int_eq(queue_done(f), 0);
	ck_assert_int_eq(queue_done(f), 0);
	ck_assert_int_eq(queue_done(f), -EINVAL); /* it needs none */
	check_counts(2, 2, 2);
}
END_TEST

START_TEST(a_closed_one_is_emptied)
{
	put(1);
	queue_put_sentinel(f, 0);
	put(2);
	queue_close(f);
	ck_assert_int_eq(put(3), -EPIPE);
	ck_assert_int_eq(queue_put_sentinel(f, FOREVER), -EPIPE);
	ck_assert_uint_eq(frame().flags, QUEUE_JOINABLE | QUEUE_CLOSED);
	ck_assert_int_eq(get(0), 1);
	ck_assert_int_eq(get(0), -EPIPE);
	ck_assert_int_eq(get(0), 2);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(get(FOREVER), -EPIPE);
}
END_TEST

/* Python's plain Queue: nobody ever says done. */
START_TEST(not_joinable_it_works_for_ever)
{
	make(3, false);
	for (uint32_t i = 1; i < 20000; i++) {
		ck_assert_int_eq(put(i), 0);
		ck_assert_int_eq(get(0), i);
	}
	check_counts(19999, 19999, 19999);
	ck_assert_int_eq(queue_join(f, 0), 0);
	ck_assert_int_eq(queue_done(f), -EINVAL);
	ck_assert_uint_eq(frame().flags, 0);
}
END_TEST

START_TEST(what_a_stranger_gets_is_done)
{
	struct self *me = self;

	put(1);
	put(2);
	self = NULL;
	ck_assert_int_eq(get(0), 1);
	ck_assert_int_eq(get(FOREVER), 2);
	ck_assert_int_eq(get(NSEC_PER_MSEC), -ETIMEDOUT);
	ck_assert_int_eq(put(3), 0);
	ck_assert_int_eq(queue_done(f), -EINVAL);
	self = me;
	check_counts(3, 2, 2);
}
END_TEST

START_TEST(so_many_may_be_in_hand)
{
	unsigned all = 0;

	while (put(all + 1) == 0) {
		ck_assert_int_eq(get(0), all + 1);
		all++;
	}
	ck_assert_uint_ge(all, 8 + QUEUE_SPARE);
	check_counts(all, all, 0);
	ck_assert_int_eq(queue_done(f), 0);
	ck_assert_int_eq(put(all + 1), 0);
	ck_assert_int_eq(put(all + 2), -ETIMEDOUT);
}
END_TEST

/* ---- waiting ---- */

static void
get_one(void *arg, unsigned who)
{
	_Atomic uint64_t *sum = arg;

	be(who);
	long got = get(LONG);
	if (got > 0) {
		atomic_fetch_add(sum, (uint64_t)got);
		MUST(queue_done(f) == 0);
	}
	self_end(self);
}

START_TEST(sleeping_getters_are_woken)
{
	_Atomic uint64_t *sum = crowd_memory(sizeof *sum);
	struct crowd *c =
	    crowd_start(_i == 0 ? 0 : 4, _i == 0 ? 4 : 1, get_one, sum);

	for (unsigned i = 0; i < 4; i++) {
		UNTIL(waits(i, STATE_WAIT_QUEUE));
		ck_assert_uint_eq(atomic_load(&self->tslot[i + 1].object), 1);
	}
	put(1);
	put(10);
	put(100);
	queue_put_sentinel(f, 0);
	ck_assert_uint_eq(crowd_join(c), 0);
	ck_assert_uint_eq(atomic_load(sum), 111);
	check_counts(3, 3, 3);
}
END_TEST

START_TEST(close_wakes_who_waits)
{
	_Atomic uint64_t *sum = crowd_memory(sizeof *sum);
	struct crowd *c = crowd_start(0, 3, get_one, sum);

	for (unsigned i = 0; i < 3; i++)
		UNTIL(waits(i, STATE_WAIT_QUEUE));
	queue_close(f);
	ck_assert_uint_eq(crowd_join(c), 0);
	ck_assert_uint_eq(atomic_load(sum), 0);
}
END_TEST

static void
put_one(void *arg, unsigned who)
{
	uint32_t number = 100 + who;

	(void)arg;
	be(who);
	int err = queue_put(f, &number, sizeof number, LONG);
	MUST(err == 0 || err == -EPIPE);
	self_end(self);
}

START_TEST(sleeping_putters_are_woken)
{
	for (uint32_t i = 1; i <= 8; i++)
		put(i);
	struct crowd *c = crowd_start(0, 3, put_one, NULL);
	for (unsigned i = 0; i < 3; i++)
		UNTIL(waits(i, STATE_WAIT_PUT));
	for (uint32_t i = 1; i <= 3; i++)
		ck_assert_int_eq(get(0), i);
	ck_assert_uint_eq(crowd_join(c), 0);
	check_counts(11, 3, 0);
}
END_TEST

START_TEST(close_wakes_putters)
{
	for (uint32_t i = 1; i <= 8; i++)
		put(i);
	struct crowd *c = crowd_start(0, 3, put_one, NULL);
	for (unsigned i = 0; i < 3; i++)
		UNTIL(waits(i, STATE_WAIT_PUT));
	queue_close(f);
	ck_assert_uint_eq(crowd_join(c), 0);
	check_counts(8, 0, 0);
}
END_TEST

/* The table of items is full, the queue itself is not. */
START_TEST(done_wakes_putters)
{
	uint32_t all = 0;

	while (put(++all) == 0)
		ck_assert_int_eq(get(0), all);
	struct crowd *c = crowd_start(0, 1, put_one, NULL);
	UNTIL(waits(0, STATE_WAIT_PUT));
	queue_done(f);
	ck_assert_uint_eq(crowd_join(c), 0);
	ck_assert_int_eq(get(0), 100);
}
END_TEST

START_TEST(sleeping_joiners_are_woken)
{
	if (_i == 1)
		make(8, false);
	put(1);
	struct crowd *c = crowd_start(0, 3, join, NULL);
	for (unsigned i = 0; i < 3; i++)
		UNTIL(waits(i, STATE_WAIT_JOIN));
	ck_assert_int_eq(get(0), 1);
	queue_done(f);
	ck_assert_uint_eq(crowd_join(c), 0);
}
END_TEST

/* ---- many ---- */

/* Two producers of odd and even numbers, each in order. */
static void
produce_or_consume(void *arg, unsigned who)
{
	(void)arg;
	if (who >= 2) {
		consume(who, true);
		return;
	}
	be(who);
	for (uint32_t i = who + 2; i < MANY; i += 2)
		MUST(queue_put(f, &i, sizeof i, LONG) == 0);
	self_end(self);
}

START_TEST(each_item_is_got_once)
{
	static const unsigned capacities[] = {1, 2, 100, 4096};
	unsigned processes = _i % 2 == 0 ? 0 : 5;

	make(capacities[_i / 2], true);
	times_got = crowd_memory(MANY * sizeof *times_got);
	struct crowd *c = crowd_start(
	    processes, processes == 0 ? 5 : 1, produce_or_consume, NULL);
	UNTIL(frame().put == MANY - 2);
	ck_assert_int_eq(queue_join(f, LONG), 0);
	check_counts(MANY - 2, MANY - 2, MANY - 2);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(queue_put_sentinel(f, LONG), 0);
	ck_assert_uint_eq(crowd_join(c), 0);
	for (unsigned i = 2; i < MANY; i++)
		ck_assert_uint_eq(atomic_load(&times_got[i]), 1);
}
END_TEST

/* As of a putter that looked just before it was closed. */
START_TEST(what_is_put_too_late_is_not_in_it)
{
	uint32_t number = 3;

	ck_assert_int_eq(put(1), 0);
	ck_assert_int_eq(put(2), 0);
	queue_close(f);
	ck_assert_int_eq(
	    queue_push(f, self_id(), &number, sizeof number), -EPIPE);
	check_counts(3, 0, 1); /* its place is got when the head is there */
	ck_assert_int_eq(get(0), 1);
	ck_assert_int_eq(get(0), 2);
	ck_assert_int_eq(get(0), -EPIPE);
	ck_assert_int_eq(queue_done(f), 0);
	ck_assert_int_eq(queue_done(f), 0);
	ck_assert_int_eq(
	    queue_push(f, self_id(), &number, sizeof number), -EPIPE);
	check_counts(4, 4, 4);
	ck_assert_int_eq(queue_join(f, 0), 0);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("queue");
	TCase *const cases[] = {t, NULL};

	tcase_add_checked_fixture(t, setup, program_close);
	tcase_add_test(t, first_in_first_out);
	tcase_add_test(t, full_and_empty);
	tcase_add_loop_test(t, items_of_any_size_up_to_the_limit, 0, 2);
	tcase_add_test(t, what_cannot_be_made);
	tcase_add_test(t, done_only_so_often_as_got);
	tcase_add_test(t, join_waits_for_the_last_done);
	tcase_add_test(t, a_sentinel_stops_one_getter_once);
	tcase_add_test(t, a_closed_one_is_emptied);
	tcase_add_test(t, what_is_put_too_late_is_not_in_it);
	tcase_add_test(t, not_joinable_it_works_for_ever);
	tcase_add_test(t, what_a_stranger_gets_is_done);
	tcase_add_test(t, so_many_may_be_in_hand);
	tcase_add_loop_test(t, sleeping_getters_are_woken, 0, 2);
	tcase_add_test(t, close_wakes_who_waits);
	tcase_add_test(t, sleeping_putters_are_woken);
	tcase_add_test(t, close_wakes_putters);
	tcase_add_test(t, done_wakes_putters);
	tcase_add_loop_test(t, sleeping_joiners_are_woken, 0, 2);
	tcase_add_loop_test(t, each_item_is_got_once, 0, 8);
	return suite_run("queue", cases);
}
