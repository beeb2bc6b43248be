/* explore_rows: the options of `explore`, a row of one table for each. */
#include "explore/explore_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "explore/explore_main.h"
#include "sum/lock_kinds.h"

static int
rows_frames(const struct option_row *row, void *target, const char *value)
{
	(void)value;
	*(int *)option_field(row, target) = STDOUT_FILENO;
	return 0;
}

static int
rows_descriptor(const struct option_row *row, void *target, const char *value)
{
	int err = option_number(row, target, value);

	return err == 0 && fcntl(*(int *)option_field(row, target), F_GETFD) < 0
	    ? -EBADF
	    : err;
}

static bool
rows_has_sum(const void *target)
{
	const struct explore_options *o = target;

	return o->demo->adds_up;
}

static bool
rows_has_fix(const void *target)
{
	const struct explore_options *o = target;

	return o->demo->fixes != NULL;
}

static const char *const *
rows_locks(const void *target)
{
	(void)target;
	return explore_locks();
}

static const char *const *
rows_fixes(const void *target)
{
	const struct explore_options *o = target;

	return o->demo->fixes;
}

/* A kind of lock that there is, but not here. */
static const char *
rows_refuse_lock(const char *name)
{
	return lock_find(name) >= 0 ? explore_lock_refusal(name) : NULL;
}

static const char *
rows_demo(const void *target)
{
	const struct explore_options *o = target;

	return o->demo->name;
}

static const void *
rows_other(const void *target, size_t i)
{
	static struct explore_options other;

	(void)target;
	other.demo = explore_demos[i];
	return other.demo != NULL ? &other : NULL;
}

#define OPTION_TARGET struct explore_options

static const struct option_row rows[] = {
    {.name = "threads",
	.arg = "N",
	.help = "threads, 1 to 16",
	OPTION_NUMBER(small.threads, 1, STEPS_THREADS)},
    {.name = "adds",
	.arg = "N",
	.help = "adds per thread; its rounds; its meals",
	OPTION_NUMBER(small.adds, 1, STEPS_MAX)},
    {.name = "steps",
	.arg = "N",
	.help = "of an add: 2: load, store; 3: load, add, store",
	OPTION_NUMBER(small.steps, 2, 3),
	.allowed = "2 or 3",
	.had = rows_has_sum},
    {.name = "lock",
	.arg = "KIND",
	.help = "around an add",
	OPTION_NAME(small.lock, rows_locks),
	.refusal = rows_refuse_lock,
	.had = rows_has_sum},
    {.name = "fix",
	.arg = "FIX",
	.help = "against deadlocks",
	OPTION_NAME(small.fix, rows_fixes),
	.had = rows_has_fix},
    {.name = "max-switches",
	.arg = "N",
	.help = "only schedules with at most N switches",
	OPTION_NUMBER(max_switches, 0, STEPS_MAX),
	.unscheduled = true},
    {.name = "limit",
	.arg = "N",
	.help = "stop after N schedules [1000000]",
	OPTION_NUMBER(limit, 1, UINT64_MAX - 1),
	.allowed = "a number above 0",
	.unscheduled = true},
    {.name = "reduce",
	.help = "skip schedules that only reorder independent steps",
	OPTION_FLAG(reduce),
	.unscheduled = true},
    {.name = "schedule",
	.arg = "STRING",
	.help = "only this: DEMO,OPTION=VALUE:STEPS, STEPS, or a file",
	OPTION_TEXT(given),
	.early = true,
	.unscheduled = true},
    {.name = "json",
	.help = "the report as JSON",
	OPTION_FLAG(json),
	.unscheduled = true},
    {.name = "frames",
	.help = "frames, for lockstep -, instead of a report",
	OPTION_FIELD(status),
	.apply = rows_frames,
	.unscheduled = true},
    {.name = "status-fd",
	.arg = "N",
	OPTION_FIELD(status),
	.apply = rows_descriptor,
	.most = INT_MAX,
	.allowed = "an open file descriptor",
	.unscheduled = true},
    {.name = "control-fd",
	.arg = "N",
	OPTION_FIELD(control),
	.apply = rows_descriptor,
	.most = INT_MAX,
	.allowed = "an open file descriptor",
	.unscheduled = true},
    /* In a schedule for the live demo as well. */
    {.name = "processes",
	.arg = "N",
	OPTION_NUMBER(processes, 1, 1),
	.allowed = "1: the small form is one process"},
    {.name = "items",
	.arg = "N",
	OPTION_NUMBER(tasks, 1, UINT_MAX),
	.allowed = "the number of threads: an item of a task for each"},
};

_Static_assert(
    sizeof rows / sizeof rows[0] <= OPTION_ROWS, "room for all rows");

const struct option_set explore_option_set = {
    .rows = rows,
    .nrows = sizeof rows / sizeof rows[0],
    .command = "explore: ",
    .help = "explore --help",
    .column = 22,
    .demo = rows_demo,
    .other = rows_other,
};
