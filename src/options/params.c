/* params: the command line into struct params_priv. */
#include "options/params_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cmdline.h"
#include "base/util_priv.h"
#include "lockstep/demo.h"
#include "lockstep/frame.h"
#include "lockstep/util.h"
#include "options/option_table.h"
#include "options/schedule_string.h"
#include "schedule/schedule.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

#define WORK_TO_WINDOW 25 /* --task-work is so many windows */

/* Options beside the rows, in the place behind them. */
enum {
	BESIDE_HELP,
	BESIDE_LIST,
	BESIDE
};

static void
params_print_help(void)
{
	for (size_t i = 0; i < nrows; i++) {
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

static const struct demo *
params_find_demo(const struct params_priv *p, const char *name)
{
	for (size_t i = 0; p->demos[i] != NULL; i++)
		if (strcmp(p->demos[i]->name, name) == 0)
			return p->demos[i];
	return NULL;
}

/* "none, mutex, spin": what --lock takes. */
static void
params_print_locks(FILE *out)
{
	for (unsigned i = 0; i < lock_nkinds; i++)
		fprintf(
		    out, "%s%s", i == 0 ? "one of " : ", ", lock_kinds[i].name);
}

/* "none, order": what --fix takes. */
static void
params_print_fixes(FILE *out, const char *const *fixes)
{
	for (size_t i = 0; fixes[i] != NULL; i++)
		fprintf(out, "%s%s", i == 0 ? "one of " : ", ", fixes[i]);
}

static int
params_mistake(const struct params_priv *p, const struct option_row *row,
    const char *value)
{
	fprintf(stderr, "lockstep: --%s %s: ", row->name, value);
	if (row->allowed != NULL)
		fputs(row->allowed, stderr);
	else if (row->demo != NULL)
		params_print_fixes(stderr, p->params.demo->fixes);
	else
		params_print_locks(stderr);
	fputs(" is wanted\n", stderr);
	return -1;
}

/* One of the words of a list, "deadlock philosophers"? */
static bool
params_is_among(const char *word, const char *list)
{
	size_t len = strlen(word);

	for (; list != NULL; list = strchr(list, ' ')) {
		list += *list == ' ';
		if (strncmp(list, word, len) == 0 &&
		    (list[len] == ' ' || list[len] == '\0'))
			return true;
	}
	return false;
}

/* "demo race has it", "demos deadlock and philosophers have it". */
static void
params_print_demos(FILE *out, const char *list)
{
	const char *second = strchr(list, ' ');

	if (second == NULL)
		fprintf(out, "demo %s has it", list);
	else
		fprintf(out, "demos %.*s and %s have it", (int)(second - list),
		    list, second + 1);
}

static int
params_apply(struct params_priv *p, size_t row, const char *value)
{
	const struct option_row *r = &rows[row];

	if (r->demo != NULL &&
	    !params_is_among(p->params.demo->name, r->demo)) {
		fprintf(stderr, "lockstep: --%s: ", r->name);
		params_print_demos(stderr, r->demo);
		fprintf(stderr, ", %s has not\n", p->params.demo->name);
		return -1;
	}
	if (value == NULL)
		value = r->instead;
	return r->apply(p, value) == 0 ? 0 : params_mistake(p, r, value);
}

/* A demo's own defaults are rows of the same table. */
static void
params_apply_default(struct params_priv *p, const char *name, const char *value)
{
	for (size_t i = 0; i < nrows && value != NULL; i++)
		if (strcmp(rows[i].name, name) == 0 &&
		    rows[i].apply(p, value) != 0)
			fatal("demo %s: --%s %s", p->params.demo->name, name,
			    value);
}

static void
params_defaults(struct params_priv *p)
{
	const struct demo *d = p->params.demo;

	p->params.processes = d->processes;
	p->params.threads = d->threads;
	p->params.adds = d->adds;
	p->params.speed = SPEED_ONE;
	p->params.max_pages = 20;
	p->params.max_size = 8 << 20;
	p->params.timeout = 10 * NSEC_PER_SEC;
	p->params.compare_work = COMPARE_MIXED;
	p->seed = 1;
	p->params.fix = d->fixes != NULL ? d->fixes[0] : NULL;
	params_apply_default(p, "limits", d->limits);
	params_apply_default(p, "items", d->items);
	params_apply_default(p, "item-work", d->item_work);
	params_apply_default(p, "task-work", d->task_work);
	params_apply_default(p, "lock", d->lock);
	params_apply_default(p, "sum", d->sum);
	params_apply_default(p, "window", d->window);
	p->window_given = p->work_given = false;
}

/* The same run, however it was asked for. */
static bool
params_same(const struct params_priv *a, const struct params_priv *b)
{
	struct params_priv x = *a, y = *b;

	memcpy(y.texts, x.texts, sizeof y.texts);
	y.window_given = x.window_given;
	y.work_given = x.work_given;
	return memcmp(&x, &y, sizeof x) == 0;
}

/* Apply it, and keep its text if a schedule needs it. */
static int
params_apply_kept(struct params_priv *p, size_t row, const char *value)
{
	struct params_priv base = {
	    .params.demo = p->params.demo, .demos = p->demos};

	if (params_apply(p, row, value) != 0)
		return -1;
	params_defaults(&base);
	struct params_priv other = base;
	rows[row].apply(&other, value == NULL ? rows[row].instead : value);
	p->texts[row] =
	    rows[row].aside || params_same(&base, &other) ? NULL : value;
	return 0;
}

/* Beside a schedule it must not say otherwise. */
static int
params_apply_given(struct params_priv *p, size_t row, const char *value)
{
	struct params_priv before = *p;

	if (params_apply_kept(p, row, value) != 0)
		return -1;
	if (p->schedule == NULL || p->steps_only || rows[row].aside ||
	    params_same(&before, p))
		return 0;
	fprintf(stderr, "lockstep: --%s %s: the schedule is of a run with %s\n",
	    rows[row].name, value,
	    before.texts[row] != NULL ? before.texts[row] : "another");
	return -1;
}

static int
params_bad_schedule(const struct params_priv *p, const char *why)
{
	size_t most = 60, len = strlen(p->repeat);

	fprintf(stderr, "lockstep: --schedule %.*s%s: %s\n", (int)most,
	    p->repeat, len > most ? "..." : "", why);
	return -1;
}

/* What the schedule says of the run. */
static int
params_apply_schedule(struct params_priv *p, char *list)
{
	char *name, *value, why[160];

	while (schedule_string_option(&list, &name, &value)) {
		size_t row = 0;

		while (row < nrows && strcmp(rows[row].name, name) != 0)
			row++;
		if (row == nrows || rows[row].aside) {
			snprintf(why, sizeof why,
			    "it has an option '%.40s', which is not known",
			    name);
			return params_bad_schedule(p, why);
		}
		if (params_apply_kept(p, row, value) != 0)
			return -1;
	}
	if (*name == '\0')
		return 0;
	snprintf(why, sizeof why, "'%.40s': OPTION=VALUE is wanted", name);
	return params_bad_schedule(p, why);
}

/* The demo that the schedule is of, and the rest of it. */
static int
params_read_schedule(
    struct params_priv *p, const char *demo, struct schedule_string *parts)
{
	struct schedule runs = {0};
	char why[160],
	    *text = schedule_string_read(p->repeat, demo, why, sizeof why);

	p->steps_only = schedule_string_is_bare(p->repeat);
	if (text == NULL)
		return params_bad_schedule(p, why);
	p->schedule_text = text;
	if (schedule_string_split(parts, text) != 0)
		return params_bad_schedule(
		    p, "DEMO,OPTION=VALUE,...:STEPS is wanted");
	int err = schedule_parse(&runs, parts->steps, why, sizeof why);
	schedule_free(&runs);
	if (err != 0)
		return params_bad_schedule(p, why);
	p->params.demo = params_find_demo(p, parts->demo);
	if (p->params.demo == NULL)
		return params_bad_schedule(
		    p, "no such demo; --list names them");
	if (demo != NULL && strcmp(demo, parts->demo) != 0) {
		snprintf(why, sizeof why, "it is of demo %.40s, not of %.40s",
		    parts->demo, demo);
		return params_bad_schedule(p, why);
	}
	p->schedule = parts->steps;
	return 0;
}

/* Who goes: what was asked for must fit together, and the demo. */
static int
params_check_stepping(struct params_priv *p)
{
	bool draws =
	    p->chooser == SCHEDULER_RANDOM || p->chooser == SCHEDULER_PCT;
	const char *why = NULL, *reason = NULL;

	if (p->schedule != NULL && (p->chooser != 0 || p->seed_given))
		return params_bad_schedule(
		    p, "it says who goes: no --scheduler or --seed besides");
	if (p->seed_given && !draws)
		why = "--seed: --scheduler random or pct is wanted besides";
	if (p->step) /* with a schedule: at its start, to be stepped along it */
		p->scheduler = SCHEDULER_HAND;
	else if (p->schedule != NULL)
		p->scheduler = SCHEDULER_GIVEN;
	else
		p->scheduler = p->chooser;
	if (why == NULL && p->scheduler != SCHEDULER_NONE)
		why = schedule_string_obstacle(p);
	if (why == NULL && p->step && p->unwatched) {
		why = "--step: nobody is there to choose who goes";
		reason = p->unwatched_why;
	}
	if (why != NULL)
		fprintf(stderr, "lockstep: demo %s: %s%s%s\n",
		    p->params.demo->name, why, reason != NULL ? ": " : "",
		    reason != NULL ? reason : "");
	return why != NULL ? -1 : 0;
}

static void
params_fill_options(struct cmdline_option *table)
{
	for (size_t i = 0; i < nrows; i++)
		table[i] = (struct cmdline_option){.name = rows[i].name,
		    .letter = (char)rows[i].letter,
		    .value = rows[i].instead != NULL ? CMDLINE_OPTIONAL
						     : CMDLINE_NEEDED,
		    .hidden = rows[i].help == NULL};
	table[nrows + BESIDE_HELP] =
	    (struct cmdline_option){.name = "help", .letter = 'h'};
	table[nrows + BESIDE_LIST] = (struct cmdline_option){.name = "list"};
}

static int
params_bad_option(const struct cmdline *c)
{
	char why[256];

	cmdline_complaint(c, why, sizeof why);
	fprintf(stderr, "lockstep: %s; see --help\n", why);
	return -1;
}

struct reading {
	struct params_priv *p;
	bool apply_them;
};

/* As params_parse(). */
static int
params_take_option(void *arg, const struct cmdline *c)
{
	const struct reading *r = arg;

	if (c->kind != CMDLINE_OPTION)
		return params_bad_option(c);

	size_t i = (size_t)(c->option - c->options);

	if (i >= nrows) {
		if (i != nrows + BESIDE_HELP)
			return PARAMS_LIST;
		params_print_help();
		return PARAMS_ANSWERED;
	}
	if (r->apply_them)
		return params_apply_given(r->p, i, c->value);
	if (strcmp(rows[i].name, "schedule") == 0)
		r->p->repeat = c->value;
	return 0;
}

/*
 * One pass over the options. The first pass finds the demo (and --help), since
 * its defaults come before the options; the second applies them. `operands` is
 * where they stand then, in argv.
 */
static int
params_options(
    struct params_priv *p, char *argv[], bool apply_them, char ***operands)
{
	struct cmdline_option table[ROWS_MAX + BESIDE];

	params_fill_options(table);
	return cmdline_read(table, nrows + BESIDE, argv, params_take_option,
	    &(struct reading){p, apply_them}, operands);
}

static int
params_check_product(const struct params_priv *p)
{
	if (p->params.processes * p->params.threads <= PARAMS_MAX_PRODUCT)
		return 0;
	fprintf(stderr,
	    "lockstep: --processes %u --threads %u: at most %d threads in "
	    "all are wanted\n",
	    p->params.processes, p->params.threads, PARAMS_MAX_PRODUCT);
	return -1;
}

static int
params_check_operands(const struct params_priv *p)
{
	const struct demo *d = p->params.demo;

	if (d->operands == NULL && p->params.noperands > 0) {
		fprintf(stderr, "lockstep: %s: demo %s takes no operands\n",
		    p->params.operands[0], d->name);
		return -1;
	}
	if (d->operands_needed && p->params.noperands == 0) {
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
	if (p->duration > 0 && d->main != NULL) {
		fprintf(stderr,
		    "lockstep: --duration: demo %s ends when it is done\n",
		    d->name);
		return -1;
	}
	return 0;
}

/* Status frames are no text: not onto somebody's screen. */
static int
params_check_descriptors(const struct params_priv *p)
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
params_fit_window(struct params_priv *p)
{
	if (p->work_given && !p->window_given)
		p->window = p->params.task_work.kind == WORK_NONE
		    ? 0
		    : p->params.task_work.ns / WORK_TO_WINDOW;
	if (p->window > LONGEST_WINDOW)
		p->window = LONGEST_WINDOW;
}

void
params_free(struct params_priv *p)
{
	free(p->schedule_text);
	p->schedule_text = p->schedule = NULL;
}

int
params_parse(
    struct params_priv *p, const struct demo *const table[], char *argv[])
{
	char **operands;

	*p = (struct params_priv){.params.demo = table[0],
	    .demos = table,
	    .status_fd = STDOUT_FILENO,
	    .control_fd = -1};
	int said = params_options(p, argv, false, &operands);

	if (said != 0)
		return said;
	struct schedule_string parts = {0};
	if (p->repeat != NULL &&
	    params_read_schedule(p, operands[0], &parts) != 0)
		return -1;
	if (operands[0] != NULL) {
		p->params.demo = params_find_demo(p, operands[0]);
		if (p->params.demo == NULL) {
			fprintf(stderr,
			    "lockstep: %s: no such demo; --list names them\n",
			    operands[0]);
			return -1;
		}
		p->params.operands = operands + 1;
		while (p->params.operands[p->params.noperands] != NULL)
			p->params.noperands++;
	}
	params_defaults(p);
	if (p->schedule != NULL && params_apply_schedule(p, parts.options) != 0)
		return -1;
	if (params_options(p, argv, true, &operands) != 0 ||
	    params_check_product(p) != 0 || params_check_operands(p) != 0)
		return -1;
	params_fit_window(p);
	if (params_check_stepping(p) != 0)
		return -1;
	return params_check_descriptors(p);
}
