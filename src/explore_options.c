/* explore_options: the command line of `explore`, a row per option. */
#include "explore_options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore_string.h"
#include "sum.h"
#include "util.h"

#define DEFAULT_LIMIT 1000000
#define DEFAULT_STEPS 3

struct row {
	const char *name;
	const char *arg;     /* what the help calls the value; NULL: a flag */
	const char *help;    /* NULL: not for people */
	const char *allowed; /* for the line about a mistake */
	int (*apply)(struct explore_options *, const char *value);
	bool (*had)(const struct explore_demo *); /* NULL: by all */

	/* In place of `allowed`: what may be given, NULL-terminated. */
	const char *const *(*words)(const struct explore_demo *);
};

static int
number(const char *text, uint64_t least, uint64_t most, uint64_t *n)
{
	char *end;

	errno = 0;
	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	*n = strtoull(text, &end, 10);
	if (*end != '\0' || errno != 0 || *n < least || *n > most)
		return -EINVAL;
	return 0;
}

static int
small(const char *text, unsigned most, unsigned *n)
{
	uint64_t wide;

	if (number(text, 1, most, &wide) != 0)
		return -EINVAL;
	*n = (unsigned)wide;
	return 0;
}

static int
word(const char *const words[], const char *text, const char **chosen)
{
	for (; *words != NULL; words++) {
		if (strcmp(*words, text) == 0) {
			*chosen = *words;
			return 0;
		}
	}
	return -EINVAL;
}

static int
apply_threads(struct explore_options *o, const char *value)
{
	return small(value, STEPS_THREADS, &o->small.threads);
}

static int
apply_adds(struct explore_options *o, const char *value)
{
	return small(value, STEPS_MAX, &o->small.adds);
}

static int
apply_steps(struct explore_options *o, const char *value)
{
	int err = small(value, 3, &o->small.steps);

	return err == 0 && o->small.steps < 2 ? -EINVAL : err;
}

static int
apply_lock(struct explore_options *o, const char *value)
{
	return word(explore_locks(), value, &o->small.lock);
}

static int
apply_fix(struct explore_options *o, const char *value)
{
	return word(o->demo->fixes, value, &o->small.fix);
}

static int
apply_switches(struct explore_options *o, const char *value)
{
	uint64_t n;

	if (number(value, 0, STEPS_MAX, &n) != 0)
		return -EINVAL;
	o->max_switches = (uint32_t)n;
	return 0;
}

static int
apply_limit(struct explore_options *o, const char *value)
{
	return number(value, 1, UINT64_MAX - 1, &o->limit);
}

static int
apply_reduce(struct explore_options *o, const char *value)
{
	(void)value;
	o->reduce = true;
	return 0;
}

static int
apply_schedule(struct explore_options *o, const char *value)
{
	o->schedule = value;
	return 0;
}

static int
apply_json(struct explore_options *o, const char *value)
{
	(void)value;
	o->json = true;
	return 0;
}

static int
apply_frames(struct explore_options *o, const char *value)
{
	(void)value;
	o->status = STDOUT_FILENO;
	return 0;
}

static int
descriptor(const char *value, int *fd)
{
	uint64_t n;

	if (number(value, 0, INT_MAX, &n) != 0 || fcntl((int)n, F_GETFD) < 0)
		return -EINVAL;
	*fd = (int)n;
	return 0;
}

static int
apply_status(struct explore_options *o, const char *value)
{
	return descriptor(value, &o->status);
}

static int
apply_control(struct explore_options *o, const char *value)
{
	return descriptor(value, &o->control);
}

static bool
has_sum(const struct explore_demo *d)
{
	return d->adds_up;
}

static bool
has_fix(const struct explore_demo *d)
{
	return d->fixes != NULL;
}

static const char *const *
locks(const struct explore_demo *d)
{
	(void)d;
	return explore_locks();
}

static const char *const *
fixes(const struct explore_demo *d)
{
	return d->fixes;
}

static const struct row rows[] = {
    {.name = "threads",
	.arg = "N",
	.help = "threads, 1 to 16",
	.allowed = "1 to 16",
	.apply = apply_threads},
    {.name = "adds",
	.arg = "N",
	.help = "adds of each thread; its rounds, its meals",
	.allowed = "1 to 128",
	.apply = apply_adds},
    {.name = "steps",
	.arg = "N",
	.help = "of an add: 2: load, store; 3: load, add, store",
	.allowed = "2 or 3",
	.apply = apply_steps,
	.had = has_sum},
    {.name = "lock",
	.arg = "KIND",
	.help = "around an add",
	.words = locks,
	.apply = apply_lock,
	.had = has_sum},
    {.name = "fix",
	.arg = "FIX",
	.help = "against deadlocks",
	.words = fixes,
	.apply = apply_fix,
	.had = has_fix},
    {.name = "max-switches",
	.arg = "N",
	.help = "only schedules with at most so many switches",
	.allowed = "0 to 128",
	.apply = apply_switches},
    {.name = "limit",
	.arg = "N",
	.help = "stop after so many schedules; 1000000, if not given",
	.allowed = "1 or more",
	.apply = apply_limit},
    {.name = "reduce",
	.help = "one schedule of those that differ only in the order of "
		"independent steps",
	.apply = apply_reduce},
    {.name = "schedule",
	.arg = "STRING",
	.help = "only this one, as a2b3a1, or with the demo before it",
	.apply = apply_schedule},
    {.name = "json", .help = "the report as JSON", .apply = apply_json},
    {.name = "frames",
	.help = "frames, for lockstep -, instead of a report",
	.apply = apply_frames},
    {.name = "status-fd",
	.arg = "N",
	.allowed = "an open descriptor",
	.apply = apply_status},
    {.name = "control-fd",
	.arg = "N",
	.allowed = "an open descriptor",
	.apply = apply_control},
};

#define NROWS ((int)(sizeof rows / sizeof rows[0]))

enum {
	OPT_ROW = 1000,
	OPT_HELP = 2000,
	OPT_LIST
};

/* "none, mutex, spin". */
static void
print_words(const char *const *words, FILE *out)
{
	for (size_t i = 0; words[i] != NULL; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", words[i]);
}

/* Of a demo, the words of the options that have some. */
static void
print_demo(const struct explore_demo *d)
{
	printf("  %-22s %s\n", d->name, d->title);
	for (int i = 0; i < NROWS; i++) {
		if (rows[i].words == NULL || !rows[i].had(d))
			continue;
		printf("  %-22s --%s ", "", rows[i].name);
		print_words(rows[i].words(d), stdout);
		putchar('\n');
	}
}

static void
print_help(void)
{
	puts("usage: lockstep explore DEMO [OPTION]...\n"
	     "\n"
	     "Runs the small form of a demo under every schedule, with real "
	     "threads.\n");
	for (size_t i = 0; explore_demos[i] != NULL; i++)
		print_demo(explore_demos[i]);
	putchar('\n');
	for (int i = 0; i < NROWS; i++) {
		char left[40];

		if (rows[i].help == NULL)
			continue;
		snprintf(left, sizeof left, "--%s%s%s", rows[i].name,
		    rows[i].arg != NULL ? " " : "",
		    rows[i].arg != NULL ? rows[i].arg : "");
		printf("  %-22s %s\n", left, rows[i].help);
	}
}

static void
print_list(void)
{
	for (size_t i = 0; explore_demos[i] != NULL; i++)
		printf("%-18s %s\n", explore_demos[i]->name,
		    explore_demos[i]->title);
}

/* A kind of lock that there is, but not here: why. */
static const char *
refusal(const struct row *row, const char *value)
{
	return row->apply == apply_lock && lock_find(value) >= 0
	    ? explore_lock_refusal(value)
	    : NULL;
}

static int
mistake(
    const struct explore_options *o, const struct row *row, const char *value)
{
	fprintf(stderr, "lockstep: --%s %s: ", row->name, value);
	if (refusal(row, value) != NULL) {
		fprintf(
		    stderr, "it cannot be explored: %s\n", refusal(row, value));
		return -1;
	}
	if (row->words != NULL) {
		fputs("one of ", stderr);
		print_words(row->words(o->demo), stderr);
	} else {
		fputs(row->allowed, stderr);
	}
	fputs(" is wanted\n", stderr);
	return -1;
}

static int
apply(struct explore_options *o, int i, const char *value)
{
	if (rows[i].had != NULL && !rows[i].had(o->demo)) {
		fprintf(stderr, "lockstep: --%s: demo %s has none\n",
		    rows[i].name, o->demo->name);
		return -1;
	}
	o->given |= 1U << i;
	return rows[i].apply(o, value) == 0 ? 0 : mistake(o, &rows[i], value);
}

static bool
same(const struct explore_small *a, const struct explore_small *b)
{
	return a->threads == b->threads && a->adds == b->adds &&
	    a->steps == b->steps && strcmp(a->lock, b->lock) == 0 &&
	    strcmp(a->fix, b->fix) == 0;
}

int
explore_options_set(
    struct explore_options *o, const char *name, const char *value)
{
	struct explore_small before = o->small;
	int i = 0;

	while (strcmp(rows[i].name, name) != 0)
		i++;

	bool given = (o->given >> i & 1) != 0;

	if (apply(o, i, value) != 0)
		return -1;
	if (!given || same(&before, &o->small))
		return 0;
	fprintf(stderr,
	    "lockstep: --%s: the schedule says %s=%s: choose one of them\n",
	    name, name, value);
	return -1;
}

static int
bad_option(int opt, const char *name)
{
	fprintf(stderr,
	    opt == ':' ? "lockstep: explore: %s: a value is wanted\n"
		       : "lockstep: explore: %s: no such option, or not "
			 "clear which; see explore --help\n",
	    name);
	return -1;
}

/* As params.c does: the demo is looked for first. */
static int
options(struct explore_options *o, int argc, char *argv[], bool apply_them)
{
	struct option longs[NROWS + 3];
	int opt;

	for (int i = 0; i < NROWS; i++)
		longs[i] = (struct option){rows[i].name,
		    rows[i].arg != NULL ? required_argument : no_argument, NULL,
		    OPT_ROW + i};
	longs[NROWS] = (struct option){"help", no_argument, NULL, OPT_HELP};
	longs[NROWS + 1] = (struct option){"list", no_argument, NULL, OPT_LIST};
	longs[NROWS + 2] = (struct option){0};
	optind = 0;
	while ((opt = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (opt == 'h' || opt == OPT_HELP) {
			print_help();
			return 1;
		}
		if (opt == OPT_LIST) {
			print_list();
			return 1;
		}
		if (opt == '?' || opt == ':')
			return bad_option(opt, argv[optind - 1]);
		if (apply_them && apply(o, opt - OPT_ROW, optarg) != 0)
			return -1;
	}
	return 0;
}

static int
find_demo(struct explore_options *o, char *const operands[])
{
	if (operands[0] == NULL) {
		fputs("lockstep: explore: a DEMO is wanted; see explore "
		      "--help\n",
		    stderr);
		return -1;
	}
	for (size_t i = 0; explore_demos[i] != NULL; i++)
		if (strcmp(explore_demos[i]->name, operands[0]) == 0)
			o->demo = explore_demos[i];
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
check(const struct explore_options *o)
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
	*o = (struct explore_options){
	    .max_switches = EXPLORE_ANY, .status = -1, .control = -1};
	int said = options(o, argc, argv, false);

	if (said != 0)
		return said;
	if (find_demo(o, argv + optind) != 0)
		return -1;
	o->small = (struct explore_small){.threads = o->demo->threads,
	    .adds = 1,
	    .steps = DEFAULT_STEPS,
	    .lock = "none",
	    .fix = "none"};
	if (options(o, argc, argv, true) != 0 ||
	    (o->schedule != NULL && explore_string_apply(o) != 0) ||
	    check(o) != 0)
		return -1;
	if (o->limit == 0)
		o->limit = DEFAULT_LIMIT;
	return 0;
}
