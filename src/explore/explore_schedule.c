/* explore_schedule: a schedule with the demo and its parameters. */
#include "explore/explore_schedule.h"

#include <stdio.h>
#include <string.h>

/* One item of as many tasks as there are threads: each takes one of them. */
void
explore_string_format(char buf[static EXPLORE_STRING],
    const struct explore_options *o, const struct interleaving *s)
{
	const struct explore_small *small = &o->small;
	char letters[STEPS_TEXT], guard[40] = "";

	interleaving_format(letters, s);
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
