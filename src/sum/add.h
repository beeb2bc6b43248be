/*
 * add: sum = sum + n, as each lock kind does it: the `add` functions of the
 * table in lock_kinds.c, and how an add is traced.
 */
#ifndef LOCKSTEP_ADD_H
#define LOCKSTEP_ADD_H

#include "sum/sum.h"

void add_unprotected(struct adder *, int64_t n);
void add_guarded(struct adder *, int64_t n); /* a lock is held */
void add_atomic(struct adder *, int64_t n);
void add_swap(struct adder *, int64_t n);
void add_apart(struct adder *, int64_t n);

/* Spend the window, if there is one: the time between load and store. */
void sum_window(struct adder *);

/*
 * The thread of this slot died holding the lock, which the caller holds now: if
 * it died during an add, commit the add or cancel it, by what the cell shows.
 */
void add_settle(struct cell *, struct thread_slot *);
int lock_partial_recover(struct cell *, struct thread_slot *tslots, unsigned n);

/*
 * Tracing takes time, so an add is traced after it is over. In step mode that
 * time does not matter, and each step is traced when it is done. The trace
 * names the thread that wrote the value read, and the thread whose value was
 * overwritten.
 */
void add_trace_load(struct thread_slot *, uint64_t stamp, uint64_t word);
void add_trace_store(
    struct thread_slot *, int64_t seen, int64_t n, uint64_t before);

/* Trace the store, and before it the load, unless that was traced already. */
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

/* When the add begins to read; 0 in step mode, which traces at once. */
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
