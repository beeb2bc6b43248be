/*
 * test_theme: every look of every theme can be read, by its contrast to the
 * background, and told from the others without telling red from green.
 */
#include "style/theme.h"

#include <math.h>
#include <string.h>

#include "suite.h"

#define CONTRAST 4.5
#define APART    8.0 /* in Lab, without its axis from green to red */

static double
linear(unsigned part)
{
	double c = part / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* WCAG 2. */
static double
luminance(uint32_t rgb)
{
	return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 255) +
	    0.0722 * linear(rgb & 255);
}

static double
contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

static double
lab_curve(double t)
{
	return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

/* How far apart they are in lightness, and from blue to yellow. */
static double
distance(uint32_t a, uint32_t b)
{
	const uint32_t rgb[2] = {a, b};
	double light[2], yellow[2];

	for (int i = 0; i < 2; i++) {
		double y = luminance(rgb[i]);
		double z = 0.0193 * linear(rgb[i] >> 16) +
		    0.1192 * linear(rgb[i] >> 8 & 255) +
		    0.9505 * linear(rgb[i] & 255);

		light[i] = 116 * lab_curve(y);
		yellow[i] = 200 * (lab_curve(y) - lab_curve(z / 1.089));
	}
	return hypot(light[0] - light[1], yellow[0] - yellow[1]);
}

/* With 256 colours, 16 or 8, where the upper ones are the lower ones in bold,
 * and only a background that is painted is one of the lower. */
static uint32_t
ink(enum theme theme, enum look look, int colours)
{
	const struct theme_paper *p = theme_paper(theme);
	const struct theme_look *l = theme_look(theme, look);
	int fg = colours == 256 ? l->fg256 : l->fg16;

	if (fg < 0)
		fg = colours == 256 ? p->fg256 : p->fg16;
	return theme_rgb(fg);
}

static uint32_t
paper(enum theme theme, int colours)
{
	const struct theme_paper *p = theme_paper(theme);

	return theme_rgb(colours == 256 ? p->bg256
		: colours == 16         ? p->bg16
					: p->bg16 & 7);
}

static const int depths[] = {256, 16, 8};

#define DEPTHS (int)(sizeof depths / sizeof depths[0])

START_TEST(every_look_can_be_read)
{
	int colours = depths[_i];

	for (enum theme t = THEME_DARK; t < THEME_COUNT; t++)
		for (enum look l = LOOK_PLAIN; l < LOOK_COUNT; l++) {
			double c =
			    contrast(ink(t, l, colours), paper(t, colours));

			ck_assert_msg(c >= CONTRAST,
			    "%s, look %d, %d colours: contrast %.2f",
			    theme_paper(t)->name, l, colours, c);
		}
}
END_TEST

START_TEST(no_two_looks_differ_in_red_against_green)
{
	int colours = depths[_i];

	for (enum theme t = THEME_DARK; t < THEME_COUNT; t++)
		for (enum look l = LOOK_PLAIN; l < LOOK_COUNT; l++)
			for (enum look k = LOOK_PLAIN; k < l; k++) {
				uint32_t a = ink(t, l, colours),
					 b = ink(t, k, colours);

				ck_assert_msg(a == b || distance(a, b) >= APART,
				    "%s, looks %d and %d, %d colours: %.1f",
				    theme_paper(t)->name, k, l, colours,
				    distance(a, b));
			}
}
END_TEST

/* What is said in attributes alone is said without colours, too. */
START_TEST(without_colours_nothing_is_coloured)
{
	for (enum look l = LOOK_PLAIN; l < LOOK_COUNT; l++) {
		const struct theme_look *m = theme_look(THEME_MONO, l);

		ck_assert_int_eq(m->fg256, -1);
		ck_assert_int_eq(m->fg16, -1);
	}
	ck_assert_uint_ne(theme_look(THEME_MONO, LOOK_ALARM)->attr,
	    theme_look(THEME_MONO, LOOK_PLAIN)->attr);
}
END_TEST

START_TEST(a_projector_shows_bold_and_seven_to_one)
{
	for (enum look l = LOOK_PLAIN; l < LOOK_COUNT; l++) {
		ck_assert_double_ge(contrast(ink(THEME_PROJECTOR, l, 256),
					paper(THEME_PROJECTOR, 256)),
		    7.0);
		if (l != LOOK_DIM)
			ck_assert_uint_ne(
			    theme_look(THEME_PROJECTOR, l)->attr & THEME_BOLD,
			    0);
	}
}
END_TEST

/* The list of names is in the order of the themes. */
START_TEST(names_are_in_order)
{
	char list[80] = "auto";

	for (enum theme t = THEME_DARK; t < THEME_COUNT; t++) {
		strcat(list, " ");
		strcat(list, theme_paper(t)->name);
	}
	ck_assert_str_eq(list, THEME_NAMES);
}
END_TEST

START_TEST(the_palette_is_xterms)
{
	ck_assert_uint_eq(theme_rgb(9), 0xff0000);
	ck_assert_uint_eq(theme_rgb(16), 0x000000);
	ck_assert_uint_eq(theme_rgb(74), 0x5fafd7);
	ck_assert_uint_eq(theme_rgb(231), 0xffffff);
	ck_assert_uint_eq(theme_rgb(233), 0x121212);
	ck_assert_uint_eq(theme_rgb(255), 0xeeeeee);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("theme");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, every_look_can_be_read, 0, DEPTHS);
	tcase_add_loop_test(
	    t, no_two_looks_differ_in_red_against_green, 0, DEPTHS);
	tcase_add_test(t, without_colours_nothing_is_coloured);
	tcase_add_test(t, a_projector_shows_bold_and_seven_to_one);
	tcase_add_test(t, names_are_in_order);
	tcase_add_test(t, the_palette_is_xterms);
	return suite_run("theme", cases);
}
