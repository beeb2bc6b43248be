/* world: a made-up clock, and signals. */
#include "world.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

#include "export/svg.h"
#include "must.h"
#include "stream/launch.h"
#include "term/signals.h"
#include "terminal.h"

#define NS    1000000000ULL
#define MS    1000000ULL
#define START (1000 * NS)
#define TURN  (35 * MS) /* a little more than a frame of the dashboard */

#define SIGNALS    16
#define SIGNALS_FD (-9)

static struct {
	bool on;
	uint64_t now, idle;
	int signal[SIGNALS]; /* those that wait */
	unsigned first, n;
	int ending;
	void (*turn)(void *);
	void *arg;
} world;

int __real_clock_gettime(clockid_t, struct timespec *);
int __real_poll(struct pollfd *, nfds_t, int);
int __wrap_clock_gettime(clockid_t, struct timespec *);
int __wrap_poll(struct pollfd *, nfds_t, int);
pid_t __wrap_launch_again(char *const[], int *);
int __wrap_svg_save(const struct canvas *, enum theme, const char *, bool);

void
world_start(void (*turn)(void *), void *arg)
{
	world.turn = turn;
	world.arg = arg;
	world.now = START;
	world.idle = 0;
	world.n = 0;
	world.ending = 0;
	world.on = true;
}

void
world_end(void)
{
	world.on = false;
}

/* ---- signals ---- */

void
world_signal(int number)
{
	if (world.n < SIGNALS)
		world.signal[(world.first + world.n++) % SIGNALS] = number;
}

int
signals_catch(bool screen)
{
	(void)screen;
	return 0;
}

void
signals_release(void)
{
	world.n = 0;
}

int
signals_fd(void)
{
	return SIGNALS_FD;
}

int
signals_next(void)
{
	int number;

	if (world.n == 0)
		return 0;
	world.n--;
	number = world.signal[world.first++ % SIGNALS];
	if (world.ending == 0 && number != SIGWINCH && number != SIGCONT &&
	    number != SIGTSTP)
		world.ending = number;
	return number;
}

int
signals_ending(void)
{
	return world.ending;
}

bool
signals_pressing(void)
{
	return world.ending != 0 || world.n > 0;
}

/* It goes on at once. */
void
signals_stop(int number)
{
	(void)number;
	world_signal(SIGCONT);
}

void
signals_for_child(void)
{
}

/* ---- time ---- */

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

/* At the descriptors that are none. */
static void
look(struct pollfd *fds, nfds_t n, int *ready)
{
	for (nfds_t i = 0; i < n; i++) {
		if (fds[i].fd == SIGNALS_FD)
			fds[i].revents = world.n > 0 ? POLLIN : 0;
		else if (fds[i].fd == TERMINAL_IN || fds[i].fd == TERMINAL_OUT)
			fds[i].revents = fake_terminal_ready(fds[i].fd);
		else
			continue;
		*ready += fds[i].revents != 0;
	}
}

static bool
polls_terminal(const struct pollfd *fds, nfds_t n)
{
	for (nfds_t i = 0; i < n; i++)
		if (fds[i].fd == TERMINAL_IN)
			return true;
	return false;
}

/* Time goes on by a turn, or by as much as it would have been waited. */
int
__wrap_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	int ready;

	if (!world.on)
		return __real_poll(fds, n, timeout);
	if (polls_terminal(fds, n))
		world.turn(world.arg);
	ready = __real_poll(fds, n, 0);
	MUST(ready >= 0);
	look(fds, n, &ready);
	world.now += TURN;
	if (ready == 0 && timeout != 0) {
		world.idle++;
		if (timeout > 0)
			world.now += (uint64_t)timeout * MS;
	}
	return ready;
}

/* A picture is drawn, and kept nowhere. */
int
__wrap_svg_save(
    const struct canvas *c, enum theme theme, const char *path, bool fresh)
{
	static FILE *nowhere;

	MUST(fresh && path[0] != '\0');
	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	MUST(nowhere != NULL);
	svg_write(c, theme, nowhere);
	return 0;
}

/* Another dashboard, of a schedule: there is none to be had. */
pid_t
__wrap_launch_again(char *const args[], int *errors)
{
	(void)errors;
	MUST(args[0] != NULL);
	return -ENOSYS;
}
