/* world: a made-up clock, and signals. */
#include "world.h"

#include <sys/signalfd.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "launch.h"
#include "must.h"
#include "terminal.h"

#define NS    1000000000ULL
#define MS    1000000ULL
#define START (1000 * NS)
#define TURN  (35 * MS) /* a little more than a frame of the dashboard */

static struct {
	bool on;
	uint64_t now, idle;
	int signals[2]; /* a pipe: writes and reads are siginfos */
	void (*turn)(void *);
	void *arg;
} world;

int __real_clock_gettime(clockid_t, struct timespec *);
int __real_poll(struct pollfd *, nfds_t, int);
int __real_signalfd(int, const sigset_t *, int);
int __real_sigprocmask(int, const sigset_t *, sigset_t *);
int __wrap_clock_gettime(clockid_t, struct timespec *);
int __wrap_poll(struct pollfd *, nfds_t, int);
int __wrap_signalfd(int, const sigset_t *, int);
int __wrap_sigprocmask(int, const sigset_t *, sigset_t *);
pid_t __wrap_launch_again(char *const[], int *);

void
world_start(void (*turn)(void *), void *arg)
{
	world.turn = turn;
	world.arg = arg;
	world.now = START;
	world.idle = 0;
	MUST(pipe2(world.signals, O_NONBLOCK | O_CLOEXEC) == 0);
	world.on = true;
}

void
world_end(void)
{
	world.on = false;
	close(world.signals[0]);
	close(world.signals[1]);
}

void
world_signal(int number)
{
	struct signalfd_siginfo info = {.ssi_signo = (uint32_t)number};

	if (write(world.signals[1], &info, sizeof info) < 0)
		MUST(errno == EAGAIN);
}

void
world_pass(uint64_t ns)
{
	world.now += ns;
}

uint64_t
world_idle(void)
{
	return world.idle;
}

int
__wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	if (!world.on || id != CLOCK_MONOTONIC)
		return __real_clock_gettime(id, t);
	t->tv_sec = (time_t)(world.now / NS);
	t->tv_nsec = (long)(world.now % NS);
	return 0;
}

/* It closes what it gets. */
int
__wrap_signalfd(int fd, const sigset_t *set, int flags)
{
	return world.on ? fcntl(world.signals[0], F_DUPFD_CLOEXEC, 0)
			: __real_signalfd(fd, set, flags);
}

int
__wrap_sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	if (!world.on)
		return __real_sigprocmask(how, set, old);
	if (old != NULL)
		sigemptyset(old);
	return 0;
}

static struct pollfd *
terminal_of(struct pollfd *fds, nfds_t n)
{
	for (nfds_t i = 0; i < n; i++)
		if (fds[i].fd == TERMINAL_FD)
			return &fds[i];
	return NULL;
}

/* Time goes on by a turn, or by as much as it would have been waited. */
int
__wrap_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	struct pollfd *terminal = terminal_of(fds, n);
	int ready;

	if (!world.on)
		return __real_poll(fds, n, timeout);
	if (terminal != NULL)
		world.turn(world.arg);
	ready = __real_poll(fds, n, 0);
	MUST(ready >= 0);
	if (terminal != NULL && terminal_readable()) {
		terminal->revents = POLLIN;
		ready++;
	}
	world.now += TURN;
	if (ready == 0 && timeout != 0) {
		world.idle++;
		if (timeout > 0)
			world.now += (uint64_t)timeout * MS;
	}
	return ready;
}

/* Another dashboard, of a schedule: there is none to be had. */
pid_t
__wrap_launch_again(char *const args[], int *errors)
{
	(void)errors;
	MUST(args[0] != NULL);
	return -ENOSYS;
}
