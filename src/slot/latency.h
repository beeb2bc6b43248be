/*
 * latency: histograms of how long a lock was waited for, and how long held.
 *
 * Buckets are powers of two, as in struct frame_latency. Each counter has one
 * writer at a time: the thread whose slot contains it, or the holder of the
 * lock that it belongs to. Readers load the counters one by one, so they may
 * miss a count that is just being made.
 */
#ifndef LOCKSTEP_LATENCY_H
#define LOCKSTEP_LATENCY_H

#include <stdatomic.h>
#include <stdint.h>

#include "lockstep/frame.h"

#define TIMES_FIRST_BIT 7 /* the second bucket begins at 2^(this + 1) ns */

enum latency_row {
	TIMES_WAIT = 0, /* the values of frame_latency.hold */
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

/* Count a time from `start` to `end`; the clocks of two cores may differ. */
static inline void
latency_note(
    struct latency *t, enum latency_row row, uint64_t start, uint64_t end)
{
	unsigned b = latency_bucket(end > start ? end - start : 0);

	atomic_store_explicit(&t->n[row][b],
	    atomic_load_explicit(&t->n[row][b], memory_order_relaxed) + 1,
	    memory_order_relaxed);
}

/* Add these counters to `to`, a sum over several. */
static inline void
latency_add(uint64_t to[TIMES_ROWS][TIMES_BUCKETS], const struct latency *t)
{
	for (unsigned row = 0; row < TIMES_ROWS; row++)
		for (unsigned b = 0; b < TIMES_BUCKETS; b++)
			to[row][b] += atomic_load_explicit(
			    &t->n[row][b], memory_order_relaxed);
}

#endif
