/*
 * background: what a terminal answers to OSC 11: "rgb:ffff/ffff/ffff", with one
 * to four digits each, "rgba:" with one more, or "#ffffff".
 */
#include "term/background.h"

#include <stdbool.h>
#include <string.h>

#define BEGIN "\33]11;"

struct background_text {
	const unsigned char *at, *end;
};

static bool
background_skip(struct background_text *t, const char *s)
{
	size_t n = strlen(s);

	if ((size_t)(t->end - t->at) < n || memcmp(t->at, s, n) != 0)
		return false;
	t->at += n;
	return true;
}

/* Up to `most` hexadecimal digits as a value from 0 to 255, or -1. */
static int
background_part(struct background_text *t, int most)
{
	static const char digits[] = "0123456789abcdef";
	int value = 0, all = 0;

	for (int i = 0; i < most && t->at < t->end && *t->at != '\0'; i++) {
		const char *digit = strchr(digits, *t->at | 0x20);

		if (digit == NULL)
			break;
		value = value * 16 + (int)(digit - digits);
		all = all * 16 + 15;
		t->at++;
	}
	return all > 0 ? value * 255 / all : -1;
}

enum terminal_background
background_read(const unsigned char *sequence, size_t len)
{
	struct background_text t = {sequence, sequence + len};
	int part[3];

	if (!background_skip(&t, BEGIN))
		return TERMINAL_BACKGROUND_UNKNOWN;

	bool short_form = background_skip(&t, "#");

	if (!short_form && !background_skip(&t, "rgb:") &&
	    !background_skip(&t, "rgba:"))
		return TERMINAL_BACKGROUND_UNKNOWN;
	for (int i = 0; i < 3; i++) {
		if (i > 0 && !short_form && !background_skip(&t, "/"))
			return TERMINAL_BACKGROUND_UNKNOWN;
		part[i] = background_part(&t, short_form ? 2 : 4);
		if (part[i] < 0)
			return TERMINAL_BACKGROUND_UNKNOWN;
	}
	return 299 * part[0] + 587 * part[1] + 114 * part[2] > 127 * 1000
	    ? TERMINAL_BACKGROUND_LIGHT
	    : TERMINAL_BACKGROUND_DARK;
}
