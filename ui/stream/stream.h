/*
 * stream: where frames come from, and where commands go.
 *
 * Three kinds behind one interface: an engine that we start and stop, an open
 * descriptor (`lockstep -`), and a recording, paced by its own time stamps.
 * Only a started engine takes commands; only a recording can seek.
 *
 * ui/stream: frames in and commands out: engine, descriptor, recording. It may
 * use model and the folders before it.
 */
#ifndef LOCKSTEP_STREAM_H
#define LOCKSTEP_STREAM_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lockstep/frame.h"
#include "model/model.h"

struct stream;

/*
 * Start `lockstep-engine` (beside this program, else in the libexec folder it
 * was installed to, else on PATH) with args[] (NULL-terminated, without
 * argv[0]) in its own process group, and wait until it has sent HELLO or
 * exited. 0, or the exit status to use: then one line has been printed, by the
 * engine or by us (status 3: it could not be started).
 */
int stream_open_engine(struct stream **, char *const args[]);

/*
 * Frames from an open descriptor, which the caller keeps. Waits for the first
 * HELLO. 0; 2 after one line if the bytes end, or 64 KiB of them have come,
 * without one; 3 if memory is short.
 */
int stream_open_fd(struct stream **, int fd);

/* A recording. 0, or 2 after one line on standard error. */
int stream_open_recording(struct stream **, const char *path);

/*
 * Append every incoming byte to `path`. 0, or 3 after one line. While the
 * reader of a pipe does not read, no frames are taken in: none is dropped here.
 */
int stream_record(struct stream *, const char *path);

/*
 * The user is leaving: give up on a reader of the recording that has not read
 * for a second. After a signal that asks us to end we give up in any case.
 */
void stream_leave(struct stream *);

/* End the recording. True if bytes are missing from it. */
bool stream_record_end(struct stream *);

/*
 * Descriptors to poll, and how many ms until the stream must be pumped even if
 * none is ready (-1: no need). Fills in at most 4.
 */
int stream_pollfds(struct stream *, struct pollfd fds[4], int *timeout_ms);

/*
 * Take in at most `max` frames without waiting. True if the model changed.
 * `whole` plays a recording to its end at once.
 */
bool stream_pump(struct stream *, struct model *, unsigned max, bool whole);

/* No more frames will come (end of file, a recording played to its end). */
bool stream_ended(const struct stream *);

/* Some bytes were not frames and had to be skipped. */
bool stream_damaged(const struct stream *);

/* One sentence about damage or truncation, NULL if all is well. */
const char *stream_trouble(const struct stream *);

/* The current time on the frames' clock, for "waiting since". */
uint64_t stream_now(const struct stream *, const struct model *);

/* Send a command. 0, -ENOTSUP for streams that accept none, or -errno. */
int stream_command(struct stream *, enum frame_command, int64_t arg);

/* True for a started engine, which can be steered. */
bool stream_steers(const struct stream *);

/* Its recording, to seek in; NULL: it is none. */
struct recording *stream_recording(const struct stream *);

/*
 * Stop the engine (command, then end of the control pipe, then SIGKILL after a
 * second), reap it, close everything. Lines that the engine wrote to its
 * standard error and that no screen has shown go to `err`. Returns the engine's
 * wait status, 0 for other kinds.
 */
int stream_close(struct stream *, FILE *err);

#endif
