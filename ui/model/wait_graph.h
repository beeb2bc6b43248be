/*
 * wait_graph: threads that wait for each other in a circle, and orders of locks
 * in which such a circle may yet close.
 *
 * Of waits that end only when another thread gives something back or ends:
 * a lock, a semaphore of one permit, a thread, a process. A wait with a time
 * limit closes no circle, nor does one of several permits, which another
 * holder may give back.
 *
 * The frames of one look are not of one moment, so a circle is certain only
 * when time has gone on over it: no wait of it has changed for the length of
 * two looks, and whoever is said to hold a lock still does.
 */
#ifndef LOCKSTEP_WAIT_GRAPH_H
#define LOCKSTEP_WAIT_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

#define CIRCLES_SURE 70000000ULL /* ns: two looks of the engine */
#define CIRCLE_MAX   256         /* threads in a circle that is found */
#define CIRCLE_NAME  (2 * MODEL_NAME + 2)

struct circle_thread {
	const struct model_proc *proc;
	const struct model_thread *thread;
};

/* Each waits for the next one, and the last one for the first. */
struct circle {
	struct circle_thread at[CIRCLE_MAX];
	unsigned n; /* from 1: it may wait for itself */
	bool sure;  /* it is a deadlock */
};

/* Whom a thread waits for; false: nobody in particular that is known. */
bool wait_graph_next(const struct model *, const struct model_thread *,
    struct circle_thread *next);

/* It waits for another thread, and has for so long that a circle is sure. */
bool wait_graph_lasts(
    const struct model *, uint64_t now, const struct model_thread *);

/* The circle that this thread is in, or runs into. False: none. */
bool wait_graph_of(
    const struct model *, uint64_t now, struct circle_thread, struct circle *);

bool wait_graph_has(const struct circle *, const struct model_thread *);

/* All that there are, each once; returns how many, at most `max`. */
unsigned wait_graph_find(
    const struct model *, uint64_t now, struct circle *, unsigned max);

/*
 * "thread-1 waits for B, held by thread-2; thread-2 waits for A, held by
 * thread-1"; cut with "..." where there is no room.
 */
void wait_graph_say(
    const struct model *, const struct circle *, char *buf, size_t size);

/* "worker-2/pool-2.3", "thread-1" */
void wait_graph_name(
    const struct model *, struct circle_thread, char buf[CIRCLE_NAME]);
/* Or "thread 4711", if nobody knows that one. */
const char *wait_graph_name_of(const struct model *, int32_t tid,
    char buf[CIRCLE_NAME]) __attribute__((warn_unused_result));

/*
 * Orders that close a circle: path[0] is order number i of the model, the next
 * one was taken while what that has taken was held, and so on, back to what
 * path[0] holds. Of each circle i is the lowest number. Returns its length, 0
 * if there is none, or if all of its orders have a guard in common that lets
 * too few threads in at a time.
 */
unsigned wait_graph_order(
    const struct model *, unsigned i, unsigned path[CIRCLE_MAX]);

/* "A -> B by thread-1, B -> A by thread-2: may deadlock" */
void wait_graph_say_order(const struct model *, const unsigned *path,
    unsigned n, char *buf, size_t size);

#endif
