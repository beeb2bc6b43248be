/* test_keys: the table of keys, and the steps that keys take. */
#include "term/keys.h"

#include <errno.h>
#include <string.h>

#include "dashboard/commands.h"
#include "dashboard/key_table.h"
#include "suite.h"
#include "term/terminal.h"
#include "views/view.h"

static const struct keys_where live = {.steers = true},
			       replay = {.recording = true},
			       search = {.steers = true, .explores = true},
			       stepped = {.steers = true, .stepped = true};

static const struct keys_binding *
at(unsigned i)
{
	return keys_at(&dashboard_keys, i);
}

/* The row whose help begins so, of which there is one. */
static const struct keys_binding *
row(const char *words)
{
	const struct keys_binding *found = NULL, *b;

	for (unsigned i = 0; (b = at(i)) != NULL; i++) {
		if (strncmp(b->help, words, strlen(words)) != 0)
			continue;
		ck_assert_msg(found == NULL, "%s: two rows", words);
		found = b;
	}
	ck_assert_msg(found != NULL, "%s: no row", words);
	return found;
}

static bool
applies(const char *words, struct keys_where w)
{
	return keys_apply(&dashboard_keys, row(words), w);
}

static bool
in_bar(const char *words, struct keys_where w)
{
	return keys_bar(&dashboard_keys, row(words), w);
}

#define MEANS(code, where, words) \
	ck_assert_ptr_eq(keys_find(&dashboard_keys, code, where), row(words))

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

static void
share_no_key(const struct keys_binding *a, const struct keys_binding *b)
{
	for (int i = 0; i < KEYS_MAX && a->codes[i] != 0; i++)
		for (int j = 0; j < KEYS_MAX; j++)
			ck_assert_msg(a->codes[i] != b->codes[j],
			    "%s: %s and %s", a->label, a->help, b->help);
}

/* In each mode no key may mean two things. */
START_TEST(no_key_twice)
{
	const struct keys_binding *a, *b;

	for (unsigned i = 0; (a = at(i)) != NULL; i++)
		for (unsigned j = i + 1; (b = at(j)) != NULL; j++)
			if (ranks(a) == ranks(b))
				share_no_key(a, b);
}
END_TEST

/* A search has no pipeline: nothing of it can be steered or looked at. */
START_TEST(a_search_has_keys_of_its_own)
{
	const struct keys_where recorded = {
	    .recording = true, .explores = true};

	MEANS(TERMINAL_ENTER, search, "step through the schedule");
	MEANS(TERMINAL_ENTER, recorded, "step through the schedule");
	MEANS(TERMINAL_ENTER, live, "all about the selected one");
	MEANS('q', search, "quit at once");
	ck_assert(applies("step through the schedule", search));
	ck_assert(!applies("step through the schedule", live));
	ck_assert(applies("quit at once", search));
	ck_assert(!applies("pause the workers", search));
	ck_assert(!applies("one step of the selected", search));
	ck_assert(!applies("workers: ", search));
}
END_TEST

/* What a view or a question knows, a key says; once. */
START_TEST(every_action_has_one_row)
{
	for (int action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
		const struct keys_binding *b;
		int rows = 0;

		for (unsigned i = 0; (b = at(i)) != NULL; i++)
			rows += (int)b->action == action;
		ck_assert_msg(rows == 1, "action %d: %d rows", action, rows);
	}
}
END_TEST

START_TEST(rows_are_complete)
{
	const struct keys_binding *b;

	for (unsigned i = 0; (b = at(i)) != NULL; i++) {
		ck_assert_int_ne(b->codes[0], 0);
		ck_assert_ptr_nonnull(b->label);
		ck_assert_ptr_nonnull(b->help);
		ck_assert_uint_le(strlen(b->label), 9);
		ck_assert_uint_le(strlen(b->help), 68);
		ck_assert_msg(b->run == NULL || b->view == NULL,
		    "%s: one of them would not be done", b->help);
		ck_assert_msg(b->action != ACTION_NONE || b->run != NULL ||
			b->view != NULL,
		    "%s: it does nothing", b->help);
	}
	ck_assert_uint_gt(dashboard_keys.n, 4);
}
END_TEST

START_TEST(every_view_has_one_row)
{
	static const struct view *const views[] = {&view_workers, &view_threads,
	    &view_log, &view_locks, &view_futures, &view_compare, &view_lints,
	    &view_info, &view_help, &view_detail, &view_timeline, &view_race};
	const struct keys_binding *b;

	for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
		int rows = 0;

		for (unsigned i = 0; (b = at(i)) != NULL; i++)
			rows += b->view == views[v];
		ck_assert_msg(rows == 1, "%s: %d rows", views[v]->name, rows);
	}
}
END_TEST

START_TEST(the_keys_of_the_design)
{
	const struct keys_table *t = &dashboard_keys;

	MEANS('q', live, "quit at once");
	MEANS('q', replay, "quit at once");
	MEANS('?', replay, "this help");
	MEANS('l', live, "turn the lock");
	MEANS('L', live, "choose the kind");
	MEANS('k', live, "kill the selected");
	MEANS('z', live, "freeze the display");
	ck_assert_str_eq(keys_find(t, 'j', live)->help, "down");
	MEANS(TERMINAL_F10, live, "quit at once");
	MEANS(TERMINAL_F1, live, "this help");
	ck_assert_ptr_null(keys_find(t, '%', live));
	ck_assert_int_eq(keys_action(t, '%'), ACTION_NONE);
	ck_assert_int_eq(keys_action(t, 'j'), ACTION_DOWN);
	ck_assert_int_eq(keys_action(t, 'L'), ACTION_PICK_LOCK);
	ck_assert_int_eq(keys_action(t, TERMINAL_ENTER), ACTION_OPEN);
}
END_TEST

START_TEST(a_recording_has_keys_of_its_own)
{
	MEANS(' ', live, "pause the workers");
	MEANS(' ', replay, "pause the replay");
	MEANS(TERMINAL_LEFT, live, "the worker before");
	MEANS(TERMINAL_LEFT, replay, "5 seconds back");
	ck_assert_int_eq(
	    keys_find(&dashboard_keys, '>', replay)->group, KEYS_REPLAY);
	/* Known, and refused with a reason. */
	MEANS('k', replay, "kill the selected");
	ck_assert(applies("kill the selected", live));
	ck_assert(!applies("kill the selected", replay));
	ck_assert(!applies("5 seconds forward", live));
	ck_assert(!applies("the worker before", replay));
	ck_assert(applies("up (", replay));
}
END_TEST

/* Digits open views until all threads stand at their gates. */
START_TEST(stepping_has_keys_of_its_own)
{
	const struct keys_where both = {.recording = true, .stepped = true};
	static const char *const steps[] = {"one step of the selected",
	    "one step of that thread", "one step of the thread that",
	    "resume all threads", "the next view"};

	MEANS('1', live, "workers: ");
	MEANS('{', live, "one thread fewer");
	MEANS('1', both, "workers: ");
	for (int digit = '0'; digit <= '9'; digit++)
		MEANS(digit, stepped, "one step of that thread");
	MEANS('{', stepped, "the view before");
	MEANS('q', stepped, "quit at once");
	MEANS('k', stepped, "kill the selected");
	/* Known all the same, to say that there is no step mode. */
	MEANS('n', live, "one step of the selected");
	MEANS('c', live, "resume all threads");
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		ck_assert(applies(steps[i], live)); /* in the help */
		ck_assert(!applies(steps[i], both));
		ck_assert(!in_bar(steps[i], live));
		ck_assert(in_bar(steps[i], stepped));
	}
	ck_assert(in_bar("step mode: stop", live));
	ck_assert(!in_bar("step mode: stop", stepped));
	ck_assert(!in_bar("workers: ", stepped));
	ck_assert(!in_bar("one thread more", stepped));
	ck_assert(!in_bar("undo the last step", stepped));
	ck_assert(in_bar("undo the last step",
	    (struct keys_where){.steers = true, .undoes = true}));
}
END_TEST

/* What would only be refused is not offered. */
START_TEST(a_run_that_is_over_cannot_be_steered)
{
	const struct keys_where over = {
	    .steers = true, .over = true, .undoes = true};
	const struct keys_binding *b;

	for (unsigned i = 0; (b = at(i)) != NULL; i++)
		if (b->group == KEYS_STEER)
			ck_assert_int_eq(keys_bar(&dashboard_keys, b, over),
			    b == row("run again from the start"));
	ck_assert(in_bar("undo the last step", over));
	ck_assert(in_bar("freeze the display", over));
	ck_assert(applies("kill the selected", over)); /* the help */
}
END_TEST

START_TEST(only_who_predicts_guesses)
{
	ck_assert(applies("with --predict", live));
	ck_assert(!in_bar("with --predict", live));
	ck_assert(in_bar("with --predict",
	    (struct keys_where){.recording = true, .guesses = true}));
}
END_TEST

/* It starts its own processes and threads. */
START_TEST(a_program_has_no_crew_to_change)
{
	const struct keys_where program = {.steers = true, .program = true};
	static const char *const crew[] = {"one worker more",
	    "one worker fewer", "one thread more", "one thread fewer"};

	for (size_t i = 0; i < sizeof crew / sizeof *crew; i++) {
		ck_assert(applies(crew[i], live));
		ck_assert(!applies(crew[i], program));
	}
	ck_assert(applies("kill the selected", program));
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
	struct model *m = model_new();
	char say[128];

	m->lab.scheduler = SCHEDULER_HAND;
	m->lab.flags = SCHEDULE_SPOILT;
	snprintf(m->spoilt, sizeof m->spoilt, "a worker was killed");
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
	tcase_add_test(keys, every_view_has_one_row);
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
