/*
 * frame_text: what TEXT frames say. A text that is longer than one frame comes
 * in parts, in their order.
 */
#ifndef LOCKSTEP_FRAME_TEXT_H
#define LOCKSTEP_FRAME_TEXT_H

#include <stdint.h>

#define FRAME_TEXT_LEN   32 /* bytes of text in one TEXT frame */
#define FRAME_TEXT_PARTS 16 /* longest text: 512 bytes */

enum frame_text {
	TEXT_TITLE = 1,       /* of the demo */
	TEXT_LESSON = 2,      /* of the demo; a line each by index */
	TEXT_PARAM = 3,       /* "name value", one each by index */
	TEXT_LOCK = 4,        /* name of the lock kind number `index` */
	TEXT_LOCK_LESSON = 5, /* its one-line lesson */
	TEXT_PROC = 6,        /* name of the process of slot `index` */
	TEXT_THREAD = 7,      /* name of thread; index = slot << 16 | thread */
	TEXT_ITEM = 8,        /* what the item of slot `index` is, if named */
	TEXT_LOG = 9,         /* something that happened: one line */
	TEXT_BANNER = 10,     /* trouble that lasts, of the kind that `index`
				 says (enum frame_banner); empty clears */
	TEXT_QUEUE = 11,      /* name of the queue or pipe number `index` */
	TEXT_MUTEX = 12,      /* name of the mutex number `index` */
	TEXT_EXECUTOR = 13,   /* name of the executor number `index` */
	TEXT_FUTURE = 14,     /* what a future does, "square(3)"; index =
				 executor << 24 | number & 0xffffff */
	TEXT_REASON = 15,     /* why a thread waits forever, a sentence;
				 index as TEXT_THREAD; empty clears */
	TEXT_OUTPUT = 16,     /* a line that the program has printed */
	TEXT_RESULT = 17,     /* "value name": a number that the program has
				 found; again with the same index: better */
	TEXT_FAILURE = 18,    /* why a future failed, a sentence; index as
				 TEXT_FUTURE */
	TEXT_SCHEDULE = 19,   /* of this run, with the demo and its parameters:
				 index counts pieces of SCHEDULE_PIECE bytes */
	TEXT_FLAW = 20,       /* why the lock kind number `index` loses updates;
				 only of those that do */
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

/* What a banner is about: its place among the banners, too. */
enum frame_banner {
	BANNER_PROCESSES = 0, /* some could not be started */
	BANNER_DEATHS = 1,    /* main was killed, or a worker given up */
	BANNER_LIMIT = 2,     /* of the sum */
	BANNER_THREADS = 3,   /* some could not be started */
	BANNER_LEFT_OUT = 5,  /* what could not be read */
	BANNER_STOPPED = 6,   /* a process, by a signal, while it is stepped */
	BANNER_SCHEDULE = 7   /* why it could not be repeated */
};

struct frame_text_body {
	uint8_t kind;  /* enum frame_text */
	uint8_t part;  /* from 0 */
	uint8_t parts; /* 1 to FRAME_TEXT_PARTS */
	uint8_t len;   /* bytes used of `text` */
	uint32_t index;
	char text[FRAME_TEXT_LEN]; /* any bytes: never trusted */
};

#endif
