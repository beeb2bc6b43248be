/* option_table: the engine's options, each a row of one table. */
#include "options/option_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/frame.h"
#include "lockstep/util.h"
#include "slot/gate.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

#define SPEED_LEAST 0.001
#define SPEED_MOST  1000.0

/* A whole number; 0 or -EINVAL. */
static int
option_whole(const char *text, long long min, long long max, long long *value)
{
	const char *why;

	*value = strtonum(text, min, max, &why);
	return why == NULL && text[0] >= '0' && text[0] <= '9' ? 0 : -EINVAL;
}

static int
option_apply_processes(struct params_priv *p, const char *text)
{
	long long v;
	int err = option_whole(text, 1, PARAMS_MAX_PROCESSES, &v);

	p->params.processes = (unsigned)v;
	return err;
}

static int
option_apply_threads(struct params_priv *p, const char *text)
{
	long long v;
	int err = option_whole(text, 1, PARAMS_MAX_THREADS, &v);

	p->params.threads = (unsigned)v;
	return err;
}

static int
option_apply_items(struct params_priv *p, const char *text)
{
	return items_parse(&p->items, text);
}

static int
option_apply_item_work(struct params_priv *p, const char *text)
{
	return work_parse(&p->params.item_work, text);
}

static int
option_apply_task_work(struct params_priv *p, const char *text)
{
	p->work_given = true;
	return work_parse(&p->params.task_work, text);
}

static int
option_apply_lock(struct params_priv *p, const char *text)
{
	int kind = lock_find(text);

	if (kind < 0)
		return -EINVAL;
	p->lock = (unsigned)kind;
	return 0;
}

static int
option_apply_sum(struct params_priv *p, const char *text)
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
option_apply_window(struct params_priv *p, const char *text)
{
	int err = parse_time(text, &p->window);

	p->window_given = true;
	return err == 0 && p->window > LONGEST_WINDOW ? -ERANGE : err;
}

static int
option_apply_speed(struct params_priv *p, const char *text)
{
	char *end;

	if (text[0] < '0' || text[0] > '9' || text[1] == 'x')
		return -EINVAL;
	double v = strtod(text, &end);
	if (strcmp(end, "") != 0 && strcmp(end, "x") != 0)
		return -EINVAL;
	if (!(v >= SPEED_LEAST && v <= SPEED_MOST))
		return -ERANGE;
	p->params.speed = (uint32_t)(v * SPEED_ONE + 0.5);
	return 0;
}

static int
option_apply_duration(struct params_priv *p, const char *text)
{
	int err = parse_time(text, &p->duration);

	return err == 0 && p->duration == 0 ? -ERANGE : err;
}

static int
option_apply_adds(struct params_priv *p, const char *text)
{
	long long v;
	int err = option_whole(text, 1, PARAMS_MAX_ADDS, &v);

	p->params.adds = (uint64_t)v;
	return err;
}

static int
option_apply_blind(struct params_priv *p, const char *text)
{
	p->blind = strcmp(text, "on") == 0;
	return p->blind || strcmp(text, "off") == 0 ? 0 : -EINVAL;
}

/* "10000,20000,30000" */
static int
option_apply_limits(struct params_priv *p, const char *text)
{
	char copy[256], *rest = copy;

	if (strlcpy(copy, text, sizeof copy) >= sizeof copy)
		return -ERANGE;
	for (p->params.nlimits = 0; rest != NULL; p->params.nlimits++) {
		long long v;

		if (p->params.nlimits == PARAMS_MAX_LIMITS ||
		    option_whole(strsep(&rest, ","), 2, 100000000, &v) != 0)
			return -EINVAL;
		p->params.limits[p->params.nlimits] = (uint64_t)v;
	}
	return 0;
}

static int
option_apply_gil(struct params_priv *p, const char *text)
{
	int err = parse_time(text, &p->params.gil);

	if (err == 0 &&
	    (p->params.gil < NSEC_PER_USEC ||
		p->params.gil > 10 * NSEC_PER_SEC))
		err = -ERANGE;
	return err;
}

static int
option_apply_compared(struct params_priv *p, const char *text)
{
	static const char *const names[] = {
	    [COMPARE_IO] = "io",
	    [COMPARE_CPU] = "cpu",
	    [COMPARE_MIXED] = "mixed",
	};

	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(text, names[i]) != 0)
			continue;
		p->params.compare_work = i;
		return 0;
	}
	return -EINVAL;
}

static int
option_apply_fix(struct params_priv *p, const char *text)
{
	for (const char *const *fix = p->params.demo->fixes; *fix != NULL;
	     fix++) {
		if (strcmp(text, *fix) != 0)
			continue;
		p->params.fix = *fix;
		return 0;
	}
	return -EINVAL;
}

static int
option_apply_max_pages(struct params_priv *p, const char *text)
{
	long long v;
	int err = option_whole(text, 1, 10000, &v);

	p->params.max_pages = (unsigned)v;
	return err;
}

static int
option_apply_max_size(struct params_priv *p, const char *text)
{
	long long v;
	int err = option_whole(text, 1, 1LL << 30, &v);

	p->params.max_size = (uint64_t)v;
	return err;
}

static int
option_apply_timeout(struct params_priv *p, const char *text)
{
	int err = parse_time(text, &p->params.timeout);

	if (err == 0 &&
	    (p->params.timeout < NSEC_PER_MSEC ||
		p->params.timeout > 3600 * NSEC_PER_SEC))
		err = -ERANGE;
	return err;
}

static int
option_apply_steps(struct params_priv *p, const char *text)
{
	if (strcmp(text, "2") == 0)
		p->steps = 2;
	else if (strcmp(text, "3") == 0)
		p->steps = 3;
	else if (strcmp(text, "all") == 0)
		p->steps = 0;
	else
		return -EINVAL;
	return 0;
}

static int
option_apply_scheduler(struct params_priv *p, const char *text)
{
	static const char *const names[SCHEDULER_COUNT] = {
	    [SCHEDULER_RANDOM] = "random",
	    [SCHEDULER_ROUND_ROBIN] = "round-robin",
	    [SCHEDULER_PCT] = "pct",
	};

	for (int i = 0; i < SCHEDULER_COUNT; i++) {
		if (names[i] == NULL || strcmp(text, names[i]) != 0)
			continue;
		p->chooser = i;
		return 0;
	}
	return -EINVAL;
}

static int
option_apply_seed(struct params_priv *p, const char *text)
{
	long long v;
	int err = option_whole(text, 0, INT64_MAX, &v);

	p->seed = (uint64_t)v;
	p->seed_given = true;
	return err;
}

static int
option_on_or_off(const char *text, bool *on)
{
	*on = strcmp(text, "on") == 0;
	return *on || strcmp(text, "off") == 0 ? 0 : -EINVAL;
}

static int
option_apply_step(struct params_priv *p, const char *text)
{
	return option_on_or_off(text, &p->step);
}

/* Anything but on and off is why, for the one who would step. */
static int
option_apply_unwatched(struct params_priv *p, const char *text)
{
	if (option_on_or_off(text, &p->unwatched) == 0)
		return 0;
	p->unwatched = true;
	p->unwatched_why = text;
	return 0;
}

static int
option_apply_repeat(struct params_priv *p, const char *text)
{
	p->repeat = text;
	return 0;
}

static int
option_apply_status(struct params_priv *p, const char *text)
{
	p->quiet = strcmp(text, "off") == 0;
	return p->quiet || strcmp(text, "on") == 0 ? 0 : -EINVAL;
}

static int
option_apply_status_fd(struct params_priv *p, const char *text)
{
	long long v;
	int err = option_whole(text, 0, 1 << 20, &v);

	p->status_fd = (int)v;
	return err;
}

static int
option_apply_control_fd(struct params_priv *p, const char *text)
{
	long long v;
	int err = option_whole(text, 0, 1 << 20, &v);

	p->control_fd = (int)v;
	return err;
}

static const char works[] = "none, sleep:TIME or spin:TIME";

const struct option_row rows[] = {
    {.name = "processes",
	.letter = 'p',
	.arg = "N",
	.help = "worker processes",
	.allowed = "a number from 1 to 512",
	.apply = option_apply_processes},
    {.name = "threads",
	.letter = 't',
	.arg = "N",
	.help = "pool threads in each",
	.allowed = "a number from 1 to 4096",
	.apply = option_apply_threads},
    {.name = "items",
	.letter = 'i',
	.arg = "SPEC",
	.help = "items: 1-5  3,7,9  10x100000  1-5x8",
	.allowed = "a list of N, N-M, NxTIMES or N-MxTIMES, N from 1 to 10000",
	.apply = option_apply_items},
    {.name = "item-work",
	.arg = "W",
	.help = "work of an item: none, sleep:500ms, spin:20us",
	.allowed = works,
	.apply = option_apply_item_work},
    {.name = "task-work",
	.arg = "W",
	.help = "work of a task, likewise",
	.allowed = works,
	.apply = option_apply_task_work},
    {.name = "lock",
	.letter = 'l',
	.arg = "KIND",
	.help = "lock around sum = sum + n: none, mutex, spin, ...",
	.apply = option_apply_lock},
    {.name = "sum",
	.arg = "MODE",
	.help = "shared: one for all; private: one per process",
	.allowed = "shared or private",
	.apply = option_apply_sum},
    {.name = "window",
	.letter = 'w',
	.arg = "TIME",
	.help = "between load and store of an add [task-work / 25]",
	.allowed = "a time from 0 to 10s, such as 20us or 5ms",
	.apply = option_apply_window,
	.aside = true},
    {.name = "speed",
	.letter = 's',
	.arg = "X",
	.help = "sleeps X times as fast",
	.allowed = "a number from 0.001 to 1000",
	.apply = option_apply_speed,
	.aside = true},
    {.name = "duration",
	.letter = 'd',
	.arg = "TIME",
	.help = "cycle the items for so long, then drain",
	.allowed = "a time above 0, such as 30s",
	.apply = option_apply_duration,
	.aside = true},
    {.name = "adds",
	.arg = "N",
	.help = "adds of a task of race; rounds of deadlock; meals",
	.allowed = "a number from 1 to 1000000000",
	.apply = option_apply_adds},
    {.name = "gil",
	.arg = "TIME",
	.help = "an interpreter lock per process, as CPython's [5ms]",
	.allowed = "a switch interval from 1us to 10s, such as 5ms",
	.apply = option_apply_gil,
	.instead = "5ms",
	.aside = true},
    {.name = "steps",
	.arg = "2|3|all",
	.help = "what a step is: of an add 2, or 3 with ADD; all",
	.allowed = "2, 3 or all",
	.apply = option_apply_steps},
    {.name = "step",
	.arg = "on|off",
	.help = "start stopped, every thread at its gate",
	.allowed = "on or off",
	.apply = option_apply_step,
	.instead = "on",
	.aside = true},
    {.name = "scheduler",
	.arg = "HOW",
	.help = "one step at a time: random, round-robin, pct",
	.allowed = "random, round-robin or pct",
	.apply = option_apply_scheduler,
	.aside = true},
    {.name = "seed",
	.arg = "N",
	.help = "of random and pct: the same, the same schedule [1]",
	.allowed = "a number from 0 to 9223372036854775807",
	.apply = option_apply_seed,
	.aside = true},
    {.name = "schedule",
	.arg = "STRING",
	.help = "repeat this one (or file); bare steps: of DEMO",
	.apply = option_apply_repeat,
	.aside = true},
    {.name = "blind",
	.arg = "on|off",
	.help = "unwatched: nothing is told between load and store",
	.allowed = "on or off",
	.apply = option_apply_blind,
	.instead = "on",
	.aside = true},
    {.name = "limits",
	.arg = "LIST",
	.help = "primes: count those up to each of these",
	.allowed = "up to 16 numbers from 2 to 100000000, such as 10000,20000",
	.apply = option_apply_limits,
	.demo = "primes"},
    {.name = "work",
	.arg = "KIND",
	.help = "compare: io, cpu or mixed",
	.allowed = "io, cpu or mixed",
	.apply = option_apply_compared,
	.demo = "compare"},
    {.name = "fix",
	.arg = "FIX",
	.help = "deadlock, philosophers: none, order, waiter",
	.apply = option_apply_fix,
	.demo = "deadlock philosophers"},
    {.name = "max-pages",
	.arg = "N",
	.help = "download: never more pages than this",
	.allowed = "a number from 1 to 10000",
	.apply = option_apply_max_pages,
	.demo = "download"},
    {.name = "max-size",
	.arg = "BYTES",
	.help = "download: nor larger ones",
	.allowed = "a number from 1 to 1073741824",
	.apply = option_apply_max_size,
	.demo = "download"},
    {.name = "timeout",
	.arg = "TIME",
	.help = "download: nor longer for one",
	.allowed = "a time from 1ms to 3600s",
	.apply = option_apply_timeout,
	.demo = "download"},
    {.name = "unwatched",
	.arg = "on|off|WHY",
	.instead = "on",
	.allowed = "on, off or why",
	.apply = option_apply_unwatched,
	.aside = true},
    {.name = "status",
	.arg = "on|off",
	.allowed = "on or off",
	.apply = option_apply_status,
	.aside = true},
    {.name = "status-fd",
	.arg = "FD",
	.allowed = "a descriptor",
	.apply = option_apply_status_fd,
	.aside = true},
    {.name = "control-fd",
	.arg = "FD",
	.allowed = "a descriptor",
	.apply = option_apply_control_fd,
	.aside = true},
};

const size_t nrows = sizeof rows / sizeof rows[0];

_Static_assert(sizeof rows / sizeof rows[0] <= ROWS_MAX, "room for all rows");
