/*
 * terminal: the terminal. The only file that knows curses, of which it uses
 * only terminfo, and the only one that writes to the terminal.
 *
 * Nothing here waits for the terminal: when it accepts no more (^S, a stalled
 * line), the rest of a frame is sent once it accepts bytes again, and the
 * frames in between are skipped.
 *
 * A crash while the terminal is ours restores it and then dies of the same
 * signal.
 *
 * ui/term: the terminal, from bytes to keys and from a canvas to bytes, and
 * signals. It may use style and the shared headers of src/.
 */
#ifndef LOCKSTEP_TERMINAL_H
#define LOCKSTEP_TERMINAL_H

#include <poll.h>
#include <stdbool.h>

#include "term/canvas.h"

/* Keys that are not characters; a character is its code point. */
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
	TERMINAL_F1, /* ... up to F12 */
	TERMINAL_F10 = TERMINAL_F1 + 9,
	TERMINAL_F12 = TERMINAL_F1 + 11,
	TERMINAL_OTHER /* a key that we do not use */
};

/*
 * Is there a screen: is standard output a terminal that terminfo knows and that
 * can position the cursor, and is there a keyboard (standard input or
 * /dev/tty)? NULL if so, else why not, as the second half of a sentence.
 * Determined once, by trying, without writing anything.
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
 * Take the terminal. False: this is not the foreground job and must stop and
 * try again, or the terminal is gone. May be called when it is already taken.
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

/* The terminal's current size. */
void terminal_size(int *rows, int *cols);

/* Send the rest of the previous frame. False: the terminal accepts no more. */
bool terminal_ready(void);

/* Show the canvas if the terminal is ready: sends only the difference. */
void terminal_show(const struct canvas *);
/* The next terminal_show() redraws everything. */
void terminal_redraw(void);

/* Descriptors to poll: keys, and the terminal's output if bytes are pending. */
void terminal_pollfds(struct pollfd fds[2]);

/* TERMINAL_NONE if there is none; never waits. `pasted`: not a command. */
int terminal_key(bool *pasted);
int terminal_patience(void); /* ms until it must be called again; -1: no need */
bool terminal_hung_up(void); /* the terminal is gone */

#endif
