/*
 * decode: from the bytes of a terminal to keys.
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

#define DECODE_SEQUENCE                                       \
	32 /* bytes that are looked at; the rest is swallowed \
	    */

/* A sequence of this terminal. Only one that begins with ESC is looked for. */
struct decode_known {
	const char *bytes;
	int key;
};

enum decode_state {
	DECODE_GROUND,
	DECODE_CHARACTER, /* of several bytes */
	DECODE_ESCAPE,    /* ESC, and no more yet */
	DECODE_CSI,
	DECODE_CSI_CONSOLE, /* ESC [ [ */
	DECODE_SS3,
	DECODE_STRING,     /* of OSC, DCS, ... up to ST or BEL */
	DECODE_STRING_END, /* after an ESC in it */
	DECODE_MOUSE,      /* three bytes of any value */
	DECODE_LONGER      /* whole as it is, but the start of a known one */
};

/* Zero-initialised but for the first three. */
struct decode {
	bool utf8;
	const struct decode_known *known; /* stays the caller's */
	size_t nknown;

	enum decode_state state;
	bool alt;     /* ESC came before */
	bool parted;  /* the byte before was the last of its read */
	bool again;   /* the byte is a key of its own: to be given once more */
	bool late;    /* an ESC was taken for the key, a moment ago */
	bool held;    /* what began then is a key of its own, maybe */
	bool pasting; /* between the marks of a bracketed paste */

	unsigned char sequence[DECODE_SEQUENCE];
	size_t len; /* may be more than there is room for */
	uint32_t character, least;
	enum terminal_background background; /* as the terminal answers */
	unsigned left; /* bytes of a character or of a mouse report */
};

/*
 * One byte more, after which `more` are left of those that were read at once:
 * a key and its ESC come together, two keys that somebody presses do not. The
 * key that it ends, or TERMINAL_NONE. While `pasting`, only printable
 * characters come out.
 */
int decode_byte(struct decode *, unsigned char, size_t more);

/* How many ms to wait for the next byte before decode_idle(); -1: no need. */
int decode_patience(const struct decode *);

/* It did not come. The key that there was, or TERMINAL_NONE. */
int decode_idle(struct decode *);

#endif
