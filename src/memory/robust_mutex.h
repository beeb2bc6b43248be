/*
 * robust_mutex: a mutex between processes that tells the next one to lock it
 * when its owner died (EOWNERDEAD).
 */
#ifndef LOCKSTEP_ROBUST_MUTEX_H
#define LOCKSTEP_ROBUST_MUTEX_H

#include <pthread.h>
#include <stdbool.h>

/* In shared memory. 0 or -errno. */
int robust_mutex_init(pthread_mutex_t *);

/* False: this system tells nobody that an owner has died. */
bool robust_mutex_works(void);

#endif
