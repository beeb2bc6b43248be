/*
 * executor_map: applies a function to many inputs; a chunk of them is a task.
 *
 * Inputs and results are in one block that the processes share: a task writes
 * each result to its final place there, and it is copied once. The block
 * belongs to the job, not to the caller, so a map that times out can return
 * while its tasks still run. The executor then keeps the job, and frees it when
 * they are over.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "run/registry.h"

#define SHARES 4 /* chunks per thread, if the caller gives no chunk size */

struct map_job {
	task_fn *fn;
	size_t in, out, n, chunk;
	_Atomic uint32_t stop; /* 1: the caller has stopped waiting */
	uint64_t deadline;     /* ns, for the sequential kind; else FOREVER */
	char *inputs, *results;
	struct future **futures; /* in the caller's memory; [nfutures] */
	size_t nfutures;
	struct map_job *next; /* in own->left; owner's mutex */
	_Alignas(ARENA_LINE) char bytes[];
};

/* The argument of a task. */
struct map_chunk {
	struct map_job *job;
	size_t first;
};

static int
map_run_input(struct call *c, struct map_job *job, size_t i)
{
	struct map_room room = {
	    .at = job->results + i * job->out, .size = job->out};
	struct call one = {.future = c->future,
	    .arg = job->inputs + i * job->in,
	    .size = job->in,
	    .index = i,
	    .room = &room};
	int err = job->fn(&one);

	if (err == 0 && !room.given && job->out > 0)
		return call_fail(c, EMSGSIZE,
		    "input %zu: the result must have %zu bytes", i, job->out);
	return err;
}

static bool
map_late(const struct map_job *job)
{
	return job->deadline != FOREVER && now_ns() >= job->deadline;
}

/* If it has one input, the task returns its result, too, for the screen. */
static void
map_give_only(struct call *c, const struct map_job *job, size_t i)
{
	if ((job->chunk == 1 || job->n == 1) && job->out <= sizeof(int64_t))
		call_return(c, job->results + i * job->out, job->out);
}

static int
map_run_chunk(struct call *c)
{
	const struct map_chunk *chunk = call_arg(c);
	struct map_job *job = chunk->job;
	size_t end = chunk->first + job->chunk;

	for (size_t i = chunk->first; i < end && i < job->n; i++) {
		if (atomic_load_explicit(&job->stop, memory_order_relaxed))
			return ECANCELED;
		int err = map_late(job) ? ETIMEDOUT : map_run_input(c, job, i);
		if (err != 0) {
			/* How far it got: the results before i are good. */
			atomic_store(&cold_of(c->future)->value, (int64_t)i);
			return err;
		}
	}
	map_give_only(c, job, chunk->first);
	return 0;
}

static void
map_job_free(struct map_job *job)
{
	for (size_t i = 0; i < job->nfutures; i++)
		future_free(job->futures[i]);
	free(job->futures);
	heap_give(registry->heap, job);
}

static size_t
map_chunk_for(const struct executor *e, size_t n)
{
	size_t shares = (size_t)e->nservers * SHARES;

	if (e->kind == EXECUTOR_SEQUENTIAL)
		return n;
	return n < shares ? 1 : (n + shares - 1) / shares;
}

static struct map_job *
map_job_new(struct executor *e, task_fn *fn, const void *inputs, size_t in,
    size_t out, size_t n, size_t chunk)
{
	size_t inputs_size, results_size, lines, size;
	struct map_job *job;

	if (__builtin_mul_overflow(n, in, &inputs_size) ||
	    __builtin_mul_overflow(n, out, &results_size) ||
	    __builtin_add_overflow(inputs_size, ARENA_LINE - 1, &lines) ||
	    __builtin_add_overflow(lines, results_size, &size) ||
	    __builtin_add_overflow(size, sizeof *job, &size))
		return NULL;
	job = heap_take(registry->heap, size);
	if (job == NULL)
		return NULL;
	*job = (struct map_job){.fn = fn,
	    .in = in,
	    .out = out,
	    .n = n,
	    .chunk = chunk != 0 ? chunk : map_chunk_for(e, n),
	    .deadline = FOREVER};
	job->inputs = job->bytes;
	job->results = job->bytes + lines / ARENA_LINE * ARENA_LINE;
	if (inputs_size > 0)
		memcpy(job->inputs, inputs, inputs_size);
	job->futures = calloc(n / job->chunk + 1, sizeof *job->futures);
	if (job->futures == NULL) {
		heap_give(registry->heap, job);
		return NULL;
	}
	return job;
}

/* "square [0..99]" */
static void
map_label_for(char *buf, const char *label, const struct map_job *job, size_t i)
{
	size_t end = job->n - i < job->chunk ? job->n : i + job->chunk;
	int len = snprintf(buf, LABEL_SIZE, "%.24s [%u", label, (unsigned)i);

	if (end > i + 1)
		len += snprintf(buf + len, LABEL_SIZE - (size_t)len, "..%u",
		    (unsigned)(end - 1));
	snprintf(buf + len, LABEL_SIZE - (size_t)len, "]");
}

/* 0, or -errno if some could not be submitted. */
static int
map_submit_all(struct executor *e, struct map_job *job, const char *label)
{
	char buf[LABEL_SIZE];

	for (size_t i = 0; i < job->n; i += job->chunk) {
		struct map_chunk chunk = {.job = job, .first = i};

		map_label_for(buf, label, job, i);
		struct future *f = executor_submit_as(
		    e, buf, map_run_chunk, &chunk, sizeof chunk);
		if (f == NULL)
			return -errno;
		job->futures[job->nfutures++] = f;
		if (job->n - i <= job->chunk)
			break;
	}
	return 0;
}

/* Tasks that have not begun never will; others stop at their next input. */
static void
map_stop(struct map_job *job)
{
	atomic_store(&job->stop, 1);
	for (size_t i = 0; i < job->nfutures; i++)
		future_cancel(job->futures[i]);
}

/* Copy the results before the first failure. 0, or that failure's -errno. */
static int
map_gather(struct map_job *job, void *results, uint64_t end)
{
	size_t good = job->n;
	long err = 0;

	for (size_t i = 0; i < job->nfutures && err == 0; i++) {
		struct future *f = job->futures[i];
		uint64_t now = end == FOREVER ? 0 : now_ns();
		uint64_t left = now < end ? end - now : 0;

		err =
		    future_result(f, end == FOREVER ? FOREVER : left, NULL, 0);
		if (err < 0)
			good = i * job->chunk;
		else
			err = 0;
		if (future_state(f) == FUTURE_FAILED &&
		    (size_t)atomic_load(&cold_of(f)->value) > good)
			good = (size_t)atomic_load(&cold_of(f)->value);
	}
	if (job->out > 0 && good > 0)
		memcpy(results, job->results, good * job->out);
	return (int)err;
}

static bool
map_all_done(const struct map_job *job)
{
	for (size_t i = 0; i < job->nfutures; i++)
		if (!future_done(job->futures[i]))
			return false;
	return true;
}

void
map_sweep(struct executor *e, bool all)
{
	struct executor_own *own = e->own;
	struct map_job **p, *job, *over = NULL;

	pthread_mutex_lock(&own->mutex);
	for (p = &own->left; (job = *p) != NULL;) {
		if (!all && !map_all_done(job)) {
			p = &job->next;
			continue;
		}
		*p = job->next;
		job->next = over;
		over = job;
	}
	pthread_mutex_unlock(&own->mutex);
	while ((job = over) != NULL) {
		over = job->next;
		map_job_free(job);
	}
}

/* The caller is done with the job; its tasks may not be. */
static void
map_leave(struct executor *e, struct map_job *job)
{
	pthread_mutex_lock(&e->own->mutex);
	job->next = e->own->left;
	e->own->left = job;
	pthread_mutex_unlock(&e->own->mutex);
	map_sweep(e, false);
}

int
executor_map_as(struct executor *e, const char *label, task_fn *fn,
    const void *inputs, size_t in, void *results, size_t out, size_t n,
    size_t chunk, uint64_t timeout)
{
	uint64_t end = time_after(timeout);
	struct map_job *job;
	int err;

	if (!executor_mine(e))
		return -EPERM;
	if (atomic_load(&e->closed) != 0)
		return -EPIPE;
	if (n == 0)
		return 0;
	job = map_job_new(e, fn, inputs, in, out, n, chunk);
	if (job == NULL)
		return -ENOMEM;
	if (e->kind == EXECUTOR_SEQUENTIAL)
		job->deadline = end;
	err = map_submit_all(e, job, label);
	if (err == 0)
		err = map_gather(job, results, end);
	if (err != 0)
		map_stop(job);
	map_leave(e, job);
	return err;
}
