/*
 * trace: what one trace event costs the thread that makes it, against what it
 * would cost to write it as one frame to a pipe that is being read.
 *
 * usage: trace
 *
 * The events are traced one and all, each with a clock reading of its own;
 * untraced_ns is what is left of that when the tick's budget is spent.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lockstep/frame.h"
#include "slot/slot.h"
#include "slot/trace.h"

#define EVENTS 5000000
#define WRITES 500000

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static double
event_ns(uint32_t budget)
{
	static struct trace_control control;
	static struct thread_slot tslot;

	atomic_store(&control.tick, atomic_load(&control.tick) + 1);
	atomic_store(&control.budget, budget);
	tslot.control = &control;
	tslot.left = 0; /* of the last tick's budget */
	double start = now();
	for (int64_t i = 0; i < EVENTS; i++)
		trace(&tslot, TRACE_STORE, i, i + 1);
	return (now() - start) / EVENTS;
}

static double
write_ns(void)
{
	struct frame f = {.type = FRAME_TRACE, .version = FRAME_VERSION};
	static char buf[1 << 16];
	int fd[2];

	if (pipe(fd) == -1)
		err(1, "pipe");
	pid_t pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		close(fd[1]);
		while (read(fd[0], buf, sizeof buf) > 0)
			;
		_exit(0);
	}
	close(fd[0]);
	double start = now();
	for (uint32_t i = 0; i < WRITES; i++) {
		f.seq = i;
		if (write(fd[1], &f, sizeof f) != sizeof f)
			err(1, "write");
	}
	double ns = (now() - start) / WRITES;
	close(fd[1]);
	waitpid(pid, NULL, 0);
	return ns;
}

int
main(void)
{
	stamp_init(); /* as the engine */
	printf("event_ns %.2f\n", event_ns(UINT32_MAX));
	printf("untraced_ns %.2f\n", event_ns(0));
	printf("write_ns %.2f\n", write_ns());
	return 0;
}
