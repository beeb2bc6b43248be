/*
 * schedule: a schedule of any length: who took how many steps one after the
 * other.
 *
 * As text a letter and a count for each run: "a1b3a2". Threads after the 52nd
 * have a number in place of a letter: "_53_2".
 */
#ifndef LOCKSTEP_SCHEDULE_H
#define LOCKSTEP_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RUNS_MAX     (1U << 20)
#define RUNS_LETTERS 65535 /* a letter is a number from 1 to here */
#define RUNS_LETTER  12    /* bytes of a letter as text, with NUL */

struct run {
	uint32_t letter, steps;
};

/* Zero-initialised. */
struct schedule {
	struct run *run;
	size_t n, room;
	uint64_t steps; /* of all runs */
	bool full;      /* more was to be kept than could be */

	char *text; /* of the first `worded` runs; see schedule_text() */
	size_t len, text_room, worded;
};

/* One step more. */
void schedule_push(struct schedule *, unsigned letter);

/* How often another went on. */
unsigned schedule_switches(const struct schedule *);

/* Take the last n steps away, or all if there are fewer. */
void schedule_cut(struct schedule *, uint64_t n);

void schedule_free(struct schedule *);

/* The text of it: *len bytes, and NUL; valid until it is changed. NULL if
 * memory is short. What was changed since the last call costs time. */
const char *schedule_text(struct schedule *, size_t *len);

/*
 * Read it from text; blanks and a count that is missing (1) are allowed. 0, or
 * -EINVAL and in `why` what is wrong and where.
 */
int schedule_parse(struct schedule *, const char *text, char *why, size_t size);

/* "a", "Z", "_53_" */
void schedule_letter(char buf[RUNS_LETTER], unsigned letter);

/* Reads runs step by step. Zero-initialised: at the beginning. */
struct schedule_cursor {
	size_t run;
	uint32_t step;
};

/* The letter of the next step; 0: that was all. */
unsigned schedule_next(const struct schedule *, const struct schedule_cursor *);
void schedule_advance(const struct schedule *, struct schedule_cursor *);

#endif
