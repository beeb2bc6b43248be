/*
 * history: what every thread did and when, as far as the frames have said it.
 *
 * A THREAD frame is a look: its state is exact from the moment at which it
 * began, which the frame carries, but states that came and went between two
 * looks were never seen. TRACE frames, where there are any, fill that in: the
 * lock around the sum got and given back, the window of an add. So a state
 * lasts from its moment to the next one that is known.
 *
 * A row belongs to a place, slot and index: whoever takes the place of a dead
 * thread goes on in its row. Everything is bounded; the oldest is let go first,
 * and from when on a row is known is known.
 *
 * No clock but the frames', no pointers into the model.
 */
#ifndef LOCKSTEP_HISTORY_H
#define LOCKSTEP_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/frame.h"

#define HISTORY_ROWS    (1U << 16) /* threads */
#define HISTORY_MOMENTS 16384      /* of a row */
#define HISTORY_HOLDS   8192       /* of a row */
#define HISTORY_WAITS   8192       /* times waited for, of a lock */
#define HISTORY_ALL                                             \
	(1U << 18)       /* moments and holds, of all rows that \
			    have more than a few */
#define HISTORY_SURE  32 /* of them that each row may have in any case */
#define HISTORY_MARKS 1024
#define HISTORY_DUST  50000ULL /* ns: what is shorter is not kept */

struct history_moment {
	uint64_t ns; /* in this state from here to the next moment */
	int32_t owner;
	uint8_t state;  /* enum frame_state */
	uint8_t object; /* as in struct frame_thread */
	bool same;      /* the same wait goes on, because of another one */
};

/* A lock was held, or waited for. `object` 0: the one around the sum. */
struct history_span {
	uint64_t from, to;
	uint64_t reach; /* the latest end of this one and of all before */
	unsigned object;
};

/* In order of time, at most `max`; the oldest go first. */
struct history_spans {
	struct history_span *at;
	unsigned n, room;
};

struct history_row {
	int32_t pid; /* 0: not known */
	struct history_moment *moment;
	unsigned n, room;
	uint64_t dropped; /* moments let go: all before moment[0] */
	struct history_spans holds;

	uint64_t looked;  /* ns of its newest THREAD frame */
	uint64_t got;     /* ns: has the lock around the sum since; 0: not */
	uint64_t load;    /* ns of a LOAD whose STORE has not come, 0: none */
	uint64_t settled; /* ns: the waits before are put down */
	int waits;        /* for this lock as of the last look; -1: none */
	bool dirty;       /* there is news since */
	struct history_row *next; /* of the dirty ones */
};

enum history_kind {
	HISTORY_LOCK,  /* the kind was switched from `was` to `arg` */
	HISTORY_PAUSE, /* all are told to stop at their gates */
	HISTORY_RESUME,
	HISTORY_KILL, /* the process of slot `arg` died of a signal, `was` */
	HISTORY_STEP, /* by hand; `arg` of them have been taken */
	HISTORY_UNDO, /* back to `arg` steps */
	HISTORY_KINDS
};

struct history_mark {
	uint64_t ns;
	enum history_kind kind;
	uint32_t arg, was;
};

struct history;
struct model;
struct model_thread;

/* NULL if memory is short. history_free(NULL) is fine. */
struct history *history_new(void);
void history_free(struct history *);
void history_clear(struct history *);

/* Make `to`, which is new, the same. False if memory is short. */
bool history_copy(struct history *to, const struct history *from);

/*
 * After the model has taken it in: a THREAD frame and the thread that it is
 * about, NULL if it is not (or no longer) of a thread that is shown; `born` if
 * it is the first one of this thread. And frames of all other types.
 */
void history_thread(struct history *, const struct frame *,
    const struct model_thread *, bool born);
void history_apply(
    struct history *, const struct model *, const struct frame *);

/*
 * Frames are only noted as they come; this makes rows of the notes. Call it
 * before you read rows, locks or bins. The model is the one that it belongs to.
 */
void history_settle(struct history *, const struct model *);

/* Notes from before this time were dropped unread; 0: none were. */
uint64_t history_forgot(const struct history *);

/* Whoever lived is gone, at that time. */
void history_break(struct history *, uint64_t ns);

/* NULL: nothing is known of this place. */
const struct history_row *history_row(
    const struct history *, unsigned slot, unsigned index);

/* The oldest first, from 0; NULL when there are no more. */
const struct history_mark *history_mark(const struct history *, unsigned n);
uint64_t history_marks_dropped(const struct history *);

uint64_t history_look(const struct history *);     /* ns between looks; or 0 */
uint64_t history_unplaced(const struct history *); /* no room for them */

/* Did anybody wait for the lock at some time in [from, to)? */
bool history_waited(
    const struct history *, unsigned object, uint64_t from, uint64_t to);

/* The moment in force at this time; row->n: none is known. */
unsigned history_at(const struct history_row *, uint64_t ns);
/* When the moment is over, for all that is known by `now`. */
uint64_t history_until(
    const struct history_row *, unsigned moment, uint64_t now);
/* The first moment of the same wait. */
unsigned history_began(const struct history_row *, unsigned moment);
/* The hold that has most of [from, to), as far as known by `now`. */
bool history_hold(const struct history_row *, uint64_t from, uint64_t to,
    uint64_t now, struct history_span *);

enum history_bin_kind {
	BIN_UNKNOWN, /* before all that is known, or still to come */
	BIN_STATE,
	BIN_HELD,    /* has a lock */
	BIN_AGAINST, /* has it while others wait for it */
};

/* What a thread did for the most part of a stretch of time. */
struct history_bin {
	enum history_bin_kind kind;
	uint8_t state;
	bool began;      /* it did so only from within the stretch on */
	unsigned others; /* that it did, too */
	uint64_t ns;     /* a time at which it did */
};

/* bins[0..n): [from, from + width), and so on, up to `now`. */
void history_bins(const struct history *, const struct history_row *,
    uint64_t from, uint64_t width, uint64_t now, struct history_bin *bins,
    unsigned n);

#endif
