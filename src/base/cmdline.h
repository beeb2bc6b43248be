/*
 * cmdline: reads a command line as getopt_long() does: long options may be
 * abbreviated, letters may share a word, operands may stand anywhere, and "--"
 * ends the options. It differs from getopt_long() in three ways: it ignores
 * POSIXLY_CORRECT, an error message can name the candidates of an ambiguous
 * abbreviation, and some options are for programs only.
 *
 * Both programs use it. The engine also lists its options on request, so that
 * the dashboard can tell its own options from the engine's.
 */
#ifndef LOCKSTEP_CMDLINE_H
#define LOCKSTEP_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CMDLINE_ASK "--options" /* alone: the program lists its options */

enum cmdline_value {
	CMDLINE_FLAG,    /* takes no value */
	CMDLINE_NEEDED,  /* --name=VALUE, --name VALUE, -nVALUE, -n VALUE */
	CMDLINE_OPTIONAL /* --name=VALUE, -nVALUE */
};

struct cmdline_option {
	const char *name;
	char letter; /* '\0': none */
	enum cmdline_value value;
	bool hidden; /* for programs: in full, at most once; index < 64 */
};

enum cmdline_kind {
	CMDLINE_END,
	CMDLINE_OPERAND,
	CMDLINE_DASHES, /* "--": only operands follow */
	CMDLINE_OPTION,
	CMDLINE_UNKNOWN,
	CMDLINE_AMBIGUOUS,
	CMDLINE_MISSING, /* needs a value but has none */
	CMDLINE_SURPLUS, /* has a value but takes none */
	CMDLINE_TWICE    /* a hidden option given a second time */
};

struct cmdline {
	const struct cmdline_option *options;
	size_t noptions;
	char **argv;   /* NULL-terminated */
	int next;      /* index of the next word, or of the one being read */
	int operands;  /* index of the first operand read so far */
	char *letters; /* unread letters of argv[next]; NULL: none */
	bool dashes;
	uint64_t hidden; /* hidden options read so far, one bit each */

	/* The word read last. */
	enum cmdline_kind kind;
	char *word;    /* the whole word */
	char *rest;    /* an option letter and the rest of its word, or NULL */
	size_t length; /* of a long option's name, dashes included */
	const struct cmdline_option *option;
	char *value; /* NULL: none */
	bool apart;  /* the value is a separate word */
};

/*
 * Start at argv[1]. Reading reorders the words of argv: at the end the operands
 * follow the options, in their original order. The words themselves do not
 * change.
 */
struct cmdline cmdline_begin(
    const struct cmdline_option *, size_t noptions, char *argv[]);
enum cmdline_kind cmdline_next(struct cmdline *);

/* Can the long option read last mean options[i]? */
bool cmdline_means(const struct cmdline *, size_t i);

/*
 * Read all options. `take` is called for each option and for each error; if it
 * does not return 0, reading stops and returns that value. Returns 1 if argv
 * was CMDLINE_ASK, which has been answered; otherwise 0, and *operands points
 * to the first operand in argv.
 */
int cmdline_read(const struct cmdline_option *, size_t noptions, char *argv[],
    int (*take)(void *arg, const struct cmdline *), void *arg,
    char ***operands);

/* Describe the error in the word read last, in one clause. */
void cmdline_complaint(const struct cmdline *, char *buf, size_t size);

/*
 * If argv is CMDLINE_ASK, list the options on standard output, one per line
 * and a final line, and return true.
 */
bool cmdline_asked(
    const struct cmdline_option *, size_t noptions, char *const argv[]);

/*
 * Read such a list into `options`. Their names point into `text`, which is
 * modified. Returns the number of options; 0 if the list is incomplete or
 * malformed.
 */
size_t cmdline_scan(char *text, struct cmdline_option *options, size_t most);

#endif
