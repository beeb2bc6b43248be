/*
 * step_program: small programs of a few threads, step by step, as plain data.
 *
 * A step is one operation that other threads can see, or one that only counts
 * as a step of its own (the ADD between a load and its store). What each
 * thread does is a straight line of steps: which thread may go next depends on
 * how far each one is, and on nothing else.
 *
 * A schedule is the order in which the threads took their steps. Here it has
 * one byte per step, the thread's number, so that millions are cheap; its text
 * is that of schedule.h, "a1b3a2". A switch is where another letter begins.
 */
#ifndef LOCKSTEP_STEP_PROGRAM_H
#define LOCKSTEP_STEP_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/letter.h"

#define STEPS_THREADS 16  /* letters a to p */
#define STEPS_MAX     128 /* of all threads together */
#define STEPS_OBJECTS 20
#define STEPS_NAME    16
#define STEPS_TEXT    (6 * STEPS_MAX) /* a schedule as text, with the NUL */
#define STEP_TEXT     32              /* a step as text, with the NUL */

enum step_op {
	STEP_LOAD,      /* the thread's register = the number */
	STEP_ADD,       /* register += amount */
	STEP_STORE,     /* the number = register + amount */
	STEP_FETCH_ADD, /* the number += amount, in one */
	STEP_LOCK,      /* waits while another thread holds it */
	STEP_UNLOCK,
	STEP_TAKE, /* a permit; waits while there is none */
	STEP_GIVE,
	STEP_EAT, /* the thread's own meals += 1 */
	STEP_OPS
};

struct step {
	enum step_op op;
	unsigned object; /* of program.object; not for ADD and EAT */
	int amount;
};

struct steps_object {
	char name[STEPS_NAME];
	unsigned permits; /* of a lock: 1 */
};

struct steps_program {
	unsigned nthreads, nobjects;
	struct steps_object object[STEPS_OBJECTS];
	const struct step *step[STEPS_THREADS];
	unsigned length[STEPS_THREADS];
	unsigned total; /* steps of all threads */
	struct step all[STEPS_MAX];
};

/* How far each thread has come: steps done. */
struct steps_state {
	uint8_t at[STEPS_THREADS];
};

struct interleaving {
	unsigned length;
	uint8_t thread[STEPS_MAX];
};

/* ---- putting one together ---- */

void steps_init(struct steps_program *);

/* Numbers of what is added. Steps go to the thread added last. */
unsigned steps_object(
    struct steps_program *, unsigned permits, const char *name);
void steps_thread(struct steps_program *);

/* False: no room for one more. */
bool steps_push(
    struct steps_program *, enum step_op, unsigned object, int amount);

/* ---- what may happen ---- */

/* The next step of a thread; NULL: it has done all of them. */
const struct step *steps_next(
    const struct steps_program *, const struct steps_state *, unsigned thread);

/* Threads that have a step and need not wait, as bits. */
uint32_t steps_enabled(
    const struct steps_program *, const struct steps_state *);

/* Threads that hold the object, or permits of it, as bits. */
uint32_t steps_holders(
    const struct steps_program *, const struct steps_state *, unsigned object);

/* Threads that have a step left. */
uint32_t steps_left(const struct steps_program *, const struct steps_state *);

/*
 * Do the two lead to the same, in either order, and neither makes the other
 * wait or go on?
 */
bool steps_independent(const struct step *, const struct step *);

/* ---- words ---- */

const char *step_name(enum step_op); /* "LOAD" */

/* "LOAD sum", "ADD 1", "LOCK A". */
void step_format(
    char *buf, size_t size, const struct steps_program *, const struct step *);

/*
 * No thread can go on: "a waits for B, held by b; b waits for A, held by a",
 * the cycle first.
 */
void steps_deadlock_format(char *buf, size_t size, const struct steps_program *,
    const struct steps_state *);

unsigned interleaving_switches(const struct interleaving *);
void interleaving_format(
    char buf[static STEPS_TEXT], const struct interleaving *);

/*
 * Read it back, and see that the program can go so, to its end. 0; -EINVAL,
 * and why in words.
 */
int interleaving_parse(struct interleaving *, const struct steps_program *,
    const char *text, char *why, size_t size);

#endif
