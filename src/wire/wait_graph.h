/*
 * wait_graph: threads that wait for each other: which of them can go on, where
 * a chain of waits ends, and the sentence that says so.
 *
 * Pure: the user numbers the threads that it knows, says which other thread
 * could end the wait of each, and gives them names. So the engine, which looks
 * at shared memory, the dashboard's model and the explorer find the same
 * cycles and say the same of them.
 */
#ifndef LOCKSTEP_WAIT_GRAPH_H
#define LOCKSTEP_WAIT_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/state.h"

#define WAIT_NONE    UINT32_MAX       /* no thread */
#define WAIT_UNKNOWN (UINT32_MAX - 1) /* one that may act at any time */
#define WAIT_NAME    132              /* bytes of a name, with the NUL */
#define WAIT_CHAIN   8                /* threads in one sentence */

/* ---- text ---- */

/* A text that grows, and ends with "..." where there was no room. */
struct wait_text {
	char *buf;
	size_t size, len;
};

void wait_add(struct wait_text *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "1 item was", "3 items were"; thousands apart, "65 536". */
void wait_add_count(
    struct wait_text *, uint64_t n, const char *one, const char *many);

/* ---- the graph ---- */

/* What a thread waits for, in words. */
struct wait_link {
	char who[WAIT_NAME];
	enum frame_state state;
	char object[WAIT_NAME]; /* "lock 'A'"; of an OBJECT_THREAD the thread
				   to end; empty: no name is known */
	char owner[WAIT_NAME];  /* who holds it; empty: no thread, or unknown */
};

struct wait_graph {
	const void *arg;

	/*
	 * The threads of which any one could end the wait of this one: the
	 * nth, from 0; WAIT_NONE: no more.
	 */
	uint32_t (*next)(const void *arg, uint32_t node, unsigned nth);

	/* Only for sentences. */
	void (*describe)(const void *arg, uint32_t node, struct wait_link *);
};

enum wait_role {
	WAIT_GONE = 0, /* no thread here, or it has ended */
	WAIT_ABLE,     /* goes on by itself, or another thread can help it */
	WAIT_IDLE,     /* has nothing to do and helps no other */
	WAIT_STUCK
};

struct wait_node {
	enum wait_role role;
	bool by_other; /* any thread that can go on may end its wait */
};

/*
 * Make able every thread that a thread which is not stuck could help, until
 * that changes nothing: the reduction of a wait-for graph of A. N. Habermann
 * and R. C. Holt. Returns how many are stuck. *anyone: a thread can go on, and
 * may do anything.
 */
unsigned wait_reduce(const struct wait_graph *, struct wait_node *node,
    unsigned n, bool *anyone);

/*
 * The cycle that the first `next` of each thread leads to from here, with its
 * lowest node first. Returns its length, 0 if there is none or it is longer
 * than `max`. R. W. Floyd's tortoise and hare.
 */
unsigned wait_cycle(
    const struct wait_graph *, uint32_t from, uint32_t cycle[], unsigned max);

/* ---- sentences ---- */

/* "waits for lock 'A', held by b", "is joining b". */
void wait_add_link(struct wait_text *, const struct wait_link *);

/* "; a waits for lock 'B', held by b", without the "; " at the beginning. */
void wait_add_clause(struct wait_text *, const struct wait_link *);

/*
 * What is known of the object that the last thread of a chain waits for; 0 and
 * NULL: nothing is.
 */
struct wait_facts {
	bool known; /* of a queue or a pipe */
	uint64_t put, done;
	unsigned depth;      /* items or bytes in it, tasks not started */
	unsigned unfinished; /* items put and not marked done */
	unsigned sentinels, consumers;
	unsigned held;       /* items received and not marked done: by this
				thread; WANTS_ROOM: by any */
	const char *holders; /* "worker-2 got 1 item" and did not mark it */
};

/*
 * Why it waits forever: "is blocked in get(): queue 'numbers' is empty, all 10
 * items are done, and only 2 sentinels were put for 3 consumers". `helper` is
 * a stuck thread that could have helped; NULL: none.
 */
void wait_add_end(struct wait_text *, const struct wait_link *,
    const struct wait_facts *, const struct wait_link *helper);

/*
 * "main is joining b, which waits for lock 'A', held by a, which ...": from
 * here to where a cycle closes, WAIT_NONE, or to the thread returned, after
 * which wait_add_end() has to follow.
 */
uint32_t wait_add_chain(
    struct wait_text *, const struct wait_graph *, uint32_t from);

#endif
