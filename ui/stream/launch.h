/*
 * launch: find and start the engine.
 *
 * The engine gets /dev/null for input and output, a pipe for its errors, and
 * a process group of its own, so that a key typed at the terminal reaches us
 * alone. Every descriptor of ours is closed on exec, and signals are as we were
 * given them. It is killed when we die.
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
 * First thing in the program: where it lies, while its own name for itself is
 * still good. It is asked for only where there is no /proc.
 */
void launch_start(void);

/*
 * Start `lockstep-engine --status-fd N --control-fd M args...`. 0, or -errno
 * and the call that failed if there was no pipe or no process to be had. A
 * program that cannot be executed shows as a line in `errors` and exit
 * status 3.
 */
int launch_engine(struct launch *, char *const args[], const char **call);

/*
 * Become the engine, with these words and all that is ours: there is nothing
 * left for us to do. If it cannot be executed, one line and exit status 3.
 */
void launch_words(char *const args[]) __attribute__((noreturn));

/* The same with one option. */
void launch_show(const char *option) __attribute__((noreturn));

/*
 * What the engine answers, with these words, on its standard output, at most
 * `size` bytes of it. How many; 0 if it has no answer.
 */
size_t launch_ask(char *const args[], char *buf, size_t size);

/*
 * Start this very program once more, on our terminal, with args[] (without
 * argv[0]). When we die it gets SIGTERM. Its pid, or -errno; what it says on
 * standard error comes out of *errors, non-blocking, the caller's to close.
 */
pid_t launch_again(char *const args[], int *errors);

/* What a wait status is in the terms of a shell. */
int launch_exit_code(int wait_status);

#endif
