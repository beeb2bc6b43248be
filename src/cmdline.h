/*
 * cmdline: a command line, word by word, as getopt_long() reads it: long
 * options may be abbreviated, letters may stand in one word, and operands may
 * stand anywhere, until "--". Unlike there, POSIXLY_CORRECT changes nothing,
 * and what is wrong can be said in full.
 *
 * Both programs read by this. The engine also says which options it has, so
 * that the dashboard can tell its own words from the engine's.
 */
#ifndef LOCKSTEP_CMDLINE_H
#define LOCKSTEP_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CMDLINE_ASK "--options" /* alone: which options are there? */

enum cmdline_value {
	CMDLINE_FLAG,    /* takes none */
	CMDLINE_NEEDED,  /* --name=VALUE, --name VALUE, -nVALUE, -n VALUE */
	CMDLINE_OPTIONAL /* --name=VALUE, -nVALUE */
};

struct cmdline_option {
	const char *name;
	char letter; /* '\0': none */
	enum cmdline_value value;
	bool hidden; /* for programs: in full, and once; of the first 64 */
};

enum cmdline_kind {
	CMDLINE_END,
	CMDLINE_OPERAND,
	CMDLINE_DASHES, /* "--": from here on there are only operands */
	CMDLINE_OPTION,
	CMDLINE_UNKNOWN,
	CMDLINE_AMBIGUOUS,
	CMDLINE_MISSING, /* the value that it needs */
	CMDLINE_SURPLUS, /* a value, and it takes none */
	CMDLINE_TWICE    /* a hidden one: the program that began has said it */
};

struct cmdline {
	const struct cmdline_option *options;
	size_t noptions;
	char **argv;   /* NULL-terminated */
	int next;      /* the word to be read next, or being read */
	int operands;  /* argv[operands] is the first operand read so far */
	char *letters; /* of argv[next], not read yet; NULL: none */
	bool dashes;
	uint64_t hidden; /* those read so far, as bits */

	/* What was read last. */
	enum cmdline_kind kind;
	char *word;    /* all of it */
	char *rest;    /* in a word of letters: from this one on; or NULL */
	size_t length; /* of a long option: of its name, with the dashes */
	const struct cmdline_option *option;
	char *value; /* NULL: none */
	bool apart;  /* the value is a word of its own */
};

/* Read argv[1] and what follows it. The words are put in order as they are
 * read, operands last; their text stays as it is. */
struct cmdline cmdline_begin(
    const struct cmdline_option *, size_t noptions, char *argv[]);
enum cmdline_kind cmdline_next(struct cmdline *);

/* Option number i can be meant by the long option that was read last. */
bool cmdline_means(const struct cmdline *, size_t i);

/* What is wrong with the word that was read last, without a newline. */
void cmdline_complaint(const struct cmdline *, char *buf, size_t size);

/*
 * If argv is the question CMDLINE_ASK and nothing else, it is answered on
 * standard output: one line for each option, and one behind the last.
 */
bool cmdline_asked(
    const struct cmdline_option *, size_t noptions, char *const argv[]);

/*
 * The answer, read into `options`, whose names are parts of `text` then. How
 * many; 0 if it is not whole, or no such answer.
 */
size_t cmdline_scan(char *text, struct cmdline_option *options, size_t most);

#endif
