/* history_priv: shared by the files of the history. */
#ifndef LOCKSTEP_HISTORY_PRIV_H
#define LOCKSTEP_HISTORY_PRIV_H

#include "model/history.h"
#include "model/history_journal.h"

/* When any thread waited for this lock. */
struct history_lock {
	struct history_spans waits; /* those that are over */
	unsigned waiting;           /* rows that wait, as of the last sample */
	uint64_t since;             /* ns since when the first of them waits */
};

struct history_slot {
	struct history_row **row; /* by index; NULL: never seen */
	unsigned n;
	int32_t dead;  /* pid whose death is marked */
	unsigned most; /* highest index that ever had a thread, plus one */
};

struct history {
	struct history_slot slot[FRAME_MAX_SLOTS];
	struct history_lock lock[FRAME_MAX_OBJECTS + 1];
	struct history_row *dirty;
	struct journal journal; /* notes that are not in rows yet */
	unsigned places;        /* `most` of all slots */
	uint64_t forgot;        /* see history_forgot() */
	uint64_t filled;        /* the same when rows were last completed */
	struct history_mark mark[HISTORY_MARKS]; /* ring */
	uint64_t nmarks;
	unsigned nrows;
	unsigned all; /* room for moments and holds of all rows */
	uint64_t unplaced;
	uint64_t looked; /* ns of the newest state frame */
	uint64_t look;   /* ns between samples, averaged; 0: not known */

	/* As of the last frame, for the marks. */
	bool saw_lock, saw_schedule, paused;
	uint16_t kind;
	uint32_t switches, taken;
	uint32_t before; /* steps taken in the previous run */
};

/* Copies rows and what is known of locks, but no notes. */
void history_rows_clear(struct history *);

/* Make moments and holds of a note. `arg` is the history. */
void history_take_note(void *arg, const struct journal_note *);

struct history_row *history_place(
    struct history *, unsigned slot, unsigned index);
struct history_row *history_find(
    const struct history *, unsigned slot, unsigned index);

/* A moment before moment[i]. False: there is no room, or it is too old. */
bool history_insert(
    struct history *, struct history_row *, unsigned i, struct history_moment);
void history_remove(struct history_row *, unsigned i, unsigned n);

/* Merged with those of the same object that it touches. */
void history_span_add(struct history *, struct history_spans *, unsigned max,
    struct history_span);

#endif
