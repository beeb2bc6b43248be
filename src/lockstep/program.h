/*
 * program: what a demo with a program of its own is written with: threads,
 * processes, sleep, work, the sum, what it prints and what it has found.
 *
 * Such a demo has a `main`. It runs in a process of its own under the
 * supervisor, and every further process is forked by the supervisor on
 * request, never by a process that has threads. So a function crosses to
 * another process as its address (the same program image), and what it is to
 * know crosses as bytes; globals that main has changed are not seen there.
 *
 * Everything done through these functions shows on the screen by itself. None
 * of them returns once the run was told to end: the thread stays where it is
 * until its process is gone.
 *
 * Times are in ns (util.h has NSEC_PER_MSEC and the like), timeouts too: 0
 * looks and does not wait, FOREVER waits for as long as it takes. Errors are
 * negative errno.
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

/* The options in force. */
const struct params *self_params(void);

/* "main", "thread-2": valid while the thread lives. */
const char *self_name(void);

/* Sleep ns of the run's time: obeys speed and pause; gives up the GIL. */
void self_sleep(uint64_t ns);

/* Sleep or compute, or nothing. */
void self_work(const struct work *);

/*
 * To be called now and then by code that computes: a pause takes hold here,
 * and with --gil the interpreter lock may pass to another thread. A few ns.
 */
void self_checkpoint(void);

/* sum = sum + amount under the lock kind in force, `times` times over. */
void self_add(int64_t amount, uint64_t times);

/* A meal, the calling thread's next after so many: a step of its own when the
 * run is stepped, and nothing at all otherwise. */
void self_eat(uint64_t meals);

/* The number that self_add() adds to: shared, or this process's own. */
int64_t self_sum(void);

/* As pread(2) of a file by its name, shown as reading; bytes or -errno. */
long self_read(const char *path, void *buf, size_t len, uint64_t offset);

/* A transfer over the network begins and ends; in between the GIL is free. */
void self_network(bool begins);

/*
 * From now on (ns: the switch interval; 0: none) threads and processes that
 * start have the interpreter lock of --gil, or have it not; the calling
 * thread, too, if it is the only one of its process.
 */
void self_set_gil(uint64_t interval);

/* CPU time (ns) and context switches of the calling thread so far. */
struct usage {
	uint64_t cpu, voluntary, involuntary;
};
struct usage self_usage(void);

/* ---- threads of the calling process ---- */

struct thread;

/* NULL with errno: EAGAIN if there is no place for one more. */
struct thread *thread_start(const char *name, int (*fn)(void *), void *arg);

/*
 * Wait for its end. 0, and what fn returned in *result (which may be NULL):
 * the thread is then forgotten. -ETIMEDOUT: it still runs, join again.
 */
int thread_join(struct thread *, uint64_t timeout, int *result);
bool thread_alive(const struct thread *);

/* ---- processes ---- */

struct child;

/*
 * A process that runs fn with a copy of the `size` bytes at arg, and ends with
 * what fn returns as its exit status. NULL with errno if the supervisor could
 * not fork. Any process may start some, and joins those that it has started.
 * Those that are never joined are waited for at the end, as in Python.
 */
struct child *process_start(const char *name,
    int (*fn)(const void *arg, size_t size), const void *arg, size_t size);

/*
 * Wait for its end. 0, and in *status its exit status, or -N if signal N
 * killed it: the child is then forgotten. -ETIMEDOUT: join again.
 */
int process_join(struct child *, uint64_t timeout, int *status);
bool process_alive(const struct child *);
pid_t process_pid(const struct child *);
int process_kill(struct child *); /* SIGKILL; 0 or -ESRCH */

/* ---- pipes: as many as the demo asks for, open in all its processes ---- */

/* Write all of it, waiting for room; read what is there, waiting for some.
 * Bytes, or -errno. */
long pipe_write(unsigned pipe, const void *buf, size_t len);
long pipe_read(unsigned pipe, void *buf, size_t len);

/* ---- what comes of it ---- */

/* Print a line: into the log and the plain output. No newline is needed. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A number that was found, by name: in the final report and in --json. */
#define PROGRAM_RESULTS 64
void result_set(const char *name, int64_t value);

/* A row of a comparison: frame.h, struct frame_measure. */
#define PROGRAM_MEASURES 16
struct frame_measure;
void measure_set(const struct frame_measure *);

#pragma GCC visibility pop

#endif
