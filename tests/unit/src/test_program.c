/* program: threads, processes, the sum, and what a run makes of them. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "crowd.h"
#include "harness.h"
#include "lockstep/program.h"
#include "lockstep/queue.h"
#include "lockstep/util.h"
#include "memory/heap.h"
#include "program/self.h"
#include "run/registry.h"
#include "suite.h"

static int
answer(void *arg)
{
	return *(int *)arg;
}

static int
joins_threads(const struct params *p)
{
	int numbers[5] = {1, 2, 3, 4, 5}, result;
	struct thread *t[5];

	(void)p;
	for (int i = 0; i < 5; i++)
		EXPECT((t[i] = thread_start("t", answer, &numbers[i])) != NULL);
	for (int i = 0; i < 5; i++) {
		EXPECT(thread_join(t[i], FOREVER, &result) == 0);
		EXPECT(result == i + 1);
	}
	return 0;
}

START_TEST(a_thread_is_joined_with_its_result)
{
	ck_assert_int_eq(program_run(joins_threads, 1, 5), 0);
}
END_TEST

static _Atomic int go;

static int
waits_for_go(void *arg)
{
	(void)arg;
	while (atomic_load(&go) == 0)
		self_sleep(NSEC_PER_MSEC);
	return 7;
}

static int
joins_the_other(void *other)
{
	return thread_join(other, FOREVER - 1, NULL);
}

static int
sleeps_a_little(const void *arg, size_t size)
{
	(void)arg;
	(void)size;
	self_sleep(20 * NSEC_PER_MSEC);
	return 0;
}

static int
join_times_out(const struct params *p)
{
	struct thread *t = thread_start("t", waits_for_go, NULL);
	int result;

	(void)p;
	EXPECT(t != NULL);
	EXPECT(thread_join(t, 0, &result) == -ETIMEDOUT);
	EXPECT(thread_join(t, NSEC_PER_MSEC, &result) == -ETIMEDOUT);
	EXPECT(thread_alive(t));
	atomic_store(&go, 1);
	EXPECT(thread_join(t, FOREVER, &result) == 0 && result == 7);
	return 0;
}

static int
joins_for_almost_ever(const struct params *p)
{
	struct thread *t = thread_start("t", waits_for_go, NULL);
	struct thread *joiner = thread_start("j", joins_the_other, t);
	int status, result;

	(void)p;
	EXPECT(t != NULL && joiner != NULL);
	struct child *c = process_start("p", sleeps_a_little, NULL, 0);
	EXPECT(c != NULL);
	EXPECT(process_join(c, FOREVER - 1, &status) == 0 && status == 0);
	EXPECT(thread_join(joiner, 10 * NSEC_PER_MSEC, NULL) == -ETIMEDOUT);
	atomic_store(&go, 1);
	EXPECT(thread_join(joiner, FOREVER, &result) == 0 && result == 0);
	return 0;
}

START_TEST(a_join_may_wait_for_almost_ever)
{
	ck_assert_int_eq(program_run(joins_for_almost_ever, 1, 2), 0);
}
END_TEST

START_TEST(a_join_of_a_thread_may_time_out)
{
	ck_assert_int_eq(program_run(join_times_out, 1, 2), 0);
}
END_TEST

static int
places_run_out(const struct params *p)
{
	struct thread *t[200];
	unsigned n = 0;

	(void)p;
	while (
	    n < 200 && (t[n] = thread_start("t", waits_for_go, NULL)) != NULL)
		n++;
	EXPECT(n >= 2 && n < 200 && errno == EAGAIN);
	atomic_store(&go, 1);
	for (unsigned i = 0; i < n; i++)
		EXPECT(thread_join(t[i], FOREVER, NULL) == 0);
	EXPECT((t[0] = thread_start("t", waits_for_go, NULL)) != NULL);
	EXPECT(thread_join(t[0], FOREVER, NULL) == 0);
	return 0;
}

START_TEST(threads_without_a_place_are_refused)
{
	ck_assert_int_eq(program_run(places_run_out, 1, 2), 0);
}
END_TEST

static int
length(const void *arg, size_t size)
{
	EXPECT(size == 0 || ((const char *)arg)[size - 1] == 'x');
	return (int)size;
}

static int
joins_processes(const struct params *p)
{
	const char *text = "xxxxx";
	struct child *c[4];
	int status;

	(void)p;
	for (size_t i = 0; i < 4; i++)
		EXPECT((c[i] = process_start("p", length, text, i)) != NULL);
	for (int i = 0; i < 4; i++) {
		EXPECT(process_pid(c[i]) > 0);
		EXPECT(process_join(c[i], FOREVER, &status) == 0);
		EXPECT(status == i);
	}
	return 0;
}

START_TEST(a_process_gets_bytes_and_gives_a_status)
{
	ck_assert_int_eq(program_run(joins_processes, 4, 1), 0);
}
END_TEST

static int
sleeps(const void *arg, size_t size)
{
	(void)arg;
	(void)size;
	self_sleep(3600 * NSEC_PER_SEC);
	return 0;
}

static int
kills_a_process(const struct params *p)
{
	struct child *c = process_start("p", sleeps, NULL, 0);
	int status;

	(void)p;
	EXPECT(c != NULL && process_alive(c));
	EXPECT(process_join(c, 0, &status) == -ETIMEDOUT);
	EXPECT(process_join(c, NSEC_PER_MSEC, &status) == -ETIMEDOUT);
	EXPECT(process_kill(c) == 0);
	EXPECT(process_join(c, FOREVER, &status) == 0);
	EXPECT(status == -SIGKILL);
	return 0;
}

START_TEST(a_killed_process_is_joined_with_its_signal)
{
	ck_assert_int_eq(program_run(kills_a_process, 1, 1), 0);
}
END_TEST

/* Each has its own memory: only what the supervisor shares is seen. */
static int global = 1;

static int
looks_at_global(const void *arg, size_t size)
{
	_Atomic int *const *shared = arg;

	EXPECT(size == sizeof *shared);
	atomic_store(*shared, 5);
	return global;
}

static int
memory_is_private(const struct params *p)
{
	_Atomic int *shared = heap_take(registry->heap, sizeof *shared);
	int status;

	(void)p;
	global = 2;
	struct child *c =
	    process_start("p", looks_at_global, &shared, sizeof shared);
	EXPECT(c != NULL && process_join(c, FOREVER, &status) == 0);
	EXPECT(status == 1);
	EXPECT(atomic_load(shared) == 5);
	return 0;
}

START_TEST(a_process_sees_shared_memory_and_no_other)
{
	ck_assert_int_eq(program_run(memory_is_private, 1, 1), 0);
}
END_TEST

static int
starts_another(const void *arg, size_t size)
{
	int status = -1, depth = *(const int *)arg - 1;

	if (depth < 0)
		return 0;
	struct child *c = process_start("p", starts_another, &depth, size);
	EXPECT(c != NULL && process_join(c, FOREVER, &status) == 0);
	return status + 1;
}

static int
nests(const struct params *p)
{
	int depth = 3, status;
	struct child *c =
	    process_start("p", starts_another, &depth, sizeof depth);

	(void)p;
	EXPECT(c != NULL && process_join(c, FOREVER, &status) == 0);
	return status == 3 ? 0 : 1;
}

START_TEST(a_process_may_start_processes)
{
	ck_assert_int_eq(program_run(nests, 1, 1), 0);
}
END_TEST

static int
starts_many(const struct params *p)
{
	int status;

	(void)p;
	for (int i = 0; i < 200; i++) {
		struct child *c = process_start("p", length, "x", 1);
		EXPECT(c != NULL);
		EXPECT(process_join(c, FOREVER, &status) == 0 && status == 1);
	}
	return 0;
}

START_TEST(slots_of_the_dead_are_used_again)
{
	ck_assert_int_eq(program_run(starts_many, 1, 1), 0);
}
END_TEST

static int
adds(void *arg)
{
	(void)arg;
	self_add(3, 1000);
	return 0;
}

static int
adds_up(const struct params *p)
{
	struct thread *t[3];

	(void)p;
	for (int i = 0; i < 3; i++)
		EXPECT((t[i] = thread_start("t", adds, NULL)) != NULL);
	for (int i = 0; i < 3; i++)
		EXPECT(thread_join(t[i], FOREVER, NULL) == 0);
	EXPECT(self_sum() == 9000);
	return 0;
}

START_TEST(threads_add_to_one_sum)
{
	ck_assert_int_eq(program_run(adds_up, 1, 3), 0);
}
END_TEST

static int
writes_much(const void *arg, size_t size)
{
	static char block[200000];

	(void)arg;
	(void)size;
	memset(block, 'y', sizeof block);
	return pipe_write(0, block, sizeof block) == sizeof block ? 0 : 1;
}

static int
reads_pipe(const struct params *p)
{
	struct child *c = process_start("p", writes_much, NULL, 0);
	static char buf[65536];
	long have = 0, got;
	int status;

	(void)p;
	EXPECT(c != NULL);
	while (have < 200000) {
		EXPECT((got = pipe_read(0, buf, sizeof buf)) > 0);
		EXPECT(buf[got - 1] == 'y');
		have += got;
	}
	EXPECT(process_join(c, FOREVER, &status) == 0 && status == 0);
	EXPECT(pipe_write(1, buf, 1) == -EBADF);
	return 0;
}

START_TEST(a_pipe_takes_more_than_it_holds)
{
	ck_assert_int_eq(program_run(reads_pipe, 1, 1), 0);
}
END_TEST

static int
fails(const struct params *p)
{
	(void)p;
	return 3;
}

static int
kills_itself(const struct params *p)
{
	EXPECT(process_start("p", sleeps, NULL, 0) != NULL);
	(void)p;
	raise(SIGKILL);
	return 0;
}

START_TEST(a_main_that_fails_or_is_killed_fails_the_run)
{
	ck_assert_int_eq(program_run(fails, 1, 1), 1);
	ck_assert_int_eq(program_run(kills_itself, 1, 1), 1);
}
END_TEST

static int
forgets_a_process(const struct params *p)
{
	(void)p;
	EXPECT(process_start("p", length, "x", 1) != NULL);
	return 0;
}

static int
sets_a_measure(const struct params *p)
{
	struct frame_measure m = {.index = 1};

	(void)p;
	measure_set(&m);
	EXPECT(atomic_load(&registry->measures[1].set) == 2);
	/* One was killed in the middle of it. */
	atomic_store(&registry->measures[1].set, 3);
	measure_set(&m);
	EXPECT(atomic_load(&registry->measures[1].set) % 2 == 0);
	EXPECT(atomic_load(&registry->measures[1].set) > 3);
	return 0;
}

START_TEST(a_measure_cut_short_is_set_anew)
{
	ck_assert_int_eq(program_run(sets_a_measure, 1, 1), 0);
}
END_TEST

START_TEST(a_process_never_joined_is_waited_for)
{
	ck_assert_int_eq(program_run(forgets_a_process, 1, 1), 0);
}
END_TEST

/* Shared by all processes of it. */
struct orphanage {
	bool late; /* who is left behind ends after who left it */
	_Atomic bool open;
};

static int
is_left_behind(const void *arg, size_t size)
{
	struct orphanage *const *o = arg;

	EXPECT(size == sizeof *o);
	UNTIL(!(*o)->late || atomic_load(&(*o)->open));
	return 0;
}

static int
leaves_one_behind(const void *arg, size_t size)
{
	struct orphanage *const *o = arg;
	struct child *c = process_start("q", is_left_behind, arg, size);

	EXPECT(c != NULL);
	UNTIL((*o)->late || !process_alive(c));
	raise(SIGKILL);
	return 0;
}

static bool
all_rows_are_free(void)
{
	for (unsigned i = 0; i < REGISTRY_CHILDREN; i++)
		if (atomic_load(&registry->children[i].state) != CHILD_FREE)
			return false;
	return true;
}

/* Its row is free in the end, whoever of the two ends first. */
static int
orphans_are_forgotten(const struct params *p)
{
	struct orphanage *o = heap_take(registry->heap, sizeof *o);
	int status;

	(void)p;
	EXPECT(o != NULL);
	for (int i = 0; i < 8; i++) {
		*o = (struct orphanage){.late = i % 2 != 0};

		struct child *c =
		    process_start("p", leaves_one_behind, &o, sizeof(o));
		EXPECT(c != NULL);
		EXPECT(process_join(c, FOREVER, &status) == 0);
		EXPECT(status == -SIGKILL);
		atomic_store(&o->open, true);
		UNTIL(all_rows_are_free());
	}
	return 0;
}

START_TEST(nobody_keeps_the_rows_of_orphans)
{
	ck_assert_int_eq(program_run(orphans_are_forgotten, 1, 1), 0);
}
END_TEST

static int
gets_in_vain(const void *arg, size_t size)
{
	struct queue *empty = *(struct queue *const *)arg;
	long item;

	EXPECT(size == sizeof empty);
	queue_get(empty, &item, sizeof item, FOREVER);
	return 0;
}

static int
leaves_a_child_that_hangs(const struct params *p)
{
	struct queue *empty = queue_new("empty", 1, sizeof(long), false);

	(void)p;
	EXPECT(process_start(
		   "p", gets_in_vain, &empty, sizeof(struct queue *)) != NULL);
	return 0;
}

/* Nor can it be ended by a command: there is no control pipe. */
START_TEST(a_hang_that_nobody_steers_ends)
{
	ck_assert_int_eq(program_run(leaves_a_child_that_hangs, 1, 1), 4);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("program");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, a_thread_is_joined_with_its_result);
	tcase_add_test(t, a_join_of_a_thread_may_time_out);
	tcase_add_test(t, a_join_may_wait_for_almost_ever);
	tcase_add_test(t, a_measure_cut_short_is_set_anew);
	tcase_add_test(t, threads_without_a_place_are_refused);
	tcase_add_test(t, a_process_gets_bytes_and_gives_a_status);
	tcase_add_test(t, a_killed_process_is_joined_with_its_signal);
	tcase_add_test(t, a_process_sees_shared_memory_and_no_other);
	tcase_add_test(t, a_process_may_start_processes);
	tcase_add_test(t, slots_of_the_dead_are_used_again);
	tcase_add_test(t, threads_add_to_one_sum);
	tcase_add_test(t, a_pipe_takes_more_than_it_holds);
	tcase_add_test(t, a_main_that_fails_or_is_killed_fails_the_run);
	tcase_add_test(t, a_process_never_joined_is_waited_for);
	tcase_add_test(t, nobody_keeps_the_rows_of_orphans);
	tcase_add_test(t, a_hang_that_nobody_steers_ends);
	return suite_run("program", cases);
}
