/* theme: the tables of colours, states and glyphs. */
#include "style/theme.h"

/* Okabe and Ito's colours, which the colour-blind can tell apart. */
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

static const struct theme_state states[THEME_STATES] = {
    [STATE_STARTING] = {.letter = 'N',
	.glyph = 0x2219,
	.ascii = ',',
	.look = LOOK_DIM,
	.word = "start",
	.means = "being started"},
    [STATE_RUNNING] = {.letter = 'R',
	.glyph = 0x25b6,
	.ascii = '>',
	.look = LOOK_RUN,
	.word = "run",
	.means = "works on a task"},
    [STATE_SLEEPING] = {.letter = 'S',
	.glyph = 0x25cb,
	.ascii = 'z',
	.look = LOOK_SLEEP,
	.word = "sleep",
	.means = "asleep, as a task may be told to be"},
    [STATE_READING] = {.letter = 'D',
	.glyph = 0x2261,
	.ascii = '=',
	.look = LOOK_READ,
	.word = "read",
	.means = "reads, as from a file"},
    [STATE_WINDOW] = {.letter = 'W',
	.glyph = 0x25c6,
	.ascii = '*',
	.look = LOOK_WINDOW,
	.word = "window",
	.means = "between the load and the store of an add"},
    [STATE_WAIT_LOCK] = {.letter = 'L',
	.glyph = 0x25a0,
	.ascii = '#',
	.look = LOOK_LOCK,
	.word = "lock",
	.waits = "lock sum"},
    [STATE_WAIT_QUEUE] = {.letter = 'Q',
	.glyph = 0x25a1,
	.ascii = 'o',
	.look = LOOK_DIM,
	.word = "queue",
	.waits = "an item"},
    [STATE_WAIT_TASK] = {.letter = 'I',
	.glyph = 0x00b7,
	.ascii = '.',
	.look = LOOK_DIM,
	.word = "idle",
	.waits = "a task"},
    [STATE_WAIT_POOL] = {.letter = 'P',
	.glyph = 0x25c7,
	.ascii = '<',
	.look = LOOK_SLEEP,
	.word = "pool",
	.waits = "its tasks"},
    [STATE_GATED] = {.letter = 'G',
	.glyph = 0x2016,
	.ascii = '|',
	.look = LOOK_GATED,
	.word = "at gate",
	.waits = "the gate"},
    [STATE_STALLED] = {.letter = 'T',
	.glyph = 0x25b2,
	.ascii = '^',
	.look = LOOK_BAD,
	.word = "stalled",
	.waits = "SIGCONT"},
    [STATE_EXITED] = {.letter = 'E',
	.glyph = 0x2713,
	.ascii = '+',
	.look = LOOK_DIM,
	.word = "exited",
	.means = "gone of its own will"},
    [STATE_KILLED] = {.letter = 'X',
	.glyph = 0x2717,
	.ascii = 'x',
	.look = LOOK_BAD,
	.word = "killed",
	.means = "killed by a signal, or gone with the engine"},
    [STATE_WAIT_PUT] = {.letter = 'U',
	.glyph = 0x25a5,
	.ascii = 'p',
	.look = LOOK_LOCK,
	.word = "put",
	.waits = "room in a queue"},
    [STATE_WAIT_JOIN] = {.letter = 'J',
	.glyph = 0x2229,
	.ascii = 'j',
	.look = LOOK_SLEEP,
	.word = "join",
	.waits = "all items to be marked done"},
    [STATE_WAIT_FUTURE] = {.letter = 'F',
	.glyph = 0x25cc,
	.ascii = 'f',
	.look = LOOK_SLEEP,
	.word = "future",
	.waits = "a result"},
    [STATE_WAIT_THREAD] = {.letter = 'H',
	.glyph = 0x2193,
	.ascii = 't',
	.look = LOOK_SLEEP,
	.word = "thread",
	.waits = "a thread to end"},
    [STATE_WAIT_PROCESS] = {.letter = 'C',
	.glyph = 0x21d3,
	.ascii = 'c',
	.look = LOOK_SLEEP,
	.word = "process",
	.waits = "a process to end, or to be born"},
    [STATE_WAIT_PIPE] = {.letter = 'B',
	.glyph = 0x2283,
	.ascii = '(',
	.look = LOOK_DIM,
	.word = "pipe",
	.waits = "something to read from a pipe"},
    [STATE_WRITING] = {.letter = 'O',
	.glyph = 0x2282,
	.ascii = ')',
	.look = LOOK_LOCK,
	.word = "write",
	.waits = "room in a pipe"},
    [STATE_WAIT_GIL] = {.letter = 'Y',
	.glyph = 0x25a3,
	.ascii = '@',
	.look = LOOK_LOCK,
	.word = "gil",
	.waits = "gil"},
    [STATE_NETWORK] = {.letter = 'M',
	.glyph = 0x21c4,
	.ascii = 'n',
	.look = LOOK_READ,
	.word = "net",
	.means = "in a transfer over the network"},
    [THEME_STOPPED] = {.letter = 'Z',
	.glyph = 0x25ac,
	.ascii = '_',
	.look = LOOK_DIM,
	.word = "stopped",
	.means = "ended by the engine, as the run was told to end"},
};

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

const struct theme_state *
theme_state(unsigned state)
{
	return &states[state < THEME_STATES ? state : STATE_STARTING];
}

uint32_t
theme_glyph(enum glyph g, bool ascii)
{
	return ascii ? (unsigned char)glyphs[g].ascii : glyphs[g].glyph;
}

uint32_t
theme_state_glyph(unsigned state, bool ascii)
{
	const struct theme_state *s = theme_state(state);

	return ascii ? (unsigned char)s->ascii : s->glyph;
}

uint32_t
theme_level(unsigned level, bool ascii)
{
	if (level >= THEME_LEVELS)
		level = THEME_LEVELS - 1;
	return ascii ? (unsigned char)"_.:=+*%#"[level] : 0x2581 + level;
}
