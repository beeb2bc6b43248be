/*
 * tids: from a thread id to the newest thread that had it.
 *
 * An open hash table. It points at processes and owns none: whoever frees a
 * process takes its threads out first.
 */
#ifndef LOCKSTEP_TIDS_H
#define LOCKSTEP_TIDS_H

#include <stdint.h>

struct model_proc;

struct tid {
	int32_t tid; /* 0: this place is free */
	unsigned index;
	struct model_proc *proc;
};

/* Zero-initialise. */
struct tids {
	struct tid *at;
	unsigned size; /* a power of two, or 0 */
	unsigned used;
};

/* Replaces what the tid meant before. Forgets it if memory is short. */
void tids_put(struct tids *, int32_t tid, struct model_proc *, unsigned index);

/* Only if the tid still means this thread. */
void tids_remove(
    struct tids *, int32_t tid, const struct model_proc *, unsigned index);

/* NULL if unknown. */
const struct tid *tids_find(const struct tids *, int32_t tid);

void tids_clear(struct tids *);

#endif
