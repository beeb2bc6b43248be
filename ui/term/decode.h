/*
 * decode: turns the bytes of a terminal into keys.
 *
 * A sequence is swallowed whole, also if it is unknown, cut off or comes in
 * pieces: it is never played as the keys that its bytes would be. CSI, SS3,
 * OSC, DCS, SOS, PM and APC; reports of focus and of the mouse (X10, SGR and
 * urxvt); the usual variants of the cursor keys, of F1 to F12 and of the
 * keypad; and what terminfo says of this terminal. Alt with a key is not that
 * key. The answer to OSC 11, the background, is no key but kept. Knows no clock
 * and no descriptor: it says how long to wait for more.
 */
#ifndef LOCKSTEP_DECODE_H
#define LOCKSTEP_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "term/terminal.h"

#define DECODE_SEQUENCE 32 /* bytes inspected; the rest is skipped */

/*
 * A sequence of this terminal; only those that begin with ESC are recognised.
 */
struct decode_known {
	const char *bytes;
	int key;
};

enum decode_state {
	DECODE_GROUND,
	DECODE_CHARACTER, /* multibyte */
	DECODE_ESCAPE,    /* ESC, and nothing more yet */
	DECODE_CSI,
	DECODE_CSI_CONSOLE, /* ESC [ [ */
	DECODE_SS3,
	DECODE_STRING,     /* of OSC, DCS, ... up to ST or BEL */
	DECODE_STRING_END, /* after an ESC in it */
	DECODE_MOUSE,      /* three bytes of any value */
	DECODE_LONGER      /* complete, but also the start of a known one */
};

/* Zero-initialise all but the first three. */
struct decode {
	bool utf8;
	const struct decode_known *known; /* owned by the caller */
	size_t nknown;

	enum decode_state state;
	bool alt;     /* ESC came before */
	bool parted;  /* the previous byte ended its read */
	bool again;   /* the byte starts another key: decode it again */
	bool late;    /* an ESC was just reported as a key */
	bool held;    /* what began then may be a key of its own */
	bool pasting; /* between the marks of a bracketed paste */

	unsigned char sequence[DECODE_SEQUENCE];
	size_t len; /* may exceed the buffer */
	uint32_t character, least;
	enum terminal_background background; /* as the terminal answers */
	unsigned left; /* bytes of a character or of a mouse report */
};

/*
 * Decode one byte, after which `more` are left of the same read: a key and its
 * ESC arrive together, two keys that someone presses do not. Returns the key
 * that the byte completes, or TERMINAL_NONE. While `pasting`, returns only
 * printable characters.
 */
int decode_byte(struct decode *, unsigned char, size_t more);

/* ms to wait for the next byte before decode_idle(); -1: no need. */
int decode_patience(const struct decode *);

/* No byte came: the key that was pending, or TERMINAL_NONE. */
int decode_idle(struct decode *);

#endif
