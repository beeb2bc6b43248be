/*
 * tsan: what ThreadSanitizer has to be told: it does not know
 * pthread_mutex_clocklock(), nor fences, nor what other processes do. Included
 * before all else where SAN=thread.
 */
#ifndef LOCKSTEP_TSAN_H
#define LOCKSTEP_TSAN_H

#include <sanitizer/tsan_interface.h>
#include <errno.h>
#include <pthread.h>

/* Our fences order atomic accesses only, so nothing is reported wrongly. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wtsan"
#endif

static inline int
tsan_mutex_clocklock(
    pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
	__tsan_mutex_pre_lock(mutex, __tsan_mutex_try_lock);

	int err = pthread_mutex_clocklock(mutex, clock, until);
	int got = err == 0 || err == EOWNERDEAD;

	__tsan_mutex_post_lock(mutex,
	    got ? __tsan_mutex_try_lock
		: __tsan_mutex_try_lock | __tsan_mutex_try_lock_failed,
	    0);
	return err;
}

#define pthread_mutex_clocklock tsan_mutex_clocklock

#define ORDER_MADE(p) __tsan_release(p)
#define ORDER_SEEN(p) __tsan_acquire(p)

#endif
