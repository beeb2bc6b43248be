/*
 * paint: the terminal.
 *
 * Curses opens and closes the terminal, reads keys and looks strings up.
 * The picture itself goes out through render: curses would write every jump
 * of the cursor by itself, a hundred writes a frame.
 *
 * The crash handlers use nothing but what paint_open() has prepared: a
 * string that resets the terminal, its saved settings, and a stack.
 */
#include "paint.h"

#include <curses.h>
#include <term.h>

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "render.h"

static const int crash_signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE};
#define CRASH_SIGNALS (sizeof crash_signals / sizeof crash_signals[0])

static struct {
	SCREEN *screen;
	WINDOW *keys; /* a pad: reading keys from it refreshes nothing */
	FILE *in;     /* ours if it is not stdin */
	bool utf8;
	struct render_caps caps;
	struct render render;

	struct sigaction old_crash[CRASH_SIGNALS];
	void *stack; /* for a handler when the stack is what overflowed */
	bool hung_up;
} paint;

/* What the handlers need. `armed`: the terminal is ours. */
static struct {
	sig_atomic_t armed;
	int in, out;
	struct termios saved;
	char reset[256];
	size_t reset_len;
} rescue;

void
paint_restore(void)
{
	if (!rescue.armed)
		return;
	rescue.armed = 0;
	int saved_errno = errno;
	if (write(rescue.out, rescue.reset, rescue.reset_len) < 0)
		errno = saved_errno; /* nothing left to try */
	tcsetattr(rescue.in, TCSADRAIN, &rescue.saved);
	errno = saved_errno;
}

/* SA_RESETHAND: raising it again has the effect that it would have had. */
static void
on_crash(int sig)
{
	paint_restore();
	raise(sig);
}

static void
arm(void)
{
	size_t size = (size_t)SIGSTKSZ > 16384 ? (size_t)SIGSTKSZ : 16384;
	struct sigaction sa = {.sa_handler = on_crash,
	    .sa_flags = SA_RESETHAND | SA_ONSTACK | SA_NODEFER};

	paint.stack = malloc(size);
	if (paint.stack != NULL)
		sigaltstack(
		    &(stack_t){.ss_sp = paint.stack, .ss_size = size}, NULL);
	for (size_t i = 0; i < CRASH_SIGNALS; i++)
		sigaction(crash_signals[i], &sa, &paint.old_crash[i]);
}

static void
disarm(void)
{
	rescue.armed = 0;
	for (size_t i = 0; i < CRASH_SIGNALS; i++)
		sigaction(crash_signals[i], &paint.old_crash[i], NULL);
	sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
	free(paint.stack);
	paint.stack = NULL;
}

/* Append a terminal's string without its padding marks `$<5>`. */
static void
add_string(char *out, size_t size, const char *s)
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
add_capability(char *out, size_t size, const char *name)
{
	add_string(out, size, tigetstr(name));
}

static void
prepare_reset(void)
{
	static const char *const names[] = {
	    "sgr0", "op", "cnorm", "rmkx", "rmcup"};

	rescue.reset[0] = '\0';
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		add_capability(rescue.reset, sizeof rescue.reset, names[i]);
	rescue.reset_len = strlen(rescue.reset);
}

static void
move_by_terminfo(char out[RENDER_STRING], int y, int x)
{
	out[0] = '\0';
	add_string(out, RENDER_STRING, tiparm(tigetstr("cup"), y, x));
}

static char *
decimal(char *p, int n)
{
	if (n > 9)
		p = decimal(p, n / 10);
	*p = (char)('0' + n % 10);
	return p + 1;
}

/* What nearly every terminal wants, without terminfo's interpreter. */
static void
move_ansi(char out[RENDER_STRING], int y, int x)
{
	*out++ = 27;
	*out++ = '[';
	out = decimal(out, y + 1);
	*out++ = ';';
	out = decimal(out, x + 1);
	*out++ = 'H';
	*out = '\0';
}

static void
prepare_look(struct render_caps *c, enum look look, bool colours)
{
	const struct theme_look *l = theme_look(look);
	unsigned attr = colours ? l->attr : l->mono;
	int fg = tigetnum("colors") >= 256 ? l->fg256 : l->fg8;

	for (int selected = 0; selected < 2; selected++) {
		char *out = c->attr[look][selected];

		if (attr & THEME_BOLD)
			add_capability(out, RENDER_STRING, "bold");
		if (attr & THEME_DIM)
			add_capability(out, RENDER_STRING, "dim");
		if (((attr & THEME_REVERSE) != 0) != (selected == 1))
			add_capability(out, RENDER_STRING, "rev");
	}
	if (colours && fg >= 0)
		add_string(c->colour[look], RENDER_STRING,
		    tiparm(tigetstr("setaf"), fg));
}

static void
prepare_caps(bool colours)
{
	struct render_caps *c = &paint.caps;
	const char *cup = tigetstr("cup");

	*c = (struct render_caps){.move = move_by_terminfo};
	if (strcmp(cup, "\33[%i%p1%d;%p2%dH") == 0)
		c->move = move_ansi;
	add_capability(c->clear, sizeof c->clear, "clear");
	add_capability(c->clear_end, sizeof c->clear_end, "el");
	add_capability(c->plain, sizeof c->plain, "sgr0");
	/* It may leave a character set too, which we never enter. */
	if (strstr(c->plain, "\33[m") != NULL)
		strcpy(c->plain, "\33[m");
	c->no_last = tigetflag("am") > 0 && tigetflag("xenl") <= 0;
	for (int i = 0; i < LOOK_COUNT; i++)
		prepare_look(
		    c, (enum look)i, colours && tigetnum("colors") >= 8);
	paint.render.caps = c;
	paint.render.anew = true;
}

/* Curses sets handlers of its own for these: whoever called us keeps his. */
static SCREEN *
new_screen(FILE *out, FILE *in)
{
	static const int sigs[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
	struct sigaction old[sizeof sigs / sizeof sigs[0]];
	SCREEN *screen;

	for (size_t i = 0; i < sizeof sigs / sizeof sigs[0]; i++)
		sigaction(sigs[i], NULL, &old[i]);
	screen = newterm(NULL, out, in);
	for (size_t i = 0; i < sizeof sigs / sizeof sigs[0]; i++)
		sigaction(sigs[i], &old[i], NULL);
	return screen;
}

static bool
can_draw(void)
{
	const char *term = getenv("TERM");
	int error;

	if (term == NULL || !isatty(STDOUT_FILENO))
		return false;
	if (setupterm(term, STDOUT_FILENO, &error) != OK)
		return false;

	const char *cup = tigetstr("cup");
	bool able = cup != NULL && cup != (const char *)-1;
	del_curterm(cur_term);
	return able;
}

int
paint_open(bool colours)
{
	setlocale(LC_CTYPE, "");
	paint.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (!can_draw())
		return -1;
	paint.in = isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "r+e");
	if (paint.in == NULL)
		return -1;
	unsetenv("LINES"); /* or else they would freeze the size */
	unsetenv("COLUMNS");

	rescue.in = fileno(paint.in);
	rescue.out = STDOUT_FILENO;
	tcgetattr(rescue.in, &rescue.saved);
	arm();
	paint.screen = new_screen(stdout, paint.in);
	if (paint.screen == NULL)
		goto fail;
	prepare_reset();
	rescue.armed = 1;
	prepare_caps(colours);
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	set_escdelay(25);
	paint.keys = newpad(1, 1);
	if (paint.keys == NULL)
		goto fail;
	keypad(paint.keys, TRUE);
	nodelay(paint.keys, TRUE);
	refresh(); /* enters the screen; all that follows is ours */
	return 0;
fail:
	paint_close();
	return -1;
}

void
paint_close(void)
{
	if (paint.screen != NULL) {
		if (paint.keys != NULL)
			delwin(paint.keys);
		endwin();
		delscreen(paint.screen);
	}
	disarm();
	if (paint.in != NULL && paint.in != stdin)
		fclose(paint.in);
	render_free(&paint.render);
	paint.screen = NULL;
	paint.keys = NULL;
	paint.in = NULL;
}

void
paint_suspend(void)
{
	endwin();
	rescue.armed = 0;
}

void
paint_resume(void)
{
	rescue.armed = 1;
	refresh();
	paint_redraw();
}

bool
paint_utf8(void)
{
	return paint.utf8;
}

void
paint_size(int *rows, int *cols)
{
	struct winsize ws;

	*rows = 24;
	*cols = 80;
	if (ioctl(rescue.out, TIOCGWINSZ, &ws) == 0 && ws.ws_row > 0 &&
	    ws.ws_col > 0) {
		*rows = ws.ws_row < 1000 ? ws.ws_row : 1000;
		*cols = ws.ws_col < 1000 ? ws.ws_col : 1000;
	}
}

void
paint_redraw(void)
{
	paint.render.anew = true;
}

/* All of it, or as much as the terminal will ever take. */
static void
send(const char *buf, size_t len)
{
	while (len > 0) {
		ssize_t n = write(rescue.out, buf, len);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd pfd = {
			    .fd = rescue.out, .events = POLLOUT};
			poll(&pfd, 1, -1);
		} else if (n < 0 && errno != EINTR) {
			paint.hung_up = true;
			return;
		} else if (n > 0) {
			buf += n;
			len -= (size_t)n;
		}
	}
}

void
paint_show(const struct canvas *c)
{
	if (render_frame(&paint.render, c) == 0)
		send(paint.render.out, paint.render.len);
}

int
paint_fd(void)
{
	return rescue.in;
}

bool
paint_hung_up(void)
{
	return paint.hung_up;
}

static int
special_key(wint_t code)
{
	static const struct {
		wint_t code;
		int key;
	} table[] = {
	    {KEY_UP, PAINT_UP},
	    {KEY_DOWN, PAINT_DOWN},
	    {KEY_LEFT, PAINT_LEFT},
	    {KEY_RIGHT, PAINT_RIGHT},
	    {KEY_PPAGE, PAINT_PAGE_UP},
	    {KEY_NPAGE, PAINT_PAGE_DOWN},
	    {KEY_HOME, PAINT_HOME},
	    {KEY_END, PAINT_END},
	    {KEY_ENTER, PAINT_ENTER},
	    {KEY_BTAB, PAINT_BACKTAB},
	    {KEY_BACKSPACE, PAINT_ERASE},
	    {KEY_DC, PAINT_ERASE},
	    {KEY_F(1), PAINT_F1},
	    {KEY_F(10), PAINT_F10},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].code == code)
			return table[i].key;
	return PAINT_OTHER;
}

int
paint_key(void)
{
	struct pollfd pfd = {.fd = rescue.in, .events = POLLIN};
	wint_t code = 0;

	switch (wget_wch(paint.keys, &code)) {
	case KEY_CODE_YES:
		return special_key(code);
	case OK:
		break;
	default:
		if (poll(&pfd, 1, 0) > 0 && (pfd.revents & ~POLLIN) != 0)
			paint.hung_up = true;
		return PAINT_NONE;
	}
	switch (code) {
	case '\r':
	case '\n':
		return PAINT_ENTER;
	case '\t':
		return PAINT_TAB;
	case '\b':
	case 127:
		return PAINT_ERASE;
	default:
		return (int)code;
	}
}
