/*
 * demo: how to write a demo.
 *
 * A demo is one table of facts and functions. The supervisor puts its items
 * into the queue, a worker takes an item and hands its tasks to its pool, and
 * each task is a call of demo.task in a pool thread. The screen shows whatever
 * a demo does through the functions below.
 */
#ifndef LOCKSTEP_DEMO_H
#define LOCKSTEP_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockstep/params.h"

#pragma GCC visibility push(default)

/* A task, run by one thread. Valid during the call. */
struct task;

uint32_t task_item(const struct task *);   /* number of its item, from 1 */
uint32_t task_n(const struct task *);      /* n of its item */
uint32_t task_index(const struct task *);  /* which task of n, from 0 */
uint64_t task_cookie(const struct task *); /* from the source's item() */
const struct params *task_params(const struct task *);

/* Do the task's work (--task-work): sleep, compute, or nothing. */
void task_work(struct task *);

/* sum = sum + amount under the current lock kind; the second, `times` times. */
void task_add(struct task *, int64_t amount);
void task_add_many(struct task *, int64_t amount, uint64_t times);

/*
 * Read from a file as pread(2) does; the screen shows the thread as reading.
 * The number of bytes, or a negative errno: the error is counted, and logged
 * with the item's name.
 */
long task_read(
    struct task *, const char *path, void *buf, size_t len, uint64_t offset);

/*
 * Leave the item of this task out, all of it or a part: it is counted and
 * logged, and the exit status shows it. `why` is an errno, or -1 - i for
 * reasons[i] of the source.
 */
void task_leave_out(struct task *, int why);

/* Something that a source left out. Valid until the source is closed. */
struct left_out {
	const char *name; /* any bytes */
	const char *why;  /* "Permission denied" */
};

/*
 * Where items come from, if not from --items. The supervisor opens and steps it
 * before it forks the workers, so that all of them have what it gathers in
 * plain memory.
 */
struct source {
	/* 0, or -errno after printing one line on standard error. */
	int (*open)(const struct params *);

	/* Gather some items; true while there are more. */
	bool (*step)(void);

	/* The number of items, and of things that were left out. */
	uint64_t (*count)(void);
	uint64_t (*skipped)(void);

	/* The thing number i, from 0, that was left out; false: unknown. */
	bool (*skipped_at)(unsigned i, struct left_out *);

	const char *const *reasons; /* for task_leave_out(), besides errnos */

	/* Set n and a cookie of item i, from 0. */
	void (*item)(uint64_t i, uint32_t *n, uint64_t *cookie);

	/* The name of an item: any bytes. */
	const char *(*name)(uint64_t cookie);

	void (*close)(void);
};

struct demo {
	const char *name;
	const char *title;
	const char *const *lesson; /* lines; NULL-terminated */

	/* Defaults of the options with these names. */
	unsigned processes, threads;
	const char *items; /* NULL: from the source */
	const char *item_work, *task_work;
	const char *lock, *window;
	uint64_t adds; /* 0: the demo does not add in a loop */

	const struct source *source; /* NULL: from --items */
	void (*task)(struct task *);

	/*
	 * A demo with a program of its own (program.h) has this instead of
	 * items and a task. Its return value is the program's exit status.
	 */
	int (*main)(const struct params *);
	const char *limits;   /* default of --limits */
	unsigned pipes;       /* number of pipes, open in all its processes */
	const char *sum;      /* default of --sum; NULL: shared */
	const char *operands; /* what they are, "URL"; NULL: it takes none */
	bool operands_needed; /* it takes at least one */

	/* Values of --fix, the default first, NULL-terminated; or NULL. */
	const char *const *fixes;
	bool stepped; /* it can be: every wait in it is at a gate */
};

/*
 * The table of demos: NULL-terminated, the default first. A program that
 * defines it needs no main: the library's main calls lockstep_main() with it.
 */
extern const struct demo *const demos[];

/* Run the command line; returns the exit status. argv is NULL-terminated. */
int lockstep_main(const struct demo *const table[], int argc, char *argv[]);

#pragma GCC visibility pop

#endif
