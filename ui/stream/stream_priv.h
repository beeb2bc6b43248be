/* stream_priv: what the files of the stream share and nobody else sees. */
#ifndef LOCKSTEP_STREAM_PRIV_H
#define LOCKSTEP_STREAM_PRIV_H

#include "stream/launch.h"
#include "stream/recording.h"
#include "stream/stream.h"
#include "term/sink.h"

#define STREAM_BUF    (64 * 1024) /* more does not stay in the cache */
#define STREAM_AWAIT  (48 * 1024) /* bytes that may come before a HELLO */
#define STREAM_LINE   1024
#define STREAM_UNSEEN (64 * 1024)

/* What an engine does beyond its frames. */
struct stream_ops {
	void (*errors)(struct stream *, struct model *); /* that it has said */
	void (*fate)(struct stream *); /* no more frames come: says why */
	int (*command)(struct stream *, const struct frame *); /* or -errno */
	int (*close)(struct stream *); /* a wait status */
};

struct stream {
	const struct stream_ops *ops; /* NULL: it is no engine of ours */
	int fd;   /* frames; the engine's status pipe or the caller's */
	bool eof; /* of fd */
	struct frame_reader reader;
	unsigned char *buf; /* STREAM_BUF bytes */
	size_t have;        /* of buf: read while waiting for HELLO */
	uint64_t good;      /* frames applied */
	bool bye;           /* the last frame of the stream is a BYE */
	char trouble[160];
	char fate[80]; /* of an engine that is gone too early; or empty */

	uint64_t frame_ns, local_ns; /* model's now, and when it was so here */

	/*
	 * The recording, fd -1: none. What its reader has not taken stands in
	 * buf, and no more is read until it has.
	 */
	struct sink record;
	const unsigned char *unrecorded;
	size_t unrecorded_len;
	uint64_t recorded_ns; /* when it last took some */
	char *record_path;
	bool record_failed;
	bool leaving; /* see stream_leave() */

	struct launch engine;
	uint32_t commands;      /* sent so far */
	char line[STREAM_LINE]; /* of the engine's errors, not yet whole */
	size_t line_len;
	char *unseen; /* its errors, STREAM_UNSEEN bytes at most */
	size_t unseen_len;

	struct recording *replay; /* NULL: it is no recording */
};

/* engine.c */
extern const struct stream_ops engine_ops;

struct stream *stream_new(const struct stream_ops *);

/*
 * stream_log.c. Lines that somebody meant for standard error: into the model's
 * log, and kept for stream_close(). Parts of lines are put together.
 */
void stream_heard(
    struct stream *, struct model *, const char *text, size_t len);

/*
 * record.c. Record what the model is about to be told; what the reader does
 * not take now stays where it is, for record_rest(). True from that: nothing
 * is left, more may be read.
 */
void record_bytes(
    struct stream *, struct model *, const unsigned char *, size_t);
bool record_rest(struct stream *, struct model *);
bool record_waits(const struct stream *); /* for a good while */

#define RECORD_LOOK_MS 100 /* between two looks at a reader that stopped */

#endif
