/* params: the command line into struct params_priv. */
#include "options/params_priv.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/util_priv.h"
#include "lockstep/demo.h"
#include "lockstep/frame.h"
#include "lockstep/util.h"
#include "options/option_table.h"
#include "options/schedule_string.h"
#include "schedule/schedule.h"
#include "slot/gate.h"

#define WORK_TO_WINDOW 25 /* windows of a --task-work */

static const struct demo *
params_find_demo(const struct params_priv *p, const char *name)
{
	for (size_t i = 0; p->demos[i] != NULL; i++)
		if (strcmp(p->demos[i]->name, name) == 0)
			return p->demos[i];
	return NULL;
}

/* A demo's own defaults are rows of the same table. */
static void
params_apply_default(struct params_priv *p, const char *name, const char *value)
{
	const struct option_row *row = option_find(&run_options, name);

	if (value != NULL && row->apply(row, p, value) != 0)
		fatal("demo %s: --%s %s", p->params.demo->name, name, value);
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
}

/* Apply it, and keep its text if it is not the default. */
static int
params_apply(const struct option_set *set, void *target,
    const struct option_row *row, const char *value)
{
	struct params_priv *p = target;
	struct params_priv base = {.params.demo = p->params.demo};

	if (option_apply(set, p, row, value) != 0)
		return -1;
	params_defaults(&base);
	p->given |= option_bit(set, row);
	p->texts[row - set->rows] = option_same(row, &base, p) ? NULL : value;
	return 0;
}

static bool
params_given(const struct params_priv *p, const char *name)
{
	return (p->given &
		   option_bit(&run_options, option_find(&run_options, name))) !=
	    0;
}

/* Beside a schedule it must not say otherwise. */
static int
params_apply_given(const struct option_set *set, void *target,
    const struct option_row *row, const char *value)
{
	struct params_priv *p = target, before = *p;

	if (params_apply(set, p, row, value) != 0)
		return -1;
	return p->schedule == NULL || p->string.bare || row->unscheduled
	    ? 0
	    : schedule_string_agrees(row, &before, p, value);
}

/* The demo that the schedule is of, and the rest of it. */
static int
params_read_schedule(struct params_priv *p, const char *demo)
{
	struct schedule_string *string = &p->string;
	struct schedule runs = {0};
	char why[160];

	if (schedule_string_open(string, p->repeat, demo) != 0)
		return -1;
	int err = schedule_parse(&runs, string->steps, why, sizeof why);
	schedule_free(&runs);
	if (err != 0)
		return schedule_string_refuse(string, why);
	p->params.demo = params_find_demo(p, string->demo);
	if (p->params.demo == NULL)
		return schedule_string_refuse(
		    string, "no such demo; --list names them");
	p->schedule = string->steps;
	return 0;
}

/* Who chooses the steps: the options must fit each other, and the demo. */
static int
params_check_stepping(struct params_priv *p)
{
	bool draws =
	    p->chooser == SCHEDULER_RANDOM || p->chooser == SCHEDULER_PCT;
	const char *why = NULL, *reason = NULL;

	if (p->schedule != NULL && (p->chooser != 0 || params_given(p, "seed")))
		return schedule_string_refuse(&p->string,
		    "it chooses every step: leave out --scheduler and --seed");
	if (params_given(p, "seed") && !draws)
		why = "--seed: add --scheduler random or pct";
	if (p->step) /* with a schedule: at its start, to be stepped along it */
		p->scheduler = SCHEDULER_HAND;
	else if (p->schedule != NULL)
		p->scheduler = SCHEDULER_GIVEN;
	else
		p->scheduler = p->chooser;
	if (why == NULL && p->scheduler != SCHEDULER_NONE)
		why = schedule_string_obstacle(p);
	if (why == NULL && p->step && p->unwatched) {
		why = "--step: no user is there to choose the steps";
		reason = p->unwatched_why;
	}
	if (why != NULL)
		fprintf(stderr, "lockstep: demo %s: %s%s%s\n",
		    p->params.demo->name, why, reason != NULL ? ": " : "",
		    reason != NULL ? reason : "");
	return why != NULL ? -1 : 0;
}

static int
params_check_product(const struct params_priv *p)
{
	if (p->params.processes * p->params.threads <= PARAMS_MAX_PRODUCT)
		return 0;
	fprintf(stderr,
	    "lockstep: --processes %u --threads %u: use at most %d threads "
	    "in all\n",
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
		fprintf(stderr, "lockstep: demo %s: missing %s\n", d->name,
		    d->operands);
		return -1;
	}
	if (p->items.nruns > 0 && (d->source != NULL || d->main != NULL)) {
		fprintf(stderr,
		    "lockstep: --items: demo %s has items of its own\n",
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

/* Status frames are not text: never write them to a terminal. */
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
	if (params_given(p, "task-work") && !params_given(p, "window"))
		p->window = p->params.task_work.kind == WORK_NONE
		    ? 0
		    : p->params.task_work.ns / WORK_TO_WINDOW;
	if (p->window > LONGEST_WINDOW)
		p->window = LONGEST_WINDOW;
}

void
params_show(const struct params_priv *p, size_t i, char *buf, size_t size)
{
	const struct option_row *row = &run_options.rows[i];

	buf[0] = '\0';
	if (row->elsewhere)
		return;
	if (row->show != NULL)
		row->show(row, p, buf, size);
	else if (row->help != NULL && p->texts[i] != NULL)
		snprintf(buf, size, "%s", p->texts[i]);
}

void
params_free(struct params_priv *p)
{
	schedule_string_close(&p->string);
	p->schedule = NULL;
}

/* The demo comes first: its defaults come before the options. */
static int
params_choose_demo(struct params_priv *p, char *const operands[])
{
	if (p->repeat != NULL && params_read_schedule(p, operands[0]) != 0)
		return -1;
	if (operands[0] == NULL)
		return 0;
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
	return 0;
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
	int said =
	    option_read(&run_options, p, argv, option_apply_early, &operands);

	if (said == OPTION_HELP)
		option_print_help(&run_options);
	if (said == OPTION_HELP || said == OPTION_ASKED)
		return PARAMS_ANSWERED;
	if (said == OPTION_LIST)
		return PARAMS_LIST;
	if (said != 0 || params_choose_demo(p, operands) != 0)
		return -1;
	params_defaults(p);
	if (schedule_string_apply(&p->string, &run_options, p, params_apply) !=
		0 ||
	    option_read(&run_options, p, argv, params_apply_given, &operands) !=
		0 ||
	    params_check_product(p) != 0 || params_check_operands(p) != 0)
		return -1;
	params_fit_window(p);
	if (params_check_stepping(p) != 0)
		return -1;
	return params_check_descriptors(p);
}
