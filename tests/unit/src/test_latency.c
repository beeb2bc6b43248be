/* test_latency: how long locks are waited for and held, and who died with one.
 */
#include "slot/latency.h"

#include <signal.h>

#include "crowd.h"
#include "lockstep/semaphore.h"
#include "posing.h"
#include "program/mutex_priv.h"
#include "program/self.h"
#include "run/registry.h"
#include "suite.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

#define RINGS 8

/* As struct frame_latency has it: bucket b begins at 2^(b+7) ns. */
START_TEST(a_bucket_is_a_power_of_two)
{
	ck_assert_uint_eq(latency_bucket(0), 0);
	ck_assert_uint_eq(latency_bucket(1), 0);
	ck_assert_uint_eq(latency_bucket(127), 0);
	for (unsigned b = 1; b < TIMES_BUCKETS; b++) {
		ck_assert_uint_eq(latency_bucket((128ULL << b) - 1), b - 1);
		ck_assert_uint_eq(latency_bucket(128ULL << b), b);
	}
	ck_assert_uint_eq(latency_bucket(UINT64_MAX), TIMES_BUCKETS - 1);
}
END_TEST

static uint64_t
total(const struct latency *t, enum latency_row row)
{
	uint64_t n[TIMES_ROWS][TIMES_BUCKETS] = {{0}}, all = 0;

	latency_add(n, t);
	for (unsigned b = 0; b < TIMES_BUCKETS; b++)
		all += n[row][b];
	return all;
}

START_TEST(each_goes_into_its_row)
{
	struct latency t = {0};
	uint64_t n[TIMES_ROWS][TIMES_BUCKETS] = {{0}};

	latency_note(&t, TIMES_WAIT, 1000, 1000 + 1024);
	latency_note(&t, TIMES_HOLD, 1000, 1000 + 300);
	latency_note(&t, TIMES_HOLD, 1000, 990); /* another clock's */
	latency_add(n, &t);
	latency_add(n, &t);
	ck_assert_uint_eq(n[TIMES_WAIT][3], 2);
	ck_assert_uint_eq(n[TIMES_HOLD][1], 2);
	ck_assert_uint_eq(n[TIMES_HOLD][0], 2);
	ck_assert_uint_eq(total(&t, TIMES_WAIT), 1);
	ck_assert_uint_eq(total(&t, TIMES_HOLD), 2);
}
END_TEST

/* ---- around the sum ---- */

struct stage {
	struct gate gate;
	struct sum_control sum;
	struct trace_control tracing;
	struct cell cell;
	struct thread_slot tslots[RINGS];
};

static struct stage *
stage_new(unsigned kind)
{
	struct stage *s = crowd_memory(sizeof *s);
	const char *call;

	gate_init(&s->gate);
	MUST(cell_init(&s->cell) == 0);
	MUST(lock_prepare(kind, &call) == 0);
	atomic_store(&s->sum.kind, kind);
	s->sum.wanted = kind;
	for (unsigned i = 0; i < RINGS; i++) {
		s->tslots[i].id = i + 1;
		s->tslots[i].control = &s->tracing;
	}
	return s;
}

static void
add_some(void *arg, unsigned who)
{
	struct stage *s = arg;
	struct adder a = {.cell = &s->cell,
	    .control = &s->sum,
	    .gate = &s->gate,
	    .tslot = &s->tslots[who]};

	MUST(sum_add(&a, 1, 300));
}

static bool
has_lock(unsigned kind)
{
	return lock_kinds[kind].acquire != NULL;
}

/* Its adders wait for the one thread that adds, which has the lock. */
static bool
is_owner(int kind)
{
	return kind == lock_find("owner");
}

static uint64_t
how_many_contended(struct stage *s)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < RINGS; i++)
		n += atomic_load(&s->tslots[i].contended);
	return n;
}

/*
 * Untraced: all waits, no holds. The first to come stays in its window until
 * the other waits; then windows are so short that waits are short as well.
 */
START_TEST(every_wait_for_the_sum_is_timed)
{
	struct stage *s = stage_new((unsigned)_i);
	uint64_t waits = 0, contended;

	atomic_store(&s->sum.window, 100 * NSEC_PER_SEC);
	struct crowd *c = crowd_start(0, 2, add_some, s);
	UNTIL(!has_lock((unsigned)_i) || how_many_contended(s) > 0);
	atomic_store(&s->sum.window, 2 * NSEC_PER_MSEC);
	gate_set_speed(&s->gate, SPEED_MAX); /* from now on 2 us */
	ck_assert_uint_eq(crowd_join(c), 0);
	contended = how_many_contended(s);
	for (unsigned i = 0; i < RINGS; i++) {
		waits += total(&s->tslots[i].times, TIMES_WAIT);
		ck_assert_uint_eq(total(&s->tslots[i].times, TIMES_HOLD), 0);
	}
	if (has_lock((unsigned)_i)) {
		ck_assert_uint_gt(waits, 0);
		ck_assert_uint_eq(waits, contended);
	} else if (!is_owner(_i)) {
		ck_assert_uint_eq(waits, 0);
	}
}
END_TEST

START_TEST(holds_of_traced_adds_are_timed)
{
	struct stage *s = stage_new((unsigned)_i);
	const struct latency *t = &s->tslots[0].times;
	uint64_t n[TIMES_ROWS][TIMES_BUCKETS] = {{0}};

	atomic_store(&s->sum.window, 20 * NSEC_PER_USEC);
	atomic_store(&s->tracing.budget, 5000);
	atomic_store(&s->tracing.tick, 1);
	add_some(s, 0);
	ck_assert_uint_eq(
	    total(t, TIMES_HOLD), has_lock((unsigned)_i) ? 300 : 0);
	ck_assert(total(t, TIMES_WAIT) == 0 || is_owner(_i));
	/* None was shorter than the window in it. */
	latency_add(n, t);
	for (unsigned b = 0; b < latency_bucket(20 * NSEC_PER_USEC); b++)
		ck_assert_uint_eq(n[TIMES_HOLD][b], 0);
}
END_TEST

static struct stage *victim;

static void
hold_for_ever(void *arg)
{
	(void)arg;
	add_some(victim, 0);
}

/* Killed in the window: it has the lock. */
START_TEST(the_lock_of_a_dead_holder_is_an_orphan)
{
	struct stage *s = victim = stage_new((unsigned)_i);
	bool recovers = is_owner(_i) ||
	    (lock_kinds[_i].recover != NULL && has_lock((unsigned)_i));

	if (lock_find("atomic") == _i)
		return; /* it has no window to die in */
	atomic_store(&s->sum.window, 1000 * NSEC_PER_SEC);
	pid_t pid = crowd_child(hold_for_ever, NULL);
	UNTIL(atomic_load(&s->tslots[0].state) == STATE_WINDOW);
	ck_assert_uint_eq(atomic_load(&s->cell.orphaned), 0);
	crowd_kill(pid);
	UNTIL(sum_recover(&s->sum, &s->cell, s->tslots, 1) >= 0);
	ck_assert_uint_eq(atomic_load(&s->cell.orphaned), recovers ? 1 : 0);
	UNTIL(sum_recover(&s->sum, &s->cell, s->tslots, 1) >= 0);
	ck_assert_uint_eq(atomic_load(&s->cell.orphaned), recovers ? 1 : 0);
}
END_TEST

START_TEST(a_kind_has_a_flaw_if_it_loses)
{
	const struct lock_kind *k = &lock_kinds[_i];

	ck_assert_int_eq(k->flaw == NULL, k->exact);
	if (k->flaw != NULL)
		ck_assert(k->flaw[0] != '\0');
}
END_TEST

/* ---- a program's own ---- */

static struct mutex *m;

static void
setup(void)
{
	pose_open(4);
	m = mutex_new("A");
	ck_assert_ptr_nonnull(m);
}

static void
lock_once(void *arg, unsigned who)
{
	(void)arg;
	be(who);
	with_lock (m)
		;
	self_end(self);
}

START_TEST(waits_and_holds_of_a_mutex)
{
	struct frame_mutex f;
	uint64_t n[TIMES_ROWS][TIMES_BUCKETS] = {{0}};

	ck_assert_int_eq(mutex_lock(m, FOREVER), 0);
	struct crowd *c = crowd_start(0, 2, lock_once, NULL);
	UNTIL(waits(0, STATE_WAIT_LOCK) && waits(1, STATE_WAIT_LOCK));
	UNTIL((mutex_frame(m, &f), f.held_us > 5000));
	ck_assert_uint_eq(total(mutex_times(m), TIMES_HOLD), 0);
	mutex_unlock(m);
	ck_assert_uint_eq(crowd_join(c), 0);
	mutex_frame(m, &f);
	ck_assert_uint_eq(total(mutex_times(m), TIMES_WAIT), f.contended);
	ck_assert_uint_eq(f.contended, 2);
	ck_assert_uint_eq(total(mutex_times(m), TIMES_HOLD), 3);
	latency_add(n, mutex_times(m));
	uint64_t longest = 0;
	for (unsigned b = latency_bucket(5 * NSEC_PER_MSEC); b < TIMES_BUCKETS;
	     b++)
		longest += n[TIMES_HOLD][b];
	ck_assert_uint_ge(longest, 1);
}
END_TEST

START_TEST(of_many_holds_some_are_timed)
{
	for (unsigned i = 0; i < 20000; i++)
		with_lock (m)
			;
	uint64_t n = total(mutex_times(m), TIMES_HOLD);
	ck_assert_uint_ge(n, 1000);
	ck_assert_uint_lt(n, 10000);
	ck_assert_uint_eq(total(mutex_times(m), TIMES_WAIT), 0);
}
END_TEST

struct held {
	_Atomic unsigned n;
	struct semaphore *s;
};

static void
hold_both(void *arg)
{
	struct held *h = arg;

	be(0);
	MUST(mutex_lock(m, FOREVER) == 0);
	MUST(semaphore_take(h->s, FOREVER) == 0);
	MUST(semaphore_take(h->s, FOREVER) == 0);
	atomic_fetch_add(&h->n, 1);
	for (;;)
		crowd_yield();
}

static void
take_once(void *arg, unsigned who)
{
	struct held *h = arg;

	be(who + 1);
	MUST(semaphore_take(h->s, FOREVER) == 0);
	self_end(self);
}

START_TEST(orphans_of_a_program_are_counted)
{
	struct held *h = crowd_memory(sizeof *h);
	struct mutex *seats;
	struct frame_mutex f;

	h->s = semaphore_new("seat", 2);
	seats = registry_object(registry, REGISTRY_MUTEX, 2);
	pid_t pid = crowd_child(hold_both, h);
	UNTIL(atomic_load(&h->n) == 1);
	struct crowd *c = crowd_start(0, 1, take_once, h);
	UNTIL(waits(1, STATE_WAIT_LOCK));
	crowd_kill(pid);
	ck_assert(mutex_recover(m, id_of(0), id_of(0)));
	ck_assert(!mutex_recover(m, id_of(0), id_of(0)));
	ck_assert(mutex_recover(seats, id_of(0), id_of(0)));
	ck_assert_uint_eq(crowd_join(c), 0);
	mutex_frame(m, &f);
	ck_assert_uint_eq(f.orphaned, 1);
	ck_assert_uint_eq(f.permits, 0);
	mutex_frame(seats, &f);
	ck_assert_uint_eq(f.orphaned, 2); /* two permits */
	ck_assert_uint_eq(f.permits, 2);
	ck_assert_uint_eq(total(mutex_times(seats), TIMES_WAIT), 1);
}
END_TEST

int
main(void)
{
	TCase *times = tcase_create("latency"), *sum = tcase_create("sum");
	TCase *own = tcase_create("own");
	TCase *const cases[] = {times, sum, own, NULL};
	int kinds = (int)lock_nkinds;

	tcase_add_test(times, a_bucket_is_a_power_of_two);
	tcase_add_test(times, each_goes_into_its_row);
	tcase_add_loop_test(sum, every_wait_for_the_sum_is_timed, 0, kinds);
	tcase_add_loop_test(sum, holds_of_traced_adds_are_timed, 0, kinds);
	tcase_add_loop_test(
	    sum, the_lock_of_a_dead_holder_is_an_orphan, 0, kinds);
	tcase_add_loop_test(sum, a_kind_has_a_flaw_if_it_loses, 0, kinds);
	tcase_add_checked_fixture(own, setup, program_close);
	tcase_add_test(own, waits_and_holds_of_a_mutex);
	tcase_add_test(own, of_many_holds_some_are_timed);
	tcase_add_test(own, orphans_of_a_program_are_counted);
	return suite_run("latency", cases);
}
