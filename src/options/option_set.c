/* option_set: reads options, explains them, and says what is wrong. */
#include <string.h>

#include "base/cmdline.h"
#include "options/option.h"

/* Options beside the rows, in the places behind them. */
enum {
	BESIDE_HELP,
	BESIDE_LIST,
	BESIDE
};

const struct option_row *
option_find(const struct option_set *set, const char *name)
{
	for (size_t i = 0; i < set->nrows; i++)
		if (strcmp(set->rows[i].name, name) == 0)
			return &set->rows[i];
	return NULL;
}

uint64_t
option_bit(const struct option_set *set, const struct option_row *row)
{
	return 1ULL << (row - set->rows);
}

bool
option_same(const struct option_row *row, const void *target, const void *other)
{
	return memcmp(option_value(row, target), option_value(row, other),
		   row->size) == 0;
}

/* ---- help ---- */

void
option_print_help(const struct option_set *set)
{
	bool letters = false;

	for (size_t i = 0; i < set->nrows; i++)
		letters |= set->rows[i].letter != '\0';
	for (size_t i = 0; i < set->nrows; i++) {
		const struct option_row *row = &set->rows[i];
		const char *arg = row->arg != NULL ? row->arg : "";
		char left[40], letter[8] = "    ";

		if (row->help == NULL)
			continue;
		if (row->letter != '\0')
			snprintf(letter, sizeof letter, "-%c, ", row->letter);
		snprintf(left, sizeof left,
		    row->implied != NULL   ? "%s--%s[=%s]"
			: row->arg != NULL ? "%s--%s %s"
					   : "%s--%s%s",
		    letters ? letter : "", row->name, arg);
		printf("  %-*s %s\n", set->column, left, row->help);
	}
}

/* ", " or " or " before name i of n. */
static const char *
set_between(size_t i, size_t n)
{
	if (i == 0)
		return "";
	return i + 1 < n ? ", " : " or ";
}

void
option_print_names(FILE *out, const char *const *names)
{
	size_t n = 0;

	while (names[n] != NULL)
		n++;
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%s", set_between(i, n), names[i]);
}

/* ---- what is wrong ---- */

static void
set_print_words(FILE *out, const struct option_word *words)
{
	size_t n = 0;

	while (words[n].word != NULL)
		n++;
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%s", set_between(i, n), words[i].word);
}

static void
set_print_allowed(FILE *out, const struct option_row *row, const void *target)
{
	fputs("use ", out);
	if (row->allowed != NULL)
		fputs(row->allowed, out);
	else if (row->names != NULL)
		option_print_names(out, row->names(target));
	else if (row->words != NULL)
		set_print_words(out, row->words);
	else if (row->apply == option_switch)
		fputs("on or off", out);
	else
		fprintf(out, "a number from %llu to %llu",
		    (unsigned long long)row->least,
		    (unsigned long long)row->most);
}

static int
set_mistake(const struct option_row *row, const void *target, const char *value)
{
	const char *why = row->refusal != NULL ? row->refusal(value) : NULL;

	fprintf(stderr, "lockstep: --%s %s: ", row->name, value);
	if (why != NULL)
		fprintf(stderr, "not possible here: %s", why);
	else
		set_print_allowed(stderr, row, target);
	fputc('\n', stderr);
	return -1;
}

static int
set_not_had(const struct option_set *set, const void *target,
    const struct option_row *row)
{
	const void *other;
	unsigned n = 0;

	fprintf(stderr, "lockstep: --%s: demo %s does not have it", row->name,
	    set->demo(target));
	for (size_t i = 0; (other = set->other(target, i)) != NULL; i++)
		if (row->had(other))
			fprintf(stderr, "%s%s",
			    n++ == 0 ? "; it belongs to " : ", ",
			    set->demo(other));
	fputc('\n', stderr);
	return -1;
}

/* ---- reading ---- */

int
option_apply(const struct option_set *set, void *target,
    const struct option_row *row, const char *value)
{
	if (row->had != NULL && !row->had(target))
		return set_not_had(set, target, row);
	return row->apply(row, target, value) == 0
	    ? 0
	    : set_mistake(row, target, value);
}

int
option_apply_early(const struct option_set *set, void *target,
    const struct option_row *row, const char *value)
{
	return row->early ? option_apply(set, target, row, value) : 0;
}

struct reading {
	const struct option_set *set;
	void *target;
	option_take *take;
};

static int
set_take(void *arg, const struct cmdline *c)
{
	const struct reading *r = arg;
	const struct option_set *set = r->set;
	char why[256];

	if (c->kind != CMDLINE_OPTION) {
		cmdline_complaint(c, why, sizeof why);
		fprintf(stderr, "lockstep: %s%s; see %s\n", set->command, why,
		    set->help);
		return -1;
	}

	size_t i = (size_t)(c->option - c->options);

	if (i >= set->nrows)
		return i == set->nrows + BESIDE_HELP ? OPTION_HELP
						     : OPTION_LIST;

	const struct option_row *row = &set->rows[i];

	return r->take(
	    set, r->target, row, c->value != NULL ? c->value : row->implied);
}

int
option_read(const struct option_set *set, void *target, char *argv[],
    option_take *take, char ***operands)
{
	struct cmdline_option table[OPTION_ROWS + BESIDE];

	for (size_t i = 0; i < set->nrows; i++) {
		const struct option_row *row = &set->rows[i];

		table[i] = (struct cmdline_option){.name = row->name,
		    .letter = row->letter,
		    .value = row->arg == NULL  ? CMDLINE_FLAG
			: row->implied != NULL ? CMDLINE_OPTIONAL
					       : CMDLINE_NEEDED,
		    .hidden = row->help == NULL};
	}
	table[set->nrows + BESIDE_HELP] =
	    (struct cmdline_option){.name = "help", .letter = 'h'};
	table[set->nrows + BESIDE_LIST] =
	    (struct cmdline_option){.name = "list"};
	if (argv[0] != NULL && argv[1] != NULL && argv[2] == NULL &&
	    strcmp(argv[1], OPTION_DESCRIBE) == 0) {
		option_describe(set, target);
		return OPTION_ASKED;
	}
	return cmdline_read(table, set->nrows + BESIDE, argv, set_take,
	    &(struct reading){set, target, take}, operands);
}
