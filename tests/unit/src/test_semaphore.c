/* test_semaphore: never more than the permits, and none is lost by a death. */
#include "lockstep/semaphore.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "crowd.h"
#include "lockstep/frame.h"
#include "posing.h"
#include "program/mutex_priv.h"
#include "program/self.h"
#include "run/registry.h"
#include "suite.h"

#define PERMITS 3
#define THREADS 20
#define TURNS   5000
#define KILLS   60

static struct semaphore *s;

static void
setup(void)
{
	pose_open(THREADS);
	s = semaphore_new("seat", PERMITS);
	ck_assert_ptr_nonnull(s);
}

/* As the supervisor has it. */
static struct mutex *
as_lock(void)
{
	return registry_object(registry, REGISTRY_MUTEX, 1);
}

START_TEST(permits_are_taken_and_given_back)
{
	struct frame_mutex f;

	ck_assert_str_eq(mutex_name(as_lock()), "seat");
	ck_assert_uint_eq(mutex_permits(as_lock()), PERMITS);
	for (unsigned i = PERMITS; i > 0; i--) {
		ck_assert_uint_eq(semaphore_left(s), i);
		ck_assert_int_eq(semaphore_take(s, 0), 0);
	}
	ck_assert_uint_eq(mutex_frame(as_lock(), &f), self_id());
	ck_assert_uint_eq(f.acquired, PERMITS);
	ck_assert_uint_eq(f.contended, 0);
	ck_assert_int_eq(semaphore_take(s, 0), -ETIMEDOUT);
	ck_assert_int_eq(semaphore_take(s, NSEC_PER_MSEC), -ETIMEDOUT);
	for (unsigned i = 0; i < PERMITS; i++)
		ck_assert_int_eq(semaphore_give(s), 0);
	ck_assert_int_eq(semaphore_give(s), -EPERM);
	ck_assert_uint_eq(semaphore_left(s), PERMITS);
	ck_assert_uint_eq(mutex_frame(as_lock(), &f), 0);
}
END_TEST

START_TEST(a_wrong_number_of_permits_is_refused)
{
	errno = 0;
	ck_assert_ptr_null(semaphore_new("none", 0));
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_ptr_null(semaphore_new("many", SEMAPHORE_MAX + 1));
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

static _Atomic unsigned *inside;

static void
take_turns(void *arg, unsigned who)
{
	(void)arg;
	be(who);
	for (unsigned i = 0; i < TURNS; i++) {
		MUST(semaphore_take(s, FOREVER) == 0);
		MUST(atomic_fetch_add(inside, 1) < PERMITS);
		if (i % 16 == 0)
			crowd_yield();
		atomic_fetch_sub(inside, 1);
		MUST(semaphore_give(s) == 0);
	}
}

START_TEST(never_more_inside_than_permits)
{
	struct frame_mutex f;

	inside = crowd_memory(sizeof *inside);
	ck_assert_uint_eq(
	    crowd_join(crowd_start((unsigned)_i, 6, take_turns, NULL)), 0);
	mutex_frame(as_lock(), &f);
	ck_assert_uint_eq(
	    f.acquired, (uint64_t)TURNS * 6 * (_i == 0 ? 1 : (unsigned)_i));
	ck_assert_uint_eq(semaphore_left(s), PERMITS);
}
END_TEST

static void
take_and_stay(void *arg)
{
	be(*(unsigned *)arg);
	for (;;) {
		MUST(semaphore_take(s, FOREVER) == 0);
		MUST(semaphore_give(s) == 0);
	}
}

/* Killed anywhere: what it had is free again, and what it had not stays. */
START_TEST(who_is_killed_takes_no_permit_along)
{
	ck_assert_int_eq(semaphore_take(s, 0), 0);
	for (unsigned i = 0; i < KILLS; i++) {
		unsigned who = i % THREADS;
		pid_t pid = crowd_child(take_and_stay, &who);
		struct frame_mutex f, before;

		mutex_frame(as_lock(), &before);
		do {
			crowd_yield();
			mutex_frame(as_lock(), &f);
		} while (f.acquired < before.acquired + 100);
		crowd_kill(pid);
		mutex_recover(as_lock(), id_of(who), id_of(who));
		ck_assert_uint_eq(semaphore_left(s), PERMITS - 1);
	}
	ck_assert_int_eq(semaphore_give(s), 0);
	ck_assert_uint_eq(semaphore_left(s), PERMITS);
}
END_TEST

static void
take_one(void *arg)
{
	be(0);
	(void)arg;
	MUST(semaphore_take(s, FOREVER) == 0);
	MUST(semaphore_give(s) == 0);
}

START_TEST(who_waits_is_woken_by_a_recovery)
{
	uint32_t me = self_id();

	for (unsigned i = 0; i < PERMITS; i++)
		ck_assert_int_eq(semaphore_take(s, 0), 0);
	pid_t pid = crowd_child(take_one, NULL);
	UNTIL(waits(0, STATE_WAIT_LOCK));
	ck_assert(mutex_recover(as_lock(), me, me));
	ck_assert(!mutex_recover(as_lock(), me, me));
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("semaphore");

	tcase_add_checked_fixture(tc, setup, program_close);
	tcase_add_test(tc, permits_are_taken_and_given_back);
	tcase_add_test(tc, a_wrong_number_of_permits_is_refused);
	tcase_add_loop_test(tc, never_more_inside_than_permits, 0, 3);
	tcase_add_test(tc, who_is_killed_takes_no_permit_along);
	tcase_add_test(tc, who_waits_is_woken_by_a_recovery);
	return suite_run("semaphore", (TCase *[]){tc, NULL});
}
