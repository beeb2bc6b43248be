/* queue_priv: what the supervisor can do with a queue. */
#ifndef LOCKSTEP_QUEUE_PRIV_H
#define LOCKSTEP_QUEUE_PRIV_H

#include <stdint.h>

#include "lockstep/frame.h"
#include "lockstep/queue.h"

const char *queue_name(const struct queue *);
void queue_frame(const struct queue *, struct frame_queue *);

/*
 * The threads with these ids (struct thread_slot) are dead: put the items that
 * they held back into the queue. Returns how many items those were.
 */
unsigned queue_recover(struct queue *, uint32_t first_id, uint32_t last_id);

/*
 * The threads with these ids are stopped, so no other thread may rely on them
 * to watch the queue. They may resume at any moment.
 */
void queue_forget(struct queue *, uint32_t first_id, uint32_t last_id);

/* Items that a thread has got and not marked done; all sentinels got. */
unsigned queue_held_by(const struct queue *, uint32_t id);
unsigned queue_sentinels_got(const struct queue *);

#endif
