/*
 * policy: which of the threads that can go takes the next step.
 *
 *	round-robin	the next letter after the one that went last
 *	random		any of them, with equal chances
 *	pct		the one with the highest priority. A thread draws its
 *			priority when it starts. At CHOOSER_DEPTH - 1 steps,
 *			drawn in advance, the thread that took the step gets one
 *			below all that were drawn. With n threads and k steps, a
 *			bug of depth d = CHOOSER_DEPTH is found with a
 *			probability of at least 1 / (n * k^(d - 1)).
 *			(Burckhardt, Kothari, Musuvathi, Nagarakatte: ASPLOS
 *			2010.)
 *
 * The random numbers are splitmix64 (Steele, Lea, Flood: OOPSLA 2014), so the
 * same seed gives the same numbers on every machine.
 */
#ifndef LOCKSTEP_POLICY_H
#define LOCKSTEP_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "lockstep/frame.h"

#define CHOOSER_DEPTH 3

struct policy {
	enum frame_scheduler how;
	uint64_t state; /* of the random numbers */
	unsigned last;  /* letter that went last, 0: none yet */
	uint64_t taken; /* steps */

	/* pct */
	uint64_t change[CHOOSER_DEPTH - 1]; /* steps, counted from 1 */
	uint64_t *priority;                 /* [letter - 1] */
	unsigned nletters, room;
};

/*
 * `expected` is how many steps the run may take, for pct. Every scheduler other
 * than random and pct chooses like round-robin. Call policy_free() before you
 * initialise it again.
 */
void policy_init(struct policy *, enum frame_scheduler how, uint64_t seed,
    uint64_t expected);
void policy_free(struct policy *);

/* Choose one of letters[0..n), ascending, n > 0. Returns its index. */
unsigned policy_choose(struct policy *, const unsigned *letters, unsigned n);

/* This thread took a step, whether or not the policy chose it. */
void policy_took(struct policy *, unsigned letter);

/* The next random number; one below n. */
uint64_t policy_draw(uint64_t *state);
uint64_t policy_below(uint64_t *state, uint64_t n);

#endif
