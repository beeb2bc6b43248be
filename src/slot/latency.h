/*
 * latency: how long a lock was waited for and held, as two histograms.
 *
 * A bucket is a power of two, as struct frame_latency has it. Counters have one
 * writer at a time: the thread whose slot they are in, or the holder of the
 * lock that they are of. Readers take them one by one: a count that is just
 * being made may or may not be among them.
 */
#ifndef LOCKSTEP_LATENCY_H
#define LOCKSTEP_LATENCY_H

#include <stdatomic.h>
#include <stdint.h>

#include "lockstep/frame.h"

#define TIMES_FIRST_BIT 7 /* the second bucket begins at 2^(this + 1) ns */

enum latency_row {
	TIMES_WAIT = 0, /* as frame_latency.hold */
	TIMES_HOLD = 1,
	TIMES_ROWS
};

struct latency {
	_Atomic uint64_t n[TIMES_ROWS][TIMES_BUCKETS];
};

static inline unsigned
latency_bucket(uint64_t ns)
{
	unsigned bit = 63U - (unsigned)__builtin_clzll(ns | 1);

	if (bit <= TIMES_FIRST_BIT)
		return 0;
	bit -= TIMES_FIRST_BIT;
	return bit < TIMES_BUCKETS ? bit : TIMES_BUCKETS - 1;
}

/* It took from `start` to `end`; clocks of two processors may differ a bit. */
static inline void
latency_note(
    struct latency *t, enum latency_row row, uint64_t start, uint64_t end)
{
	unsigned b = latency_bucket(end > start ? end - start : 0);

	atomic_store_explicit(&t->n[row][b],
	    atomic_load_explicit(&t->n[row][b], memory_order_relaxed) + 1,
	    memory_order_relaxed);
}

/* Add what is counted here to a sum of many. */
static inline void
latency_add(uint64_t to[TIMES_ROWS][TIMES_BUCKETS], const struct latency *t)
{
	for (unsigned row = 0; row < TIMES_ROWS; row++)
		for (unsigned b = 0; b < TIMES_BUCKETS; b++)
			to[row][b] += atomic_load_explicit(
			    &t->n[row][b], memory_order_relaxed);
}

#endif
