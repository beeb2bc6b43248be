/* queue_priv: what the supervisor does with queues. */
#ifndef LOCKSTEP_QUEUE_PRIV_H
#define LOCKSTEP_QUEUE_PRIV_H

#include <stdint.h>

#include "lockstep/frame.h"
#include "lockstep/queue.h"

const char *fifo_name(const struct fifo *);
void fifo_frame(const struct fifo *, struct frame_fifo *);

/*
 * The threads with these ids (struct ring) are dead: what they held is queued
 * again. How many items that was.
 */
unsigned fifo_recover(struct fifo *, uint32_t first_id, uint32_t last_id);

/*
 * The threads with these ids are stopped: none of them looks, so nobody is to
 * rely on that. They may go on at any moment.
 */
void fifo_forget(struct fifo *, uint32_t first_id, uint32_t last_id);

/* Of a thread: items got and not marked done; sentinels got. */
unsigned fifo_held_by(const struct fifo *, uint32_t id);
unsigned fifo_sentinels_got(const struct fifo *);

#endif
