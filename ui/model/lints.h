/*
 * lints: what is wrong with a run, or may be soon, each a row with a sentence.
 *
 * A lint is a condition on the model that must hold for some time before it
 * comes on, and must have ceased for some time before it goes off, so that
 * nothing flickers. Those about pace or about being stuck are silent while the
 * run is paused or stepped: there it is the user who holds it up.
 *
 * The model itself looks ten times a second of the frames' time, so a recording
 * says the same; live, the clock makes it look as well, since a hung program
 * sends no frames.
 *
 * A new lint is an enumerator and a prototype here, a row in lints.c, and its
 * rule.
 */
#ifndef LOCKSTEP_LINTS_H
#define LOCKSTEP_LINTS_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/frame.h"

struct model;

#define LINT_TEXT  256          /* bytes of a sentence, with the NUL */
#define LINT_PACE  100000000ULL /* ns between two looks */
#define LINT_LOOKS 16           /* remembered: a second and more */

enum lint {
	LINT_LOST,      /* updates are being lost */
	LINT_DEADLOCK,  /* a cycle of locks has closed */
	LINT_ORDER,     /* locks taken in both orders: it may close */
	LINT_SENTINELS, /* fewer than there are workers */
	LINT_JOIN,      /* for an item that no thread marks done */
	LINT_ORPHANED,  /* a worker died holding a lock */
	LINT_UNSHARED,  /* a lock that does not reach other processes */
	LINT_HELD,      /* a lock is held long */
	LINT_CONVOY,    /* most threads queue up for one lock */
	LINT_STARVING,  /* one waits, others get the lock again and again */
	LINT_IDLE,      /* workers wait while items are queued */
	LINT_PRODUCER,  /* blocked on a full queue */
	LINT_CORES,     /* more threads compute than there are processors */
	LINT_DROPPED,   /* status frames */
	LINT_COUNT
};

/* Does it hold? Then the sentence. */
struct lint_sight;
typedef bool lint_rule(const struct lint_sight *, char text[LINT_TEXT]);

/* lint_run.c: the updates, processors and frames themselves. */
lint_rule lint_lost, lint_unshared, lint_cores, lint_dropped, lint_idle;

/* lint_locks.c */
lint_rule lint_deadlock, lint_order, lint_held, lint_convoy, lint_starving,
    lint_orphaned;

/* lint_queues.c */
lint_rule lint_sentinels, lint_join, lint_producer;

struct lint_kind {
	const char *name;    /* "convoy" */
	const char *watches; /* what it looks for, a clause */
	uint64_t on, off;    /* ns that it must hold, or have ceased */
	bool of_pace;        /* silent in a pause and while stepped */
	bool grave;          /* results are wrong, or the run is stuck */
	lint_rule *rule;
};

struct lint_row {
	bool fires;
	uint64_t changed; /* ns: when it began or ceased to hold */
	bool holds;
	uint64_t since;       /* ns: it fires, or fired last, since */
	uint64_t until;       /* ns: when it went off */
	unsigned times;       /* that it came on */
	char text[LINT_TEXT]; /* the last sentence; empty: it never fired */
};

/* Counters at a look, for what has grown since. */
struct lint_look {
	uint64_t ns, lost, dropped, orphaned;
	unsigned running;                         /* threads that compute */
	uint64_t acquired[FRAME_MAX_OBJECTS + 1]; /* [0]: around the sum */
};

/* In the model. Zero-initialised. */
struct lints {
	uint64_t run; /* that the rows are of */
	struct lint_row row[LINT_COUNT];
	struct lint_look looks[LINT_LOOKS];
	uint64_t nlooks;
	uint64_t due; /* ns: not before then will there be a look */
	uint64_t lost_at, dropped_at, orphaned_at; /* ns of the last growth */
};

extern const struct lint_kind lint_kinds[LINT_COUNT];

/* Is it time to look? Asked with every frame. */
static inline bool
lints_due(const struct lints *l, uint64_t now, uint64_t run)
{
	return now >= l->due || l->run != run;
}

/* Look at `now`. True if a lint came on or went off. */
bool lints_look(struct model *, uint64_t now);

/* How many fire; how many of them are grave. */
unsigned lints_firing(const struct lints *, unsigned *grave);

#endif
