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

const struct keys_binding *
keys_at(const struct keys_table *t, unsigned n)
{
	for (unsigned i = 0; i < t->n; n -= t->rows[i++]->n)
		if (n < t->rows[i]->n)
			return &t->rows[i]->row[n];
	return NULL;
}

static const struct keys_binding *
keys_among(const struct keys_rows *r, int code, enum keys_group of)
{
	for (const struct keys_binding *b = r->row; b < r->row + r->n; b++) {
		bool special = b->group == KEYS_REPLAY ||
		    b->group == KEYS_STEP || b->group == KEYS_EXPLORE;

		if (of == KEYS_GROUPS ? special : b->group != of)
			continue;
		for (int i = 0; i < KEYS_MAX && b->codes[i] != 0; i++)
			if (b->codes[i] == code)
				return b;
	}
	return NULL;
}

/* Of this group; KEYS_GROUPS: of all but those of a mode of their own. */
static const struct keys_binding *
keys_of(const struct keys_table *t, int code, enum keys_group of)
{
	const struct keys_binding *b = NULL;

	for (unsigned i = 0; b == NULL && i < t->n; i++)
		b = keys_among(t->rows[i], code, of);
	return b;
}

/* A key of stepping that means nothing else is known at all times. */
const struct keys_binding *
keys_find(const struct keys_table *t, int code, struct keys_where w)
{
	const struct keys_binding *b = NULL;

	if (w.recording)
		b = keys_of(t, code, KEYS_REPLAY);
	else if (w.stepped)
		b = keys_of(t, code, KEYS_STEP);
	if (b == NULL && w.explores)
		b = keys_of(t, code, KEYS_EXPLORE);
	if (b == NULL)
		b = keys_of(t, code, KEYS_GROUPS);
	return b != NULL ? b : keys_of(t, code, KEYS_STEP);
}

enum action
keys_action(const struct keys_table *t, int code)
{
	const struct keys_binding *b =
	    keys_find(t, code, (struct keys_where){.steers = true});

	return b != NULL ? b->action : ACTION_NONE;
}

bool
keys_apply(const struct keys_table *t, const struct keys_binding *b,
    struct keys_where w)
{
	if (b->when != NULL && !b->when(w))
		return false;
	if (w.explores)
		return b->search || b->group == KEYS_EXPLORE ||
		    (b->group == KEYS_REPLAY && w.recording);
	switch (b->group) {
	case KEYS_EXPLORE:
		return false;
	case KEYS_REPLAY:
		return w.recording;
	case KEYS_STEP:
		return w.steers;
	case KEYS_STEER:
		if (!w.steers || (b->crew && w.program))
			return false;
		break;
	default:
		break;
	}
	/* Some keys mean something else in a recording, or stepped. */
	return (!w.recording && !w.stepped) ||
	    keys_find(t, b->codes[0], w) == b;
}

bool
keys_bar(const struct keys_table *t, const struct keys_binding *b,
    struct keys_where w)
{
	if (b->bar == NULL || !keys_apply(t, b, w))
		return false;
	if (b->bar_when != NULL)
		return b->bar_when(w);
	if (w.over && b->group == KEYS_STEER && !b->after)
		return false;
	return b->group != KEYS_STEP || w.stepped;
}
