/* stream_priv: shared by the files of the stream and private to them. */
#ifndef LOCKSTEP_STREAM_PRIV_H
#define LOCKSTEP_STREAM_PRIV_H

#include "stream/launch.h"
#include "stream/recording.h"
#include "stream/stream.h"
#include "term/sink.h"

#define STREAM_BUF    (64 * 1024) /* more would not stay in the cache */
#define STREAM_AWAIT  (48 * 1024) /* bytes accepted before a HELLO */
#define STREAM_LINE   1024
#define STREAM_UNSEEN (64 * 1024)

/* What an engine adds to its frames. */
struct stream_ops {
	void (*errors)(struct stream *, struct model *); /* read them */
	void (*fate)(struct stream *); /* no more frames: find out why */
	int (*command)(struct stream *, const struct frame *); /* 0 or -errno */
	int (*close)(struct stream *); /* returns a wait status */
};

struct stream {
	const struct stream_ops *ops; /* NULL: not an engine of ours */
	int fd;   /* frames; the engine's status pipe or the caller's */
	bool eof; /* `fd` is at its end */
	struct frame_reader reader;
	unsigned char *buf; /* STREAM_BUF bytes */
	size_t have;        /* bytes in buf, read while waiting for HELLO */
	uint64_t good;      /* frames applied */
	bool bye;           /* the last frame of the stream is a BYE */
	char trouble[160];
	char fate[80]; /* why the engine ended too early; or empty */

	uint64_t frame_ns, local_ns; /* the model's clock, and ours then */

	/*
	 * The recording, fd -1: none. Bytes that its reader has not accepted
	 * stay in buf, and no more are read until it has.
	 */
	struct sink record;
	const unsigned char *unrecorded;
	size_t unrecorded_len;
	uint64_t recorded_ns; /* ns when it last accepted bytes */
	char *record_path;
	bool record_failed;
	bool leaving; /* see stream_leave() */

	struct launch engine;
	uint32_t commands;      /* number of commands sent */
	char line[STREAM_LINE]; /* an incomplete line of the engine's errors */
	size_t line_len;
	char *unseen; /* the engine's errors, at most STREAM_UNSEEN bytes */
	size_t unseen_len;

	struct recording *replay; /* NULL: not a recording */
};

/* engine.c */
extern const struct stream_ops engine_ops;

struct stream *stream_new(const struct stream_ops *);

/*
 * stream_log.c. Lines for standard error: into the model's log, and kept for
 * stream_close(). Joins parts of lines.
 */
void stream_heard(
    struct stream *, struct model *, const char *text, size_t len);

/*
 * record.c. Record bytes before the model receives them; bytes that the reader
 * does not accept now stay in place for record_rest(). That returns true if
 * none are left and more may be read.
 */
void record_bytes(
    struct stream *, struct model *, const unsigned char *, size_t);
bool record_rest(struct stream *, struct model *);
bool record_waits(const struct stream *); /* ... for some time */

#define RECORD_LOOK_MS 100 /* between two attempts at a stalled reader */

#endif
