/*
 * engine: the stream of an engine that we started.
 *
 * Until its HELLO the engine's standard error is ours: an engine that fails
 * prints one line there. Afterwards the dashboard may own the terminal, so the
 * engine's lines go to the model's log and are printed when the stream is
 * closed.
 */
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "stream/stream_priv.h"

#define LEAVE_MS 1000                       /* for the engine to exit */
#define GONE_MS  500                        /* from its last byte to its exit */
#define SIP      (FRAME_BATCH * FRAME_SIZE) /* HELLO is in the first batch */

static void
engine_drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
engine_saw_frame(const struct frame *f, void *arg)
{
	bool *hello = arg;

	*hello |= f->type == FRAME_HELLO;
}

/* 1: bytes were read; 0: none now; -1: no more will come. */
static int
engine_read_some(int fd, char *buf, size_t size, size_t *n)
{
	ssize_t got = read(fd, buf, size);

	*n = got > 0 ? (size_t)got : 0;
	if (got > 0)
		return 1;
	return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static void
engine_relay_errors(struct stream *s)
{
	char buf[STREAM_LINE];
	size_t n;
	int more;

	while ((more = engine_read_some(
		    s->engine.errors, buf, sizeof buf, &n)) > 0)
		fwrite(buf, 1, n, stderr);
	if (more < 0)
		engine_drop(&s->engine.errors);
}

/* True once the engine has sent HELLO, false if it never will. */
static bool
engine_await_hello(struct stream *s)
{
	struct frame_reader reader = {0};
	bool hello = false;

	while (!hello && s->have <= STREAM_BUF - SIP) {
		struct pollfd p[2] = {{.fd = s->fd, .events = POLLIN},
		    {.fd = s->engine.errors, .events = POLLIN}};

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return false;
		if (p[0].revents == 0) {
			engine_relay_errors(s);
			continue;
		}

		char *at = (char *)s->buf + s->have;
		size_t n;

		if (engine_read_some(s->fd, at, SIP, &n) < 0)
			return false;
		frame_read(&reader, at, n, engine_saw_frame, &hello);
		s->have += n;
	}
	return hello;
}

static int
engine_ms_left(uint64_t deadline)
{
	uint64_t now = now_ns();

	return now < deadline ? (int)((deadline - now) / 1000000) + 1 : 0;
}

static void
engine_errors(struct stream *s, struct model *m)
{
	char buf[STREAM_LINE];
	size_t n;
	int more = 0;

	while (s->engine.errors >= 0 &&
	    (more = engine_read_some(s->engine.errors, buf, sizeof buf, &n)) >
		0)
		stream_heard(s, m, buf, n);
	if (more < 0)
		engine_drop(&s->engine.errors);
}

/* Read its errors until it has exited or the time is up. */
static bool
engine_gone_in_time(struct stream *s)
{
	uint64_t deadline = now_ns() + LEAVE_MS * 1000000ULL;
	struct pollfd p[2] = {{.events = POLLIN}, {.events = POLLIN}};

	for (;;) {
		int left = engine_ms_left(deadline);

		p[0].fd = s->engine.pidfd;
		p[1].fd = s->engine.errors;
		if (p[0].fd < 0 && p[1].fd < 0)
			return false;
		if (poll(p, 2, left) < 0 && errno != EINTR)
			return false;
		engine_errors(s, NULL);
		if (p[0].revents != 0 || (p[0].fd < 0 && s->engine.errors < 0))
			return true;
		if (left == 0)
			return false;
	}
}

/* The status pipe has ended: find out why, but do not reap the engine yet. */
static void
engine_fate(struct stream *s)
{
	struct pollfd p = {.fd = s->engine.pidfd, .events = POLLIN};
	siginfo_t how = {0};

	poll(&p, 1, GONE_MS);
	if (waitid(P_PID, (id_t)s->engine.pid, &how,
		WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    how.si_pid == 0)
		snprintf(s->fate, sizeof s->fate,
		    "the engine closed its stream before the run ended");
	else if (how.si_code == CLD_EXITED)
		snprintf(s->fate, sizeof s->fate,
		    "the engine exited with status %d before the run ended",
		    how.si_status);
	else
		snprintf(s->fate, sizeof s->fate,
		    "the engine was killed by signal %d", how.si_status);
}

/*
 * Stop the engine. Returns its wait status; 0 if it did not exit in time and
 * had to be killed, which says nothing about the run.
 */
static int
engine_close(struct stream *s)
{
	static const char late[] =
	    "lockstep: the engine did not exit in time and was killed\n";
	int status = 0;
	bool killed = false;

	stream_command(s, COMMAND_STOP, 0);
	engine_drop(&s->fd);
	engine_drop(&s->engine.control);
	if (!engine_gone_in_time(s)) {
		killed = true;
		kill(-s->engine.pid, SIGKILL);
		kill(s->engine.pid, SIGKILL);
	}
	while (waitpid(s->engine.pid, &status, 0) < 0 && errno == EINTR)
		continue;
	killed = killed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	engine_errors(s, NULL);
	if (s->line_len > 0)
		stream_heard(s, NULL, "\n", 1);
	if (killed)
		stream_heard(s, NULL, late, sizeof late - 1);
	engine_drop(&s->engine.errors);
	engine_drop(&s->engine.pidfd);
	return killed ? 0 : status;
}

static int
engine_command(struct stream *s, const struct frame *f)
{
	if (s->engine.control < 0)
		return -EPIPE;
	return write(s->engine.control, f, sizeof *f) < 0 ? -errno : 0;
}

const struct stream_ops engine_ops = {.errors = engine_errors,
    .fate = engine_fate,
    .command = engine_command,
    .close = engine_close};

/* It sent no HELLO: we exit with its exit status. */
static int
engine_refused(struct stream *s)
{
	int status = launch_exit_code(stream_close(s, stderr));

	if (status == 0 || status > 128) {
		warnx("the engine exited before it sent HELLO (status %d)",
		    status);
		return 3;
	}
	return status;
}

int
stream_open_engine(struct stream **out, char *const args[])
{
	struct stream *s = stream_new(&engine_ops);
	const char *call = "malloc";
	int error =
	    s == NULL ? -ENOMEM : launch_engine(&s->engine, args, &call);

	if (error != 0) {
		errno = -error;
		warn("cannot start the engine: %s", call);
		if (s != NULL)
			free(s->buf);
		free(s);
		return 3;
	}
	s->fd = s->engine.status;
	if (!engine_await_hello(s))
		return engine_refused(s);
	*out = s;
	return 0;
}
