/* schedule_string: a schedule with all that it takes to repeat it. */
#include "options/schedule_string.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/demo.h"
#include "lockstep/frame.h"
#include "options/params_priv.h"
#include "options/option_table.h"
#include "sum/lock_kinds.h"

#define LONGEST     (64U << 20) /* bytes of a file */
#define PATIENCE_MS 5000        /* for more from a pipe */
#define EXPECT      (1U << 20)  /* no more steps than that are expected */

const char *
schedule_string_obstacle(const struct params_priv *p)
{
	if (!p->params.demo->stepped)
		return "this demo cannot be stepped: some of its waits are "
		       "not at a gate";
	if (p->params.gil != 0)
		return "--gil: a stepped run cannot have an interpreter lock";
	if (p->duration != 0)
		return "--duration: in a stepped run time stands still";
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
	for (size_t i = 0; i < run_options.nrows; i++) {
		const struct option_row *row = &run_options.rows[i];
		const char *value = row->unscheduled ? NULL : p->texts[i];

		/* It may have been changed since. */
		if (strcmp(row->name, "lock") == 0 && lock != p->lock)
			value = lock_kinds[lock].name;
		if (value != NULL)
			fprintf(out, ",%s=%s", row->name, value);
	}
	fputc(':', out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* ---- reading ---- */

/* More of a file, or of a pipe that has something to say in time. */
static ssize_t
string_read_more(int fd, char *buf, size_t size)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int ready = poll(&p, 1, PATIENCE_MS);

	if (ready == 0)
		errno = ETIMEDOUT;
	return ready <= 0 ? -1 : read(fd, buf, size);
}

/* All of it, NUL-terminated; NULL, and errno. */
static char *
string_read_all(int fd)
{
	char *text = NULL;
	size_t n = 0, room = 0;
	ssize_t got = 1;

	while (got > 0) {
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
		got = string_read_more(fd, text + n, room - n - 1);
		n += got > 0 ? (size_t)got : 0;
	}
	if (got == 0 && memchr(text, '\0', n) != NULL) {
		errno = EILSEQ;
		got = -1;
	}
	if (got != 0) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

/* The file's bytes; NULL, and errno. */
static char *
string_read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return NULL;

	char *text = string_read_all(fd);
	int err = errno;

	close(fd);
	errno = err;
	return text;
}

/* Editors may put a byte order mark in front. */
static void
string_strip(char *text)
{
	static const char mark[] = "\xef\xbb\xbf";
	char *to = text, *from = text;

	if (strncmp(text, mark, strlen(mark)) == 0)
		from += strlen(mark);
	for (; *from != '\0'; from++) {
		if (*from == '#')
			from += strcspn(from, "\n");
		if (*from == '\0')
			break;
		if (!isspace((unsigned char)*from))
			*to++ = *from;
	}
	*to = '\0';
}

/* Bare steps, "a1b3a2", and no file. */
static bool
string_is_bare(const char *given)
{
	const char *p = given;

	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	return *p == '\0' &&
	    (isalpha((unsigned char)*given) || *given == '_') &&
	    access(given, F_OK) != 0;
}

/* To be freed; NULL, and errno. */
static char *
string_read(const struct schedule_string *s, const char *demo)
{
	char *text = string_read_file(s->given);

	if (text == NULL && strchr(s->given, ':') != NULL)
		return strdup(s->given);
	if (text == NULL && demo != NULL && s->bare &&
	    asprintf(&text, "%s:%s", demo, s->given) < 0)
		return NULL;
	return text;
}

/* 0, or -EINVAL if it is none. */
static int
string_split(struct schedule_string *s)
{
	char *colon = strrchr(s->text, ':'), *rest = s->text;

	if (colon == NULL || colon == s->text)
		return -EINVAL;
	*colon = '\0';
	s->steps = colon + 1;
	s->demo = strsep(&rest, ",");
	s->options = rest != NULL ? rest : colon;
	return 0;
}

int
schedule_string_refuse(const struct schedule_string *s, const char *why)
{
	size_t most = 60, len = strlen(s->given);

	fprintf(stderr, "lockstep: --schedule %.*s%s: %s\n", (int)most,
	    s->given, len > most ? "..." : "", why);
	return -1;
}

int
schedule_string_open(
    struct schedule_string *s, const char *given, const char *demo)
{
	char why[160];

	*s = (struct schedule_string){
	    .given = given, .bare = string_is_bare(given)};
	s->text = string_read(s, demo);
	if (s->text == NULL) {
		snprintf(why, sizeof why,
		    "neither DEMO,OPTION=VALUE,...:STEPS nor a file: %s",
		    errno == EILSEQ          ? "it contains a NUL byte"
			: errno == ETIMEDOUT ? "nothing came within 5 s"
					     : strerror(errno));
		return schedule_string_refuse(s, why);
	}
	string_strip(s->text);
	if (string_split(s) != 0)
		return schedule_string_refuse(
		    s, "not of the form DEMO,OPTION=VALUE,...:STEPS");
	if (demo == NULL || strcmp(demo, s->demo) == 0)
		return 0;
	snprintf(why, sizeof why,
	    "a schedule of another demo, %.40s: the demo here is %.40s",
	    s->demo, demo);
	return schedule_string_refuse(s, why);
}

void
schedule_string_close(struct schedule_string *s)
{
	free(s->text);
	*s = (struct schedule_string){0};
}

/* Does an option begin here, and not one more item of the last one's list? */
static bool
string_option_begins(const char *text)
{
	return text[strcspn(text, "=,")] == '=';
}

/*
 * Cut the next option out of a list; false: there is none, or *name is what has
 * no value. A value may have commas in it.
 */
static bool
string_option(char **options, char **name, char **value)
{
	char *p = *options;

	*name = p;
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

int
schedule_string_apply(struct schedule_string *s, const struct option_set *set,
    void *target, option_take *take)
{
	char *list = s->options, *name, *value, why[160];

	if (list == NULL)
		return 0;
	while (string_option(&list, &name, &value)) {
		const struct option_row *row = option_find(set, name);

		if (row == NULL || row->unscheduled) {
			snprintf(why, sizeof why,
			    "a schedule has no option '%.40s'", name);
			return schedule_string_refuse(s, why);
		}
		if (take(set, target, row, value) != 0)
			return -1;
	}
	if (*name == '\0')
		return 0;
	snprintf(
	    why, sizeof why, "'%.40s' has no value: use OPTION=VALUE", name);
	return schedule_string_refuse(s, why);
}

int
schedule_string_agrees(const struct option_row *row, const void *before,
    const void *target, const char *value)
{
	if (option_same(row, before, target))
		return 0;
	fprintf(stderr,
	    "lockstep: --%s %s: the schedule was made with another value: "
	    "leave the option out\n",
	    row->name, value);
	return -1;
}
