/* report: frames into the status pipe, never waiting for its reader. */
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
		fprintf(stderr, "lockstep-engine: the frames end here: %s\n",
		    strerror(r->error));
	return r->error != 0;
}

static void
drop(struct report *r, uint64_t n)
{
	r->seq += (uint32_t)n;
	r->dropped += n;
}

/* Why it took only a part: it takes no byte more. */
static int
why_cut(int fd)
{
	return write(fd, "", 1) < 0 ? errno : EIO;
}

/* Number and write a batch. False: the pipe is full, or nobody reads. */
static bool
send_batch(struct report *r, struct frame *f, unsigned n)
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
	/* A pipe takes all or nothing; a disk that is full does not. */
	r->broken = (size_t)put != n * sizeof *f;
	r->error = r->broken ? why_cut(r->fd) : 0;
	return !r->broken;
}

static void
send_pending(struct report *r)
{
	while (r->npending > 0 && !r->full) {
		size_t n =
		    r->npending < FRAME_BATCH ? r->npending : FRAME_BATCH;

		if (!send_batch(r, &r->pending[r->first], (unsigned)n))
			return;
		r->first += n;
		r->npending -= n;
	}
	if (r->npending == 0)
		r->first = 0;
}

static bool
make_room(struct report *r)
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
	if (!make_room(r)) {
		drop(r, 1);
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
	send_pending(r); /* a name comes before whom it names */
	bool sent = !r->full && send_batch(r, r->out, n);
	for (unsigned i = 0; i < n; i++) {
		if (r->sent[i] == NULL && !sent)
			drop(r, 1);
		else if (r->sent[i] != NULL && sent)
			*r->sent[i] = r->noted[i];
	}
}

/* False if the pipe took no more. */
static bool
gather(struct report *r, const struct frame *f, struct frame *sent,
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
	gather(r, &f, sent, now);
}

/* Also of one that is gone. */
static int32_t
tid_of(const struct ring *r)
{
	int32_t tid = atomic_load_explicit(&r->tid, RELAXED);

	return tid != 0 ? tid : atomic_load_explicit(&r->last_tid, RELAXED);
}

static bool
read_event(const struct report *r, const struct ring *ring, uint64_t at,
    struct frame *f, const struct ring *all)
{
	const struct ring_event *e = &ring->events[at % RING_EVENTS];
	uint64_t what = atomic_load_explicit(&e->what, memory_order_acquire);
	uint64_t where = atomic_load_explicit(&e->where, memory_order_acquire);
	uint32_t other = (uint32_t)(what >> 32);

	f->ns = stamp_ns(
	    &r->stamps, atomic_load_explicit(&e->stamp, memory_order_acquire));
	f->trace = (struct frame_trace){.op = (uint16_t)what,
	    .slot = ring->slot,
	    .index = ring->index,
	    .flags = (uint16_t)(what >> 16),
	    .other = other == 0 ? 0 : tid_of(&all[other - 1]),
	    .item = (uint32_t)where,
	    .task = (uint32_t)(where >> 32),
	    .seen = atomic_load_explicit(&e->seen, memory_order_acquire),
	    .value = atomic_load_explicit(&e->value, memory_order_acquire)};
	/* Overwritten meanwhile: then it is none. */
	return atomic_load_explicit(&ring->head, memory_order_acquire) - at <
	    RING_EVENTS;
}

/* A step under way has been traced and not counted yet: never backwards. */
static void
count_untraced(struct report *r, const struct ring *ring, uint64_t head,
    uint64_t *untraced)
{
	uint64_t made = ring->index == 0 ? 0 : ring_made(ring);

	if (made > head + *untraced) {
		drop(r, made - head - *untraced);
		*untraced = made - head;
	}
}

void
report_trace(struct report *r, const struct ring *ring, int32_t pid,
    const struct ring *all, uint64_t *tail, uint64_t *untraced, bool keep)
{
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
	struct frame f = {.type = FRAME_TRACE, .pid = pid};

	if (r->fd < 0 || r->quiet)
		return;
	f.tid = atomic_load_explicit(&ring->tid, RELAXED);
	count_untraced(r, ring, head, untraced);
	if (head - *tail > RING_EVENTS) {
		drop(r, head - *tail - RING_EVENTS);
		*tail = head - RING_EVENTS;
	}
	for (; *tail != head && !r->full; (*tail)++) {
		if (!read_event(r, ring, *tail, &f, all))
			drop(r, 1);
		else if (keep)
			report_push(r, &f);
		else if (!gather(r, &f, NULL, NULL))
			return;
	}
}

void
report_begin(struct report *r)
{
	r->full = false;
	stamp_look(&r->stamps);
	send_pending(r);
}
