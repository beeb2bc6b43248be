/*
 * program: how to write a demo with a program of its own: threads, processes,
 * sleep, work, the sum, output and results.
 *
 * Such a demo has a `main`. It runs in a process of its own under the
 * supervisor, which forks every further process on request; a process that has
 * threads never forks. So a function goes to another process as its address
 * (both have the same program image), and its argument goes as bytes; the other
 * process does not see globals that main has changed.
 *
 * The screen shows whatever a program does through these functions. Once the
 * run is ending, none of them returns: the thread stays where it is until its
 * process is gone.
 *
 * Times and timeouts are in ns (util.h has NSEC_PER_MSEC and the like). Timeout
 * 0 does not wait, FOREVER waits without end. Errors are negative errno.
 */
#ifndef LOCKSTEP_PROGRAM_H
#define LOCKSTEP_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lockstep/params.h"

#pragma GCC visibility push(default)

#define FOREVER      UINT64_MAX
#define PROGRAM_NAME 16  /* bytes of a thread's or process's name, with NUL */
#define PROGRAM_LINE 512 /* bytes of a line of output, with NUL */

/* ---- the calling thread ---- */

/* The options of the run. */
const struct params *self_params(void);

/* "main", "thread-2": valid while the thread lives. */
const char *self_name(void);

/* Sleep ns of the run's time: obeys speed and pause; gives up the GIL. */
void self_sleep(uint64_t ns);

/* Sleep, compute or do nothing. */
void self_work(const struct work *);

/*
 * Call this now and then in code that computes: a pause takes effect here, and
 * with --gil the interpreter lock may pass to another thread. Takes a few ns.
 */
void self_checkpoint(void);

/* sum = sum + amount under the current lock kind, `times` times. */
void self_add(int64_t amount, uint64_t times);

/* The calling thread eats, after `meals` meals: one step in step mode, else
 * nothing. */
void self_eat(uint64_t meals);

/* The number that self_add() adds to: shared, or this process's own. */
int64_t self_sum(void);

/*
 * Read from a file as pread(2) does; the screen shows the thread as reading.
 * The number of bytes, or -errno.
 */
long self_read(const char *path, void *buf, size_t len, uint64_t offset);

/* A transfer over the network begins or ends; meanwhile the GIL is free. */
void self_network(bool begins);

/*
 * Turn the interpreter lock of --gil on, with this switch interval in ns, or
 * off with 0: for threads and processes that start from now on, and for the
 * calling thread if it is the only one of its process.
 */
void self_set_gil(uint64_t interval);

/* CPU time (ns) and context switches of the calling thread so far. */
struct usage {
	uint64_t cpu, voluntary, involuntary;
};
struct usage self_usage(void);

/* ---- threads of the calling process ---- */

struct thread;

/* NULL with errno: EAGAIN if there is no room for another thread. */
struct thread *thread_start(const char *name, int (*fn)(void *), void *arg);

/*
 * Wait until the thread ends. 0: it is freed, and *result (which may be NULL)
 * is what fn returned. -ETIMEDOUT: it still runs, join it again.
 */
int thread_join(struct thread *, uint64_t timeout, int *result);
bool thread_alive(const struct thread *);

/* ---- processes ---- */

struct child;

/*
 * Start a process that calls fn with a copy of the `size` bytes at arg; what fn
 * returns is its exit status. NULL with errno if the supervisor could not fork.
 * Any process may start others, and joins those that it has started. When main
 * has ended, the run waits for those that were never joined, as in Python.
 */
struct child *process_start(const char *name,
    int (*fn)(const void *arg, size_t size), const void *arg, size_t size);

/*
 * Wait until the process ends. 0: it is freed, and *status is its exit status,
 * or -N if signal N killed it. -ETIMEDOUT: join it again.
 */
int process_join(struct child *, uint64_t timeout, int *status);
bool process_alive(const struct child *);
pid_t process_pid(const struct child *);
int process_kill(struct child *); /* SIGKILL; 0 or -ESRCH */

/* ---- pipes: demo.pipes of them, open in all processes of the demo ---- */

/* Write all of it, and wait for room; read what is there, and wait for at least
 * one byte. The number of bytes, or -errno. */
long pipe_write(unsigned pipe, const void *buf, size_t len);
long pipe_read(unsigned pipe, void *buf, size_t len);

/* ---- output and results ---- */

/* Print a line to the log and to the plain output. It needs no newline. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A result of the program, by name: for the final report and --json. */
#define PROGRAM_RESULTS 64
void result_set(const char *name, int64_t value);

/* A row of a comparison: frame.h, struct frame_measure. */
#define PROGRAM_MEASURES 16
struct frame_measure;
void measure_set(const struct frame_measure *);

#pragma GCC visibility pop

#endif
