/*
 * record: the recording of a stream.
 *
 * It misses nothing that the model has received. So while the reader of a pipe
 * does not read, no frames are taken in; keys and signals still are.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
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

/* Opening a pipe waits for its reader; a signal may end us meanwhile. */
int
stream_record(struct stream *s, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	s->record_path = strdup(path);
	if (s->record_path != NULL && fd >= 0) {
		s->record = sink_owned(fd);
		return 0;
	}
	warn("--record: %s", path);
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
