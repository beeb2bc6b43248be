/* test_layout: who gets which rows, at every size. */
#include "term/layout.h"

#include <stddef.h>

#include "suite.h"

static struct layout_wish
wish(int banners, int report, bool other)
{
	return (struct layout_wish){.header = 3,
	    .banners = banners,
	    .report = report,
	    .brief = 3,
	    .other = other};
}

START_TEST(parts_fill_the_screen)
{
	for (int rows = 1; rows < 80; rows++)
		for (int cols = 1; cols < 210; cols += 7)
			for (int i = 0; i < 16; i++) {
				struct layout l = layout_screen(rows, cols,
				    wish(i & 3, i & 4 ? 4 + i : 0, i & 8));

				ck_assert_int_ge(l.header, 0);
				ck_assert_int_ge(l.banners, 0);
				ck_assert_int_ge(l.body, 0);
				ck_assert_int_ge(l.report, 0);
				ck_assert_int_eq(l.header + l.banners + l.body +
					l.report + l.bar,
				    rows);
			}
}
END_TEST

START_TEST(sizes_show_what_they_promise)
{
	struct layout full = layout_screen(24, 80, wish(0, 0, false));
	struct layout compact = layout_screen(16, 60, wish(0, 0, false));
	struct layout panel = layout_screen(10, 40, wish(0, 0, false));
	struct layout line = layout_screen(1, 40, wish(0, 0, false));

	ck_assert_int_eq(full.header, 3);
	ck_assert_int_eq(full.body, 20);
	ck_assert_int_eq(compact.header, 3);
	ck_assert_int_eq(compact.body, 12);
	ck_assert_int_ge(panel.body, 6);
	ck_assert_int_eq(panel.bar, 1);
	ck_assert_int_eq(line.header, 1);
	ck_assert_int_eq(line.bar, 0);
}
END_TEST

/* A view that was asked for is shown, however small the screen. */
START_TEST(another_view_has_a_body)
{
	for (int rows = 1; rows < 30; rows++)
		ck_assert_int_ge(
		    layout_screen(rows, 80, wish(0, 0, true)).body, 1);
}
END_TEST

START_TEST(the_classic_run_fits_the_classic_terminal)
{
	unsigned threads[] = {11, 11, 11, 11};
	struct layout_plan p = layout_workers(20, 80, threads, 4, 5, 11);

	ck_assert_int_eq(p.kind, LAYOUT_FOLD);
	ck_assert_int_eq(p.list, 6);
	ck_assert_int_eq(p.panel, 14);
	ck_assert_int_eq(p.strip, 0);
	ck_assert(p.heading && p.boxed);
}
END_TEST

START_TEST(wide_screens_have_panels_abreast)
{
	unsigned threads[] = {11, 11, 11, 11};
	struct layout_plan one = layout_workers(57, 80, threads, 4, 5, 11);
	struct layout_plan two = layout_workers(41, 160, threads, 4, 5, 11);
	struct layout_plan four = layout_workers(20, 200, threads, 4, 5, 11);

	ck_assert_int_eq(one.kind, LAYOUT_GRID);
	ck_assert_int_eq(one.abreast, 1);
	ck_assert_int_eq(two.kind, LAYOUT_GRID);
	ck_assert_int_eq(two.abreast, 2);
	ck_assert_int_eq(four.kind, LAYOUT_GRID);
	ck_assert_int_eq(four.abreast, 4);
}
END_TEST

START_TEST(many_threads_become_a_strip)
{
	unsigned threads[] = {1001, 1001, 1001, 1001, 1001};
	struct layout_plan p = layout_workers(46, 200, threads, 5, 6, 1001);

	ck_assert_int_eq(p.kind, LAYOUT_FOLD);
	ck_assert_int_ge(p.strip, 6);
	ck_assert_int_gt(p.panel, p.strip + 3);
}
END_TEST

START_TEST(plans_fit_at_every_size)
{
	unsigned threads[300];

	for (size_t i = 0; i < 300; i++)
		threads[i] = 1 + (unsigned)(i * 37 % 101);
	for (int rows = 1; rows < 70; rows++)
		for (int cols = 1; cols < 220; cols += 3)
			for (unsigned n = 1; n < 300; n = n * 3 + 1) {
				struct layout_plan p = layout_workers(
				    rows, cols, threads, n, n + 1, threads[0]);

				ck_assert_int_le(p.list + p.panel, rows);
				ck_assert_int_ge(p.list, 0);
				ck_assert_int_ge(p.panel, 0);
				ck_assert_int_le(p.strip, p.panel);
				if (p.kind == LAYOUT_GRID)
					ck_assert_int_ge(cols / p.abreast, 50);
				else
					ck_assert_int_gt(p.panel, 0);
			}
}
END_TEST

int
main(void)
{
	TCase *layout = tcase_create("layout");

	tcase_add_test(layout, parts_fill_the_screen);
	tcase_add_test(layout, sizes_show_what_they_promise);
	tcase_add_test(layout, another_view_has_a_body);
	tcase_add_test(layout, the_classic_run_fits_the_classic_terminal);
	tcase_add_test(layout, wide_screens_have_panels_abreast);
	tcase_add_test(layout, many_threads_become_a_strip);
	tcase_add_test(layout, plans_fit_at_every_size);
	return suite_run("layout", (TCase *const[]){layout, NULL});
}
