/*
 * cmdline: reads a command line as getopt_long() does: long options may be
 * abbreviated, letters may share a word, operands may stand anywhere, and "--"
 * ends the options. It differs from getopt_long() in three ways: it ignores
 * POSIXLY_CORRECT, an error message can name the candidates of an ambiguous
 * abbreviation, and some options are for programs only.
 *
 * Both programs use it. The engine also answers which options it has, so that
 * the dashboard can tell its own words from the engine's.
 */
#ifndef LOCKSTEP_CMDLINE_H
#define LOCKSTEP_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CMDLINE_ASK "--options" /* as the only word: list the options */

enum cmdline_value {
	CMDLINE_FLAG,    /* takes none */
	CMDLINE_NEEDED,  /* --name=VALUE, --name VALUE, -nVALUE, -n VALUE */
	CMDLINE_OPTIONAL /* --name=VALUE, -nVALUE */
};

struct cmdline_option {
	const char *name;
	char letter; /* '\0': none */
	enum cmdline_value value;
	bool hidden; /* for programs: spelled out, only once; index < 64 */
};

enum cmdline_kind {
	CMDLINE_END,
	CMDLINE_OPERAND,
	CMDLINE_DASHES, /* "--": from here on there are only operands */
	CMDLINE_OPTION,
	CMDLINE_UNKNOWN,
	CMDLINE_AMBIGUOUS,
	CMDLINE_MISSING, /* it needs a value and has none */
	CMDLINE_SURPLUS, /* it has a value and takes none */
	CMDLINE_TWICE    /* a hidden option is given again */
};

struct cmdline {
	const struct cmdline_option *options;
	size_t noptions;
	char **argv;   /* NULL-terminated */
	int next;      /* index of the next word, or of the one being read */
	int operands;  /* index of the first operand read so far */
	char *letters; /* of argv[next], still to be read; NULL: none */
	bool dashes;
	uint64_t hidden; /* hidden options read so far, a bit each */

	/* What was read last. */
	enum cmdline_kind kind;
	char *word;    /* the whole word */
	char *rest;    /* a letter and what follows it in its word; or NULL */
	size_t length; /* of a long option's name, with the dashes */
	const struct cmdline_option *option;
	char *value; /* NULL: none */
	bool apart;  /* the value is a word of its own */
};

/*
 * Start at argv[1]. Reading moves the words of argv: at the end the operands
 * stand behind the options, in their order. The text of the words stays.
 */
struct cmdline cmdline_begin(
    const struct cmdline_option *, size_t noptions, char *argv[]);
enum cmdline_kind cmdline_next(struct cmdline *);

/* Can the long option read last mean option number i? */
bool cmdline_means(const struct cmdline *, size_t i);

/*
 * Read all options: `take` has each of them, and what is wrong. Returns what it
 * returned if that is not 0; 1 if the question CMDLINE_ASK was answered; else 0
 * and where the operands stand, in argv.
 */
int cmdline_read(const struct cmdline_option *, size_t noptions, char *argv[],
    int (*take)(void *arg, const struct cmdline *), void *arg,
    char ***operands);

/* What is wrong with the word read last, in one clause. */
void cmdline_complaint(const struct cmdline *, char *buf, size_t size);

/*
 * True if argv asks for the options by CMDLINE_ASK; then they are listed on
 * standard output, a line each, and a last line.
 */
bool cmdline_asked(
    const struct cmdline_option *, size_t noptions, char *const argv[]);

/*
 * Read such a list into `options`; their names point into `text`, which is
 * changed. Returns how many; 0 if the list is not complete or malformed.
 */
size_t cmdline_scan(char *text, struct cmdline_option *options, size_t most);

#endif
