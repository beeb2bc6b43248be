/*
 * crowd: processes times threads that all do the same, and a deadline.
 * For tests that hammer what lies in shared memory.
 */
#ifndef LOCKSTEP_CROWD_H
#define LOCKSTEP_CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/util_priv.h"
#include "lockstep/util.h"

#define CROWD_DEADLINE (120 * NSEC_PER_SEC) /* for what comes at once */

struct crowd;

/*
 * Fork so many processes of so many threads each; 0 processes: the threads
 * are started in this one. `who` counts from 0 over all of them. All wait for
 * each other before fn is called.
 */
struct crowd *crowd_start(unsigned processes, unsigned threads,
    void (*fn)(void *arg, unsigned who), void *arg);
pid_t crowd_pid(const struct crowd *, unsigned process);

/* Reaps; how many processes ended other than by exit(0). */
unsigned crowd_join(struct crowd *);

/* Zeroed memory that children share. */
void *crowd_memory(size_t);

/* Fork one child that calls fn and exits with 0. */
pid_t crowd_child(void (*fn)(void *), void *arg);

/* Kill with SIGKILL and reap. */
void crowd_kill(pid_t);

/* Is a robust mutex of a dead process given to the next? Tries it. */
bool crowd_robust(void);

/* Can a child be traced, to go on by single instructions? Tries it. */
bool crowd_traces(void);

/* The rest of this test needs what an emulator may not have. */
#define NEED(it, what)                                                         \
	do {                                                                   \
		if (!(it)) {                                                   \
			fprintf(                                               \
			    stderr, "skipped: %s: no %s\n", __func__, (what)); \
			return;                                                \
		}                                                              \
	} while (0)
#define NEED_ROBUST()  NEED(crowd_robust(), "robust mutex")
#define NEED_TRACING() NEED(crowd_traces(), "ptrace")

/* Wait, giving way to others; ends the process if it takes too long. */
#define UNTIL(cond)                                                          \
	do {                                                                 \
		uint64_t until_ = now_ns() + CROWD_DEADLINE;                 \
		while (!(cond)) {                                            \
			crowd_yield();                                       \
			if (now_ns() > until_)                               \
				fatal("%s:%d: waited in vain: %s", __FILE__, \
				    __LINE__, #cond);                        \
		}                                                            \
	} while (0)

/* For children and threads, where a failed ck_assert would go unheard. */
#define MUST(cond)                                                     \
	do {                                                           \
		if (!(cond))                                           \
			fatal("%s:%d: %s", __FILE__, __LINE__, #cond); \
	} while (0)

void crowd_yield(void);

#endif
