/* explore_rows: the options of `explore`. */
#include "explore/explore_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sum/lock_kinds.h"
#include "sum/sum.h"

static int
rows_number(const char *text, uint64_t least, uint64_t most, uint64_t *n)
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
rows_small(const char *text, unsigned most, unsigned *n)
{
	uint64_t wide;

	if (rows_number(text, 1, most, &wide) != 0)
		return -EINVAL;
	*n = (unsigned)wide;
	return 0;
}

static int
rows_word(const char *const words[], const char *text, const char **chosen)
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
rows_apply_threads(struct explore_options *o, const char *value)
{
	return rows_small(value, STEPS_THREADS, &o->small.threads);
}

static int
rows_apply_adds(struct explore_options *o, const char *value)
{
	return rows_small(value, STEPS_MAX, &o->small.adds);
}

static int
rows_apply_steps(struct explore_options *o, const char *value)
{
	int err = rows_small(value, 3, &o->small.steps);

	return err == 0 && o->small.steps < 2 ? -EINVAL : err;
}

static int
rows_apply_lock(struct explore_options *o, const char *value)
{
	return rows_word(explore_locks(), value, &o->small.lock);
}

static int
rows_apply_fix(struct explore_options *o, const char *value)
{
	return rows_word(o->demo->fixes, value, &o->small.fix);
}

static int
rows_apply_switches(struct explore_options *o, const char *value)
{
	uint64_t n;

	if (rows_number(value, 0, STEPS_MAX, &n) != 0)
		return -EINVAL;
	o->max_switches = (uint32_t)n;
	return 0;
}

static int
rows_apply_limit(struct explore_options *o, const char *value)
{
	return rows_number(value, 1, UINT64_MAX - 1, &o->limit);
}

static int
rows_apply_reduce(struct explore_options *o, const char *value)
{
	(void)value;
	o->reduce = true;
	return 0;
}

static int
rows_apply_schedule(struct explore_options *o, const char *value)
{
	o->schedule = value;
	return 0;
}

static int
rows_apply_json(struct explore_options *o, const char *value)
{
	(void)value;
	o->json = true;
	return 0;
}

static int
rows_apply_frames(struct explore_options *o, const char *value)
{
	(void)value;
	o->status = STDOUT_FILENO;
	return 0;
}

static int
rows_descriptor(const char *value, int *fd)
{
	uint64_t n;

	if (rows_number(value, 0, INT_MAX, &n) != 0 ||
	    fcntl((int)n, F_GETFD) < 0)
		return -EINVAL;
	*fd = (int)n;
	return 0;
}

static int
rows_apply_status(struct explore_options *o, const char *value)
{
	return rows_descriptor(value, &o->status);
}

static int
rows_apply_control(struct explore_options *o, const char *value)
{
	return rows_descriptor(value, &o->control);
}

static bool
rows_has_sum(const struct explore_demo *d)
{
	return d->adds_up;
}

static bool
rows_has_fix(const struct explore_demo *d)
{
	return d->fixes != NULL;
}

static const char *const *
rows_locks(const struct explore_demo *d)
{
	(void)d;
	return explore_locks();
}

static const char *const *
rows_fixes(const struct explore_demo *d)
{
	return d->fixes;
}

const struct explore_row explore_rows[] = {
    {.name = "threads",
	.arg = "N",
	.help = "threads, 1 to 16",
	.allowed = "1 to 16",
	.apply = rows_apply_threads},
    {.name = "adds",
	.arg = "N",
	.help = "adds of each thread; its rounds, its meals",
	.allowed = "1 to 128",
	.apply = rows_apply_adds},
    {.name = "steps",
	.arg = "N",
	.help = "of an add: 2: load, store; 3: load, add, store",
	.allowed = "2 or 3",
	.apply = rows_apply_steps,
	.had = rows_has_sum},
    {.name = "lock",
	.arg = "KIND",
	.help = "around an add",
	.words = rows_locks,
	.apply = rows_apply_lock,
	.had = rows_has_sum},
    {.name = "fix",
	.arg = "FIX",
	.help = "against deadlocks",
	.words = rows_fixes,
	.apply = rows_apply_fix,
	.had = rows_has_fix},
    {.name = "max-switches",
	.arg = "N",
	.help = "only schedules with at most so many switches",
	.allowed = "0 to 128",
	.apply = rows_apply_switches},
    {.name = "limit",
	.arg = "N",
	.help = "stop after so many schedules; 1000000, if not given",
	.allowed = "1 or more",
	.apply = rows_apply_limit},
    {.name = "reduce",
	.help = "one schedule of those that differ only in the order of "
		"independent steps",
	.apply = rows_apply_reduce},
    {.name = "schedule",
	.arg = "STRING",
	.help = "only this one, as a2b3a1, or with the demo before it",
	.apply = rows_apply_schedule},
    {.name = "json", .help = "the report as JSON", .apply = rows_apply_json},
    {.name = "frames",
	.help = "frames, for lockstep -, instead of a report",
	.apply = rows_apply_frames},
    {.name = "status-fd",
	.arg = "N",
	.allowed = "an open descriptor",
	.apply = rows_apply_status},
    {.name = "control-fd",
	.arg = "N",
	.allowed = "an open descriptor",
	.apply = rows_apply_control},
};

const size_t explore_nrows = sizeof explore_rows / sizeof explore_rows[0];

_Static_assert(
    sizeof explore_rows / sizeof explore_rows[0] <= EXPLORE_ROWS, "too many");

/* A kind of lock that there is, but not here. */
const char *
explore_row_refusal(const struct explore_row *row, const char *given)
{
	return row->apply == rows_apply_lock && lock_find(given) >= 0
	    ? explore_lock_refusal(given)
	    : NULL;
}
