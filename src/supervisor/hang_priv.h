/* hang_priv: what is shared by who is stuck (hang_detector.c) and why. */
#ifndef LOCKSTEP_HANG_PRIV_H
#define LOCKSTEP_HANG_PRIV_H

#include "supervisor/supervisor.h"

enum hang_role {
	HANG_NONE = 0, /* no thread here, or it has ended */
	HANG_ABLE,     /* goes on by itself, or may be helped */
	HANG_IDLE,     /* of a pool, with nothing to do: helps nobody */
	HANG_STUCK
};

struct hang_thread {
	/* As of this look. */
	struct thread_slot *tslot;
	enum hang_role role;
	uint32_t state, object, owner;
	int32_t tid;
	uint64_t wait; /* which of its waits it is */

	/* The wait in which it was found stuck, since which look (0: none). */
	int32_t stuck_tid;
	uint64_t stuck_wait, first; /* ns */
	bool sure;

	uint64_t told; /* a hash of the sentence; 0: nothing is told */
	uint32_t index;
	int32_t pid;
};

/* hang_graph.c: which thread waits for which, and over what. */

/* NULL: there is none with this id that has not ended. */
struct hang_thread *hang_thread_of(const struct hang *, uint32_t id);

/* The id of the thread that this one waits for; 0: nobody in particular. */
uint32_t hang_blocker(const struct hang_thread *);

/* How many threads are stuck in this state for this object. */
unsigned hang_count(const struct hang *, uint32_t state, uint32_t object);

/* The object of that kind; NULL if there is none (yet). */
void *hang_object(enum registry_kind, uint32_t number);

/*
 * Let go whoever can, until nobody can any more. How many are stuck. *anyone:
 * there is a thread that can go on, and might do anything.
 */
unsigned hang_reduce(struct hang *, bool *anyone);

/* hang_text.c: why a stuck thread waits in vain: one sentence. */
void hang_why(
    const struct hang *, const struct hang_thread *, char out[HANG_TEXT + 1]);

#endif
