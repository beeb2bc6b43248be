/*
 * completion: scripts that complete the command line of lockstep in a shell,
 * made from the tables of options: our own, and those that the engine
 * describes (options/option.h), with its demos.
 */
#ifndef LOCKSTEP_COMPLETION_H
#define LOCKSTEP_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* In the order of enum completion_shell. */
#define COMPLETION_SHELLS "bash zsh fish"
#define COMPLETION_MOST   64 /* options or demos of one list */

enum completion_shell {
	COMPLETION_BASH,
	COMPLETION_ZSH,
	COMPLETION_FISH
};

/* No string is NULL. */
struct completion_option {
	const char *name;
	char letter;       /* '\0': none */
	const char *arg;   /* "": no value; "[N]": a value that may be missing;
			    * "FILE": a file */
	const char *words; /* the values there are, divided by blanks */
	const char *help;
};

/* Its value is a word of its own, and cannot be left out. */
static inline bool
completion_needs_value(const struct completion_option *o)
{
	return o->arg[0] != '\0' && o->arg[0] != '[';
}

static inline bool
completion_takes_file(const struct completion_option *o)
{
	return strcmp(o->arg, "FILE") == 0;
}

struct completion_set {
	struct completion_option option[COMPLETION_MOST];
	size_t n;
};

struct completion_demos {
	struct {
		const char *name, *title;
	} demo[COMPLETION_MOST];
	size_t n;
};

/* All that a script has to know; an option of ours is in no other set. */
struct completion {
	struct completion_set ours, run, explore;
	struct completion_demos demos, explored;
};

static inline bool
completion_has(const struct completion_set *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->option[i].name, name) == 0)
			return true;
	return false;
}

/* On standard output. 0; -1 if the engine does not answer. */
int completion_print(enum completion_shell, const struct completion_set *ours);

/* completion_bash.c, completion_zsh.c, completion_fish.c */
void completion_bash(const struct completion *);
void completion_zsh(const struct completion *);
void completion_fish(const struct completion *);

#endif
