/*
 * hang_detector: which threads of a program wait in vain, and why.
 *
 * The supervisor looks at what every thread says it waits for, and lets
 * those go on, in thought, whom a thread that is not blocked could help; again
 * and again, until nobody is left who could. Whoever then still waits, waits
 * for ever: a circle of locks, a get that nobody will put for, a join of
 * somebody who is himself stuck. (The reduction of a wait-for graph of
 * A. N. Habermann and R. C. Holt; a wait for "anybody" is over when anybody
 * at all can go on.)
 *
 * Rather too late than in error: a wait with a time limit, a thread that
 * sleeps or computes or is held at a gate, a process that is stopped or being
 * born, an item that is queued: with any of them there is hope. And nothing
 * is said before all who are stuck have been so for HANG_SURE, while the
 * kernel, too, has them asleep. Without a /proc that says so it takes longer.
 */
#ifndef LOCKSTEP_HANG_DETECTOR_H
#define LOCKSTEP_HANG_DETECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/util.h"

#define HANG_SURE    (300 * NSEC_PER_MSEC)
#define HANG_UNASKED (5 * NSEC_PER_SEC) /* if the kernel does not say */
#define HANG_TEXT    320                /* bytes of a sentence, without NUL */
#define HANG_LOG     8                  /* sentences in the log of one look */

struct supervisor;
struct hang_thread;

/* Zero-initialised. */
struct hang {
	struct hang_thread *threads; /* [n], by id - 1 */
	unsigned n;
	struct hang_thread **live; /* [nlive]: all but the empty places */
	struct wait_node *node;    /* [nlive], of the same threads */
	unsigned nlive;
	unsigned run;   /* that they are of */
	bool unasked;   /* /proc does not say who is asleep */
	uint64_t again; /* ns: when to look again at what was told */
	bool hung;      /* nobody of the whole program will ever go on */
	uint64_t since; /* ns: when that was first so */
};

/*
 * Look; tell reasons that are new (TEXT_REASON, and once in the log) and take
 * back those that hold no more. Never waits. To be called once per look.
 */
void hang_look(struct supervisor *);
void hang_free(struct hang *);

#endif
