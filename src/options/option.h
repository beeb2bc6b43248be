/*
 * option: reads the options of a command, one row of a table for each. A row
 * has all that is known of an option: how it is written, what the help says,
 * which values are allowed, where the value goes, and how the information view
 * shows it. The engine's runs have one table (option_table.h), `explore` has
 * another (explore/explore_rows.h).
 *
 * A command's `target` is the struct that its options go into.
 */
#ifndef LOCKSTEP_OPTION_H
#define LOCKSTEP_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Rows of a table, at most: those for programs have a bit each in cmdline.h. */
#define OPTION_ROWS 62

/* One of a few words, and what it stands for. */
struct option_word {
	const char *word; /* NULL: the end of the list */
	int value;
};

struct option_row {
	const char *name;
	char letter;         /* '\0': none */
	const char *arg;     /* what the help calls the value; NULL: a flag */
	const char *help;    /* NULL: only for programs */
	const char *implied; /* value if none is given; NULL: one is required */

	/* Puts the value into its field. 0, or negative if it is not allowed.
	 */
	int (*apply)(
	    const struct option_row *, void *target, const char *value);
	size_t offset, size; /* the field: OPTION_FIELD() and others */

	/* What is allowed: `allowed` for people, or else one of the others. */
	const char *allowed;
	uint64_t least, most;                            /* numbers and times */
	const struct option_word *words;                 /* option_word() */
	const char *const *(*names)(const void *target); /* NULL-terminated */

	/* Why this value is not allowed, a clause; or NULL. May be NULL. */
	const char *(*refusal)(const char *value);

	/* Does the target's demo have the option? NULL: every demo has it. */
	bool (*had)(const void *target);

	bool early; /* has to be known before the demo is */

	/* It does not change which steps there are: no schedule names it. */
	bool unscheduled;

	/*
	 * In the information view: not at all if `elsewhere`, as the header or
	 * another view has it; else what `show` makes of it, if that is not "";
	 * without `show` as it was given, if it differs from the default.
	 */
	bool elsewhere;
	void (*show)(const struct option_row *, const void *target, char *buf,
	    size_t size);
};

/* Of a row, the field; a table defines OPTION_TARGET as its struct. */
#define OPTION_FIELD(field)                       \
	.offset = offsetof(OPTION_TARGET, field), \
	.size = sizeof((OPTION_TARGET *)NULL)->field
#define OPTION_NUMBER(field, min, max)                               \
	OPTION_FIELD(field), .apply = option_number, .least = (min), \
			     .most = (max)
#define OPTION_TIME(field, min, max) \
	OPTION_FIELD(field), .apply = option_time, .least = (min), .most = (max)
#define OPTION_SWITCH(field) OPTION_FIELD(field), .apply = option_switch
#define OPTION_FLAG(field)   OPTION_FIELD(field), .apply = option_flag
#define OPTION_TEXT(field)   OPTION_FIELD(field), .apply = option_text
#define OPTION_WORD(field, list) \
	OPTION_FIELD(field), .apply = option_word, .words = (list)
#define OPTION_NAME(field, list) \
	OPTION_FIELD(field), .apply = option_name, .names = (list)

struct option_set {
	const struct option_row *rows;
	size_t nrows;
	const char *command; /* begins its messages: "explore: "; or "" */
	const char *help;    /* what to look at: "explore --help" */
	int column;          /* width of the left column of the help */

	const char *(*demo)(const void *target); /* its name */

	/* A target of demo i, good until the next call; NULL: there are no
	 * more demos. */
	const void *(*other)(const void *target, size_t i);
};

/* ---- option_set.c ---- */

enum {
	OPTION_ASKED = 1, /* which options there are: answered */
	OPTION_HELP,      /* --help */
	OPTION_LIST       /* --list */
};

/* What is done with an option: 0, or -1 after one line on standard error. */
typedef int option_take(const struct option_set *, void *target,
    const struct option_row *, const char *value);

/*
 * Read argv's options. 0, and where the operands stand in argv; -1 after one
 * line on standard error; or one of the above.
 */
int option_read(const struct option_set *, void *target, char *argv[],
    option_take *, char ***operands);

/* Apply it. Of the rows that are `early`, and no other, the second. */
option_take option_apply;
option_take option_apply_early;

/* The row's bit in a set of rows. */
uint64_t option_bit(const struct option_set *, const struct option_row *);

/* NULL: there is none of that name. */
const struct option_row *option_find(const struct option_set *, const char *);

/* Do both targets have the same value? */
bool option_same(
    const struct option_row *, const void *target, const void *other);

void option_print_help(const struct option_set *);

/*
 * For programs, on standard output: the options that the help shows, one per
 * line, and a final ".". A line is NAME, LETTER, ARG, VALUES and HELP, divided
 * by tabs; LETTER and ARG may be empty. VALUES are words divided by blanks,
 * empty if any value may be given. An ARG in brackets may be left out.
 */
#define OPTION_DESCRIBE "--describe" /* alone, it asks for this */
void option_describe(const struct option_set *, const void *target);

/* "none, order or waiter" */
void option_print_names(FILE *, const char *const *names);

/* ---- option_value.c: what rows are made of ---- */

/* The row's field of the target. */
void *option_field(const struct option_row *, void *target);
const void *option_value(const struct option_row *, const void *target);

/* A whole number, from least to most: a field of 4 or 8 bytes. */
int option_number(const struct option_row *, void *, const char *);

/* "20us", likewise: ns, uint64_t. */
int option_time(const struct option_row *, void *, const char *);

int option_flag(const struct option_row *, void *, const char *);   /* bool */
int option_switch(const struct option_row *, void *, const char *); /* bool */
int option_text(const struct option_row *, void *, const char *);
int option_word(const struct option_row *, void *, const char *); /* int */
int option_name(const struct option_row *, void *, const char *); /* char * */

/* If it is not 0. */
void option_show_time(const struct option_row *, const void *, char *, size_t);

/* If it is not NULL. */
void option_show_name(const struct option_row *, const void *, char *, size_t);

#endif
