/*
 * mutex: a lock that a program may use between its threads and processes, and
 * the block that it guards:
 *
 *	with_lock (m) {
 *		...
 *	}
 *
 * The lock is given back however the block is left: at its end, by break, by
 * return or by goto. The word of the lock names who holds it, so the screen
 * shows who waits for whom and how long; if the holder's process dies, the
 * supervisor gives it back, and the next one to take it is told so once.
 */
#ifndef LOCKSTEP_MUTEX_H
#define LOCKSTEP_MUTEX_H

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

struct mutex;

/* NULL with errno (ENOMEM, ENOSPC). Any process may use it. */
struct mutex *mutex_new(const char *name);

/* 0; 1: got, but its last holder died with it; -ETIMEDOUT; -EDEADLK: mine. */
int mutex_lock(struct mutex *, uint64_t timeout);

/* 0; -EPERM: not mine. */
int mutex_unlock(struct mutex *);

struct mutex_held {
	struct mutex *mutex;
	bool once;
};

static inline void
mutex_release(struct mutex_held *h)
{
	mutex_unlock(h->mutex);
}

struct mutex_held mutex_hold(struct mutex *); /* waits for ever */

/* A name for each, so that blocks may be nested. */
#define MUTEX_PASTE(a, b) a##b
#define MUTEX_NAME(line)  MUTEX_PASTE(mutex_held_, line)
#define MUTEX_BLOCK(m, held)                                          \
	for (struct mutex_held held                                   \
	     __attribute__((cleanup(mutex_release))) = mutex_hold(m); \
	     (held).once; (held).once = false)
#define with_lock(m) MUTEX_BLOCK(m, MUTEX_NAME(__LINE__))

#pragma GCC visibility pop

#endif
