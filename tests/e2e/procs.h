/* procs: what /proc says about the processes of a session. */
#ifndef LOCKSTEP_PROCS_H
#define LOCKSTEP_PROCS_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROCS_MAX 512

/*
 * The living processes of the session whose program is called so, NULL: all;
 * returns how many.
 */
int procs_of(pid_t session, const char *program, pid_t out[PROCS_MAX]);

bool procs_lives(pid_t); /* and is no zombie */
char procs_state(pid_t); /* its letter; '\0': gone */
pid_t procs_parent(pid_t);
int procs_threads(pid_t, pid_t out[PROCS_MAX]);
bool procs_has_thread(pid_t, pid_t tid);

/* One of its sets of signals ("SigBlk:", "SigIgn:"): signal n is bit n - 1. */
uint64_t procs_signals(pid_t, const char *set);

/* The name of a thread, "" if there is none. */
void procs_name(pid_t tid, char *out, size_t size);

#endif
