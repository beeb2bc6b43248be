/*
 * paint: the terminal.
 *
 * What is shown is remembered as a canvas (`shown`), and only cells that
 * differ from it reach curses: most of a frame costs a comparison of 8 bytes
 * a cell, not curses' 28.
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

#define RUN_GAP 4 /* equal cells that are cheaper drawn than jumped */

static const int crash_signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE};
#define CRASH_SIGNALS (sizeof crash_signals / sizeof crash_signals[0])

static struct {
	SCREEN *screen;
	WINDOW *keys; /* a pad: reading keys from it refreshes nothing */
	FILE *in;     /* ours if it is not stdin */
	bool utf8, colours, anew;
	struct canvas shown;
	cchar_t *line; /* shown.cols of them */
	attr_t attrs[LOOK_COUNT];

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

/* Append a terminal's string without its padding marks `$<5>`. */
static void
reset_add(const char *capability)
{
	const char *s = tigetstr(capability);

	if (s == NULL || s == (const char *)-1)
		return;
	while (*s != '\0' && rescue.reset_len < sizeof rescue.reset) {
		if (s[0] == '$' && s[1] == '<' && strchr(s, '>') != NULL)
			s = strchr(s, '>') + 1;
		else
			rescue.reset[rescue.reset_len++] = *s++;
	}
}

static void
prepare_reset(void)
{
	rescue.reset_len = 0;
	reset_add("sgr0");
	reset_add("op");
	reset_add("cnorm");
	reset_add("rmkx");
	reset_add("rmcup");
}

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

static attr_t
attributes(unsigned a)
{
	return (a & THEME_BOLD ? A_BOLD : 0) | (a & THEME_DIM ? A_DIM : 0) |
	    (a & THEME_REVERSE ? A_REVERSE : 0);
}

/* Pair number of a look: its own number; 0 is the terminal's own colours. */
static void
prepare_looks(bool wanted)
{
	paint.colours = wanted && has_colors() && start_color() == OK;
	if (paint.colours)
		use_default_colors();
	for (int i = 0; i < LOOK_COUNT; i++) {
		const struct theme_look *l = theme_look((enum look)i);

		paint.attrs[i] = attributes(paint.colours ? l->attr : l->mono);
		if (paint.colours && i != LOOK_PLAIN)
			init_pair((short)i,
			    (short)(COLORS >= 256 ? l->fg256 : l->fg8), -1);
	}
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
	prepare_looks(colours);
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	typeahead(-1);
	set_escdelay(25);
	paint.keys = newpad(1, 1);
	if (paint.keys == NULL)
		goto fail;
	keypad(paint.keys, TRUE);
	nodelay(paint.keys, TRUE);
	paint.anew = true;
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
	canvas_free(&paint.shown);
	free(paint.line);
	paint.screen = NULL;
	paint.keys = NULL;
	paint.in = NULL;
	paint.line = NULL;
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
	if (*rows != LINES || *cols != COLS)
		resizeterm(*rows, *cols);
}

void
paint_redraw(void)
{
	paint.anew = true;
}

static void
to_curses(cchar_t *out, const struct cell *cell)
{
	wchar_t text[2] = {(wchar_t)cell->ch, L'\0'};
	attr_t attr = paint.attrs[cell->look];

	if (cell->selected)
		attr ^= A_REVERSE;
	setcchar(
	    out, text, attr, (short)(paint.colours ? cell->look : 0), NULL);
}

/* Columns [from, to) of a row, which begin and end with whole characters. */
static void
show_run(const struct cell *row, int y, int from, int to)
{
	int n = 0;

	for (int x = from; x < to; x++) {
		if (row[x].ch != 0)
			to_curses(&paint.line[n++], &row[x]);
	}
	mvadd_wchnstr(y, from, paint.line, n);
}

static bool
same(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

static void
show_row(const struct cell *row, const struct cell *old, int y, int cols)
{
	for (int x = 0; x < cols; x++) {
		if (same(&row[x], &old[x]))
			continue;
		int from = x, to = x + 1, gap = 0;
		for (x++; x < cols && gap < RUN_GAP; x++) {
			gap = same(&row[x], &old[x]) ? gap + 1 : 0;
			if (gap == 0)
				to = x + 1;
		}
		/* Half a wide character is no character, then or now. */
		while (from > 0 && (row[from].ch == 0 || old[from].ch == 0))
			from--;
		while (to < cols && (row[to].ch == 0 || old[to].ch == 0))
			to++;
		show_run(row, y, from, to);
		x = to > x ? to - 1 : x - 1;
	}
}

/* Nothing that we believe to be on the screen can be relied on. */
static bool
start_anew(const struct canvas *c)
{
	cchar_t *line = calloc((size_t)c->cols + 1, sizeof *line);

	if (line == NULL ||
	    canvas_resize(&paint.shown, c->rows, c->cols) != 0) {
		free(line);
		return false;
	}
	free(paint.line);
	paint.line = line;
	erase();
	clearok(curscr, TRUE);
	paint.anew = false;
	return true;
}

void
paint_show(const struct canvas *c)
{
	if (paint.anew || paint.shown.rows != c->rows ||
	    paint.shown.cols != c->cols) {
		if (!start_anew(c))
			return;
	}
	for (int y = 0; y < c->rows && y < LINES; y++) {
		const struct cell *row = c->cells + y * c->cols;
		struct cell *old = paint.shown.cells + y * c->cols;
		size_t size = (size_t)c->cols * sizeof *row;

		if (memcmp(row, old, size) == 0)
			continue;
		show_row(row, old, y, c->cols < COLS ? c->cols : COLS);
		memcpy(old, row, size);
	}
	refresh();
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
