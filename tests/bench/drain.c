/*
 * drain: start a program and read what it says, as a dashboard would that
 * draws nothing; say when its threads were ready and how it went.
 *
 * usage: drain [-l] [-n] PROGRAM [ARG...]
 *
 * The program writes frames, as the engine does; with -l it writes lines,
 * and its first one means that it is ready. -n stops reading, and ends the
 * program, once it is ready.
 *
 * A run is ready when its barrier is open and no thread is still starting,
 * as seen here: the time is from before the fork to the frame's arrival.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lockstep/frame.h"

#define NS          1000000000LL
#define PIPE_SIZE   (1 << 20)
#define MAX_THREADS 256 /* of a process, that it can tell ready */
#define FRAME_MS    33  /* between reads once it is ready: a frame's time */

struct run {
	uint64_t begin, ready; /* ns; ready is 0 until it is */
	unsigned expected;     /* threads, as HELLO says */
	unsigned seen;         /* threads past STATE_STARTING */
	bool open;             /* the barrier */
	bool ended;
	struct frame_bye bye;
	uint64_t frames;
	bool up[FRAME_MAX_SLOTS][MAX_THREADS + 1];
};

static struct run run;

static uint64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS + (uint64_t)ts.tv_nsec;
}

static void
see_thread(struct run *r, const struct frame_thread *t)
{
	if (t->index == 0 || t->index > MAX_THREADS ||
	    t->state == STATE_STARTING || r->up[t->slot][t->index])
		return;
	r->up[t->slot][t->index] = true;
	r->seen++;
}

static void
see(const struct frame *f, void *arg)
{
	struct run *r = arg;

	r->frames++;
	switch (f->type) {
	case FRAME_HELLO:
		r->expected = (unsigned)f->hello.processes * f->hello.threads;
		break;
	case FRAME_THREAD:
		see_thread(r, &f->thread);
		break;
	case FRAME_CONTROL:
		r->open =
		    f->control.phase != PHASE_STARTING && !f->control.barrier;
		break;
	case FRAME_BYE:
		r->bye = f->bye;
		r->ended = true;
		break;
	default:
		break;
	}
	if (r->ready == 0 && r->open && r->seen >= r->expected)
		r->ready = now();
}

static pid_t
start(char **argv, int *out)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) == -1)
		err(1, "pipe");
	fcntl(fd[0], F_SETPIPE_SZ, PIPE_SIZE);
	run.begin = now();
	pid_t pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		dup2(fd[1], STDOUT_FILENO);
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	close(fd[1]);
	*out = fd[0];
	return pid;
}

/* To end of file, or until it is ready if that is all we want. */
static void
read_all(int fd, bool lines, bool only_ready)
{
	static char buf[PIPE_SIZE];
	static struct frame_reader reader;
	ssize_t n;

	while ((n = read(fd, buf, sizeof buf)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			err(1, "read");
		if (lines && run.ready == 0)
			run.ready = now();
		if (!lines)
			frame_read(&reader, buf, (size_t)n, see, &run);
		if (run.ready != 0 && only_ready)
			return;
		if (run.ready != 0 && !run.ended && !lines)
			poll(NULL, 0, FRAME_MS);
	}
}

static void
print(void)
{
	struct rusage ru;

	if (run.ready != 0)
		printf(
		    "ready_ms %.3f\n", (double)(run.ready - run.begin) / 1e6);
	if (!run.ended)
		return;
	double s = (double)run.bye.elapsed / NS;
	printf("tasks %llu\n", (unsigned long long)run.bye.tasks);
	printf("elapsed_s %.6f\n", s);
	if (s > 0)
		printf("tasks_per_s %.0f\n", (double)run.bye.tasks / s);
	printf("frames %llu\n", (unsigned long long)run.frames);
	printf("dropped %llu\n", (unsigned long long)run.bye.dropped);
	if (getrusage(RUSAGE_CHILDREN, &ru) == 0)
		printf("cpu_s %.3f\n",
		    (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) +
			(double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) /
			    1e6);
}

int
main(int argc, char **argv)
{
	bool lines = false, only_ready = false;
	int c, fd, status;

	while ((c = getopt(argc, argv, "+ln")) != -1) {
		if (c == 'l')
			lines = true;
		else if (c == 'n')
			only_ready = true;
		else
			return 2;
	}
	if (optind == argc)
		errx(2, "usage: drain [-l] [-n] PROGRAM [ARG...]");
	pid_t pid = start(argv + optind, &fd);
	read_all(fd, lines, only_ready);
	if (only_ready)
		kill(pid, SIGTERM);
	while (only_ready && read(fd, (char[4096]){0}, 4096) > 0)
		;
	close(fd);
	if (waitpid(pid, &status, 0) == -1)
		err(1, "waitpid");
	print();
	return run.ready == 0 || (!only_ready && status != 0);
}
