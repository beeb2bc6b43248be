/*
 * runs: a schedule of any length: who took how many steps one after the other.
 *
 * As text a letter and a count for each run: "a1b3a2". Threads after the 52nd
 * have a number in place of a letter: "_53_2".
 */
#ifndef LOCKSTEP_RUNS_H
#define LOCKSTEP_RUNS_H

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
struct runs {
	struct run *run;
	size_t n, room;
	uint64_t steps; /* of all runs */
	bool full;      /* more was to be kept than could be */

	char *text; /* of the first `worded` runs; see runs_text() */
	size_t len, text_room, worded;
};

/* One step more. */
void runs_push(struct runs *, unsigned letter);

/* How often another went on. */
unsigned runs_switches(const struct runs *);

/* Take the last n steps away, or all if there are fewer. */
void runs_cut(struct runs *, uint64_t n);

void runs_free(struct runs *);

/* The text of it: *len bytes, and NUL; valid until it is changed. NULL if
 * memory is short. What was changed since the last call costs time. */
const char *runs_text(struct runs *, size_t *len);

/*
 * Read it from text; blanks and a count that is missing (1) are allowed. 0, or
 * -EINVAL and in `why` what is wrong and where.
 */
int runs_parse(struct runs *, const char *text, char *why, size_t size);

/* "a", "Z", "_53_" */
void runs_letter(char buf[RUNS_LETTER], unsigned letter);

/* Reads runs step by step. Zero-initialised: at the beginning. */
struct runs_cursor {
	size_t run;
	uint32_t step;
};

/* The letter of the next step; 0: that was all. */
unsigned runs_next(const struct runs *, const struct runs_cursor *);
void runs_advance(const struct runs *, struct runs_cursor *);

#endif
