/*
 * robust_mutex: a mutex between processes. If its owner dies, the next thread
 * that locks it gets EOWNERDEAD.
 */
#ifndef LOCKSTEP_ROBUST_MUTEX_H
#define LOCKSTEP_ROBUST_MUTEX_H

#include <pthread.h>
#include <stdbool.h>

/* The mutex is in shared memory. 0 or -errno. */
int robust_mutex_init(pthread_mutex_t *);

/* False: on this system no thread learns that an owner has died. */
bool robust_mutex_works(void);

#endif
