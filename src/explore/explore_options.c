/* explore_options: the command line of `explore`. */
#include "explore/explore_options.h"

#include <string.h>

#include "base/cmdline.h"
#include "explore/explore_rows.h"
#include "explore/explore_schedule.h"
#include "lockstep/util.h"

#define PREFIX        160 /* bytes of demo and parameters, with the NUL */
#define DEFAULT_LIMIT 1000000
#define DEFAULT_STEPS 3

/* Options beside the rows, in the place behind them. */
enum {
	BESIDE_HELP,
	BESIDE_LIST,
	BESIDE
};

/* "none, mutex, spin". */
static void
options_print_words(const char *const *words, FILE *out)
{
	for (size_t i = 0; words[i] != NULL; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", words[i]);
}

/* Of a demo, the words of the options that have some. */
static void
options_print_demo(const struct explore_demo *d)
{
	printf("  %-22s %s\n", d->name, d->title);
	for (int i = 0; i < (int)explore_nrows; i++) {
		if (explore_rows[i].words == NULL || !explore_rows[i].had(d))
			continue;
		printf("  %-22s --%s ", "", explore_rows[i].name);
		options_print_words(explore_rows[i].words(d), stdout);
		putchar('\n');
	}
}

static void
options_print_help(void)
{
	puts("usage: lockstep explore DEMO [OPTION]...\n"
	     "\n"
	     "Runs the small form of a demo under every schedule, with real "
	     "threads.\n");
	for (size_t i = 0; explore_demos[i] != NULL; i++)
		options_print_demo(explore_demos[i]);
	putchar('\n');
	for (int i = 0; i < (int)explore_nrows; i++) {
		char left[40];

		if (explore_rows[i].help == NULL)
			continue;
		snprintf(left, sizeof left, "--%s%s%s", explore_rows[i].name,
		    explore_rows[i].arg != NULL ? " " : "",
		    explore_rows[i].arg != NULL ? explore_rows[i].arg : "");
		printf("  %-22s %s\n", left, explore_rows[i].help);
	}
	printf("  %-22s %s\n", "--list", "the demos only");
}

static void
options_print_list(void)
{
	for (size_t i = 0; explore_demos[i] != NULL; i++)
		printf("%-18s %s\n", explore_demos[i]->name,
		    explore_demos[i]->title);
}

static int
options_mistake(const struct explore_options *o, const struct explore_row *row,
    const char *value)
{
	fprintf(stderr, "lockstep: --%s %s: ", row->name, value);
	if (explore_row_refusal(row, value) != NULL) {
		fprintf(stderr, "it cannot be explored: %s\n",
		    explore_row_refusal(row, value));
		return -1;
	}
	if (row->words != NULL) {
		fputs("one of ", stderr);
		options_print_words(row->words(o->demo), stderr);
	} else {
		fputs(row->allowed, stderr);
	}
	fputs(" is wanted\n", stderr);
	return -1;
}

static int
options_apply(struct explore_options *o, int i, const char *value)
{
	if (explore_rows[i].had != NULL && !explore_rows[i].had(o->demo)) {
		fprintf(stderr, "lockstep: --%s: demo %s has none\n",
		    explore_rows[i].name, o->demo->name);
		return -1;
	}
	o->given |= 1U << i;
	return explore_rows[i].apply(o, value) == 0
	    ? 0
	    : options_mistake(o, &explore_rows[i], value);
}

static bool
options_same(const struct explore_small *a, const struct explore_small *b)
{
	return a->threads == b->threads && a->adds == b->adds &&
	    a->steps == b->steps && strcmp(a->lock, b->lock) == 0 &&
	    strcmp(a->fix, b->fix) == 0;
}

/*
 * As --name value would: 0; -1 after one line on standard error, also if the
 * option was given and says otherwise. `name` is that of an option.
 */
static int
set_option(struct explore_options *o, const char *name, const char *value)
{
	struct explore_small before = o->small;
	int i = 0;

	while (strcmp(explore_rows[i].name, name) != 0)
		i++;

	bool given = (o->given >> i & 1) != 0;

	if (options_apply(o, i, value) != 0)
		return -1;
	if (!given || options_same(&before, &o->small))
		return 0;
	fprintf(stderr,
	    "lockstep: --%s: the schedule says %s=%s: choose one of them\n",
	    name, name, value);
	return -1;
}

/* ---- the string of --schedule ---- */

static int
options_refuse(const char *string, const char *word, const char *why)
{
	fprintf(stderr, "lockstep: --schedule %s: %s: %s\n", string, word, why);
	return -1;
}

/* What has been read: some of it is only to be checked. */
struct options_parameters {
	struct explore_options *options;
	const char *string;
	const char *items; /* NULL: not there */
	bool steps;
};

static int
options_parameter(struct options_parameters *r, const char *word,
    const char *name, const char *value)
{
	static const char *const known[] = {
	    "threads", "adds", "steps", "lock", "fix"};

	if (strcmp(name, "processes") == 0)
		return strcmp(value, "1") == 0
		    ? 0
		    : options_refuse(
			  r->string, word, "the small form is 1 process");
	if (strcmp(name, "items") == 0) {
		r->items = value;
		return 0;
	}
	r->steps |= strcmp(name, "steps") == 0;
	if (strcmp(name, "steps") == 0 && !r->options->demo->adds_up)
		return strcmp(value, "2") == 0 || strcmp(value, "3") == 0
		    ? 0
		    : options_refuse(r->string, word, "2 or 3 is wanted");
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(known[i], name) == 0)
			return set_option(r->options, name, value);
	return options_refuse(r->string, word, "means nothing to a small form");
}

static int
options_parameters(struct options_parameters *r, char *rest)
{
	char threads[16];

	for (char *word; (word = strsep(&rest, ",")) != NULL;) {
		char *value = strchr(word, '='), whole[PREFIX];

		snprintf(whole, sizeof whole, "%s", word);
		if (value == NULL)
			return options_refuse(
			    r->string, whole, "NAME=VALUE is wanted");
		*value++ = '\0';
		if (options_parameter(r, whole, word, value) != 0)
			return -1;
	}
	if (!r->steps)
		return options_refuse(r->string, "steps",
		    "steps=2 or steps=3 is wanted: a small form has no others");
	snprintf(threads, sizeof threads, "%u", r->options->small.threads);
	if (r->items != NULL && strcmp(r->items, threads) != 0)
		return options_refuse(r->string, "items",
		    "the small form is one item, of a task for each thread");
	return 0;
}

/*
 * Read one back: its demo must be this one, its parameters go into
 * options->small, and options->schedule is its letters from now on. Bare
 * letters are left as they are. -1 after one line on standard error.
 */
static int
explore_string_apply(struct explore_options *o)
{
	const char *string = o->schedule, *colon = strchr(string, ':');
	struct options_parameters r = {.options = o, .string = string};
	char prefix[PREFIX], *rest = prefix;

	if (colon == NULL)
		return 0;
	if ((size_t)(colon - string) >= sizeof prefix)
		return options_refuse(
		    string, o->demo->name, "too many parameters");
	snprintf(prefix, sizeof prefix, "%.*s", (int)(colon - string), string);
	o->schedule = colon + 1;

	char *demo = strsep(&rest, ",");

	if (strcmp(demo, o->demo->name) != 0)
		return options_refuse(string, demo, "that is another demo");
	return options_parameters(&r, rest);
}

/* ---- argv ---- */

static int
bad_option(const struct cmdline *c)
{
	char why[256];

	cmdline_complaint(c, why, sizeof why);
	fprintf(stderr, "lockstep: explore: %s; see explore --help\n", why);
	return -1;
}

static void
fill_options(struct cmdline_option *table)
{
	for (size_t i = 0; i < explore_nrows; i++)
		table[i] = (struct cmdline_option){.name = explore_rows[i].name,
		    .value = explore_rows[i].arg != NULL ? CMDLINE_NEEDED
							 : CMDLINE_FLAG,
		    .hidden = explore_rows[i].help == NULL};
	table[explore_nrows + BESIDE_HELP] =
	    (struct cmdline_option){.name = "help", .letter = 'h'};
	table[explore_nrows + BESIDE_LIST] =
	    (struct cmdline_option){.name = "list"};
}

struct reading {
	struct explore_options *o;
	bool apply_them;
};

/* 0; -1 after one line on standard error; 1: it was answered. */
static int
take_option(void *arg, const struct cmdline *c)
{
	const struct reading *r = arg;

	if (c->kind != CMDLINE_OPTION)
		return bad_option(c);

	size_t i = (size_t)(c->option - c->options);

	if (i >= explore_nrows) {
		i == explore_nrows + BESIDE_HELP ? options_print_help()
						 : options_print_list();
		return 1;
	}
	return r->apply_them ? options_apply(r->o, (int)i, c->value) : 0;
}

/* As params.c does: the demo is looked for first. */
static int
options(
    struct explore_options *o, char *argv[], bool apply_them, char ***operands)
{
	struct cmdline_option table[EXPLORE_ROWS + BESIDE];

	fill_options(table);
	return cmdline_read(table, explore_nrows + BESIDE, argv, take_option,
	    &(struct reading){o, apply_them}, operands);
}

static int
options_find_demo(struct explore_options *o, char *const operands[])
{
	if (operands[0] == NULL) {
		fputs("lockstep: explore: a DEMO is wanted; see explore "
		      "--help\n",
		    stderr);
		return -1;
	}
	o->demo = explore_demo_find(operands[0]);
	if (o->demo == NULL) {
		fprintf(stderr,
		    "lockstep: explore: %s: has no small form; "
		    "see explore --help\n",
		    operands[0]);
		return -1;
	}
	if (operands[1] != NULL) {
		fprintf(stderr,
		    "lockstep: explore: %s: demo %s takes no "
		    "operands\n",
		    operands[1], o->demo->name);
		return -1;
	}
	return 0;
}

static int
options_check(const struct explore_options *o)
{
	const char *with = o->reduce ? "reduce"
	    : o->limit != 0          ? "limit"
				     : "max-switches";
	bool bound = o->max_switches != EXPLORE_ANY;

	if (o->small.threads < o->demo->fewest) {
		fprintf(stderr,
		    "lockstep: --threads %u: demo %s: %u or more "
		    "are wanted\n",
		    o->small.threads, o->demo->name, o->demo->fewest);
		return -1;
	}
	if (o->json && o->status >= 0) {
		fputs(
		    "lockstep: --json, --frames: choose one of them\n", stderr);
		return -1;
	}
	if (o->reduce && bound) {
		fputs("lockstep: --reduce, --max-switches: choose one of "
		      "them: together they would miss outcomes\n",
		    stderr);
		return -1;
	}
	if (o->schedule != NULL && (o->reduce || o->limit != 0 || bound)) {
		fprintf(stderr,
		    "lockstep: --schedule, --%s: choose one of "
		    "them\n",
		    with);
		return -1;
	}
	return 0;
}

int
explore_options_parse(struct explore_options *o, int argc, char *argv[])
{
	char **operands;

	(void)argc; /* argv is NULL-terminated */
	*o = (struct explore_options){
	    .max_switches = EXPLORE_ANY, .status = -1, .control = -1};
	int said = options(o, argv, false, &operands);

	if (said != 0)
		return said;
	if (options_find_demo(o, operands) != 0)
		return -1;
	o->small = (struct explore_small){.threads = o->demo->threads,
	    .adds = 1,
	    .steps = DEFAULT_STEPS,
	    .lock = "none",
	    .fix = "none"};
	if (options(o, argv, true, &operands) != 0 ||
	    (o->schedule != NULL && explore_string_apply(o) != 0) ||
	    options_check(o) != 0)
		return -1;
	if (o->limit == 0)
		o->limit = DEFAULT_LIMIT;
	return 0;
}
