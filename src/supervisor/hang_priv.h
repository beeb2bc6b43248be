/* hang_priv: shared by hang_detector.c, hang_graph.c and hang_text.c. */
#ifndef LOCKSTEP_HANG_PRIV_H
#define LOCKSTEP_HANG_PRIV_H

#include "supervisor/supervisor.h"
#include "wire/wait_graph.h"

struct hang_thread {
	/* As of this look. */
	struct thread_slot *tslot;
	uint32_t node; /* in hang.node */
	uint32_t state, object, owner;
	int32_t tid;
	uint64_t wait; /* which of its waits it is */

	/* The wait in which it was found stuck, since which look (0: none). */
	int32_t stuck_tid;
	uint64_t stuck_wait, first; /* ns */
	bool sure;

	uint64_t told; /* a hash of the sentence; 0: none is reported */
	uint32_t index;
	int32_t pid;
};

/* hang_graph.c: which thread waits for which, and over what. */

/* The object of that kind; NULL if there is none (yet). */
void *hang_object(enum registry_kind, uint32_t number);

/* The live threads as nodes. */
struct wait_graph hang_waits(const struct hang *);

/*
 * Make able every thread that can be helped. How many are stuck. *anyone: a
 * thread can go on, and may do anything.
 */
unsigned hang_reduce(struct hang *, bool *anyone);

/* hang_text.c */

/* Why a stuck thread waits forever: one sentence. */
void hang_why(
    const struct hang *, const struct hang_thread *, char out[HANG_TEXT + 1]);

#endif
