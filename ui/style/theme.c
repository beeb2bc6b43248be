/* theme: the tables of colours and glyphs. */
#include "style/theme.h"

/* Okabe and Ito's colours, which colour-blind people can distinguish. */
enum {
	ORANGE = 178,
	SKY = 74,
	GREEN = 35,
	YELLOW = 221,
	VERMILION = 166,
	PURPLE = 175,
	GREY = 247
};

static const struct theme_look looks[LOOK_COUNT] = {
    [LOOK_PLAIN] = {.fg256 = -1, .fg8 = -1},
    [LOOK_DIM] = {.fg256 = GREY, .fg8 = -1, .mono = 0},
    [LOOK_STRONG] = {.fg256 = -1,
	.fg8 = -1,
	.attr = THEME_BOLD,
	.mono = THEME_BOLD},
    [LOOK_TITLE] = {.fg256 = SKY,
	.fg8 = 6,
	.attr = THEME_BOLD,
	.mono = THEME_BOLD},
    [LOOK_KEY] = {.fg256 = YELLOW,
	.fg8 = 3,
	.attr = THEME_BOLD,
	.mono = THEME_BOLD},
    [LOOK_GOOD] = {.fg256 = GREEN,
	.fg8 = 2,
	.attr = THEME_BOLD,
	.mono = THEME_BOLD},
    [LOOK_WARN] = {.fg256 = ORANGE,
	.fg8 = 3,
	.attr = THEME_BOLD,
	.mono = THEME_BOLD},
    [LOOK_BAD] = {.fg256 = VERMILION,
	.fg8 = 1,
	.attr = THEME_BOLD,
	.mono = THEME_BOLD},
    [LOOK_ALARM] = {.fg256 = VERMILION,
	.fg8 = 1,
	.attr = THEME_BOLD | THEME_REVERSE,
	.mono = THEME_BOLD | THEME_REVERSE},
    [LOOK_NOTICE] = {.fg256 = YELLOW,
	.fg8 = 3,
	.attr = THEME_REVERSE,
	.mono = THEME_REVERSE},
    [LOOK_RUN] = {.fg256 = GREEN, .fg8 = 2},
    [LOOK_SLEEP] = {.fg256 = SKY, .fg8 = 6},
    [LOOK_READ] = {.fg256 = SKY, .fg8 = 6},
    [LOOK_WINDOW] = {.fg256 = PURPLE, .fg8 = 5},
    [LOOK_LOCK] = {.fg256 = ORANGE, .fg8 = 3},
    [LOOK_GATED] = {.fg256 = YELLOW, .fg8 = 3},
};

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
theme_look(enum look look)
{
	return &looks[look];
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
