/*
 * sleepers: processes full of threads that wake and sleep again, for as long
 * as a program runs that looks at them.
 *
 * usage: sleepers PROCESSES THREADS PROGRAM [ARG...]
 *
 * The program starts when all threads run, and its exit status is ours. All
 * threads together wake at most WAKES times a second, or they would be the
 * load that is measured.
 */
#include <err.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAKES 10000

static struct timespec period;

static void *
sleeper(void *arg)
{
	while (nanosleep(&period, NULL) == 0)
		;
	return arg;
}

static _Noreturn void
process(int threads, int ready)
{
	pthread_attr_t attr;
	pthread_t tid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 << 10);
	for (int i = 0; i < threads; i++) {
		if (pthread_create(&tid, &attr, sleeper, NULL) != 0)
			errx(1, "cannot create a thread");
	}
	if (write(ready, "r", 1) != 1)
		err(1, "write");
	sleeper(NULL);
	_exit(0);
}

int
main(int argc, char **argv)
{
	int ready[2];
	char c;

	if (argc < 4)
		errx(2, "usage: sleepers PROCESSES THREADS PROGRAM [ARG...]");
	int processes = atoi(argv[1]), threads = atoi(argv[2]);
	if (processes < 1 || threads < 1)
		errx(2, "both numbers must be positive");
	long ns = 1000000000L / WAKES * processes * threads;
	if (ns < 1000000000L / 30)
		ns = 1000000000L / 30;
	period.tv_sec = ns / 1000000000L;
	period.tv_nsec = ns % 1000000000L;

	if (pipe(ready) == -1)
		err(1, "pipe");
	for (int i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid == -1)
			err(1, "fork");
		if (pid == 0)
			process(threads, ready[1]);
	}
	close(ready[1]);
	for (int i = 0; i < processes; i++) {
		if (read(ready[0], &c, 1) != 1)
			errx(1, "a process did not get ready");
	}

	pid_t pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		execvp(argv[3], argv + 3);
		err(127, "%s", argv[3]);
	}
	int status;
	while (waitpid(pid, &status, 0) == -1)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
