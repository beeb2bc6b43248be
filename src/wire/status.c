/* status: writes frames to the status pipe, and never waits for its reader. */
#include "wire/status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/util.h"

#define MAX_PENDING 65536 /* frames; beyond, the newest are dropped */
#define LINE        512

void
report_init(struct report *r, int fd, bool quiet)
{
	*r = (struct report){.fd = fd, .quiet = quiet};
	r->source = (uint16_t)getpid();
	stamp_look(&r->stamps);
	if (fd < 0)
		return;
	int flags = fcntl(fd, F_GETFL);
	if (flags >= 0)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

void
report_free(struct report *r)
{
	free(r->pending);
}

bool
report_failed(const struct report *r)
{
	if (r->error != 0)
		fprintf(stderr,
		    "lockstep-engine: cannot write more frames: %s\n",
		    strerror(r->error));
	return r->error != 0;
}

void
report_drop(struct report *r, uint64_t n)
{
	r->seq += (uint32_t)n;
	r->dropped += n;
}

/* Why did the last write take only a part? Try one more byte. */
static int
report_why_cut(int fd)
{
	return write(fd, "", 1) < 0 ? errno : EIO;
}

/* Number and write a batch. False: the pipe is full, or writing failed. */
static bool
report_send_batch(struct report *r, struct frame *f, unsigned n)
{
	if (r->fd < 0)
		return true;
	for (unsigned i = 0; i < n; i++) {
		f[i].version = FRAME_VERSION;
		f[i].source = r->source;
		f[i].seq = r->seq + i;
	}
	ssize_t put;
	do
		put = write(r->fd, f, n * sizeof *f);
	while (put < 0 && errno == EINTR);
	if (put < 0) {
		r->full = true;
		r->broken = errno != EAGAIN;
		r->error = r->broken && errno != EPIPE ? errno : 0;
		return false;
	}
	r->seq += n;
	/* A pipe takes all or nothing; a disk may take a part. */
	r->broken = (size_t)put != n * sizeof *f;
	r->error = r->broken ? report_why_cut(r->fd) : 0;
	return !r->broken;
}

static void
report_send_pending(struct report *r)
{
	while (r->npending > 0 && !r->full) {
		size_t n =
		    r->npending < FRAME_BATCH ? r->npending : FRAME_BATCH;

		if (!report_send_batch(r, &r->pending[r->first], (unsigned)n))
			return;
		r->first += n;
		r->npending -= n;
	}
	if (r->npending == 0)
		r->first = 0;
}

static bool
report_make_room(struct report *r)
{
	if (r->first > 0 && r->first + r->npending == r->room) {
		memmove(r->pending, r->pending + r->first,
		    r->npending * sizeof *r->pending);
		r->first = 0;
	}
	if (r->first + r->npending < r->room)
		return true;
	size_t room = r->room == 0 ? 256 : r->room * 2;
	if (room > MAX_PENDING)
		return false;
	struct frame *more = reallocarray(r->pending, room, sizeof *more);
	if (more == NULL)
		return false;
	r->pending = more;
	r->room = room;
	return true;
}

void
report_push(struct report *r, struct frame *f)
{
	if (r->fd < 0)
		return;
	if (!report_make_room(r)) {
		report_drop(r, 1);
		return;
	}
	if (f->ns == 0)
		f->ns = now_ns();
	r->pending[r->first + r->npending++] = *f;
}

void
report_text(struct report *r, enum frame_text kind, uint32_t index, int32_t pid,
    const char *text)
{
	struct frame part[FRAME_TEXT_PARTS];
	int n = frame_from_text(part, kind, index, text);

	for (int i = 0; i < n; i++) {
		part[i].pid = pid;
		report_push(r, &part[i]);
	}
}

void
report_log(struct report *r, const char *fmt, ...)
{
	char line[LINE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	report_text(r, TEXT_LOG, 0, getpid(), line);
}

void
report_flush(struct report *r)
{
	unsigned n = r->nout;

	r->nout = 0;
	if (n == 0)
		return;
	report_send_pending(r); /* first, so that names precede their use */
	bool sent = !r->full && report_send_batch(r, r->out, n);
	for (unsigned i = 0; i < n; i++) {
		if (r->sent[i] == NULL && !sent)
			report_drop(r, 1);
		else if (r->sent[i] != NULL && sent)
			*r->sent[i] = r->noted[i];
	}
}

bool
report_gather(struct report *r, const struct frame *f, struct frame *sent,
    const struct frame *note)
{
	if (r->nout == FRAME_BATCH)
		report_flush(r);
	if (r->full)
		return false;
	r->out[r->nout] = *f;
	r->sent[r->nout] = sent;
	if (sent != NULL)
		r->noted[r->nout] = *note;
	r->nout++;
	return true;
}

void
report_offer(struct report *r, struct frame *now, struct frame *sent)
{
	if (r->full || r->fd < 0 || memcmp(now, sent, sizeof *now) == 0)
		return;
	struct frame f = *now;
	f.ns = now_ns();
	if (f.type == FRAME_THREAD && f.ns > now->ns) {
		uint64_t us = (f.ns - now->ns) / NSEC_PER_USEC;
		f.thread.since_us = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
	}
	report_gather(r, &f, sent, now);
}

void
report_begin(struct report *r)
{
	r->full = false;
	stamp_look(&r->stamps);
	report_send_pending(r);
}
