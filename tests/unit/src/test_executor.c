/*
 * test_executor: tasks, results, maps and shutdowns, of all four kinds.
 *
 * After what CPython's tests of concurrent.futures check; see the end of
 * executor.h.
 */
#include "suite.h"
#include "tasks.h"

#define LARGE (1U << 20)
#define MANY  100000

static int
submit_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct future *f = submit_square(e, 16);
	int64_t n = 0;
	size_t size;

	(void)p;
	EXPECT(future_result(f, FOREVER, &n, sizeof n) == sizeof n);
	EXPECT(n == 256 && future_done(f));
	EXPECT(future_state(f) == FUTURE_DONE);
	EXPECT(strcmp(future_error(f), "") == 0);
	EXPECT(*(const int64_t *)future_value(f, &size) == 256);
	EXPECT(size == sizeof n);
	future_free(f);
	executor_free(e);
	return 0;
}
EVERY_KIND(submit)

static int
errors_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct future *f = executor_submit(e, task_fail, NULL, 0);
	struct latch *open = latch_new();
	struct future *plain;

	(void)p;
	atomic_store(&open->open, 1);
	plain = submit_latch(e, task_wait_fail, open);
	EXPECT(future_result(f, FOREVER, NULL, 0) == -EIO);
	EXPECT(future_state(f) == FUTURE_FAILED);
	EXPECT(strcmp(future_error(f), "no such luck") == 0);
	EXPECT(future_value(f, NULL) == NULL);
	EXPECT(future_result(plain, FOREVER, NULL, 0) == -EIO);
	EXPECT(strcmp(future_error(plain), strerrordesc_np(EIO)) == 0);
	future_free(f);
	future_free(plain);
	/* The sentence is not that of a future whose record is used again. */
	for (unsigned i = 0; i < 200; i++) {
		plain = submit_latch(e, task_wait_fail, open);
		EXPECT(future_result(plain, FOREVER, NULL, 0) == -EIO);
		EXPECT(strcmp(future_error(plain), strerrordesc_np(EIO)) == 0);
		future_free(plain);
	}
	executor_free(e);
	return 0;
}
EVERY_KIND(errors)

/* Empty, in the record, just not so, large; the last result counts. */
static int
sizes_body(const struct params *p)
{
	static const size_t sizes[] = {0, 1, 64, 65, LARGE};
	struct executor *e = tasks_new();
	char *in = malloc(LARGE), *out = malloc(LARGE);

	(void)p;
	for (size_t i = 0; i < LARGE; i++)
		in[i] = (char)(i * 7 + i / 251);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		long size = (long)sizes[i];
		struct future *f = executor_submit(e, task_echo, in, sizes[i]);

		EXPECT(f != NULL);
		memset(out, 0, LARGE);
		EXPECT(future_result(f, FOREVER, out, LARGE) == size);
		EXPECT(memcmp(in, out, sizes[i]) == 0);
		out[0] = 'x';
		EXPECT(future_result(f, 0, out, 0) == size);
		EXPECT(out[0] == 'x');
		future_free(f);
	}
	free(in);
	free(out);
	executor_free(e);
	return 0;
}
EVERY_KIND(sizes)

static int
reserve_twice(struct call *c)
{
	char *first = call_reserve(c, 1000), *last;

	memset(first, 'a', 1000);
	last = call_reserve(c, 100);
	memset(last, 'b', 100);
	return 0;
}

static int
last_counts_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct future *f = executor_submit(e, reserve_twice, NULL, 0);
	char out[1000] = "";

	(void)p;
	EXPECT(future_result(f, FOREVER, out, sizeof out) == 100);
	EXPECT(out[0] == 'b' && out[99] == 'b' && out[100] == '\0');
	future_free(f);
	executor_free(e);
	return 0;
}
EVERY_KIND(last_counts)

static int
many_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct future **futures = malloc(MANY * sizeof(*futures));
	int64_t n, sum = 0;

	(void)p;
	for (int64_t i = 0; i < MANY; i++)
		futures[i] = submit_square(e, i);
	EXPECT(future_wait(futures, MANY, WAIT_ALL, FOREVER) == MANY);
	for (int64_t i = 0; i < MANY; i++) {
		EXPECT(future_result(futures[i], 0, &n, sizeof n) > 0);
		EXPECT(n == i * i);
		sum += n;
		future_free(futures[i]);
	}
	EXPECT(sum == 333328333350000);
	free(futures);
	executor_free(e);
	return 0;
}
EVERY_KIND(many)

/* ---- who runs it ---- */

static int
submit_another(struct call *c)
{
	struct executor *e;
	struct future *f;
	int64_t n = 0;

	memcpy(&e, call_arg(c), sizeof(e));
	f = submit_square(e, 5);
	if (future_result(f, FOREVER, &n, sizeof n) < 0)
		return EIO;
	future_free(f);
	return call_return(c, &n, sizeof n);
}

/* A task may submit a task, and wait for it, where there is a thread left. */
static int
nested_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct future *f;
	int64_t n = 0;

	(void)p;
	for (int i = 0; i < 100; i++) {
		f = executor_submit(e, submit_another, &e, sizeof(e));
		EXPECT(future_result(f, FOREVER, &n, sizeof n) > 0);
		EXPECT(n == 25);
		future_free(f);
	}
	executor_free(e);
	return 0;
}
EVERY_KIND(nested)

static int
wait_for_other(struct call *c)
{
	struct future *other;

	memcpy(&other, call_arg(c), sizeof(other));
	return future_result(other, 10 * NSEC_PER_MSEC, NULL, 0) == -ETIMEDOUT
	    ? 0
	    : EIO;
}

/* All threads wait for what none is left to do: time limits and cancel work. */
static int
all_wait_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *l = latch_new();
	struct future *block = submit_latch(e, task_wait, l), *wait, *last;

	(void)p;
	UNTIL(atomic_load(&l->inside) == 1);
	wait = executor_submit(e, wait_for_other, &block, sizeof(block));
	last = submit_square(e, 3);
	EXPECT(future_result(wait, FOREVER, NULL, 0) == 0);
	EXPECT(future_result(last, FOREVER, NULL, 0) == sizeof(int64_t));
	EXPECT(future_result(block, 0, NULL, 0) == -ETIMEDOUT);
	atomic_store(&l->open, 1);
	future_free(block);
	future_free(wait);
	future_free(last);
	executor_free(e);
	return 0;
}
EVERY_KIND(all_wait)

/* As many as there are threads run at once. */
static int
together_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *l = latch_new();
	struct future *f[WORKERS];

	(void)p;
	for (int i = 0; i < WORKERS; i++)
		f[i] = submit_latch(e, task_wait, l);
	UNTIL(atomic_load(&l->inside) == WORKERS);
	atomic_store(&l->open, 1);
	for (int i = 0; i < WORKERS; i++)
		future_free(f[i]);
	executor_free(e);
	return 0;
}
EVERY_KIND(together)

/* After many that were quick, too, when few threads are kept awake. */
static int
together_after_quick_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct future *f[WORKERS], *quick[1000];
	struct latch *l;

	(void)p;
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 1000; i++)
			quick[i] = executor_submit(e, task_nothing, NULL, 0);
		l = latch_new();
		for (int i = 0; i < WORKERS; i++)
			f[i] = submit_latch(e, task_wait, l);
		UNTIL(atomic_load(&l->inside) == WORKERS);
		atomic_store(&l->open, 1);
		for (int i = 0; i < 1000; i++)
			future_free(quick[i]);
		for (int i = 0; i < WORKERS; i++)
			future_free(f[i]);
	}
	executor_free(e);
	return 0;
}
EVERY_KIND(together_after_quick)

/* ---- map ---- */

static int64_t *
numbers(size_t n)
{
	int64_t *in = malloc((n + 1) * sizeof *in);

	for (size_t i = 0; i < n; i++)
		in[i] = (int64_t)i;
	return in;
}

static int
map_body(const struct params *p)
{
	static const size_t chunks[] = {0, 1, 3, 6, 40, 50, 100000};
	static const size_t ns[] = {0, 1, 10, 40, 1000};
	struct executor *e = tasks_new();

	(void)p;
	for (size_t k = 0; k < sizeof chunks / sizeof *chunks; k++)
		for (size_t m = 0; m < sizeof ns / sizeof *ns; m++) {
			int64_t *in = numbers(ns[m]), *out = numbers(ns[m]);

			EXPECT(executor_map(e, task_square, in, 8, out, 8,
				   ns[m], chunks[k], FOREVER) == 0);
			for (size_t i = 0; i < ns[m]; i++)
				EXPECT(out[i] == (int64_t)(i * i));
			free(in);
			free(out);
		}
	executor_free(e);
	return 0;
}
EVERY_KIND(map)

static int
index_or_fail(struct call *c)
{
	int64_t n;
	uint64_t index = call_index(c);

	memcpy(&n, call_arg(c), sizeof n);
	if (n < 0)
		return (int)-n;
	return call_return(c, &index, sizeof index);
}

/* The first by order, whichever was first in time; those before are good. */
static int
map_failure_body(const struct params *p)
{
	struct executor *e = tasks_new();
	int64_t *in = numbers(100), *out = numbers(100);

	(void)p;
	in[40] = -EDOM;
	in[70] = -ERANGE;
	for (size_t chunk = 0; chunk < 8; chunk++) {
		memset(out, 0xff, 100 * sizeof *out);
		EXPECT(executor_map(e, index_or_fail, in, 8, out, 8, 100, chunk,
			   FOREVER) == -EDOM);
		for (int64_t i = 0; i < 40; i++)
			EXPECT(out[i] == i);
	}
	EXPECT(executor_map(e, task_nothing, in, 8, out, 8, 5, 0, FOREVER) ==
	    -EMSGSIZE);
	EXPECT(executor_map(e, task_nothing, NULL, 0, NULL, 0, 5, 0, FOREVER) ==
	    0);
	free(in);
	free(out);
	executor_free(e);
	return 0;
}
EVERY_KIND(map_failure)

/* One input holds a worker: those not begun are cancelled, the others end. */
static int
map_timeout_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *l = latch_new(), *in[50];
	struct frame_executor frame;

	(void)p;
	for (int i = 0; i < 50; i++)
		in[i] = l;
	EXPECT(executor_map(e, task_wait, in, sizeof *in, NULL, 0, 50, 1,
		   20 * NSEC_PER_MSEC) == -ETIMEDOUT);
	EXPECT(atomic_load(&l->inside) <= WORKERS);
	executor_frame(e, &frame);
	EXPECT(frame.cancelled >= 50 - WORKERS);
	atomic_store(&l->open, 1);
	executor_free(e);
	return 0;
}
EVERY_KIND(map_timeout)

/* ---- shutdown ---- */

static int
after_shutdown_body(const struct params *p)
{
	struct executor *e = tasks_new();
	int64_t n = 1;

	(void)p;
	executor_shutdown(e, SHUTDOWN_WAIT);
	errno = 0;
	EXPECT(executor_submit(e, task_nothing, NULL, 0) == NULL);
	EXPECT(errno == EPIPE);
	EXPECT(executor_map(e, task_square, &n, 8, &n, 8, 1, 0, FOREVER) ==
	    -EPIPE);
	executor_shutdown(e, SHUTDOWN_NOWAIT);
	executor_shutdown(e, SHUTDOWN_WAIT | SHUTDOWN_CANCEL);
	executor_free(e);
	return 0;
}
EVERY_KIND(after_shutdown)

/* All that was submitted is done, whether the shutdown waits or not. */
static int
shutdown_does_all_body(const struct params *p)
{
	struct latch *l = latch_new();

	(void)p;
	for (unsigned how = SHUTDOWN_NOWAIT; how <= SHUTDOWN_WAIT; how++) {
		struct executor *e = tasks_new();
		struct future *f[50];

		for (int i = 0; i < 50; i++)
			f[i] = submit_latch(e, task_count, l);
		executor_shutdown(e, how);
		for (int i = 0; i < 50; i++) {
			EXPECT(how == SHUTDOWN_NOWAIT || future_done(f[i]));
			EXPECT(future_result(f[i], FOREVER, NULL, 0) == 0);
			future_free(f[i]);
		}
		executor_free(e);
	}
	EXPECT(atomic_load(&l->times) == 100);
	return 0;
}
EVERY_KIND(shutdown_does_all)

static int
shutdown_cancel_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *l = latch_new();
	struct future *f[50];
	int cancelled = 0;

	(void)p;
	for (int i = 0; i < 50; i++)
		f[i] = submit_latch(e, task_wait, l);
	UNTIL(atomic_load(&l->inside) == WORKERS);
	executor_shutdown(e, SHUTDOWN_CANCEL);
	atomic_store(&l->open, 1);
	executor_shutdown(e, SHUTDOWN_WAIT);
	for (int i = 0; i < 50; i++) {
		EXPECT(future_done(f[i]));
		cancelled += future_state(f[i]) == FUTURE_CANCELLED;
		future_free(f[i]);
	}
	EXPECT(cancelled == 50 - WORKERS);
	executor_free(e);
	return 0;
}
EVERY_KIND(shutdown_cancel)

/* The last task cancelled, and none left, just before a shutdown. */
static int
shutdown_races_body(const struct params *p)
{
	(void)p;
	for (int round = 0; round < 20; round++) {
		struct executor *e = tasks_new();
		struct future *f = submit_square(e, 1), *g;

		future_result(f, FOREVER, NULL, 0);
		g = submit_square(e, 2);
		future_cancel(g);
		executor_shutdown(e, SHUTDOWN_WAIT);
		EXPECT(future_done(g));
		future_free(f);
		future_free(g);
		executor_free(e);
	}
	return 0;
}
EVERY_KIND(shutdown_races)

/* ---- making one ---- */

static int
refused_body(const struct params *p)
{
	struct executor_options o = {.processes = 100000};

	(void)p;
	errno = 0;
	EXPECT(executor_new(tasks_kind, &o) == NULL && errno == EINVAL);
	o = (struct executor_options){.threads = 100000};
	errno = 0;
	EXPECT(executor_new(tasks_kind, &o) == NULL && errno == EINVAL);
	errno = 0;
	EXPECT(executor_new(EXECUTOR_KINDS, NULL) == NULL && errno == EINVAL);
	return 0;
}
EVERY_KIND(refused)

/* More than there is place for: it works with those that there are. */
static int
fewer_body(const struct params *p)
{
	struct executor_options o = {.processes = 64, .threads = 64};
	struct executor *e = executor_new(tasks_kind, &o);
	struct future *f;

	(void)p;
	EXPECT(e != NULL);
	f = submit_square(e, 3);
	EXPECT(future_result(f, FOREVER, NULL, 0) == 8);
	future_free(f);
	executor_free(e);
	return 0;
}
EVERY_KIND(fewer)

static int
usage_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct usage u;
	struct future *f = submit_square(e, 3);

	(void)p;
	future_free(f);
	executor_shutdown(e, SHUTDOWN_WAIT);
	executor_usage(e, &u);
	EXPECT(u.cpu > 0 && u.cpu < 3600 * NSEC_PER_SEC);
	executor_free(e);
	return 0;
}
EVERY_KIND(usage)

int
main(void)
{
	TCase *tasks = tcase_create("tasks");
	TCase *map_case = tcase_create("map");
	TCase *end = tcase_create("shutdown");

	ADD_ALL(tasks, submit);
	ADD_ALL(tasks, errors);
	ADD_ALL(tasks, sizes);
	ADD_ALL(tasks, last_counts);
	ADD_ALL(tasks, many);
	tcase_add_loop_test(tasks, nested, 0, EXECUTOR_PROCESSES);
	tcase_add_loop_test(tasks, all_wait, 1, EXECUTOR_PROCESSES);
	ADD_WORKERS(tasks, together);
	ADD_WORKERS(tasks, together_after_quick);
	ADD_ALL(tasks, refused);
	ADD_WORKERS(tasks, fewer);
	ADD_WORKERS(tasks, usage);
	ADD_ALL(map_case, map);
	ADD_ALL(map_case, map_failure);
	ADD_WORKERS(map_case, map_timeout);
	ADD_ALL(end, after_shutdown);
	ADD_ALL(end, shutdown_does_all);
	ADD_WORKERS(end, shutdown_cancel);
	ADD_ALL(end, shutdown_races);
	return suite_run(
	    "executor", (TCase *const[]){tasks, map_case, end, NULL});
}
