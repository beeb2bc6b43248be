/*
 * engine: an engine under test: started with pipes of its own, its frames
 * taken in and checked one by one, its processes known. Whatever goes wrong
 * ends the test that runs.
 */
#ifndef LOCKSTEP_KILL_ENGINE_H
#define LOCKSTEP_KILL_ENGINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lockstep/frame.h"
#include "lockstep/util.h"

#define ENGINE_PROCS    256
#define ENGINE_STEPS    256
#define ENGINE_SCHEDULE (SCHEDULE_PIECE + 1)
#define ENGINE_DEADLINE (120 * NSEC_PER_SEC) /* it is a hang then */

/* A process of the present run. */
struct engine_proc {
	struct frame_proc last;
	pid_t pid;
};

struct engine {
	pid_t pid;
	int status_fd, control_fd, error_fd;
	int status;     /* of wait(), after engine_end() */
	bool eof;       /* no more frames will come */
	uint32_t asked; /* number of the last command */

	struct frame_reader reader;
	unsigned hellos, byes, banners, stalled;
	bool exact; /* nothing may ever be in doubt or lost */
	struct frame_hello hello;
	struct frame_bye bye;
	struct frame_item_queue item_queue;
	struct frame_sum sum;
	struct frame_lock lock;
	struct frame_control control;
	struct frame_schedule lab;
	struct frame_mutex mutex;       /* the last that came */
	char schedule[ENGINE_SCHEDULE]; /* its first piece */
	struct engine_step {
		struct frame_step last;
		int32_t tid;
	} steps[ENGINE_STEPS]; /* of all threads that said one */
	unsigned nsteps;
	struct engine_proc procs[ENGINE_PROCS];
	unsigned nprocs;
	int32_t gated;     /* a tid that waits at the gate */
	char log[1 << 17]; /* log, output, results: all lines */
	char errors[4096];
};

/*
 * Start the program that the environment variable names, with the words of
 * `args`, and LOCKSTEP_CRASH or LOCKSTEP_FAULT set unless NULL.
 */
struct engine *engine_start(const char *variable, const char *crash,
    const char *fault, const char *args);

/* Take in what comes within a moment. */
void engine_pump(struct engine *);

/* Pump until it holds. */
#define ENGINE_UNTIL(e, cond)                                              \
	do {                                                               \
		uint64_t until_ = now_ns() + ENGINE_DEADLINE;              \
		while (!(cond)) {                                          \
			engine_pump(e);                                    \
			if (now_ns() > until_)                             \
				engine_fail(e, __FILE__, __LINE__, #cond); \
		}                                                          \
	} while (0)

void engine_fail(struct engine *, const char *file, int line, const char *what)
    __attribute__((noreturn));

/* Send a command; after BYE no answer comes. */
void engine_send(struct engine *, enum frame_command, int64_t arg);

/* Send a command and wait for its result. */
int engine_command(struct engine *, enum frame_command, int64_t arg);

/* A living worker that has come to work, by slot or (0) any; or NULL. */
struct engine_proc *engine_worker(struct engine *, unsigned slot);
struct engine_proc *engine_find(struct engine *, pid_t);

/* The thread with this letter, from 1, that stands at its gate; or NULL. */
struct engine_step *engine_letter(struct engine *, unsigned letter);
unsigned engine_alive(const struct engine *);
unsigned engine_killed(const struct engine *); /* by SIGKILL */

/* Read to the end, reap, check that nobody is left. The exit status. */
int engine_end(struct engine *);

/* The same for a run that was to do all its items; or for one to be stopped. */
void engine_done(struct engine *);
void engine_stop(struct engine *);

/* Wait until no process that was known is left. */
void engine_gone(struct engine *);

#endif
