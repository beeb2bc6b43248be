/* gil_text: what the interpreter lock does to adds, in words. */
#include "text/gil_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_SLEEPS 1000000.0 /* ns: longer windows sleep; see sum/add.c */

bool
gil_text_counts(const struct model *m, char buf[GIL_TEXT_LEN])
{
	const char *value = model_param(m, "handovers");
	int digits = (int)strspn(value, "0123456789");

	buf[0] = '\0';
	if (digits == 0)
		return false;
	snprintf(buf, GIL_TEXT_LEN,
	    "the interpreter lock changed hands %.*s time%s%s", digits, value,
	    digits == 1 && value[0] == '1' ? "" : "s", value + digits);
	return true;
}

const char *
gil_text_rule(const struct model *m)
{
	double window = (double)m->control.window;

	if (m->control.speed > 0)
		window = window * 1000 / m->control.speed;
	if (window == 0)
		return "without a window a thread keeps it from load to store";
	if (window > WINDOW_SLEEPS)
		return "the window sleeps, so the thread gives it up there";
	return "the window computes, so a thread keeps it there until the "
	       "switch interval is over";
}
