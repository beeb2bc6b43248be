/* test_pool: each ticket once, whatever is resized, stopped or slow. */
#include "pipeline/thread_pool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "crowd.h"
#include "suite.h"

#define THREADS 8
#define RANGES  1000
#define LONGEST 500

struct job {
	struct pool *pool;
	struct gate gate;
	struct thread_slot dispatcher;
	struct eventcount bell, idle;
	struct trace_control control;
	struct thread_slot tslots[THREADS];
	_Atomic unsigned times[LONGEST]; /* that a ticket was run */
	_Atomic unsigned present, ran;
	_Atomic bool stop;
	unsigned polls, threads;
};

static struct job job;

static const struct pool_place place = {.gate = &job.gate,
    .dispatcher = &job.dispatcher,
    .tslots = job.tslots,
    .max = THREADS,
    .bell = &job.bell,
    .idle = &job.idle};

static bool
count_ticket(void *arg, unsigned thread, uint32_t ticket)
{
	struct job *j = arg;

	MUST(thread < THREADS && ticket < LONGEST);
	atomic_fetch_add(&j->times[ticket], 1);
	atomic_fetch_add(&j->ran, 1);
	return !atomic_load(&j->stop);
}

/* Come back only when all threads are in a ticket at once. */
static bool
meet(void *arg, unsigned thread, uint32_t ticket)
{
	struct job *j = arg;

	(void)thread, (void)ticket;
	atomic_fetch_add(&j->present, 1);
	UNTIL(atomic_load(&j->present) >= THREADS);
	return true;
}

static bool
ring_and_count(void *arg, unsigned thread, uint32_t ticket)
{
	eventcount_all(&job.bell); /* as a command would */
	return count_ticket(arg, thread, ticket);
}

static bool
stop_at_100(void *arg, unsigned thread, uint32_t ticket)
{
	struct job *j = arg;

	count_ticket(arg, thread, ticket);
	if (atomic_load(&j->ran) < 100)
		return true;
	atomic_store(&j->stop, true);
	eventcount_all(&j->bell);
	return false;
}

static const char *
name(void *arg, unsigned thread, char buf[16])
{
	(void)arg;
	snprintf(buf, 16, "test-%u", thread);
	return buf;
}

static void
start(bool (*run)(void *, unsigned, uint32_t), unsigned threads)
{
	static struct pool_ops ops;

	ops = (struct pool_ops){.run = run, .name = name};
	for (unsigned i = 0; i < THREADS; i++)
		job.tslots[i].control = &job.control;
	job.pool = pool_new(&ops, &job, &place);
	ck_assert_ptr_nonnull(job.pool);
	ck_assert_uint_eq(pool_resize(job.pool, threads), threads);
	pool_ready(job.pool);
	for (unsigned i = 0; i < threads; i++)
		ck_assert_int_ne(atomic_load(&job.tslots[i].tid), 0);
}

static bool
go_on(void *arg)
{
	struct job *j = arg;

	j->polls++;
	return !atomic_load(&j->stop);
}

/* Another number of threads at every look. */
static bool
resize(void *arg)
{
	struct job *j = arg;
	unsigned n = 1 + (unsigned)rand() % THREADS;

	pool_left(j->pool);
	unsigned have = pool_resize(j->pool, n);
	MUST(have >= 1 && have <= n);
	return true;
}

static void
check_range(uint32_t n)
{
	for (uint32_t i = 0; i < LONGEST; i++)
		ck_assert_uint_eq(
		    atomic_exchange(&job.times[i], 0), i < n ? 1 : 0);
}

static void
run_ranges(unsigned ranges, bool (*poll)(void *))
{
	for (unsigned i = 0; i < ranges; i++) {
		uint32_t n = (uint32_t)(rand() % (LONGEST + 1));

		ck_assert(pool_run(job.pool, n, poll));
		check_range(n);
	}
}

START_TEST(each_ticket_is_run_once)
{
	srand(1);
	start(count_ticket, THREADS);
	run_ranges(RANGES, go_on);
	pool_stop(job.pool);
}
END_TEST

/* More ranges than their number has values. */
START_TEST(numbers_of_ranges_wrap)
{
	start(count_ticket, 2);
	for (unsigned i = 0; i < (1 << 16) + 100; i++) {
		ck_assert(pool_run(job.pool, 1, go_on));
		ck_assert_uint_eq(atomic_exchange(&job.times[0], 0), 1);
	}
	pool_stop(job.pool);
}
END_TEST

START_TEST(resized_while_it_runs)
{
	srand(2);
	start(ring_and_count, THREADS);
	run_ranges(RANGES / 10, resize);
	pool_stop(job.pool);
}
END_TEST

START_TEST(those_let_go_leave_and_come_back)
{
	start(count_ticket, THREADS);
	for (int i = 0; i < 20; i++) {
		ck_assert_uint_eq(pool_resize(job.pool, 1), 1);
		for (unsigned t = 1; t < THREADS; t++)
			UNTIL(
			    atomic_load(&job.tslots[t].state) == STATE_EXITED);
		UNTIL(pool_left(job.pool));
		run_ranges(3, go_on);
		UNTIL(pool_resize(job.pool, THREADS) == THREADS &&
		    !pool_left(job.pool));
		for (unsigned t = 0; t < THREADS; t++)
			UNTIL(atomic_load(&job.tslots[t].state) ==
				STATE_WAIT_TASK ||
			    (pool_resize(job.pool, THREADS), false));
	}
	ck_assert_uint_eq(pool_resize(job.pool, THREADS + 5), THREADS);
	pool_stop(job.pool);
}
END_TEST

START_TEST(a_stop_in_the_middle)
{
	start(stop_at_100, THREADS);
	ck_assert(!pool_run(job.pool, LONGEST, go_on));
	unsigned ran = atomic_load(&job.ran);
	ck_assert_uint_ge(ran, 100);
	ck_assert_uint_lt(ran, 100 + THREADS);
	for (unsigned i = 0; i < LONGEST; i++)
		ck_assert_uint_eq(atomic_load(&job.times[i]), i < ran);
	pool_stop(job.pool);
	ck_assert_uint_eq(atomic_load(&job.ran), ran);
}
END_TEST

START_TEST(a_poll_stops_what_no_ticket_stops)
{
	start(count_ticket, 2);
	atomic_store(&job.stop, true);
	/* The threads leave after a ticket each; the rest is taken away. */
	ck_assert(!pool_run(job.pool, LONGEST, go_on));
	ck_assert_uint_le(atomic_load(&job.ran), 2);
	pool_stop(job.pool);
}
END_TEST

START_TEST(a_range_of_which_a_ticket_was_given_up_is_not_done)
{
	start(count_ticket, 2);
	atomic_store(&job.stop, true);
	/* Both tickets are claimed, and nobody polls: still it is not done. */
	ck_assert(!pool_run(job.pool, 2, go_on));
	pool_stop(job.pool);
}
END_TEST

/* Also if the ranges before were quick, so that few threads are awake. */
START_TEST(all_get_to_work_when_tasks_block)
{
	static struct pool_ops ops;

	start(count_ticket, THREADS);
	run_ranges(200, go_on);
	pool_stop(job.pool);
	ops = (struct pool_ops){.run = meet, .name = name};
	job.pool = pool_new(&ops, &job, &place);
	pool_resize(job.pool, THREADS);
	for (int i = 0; i < 20; i++) {
		atomic_store(&job.present, 0);
		ck_assert(pool_run(job.pool, THREADS, go_on));
		ck_assert_uint_eq(atomic_load(&job.present), THREADS);
		atomic_store(&job.present, THREADS); /* then quick ones */
		for (int k = 0; k < 50; k++)
			ck_assert(pool_run(job.pool, 3, go_on));
	}
	pool_stop(job.pool);
}
END_TEST

START_TEST(an_empty_range_is_done)
{
	start(count_ticket, 1);
	ck_assert(pool_run(job.pool, 0, go_on));
	ck_assert_uint_eq(atomic_load(&job.ran), 0);
	pool_stop(job.pool);
}
END_TEST

START_TEST(a_pool_may_be_stopped_at_once)
{
	for (int i = 0; i < 100; i++) {
		start(count_ticket, THREADS);
		pool_stop(job.pool);
	}
}
END_TEST

static _Atomic int32_t stopper; /* tid */
static _Atomic bool stopped;

static void *
stop_pool(void *unused)
{
	(void)unused;
	atomic_store(&stopper, gettid());
	pool_stop(job.pool);
	atomic_store(&stopped, true);
	return NULL;
}

static bool
sleeps(int32_t tid)
{
	char path[64], state = 0;

	snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)tid);
	FILE *in = fopen(path, "re");
	if (in == NULL)
		return false;
	int n = fscanf(in, "%*d %*s %c", &state);
	fclose(in);
	return n == 1 && state == 'S';
}

static const char *
late_name(void *arg, unsigned thread, char buf[16])
{
	UNTIL(atomic_load(&job.stop));
	return name(arg, thread, buf);
}

/* Nobody is let go before all stand, as the supervisor has it. */
static bool
stopped_step_by_step(void)
{
	struct thread_slot *d = &job.dispatcher, *r = &job.tslots[0];
	bool left = atomic_load(&r->state) == STATE_EXITED;

	if (atomic_load(&d->stand) != STAND_HERE)
		return atomic_load(&stopped);
	if (!left)
		(void)gate_grant(r);
	else if (atomic_load(&d->blocked) != 0)
		gate_nudge(d);
	else
		gate_grant(d);
	return atomic_load(&stopped);
}

START_TEST(gates_may_close_while_a_pool_is_stopped)
{
	struct pool_ops ops = {.run = count_ticket, .name = late_name};
	pthread_t thread;

	job.tslots[0].control = &job.control;
	job.pool = pool_new(&ops, &job, &place);
	ck_assert_uint_eq(pool_resize(job.pool, 1), 1);
	ck_assert_int_eq(pthread_create(&thread, NULL, stop_pool, NULL), 0);
	UNTIL(atomic_load(&stopper) != 0 && sleeps(atomic_load(&stopper)));
	gate_set_stepped(&job.gate, job.tslots, 1, true);
	eventcount_all(&job.bell);
	atomic_store(&job.stop, true);
	UNTIL(stopped_step_by_step());
	pthread_join(thread, NULL);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("pool");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, each_ticket_is_run_once);
	tcase_add_test(t, numbers_of_ranges_wrap);
	tcase_add_test(t, resized_while_it_runs);
	tcase_add_test(t, those_let_go_leave_and_come_back);
	tcase_add_test(t, a_stop_in_the_middle);
	tcase_add_test(t, a_poll_stops_what_no_ticket_stops);
	tcase_add_test(t, a_range_of_which_a_ticket_was_given_up_is_not_done);
	tcase_add_test(t, all_get_to_work_when_tasks_block);
	tcase_add_test(t, an_empty_range_is_done);
	tcase_add_test(t, a_pool_may_be_stopped_at_once);
	tcase_add_test(t, gates_may_close_while_a_pool_is_stopped);
	return suite_run("pool", cases);
}
