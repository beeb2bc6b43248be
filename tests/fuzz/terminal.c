/* terminal: a terminal in memory. */
#include "terminal.h"

#include <string.h>
#include <wchar.h>

#include "must.h"
#include "term/decode.h"
#include "term/render.h"
#include "term/terminal.h"

#define KEYS  4096
#define BYTES 1024
#define IDLE  8 /* times that the decoder may wait for the same bytes */

/* What a cell of the terminal shows. */
struct spot {
	uint32_t ch; /* 0: the right half of a wide one */
	unsigned char bold, reverse, colour;
};

static struct {
	int rows, cols;
	bool utf8;
	int key[KEYS];
	unsigned first, n; /* keys that wait */
	uint8_t byte[BYTES];
	size_t byte_at, byte_n;
	struct decode decode;
	unsigned idle;
	bool hung_up;
	bool stalled; /* it takes no more */
	bool waiting; /* something is left to be sent */
	uint64_t shown;

	struct render_caps caps;
	struct render render;

	struct spot *spot; /* rows * cols of what is shown */
	int spot_rows, spot_cols;
	int y, x;
	struct spot pen;
} t;

/* ---- the bytes that make it obey ---- */

static void
move_to(char out[RENDER_STRING], int y, int x)
{
	snprintf(out, RENDER_STRING, "\33[%d;%dH", y + 1, x + 1);
}

static unsigned
bold_of(unsigned look)
{
	return look % 3 == 1;
}

static unsigned
colour_of(unsigned look)
{
	return look % 8;
}

static void
prepare_caps(bool no_last)
{
	struct render_caps *c = &t.caps;

	*c = (struct render_caps){.clear = "\33[H\33[2J",
	    .clear_end = "\33[K",
	    .plain = "\33[m",
	    .no_last = no_last,
	    .move = move_to};
	for (unsigned i = 0; i < LOOK_COUNT; i++) {
		const char *bold = bold_of(i) ? "\33[1m" : "";

		snprintf(c->attr[i][0], RENDER_STRING, "%s", bold);
		snprintf(c->attr[i][1], RENDER_STRING, "%s\33[7m", bold);
		if (colour_of(i) != 0)
			snprintf(c->colour[i], RENDER_STRING, "\33[3%um",
			    colour_of(i));
	}
}

/* ---- what it does with them ---- */

static void
erase(int from, int to)
{
	for (int i = from; i < to; i++)
		t.spot[i] = (struct spot){.ch = ' ', .reverse = t.pen.reverse};
}

static void
attribute(int n)
{
	if (n == 0)
		t.pen = (struct spot){.ch = 0};
	else if (n == 1)
		t.pen.bold = 1;
	else if (n == 7)
		t.pen.reverse = 1;
	else {
		MUST(n > 30 && n < 38);
		t.pen.colour = (unsigned char)(n - 30);
	}
}

static void
command(char final, const int number[2])
{
	switch (final) {
	case 'H':
		t.y = number[0] > 0 ? number[0] - 1 : 0;
		t.x = number[1] > 0 ? number[1] - 1 : 0;
		break;
	case 'J':
		erase(0, t.spot_rows * t.spot_cols);
		break;
	case 'K':
		MUST(t.y < t.spot_rows && t.x <= t.spot_cols);
		erase(t.y * t.spot_cols + t.x, (t.y + 1) * t.spot_cols);
		break;
	default:
		MUST(final == 'm');
		attribute(number[0]);
	}
}

/* After ESC [; returns how many bytes it was. */
static size_t
obey(const char *s, size_t len)
{
	int number[2] = {0, 0}, which = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] >= '0' && s[i] <= '9')
			number[which] = number[which] * 10 + (s[i] - '0');
		else if (s[i] == ';' && which == 0)
			which = 1;
		else {
			command(s[i], number);
			return i + 1;
		}
	}
	MUST(!"an escape sequence has an end");
	return len;
}

static void
put(uint32_t ch)
{
	int width = ch < 0x7f ? 1 : wcwidth((wchar_t)ch);

	MUST(ch >= ' ' && width > 0);
	MUST(t.y < t.spot_rows && t.x + width <= t.spot_cols);
	for (int i = 0; i < width; i++) {
		struct spot *s = &t.spot[t.y * t.spot_cols + t.x++];

		*s = t.pen;
		s->ch = i == 0 ? ch : 0;
	}
}

static void
play(const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		wchar_t ch;
		mbstate_t state = {0};

		if (s[i] == '\33') {
			MUST(i + 1 < len && s[i + 1] == '[');
			i += 2 + obey(s + i + 2, len - i - 2);
			continue;
		}
		size_t n = mbrtowc(&ch, s + i, len - i, &state);
		MUST(n > 0 && n <= 4);
		put((uint32_t)ch);
		i += n;
	}
}

/* ---- what must be so ---- */

static void
check_cell(const struct canvas *c, const struct cell *row, int x)
{
	uint32_t ch = row[x].ch;
	int width = ch < 0x7f ? 1 : wcwidth((wchar_t)ch);

	MUST(row[x].look < LOOK_COUNT && row[x].selected <= 1);
	if (ch == 0) {
		MUST(x > 0 && wcwidth((wchar_t)row[x - 1].ch) == 2);
		return;
	}
	MUST(ch >= ' ' && ch != 0x7f && (ch < 0x80 || ch >= 0xa0));
	MUST(width == 1 || width == 2);
	MUST(width == 1 || (x + 1 < c->cols && row[x + 1].ch == 0));
	MUST(!c->ascii || ch < 0x7f);
}

static void
compare_cell(const struct cell *cell, const struct spot *spot)
{
	MUST(spot->ch == cell->ch);
	MUST(spot->reverse == cell->selected);
	/* A blank has no look but that of its background. */
	if (cell->ch == ' ' && !cell->selected)
		return;
	MUST(spot->bold == bold_of(cell->look));
	MUST(spot->colour == colour_of(cell->look));
}

static void
fit_spots(const struct canvas *c)
{
	size_t n = (size_t)c->rows * (size_t)c->cols;

	if (t.spot != NULL && c->rows == t.spot_rows && c->cols == t.spot_cols)
		return;
	free(t.spot);
	t.spot = calloc(n + 1, sizeof *t.spot);
	MUST(t.spot != NULL);
	t.spot_rows = c->rows;
	t.spot_cols = c->cols;
}

void
terminal_show(const struct canvas *c)
{
	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->cols; x++)
			check_cell(c, c->cells + y * c->cols, x);
	fit_spots(c);
	MUST(render_frame(&t.render, c) == 0);
	play(t.render.out, t.render.len);
	for (int i = 0; i < c->rows * c->cols; i++)
		if (!t.caps.no_last || i < c->rows * c->cols - 1)
			compare_cell(&c->cells[i], &t.spot[i]);
	t.shown += (uint64_t)(c->rows * c->cols) + 1;
}

/* ---- what is typed ---- */

static void
check_key(int key)
{
	MUST(key == TERMINAL_NONE || (key >= 0 && key <= TERMINAL_OTHER));
	MUST(key < 0xd800 || key >= 0xe000);
}

static int
next_byte(void)
{
	int key =
	    decode_byte(&t.decode, t.byte[t.byte_at], t.byte_n - t.byte_at - 1);

	t.byte_at += !t.decode.again;
	t.idle = 0;
	check_key(key);
	return key;
}

/* Nothing more is typed: before long it has what there was. */
static int
no_byte(void)
{
	int key = TERMINAL_NONE;

	while (key == TERMINAL_NONE && decode_patience(&t.decode) >= 0) {
		key = decode_idle(&t.decode);
		check_key(key);
		MUST(t.idle++ < IDLE);
	}
	return key;
}

int
terminal_key(bool *pasted)
{
	int key = TERMINAL_NONE;

	while (key == TERMINAL_NONE && t.byte_at < t.byte_n)
		key = next_byte();
	if (key == TERMINAL_NONE)
		key = no_byte();
	*pasted = t.decode.pasting;
	if (key == TERMINAL_NONE && t.n > 0) {
		*pasted = false;
		t.n--;
		key = t.key[t.first++ % KEYS];
	}
	return key;
}

int
terminal_patience(void)
{
	return decode_patience(&t.decode);
}

/* ---- for the dashboard ---- */

const char *
terminal_obstacle(void)
{
	return NULL;
}

int
terminal_open(bool ask)
{
	(void)ask;
	return 0;
}

bool
terminal_colours(void)
{
	return true;
}

enum terminal_background
terminal_background(void)
{
	return t.decode.background;
}

void
terminal_theme(enum theme theme, bool painted)
{
	(void)theme;
	(void)painted;
}

void
terminal_close(void)
{
}

bool
terminal_resume(void)
{
	terminal_redraw();
	return !t.hung_up;
}

void
terminal_suspend(void)
{
}

bool
terminal_utf8(void)
{
	return t.utf8;
}

void
terminal_size(int *rows, int *cols)
{
	*rows = t.rows;
	*cols = t.cols;
}

bool
terminal_ready(void)
{
	t.waiting = t.stalled;
	return !t.stalled;
}

void
terminal_redraw(void)
{
	t.render.stale = true;
}

void
terminal_pollfds(struct pollfd fds[2])
{
	fds[0] = (struct pollfd){.fd = TERMINAL_IN, .events = POLLIN};
	fds[1] = (struct pollfd){
	    .fd = t.waiting ? TERMINAL_OUT : -1, .events = POLLOUT};
}

bool
terminal_hung_up(void)
{
	return t.hung_up;
}

/* ---- for the tests ---- */

void
fake_terminal_start(bool utf8, bool no_last)
{
	memset(&t, 0, sizeof t);
	t.utf8 = t.decode.utf8 = utf8;
	t.rows = 24;
	t.cols = 80;
	prepare_caps(no_last);
	t.render.caps = &t.caps;
	t.render.stale = true;
}

void
fake_terminal_end(void)
{
	render_free(&t.render);
	free(t.spot);
	t.spot = NULL;
}

void
fake_terminal_size(int rows, int cols)
{
	t.rows = rows;
	t.cols = cols;
}

void
fake_terminal_key(int code)
{
	if (t.n < KEYS && code != TERMINAL_NONE)
		t.key[(t.first + t.n++) % KEYS] = code;
}

void
fake_terminal_hang_up(void)
{
	t.hung_up = true;
}

void
fake_terminal_stall(bool stalled)
{
	t.stalled = stalled;
}

void
fake_terminal_bytes(const uint8_t *bytes, size_t n)
{
	if (t.byte_at == t.byte_n)
		t.byte_at = t.byte_n = 0;
	if (n > BYTES - t.byte_n)
		n = BYTES - t.byte_n;
	memcpy(t.byte + t.byte_n, bytes, n);
	t.byte_n += n;
}

short
fake_terminal_ready(int fd)
{
	if (fd == TERMINAL_OUT)
		return t.stalled ? 0 : POLLOUT;
	return t.n > 0 || t.byte_at < t.byte_n || t.hung_up ? POLLIN : 0;
}

uint64_t
fake_terminal_shown(void)
{
	return t.shown;
}
