/* test_keys: the table of keys, and the steps that keys take. */
#include "term/keys.h"

#include <errno.h>
#include <string.h>

#include "dashboard/commands.h"
#include "suite.h"
#include "term/terminal.h"

/* A recording, stepping and a search have keys of their own, which come first.
 */
static int
ranks(const struct keys_binding *b)
{
	return b->group == KEYS_REPLAY ? 1
	    : b->group == KEYS_STEP    ? 2
	    : b->group == KEYS_EXPLORE ? 3
				       : 0;
}

/* In each mode no key may mean two things. */
START_TEST(no_key_twice)
{
	for (const struct keys_binding *a = keys_table(); a->action; a++)
		for (int i = 0; i < KEYS_MAX && a->codes[i] != 0; i++)
			for (const struct keys_binding *b = a + 1; b->action;
			     b++)
				for (int j = 0; j < KEYS_MAX; j++) {
					if (b->codes[j] != a->codes[i])
						continue;
					ck_assert_msg(ranks(a) != ranks(b),
					    "%s: %s and %s", a->label, a->help,
					    b->help);
				}
}
END_TEST

/* A search has no pipeline: nothing of it can be steered or looked at. */
START_TEST(a_search_has_keys_of_its_own)
{
	const struct keys_where search = {.steers = true, .explores = true},
				live = {.steers = true};

	ck_assert_int_eq(
	    keys_action(TERMINAL_ENTER, KEYS_SEARCH), ACTION_THROUGH);
	ck_assert_int_eq(keys_action(TERMINAL_ENTER, KEYS_LIVE), ACTION_OPEN);
	ck_assert_int_eq(keys_action('q', KEYS_SEARCH), ACTION_QUIT);
	ck_assert(keys_apply(keys_binding(ACTION_THROUGH), search));
	ck_assert(!keys_apply(keys_binding(ACTION_THROUGH), live));
	ck_assert(keys_apply(keys_binding(ACTION_QUIT), search));
	ck_assert(!keys_apply(keys_binding(ACTION_PAUSE), search));
	ck_assert(!keys_apply(keys_binding(ACTION_STEP), search));
	ck_assert(!keys_apply(keys_binding(ACTION_WORKERS), search));
}
END_TEST

START_TEST(every_action_has_one_row)
{
	for (int action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
		int rows = 0;

		for (const struct keys_binding *b = keys_table(); b->action;
		     b++)
			rows += (int)b->action == action;
		ck_assert_msg(rows == 1, "action %d: %d rows", action, rows);
	}
}
END_TEST

START_TEST(rows_are_complete)
{
	for (const struct keys_binding *b = keys_table(); b->action; b++) {
		ck_assert_int_ne(b->codes[0], 0);
		ck_assert_ptr_nonnull(b->label);
		ck_assert_ptr_nonnull(b->help);
		ck_assert_uint_le(strlen(b->label), 9);
		ck_assert_uint_le(strlen(b->help), 68);
	}
}
END_TEST

START_TEST(the_keys_of_the_design)
{
	ck_assert_int_eq(keys_action('q', KEYS_LIVE), ACTION_QUIT);
	ck_assert_int_eq(keys_action('q', KEYS_RECORDING), ACTION_QUIT);
	ck_assert_int_eq(keys_action('?', KEYS_RECORDING), ACTION_HELP);
	ck_assert_int_eq(keys_action('l', KEYS_LIVE), ACTION_LOCK);
	ck_assert_int_eq(keys_action('L', KEYS_LIVE), ACTION_PICK_LOCK);
	ck_assert_int_eq(keys_action('k', KEYS_LIVE), ACTION_KILL);
	ck_assert_int_eq(keys_action('z', KEYS_LIVE), ACTION_FREEZE);
	ck_assert_int_eq(keys_action('j', KEYS_LIVE), ACTION_DOWN);
	ck_assert_int_eq(keys_action(TERMINAL_F10, KEYS_LIVE), ACTION_QUIT);
	ck_assert_int_eq(keys_action(TERMINAL_F1, KEYS_LIVE), ACTION_HELP);
	ck_assert_int_eq(keys_action('%', KEYS_LIVE), ACTION_NONE);
}
END_TEST

START_TEST(a_recording_has_keys_of_its_own)
{
	ck_assert_int_eq(keys_action(' ', KEYS_LIVE), ACTION_PAUSE);
	ck_assert_int_eq(keys_action(' ', KEYS_RECORDING), ACTION_REPLAY_PAUSE);
	ck_assert_int_eq(keys_action(TERMINAL_LEFT, KEYS_LIVE), ACTION_LEFT);
	ck_assert_int_eq(
	    keys_action(TERMINAL_LEFT, KEYS_RECORDING), ACTION_SEEK_BACK);
	ck_assert_int_eq(keys_action('>', KEYS_RECORDING), ACTION_PACE_MORE);
	/* What steers is known all the same, to be refused by name. */
	ck_assert_int_eq(keys_action('k', KEYS_RECORDING), ACTION_KILL);
	const struct keys_where live = {.steers = true},
				replay = {.recording = true};

	ck_assert(keys_apply(keys_binding(ACTION_KILL), live));
	ck_assert(!keys_apply(keys_binding(ACTION_KILL), replay));
	ck_assert(!keys_apply(keys_binding(ACTION_SEEK_ON), live));
	ck_assert(!keys_apply(keys_binding(ACTION_LEFT), replay));
	ck_assert(keys_apply(keys_binding(ACTION_UP), replay));
}
END_TEST

/* Digits open views until all threads stand at their gates. */
START_TEST(stepping_has_keys_of_its_own)
{
	const struct keys_where live = {.steers = true},
				replay = {.recording = true, .stepped = true},
				stepped = {.steers = true, .stepped = true};
	static const enum action actions[] = {ACTION_STEP, ACTION_STEP_LETTER,
	    ACTION_STEP_ANY, ACTION_CONTINUE, ACTION_VIEW_AFTER};

	ck_assert_int_eq(keys_action('1', KEYS_LIVE), ACTION_WORKERS);
	ck_assert_int_eq(keys_action('{', KEYS_LIVE), ACTION_THREADS_LESS);
	ck_assert_int_eq(keys_action('1', KEYS_RECORDING), ACTION_WORKERS);
	for (int digit = '0'; digit <= '9'; digit++)
		ck_assert_int_eq(
		    keys_action(digit, KEYS_STEPPED), ACTION_STEP_LETTER);
	ck_assert_int_eq(keys_action('{', KEYS_STEPPED), ACTION_VIEW_BEFORE);
	ck_assert_int_eq(keys_action('}', KEYS_STEPPED), ACTION_VIEW_AFTER);
	ck_assert_int_eq(keys_action('q', KEYS_STEPPED), ACTION_QUIT);
	ck_assert_int_eq(keys_action('k', KEYS_STEPPED), ACTION_KILL);
	/* Known all the same, to say that nobody is stepped. */
	ck_assert_int_eq(keys_action('n', KEYS_LIVE), ACTION_STEP);
	ck_assert_int_eq(keys_action('c', KEYS_LIVE), ACTION_CONTINUE);
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		const struct keys_binding *b = keys_binding(actions[i]);

		ck_assert(keys_apply(b, live)); /* in the help */
		ck_assert(!keys_apply(b, replay));
		ck_assert(!keys_bar(b, live));
		ck_assert_int_eq(keys_bar(b, stepped), b->bar != NULL);
	}
	ck_assert(keys_bar(keys_binding(ACTION_STEPPED), live));
	ck_assert(!keys_bar(keys_binding(ACTION_STEPPED), stepped));
	ck_assert(!keys_bar(keys_binding(ACTION_WORKERS), stepped));
	ck_assert(!keys_bar(keys_binding(ACTION_THREADS_MORE), stepped));
	ck_assert(!keys_bar(keys_binding(ACTION_UNDO), stepped));
	ck_assert(keys_bar(keys_binding(ACTION_UNDO),
	    (struct keys_where){.steers = true, .undoes = true}));
}
END_TEST

/* What would only be refused is not offered. */
START_TEST(a_run_that_is_over_cannot_be_steered)
{
	const struct keys_where over = {
	    .steers = true, .over = true, .undoes = true};

	for (const struct keys_binding *b = keys_table(); b->action; b++)
		if (b->group == KEYS_STEER)
			ck_assert_int_eq(
			    keys_bar(b, over), b->action == ACTION_RESTART);
	ck_assert(keys_bar(keys_binding(ACTION_UNDO), over));
	ck_assert(keys_bar(keys_binding(ACTION_FREEZE), over));
	ck_assert(keys_apply(keys_binding(ACTION_KILL), over)); /* the help */
}
END_TEST

START_TEST(only_who_predicts_guesses)
{
	const struct keys_binding *guess = keys_binding(ACTION_GUESS);

	ck_assert(keys_apply(guess, (struct keys_where){.steers = true}));
	ck_assert(!keys_bar(guess, (struct keys_where){.steers = true}));
	ck_assert(keys_bar(
	    guess, (struct keys_where){.recording = true, .guesses = true}));
}
END_TEST

/* It starts its own processes and threads. */
START_TEST(a_program_has_no_crew_to_change)
{
	const struct keys_where live = {.steers = true},
				program = {.steers = true, .program = true};
	static const enum action crew[] = {ACTION_WORKERS_MORE,
	    ACTION_WORKERS_LESS, ACTION_THREADS_MORE, ACTION_THREADS_LESS};

	for (size_t i = 0; i < sizeof crew / sizeof *crew; i++) {
		ck_assert(keys_apply(keys_binding(crew[i]), live));
		ck_assert(!keys_apply(keys_binding(crew[i]), program));
	}
	ck_assert(keys_apply(keys_binding(ACTION_KILL), program));
}
END_TEST

START_TEST(steps_of_one_two_five)
{
	const uint64_t low = 100, high = 5000000000;
	static const uint64_t want[] = {100, 200, 500, 1000, 2000, 5000};
	uint64_t at = 0;

	for (int i = 0; i < 6; i++) {
		at = command_step(at, true, low, high);
		ck_assert_uint_eq(at, want[i]);
	}
	for (int i = 4; i >= 0; i--) {
		at = command_step(at, false, low, high);
		ck_assert_uint_eq(at, want[i]);
	}
	ck_assert_uint_eq(command_step(at, false, low, high), 0);
	ck_assert_uint_eq(command_step(0, false, low, high), 0);
	ck_assert_uint_eq(command_step(high, true, low, high), high);
	ck_assert_uint_eq(command_step(high, false, low, high), 2000000000);
	ck_assert_uint_eq(command_step(333, true, low, high), 500);
	ck_assert_uint_eq(command_step(333, false, low, high), 200);
}
END_TEST

START_TEST(an_answer_is_to_the_last_command)
{
	struct command_memory memory = {.sent = 2, .what = "lock none"};
	struct model *m = model_new();
	char say[128] = "";

	m->control.ack = 1;
	ck_assert(!command_answered(&memory, m, say, sizeof say));
	m->control.ack = 2;
	ck_assert(command_answered(&memory, m, say, sizeof say));
	ck_assert_str_eq(say, "lock none");
	ck_assert(!command_answered(&memory, m, say, sizeof say));

	memory = (struct command_memory){.sent = 3, .what = "3 workers"};
	m->control = (struct frame_control){.ack = 3, .result = -EINVAL};
	ck_assert(command_answered(&memory, m, say, sizeof say));
	ck_assert_str_eq(say, "refused: 3 workers (Invalid argument)");
	model_free(m);
}
END_TEST

/* A step says nothing: it would hide the keys. Refused, it says why. */
START_TEST(answers_of_stepping)
{
	static const struct {
		enum frame_command op;
		int result;
		const char *says;
	} row[] = {
	    {.op = COMMAND_STEP, .result = 0, .says = ""},
	    {.op = COMMAND_STEP,
		.result = -ESRCH,
		.says = "refused: it (it does not stand at its gate)"},
	    {.op = COMMAND_UNDO,
		.result = -ENOTSUP,
		.says = "refused: it (a worker was killed)"},
	    {.op = COMMAND_PAUSE,
		.result = -EBUSY,
		.says = "stepped: n steps, c continues"},
	    {.op = COMMAND_WORKERS,
		.result = -EBUSY,
		.says = "refused: it (not while it is stepped: c continues)"},
	};
	static const char reason[] =
	    "the schedule cannot be repeated: a worker was killed";
	struct model *m = model_new();
	char say[128];

	m->lab.scheduler = SCHEDULER_HAND;
	m->lab.flags = SCHEDULE_SPOILT;
	model_note(m, reason, sizeof reason - 1);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct command_memory memory = {
		    .sent = 1, .op = row[i].op, .what = "it"};

		m->control.ack = 1;
		m->control.result = row[i].result;
		ck_assert(command_answered(&memory, m, say, sizeof say));
		ck_assert_str_eq(say, row[i].says);
	}
	model_free(m);
}
END_TEST

int
main(void)
{
	TCase *keys = tcase_create("keys");

	tcase_add_test(keys, no_key_twice);
	tcase_add_test(keys, a_search_has_keys_of_its_own);
	tcase_add_test(keys, every_action_has_one_row);
	tcase_add_test(keys, rows_are_complete);
	tcase_add_test(keys, the_keys_of_the_design);
	tcase_add_test(keys, a_recording_has_keys_of_its_own);
	tcase_add_test(keys, stepping_has_keys_of_its_own);
	tcase_add_test(keys, a_run_that_is_over_cannot_be_steered);
	tcase_add_test(keys, only_who_predicts_guesses);
	tcase_add_test(keys, a_program_has_no_crew_to_change);
	tcase_add_test(keys, steps_of_one_two_five);
	tcase_add_test(keys, an_answer_is_to_the_last_command);
	tcase_add_test(keys, answers_of_stepping);
	return suite_run("keys", (TCase *const[]){keys, NULL});
}
