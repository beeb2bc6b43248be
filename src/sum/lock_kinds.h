/* lock_kinds: the table of lock kinds. */
#ifndef LOCKSTEP_LOCK_KINDS_H
#define LOCKSTEP_LOCK_KINDS_H

#include "sum/sum.h"

/*
 * One lock kind, one row of the table. Acquire waits until the lock is had;
 * false if it gave up because the kind is being switched. NULL: no lock.
 */
struct lock_kind {
	const char *name;
	const char *lesson; /* one line, for a class */
	const char *flaw;   /* why updates are lost under it; NULL: none is */
	bool exact;         /* no update is ever lost under it */
	bool owned;         /* by a thread: the cell's owner_tid */
	bool (*acquire)(struct adder *);
	void (*release)(struct adder *);
	void (*add)(struct adder *, int64_t n); /* with the lock held */

	/*
	 * As many of these adds, one after the other, as there is nothing to
	 * be seen of: no window, no trace, no step. How many. NULL: each is
	 * made by the three above.
	 */
	uint64_t (*quick)(struct adder *, int64_t n, uint64_t times);

	/*
	 * Stepped: what an add begins with, and ends with if it has a lock.
	 * Then `holder` says who has that lock, as far as this thread is
	 * concerned: an id, or 0 if it may be had without waiting.
	 */
	enum frame_point first, last;
	uint32_t (*holder)(const struct adder *);

	/*
	 * The threads of these slots are dead. Give back what they hold
	 * and settle an add that one of them was in the middle of. 0, or
	 * -EAGAIN: somebody else is just doing it, ask again later. NULL:
	 * nothing can be held, or goes with its process, and such an add
	 * is in doubt.
	 */
	int (*recover)(struct cell *, struct thread_slot *tslots, unsigned n);

	int (*prepare)(const char **call); /* as lock_prepare(); or NULL */
};

extern const struct lock_kind lock_kinds[];
extern const unsigned lock_nkinds;

/* Number of the kind called so, or -1. */
int lock_find(const char *name);

/*
 * Make what the kind needs beside the cell, before the first fork. 0, or -errno
 * and the call that failed. Asked again it says the same and does nothing.
 */
int lock_prepare(unsigned kind, const char **call);

#endif
