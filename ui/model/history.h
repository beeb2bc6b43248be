/*
 * history: what every thread did and when, as far as the frames have reported
 * it.
 *
 * A THREAD frame is a sample: its state is exact from the moment at which it
 * began, which the frame carries, but states that came and went between two
 * samples were never seen. TRACE frames, if there are any, fill the gaps:
 * acquiring and releasing the lock around the sum, and the window of an add. So
 * a state lasts from its moment to the next known one.
 *
 * A row belongs to a place, slot and index: a thread that replaces a dead one
 * continues its row. Everything is bounded; the oldest is evicted first, and
 * each row knows from when on it is complete.
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
#define HISTORY_WAITS   8192       /* waiting times of a lock */
#define HISTORY_ALL     (1U << 18) /* moments and holds, in larger rows */
#define HISTORY_SURE    32         /* of them, in any row */
#define HISTORY_MARKS   1024
#define HISTORY_DUST    50000ULL /* ns: shorter states are not kept */

struct history_moment {
	uint64_t ns; /* in this state from here to the next moment */
	int32_t owner;
	uint8_t state;  /* enum frame_state */
	uint8_t object; /* as in struct frame_thread */
	bool same;      /* still the same wait, but for another thread */
};

/* A lock was held or waited for. `object` 0: the one around the sum. */
struct history_span {
	uint64_t from, to;
	uint64_t reach; /* latest end of this one and all before it */
	unsigned object;
};

/* In order of time, at most `max`; evicts the oldest first. */
struct history_spans {
	struct history_span *at;
	unsigned n, room;
};

struct history_row {
	int32_t pid; /* 0: not known */
	struct history_moment *moment;
	unsigned n, room;
	uint64_t dropped; /* moments evicted: all before moment[0] */
	struct history_spans holds;

	uint64_t looked;  /* ns of its newest THREAD frame */
	uint64_t got;     /* ns: holds the sum's lock since; 0: not */
	uint64_t load;    /* ns of a LOAD whose STORE has not come, 0: none */
	uint64_t settled; /* ns: waits before this are recorded */
	int waits;        /* for this lock, as of the last sample; -1: none */
	bool dirty;       /* it has changed since */
	struct history_row *next; /* of the dirty ones */
};

enum history_kind {
	HISTORY_LOCK,  /* the kind was switched from `was` to `arg` */
	HISTORY_PAUSE, /* all threads are asked to stop at their gates */
	HISTORY_RESUME,
	HISTORY_KILL, /* the process of slot `arg` died of signal `was` */
	HISTORY_STEP, /* by hand; `arg` steps have been taken */
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

/* Make `to`, which is new, a copy. False if memory is short. */
bool history_copy(struct history *to, const struct history *from);

/*
 * Record a frame after the model has applied it: a THREAD frame and its thread,
 * NULL if that is not (or no longer) shown; `born` if it is the first one of
 * this thread. And frames of all other types.
 */
void history_thread(struct history *, const struct frame *,
    const struct model_thread *, bool born);
void history_apply(
    struct history *, const struct model *, const struct frame *);

/*
 * Frames are only noted as they arrive; this turns the notes into rows. Call
 * it, with the model that owns the history, before you read rows, locks or
 * bins.
 */
void history_settle(struct history *, const struct model *);

/* Notes from before this time were dropped unread; 0: none were. */
uint64_t history_forgot(const struct history *);

/* All threads that were alive are gone at that time. */
void history_break(struct history *, uint64_t ns);

/* NULL: nothing is known of this place. */
const struct history_row *history_row(
    const struct history *, unsigned slot, unsigned index);

/* The oldest first, from 0; NULL when there are no more. */
const struct history_mark *history_mark(const struct history *, unsigned n);
uint64_t history_marks_dropped(const struct history *);

uint64_t history_look(const struct history *); /* ns between samples; or 0 */
uint64_t history_unplaced(const struct history *); /* had no room */

/* Did any thread wait for the lock at some time in [from, to)? */
bool history_waited(
    const struct history *, unsigned object, uint64_t from, uint64_t to);

/* Index of the moment that covers this time; row->n: none is known. */
unsigned history_at(const struct history_row *, uint64_t ns);
/* The end of the moment, as far as known at `now`. */
uint64_t history_until(
    const struct history_row *, unsigned moment, uint64_t now);
/* The first moment of the same wait. */
unsigned history_began(const struct history_row *, unsigned moment);
/* The hold that covers most of [from, to), as far as known at `now`. */
bool history_hold(const struct history_row *, uint64_t from, uint64_t to,
    uint64_t now, struct history_span *);

enum history_bin_kind {
	BIN_UNKNOWN, /* before all that is known, or in the future */
	BIN_STATE,
	BIN_HELD,    /* holds a lock */
	BIN_AGAINST, /* holds one while others wait for it */
};

/* What a thread did for most of a stretch of time. */
struct history_bin {
	enum history_bin_kind kind;
	uint8_t state;
	bool began;      /* it began within the stretch */
	unsigned others; /* number of other things that it did as well */
	uint64_t ns;     /* a time at which it did this */
};

/* bins[0..n): [from, from + width), and so on, up to `now`. */
void history_bins(const struct history *, const struct history_row *,
    uint64_t from, uint64_t width, uint64_t now, struct history_bin *bins,
    unsigned n);

#endif
