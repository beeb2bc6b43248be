/*
 * script: what an input of fuzz_screen is made of.
 *
 * The first byte says what is shown and how (enum flag). Then, in turn: a
 * frame of 64 bytes, known by the version in its second; a key, below 0x80
 * the character, below 0xa0 one of enum terminal_key; or an act with its
 * arguments (enum act). A turn of the dashboard follows each of them, or a
 * batch of frames and what is between them, or as many as ACT_STRETCH says.
 */
#ifndef TESTS_FUZZ_SCRIPT_H
#define TESTS_FUZZ_SCRIPT_H

enum flag {
	IS_FD = 1,        /* a stream that only comes in */
	IS_RECORDING = 2, /* or else it is an engine */
	ASCII = 4,
	NO_LAST = 8,   /* the terminal's last cell would scroll */
	NO_BEGIN = 16, /* no frames but the input's */
	PLAIN = 32,    /* the same frames to the plain front end, too */
	PREDICTS = 128
};

/* With its arguments, a byte each. */
enum act {
	ACT_KEY = 0xa0, /* 3 of the code */
	ACT_SIZE,       /* rows, columns */
	ACT_FRAME,      /* type, 2 of a seed */
	ACT_FRAMES,     /* how many, type, 2 of a seed */
	ACT_ANSWER,     /* result */
	ACT_END,        /* no more frames */
	ACT_SIGNAL,     /* which */
	ACT_TIME,       /* tenths of a second */
	ACT_HANG_UP,    /* the terminal is gone */
	ACT_BYTES,      /* how many, and these: into the stream */
	ACT_TEXT,       /* kind, index, how many, and these */
	ACT_STRETCH,    /* how many of what follows are one turn */
	ACT_TYPE,       /* how many, and these: bytes that are typed */
	ACT_STALL,      /* 1: the terminal takes no more; 0: it does */
	ACT_BEGIN       /* another run */
};

#endif
