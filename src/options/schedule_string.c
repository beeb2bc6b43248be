/* schedule_string: a schedule with all that it takes to repeat it. */
#include "options/schedule_string.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/demo.h"
#include "lockstep/frame.h"
#include "options/params_priv.h"
#include "options/option_table.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

#define LONGEST (64U << 20) /* bytes of a file */
#define EXPECT  (1U << 20)  /* no more steps than that are expected */

const char *
schedule_string_obstacle(const struct params_priv *p)
{
	if (!p->params.demo->stepped)
		return "this demo cannot be stepped: it waits elsewhere than "
		       "at a gate";
	if (p->params.gil != 0)
		return "--gil: a stepped run cannot say who has the "
		       "interpreter lock";
	if (p->duration != 0)
		return "--duration: a stepped run knows no time";
	return NULL;
}

bool
schedule_string_fits(const struct params_priv *p)
{
	return schedule_string_obstacle(p) == NULL;
}

uint64_t
schedule_string_expected(const struct params_priv *p)
{
	uint64_t each = p->steps == 2 ? 2 : 3, tasks = 0;
	uint64_t adds = p->params.adds > 0 ? p->params.adds : 1;

	if (p->lock != 0)
		each += 2;
	for (uint64_t i = 0; i < p->items.total && tasks < EXPECT; i++)
		tasks += items_at(&p->items, i);
	if (tasks == 0)
		tasks = p->params.processes * p->params.threads;
	if (tasks >= EXPECT || adds >= EXPECT || tasks * adds * each >= EXPECT)
		return EXPECT;
	return tasks * adds * each;
}

/* ---- writing ---- */

char *
schedule_string_prefix(const struct params_priv *p, unsigned lock)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	fputs(p->params.demo->name, out);
	for (size_t i = 0; i < nrows; i++) {
		const char *value = p->texts[i];

		/* It may have been changed since. */
		if (strcmp(rows[i].name, "lock") == 0 && lock != p->lock)
			value = lock_kinds[lock].name;
		if (value != NULL)
			fprintf(out, ",%s=%s", rows[i].name, value);
	}
	fputc(':', out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* ---- reading ---- */

/* The file's bytes; NULL, and errno. */
static char *
string_read_file(const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t n = 0, room = 0;

	if (in == NULL)
		return NULL;
	errno = 0;
	for (;;) {
		if (n + 1 >= room) {
			room = 2 * room + 4096;
			char *more =
			    room > LONGEST ? NULL : realloc(text, room);
			if (more == NULL) {
				errno = room > LONGEST ? EFBIG : ENOMEM;
				break;
			}
			text = more;
		}
		size_t got = fread(text + n, 1, room - n - 1, in);
		n += got;
		if (got == 0)
			break;
	}
	int err = errno;
	fclose(in);
	if (err != 0) {
		free(text);
		errno = err;
		return NULL;
	}
	text[n] = '\0';
	return text;
}

static void
string_strip(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		if (*from == '#')
			from += strcspn(from, "\n");
		if (*from == '\0')
			break;
		if (!isspace((unsigned char)*from))
			*to++ = *from;
	}
	*to = '\0';
}

bool
schedule_string_is_bare(const char *given)
{
	const char *p = given;

	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	return *p == '\0' &&
	    (isalpha((unsigned char)*given) || *given == '_') &&
	    access(given, F_OK) != 0;
}

char *
schedule_string_read(
    const char *given, const char *demo, char *why, size_t size)
{
	bool string = strchr(given, ':') != NULL;
	char *text = string_read_file(given);

	if (text == NULL && string)
		text = strdup(given);
	else if (text == NULL && demo != NULL &&
	    schedule_string_is_bare(given) &&
	    asprintf(&text, "%s:%s", demo, given) < 0)
		text = NULL;
	if (text == NULL) {
		snprintf(why, size,
		    "neither DEMO,OPTION=VALUE,...:STEPS nor a file: %s",
		    strerror(errno));
		return NULL;
	}
	string_strip(text);
	return text;
}

int
schedule_string_split(struct schedule_string *r, char *string)
{
	char *colon = strrchr(string, ':');

	if (colon == NULL || colon == string)
		return -EINVAL;
	*colon = '\0';
	r->steps = colon + 1;
	r->demo = strsep(&string, ",");
	r->options = string != NULL ? string : colon;
	return 0;
}

/* Does an option begin here, and not one more item of the last one's list? */
static bool
string_option_begins(const char *text)
{
	return text[strcspn(text, "=,")] == '=';
}

bool
schedule_string_option(char **options, char **name, char **value)
{
	char *p = *options;

	*name = p;
	*value = NULL;
	if (*p == '\0' || !string_option_begins(p))
		return false;
	*value = strchr(p, '=');
	*(*value)++ = '\0';
	for (p = *value; (p = strchr(p, ',')) != NULL; p++) {
		if (!string_option_begins(p + 1))
			continue;
		*p = '\0';
		*options = p + 1;
		return true;
	}
	*options = *value + strlen(*value);
	return true;
}
