/*
 * queue: a first-in, first-out queue between threads and processes; joinable.
 *
 * The number of items is bounded, and so is the size of each. Every item put
 * into a joinable queue counts as unfinished until its getter calls
 * queue_done() (Python's task_done); queue_join() waits until none is
 * unfinished. An item without bytes is a sentinel: queue_get() returns -EPIPE
 * for it, once, and it needs no queue_done().
 *
 * The queue survives SIGKILL of any process at any instruction, because it has
 * no lock. The state of an item is one atomic word (what it is, and which
 * thread has it), which one compare-and-swap changes. The order is a ring of
 * item numbers; any thread may advance its head and tail. Items that a dead
 * process had got and not marked done go back to the front of the queue.
 *
 * Each side waits on an eventcount. A getter spins for a few microseconds
 * before it sleeps, while another core can put; so a stream of items is not a
 * stream of system calls.
 */
#ifndef LOCKSTEP_QUEUE_H
#define LOCKSTEP_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

#define QUEUE_MAX_CAPACITY (1U << 20)
#define QUEUE_MAX_SIZE     (1U << 24) /* bytes of an item */
#define QUEUE_SPARE        1024

struct queue;

/*
 * A queue for at most `capacity` items of at most `size` bytes. The name is for
 * the screen. Any process may use it; its address may be passed as bytes. NULL
 * with errno (EINVAL, ENOMEM, ENOSPC).
 *
 * Joinable: at most capacity + QUEUE_SPARE items may be got and not yet marked
 * done; beyond that, putters wait. Not joinable: an item is done when a thread
 * gets it. That is also so if a thread that the library did not start gets it.
 */
struct queue *queue_new(
    const char *name, unsigned capacity, size_t size, bool joinable);

/* 0; -ETIMEDOUT: full; -EMSGSIZE; -EPIPE: closed. */
int queue_put(struct queue *, const void *item, size_t size, uint64_t timeout);

/* Put a sentinel for one getter. Errors as for queue_put(). */
int queue_put_sentinel(struct queue *, uint64_t timeout);

/*
 * The number of bytes copied to buf; -ETIMEDOUT: empty; -EPIPE: a sentinel, or
 * closed and empty; -EMSGSIZE: `size` is too small, the item stays queued.
 */
long queue_get(struct queue *, void *buf, size_t size, uint64_t timeout);

/*
 * Mark the oldest item done that this thread got and has not marked. 0;
 * -EINVAL: there is none (Python's ValueError).
 */
int queue_done(struct queue *);

/* Wait until no item is unfinished. 0 at once if none was put. */
int queue_join(struct queue *, uint64_t timeout);

/* No more items may be put; getters get what is left, then -EPIPE. */
void queue_close(struct queue *);

/* At this moment; other threads may change it at any time. */
unsigned queue_depth(const struct queue *);
unsigned queue_unfinished(const struct queue *);

#pragma GCC visibility pop

#endif
