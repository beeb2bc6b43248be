/*
 * add: sum = sum + n, in the ways of the lock kinds: what a row of the table
 * has as its `add`, and what it takes to trace one.
 */
#ifndef LOCKSTEP_ADD_H
#define LOCKSTEP_ADD_H

#include "sum/sum.h"

void add_unprotected(struct adder *, int64_t n);
void add_guarded(struct adder *, int64_t n); /* a lock is held */
void add_atomic(struct adder *, int64_t n);
void add_swap(struct adder *, int64_t n);
void add_apart(struct adder *, int64_t n);

/* The time between load and store. */
void sum_window(struct adder *);

/* A thread has died with the lock, which the caller has now. */
void add_settle(struct cell *, struct thread_slot *);
int lock_partial_recover(struct cell *, struct thread_slot *tslots, unsigned n);

/*
 * What an add did, told after it is over, for telling takes time; stepped, it
 * takes none that matters, and each step is told as it is done. Both sides of
 * it are named: who wrote what was read, and whose value was stored over.
 */
void add_trace_load(struct thread_slot *, uint64_t stamp, uint64_t word);
void add_trace_store(
    struct thread_slot *, int64_t seen, int64_t n, uint64_t before);

/* One that was told of its load, if at all, is told of the rest. */
static inline void
add_trace_rest(
    struct adder *a, uint64_t t0, uint64_t word, int64_t n, uint64_t before)
{
	if (!a->traced)
		return;
	if (!a->stepped)
		add_trace_load(a->tslot, t0, word);
	add_trace_store(a->tslot, word_value(word), n, before);
}

/* When it began to read; stepped, the load is told at once instead. */
static inline uint64_t
add_trace_begin(const struct adder *a)
{
	return a->traced && !a->stepped ? stamp_now() : 0;
}

static inline void
add_trace_step(struct adder *a, uint64_t word)
{
	if (a->traced && a->stepped)
		add_trace_load(a->tslot, 0, word);
}

#endif
