/* run_values: values of a run's options that are of a kind of their own. */
#include "options/run_values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "options/params_priv.h"
#include "slot/gate.h"
#include "sum/lock_kinds.h"

#define SPEED_LEAST 0.001
#define SPEED_MOST  1000.0
#define LOCKS_MAX   32

int
run_value_items(const struct option_row *row, void *target, const char *text)
{
	return items_parse(option_field(row, target), text);
}

int
run_value_work(const struct option_row *row, void *target, const char *text)
{
	return work_parse(option_field(row, target), text);
}

void
run_value_show_work(
    const struct option_row *row, const void *target, char *buf, size_t size)
{
	work_format(buf, size, option_value(row, target));
}

const char *const *
run_value_locks(const void *target)
{
	static const char *names[LOCKS_MAX + 1];

	(void)target;
	for (unsigned i = 0; i < lock_nkinds && i < LOCKS_MAX; i++)
		names[i] = lock_kinds[i].name;
	return names;
}

int
run_value_lock(const struct option_row *row, void *target, const char *text)
{
	int kind = lock_find(text);

	if (kind < 0)
		return -EINVAL;
	*(unsigned *)option_field(row, target) = (unsigned)kind;
	return 0;
}

int
run_value_speed(const struct option_row *row, void *target, const char *text)
{
	char *end;

	if (text[0] < '0' || text[0] > '9' || text[1] == 'x')
		return -EINVAL;
	double v = strtod(text, &end);
	if (strcmp(end, "") != 0 && strcmp(end, "x") != 0)
		return -EINVAL;
	if (!(v >= SPEED_LEAST && v <= SPEED_MOST))
		return -ERANGE;
	*(uint32_t *)option_field(row, target) =
	    (uint32_t)(v * SPEED_ONE + 0.5);
	return 0;
}

/* "10000,20000,30000" */
int
run_value_limits(const struct option_row *row, void *target, const char *text)
{
	struct params *p = target;
	char copy[256], *rest = copy;

	if (strlcpy(copy, text, sizeof copy) >= sizeof copy)
		return -ERANGE;
	memset(p->limits, 0, sizeof p->limits);
	for (p->nlimits = 0; rest != NULL; p->nlimits++) {
		struct option_row one = {.least = row->least,
		    .most = row->most,
		    .size = sizeof p->limits[0]};

		if (p->nlimits == PARAMS_MAX_LIMITS ||
		    option_number(
			&one, &p->limits[p->nlimits], strsep(&rest, ",")) != 0)
			return -EINVAL;
	}
	return 0;
}

void
run_value_show_adds(
    const struct option_row *row, const void *target, char *buf, size_t size)
{
	const struct params *p = target;

	(void)row;
	buf[0] = '\0';
	if (p->demo->adds > 0)
		snprintf(buf, size, "%llu", (unsigned long long)p->adds);
}

/* A word that is not on or off is the reason, for a user who would step. */
int
run_value_unwatched(
    const struct option_row *row, void *target, const char *text)
{
	struct params_priv *p = target;

	if (option_switch(row, target, text) == 0)
		return 0;
	p->unwatched = true;
	p->unwatched_why = text;
	return 0;
}

int
run_value_status(const struct option_row *row, void *target, const char *text)
{
	int err = option_switch(row, target, text);
	struct params_priv *p = target;

	p->quiet = !p->quiet;
	return err;
}
