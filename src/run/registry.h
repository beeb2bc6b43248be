/*
 * registry: what a program and the supervisor share besides process slots and
 * thread slots: the heap, the objects that the program has made, its children,
 * its output.
 *
 * All of it is in the arena. An object (queue, mutex, executor) is registered
 * when it is made and stays; frames refer to it by its number.
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
#define REGISTRY_HEAP_LEAST  (4ULL << 20) /* where memory is short */
#define REGISTRY_CHILDREN    1024
#define REGISTRY_PIPES       4
#define REGISTRY_RESULT_NAME 64 /* bytes, with the NUL */

enum registry_kind {
	REGISTRY_QUEUE,
	REGISTRY_MUTEX,
	REGISTRY_EXECUTOR,
	REGISTRY_KINDS
};

/* Numbers are never reused: objects[1..n]. */
struct registered {
	_Atomic uint32_t n;
	void *_Atomic objects[FRAME_MAX_OBJECTS + 1];
};

enum child_state {
	CHILD_FREE = 0,
	CHILD_FILLING,   /* by the process that starts it */
	CHILD_REQUESTED, /* to be forked by the supervisor */
	CHILD_REFUSED,   /* fork failed: `status` is the errno */
	CHILD_RUNNING,
	CHILD_DYING, /* reaped, what it held is not recovered yet */
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
	uint32_t executor;       /* it is a worker of; 0: of none */
	_Atomic uint32_t asker;  /* slot of its parent, which may join it */
	_Atomic uint32_t orphan; /* the parent is dead: free it at its end */
	char name[PROGRAM_NAME];
};

/*
 * A row belongs to the name with this key, which one compare-and-swap enters.
 * The name follows, the same from every writer.
 */
struct registry_result {
	_Atomic uint64_t key; /* hash of the name; 0: free */
	_Atomic uint64_t name[REGISTRY_RESULT_NAME / 8];
	_Atomic int64_t value;
	_Atomic uint32_t set; /* counts up; 0: not complete yet */
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
		_Atomic uint32_t set;      /* counts up; odd while written */
		_Atomic uint64_t words[5]; /* struct frame_measure */
	} measures[PROGRAM_MEASURES];
	struct registry_pipe pipes[REGISTRY_PIPES];
	unsigned npipes;
};

/* That of this process and of all that it forks. */
extern struct registry *registry;

/*
 * How much of the arena it takes with a heap of so many bytes. registry_new()
 * lays it out; the heap gets all that is left. NULL: no room.
 */
size_t registry_size(size_t heap);
struct registry *registry_new(struct arena *, int bell);

/*
 * Gives the object a number, from 1, and then shows it to the supervisor.
 * Returns the number, or 0 if there are too many (ENOSPC).
 */
unsigned registry_register(enum registry_kind, void *object, unsigned *number);

/* Wake the supervisor. */
void registry_ring(void);

static inline unsigned
registry_count(const struct registry *w, enum registry_kind kind)
{
	uint32_t n = atomic_load(&w->registry[kind].n);

	return n < FRAME_MAX_OBJECTS ? n : FRAME_MAX_OBJECTS;
}

/* NULL while it is being registered. */
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
