/*
 * hang_detector: which threads of a program wait forever, and why.
 *
 * The supervisor looks at what every thread says it waits for and makes a graph
 * of it. It then takes out every thread that can go on or that such a thread
 * could help, until that changes nothing (wire/wait_graph.h). A thread that is
 * left waits forever: for a lock in a cycle, in a get for which no thread is
 * left to put, in a join of a thread that is itself stuck.
 *
 * Better late than wrong: any of these means hope: a wait with a time limit, a
 * thread that sleeps or computes or is held at a gate, a process that is
 * stopped or being born, an item in a queue. And nothing is reported before all
 * stuck threads have been so for HANG_SURE and the kernel, too, has them
 * asleep. Without a /proc that says so it takes longer.
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
	bool unasked;   /* /proc does not say which threads sleep */
	uint64_t again; /* ns: when to check again what was reported */
	bool hung;      /* no thread of the program will ever go on */
	uint64_t since; /* ns: when that was first so */
};

/*
 * Look; report reasons that are new (TEXT_REASON, and once in the log) and
 * withdraw those that no longer hold. Never waits. To be called once per look.
 */
void hang_look(struct supervisor *);
void hang_free(struct hang *);

#endif
