/* tty: a program on a terminal whose other end is ours. */
#include "tty.h"

#include <sys/ioctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <regex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include <check.h>

#define WORDS 24
#define TAIL  1000 /* bytes */
#define LOOK  20   /* ms between two looks at a process */

static struct termios before;

static _Noreturn void
run(const struct tty_options *o, const char *const args[])
{
	const char *argv[WORDS + 2] = {getenv("LOCKSTEP")};

	for (int i = 0; i < WORDS && args[i] != NULL; i++)
		argv[1 + i] = args[i];
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	if (o->term != NULL)
		setenv("TERM", o->term, 1);
	else
		unsetenv("TERM");
	if (o->no_keyboard) {
		dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
		signal(SIGHUP, SIG_IGN); /* of giving it up */
		ioctl(STDOUT_FILENO, TIOCNOTTY);
		signal(SIGHUP, SIG_DFL);
	}
	if (o->prepare != NULL)
		o->prepare();
	execv(argv[0], (char **)(void *)argv);
	_exit(127);
}

struct tty *
tty_start(const struct tty_options *o, const char *const args[])
{
	struct tty *t = calloc(1, sizeof *t);
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	int slave;

	ck_assert_ptr_nonnull(t);
	ck_assert_msg(getenv("LOCKSTEP") != NULL, "LOCKSTEP is not set");
	ck_assert_int_eq(openpty(&t->fd, &slave, NULL, NULL, &size), 0);
	ck_assert_int_eq(tcgetattr(slave, &before), 0);
	fcntl(t->fd, F_SETFD, FD_CLOEXEC);
	t->pid = fork();
	ck_assert_int_ge(t->pid, 0);
	if (t->pid == 0) {
		login_tty(slave);
		run(o, args);
	}
	close(slave);
	return t;
}

void
tty_end(struct tty *t)
{
	close(t->fd);
	free(t);
}

void
tty_type(struct tty *t, const char *bytes, size_t len)
{
	ck_assert_int_eq(write(t->fd, bytes, len), (ssize_t)len);
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Take in what it writes within `ms`. False: there is nothing. */
static bool
take(struct tty *t, int ms)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};

	ck_assert_msg(t->len < TTY_BYTES - 1, "it writes too much");
	if (poll(&p, 1, ms) <= 0)
		return false;

	ssize_t n = read(t->fd, t->text + t->len, TTY_BYTES - 1 - t->len);

	for (ssize_t i = 0; i < n; i++)
		if (t->text[t->len + (size_t)i] == '\0')
			t->text[t->len + (size_t)i] = ' ';
	t->len += n > 0 ? (size_t)n : 0;
	t->text[t->len] = '\0';
	return n > 0;
}

bool
tty_says(const struct tty *t, const char *regex)
{
	regex_t r;

	ck_assert_int_eq(
	    regcomp(&r, regex, REG_EXTENDED | REG_NEWLINE | REG_NOSUB), 0);

	bool found = regexec(&r, t->text, 0, NULL, 0) == 0;

	regfree(&r);
	return found;
}

const char *
tty_tail(const struct tty *t)
{
	return t->text + (t->len > TAIL ? t->len - TAIL : 0);
}

void
tty_wait(struct tty *t, const char *regex)
{
	double deadline = now() + TTY_DEADLINE;

	while (!tty_says(t, regex)) {
		ck_assert_msg(
		    now() < deadline, "no '%s' came, but: %s", regex, t->text);
		take(t, LOOK);
	}
}

void
tty_forget(struct tty *t)
{
	while (take(t, 0))
		continue;
	t->len = 0;
	t->text[0] = '\0';
}

void
tty_stuff(struct tty *t)
{
	int slave = open(ptsname(t->fd), O_WRONLY | O_NOCTTY | O_NONBLOCK);

	ck_assert_int_ge(slave, 0);
	while (write(slave, "stuff", 5) > 0 || errno == EINTR)
		continue;
	ck_assert_int_eq(errno, EAGAIN);
	close(slave);
}

int
tty_status(struct tty *t, bool reading)
{
	double deadline = now() + TTY_DEADLINE;
	int status;

	while (waitpid(t->pid, &status, WNOHANG) != t->pid) {
		ck_assert_msg(now() < deadline, "it does not end: %s", t->text);
		if (!reading || !take(t, LOOK))
			poll(NULL, 0, LOOK);
	}
	while (take(t, 0))
		continue;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* Both ends have the same. */
void
tty_check_settings(struct tty *t)
{
	struct termios after;

	ck_assert_int_eq(tcgetattr(t->fd, &after), 0);
	ck_assert_uint_eq(after.c_iflag, before.c_iflag);
	ck_assert_uint_eq(after.c_oflag, before.c_oflag);
	ck_assert_uint_eq(after.c_lflag, before.c_lflag);
	ck_assert_mem_eq(after.c_cc, before.c_cc, sizeof after.c_cc);
}
