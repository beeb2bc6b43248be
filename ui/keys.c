/* keys: the table of what can be pressed. */
#include "keys.h"

#include <stddef.h>

#include "paint.h"

#define CONTROL(c) ((c)&0x1f)

static const struct keys_binding table[] = {
    {.action = ACTION_WORKERS,
	.group = KEYS_VIEWS,
	.codes = {'1'},
	.label = "1",
	.bar = "views",
	.bar_label = "1-9",
	.help = "workers: every process and its threads"},
    {.action = ACTION_THREADS,
	.group = KEYS_VIEWS,
	.codes = {'2'},
	.label = "2",
	.help = "threads: all of them in one table"},
    {.action = ACTION_LOG,
	.group = KEYS_VIEWS,
	.codes = {'3'},
	.label = "3",
	.help = "log: what happened, the newest at the bottom"},
    {.action = ACTION_LOCKS,
	.group = KEYS_VIEWS,
	.codes = {'4'},
	.label = "4",
	.help = "locks: who has and who waits, deadlocks, the kinds"},
    {.action = ACTION_FUTURES,
	.group = KEYS_VIEWS,
	.codes = {'5'},
	.label = "5",
	.help = "futures: each task of an executor, and what came of it"},
    {.action = ACTION_INFO,
	.group = KEYS_VIEWS,
	.codes = {'i', '6'},
	.label = "i 6",
	.help = "info: the demo, what it teaches, its parameters"},
    {.action = ACTION_COMPARE,
	.group = KEYS_VIEWS,
	.codes = {'7'},
	.label = "7",
	.help = "compare: the same work done in several ways"},
    {.action = ACTION_RACE,
	.group = KEYS_VIEWS,
	.codes = {'x', '8'},
	.label = "x 8",
	.help = "race: lost updates, who overwrote whom, step by step"},
    {.action = ACTION_TIMELINE,
	.group = KEYS_VIEWS,
	.codes = {'t', '9'},
	.label = "t 9",
	.help = "timeline: what every thread did, and when"},
    {.action = ACTION_LINTS,
	.group = KEYS_VIEWS,
	.codes = {'!'},
	.label = "!",
	.help = "lints: what is wrong with the run, or soon may be"},
    {.action = ACTION_HELP,
	.group = KEYS_VIEWS,
	.codes = {'?', PAINT_F1},
	.label = "? F1",
	.bar = "help",
	.help = "this help"},
    {.action = ACTION_BACK,
	.group = KEYS_VIEWS,
	.codes = {PAINT_ESCAPE},
	.label = "Esc",
	.bar = "back",
	.help = "back; at the top, clear the filter"},

    {.action = ACTION_UP,
	.group = KEYS_MOVE,
	.codes = {PAINT_UP},
	.label = "Up",
	.help = "up (k is taken: it kills)"},
    {.action = ACTION_DOWN,
	.group = KEYS_MOVE,
	.codes = {PAINT_DOWN, 'j'},
	.label = "Down j",
	.help = "down"},
    {.action = ACTION_SEEK_BACK,
	.group = KEYS_REPLAY,
	.codes = {PAINT_LEFT, 'h'},
	.label = "Left h",
	.help = "5 seconds back"},
    {.action = ACTION_SEEK_ON,
	.group = KEYS_REPLAY,
	.codes = {PAINT_RIGHT},
	.label = "Right",
	.bar = "seek",
	.bar_label = "Left Right",
	.help = "5 seconds on"},
    {.action = ACTION_LEFT,
	.group = KEYS_MOVE,
	.codes = {PAINT_LEFT, 'h'},
	.label = "Left h",
	.help = "the worker before"},
    {.action = ACTION_RIGHT,
	.group = KEYS_MOVE,
	.codes = {PAINT_RIGHT},
	.label = "Right",
	.help = "the next worker (l is taken: the lock)"},
    {.action = ACTION_PAGE_UP,
	.group = KEYS_MOVE,
	.codes = {PAINT_PAGE_UP, CONTROL('b')},
	.label = "PgUp",
	.help = "a page up"},
    {.action = ACTION_PAGE_DOWN,
	.group = KEYS_MOVE,
	.codes = {PAINT_PAGE_DOWN, CONTROL('f')},
	.label = "PgDn",
	.help = "a page down"},
    {.action = ACTION_FIRST,
	.group = KEYS_MOVE,
	.codes = {PAINT_HOME, 'g'},
	.label = "Home g",
	.help = "to the first"},
    {.action = ACTION_LAST,
	.group = KEYS_MOVE,
	.codes = {PAINT_END, 'G'},
	.label = "End G",
	.help = "to the last"},
    {.action = ACTION_FOCUS,
	.group = KEYS_MOVE,
	.codes = {PAINT_TAB, PAINT_BACKTAB},
	.label = "Tab",
	.help = "between processes and threads; else the next view"},
    {.action = ACTION_OPEN,
	.group = KEYS_MOVE,
	.codes = {PAINT_ENTER},
	.label = "Enter",
	.help = "all about the selected one, and its last steps"},
    {.action = ACTION_FILTER,
	.group = KEYS_MOVE,
	.codes = {'/'},
	.label = "/",
	.bar = "filter",
	.help = "filter by name, state or item"},
    {.action = ACTION_SORT,
	.group = KEYS_MOVE,
	.codes = {'o'},
	.label = "o",
	.help = "order of the threads and of the futures"},
    {.action = ACTION_EARLIER,
	.group = KEYS_MOVE,
	.codes = {'a'},
	.label = "a",
	.help = "timeline: earlier, as Left; End follows the present again"},
    {.action = ACTION_LATER,
	.group = KEYS_MOVE,
	.codes = {'d'},
	.label = "d",
	.help = "timeline: later, as Right"},
    {.action = ACTION_FAR_EARLIER,
	.group = KEYS_MOVE,
	.codes = {'A'},
	.label = "A",
	.help = "timeline: earlier by half a screen"},
    {.action = ACTION_FAR_LATER,
	.group = KEYS_MOVE,
	.codes = {'D'},
	.label = "D",
	.help = "timeline: later by half a screen"},
    {.action = ACTION_FINER,
	.group = KEYS_MOVE,
	.codes = {'('},
	.label = "(",
	.help = "timeline: less time a column"},
    {.action = ACTION_COARSER,
	.group = KEYS_MOVE,
	.codes = {')'},
	.label = ")",
	.help = "timeline: more time a column"},

    {.action = ACTION_MATRIX,
	.group = KEYS_MOVE,
	.codes = {'m'},
	.label = "m",
	.help = "race: the matrix of who overwrote whom, or the steps"},

    {.action = ACTION_REPLAY_PAUSE,
	.group = KEYS_REPLAY,
	.codes = {' '},
	.label = "space",
	.bar = "pause",
	.help = "pause the replay, and go on"},
    {.action = ACTION_PACE_LESS,
	.group = KEYS_REPLAY,
	.codes = {'<', ','},
	.label = "<",
	.help = "slower"},
    {.action = ACTION_PACE_MORE,
	.group = KEYS_REPLAY,
	.codes = {'>', '.'},
	.label = ">",
	.bar = "pace",
	.bar_label = "< >",
	.help = "faster"},

    {.action = ACTION_PAUSE,
	.group = KEYS_STEER,
	.codes = {' '},
	.label = "space",
	.bar = "pause",
	.help = "pause the workers at their next gate, and go on"},
    {.action = ACTION_STEPPED,
	.group = KEYS_STEER,
	.codes = {'s'},
	.label = "s",
	.bar = "step",
	.help = "stop all threads at their gates, to step them"},
    {.action = ACTION_LOCK,
	.group = KEYS_STEER,
	.codes = {'l'},
	.label = "l",
	.bar = "lock",
	.help = "turn the lock around the sum on or off"},
    {.action = ACTION_PICK_LOCK,
	.group = KEYS_STEER,
	.codes = {'L'},
	.label = "L",
	.bar = "kind",
	.help = "choose the kind of lock"},
    {.action = ACTION_KILL,
	.group = KEYS_STEER,
	.codes = {'k'},
	.label = "k",
	.bar = "kill",
	.help = "kill the selected worker (asks)"},
    {.action = ACTION_WINDOW_LESS,
	.group = KEYS_STEER,
	.codes = {'['},
	.label = "[",
	.help = "narrower window between load and store"},
    {.action = ACTION_WINDOW_MORE,
	.group = KEYS_STEER,
	.codes = {']'},
	.label = "]",
	.bar = "window",
	.bar_label = "[ ]",
	.help = "wider window"},
    {.action = ACTION_BLIND,
	.group = KEYS_STEER,
	.codes = {'b'},
	.label = "b",
	.help = "blind: tell nothing between load and store, or tell again"},
    {.action = ACTION_SPEED_LESS,
	.group = KEYS_STEER,
	.codes = {'<', ','},
	.label = "<",
	.help = "slower"},
    {.action = ACTION_SPEED_MORE,
	.group = KEYS_STEER,
	.codes = {'>', '.'},
	.label = ">",
	.bar = "speed",
	.bar_label = "< >",
	.help = "faster"},
    {.action = ACTION_WORKERS_MORE,
	.group = KEYS_STEER,
	.crew = true,
	.codes = {'+', '='},
	.label = "+",
	.bar = "workers",
	.bar_label = "+ -",
	.help = "one worker more"},
    {.action = ACTION_WORKERS_LESS,
	.group = KEYS_STEER,
	.crew = true,
	.codes = {'-'},
	.label = "-",
	.help = "one worker fewer"},
    {.action = ACTION_THREADS_MORE,
	.group = KEYS_STEER,
	.crew = true,
	.codes = {'}'},
	.label = "}",
	.bar = "threads",
	.bar_label = "} {",
	.help = "one thread more in each worker"},
    {.action = ACTION_THREADS_LESS,
	.group = KEYS_STEER,
	.crew = true,
	.codes = {'{'},
	.label = "{",
	.help = "one thread fewer in each worker"},
    {.action = ACTION_RESTART,
	.group = KEYS_STEER,
	.codes = {'r'},
	.label = "r",
	.bar = "restart",
	.help = "run again from the start (asks while it runs)"},

    {.action = ACTION_STEP,
	.group = KEYS_STEP,
	.codes = {'n'},
	.label = "n",
	.bar = "step",
	.help = "the selected thread does one step"},
    {.action = ACTION_STEP_LETTER,
	.group = KEYS_STEP,
	.codes = {'1', '2', '3', '4', '5', '6', '7', '8', '9', '0'},
	.label = "1-9 0",
	.bar = "thread",
	.bar_label = "1-9",
	.help = "that thread does one step: 1 is a, 2 is b, 0 the tenth"},
    {.action = ACTION_STEP_ANY,
	.group = KEYS_STEP,
	.codes = {'N'},
	.label = "N",
	.bar = "any",
	.help = "one step of whomever the scheduler chooses"},
    {.action = ACTION_UNDO,
	.group = KEYS_STEP,
	.codes = {'u'},
	.label = "u",
	.bar = "undo",
	.help = "take the last step back: the run is repeated up to there"},
    {.action = ACTION_UNDO_ALL,
	.group = KEYS_STEP,
	.codes = {'U'},
	.label = "U",
	.help = "take all steps back"},
    {.action = ACTION_CONTINUE,
	.group = KEYS_STEP,
	.codes = {'c'},
	.label = "c",
	.bar = "continue",
	.help = "let all threads go on freely"},
    {.action = ACTION_VIEW_BEFORE,
	.group = KEYS_STEP,
	.codes = {'{'},
	.label = "{",
	.help = "the view before: while stepped, digits are threads"},
    {.action = ACTION_VIEW_AFTER,
	.group = KEYS_STEP,
	.codes = {'}'},
	.label = "}",
	.bar = "views",
	.bar_label = "{ }",
	.help = "the next view"},

    {.action = ACTION_THROUGH,
	.group = KEYS_EXPLORE,
	.codes = {PAINT_ENTER},
	.label = "Enter",
	.bar = "step through it",
	.help = "step through the schedule shown, in the live dashboard"},

    {.action = ACTION_GUESS,
	.group = KEYS_OTHER,
	.codes = {'P'},
	.label = "P",
	.bar = "guess",
	.help = "guess what the sum will be: see --predict"},
    {.action = ACTION_FREEZE,
	.group = KEYS_OTHER,
	.codes = {'z'},
	.label = "z",
	.bar = "freeze",
	.help = "freeze the view only; what is shown goes on"},
    {.action = ACTION_REDRAW,
	.group = KEYS_OTHER,
	.codes = {CONTROL('l')},
	.label = "^L",
	.help = "draw the screen anew"},
    {.action = ACTION_QUIT,
	.group = KEYS_OTHER,
	.codes = {'q', 'Q', PAINT_F10},
	.label = "q F10",
	.bar = "quit",
	.help = "quit, at once; F10 also while a filter is typed"},
    {.action = ACTION_NONE},
};

const struct keys_binding *
keys_table(void)
{
	return table;
}

const char *
keys_group_name(enum keys_group group)
{
	static const char *const names[KEYS_GROUPS] = {
	    [KEYS_VIEWS] = "Views",
	    [KEYS_MOVE] = "Moving about",
	    [KEYS_STEER] = "Steering the pipeline",
	    [KEYS_STEP] = "Stepping, once s has stopped all threads",
	    [KEYS_REPLAY] = "Replaying a recording",
	    [KEYS_EXPLORE] = "Exploring all schedules",
	    [KEYS_OTHER] = "And",
	};

	return names[group];
}

/* Of one group, or of all but those of a mode of their own. */
static const struct keys_binding *
find(int code, bool own, enum keys_group group)
{
	for (const struct keys_binding *b = table; b->action; b++) {
		bool special = b->group == KEYS_REPLAY ||
		    b->group == KEYS_STEP || b->group == KEYS_EXPLORE;

		if (own ? b->group != group : special)
			continue;
		for (int i = 0; i < KEYS_MAX && b->codes[i] != 0; i++)
			if (b->codes[i] == code)
				return b;
	}
	return NULL;
}

/* A key of stepping that means nothing else is known at all times. */
enum action
keys_action(int code, enum keys_mode mode)
{
	const struct keys_binding *b = NULL;

	if (mode == KEYS_RECORDING)
		b = find(code, true, KEYS_REPLAY);
	else if (mode == KEYS_STEPPED)
		b = find(code, true, KEYS_STEP);
	else if (mode == KEYS_SEARCH)
		b = find(code, true, KEYS_EXPLORE);
	if (b == NULL)
		b = find(code, false, KEYS_GROUPS);
	if (b == NULL)
		b = find(code, true, KEYS_STEP);
	return b != NULL ? b->action : ACTION_NONE;
}

const struct keys_binding *
keys_binding(enum action action)
{
	const struct keys_binding *b = table;

	while (b->action != ACTION_NONE && b->action != action)
		b++;
	return b;
}

/* A search has no pipeline to be looked at or steered. */
static bool
of_search(const struct keys_binding *b, struct keys_where w)
{
	switch (b->action) {
	case ACTION_LOG:
	case ACTION_INFO:
	case ACTION_HELP:
	case ACTION_BACK:
	case ACTION_UP:
	case ACTION_DOWN:
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
	case ACTION_FIRST:
	case ACTION_LAST:
	case ACTION_FREEZE:
	case ACTION_REDRAW:
	case ACTION_QUIT:
		return true;
	default:
		return b->group == KEYS_EXPLORE ||
		    (b->group == KEYS_REPLAY && w.recording);
	}
}

bool
keys_apply(const struct keys_binding *b, struct keys_where w)
{
	enum keys_mode mode = w.recording ? KEYS_RECORDING
	    : w.stepped                   ? KEYS_STEPPED
					  : KEYS_LIVE;

	if (w.explores)
		return of_search(b, w);
	if (b->group == KEYS_EXPLORE)
		return false;
	if (b->group == KEYS_REPLAY)
		return w.recording;
	if (b->action == ACTION_GUESS)
		return w.guesses;
	if (b->group == KEYS_STEP || b->group == KEYS_STEER) {
		if (!w.steers || (b->crew && w.program))
			return false;
		if (b->action == ACTION_STEPPED)
			return !w.stepped;
	}
	/* Some keys mean something else in a recording, or stepped. */
	return b->group == KEYS_STEP || mode == KEYS_LIVE ||
	    keys_action(b->codes[0], mode) == b->action;
}

bool
keys_bar(const struct keys_binding *b, struct keys_where w)
{
	if (b->bar == NULL || !keys_apply(b, w))
		return false;
	if (b->action == ACTION_UNDO)
		return w.undoes;
	return b->group != KEYS_STEP || w.stepped;
}
