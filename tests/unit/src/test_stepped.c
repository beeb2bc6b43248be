/*
 * test_stepped: what waits, waits at its gate. The test is the supervisor: it
 * lets one thread go at a time, and nobody else moves.
 */
#include <errno.h>
#include <stdatomic.h>

#include "crowd.h"
#include "lockstep/mutex.h"
#include "lockstep/program.h"
#include "lockstep/queue.h"
#include "lockstep/semaphore.h"
#include "program/self.h"
#include "run/shared.h"
#include "slot/gate.h"
#include "suite.h"

#define THREADS 4
#define ROUNDS  (suite_long() ? 1000 : 100)

static struct thread *threads[THREADS];
static int results[THREADS];
static unsigned started;

/* What the threads are about. */
static struct mutex *m;
static struct queue *f;
static struct semaphore *s;
static struct thread *other;
static _Atomic unsigned order; /* letters of who was there, in a row */

static struct thread_slot *
tslot(unsigned i)
{
	return shared_tslot(self->shared, 1, i + 1);
}

static bool
stands(unsigned i)
{
	return atomic_load(&tslot(i)->stand) == STAND_HERE;
}

static bool
has_left(unsigned i)
{
	return atomic_load(&tslot(i)->tid) != 0 &&
	    atomic_load(&tslot(i)->state) == STATE_EXITED;
}

static void
stepped(bool on)
{
	gate_set_stepped(&self->shared->gate, self->shared->tslots,
	    (self->shared->nslots - 1) * self->shared->stride, on);
}

static void
setup(void)
{
	ck_assert_int_eq(program_open(THREADS), 0);
	m = mutex_new("m");
	f = queue_new("f", 2, sizeof(int), true);
	s = semaphore_new("s", 2);
	ck_assert(m != NULL && f != NULL && s != NULL);
	started = 0;
}

/* The threads that fn is run by come to their first points. */
static void
start(int (*fn)(void *))
{
	static int numbers[THREADS] = {0, 1, 2, 3};

	threads[started] = thread_start("t", fn, &numbers[started]);
	ck_assert_ptr_nonnull(threads[started]);
	started++;
}

static void
settle(void)
{
	for (unsigned i = 0; i < started; i++)
		UNTIL(stands(i) || has_left(i));
}

/* Those that may have to wait look again, and say so. */
static void
nudge(void)
{
	for (unsigned i = 0; i < started; i++)
		if (stands(i) && atomic_load(&tslot(i)->asks) != 0)
			ck_assert(gate_nudge(tslot(i)));
	settle();
}

/* One step of one thread. */
static void
go(unsigned i)
{
	settle();
	ck_assert(gate_grant(tslot(i)));
	settle();
	nudge();
}

static void
ck_stands(unsigned i, enum frame_point op, unsigned blocked)
{
	ck_assert(stands(i));
	ck_assert_uint_eq(atomic_load(&tslot(i)->point), op);
	ck_assert_uint_eq(atomic_load(&tslot(i)->blocked), blocked);
	if (blocked == 0)
		ck_assert_uint_eq(atomic_load(&tslot(i)->state), STATE_GATED);
}

/* ... and says because of whom. */
static void
ck_waits(unsigned i, enum frame_point op, enum frame_state state,
    unsigned object, uint32_t owner)
{
	ck_stands(i, op, 1);
	ck_assert_uint_eq(atomic_load(&tslot(i)->state), state);
	ck_assert_uint_eq(atomic_load(&tslot(i)->object), object);
	ck_assert_uint_eq(atomic_load(&tslot(i)->owner), owner);
}

static void
begin(unsigned n, int (*fn)(void *))
{
	stepped(true);
	while (started < n)
		start(fn);
	settle();
	for (unsigned i = 0; i < n; i++) {
		ck_stands(i, POINT_WAIT, 0); /* born */
		go(i);
	}
}

/* All go on as they like, and end. */
static void
finish(void)
{
	stepped(false);
	for (unsigned i = 0; i < started; i++)
		thread_join(threads[i], FOREVER, &results[i]);
	program_close();
}

static void
note(void *arg)
{
	atomic_store(&order, atomic_load(&order) * 10 + *(int *)arg + 1);
}

/* ---- mutex ---- */

static int
locks(void *arg)
{
	mutex_lock(m, FOREVER);
	note(arg);
	mutex_unlock(m);
	return 0;
}

START_TEST(who_is_let_go_first_has_the_lock)
{
	unsigned first = (unsigned)_i, second = 1 - first;

	setup();
	begin(2, locks);
	ck_stands(0, POINT_LOCK, 0);
	ck_stands(1, POINT_LOCK, 0);
	go(first);
	ck_stands(first, POINT_UNLOCK, 0);
	ck_waits(second, POINT_LOCK, STATE_WAIT_LOCK, 1, tslot(first)->id);
	ck_assert_uint_eq(atomic_load(&order), first + 1);
	go(first);
	ck_assert(has_left(first));
	ck_stands(second, POINT_LOCK, 0);
	go(second);
	go(second);
	ck_assert_uint_eq(atomic_load(&order), 10 * (first + 1) + second + 1);
	finish();
}
END_TEST

START_TEST(of_two_that_were_ready_one_waits_again)
{
	setup();
	begin(3, locks);
	go(0);
	go(0);
	ck_stands(1, POINT_LOCK, 0);
	ck_stands(2, POINT_LOCK, 0);
	go(2);
	ck_waits(1, POINT_LOCK, STATE_WAIT_LOCK, 1, tslot(2)->id);
	finish();
	ck_assert_uint_eq(atomic_load(&order), 132);
}
END_TEST

static int
locks_for_a_moment(void *arg)
{
	int got = mutex_lock(m, *(int *)arg == 2 ? 0 : NSEC_PER_MSEC);

	if (got == 0)
		mutex_unlock(m);
	return got;
}

START_TEST(a_time_limit_is_over_when_it_is_chosen)
{
	setup();
	ck_assert_int_eq(mutex_lock(m, 0), 0);
	begin(3, locks_for_a_moment);
	ck_stands(0, POINT_LOCK, 2);
	ck_stands(2, POINT_LOCK, 0); /* which only looks */
	go(0);
	ck_assert(has_left(0));
	go(2);
	ck_assert(has_left(2));
	ck_stands(1, POINT_LOCK, 2);
	stepped(false);
	ck_assert_int_eq(mutex_unlock(m), 0);
	finish();
	ck_assert_int_eq(results[0], -ETIMEDOUT);
	ck_assert_int_eq(results[2], -ETIMEDOUT);
}
END_TEST

/* ---- semaphore ---- */

static int
takes(void *arg)
{
	semaphore_take(s, FOREVER);
	note(arg);
	return semaphore_give(s);
}

START_TEST(a_permit_is_taken_by_who_is_let_go)
{
	setup();
	begin(4, takes);
	go(3);
	ck_stands(0, POINT_TAKE, 0);
	go(1);
	ck_assert_uint_eq(semaphore_left(s), 0);
	ck_waits(0, POINT_TAKE, STATE_WAIT_LOCK, 2, tslot(3)->id);
	ck_waits(2, POINT_TAKE, STATE_WAIT_LOCK, 2, tslot(3)->id);
	ck_stands(1, POINT_GIVE, 0);
	go(1);
	ck_stands(2, POINT_TAKE, 0);
	go(2);
	ck_waits(0, POINT_TAKE, STATE_WAIT_LOCK, 2, tslot(3)->id);
	go(3);
	go(0);
	ck_assert_uint_eq(atomic_load(&order), 4231);
	go(0);
	go(2);
	ck_assert_uint_eq(semaphore_left(s), 2);
	finish();
}
END_TEST

/* ---- queue ---- */

static int
puts_three(void *arg)
{
	(void)arg;
	for (int i = 1; i <= 3; i++)
		queue_put(f, &i, sizeof i, FOREVER);
	return queue_join(f, FOREVER);
}

static int
gets_three(void *arg)
{
	int sum = 0, n;

	(void)arg;
	for (int i = 0; i < 3; i++) {
		if (queue_get(f, &n, sizeof n, FOREVER) == sizeof n)
			sum = 10 * sum + n;
		queue_done(f);
	}
	return sum;
}

START_TEST(who_puts_and_who_gets_wait_for_one_another)
{
	setup();
	stepped(true);
	start(puts_three);
	start(gets_three);
	settle();
	go(0);
	go(1);
	ck_waits(1, POINT_GET, STATE_WAIT_QUEUE, 1, 0);
	go(0);
	ck_stands(1, POINT_GET, 0);
	go(0);
	ck_waits(0, POINT_PUT, STATE_WAIT_PUT, 1, 0);
	go(1);
	ck_stands(0, POINT_PUT, 0);
	ck_stands(1, POINT_DONE, 0);
	go(0);
	ck_waits(0, POINT_JOIN, STATE_WAIT_JOIN, 1, 0);
	for (int i = 0; i < 5; i++)
		go(1);
	ck_assert(has_left(1));
	ck_stands(0, POINT_JOIN, 0);
	go(0);
	finish();
	ck_assert_int_eq(results[1], 123);
}
END_TEST

static int
gets_in_time(void *arg)
{
	int n;

	(void)arg;
	return (int)queue_get(f, &n, sizeof n, FOREVER - 1);
}

START_TEST(a_get_may_be_told_that_its_time_is_up)
{
	setup();
	begin(1, gets_in_time);
	ck_stands(0, POINT_GET, 2);
	go(0);
	ck_assert(has_left(0));
	finish();
	ck_assert_int_eq(results[0], -ETIMEDOUT);
}
END_TEST

/* ---- threads ---- */

static int
ends(void *arg)
{
	return *(int *)arg + 40;
}

static int
joins(void *arg)
{
	int result = 0;

	(void)arg;
	thread_join(other, FOREVER, &result);
	return result;
}

/* Whenever it has left, whoever waits for that can go on. */
START_TEST(a_thread_that_has_left_is_done)
{
	for (int round = 0; round < ROUNDS; round++) {
		setup();
		stepped(true);
		start(ends);
		settle();
		other = threads[0];
		start(joins);
		settle();
		go(1);
		ck_waits(1, POINT_WAIT, STATE_WAIT_THREAD, 0, tslot(0)->id);
		go(0);
		ck_assert(has_left(0));
		ck_stands(1, POINT_WAIT, 0);
		go(1);
		stepped(false);
		thread_join(threads[1], FOREVER, &results[1]);
		ck_assert_int_eq(results[1], 40);
		program_close();
	}
}
END_TEST

/* ---- begun while they wait ---- */

static int
waits_for_lock(void *arg)
{
	(void)arg;
	mutex_lock(m, FOREVER);
	return mutex_unlock(m);
}

static int
waits_for_permit(void *arg)
{
	(void)arg;
	semaphore_take(s, FOREVER);
	return semaphore_give(s);
}

static int
waits_for_item(void *arg)
{
	int n;

	(void)arg;
	return (int)queue_get(f, &n, sizeof n, FOREVER);
}

static int
sleeps(void *arg)
{
	(void)arg;
	self_sleep(3600 * NSEC_PER_SEC);
	return 7;
}

static bool
is_in(unsigned i, enum frame_state state)
{
	return atomic_load(&tslot(i)->state) == state;
}

/* As the supervisor does it: again and again until all stand. */
static bool
come(unsigned n)
{
	bool all = true;

	for (unsigned i = 0; i < n; i++) {
		all = all && stands(i);
		self_rouse(tslot(i));
	}
	return all;
}

START_TEST(who_waits_already_comes_to_its_gate_and_goes_back)
{
	setup();
	ck_assert_int_eq(mutex_lock(m, 0), 0);
	ck_assert_int_eq(semaphore_take(s, 0), 0);
	ck_assert_int_eq(semaphore_take(s, 0), 0);
	start(waits_for_lock);
	start(waits_for_permit);
	start(waits_for_item);
	start(sleeps);
	for (int round = 0; round < 100; round++) {
		UNTIL(is_in(0, STATE_WAIT_LOCK));
		UNTIL(is_in(1, STATE_WAIT_LOCK));
		UNTIL(is_in(2, STATE_WAIT_QUEUE));
		UNTIL(is_in(3, STATE_SLEEPING));
		stepped(true);
		UNTIL(come(4));
		ck_waits(0, POINT_LOCK, STATE_WAIT_LOCK, 1, self->tslot->id);
		ck_waits(1, POINT_TAKE, STATE_WAIT_LOCK, 2, self->tslot->id);
		ck_waits(2, POINT_GET, STATE_WAIT_QUEUE, 1, 0);
		ck_stands(3, POINT_SLEEP, 0);
		stepped(false);
	}
	stepped(true);
	UNTIL(come(4));
	go(3); /* over at once */
	ck_assert(has_left(3));
	stepped(false);
	ck_assert_int_eq(mutex_unlock(m), 0);
	ck_assert_int_eq(semaphore_give(s), 0);
	ck_assert_int_eq(queue_put(f, &(int){1}, sizeof(int), 0), 0);
	finish();
	ck_assert_int_eq(results[2], sizeof(int));
	ck_assert_int_eq(results[3], 7);
}
END_TEST

/* ---- eating ---- */

static int
eats(void *arg)
{
	(void)arg;
	self_eat(11);
	return 0;
}

START_TEST(a_meal_is_a_step)
{
	setup();
	begin(1, eats);
	ck_stands(0, POINT_EAT, 0);
	ck_assert_int_eq(atomic_load(&tslot(0)->value), 11);
	go(0);
	ck_assert(has_left(0));
	finish();
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("stepped");

	tcase_add_loop_test(tc, who_is_let_go_first_has_the_lock, 0, 2);
	tcase_add_test(tc, of_two_that_were_ready_one_waits_again);
	tcase_add_test(tc, a_time_limit_is_over_when_it_is_chosen);
	tcase_add_test(tc, a_permit_is_taken_by_who_is_let_go);
	tcase_add_test(tc, who_puts_and_who_gets_wait_for_one_another);
	tcase_add_test(tc, a_get_may_be_told_that_its_time_is_up);
	tcase_add_test(tc, a_thread_that_has_left_is_done);
	tcase_add_test(tc, who_waits_already_comes_to_its_gate_and_goes_back);
	tcase_add_test(tc, a_meal_is_a_step);
	return suite_run("stepped", (TCase *[]){tc, NULL});
}
