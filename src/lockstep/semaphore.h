/*
 * semaphore: a number of permits, between threads and processes. A thread that
 * finds none left waits until one is released.
 *
 * A permit belongs to the thread that acquired it: only that thread releases
 * it, or the supervisor if the process dies. On the screen a semaphore is one
 * of the locks; a thread that waits is blocked by a thread that holds a
 * permit.
 */
#ifndef LOCKSTEP_SEMAPHORE_H
#define LOCKSTEP_SEMAPHORE_H

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

#define SEMAPHORE_MAX 4096 /* permits */

struct semaphore;

/* NULL with errno (EINVAL, ENOMEM, ENOSPC). Any process may use it. */
struct semaphore *semaphore_new(const char *name, unsigned permits);

/* 0; -ETIMEDOUT. A thread may take several. */
int semaphore_take(struct semaphore *, uint64_t timeout);

/* 0; -EPERM: this thread holds no permit. */
int semaphore_give(struct semaphore *);

/* Permits left at this moment. */
unsigned semaphore_left(const struct semaphore *);

#pragma GCC visibility pop

#endif
