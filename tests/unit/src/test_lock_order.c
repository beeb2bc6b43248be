/* test_lock_order: which locks were taken while which others were held. */
#include "slot/lock_order.h"

#include <pthread.h>
#include <string.h>

#include "crowd.h"
#include "lockstep/mutex.h"
#include "lockstep/semaphore.h"
#include "posing.h"
#include "program/self.h"
#include "run/registry.h"
#include "suite.h"

#define THREADS 4
#define TURNS   3000

static struct lock_orders orders;

/* The row of a pair, NULL if it was never seen. */
static const struct lock_order_row *
row(const struct lock_orders *o, unsigned held, unsigned taken)
{
	for (unsigned i = 0; i < ORDER_ROWS; i++)
		if (atomic_load(&o->row[i].times) > 0 &&
		    atomic_load(&o->row[i].pair) == (held << 8 | taken))
			return &o->row[i];
	return NULL;
}

static unsigned
rows(const struct lock_orders *o)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ORDER_ROWS; i++)
		n += atomic_load(&o->row[i].times) > 0;
	return n;
}

static void
take(unsigned number, int32_t tid)
{
	lock_order_wants(&orders, number, tid);
	lock_order_has(&orders, number);
}

static void
give(unsigned number)
{
	lock_order_gives(&orders, number);
}

START_TEST(one_lock_at_a_time_has_no_order)
{
	take(1, 100);
	give(1);
	take(2, 100);
	give(2);
	take(1, 100);
	lock_order_wants(&orders, 1, 100); /* again: that is no pair */
	ck_assert_uint_eq(rows(&orders), 0);
}
END_TEST

START_TEST(both_orders_are_seen_and_who_did_so_first)
{
	take(1, 100);
	take(2, 100);
	give(2);
	give(1);
	take(2, 200);
	take(1, 200);
	give(2); /* not the last one first */
	take(3, 200);
	give(1);
	give(3);
	take(1, 300);
	take(2, 300);
	ck_assert_uint_eq(rows(&orders), 3);
	ck_assert_int_eq(row(&orders, 1, 2)->tid, 100);
	ck_assert_uint_eq(row(&orders, 1, 2)->times, 2);
	ck_assert_int_eq(row(&orders, 2, 1)->tid, 200);
	ck_assert_uint_eq(row(&orders, 2, 1)->times, 1);
	ck_assert_int_eq(row(&orders, 1, 3)->tid, 200);
	ck_assert_uint_eq(lock_order_guards(row(&orders, 1, 2)), 0);
}
END_TEST

START_TEST(what_is_held_every_time_is_a_guard)
{
	for (unsigned i = 0; i < 3; i++) {
		take(9, 100);
		if (i < 2)
			take(8, 100);
		take(1, 100);
		take(2, 100);
		give(2);
		give(1);
		if (i < 2)
			give(8);
		give(9);
		ck_assert_uint_eq(lock_order_guards(row(&orders, 1, 2)),
		    i < 2 ? 0x0809 : 0x09);
	}
	take(1, 100);
	take(2, 100);
	ck_assert_uint_eq(lock_order_guards(row(&orders, 1, 2)), 0);
	give(2);
	give(1);
	take(9, 100);
	take(1, 100);
	take(2, 100);
	ck_assert_uint_eq(lock_order_guards(row(&orders, 1, 2)), 0);
}
END_TEST

START_TEST(more_than_can_be_remembered_does_no_harm)
{
	for (unsigned i = 1; i <= 40; i++)
		take(i, 100);
	ck_assert_ptr_nonnull(row(&orders, 16, 40));
	ck_assert_ptr_null(row(&orders, 17, 40));
	for (unsigned i = 40; i >= 1; i--)
		give(i);
	unsigned before = rows(&orders);
	take(50, 100);
	take(51, 100);
	ck_assert_uint_eq(rows(&orders), before + 1);
	ck_assert_ptr_nonnull(row(&orders, 50, 51));
	give(51);
	/* The table is full some time; what is in it stays. */
	for (unsigned i = 60; i < 250; i++)
		for (unsigned j = 60; j < 250; j += 10) {
			take(i, 100);
			take(j, 100);
			give(j);
			give(i);
		}
	ck_assert_uint_gt(orders.dropped, 0);
	ck_assert_uint_le(rows(&orders), ORDER_ROWS);
	ck_assert_ptr_nonnull(row(&orders, 50, 51));
}
END_TEST

START_TEST(nothing_is_held_in_another_world)
{
	static struct lock_orders other;

	take(1, 100);
	lock_order_wants(&other, 2, 100);
	lock_order_has(&other, 2);
	lock_order_wants(&other, 3, 100);
	ck_assert_ptr_null(row(&other, 1, 2));
	ck_assert_ptr_nonnull(row(&other, 2, 3));
	lock_order_gives(&orders, 1);
	lock_order_wants(&other, 4, 100);
	ck_assert_ptr_nonnull(row(&other, 2, 4));
}
END_TEST

static void *
pairs(void *arg)
{
	unsigned me = *(unsigned *)arg;

	for (unsigned i = 0; i < TURNS; i++) {
		unsigned a = 1 + i % 20, b = 1 + (i * 7 + 3) % 20;

		take(30, (int32_t)me);
		take(a, (int32_t)me);
		if (b != a) {
			take(b, (int32_t)me);
			give(b);
		}
		give(a);
		give(30);
	}
	return NULL;
}

START_TEST(threads_share_one_row_for_a_pair)
{
	pthread_t t[THREADS];
	unsigned who[THREADS];
	uint64_t times = 0, expected = 0;

	for (unsigned i = 0; i < THREADS; i++) {
		who[i] = i + 1;
		ck_assert_int_eq(
		    pthread_create(&t[i], NULL, pairs, &who[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	for (unsigned i = 0; i < TURNS; i++)
		expected += i % 20 != (i * 7 + 3) % 20 ? 3 : 1;
	for (unsigned i = 0; i < ORDER_ROWS; i++) {
		const struct lock_order_row *r = &orders.row[i];

		times += r->times;
		if (r->times == 0)
			continue;
		ck_assert_ptr_eq(row(&orders, r->pair >> 8, r->pair & 0xff), r);
		ck_assert_int_ge(r->tid, 1);
		ck_assert_int_le(r->tid, THREADS);
		ck_assert_uint_eq(
		    lock_order_guards(r), r->pair >> 8 == 30 ? 0 : 30);
	}
	/* With 30 held, b is taken over a and over 30. */
	ck_assert_uint_eq(times, THREADS * expected);
	ck_assert_uint_eq(orders.dropped, 0);
}
END_TEST

/* ---- of mutexes and semaphores ---- */

static struct mutex *a, *b;

static void
setup(void)
{
	pose_open(THREADS);
	a = mutex_new("A");
	b = mutex_new("B");
	ck_assert(a != NULL && b != NULL);
}

struct play {
	_Atomic unsigned over;
	_Atomic int32_t tid;
};

static void
hold_b_want_a(void *arg, unsigned who)
{
	struct play *p = arg;

	be(who);
	atomic_store(&p->tid, atomic_load(&self->tslot->tid));
	MUST(mutex_lock(b, FOREVER) == 0);
	MUST(mutex_lock(a, FOREVER) == 0);
	mutex_unlock(a);
	mutex_unlock(b);
	self_end(self);
}

/* It waits and has not got it yet; then it does, and is gone. */
START_TEST(to_wait_is_enough)
{
	struct play *p = crowd_memory(sizeof *p);

	ck_assert_int_eq(mutex_lock(a, FOREVER), 0);
	struct crowd *c = crowd_start(0, 1, hold_b_want_a, p);
	UNTIL(waits(0, STATE_WAIT_LOCK));
	const struct lock_order_row *r = row(&registry->orders, 2, 1);
	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(r->times, 1);
	ck_assert_int_eq(r->tid, p->tid);
	mutex_unlock(a);
	ck_assert_uint_eq(crowd_join(c), 0);
	/* The dead keep their place. */
	ck_assert_int_eq(mutex_lock(a, FOREVER), 0);
	ck_assert_int_eq(mutex_lock(b, FOREVER), 0);
	ck_assert_uint_eq(rows(&registry->orders), 2);
	ck_assert_int_eq(row(&registry->orders, 2, 1)->tid, p->tid);
	ck_assert_int_ne(row(&registry->orders, 1, 2)->tid, p->tid);
}
END_TEST

START_TEST(a_wait_with_a_limit_shows_no_order)
{
	ck_assert_int_eq(mutex_lock(a, 0), 0);
	ck_assert_int_eq(mutex_lock(b, NSEC_PER_SEC), 0);
	ck_assert_uint_eq(rows(&registry->orders), 0);
	mutex_unlock(b);
	ck_assert_int_eq(mutex_lock(b, FOREVER), 0);
	ck_assert_ptr_nonnull(row(&registry->orders, 1, 2));
}
END_TEST

START_TEST(a_permit_is_held_as_a_lock_is)
{
	struct semaphore *s = semaphore_new("seat", 2);

	ck_assert_int_eq(semaphore_take(s, FOREVER), 0);
	with_lock (a)
		with_lock (b)
			ck_assert_int_eq(semaphore_take(s, 0), 0);
	ck_assert_ptr_nonnull(row(&registry->orders, 3, 1));
	ck_assert_uint_eq(lock_order_guards(row(&registry->orders, 1, 2)), 3);
	ck_assert_int_eq(semaphore_give(s), 0);
	ck_assert_int_eq(semaphore_give(s), 0);
	with_lock (b)
		with_lock (a)
			;
	ck_assert_uint_eq(lock_order_guards(row(&registry->orders, 2, 1)), 0);
}
END_TEST

int
main(void)
{
	TCase *table = tcase_create("table"), *locks = tcase_create("locks");
	TCase *const cases[] = {table, locks, NULL};

	tcase_add_test(table, one_lock_at_a_time_has_no_order);
	tcase_add_test(table, both_orders_are_seen_and_who_did_so_first);
	tcase_add_test(table, what_is_held_every_time_is_a_guard);
	tcase_add_test(table, more_than_can_be_remembered_does_no_harm);
	tcase_add_test(table, nothing_is_held_in_another_world);
	tcase_add_test(table, threads_share_one_row_for_a_pair);
	tcase_add_checked_fixture(locks, setup, program_close);
	tcase_add_test(locks, to_wait_is_enough);
	tcase_add_test(locks, a_wait_with_a_limit_shows_no_order);
	tcase_add_test(locks, a_permit_is_held_as_a_lock_is);
	return suite_run("lock_order", cases);
}
