/*
 * compare: the same eight tasks one after the other, in threads, in processes
 * and in both, side by side; with --gil also under an interpreter lock.
 *
 * --processes P, --threads T: hybrid has P processes of T threads each; so
 * that only the kind differs, the others have as many workers in all, P * T.
 * A task of io sleeps, a task of cpu counts primes: always the same ones, so
 * the work does not depend on the worker. Of mixed tasks every other one
 * sleeps.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/executor.h"
#include "lockstep/frame.h"
#include "lockstep/program.h"
#include "lockstep/util.h"

#define TASKS 8
#define SLEEP (250 * NSEC_PER_MSEC)
#define LIMIT 1500000U /* primes up to here: takes about as long */
#define LOOK  (100 * NSEC_PER_MSEC)
#define BUSY  0.75 /* share of the CPU time it asked for */
#define LEAST 0.1  /* s: shorter delays do not matter */

static const char *const kind_names[EXECUTOR_KINDS] = {
    [EXECUTOR_SEQUENTIAL] = "sequential",
    [EXECUTOR_THREADS] = "threads",
    [EXECUTOR_PROCESSES] = "processes",
    [EXECUTOR_HYBRID] = "hybrid",
};

/* One way of doing it, while it is done. */
struct way {
	struct executor *executor;
	struct future *futures[TASKS];
	struct frame_measure measure;
	uint64_t start;      /* ns */
	struct usage before; /* of this thread */
	int64_t primes;
	unsigned failed;
	uint64_t slept; /* ns: by the tasks that ran in this thread */
};

static _Thread_local uint64_t slept; /* ns */

static int64_t
count_primes(uint32_t limit)
{
	int64_t primes = 0;

	for (uint32_t n = 2; n <= limit; n++) {
		uint32_t i = 2;

		while (i * i <= n && n % i != 0)
			i++;
		primes += i * i > n;
		self_checkpoint(); /* here the interpreter lock may pass on */
	}
	return primes;
}

static bool
sleeps(enum compare_work work, unsigned task)
{
	return work == COMPARE_IO || (work == COMPARE_MIXED && task % 2 != 0);
}

static int
task(struct call *c)
{
	unsigned number;
	int64_t primes = 0;

	memcpy(&number, call_arg(c), sizeof number);
	if (sleeps(self_params()->compare_work, number)) {
		uint64_t start = now_ns();

		self_sleep(SLEEP);
		slept += now_ns() - start;
	} else {
		primes = count_primes(LIMIT);
	}
	return call_return(c, &primes, sizeof primes);
}

static void
tell_measure(struct way *w)
{
	struct usage u, none = {0}, *since = &none;

	if (w->measure.kind == EXECUTOR_SEQUENTIAL) {
		u = self_usage(); /* no other thread works */
		since = &w->before;
	} else {
		executor_usage(w->executor, &u);
	}
	w->measure.wall = now_ns() - w->start;
	w->measure.cpu = u.cpu - since->cpu;
	w->measure.voluntary = u.voluntary - since->voluntary;
	w->measure.involuntary = u.involuntary - since->involuntary;
	measure_set(&w->measure);
}

static void
take(struct way *w, struct future *f)
{
	int64_t primes;

	if (future_result(f, 0, &primes, sizeof primes) == sizeof primes) {
		w->primes += primes;
		w->measure.tasks++;
	} else {
		say("a task failed: %s", future_error(f));
		w->failed++;
	}
}

static void
do_tasks(struct way *w)
{
	struct as_completed *c;
	struct future *f;
	unsigned n;

	for (n = 0; n < TASKS; n++) {
		char label[32];

		snprintf(label, sizeof label, "%s %u",
		    sleeps(self_params()->compare_work, n) ? "sleep" : "primes",
		    n + 1);
		w->futures[n] =
		    executor_submit_as(w->executor, label, task, &n, sizeof n);
		if (w->futures[n] == NULL)
			break;
		tell_measure(w);
	}
	w->failed += TASKS - n;
	c = as_completed(w->futures, n);
	while ((f = as_completed_next(c, LOOK)) != NULL || errno == ETIMEDOUT) {
		if (f != NULL)
			take(w, f);
		tell_measure(w);
	}
	as_completed_free(c);
	for (unsigned i = 0; i < n; i++)
		future_free(w->futures[i]);
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static struct executor_options
workers(const struct params *p, enum frame_executor_kind kind)
{
	unsigned all = p->processes * p->threads;
	struct executor_options o = {.death = DEATH_RETRIES};

	if (kind == EXECUTOR_THREADS)
		o.threads = least(all, PARAMS_MAX_THREADS);
	if (kind == EXECUTOR_PROCESSES)
		o.processes = least(all, PARAMS_MAX_PROCESSES);
	return o; /* of hybrid both are as the options say */
}

static void
tell_way(const struct way *w, const struct way *one)
{
	const struct frame_measure *m = &w->measure;

	say("%-10s %s %6.2f s  %5.2f x  CPU %5.2f s  switches %ju + %ju",
	    kind_names[m->kind], m->gil ? "with GIL" : "        ",
	    (double)m->wall / (double)NSEC_PER_SEC,
	    (double)one->measure.wall / (double)m->wall,
	    (double)m->cpu / (double)NSEC_PER_SEC, (uintmax_t)m->voluntary,
	    (uintmax_t)m->involuntary);
}

/* How many tasks compute at a time; 0: it depends on which of them sleep. */
static double
at_a_time(const struct way *w, const struct params *p)
{
	unsigned n = least(p->processes * p->threads, TASKS);
	cpu_set_t set;

	if (w->measure.kind == EXECUTOR_SEQUENTIAL)
		return 1;
	if (p->compare_work != COMPARE_CPU)
		return 0;
	if (w->measure.gil && w->measure.kind == EXECUTOR_THREADS)
		return 1;
	if (w->measure.gil && w->measure.kind == EXECUTOR_HYBRID)
		n = least(p->processes, n);
	if (sched_getaffinity(0, sizeof set, &set) == 0)
		n = least((unsigned)CPU_COUNT(&set), n);
	return n == 0 ? 0 : (double)TASKS / ((TASKS + n - 1) / n);
}

/* A machine that does other work makes one way look slower than another. */
static void
tell_busy(const struct way *w, const struct params *p)
{
	double wall = (double)(w->measure.wall - w->slept) * at_a_time(w, p);
	double cpu = (double)w->measure.cpu, second = (double)NSEC_PER_SEC;

	if (wall * BUSY <= cpu || wall - cpu < LEAST * second)
		return;
	say("this machine was busy, or the run was paused: %s%s got %.2f s of "
	    "CPU time, and %.2f s were possible",
	    kind_names[w->measure.kind], w->measure.gil ? " with GIL" : "",
	    cpu / second, wall / second);
}

/* From the making of the executor to its end: both are part of the price. */
static int
go(struct way *w, const struct params *p, uint64_t gil,
    enum frame_executor_kind kind)
{
	struct executor_options options = workers(p, kind);
	char name[32];

	snprintf(name, sizeof name, "%s%s", kind_names[kind],
	    gil != 0 ? " GIL" : "");
	options.name = name;
	self_set_gil(gil);
	w->measure.index = (uint8_t)(kind + (gil != 0 ? EXECUTOR_KINDS : 0));
	w->measure.kind = (uint8_t)kind;
	w->measure.gil = gil != 0;
	slept = 0;
	w->before = self_usage();
	w->start = now_ns();
	w->executor = executor_new(kind, &options);
	if (w->executor == NULL) {
		say("%s: cannot start the workers", kind_names[kind]);
		return 1;
	}
	do_tasks(w);
	executor_shutdown(w->executor, SHUTDOWN_WAIT);
	w->measure.done = 1;
	tell_measure(w);
	w->slept = slept;
	executor_free(w->executor);
	return w->failed > 0;
}

static int
run(const struct params *p)
{
	struct way ways[2 * EXECUTOR_KINDS] = {0};
	unsigned n = p->gil != 0 ? 2 * EXECUTOR_KINDS : EXECUTOR_KINDS;
	int status = 0;

	for (unsigned i = 0; i < n; i++) {
		status |= go(&ways[i], p, i < EXECUTOR_KINDS ? 0 : p->gil,
		    i % EXECUTOR_KINDS);
		if (ways[i].measure.done) {
			tell_way(&ways[i], &ways[i - i % EXECUTOR_KINDS]);
			tell_busy(&ways[i], p);
		}
		if (ways[i].primes != ways[0].primes) {
			say("not the same work: %jd primes, and %jd in the "
			    "first place",
			    (intmax_t)ways[i].primes, (intmax_t)ways[0].primes);
			status = 1;
		}
	}
	result_set("ways", n);
	result_set("tasks of each", TASKS);
	result_set("primes of each", ways[0].primes);
	return status;
}

static const char *const lesson[] = {
    "Eight tasks, half of them asleep and half counting primes, in four ways: "
    "one after the other, threads, processes, both.",
    "--work io: a thread that sleeps needs no processor, so threads are as "
    "good as processes, and cheaper to start.",
    "--work cpu: the speed-up is at most the number of processors. With --gil "
    "threads are not faster at all: one computes, the others wait for it (Y).",
    "Time is what the clock says, CPU what the processors did. On a busy "
    "machine only the CPU times can be compared.",
    "Processes have a lock each: the classic advice, threads for I/O and "
    "processes for CPU, is the table with --gil.",
    NULL,
};

const struct demo demo_compare = {
    .name = "compare",
    .title = "the same work one after the other, in threads, in processes "
	     "and in both",
    .lesson = lesson,
    .processes = 2,
    .threads = 2,
    .task_work = "none",
    .lock = "mutex",
    .window = "0",
    .main = run,
};
