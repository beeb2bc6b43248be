/*
 * record: the recording of a stream.
 *
 * It misses nothing that the model has received. So while the reader of a pipe
 * does not read, no frames are taken in; keys and signals still are.
 */
#include <sys/file.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "stream/stream_priv.h"
#include "term/signals.h"

/* ns without progress: until we report it; until we give up when leaving. */
#define RECORD_TELL  1000000000ULL
#define RECORD_LEAVE 1000000000ULL
#define RECORD_HURRY 200000000ULL /* after a signal */

#define RECORD_OPEN_MS 10000 /* for the reader of a pipe to open it */

/* Wait for the reader of a pipe, but not forever; a signal ends us. */
static int
record_open(const char *path)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK;
	int fd = open(path, flags, 0666);

	for (int ms = 0; fd < 0 && errno == ENXIO && ms < RECORD_OPEN_MS;
	     ms += RECORD_LOOK_MS) {
		poll(NULL, 0, RECORD_LOOK_MS);
		fd = open(path, flags, 0666);
	}
	if (fd >= 0)
		fcntl(fd, F_SETFL, O_WRONLY);
	return fd;
}

/* Empty the file, unless it is in use. NULL, or why it cannot be used. */
static const char *
record_claim(const struct stream *s, int fd)
{
	struct stat to, from;
	int source = s->replay != NULL ? recording_fd(s->replay) : s->fd;

	if (fstat(fd, &to) != 0)
		return strerror(errno);
	if (!S_ISREG(to.st_mode))
		return NULL;
	if (source >= 0 && fstat(source, &from) == 0 &&
	    to.st_dev == from.st_dev && to.st_ino == from.st_ino)
		return "this is the file that is being read";
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? "another run is recording into it"
					    : strerror(errno);
	return ftruncate(fd, 0) == 0 ? NULL : strerror(errno);
}

int
stream_record(struct stream *s, const char *path)
{
	int fd = record_open(path);
	const char *why = fd >= 0 ? record_claim(s, fd)
	    : errno == ENXIO      ? "no reader has opened it within 10 s"
				  : strerror(errno);

	s->record_path = strdup(path);
	if (why == NULL && s->record_path != NULL) {
		s->record = sink_owned(fd);
		return 0;
	}
	warnx("--record: %s: %s", path, why != NULL ? why : strerror(ENOMEM));
	if (fd >= 0)
		close(fd);
	return 3;
}

static int
record_close(struct stream *s)
{
	s->unrecorded_len = 0;
	return sink_close(&s->record);
}

static void
record_failed(struct stream *s, struct model *m, const char *why)
{
	char line[STREAM_LINE];

	snprintf(line, sizeof line, "lockstep: the recording %s ends here: %s",
	    s->record_path, why);
	line[sizeof line - 2] = '\0';
	strlcat(line, "\n", sizeof line);
	stream_heard(s, m, line, strlen(line));
	record_close(s);
	s->record_failed = true;
}

/* ns since the reader last read. */
static uint64_t
record_idle(const struct stream *s)
{
	return now_ns() - s->recorded_ns;
}

bool
record_waits(const struct stream *s)
{
	return s->unrecorded_len > 0 && record_idle(s) > RECORD_TELL;
}

static void
record_stalled(struct stream *s, struct model *m)
{
	uint64_t patience = signals_ending() != 0 ? RECORD_HURRY
	    : s->leaving                          ? RECORD_LEAVE
						  : UINT64_MAX;

	if (record_idle(s) > patience)
		record_failed(s, m, "its reader has stopped reading");
}

bool
record_rest(struct stream *s, struct model *m)
{
	while (s->unrecorded_len > 0) {
		ssize_t n =
		    sink_write(&s->record, s->unrecorded, s->unrecorded_len);

		if (n > 0) {
			s->unrecorded += n;
			s->unrecorded_len -= (size_t)n;
			s->recorded_ns = now_ns();
		} else if (n < 0) {
			record_failed(s, m, strerror((int)-n));
		} else {
			record_stalled(s, m);
			return s->unrecorded_len == 0;
		}
	}
	return true;
}

void
record_bytes(
    struct stream *s, struct model *m, const unsigned char *p, size_t len)
{
	if (s->record.fd < 0)
		return;
	s->unrecorded = p;
	s->unrecorded_len = len;
	s->recorded_ns = now_ns();
	record_rest(s, m);
}

bool
stream_record_end(struct stream *s)
{
	while (!record_rest(s, NULL)) {
		bool hurry = s->leaving || signals_ending() != 0;

		sink_wait(&s->record, hurry ? RECORD_LOOK_MS : -1);
	}

	int error = record_close(s);

	if (error != 0)
		record_failed(s, NULL, strerror(-error));
	return s->record_failed;
}
