/*
 * tid_table: maps a thread id to the newest thread that had it.
 *
 * An open hash table. It points at processes and owns none: remove a process's
 * threads before you free it.
 */
#ifndef LOCKSTEP_TID_TABLE_H
#define LOCKSTEP_TID_TABLE_H

#include <stdint.h>

struct model_proc;

struct tid {
	int32_t tid; /* 0: this place is free */
	unsigned index;
	struct model_proc *proc;
};

/* Zero-initialise. */
struct tid_table {
	struct tid *at;
	unsigned size; /* a power of two, or 0 */
	unsigned used;
};

/* Replaces the tid's previous thread. Forgets the tid if memory is short. */
void tid_table_put(
    struct tid_table *, int32_t tid, struct model_proc *, unsigned index);

/* Only if the tid still means this thread. */
void tid_table_remove(
    struct tid_table *, int32_t tid, const struct model_proc *, unsigned index);

/* NULL if unknown. */
const struct tid *tid_table_find(const struct tid_table *, int32_t tid);

void tid_table_clear(struct tid_table *);

#endif
