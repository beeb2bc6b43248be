/*
 * test_executor_death: workers that die, and what the screen is told.
 */
#include <signal.h>

#include "suite.h"
#include "supervisor/supervisor.h"
#include "tasks.h"

static int
task_exit(struct call *c)
{
	(void)c;
	_exit(7);
}

static int
task_kill(struct call *c)
{
	(void)c;
	raise(SIGKILL);
	return 0;
}

/* Dies the first time. */
static int
task_kill_once(struct call *c)
{
	struct latch *l;

	memcpy(&l, call_arg(c), sizeof(l));
	call_reserve(c, 100000);
	if (atomic_fetch_add(&l->times, 1) == 0)
		raise(SIGKILL);
	return task_echo(c);
}

static struct executor *
new_with(enum executor_death death, unsigned processes, unsigned threads)
{
	struct executor_options o = {
	    .processes = processes, .threads = threads, .death = death};
	struct executor *e = executor_new(tasks_kind, &o);

	EXPECT(e != NULL);
	return e;
}

/* The dead worker's task fails; the others', and later ones, do not. */
static int
only_its_tasks_body(const struct params *p)
{
	struct executor *e = new_with(DEATH_FAILS, 2, 1);
	struct latch *l = latch_new();
	struct future *other = submit_latch(e, task_wait, l);
	struct future *f[20], *killed;
	struct frame_executor frame;

	(void)p;
	UNTIL(atomic_load(&l->inside) == 1);
	killed = executor_submit(e, task_kill, NULL, 0);
	for (int64_t i = 0; i < 20; i++)
		f[i] = submit_square(e, i);
	EXPECT(future_result(killed, FOREVER, NULL, 0) == -EOWNERDEAD);
	EXPECT(future_state(killed) == FUTURE_FAILED);
	EXPECT(strstr(future_error(killed), "worker-") != NULL);
	for (int64_t i = 0; i < 20; i++) {
		int64_t n;

		EXPECT(future_result(f[i], FOREVER, &n, sizeof n) == 8);
		EXPECT(n == i * i);
		future_free(f[i]);
	}
	EXPECT(!future_done(other));
	atomic_store(&l->open, 1);
	EXPECT(future_result(other, FOREVER, NULL, 0) == 0);
	executor_frame(e, &frame);
	EXPECT(frame.died == 1 && frame.failed == 1 && frame.retried == 0);
	EXPECT(frame.done == 22 && frame.pending == 0 && frame.running == 0);
	future_free(killed);
	future_free(other);
	executor_free(e);
	return 0;
}
EVERY_KIND(only_its_tasks)

/* A task that ends its process is a death, too. */
static int
exits_body(const struct params *p)
{
	struct executor *e = new_with(DEATH_FAILS, 1, 1);
	struct future *f = executor_submit(e, task_exit, NULL, 0);
	struct future *after = submit_square(e, 4);

	(void)p;
	EXPECT(future_result(f, FOREVER, NULL, 0) == -EOWNERDEAD);
	EXPECT(future_result(after, FOREVER, NULL, 0) == 8);
	future_free(f);
	future_free(after);
	executor_free(e);
	return 0;
}
EVERY_KIND(exits)

/* Killed from outside, in the middle of a task. */
static int
from_outside_body(const struct params *p)
{
	struct executor *e = new_with(DEATH_FAILS, 2, 2);

	(void)p;
	for (int round = 0; round < 3; round++) {
		struct latch *l = latch_new();
		struct future *f = submit_latch(e, task_wait, l);

		UNTIL(atomic_load(&l->inside) == 1);
		EXPECT(kill(atomic_load(&l->pid), SIGKILL) == 0);
		EXPECT(future_result(f, FOREVER, NULL, 0) == -EOWNERDEAD);
		future_free(f);
	}
	executor_free(e);
	return 0;
}
EVERY_KIND(from_outside)

static int
retries_body(const struct params *p)
{
	struct executor *e = new_with(DEATH_RETRIES, 2, 1);
	struct latch *l = latch_new();
	struct future *f = submit_latch(e, task_kill_once, l);
	struct future *hopeless;
	struct frame_executor frame;

	(void)p;
	EXPECT(future_result(f, FOREVER, NULL, 0) == 8);
	EXPECT(atomic_load(&l->times) == 2);
	hopeless = executor_submit(e, task_kill, NULL, 0);
	EXPECT(future_result(hopeless, FOREVER, NULL, 0) == -EOWNERDEAD);
	executor_frame(e, &frame);
	EXPECT(frame.retried == 4 && frame.died == 5 && frame.failed == 1);
	future_free(f);
	future_free(hopeless);
	executor_free(e);
	return 0;
}
EVERY_KIND(retries)

/* The input that kills fails the map, or is tried again. */
static int
in_a_map_body(const struct params *p)
{
	struct executor *e = new_with(DEATH_RETRIES, 2, 1);
	struct latch *l = latch_new(), *in[20];
	int64_t out[20];

	(void)p;
	for (int i = 0; i < 20; i++)
		in[i] = l;
	EXPECT(executor_map(e, task_kill_once, in, sizeof *in, out, 8, 20, 5,
		   FOREVER) == 0);
	EXPECT(executor_map(e, task_kill, in, sizeof *in, NULL, 0, 1, 1,
		   FOREVER) == -EOWNERDEAD);
	executor_free(e);
	return 0;
}
EVERY_KIND(in_a_map)

/* Shut down and not all done: a worker that dies is replaced even so. */
static int
after_shutdown_body(const struct params *p)
{
	struct executor *e = new_with(DEATH_RETRIES, 1, 1);
	struct latch *l = latch_new();
	struct future *f[10];

	(void)p;
	f[0] = submit_latch(e, task_kill_once, l);
	for (int i = 1; i < 10; i++)
		f[i] = submit_square(e, i);
	executor_shutdown(e, SHUTDOWN_WAIT);
	for (int i = 0; i < 10; i++) {
		EXPECT(future_result(f[i], 0, NULL, 0) == 8);
		future_free(f[i]);
	}
	executor_free(e);
	return 0;
}
EVERY_KIND(after_shutdown)

/* Every worker is given up: nobody is left waiting, now or later. */
static int
given_up_body(const struct params *p)
{
	struct executor *e = new_with(DEATH_FAILS, 2, 1);
	struct future *f[30], *late;
	int dead = 0, childless = 0;
	uint64_t began = now_ns();

	(void)p;
	for (int i = 0; i < 30; i++)
		f[i] = executor_submit(e, task_kill, NULL, 0);
	EXPECT(future_wait(f, 30, WAIT_ALL, FOREVER) == 30);
	for (int i = 0; i < 30; i++) {
		long err = future_result(f[i], 0, NULL, 0);

		dead += err == -EOWNERDEAD;
		childless += err == -ECHILD;
		future_free(f[i]);
	}
	EXPECT(dead >= 5 && dead + childless == 30);
	if (now_ns() - began >= DEATHS_SPAN) {
		executor_free(e);
		return 0; /* they died too slowly to be given up */
	}
	EXPECT(childless > 0);
	late = submit_square(e, 1);
	EXPECT(future_result(late, FOREVER, NULL, 0) == -ECHILD);
	EXPECT(future_error(late)[0] != '\0');
	future_free(late);
	executor_free(e);
	return 0;
}
EVERY_KIND(given_up)

static int
task_pid(struct call *c)
{
	int32_t pid = getpid();

	return call_return(c, &pid, sizeof pid) == 0 ? 0 : ENOMEM;
}

/* Killed at any instruction, between two of many quick tasks or within. */
static int
anywhere_body(const struct params *p)
{
	struct executor *e = new_with(DEATH_FAILS, 2, 2);
	struct future *f[5000];
	int lost = 0;

	(void)p;
	for (int round = 0; round < 4; round++) {
		int32_t pid = 0;

		for (int i = 0; i < 5000; i++)
			f[i] = executor_submit(e, task_pid, NULL, 0);
		if (future_result(f[500], FOREVER, &pid, sizeof pid) > 0)
			kill(pid, SIGKILL);
		EXPECT(future_wait(f, 5000, WAIT_ALL, FOREVER) == 5000);
		for (int i = 0; i < 5000; i++) {
			long size = future_result(f[i], 0, NULL, 0);

			EXPECT(size == 4 || size == -EOWNERDEAD);
			lost += size != 4;
			future_free(f[i]);
		}
	}
	EXPECT(lost <= 4 * 2);
	executor_free(e);
	return 0;
}
EVERY_KIND(anywhere)

static void
count_call(struct future *f, void *arg)
{
	EXPECT(future_done(f));
	atomic_fetch_add((_Atomic uint32_t *)arg, 1);
}

/* Deaths all over: every future ends, every callback comes. */
static int
storm_body(const struct params *p)
{
	struct executor *e = new_with(DEATH_RETRIES, 2, 2);
	struct latch *l = latch_new();
	struct future *f[2000];
	_Atomic uint32_t calls = 0;

	(void)p;
	for (int i = 0; i < 2000; i++) {
		f[i] = i % 700 == 350 ? submit_latch(e, task_kill_once, l)
				      : submit_latch(e, task_count, l);
		EXPECT(future_on_done(f[i], count_call, &calls) == 0);
	}
	EXPECT(future_wait(f, 2000, WAIT_ALL, FOREVER) == 2000);
	for (int i = 0; i < 2000; i++) {
		EXPECT(future_result(f[i], 0, NULL, 0) >= 0);
		future_free(f[i]);
	}
	executor_free(e);
	EXPECT(atomic_load(&calls) == 2000);
	return 0;
}
EVERY_KIND(storm)

/* ---- what is told ---- */

static struct frame_future futures[256];
static char labels[256][48];
static char failures[256][96];
static char failures[256][96];

static int
told_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct future *f = submit_square(e, 12), *failed, *waits;
	struct latch *l = latch_new();
	struct frame_executor frame;

	(void)p;
	future_result(f, FOREVER, NULL, 0);
	future_free(f);
	failed = executor_submit(e, task_fail, NULL, 0);
	future_result(failed, FOREVER, NULL, 0);
	waits = submit_latch(e, task_wait, l);
	UNTIL(atomic_load(&l->inside) == 1);
	EXPECT(executor_futures(e, futures, labels, failures, 256) == 3);
	EXPECT(strcmp(labels[0], "task_square") == 0);
	EXPECT(futures[0].number == 1 && futures[0].state == FUTURE_DONE);
	EXPECT(futures[0].value == 144 && futures[0].size == 8);
	EXPECT(futures[0].order == 1 && futures[0].slot > 0);
	EXPECT(strcmp(labels[1], "task_fail") == 0);
	EXPECT(futures[1].state == FUTURE_FAILED && futures[1].error == EIO);
	EXPECT(futures[1].order == 2);
	EXPECT(failures[0][0] == 0 && strcmp(failures[1], "no such luck") == 0);
	EXPECT(futures[2].state == FUTURE_RUNNING && futures[2].order == 0);
	executor_frame(e, &frame);
	EXPECT(frame.kind == tasks_kind && frame.done == 2);
	EXPECT(frame.running == 1 && frame.failed == 1 && frame.closed == 0);
	EXPECT(strcmp(executor_name(e), "tested") == 0);
	atomic_store(&l->open, 1);
	future_free(waits);
	future_free(failed);
	executor_free(e);
	executor_frame(e, &frame);
	EXPECT(frame.closed == 1 && frame.done == 3 && frame.running == 0);
	EXPECT(executor_futures(e, futures, labels, failures, 256) == 3);
	EXPECT(futures[2].state == FUTURE_DONE && futures[2].order == 3);
	EXPECT(strcmp(failures[1], "no such luck") ==
	    0); /* kept when it was freed */
	return 0;
}
EVERY_KIND(told)

/* The first stay, the latest come and go, each at its place. */
static int
window_body(const struct params *p)
{
	struct executor *e = tasks_new();

	(void)p;
	for (int64_t i = 1; i <= 1000; i++) {
		struct future *f = submit_square(e, i);

		future_free(f);
	}
	EXPECT(executor_futures(e, futures, labels, failures, 256) == 256);
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t n = futures[i].number;

		EXPECT(i < 64 ? n == i + 1 : n > 808 && n <= 1000);
		EXPECT(i < 64 || (n - 65) % 192 == i - 64);
		EXPECT(futures[i].value == (int64_t)n * n);
	}
	EXPECT(executor_futures(e, futures, labels, failures, 10) == 10);
	executor_free(e);
	return 0;
}
EVERY_KIND(window)

/* A map of many inputs is as many tasks as it has chunks. */
static int
map_is_few_body(const struct params *p)
{
	struct executor *e = tasks_new();
	static int64_t in[100000], out[100000];
	struct frame_executor frame;

	(void)p;
	EXPECT(executor_map(
		   e, task_square, in, 8, out, 8, 100000, 0, FOREVER) == 0);
	executor_frame(e, &frame);
	EXPECT(frame.done > 0 && frame.done <= 64);
	EXPECT(
	    executor_futures(e, futures, labels, failures, 256) == frame.done);
	EXPECT(strncmp(labels[0], "task_square [0..", 16) == 0);
	executor_free(e);
	return 0;
}
EVERY_KIND(map_is_few)

/* One of few is told with its result. */
static int
map_is_told_body(const struct params *p)
{
	struct executor *e = tasks_new();
	int64_t in[5] = {0, 1, 2, 3, 4}, out[5];

	(void)p;
	EXPECT(executor_map(e, task_square, in, 8, out, 8, 5, 1, FOREVER) == 0);
	EXPECT(executor_futures(e, futures, labels, failures, 256) == 5);
	for (int64_t i = 0; i < 5; i++)
		EXPECT(futures[i].value == i * i && futures[i].size == 8);
	executor_free(e);
	return 0;
}
EVERY_KIND(map_is_told)

int
main(void)
{
	TCase *death = tcase_create("death");
	TCase *screen = tcase_create("screen");

	ADD_PROCESSES(death, only_its_tasks);
	ADD_PROCESSES(death, exits);
	ADD_PROCESSES(death, from_outside);
	ADD_PROCESSES(death, retries);
	ADD_PROCESSES(death, in_a_map);
	ADD_PROCESSES(death, after_shutdown);
	ADD_PROCESSES(death, given_up);
	ADD_PROCESSES(death, storm);
	ADD_PROCESSES(death, anywhere);
	ADD_WORKERS(screen, told);
	ADD_ALL(screen, window);
	ADD_ALL(screen, map_is_few);
	ADD_ALL(screen, map_is_told);
	return suite_run(
	    "executor_death", (TCase *const[]){death, screen, NULL});
}
