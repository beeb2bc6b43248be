/* stage: a program on a terminal of its own. */
#include "stage.h"

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#define REDRAW "\f"    /* the key that draws everything anew */
#define CLOSE  "\33\\" /* ends a string that a terminal sends */
#define AGAIN  2       /* seconds, then the key is pressed once more */
#define LOOK   50      /* ms, between two looks at what sends no word */

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- its processes ---- */

struct word {
	pid_t pid;
	int status; /* -1: it has begun */
};

static void
say(int told, pid_t pid, int status)
{
	struct word word = {pid, status};

	if (write(told, &word, sizeof word) != sizeof word)
		_exit(1);
}

static _Noreturn void
program(const struct stage_job *job, int slave)
{
	setpgid(0, 0);
	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(slave, getpid());
	signal(SIGTTOU, SIG_DFL);
	signal(SIGHUP, SIG_DFL); /* also under nohup: it is to be ended so */
	if (job->input != NULL) {
		int fd = open(job->input, O_RDONLY);

		if (fd < 0)
			err(126, "%s", job->input);
		dup2(fd, STDIN_FILENO);
		close(fd);
	}
	setenv("TERM", job->term, 1);
	setenv("LC_ALL", job->locale, 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	execv(job->argv[0], job->argv);
	err(127, "%s", job->argv[0]);
}

/* The leader of the session; it ends when the program has. */
static _Noreturn void
shell(const struct stage_job *job, int slave, int told, pid_t parent)
{
	pid_t pid;
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || login_tty(slave) != 0)
		_exit(1);
	pid = fork();
	if (pid == 0) {
		close(told);
		program(job, STDIN_FILENO);
	}
	setpgid(pid, pid);
	say(told, pid, -1);
	while (waitpid(pid, &status, WUNTRACED | WCONTINUED) == pid) {
		say(told, pid, status);
		if (WIFEXITED(status) || WIFSIGNALED(status))
			_exit(0);
	}
	_exit(1);
}

static void
hear(struct stage *s)
{
	struct word word;
	ssize_t n = read(s->told, &word, sizeof word);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != sizeof word) {
		s->ended = true;
		return;
	}
	s->program = word.pid;
	if (word.status == -1)
		return;
	s->stopped = WIFSTOPPED(word.status);
	s->ended = WIFEXITED(word.status) || WIFSIGNALED(word.status);
	if (s->ended)
		s->status = word.status;
}

/* ---- waiting ---- */

static void
read_output(struct stage *s)
{
	char buf[16384];
	ssize_t n;

	while ((n = read(s->master, buf, sizeof buf)) > 0)
		watch_bytes(&s->watch, buf, (size_t)n);
}

/* One poll; `writing`: also until the terminal takes more. */
static void
turn(struct stage *s, bool writing, int64_t until)
{
	struct pollfd p[2] = {
	    {.fd = s->master,
		.events = (short)(writing ? POLLIN | POLLOUT : POLLIN)},
	    {.fd = s->ended ? -1 : s->told, .events = POLLIN}};
	int64_t left = until - now_ms();

	if (poll(p, 2, left > 0 ? (int)left : 0) <= 0)
		return;
	if (p[0].revents & (POLLIN | POLLHUP))
		read_output(s);
	if (p[1].revents != 0)
		hear(s);
}

bool
stage_wait(struct stage *s, bool (*done)(const struct stage *, void *arg),
    void *arg, int seconds)
{
	int64_t until = now_ms() + seconds * 1000;

	while (!done(s, arg)) {
		if (now_ms() >= until)
			return false;
		turn(s, false, now_ms() + LOOK);
	}
	return true;
}

static bool
has_ended(const struct stage *s, void *arg)
{
	(void)arg;
	return s->ended;
}

bool
stage_wait_end(struct stage *s, int seconds)
{
	return stage_wait(s, has_ended, NULL, seconds);
}

void
stage_look(struct stage *s)
{
	turn(s, false, 0);
}

/* ---- what is done to it ---- */

static bool
has_begun(const struct stage *s, void *arg)
{
	(void)arg;
	return s->ended || (s->program != 0 && s->watch.clears > 0);
}

void
stage_open(struct stage *s, const struct stage_job *job)
{
	struct winsize size = {.ws_row = (unsigned short)job->rows,
	    .ws_col = (unsigned short)job->cols};
	pid_t parent = getpid();
	int told[2];

	*s = (struct stage){.shell = -1, .redraws = 1};
	if (openpty(&s->master, &s->slave, NULL, NULL, &size) != 0 ||
	    pipe2(told, O_CLOEXEC) != 0)
		err(1, "pty");
	tcgetattr(s->slave, &s->before);
	fcntl(s->master, F_SETFD, FD_CLOEXEC);
	fcntl(s->master, F_SETFL, O_NONBLOCK);
	fcntl(told[0], F_SETFL, O_NONBLOCK);
	s->told = told[0];
	fflush(NULL);
	s->shell = fork();
	if (s->shell < 0)
		err(1, "fork");
	if (s->shell == 0) {
		close(s->master);
		shell(job, s->slave, told[1], parent);
	}
	close(told[1]);
	fcntl(s->slave, F_SETFD, FD_CLOEXEC);
	if (!stage_wait(s, has_begun, NULL, STAGE_WAIT) || s->ended)
		snprintf(s->trouble, sizeof s->trouble, "it never drew");
}

void
stage_close(struct stage *s)
{
	pid_t pids[PROCS_MAX];

	kill(s->shell, SIGKILL);
	for (int n = stage_procs(s, pids); n > 0; n--)
		kill(pids[n - 1], SIGKILL);
	while (waitpid(s->shell, NULL, 0) < 0 && errno == EINTR)
		continue;
	close(s->master);
	close(s->slave);
	close(s->told);
}

bool
stage_write(struct stage *s, const char *bytes, size_t n)
{
	int64_t until = now_ms() + STAGE_WAIT * 1000;

	while (n > 0 && !s->ended) {
		ssize_t put = write(s->master, bytes, n);

		if (put > 0) {
			bytes += put;
			n -= (size_t)put;
		} else if (now_ms() >= until)
			return false;
		else
			turn(s, true, until);
	}
	return true;
}

void
stage_resize(struct stage *s, int rows, int cols)
{
	struct winsize size = {
	    .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	s->redraws++;
	ioctl(s->master, TIOCSWINSZ, &size);
}

static bool
has_cleared(const struct stage *s, void *arg)
{
	const uint64_t *before = arg;

	return s->ended || s->watch.clears > *before;
}

/* What was typed before may have to be ended first. */
static bool
redraws(struct stage *s)
{
	uint64_t before = s->watch.clears;

	for (int seconds = 0; seconds < STAGE_WAIT; seconds += AGAIN) {
		if (!stage_write(s, REDRAW, 1))
			return false;
		if (stage_wait(s, has_cleared, &before, AGAIN))
			return true;
		if (!stage_write(s, CLOSE, 2))
			return false;
	}
	return false;
}

/* Once more than it may redraw for reasons of its own. */
bool
stage_answers(struct stage *s)
{
	for (unsigned times = s->redraws + 1; times > 0; times--)
		if (!redraws(s))
			return false;
	s->redraws = 0;
	return true;
}

/* ---- what became of it ---- */

const char *
stage_unrestored(struct stage *s)
{
	struct termios now;

	read_output(s);
	if (tcgetattr(s->slave, &now) != 0)
		return "settings of the terminal that cannot be read";
	if (now.c_iflag != s->before.c_iflag ||
	    now.c_oflag != s->before.c_oflag ||
	    now.c_cflag != s->before.c_cflag ||
	    now.c_lflag != s->before.c_lflag ||
	    memcmp(now.c_cc, s->before.c_cc, sizeof now.c_cc) != 0)
		return "other settings of the terminal";
	if (s->watch.other)
		return "the alternate screen";
	if (s->watch.hidden)
		return "no cursor";
	if (s->watch.keypad)
		return "the keypad's other sequences";
	return s->watch.state != WATCH_GROUND ? "half a sequence" : NULL;
}

int
stage_procs(const struct stage *s, pid_t out[PROCS_MAX])
{
	int all = procs_of(s->shell, NULL, out), n = 0;

	for (int i = 0; i < all; i++)
		if (out[i] != s->shell)
			out[n++] = out[i];
	return n;
}
