/* decode: turns the bytes of a terminal into keys. */
#include "term/decode.h"

#include <string.h>
#include <wchar.h>

#include "term/background.h"
#include "term/decode_keys.h"

#define ESCAPE 0x1b
#define BELL   0x07
#define CANCEL 0x18
#define SUBST  0x1a
#define DELETE 0x7f

/*
 * How long to wait for the rest. The bytes of one key arrive together, but a
 * slow line may separate them: an incomplete sequence waits longer than an ESC,
 * which may be a key by itself. If ESC was taken for the key too early, a `[`
 * that follows soon is held back, to see whether more follows.
 */
#define ESCAPE_MS   25
#define HELD_MS     150
#define SEQUENCE_MS 500
#define PASTE_MS    1000

static int decode_ground(struct decode *, unsigned char);
static int decode_sequence(struct decode *, unsigned char);

/* Pasted bytes are text and nothing else. */
static int
decode_emit(const struct decode *d, int key)
{
	bool text = key >= ' ' && key < TERMINAL_UP && key != DELETE;

	return d->pasting && !text ? TERMINAL_NONE : key;
}

/* After ESC: SS3, DCS, SOS, CSI, OSC, PM or APC. */
static bool
decode_introduces(unsigned char b)
{
	return b != '\0' && strchr("OPX[]^_", b) != NULL;
}

static int
decode_swallow(struct decode *d)
{
	d->state = DECODE_GROUND;
	d->alt = false;
	return TERMINAL_NONE;
}

static void
decode_begin(struct decode *d, bool alt)
{
	d->state = DECODE_ESCAPE;
	d->alt = alt;
	d->held = false;
	d->sequence[0] = ESCAPE;
	d->len = 1;
}

static int
decode_csi(struct decode *d, unsigned char final)
{
	static const unsigned char begin[] = {ESCAPE, '[', '2', '0', '0', '~'},
				   end[] = {ESCAPE, '[', '2', '0', '1', '~'};

	if (d->len > DECODE_SEQUENCE)
		return TERMINAL_NONE;
	if (d->len == sizeof begin && memcmp(d->sequence, begin, d->len) == 0)
		d->pasting = true;
	if (d->len == sizeof end && memcmp(d->sequence, end, d->len) == 0)
		d->pasting = false;
	return decode_csi_key(d->sequence + 2, d->len - 3, final);
}

/* ---- sequences, byte by byte ---- */

/* A control character, or part of a character: the sequence was cut off. */
static int
decode_cut(struct decode *d, unsigned char b)
{
	decode_swallow(d);
	return b == CANCEL || b == SUBST ? TERMINAL_NONE : decode_ground(d, b);
}

static int
decode_in_escape(struct decode *d, unsigned char b)
{
	bool twice = d->alt;

	if (b == ESCAPE) {
		decode_begin(d, true);
		return TERMINAL_NONE;
	}
	if (decode_introduces(b)) {
		d->state = b == '[' ? DECODE_CSI
		    : b == 'O'      ? DECODE_SS3
				    : DECODE_STRING;
		d->left = 0;
		return TERMINAL_NONE;
	}
	d->state = DECODE_GROUND;
	d->alt = true;
	if (b >= 0x80)
		decode_ground(d, b);
	if (d->state == DECODE_GROUND)
		d->alt = false;
	return twice ? TERMINAL_ESCAPE : TERMINAL_NONE;
}

/* For rxvt "7$" is complete; for all others `$` does not end it. */
static bool
decode_is_rxvt(const struct decode *d, unsigned char b)
{
	if (b != '$' || d->len < 4 || d->len > DECODE_SEQUENCE)
		return false;
	for (size_t i = 2; i < d->len - 1; i++)
		if (d->sequence[i] < '0' || d->sequence[i] > '9')
			return false;
	return true;
}

static int
decode_in_csi(struct decode *d, unsigned char b)
{
	if (b < ' ' || b >= 0x80)
		return decode_cut(d, b);
	if (b == DELETE)
		return TERMINAL_NONE;
	if (b == '[' && d->len == 3) {
		d->state = DECODE_CSI_CONSOLE;
		return TERMINAL_NONE;
	}
	if (b < '@' && !decode_is_rxvt(d, b))
		return TERMINAL_NONE;
	if (b == 'M' && d->len == 3) {
		d->state = DECODE_MOUSE;
		d->left = 3;
		return TERMINAL_NONE;
	}
	decode_swallow(d);
	return decode_csi(d, b);
}

static int
decode_in_console(struct decode *d, unsigned char b)
{
	if (b < ' ' || b >= DELETE)
		return decode_cut(d, b);
	decode_swallow(d);
	return b >= 'A' && b <= 'E' ? TERMINAL_F1 + (b - 'A') : TERMINAL_NONE;
}

static int
decode_in_ss3(struct decode *d, unsigned char b)
{
	if (b < ' ' || b >= DELETE)
		return decode_cut(d, b);
	if ((b >= '0' && b <= '9') || b == ';')
		return TERMINAL_NONE;
	decode_swallow(d);
	return d->len > DECODE_SEQUENCE
	    ? TERMINAL_NONE
	    : decode_ss3_key(d->sequence + 2, d->len - 3, b);
}

/* It is whole. Of all strings only one says something to us. */
static int
decode_string(struct decode *d)
{
	enum terminal_background b = background_read(
	    d->sequence, d->len < DECODE_SEQUENCE ? d->len : DECODE_SEQUENCE);

	if (b != TERMINAL_BACKGROUND_UNKNOWN)
		d->background = b;
	return decode_swallow(d);
}

static int
decode_in_string(struct decode *d, unsigned char b)
{
	bool st = b == 0x9c && (!d->utf8 || d->left == 1);

	d->left = b == 0xc2; /* and 0x9c: ST as a character */
	if (st || b == BELL)
		return decode_string(d);
	if (b == CANCEL || b == SUBST)
		decode_swallow(d);
	else if (b == ESCAPE)
		d->state = DECODE_STRING_END;
	else if (d->len++ < DECODE_SEQUENCE)
		d->sequence[d->len - 1] = b;
	return TERMINAL_NONE;
}

static int
decode_after_string(struct decode *d, unsigned char b)
{
	if (b == '\\')
		return decode_string(d);
	decode_begin(d, false);
	return decode_sequence(d, b);
}

static int
decode_in_mouse(struct decode *d, unsigned char b)
{
	if (b < ' ')
		return decode_cut(d, b);
	if (--d->left == 0)
		decode_swallow(d);
	return TERMINAL_NONE;
}

/* ---- characters ---- */

/* C1: one byte for ESC and that byte minus 0x40. The others are not keys. */
static int
decode_c1(struct decode *d, unsigned char b)
{
	if (!decode_introduces((unsigned char)(b - 0x40)))
		return decode_swallow(d);
	decode_begin(d, false);
	return decode_sequence(d, (unsigned char)(b - 0x40));
}

static int
decode_whole(struct decode *d)
{
	uint32_t c = d->character;
	bool alt = d->alt;

	decode_swallow(d);
	if (c < d->least || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return TERMINAL_NONE;
	if (c < 0xa0 && !alt)
		return decode_c1(d, (unsigned char)c);
	return alt ? TERMINAL_NONE : decode_emit(d, (int)c);
}

static int
decode_in_character(struct decode *d, unsigned char b)
{
	if ((b & 0xc0) != 0x80) { /* its end was lost */
		decode_swallow(d);
		return decode_ground(d, b);
	}
	d->character = d->character << 6 | (b & 0x3f);
	return --d->left == 0 ? decode_whole(d) : TERMINAL_NONE;
}

static int
decode_lead(struct decode *d, unsigned char b)
{
	/* Unexpected here, but these two have no other meaning. */
	if (b == 0x8f || b == 0x9b)
		return decode_c1(d, b);
	if (b < 0xc2 || b > 0xf4)
		return decode_swallow(d);
	d->state = DECODE_CHARACTER;
	d->left = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
	d->least = d->left == 1 ? 0x80 : d->left == 2 ? 0x800 : 0x10000;
	d->character = b & (0x3fU >> d->left);
	return TERMINAL_NONE;
}

/* A locale with one byte per character. */
static int
decode_single(struct decode *d, unsigned char b)
{
	wint_t c = btowc(b);
	bool alt = d->alt;

	if (b < 0xa0)
		return decode_c1(d, b);
	decode_swallow(d);
	return c == WEOF || alt ? TERMINAL_NONE : decode_emit(d, (int)c);
}

static int
decode_ground(struct decode *d, unsigned char b)
{
	switch (b) {
	case ESCAPE:
		decode_begin(d, false);
		return TERMINAL_NONE;
	case '\r':
	case '\n':
		return decode_emit(d, TERMINAL_ENTER);
	case '\t':
		return decode_emit(d, TERMINAL_TAB);
	case '\b':
	case DELETE:
		return decode_emit(d, TERMINAL_ERASE);
	case '\0':
		return decode_emit(d, TERMINAL_OTHER);
	}
	if (b < 0x80)
		return decode_emit(d, b);
	return d->utf8 ? decode_lead(d, b) : decode_single(d, b);
}

/* ---- sequences from terminfo ---- */

enum known {
	KNOWN_NOT,
	KNOWN_BEGINS,
	KNOWN_WHOLE
};

static enum known
decode_match(const struct decode *d, int *key)
{
	enum known found = KNOWN_NOT;

	if (d->len > DECODE_SEQUENCE)
		return KNOWN_NOT;
	for (size_t i = 0; i < d->nknown; i++) {
		size_t len = strlen(d->known[i].bytes);

		if (len < d->len ||
		    memcmp(d->known[i].bytes, d->sequence, d->len) != 0)
			continue;
		found = KNOWN_BEGINS;
		if (len > d->len)
			continue;
		*key = d->known[i].key;
		return KNOWN_WHOLE;
	}
	return found;
}

static int
decode_step(struct decode *d, unsigned char b)
{
	switch (d->state) {
	case DECODE_ESCAPE:
		return decode_in_escape(d, b);
	case DECODE_CSI:
		return decode_in_csi(d, b);
	case DECODE_CSI_CONSOLE:
		return decode_in_console(d, b);
	case DECODE_SS3:
		return decode_in_ss3(d, b);
	case DECODE_MOUSE:
		return decode_in_mouse(d, b);
	default: /* DECODE_LONGER: not the known one */
		return decode_cut(d, b);
	}
}

/* One byte of a sequence. */
static int
decode_sequence(struct decode *d, unsigned char b)
{
	int key;

	if (d->len < DECODE_SEQUENCE)
		d->sequence[d->len] = b;
	d->len++;

	enum known known = decode_match(d, &key);

	if (known == KNOWN_WHOLE) {
		decode_swallow(d);
		return decode_emit(d, key);
	}
	key = decode_emit(d, decode_step(d, b));
	if (known == KNOWN_NOT || d->state != DECODE_GROUND)
		return key;
	d->state = DECODE_LONGER;
	return TERMINAL_NONE;
}

/* ESC was a key by itself, and this byte is the next key. */
static int
decode_parted(struct decode *d)
{
	decode_swallow(d);
	d->again = true;
	return decode_emit(d, TERMINAL_ESCAPE);
}

static int
decode_any(struct decode *d, unsigned char b)
{
	switch (d->state) {
	case DECODE_GROUND:
		return decode_ground(d, b);
	case DECODE_CHARACTER:
		return decode_in_character(d, b);
	case DECODE_STRING:
		return decode_in_string(d, b);
	case DECODE_STRING_END:
		return decode_after_string(d, b);
	default:
		return decode_sequence(d, b);
	}
}

int
decode_byte(struct decode *d, unsigned char b, size_t more)
{
	bool parted = d->parted && !decode_introduces(b);

	if (d->late && (b == '[' || b == 'O')) {
		decode_begin(d, false);
		d->held = more == 0;
	}
	d->late = d->again = false;
	d->parted = more == 0;
	return d->state == DECODE_ESCAPE && parted ? decode_parted(d)
						   : decode_any(d, b);
}

static bool
decode_holds(const struct decode *d)
{
	return d->state != DECODE_GROUND && d->held && d->len == 2;
}

int
decode_patience(const struct decode *d)
{
	if (d->state == DECODE_ESCAPE && !d->pasting)
		return ESCAPE_MS;
	if (decode_holds(d))
		return HELD_MS;
	if (d->state != DECODE_GROUND || d->late)
		return SEQUENCE_MS;
	return d->pasting ? PASTE_MS : -1;
}

int
decode_idle(struct decode *d)
{
	bool escape = d->state == DECODE_ESCAPE && !d->pasting;
	int key = escape      ? TERMINAL_ESCAPE
	    : decode_holds(d) ? d->sequence[1]
			      : TERMINAL_NONE;

	if (d->state == DECODE_GROUND && !d->late)
		d->pasting = false; /* its end was lost */
	decode_swallow(d);
	d->late = escape;
	return decode_emit(d, key);
}
