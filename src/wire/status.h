/*
 * status: frames into the status pipe, never waiting for its reader.
 *
 * Three ways in, by what a full pipe means for them:
 *
 *	report_push	kept in order until the pipe takes it: names, log lines,
 *			the last words of a dead worker
 *	report_offer	a state; sent if it differs from what was last sent, and
 *			simply offered again later if the pipe is full
 *	report_gather	events, straight from a thread's slot, which forgets the
 *			oldest while the pipe is full
 *
 * What is dropped takes up sequence numbers, so the reader counts it as a gap.
 * A write is a batch of at most 64 frames, taken whole or not at all.
 */
#ifndef LOCKSTEP_STATUS_H
#define LOCKSTEP_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/stamp.h"
#include "lockstep/frame.h"

struct report {
	int fd;      /* -1: nobody is told anything */
	bool quiet;  /* only what is pushed */
	bool full;   /* the pipe took no more in this round */
	bool broken; /* no more can be written: the reader is gone, or ... */
	int error;   /* ... errno: a disk that is full, a file too large */
	uint16_t source;
	uint32_t seq;
	uint64_t dropped;          /* frames */
	struct stamp_scale stamps; /* of the events that it reads */

	struct frame out[FRAME_BATCH];
	struct frame *sent[FRAME_BATCH]; /* where to note it, or NULL */
	struct frame noted[FRAME_BATCH]; /* what to note there */
	unsigned nout;

	struct frame *pending; /* grows up to a bound; owned here */
	size_t npending, room, first;
};

/* The descriptor stays the caller's; it is made non-blocking. */
void report_init(struct report *, int fd, bool quiet);
void report_free(struct report *);

/* True, after one line on standard error, if frames were lost on a disk. */
bool report_failed(const struct report *);

/* type, pid, tid and the body are the caller's; the rest is filled in. */
void report_push(struct report *, struct frame *);
void report_text(struct report *, enum frame_text, uint32_t index, int32_t pid,
    const char *text);
void report_log(struct report *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * `sent` is this subject's memory, zeroed at first and kept by the caller.
 * frame.ns is 0, or, for a THREAD, when its state began; it is compared.
 */
void report_offer(struct report *, struct frame *now, struct frame *sent);

/*
 * A frame into the batch, which is sent once it is full. False if the pipe took
 * no more. Once the batch is sent, *note goes to *sent, unless that is NULL.
 */
bool report_gather(struct report *, const struct frame *, struct frame *sent,
    const struct frame *note);

/* So many frames are left out: a gap in the numbers. */
void report_drop(struct report *, uint64_t n);

/* Start a round: send what is pending first. */
void report_begin(struct report *);

/* Send the batch that has gathered. */
void report_flush(struct report *);

#endif
