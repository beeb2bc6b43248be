/* queue_priv: what the supervisor does with queues. */
#ifndef LOCKSTEP_QUEUE_PRIV_H
#define LOCKSTEP_QUEUE_PRIV_H

#include <stdint.h>

#include "lockstep/frame.h"
#include "lockstep/queue.h"

const char *queue_name(const struct queue *);
void queue_frame(const struct queue *, struct frame_queue *);

/*
 * The threads with these ids (struct thread_slot) are dead: what they held is
 * queued again. How many items that was.
 */
unsigned queue_recover(struct queue *, uint32_t first_id, uint32_t last_id);

/*
 * The threads with these ids are stopped: none of them looks, so nobody is to
 * rely on that. They may go on at any moment.
 */
void queue_forget(struct queue *, uint32_t first_id, uint32_t last_id);

/* Of a thread: items got and not marked done; sentinels got. */
unsigned queue_held_by(const struct queue *, uint32_t id);
unsigned queue_sentinels_got(const struct queue *);

#endif
