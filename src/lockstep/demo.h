/*
 * demo: what a demo is written with.
 *
 * A demo is one table of facts and functions. The supervisor feeds its items
 * to the queue, a worker takes an item and hands its tasks to its pool, and
 * each task is a call of demo.task in a pool thread. Whatever is done through
 * the functions below shows on the screen by itself.
 */
#ifndef LOCKSTEP_DEMO_H
#define LOCKSTEP_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockstep/params.h"

#pragma GCC visibility push(default)

/* One task, in the hands of one thread. Valid during the call. */
struct task;

uint32_t task_item(const struct task *);   /* number of its item, from 1 */
uint32_t task_n(const struct task *);      /* n of its item */
uint32_t task_index(const struct task *);  /* which task of n, from 0 */
uint64_t task_cookie(const struct task *); /* what the source gave the item */
const struct params *task_params(const struct task *);

/* Do the task's work (--task-work): sleep, compute, or nothing. */
void task_work(struct task *);

/* sum = sum + amount, under the lock kind in force; `times` times over. */
void task_add(struct task *, int64_t amount);
void task_add_many(struct task *, int64_t amount, uint64_t times);

/*
 * Read from a file as pread(2) does, shown as reading. The bytes read, or a
 * negative errno, which is then counted and logged with the item's name.
 */
long task_read(
    struct task *, const char *path, void *buf, size_t len, uint64_t offset);

/*
 * The item of this task is left out, all of it or a part: counted, logged and
 * in the exit status. `why` is an errno, or -1 - i for the source's reasons[i].
 */
void task_leave_out(struct task *, int why);

/* Something that a source left out. Valid until the source is closed. */
struct left_out {
	const char *name; /* any bytes */
	const char *why;  /* "Permission denied" */
};

/*
 * Where items come from, if not from --items. Opened and stepped by the
 * supervisor before the workers are forked, so that what it gathers in plain
 * memory is known to them all.
 */
struct source {
	/* 0 or -errno after one line on standard error. */
	int (*open)(const struct params *);

	/* Gather some more; true while there is more to gather. */
	bool (*step)(void);

	/* How many items there are, how many things were left out. */
	uint64_t (*count)(void);
	uint64_t (*skipped)(void);

	/* Thing i, from 0, that was left out; false: no more are known. */
	bool (*skipped_at)(unsigned i, struct left_out *);

	const char *const *reasons; /* of task_leave_out(), besides errnos */

	/* Item i, from 0. */
	void (*item)(uint64_t i, uint32_t *n, uint64_t *cookie);

	/* Its name, any bytes. */
	const char *(*name)(uint64_t cookie);

	void (*close)(void);
};

struct demo {
	const char *name;
	const char *title;
	const char *const *lesson; /* lines; NULL-terminated */

	/* Defaults of the options of the same names. */
	unsigned processes, threads;
	const char *items; /* NULL: from the source */
	const char *item_work, *task_work;
	const char *lock, *window;
	uint64_t adds; /* 0: the demo does not add in a loop */

	const struct source *source; /* NULL: from --items */
	void (*task)(struct task *);

	/*
	 * A demo with a program of its own (program.h) has this in place of
	 * items and a task. 0, or what is then its exit status.
	 */
	int (*main)(const struct params *);
	const char *limits;   /* default of --limits */
	unsigned pipes;       /* that all its processes have open */
	const char *sum;      /* default of --sum; NULL: shared */
	const char *operands; /* what may be given, "URL"; NULL: nothing */
	bool operands_needed; /* at least one must be */

	/* What --fix may be, the first by default, NULL-terminated; or NULL. */
	const char *const *fixes;
	bool stepped; /* it may be: every wait of it is at a gate */
};

/*
 * The table of demos: NULL-terminated, the default first. A program that has
 * one of this name needs no main: the library's calls lockstep_main() with it.
 */
extern const struct demo *const demos[];

/* Do what the command line says. The exit status; argv is NULL-terminated. */
int lockstep_main(const struct demo *const table[], int argc, char *argv[]);

#pragma GCC visibility pop

#endif
