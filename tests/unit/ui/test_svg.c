/* test_svg: a screen as a picture: all of its text, each cell in its place. */
#include "export/svg.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

static struct canvas canvas;
static char *picture;

static struct pen
begin(int rows, int cols)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	ck_assert_int_eq(canvas_resize(&canvas, rows, cols), 0);
	return pen_at(canvas_area(&canvas), 0);
}

static void
draw(enum theme theme)
{
	size_t len;
	FILE *out = open_memstream(&picture, &len);

	ck_assert_ptr_nonnull(out);
	svg_write(&canvas, theme, out);
	fclose(out);
}

static void
end(void)
{
	free(picture);
	canvas_free(&canvas);
}

static bool
has(const char *part)
{
	return strstr(picture, part) != NULL;
}

#define HAS(part) ck_assert_msg(has(part), "no %s in %s", part, picture)

START_TEST(a_word_has_its_place_and_width)
{
	struct pen p = begin(2, 30);

	pen_text(&p, LOOK_PLAIN, "  sum 300");
	draw(THEME_DARK);
	HAS("<text x=\"20\" y=\"15\" textLength=\"30\" "
	    "class=\"c0\">sum</text>");
	HAS("<text x=\"60\" y=\"15\" textLength=\"30\" "
	    "class=\"c0\">300</text>");
	HAS("viewBox=\"-12 -12 324 64\"");
	end();
}
END_TEST

START_TEST(what_means_something_in_xml_is_escaped)
{
	struct pen p = begin(1, 30);

	pen_text(&p, LOOK_PLAIN, "<b>&\"'\1\u6f22");
	draw(THEME_DARK);
	HAS(">&#60;b&#62;&#38;\"'?</text>");
	HAS("textLength=\"20\" class=\"c0\">&#28450;</text>");
	end();
}
END_TEST

START_TEST(looks_have_the_colours_of_the_theme)
{
	struct pen p = begin(1, 30);

	pen_text(&p, LOOK_TITLE, "race");
	pen_text(&p, LOOK_ALARM, "lost");
	p.selected = true;
	pen_text(&p, LOOK_PLAIN, "here");
	draw(THEME_LIGHT);
	HAS(".p{fill:#ffffff}");
	HAS(".c3{fill:#005faf}"); /* LOOK_TITLE */
	HAS("class=\"c3 b\">race<");
	HAS("<rect class=\"c8\" x=\"40\" y=\"0\" width=\"40\" height=\"20\"/>");
	HAS("class=\"p b\">lost<");
	HAS("class=\"p\">here<");
	end();
}
END_TEST

START_TEST(frames_and_bars_are_drawn)
{
	struct pen p = begin(3, 30);

	area_box(canvas_area(&canvas), LOOK_DIM);
	p.y = 1;
	p.x = 2;
	pen_repeat(&p, LOOK_GOOD, 0x2588, 3);
	pen_repeat(&p, LOOK_DIM, 0x2591, 2);
	pen_char(&p, LOOK_DIM, 0x2584);
	draw(THEME_DARK);
	HAS("<path class=\"l s1\" d=\"M5 20V10H10\"/>");
	HAS("<path class=\"l s1\" d=\"M10 10H290\"/>");
	HAS("<path class=\"l s1\" d=\"M295 40V50H290\"/>");
	HAS("<path class=\"l s1\" d=\"M5 20v20\"/>");
	HAS("x=\"20\" y=\"22\" width=\"30\" height=\"16\"/>");
	HAS("x=\"50\" y=\"22\" width=\"20\" height=\"16\" opacity");
	HAS("x=\"70\" y=\"30\" width=\"10\" height=\"8\"/>");
	ck_assert(!has("<text"));
	end();
}
END_TEST

/* Whatever is drawn: elements open and close, and hold no bare `<` or `&`. */
START_TEST(anything_is_well_formed)
{
	int depth = 0;

	begin(20, 60);
	srand(7);
	for (int i = 0; i < 20 * 60; i++) {
		struct pen p = pen_at(canvas_area(&canvas), i / 60);

		p.x = i % 60;
		p.selected = rand() % 5 == 0;
		pen_char(&p, (enum look)(rand() % LOOK_COUNT),
		    rand() % 3 ? (uint32_t)(rand() % 128)
			       : (uint32_t)(rand() % 0x3000));
	}
	draw(THEME_PROJECTOR);
	for (const char *s = picture; *s != '\0'; s++) {
		if (*s == '&') {
			ck_assert_int_eq(s[1], '#');
			ck_assert_uint_gt(strspn(s + 2, "0123456789"), 0);
		}
		if (*s != '<')
			continue;

		const char *close = strchr(s, '>');

		ck_assert_ptr_nonnull(close);
		ck_assert(memchr(s + 1, '<', (size_t)(close - s)) == NULL);
		depth += s[1] == '/' ? -1 : close[-1] == '/' ? 0 : 1;
		ck_assert_int_ge(depth, 0);
	}
	ck_assert_int_eq(depth, 0);
	end();
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("svg");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, a_word_has_its_place_and_width);
	tcase_add_test(t, what_means_something_in_xml_is_escaped);
	tcase_add_test(t, looks_have_the_colours_of_the_theme);
	tcase_add_test(t, frames_and_bars_are_drawn);
	tcase_add_test(t, anything_is_well_formed);
	return suite_run("svg", cases);
}
