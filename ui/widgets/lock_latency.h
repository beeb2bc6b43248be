/*
 * lock_latency: how long threads waited for a lock or held it: the buckets of
 * struct frame_latency, as numbers and as bars.
 */
#ifndef LOCKSTEP_LOCK_LATENCY_H
#define LOCKSTEP_LOCK_LATENCY_H

#include <stdint.h>

#include "model/model.h"
#include "term/canvas.h"

#define LOCK_TIMES_COLS (TIMES_BUCKETS + 2)
#define LOCK_TIMES_ROWS 3 /* of a drawing, without the bars */

/* The sum, or UINT64_MAX if it would overflow. */
uint64_t lock_latency_count(const uint64_t n[TIMES_BUCKETS]);

/*
 * ns that a share of `q` (0 to 1) did not exceed: an estimate, as if times
 * within a bucket were spread evenly. The last bucket has no end: the result is
 * its start. 0 if nothing was counted.
 */
uint64_t lock_latency_quantile(const uint64_t n[TIMES_BUCKETS], double q);

/*
 * In `rows` rows from `row` on: "waits 1 234", "median 2 us p99 1.5 ms", bars
 * above a scale of powers of two. `more` follows the count, dimmed.
 */
void lock_latency_draw(struct area, int row, int rows, const char *name,
    const char *more, enum look, const uint64_t n[TIMES_BUCKETS]);

#endif
