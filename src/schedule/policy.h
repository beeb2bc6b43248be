/*
 * policy: who of those that may go takes the next step.
 *
 *	round-robin	the next letter after the one that went last
 *	random		anybody, all alike
 *	pct		whoever has the highest priority: drawn at birth, and
 *			lowered below all others' at CHOOSER_DEPTH - 1 steps
 *			that are drawn beforehand. A flaw that takes so many
 *			orderings in n threads and k steps is found with a
 *			chance of at least 1 / (n * k^(depth - 1)). (Burckhardt,
 *			Kothari, Musuvathi, Nagarakatte: ASPLOS 2010.)
 *
 * Numbers are drawn with splitmix64 (Steele, Lea, Flood: OOPSLA 2014), so the
 * same seed draws the same ones on every machine.
 */
#ifndef LOCKSTEP_POLICY_H
#define LOCKSTEP_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "lockstep/frame.h"

#define CHOOSER_DEPTH 3

struct policy {
	enum frame_scheduler how;
	uint64_t state; /* of the numbers */
	unsigned last;  /* letter that went last, 0: nobody */
	uint64_t taken; /* steps */

	/* pct */
	uint64_t change[CHOOSER_DEPTH - 1]; /* at these steps, from 1 */
	uint64_t *priority;                 /* [letter - 1] */
	unsigned nletters, room;
};

/*
 * `expected`: how many steps the run may take, for pct. Anything but random
 * and pct chooses as round-robin does. Free it before it is begun anew.
 */
void policy_init(struct policy *, enum frame_scheduler how, uint64_t seed,
    uint64_t expected);
void policy_free(struct policy *);

/* Which of letters[0..n), ascending, n > 0: the index. */
unsigned policy_choose(struct policy *, const unsigned *letters, unsigned n);

/* This one took a step, whoever chose it. */
void policy_took(struct policy *, unsigned letter);

/* The next number of a sequence; below n. */
uint64_t policy_draw(uint64_t *state);
uint64_t policy_below(uint64_t *state, uint64_t n);

#endif
