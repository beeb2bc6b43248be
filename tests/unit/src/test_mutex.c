/* test_mutex: one at a time, in turn, given back however the block is left. */
#include "program/mutex_priv.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "crowd.h"
#include "lockstep/frame.h"
#include "posing.h"
#include "program/self.h"
#include "suite.h"

#define THREADS 20
#define TURNS   20000
#define KILLS   60

static struct mutex *m;

static void
setup(void)
{
	pose_open(THREADS);
	m = mutex_new("sum");
	ck_assert_ptr_nonnull(m);
}

static struct frame_mutex
frame(void)
{
	struct frame_mutex f;

	mutex_frame(m, &f);
	return f;
}

START_TEST(lock_and_unlock)
{
	struct frame_mutex f;

	ck_assert_str_eq(mutex_name(m), "sum");
	ck_assert_uint_eq(mutex_frame(m, &f), 0);
	ck_assert_uint_eq(f.index, 1);
	ck_assert_int_eq(mutex_lock(m, 0), 0);
	ck_assert_uint_eq(mutex_frame(m, &f), self_id());
	ck_assert_uint_eq(f.acquired, 1);
	ck_assert_uint_eq(f.contended, 0);
	UNTIL(frame().held_us > 0);
	ck_assert_int_eq(mutex_lock(m, FOREVER), -EDEADLK);
	ck_assert_int_eq(mutex_unlock(m), 0);
	ck_assert_int_eq(mutex_unlock(m), -EPERM);
	ck_assert_uint_eq(mutex_frame(m, &f), 0);
	ck_assert_uint_eq(f.held_us, 0);
}
END_TEST

static int
leave_by(int how)
{
	int i;

	with_lock (m) {
		if (how == 0)
			return 0;
		if (how == 1)
			goto out;
		if (how == 2)
			break;
		if (how == 3)
			continue;
	}
	ck_assert_uint_eq(frame().acquired, 1);
	return how;
out:
	for (i = 0; i < 1; i++)
		;
	return how;
}

START_TEST(the_lock_is_given_back_however_the_block_is_left)
{
	ck_assert_int_eq(leave_by(_i), _i);
	ck_assert_uint_eq(frame().acquired, 1);
	ck_assert_int_eq(mutex_unlock(m), -EPERM);
	ck_assert_int_eq(mutex_lock(m, 0), 0);
}
END_TEST

START_TEST(the_block_is_run_once)
{
	int times = 0;

	with_lock (m)
		times++;
	ck_assert_int_eq(times, 1);
}
END_TEST

struct state {
	_Atomic unsigned inside, held, over;
	unsigned long sum; /* guarded by the mutex */
	unsigned long turns[THREADS];
};

static void
count_up(void *arg, unsigned who)
{
	struct state *s = arg;

	be(who);
	for (int i = 0; i < TURNS; i++) {
		with_lock (m) {
			MUST(atomic_fetch_add(&s->inside, 1) == 0);
			s->sum++;
			atomic_fetch_sub(&s->inside, 1);
		}
	}
	self_end(self);
}

START_TEST(one_at_a_time)
{
	struct state *s = crowd_memory(sizeof *s);
	unsigned processes = _i == 0 ? 0 : 4;

	ck_assert_uint_eq(
	    crowd_join(crowd_start(processes, _i == 0 ? 4 : 1, count_up, s)),
	    0);
	ck_assert_uint_eq(s->sum, 4 * TURNS);
	ck_assert_uint_eq(frame().acquired, 4 * TURNS);
}
END_TEST

/* Nobody lets go of it for longer than it takes to take it again. */
static void
be_greedy(void *arg, unsigned who)
{
	struct state *s = arg;

	be(who);
	while (atomic_load(&s->over) == 0) {
		with_lock (m) {
			uint64_t until = now_ns() + 20 * NSEC_PER_USEC;
			while (now_ns() < until)
				;
			s->turns[who]++;
			s->sum = 1;
			for (unsigned i = 0; i < 5; i++)
				s->sum &= s->turns[i] >= 20;
			if (s->sum != 0)
				atomic_store(&s->over, 1);
		}
	}
	self_end(self);
}

/* Never over if one of the five is starved: then the test times out. */
START_TEST(nobody_is_starved)
{
	struct state *s = crowd_memory(sizeof *s);

	ck_assert_uint_eq(crowd_join(crowd_start(
			      _i == 0 ? 0 : 5, _i == 0 ? 5 : 1, be_greedy, s)),
	    0);
	ck_assert_uint_gt(frame().contended, 0);
	ck_assert_uint_gt(frame().longest_us, 0);
}
END_TEST

static void
hold_for_ever(void *arg)
{
	struct state *s = arg;

	be(0);
	MUST(mutex_lock(m, FOREVER) >= 0);
	atomic_fetch_add(&s->held, 1);
	for (;;)
		crowd_yield();
}

START_TEST(a_wait_ends_when_its_time_is_up)
{
	struct state *s = crowd_memory(sizeof *s);
	pid_t pid = crowd_child(hold_for_ever, s);
	uint64_t start = now_ns(),
		 times[] = {0, 300 * NSEC_PER_USEC, 20 * NSEC_PER_MSEC};

	UNTIL(atomic_load(&s->held) == 1);
	for (int i = 0; i < 3; i++) {
		start = now_ns();
		ck_assert_int_eq(mutex_lock(m, times[i]), -ETIMEDOUT);
		ck_assert_uint_ge(now_ns() - start, times[i]);
	}
	ck_assert_int_eq(mutex_unlock(m), -EPERM);
	crowd_kill(pid);
	/* Nor is it handed to one who has given up. */
	ck_assert(mutex_recover(m, id_of(0), id_of(0)));
	ck_assert_uint_eq(frame().holder, 0);
	ck_assert_int_eq(mutex_lock(m, 0), 1);
}
END_TEST

START_TEST(the_next_one_is_told_of_a_death_once)
{
	struct state *s = crowd_memory(sizeof *s);
	pid_t pid = crowd_child(hold_for_ever, s);

	UNTIL(atomic_load(&s->held) == 1);
	crowd_kill(pid);
	ck_assert_int_eq(mutex_lock(m, 0), -ETIMEDOUT);
	ck_assert(!mutex_recover(m, id_of(1), id_of(THREADS - 1)));
	ck_assert(mutex_recover(m, id_of(0), id_of(0)));
	ck_assert(!mutex_recover(m, id_of(0), id_of(0)));
	ck_assert_int_eq(mutex_lock(m, FOREVER), 1);
	ck_assert_int_eq(mutex_unlock(m), 0);
	ck_assert_int_eq(mutex_lock(m, FOREVER), 0);
}
END_TEST

static void
wait_for_it(void *arg, unsigned who)
{
	struct state *s = arg;

	be(who + 1);
	if (mutex_lock(m, FOREVER) == 1)
		atomic_fetch_add(&s->over, 1);
	s->sum++;
	MUST(mutex_unlock(m) == 0);
	self_end(self);
}

static bool
is_waiting(unsigned who)
{
	return waits(who, STATE_WAIT_LOCK) &&
	    atomic_load(&self->tslot[who + 1].owner) == id_of(0);
}

START_TEST(waiters_go_on_when_the_holder_is_dead)
{
	struct state *s = crowd_memory(sizeof *s);
	pid_t pid = crowd_child(hold_for_ever, s);

	UNTIL(atomic_load(&s->held) == 1);
	struct crowd *c = crowd_start(0, 3, wait_for_it, s);
	/* They say for whom they wait. */
	for (unsigned i = 1; i <= 3; i++)
		UNTIL(is_waiting(i));
	crowd_kill(pid);
	ck_assert(mutex_recover(m, id_of(0), id_of(0)));
	ck_assert_uint_eq(crowd_join(c), 0);
	ck_assert_uint_eq(s->sum, 3);
	ck_assert_uint_eq(atomic_load(&s->over), 1);
}
END_TEST

static void
lock_for_ever(void *arg, unsigned who)
{
	struct state *s = arg;

	be(who);
	for (;;) {
		with_lock (m) {
			s->sum++;
			atomic_fetch_add(&s->held, 1);
		}
	}
}

static void
lock_as_first(void *arg)
{
	lock_for_ever(arg, 0);
}

static void
lock_as_second(void *arg)
{
	lock_for_ever(arg, 1);
}

/* Killed as holder, as heir, in between: the other one goes on. */
START_TEST(a_kill_at_any_moment_stops_nobody)
{
	struct state *s = crowd_memory(sizeof *s);
	pid_t other = crowd_child(lock_as_second, s);

	for (unsigned i = 0; i < KILLS; i++) {
		unsigned held = atomic_load(&s->held);
		pid_t pid = crowd_child(lock_as_first, s);

		UNTIL(atomic_load(&s->held) > held + i * 37 % 100);
		crowd_kill(pid);
		mutex_recover(m, id_of(0), id_of(0));
		held = atomic_load(&s->held);
		UNTIL(atomic_load(&s->held) > held + 10);
	}
	crowd_kill(other);
	mutex_recover(m, id_of(1), id_of(1));
	ck_assert_int_ge(mutex_lock(m, FOREVER), 0);
}
END_TEST

static void
lock_twice(void *arg)
{
	(void)arg;
	with_lock (m) {
		with_lock (m)
			return;
	}
}

START_TEST(blocks_may_be_nested)
{
	struct mutex *other = mutex_new("other");

	with_lock (m) {
		with_lock (other)
			ck_assert_int_eq(mutex_lock(other, 0), -EDEADLK);
		ck_assert_int_eq(mutex_unlock(other), -EPERM);
		ck_assert_int_eq(mutex_lock(m, 0), -EDEADLK);
	}
	ck_assert_int_eq(mutex_unlock(m), -EPERM);
}
END_TEST

START_TEST(its_own_holder_does_not_wait_for_ever)
{
	siginfo_t info;
	pid_t pid = crowd_child(lock_twice, NULL);

	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED), 0);
	ck_assert_int_ne(info.si_code, CLD_EXITED);
}
END_TEST

START_TEST(only_so_many_are_known)
{
	for (int i = 1; i < FRAME_MAX_OBJECTS; i++)
		ck_assert_ptr_nonnull(mutex_new("more"));
	ck_assert_ptr_null(mutex_new("too many"));
	ck_assert_int_eq(errno, ENOSPC);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("mutex");
	TCase *const cases[] = {t, NULL};

	tcase_add_checked_fixture(t, setup, program_close);
	tcase_add_test(t, lock_and_unlock);
	tcase_add_loop_test(
	    t, the_lock_is_given_back_however_the_block_is_left, 0, 4);
	tcase_add_test(t, the_block_is_run_once);
	tcase_add_loop_test(t, one_at_a_time, 0, 2);
	tcase_add_loop_test(t, nobody_is_starved, 0, 2);
	tcase_add_test(t, a_wait_ends_when_its_time_is_up);
	tcase_add_test(t, the_next_one_is_told_of_a_death_once);
	tcase_add_test(t, waiters_go_on_when_the_holder_is_dead);
	tcase_add_test(t, a_kill_at_any_moment_stops_nobody);
	tcase_add_test(t, blocks_may_be_nested);
	tcase_add_test(t, its_own_holder_does_not_wait_for_ever);
	tcase_add_test(t, only_so_many_are_known);
	return suite_run("mutex", cases);
}
