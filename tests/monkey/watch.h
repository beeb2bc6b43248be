/*
 * watch: reads what a program writes to its terminal, as a terminal does,
 * and notes what no terminal should be sent: bytes that are no UTF-8, controls
 * outside of the escape sequences that are known, and these.
 */
#ifndef TESTS_MONKEY_WATCH_H
#define TESTS_MONKEY_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WATCH_LAST 512 /* bytes */

enum watch_state {
	WATCH_GROUND,
	WATCH_ESCAPE,
	WATCH_CONTROL, /* after ESC [ */
	WATCH_ASK,     /* after ESC ]: what its background is */
	WATCH_ASK_END, /* after an ESC in it */
	WATCH_CHARSET, /* after ESC ( and the like: one more byte */
	WATCH_CANCEL,  /* after CAN, which ends all of these; ESC is next */
	WATCH_UTF8     /* inside a character */
};

/* Zero-initialise. */
struct watch {
	bool ascii; /* nothing else is expected */
	bool echo;  /* the kernel may echo what is typed, at times */
	bool drops; /* the kernel has dropped output: see monkey.c:type() */

	bool other;      /* the alternate screen is shown */
	bool hidden;     /* the cursor is */
	bool keypad;     /* its keys and the arrows send other sequences */
	uint64_t clears; /* of the screen, so far */
	uint64_t enters; /* of the alternate screen */
	uint64_t bytes;

	char wrong[160]; /* the first thing that was; empty: nothing */

	enum watch_state state;
	char sequence[32]; /* being read */
	size_t len;
	uint32_t ch;
	unsigned more;         /* bytes of the character that are to come */
	char last[WATCH_LAST]; /* a ring: bytes % WATCH_LAST comes next */
};

void watch_bytes(struct watch *, const char *, size_t);

/* The last bytes, or those before it went wrong; returns how many. */
size_t watch_last(const struct watch *, char out[WATCH_LAST]);

#endif
