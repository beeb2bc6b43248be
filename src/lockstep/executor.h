/*
 * executor: runs tasks in threads or processes, with results as futures: what
 * Python's concurrent.futures has, in C.
 *
 *	struct executor *e = executor_new(EXECUTOR_PROCESSES,
 *	    &(struct executor_options){.processes = 3});
 *	struct future *f = executor_submit(e, square, &n, sizeof n);
 *	long long nn;
 *	if (future_result(f, FOREVER, &nn, sizeof nn) == sizeof nn)
 *		...
 *	future_free(f);
 *	executor_shutdown(e, SHUTDOWN_WAIT);
 *
 * One interface over a table of operations. The four kinds differ only in which
 * threads run the tasks: the caller's, in submit; T threads of this process; P
 * processes with one thread each; P processes with T threads each. The executor
 * belongs to the process that created it; the tasks may run anywhere.
 *
 * A task is a function and the bytes of its argument. It returns bytes, or an
 * error with a sentence. Bytes are copied once, into memory that all processes
 * share.
 *
 * If a worker process dies, the tasks that it was running, and no others, fail
 * with -EOWNERDEAD or start again (executor_options.death). The worker is
 * replaced, and the executor continues. A worker that dies five times in ten
 * seconds is not replaced; when none is left, all pending tasks fail with
 * -ECHILD. No thread is ever left waiting.
 *
 * The end of this file says which of CPython's own tests for executors do not
 * apply, and why.
 */
#ifndef LOCKSTEP_EXECUTOR_H
#define LOCKSTEP_EXECUTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockstep/frame.h"

#pragma GCC visibility push(default)

struct executor;
struct future;
struct call;

/* ---- a task's side ---- */

/*
 * A task. Returns 0, or an errno, which becomes the error of its future.
 */
typedef int task_fn(struct call *);

/* The argument; aligned for any type. Valid during the call. */
const void *call_arg(const struct call *);
size_t call_size(const struct call *);

/* In a map, the index of the input; else 0. */
uint64_t call_index(const struct call *);

/* Return a copy of these bytes. 0 or -ENOMEM. The last call counts. */
int call_return(struct call *, const void *buf, size_t size);

/* Room for a result, to write it in place, without a copy. NULL: ENOMEM. */
void *call_reserve(struct call *, size_t size);

/* An error with a sentence: `return call_fail(c, EIO, "...")`. */
int call_fail(struct call *, int error, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- executors ---- */

enum executor_death {
	DEATH_FAILS = 0, /* the tasks of a dead worker fail */
	DEATH_RETRIES    /* they start again, at most 3 times */
};

struct executor_options {
	const char *name;   /* for the screen; NULL: the name of its kind */
	unsigned processes; /* 0: as --processes says */
	unsigned threads;   /* of each process; 0: as --threads says */
	enum executor_death death;
};

/* NULL with errno: EINVAL, ENOMEM, EAGAIN (no thread or process started). */
struct executor *executor_new(
    enum frame_executor_kind, const struct executor_options *);

/*
 * Submit a task. NULL with errno: EPIPE after shutdown, ENOMEM. The caller
 * frees the future. Any thread of the owner may submit, also a task that runs
 * in one of its threads (it may wait for the result if another thread is free
 * to compute it).
 */
#define executor_submit(e, fn, arg, size) \
	executor_submit_as(e, #fn, fn, arg, size)

/* As above, with a label for the screen, copied and cut to 47 bytes. */
struct future *executor_submit_as(struct executor *, const char *label,
    task_fn *, const void *arg, size_t size);

/*
 * Call fn for n inputs of `in` bytes each. The results have exactly `out` bytes
 * each, in the order of the inputs. A worker gets `chunk` inputs at a time; 0:
 * as many as are fastest. Returns 0, or the error of the first input (in their
 * order) that failed; the results before it are valid. -ETIMEDOUT: tasks that
 * have not started are cancelled.
 */
#define executor_map(e, fn, inputs, in, results, out, n, chunk, timeout) \
	executor_map_as(e, #fn, fn, inputs, in, results, out, n, chunk, timeout)
int executor_map_as(struct executor *, const char *label, task_fn *,
    const void *inputs, size_t in, void *results, size_t out, size_t n,
    size_t chunk, uint64_t timeout);

enum executor_shutdown {
	SHUTDOWN_NOWAIT = 0, /* no new tasks; those submitted still run */
	SHUTDOWN_WAIT = 1,   /* ... and wait until they are done */
	SHUTDOWN_CANCEL = 2  /* cancel tasks that have not started; a flag */
};

/* May be called again. Futures stay valid until they are freed. */
void executor_shutdown(struct executor *, unsigned how);

/* Shut down with SHUTDOWN_WAIT, unless it is shut down, and free it. Its
 * futures must have been freed. */
void executor_free(struct executor *);

/* ---- futures ---- */

enum frame_future_state future_state(const struct future *);
bool future_done(const struct future *); /* also failed or cancelled */

/*
 * Wait for a future and copy its result. Returns the size of the result, of
 * which at most `size` bytes are copied; -ETIMEDOUT; -ECANCELED; or the error
 * of the task, negative. buf may be NULL.
 */
long future_result(struct future *, uint64_t timeout, void *buf, size_t size);

/* The result in place, valid until the future is freed; NULL if it is not done
 * or has no result. */
const void *future_value(const struct future *, size_t *size);

/* A sentence that says what went wrong, or "". Valid until it is freed. */
const char *future_error(const struct future *);

/* True if it had not started: it never will. Also true the second time. */
bool future_cancel(struct future *);

/*
 * Call fn(arg) once when the future is done, failed or cancelled: at once, in
 * this thread, if it is already; else in some thread of the owner's process.
 * The callbacks of a future run in the order in which they were added. 0 or
 * -ENOMEM.
 */
int future_on_done(
    struct future *, void (*fn)(struct future *, void *arg), void *arg);

/* Waits until the future is done. NULL is fine. */
void future_free(struct future *);

enum future_wait {
	WAIT_FIRST,         /* until one is done */
	WAIT_FIRST_FAILURE, /* until one has failed, or all are done */
	WAIT_ALL
};

/*
 * Wait for several futures, of one executor or more. Returns how many are done;
 * future_done() says which. It is fewer than asked for if the time was up.
 */
size_t future_wait(
    struct future *const *, size_t n, enum future_wait, uint64_t timeout);

/*
 * As they finish:
 *
 *	struct as_completed *c = as_completed(futures, n);
 *	struct future *f;
 *	while ((f = as_completed_next(c, FOREVER)) != NULL)
 *		...
 *	as_completed_free(c);
 *
 * Returns each future once, in the order in which they finished; those that
 * were done before come first. NULL: no more (errno 0), or ETIMEDOUT. A future
 * that is listed twice is returned once.
 */
struct as_completed *as_completed(struct future *const *, size_t n);
struct future *as_completed_next(struct as_completed *, uint64_t timeout);
void as_completed_free(struct as_completed *);

/* ---- CPU time and context switches of the executor's threads ---- */

/*
 * Each thread updates its numbers before it sleeps and before it ends; so they
 * are exact after a shutdown with SHUTDOWN_WAIT.
 */
struct usage;
void executor_usage(const struct executor *, struct usage *);

#pragma GCC visibility pop

/*
 * These parts of CPython's Lib/test/test_concurrent_futures do not apply:
 *
 * - Pickling, its errors and its feeder thread (most of test_deadlock): an
 *   argument is bytes, copied in submit; a result is copied by the task. What
 *   cannot be copied cannot be passed, so nothing fails on the way.
 * - BrokenProcessPool: a dead worker costs the tasks it was running, or nothing
 *   if they are retried; the executor still works. Python's own tests expect
 *   all futures to fail and later submits to raise.
 * - Exceptions and tracebacks, chained ones, and their reference cycles: an
 *   error is a number and a sentence. Callbacks cannot fail.
 * - set_result, set_exception, set_running_or_notify_cancel and
 *   InvalidStateError: only its executor ends a future.
 *   "Cancelled" and "cancelled and notified" are one state here: the
 *   cancellation itself wakes every thread that waits for the future.
 * - Weak references, garbage collection and stale references: a future is its
 *   owner's until future_free(), an executor until executor_free().
 * - Hooks at the exit of the interpreter: processes that were never joined end
 *   with the program. To have all tasks done, shut down with SHUTDOWN_WAIT.
 * - The start methods fork, spawn and forkserver, mp_context, and forking with
 *   threads (test_init, test_thread_pool): every worker is forked by the
 *   supervisor, which has one thread.
 * - Initializers and their failures: a worker has everything that it needs in
 *   the image that it is forked from.
 * - max_tasks_per_child, terminate_workers and kill_workers: a worker lives as
 *   long as its executor; a test kills it by its pid.
 * - Reuse of idle threads and workers started on demand: executor_new() starts
 *   all of them, so that the screen shows them from the beginning.
 * - Keyword arguments, chunk sizes below zero, negative numbers of workers:
 *   the types exclude them. 0 workers means as many as the options say.
 * - The lazy iterator and the buffersize of map: results are an array.
 */
#endif
