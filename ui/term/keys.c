/* keys: what a key means where, and where its row is shown. */
#include "term/keys.h"

#include <stddef.h>

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
keys_find(int code, bool own, enum keys_group group)
{
	for (const struct keys_binding *b = keys_table(); b->action; b++) {
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
		b = keys_find(code, true, KEYS_REPLAY);
	else if (mode == KEYS_STEPPED)
		b = keys_find(code, true, KEYS_STEP);
	else if (mode == KEYS_SEARCH)
		b = keys_find(code, true, KEYS_EXPLORE);
	if (b == NULL)
		b = keys_find(code, false, KEYS_GROUPS);
	if (b == NULL)
		b = keys_find(code, true, KEYS_STEP);
	return b != NULL ? b->action : ACTION_NONE;
}

const struct keys_binding *
keys_binding(enum action action)
{
	const struct keys_binding *b = keys_table();

	while (b->action != ACTION_NONE && b->action != action)
		b++;
	return b;
}

/* A search has no pipeline to be looked at or steered. */
static bool
keys_of_search(const struct keys_binding *b, struct keys_where w)
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
		return keys_of_search(b, w);
	if (b->group == KEYS_EXPLORE)
		return false;
	if (b->group == KEYS_REPLAY)
		return w.recording;
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
	if (b->action == ACTION_GUESS)
		return w.guesses;
	if (w.over && b->group == KEYS_STEER && b->action != ACTION_RESTART)
		return false;
	return b->group != KEYS_STEP || w.stepped;
}
