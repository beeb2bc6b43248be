/*
 * schedule_string: a schedule with all that it takes to repeat it, in one
 * string:
 *
 *	race,processes=1,threads=2,items=2,adds=1,steps=3:a1b3a2
 *
 * the demo, the options that differ from its defaults, and behind the last
 * colon how many steps each thread took, in order. A shell reads it as one
 * word. Runs and `explore` both read their --schedule here.
 */
#ifndef LOCKSTEP_SCHEDULE_STRING_H
#define LOCKSTEP_SCHEDULE_STRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options/option.h"

struct params_priv;

/* Can this run be stepped? */
bool schedule_string_fits(const struct params_priv *);

/* Why not, in words: "--gil: ..."; NULL: it can. */
const char *schedule_string_obstacle(const struct params_priv *);

/* How many steps it may come to, roughly. */
uint64_t schedule_string_expected(const struct params_priv *);

/*
 * All up to and with the colon, `lock` being the number of the lock kind in
 * force; to be freed. NULL: no memory.
 */
char *schedule_string_prefix(const struct params_priv *, unsigned lock);

/* A string that was given, and its parts. Zero-initialised: there is none. */
struct schedule_string {
	const char *given; /* the string itself, or the name of a file */
	bool bare;         /* only steps: demo and options are given apart */
	char *text;        /* of it; the parts are cut out of this */
	char *demo;
	char *options; /* "threads=2,items=3,7,9"; may be empty */
	char *steps;   /* "a1b3a2" */
};

/*
 * Read the string that was given, or the file of that name, without blanks,
 * newlines and comments (from # to the end of the line). Bare steps are those
 * of `demo`; with the demo named in the string it must be the same, if it is
 * not NULL. 0, or -1 after one line on standard error.
 */
int schedule_string_open(
    struct schedule_string *, const char *given, const char *demo);

/* What schedule_string_open() took, whatever it has returned. */
void schedule_string_close(struct schedule_string *);

/* take() each of its options. 0, or -1 after one line on standard error. */
int schedule_string_apply(struct schedule_string *, const struct option_set *,
    void *target, option_take *take);

/* 0 if an option left the target as the schedule had it; -1 after one line. */
int schedule_string_agrees(const struct option_row *, const void *before,
    const void *target, const char *value);

/* Say what is wrong with it, on standard error. -1. */
int schedule_string_refuse(const struct schedule_string *, const char *why);

#endif
