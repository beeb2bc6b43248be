/*
 * state: what is known of each state of a thread, one row per state. Engine
 * and dashboard ask this table and have no lists of states of their own: a new
 * state is a value in lockstep/frame.h and a row in state.c.
 */
#ifndef LOCKSTEP_STATE_H
#define LOCKSTEP_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/frame.h"

/* What frame_thread.object is the number of. */
enum state_object {
	OBJECT_NONE,
	OBJECT_LOCK,     /* or a semaphore; 0: the lock around the sum */
	OBJECT_QUEUE,    /* 0: the item queue */
	OBJECT_PIPE,     /* from 1 */
	OBJECT_EXECUTOR, /* 0: it is not known which */
	OBJECT_THREAD    /* no number: frame_thread.owner is the thread */
};

/* What the thread wants of that object. */
enum state_wants {
	WANTS_NOTHING,
	WANTS_ONE, /* a lock, an item, bytes, a task, a result */
	WANTS_ROOM,
	WANTS_END /* of all unfinished items, or of the thread */
};

/* What ends the state. */
enum state_end {
	ENDS_BY_ITSELF, /* or the engine ends it */
	ENDS_BY_OWNER,  /* only the thread in frame_thread.owner */
	ENDS_BY_OTHER,  /* any thread that can run may do it */
	ENDS_BY_WORK,   /* a new task for this idle thread */
	ENDS_NEVER      /* the thread is gone */
};

/* Where frame_thread.owner comes from. */
enum state_owner {
	OWNER_OF_OBJECT, /* from the thread's slot, if there is an object */
	OWNER_OF_SLOT,   /* from the thread's slot */
	OWNER_OF_SUM,    /* the same; without an object, the holder of the lock
			    around the sum */
	OWNER_OF_GIL     /* the holder of the process's interpreter lock */
};

/* What it is drawn like; the colours are the dashboard's. */
enum state_tone {
	TONE_IDLE,
	TONE_RUN,
	TONE_WINDOW,
	TONE_SLEEP,
	TONE_READ,
	TONE_BLOCKED,
	TONE_GATED,
	TONE_BAD
};

struct state_info {
	/* A power of two bytes: loops over thousands of threads index by it. */
	_Alignas(64) enum state_end ends;
	enum state_object object;
	enum state_wants wants;
	enum state_owner owner;
	enum state_tone tone;
	bool follows;   /* `owner` is the thread that it waits for */
	bool is_act;    /* `named` is what it is about to do */
	bool runs;      /* takes a processor */
	bool works;     /* its own work, which takes time but no processor */
	bool ageless;   /* since when does not matter */
	bool delegates; /* other threads do its work meanwhile */
	bool lockless;  /* cannot hold the lock around the sum */

	/* Each differs from those of all other states. */
	char letter;
	char ascii;       /* instead of the glyph */
	uint32_t glyph;   /* a code point */
	const char *word; /* at most 8 columns */

	const char *means; /* for the help; NULL: "waits for `waits_for`" */

	/* Of a wait, else NULL. */
	const char *waits_for;     /* "room in a queue" */
	const char *named;         /* with the object's name, "put %s" */
	const char *blocked;       /* the verb, "is blocked in put() of %s" */
	const char *blocked_plain; /* the same where no name is known */
	const char *help;          /* what another thread does to end it */
};

extern const struct state_info state_infos[]; /* [STATE_COUNT] */

/*
 * A number that is no state, as a broken program may leave in its slot, counts
 * as STATE_STARTING. Hot loops over what frame_check() has let pass use the
 * array itself.
 */
static inline const struct state_info *
state_info(unsigned state)
{
	return &state_infos[state < STATE_COUNT ? state : STATE_STARTING];
}

static inline bool
state_is_gone(unsigned state)
{
	return state_info(state)->ends == ENDS_NEVER;
}

/* It waits for an object of that kind. */
static inline bool
state_waits_for(unsigned state, enum state_object object)
{
	return state_info(state)->object == object;
}

/* The object that it waits for is the run's own, not one of the program's. */
static inline bool
state_is_of_run(unsigned state, unsigned object)
{
	enum state_object kind = state_info(state)->object;

	return object == 0 && (kind == OBJECT_LOCK || kind == OBJECT_QUEUE);
}

#endif
