/*
 * process: the processes of a program: how a program starts one, and what the
 * child does. supervisor/program_run.c has the supervisor's side.
 *
 * src/program: what a demo's own program calls: processes, threads, queues,
 * mutexes and semaphores that the supervisor can observe, step and recover. It
 * may use the folders up to run.
 */
#ifndef LOCKSTEP_PROCESS_H
#define LOCKSTEP_PROCESS_H

#include <sys/types.h>

#include "run/shared.h"

/*
 * As process_start(), for a worker of the executor with this number: the
 * supervisor replaces it when it dies.
 */
struct child *child_start(const char *name,
    int (*fn)(const void *arg, size_t size), const void *arg, size_t size,
    unsigned executor);

/* Call first in a forked process: it then dies when the supervisor dies. */
void process_enter(pid_t parent);

/* The life of a child, or NULL: of main, from the fork on. Never returns. */
void process_main(struct shared *, unsigned slot, pid_t parent,
    const struct child *) __attribute__((noreturn));

#endif
