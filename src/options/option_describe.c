/* option_describe: the options of a table, for programs to read. */
#include <string.h>

#include "options/option.h"

#define DESCRIBE_NAMES 32 /* of one option, at most */

static bool
describe_is_said(const char *const *said, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(said[i], name) == 0)
			return true;
	return false;
}

/* Names that were not said before; how many were said, with these. */
static size_t
describe_names(
    const char *const *names, const char *said[DESCRIBE_NAMES], size_t n)
{
	for (size_t i = 0; names[i] != NULL && n < DESCRIBE_NAMES; i++) {
		if (describe_is_said(said, n, names[i]))
			continue;
		printf("%s%s", n > 0 ? " " : "", names[i]);
		said[n++] = names[i];
	}
	return n;
}

/* What the demos that have the option allow, together. */
static void
describe_all_names(const struct option_set *set, const void *target,
    const struct option_row *row)
{
	const char *said[DESCRIBE_NAMES];
	const void *other;
	size_t n = 0;

	if (row->had == NULL)
		describe_names(row->names(target), said, 0);
	else
		for (size_t i = 0; (other = set->other(target, i)) != NULL; i++)
			if (row->had(other))
				n = describe_names(row->names(other), said, n);
}

static void
describe_words(const struct option_word *words)
{
	for (size_t i = 0; words[i].word != NULL; i++)
		printf("%s%s", i > 0 ? " " : "", words[i].word);
}

static void
describe_values(const struct option_set *set, const void *target,
    const struct option_row *row)
{
	if (row->names != NULL)
		describe_all_names(set, target, row);
	else if (row->words != NULL)
		describe_words(row->words);
	else if (row->apply == option_switch)
		fputs("on off", stdout);
}

void
option_describe(const struct option_set *set, const void *target)
{
	for (size_t i = 0; i < set->nrows; i++) {
		const struct option_row *row = &set->rows[i];
		const char *arg = row->arg != NULL ? row->arg : "";

		if (row->help == NULL)
			continue;
		printf("%s\t", row->name);
		if (row->letter != '\0')
			putchar(row->letter);
		printf(row->implied != NULL ? "\t[%s]\t" : "\t%s\t", arg);
		describe_values(set, target, row);
		printf("\t%s\n", row->help);
	}
	puts(".");
}
