/*
 * mutex: a lock between the threads and processes of a program, and the block
 * that it guards:
 *
 *	with_lock (m) {
 *		...
 *	}
 *
 * The lock is released however the block is left: at its end, by break, by
 * return or by goto. The lock word names the holder, so the screen shows which
 * thread waits for which, and how long. If the holder's process dies, the
 * supervisor releases the lock, and mutex_lock() reports the death once, to the
 * next owner.
 */
#ifndef LOCKSTEP_MUTEX_H
#define LOCKSTEP_MUTEX_H

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

struct mutex;

/* NULL with errno (ENOMEM, ENOSPC). Any process may use it. */
struct mutex *mutex_new(const char *name);

/*
 * 0; 1: acquired, but the last holder died while it held the lock; -ETIMEDOUT;
 * -EDEADLK: the caller already holds it.
 */
int mutex_lock(struct mutex *, uint64_t timeout);

/* 0; -EPERM: the caller does not hold it. */
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

struct mutex_held mutex_hold(struct mutex *); /* waits forever */

/* Each block has a name of its own, so that blocks may be nested. */
#define MUTEX_PASTE(a, b) a##b
#define MUTEX_NAME(line)  MUTEX_PASTE(mutex_held_, line)
#define MUTEX_BLOCK(m, held)                                          \
	for (struct mutex_held held                                   \
	     __attribute__((cleanup(mutex_release))) = mutex_hold(m); \
	     (held).once; (held).once = false)
#define with_lock(m) MUTEX_BLOCK(m, MUTEX_NAME(__LINE__))

#pragma GCC visibility pop

#endif
