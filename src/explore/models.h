/* models: the small forms of demos, as programs of steps. */
#ifndef LOCKSTEP_MODELS_H
#define LOCKSTEP_MODELS_H

#include <stdbool.h>
#include <stddef.h>

#include "explore/step_program.h"

/* How small. */
struct explore_small {
	unsigned threads, adds;
	unsigned steps;   /* of an add: 2 load, store; 3 load, add, store */
	const char *lock; /* name of a lock kind */
	const char *fix;
};

struct explore_demo {
	const char *name;
	const char *title;
	const char *lesson;
	const char *part;         /* what --adds counts: "add" */
	const char *value;        /* that it ends with: "sum"; NULL: none */
	unsigned threads;         /* by default */
	unsigned fewest;          /* threads */
	bool adds_up;             /* to a sum, which updates may be lost of */
	const char *const *fixes; /* NULL-terminated; NULL: has no --fix */
	bool (*build)(struct steps_program *, const struct explore_small *);
};

/* NULL-terminated. */
extern const struct explore_demo *const explore_demos[];

/* NULL: there is none of that name. */
const struct explore_demo *explore_demo_find(const char *name);

/* Build it: false if it is too long (STEPS_MAX). */
bool explore_demo_build(const struct explore_demo *, struct steps_program *,
    const struct explore_small *);

/* Names of the lock kinds that a small form can have; NULL-terminated. */
const char *const *explore_locks(void);

/* Why it cannot have this one, a clause; NULL: it can. */
const char *explore_lock_refusal(const char *name);

#endif
