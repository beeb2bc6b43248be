/*
 * params: what a run is to do, as given on the command line over the demo's
 * defaults. Everything is checked here, before anything is started.
 */
#ifndef LOCKSTEP_PARAMS_H
#define LOCKSTEP_PARAMS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#pragma GCC visibility push(default)

#define PARAMS_MAX_PROCESSES 512
#define PARAMS_MAX_THREADS   4096
#define PARAMS_MAX_PRODUCT   8192  /* processes x threads */
#define PARAMS_MAX_N         10000 /* tasks of an item */
#define PARAMS_MAX_ITEMS     4000000000ULL
#define PARAMS_MAX_ADDS      1000000000ULL
#define PARAMS_MAX_LIMITS    16
#define PARAMS_OPTIONS       40 /* rows of the table of options, at most */

/* What an item or a task does besides adding. */
enum work_kind {
	WORK_NONE,
	WORK_SLEEP, /* of the pipeline's time: obeys speed and pause */
	WORK_SPIN   /* of real time, computing */
};

struct work {
	enum work_kind kind;
	uint64_t ns;
};

/* "1-5x8": first to last, the whole of it `times` times. */
struct items_run {
	uint32_t first, last;
	uint64_t times;
};

#define ITEMS_MAX_RUNS 64

struct items {
	struct items_run run[ITEMS_MAX_RUNS];
	unsigned nruns;
	uint64_t total; /* items in all */
};

/* What `compare` does in each of its ways. */
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
	struct items items;
	struct work item_work;
	struct work task_work;
	unsigned lock;     /* number of the lock kind */
	int sum_mode;      /* enum frame_sum_mode */
	uint64_t window;   /* ns */
	bool window_given; /* by --window, not by default */
	bool work_given;   /* --task-work */
	uint32_t speed;    /* thousandths */
	uint64_t duration; /* ns; 0: until the items are done */
	uint64_t adds;     /* per task, where the demo adds in a loop */
	bool blind;        /* no event between load and store, from the start */
	uint64_t gil; /* ns: switch interval of the interpreter lock of each
			 process; 0: there is none */

	/* Of some demos only. */
	uint64_t limits[PARAMS_MAX_LIMITS]; /* primes: up to each of these */
	unsigned nlimits;
	enum compare_work compare_work;
	const char *fix;    /* one of the demo's fixes; NULL: it has none */
	unsigned max_pages; /* download */
	uint64_t max_size;  /* bytes of a page */
	uint64_t timeout;   /* ns for a page */

	/* How it is stepped; see scheduler.h. */
	int scheduler;   /* enum frame_scheduler: from the start */
	int chooser;     /* likewise: of --scheduler */
	uint64_t seed;   /* of random and pct */
	bool seed_given; /* by --seed */
	unsigned steps;  /* of an add: 2 or 3; 0: everything is a step */
	bool step;       /* start stopped at the gates */
	bool unwatched;  /* nobody is there to say who is to go */
	const char *unwatched_why; /* or NULL */
	const char *repeat;  /* --schedule: a string or a file; NULL: none */
	bool steps_only;     /* ... without demo and options */
	char *schedule;      /* the steps of it, in ... */
	char *schedule_text; /* ... all of it; see params_free() */

	const struct demo *const *demos; /* the table that `demo` is of */

	/* As given, by rows of the table: those that a schedule needs. */
	const char *texts[PARAMS_OPTIONS];

	char *const *operands; /* operands after the demo; NULL-terminated */
	unsigned noperands;

	int status_fd;  /* -1: no status at all */
	int control_fd; /* -1: none */
	bool quiet;     /* --status off: only HELLO, final frames and BYE */
};

enum {
	PARAMS_ANSWERED = 1, /* --help, on standard output */
	PARAMS_LIST          /* --list: up to the caller */
};

/* Parse argv. 0; -1 after one line on standard error (exit EXIT_USAGE); or one
 * of the above. */
int params_parse(
    struct params *, const struct demo *const table[], char *argv[]);

/* What params_parse() took, whatever it has returned. */
void params_free(struct params *);

/* "1-5", "3,7,9", "10x100000", "1-5x8". 0, -EINVAL or -ERANGE. */
int items_parse(struct items *, const char *spec);

/* n of item number i, from 0, below total. */
uint32_t items_at(const struct items *, uint64_t i);

/* "none", "sleep:500ms", "spin:20us". 0, -EINVAL or -ERANGE. */
int work_parse(struct work *, const char *text);
void work_format(char *buf, size_t size, const struct work *);

#pragma GCC visibility pop

#endif
