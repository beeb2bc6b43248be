/*
 * queue: a queue between threads and processes, first in first out; joinable.
 *
 * Bounded, of items of one largest size each. Every item put into a joinable
 * one counts as unfinished until its getter calls queue_done() (Python's
 * task_done), and queue_join() waits until nothing is unfinished. An item with
 * no bytes is a sentinel: queue_get() says -EPIPE for it, once, and it needs no
 * done.
 *
 * Survives SIGKILL of any process at any instruction: no lock is held here at
 * all. The truth of an item is one atomic word (its state and the thread that
 * has it), taken by one compare-and-swap; the order is a ring of item numbers
 * whose head and tail anybody may help on. What a dead process had got and
 * not marked done goes back into the queue, first in line.
 *
 * Waiting: an eventcount for each side. A getter looks for a few microseconds
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
#define QUEUE_MAX_SIZE     (1U << 24) /* of an item; larger ones: the heap */
#define QUEUE_SPARE        1024

struct queue;

/*
 * At most `capacity` items of at most `size` bytes wait. The name is for the
 * screen. Any process may use it; its address may be passed on as bytes.
 * NULL with errno (EINVAL, ENOMEM, ENOSPC).
 *
 * Joinable: at most capacity + QUEUE_SPARE items may be got and not yet marked
 * done; then who puts has to wait. Not joinable: an item is done when it is
 * got. So it is, too, if a thread that the library did not start gets it.
 */
struct queue *queue_new(
    const char *name, unsigned capacity, size_t size, bool joinable);

/* 0; -ETIMEDOUT: full; -EMSGSIZE; -EPIPE: closed. */
int queue_put(struct queue *, const void *item, size_t size, uint64_t timeout);

/* A sentinel for one getter. Errors as queue_put(). */
int queue_put_sentinel(struct queue *, uint64_t timeout);

/*
 * Bytes copied to buf; -ETIMEDOUT: empty; -EPIPE: a sentinel, or closed and
 * empty; -EMSGSIZE: `size` is too small, the item stays where it is.
 */
long queue_get(struct queue *, void *buf, size_t size, uint64_t timeout);

/*
 * Mark the item done that this thread got first of those it has not marked.
 * 0; -EINVAL: called more often than items were got (Python's ValueError).
 */
int queue_done(struct queue *);

/* Wait until nothing is unfinished. 0 at once if nothing was put. */
int queue_join(struct queue *, uint64_t timeout);

/* Nothing more may be put; getters empty it and then get -EPIPE. */
void queue_close(struct queue *);

/* As of now: others go on meanwhile. */
unsigned queue_depth(const struct queue *);
unsigned queue_unfinished(const struct queue *);

#pragma GCC visibility pop

#endif
