/* test_program: screens of programs of all sizes, drawn without a terminal. */
#include <string.h>

#include "text/gil_text.h"

#include "drawn.h"
#include "suite.h"

/* A frame of this text goes in. */
static void
tell(enum frame_text kind, uint32_t index, const char *text)
{
	struct streamgen g = {0};

	streamgen_text(&g, kind, index, text);
	apply(&g);
}

/* The screen as text, anything but ASCII as `~`. */
static const char *
screen(int rows, int cols)
{
	static char text[61 * 202 + 1];
	char *p = text;

	draw(rows, cols);
	for (int y = 0; y < rows; y++) {
		for (int x = 0; x < cols; x++) {
			uint32_t ch = canvas.cells[y * cols + x].ch;

			*p++ = ch < 127 ? (char)ch : '~';
		}
		*p++ = '\n';
	}
	*p = '\0';
	return text;
}

#define has(text, what) \
	ck_assert_msg(strstr(text, what) != NULL, "%.2000s", text)
#define lacks(text, what) \
	ck_assert_msg(strstr(text, what) == NULL, "%.2000s", text)

START_TEST(processes_of_one_thread_are_a_list)
{
	static const int sizes[][2] = {{10, 40}, {16, 60}, {24, 80}};

	play("hung", 60);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const char *s = screen(sizes[i][0], sizes[i][1]);

		has(s, "main ");
		has(s, "consumer ");
		has(s, "Q ");
		lacks(s, "tid");
	}
	/* One with several threads has a panel. */
	done();
	play("program", 60);
	has(screen(24, 80), "tid");
	done();
}
END_TEST

START_TEST(what_never_adds_has_no_sum)
{
	play("hung", 60);
	lacks(screen(24, 80), "sum 0");
	lacks(screen(24, 80), "added");
	done();
	play("hung", 100);
	lacks(screen(24, 80), "sum 0");
	done();
	play("program", 60);
	has(screen(24, 80), "copies");
	done();
}
END_TEST

START_TEST(the_end_shows_what_was_printed_and_found)
{
	play("program", 100);
	const char *s = screen(24, 80);

	has(s, "results up to 10000 = 350  ");
	has(s, "        up to 50000 = 2 030 ");
	has(s, "printed round 4 is over");
	has(s, "        round 5 is over");
	lacks(s, " more");
	has(screen(60, 200), "round 2 is over");
	has(screen(10, 40), "round 5 is over");
	/* Another view keeps its place. */
	show.screen.view = &view_futures;
	has(screen(24, 80), "square(11)");
	done();
}
END_TEST

START_TEST(no_result_is_cut)
{
	play("program", 60);
	has(screen(24, 80), "up to 10000 = 350   up to 20000 = 770 ");
	has(screen(10, 40), "up to 10000 = 350   ~ 1 ");
	done();
}
END_TEST

START_TEST(of_a_path_the_end_is_seen)
{
	play("program", 60);
	for (uint32_t i = 1; i <= 12; i++)
		tell(TEXT_FUTURE, 1U << 24 | i, "/usr/include/linux/aio.h");
	show.screen.view = &view_futures;
	has(screen(24, 80), "~e/linux/aio.h ");
	has(screen(10, 40), "~inux/aio.h ");
	show.screen.view = &view_workers;
	for (unsigned i = 2; i <= 4; i++) {
		model->slot[i]->threads[0].now.state = STATE_READING;
		model->slot[i]->threads[0].since = show.screen.now - 98000000;
	}
	for (int cols = 20; cols < 120; cols++) {
		const char *s = screen(40, cols);

		for (; (s = strstr(s, "98")) != NULL; s++)
			has(s, "98 ms");
	}
	done();
}
END_TEST

START_TEST(the_interpreter_lock_is_in_the_header)
{
	play("program", 60);
	lacks(screen(24, 120), "GIL");
	model->lab.gil = 5000000;
	has(screen(24, 120), "GIL 5 ms");
	model->lab.gil = 0;
	lacks(screen(24, 120), "GIL");
	tell(TEXT_PARAM, 3, "gil off for now");
	lacks(screen(24, 120), "GIL");
	done();
}
END_TEST

START_TEST(handovers_of_the_interpreter_lock_are_counted)
{
	char text[GIL_TEXT_LEN];

	play("program", 60);
	ck_assert(!gil_text_counts(model, text));
	tell(TEXT_PARAM, 4,
	    "handovers 412, 38 of them between a load and a store");
	ck_assert(gil_text_counts(model, text));
	ck_assert_str_eq(text,
	    "the interpreter lock changed hands 412 times, 38 of them between "
	    "a load and a store");
	tell(
	    TEXT_PARAM, 4, "handovers 1, 0 of them between a load and a store");
	ck_assert(gil_text_counts(model, text));
	ck_assert_ptr_nonnull(strstr(text, "hands 1 time, 0 of"));
	done();
}
END_TEST

START_TEST(the_window_hides_what_a_lock_costs)
{
	play("race", 60);
	show.screen.view = &view_locks;
	model->control.window = 1000;
	has(screen(40, 120), "hides what a lock costs: compare the kinds at");
	model->control.window = 0;
	lacks(screen(40, 120), "hides what a lock costs");
	done();
}
END_TEST

START_TEST(a_busy_machine_is_reported)
{
	play("compare", 60);
	show.screen.view = &view_compare;
	lacks(screen(24, 120), "busy");
	tell(TEXT_OUTPUT, 0, "this machine was busy, or the run was paused: x");
	has(screen(24, 120), "busy, or the run was paused: compare the CPU");
	done();
}
END_TEST

START_TEST(keys_of_the_crew_are_not_offered)
{
	play("program", 60);
	show.screen.steers = true;
	lacks(screen(24, 200), "+ - workers");
	done();
	play("hybrid", 60);
	show.screen.steers = true;
	has(screen(24, 200), "+ - workers");
	done();
}
END_TEST

START_TEST(a_pipe_is_told_in_bytes)
{
	play("program", 60);
	has(screen(24, 80), "/65 536");
	done();
}
END_TEST

/* Whole, of a process as of a thread, and steps age with the clock. */
START_TEST(detail_in_a_hang)
{
	play("hung", 90);
	screen(24, 80);
	show.screen.view = &view_detail;
	const char *s = screen(24, 80);

	has(s, "hung            main waits for consumer to end, which waits");
	s = screen(12, 40);
	has(s, "    main waits for consumer to end,");
	struct frame f = {.type = FRAME_TRACE,
	    .ns = model->now,
	    .pid = show.screen.selection.pid,
	    .trace = {.op = TRACE_GET, .slot = 1}};
	model_apply(model, &f);
	has(screen(24, 80), "<1 ms ago");
	show.screen.now += 3000000000ULL;
	has(screen(24, 80), "3.0 s ago");
	done();
}
END_TEST

int
main(void)
{
	TCase *program = tcase_create("program");

	tcase_add_test(program, processes_of_one_thread_are_a_list);
	tcase_add_test(program, what_never_adds_has_no_sum);
	tcase_add_test(program, the_end_shows_what_was_printed_and_found);
	tcase_add_test(program, no_result_is_cut);
	tcase_add_test(program, of_a_path_the_end_is_seen);
	tcase_add_test(program, the_interpreter_lock_is_in_the_header);
	tcase_add_test(program, handovers_of_the_interpreter_lock_are_counted);
	tcase_add_test(program, the_window_hides_what_a_lock_costs);
	tcase_add_test(program, a_busy_machine_is_reported);
	tcase_add_test(program, keys_of_the_crew_are_not_offered);
	tcase_add_test(program, a_pipe_is_told_in_bytes);
	tcase_add_test(program, detail_in_a_hang);
	return suite_run("program", (TCase *const[]){program, NULL});
}
