/*
 * queue: a queue between threads and processes, first in first out; joinable.
 *
 * Bounded, of items of one largest size each. Every item put into a joinable
 * one counts as unfinished until whoever got it says fifo_done() (Python's
 * task_done), and fifo_join() waits until nothing is unfinished. An item with
 * no bytes is a sentinel: fifo_get() says -EPIPE for it, once, and it needs no
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
#ifndef LOCKSTEP_FIFO_H
#define LOCKSTEP_FIFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

#define FIFO_MAX_CAPACITY (1U << 20)
#define FIFO_MAX_SIZE     (1U << 24) /* of an item; larger ones: the heap */
#define FIFO_SPARE        1024

struct fifo;

/*
 * At most `capacity` items of at most `size` bytes wait. The name is for the
 * screen. Any process may use it; its address may be passed on as bytes.
 * NULL with errno (EINVAL, ENOMEM, ENOSPC).
 *
 * Joinable: at most capacity + FIFO_SPARE items may be got and not yet marked
 * done; then who puts has to wait. Not joinable: an item is done when it is
 * got. So it is, too, if a thread that the library did not start gets it.
 */
struct fifo *fifo_new(
    const char *name, unsigned capacity, size_t size, bool joinable);

/* 0; -ETIMEDOUT: full; -EMSGSIZE; -EPIPE: closed. */
int fifo_put(struct fifo *, const void *item, size_t size, uint64_t timeout);

/* A sentinel for one getter. Errors as fifo_put(). */
int fifo_put_sentinel(struct fifo *, uint64_t timeout);

/*
 * Bytes copied to buf; -ETIMEDOUT: empty; -EPIPE: a sentinel, or closed and
 * empty; -EMSGSIZE: `size` is too small, the item stays where it is.
 */
long fifo_get(struct fifo *, void *buf, size_t size, uint64_t timeout);

/*
 * Mark the item done that this thread got first of those it has not marked.
 * 0; -EINVAL: called more often than items were got (Python's ValueError).
 */
int fifo_done(struct fifo *);

/* Wait until nothing is unfinished. 0 at once if nothing was put. */
int fifo_join(struct fifo *, uint64_t timeout);

/* Nothing more may be put; getters empty it and then get -EPIPE. */
void fifo_close(struct fifo *);

/* As of now: others go on meanwhile. */
unsigned fifo_depth(const struct fifo *);
unsigned fifo_unfinished(const struct fifo *);

#pragma GCC visibility pop

#endif
