/*
 * paint: the terminal. The only file that knows curses, of which it uses
 * terminfo alone, and the only one that writes to the terminal.
 *
 * Nothing here waits for the terminal: where it takes no more (^S, a line
 * that has stalled), the rest of a frame is sent when it takes some again,
 * and the frames between are left out.
 *
 * A crash while the terminal is ours puts it back and then dies of the same
 * signal.
 */
#ifndef LOCKSTEP_PAINT_H
#define LOCKSTEP_PAINT_H

#include <poll.h>
#include <stdbool.h>

#include "term/canvas.h"

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
	PAINT_F1, /* and so on up to F12 */
	PAINT_F10 = PAINT_F1 + 9,
	PAINT_F12 = PAINT_F1 + 11,
	PAINT_OTHER /* a key that we have no use for */
};

/*
 * Is there a screen: standard output a terminal that terminfo knows and that
 * can place the cursor, and a keyboard (standard input, or else /dev/tty)? NULL
 * if so, or why there is none, as the second half of a sentence. Found out once
 * and by trying, without writing anything.
 */
const char *paint_obstacle(void);

/* Where there is a screen: prepare it. 0 or -errno. */
int paint_open(bool colours);
void paint_close(void);

/*
 * Take the terminal. False: this is not the foreground job, it must stop and
 * try again; or the terminal is gone. Also to take it once more.
 */
bool paint_resume(void);

/* Give it up, for a stop or for another program. */
void paint_suspend(void);

/* True if the locale can show glyphs. */
bool paint_utf8(void);

/* The terminal's size now. */
void paint_size(int *rows, int *cols);

/* Send what is left of the frame before. False: the terminal takes no more. */
bool paint_ready(void);

/* Show the canvas, if it is ready: what differs from what is shown goes out. */
void paint_show(const struct canvas *);
/* The next paint_show() draws everything anew. */
void paint_redraw(void);

/* What to poll for: keys, and a terminal that takes more if that is needed. */
void paint_pollfds(struct pollfd fds[2]);

/* PAINT_NONE if there is none; never waits. `pasted`: it is no command. */
int paint_key(bool *pasted);
int paint_patience(void); /* ms until it must be asked again; -1: no need */
bool paint_hung_up(void); /* the terminal is gone */

#endif
