/*
 * paint: the terminal. The only file that knows curses, and the only one
 * that writes to the terminal.
 *
 * From paint_open() to paint_close() the terminal is ours. A crash in
 * between puts it back and then dies of the same signal; paint_restore() does
 * the same for whoever must leave in a hurry.
 */
#ifndef LOCKSTEP_PAINT_H
#define LOCKSTEP_PAINT_H

#include <stdbool.h>

#include "canvas.h"

/* Keys that are no characters; a character is its code point. */
enum paint_key {
	PAINT_NONE = -1,
	PAINT_ESCAPE = 27,
	PAINT_UP = 0x110000,
	PAINT_DOWN,
	PAINT_LEFT,
	PAINT_RIGHT,
	PAINT_PAGE_UP,
	PAINT_PAGE_DOWN,
	PAINT_HOME,
	PAINT_END,
	PAINT_ENTER,
	PAINT_TAB,
	PAINT_BACKTAB,
	PAINT_ERASE,
	PAINT_F1,
	PAINT_F10,
	PAINT_OTHER /* a key that we have no use for */
};

/*
 * Take the terminal: standard output, and standard input or else /dev/tty
 * for keys. 0, or -1 if there is none that can be drawn on, in which case
 * nothing was written.
 */
int paint_open(bool colours);
void paint_close(void);

/* Put the terminal back, at any time and in a signal handler too. */
void paint_restore(void);

/* Give the terminal up for a stop, and take it back afterwards. */
void paint_suspend(void);
void paint_resume(void);

/* True if the locale can show glyphs. */
bool paint_utf8(void);

/* The terminal's size now. */
void paint_size(int *rows, int *cols);

/* Show the canvas: what differs from what is shown now goes out. */
void paint_show(const struct canvas *);
/* The next paint_show() draws everything anew. */
void paint_redraw(void);

int paint_fd(void);       /* readable when there is a key */
int paint_key(void);      /* PAINT_NONE if there is none; never waits long */
bool paint_hung_up(void); /* the terminal is gone */

#endif
