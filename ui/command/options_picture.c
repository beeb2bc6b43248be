/* options_picture: --screenshot and what goes with it. */
#include "command/options_picture.h"

#include <err.h>
#include <stdio.h>
#include <string.h>

#include "lockstep/util.h"
#include "term/terminal.h"

#define USAGE 2

int
option_screenshot(struct options *o, const char *value)
{
	if (value[0] == '\0') {
		warnx("--screenshot: the name of the FILE is empty");
		return USAGE;
	}
	o->dashboard.picture.path = value;
	return 0;
}

int
option_at(struct options *o, const char *value)
{
	if (parse_time(value, &o->dashboard.picture.at) == 0)
		return 0;
	warnx("--at: '%s' is no time; use one such as 4s or 500ms", value);
	return USAGE;
}

int
option_size(struct options *o, const char *value)
{
	struct dashboard_picture *p = &o->dashboard.picture;
	char more;

	if (sscanf(value, "%4dx%4d%c", &p->cols, &p->rows, &more) == 2 &&
	    p->cols >= 1 && p->cols <= 1000 && p->rows >= 1 && p->rows <= 1000)
		return 0;
	warnx("--size: '%s' is no size; use COLSxROWS, such as 120x36", value);
	return USAGE;
}

int
option_keys(struct options *o, const char *value)
{
	for (const char *s = value; *s != '\0';) {
		size_t len = strcspn(s, ",");

		if (picture_key(s, len) == TERMINAL_NONE) {
			warnx("--keys: '%.*s' is no key; use a character, Up, "
			      "Down, Left, Right, PgUp, PgDn, Home, End, "
			      "Enter, Tab or Esc",
			    (int)len, s);
			return USAGE;
		}
		s += len + (s[len] == ',');
	}
	o->dashboard.picture.keys = value;
	return 0;
}

int
options_refuse_picture(const struct options *o)
{
	const struct dashboard_picture *p = &o->dashboard.picture;
	const char *name = p->path != NULL ? "screenshot"
	    : p->at != UINT64_MAX          ? "at"
	    : p->rows > 0                  ? "size"
	    : p->keys != NULL              ? "keys"
					   : NULL;

	if (name == NULL || (p->path != NULL && o->action == ACTION_REPLAY))
		return 0;
	if (p->path != NULL)
		warnx("--screenshot: only of a recording: lockstep replay FILE "
		      "--screenshot %s",
		    p->path);
	else
		warnx("--%s: only with --screenshot", name);
	return USAGE;
}
