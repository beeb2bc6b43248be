/* test_canvas: what may stand in a cell, and how many cells a number takes. */
#include "term/canvas.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "suite.h"
#include "widgets/widgets.h"

#define COLS 40
#define LAST 0x110000 /* code points end before it */

static struct canvas canvas;

static void
begin(bool ascii)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	ck_assert_int_eq(canvas_resize(&canvas, 1, COLS), 0);
	canvas.ascii = ascii;
}

static struct pen
pen(void)
{
	canvas_clear(&canvas);
	return pen_at(canvas_area(&canvas), 0);
}

static bool
is_bidi(uint32_t ch)
{
	return ch == 0x61c || ch == 0x200e || ch == 0x200f ||
	    (ch >= 0x202a && ch <= 0x202e) || (ch >= 0x2066 && ch <= 0x2069);
}

static bool
may_stand(uint32_t ch)
{
	if (ch < 0x80 || canvas.ascii)
		return ch >= ' ' && ch < 127;
	return ch > 0x9f && ch < LAST && !(ch >= 0xd800 && ch <= 0xdfff) &&
	    !is_bidi(ch) && wcwidth((wchar_t)ch) > 0;
}

/* A cell of nothing is the right half of the one before. */
static void
check_cells(uint32_t what)
{
	for (int x = 0; x < COLS; x++) {
		uint32_t ch = canvas.cells[x].ch;
		bool half = ch == 0 && x > 0 &&
		    wcwidth((wchar_t)canvas.cells[x - 1].ch) == 2;

		if (!half && !may_stand(ch))
			ck_abort_msg("%#x: %#x in a cell", what, ch);
	}
}

static void
check_char(uint32_t ch)
{
	struct pen p = pen();

	pen_char(&p, LOOK_PLAIN, ch);
	pen_repeat(&p, LOOK_PLAIN, ch, 3);
	pen_char(&p, LOOK_PLAIN, 'x');
	check_cells(ch);
}

START_TEST(no_character_harms)
{
	begin(_i != 0);
	for (uint32_t ch = 0; ch < LAST + 0x100; ch++)
		check_char(ch);
	for (unsigned bit = 21; bit < 32; bit++) {
		check_char(1U << bit);
		check_char(1U << bit | 0x1b);
		check_char(UINT32_MAX << bit);
	}
	canvas_free(&canvas);
}
END_TEST

START_TEST(no_glyph_harms)
{
	begin(_i != 0);
	for (enum glyph g = GLYPH_NONE; g < GLYPH_COUNT; g++) {
		struct pen p = pen();

		pen_glyph(&p, LOOK_PLAIN, g);
		check_cells(g);
		if (g != GLYPH_NONE)
			ck_assert_uint_eq(
			    canvas.cells[0].ch, theme_glyph(g, _i != 0));
	}
	canvas_free(&canvas);
}
END_TEST

/* Any bytes, as every way of drawing a text has them. */
static void
check_text(const char *text, uint32_t what)
{
	struct pen p = pen();
	int width = canvas_width(text);

	pen_text(&p, LOOK_PLAIN, text);
	if (width < COLS)
		ck_assert_int_eq(p.x, width);
	check_cells(what);
	p = pen();
	pen_cut(&p, LOOK_PLAIN, text, 3);
	ck_assert_int_le(p.x, 3);
	pen_tail(&p, LOOK_PLAIN, text, 3);
	ck_assert_int_le(p.x, 6);
	pen_field(&p, LOOK_PLAIN, text, 5);
	pen_field(&p, LOOK_PLAIN, text, -5);
	pen_print(&p, LOOK_PLAIN, "%s", text);
	check_cells(what);
}

START_TEST(no_text_harms)
{
	char text[16] = "";

	begin(_i != 0);
	for (uint32_t two = 0; two < 1 << 16; two++) {
		memcpy(text, &two, 2);
		text[2] = '\0';
		check_text(text, two);
	}
	srandom(1);
	for (int n = 0; n < 100000; n++) {
		size_t len = (size_t)random() % sizeof text;

		/* Above all bytes that begin something, or go on with it. */
		for (size_t i = 0; i < len; i++)
			text[i] =
			    (char)(random() % 4 == 0 ? random()
						     : 0x80 + random() % 0x80);
		text[len] = '\0';
		check_text(text, (uint32_t)n);
	}
	canvas_free(&canvas);
}
END_TEST

/* Longer than it need be, an ESC is still an ESC. */
START_TEST(an_escape_in_disguise)
{
	static const char *const texts[] = {"\x1b[2J", "\xc0\x9b[2J",
	    "\xe0\x80\x9b[2J", "\xf0\x80\x80\x9b[2J", "\xc1\x9b[2J",
	    "\xc2\x9b[2J", "\xed\xa0\x80", "\xf4\x90\x80\x80",
	    "\xf8\x88\x80\x80\x9b", "\xe2\x80\xae", "\xd8\x9c", "\x7f", "\x07"};

	begin(false);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct pen p = pen();

		pen_text(&p, LOOK_PLAIN, texts[i]);
		ck_assert_uint_eq(canvas.cells[0].ch, '?');
		check_text(texts[i], (uint32_t)i);
	}
	canvas_free(&canvas);
}
END_TEST

START_TEST(what_is_fine_stays)
{
	static const char text[] = "a\xc3\xa9\xe2\x96\xb6\xf0\x9f\x90\x8dz";
	static const uint32_t cells[] = {'a', 0xe9, 0x25b6, 0x1f40d, 0, 'z'};
	struct pen p;

	begin(false);
	p = pen();
	pen_text(&p, LOOK_PLAIN, text);
	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
		ck_assert_uint_eq(canvas.cells[i].ch, cells[i]);
	ck_assert_int_eq(canvas_width(text), 6);
	canvas_free(&canvas);
}
END_TEST

/* ---- numbers of cells ---- */

START_TEST(a_number_of_cells)
{
	static const struct {
		double v;
		int most, is;
	} row[] = {{0, 10, 0}, {3.99, 10, 3}, {10, 10, 10}, {10.01, 10, 10},
	    {-1, 10, 0}, {-1e300, 10, 0}, {1e300, 10, 10}, {1e19, 10, 10},
	    {2147483648.0, 10, 10}, {-2147483649.0, 10, 0}, {1, 0, 0},
	    {1, -1, 0}, {-3, -5, 0}};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		ck_assert_int_eq(draw_clamp(row[i].v, row[i].most), row[i].is);
	ck_assert_int_eq(draw_clamp((double)NAN, 10), 0);
	ck_assert_int_eq(draw_clamp((double)INFINITY, 10), 10);
	ck_assert_int_eq(draw_clamp(-(double)INFINITY, 10), 0);
}
END_TEST

/* Cells of 10 that are full. */
static int
bar(double fraction)
{
	struct pen p = pen();
	int n = 0;

	draw_bar(&p, LOOK_PLAIN, fraction, 12);
	ck_assert_int_eq(p.x, 12);
	ck_assert_uint_eq(canvas.cells[0].ch, '[');
	ck_assert_uint_eq(canvas.cells[11].ch, ']');
	for (int x = 1; x < 11; x++)
		n += canvas.cells[x].ch == '#';
	return n;
}

START_TEST(a_bar_of_anything)
{
	begin(true);
	ck_assert_int_eq(bar(0), 0);
	ck_assert_int_eq(bar(0.25), 3);
	ck_assert_int_eq(bar(1), 10);
	ck_assert_int_eq(bar(1.8e19), 10);
	ck_assert_int_eq(bar(1e300), 10);
	ck_assert_int_eq(bar((double)INFINITY), 10);
	ck_assert_int_eq(bar(-1), 0);
	ck_assert_int_eq(bar(-1.8e19), 0);
	ck_assert_int_eq(bar(-(double)INFINITY), 0);
	ck_assert_int_eq(bar((double)NAN), 0);
	canvas_free(&canvas);
}
END_TEST

START_TEST(a_spark_of_anything)
{
	struct model_history h = {.at = {1, -1e300, 1e300, 5e-324, (double)NAN,
				      (double)INFINITY, -(double)INFINITY},
	    .n = 7};

	begin(true);
	for (unsigned n = 0; n <= 7; n++) {
		struct pen p = pen();

		h.n = n;
		draw_spark(&p, LOOK_PLAIN, &h, 7);
		ck_assert_int_eq(p.x, 7);
		check_cells(n);
	}
	canvas_free(&canvas);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("cells"), *n = tcase_create("numbers");
	TCase *const cases[] = {t, n, NULL};

	tcase_add_loop_test(t, no_character_harms, 0, 2);
	tcase_add_loop_test(t, no_glyph_harms, 0, 2);
	tcase_add_loop_test(t, no_text_harms, 0, 2);
	tcase_add_test(t, an_escape_in_disguise);
	tcase_add_test(t, what_is_fine_stays);
	tcase_add_test(n, a_number_of_cells);
	tcase_add_test(n, a_bar_of_anything);
	tcase_add_test(n, a_spark_of_anything);
	return suite_run("canvas", cases);
}
