/* explore_options: the command line of `explore`. */
#include "explore/explore_options.h"

#include <string.h>

#include "explore/explore_rows.h"
#include "lockstep/util.h"

#define DEFAULT_LIMIT 1000000
#define DEFAULT_STEPS 3

/* Of a demo, the names that its options may have. */
static void
options_print_demo(const struct explore_demo *d)
{
	const struct option_set *set = &explore_option_set;
	const struct explore_options o = {.demo = d};

	printf("  %-*s %s\n", set->column, d->name, d->title);
	for (size_t i = 0; i < set->nrows; i++) {
		const struct option_row *row = &set->rows[i];

		if (row->names == NULL || !row->had(&o))
			continue;
		printf("  %-*s --%s ", set->column, "", row->name);
		option_print_names(stdout, row->names(&o));
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
	option_print_help(&explore_option_set);
	printf("  %-*s %s\n", explore_option_set.column, "--list",
	    "the demos only");
}

static void
options_print_list(void)
{
	for (size_t i = 0; explore_demos[i] != NULL; i++)
		printf("%-18s %s\n", explore_demos[i]->name,
		    explore_demos[i]->title);
}

/* ---- the string of --schedule ---- */

/*
 * An option of the string. Live demos all have --steps: here it is checked and
 * means nothing to those without adds.
 */
static int
options_take_named(const struct option_set *set, void *target,
    const struct option_row *row, const char *value)
{
	struct explore_options *o = target;
	struct explore_options checked = *o;

	o->named |= option_bit(set, row);
	if (strcmp(row->name, "steps") != 0 || row->had(o))
		return option_apply(set, o, row, value);
	return row->apply(row, &checked, value) == 0
	    ? 0
	    : schedule_string_refuse(&o->string, "use steps=2 or steps=3");
}

/* What was given must not say otherwise than the string. */
static int
options_take_given(const struct option_set *set, void *target,
    const struct option_row *row, const char *value)
{
	struct explore_options *o = target, before = *o;

	if (option_apply(set, o, row, value) != 0)
		return -1;
	return (o->named & option_bit(set, row)) == 0
	    ? 0
	    : schedule_string_agrees(row, &before, o, value);
}

/* The demo of the string must be this one. */
static int
options_read_string(struct explore_options *o)
{
	const struct option_set *set = &explore_option_set;
	const struct option_row *steps = option_find(set, "steps");

	if (o->given == NULL)
		return 0;
	if (schedule_string_open(&o->string, o->given, o->demo->name) != 0 ||
	    schedule_string_apply(&o->string, set, o, options_take_named) != 0)
		return -1;
	o->schedule = o->string.steps;
	return o->string.bare || (o->named & option_bit(set, steps)) != 0
	    ? 0
	    : schedule_string_refuse(&o->string,
		  "add steps=2 or steps=3: explore has no other steps");
}

/* ---- argv ---- */

static int
options_find_demo(struct explore_options *o, char *const operands[])
{
	if (operands[0] == NULL) {
		fputs("lockstep: explore: missing DEMO; see explore --help\n",
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
options_exclude(const char *one, const char *other, const char *why)
{
	fprintf(stderr, "lockstep: %s and %s: use only one of them%s\n", one,
	    other, why);
	return -1;
}

static int
options_check(const struct explore_options *o)
{
	bool bound = o->max_switches != EXPLORE_ANY;
	const char *extent = o->reduce ? "--reduce"
	    : o->limit != 0            ? "--limit"
	    : bound                    ? "--max-switches"
				       : NULL;

	if (o->small.threads < o->demo->fewest) {
		fprintf(stderr,
		    "lockstep: --threads %u: demo %s: use %u or more\n",
		    o->small.threads, o->demo->name, o->demo->fewest);
		return -1;
	}
	if (o->tasks != 0 && o->tasks != o->small.threads) {
		fprintf(stderr,
		    "lockstep: --items %u: use %u: the small form is one "
		    "item, of a task for each thread\n",
		    o->tasks, o->small.threads);
		return -1;
	}
	if (o->json && o->status >= 0)
		return options_exclude("--json", "--frames", "");
	if (o->reduce && bound)
		return options_exclude("--reduce", "--max-switches",
		    ": together they would miss outcomes");
	if (o->schedule != NULL && extent != NULL)
		return options_exclude("--schedule", extent, "");
	return 0;
}

void
explore_options_free(struct explore_options *o)
{
	schedule_string_close(&o->string);
	o->schedule = NULL;
}

int
explore_options_parse(struct explore_options *o, int argc, char *argv[])
{
	const struct option_set *set = &explore_option_set;
	char **operands;

	(void)argc; /* argv is NULL-terminated */
	*o = (struct explore_options){
	    .max_switches = EXPLORE_ANY, .status = -1, .control = -1};
	int said = option_read(set, o, argv, option_apply_early, &operands);

	if (said == OPTION_HELP)
		options_print_help();
	if (said == OPTION_LIST)
		options_print_list();
	if (said != 0)
		return said < 0 ? -1 : 1;
	if (options_find_demo(o, operands) != 0)
		return -1;
	o->small = (struct explore_small){.threads = o->demo->threads,
	    .adds = 1,
	    .steps = DEFAULT_STEPS,
	    .lock = "none",
	    .fix = "none"};
	if (options_read_string(o) != 0 ||
	    option_read(set, o, argv, options_take_given, &operands) != 0 ||
	    options_check(o) != 0)
		return -1;
	if (o->limit == 0)
		o->limit = DEFAULT_LIMIT;
	return 0;
}
