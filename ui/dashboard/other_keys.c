/*
 * other_keys: guessing, freezing, themes, pictures, leaving, and the schedule
 * of a search.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dashboard/dashboard_priv.h"
#include "dashboard/key_table.h"
#include "export/svg.h"
#include "model/snapshot.h"
#include "term/terminal.h"

#define CONTROL(c) ((c)&0x1f)
#define PICTURES   1000 /* in one folder */

static unsigned
other_through(struct dashboard *d, int code)
{
	(void)code;
	return d->show.screen.view == &view_explore ? DO_REDRAW | DO_THROUGH
						    : DO_NOTHING;
}

static unsigned
other_guess(struct dashboard *d, int code)
{
	const struct predict *p = d->show.screen.predict;

	(void)code;
	if (p == NULL)
		dashboard_say(
		    d, "no prediction in this run: start with --predict");
	else if (!predict_hides(p))
		dashboard_say(d, "the sum is already revealed");
	else
		prompt_guess(&d->show.prompt);
	return DO_REDRAW;
}

static bool
other_guesses(struct keys_where w)
{
	return w.guesses;
}

/* The display stands still, the model goes on. */
static unsigned
other_freeze(struct dashboard *d, int code)
{
	(void)code;
	if (d->frozen != NULL) {
		model_free(d->frozen);
		d->frozen = NULL;
		return DO_REDRAW;
	}
	d->frozen = snapshot_new(d->model);
	if (d->frozen == NULL)
		dashboard_say(d, "not enough memory to freeze the display");
	return DO_REDRAW;
}

/* Never over a file that there is. */
static unsigned
other_save(struct dashboard *d, int code)
{
	char name[32];
	int error = -EEXIST;

	(void)code;
	if (d->options->picture.path != NULL)
		return DO_NOTHING;
	for (int i = 1; i < PICTURES && error == -EEXIST; i++) {
		snprintf(name, sizeof name, "lockstep-%d.svg", i);
		error = svg_save(&d->canvas, d->theme, name, true);
	}
	if (error == 0)
		dashboard_say(d, "the screen is saved as %s", name);
	else
		dashboard_say(
		    d, "cannot save the screen: %s", strerror(-error));
	return DO_REDRAW;
}

static unsigned
other_redraw(struct dashboard *d, int code)
{
	(void)d;
	(void)code;
	terminal_redraw();
	return DO_REDRAW;
}

static unsigned
other_quit(struct dashboard *d, int code)
{
	(void)d;
	(void)code;
	return DO_QUIT;
}

static const struct keys_binding rows[] = {
    {.group = KEYS_EXPLORE,
	.codes = {TERMINAL_ENTER},
	.label = "Enter",
	.bar = "step through it",
	.help = "step through the schedule shown, in the live dashboard",
	.run = other_through},
    {.group = KEYS_OTHER,
	.codes = {'P'},
	.label = "P",
	.bar = "guess",
	.bar_when = other_guesses,
	.help = "with --predict: guess what the sum will be",
	.run = other_guess},
    {.group = KEYS_OTHER,
	.search = true,
	.codes = {'z'},
	.label = "z",
	.bar = "freeze",
	.help = "freeze the display; the run continues",
	.run = other_freeze},
    {.group = KEYS_OTHER,
	.search = true,
	.codes = {'T'},
	.label = "T",
	.help = "the next theme: dark, light, projector, mono",
	.run = themes_next},
    {.group = KEYS_OTHER,
	.search = true,
	.codes = {'S'},
	.label = "S",
	.help = "save the screen as a picture, lockstep-1.svg and so on",
	.run = other_save},
    {.group = KEYS_OTHER,
	.search = true,
	.codes = {CONTROL('l')},
	.label = "^L",
	.help = "redraw the screen",
	.action = ACTION_REDRAW,
	.run = other_redraw},
    {.group = KEYS_OTHER,
	.search = true,
	.first = true,
	.codes = {'q', 'Q', TERMINAL_F10},
	.label = "q F10",
	.bar = "quit",
	.help = "quit at once; F10 also while a filter is typed",
	.action = ACTION_QUIT,
	.run = other_quit},
};

const struct keys_rows other_keys = {rows, sizeof rows / sizeof rows[0]};
