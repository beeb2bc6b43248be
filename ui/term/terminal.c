/*
 * terminal: the terminal.
 *
 * Terminfo says what this terminal is and which sequences it uses; frames go
 * out through render, and keys come in through decode. Curses itself is not
 * used: it waits for a terminal that accepts nothing, and it takes unknown
 * sequences for keys.
 */
#include "term/terminal.h"

#include <curses.h>
#include <term.h>

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "term/background.h"
#include "term/keyboard.h"
#include "term/move.h"
#include "term/render.h"
#include "term/rescue.h"
#include "term/sink.h"

#define STALLED NSEC_PER_SEC /* after such a stall, redraw everything */
#define KEYS    24           /* sequences from terminfo */

static struct {
	bool utf8, hung_up, taken;
	struct sink out;
	struct render_caps caps;
	struct render render;
	struct decode_known known[KEYS];

	char enter[160];   /* RESCUE_CANCEL, and what takes the terminal */
	const char *first; /* of it, to be sent before the frame */
	size_t sent;       /* of render.out */
	uint64_t stalled;  /* ns, since when it takes no more; 0: it does */
} paint = {.first = ""};

/* ---- is there a screen? ---- */

/* "TERM=... is not", with the value made printable. */
static const char *
terminal_paint_about_term(const char *term, const char *what)
{
	static char why[128];
	int n = snprintf(why, sizeof why, "TERM=%.60s %s", term, what);

	for (int i = 0; i < n; i++)
		if (why[i] < ' ' || why[i] > '~')
			why[i] = '?';
	return why;
}

static const char *
terminal_no_terminal(void)
{
	const char *term = getenv("TERM"), *cup;
	int error;

	if (!isatty(STDOUT_FILENO))
		return "standard output is not a terminal";
	if (term == NULL || term[0] == '\0')
		return "TERM is not set";
	if (cur_term == NULL && setupterm(term, STDOUT_FILENO, &error) != OK)
		return error < 0 ? "there is no terminfo database"
				 : terminal_paint_about_term(
				       term, "is not a known terminal");
	cup = tigetstr("cup");
	return cup != NULL && cup != (const char *)-1
	    ? NULL
	    : terminal_paint_about_term(term, "cannot place the cursor");
}

const char *
terminal_obstacle(void)
{
	const char *why = terminal_no_terminal();

	if (why == NULL && !keyboard_open())
		why = "there is no keyboard: neither standard input nor "
		      "/dev/tty is a terminal";
	return why;
}

/* ---- the terminal's own sequences ---- */

/* Append a terminal's string without its padding marks `$<5>`. */
static void
terminal_add_string(char *out, size_t size, const char *s)
{
	size_t n = strlen(out);

	if (s == NULL || s == (const char *)-1)
		return;
	while (*s != '\0' && n + 1 < size) {
		if (s[0] == '$' && s[1] == '<' && strchr(s, '>') != NULL)
			s = strchr(s, '>') + 1;
		else
			out[n++] = *s++;
	}
	out[n] = '\0';
}

static void
terminal_add_capability(char *out, size_t size, const char *name)
{
	terminal_add_string(out, size, tigetstr(name));
}

static bool
terminal_paint_is_ansi(void)
{
	return strcmp(tigetstr("cup"), "\33[%i%p1%d;%p2%dH") == 0;
}

/* Bracketed paste, which nearly every current terminal supports. */
static void
terminal_paint_prepare_strings(void)
{
	char out[256] = RESCUE_CANCEL;
	static const char *const enter[] = {"smcup", "smkx", "civis"},
				 *const reset[] = {
				     "sgr0", "op", "cnorm", "rmkx", "rmcup"};

	strcpy(paint.enter, RESCUE_CANCEL);
	for (size_t i = 0; i < sizeof enter / sizeof enter[0]; i++)
		terminal_add_capability(
		    paint.enter, sizeof paint.enter, enter[i]);
	if (terminal_paint_is_ansi()) {
		terminal_add_string(
		    paint.enter, sizeof paint.enter, "\33[?2004h");
		terminal_add_string(out, sizeof out, "\33[?2004l");
	}
	for (size_t i = 0; i < sizeof reset / sizeof reset[0]; i++)
		terminal_add_capability(out, sizeof out, reset[i]);
	rescue_open(keyboard_fd(), &paint.out, out);
}

/* True, and *known filled, if this terminal has such a key. */
static bool
terminal_paint_know_key(struct decode_known *known, const char *name, int key)
{
	const char *bytes = tigetstr(name);

	if (bytes == NULL || bytes == (const char *)-1 || bytes[0] != 27 ||
	    bytes[1] == '\0')
		return false;
	*known = (struct decode_known){.bytes = bytes, .key = key};
	return true;
}

static void
terminal_paint_prepare_keys(void)
{
	static const struct {
		const char *name;
		int key;
	} table[] = {
	    {"kcuu1", TERMINAL_UP},
	    {"kcud1", TERMINAL_DOWN},
	    {"kcub1", TERMINAL_LEFT},
	    {"kcuf1", TERMINAL_RIGHT},
	    {"kpp", TERMINAL_PAGE_UP},
	    {"knp", TERMINAL_PAGE_DOWN},
	    {"khome", TERMINAL_HOME},
	    {"kend", TERMINAL_END},
	    {"kent", TERMINAL_ENTER},
	    {"kcbt", TERMINAL_BACKTAB},
	    {"kbs", TERMINAL_ERASE},
	    {"kdch1", TERMINAL_ERASE},
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		n += terminal_paint_know_key(
		    &paint.known[n], table[i].name, table[i].key);
	for (int i = 1; i <= 12; i++) {
		char name[16];

		snprintf(name, sizeof name, "kf%d", i);
		n += terminal_paint_know_key(
		    &paint.known[n], name, TERMINAL_F1 + i - 1);
	}
	keyboard_know(paint.utf8, paint.known, n);
}

static void
terminal_move_by_terminfo(char out[RENDER_STRING], int y, int x)
{
	out[0] = '\0';
	terminal_add_string(out, RENDER_STRING, tiparm(tigetstr("cup"), y, x));
}

static int
terminal_pick(int of256, int of16)
{
	return tigetnum("colors") >= 256 ? of256 : of16;
}

/* Append "setaf" or "setab"; one of the upper 8 of 16 may be a lower one. */
static void
terminal_add_colour(char *out, const char *set, int colour)
{
	if (colour >= 8 && tigetnum("colors") < 16)
		colour -= 8;
	if (colour >= 0)
		terminal_add_string(
		    out, RENDER_STRING, tiparm(tigetstr(set), colour));
}

static void
terminal_prepare_look(struct render_caps *c, enum look look, enum theme theme)
{
	const struct theme_look *l = theme_look(theme, look);
	unsigned attr = l->attr;
	int fg = terminal_pick(l->fg256, l->fg16);

	if (fg >= 8 && tigetnum("colors") < 16)
		attr |= THEME_BOLD;
	for (int selected = 0; selected < 2; selected++) {
		char *out = c->attr[look][selected];

		if (attr & THEME_BOLD)
			terminal_add_capability(out, RENDER_STRING, "bold");
		if (attr & THEME_DIM)
			terminal_add_capability(out, RENDER_STRING, "dim");
		if (((attr & THEME_REVERSE) != 0) != (selected == 1))
			terminal_add_capability(out, RENDER_STRING, "rev");
	}
	terminal_add_colour(c->colour[look], "setaf", fg);
}

/* What is cleared has the background only if the terminal says so. */
static void
terminal_prepare_paper(struct render_caps *c, const struct theme_paper *p)
{
	terminal_add_colour(
	    c->plain, "setab", terminal_pick(p->bg256, p->bg16));
	terminal_add_colour(
	    c->plain, "setaf", terminal_pick(p->fg256, p->fg16));
	c->bare = tigetflag("bce") <= 0;
	if (c->bare)
		c->clear_end[0] = '\0';
}

bool
terminal_colours(void)
{
	return tigetnum("colors") >= 8;
}

enum terminal_background
terminal_background(void)
{
	return keyboard_background();
}

void
terminal_theme(enum theme theme, bool painted)
{
	struct render_caps *c = &paint.caps;

	*c = (struct render_caps){.move = terminal_move_by_terminfo};
	if (terminal_paint_is_ansi())
		c->move = move_ansi;
	terminal_add_capability(c->clear, sizeof c->clear, "clear");
	terminal_add_capability(c->clear_end, sizeof c->clear_end, "el");
	terminal_add_capability(c->plain, sizeof c->plain, "sgr0");
	/* It may also select a character set, which we never change. */
	if (strstr(c->plain, "\33[m") != NULL)
		strcpy(c->plain, "\33[m");
	c->no_last = tigetflag("am") > 0 && tigetflag("xenl") <= 0;
	if (!terminal_colours())
		theme = THEME_MONO;
	else if (painted && theme != THEME_MONO)
		terminal_prepare_paper(c, theme_paper(theme));
	for (int i = 0; i < LOOK_COUNT; i++)
		terminal_prepare_look(c, (enum look)i, theme);
	paint.render.caps = c;
	paint.render.stale = true;
}

/* Linux' console knows of no such question. */
static bool
terminal_can_answer(void)
{
	return terminal_colours() && terminal_paint_is_ansi() &&
	    strcmp(getenv("TERM"), "linux") != 0;
}

/* ---- taking and giving it ---- */

int
terminal_open(bool ask)
{
	setlocale(LC_CTYPE, "");
	paint.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (terminal_obstacle() != NULL)
		return -ENOTTY;
	paint.out = sink_shared(STDOUT_FILENO);
	terminal_paint_prepare_keys();
	terminal_theme(THEME_DARK, false);
	terminal_paint_prepare_strings();
	if (ask && terminal_can_answer())
		terminal_add_string(
		    paint.enter, sizeof paint.enter, BACKGROUND_ASK);
	return 0;
}

void
terminal_close(void)
{
	rescue_close();
	keyboard_close();
	sink_close(&paint.out);
	render_free(&paint.render);
	del_curterm(cur_term);
}

static bool
terminal_paint_in_background(void)
{
	pid_t group = tcgetpgrp(keyboard_fd());

	return group > 0 && group != getpgrp();
}

/*
 * Deliver keys one by one without echo; ^C still raises a signal. Reads do not
 * wait. Output is not processed: the kernel need not inspect every byte.
 */
static void
terminal_paint_make_raw(struct termios *t)
{
	t->c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL);
	t->c_lflag |= ISIG;
	t->c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR);
	t->c_oflag &= ~(tcflag_t)OPOST;
	t->c_cc[VMIN] = 0;
	t->c_cc[VTIME] = 0;
}

/* Pending output is useless now. */
static void
terminal_paint_drop_frame(void)
{
	paint.first = "";
	paint.sent = paint.render.len = 0;
	paint.stalled = 0;
}

static void
terminal_unask(void)
{
	char *ask = strstr(paint.enter, BACKGROUND_ASK);

	if (ask != NULL)
		*ask = '\0';
}

bool
terminal_resume(void)
{
	if (terminal_paint_in_background())
		return false;
	if (rescue_arm(terminal_paint_make_raw) != 0) {
		paint.hung_up = true;
		return false;
	}
	terminal_paint_drop_frame();
	paint.first = paint.enter + (rescue_is_cut() ? 0 : 1);
	if (paint.taken) /* it was asked before */
		terminal_unask();
	paint.taken = true;
	terminal_redraw();
	return true;
}

void
terminal_suspend(void)
{
	rescue_now();
	terminal_paint_drop_frame();
}

bool
terminal_utf8(void)
{
	return paint.utf8;
}

void
terminal_size(int *rows, int *cols)
{
	struct winsize ws;

	*rows = 24;
	*cols = 80;
	if (ioctl(paint.out.fd, TIOCGWINSZ, &ws) == 0 && ws.ws_row > 0 &&
	    ws.ws_col > 0) {
		*rows = ws.ws_row < 1000 ? ws.ws_row : 1000;
		*cols = ws.ws_col < 1000 ? ws.ws_col : 1000;
	}
}

/* ---- frames ---- */

void
terminal_redraw(void)
{
	paint.render.stale = true;
}

/* How many bytes it accepted; if fewer, it accepts no more now. */
static size_t
terminal_paint_send(const char *p, size_t len)
{
	size_t done = 0;

	while (done < len && !paint.hung_up) {
		ssize_t n = sink_write(&paint.out, p + done, len - done);

		if (n == 0)
			break;
		if (n < 0)
			paint.hung_up = true;
		else
			done += (size_t)n;
	}
	return done;
}

static bool
terminal_paint_is_pending(void)
{
	return paint.first[0] != '\0' || paint.sent < paint.render.len;
}

/* After a stall we cannot know what was lost (^C flushes). */
bool
terminal_ready(void)
{
	paint.first += terminal_paint_send(paint.first, strlen(paint.first));
	if (paint.first[0] == '\0' && paint.sent < paint.render.len)
		paint.sent += terminal_paint_send(paint.render.out + paint.sent,
		    paint.render.len - paint.sent);
	rescue_cut(terminal_paint_is_pending());
	if (terminal_paint_is_pending()) {
		if (paint.stalled == 0)
			paint.stalled = now_ns();
		return false;
	}
	if (paint.stalled != 0 && now_ns() > paint.stalled + STALLED)
		terminal_redraw();
	paint.stalled = 0;
	return true;
}

void
terminal_show(const struct canvas *c)
{
	if (!terminal_ready())
		return;
	paint.sent = 0;
	if (render_frame(&paint.render, c) == 0)
		terminal_ready();
}

void
terminal_pollfds(struct pollfd fds[2])
{
	fds[0] = (struct pollfd){.fd = keyboard_fd(), .events = POLLIN};
	fds[1] = (struct pollfd){
	    .fd = terminal_paint_is_pending() ? paint.out.fd : -1,
	    .events = POLLOUT};
}

bool
terminal_hung_up(void)
{
	return paint.hung_up || keyboard_gone();
}

int
terminal_key(bool *pasted)
{
	return keyboard_key(pasted);
}

int
terminal_patience(void)
{
	return keyboard_patience();
}
