/*
 * schedule: a schedule of any length, as runs: a thread and how many steps it
 * took in a row.
 *
 * Its text has a letter and a count for each run: "a1b3a2". Threads after the
 * 52nd have a number instead of a letter: "_53_2".
 *
 * src/schedule: schedules as data: their text, and the policies that choose the
 * next step. It may use lockstep, base, memory, wire and slot.
 */
#ifndef LOCKSTEP_SCHEDULE_H
#define LOCKSTEP_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/letter.h"

#define RUNS_MAX     (1U << 20)
#define RUNS_LETTERS 65535 /* a letter is a number from 1 to this */

struct run {
	uint32_t letter, steps;
};

/* Zero-initialised. */
struct schedule {
	struct run *run;
	size_t n, room;
	uint64_t steps; /* of all runs */
	bool full;      /* steps were dropped: no room or no memory */

	char *text; /* the first `worded` runs; see schedule_text() */
	size_t len, text_room, worded;
};

/* Append a step. */
void schedule_push(struct schedule *, unsigned letter);

/* How often the schedule switches from one thread to another. */
unsigned schedule_switches(const struct schedule *);

/* Remove the last n steps, or all if there are fewer. */
void schedule_cut(struct schedule *, uint64_t n);

void schedule_free(struct schedule *);

/*
 * The schedule as text: *len bytes and a NUL, valid until the schedule changes.
 * NULL if memory is exhausted. Only what was added since the last call costs
 * time; after schedule_cut(), everything does.
 */
const char *schedule_text(struct schedule *, size_t *len);

/*
 * Append the steps of `text`. Blanks are allowed, and a missing count means 1.
 * Returns 0, or -EINVAL and sets `why` to what is wrong, and where.
 */
int schedule_parse(struct schedule *, const char *text, char *why, size_t size);

/* A position in a schedule. Zero-initialised: at the beginning. */
struct schedule_cursor {
	size_t run;
	uint32_t step;
};

/* The letter of the next step; 0 at the end. */
unsigned schedule_next(const struct schedule *, const struct schedule_cursor *);
void schedule_advance(const struct schedule *, struct schedule_cursor *);

#endif
