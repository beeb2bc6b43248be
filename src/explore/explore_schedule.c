/* explore_string: a schedule with the demo and its parameters. */
#include "explore/explore_schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/explore_options.h"

#define PREFIX 160 /* bytes of demo and parameters, with the NUL */

/* One item of as many tasks as there are threads: each takes one of them. */
void
explore_string_format(char buf[static EXPLORE_STRING],
    const struct explore_options *o, const struct schedule *s)
{
	const struct explore_small *small = &o->small;
	char letters[STEPS_TEXT], guard[40] = "";

	schedule_format(letters, s);
	if (o->demo->adds_up && strcmp(small->lock, "none") != 0)
		snprintf(guard, sizeof guard, ",lock=%s", small->lock);
	if (o->demo->fixes != NULL && strcmp(small->fix, "none") != 0)
		snprintf(guard, sizeof guard, ",fix=%s", small->fix);
	if (o->demo->adds_up)
		snprintf(buf, EXPLORE_STRING,
		    "%s,processes=1,threads=%u,items=%u,adds=%u%s,steps=%u:%s",
		    o->demo->name, small->threads, small->threads, small->adds,
		    guard, small->steps, letters);
	else
		snprintf(buf, EXPLORE_STRING,
		    "%s,threads=%u,adds=%u%s,steps=3:%s", o->demo->name,
		    small->threads, small->adds, guard, letters);
}

static int
refuse(const char *string, const char *word, const char *why)
{
	fprintf(stderr, "lockstep: --schedule %s: %s: %s\n", string, word, why);
	return -1;
}

/* What has been read: some of it is only to be checked. */
struct reading {
	struct explore_options *options;
	const char *string;
	const char *items; /* NULL: not there */
	bool steps;
};

static int
parameter(
    struct reading *r, const char *word, const char *name, const char *value)
{
	static const char *const known[] = {
	    "threads", "adds", "steps", "lock", "fix"};

	if (strcmp(name, "processes") == 0)
		return strcmp(value, "1") == 0
		    ? 0
		    : refuse(r->string, word, "the small form is 1 process");
	if (strcmp(name, "items") == 0) {
		r->items = value;
		return 0;
	}
	r->steps |= strcmp(name, "steps") == 0;
	if (strcmp(name, "steps") == 0 && !r->options->demo->adds_up)
		return strcmp(value, "2") == 0 || strcmp(value, "3") == 0
		    ? 0
		    : refuse(r->string, word, "2 or 3 is wanted");
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(known[i], name) == 0)
			return explore_options_set(r->options, name, value);
	return refuse(r->string, word, "means nothing to a small form");
}

static int
parameters(struct reading *r, char *rest)
{
	char threads[16];

	for (char *word; (word = strsep(&rest, ",")) != NULL;) {
		char *value = strchr(word, '='), whole[PREFIX];

		snprintf(whole, sizeof whole, "%s", word);
		if (value == NULL)
			return refuse(r->string, whole, "NAME=VALUE is wanted");
		*value++ = '\0';
		if (parameter(r, whole, word, value) != 0)
			return -1;
	}
	if (!r->steps)
		return refuse(r->string, "steps",
		    "steps=2 or steps=3 is wanted: a small form has no others");
	snprintf(threads, sizeof threads, "%u", r->options->small.threads);
	if (r->items != NULL && strcmp(r->items, threads) != 0)
		return refuse(r->string, "items",
		    "the small form is one item, of a task for each thread");
	return 0;
}

int
explore_string_apply(struct explore_options *o)
{
	const char *string = o->schedule, *colon = strchr(string, ':');
	struct reading r = {.options = o, .string = string};
	char prefix[PREFIX], *rest = prefix;

	if (colon == NULL)
		return 0;
	if ((size_t)(colon - string) >= sizeof prefix)
		return refuse(string, o->demo->name, "too many parameters");
	snprintf(prefix, sizeof prefix, "%.*s", (int)(colon - string), string);
	o->schedule = colon + 1;

	char *demo = strsep(&rest, ",");

	if (strcmp(demo, o->demo->name) != 0)
		return refuse(string, demo, "that is another demo");
	return parameters(&r, rest);
}
