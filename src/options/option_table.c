/* option_table: the options of a run, each a row of one table. */
#include "options/option_table.h"

#include <limits.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/frame.h"
#include "lockstep/util.h"
#include "options/params_priv.h"
#include "options/run_values.h"
#include "sum/sum.h"

/* ---- which demos have what ---- */

static bool
table_is_compare(const void *target)
{
	const struct params *p = target;

	return strcmp(p->demo->name, "compare") == 0;
}

static bool
table_is_download(const void *target)
{
	const struct params *p = target;

	return strcmp(p->demo->name, "download") == 0;
}

static bool
table_has_limits(const void *target)
{
	const struct params *p = target;

	return p->demo->limits != NULL;
}

static bool
table_has_fixes(const void *target)
{
	const struct params *p = target;

	return p->demo->fixes != NULL;
}

static const char *const *
table_fixes(const void *target)
{
	const struct params *p = target;

	return p->demo->fixes;
}

static const char *
table_demo(const void *target)
{
	const struct params *p = target;

	return p->demo->name;
}

static const void *
table_other(const void *target, size_t i)
{
	static struct params_priv other;
	const struct params_priv *p = target;

	other.params.demo = p->demos[i];
	return p->demos[i] != NULL ? &other : NULL;
}

/* ---- the rows ---- */

static const struct option_word sums[] = {
    {"shared", SUM_SHARED}, {"private", SUM_PRIVATE}, {NULL, 0}};

static const struct option_word steps[] = {
    {"2", 2}, {"3", 3}, {"all", 0}, {NULL, 0}};

static const struct option_word schedulers[] = {
    {"random", SCHEDULER_RANDOM},
    {"round-robin", SCHEDULER_ROUND_ROBIN},
    {"pct", SCHEDULER_PCT},
    {NULL, 0},
};

static const struct option_word compared[] = {
    {"io", COMPARE_IO},
    {"cpu", COMPARE_CPU},
    {"mixed", COMPARE_MIXED},
    {NULL, 0},
};

static const char works[] = "none, sleep:TIME or spin:TIME";

#define OPTION_TARGET struct params_priv

static const struct option_row rows[] = {
    {.name = "processes",
	.letter = 'p',
	.arg = "N",
	.help = "worker processes",
	OPTION_NUMBER(params.processes, 1, PARAMS_MAX_PROCESSES),
	.elsewhere = true},
    {.name = "threads",
	.letter = 't',
	.arg = "N",
	.help = "pool threads in each",
	OPTION_NUMBER(params.threads, 1, PARAMS_MAX_THREADS),
	.elsewhere = true},
    {.name = "items",
	.letter = 'i',
	.arg = "SPEC",
	.help = "items: 1-5  3,7,9  10x100000  1-5x8",
	OPTION_FIELD(items),
	.apply = run_value_items,
	.allowed = "a list of N, N-M, NxTIMES or N-MxTIMES, N from 1 to 10000",
	.elsewhere = true},
    {.name = "item-work",
	.arg = "W",
	.help = "work of an item: none, sleep:500ms, spin:20us",
	OPTION_FIELD(params.item_work),
	.apply = run_value_work,
	.allowed = works,
	.show = run_value_show_work},
    {.name = "task-work",
	.arg = "W",
	.help = "work of a task, as for --item-work",
	OPTION_FIELD(params.task_work),
	.apply = run_value_work,
	.allowed = works,
	.show = run_value_show_work},
    {.name = "lock",
	.letter = 'l',
	.arg = "KIND",
	.help = "lock around sum = sum + n: none, mutex, spin, ...",
	OPTION_FIELD(lock),
	.apply = run_value_lock,
	.names = run_value_locks,
	.elsewhere = true},
    {.name = "sum",
	.arg = "MODE",
	.help = "shared: one for all; private: one per process",
	OPTION_WORD(sum_mode, sums),
	.elsewhere = true},
    {.name = "window",
	.letter = 'w',
	.arg = "TIME",
	.help = "between load and store of an add [task-work / 25]",
	OPTION_TIME(window, 0, LONGEST_WINDOW),
	.allowed = "a time from 0 to 10s, such as 20us or 5ms",
	.unscheduled = true,
	.elsewhere = true},
    {.name = "speed",
	.letter = 's',
	.arg = "X",
	.help = "sleeps X times as fast",
	OPTION_FIELD(params.speed),
	.apply = run_value_speed,
	.allowed = "a number from 0.001 to 1000",
	.unscheduled = true,
	.elsewhere = true},
    {.name = "duration",
	.letter = 'd',
	.arg = "TIME",
	.help = "repeat the items for this long, then drain",
	OPTION_TIME(duration, 1, UINT64_MAX),
	.allowed = "a time above 0, such as 30s",
	.unscheduled = true,
	.show = option_show_time},
    {.name = "adds",
	.arg = "N",
	.help = "adds per task (race), rounds (deadlock), or meals",
	OPTION_NUMBER(params.adds, 1, PARAMS_MAX_ADDS),
	.show = run_value_show_adds},
    {.name = "gil",
	.arg = "TIME",
	.help = "an interpreter lock per process, as CPython's [5ms]",
	OPTION_TIME(params.gil, NSEC_PER_USEC, 10 * NSEC_PER_SEC),
	.allowed = "a switch interval from 1us to 10s, such as 5ms",
	.implied = "5ms",
	.unscheduled = true,
	.show = option_show_time},
    {.name = "steps",
	.arg = "2|3|all",
	.help = "step size: 2 load,store; 3 load,add,store; all",
	OPTION_WORD(steps, steps),
	.elsewhere = true},
    {.name = "step",
	.arg = "on|off",
	.help = "start stopped, every thread at its gate",
	OPTION_SWITCH(step),
	.implied = "on",
	.unscheduled = true,
	.elsewhere = true},
    {.name = "scheduler",
	.arg = "HOW",
	.help = "one step at a time: random, round-robin, pct",
	OPTION_WORD(chooser, schedulers),
	.unscheduled = true,
	.elsewhere = true},
    {.name = "seed",
	.arg = "N",
	.help = "seed for random and pct; same seed, same schedule [1]",
	OPTION_NUMBER(seed, 0, INT64_MAX),
	.unscheduled = true,
	.elsewhere = true},
    {.name = "schedule",
	.arg = "STRING",
	.help = "replay DEMO,OPTION=VALUE:STEPS, STEPS, or a file",
	OPTION_TEXT(repeat),
	.early = true,
	.unscheduled = true,
	.elsewhere = true},
    {.name = "blind",
	.arg = "on|off",
	.help = "unobserved: record no event between load and store",
	OPTION_SWITCH(blind),
	.implied = "on",
	.unscheduled = true,
	.elsewhere = true},
    {.name = "limits",
	.arg = "LIST",
	.help = "primes: count the primes up to each of these",
	OPTION_FIELD(params.limits),
	.apply = run_value_limits,
	.least = 2,
	.most = 100000000,
	.allowed = "up to 16 numbers from 2 to 100000000, such as 10000,20000",
	.had = table_has_limits},
    {.name = "work",
	.arg = "KIND",
	.help = "compare: io, cpu or mixed",
	OPTION_WORD(params.compare_work, compared),
	.had = table_is_compare},
    {.name = "fix",
	.arg = "FIX",
	.help = "deadlock, philosophers: none, order, waiter",
	OPTION_NAME(params.fix, table_fixes),
	.had = table_has_fixes,
	.show = option_show_name},
    {.name = "max-pages",
	.arg = "N",
	.help = "download: at most N pages",
	OPTION_NUMBER(params.max_pages, 1, 10000),
	.had = table_is_download},
    {.name = "max-size",
	.arg = "BYTES",
	.help = "download: skip pages over BYTES",
	OPTION_NUMBER(params.max_size, 1, 1 << 30),
	.had = table_is_download},
    {.name = "timeout",
	.arg = "TIME",
	.help = "download: give up on a page after TIME",
	OPTION_TIME(params.timeout, NSEC_PER_MSEC, 3600 * NSEC_PER_SEC),
	.allowed = "a time from 1ms to 3600s",
	.had = table_is_download},
    {.name = "unwatched",
	.arg = "on|off|WHY",
	OPTION_FIELD(unwatched),
	.apply = run_value_unwatched,
	.implied = "on",
	.unscheduled = true},
    {.name = "status",
	.arg = "on|off",
	OPTION_FIELD(quiet),
	.apply = run_value_status,
	.allowed = "on or off",
	.unscheduled = true},
    {.name = "status-fd",
	.arg = "FD",
	OPTION_NUMBER(status_fd, 0, INT_MAX),
	.allowed = "a file descriptor",
	.unscheduled = true},
    {.name = "control-fd",
	.arg = "FD",
	OPTION_NUMBER(control_fd, 0, INT_MAX),
	.allowed = "a file descriptor",
	.unscheduled = true},
};

_Static_assert(
    sizeof rows / sizeof rows[0] <= OPTION_ROWS, "room for all rows");

const struct option_set run_options = {
    .rows = rows,
    .nrows = sizeof rows / sizeof rows[0],
    .command = "",
    .help = "--help",
    .column = 24,
    .demo = table_demo,
    .other = table_other,
};
