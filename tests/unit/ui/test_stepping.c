/* test_stepping: stepping in words, and what stands on the screen of it. */
#include "text/stepping.h"

#include <string.h>

#include "drawn.h"
#include "suite.h"
#include "text/summary.h"

/* The model after so many looks of a scenario; 0: all of it. */
static void
look(const char *scenario, unsigned looks)
{
	struct streamgen g = {0};

	ck_assert(streamgen_stepped(&g, scenario, 25 * looks));
	play_stream(&g);
	canvas.ascii = true;
}

static const struct model_thread *
thread(unsigned index)
{
	return &model->slot[1]->threads[index];
}

static struct frame_step *
step(unsigned index)
{
	return model->slot[1]->threads[index].step;
}

static void
check_operation(unsigned index, const char *want)
{
	char buf[STEPPING_LEN];

	stepping_operation(model, model->slot[1], thread(index), buf);
	ck_assert_str_eq(buf, want);
}

START_TEST(letters)
{
	static const struct {
		unsigned letter;
		const char *want;
	} row[] = {{0, ""}, {1, "a"}, {26, "z"}, {27, "A"}, {52, "Z"},
	    {53, "_53_"}, {65535, "_65535_"}};
	char buf[LETTER_TEXT];

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		ck_assert_str_eq(
		    letter_format(row[i].letter, buf), row[i].want);
}
END_TEST

START_TEST(operations_in_words)
{
	static const struct {
		struct frame_step at;
		const char *want;
	} row[] = {
	    {{.point = POINT_NONE}, ""},
	    {{.point = POINT_LOAD, .thing = THING_SUM}, "LOAD sum"},
	    {{.point = POINT_ADD, .thing = THING_SUM, .amount = 7}, "ADD 7"},
	    {{.point = POINT_STORE, .thing = THING_SUM, .value = 43},
		"STORE 43"},
	    {{.point = POINT_SWAP, .thing = THING_SUM, .value = -1}, "SWAP -1"},
	    {{.point = POINT_FETCH_ADD, .thing = THING_SUM, .amount = 1},
		"FETCH_ADD 1"},
	    {{.point = POINT_LOCK, .thing = THING_LOCK}, "LOCK sum"},
	    {{.point = POINT_UNLOCK, .thing = THING_MUTEX, .object = 2},
		"UNLOCK B"},
	    {{.point = POINT_TAKE, .thing = THING_MUTEX, .object = 1},
		"TAKE A"},
	    {{.point = POINT_TAKE,
		 .thing = THING_MUTEX,
		 .object = 1,
		 .flags = STEP_BLOCKED},
		"TAKE A: none left"},
	    {{.point = POINT_EAT, .value = 2}, "EAT, 2 so far"},
	    {{.point = POINT_GET, .thing = THING_ITEM_QUEUE}, "GET queue"},
	    {{.point = POINT_GET,
		 .thing = THING_QUEUE,
		 .object = 3,
		 .flags = STEP_BLOCKED},
		"GET queue 3: empty"},
	    {{.point = POINT_PUT,
		 .thing = THING_ITEM_QUEUE,
		 .flags = STEP_BLOCKED},
		"PUT queue: full"},
	    {{.point = POINT_TASK, .flags = STEP_SILENT}, "TASK"},
	    {{.point = POINT_WAIT}, "CONTINUE"},
	};

	look("stuck", 2);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		*step(1) = row[i].at;
		check_operation(1, row[i].want);
	}
	check_operation(0, "WAIT left to end");
	*step(1) = (struct frame_step){.point = POINT_STORE, .value = 43};
	model->masked = true;
	check_operation(1, "STORE ?");
	model_free(model);
}
END_TEST

START_TEST(who_may_go)
{
	const struct model_proc *p;
	char why[STEPPING_LEN];

	look("stuck", 2);
	ck_assert_ptr_eq(stepping_find(model, 1, &p), thread(1));
	ck_assert_ptr_eq(p, model->slot[1]);
	ck_assert_ptr_null(stepping_find(model, 3, &p));
	ck_assert_ptr_null(stepping_find(model, 0, &p));
	ck_assert(stepping_may_go(thread(1)));
	ck_assert(!stepping_refuses(model, p, thread(1), why));
	ck_assert(!stepping_may_go(thread(0)));
	model_free(model);

	look("stuck", 3);
	p = model->slot[1];
	ck_assert(!stepping_may_go(thread(1)));
	ck_assert(stepping_refuses(model, p, thread(1), why));
	ck_assert_str_eq(why, "a left waits for B, held by b right");
	step(1)->point = POINT_NONE;
	ck_assert(stepping_refuses(model, p, thread(1), why));
	ck_assert_str_eq(why, "left is not at its gate");
	model->slot[1]->threads[1].now.state = STATE_EXITED;
	ck_assert(stepping_refuses(model, p, thread(1), why));
	ck_assert_str_eq(why, "left has ended");
	ck_assert_ptr_null(stepping_find(model, 1, &p));
	model_free(model);
}
END_TEST

START_TEST(because_of_whom)
{
	char who[STEPPING_LEN];

	look("stuck", 3);
	ck_assert(
	    stepping_blocker(model, model->slot[1], thread(1), false, who));
	ck_assert_str_eq(who, "right");
	ck_assert(
	    stepping_blocker(model, model->slot[1], thread(1), true, who));
	ck_assert_str_eq(who, "b");
	step(1)->owner = 99;
	ck_assert(
	    stepping_blocker(model, model->slot[1], thread(1), true, who));
	ck_assert_str_eq(who, "tid 99");
	step(1)->owner = 0;
	ck_assert(
	    !stepping_blocker(model, model->slot[1], thread(1), true, who));
	model_free(model);
}
END_TEST

START_TEST(nobody_can_go)
{
	char text[MODEL_LINE], tiny[16];

	look("stuck", 3);
	stepping_stuck(model, text, sizeof text);
	ck_assert_str_eq(text,
	    "a left waits for B, held by b; b right waits for A, held by a; "
	    "main is joining left");
	stepping_stuck(model, tiny, sizeof tiny);
	ck_assert_str_eq(tiny, "a left waits...");
	model_free(model);
}
END_TEST

START_TEST(who_chooses)
{
	static const struct {
		struct frame_schedule lab;
		const char *want;
	} row[] = {
	    {{.scheduler = SCHEDULER_HAND, .flags = SCHEDULE_SETTLED},
		"by hand"},
	    {{.scheduler = SCHEDULER_HAND}, "waiting for left"},
	    {{.scheduler = SCHEDULER_HAND,
		 .flags = SCHEDULE_SETTLED | SCHEDULE_ENDED,
		 .taken = 3,
		 .given = 3},
		"at the end of the given schedule"},
	    {{.scheduler = SCHEDULER_HAND,
		 .flags = SCHEDULE_SETTLED | SCHEDULE_ENDED,
		 .taken = 4,
		 .given = 3},
		"by hand"},
	    {{.scheduler = SCHEDULER_GIVEN, .given = 12}, "as given, of 12"},
	    {{.scheduler = SCHEDULER_RANDOM, .seed = 7}, "random, seed 7"},
	    {{.scheduler = SCHEDULER_PCT, .seed = 8}, "pct, seed 8"},
	    {{.scheduler = SCHEDULER_ROUND_ROBIN,
		 .flags = SCHEDULE_ENDED,
		 .taken = 2,
		 .given = 2},
		"as given"},
	    {{.scheduler = SCHEDULER_ROUND_ROBIN,
		 .flags = SCHEDULE_ENDED,
		 .taken = 6,
		 .given = 2},
		"as given, round-robin from step 3"},
	    {{.scheduler = SCHEDULER_ROUND_ROBIN}, "round-robin"},
	};
	char who[STEPPING_LEN];

	look("stuck", 2);
	step(1)->point = POINT_NONE;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		model->lab = row[i].lab;
		stepping_who(model, who);
		ck_assert_str_eq(who, row[i].want);
	}
	stepping_counts(model, who);
	ck_assert_str_eq(who, "0 steps, 0 switches");
	model->lab.taken = model->lab.switches = 1;
	stepping_counts(model, who);
	ck_assert_str_eq(who, "1 step, 1 switch");
	model_free(model);
}
END_TEST

START_TEST(stepped_or_not)
{
	look("stepped", 2);
	ck_assert(stepping_gated(model));
	ck_assert(stepping_by_hand(model));
	ck_assert(stepping_undoes(model));
	model->lab.flags |= SCHEDULE_SPOILT;
	ck_assert(!stepping_undoes(model));
	model->lab.scheduler = SCHEDULER_RANDOM;
	ck_assert(!stepping_by_hand(model));
	ck_assert(stepping_gated(model));
	model->lab.scheduler = SCHEDULER_NONE;
	ck_assert(!stepping_gated(model));
	ck_assert(stepping_shown(model));
	model->lab.taken = 0;
	ck_assert(!stepping_shown(model));
	model_free(model);

	look("stepped", 0);
	ck_assert(!stepping_by_hand(model));
	ck_assert(stepping_undoes(model));
	model_free(model);
}
END_TEST

static void
spoil(const char *why)
{
	model->lab.flags |= SCHEDULE_SPOILT;
	snprintf(model->spoilt, sizeof model->spoilt, "%s", why);
}

START_TEST(what_spoils_a_schedule)
{
	char why[MODEL_LINE];

	look("stepped", 2);
	stepping_spoilt(model, why, sizeof why);
	ck_assert_str_eq(why, "");
	ck_assert(stepping_repeats(model));
	spoil("");
	stepping_spoilt(model, why, sizeof why);
	ck_assert_str_eq(why, "see the log");
	spoil("a worker was killed");
	stepping_spoilt(model, why, sizeof why);
	ck_assert_str_eq(why, "a worker was killed");
	ck_assert(!stepping_repeats(model));
	model_free(model);
}
END_TEST

/* ---- what stands on the screen ---- */

START_TEST(rows_say_what_comes_next)
{
	look("stepped", 4);
	for (int i = 0; i < 2; i++) {
		show.screen.view = i == 0 ? &view_workers : &view_threads;
		draw(24, 80);
		ck_assert(seen(" a   ADD 1 "));
		ck_assert(seen(">b   STORE 1 "));
		ck_assert(seen("x (WAIT its ta"));
		ck_assert(seen("| stepped"));
	}
	draw(10, 40);
	ck_assert(seen(">b   STORE 1 "));
	done();
}
END_TEST

static void
happened(unsigned index, enum frame_trace_op op, int64_t seen_)
{
	struct frame f = {.type = FRAME_TRACE,
	    .pid = thread(index)->tid,
	    .tid = thread(index)->tid,
	    .ns = ++model->now,
	    .trace = {.op = (uint16_t)op,
		.slot = 1,
		.index = (uint16_t)index,
		.seen = seen_}};

	model_apply(model, &f);
}

/* Not all steps are told of, so they have no numbers. */
START_TEST(the_race_view_says_what_it_shows)
{
	look("stepped", 4);
	happened(1, TRACE_LOAD, 0);
	happened(2, TRACE_LOAD, 7);
	show.screen.view = &view_race;
	draw(24, 80);
	ck_assert(seen("loads and stores so far"));
	ck_assert(seen("a pool-1.1"));
	ck_assert(seen("b pool-1.2"));
	ck_assert(seen("LOAD 7"));
	ck_assert(!seen("1 LOAD 0") && !seen("2 LOAD 7"));
	ck_assert(!seen("LOCK sum"));
	happened(1, TRACE_LOCK, 0);
	happened(1, TRACE_UNLOCK, 0);
	draw(24, 80);
	ck_assert(seen("loads, stores and locks so far"));
	ck_assert(seen(" LOCK sum"));
	ck_assert(seen(" UNLOCK sum"));
	done();
}
END_TEST

/* The store that it goes with was let go, or dropped. */
START_TEST(a_loss_may_be_the_first_step)
{
	look("stepped", 4);
	for (unsigned i = 1; i <= 2; i++)
		model->slot[1]->threads[i].step->point = POINT_NONE;
	happened(1, TRACE_LOST, 1);
	happened(2, TRACE_LOST, -1);
	show.screen.view = &view_race;
	draw(24, 80);
	ck_assert(seen("so far"));
	happened(1, TRACE_STORE, 1);
	draw(24, 80);
	ck_assert(seen("STORE"));
	done();
}
END_TEST

START_TEST(the_schedule_is_always_there)
{
	static const struct view *const views[] = {&view_workers, &view_threads,
	    &view_log, &view_locks, &view_info, &view_help, &view_detail};
	static const int size[][2] = {{24, 80}, {10, 40}, {60, 200}, {7, 30}};

	look("stepped", 4);
	for (size_t v = 0; v < sizeof views / sizeof *views; v++)
		for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
			show.screen.view = views[v];
			draw(size[i][0], size[i][1]);
			ck_assert_msg(
			    seen(":a1b2 "), "view %zu, %d rows", v, size[i][0]);
		}
	draw(24, 80);
	ck_assert(seen("schedule ~"));
	ck_assert(seen(":a1b2   3 steps, 1 switch   by hand"));
	draw(10, 40);
	ck_assert(seen(":a1b2  3 steps  by hand"));
	done();
}
END_TEST

/* The banner says it; the chains need say it only once more. */
START_TEST(a_deadlock_is_not_told_three_times)
{
	look("stuck", 3);
	show.screen.view = &view_locks;
	draw(24, 80);
	ck_assert(seen("no thread can run: a left waits for B, held by b"));
	ck_assert(!seen(" DEADLOCK left waits"));
	model->lab.flags &= ~(uint8_t)SCHEDULE_STUCK;
	draw(24, 80);
	ck_assert(!seen("no thread can run"));
	done();
}
END_TEST

START_TEST(the_timeline_has_letters)
{
	look("stuck", 3);
	show.screen.view = &view_timeline;
	draw(24, 80);
	ck_assert(seen(" a left "));
	ck_assert(seen(" b right "));
	done();
}
END_TEST

START_TEST(a_deadlock_is_named_in_letters)
{
	look("stuck", 3);
	draw(24, 80);
	ck_assert(seen(
	    " ! no thread can run: a left waits for B, held by b; b right"));
	ck_assert(seen(" a x LOCK B < right"));
	ck_assert(seen(">b x LOCK A < left"));
	done();
}
END_TEST

START_TEST(a_spoilt_schedule_says_why)
{
	look("stepped", 4);
	spoil("a worker was killed");
	draw(24, 80);
	ck_assert(seen("cannot be repeated: a worker was killed"));
	ck_assert(!seen(":a1b2"));
	done();
}
END_TEST

START_TEST(the_bar_has_the_keys_of_stepping)
{
	look("stepped", 4);
	show.screen.steers = true;
	draw(24, 80);
	ck_assert(seen("n step 1-9 thread N any u undo c continue { } views"));
	ck_assert(!seen("1-9 views"));
	show.screen.steers = false; /* nobody would obey */
	draw(24, 80);
	ck_assert(!seen("n step"));
	done();

	look("stepped", 0);
	show.screen.steers = true;
	draw(24, 80);
	ck_assert(seen("u undoes the last step"));
	ck_assert(seen(" u undo"));
	ck_assert(!seen("n step"));
	done();
}
END_TEST

/* ---- the last word ---- */

static void
join(const char *line, void *arg)
{
	strcat(strcat(arg, line), "\n");
}

START_TEST(the_report_has_a_line_to_paste)
{
	static char text[2 * MODEL_SCHEDULE];

	look("stepped", 0);
	summary_each(model, NULL, false, join, text);
	ck_assert(strstr(text,
		      "\nschedule 6 steps, 2 switches, by hand; to repeat it:\n"
		      "lockstep --schedule 'race,processes=1,threads=2,items=2,"
		      "adds=1,steps=3:a1b3a2'\n") != NULL);

	/* As long as it may be. */
	memset(model->schedule + strlen(model->schedule), 'a',
	    MODEL_SCHEDULE - 1 - strlen(model->schedule));
	model->lab.length = MODEL_SCHEDULE - 1;
	text[0] = '\0';
	summary_each(model, NULL, false, join, text);
	ck_assert(strstr(text, model->schedule) != NULL);
	model->lab.length++;
	text[0] = '\0';
	summary_each(model, NULL, false, join, text);
	ck_assert(strstr(text, "--schedule") == NULL);
	ck_assert(
	    strstr(text, "too long to be kept here (65536 bytes)") != NULL);
	spoil("it went on freely");
	text[0] = '\0';
	summary_each(model, NULL, false, join, text);
	ck_assert(
	    strstr(text, "cannot be repeated: it went on freely") != NULL);
	ck_assert(strstr(text, "--schedule") == NULL);
	model_free(model);
}
END_TEST

START_TEST(the_report_of_a_run_told_to_stop)
{
	static const char late[] =
	    "\nstopped: unfinished adds were completed after the last step\n";
	char text[4096] = "";

	look("stepped", 0);
	model->ended = true;
	model->bye.outcome = OUTCOME_STOPPED;
	summary_each(model, NULL, false, join, text);
	ck_assert_ptr_nonnull(strstr(text, late));
	ck_assert_ptr_nonnull(strstr(text, "; to repeat it up to there:\n"));

	text[0] = '\0';
	model->lab.taken = 0;
	summary_each(model, NULL, false, join, text);
	ck_assert_ptr_null(strstr(text, late));
	ck_assert_ptr_null(strstr(text, "to repeat it"));

	text[0] = '\0';
	spoil("stepping began in the middle");
	summary_each(model, NULL, false, join, text);
	ck_assert_ptr_nonnull(strstr(text, late));
	model_free(model);
}
END_TEST

START_TEST(the_report_of_a_schedule_that_does_not_fit)
{
	char text[4096] = "";

	look("stepped", 0);
	model->ended = true;
	model->bye.outcome = OUTCOME_FAILED;
	model->lab.scheduler = SCHEDULER_GIVEN;
	model->lab.given = 10;
	summary_each(model, NULL, false, join, text);
	ck_assert_ptr_nonnull(
	    strstr(text, ": FAILED: the schedule does not fit\n"));
	ck_assert_ptr_nonnull(strstr(text,
	    "schedule 6 steps, 2 switches, as given, of 10: it does not "
	    "fit\n"));
	ck_assert_ptr_null(strstr(text, "no worker left"));
	ck_assert_ptr_null(strstr(text, "to repeat it"));

	text[0] = '\0';
	model->lab.scheduler = SCHEDULER_HAND;
	summary_each(model, NULL, false, join, text);
	ck_assert_ptr_nonnull(strstr(text, ": FAILED: no worker left\n"));
	model_free(model);
}
END_TEST

START_TEST(a_free_run_has_no_schedule)
{
	char text[4096] = "";

	look("stepped", 1);
	summary_each(model, NULL, false, join, text);
	ck_assert(strstr(text, "schedule") == NULL);
	model_free(model);
}
END_TEST

int
main(void)
{
	TCase *words = tcase_create("words"), *screen = tcase_create("screen"),
	      *report = tcase_create("report");
	TCase *const cases[] = {words, screen, report, NULL};

	tcase_add_test(words, letters);
	tcase_add_test(words, operations_in_words);
	tcase_add_test(words, who_may_go);
	tcase_add_test(words, because_of_whom);
	tcase_add_test(words, nobody_can_go);
	tcase_add_test(words, who_chooses);
	tcase_add_test(words, stepped_or_not);
	tcase_add_test(words, what_spoils_a_schedule);
	tcase_add_test(screen, rows_say_what_comes_next);
	tcase_add_test(screen, the_race_view_says_what_it_shows);
	tcase_add_test(screen, a_loss_may_be_the_first_step);
	tcase_add_test(screen, the_schedule_is_always_there);
	tcase_add_test(screen, a_deadlock_is_named_in_letters);
	tcase_add_test(screen, a_deadlock_is_not_told_three_times);
	tcase_add_test(screen, the_timeline_has_letters);
	tcase_add_test(screen, a_spoilt_schedule_says_why);
	tcase_add_test(screen, the_bar_has_the_keys_of_stepping);
	tcase_add_test(report, the_report_has_a_line_to_paste);
	tcase_add_test(report, the_report_of_a_run_told_to_stop);
	tcase_add_test(report, the_report_of_a_schedule_that_does_not_fit);
	tcase_add_test(report, a_free_run_has_no_schedule);
	return suite_run("stepping", cases);
}
