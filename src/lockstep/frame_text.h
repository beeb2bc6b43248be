/*
 * frame_text: the kinds of TEXT frames. A text that is longer than one frame
 * comes in parts, in order.
 */
#ifndef LOCKSTEP_FRAME_TEXT_H
#define LOCKSTEP_FRAME_TEXT_H

#include <stdint.h>

#define FRAME_TEXT_LEN   32 /* bytes of text in one TEXT frame */
#define FRAME_TEXT_PARTS 16 /* longest text: 512 bytes */

enum frame_text {
	TEXT_TITLE = 1,       /* of the demo */
	TEXT_LESSON = 2,      /* of the demo; line `index` */
	TEXT_PARAM = 3,       /* "name value", number `index` */
	TEXT_LOCK = 4,        /* name of the lock kind number `index` */
	TEXT_LOCK_LESSON = 5, /* its one-line lesson */
	TEXT_PROC = 6,        /* name of the process of slot `index` */
	TEXT_THREAD = 7,      /* name of thread; index = slot << 16 | thread */
	TEXT_ITEM = 8,        /* name of the item of slot `index`, if any */
	TEXT_LOG = 9,         /* a line of the log */
	TEXT_BANNER = 10,     /* a lasting problem, of the kind `index` (enum
				 frame_banner); empty clears it */
	TEXT_QUEUE = 11,      /* name of the queue or pipe number `index` */
	TEXT_MUTEX = 12,      /* name of the mutex number `index` */
	TEXT_EXECUTOR = 13,   /* name of the executor number `index` */
	TEXT_FUTURE = 14,     /* the label of a future, "square(3)"; index =
				 executor << 24 | number & 0xffffff */
	TEXT_REASON = 15,     /* why a thread waits forever, a sentence;
				 index as TEXT_THREAD; empty clears it */
	TEXT_OUTPUT = 16,     /* a line that the program has printed */
	TEXT_RESULT = 17,     /* "value name": a result of the program; a
				 later one with the same index replaces it */
	TEXT_FAILURE = 18,    /* why a future failed, a sentence; index as
				 TEXT_FUTURE */
	TEXT_SCHEDULE = 19,   /* of this run, with the demo and its parameters:
				 index counts pieces of SCHEDULE_PIECE bytes */
	TEXT_FLAW = 20,       /* why the lock kind number `index` loses updates;
				 only for those that do */
	TEXT_OUTCOME = 21,    /* a schedule that comes to outcome `index` */
	TEXT_EXPLORE = 22,    /* what is explored: a line each by index */
	TEXT_CAUSE = 23,      /* how it came to outcome `index`, a sentence */
	TEXT_CELL = 24,       /* a step of the schedule of TEXT_OUTCOME, which
				 comes before: the thread's letter, a blank,
				 what it did; index = outcome << 8 | step */
	TEXT_LEFT_OUT = 25,   /* number `index`, from 0, of what was left out:
				 why, a tab, its name; the last if `index`
				 is far ahead, and then it may be empty */
	TEXT_STEP = 26,       /* of a search: a step of a thread's program;
				 index = thread << 8 | step, both from 0 */
	TEXT_EFFECT = 27,     /* what a step of the schedule that the report of
				 a search shows did: its value, the amount it
				 lost, "a=1,b=-2": of whom ("-": no thread), and
				 in words; index as TEXT_CELL */
	TEXT_SPOILT = 28      /* why the schedule of this run cannot be
				 repeated: see SCHEDULE_SPOILT */
};

/* The subject of a banner, and its place among the banners. */
enum frame_banner {
	BANNER_PROCESSES = 0, /* some could not start */
	BANNER_DEATHS = 1,    /* main was killed, or a worker keeps dying */
	BANNER_LIMIT = 2,     /* the sum has reached its limit */
	BANNER_THREADS = 3,   /* some could not start */
	BANNER_LEFT_OUT = 5,  /* some input could not be read */
	BANNER_STOPPED = 6,   /* a signal stopped a process in step mode */
	BANNER_SCHEDULE = 7   /* why the schedule could not be replayed */
};

struct frame_text_body {
	uint8_t kind;  /* enum frame_text */
	uint8_t part;  /* from 0 */
	uint8_t parts; /* 1 to FRAME_TEXT_PARTS */
	uint8_t len;   /* bytes used of `text` */
	uint32_t index;
	char text[FRAME_TEXT_LEN]; /* any bytes: do not trust them */
};

#endif
