/*
 * launch: find and start the engine.
 *
 * The engine gets /dev/null for input and output, a pipe for its errors, and
 * a process group of its own, so that a key typed at the terminal reaches us
 * alone. Every descriptor of ours is closed on exec, and signals are as we were
 * given them.
 */
#ifndef LOCKSTEP_LAUNCH_H
#define LOCKSTEP_LAUNCH_H

#include <sys/types.h>

/* Ours to close; the pid is ours to reap. */
struct launch {
	pid_t pid;
	int pidfd;   /* readable once it is gone; -1 if there is none */
	int status;  /* non-blocking: frames come out here */
	int control; /* non-blocking: commands go in here */
	int errors;  /* non-blocking: what it says on standard error */
};

/*
 * Start `lockstep-engine --status-fd N --control-fd M args...`. 0, or -errno
 * if there was no pipe or no process to be had. A program that cannot be
 * executed shows as a line in `errors` and exit status 3.
 */
int launch_engine(struct launch *, char *const args[]);

/*
 * Run the engine with one option, on our own standard output and error, and
 * wait for it. Its exit status, 128 + n if signal n ended it, 3 if it could
 * not be started.
 */
int launch_show(const char *option);

/* The same with any words, which may be none of the engine's. */
int launch_words(char *const args[]);

/*
 * Start this very program once more, on our terminal, with args[] (without
 * argv[0]). Its pid, or -errno; what it says on standard error comes out of
 * *errors, non-blocking, the caller's to close.
 */
pid_t launch_again(char *const args[], int *errors);

/* What a wait status is in the terms of a shell. */
int launch_exit_code(int wait_status);

#endif
