/*
 * terminal: the terminal. The only file that knows curses, of which it uses
 * terminfo alone, and the only one that writes to the terminal.
 *
 * Nothing here waits for the terminal: where it takes no more (^S, a line
 * that has stalled), the rest of a frame is sent when it takes some again,
 * and the frames between are left out.
 *
 * A crash while the terminal is ours puts it back and then dies of the same
 * signal.
 */
#ifndef LOCKSTEP_TERMINAL_H
#define LOCKSTEP_TERMINAL_H

#include <poll.h>
#include <stdbool.h>

#include "term/canvas.h"

/* Keys that are no characters; a character is its code point. */
enum terminal_key {
	TERMINAL_NONE = -1,
	TERMINAL_ESCAPE = 27,
	TERMINAL_UP = 0x110000,
	TERMINAL_DOWN,
	TERMINAL_LEFT,
	TERMINAL_RIGHT,
	TERMINAL_PAGE_UP,
	TERMINAL_PAGE_DOWN,
	TERMINAL_HOME,
	TERMINAL_END,
	TERMINAL_ENTER,
	TERMINAL_TAB,
	TERMINAL_BACKTAB,
	TERMINAL_ERASE,
	TERMINAL_F1, /* and so on up to F12 */
	TERMINAL_F10 = TERMINAL_F1 + 9,
	TERMINAL_F12 = TERMINAL_F1 + 11,
	TERMINAL_OTHER /* a key that we have no use for */
};

/*
 * Is there a screen: standard output a terminal that terminfo knows and that
 * can place the cursor, and a keyboard (standard input, or else /dev/tty)? NULL
 * if so, or why there is none, as the second half of a sentence. Found out once
 * and by trying, without writing anything.
 */
const char *terminal_obstacle(void);

enum terminal_background {
	TERMINAL_BACKGROUND_UNKNOWN,
	TERMINAL_BACKGROUND_DARK,
	TERMINAL_BACKGROUND_LIGHT
};

/*
 * Where there is a screen: prepare it. 0 or -errno. With `ask`, the terminal is
 * asked for its background when it is first taken.
 */
int terminal_open(bool ask);
void terminal_close(void);

/*
 * Take the terminal. False: this is not the foreground job, it must stop and
 * try again; or the terminal is gone. Also to take it once more.
 */
bool terminal_resume(void);

/* False: there are no colours, and every theme is THEME_MONO. */
bool terminal_colours(void);

/* What it has answered so far; it may never answer. */
enum terminal_background terminal_background(void);

/*
 * Draw in this theme from now on. `paint`: the terminal's own background is not
 * that of the theme, which is drawn as well.
 */
void terminal_theme(enum theme, bool paint);

/* Give it up, for a stop or for another program. */
void terminal_suspend(void);

/* True if the locale can show glyphs. */
bool terminal_utf8(void);

/* The terminal's size now. */
void terminal_size(int *rows, int *cols);

/* Send what is left of the frame before. False: the terminal takes no more. */
bool terminal_ready(void);

/* Show the canvas, if it is ready: what differs from what is shown goes out. */
void terminal_show(const struct canvas *);
/* The next terminal_show() draws everything anew. */
void terminal_redraw(void);

/* What to poll for: keys, and a terminal that takes more if that is needed. */
void terminal_pollfds(struct pollfd fds[2]);

/* TERMINAL_NONE if there is none; never waits. `pasted`: it is no command. */
int terminal_key(bool *pasted);
int terminal_patience(void); /* ms until it must be asked again; -1: no need */
bool terminal_hung_up(void); /* the terminal is gone */

#endif
