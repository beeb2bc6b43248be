/*
 * params: the options of a run that a demo may read: those of the command line,
 * and the demo's defaults for the others.
 */
#ifndef LOCKSTEP_PARAMS_H
#define LOCKSTEP_PARAMS_H

#include <stdint.h>

#define PARAMS_MAX_PROCESSES 512
#define PARAMS_MAX_THREADS   4096
#define PARAMS_MAX_LIMITS    16

/* What an item or a task does besides adding. */
enum work_kind {
	WORK_NONE,
	WORK_SLEEP, /* sleeps in the run's time: obeys speed and pause */
	WORK_SPIN   /* computes, in real time */
};

struct work {
	enum work_kind kind;
	uint64_t ns;
};

/* --work of `compare`. */
enum compare_work {
	COMPARE_IO,
	COMPARE_CPU,
	COMPARE_MIXED
};

struct demo;

struct params {
	const struct demo *demo;
	unsigned processes;
	unsigned threads; /* pool threads of each worker */
	struct work item_work;
	struct work task_work;
	uint32_t speed; /* thousandths, at the start */
	uint64_t adds;  /* per task, where the demo adds in a loop */
	uint64_t gil;   /* ns: switch interval of the interpreter lock of each
			   process; 0: there is none */

	/* For some demos only. */
	uint64_t limits[PARAMS_MAX_LIMITS]; /* primes: up to each of these */
	unsigned nlimits;
	enum compare_work compare_work;
	const char *fix;    /* one of the demo's fixes; NULL: it has none */
	unsigned max_pages; /* download */
	uint64_t max_size;  /* bytes of a page */
	uint64_t timeout;   /* ns for a page */

	char *const *operands; /* operands after the demo; NULL-terminated */
	unsigned noperands;
};

#endif
