/* sink: writes that do not wait. */
#include "term/sink.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#define SINK_FLAGS (O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* If it is the terminal, any user may open it as /dev/tty. */
static int
sink_reopen_tty(int fd, int flags)
{
	int tty = open("/dev/tty", flags | SINK_FLAGS);
	unsigned ours, theirs;

	if (tty >= 0 && ioctl(tty, TIOCGDEV, &ours) == 0 &&
	    ioctl(fd, TIOCGDEV, &theirs) == 0 && ours == theirs)
		return tty;
	if (tty >= 0)
		close(tty);
	return -1;
}

int
sink_reopen(int fd, int flags)
{
	char name[32];

	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);

	int own = open(name, flags | SINK_FLAGS);

	return own < 0 && isatty(fd) ? sink_reopen_tty(fd, flags) : own;
}

struct sink
sink_shared(int fd)
{
	struct sink s = {.fd = fd, .fits = 1};
	struct stat st;
	bool known = fstat(fd, &st) == 0;

	if (known && S_ISSOCK(st.st_mode))
		s.kind = SINK_SOCKET;
	if (!known || !(S_ISFIFO(st.st_mode) || isatty(fd)))
		return s; /* a second description would have its own offset */
	if (S_ISFIFO(st.st_mode))
		s.fits = PIPE_BUF;

	int own = sink_reopen(fd, O_WRONLY);

	s.opened = own >= 0;
	if (s.opened)
		s.fd = own;
	else
		s.kind = SINK_SHARED;
	return s;
}

struct sink
sink_owned(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	return (struct sink){.fd = fd, .opened = true};
}

int
sink_close(struct sink *s)
{
	int error = s->opened && close(s->fd) != 0 ? -errno : 0;

	*s = (struct sink){.fd = -1};
	return error;
}

ssize_t
sink_write(const struct sink *s, const void *p, size_t len)
{
	ssize_t n;

	if (s->kind == SINK_SHARED && !sink_wait(s, 0))
		return 0;
	if (s->kind == SINK_SHARED && len > s->fits)
		len = s->fits;
	do
		n = s->kind == SINK_SOCKET
		    ? send(s->fd, p, len, MSG_DONTWAIT | MSG_NOSIGNAL)
		    : write(s->fd, p, len);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return n;
	return errno == EAGAIN ? 0 : -errno;
}

/* An error also counts as ready: the next write reports it. */
bool
sink_wait(const struct sink *s, int ms)
{
	struct pollfd p = {.fd = s->fd, .events = POLLOUT};

	return poll(&p, 1, ms) > 0;
}
