/* picture: a moment of a recording, drawn without a terminal. */
#include <sys/stat.h>

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/dashboard_priv.h"
#include "export/svg.h"
#include "lockstep/util.h"
#include "stream/recording.h"
#include "term/terminal.h"

#define ROWS 36
#define COLS 120

int
picture_key(const char *word, size_t len)
{
	static const struct {
		const char *name;
		int key;
	} names[] = {
	    {"Up", TERMINAL_UP},
	    {"Down", TERMINAL_DOWN},
	    {"Left", TERMINAL_LEFT},
	    {"Right", TERMINAL_RIGHT},
	    {"PgUp", TERMINAL_PAGE_UP},
	    {"PgDn", TERMINAL_PAGE_DOWN},
	    {"Home", TERMINAL_HOME},
	    {"End", TERMINAL_END},
	    {"Enter", TERMINAL_ENTER},
	    {"Tab", TERMINAL_TAB},
	    {"Esc", TERMINAL_ESCAPE},
	};

	if (len == 1 && word[0] > ' ' && word[0] < 127)
		return word[0];
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strlen(names[i].name) == len &&
		    strncmp(names[i].name, word, len) == 0)
			return names[i].key;
	return TERMINAL_NONE;
}

/* A key is for what is drawn. */
static void
picture_draw(struct dashboard *d)
{
	d->now = now_ns();
	dashboard_take_in(d);
	dashboard_compose(d);
}

static void
picture_press_all(struct dashboard *d, const char *keys)
{
	while (*keys != '\0') {
		size_t len = strcspn(keys, ",");

		dashboard_press(d, picture_key(keys, len));
		picture_draw(d);
		keys += len + (keys[len] == ',');
	}
}

/* The file may not be the recording itself. */
static bool
picture_is_recording(const char *path, const char *recording)
{
	struct stat a, b;

	return stat(path, &a) == 0 && stat(recording, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int
picture_of(struct dashboard *d)
{
	const struct dashboard_picture *p = &d->options->picture;
	bool sized = p->rows > 0;
	enum theme theme = d->options->theme;

	if (canvas_resize(&d->canvas, sized ? p->rows : ROWS,
		sized ? p->cols : COLS) != 0)
		return -ENOMEM;
	d->theme = theme == THEME_AUTO ? THEME_DARK : theme;
	d->canvas.few = d->theme == THEME_PROJECTOR;
	d->canvas.ascii = d->options->ascii;
	recording_set_pace(stream_recording(d->stream), 1, true);
	recording_seek(stream_recording(d->stream), d->model,
	    p->at < INT64_MAX ? (int64_t)p->at : INT64_MAX);
	picture_draw(d);
	if (p->keys != NULL)
		picture_press_all(d, p->keys);
	return svg_save(&d->canvas, d->theme, p->path, false);
}

int
dashboard_picture(struct model *m, struct stream *s,
    const struct dashboard_options *options, const char *recording)
{
	struct dashboard *d;
	int error;

	if (picture_is_recording(options->picture.path, recording))
		return -EEXIST;
	/* A picture is in UTF-8, whatever the terminal is. */
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	d = dashboard_new(m, s, options);
	if (d == NULL)
		return -ENOMEM;
	error = picture_of(d);
	dashboard_free(d);
	return error;
}
