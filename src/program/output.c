/* output: a program's lines, results, measures and pipes. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "lockstep/program.h"
#include "lockstep/queue.h"
#include "lockstep/util.h"
#include "memory/atomic_text.h"
#include "program/self.h"
#include "run/registry.h"

#define LOOK 100 /* ms between two looks at the gate */

/* One line: the line ends in it, but the last, are no longer any. */
static size_t
output_one_line(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && line[len - 1] == '\n')
		len--;
	for (size_t i = 0; i < len; i++)
		if (line[i] == '\n')
			line[i] = '?';
	return len;
}

void
say(const char *fmt, ...)
{
	char line[PROGRAM_LINE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	size_t len = output_one_line(line);
	if (registry->output == NULL) /* outside of a run */
		printf("%.*s\n", (int)len, line);
	else if (len > 0)
		queue_put(registry->output, line, len, FOREVER);
	else
		queue_put(registry->output, " ", 1, FOREVER);
}

/* The row of this key, or a new one; NULL if all are taken. */
static struct registry_result *
output_find_result(uint64_t key)
{
	for (unsigned i = 0; i < PROGRAM_RESULTS; i++) {
		struct registry_result *r = &registry->results[i];
		uint64_t has = 0;

		if (atomic_compare_exchange_strong(&r->key, &has, key) ||
		    has == key)
			return r;
	}
	return NULL;
}

void
result_set(const char *name, int64_t value)
{
	struct registry_result *r = output_find_result(hash_text(name));

	if (r == NULL)
		return;
	atomic_text_set(r->name, sizeof r->name, name);
	atomic_store(&r->value, value);
	atomic_fetch_add(&r->set, 1);
}

void
measure_set(const struct frame_measure *m)
{
	uint64_t words[sizeof *m / sizeof(uint64_t)];

	if (m->index >= PROGRAM_MEASURES)
		return;
	memcpy(words, m, sizeof words);
	/* It is odd already if a process was killed in here. */
	uint32_t odd = (atomic_load(&registry->measures[m->index].set) + 1) | 1;
	atomic_store(&registry->measures[m->index].set, odd);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		atomic_store(&registry->measures[m->index].words[i], words[i]);
	atomic_store(&registry->measures[m->index].set, odd + 1);
}

struct pipe_end {
	int fd;
	short events;
};

static bool
output_is_ready(const void *arg)
{
	const struct pipe_end *e = arg;
	struct pollfd p = {.fd = e->fd, .events = e->events};

	return poll(&p, 1, 0) > 0;
}

static bool
output_stand_pipe(
    unsigned pipe, const struct pipe_end *e, enum frame_state state)
{
	const struct self_wait wait = {
	    .op = e->events == POLLIN ? POINT_GET : POINT_PUT,
	    .thing = THING_PIPE,
	    .object = pipe + 1,
	    .state = state,
	    .timeout = FOREVER,
	    .ready = output_is_ready,
	    .arg = e};

	while (self_stepped())
		if (self_stand(&wait) == GATE_GRANTED && output_is_ready(e))
			return true;
	return false;
}

/* Wait until the pipe is ready, and show the wait if there is one. */
static void
output_wait_pipe(unsigned pipe, int fd, short events, enum frame_state state)
{
	const struct pipe_end e = {.fd = fd, .events = events};
	struct pollfd p = {.fd = fd, .events = events};

	if (output_stand_pipe(pipe, &e, state) || output_is_ready(&e))
		return;
	self_block(state, pipe + 1, 0);
	/* Nothing wakes poll() when step mode begins: look now and then. */
	while (!output_stand_pipe(pipe, &e, state) && poll(&p, 1, LOOK) <= 0)
		continue;
	self_unblock();
}

long
pipe_write(unsigned pipe, const void *buf, size_t len)
{
	size_t done = 0;

	if (pipe >= registry->npipes)
		return -EBADF;
	struct registry_pipe *p = &registry->pipes[pipe];
	while (done < len) {
		output_wait_pipe(pipe, p->fds[1], POLLOUT, STATE_WRITING);
		ssize_t put =
		    write(p->fds[1], (const char *)buf + done, len - done);
		if (put < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (put < 0)
			return -errno;
		done += (size_t)put;
		atomic_fetch_add(&p->put, (uint64_t)put);
	}
	return (long)done;
}

long
pipe_read(unsigned pipe, void *buf, size_t len)
{
	if (pipe >= registry->npipes)
		return -EBADF;
	struct registry_pipe *p = &registry->pipes[pipe];
	for (;;) {
		output_wait_pipe(pipe, p->fds[0], POLLIN, STATE_WAIT_PIPE);
		ssize_t got = read(p->fds[0], buf, len);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return -errno;
		atomic_fetch_add(&p->got, (uint64_t)got);
		return (long)got;
	}
}
