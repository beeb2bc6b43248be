/* decode_keys: the key that a complete sequence stands for. */
#include "term/decode_keys.h"

#include <stdbool.h>
#include <string.h>

#include "term/terminal.h"

#define FUNCTION_KEY(n) (TERMINAL_F1 + (n)-1)

static int
decode_final(unsigned char final)
{
	switch (final) {
	case 'A':
	case 'a': /* rxvt, also the next three: with Shift or Control */
		return TERMINAL_UP;
	case 'B':
	case 'b':
		return TERMINAL_DOWN;
	case 'C':
	case 'c':
		return TERMINAL_RIGHT;
	case 'D':
	case 'd':
		return TERMINAL_LEFT;
	case 'H':
		return TERMINAL_HOME;
	case 'F':
		return TERMINAL_END;
	case 'Z':
		return TERMINAL_BACKTAB;
	case 'P':
	case 'Q':
	case 'R':
	case 'S':
		return FUNCTION_KEY(final - 'P' + 1);
	case 'E':
		return TERMINAL_OTHER; /* the middle of the keypad */
	default:
		return TERMINAL_NONE;
	}
}

static int
decode_number(unsigned n)
{
	static const struct {
		unsigned first, last;
		int key; /* of the first; the others follow */
	} table[] = {
	    {11, 15, FUNCTION_KEY(1)},
	    {17, 21, FUNCTION_KEY(6)},
	    {23, 24, FUNCTION_KEY(11)},
	    {25, 34, TERMINAL_OTHER},
	};

	switch (n) {
	case 1:
	case 7:
		return TERMINAL_HOME;
	case 4:
	case 8:
		return TERMINAL_END;
	case 2:
		return TERMINAL_OTHER; /* Insert */
	case 3:
		return TERMINAL_ERASE;
	case 5:
		return TERMINAL_PAGE_UP;
	case 6:
		return TERMINAL_PAGE_DOWN;
	}
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (n >= table[i].first && n <= table[i].last)
			return table[i].key == TERMINAL_OTHER
			    ? TERMINAL_OTHER
			    : table[i].key + (int)(n - table[i].first);
	return TERMINAL_NONE;
}

/*
 * With Shift a cursor key stays a cursor key; a function key becomes another.
 */
static int
decode_modified(int key, bool modified)
{
	return modified && key >= TERMINAL_F1 && key <= FUNCTION_KEY(12)
	    ? TERMINAL_OTHER
	    : key;
}

/* "5;2" -> {5, 2}. False unless there are at most two numbers. */
static bool
decode_numbers(const unsigned char *p, size_t len, unsigned number[2])
{
	size_t n = 0;

	number[0] = number[1] = 0;
	for (size_t i = 0; i < len; i++) {
		if (p[i] == ';' && ++n < 2)
			continue;
		if (p[i] < '0' || p[i] > '9' || n > 1)
			return false;
		if (number[n] < 1000)
			number[n] = number[n] * 10 + p[i] - '0';
	}
	return true;
}

int
decode_csi_key(const unsigned char *p, size_t len, unsigned char final)
{
	unsigned n[2];

	if (!decode_numbers(p, len, n))
		return TERMINAL_NONE;
	switch (final) {
	case '~':
		return decode_modified(decode_number(n[0]), n[1] > 1);
	case '^': /* rxvt: with Control, with Shift, with both */
	case '$':
	case '@':
		return decode_modified(decode_number(n[0]), true);
	default: /* "1;5A"; "24;80R" is a report */
		return n[0] > 1
		    ? TERMINAL_NONE
		    : decode_modified(decode_final(final), n[1] > 1);
	}
}

/* A keypad key is the character printed on it. */
int
decode_ss3_key(const unsigned char *p, size_t len, unsigned char final)
{
	static const char keypad[] = "jklmnopqrstuvwxy",
			  means[] = "*+,-./0123456789";
	const char *at = strchr(keypad, final);
	unsigned n[2];

	if (!decode_numbers(p, len, n))
		return TERMINAL_NONE;
	if (at != NULL)
		return means[at - keypad];
	switch (final) {
	case 'M':
		return TERMINAL_ENTER;
	case 'I':
		return TERMINAL_TAB;
	case 'X':
		return '=';
	case ' ':
		return ' ';
	default: /* "5P" and "1;5P" are F1 with Control */
		return decode_modified(
		    decode_final(final), n[0] > 1 || n[1] > 1);
	}
}
