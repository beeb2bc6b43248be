/*
 * render: turns a canvas into the bytes that show it on a terminal, all in one
 * buffer, so that a frame is one write. It remembers what the terminal shows
 * and sends the difference. No curses: terminal looks the strings up.
 */
#ifndef LOCKSTEP_RENDER_H
#define LOCKSTEP_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "term/canvas.h"

#define RENDER_STRING 48

struct render_caps {
	char clear[RENDER_STRING];     /* the screen, and home */
	char clear_end[RENDER_STRING]; /* of the line; may be empty */
	char plain[RENDER_STRING];     /* no attributes, colours of the paper */
	/* Attributes of a look, then its colour; `plain` comes before. */
	char attr[LOOK_COUNT][2][RENDER_STRING]; /* [1]: selected */
	char colour[LOOK_COUNT][RENDER_STRING];  /* empty: none */
	bool no_last; /* the last cell would scroll */
	bool bare;    /* what is cleared lacks the background: draw blanks */
	/* Where the cursor is to go; fills `out`. */
	void (*move)(char out[RENDER_STRING], int y, int x);
};

struct render {
	const struct render_caps *caps;
	struct canvas shown;
	char *out;
	size_t len, room;
	bool stale; /* the screen's content is unknown */

	int y, x;     /* the cursor's position, -1: unknown */
	int look;     /* current look, -1: unknown */
	int selected; /* current selected state */
};

/*
 * Fill out[0..len) with the bytes that make the terminal show the canvas. 0, or
 * -ENOMEM, after which the next call redraws everything.
 */
int render_frame(struct render *, const struct canvas *);
void render_free(struct render *);

#endif
