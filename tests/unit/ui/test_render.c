/*
 * test_render: what is sent makes a terminal show the canvas.
 *
 * The terminal here understands single bytes: 1 clears, 2 clears to the end
 * of the line, 3 turns attributes and colours off, 4 and 5 set an attribute
 * and a colour by the byte that follows, 6 moves to the two that follow.
 */
#include "term/render.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "suite.h"

#define ROWS 9
#define COLS 31

struct glass {
	uint32_t ch[ROWS][COLS];
	int attr[ROWS][COLS], colour[ROWS][COLS];
};

static void
move(char out[RENDER_STRING], int y, int x)
{
	snprintf(out, RENDER_STRING, "\6%c%c", y + 1, x + 1);
}

/* Looks up to LOOK_KEY have no attribute, looks from LOOK_BAD no colour. */
static void
caps_init(struct render_caps *c)
{
	*c = (struct render_caps){
	    .clear = "\1", .clear_end = "\2", .plain = "\3", .move = move};
	for (int i = 0; i < LOOK_COUNT; i++)
		for (int s = 0; s < 2; s++) {
			if (s == 1 || i > LOOK_KEY)
				snprintf(c->attr[i][s], RENDER_STRING, "\4%c",
				    i * 2 + s + 1);
			if (i != LOOK_PLAIN && i < LOOK_BAD)
				snprintf(
				    c->colour[i], RENDER_STRING, "\5%c", i + 1);
		}
}

static void
glass_clear(struct glass *g, int y, int from)
{
	for (int x = from; x < COLS; x++) {
		g->ch[y][x] = ' ';
		g->attr[y][x] = g->colour[y][x] = 0;
	}
}

static void
glass_read(struct glass *g, const char *s, size_t len)
{
	int y = -1, x = -1, attr = -1, colour = -1;
	static int kept_attr, kept_colour;
	mbstate_t state = {0};

	attr = kept_attr;
	colour = kept_colour;
	for (size_t i = 0; i < len;) {
		wchar_t ch;
		size_t n;

		switch (s[i]) {
		case 1:
			for (int row = 0; row < ROWS; row++)
				glass_clear(g, row, 0);
			i++;
			continue;
		case 2:
			ck_assert_int_eq(attr, 0);
			glass_clear(g, y, x);
			i++;
			continue;
		case 3:
			attr = colour = 0;
			i++;
			continue;
		case 4:
			attr = s[i + 1];
			i += 2;
			continue;
		case 5:
			colour = s[i + 1];
			i += 2;
			continue;
		case 6:
			y = s[i + 1] - 1;
			x = s[i + 2] - 1;
			i += 3;
			continue;
		}
		n = mbrtowc(&ch, s + i, len - i, &state);
		ck_assert_uint_lt(n, 5);
		i += n;
		ck_assert(y >= 0 && y < ROWS && x >= 0 && x < COLS);
		for (int w = 0; w < wcwidth(ch); w++, x++) {
			g->ch[y][x] = w == 0 ? (uint32_t)ch : 0;
			g->attr[y][x] = attr;
			g->colour[y][x] = colour;
		}
	}
	kept_attr = attr;
	kept_colour = colour;
}

static void
check(const struct glass *g, const struct canvas *c,
    const struct render_caps *caps)
{
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLS; x++) {
			const struct cell *cell = &c->cells[y * COLS + x];
			const char *attr =
			    caps->attr[cell->look][cell->selected];
			const char *colour = caps->colour[cell->look];

			ck_assert_uint_eq(g->ch[y][x], cell->ch);
			ck_assert_int_eq(g->attr[y][x],
			    attr[0] == '\0' ||
				    (cell->ch == ' ' && !cell->selected &&
					g->attr[y][x] == 0)
				? 0
				: attr[1]);
			if (cell->ch != ' ')
				ck_assert_int_eq(g->colour[y][x],
				    colour[0] == '\0' ? 0 : colour[1]);
		}
}

static const char *const words[] = {"", " ", "a", "lock", "sum = sum + n",
    "\u6f22\u5b57", "\u6f22", "x\u6f22y", "\u25b6 run", "\u00b7",
    "                              ", "\U0001f600"};

static void
scribble(struct canvas *c)
{
	struct area all = canvas_area(c);
	struct pen p = pen_at(all, rand() % ROWS);
	int word = rand() % (int)(sizeof words / sizeof words[0]);

	p.selected = rand() % 8 == 0;
	p.x += rand() % COLS;
	pen_text(&p, (enum look)(rand() % LOOK_COUNT), words[word]);
}

/* What a wide character loses its half of is no character any more. */
static void
mend(struct canvas *c)
{
	for (int i = 0; i < ROWS * COLS; i++) {
		struct cell *cell = &c->cells[i];
		bool wide = cell->ch > 126 && wcwidth((wchar_t)cell->ch) == 2;

		if (wide && ((i + 1) % COLS == 0 || cell[1].ch != 0))
			cell->ch = ' ';
		if (cell->ch == 0 &&
		    (i % COLS == 0 || cell[-1].ch < 127 ||
			wcwidth((wchar_t)cell[-1].ch) != 2))
			cell->ch = ' ';
	}
}

START_TEST(shows_what_is_drawn)
{
	struct render_caps caps;
	struct render r = {.caps = &caps, .stale = true};
	struct canvas c = {.cells = NULL};
	static struct glass g;

	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	caps_init(&caps);
	ck_assert_int_eq(canvas_resize(&c, ROWS, COLS), 0);
	srand((unsigned)_i);
	for (int turn = 0; turn < 300; turn++) {
		if (rand() % 20 == 0)
			canvas_clear(&c);
		if (rand() % 40 == 0)
			r.stale = true;
		for (int n = rand() % 12; n > 0; n--)
			scribble(&c);
		mend(&c);
		ck_assert_int_eq(render_frame(&r, &c), 0);
		glass_read(&g, r.out, r.len);
		check(&g, &c, &caps);
	}
	render_free(&r);
	canvas_free(&c);
}
END_TEST

/* Where clearing leaves a background that is not ours, blanks are drawn. */
START_TEST(blanks_are_drawn_where_they_need_be)
{
	struct render_caps caps;
	struct render r = {.caps = &caps, .stale = true};
	struct canvas c = {.cells = NULL};
	size_t blanks = 0;

	caps_init(&caps);
	caps.bare = true;
	caps.clear_end[0] = '\0';
	ck_assert_int_eq(canvas_resize(&c, ROWS, COLS), 0);
	ck_assert_int_eq(render_frame(&r, &c), 0);
	for (size_t i = 0; i < r.len; i++)
		blanks += r.out[i] == ' ';
	ck_assert_uint_eq(blanks, ROWS * COLS);
	ck_assert_int_eq(render_frame(&r, &c), 0);
	ck_assert_uint_eq(r.len, 0);
	render_free(&r);
	canvas_free(&c);
}
END_TEST

START_TEST(nothing_new_sends_nothing)
{
	struct render_caps caps;
	struct render r = {.caps = &caps, .stale = true};
	struct canvas c = {.cells = NULL};

	caps_init(&caps);
	ck_assert_int_eq(canvas_resize(&c, ROWS, COLS), 0);
	ck_assert_int_eq(render_frame(&r, &c), 0);
	ck_assert_uint_gt(r.len, 0);
	ck_assert_int_eq(render_frame(&r, &c), 0);
	ck_assert_uint_eq(r.len, 0);
	render_free(&r);
	canvas_free(&c);
}
END_TEST

int
main(void)
{
	TCase *render = tcase_create("render");

	tcase_add_loop_test(render, shows_what_is_drawn, 0, 8);
	tcase_add_test(render, nothing_new_sends_nothing);
	tcase_add_test(render, blanks_are_drawn_where_they_need_be);
	return suite_run("render", (TCase *const[]){render, NULL});
}
