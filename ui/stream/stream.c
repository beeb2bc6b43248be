/*
 * stream: one interface over its three kinds.
 *
 * Bytes are recorded as they are handed to the model, neither earlier nor
 * later: a recording holds exactly what the model has received.
 */
#include "stream/stream.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "stream/stream_priv.h"

struct stream_feed {
	struct stream *s;
	struct model *m;
};

struct stream *
stream_new(const struct stream_ops *ops)
{
	struct stream *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->ops = ops;
	s->fd = s->record.fd = -1;
	s->engine = (struct launch){
	    .pidfd = -1, .status = -1, .control = -1, .errors = -1};
	s->buf = malloc(STREAM_BUF);
	if (s->buf == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

static void
stream_saw_frame(const struct frame *f, void *arg)
{
	bool *hello = arg;

	*hello |= f->type == FRAME_HELLO;
}

/* Reads block here, and a signal ends us as it would any program. */
static bool
stream_await_hello(struct stream *s)
{
	struct frame_reader reader = {0};
	bool hello = false;

	while (!hello && s->have < STREAM_AWAIT) {
		struct pollfd p = {.fd = s->fd, .events = POLLIN};
		unsigned char *at = s->buf + s->have;

		poll(&p, 1, -1);

		ssize_t n = read(s->fd, at, FRAME_BATCH * FRAME_SIZE);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return false;
		frame_read(&reader, at, (size_t)n, stream_saw_frame, &hello);
		s->have += (size_t)n;
	}
	return hello;
}

int
stream_open_fd(struct stream **out, int fd)
{
	struct stream *s = stream_new(NULL);

	if (s == NULL) {
		warn("cannot read a stream");
		return 3;
	}
	s->fd = fd;
	if (!stream_await_hello(s)) {
		warnx("-: not a lockstep stream (no HELLO frame)");
		stream_close(s, NULL);
		return 2;
	}
	*out = s;
	return 0;
}

int
stream_open_recording(struct stream **out, const char *path)
{
	struct stream *s = stream_new(NULL);

	if (s == NULL) {
		warn("replay");
		return 2;
	}

	int status = recording_open(&s->replay, path);

	if (status != 0) {
		stream_close(s, NULL);
		return status;
	}
	*out = s;
	return 0;
}

static void
stream_apply(const struct frame *f, void *arg)
{
	struct stream_feed *to = arg;

	to->s->good++;
	to->s->bye = f->type == FRAME_BYE;
	model_apply(to->m, f);
}

static void
stream_tell(struct stream *s)
{
	recording_tell(s->trouble, sizeof s->trouble,
	    &(struct recording_told){.what = "the stream",
		.reader = &s->reader,
		.good = s->good,
		.all = s->eof,
		.bye = s->bye,
		.fate = s->fate[0] != '\0' ? s->fate : NULL});
}

/* No more bytes will come. If the run has not ended, it never will. */
static void
stream_over(struct stream *s, struct model *m)
{
	s->eof = true;
	if (s->ops != NULL && !m->ended)
		s->ops->fate(s);
	stream_tell(s);
	if (!m->live || m->ended)
		return;
	if (s->ops != NULL) /* its last errors come before its fate */
		s->ops->errors(s, m);
	model_note(m, s->trouble, strlen(s->trouble));
	model_break(m);
}

static void
stream_feed(
    struct stream *s, struct model *m, const unsigned char *p, size_t len)
{
	struct stream_feed to = {.s = s, .m = m};

	record_bytes(s, m, p, len);

	uint64_t garbage = s->reader.garbage;

	frame_read(&s->reader, p, len, stream_apply, &to);
	if (s->reader.garbage != garbage)
		stream_tell(s);
	if (m->now != s->frame_ns) {
		s->frame_ns = m->now;
		s->local_ns = now_ns();
	}
}

/* The caller's descriptor keeps its flags, so it may block: poll first. */
static bool
stream_readable(const struct stream *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};

	return s->ops != NULL || poll(&p, 1, 0) > 0;
}

static void
stream_pump_bytes(struct stream *s, struct model *m, size_t left)
{
	if (!record_rest(s, m))
		return;
	if (s->have > 0) {
		size_t have = s->have;

		s->have = 0;
		stream_feed(s, m, s->buf, have);
	}
	while (left > 0 && !s->eof && s->unrecorded_len == 0 &&
	    stream_readable(s)) {
		size_t want = left < STREAM_BUF ? left : STREAM_BUF;
		ssize_t n = read(s->fd, s->buf, want);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			stream_over(s, m);
			return;
		}
		stream_feed(s, m, s->buf, (size_t)n);
		if ((size_t)n < want)
			return; /* most likely that was all */
		left -= (size_t)n;
	}
}

bool
stream_pump(struct stream *s, struct model *m, unsigned max, bool whole)
{
	uint64_t before = m->version;

	if (s->replay != NULL) {
		if (whole)
			recording_rest(s->replay, m);
		else
			recording_pump(s->replay, m, max);
	} else {
		stream_pump_bytes(s, m, (size_t)max * FRAME_SIZE);
		if (s->ops != NULL)
			s->ops->errors(s, m);
	}
	return m->version != before;
}

int
stream_pollfds(struct stream *s, struct pollfd fds[4], int *timeout_ms)
{
	int n = 0;

	*timeout_ms = s->have > 0 ? 0 : -1;
	if (s->replay != NULL) {
		*timeout_ms = recording_wait(s->replay);
		return 0;
	}
	if (s->unrecorded_len > 0) {
		*timeout_ms = RECORD_LOOK_MS;
		fds[n++] =
		    (struct pollfd){.fd = s->record.fd, .events = POLLOUT};
	} else if (!s->eof)
		fds[n++] = (struct pollfd){.fd = s->fd, .events = POLLIN};
	if (s->engine.errors >= 0)
		fds[n++] =
		    (struct pollfd){.fd = s->engine.errors, .events = POLLIN};
	return n;
}

bool
stream_ended(const struct stream *s)
{
	return s->replay != NULL ? recording_over(s->replay) : s->eof;
}

bool
stream_damaged(const struct stream *s)
{
	return s->replay != NULL ? recording_damaged(s->replay)
				 : s->reader.garbage > 0;
}

const char *
stream_trouble(const struct stream *s)
{
	if (s->replay != NULL)
		return recording_trouble(s->replay);
	if (s->trouble[0] != '\0')
		return s->trouble;
	return record_waits(s) ? "the recording waits for its reader" : NULL;
}

uint64_t
stream_now(const struct stream *s, const struct model *m)
{
	if (s->replay != NULL)
		return recording_now(s->replay);
	if (s->eof || m->ended || s->local_ns == 0)
		return m->now;
	return m->now + (now_ns() - s->local_ns);
}

int
stream_command(struct stream *s, enum frame_command op, int64_t arg)
{
	struct frame f = {.type = FRAME_COMMAND,
	    .version = FRAME_VERSION,
	    .seq = s->commands + 1,
	    .ns = now_ns(),
	    .pid = getpid(),
	    .command = {.op = op, .arg = arg}};

	if (s->ops == NULL)
		return -ENOTSUP;

	int error = s->ops->command(s, &f);

	s->commands += error == 0;
	return error;
}

bool
stream_steers(const struct stream *s)
{
	return s->ops != NULL && !s->eof;
}

struct recording *
stream_recording(const struct stream *s)
{
	return s->replay;
}

void
stream_leave(struct stream *s)
{
	s->leaving = true;
}

int
stream_close(struct stream *s, FILE *err)
{
	int status = 0;

	if (s == NULL)
		return 0;
	if (s->ops != NULL)
		status = s->ops->close(s);
	stream_leave(s);
	stream_record_end(s);
	if (err != NULL && s->unseen_len > 0)
		fwrite(s->unseen, 1, s->unseen_len, err);
	recording_close(s->replay);
	free(s->record_path);
	free(s->unseen);
	free(s->buf);
	free(s);
	return status;
}
