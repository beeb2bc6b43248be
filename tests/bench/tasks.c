/*
 * tasks: empty tasks submitted one by one to a pool of threads, all of them
 * waited for and let go, by ours and by others; and maps of n * n.
 *
 *	tasks ours|libuv|glib|openmp THREADS TASKS
 *	tasks map-threads|map-processes WORKERS INPUTS
 *
 * Prints "tasks_per_s N" of the round in the middle ("all_per_s N": with those
 * that the submitter ran itself), or "inputs_per_s N" of the
 * best, of several in one process; the first pays for the memory.
 */
#include <errno.h>
#include <glib.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "lockstep/demo.h"
#include "lockstep/executor.h"
#include "lockstep/program.h"
#include "lockstep/util.h"
#include "program/self.h"
#include "supervisor/supervisor.h"

#define ROUNDS 9

/* Of a round; less than all tasks if some were not run by the pool. */
static size_t counted;

static void
die(const char *what)
{
	fprintf(stderr, "tasks: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- ours ---- */

static struct executor *executor;
static struct future **futures;

static int
nothing(struct call *c)
{
	(void)c;
	return 0;
}

static void
ours_open(unsigned threads, size_t n)
{
	struct executor_options o = {.threads = threads};

	if (program_open(threads) != 0)
		die("program_open");
	executor = executor_new(EXECUTOR_THREADS, &o);
	futures = malloc(n * sizeof(*futures));
	if (executor == NULL || futures == NULL)
		die("executor_new");
}

static void
ours_round(size_t n)
{
	for (size_t i = 0; i < n; i++)
		futures[i] = executor_submit(executor, nothing, NULL, 0);
	if (future_wait(futures, n, WAIT_ALL, FOREVER) != n)
		die("future_wait");
	for (size_t i = 0; i < n; i++)
		future_free(futures[i]);
}

/* ---- libuv: its pool is the process's, its ends come in the loop ---- */

static uv_work_t *works;
static size_t uv_done;

static void
uv_nothing(uv_work_t *w)
{
	(void)w;
}

static void
uv_over(uv_work_t *w, int status)
{
	(void)w;
	uv_done += status == 0;
}

static void
libuv_open(unsigned threads, size_t n)
{
	char text[16];

	snprintf(text, sizeof text, "%u", threads);
	setenv("UV_THREADPOOL_SIZE", text, 1);
	works = malloc(n * sizeof *works);
	if (works == NULL)
		die("malloc");
}

static void
libuv_round(size_t n)
{
	uv_done = 0;
	for (size_t i = 0; i < n; i++)
		uv_queue_work(
		    uv_default_loop(), &works[i], uv_nothing, uv_over);
	uv_run(uv_default_loop(), UV_RUN_DEFAULT);
	if (uv_done != n)
		die("libuv");
}

/* ---- GLib: a pool tells nobody; the last task wakes the one who waits ---- */

static GThreadPool *pool;
static GMutex mutex;
static GCond cond;
static _Atomic size_t left;

static void
glib_nothing(gpointer task, gpointer arg)
{
	(void)task, (void)arg;
	if (atomic_fetch_sub(&left, 1) != 1)
		return;
	g_mutex_lock(&mutex);
	g_cond_signal(&cond);
	g_mutex_unlock(&mutex);
}

static void
glib_open(unsigned threads, size_t n)
{
	(void)n;
	pool = g_thread_pool_new(glib_nothing, NULL, (gint)threads, TRUE, NULL);
	if (pool == NULL)
		die("g_thread_pool_new");
}

static void
glib_round(size_t n)
{
	atomic_store(&left, n);
	for (size_t i = 0; i < n; i++)
		g_thread_pool_push(pool, GSIZE_TO_POINTER(i + 1), NULL);
	g_mutex_lock(&mutex);
	while (atomic_load(&left) != 0)
		g_cond_wait(&cond, &mutex);
	g_mutex_unlock(&mutex);
}

/*
 * ---- OpenMP: one thread of the team makes the tasks. Once 64 for each thread
 * wait, it runs them itself, at once, as no submitter to a pool does: those are
 * not counted.
 */

static unsigned team;
static _Atomic size_t openmp_over, openmp_done;

static void
openmp_open(unsigned threads, size_t n)
{
	(void)n;
	team = threads + 1; /* the one that makes them is no pool thread */
}

static void
openmp_task(int submitter)
{
	if (omp_get_thread_num() == submitter)
		atomic_fetch_add_explicit(
		    &openmp_over, 1, memory_order_relaxed);
	else
		atomic_fetch_add_explicit(
		    &openmp_done, 1, memory_order_relaxed);
}

static void
openmp_round(size_t n)
{
	atomic_store(&openmp_over, 0);
	atomic_store(&openmp_done, 0);
#pragma omp parallel num_threads(team)
#pragma omp single
	{
		int submitter = omp_get_thread_num();

		for (size_t i = 0; i < n; i++) {
#pragma omp task firstprivate(submitter)
			openmp_task(submitter);
		}
	}
	if (atomic_load(&openmp_done) + atomic_load(&openmp_over) != n)
		die("openmp");
	counted = atomic_load(&openmp_done) + 1; /* a ratio needs a number */
}

struct competitor {
	const char *name;
	void (*open)(unsigned threads, size_t n);
	void (*round)(size_t n);
};

static const struct competitor competitors[] = {
    {.name = "ours", .open = ours_open, .round = ours_round},
    {.name = "libuv", .open = libuv_open, .round = libuv_round},
    {.name = "glib", .open = glib_open, .round = glib_round},
    {.name = "openmp", .open = openmp_open, .round = openmp_round},
};

/* ---- maps, under a supervisor ---- */

const struct demo *const demos[] = {NULL};

static enum frame_executor_kind map_kind;
static unsigned map_workers;
static size_t map_inputs;

static int
square(struct call *c)
{
	int64_t n;

	memcpy(&n, call_arg(c), sizeof n);
	n *= n;
	return call_return(c, &n, sizeof n);
}

static void
map_round(int64_t *in, int64_t *out)
{
	if (executor_map(executor, square, in, sizeof *in, out, sizeof *out,
		map_inputs, 0, FOREVER) != 0)
		die("executor_map");
	for (size_t i = 0; i < map_inputs; i++)
		if (out[i] != in[i] * in[i])
			die("a wrong result");
}

static int
map_main(const struct params *p)
{
	struct executor_options o = {
	    .processes = map_workers, .threads = map_workers};
	int64_t *in = calloc(map_inputs, sizeof *in);
	int64_t *out = calloc(map_inputs, sizeof *out);
	uint64_t best = FOREVER;

	(void)p;
	executor = executor_new(map_kind, &o);
	if (in == NULL || out == NULL || executor == NULL)
		die("executor_new");
	for (size_t i = 0; i < map_inputs; i++)
		in[i] = (int64_t)i;
	for (int i = 0; i < ROUNDS / 3; i++) {
		uint64_t start = now_ns();

		map_round(in, out);
		uint64_t took = now_ns() - start;
		best = took < best ? took : best;
	}
	executor_free(executor);
	printf("inputs_per_s %.0f\n", (double)map_inputs * 1e9 / (double)best);
	fflush(stdout);
	return 0;
}

static int
run_map(const char *kind, unsigned workers, size_t n)
{
	const struct demo demo = {.name = "map",
	    .title = "map",
	    .lesson = (const char *const[]){NULL},
	    .main = map_main};
	const struct params_priv options = {.params.demo = &demo,
	    .params.processes = workers,
	    .params.threads = workers,
	    .params.speed = SPEED_ONE,
	    .lock = 1,
	    .status_fd = -1,
	    .control_fd = -1};

	map_kind = strcmp(kind, "map-threads") == 0 ? EXECUTOR_THREADS
						    : EXECUTOR_PROCESSES;
	map_workers = workers;
	map_inputs = n;
	return supervisor_main(&options);
}

static int
compare_rates(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int
run_submit(const struct competitor *c, unsigned threads, size_t n)
{
	double rates[ROUNDS], all[ROUNDS];

	c->open(threads, n);
	for (int i = -1; i < ROUNDS; i++) {
		uint64_t start = now_ns();

		counted = n;
		c->round(n);
		double s = (double)(now_ns() - start) / NSEC_PER_SEC;
		if (i < 0)
			continue;
		rates[i] = (double)counted / s;
		all[i] = (double)n / s;
	}
	qsort(rates, ROUNDS, sizeof *rates, compare_rates);
	qsort(all, ROUNDS, sizeof *all, compare_rates);
	printf("tasks_per_s %.0f\nall_per_s %.0f\n", rates[ROUNDS / 2],
	    all[ROUNDS / 2]);
	return 0;
}

int
main(int argc, char *argv[], char *envp[])
{
	setproctitle_init(argc, argv, envp);
	if (argc != 4)
		return EXIT_USAGE;
	unsigned workers = (unsigned)atoi(argv[2]);
	size_t n = (size_t)atol(argv[3]);

	if (strncmp(argv[1], "map-", 4) == 0)
		return run_map(argv[1], workers, n);
	for (size_t i = 0; i < sizeof competitors / sizeof *competitors; i++)
		if (strcmp(argv[1], competitors[i].name) == 0)
			return run_submit(&competitors[i], workers, n);
	return EXIT_USAGE;
}
