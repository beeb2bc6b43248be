/*
 * schedule_string: a schedule with all that it takes to repeat it, as one
 *string:
 *
 *	race,processes=1,threads=2,items=2,adds=1,steps=3:a1b3a2
 *
 * the demo, the options that differ from its defaults, and behind the last
 * colon who took how many steps. Nothing in it means anything to a shell.
 */
#ifndef LOCKSTEP_SCHEDULE_STRING_H
#define LOCKSTEP_SCHEDULE_STRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* Bare steps, "a1b3a2", and no file: the demo and its options are said
 * elsewhere. */
bool schedule_string_is_bare(const char *given);

/*
 * The string that was given, or what stands in the file of that name; without
 * blanks, newlines and comments (from # to the end of the line). Bare steps
 * are those of `demo`, if that is not NULL. To be freed; NULL, and in `why`
 * the reason.
 */
char *schedule_string_read(
    const char *given, const char *demo, char *why, size_t size);

/* Its parts, cut out of the string itself. */
struct schedule_string {
	char *demo;
	char *options; /* "threads=2,items=3,7,9"; may be empty */
	char *steps;   /* "a1b3a2" */
};

/* 0, or -EINVAL if it is none. */
int schedule_string_split(struct schedule_string *, char *string);

/*
 * The next option of a list, cut out of it; false: there is none, or, with
 * *value NULL, it has no value. A value may have commas in it.
 */
bool schedule_string_option(char **options, char **name, char **value);

#endif
