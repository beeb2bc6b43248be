/*
 * registry: what a program and the supervisor share beside process slots and
 * thread slots: the heap, the objects that the program has made, its children,
 * its output.
 *
 * All in the arena. Objects (queues, mutexes, executors) are registered as
 * they are made and never leave: their number is what frames speak of.
 */
#ifndef LOCKSTEP_REGISTRY_H
#define LOCKSTEP_REGISTRY_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "lockstep/frame.h"
#include "lockstep/program.h"
#include "memory/arena.h"
#include "memory/eventcount.h"
#include "memory/heap.h"
#include "slot/lock_order.h"

#define REGISTRY_HEAP        (1ULL << 30) /* bytes of address space */
#define REGISTRY_HEAP_LEAST  (4ULL << 20) /* where there is not as much */
#define REGISTRY_CHILDREN    1024
#define REGISTRY_PIPES       4
#define REGISTRY_RESULT_NAME 64 /* bytes, with the NUL */

enum registry_kind {
	REGISTRY_QUEUE,
	REGISTRY_MUTEX,
	REGISTRY_EXECUTOR,
	REGISTRY_KINDS
};

/* The numbers go up only: objects[1..n]. */
struct registered {
	_Atomic uint32_t n;
	void *_Atomic objects[FRAME_MAX_OBJECTS + 1];
};

enum child_state {
	CHILD_FREE = 0,
	CHILD_FILLING,   /* by the process that starts it */
	CHILD_REQUESTED, /* to be forked by the supervisor */
	CHILD_REFUSED,   /* could not be: `status` is the errno */
	CHILD_RUNNING,
	CHILD_DYING, /* reaped, its affairs not settled yet */
	CHILD_ENDED
};

struct child {
	_Atomic uint32_t state; /* enum child_state */
	struct eventcount wake; /* rung when it changes */
	_Atomic int32_t pid;
	_Atomic int32_t status; /* exit status, -signal, or errno */
	_Atomic uint32_t slot;
	int (*fn)(const void *, size_t);
	void *arg; /* in the heap */
	size_t size;
	uint32_t executor;       /* whose worker it is, 0: nobody's */
	_Atomic uint32_t asker;  /* slot of who started it and may join it */
	_Atomic uint32_t orphan; /* that one is dead: free it at its end */
	char name[PROGRAM_NAME];
};

/*
 * A row is whose key it has, taken by one compare-and-swap; the name follows,
 * the same whichever thread writes it.
 */
struct registry_result {
	_Atomic uint64_t key; /* hash of the name; 0: free */
	_Atomic uint64_t name[REGISTRY_RESULT_NAME / 8];
	_Atomic int64_t value;
	_Atomic uint32_t set; /* counts up; 0: name and value are to come */
};

struct registry_pipe {
	int fds[2];                /* read, write */
	_Atomic uint64_t put, got; /* bytes */
};

struct registry {
	struct heap *heap;
	size_t heap_size;
	int bell; /* eventfd that the supervisor polls; -1: there is none */
	struct registered registry[REGISTRY_KINDS];
	struct child children[REGISTRY_CHILDREN];
	_Atomic uint32_t requests; /* counts up with each */
	struct queue *output;      /* lines */
	struct lock_orders orders;
	struct registry_result results[PROGRAM_RESULTS];
	struct {
		_Atomic uint32_t set;      /* likewise; odd while it is */
		_Atomic uint64_t words[5]; /* struct frame_measure */
	} measures[PROGRAM_MEASURES];
	struct registry_pipe pipes[REGISTRY_PIPES];
	unsigned npipes;
};

/* The world of this process and of all that it forks. */
extern struct registry *registry;

/*
 * How much of the arena it takes with a heap of so many bytes, and laying it
 * out there: the heap has all that is left. NULL: no room.
 */
size_t registry_size(size_t heap);
struct registry *registry_new(struct arena *, int bell);

/*
 * Gives the object a number, from 1, and then shows it to the supervisor. The
 * number; 0 if there are too many (ENOSPC).
 */
unsigned registry_register(enum registry_kind, void *object, unsigned *number);

/* Have the supervisor look. */
void registry_ring(void);

static inline unsigned
registry_count(const struct registry *w, enum registry_kind kind)
{
	uint32_t n = atomic_load(&w->registry[kind].n);

	return n < FRAME_MAX_OBJECTS ? n : FRAME_MAX_OBJECTS;
}

/* NULL if it is only just being registered. */
static inline void *
registry_object(const struct registry *w, enum registry_kind kind, unsigned i)
{
	return atomic_load_explicit(
	    &w->registry[kind].objects[i], memory_order_acquire);
}

/* The next one after *number, which becomes its number; NULL: no more. */
static inline void *
registry_next(
    const struct registry *w, enum registry_kind kind, unsigned *number)
{
	unsigned n = registry_count(w, kind);
	void *object = NULL;

	while (object == NULL && *number < n)
		object = registry_object(w, kind, ++*number);
	return object;
}

#endif
