/* theme: the tables of colours and glyphs. */
#include "style/theme.h"

#define OWN (-1) /* the ink of the theme */

/*
 * Of the 256 colours. The first are Okabe and Ito's, which the colour-blind can
 * tell apart; the others are dark enough for white paper.
 */
enum {
	ORANGE = 178,
	SKY = 74,
	GREEN = 35,
	YELLOW = 221,
	VERMILION = 166,
	PURPLE = 175,
	GREY = 247,

	BLUE = 25,
	TEAL = 23,
	BROWN = 94,
	MAROON = 88,
	VIOLET = 128,
	DARK_GREY = 241,

	NAVY = 19,
	INDIGO = 54,
	COAL = 236
};

/* In the order of enum theme. */
static const struct theme_paper papers[THEME_COUNT] = {
    [THEME_DARK] =
	{.name = "dark", .bg256 = 233, .bg16 = 0, .fg256 = 252, .fg16 = 7},
    [THEME_LIGHT] = {.name = "light",
	.bg256 = 231,
	.bg16 = 15,
	.fg256 = 234,
	.fg16 = 0,
	.light = true},
    [THEME_PROJECTOR] = {.name = "projector",
	.bg256 = 231,
	.bg16 = 15,
	.fg256 = 16,
	.fg16 = 0,
	.light = true,
	.paints = true},
    [THEME_MONO] =
	{.name = "mono", .bg256 = 231, .bg16 = 15, .fg256 = 16, .fg16 = 0},
};

/* clang-format off: a look is a line. */
static const struct theme_look looks[THEME_COUNT][LOOK_COUNT] =
    {
	[THEME_DARK] =
	    {
		[LOOK_PLAIN] = {.fg256 = OWN, .fg16 = OWN},
		[LOOK_DIM] = {.fg256 = GREY, .fg16 = OWN},
		[LOOK_STRONG] = {.fg256 = OWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_TITLE] = {.fg256 = SKY, .fg16 = 6, .attr = THEME_BOLD},
		[LOOK_KEY] = {.fg256 = YELLOW, .fg16 = 3, .attr = THEME_BOLD},
		[LOOK_GOOD] = {.fg256 = GREEN, .fg16 = 2, .attr = THEME_BOLD},
		[LOOK_WARN] = {.fg256 = ORANGE, .fg16 = 3, .attr = THEME_BOLD},
		[LOOK_BAD] = {.fg256 = VERMILION,
		    .fg16 = 9,
		    .attr = THEME_BOLD},
		[LOOK_ALARM] = {.fg256 = VERMILION,
		    .fg16 = 9,
		    .attr = THEME_BOLD | THEME_REVERSE},
		[LOOK_NOTICE] = {.fg256 = YELLOW,
		    .fg16 = 3,
		    .attr = THEME_REVERSE},
		[LOOK_RUN] = {.fg256 = GREEN, .fg16 = 2},
		[LOOK_SLEEP] = {.fg256 = SKY, .fg16 = 6},
		[LOOK_READ] = {.fg256 = SKY, .fg16 = 6},
		[LOOK_WINDOW] = {.fg256 = PURPLE, .fg16 = 13},
		[LOOK_LOCK] = {.fg256 = ORANGE, .fg16 = 3},
		[LOOK_GATED] = {.fg256 = YELLOW, .fg16 = 3},
	    },
	[THEME_LIGHT] =
	    {
		[LOOK_PLAIN] = {.fg256 = OWN, .fg16 = OWN},
		[LOOK_DIM] = {.fg256 = DARK_GREY, .fg16 = OWN},
		[LOOK_STRONG] = {.fg256 = OWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_TITLE] = {.fg256 = BLUE, .fg16 = 4, .attr = THEME_BOLD},
		[LOOK_KEY] = {.fg256 = BROWN, .fg16 = 4, .attr = THEME_BOLD},
		[LOOK_GOOD] = {.fg256 = TEAL, .fg16 = 4, .attr = THEME_BOLD},
		[LOOK_WARN] = {.fg256 = BROWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_BAD] = {.fg256 = MAROON, .fg16 = 1, .attr = THEME_BOLD},
		[LOOK_ALARM] = {.fg256 = MAROON,
		    .fg16 = 1,
		    .attr = THEME_BOLD | THEME_REVERSE},
		[LOOK_NOTICE] = {.fg256 = BROWN,
		    .fg16 = 4,
		    .attr = THEME_REVERSE},
		[LOOK_RUN] = {.fg256 = TEAL, .fg16 = 4},
		[LOOK_SLEEP] = {.fg256 = BLUE, .fg16 = OWN},
		[LOOK_READ] = {.fg256 = BLUE, .fg16 = OWN},
		[LOOK_WINDOW] = {.fg256 = VIOLET, .fg16 = 1},
		[LOOK_LOCK] = {.fg256 = BROWN, .fg16 = 1},
		[LOOK_GATED] = {.fg256 = BROWN, .fg16 = 1},
	    },
	[THEME_PROJECTOR] =
	    {
		[LOOK_PLAIN] = {.fg256 = OWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_DIM] = {.fg256 = COAL, .fg16 = OWN},
		[LOOK_STRONG] = {.fg256 = OWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_TITLE] = {.fg256 = NAVY, .fg16 = 4, .attr = THEME_BOLD},
		[LOOK_KEY] = {.fg256 = NAVY, .fg16 = 4, .attr = THEME_BOLD},
		[LOOK_GOOD] = {.fg256 = TEAL, .fg16 = 4, .attr = THEME_BOLD},
		[LOOK_WARN] = {.fg256 = INDIGO,
		    .fg16 = OWN,
		    .attr = THEME_BOLD},
		[LOOK_BAD] = {.fg256 = MAROON, .fg16 = 1, .attr = THEME_BOLD},
		[LOOK_ALARM] =
		    {.fg256 = MAROON,
			.fg16 = 1,
			.attr = THEME_BOLD | THEME_REVERSE},
		[LOOK_NOTICE] =
		    {.fg256 = OWN,
			.fg16 = OWN,
			.attr = THEME_BOLD | THEME_REVERSE},
		[LOOK_RUN] = {.fg256 = TEAL, .fg16 = 4, .attr = THEME_BOLD},
		[LOOK_SLEEP] = {.fg256 = NAVY, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_READ] = {.fg256 = NAVY, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_WINDOW] =
		    {.fg256 = INDIGO, .fg16 = 1, .attr = THEME_BOLD},
		[LOOK_LOCK] = {.fg256 = INDIGO, .fg16 = 1, .attr = THEME_BOLD},
		[LOOK_GATED] = {.fg256 = INDIGO, .fg16 = 1, .attr = THEME_BOLD},
	    },
	[THEME_MONO] =
	    {
		[LOOK_PLAIN] = {.fg256 = OWN, .fg16 = OWN},
		[LOOK_DIM] = {.fg256 = OWN, .fg16 = OWN},
		[LOOK_STRONG] = {.fg256 = OWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_TITLE] = {.fg256 = OWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_KEY] = {.fg256 = OWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_GOOD] = {.fg256 = OWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_WARN] = {.fg256 = OWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_BAD] = {.fg256 = OWN, .fg16 = OWN, .attr = THEME_BOLD},
		[LOOK_ALARM] = {.fg256 = OWN,
		    .fg16 = OWN,
		    .attr = THEME_BOLD | THEME_REVERSE},
		[LOOK_NOTICE] = {.fg256 = OWN,
		    .fg16 = OWN,
		    .attr = THEME_REVERSE},
		[LOOK_RUN] = {.fg256 = OWN, .fg16 = OWN},
		[LOOK_SLEEP] = {.fg256 = OWN, .fg16 = OWN},
		[LOOK_READ] = {.fg256 = OWN, .fg16 = OWN},
		[LOOK_WINDOW] = {.fg256 = OWN, .fg16 = OWN},
		[LOOK_LOCK] = {.fg256 = OWN, .fg16 = OWN},
		[LOOK_GATED] = {.fg256 = OWN, .fg16 = OWN},
	    },
};
/* clang-format on */

/* Of a process that the engine has stopped. */
static const struct state_info stopped = {.letter = 'Z',
    .glyph = 0x25ac,
    .ascii = '_',
    .word = "stopped",
    .tone = TONE_IDLE,
    .means = "stopped by the engine at the end of the run",
    .ends = ENDS_NEVER};

static const struct {
	uint32_t glyph;
	char ascii;
} glyphs[GLYPH_COUNT] = {
    [GLYPH_HLINE] = {.glyph = 0x2500, .ascii = '-'},
    [GLYPH_VLINE] = {.glyph = 0x2502, .ascii = '|'},
    [GLYPH_TOP_LEFT] = {.glyph = 0x250c, .ascii = '+'},
    [GLYPH_TOP_RIGHT] = {.glyph = 0x2510, .ascii = '+'},
    [GLYPH_BOTTOM_LEFT] = {.glyph = 0x2514, .ascii = '+'},
    [GLYPH_BOTTOM_RIGHT] = {.glyph = 0x2518, .ascii = '+'},
    [GLYPH_BAR_FULL] = {.glyph = 0x2588, .ascii = '#'},
    [GLYPH_BAR_EMPTY] = {.glyph = 0x2591, .ascii = '.'},
    [GLYPH_SELECTED] = {.glyph = 0x203a, .ascii = '>'},
    [GLYPH_TICK] = {.glyph = 0x2713, .ascii = '+'},
    [GLYPH_CROSS] = {.glyph = 0x2717, .ascii = 'x'},
    [GLYPH_UNSURE] = {.glyph = '?', .ascii = '?'},
    [GLYPH_RUNNING] = {.glyph = 0x25b6, .ascii = '>'},
    [GLYPH_PAUSED] = {.glyph = 0x2016, .ascii = '|'},
    [GLYPH_OVER] = {.glyph = 0x25a0, .ascii = '#'},
    [GLYPH_BECAUSE] = {.glyph = 0x2190, .ascii = '<'},
    [GLYPH_BECOMES] = {.glyph = 0x2192, .ascii = '>'},
    [GLYPH_CUT] = {.glyph = 0x2026, .ascii = '~'},
    [GLYPH_HELD] = {.glyph = 0x2584, .ascii = 'h'},
    [GLYPH_AGAINST] = {.glyph = 0x2588, .ascii = 'H'},
};

const struct theme_look *
theme_look(enum theme theme, enum look look)
{
	return &looks[theme][look];
}

const struct theme_paper *
theme_paper(enum theme theme)
{
	return &papers[theme];
}

/* What xterm shows: 16 colours by name, a cube of 6 x 6 x 6, 24 greys. */
uint32_t
theme_rgb(int colour)
{
	static const uint32_t named[16] = {0x000000, 0xcd0000, 0x00cd00,
	    0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f,
	    0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff,
	    0xffffff};
	static const uint32_t level[6] = {0, 95, 135, 175, 215, 255};

	if (colour < 16)
		return named[colour];
	if (colour >= 232)
		return (uint32_t)(colour - 232) * 0x0a0a0a + 0x080808;
	colour -= 16;
	return level[colour / 36] << 16 | level[colour / 6 % 6] << 8 |
	    level[colour % 6];
}

const struct state_info *
theme_state(unsigned state)
{
	return state == THEME_STOPPED ? &stopped : state_info(state);
}

enum look
theme_state_look(unsigned state)
{
	switch (theme_state(state)->tone) {
	case TONE_IDLE:
		return LOOK_DIM;
	case TONE_RUN:
		return LOOK_RUN;
	case TONE_WINDOW:
		return LOOK_WINDOW;
	case TONE_SLEEP:
		return LOOK_SLEEP;
	case TONE_READ:
		return LOOK_READ;
	case TONE_BLOCKED:
		return LOOK_LOCK;
	case TONE_GATED:
		return LOOK_GATED;
	case TONE_BAD:
		return LOOK_BAD;
	}
	return LOOK_PLAIN;
}

uint32_t
theme_glyph(enum glyph g, bool ascii)
{
	return ascii ? (unsigned char)glyphs[g].ascii : glyphs[g].glyph;
}

uint32_t
theme_state_glyph(unsigned state, bool ascii)
{
	const struct state_info *s = theme_state(state);

	return ascii ? (unsigned char)s->ascii : s->glyph;
}

uint32_t
theme_level(unsigned level, bool ascii)
{
	if (level >= THEME_LEVELS)
		level = THEME_LEVELS - 1;
	return ascii ? (unsigned char)"_.:=+*%#"[level] : 0x2581 + level;
}
