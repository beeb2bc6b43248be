/* recording: reading, pacing and seeking. */
#include "stream/recording.h"

#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/util.h"

#define REPLAY_BUF (64 * 1024)
#define MS         1000000ULL
#define WAIT_MAX   1000 /* ms */

struct recording {
	int fd;
	off_t offset; /* of the next byte to read into buf */
	size_t pos, len;
	struct frame_reader reader;
	struct frame next;
	bool has_next;

	uint64_t first, last; /* ns of the first frame and of the last */
	bool damaged;
	bool hello, bye; /* there is a HELLO; the last frame is a BYE */
	uint64_t good;
	char trouble[160];

	uint64_t at;    /* ns since `first` */
	uint64_t local; /* CLOCK_MONOTONIC ns when `at` was set */
	double pace;
	bool paused;
	unsigned char buf[REPLAY_BUF];
};

static void
recording_rewind_all(struct recording *r)
{
	r->reader = (struct frame_reader){0};
	r->offset = 0;
	r->pos = r->len = 0;
	r->has_next = false;
}

static bool
recording_refill(struct recording *r)
{
	ssize_t n;

	do
		n = pread(r->fd, r->buf, sizeof r->buf, r->offset);
	while (n < 0 && errno == EINTR);
	r->pos = 0;
	r->len = n > 0 ? (size_t)n : 0;
	r->offset += (off_t)r->len;
	return n > 0;
}

static void
recording_take(const struct frame *f, void *arg)
{
	struct recording *r = arg;

	r->next = *f;
	r->has_next = true;
}

/* True with the next good frame in r->next. */
static bool
recording_peek(struct recording *r)
{
	while (!r->has_next) {
		if (r->pos == r->len && !recording_refill(r))
			return false;

		size_t n = r->len - r->pos;

		if (n > FRAME_SIZE)
			n = FRAME_SIZE;
		frame_read(&r->reader, r->buf + r->pos, n, recording_take, r);
		r->pos += n;
	}
	return true;
}

static void
recording_scan(struct recording *r)
{
	for (; recording_peek(r); r->has_next = false) {
		if (r->good++ == 0)
			r->first = r->last = r->next.ns;
		if (r->next.type != FRAME_TRACE && r->next.ns >= r->first)
			r->last = r->next.ns;
		r->hello |= r->next.type == FRAME_HELLO;
		r->bye = r->next.type == FRAME_BYE;
	}
}

void
recording_tell(char *out, size_t size, const struct recording_told *t)
{
	const struct frame_reader *r = t->reader;
	uint64_t skipped = r->garbage + (t->all && r->lost ? r->have : 0);
	const char *what = t->what, *then = " ";
	size_t n = 0;

	out[0] = '\0';
	if (skipped > 0) {
		snprintf(out, size,
		    "%s is damaged in the frame at byte %" PRIu64 ": %" PRIu64
		    " bytes skipped",
		    what, r->damage, skipped);
		n = strlen(out);
		what = "";
		then = "; it ";
	}
	if (!t->all)
		return;
	if (t->fate != NULL)
		snprintf(out + n, size - n, "%s%s", n > 0 ? "; " : "", t->fate);
	else if (!r->lost && r->have > 0)
		snprintf(out + n, size - n,
		    "%s%sends in the middle of frame %" PRIu64 " (byte %" PRIu64
		    ")",
		    what, then, t->good + r->unknown + 1, r->offset);
	else if (!t->bye)
		snprintf(out + n, size - n, "%s%sstops before the run ended",
		    what, then);
}

static int
recording_refuse(struct recording *r, const char *path, const char *why)
{
	warnx("replay: %s: %s", path, why);
	recording_close(r);
	return 2;
}

int
recording_open(struct recording **out, const char *path)
{
	struct recording *r = calloc(1, sizeof *r);
	struct stat st;

	if (r == NULL) {
		warn("replay");
		return 2;
	}
	r->pace = 1;
	r->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (r->fd < 0 || fstat(r->fd, &st) != 0)
		return recording_refuse(r, path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return recording_refuse(r, path,
		    "not a regular file; use lockstep - to read a stream");
	recording_scan(r);
	if (!r->hello)
		return recording_refuse(
		    r, path, "not a lockstep recording (no HELLO frame)");
	recording_tell(r->trouble, sizeof r->trouble,
	    &(struct recording_told){.what = "the recording",
		.reader = &r->reader,
		.good = r->good,
		.all = true,
		.bye = r->bye});
	r->damaged = r->reader.garbage > 0;
	recording_rewind_all(r);
	*out = r;
	return 0;
}

int
recording_fd(const struct recording *r)
{
	return r->fd;
}

void
recording_close(struct recording *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

/* When r->next is due, in ns since the first frame. Stamps may be damaged. */
static uint64_t
recording_due(const struct recording *r)
{
	return r->next.ns < r->first || r->next.ns > r->last
	    ? 0
	    : r->next.ns - r->first;
}

static void
recording_play(struct recording *r, struct model *m, uint64_t to, uint64_t max)
{
	for (; max > 0 && recording_peek(r) && recording_due(r) <= to; max--) {
		model_apply(m, &r->next);
		r->has_next = false;
	}
}

/* Advance the playing position by the time that has passed here. */
static void
recording_advance(struct recording *r)
{
	uint64_t now = now_ns();

	if (r->local != 0 && !r->paused) {
		double ns = (double)(now - r->local) * r->pace;
		uint64_t left = recording_length(r) - r->at;

		r->at += ns < (double)left ? (uint64_t)ns : left;
	}
	r->local = now;
}

void
recording_pump(struct recording *r, struct model *m, unsigned max)
{
	recording_advance(r);
	recording_play(r, m, r->at, max);
}

void
recording_rest(struct recording *r, struct model *m)
{
	recording_play(r, m, UINT64_MAX, UINT64_MAX);
	r->at = recording_length(r);
}

int
recording_wait(struct recording *r)
{
	if (!recording_peek(r))
		return -1;
	recording_advance(r);
	if (recording_due(r) <= r->at)
		return 0;
	if (r->paused)
		return -1;

	double ms = (double)(recording_due(r) - r->at) / r->pace / MS;

	return ms < WAIT_MAX ? (int)ms + 1 : WAIT_MAX;
}

bool
recording_over(struct recording *r)
{
	return !recording_peek(r);
}

void
recording_seek(struct recording *r, struct model *m, int64_t delta)
{
	uint64_t length = recording_length(r), far, at;

	recording_advance(r);
	if (delta < 0) {
		far = 0 - (uint64_t)delta;
		at = far < r->at ? r->at - far : 0;
		recording_rewind_all(r);
		model_reset(m);
	} else {
		far = (uint64_t)delta;
		at = far < length - r->at ? r->at + far : length;
	}
	r->at = at;
	recording_play(r, m, at, UINT64_MAX);
}

void
recording_set_pace(struct recording *r, double factor, bool paused)
{
	recording_advance(r);
	if (factor > 0)
		r->pace = factor;
	r->paused = paused;
}

double
recording_pace(const struct recording *r, bool *paused)
{
	if (paused != NULL)
		*paused = r->paused;
	return r->pace;
}

uint64_t
recording_at(const struct recording *r)
{
	return r->at;
}

uint64_t
recording_length(const struct recording *r)
{
	return r->last - r->first;
}

uint64_t
recording_now(const struct recording *r)
{
	return r->first + r->at;
}

bool
recording_damaged(const struct recording *r)
{
	return r->damaged;
}

const char *
recording_trouble(const struct recording *r)
{
	return r->trouble[0] != '\0' ? r->trouble : NULL;
}
