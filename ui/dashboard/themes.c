/*
 * themes: which one is shown. Unless one is chosen, it is the one that fits the
 * terminal, which says in time whether its background is light; if it says
 * nothing, it is taken to be dark.
 */
#include <stdlib.h>

#include "dashboard/dashboard_priv.h"
#include "lockstep/util.h"
#include "term/terminal.h"

#define ANSWER_NS 50000000ULL /* a terminal's time to say so */

static bool
themes_colours_unwanted(enum dashboard_color color)
{
	const char *no = getenv("NO_COLOR");

	if (color != COLOR_AUTO)
		return color == COLOR_NEVER;
	return no != NULL && no[0] != '\0';
}

bool
themes_ask(const struct dashboard_options *o)
{
	return o->theme == THEME_AUTO && !themes_colours_unwanted(o->color);
}

static void
themes_show(struct dashboard *d, enum theme theme)
{
	const struct theme_paper *paper = theme_paper(theme);
	bool light = terminal_background() == TERMINAL_BACKGROUND_LIGHT;

	d->theme = theme;
	d->canvas.few = theme == THEME_PROJECTOR;
	terminal_theme(theme, paper->paints || paper->light != light);
}

/* Asked or not, it has answered or will not. */
static enum theme
themes_fitting(const struct dashboard_options *o)
{
	if (themes_colours_unwanted(o->color) &&
	    (o->theme == THEME_AUTO || o->color == COLOR_NEVER))
		return THEME_MONO;
	if (o->theme != THEME_AUTO)
		return o->theme;
	return terminal_background() == TERMINAL_BACKGROUND_LIGHT ? THEME_LIGHT
								  : THEME_DARK;
}

void
themes_begin(struct dashboard *d)
{
	bool waits = themes_ask(d->options) && terminal_colours();

	d->answer_by = waits ? now_ns() + ANSWER_NS : 0;
	if (!waits)
		themes_show(d, themes_fitting(d->options));
}

void
themes_look_for_answer(struct dashboard *d)
{
	if (d->answer_by == 0 ||
	    (d->now < d->answer_by &&
		terminal_background() == TERMINAL_BACKGROUND_UNKNOWN))
		return;
	d->answer_by = 0;
	themes_show(d, themes_fitting(d->options));
}

unsigned
themes_next(struct dashboard *d, int code)
{
	enum theme next =
	    d->theme + 1 < THEME_COUNT ? d->theme + 1 : THEME_DARK;

	(void)code;
	if (!terminal_colours()) {
		dashboard_say(d, "this terminal has no colours");
		return DO_REDRAW;
	}
	d->answer_by = 0;
	themes_show(d, next);
	dashboard_say(d, "theme: %s", theme_paper(next)->name);
	return DO_REDRAW;
}
