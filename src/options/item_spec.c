/* item_spec: what --items, --item-work and --task-work may be given. */
#include "options/params_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/util_priv.h"
#include "lockstep/util.h"

/* A decimal number without sign or space; moves *text behind it. */
static int
spec_number(const char **text, uint64_t max, uint64_t *value)
{
	char *end;

	if (**text < '0' || **text > '9')
		return -EINVAL;
	errno = 0;
	unsigned long long v = strtoull(*text, &end, 10);
	if (errno == ERANGE || v > max)
		return -ERANGE;
	*text = end;
	*value = v;
	return 0;
}

/* N, N-M, NxTIMES or N-MxTIMES. */
static int
spec_items_run_parse(struct items_run *run, const char **text)
{
	uint64_t first, last, times = 1;
	int err = spec_number(text, PARAMS_MAX_N, &first);

	last = first;
	if (err == 0 && **text == '-') {
		(*text)++;
		err = spec_number(text, PARAMS_MAX_N, &last);
	}
	if (err == 0 && **text == 'x') {
		(*text)++;
		err = spec_number(text, PARAMS_MAX_ITEMS, &times);
	}
	if (err != 0)
		return err;
	if (first == 0 || last < first || times == 0)
		return -ERANGE;
	*run = (struct items_run){
	    .first = (uint32_t)first, .last = (uint32_t)last, .times = times};
	return 0;
}

int
items_parse(struct items *items, const char *spec)
{
	memset(items, 0, sizeof *items);
	for (;;) {
		struct items_run *run = &items->run[items->nruns];

		if (items->nruns == ITEMS_MAX_RUNS)
			return -ERANGE;
		int err = spec_items_run_parse(run, &spec);
		if (err != 0)
			return err;
		items->nruns++;
		items->total += (run->last - run->first + 1) * run->times;
		if (items->total > PARAMS_MAX_ITEMS)
			return -ERANGE;
		if (*spec == '\0')
			return 0;
		if (*spec++ != ',')
			return -EINVAL;
	}
}

uint32_t
items_at(const struct items *items, uint64_t i)
{
	for (unsigned r = 0; r < items->nruns; r++) {
		const struct items_run *run = &items->run[r];
		uint64_t span = run->last - run->first + 1;

		if (i < span * run->times)
			return run->first + (uint32_t)(i % span);
		i -= span * run->times;
	}
	fatal("item %llu is beyond the last", (unsigned long long)i);
}

int
work_parse(struct work *work, const char *text)
{
	if (strcmp(text, "none") == 0) {
		*work = (struct work){.kind = WORK_NONE};
		return 0;
	}
	if (strncmp(text, "sleep:", 6) == 0)
		work->kind = WORK_SLEEP;
	else if (strncmp(text, "spin:", 5) == 0)
		work->kind = WORK_SPIN;
	else
		return -EINVAL;
	return parse_time(strchr(text, ':') + 1, &work->ns);
}

void
work_format(char *buf, size_t size, const struct work *work)
{
	char time[32];

	if (work->kind == WORK_NONE) {
		snprintf(buf, size, "none");
		return;
	}
	format_time(time, sizeof time, work->ns);
	snprintf(buf, size, "%s:%s",
	    work->kind == WORK_SLEEP ? "sleep" : "spin", time);
}
