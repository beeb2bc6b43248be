/*
 * params_priv: the options of a run, whole. A demo reads the part that is
 * struct params; the rest is the engine's own. Everything is checked here,
 * before anything is started.
 *
 * src/options: the engine's command line: every option with its check, its help
 * and its value. It may use lockstep, base, memory, wire, slot, schedule and
 * sum.
 */
#ifndef LOCKSTEP_PARAMS_PRIV_H
#define LOCKSTEP_PARAMS_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockstep/params.h"
#include "options/option.h"
#include "options/schedule_string.h"

#define PARAMS_MAX_PRODUCT 8192  /* processes x threads */
#define PARAMS_MAX_N       10000 /* tasks of an item */
#define PARAMS_MAX_ITEMS   4000000000ULL
#define PARAMS_MAX_ADDS    1000000000ULL

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

struct params_priv {
	struct params params; /* first: see params_priv() */
	struct items items;
	unsigned lock;     /* number of the lock kind */
	int sum_mode;      /* enum frame_sum_mode */
	uint64_t window;   /* ns */
	uint64_t duration; /* ns; 0: until the items are done */
	bool blind;        /* no event between load and store, from the start */

	/* How it is stepped; see scheduler.h. */
	int scheduler;  /* enum frame_scheduler: from the start */
	int chooser;    /* likewise: of --scheduler */
	uint64_t seed;  /* of random and pct */
	unsigned steps; /* of an add: 2 or 3; 0: everything is a step */
	bool step;      /* start stopped at the gates */
	bool unwatched; /* no user can choose the next thread */
	const char *unwatched_why; /* or NULL */
	const char *repeat; /* --schedule: a string or a file; NULL: none */
	struct schedule_string string; /* what it says; see params_free() */
	const char *schedule;          /* its steps; NULL: none */

	const struct demo *const *demos; /* the table that the demo is in */

	/* By rows of run_options: as given, if it is not the default. */
	const char *texts[OPTION_ROWS];
	uint64_t given; /* option_bit() of those that were given */

	int status_fd;  /* -1: no status at all */
	int control_fd; /* -1: none */
	bool quiet;     /* --status off: only HELLO, final frames and BYE */
};

/* The whole, of which a run's struct params is the beginning. */
static inline const struct params_priv *
params_priv(const struct params *p)
{
	return (const struct params_priv *)p;
}

enum {
	PARAMS_ANSWERED = 1, /* --help, on standard output */
	PARAMS_LIST          /* --list: up to the caller */
};

/* Parse argv. 0; -1 after one line on standard error (exit EXIT_USAGE); or one
 * of the above. */
int params_parse(
    struct params_priv *, const struct demo *const table[], char *argv[]);

/* What params_parse() took, whatever it has returned. */
void params_free(struct params_priv *);

/* Option i of run_options as the information view has it; "": not shown. */
void params_show(const struct params_priv *, size_t i, char *buf, size_t size);

/* "1-5", "3,7,9", "10x100000", "1-5x8". 0, -EINVAL or -ERANGE. */
int items_parse(struct items *, const char *spec);

/* n of item number i, from 0, below total. */
uint32_t items_at(const struct items *, uint64_t i);

/* "none", "sleep:500ms", "spin:20us". 0, -EINVAL or -ERANGE. */
int work_parse(struct work *, const char *text);
void work_format(char *buf, size_t size, const struct work *);

#endif
