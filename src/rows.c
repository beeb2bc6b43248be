/* rows: the engine's options, each a row of one table. */
#include "rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"
#include "lockstep.h"
#include "sum.h"
#include "util.h"

#define SPEED_LEAST 0.001
#define SPEED_MOST  1000.0

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

static int
apply_blind(struct params *p, const char *text)
{
	p->blind = strcmp(text, "on") == 0;
	return p->blind || strcmp(text, "off") == 0 ? 0 : -EINVAL;
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
apply_fix(struct params *p, const char *text)
{
	for (const char *const *fix = p->demo->fixes; *fix != NULL; fix++) {
		if (strcmp(text, *fix) != 0)
			continue;
		p->fix = *fix;
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

const struct option_row rows[] = {
    {"processes", 'p', "N", "worker processes", "a number from 1 to 512",
	apply_processes, NULL, NULL},
    {"threads", 't', "N", "pool threads in each", "a number from 1 to 4096",
	apply_threads, NULL, NULL},
    {"items", 'i', "SPEC", "items: 1-5  3,7,9  10x100000  1-5x8",
	"a list of N, N-M, NxTIMES or N-MxTIMES, N from 1 to 10000",
	apply_items, NULL, NULL},
    {"item-work", 0, "W", "work of an item: none, sleep:500ms, spin:20us",
	works, apply_item_work, NULL, NULL},
    {"task-work", 0, "W", "work of a task, likewise", works, apply_task_work,
	NULL, NULL},
    {"lock", 'l', "KIND", "lock around sum = sum + n: none, mutex, spin, ...",
	NULL, apply_lock, NULL, NULL},
    {"sum", 0, "MODE", "shared: one for all; private: one per process",
	"shared or private", apply_sum, NULL, NULL},
    {"window", 'w', "TIME", "between load and store of an add [task-work / 25]",
	"a time from 0 to 10s, such as 20us or 5ms", apply_window, NULL, NULL},
    {"speed", 's', "X", "sleeps X times as fast", "a number from 0.001 to 1000",
	apply_speed, NULL, NULL},
    {"duration", 'd', "TIME", "cycle the items for so long, then drain",
	"a time above 0, such as 30s", apply_duration, NULL, NULL},
    {"adds", 0, "N", "how often a task of race adds",
	"a number from 1 to 1000000000", apply_adds, NULL, NULL},
    {"gil", 0, "TIME", "an interpreter lock per process, as CPython's [5ms]",
	"a switch interval from 1us to 10s, such as 5ms", apply_gil, NULL,
	"5ms"},
    {"blind", 0, "on|off", "unwatched: nothing is told between load and store",
	"on or off", apply_blind, NULL, "on"},
    {"limits", 0, "LIST", "primes: count those up to each of these",
	"up to 16 numbers from 2 to 100000000, such as 10000,20000",
	apply_limits, "primes", NULL},
    {"work", 0, "KIND", "compare: io, cpu or mixed", "io, cpu or mixed",
	apply_compared, "compare", NULL},
    {"fix", 0, "FIX", "deadlock, philosophers: none, order, waiter", NULL,
	apply_fix, "deadlock philosophers", NULL},
    {"max-pages", 0, "N", "download: never more pages than this",
	"a number from 1 to 10000", apply_max_pages, "download", NULL},
    {"max-size", 0, "BYTES", "download: nor larger ones",
	"a number from 1 to 1073741824", apply_max_size, "download", NULL},
    {"timeout", 0, "TIME", "download: nor longer for one",
	"a time from 1ms to 3600s", apply_timeout, "download", NULL},
    {"status", 0, "on|off", NULL, "on or off", apply_status, NULL, NULL},
    {"status-fd", 0, "FD", NULL, "a descriptor", apply_status_fd, NULL, NULL},
    {"control-fd", 0, "FD", NULL, "a descriptor", apply_control_fd, NULL, NULL},
};

const size_t nrows = sizeof rows / sizeof rows[0];

_Static_assert(sizeof rows / sizeof rows[0] <= ROWS_MAX, "room for all rows");
