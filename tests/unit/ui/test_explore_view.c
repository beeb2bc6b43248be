/* test_explore_view: a search of all schedules, drawn without a terminal. */
#include <stdio.h>
#include <string.h>

#include "drawn.h"
#include "suite.h"
#include "text/exploration_report.h"
#include "text/exploration_text.h"

static struct streamgen gen;

/* ---- a stream ---- */

static struct frame_explore *
explore(uint64_t done, uint64_t total)
{
	struct frame *f = streamgen_add(&gen, FRAME_EXPLORE);

	f->explore.state = done == total ? EXPLORE_COMPLETE : EXPLORE_RUNNING;
	f->explore.outcomes = 3;
	f->explore.threads = 2;
	f->explore.done = done;
	f->explore.total = total;
	return &f->explore;
}

static void
outcome(unsigned index, unsigned flags, int64_t value, uint64_t count,
    unsigned switches)
{
	struct frame *f = streamgen_add(&gen, FRAME_OUTCOME);

	f->outcome.index = (uint16_t)index;
	f->outcome.flags = (uint8_t)flags;
	f->outcome.value = value;
	f->outcome.expected = 2;
	f->outcome.lost = flags & OUTCOME_LOSES ? 2 - value : 0;
	f->outcome.count = count;
	f->outcome.switches = switches;
}

static void
schedule(unsigned index, const char *string, const char *cause,
    const char *const cells[])
{
	streamgen_text(&gen, TEXT_OUTCOME, index, string);
	streamgen_text(&gen, TEXT_CAUSE, index, cause);
	for (unsigned i = 0; cells[i] != NULL; i++)
		streamgen_text(&gen, TEXT_CELL, index << 8 | i, cells[i]);
}

static void
begin(void)
{
	streamgen_hello(&gen, "explore race", 1, 2);
	streamgen_text(
	    &gen, TEXT_EXPLORE, 0, "2 threads, 1 add each, lock none");
	streamgen_text(&gen, TEXT_EXPLORE, 1, "a step is what others see");
	streamgen_text(&gen, TEXT_EXPLORE, 2, "at most 1000000 schedules");
	streamgen_text(&gen, TEXT_EXPLORE, 3, "sum");
	streamgen_text(&gen, TEXT_PARAM, 0, "LOAD sum, ADD 1, STORE sum");
	streamgen_text(&gen, TEXT_PARAM, 1, "LOAD sum, ADD 1, STORE sum");
}

static const char *const good[] = {"a LOAD sum: 0", "a ADD 1 = 1",
    "a STORE sum: 1", "b LOAD sum: 1", "b ADD 1 = 2", "b STORE sum: 2", NULL};
static const char *const bad[] = {"a LOAD sum: 0", "a ADD 1 = 1",
    "b LOAD sum: 0", "b ADD 1 = 1", "b STORE sum: 1", "a STORE sum: 1 (-1)",
    NULL};

/* The numbers of race, 2x1: as they are found, not in their order. */
static void
race(void)
{
	begin();
	schedule(0, "race,threads=2,steps=3:a3b3", "", good);
	outcome(0, 0, 2, 2, 1);
	schedule(1, "race,threads=2,steps=3:a2b3a1",
	    "step 6: a's STORE wiped out b's 1", bad);
	outcome(1, OUTCOME_LOSES, 1, 18, 2);
	explore(20, 20)->losing = 18;
}

static void
play_explore(void)
{
	play_stream(&gen);
	show.screen.view = &view_explore;
}

/* ---- tests ---- */

START_TEST(numbers_words_and_the_smallest_that_fails)
{
	race();
	play_explore();
	draw(24, 80);
	ck_assert_int_eq(row_of("explore race"), 0);
	ck_assert(seen("20 of 20"));
	ck_assert(seen("100 %"));
	ck_assert(seen("lose 18 of 20"));
	ck_assert(seen("share is not a probability"));
	ck_assert(!seen("a step is what others see"));
	ck_assert(seen("every schedule within the bounds was run"));
	ck_assert(seen("each thread: LOAD sum, ADD 1"));
	ck_assert(seen("expected 2, was 1"));
	ck_assert(seen("a's STORE wiped out b's 1"));
	ck_assert(seen("race,threads=2,steps=3:a2b3a1"));
	ck_assert(seen("6!STORE sum: 1 (-1)"));
	/* By value, not as they were found. */
	ck_assert_int_lt(row_of("90.00 % ["), row_of("10.00 % ["));
	draw(40, 80);
	ck_assert(seen("a step is what others see"));
	ck_assert(seen("at most 1000000 schedules"));
	done();
}
END_TEST

/* Of a schedule that is longer than the screen. */
START_TEST(the_step_that_decides_is_shown)
{
	static const int decides[] = {40, 60, 4};
	char cell[60][32];
	const char *cells[61] = {NULL};
	int at = decides[_i];

	race();
	for (int i = 0; i < 60; i++) {
		snprintf(cell[i], sizeof cell[i], "a STORE sum: %d%s", i + 1,
		    i + 1 == at ? " (-1)" : "");
		cells[i] = cell[i];
	}
	schedule(1, "race,threads=2,steps=3:a60", "", cells);
	play_explore();
	draw(24, 80);
	ck_assert_int_ge(row_of("(-1)"), 0);
	ck_assert(seen("PgUp") == (at > 4));
	ck_assert(seen("PgDn") == (at < 60));
	for (int i = 0; i < 20; i++) {
		ck_assert_uint_eq(act(ACTION_PAGE_UP), DO_REDRAW);
		draw(24, 80);
	}
	ck_assert(seen("    1 STORE sum: 1 "));
	ck_assert(!seen("PgUp") && seen("PgDn"));
	for (int i = 0; i < 20; i++) {
		act(ACTION_PAGE_DOWN);
		draw(24, 80);
	}
	ck_assert(seen("60"));
	ck_assert(seen("PgUp") && !seen("PgDn"));
	done();
}
END_TEST

/* What threads do is told to its end, or that there is more of it. */
START_TEST(long_programs_are_wrapped)
{
	begin();
	explore(1, 1);
	for (unsigned i = 0; i < 5; i++)
		streamgen_text(&gen, TEXT_PARAM, i,
		    i % 2 ? "TAKE seat, LOCK fork-1, LOCK fork-2, EAT, UNLOCK "
			    "fork-2, UNLOCK fork-1, GIVE seat"
			  : "LOCK fork-1, LOCK fork-2, EAT, UNLOCK fork-2, "
			    "UNLOCK fork-1, LEAVE");
	play_explore();
	draw(24, 80);
	ck_assert_int_gt(row_of("    seat"), row_of("b: TAKE seat"));
	ck_assert(seen("2 threads more: see i"));
	draw(60, 80);
	ck_assert(seen("e: LOCK"));
	ck_assert(!seen("see i"));
	done();
}
END_TEST

START_TEST(an_outcome_is_chosen)
{
	race();
	play_explore();
	draw(24, 80);
	ck_assert_uint_eq(act(ACTION_UP), DO_REDRAW);
	draw(24, 80);
	ck_assert(seen("a2b3a1"));
	act(ACTION_DOWN);
	draw(24, 80);
	ck_assert(seen("expected 2, was 2"));
	ck_assert(seen("steps=3:a3b3"));
	ck_assert(!seen("(-1)"));
	ck_assert_str_eq(
	    explore_letters(explore_selected(model, show.screen.outcome)),
	    "a3b3");
	act(ACTION_LAST);
	act(ACTION_FIRST);
	draw(24, 80);
	ck_assert(seen("a2b3a1"));
	ck_assert_uint_eq(act(ACTION_QUIT), DO_NOT_MINE);
	done();
}
END_TEST

/* What was selected stays so while others are found. */
START_TEST(a_smaller_one_takes_the_place_of_the_smallest)
{
	race();
	schedule(2, "race,threads=2,steps=3:a1b3a2", "", bad);
	outcome(2, OUTCOME_DEADLOCK, 0, 1, 0);
	play_explore();
	ck_assert_int_eq(explore_smallest(model), 2);
	draw(24, 80);
	ck_assert(seen("DEADLOCK"));
	act(ACTION_FIRST);
	ck_assert_uint_eq(show.screen.outcome, 2);
	draw(24, 80);
	ck_assert(seen("a2b3a1"));
	done();
}
END_TEST

/* The table of one schedule goes when another comes. */
START_TEST(another_schedule_has_other_steps)
{
	static const char *const one[] = {"b LOAD sum: 7", NULL};

	race();
	schedule(1, "race,threads=2,steps=3:b1", "", one);
	streamgen_text(&gen, TEXT_CELL, 1 << 8 | 5, "a out of turn");
	streamgen_text(&gen, TEXT_CELL, 99 << 8, "a of no outcome");
	play_explore();
	ck_assert_uint_eq(model->outcome[1].ncells, 1);
	draw(24, 80);
	ck_assert(seen("LOAD sum: 7"));
	ck_assert(!seen("STORE sum: 1"));
	ck_assert(!seen("out of turn"));
	ck_assert(!seen("of no outcome"));
	done();
}
END_TEST

START_TEST(a_total_beyond_counting)
{
	begin();
	explore(1000, UINT64_MAX);
	play_explore();
	draw(24, 80);
	ck_assert(seen("1 000 of 1.8e19 or more"));
	ck_assert_uint_eq(act(ACTION_DOWN), DO_NOTHING);
	done();
}
END_TEST

START_TEST(classes_are_called_so)
{
	race();
	explore(34, 924)->reduced = 1;
	play_explore();
	draw(24, 80);
	ck_assert(seen("classes 34 of 924 schedules"));
	ck_assert(seen("one that fails"));
	ck_assert(seen("a class stands for one"));
	done();
}
END_TEST

START_TEST(help_is_of_a_search)
{
	race();
	play_explore();
	show.screen.view = &view_help;
	draw(60, 80);
	ck_assert(seen("Exploring all schedules"));
	ck_assert(seen("  switch"));
	ck_assert(seen("  deadlock"));
	ck_assert(!seen("States, with their letters"));
	ck_assert(!seen("  settling"));
	done();
}
END_TEST

START_TEST(info_has_its_form_and_its_bounds)
{
	race();
	streamgen_text(&gen, TEXT_LESSON, 0, "What it teaches.");
	play_explore();
	show.screen.view = &view_info;
	draw(24, 80);
	ck_assert(seen("What it teaches."));
	ck_assert(seen("form      2 threads, 1 add each, lock none"));
	ck_assert(seen("bounds    at most 1000000 schedules"));
	ck_assert(seen("steps     a step is what others see"));
	ck_assert(seen("thread b  LOAD sum, ADD 1, STORE sum"));
	done();
}
END_TEST

/* What comes from outside is a word of a command line, or is not pasted. */
START_TEST(only_schedules_are_pasted)
{
	static const struct {
		const char *string;
		bool pastes;
	} row[] = {
	    {"race,threads=2,lock=mutex,steps=3:a2b3a1", true},
	    {"full-pipe:a1_53_2", true},
	    {"race:", true},
	    {"", false},
	    {"a2b3a1", false},
	    {"--help", false},
	    {"-x:a1", false},
	    {"/etc/passwd", false},
	    {"race,threads=2:a1 b2", false},
	    {"race,dir=/tmp:a1", false},
	    {"race;reboot:a1", false},
	    {"race:a1:b1", false},
	};
	struct model_outcome o = {.known = true};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		snprintf(o.schedule, sizeof o.schedule, "%s", row[i].string);
		ck_assert_msg(
		    explore_pastes(&o) == row[i].pastes, "'%s'", row[i].string);
	}
}
END_TEST

/* ---- the report ---- */

static char report[8192];

static void
keep_line(const char *line, void *arg)
{
	size_t used = strlen(report);

	(void)arg;
	snprintf(report + used, sizeof report - used, "%s\n", line);
}

static void
play_report(void)
{
	play_explore();
	report[0] = '\0';
	exploration_report_each(model, keep_line, NULL);
}

static void
race_with_effects(const char *options)
{
	race();
	streamgen_text(&gen, TEXT_EXPLORE, 4, options);
	for (unsigned t = 0; t < 2; t++) {
		streamgen_text(&gen, TEXT_STEP, t << 8, "LOAD sum");
		streamgen_text(&gen, TEXT_STEP, t << 8 | 1, "ADD 1");
		streamgen_text(&gen, TEXT_STEP, t << 8 | 2, "STORE sum");
	}
	for (unsigned i = 0; i < 5; i++)
		streamgen_text(&gen, TEXT_EFFECT, 1 << 8 | i, "1 0 - ");
	streamgen_text(&gen, TEXT_EFFECT, 1 << 8 | 5,
	    "1 1 b=1,c=-2 a's STORE wiped out b's 1");
}

START_TEST(the_report_of_all_schedules)
{
	race_with_effects("demo=race,threads=2,max_switches=4,limit=1000");
	play_report();
	ck_assert_ptr_nonnull(strstr(report, "explore race: 2 threads, 1 add"));
	ck_assert_ptr_nonnull(
	    strstr(report, "  b  LOAD sum, ADD 1, STORE sum\n"));
	ck_assert_ptr_nonnull(
	    strstr(report, "20 of 20 schedules; bounds: at most 1000000"));
	ck_assert_ptr_nonnull(
	    strstr(report, "18 of 20 schedules lose an update"));
	ck_assert_ptr_nonnull(strstr(report,
	    "the smallest that fails: a2b3a1, 2 switches: expected 2, was 1"));
	ck_assert_ptr_nonnull(
	    strstr(report, "\nstep 6: a's STORE wiped out b's 1\n"));
	ck_assert_ptr_nonnull(strstr(report,
	    "lockstep explore race --schedule race,threads=2,steps=3:a2b3a1"));
	done();
}
END_TEST

START_TEST(the_report_of_one_schedule)
{
	race_with_effects("demo=race,threads=2");
	play_report();
	ck_assert_ptr_nonnull(strstr(report, "\nschedule: a2b3a1, 2 switches"));
	ck_assert_ptr_null(strstr(report, "of 20"));
	done();
}
END_TEST

START_TEST(effects_are_read)
{
	struct explore_effect e;
	char name[EXPLORE_OPTION], value[EXPLORE_OPTION];

	race_with_effects("");
	play_explore();
	e = explore_effect(model, 5);
	ck_assert_int_eq(e.value, 1);
	ck_assert_int_eq(e.lost, 1);
	ck_assert_str_eq(e.words, "a's STORE wiped out b's 1");
	ck_assert_str_eq(explore_next_option(e.wiped, name, value), "c=-2");
	ck_assert_str_eq(name, "b");
	ck_assert_str_eq(value, "1");
	ck_assert_ptr_null(explore_next_option("-", name, value));
	ck_assert_str_eq(explore_effect(model, 0).words, "");
	ck_assert_str_eq(explore_effect(model, 99).words, "");
	ck_assert_ptr_eq(explore_shown(model), &model->outcome[1]);
	done();
}
END_TEST

/* Any frames at any size: nothing is drawn where nothing is. */
START_TEST(every_size)
{
	static const int sizes[] = {1, 2, 3, 5, 8, 10, 16, 24, 39, 60, 131};
	const char *hostile[] = {"z LOAD", "", "a", "\x1b[2J", "A x", NULL};

	race();
	for (unsigned i = 2; i < FRAME_MAX_OUTCOMES; i++) {
		schedule(i, "x", "y", hostile);
		outcome(i, i % 4, (int64_t)i - 40, i, i);
	}
	explore(UINT64_MAX, 1)->threads = (uint32_t)(_i == 0 ? 0 : 40 * _i);
	play_explore();
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
			show.screen.view = &view_info;
			draw(sizes[i], sizes[j]);
			show.screen.view = &view_explore;
			draw(sizes[i], sizes[j]);
			act(ACTION_DOWN);
			act(j % 2 ? ACTION_PAGE_DOWN : ACTION_LAST);
		}
	done();
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("explore_view");

	tcase_add_test(t, numbers_words_and_the_smallest_that_fails);
	tcase_add_loop_test(t, the_step_that_decides_is_shown, 0, 3);
	tcase_add_test(t, long_programs_are_wrapped);
	tcase_add_test(t, an_outcome_is_chosen);
	tcase_add_test(t, a_smaller_one_takes_the_place_of_the_smallest);
	tcase_add_test(t, another_schedule_has_other_steps);
	tcase_add_test(t, a_total_beyond_counting);
	tcase_add_test(t, classes_are_called_so);
	tcase_add_test(t, help_is_of_a_search);
	tcase_add_test(t, info_has_its_form_and_its_bounds);
	tcase_add_test(t, only_schedules_are_pasted);
	tcase_add_test(t, the_report_of_all_schedules);
	tcase_add_test(t, the_report_of_one_schedule);
	tcase_add_test(t, effects_are_read);
	tcase_add_loop_test(t, every_size, 0, 3);
	return suite_run("explore_view", (TCase *[]){t, NULL});
}
