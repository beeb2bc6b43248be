/*
 * launch: find and start the engine.
 *
 * The engine gets /dev/null for input and output, a pipe for its errors, and
 * its own process group, so that a key typed at the terminal signals only us.
 * All our descriptors are closed on exec; signals are as this program received
 * them. The engine is killed when we die.
 */
#ifndef LOCKSTEP_LAUNCH_H
#define LOCKSTEP_LAUNCH_H

#include <sys/types.h>

/* The caller closes the descriptors and reaps the pid. */
struct launch {
	pid_t pid;
	int pidfd;   /* readable once it has exited; -1 if there is none */
	int status;  /* non-blocking: read frames here */
	int control; /* non-blocking: write commands here */
	int errors;  /* non-blocking: its standard error */
};

/*
 * Call first in the program: find its path while the name that it was started
 * by is still valid. Used only where there is no /proc.
 */
void launch_start(void);

/*
 * Start `lockstep-engine --status-fd N --control-fd M args...`. 0, or -errno
 * and the call that failed if there was no pipe or no process. If the engine
 * cannot be executed, there is a line in `errors` and it exits with status 3.
 */
int launch_engine(struct launch *, char *const args[], const char **call);

/*
 * Replace this process by the engine with these arguments: we have nothing left
 * to do. If it cannot be executed, print one line and exit with status 3.
 */
void launch_words(char *const args[]) __attribute__((noreturn));

/* The same with a single option. */
void launch_show(const char *option) __attribute__((noreturn));

/*
 * Run the engine with these arguments and read at most `size` bytes of its
 * standard output. Returns how many; 0 if it gave no answer.
 */
size_t launch_ask(char *const args[], char *buf, size_t size);

/*
 * Start this program again on our terminal with args[] (without argv[0]). It
 * receives SIGTERM when we die. Returns its pid, or -errno; its standard error
 * can be read from *errors, non-blocking, which the caller closes.
 */
pid_t launch_again(char *const args[], int *errors);

/* A wait status as the exit status that a shell would report. */
int launch_exit_code(int wait_status);

#endif
