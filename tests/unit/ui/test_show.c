/* test_show: whole frames of the dashboard, drawn without a terminal. */
#include "dashboard/screen.h"

#include <stdio.h>
#include <string.h>

#include "drawn.h"
#include "style/format.h"
#include "suite.h"
#include "term/terminal.h"
#include "widgets/selection.h"

static const struct view *const views[] = {&view_workers, &view_threads,
    &view_log, &view_locks, &view_futures, &view_compare, &view_info,
    &view_help, &view_detail, &view_timeline, &view_race};
#define VIEWS (sizeof views / sizeof views[0])

START_TEST(every_view_at_every_size)
{
	static const int sizes[] = {
	    1, 2, 3, 5, 8, 10, 16, 24, 39, 60, 131, 200};
	const char *scenario = streamgen_scenarios[_i];

	play(scenario, 60);
	for (size_t v = 0; v < VIEWS; v++) {
		show.screen.view = views[v];
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
			for (size_t j = 0; j < sizeof sizes / sizeof *sizes;
			     j++) {
				draw(sizes[i], sizes[j]);
				act(ACTION_DOWN);
				act(j % 2 ? ACTION_PAGE_DOWN : ACTION_LAST);
			}
	}
	done();
}
END_TEST

/* An empty model, as before the first frame. */
START_TEST(nothing_yet)
{
	play("hybrid", 0);
	for (size_t v = 0; v < VIEWS; v++) {
		show.screen.view = views[v];
		for (int action = 1; action < ACTION_COUNT; action++) {
			act((enum action)action);
			draw(24, 80);
		}
	}
	done();
}
END_TEST

START_TEST(header_says_what_is_in_force)
{
	play("lost", 35);
	draw(24, 80);
	ck_assert(seen("lock OFF none"));
	ck_assert(seen("ok sum + lost = expected"));
	done();
}
END_TEST

START_TEST(a_broken_ledger_is_shown)
{
	play("hybrid", 60);
	model->sum.adding = 0;
	model->sum.in_doubt = 0;
	model->sum.lost = 0;
	model->sum.sum = model->sum.expected - 1;
	draw(24, 80);
	ck_assert(seen("BROKEN"));
	done();
}
END_TEST

START_TEST(a_waiting_thread_of_a_program_says_for_what)
{
	play("program", 60);
	draw(60, 200);
	ck_assert(seen("future of squares "));
	ck_assert(seen("put numbers (full)"));
	ck_assert(seen("join numbers "));
	ck_assert(seen("lock screen "));
	ck_assert(seen("gil "));
	ck_assert(seen("square("));
	done();
}
END_TEST

START_TEST(what_a_program_has_made_is_below)
{
	play("program", 60);
	draw(24, 80);
	ck_assert(seen("results                up to 10000 = 350"));
	ck_assert(seen("squares      processes 3 workers"));
	ck_assert(seen("numbers      queue     10/10 "));
	ck_assert(seen("pipe 2       pipe "));
	ck_assert(seen("screen       lock      held by joiner 12 ms"));
	ck_assert(seen("futures 12"));
	ck_assert(!seen("items"));
	done();
}
END_TEST

START_TEST(a_hang_cannot_be_overlooked)
{
	play("hung", 90);
	draw(24, 80);
	ck_assert(!model->ended && model->control.hung);
	ck_assert(seen("HANGS"));
	ck_assert(seen(" ! hangs: consumer waits for an item in the queue"));
	ck_assert(seen("a sentinel is missing"));
	ck_assert(seen("process   waits for consumer to end"));
	draw(10, 40);
	ck_assert(seen("HANGS"));
	ck_assert(seen(" ! hangs: consumer waits"));
	done();
}
END_TEST

START_TEST(a_reason_is_whole_in_detail_and_log)
{
	play("hung", 90);
	show.screen.view = &view_log;
	draw(24, 80);
	ck_assert(seen("0:02.4  consumer waits for an item"));
	show.screen.view = &view_workers;
	draw(24, 80);
	act(ACTION_RIGHT);
	act(ACTION_FOCUS);
	show.screen.view = &view_detail;
	draw(24, 80);
	ck_assert(seen("waits for       get numbers (empty)"));
	ck_assert(seen("hung            consumer waits for an item"));
	done();
}
END_TEST

START_TEST(who_was_stopped_did_not_exit)
{
	play("hung", 100);
	draw(24, 80);
	ck_assert(seen("stopped"));
	ck_assert(!seen("exited") && !seen("killed"));
	done();
}
END_TEST

START_TEST(a_failed_future_says_why)
{
	play("program", 100);
	show.screen.view = &view_futures;
	draw(24, 120);
	ck_assert(seen("square(7) was given up after 2"));
	ck_assert(seen("(70 000 bytes)"));
	show.screen.view = &view_workers;
	draw(24, 80);
	act(ACTION_LAST);
	act(ACTION_LEFT);
	draw(24, 80);
	act(ACTION_FOCUS);
	show.screen.view = &view_detail;
	draw(24, 80);
	ck_assert(seen("failed          square(7): square(7) was given up"));
	done();
}
END_TEST

START_TEST(futures_by_number_and_by_order)
{
	play("program", 60);
	show.screen.view = &view_futures;
	draw(24, 80);
	ck_assert(seen("12 futures  by number"));
	ck_assert_uint_eq(show.screen.futures[0], 0);
	act(ACTION_SORT);
	draw(24, 80);
	ck_assert(seen("by order of completion"));
	ck_assert_uint_eq(show.screen.futures[0], 1);
	ck_assert_uint_eq(show.screen.futures[1], 0);
	memcpy(show.screen.filter, "pending", 8);
	draw(24, 80);
	ck_assert(seen("3 futures"));
	done();
}
END_TEST

START_TEST(a_comparison_side_by_side)
{
	play("compare", 100);
	show.screen.view = &view_compare;
	draw(24, 80);
	ck_assert(seen("without interpreter lock"));
	ck_assert(seen("10.0x"));
	ck_assert(seen("17k"));
	draw(10, 40);
	ck_assert(seen("with gil"));
	ck_assert(seen("10.0x"));
	done();
}
END_TEST

START_TEST(states_of_a_thread_are_told_apart)
{
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		const struct state_info *a = theme_state(i);

		ck_assert(a->letter != 0 && a->glyph != 0 && a->ascii != 0);
		ck_assert(a->waits_for != NULL || a->means != NULL);
		ck_assert_uint_le(strlen(a->word), 8);
		for (unsigned j = 0; j < i; j++) {
			const struct state_info *b = theme_state(j);

			ck_assert_msg(a->letter != b->letter &&
				a->glyph != b->glyph && a->ascii != b->ascii &&
				strcmp(a->word, b->word) != 0,
			    "%s and %s", a->word, b->word);
		}
	}
}
END_TEST

START_TEST(private_mode_explains_itself)
{
	play("private", 60);
	draw(24, 100);
	ck_assert(seen("(supervisor's copy)"));
	ck_assert(seen("ok copies + lost = expected"));
	ck_assert(seen("own sum"));
	ck_assert(seen("as after fork"));
	done();
}
END_TEST

START_TEST(selection_sticks_to_a_thread)
{
	play("hybrid", 60);
	draw(24, 80);
	ck_assert_uint_eq(show.screen.selection.slot, 1);
	ck_assert_int_eq(show.screen.selection.tid, 0);
	act(ACTION_FOCUS);
	act(ACTION_DOWN);
	draw(24, 80);

	int32_t tid = show.screen.selection.tid;
	ck_assert_int_ne(tid, 0);
	draw(10, 40);
	ck_assert_int_eq(show.screen.selection.tid, tid);
	show.screen.view = &view_threads;
	draw(24, 80);
	ck_assert_int_eq(show.screen.selection.tid, tid);
	act(ACTION_SORT);
	draw(24, 80);
	ck_assert_int_eq(show.screen.selection.tid, tid);
	done();
}
END_TEST

/* The replacement of a killed worker is selected in its place. */
START_TEST(selection_moves_to_the_replacement)
{
	play("killed", 10);
	draw(24, 80);
	act(ACTION_DOWN);
	draw(24, 80);

	int32_t before = show.screen.selection.pid;
	struct place kept = show.screen.selection;
	done();
	play("killed", 60);
	show.screen.selection = kept;
	draw(24, 80);
	ck_assert_uint_eq(show.screen.selection.slot, kept.slot);
	ck_assert_int_ne(show.screen.selection.pid, before);
	done();
}
END_TEST

START_TEST(a_dead_worker_stays_until_replaced)
{
	struct model_proc *p;

	play("hybrid", 60);
	p = model->slot[2];
	p->now.ended = ENDED_SIGNAL;
	p->now.code = 9;
	p->now.state = STATE_KILLED;
	draw(24, 80);
	ck_assert(seen("killed by SIGKILL"));
	done();
}
END_TEST

/* A class must see a death, however fast the replacement comes. */
START_TEST(a_replacement_says_whom_it_replaces)
{
	play("killed", 60);
	draw(60, 200);
	ck_assert(seen("replaces 4142, killed by SIGKILL"));
	ck_assert(seen("(1 gone)"));
	draw(24, 80);
	ck_assert(seen("was 4142: SIGKILL"));
	ck_assert(seen("(1 gone)"));
	show.screen.now += 20000000000;
	draw(24, 80);
	ck_assert(!seen("SIGKILL"));
	ck_assert(seen("(1 gone)"));
	done();
}
END_TEST

/* What workers that live and those that are gone added is all of it. */
START_TEST(the_table_adds_up)
{
	play("killed", 60);

	struct selection_gone gone = selection_gone(model);
	int64_t added = gone.added;

	for (unsigned i = 1; i < model->nslots; i++)
		added += model->slot[i]->now.sum;
	ck_assert_uint_eq(gone.n, 1);
	ck_assert_int_eq(added, model_copies(model) - model->sum.sum);
	done();
}
END_TEST

START_TEST(a_dead_engine_is_said_so)
{
	play("hybrid", 60);
	model_break(model);
	show.trouble = "the engine was killed by signal 9";
	draw(24, 80);
	ck_assert(seen("engine died"));
	ck_assert(seen("killed by signal 9"));
	ck_assert(!seen("/s "));
	ck_assert(!seen(" left"));
	done();
}
END_TEST

START_TEST(what_does_not_fit_is_counted)
{
	play("hybrid", 60);
	draw(16, 60);
	ck_assert(seen(" more"));
	for (size_t v = 0; v < VIEWS; v++) {
		if (views[v] != &view_info && views[v] != &view_help)
			continue;
		show.screen.view = views[v];
		draw(8, 60);
		ck_assert(seen(" more"));
		act(ACTION_LAST);
		draw(8, 60);
		ck_assert(!seen(" more"));
	}
	done();
}
END_TEST

START_TEST(filter_leaves_what_matches)
{
	play("hybrid", 60);
	strcpy(show.screen.filter, "worker-3");
	draw(24, 80);
	ck_assert(seen("worker-3"));
	ck_assert(!seen("worker-2"));
	ck_assert_uint_eq(show.screen.selection.slot, 3);
	strcpy(show.screen.filter, "no such thing");
	draw(24, 80);
	ck_assert(seen("nothing matches the filter"));
	done();
}
END_TEST

static void
type(const char *keys)
{
	for (; *keys != '\0'; keys++)
		prompt_key(&show.prompt, &show.screen, model, *keys);
}

START_TEST(filter_is_typed)
{
	play("hybrid", 60);
	prompt_filter(&show.prompt, &show.screen);
	type("poolx");
	prompt_key(&show.prompt, &show.screen, model, TERMINAL_ERASE);
	ck_assert_str_eq(show.screen.filter, "pool");
	/* q is a letter here. */
	ck_assert_int_eq(
	    prompt_key(&show.prompt, &show.screen, model, 'q'), PROMPT_OPEN);
	ck_assert_int_eq(
	    prompt_key(&show.prompt, &show.screen, model, TERMINAL_ESCAPE),
	    PROMPT_NO);
	ck_assert_str_eq(show.screen.filter, "");
	for (int i = 0; i < 3 * SCREEN_FILTER; i++)
		prompt_key(&show.prompt, &show.screen, model, 0x6f22);
	ck_assert_uint_lt(strlen(show.screen.filter), SCREEN_FILTER);
	done();
}
END_TEST

START_TEST(killing_asks_by_pid)
{
	char pid[16];

	play("hybrid", 60);
	ck_assert(!prompt_kill(&show.prompt, model->slot[0]));
	ck_assert(prompt_kill(&show.prompt, model->slot[2]));
	draw(24, 80);
	snprintf(pid, sizeof pid, "pid %d?", (int)model->slot[2]->pid);
	ck_assert(seen("kill worker-2, "));
	ck_assert(seen(pid));
	ck_assert_int_eq(
	    prompt_key(&show.prompt, &show.screen, model, 'n'), PROMPT_NO);
	ck_assert_int_eq(
	    prompt_key(&show.prompt, &show.screen, model, 'q'), PROMPT_QUIT);
	ck_assert_int_eq(
	    prompt_key(&show.prompt, &show.screen, model, 'y'), PROMPT_YES);
	done();
}
END_TEST

START_TEST(locks_are_chosen_from_a_list)
{
	play("hybrid", 60);
	prompt_lock(&show.prompt, model);
	draw(24, 80);
	ck_assert(seen("semaphore"));
	ck_assert(seen("adds/s"));
	ck_assert_int_eq(
	    prompt_key(&show.prompt, &show.screen, model, '2'), PROMPT_YES);
	ck_assert_uint_eq(show.prompt.choice, 2);
	for (int i = 0; i < 40; i++)
		prompt_key(&show.prompt, &show.screen, model, TERMINAL_DOWN);
	draw(3, 10);
	ck_assert_int_eq(
	    prompt_key(&show.prompt, &show.screen, model, TERMINAL_ENTER),
	    PROMPT_YES);
	ck_assert(model->lock_name[show.prompt.choice][0] != '\0');
	done();
}
END_TEST

/* Of a lock that the stream has no name for, the first one is offered. */
START_TEST(a_lock_without_a_name_is_not_chosen)
{
	play("hybrid", 60);
	model->lock.wanted = FRAME_MAX_LOCKS - 1;
	prompt_lock(&show.prompt, model);
	draw(24, 80);
	ck_assert_int_eq(
	    prompt_key(&show.prompt, &show.screen, model, TERMINAL_ENTER),
	    PROMPT_YES);
	ck_assert(model->lock_name[show.prompt.choice][0] != '\0');
	done();
}
END_TEST

/* Where there is room the supervisor's copy is named as what it is. */
START_TEST(the_copy_of_the_supervisor_is_a_number)
{
	char number[FORMAT_LEN], text[FORMAT_LEN + 40];

	play("private", 60);
	snprintf(text, sizeof text, "sum %s (supervisor's copy)",
	    format_number(number, model->sum.sum));
	draw(50, 200);
	ck_assert(seen(text));
	done();
}
END_TEST

/* Numbers of a stream may be anything: more done than there is to do. */
START_TEST(a_bar_is_full_at_most)
{
	play("hybrid", 60);
	canvas.ascii = true;
	model->item_queue.total = 1;
	model->item_queue.done = UINT64_MAX;
	draw(50, 200);
	ck_assert(seen("[############################]"));
	model->item_queue.done = 0;
	draw(50, 200);
	ck_assert(seen("[............................]"));
	done();
}
END_TEST

START_TEST(the_end_is_reported)
{
	play("lost", 100);
	show.screen.steers = true;
	draw(24, 80);
	ck_assert(seen("done in 0:"));
	ck_assert(seen("r runs again"));
	ck_assert(seen("updates lost"));
	draw(10, 40);
	ck_assert(seen("done in 0:"));
	done();
}
END_TEST

START_TEST(ascii_means_ascii)
{
	play("hostile", 60);
	canvas.ascii = true;
	for (size_t v = 0; v < VIEWS; v++) {
		show.screen.view = views[v];
		draw(45, 160);
		for (int i = 0; i < canvas.rows * canvas.cols; i++)
			ck_assert_uint_lt(canvas.cells[i].ch, 127);
	}
	done();
}
END_TEST

/* As on a projector: what a narrow screen shows, at any width. */
START_TEST(tables_may_have_few_columns)
{
	play("lost", 35);
	show.screen.view = &view_threads;
	draw(30, 140);
	ck_assert(seen("  adds  ") && seen("waiting for"));
	canvas.few = true;
	draw(30, 140);
	ck_assert(!seen("  adds  "));
	ck_assert(seen("tid") && seen("waiting for"));
	done();
}
END_TEST

START_TEST(the_timeline_has_bars_and_marks)
{
	play("lost", 30);
	canvas.ascii = true;
	show.screen.view = &view_timeline;
	draw(24, 80);
	ck_assert(seen("a column, following"));
	ck_assert(seen(">none"));
	ck_assert(seen("pool-1.0"));
	ck_assert(seen("z sleep"));
	ck_assert(seen("sampled about every "));
	done();
	play("program", 90);
	canvas.ascii = true;
	show.screen.view = &view_timeline;
	draw(24, 80);
	ck_assert(seen("# waits for a lock"));
	done();
}
END_TEST

START_TEST(the_timeline_stands_still_where_it_was_left)
{
	play("lost", 40);
	canvas.ascii = true;
	show.screen.view = &view_timeline;
	draw(24, 80);
	act(ACTION_FINER);
	act(ACTION_FINER);
	draw(24, 80);
	act(ACTION_EARLIER);
	act(ACTION_FAR_EARLIER);
	draw(24, 80);
	ck_assert(!seen("following"));

	uint64_t left = show.screen.timeline.left;
	unsigned at = show.screen.timeline.at;

	show.screen.now += 700000000;
	draw(24, 80);
	ck_assert_uint_eq(show.screen.timeline.left, left);
	ck_assert_uint_eq(show.screen.timeline.at, at);
	act(ACTION_COARSER);
	draw(24, 80);
	ck_assert_uint_eq(show.screen.timeline.at, at);
	act(ACTION_FIRST);
	draw(24, 80);
	ck_assert_uint_eq(show.screen.timeline.at, 0);
	act(ACTION_LAST);
	draw(24, 80);
	ck_assert(seen("following"));
	act(ACTION_LEFT);
	draw(24, 80);
	ck_assert(!seen("following"));
	act(ACTION_RIGHT);
	draw(24, 80);
	ck_assert(seen("following"));
	done();
}
END_TEST

/* A column of zoom is a 1-2-5 step, and has ends. */
START_TEST(the_timeline_zooms_within_bounds)
{
	play("hybrid", 60);
	show.screen.view = &view_timeline;
	draw(24, 80);
	for (int i = 0; i < 30; i++)
		act(ACTION_FINER);
	draw(24, 80);
	ck_assert_uint_eq(show.screen.timeline.width, 1000000);
	act(ACTION_COARSER);
	act(ACTION_COARSER);
	act(ACTION_COARSER);
	draw(24, 80);
	ck_assert_uint_eq(show.screen.timeline.width, 10000000);
	for (int i = 0; i < 30; i++)
		act(ACTION_COARSER);
	draw(24, 80);
	ck_assert_uint_eq(show.screen.timeline.width, 60000000000);
	done();
}
END_TEST

/* At the cursor stands what the model says of now. */
START_TEST(the_timeline_tells_in_words)
{
	play("hung", 90);
	show.screen.view = &view_timeline;
	draw(24, 80);
	ck_assert(seen("waits for consumer to end"));
	ck_assert(seen("so far"));
	act(ACTION_DOWN);
	draw(24, 80);
	ck_assert_int_ge(column_of("waits to get numbers"), 0);
	ck_assert(!seen("(empty)"));
	done();
}
END_TEST

int
main(void)
{
	TCase *drawn = tcase_create("show");
	int scenarios = 0;

	while (streamgen_scenarios[scenarios] != NULL)
		scenarios++;
	tcase_add_loop_test(drawn, every_view_at_every_size, 0, scenarios);
	tcase_add_test(drawn, nothing_yet);
	tcase_add_test(drawn, header_says_what_is_in_force);
	tcase_add_test(drawn, a_broken_ledger_is_shown);
	tcase_add_test(drawn, a_waiting_thread_of_a_program_says_for_what);
	tcase_add_test(drawn, what_a_program_has_made_is_below);
	tcase_add_test(drawn, a_hang_cannot_be_overlooked);
	tcase_add_test(drawn, a_reason_is_whole_in_detail_and_log);
	tcase_add_test(drawn, who_was_stopped_did_not_exit);
	tcase_add_test(drawn, a_failed_future_says_why);
	tcase_add_test(drawn, futures_by_number_and_by_order);
	tcase_add_test(drawn, a_comparison_side_by_side);
	tcase_add_test(drawn, states_of_a_thread_are_told_apart);
	tcase_add_test(drawn, private_mode_explains_itself);
	tcase_add_test(drawn, selection_sticks_to_a_thread);
	tcase_add_test(drawn, selection_moves_to_the_replacement);
	tcase_add_test(drawn, a_dead_worker_stays_until_replaced);
	tcase_add_test(drawn, a_replacement_says_whom_it_replaces);
	tcase_add_test(drawn, the_table_adds_up);
	tcase_add_test(drawn, a_dead_engine_is_said_so);
	tcase_add_test(drawn, what_does_not_fit_is_counted);
	tcase_add_test(drawn, filter_leaves_what_matches);
	tcase_add_test(drawn, filter_is_typed);
	tcase_add_test(drawn, killing_asks_by_pid);
	tcase_add_test(drawn, locks_are_chosen_from_a_list);
	tcase_add_test(drawn, a_lock_without_a_name_is_not_chosen);
	tcase_add_test(drawn, the_copy_of_the_supervisor_is_a_number);
	tcase_add_test(drawn, a_bar_is_full_at_most);
	tcase_add_test(drawn, the_end_is_reported);
	tcase_add_test(drawn, ascii_means_ascii);
	tcase_add_test(drawn, tables_may_have_few_columns);
	tcase_add_test(drawn, the_timeline_has_bars_and_marks);
	tcase_add_test(drawn, the_timeline_stands_still_where_it_was_left);
	tcase_add_test(drawn, the_timeline_zooms_within_bounds);
	tcase_add_test(drawn, the_timeline_tells_in_words);
	return suite_run("show", (TCase *const[]){drawn, NULL});
}
