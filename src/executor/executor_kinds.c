/*
 * executor_kinds: what runs the tasks: the caller itself, threads of the
 * owner's process, processes, or threads in processes.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "program/process.h"
#include "program/self.h"

#define LOOK NSEC_PER_SEC

/* What a new thread or process gets: which servers it is. */
struct seat {
	struct executor *e;
	unsigned first; /* of the servers */
	unsigned process;
};

/* ---- sequential: the caller ---- */

static int
kinds_caller_start(struct executor *e)
{
	e->processes = 0;
	e->threads = 0;
	return 0;
}

static void
kinds_caller_given(struct executor *e, struct future *f)
{
	if (!future_claim(f, FUTURE_RUNNING, self_id()))
		return;
	atomic_fetch_add(&e->running, 1);
	serve_run(f, now_ns());
	atomic_fetch_sub(&e->running, 1);
	pending_skip(&e->pending);
}

static void
kinds_caller_join(struct executor *e)
{
	(void)e;
}

/* ---- threads ---- */

static int
kinds_thread_life(void *arg)
{
	struct seat seat = *(struct seat *)arg;

	free(arg);
	serve_tasks(seat.e, seat.first);
	return 0;
}

/* NULL with errno. */
static struct thread *
kinds_start_thread(const char *name, struct executor *e, unsigned server)
{
	struct seat *seat = malloc(sizeof *seat);
	struct thread *t;

	if (seat == NULL)
		return NULL;
	*seat = (struct seat){.e = e, .first = server};
	t = thread_start(name, kinds_thread_life, seat);
	if (t == NULL)
		free(seat);
	return t;
}

/* Start as many as possible; 0, or an errno if none could be started. */
static int
kinds_threads_start(struct executor *e)
{
	struct executor_own *own = e->own;
	char name[PROGRAM_NAME];

	e->processes = 0;
	own->threads = calloc(e->threads, sizeof *own->threads);
	if (own->threads == NULL)
		return ENOMEM;
	for (unsigned i = 0; i < e->threads; i++) {
		snprintf(name, sizeof name, "pool-%u", i + 1);
		own->threads[i] = kinds_start_thread(name, e, i);
		if (own->threads[i] == NULL)
			break;
		own->nthreads++;
	}
	int err = errno;
	e->threads = own->nthreads;
	e->nservers = own->nthreads;
	return own->nthreads > 0 ? 0 : err;
}

static void
kinds_given(struct executor *e, struct future *f)
{
	(void)f;
	serve_wake(e);
}

static void
kinds_threads_join(struct executor *e)
{
	struct executor_own *own = e->own;

	while (own->nthreads > 0)
		thread_join(own->threads[--own->nthreads], FOREVER, NULL);
}

/* ---- processes, of one thread or more ---- */

static int
kinds_serve_by_threads(const struct seat *seat)
{
	struct executor *e = seat->e;
	struct thread *threads[PARAMS_MAX_THREADS];
	char name[PROGRAM_NAME];
	unsigned n = 0;

	while (n < e->threads) {
		snprintf(name, sizeof name, "pool-%u.%u", seat->process % 1000,
		    (n + 1) % 10000);
		threads[n] = kinds_start_thread(name, e, seat->first + n);
		if (threads[n] == NULL)
			break;
		n++;
	}
	if (n == 0)
		return EXIT_START;
	while (n > 0)
		thread_join(threads[--n], FOREVER, NULL);
	return 0;
}

static int
kinds_process_life(const void *arg, size_t size)
{
	struct seat seat;

	(void)size;
	memcpy(&seat, arg, sizeof seat);
	if (seat.e->kind == EXECUTOR_HYBRID)
		return kinds_serve_by_threads(&seat);
	serve_tasks(seat.e, seat.first);
	return 0;
}

static int
kinds_processes_start(struct executor *e)
{
	struct executor_own *own = e->own;
	char name[PROGRAM_NAME];

	own->children = calloc(e->processes, sizeof *own->children);
	if (own->children == NULL)
		return ENOMEM;
	for (unsigned i = 0; i < e->processes; i++) {
		struct seat seat = {
		    .e = e, .first = i * e->threads, .process = i + 1};

		snprintf(name, sizeof name, "worker-%u", (i + 1) % 10000);
		own->children[i] = child_start(
		    name, kinds_process_life, &seat, sizeof seat, e->number);
		if (own->children[i] == NULL)
			break;
		own->nchildren++;
	}
	int err = errno;
	e->processes = own->nchildren;
	e->nservers = e->processes * e->threads;
	return own->nchildren > 0 ? 0 : err;
}

static void
kinds_processes_join(struct executor *e)
{
	struct executor_own *own = e->own;

	while (own->nchildren > 0)
		process_join(own->children[--own->nchildren], FOREVER, NULL);
	if (own->caller != NULL)
		thread_join(own->caller, FOREVER, NULL);
	own->caller = NULL;
}

const struct executor_ops executor_kinds[EXECUTOR_KINDS] = {
    [EXECUTOR_SEQUENTIAL] = {.name = "sequential",
	.start = kinds_caller_start,
	.given = kinds_caller_given,
	.join = kinds_caller_join},
    [EXECUTOR_THREADS] = {.name = "threads",
	.start = kinds_threads_start,
	.given = kinds_given,
	.join = kinds_threads_join},
    [EXECUTOR_PROCESSES] = {.name = "processes",
	.start = kinds_processes_start,
	.given = kinds_given,
	.join = kinds_processes_join},
    [EXECUTOR_HYBRID] = {.name = "hybrid",
	.start = kinds_processes_start,
	.given = kinds_given,
	.join = kinds_processes_join},
};
