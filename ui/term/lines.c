/* lines: standard output for lines and reports. */
#include "term/lines.h"

#include <errno.h>
#include <poll.h>

#include "term/signals.h"

#define LINES_HURRY 200 /* ms to wait for a reader after a signal */

/* False: a signal asks us to end, and the reader is not reading. */
static bool
lines_wait(const struct sink *s)
{
	struct pollfd p[2] = {{.fd = s->fd, .events = POLLOUT},
	    {.fd = signals_fd(), .events = POLLIN}};

	if (signals_pressing())
		return sink_wait(s, LINES_HURRY);
	return poll(p, 2, -1) < 0 || p[0].revents != 0 ||
	    sink_wait(s, LINES_HURRY);
}

/* As write(2), for stdio: dropped bytes count as written. */
static ssize_t
lines_put(void *arg, const char *buf, size_t size)
{
	struct lines *l = arg;
	size_t done = 0;

	while (done < size && l->error == 0) {
		ssize_t n = sink_write(&l->sink, buf + done, size - done);

		if (n > 0)
			done += (size_t)n;
		else if (n < 0)
			l->error = (int)n;
		else if (!lines_wait(&l->sink))
			l->error = -EINTR;
	}
	return (ssize_t)size;
}

int
lines_open(struct lines *l, int fd)
{
	*l = (struct lines){.sink = sink_shared(fd)};
	l->file =
	    fopencookie(l, "w", (cookie_io_functions_t){.write = lines_put});
	if (l->file != NULL)
		return 0;
	sink_close(&l->sink);
	return -ENOMEM;
}

int
lines_close(struct lines *l)
{
	fclose(l->file);
	sink_close(&l->sink);
	return l->error == -EINTR ? 0 : l->error;
}
