/*
 * executor: tasks handed to threads or processes, results as futures: what
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
 * One interface over a table of operations; the four kinds differ only in
 * where the threads live that take the tasks: none (the caller does it in
 * submit), T threads here, P processes of one thread, P processes of T. The
 * executor belongs to the process that made it; the tasks may run anywhere.
 *
 * A task is a function and the bytes it is given; what it gives back is bytes,
 * or an error with a sentence. Bytes are copied once, into memory that all
 * processes share.
 *
 * If a worker process dies, the tasks that it had in hand, and no others,
 * fail with -EOWNERDEAD or are begun again (executor_options.retries); it is
 * replaced and the executor goes on. A worker that dies five times in ten
 * seconds is given up; when none is left, all that is pending fails with
 * -ECHILD. Nobody is ever left waiting.
 *
 * What of CPython's own tests for executors does not carry over, and why:
 * see the end of this file.
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
 * A task. 0 if all went well; else an errno, which is then its future's error.
 */
typedef int task_fn(struct call *);

/* What it was given; aligned for any type. Valid during the call. */
const void *call_arg(const struct call *);
size_t call_size(const struct call *);

/* Which task it is: of a map the index of the input, else 0. */
uint64_t call_index(const struct call *);

/* Give back a copy of these bytes. 0 or -ENOMEM. Again: the last counts. */
int call_return(struct call *, const void *buf, size_t size);

/* Room for a result, to be written in place: nothing is copied. NULL: ENOMEM.
 */
void *call_reserve(struct call *, size_t size);

/* A sentence to go with the error: `return call_fail(c, EIO, "...")`. */
int call_fail(struct call *, int error, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- executors ---- */

enum executor_death {
	DEATH_FAILS = 0, /* the tasks of a dead worker fail */
	DEATH_RETRIES    /* they are begun again, at most 3 times */
};

struct executor_options {
	const char *name;   /* for the screen; NULL: after its kind */
	unsigned processes; /* 0: as --processes says */
	unsigned threads;   /* of each process; 0: as --threads says */
	enum executor_death death;
};

/* NULL with errno: EINVAL, ENOMEM, EAGAIN (no thread or process at all). */
struct executor *executor_new(
    enum frame_executor_kind, const struct executor_options *);

/*
 * Hand over a task. NULL with errno: EPIPE after shutdown, ENOMEM. The future
 * is the caller's to free. Any thread of the owner may submit, a task that
 * runs in one of its threads too (and may wait for the result, if there is a
 * thread left to compute it).
 */
#define executor_submit(e, fn, arg, size) \
	executor_submit_as(e, #fn, fn, arg, size)

/* The same under a label for the screen; it is copied and cut to 47 bytes. */
struct future *executor_submit_as(struct executor *, const char *label,
    task_fn *, const void *arg, size_t size);

/*
 * fn over n inputs of `in` bytes each, results of exactly `out` bytes each in
 * the order of the inputs. `chunk` inputs go over at a time; 0: as many as
 * are fastest. 0, or the error of the first input (by order) that failed; the
 * results before it are good. -ETIMEDOUT: those not begun are cancelled.
 */
#define executor_map(e, fn, inputs, in, results, out, n, chunk, timeout) \
	executor_map_as(e, #fn, fn, inputs, in, results, out, n, chunk, timeout)
int executor_map_as(struct executor *, const char *label, task_fn *,
    const void *inputs, size_t in, void *results, size_t out, size_t n,
    size_t chunk, uint64_t timeout);

enum executor_shutdown {
	SHUTDOWN_NOWAIT = 0, /* no more tasks; those submitted are done yet */
	SHUTDOWN_WAIT = 1,   /* ... and wait until they are */
	SHUTDOWN_CANCEL = 2  /* cancel what has not begun; may be or-ed */
};

/* May be called again. Futures stay good until they are freed. */
void executor_shutdown(struct executor *, unsigned how);

/* Shut down with SHUTDOWN_WAIT if it was not, and forget it. Its futures must
 * have been freed. */
void executor_free(struct executor *);

/* ---- futures ---- */

enum frame_future_state future_state(const struct future *);
bool future_done(const struct future *); /* also failed or cancelled */

/*
 * Wait for it and copy its result. Bytes of the result (at most `size` are
 * copied; more says how many there are); -ETIMEDOUT; -ECANCELED; or the error
 * of the task, negative. buf may be NULL.
 */
long future_result(struct future *, uint64_t timeout, void *buf, size_t size);

/* The result where it lies, valid until the future is freed; NULL if it is
 * not done or has none. */
const void *future_value(const struct future *, size_t *size);

/* What went wrong, a sentence; "" if nothing did. Valid until it is freed. */
const char *future_error(const struct future *);

/* True if it had not begun: it never will. Also true the second time. */
bool future_cancel(struct future *);

/*
 * fn(arg) once it is done, failed or cancelled: at once, in this thread, if it
 * is already; else in some thread of the owner's process, once. Callbacks of
 * one future run in the order in which they were added. 0 or -ENOMEM.
 */
int future_on_done(
    struct future *, void (*fn)(struct future *, void *arg), void *arg);

/* Not before it is done: waits for that. NULL is fine. */
void future_free(struct future *);

enum future_wait {
	WAIT_FIRST,         /* until one is done */
	WAIT_FIRST_FAILURE, /* until one has failed, or all are done */
	WAIT_ALL
};

/*
 * Wait for several, of one executor or more. How many of them are done, which
 * future_done() tells apart; less than asked for if the time was up.
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
 * Each future once, in the order in which they finished, those that were done
 * before first. NULL: no more (errno 0), or ETIMEDOUT. Given twice, a future
 * is told once.
 */
struct as_completed *as_completed(struct future *const *, size_t n);
struct future *as_completed_next(struct as_completed *, uint64_t timeout);
void as_completed_free(struct as_completed *);

/* ---- what the executor's threads have used so far ---- */

/*
 * Each thread tells before it sleeps and before it ends; so this is exact after
 * a shutdown that has waited.
 */
struct usage;
void executor_usage(const struct executor *, struct usage *);

#pragma GCC visibility pop

/*
 * Of CPython's Lib/test/test_concurrent_futures the following does not carry
 * over:
 *
 * - Pickling, its errors and its feeder thread (most of test_deadlock): an
 *   argument is bytes, copied in submit; a result is copied by the task. What
 *   cannot be copied cannot be given, so nothing fails on its way.
 * - BrokenProcessPool: a dead worker costs the tasks it had in hand, or costs
 *   nothing if they are retried; the executor stays good. Python's own tests
 *   want all futures to fail and later submits to raise.
 * - Exceptions and tracebacks, chained ones, and the cycles they make: an
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
 * - Initializers and their failures: what a worker is to know beforehand is in
 *   the image that it is forked from.
 * - max_tasks_per_child, terminate_workers and kill_workers: a worker lives as
 *   long as its executor; a test kills it by its pid.
 * - Reuse of idle threads and workers started on demand: all are started by
 *   executor_new(), so that the screen shows them from the beginning.
 * - Keyword arguments, chunk sizes below zero, negative numbers of workers:
 *   the types exclude them. 0 workers are as many as the options say.
 * - The lazy iterator and the buffersize of map: results are an array.
 */
#endif
