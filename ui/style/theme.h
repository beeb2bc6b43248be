/*
 * theme: how things look, in tables and nowhere else. No curses: a look is a
 * number here, and the terminal gives it the colours of the theme. In each
 * theme every look has a contrast of 4.5 or more to the background, and no two
 * looks differ in red against green alone.
 *
 * Nothing is shown by colour alone: each thread state has its own letter, glyph
 * and word, and every glyph has an ASCII twin.
 *
 * ui/style: how numbers, times, states and locks look. It may use the shared
 * headers of src/ (tests/layers lists them).
 */
#ifndef LOCKSTEP_THEME_H
#define LOCKSTEP_THEME_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/state.h"

enum look {
	LOOK_PLAIN,
	LOOK_DIM,    /* labels, frames, idle or exited things */
	LOOK_STRONG, /* numbers that matter */
	LOOK_TITLE,  /* names of views and panels */
	LOOK_KEY,    /* keys in the bottom bar and in the help */
	LOOK_GOOD,
	LOOK_WARN,
	LOOK_BAD,
	LOOK_ALARM,  /* BAD that must not be overlooked */
	LOOK_NOTICE, /* messages, prompts, the frozen mark */

	LOOK_RUN, /* the seven colours, for states */
	LOOK_SLEEP,
	LOOK_READ,
	LOOK_WINDOW,
	LOOK_LOCK,
	LOOK_GATED,
	LOOK_COUNT
};

enum theme_attr {
	THEME_BOLD = 1,
	THEME_DIM = 2,
	THEME_REVERSE = 4
};

/* In the order of THEME_NAMES, with `auto` before. */
#define THEME_NAMES "auto dark light projector mono"

enum theme {
	THEME_AUTO, /* what fits the terminal: one of the others */
	THEME_DARK,
	THEME_LIGHT,
	THEME_PROJECTOR, /* few columns, bold, black on white */
	THEME_MONO,      /* no colours */
	THEME_COUNT
};

struct theme_look {
	int fg256;     /* -1: that of the paper */
	int fg16;      /* where there are 16 colours; with 8 the upper ones
			* are the lower ones in bold */
	unsigned attr; /* enum theme_attr */
};

/* What the looks are written on. */
struct theme_paper {
	const char *name;
	int bg256, bg16, fg256, fg16;
	bool light;
	bool paints; /* also where the terminal has such a background */
};

enum glyph {
	GLYPH_NONE,
	GLYPH_HLINE,
	GLYPH_VLINE,
	GLYPH_TOP_LEFT,
	GLYPH_TOP_RIGHT,
	GLYPH_BOTTOM_LEFT,
	GLYPH_BOTTOM_RIGHT,
	GLYPH_BAR_FULL,
	GLYPH_BAR_EMPTY,
	GLYPH_SELECTED,
	GLYPH_TICK,
	GLYPH_CROSS,
	GLYPH_UNSURE,
	GLYPH_RUNNING,
	GLYPH_PAUSED,
	GLYPH_OVER,
	GLYPH_BECAUSE, /* "because of": an arrow to the left */
	GLYPH_BECOMES, /* an arrow to the right */
	GLYPH_CUT,     /* text goes on */
	GLYPH_HELD,    /* has a lock */
	GLYPH_AGAINST, /* has it while others wait for it */
	GLYPH_COUNT
};

/* Of a process that the engine has stopped, beyond enum frame_state. */
#define THEME_STOPPED STATE_COUNT
#define THEME_STATES  (STATE_COUNT + 1)

#define THEME_LEVELS 8 /* of a sparkline */

/* Of all themes but THEME_AUTO. */
const struct theme_look *theme_look(enum theme, enum look);
const struct theme_paper *theme_paper(enum theme);
/* Of one of the 256 colours: 0xrrggbb. */
uint32_t theme_rgb(int colour);
const struct state_info *theme_state(unsigned state);
enum look theme_state_look(unsigned state);
uint32_t theme_glyph(enum glyph, bool ascii);
uint32_t theme_state_glyph(unsigned state, bool ascii);
uint32_t theme_level(unsigned level, bool ascii);

#endif
