/* params: the engine's options, each a row of one table. */
#include "params.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep.h"
#include "sum.h"
#include "util.h"

#define SPEED_LEAST    0.001
#define SPEED_MOST     1000.0
#define LONGEST_WINDOW (10 * NSEC_PER_SEC)
#define WORK_TO_WINDOW 25 /* --task-work is so many windows */

struct option_row {
	const char *name;
	int letter;          /* 0: none */
	const char *arg;     /* what the help calls the value */
	const char *help;    /* NULL: not for people */
	const char *allowed; /* for the line about a mistake */
	int (*apply)(struct params *, const char *value);
	const char *demo;    /* the only one that has it; NULL: all */
	const char *instead; /* value if none is given; NULL: one is needed */
};

/* A whole number; 0 or -EINVAL. */
static int
whole(const char *text, long long min, long long max, long long *value)
{
	const char *why;

	*value = strtonum(text, min, max, &why);
	return why == NULL && text[0] >= '0' && text[0] <= '9' ? 0 : -EINVAL;
}

static int
apply_processes(struct params *p, const char *text)
{
	long long v;
	int err = whole(text, 1, PARAMS_MAX_PROCESSES, &v);

	p->processes = (unsigned)v;
	return err;
}

static int
apply_threads(struct params *p, const char *text)
{
	long long v;
	int err = whole(text, 1, PARAMS_MAX_THREADS, &v);

	p->threads = (unsigned)v;
	return err;
}

static int
apply_items(struct params *p, const char *text)
{
	return items_parse(&p->items, text);
}

static int
apply_item_work(struct params *p, const char *text)
{
	return work_parse(&p->item_work, text);
}

static int
apply_task_work(struct params *p, const char *text)
{
	p->work_given = true;
	return work_parse(&p->task_work, text);
}

static int
apply_lock(struct params *p, const char *text)
{
	int kind = lock_find(text);

	if (kind < 0)
		return -EINVAL;
	p->lock = (unsigned)kind;
	return 0;
}

static int
apply_sum(struct params *p, const char *text)
{
	if (strcmp(text, "shared") == 0)
		p->sum_mode = SUM_SHARED;
	else if (strcmp(text, "private") == 0)
		p->sum_mode = SUM_PRIVATE;
	else
		return -EINVAL;
	return 0;
}

static int
apply_window(struct params *p, const char *text)
{
	int err = parse_time(text, &p->window);

	p->window_given = true;
	return err == 0 && p->window > LONGEST_WINDOW ? -ERANGE : err;
}

static int
apply_speed(struct params *p, const char *text)
{
	char *end;

	if (text[0] < '0' || text[0] > '9' || text[1] == 'x')
		return -EINVAL;
	double v = strtod(text, &end);
	if (strcmp(end, "") != 0 && strcmp(end, "x") != 0)
		return -EINVAL;
	if (!(v >= SPEED_LEAST && v <= SPEED_MOST))
		return -ERANGE;
	p->speed = (uint32_t)(v * SPEED_ONE + 0.5);
	return 0;
}

static int
apply_duration(struct params *p, const char *text)
{
	int err = parse_time(text, &p->duration);

	return err == 0 && p->duration == 0 ? -ERANGE : err;
}

static int
apply_adds(struct params *p, const char *text)
{
	long long v;
	int err = whole(text, 1, PARAMS_MAX_ADDS, &v);

	p->adds = (uint64_t)v;
	return err;
}

/* "10000,20000,30000" */
static int
apply_limits(struct params *p, const char *text)
{
	char copy[256], *rest = copy;

	if (strlcpy(copy, text, sizeof copy) >= sizeof copy)
		return -ERANGE;
	for (p->nlimits = 0; rest != NULL; p->nlimits++) {
		long long v;

		if (p->nlimits == PARAMS_MAX_LIMITS ||
		    whole(strsep(&rest, ","), 2, 100000000, &v) != 0)
			return -EINVAL;
		p->limits[p->nlimits] = (uint64_t)v;
	}
	return 0;
}

static int
apply_gil(struct params *p, const char *text)
{
	int err = parse_time(text, &p->gil);

	if (err == 0 && (p->gil < NSEC_PER_USEC || p->gil > 10 * NSEC_PER_SEC))
		err = -ERANGE;
	return err;
}

static int
apply_compared(struct params *p, const char *text)
{
	static const char *const names[] = {
	    [COMPARE_IO] = "io",
	    [COMPARE_CPU] = "cpu",
	    [COMPARE_MIXED] = "mixed",
	};

	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(text, names[i]) != 0)
			continue;
		p->compare_work = i;
		return 0;
	}
	return -EINVAL;
}

static int
apply_max_pages(struct params *p, const char *text)
{
	long long v;
	int err = whole(text, 1, 10000, &v);

	p->max_pages = (unsigned)v;
	return err;
}

static int
apply_max_size(struct params *p, const char *text)
{
	long long v;
	int err = whole(text, 1, 1LL << 30, &v);

	p->max_size = (uint64_t)v;
	return err;
}

static int
apply_timeout(struct params *p, const char *text)
{
	int err = parse_time(text, &p->timeout);

	if (err == 0 &&
	    (p->timeout < NSEC_PER_MSEC || p->timeout > 3600 * NSEC_PER_SEC))
		err = -ERANGE;
	return err;
}

static int
apply_status(struct params *p, const char *text)
{
	p->quiet = strcmp(text, "off") == 0;
	return p->quiet || strcmp(text, "on") == 0 ? 0 : -EINVAL;
}

static int
apply_status_fd(struct params *p, const char *text)
{
	long long v;
	int err = whole(text, 0, 1 << 20, &v);

	p->status_fd = (int)v;
	return err;
}

static int
apply_control_fd(struct params *p, const char *text)
{
	long long v;
	int err = whole(text, 0, 1 << 20, &v);

	p->control_fd = (int)v;
	return err;
}

static const char works[] = "none, sleep:TIME or spin:TIME";

static const struct option_row rows[] = {
    {"processes", 'p', "N", "worker processes", "a number from 1 to 512",
	apply_processes},
    {"threads", 't', "N", "pool threads in each", "a number from 1 to 4096",
	apply_threads},
    {"items", 'i', "SPEC", "items: 1-5  3,7,9  10x100000  1-5x8",
	"a list of N, N-M, NxTIMES or N-MxTIMES, N from 1 to 10000",
	apply_items},
    {"item-work", 0, "W", "work of an item: none, sleep:500ms, spin:20us",
	works, apply_item_work},
    {"task-work", 0, "W", "work of a task, likewise", works, apply_task_work},
    {"lock", 'l', "KIND", "lock around sum = sum + n: none, mutex, spin, ...",
	NULL, apply_lock},
    {"sum", 0, "MODE", "shared: one for all; private: one per process",
	"shared or private", apply_sum},
    {"window", 'w', "TIME", "between load and store of an add [task-work / 25]",
	"a time from 0 to 10s, such as 20us or 5ms", apply_window},
    {"speed", 's', "X", "sleeps X times as fast", "a number from 0.001 to 1000",
	apply_speed},
    {"duration", 'd', "TIME", "cycle the items for so long, then drain",
	"a time above 0, such as 30s", apply_duration},
    {"adds", 0, "N", "how often a task of race adds",
	"a number from 1 to 1000000000", apply_adds},
    {"gil", 0, "TIME", "an interpreter lock per process, as CPython's [5ms]",
	"a switch interval from 1us to 10s, such as 5ms", apply_gil, NULL,
	"5ms"},
    {"limits", 0, "LIST", "primes: count those up to each of these",
	"up to 16 numbers from 2 to 100000000, such as 10000,20000",
	apply_limits, "primes", NULL},
    {"work", 0, "KIND", "compare: io, cpu or mixed", "io, cpu or mixed",
	apply_compared, "compare", NULL},
    {"max-pages", 0, "N", "download: never more pages than this",
	"a number from 1 to 10000", apply_max_pages, "download", NULL},
    {"max-size", 0, "BYTES", "download: nor larger ones",
	"a number from 1 to 1073741824", apply_max_size, "download", NULL},
    {"timeout", 0, "TIME", "download: nor longer for one",
	"a time from 1ms to 3600s", apply_timeout, "download", NULL},
    {"status", 0, "on|off", NULL, "on or off", apply_status},
    {"status-fd", 0, "FD", NULL, "a descriptor", apply_status_fd},
    {"control-fd", 0, "FD", NULL, "a descriptor", apply_control_fd},
};

#define NROWS (sizeof rows / sizeof rows[0])

enum {
	OPT_ROW = 1000,
	OPT_HELP = 2000,
	OPT_LIST
};

static void
print_help(void)
{
	for (size_t i = 0; i < NROWS; i++) {
		char left[40], letter[8] = "    ";

		if (rows[i].help == NULL)
			continue;
		if (rows[i].letter != 0)
			snprintf(
			    letter, sizeof letter, "-%c, ", rows[i].letter);
		snprintf(left, sizeof left,
		    rows[i].instead != NULL ? "%s--%s[=%s]" : "%s--%s %s",
		    letter, rows[i].name, rows[i].arg);
		printf("  %-24s %s\n", left, rows[i].help);
	}
}

static void
print_list(void)
{
	for (size_t i = 0; demos[i] != NULL; i++)
		printf("%-10s %s\n", demos[i]->name, demos[i]->title);
}

static const struct demo *
find_demo(const char *name)
{
	for (size_t i = 0; demos[i] != NULL; i++)
		if (strcmp(demos[i]->name, name) == 0)
			return demos[i];
	return NULL;
}

/* "none, mutex, spin": what --lock takes. */
static void
print_locks(FILE *out)
{
	for (unsigned i = 0; i < lock_nkinds; i++)
		fprintf(
		    out, "%s%s", i == 0 ? "one of " : ", ", lock_kinds[i].name);
}

static int
mistake(const struct option_row *row, const char *value)
{
	fprintf(stderr, "lockstep: --%s %s: ", row->name, value);
	if (row->allowed != NULL)
		fputs(row->allowed, stderr);
	else
		print_locks(stderr);
	fputs(" is wanted\n", stderr);
	return -1;
}

static int
apply(struct params *p, size_t row, const char *value)
{
	const struct option_row *r = &rows[row];

	if (r->demo != NULL && strcmp(r->demo, p->demo->name) != 0) {
		fprintf(stderr, "lockstep: --%s: demo %s has it, %s has not\n",
		    r->name, r->demo, p->demo->name);
		return -1;
	}
	if (value == NULL)
		value = r->instead;
	return r->apply(p, value) == 0 ? 0 : mistake(r, value);
}

/* A demo's own defaults are rows of the same table. */
static void
apply_default(struct params *p, const char *name, const char *value)
{
	for (size_t i = 0; i < NROWS && value != NULL; i++)
		if (strcmp(rows[i].name, name) == 0 &&
		    rows[i].apply(p, value) != 0)
			fatal("demo %s: --%s %s", p->demo->name, name, value);
}

static void
defaults(struct params *p)
{
	const struct demo *d = p->demo;

	p->processes = d->processes;
	p->threads = d->threads;
	p->adds = d->adds;
	p->speed = SPEED_ONE;
	p->max_pages = 20;
	p->max_size = 8 << 20;
	p->timeout = 10 * NSEC_PER_SEC;
	p->compare_work = COMPARE_MIXED;
	apply_default(p, "limits", d->limits);
	apply_default(p, "items", d->items);
	apply_default(p, "item-work", d->item_work);
	apply_default(p, "task-work", d->task_work);
	apply_default(p, "lock", d->lock);
	apply_default(p, "sum", d->sum);
	apply_default(p, "window", d->window);
	p->window_given = p->work_given = false;
}

static void
fill_options(struct option *longs, char *letters)
{
	size_t i;

	*letters++ = ':'; /* getopt is to say nothing itself */
	for (i = 0; i < NROWS; i++) {
		longs[i] = (struct option){rows[i].name,
		    rows[i].instead != NULL ? optional_argument
					    : required_argument,
		    NULL, OPT_ROW + (int)i};
		if (rows[i].letter == 0)
			continue;
		*letters++ = (char)rows[i].letter;
		*letters++ = ':';
	}
	*letters = '\0';
	longs[i++] = (struct option){"help", no_argument, NULL, OPT_HELP};
	longs[i++] = (struct option){"list", no_argument, NULL, OPT_LIST};
	longs[i] = (struct option){0};
}

static size_t
row_of(int opt)
{
	if (opt >= OPT_ROW)
		return (size_t)(opt - OPT_ROW);
	for (size_t i = 0; i < NROWS; i++)
		if (rows[i].letter == opt)
			return i;
	return NROWS;
}

static int
bad_option(int opt, char *argv[])
{
	char letter[] = {'-', (char)optopt, '\0'};
	/* In a cluster of letters, optind is not behind the bad one yet. */
	const char *name = opt == '?' && optopt > 0 && optopt < OPT_ROW
	    ? letter
	    : argv[optind - 1];

	fprintf(stderr,
	    opt == ':'
		? "lockstep: %s: a value is wanted\n"
		: "lockstep: %s: no such option, or not clear which; see "
		  "--help\n",
	    name);
	return -1;
}

/*
 * One pass over the options. The first pass finds the demo (and --help), since
 * its defaults come before the options; the second applies them.
 */
static int
options(struct params *p, int argc, char *argv[], bool apply_them)
{
	struct option longs[NROWS + 3];
	char letters[2 * NROWS + 2];
	int opt;

	fill_options(longs, letters);
	optind = 0;
	while ((opt = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (opt == '?' || opt == ':')
			return bad_option(opt, argv);
		if (opt == OPT_HELP || opt == OPT_LIST) {
			opt == OPT_HELP ? print_help() : print_list();
			return 1;
		}
		if (apply_them && apply(p, row_of(opt), optarg) != 0)
			return -1;
	}
	return 0;
}

static int
check_product(const struct params *p)
{
	if (p->processes * p->threads <= PARAMS_MAX_PRODUCT)
		return 0;
	fprintf(stderr,
	    "lockstep: --processes %u --threads %u: at most %d threads in "
	    "all are wanted\n",
	    p->processes, p->threads, PARAMS_MAX_PRODUCT);
	return -1;
}

static int
check_operands(const struct params *p)
{
	const struct demo *d = p->demo;

	if (d->operands == NULL && p->noperands > 0) {
		fprintf(stderr, "lockstep: %s: demo %s takes no operands\n",
		    p->operands[0], d->name);
		return -1;
	}
	if (d->operands_needed && p->noperands == 0) {
		fprintf(stderr, "lockstep: demo %s: a %s is wanted\n", d->name,
		    d->operands);
		return -1;
	}
	if (p->items.nruns > 0 && (d->source != NULL || d->main != NULL)) {
		fprintf(stderr,
		    "lockstep: --items: demo %s takes none from there\n",
		    d->name);
		return -1;
	}
	return 0;
}

/* Status frames are no text: not onto somebody's screen. */
static int
check_descriptors(const struct params *p)
{
	if (p->status_fd < 0 || !isatty(p->status_fd))
		return 0;
	fputs("lockstep-engine: writes frames, not text: pipe it into "
	      "`lockstep -`\n",
	    stderr);
	return -1;
}

/* A demo's window fits the demo's work: other work has its own. */
static void
fit_window(struct params *p)
{
	if (p->work_given && !p->window_given)
		p->window = p->task_work.kind == WORK_NONE
		    ? 0
		    : p->task_work.ns / WORK_TO_WINDOW;
	if (p->window > LONGEST_WINDOW)
		p->window = LONGEST_WINDOW;
}

int
params_parse(struct params *p, int argc, char *argv[])
{
	*p = (struct params){
	    .demo = demos[0], .status_fd = STDOUT_FILENO, .control_fd = -1};
	int said = options(p, argc, argv, false);

	if (said != 0)
		return said;
	if (optind < argc) {
		p->demo = find_demo(argv[optind]);
		if (p->demo == NULL) {
			fprintf(stderr,
			    "lockstep: %s: no such demo; --list names them\n",
			    argv[optind]);
			return -1;
		}
		p->operands = argv + optind + 1;
		p->noperands = (unsigned)(argc - optind - 1);
	}
	defaults(p);
	if (options(p, argc, argv, true) != 0 || check_product(p) != 0 ||
	    check_operands(p) != 0)
		return -1;
	fit_window(p);
	return check_descriptors(p);
}
