/* lock_kinds: the table of lock kinds. */
#ifndef LOCKSTEP_LOCK_KINDS_H
#define LOCKSTEP_LOCK_KINDS_H

#include "sum/sum.h"

/*
 * What an add is to the explorer, whose threads are of one process and take
 * straight lines of steps.
 */
enum lock_model {
	LOCK_MODEL_NONE = 0, /* cannot be explored */
	LOCK_MODEL_BARE,     /* load, add, store */
	LOCK_MODEL_LOCK,     /* the same between a lock and an unlock */
	LOCK_MODEL_PERMIT,   /* the same between a take and a give */
	LOCK_MODEL_ATOMIC,   /* one step */
	LOCK_MODEL_PARTS,    /* as BARE, to a sum of the thread's own */

	/* Nor can these be explored, for a reason: */
	LOCK_MODEL_PRIVATE, /* wrong only between processes */
	LOCK_MODEL_RETRY,   /* repeats its steps until it succeeds */
	LOCK_MODEL_OWNER,   /* another thread makes the add */
	LOCK_MODELS
};

/*
 * A lock kind: one row of the table. `acquire` blocks until it has acquired the
 * lock; it returns false if it gave up, because the kind is being switched or
 * the run is over. `acquire` and `release` are NULL for kinds without a lock.
 */
struct lock_kind {
	const char *name;
	const char *lesson; /* one line, for a class */
	const char *flaw;   /* why it loses updates; NULL: it does not */
	bool exact;         /* it never loses an update */
	bool owned;         /* one thread adds: the cell's owner_tid */
	bool (*acquire)(struct adder *);
	void (*release)(struct adder *);
	void (*add)(struct adder *, int64_t n); /* with the lock held */

	/*
	 * Make up to `times` adds in a row, as long as nothing observes them:
	 * no window, no trace, no step. Returns how many were made. NULL: the
	 * three functions above make every add.
	 */
	uint64_t (*quick)(struct adder *, int64_t n, uint64_t times);

	/*
	 * For step mode: the operation that an add begins with and, for kinds
	 * with a lock, the one that it ends with. `holder` returns the id of
	 * the thread that holds the lock as this thread sees it, or 0 if it can
	 * be acquired without waiting.
	 */
	enum frame_point first, last;
	uint32_t (*holder)(const struct adder *);

	enum lock_model model;

	/*
	 * The threads of these slots are dead. Release what they hold, and
	 * settle an add that one of them was in the middle of. 0, or -EAGAIN:
	 * another thread is doing it, call again later. NULL: nothing can be
	 * held, or it dies with its process; such an add stays in doubt.
	 */
	int (*recover)(struct cell *, struct thread_slot *tslots, unsigned n);

	int (*prepare)(const char **call); /* as lock_prepare(); or NULL */
};

extern const struct lock_kind lock_kinds[];
extern const unsigned lock_nkinds;

/* The number of the kind with this name, or -1. */
int lock_find(const char *name);

/*
 * Create what the kind needs besides the cell; call it before the first fork.
 * 0, or -errno, and *call names the system call that failed. Later calls return
 * the same result and do nothing.
 */
int lock_prepare(unsigned kind, const char **call);

#endif
