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

static const char *
table_owner(const void *target, const struct option_row *row, size_t i)
{
	const struct params_priv *p = target;
	const struct params other = {.demo = p->demos[i]};

	if (other.demo == NULL)
		return NULL;
	return row->had(&other) ? other.demo->name : "";
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

/* A public field has the same place in struct params. */
_Static_assert(offsetof(struct params_priv, params) == 0, "the public part");

#define FIELD(field)  OPTION_FIELD(struct params_priv, field)
#define PUBLIC(field) OPTION_FIELD(struct params, field)

static const struct option_row rows[] = {
    {.name = "processes",
	.letter = 'p',
	.arg = "N",
	.help = "worker processes",
	PUBLIC(processes),
	.apply = option_number,
	.least = 1,
	.most = PARAMS_MAX_PROCESSES,
	.show = option_show_elsewhere},
    {.name = "threads",
	.letter = 't',
	.arg = "N",
	.help = "pool threads in each",
	PUBLIC(threads),
	.apply = option_number,
	.least = 1,
	.most = PARAMS_MAX_THREADS,
	.show = option_show_elsewhere},
    {.name = "items",
	.letter = 'i',
	.arg = "SPEC",
	.help = "items: 1-5  3,7,9  10x100000  1-5x8",
	FIELD(items),
	.apply = run_value_items,
	.allowed = "a list of N, N-M, NxTIMES or N-MxTIMES, N from 1 to 10000",
	.show = option_show_elsewhere},
    {.name = "item-work",
	.arg = "W",
	.help = "work of an item: none, sleep:500ms, spin:20us",
	PUBLIC(item_work),
	.apply = run_value_work,
	.allowed = works,
	.show = run_value_show_work},
    {.name = "task-work",
	.arg = "W",
	.help = "work of a task, as for --item-work",
	PUBLIC(task_work),
	.apply = run_value_task_work,
	.allowed = works,
	.show = run_value_show_work},
    {.name = "lock",
	.letter = 'l',
	.arg = "KIND",
	.help = "lock around sum = sum + n: none, mutex, spin, ...",
	FIELD(lock),
	.apply = run_value_lock,
	.names = run_value_locks,
	.show = option_show_elsewhere},
    {.name = "sum",
	.arg = "MODE",
	.help = "shared: one for all; private: one per process",
	FIELD(sum_mode),
	.apply = option_word,
	.words = sums,
	.show = option_show_elsewhere},
    {.name = "window",
	.letter = 'w',
	.arg = "TIME",
	.help = "between load and store of an add [task-work / 25]",
	FIELD(window),
	.apply = run_value_window,
	.most = LONGEST_WINDOW,
	.allowed = "a time from 0 to 10s, such as 20us or 5ms",
	.unscheduled = true,
	.show = option_show_elsewhere},
    {.name = "speed",
	.letter = 's',
	.arg = "X",
	.help = "sleeps X times as fast",
	PUBLIC(speed),
	.apply = run_value_speed,
	.allowed = "a number from 0.001 to 1000",
	.unscheduled = true,
	.show = option_show_elsewhere},
    {.name = "duration",
	.letter = 'd',
	.arg = "TIME",
	.help = "repeat the items for this long, then drain",
	FIELD(duration),
	.apply = option_time,
	.least = 1,
	.most = UINT64_MAX,
	.allowed = "a time above 0, such as 30s",
	.unscheduled = true,
	.show = option_show_time},
    {.name = "adds",
	.arg = "N",
	.help = "adds per task (race), rounds (deadlock), or meals",
	PUBLIC(adds),
	.apply = option_number,
	.least = 1,
	.most = PARAMS_MAX_ADDS,
	.show = run_value_show_adds},
    {.name = "gil",
	.arg = "TIME",
	.help = "an interpreter lock per process, as CPython's [5ms]",
	PUBLIC(gil),
	.apply = option_time,
	.least = NSEC_PER_USEC,
	.most = 10 * NSEC_PER_SEC,
	.allowed = "a switch interval from 1us to 10s, such as 5ms",
	.implied = "5ms",
	.unscheduled = true,
	.show = option_show_time},
    {.name = "steps",
	.arg = "2|3|all",
	.help = "step size: 2 load,store; 3 load,add,store; all",
	FIELD(steps),
	.apply = option_word,
	.words = steps,
	.show = option_show_elsewhere},
    {.name = "step",
	.arg = "on|off",
	.help = "start stopped, every thread at its gate",
	FIELD(step),
	.apply = option_switch,
	.implied = "on",
	.unscheduled = true,
	.show = option_show_elsewhere},
    {.name = "scheduler",
	.arg = "HOW",
	.help = "one step at a time: random, round-robin, pct",
	FIELD(chooser),
	.apply = option_word,
	.words = schedulers,
	.unscheduled = true,
	.show = option_show_elsewhere},
    {.name = "seed",
	.arg = "N",
	.help = "seed for random and pct; same seed, same schedule [1]",
	FIELD(seed),
	.apply = run_value_seed,
	.most = INT64_MAX,
	.unscheduled = true,
	.show = option_show_elsewhere},
    {.name = "schedule",
	.arg = "STRING",
	.help = "replay DEMO,OPTION=VALUE:STEPS, STEPS, or a file",
	FIELD(repeat),
	.apply = option_text,
	.early = true,
	.unscheduled = true,
	.show = option_show_elsewhere},
    {.name = "blind",
	.arg = "on|off",
	.help = "unobserved: record no event between load and store",
	FIELD(blind),
	.apply = option_switch,
	.implied = "on",
	.unscheduled = true,
	.show = option_show_elsewhere},
    {.name = "limits",
	.arg = "LIST",
	.help = "primes: count the primes up to each of these",
	PUBLIC(limits),
	.apply = run_value_limits,
	.least = 2,
	.most = 100000000,
	.allowed = "up to 16 numbers from 2 to 100000000, such as 10000,20000",
	.had = table_has_limits},
    {.name = "work",
	.arg = "KIND",
	.help = "compare: io, cpu or mixed",
	PUBLIC(compare_work),
	.apply = option_word,
	.words = compared,
	.had = table_is_compare},
    {.name = "fix",
	.arg = "FIX",
	.help = "deadlock, philosophers: none, order, waiter",
	PUBLIC(fix),
	.apply = option_name,
	.names = table_fixes,
	.had = table_has_fixes,
	.show = option_show_name},
    {.name = "max-pages",
	.arg = "N",
	.help = "download: at most N pages",
	PUBLIC(max_pages),
	.apply = option_number,
	.least = 1,
	.most = 10000,
	.had = table_is_download},
    {.name = "max-size",
	.arg = "BYTES",
	.help = "download: skip pages over BYTES",
	PUBLIC(max_size),
	.apply = option_number,
	.least = 1,
	.most = 1 << 30,
	.had = table_is_download},
    {.name = "timeout",
	.arg = "TIME",
	.help = "download: give up on a page after TIME",
	PUBLIC(timeout),
	.apply = option_time,
	.least = NSEC_PER_MSEC,
	.most = 3600 * NSEC_PER_SEC,
	.allowed = "a time from 1ms to 3600s",
	.had = table_is_download},
    {.name = "unwatched",
	.arg = "on|off|WHY",
	FIELD(unwatched),
	.apply = run_value_unwatched,
	.implied = "on",
	.unscheduled = true},
    {.name = "status",
	.arg = "on|off",
	FIELD(quiet),
	.apply = run_value_status,
	.allowed = "on or off",
	.unscheduled = true},
    {.name = "status-fd",
	.arg = "FD",
	FIELD(status_fd),
	.apply = option_number,
	.most = INT_MAX,
	.allowed = "a file descriptor",
	.unscheduled = true},
    {.name = "control-fd",
	.arg = "FD",
	FIELD(control_fd),
	.apply = option_number,
	.most = INT_MAX,
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
    .owner = table_owner,
};
