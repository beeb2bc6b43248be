/* watch: a terminal that is hard to please. */
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define CANCEL 24 /* ends a sequence that was begun */

static void
wrong(struct watch *w, const char *what, unsigned value)
{
	if (w->wrong[0] == '\0')
		snprintf(w->wrong, sizeof w->wrong, "it wrote %s (%#x)", what,
		    value);
}

static void
check_char(struct watch *w, uint32_t ch)
{
	if (ch < 0xa0 || wcwidth((wchar_t)ch) < 0)
		wrong(w, "a character that is not printable", ch);
	else if (w->ascii)
		wrong(w, "a character that is not ASCII", ch);
}

/* Overlong forms, surrogates and what is beyond are no UTF-8. */
static void
utf8_byte(struct watch *w, unsigned char c)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};

	if ((c & 0xc0) != 0x80) {
		wrong(w, "a byte that is not UTF-8", c);
		w->state = WATCH_GROUND;
		return;
	}
	w->ch = w->ch << 6 | (c & 0x3f);
	if (++w->len <= w->more)
		return;
	w->state = WATCH_GROUND;
	if (w->ch < least[w->more] || w->ch > 0x10ffff ||
	    (w->ch >= 0xd800 && w->ch < 0xe000))
		wrong(w, "a character that is not UTF-8", w->ch);
	else
		check_char(w, w->ch);
}

static void
begin_utf8(struct watch *w, unsigned char c)
{
	if (c < 0xc2 || c > 0xf4) {
		wrong(w, "a byte that is not UTF-8", c);
		return;
	}
	w->more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
	w->ch = c & (0x3fU >> w->more);
	w->len = 1;
	w->state = WATCH_UTF8;
}

/* SI and SO are in what some terminals call sgr0. */
static void
ground(struct watch *w, unsigned char c)
{
	w->state = WATCH_GROUND;
	if (c == 27) {
		w->state = WATCH_ESCAPE;
		w->len = 0;
	} else if (c >= 0x80)
		begin_utf8(w, c);
	else if (c == 0x7f ||
	    (c < ' ' && c != '\r' && c != '\n' && c != 14 && c != 15 &&
		(!w->echo || (c != '\t' && c != '\b'))))
		wrong(w, "a control character", c);
}

static void
escape(struct watch *w, unsigned char c)
{
	w->state = WATCH_GROUND;
	switch (c) {
	case '[':
		w->state = WATCH_CONTROL;
		break;
	case ']':
		w->state = WATCH_ASK;
		break;
	case '(':
	case ')':
		w->state = WATCH_CHARSET;
		break;
	case '=':
	case '>':
		w->keypad = c == '=';
		break;
	case '7':
	case '8':
		break;
	default:
		wrong(w, "an escape sequence that is not known: ESC", c);
	}
}

static void
set_mode(struct watch *w, const char *modes, bool on)
{
	char *end;

	for (const char *s = modes; *s != '\0';
	     s = *end != '\0' ? end + 1 : end) {
		switch (strtol(s, &end, 10)) {
		case 1:
			w->keypad = on;
			break;
		case 25:
			w->hidden = !on;
			break;
		case 47:
		case 1047:
		case 1049:
			w->other = on;
			w->enters += on;
			break;
		default:
			break;
		}
		if (end == s)
			break;
	}
}

/* Those that curses and render send, of the terminals that we have. */
static void
control(struct watch *w, unsigned char c)
{
	if (w->len + 1 < sizeof w->sequence &&
	    (strchr("?>=!; ", c) != NULL || (c >= '0' && c <= '9'))) {
		w->sequence[w->len++] = (char)c;
		return;
	}
	w->sequence[w->len] = '\0';
	w->state = WATCH_GROUND;
	if (c == '\0' ||
	    (strchr("ABCDGHJKLMPSTX@bdghlmprst", c) == NULL &&
		(c != 'c' || w->sequence[0] != '?')))
		wrong(w, "an escape sequence that is not known: CSI", c);
	else if ((c == 'h' || c == 'l') && w->sequence[0] == '?')
		set_mode(w, w->sequence + 1, c == 'h');
	else if (c == 'J')
		w->clears++;
}

/* Of all strings only this one is sent: OSC 11 ; ? ST. */
static void
ask(struct watch *w, unsigned char c)
{
	static const char question[] = "11;?";

	if (w->state == WATCH_ASK_END) {
		w->state = WATCH_GROUND;
		if (c != '\\')
			wrong(w, "a string without its end", c);
	} else if (c == 27 && w->len == sizeof question - 1)
		w->state = WATCH_ASK_END;
	else if (w->len >= sizeof question - 1 ||
	    c != (unsigned char)question[w->len++]) {
		w->state = WATCH_GROUND;
		wrong(w, "a string that is not known: OSC ...", c);
	}
}

static void
watch_byte(struct watch *w, unsigned char c)
{
	if (w->wrong[0] == '\0') /* else those before it are kept */
		w->last[w->bytes++ % WATCH_LAST] = (char)c;
	if (c == CANCEL) {
		w->state = WATCH_CANCEL;
		return;
	}
	/* The rest of a sequence was dropped; another one begins. */
	if (c == 27 && w->drops)
		w->state = WATCH_GROUND;
	switch (w->state) {
	case WATCH_GROUND:
		ground(w, c);
		break;
	case WATCH_CANCEL:
		if (c != 27)
			wrong(w, "CAN, and no escape sequence after it", c);
		ground(w, c);
		break;
	case WATCH_ESCAPE:
		escape(w, c);
		break;
	case WATCH_CONTROL:
		control(w, c);
		break;
	case WATCH_ASK:
	case WATCH_ASK_END:
		ask(w, c);
		break;
	case WATCH_CHARSET:
		w->state = WATCH_GROUND;
		break;
	case WATCH_UTF8:
		utf8_byte(w, c);
		break;
	}
}

void
watch_bytes(struct watch *w, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		watch_byte(w, (unsigned char)bytes[i]);
}

size_t
watch_last(const struct watch *w, char out[WATCH_LAST])
{
	size_t n = w->bytes < WATCH_LAST ? (size_t)w->bytes : WATCH_LAST;

	for (size_t i = 0; i < n; i++)
		out[i] = w->last[(w->bytes - n + i) % WATCH_LAST];
	return n;
}
