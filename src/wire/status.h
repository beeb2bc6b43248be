/*
 * status: writes frames to the status pipe, and never waits for its reader.
 *
 * There are three functions, by what happens to a frame if the pipe is full:
 *
 *	report_push	keeps it, in order, until the pipe takes it: for names,
 *			log lines, the last events of a dead worker
 *	report_offer	drops it, and the caller offers it again later: for
 *			states, which are sent only when they have changed
 *	report_gather	refuses it: for events, which stay in a thread's slot;
 *			the slot drops the oldest ones
 *
 * A dropped frame uses up a sequence number, so the reader counts it as a gap.
 * Each write is a batch of at most 64 frames; a pipe takes all of it or none.
 *
 * src/wire: what passes between the engine and its reader: frames, their
 * checks, the states of threads and the sentences about them. It may use
 * lockstep, base and memory.
 */
#ifndef LOCKSTEP_STATUS_H
#define LOCKSTEP_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/stamp.h"
#include "lockstep/frame.h"

struct report {
	int fd;      /* -1: frames go nowhere */
	bool quiet;  /* send only frames that are pushed */
	bool full;   /* the pipe took no more in this round */
	bool broken; /* no more can be written: the reader is gone, or ... */
	int error;   /* ... this errno: disk full, file too large */
	uint16_t source;
	uint32_t seq;
	uint64_t dropped;          /* frames */
	struct stamp_scale stamps; /* converts the stamps of events */

	/* The batch; once it is sent, *sent[i] = noted[i]. */
	struct frame out[FRAME_BATCH];
	struct frame *sent[FRAME_BATCH]; /* or NULL */
	struct frame noted[FRAME_BATCH];
	unsigned nout;

	struct frame *pending; /* pushed, not sent; owned; bounded */
	size_t npending, room, first;
};

/* The caller keeps the descriptor, which becomes non-blocking. */
void report_init(struct report *, int fd, bool quiet);
void report_free(struct report *);

/* True, after a message on standard error, if a write error lost frames. */
bool report_failed(const struct report *);

/* The caller sets type, pid, tid and the body, and `ns` if it is not now. */
void report_push(struct report *, struct frame *);
void report_text(struct report *, enum frame_text, uint32_t index, int32_t pid,
    const char *text);
void report_log(struct report *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * `sent` is what was last sent about the same subject. The caller keeps it,
 * zeroed at first. The ns of `now` is 0, or, for a THREAD, when its state
 * began; it is compared, too.
 */
void report_offer(struct report *, struct frame *now, struct frame *sent);

/*
 * Add a frame to the batch, which is sent once it is full. False if the pipe
 * takes no more. Once the batch is sent, *note is copied to *sent, unless
 * `sent` is NULL.
 */
bool report_gather(struct report *, const struct frame *, struct frame *sent,
    const struct frame *note);

/* Skip the sequence numbers of n dropped frames. */
void report_drop(struct report *, uint64_t n);

/* Begin a round: send the pending frames first. */
void report_begin(struct report *);

/* Send the batch. */
void report_flush(struct report *);

#endif
