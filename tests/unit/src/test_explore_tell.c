/* test_explore_tell: whose update was lost, strings, and the frames of it. */
#include "explore/report_frames.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/blame.h"
#include "explore/explore_options.h"
#include "explore/explore_schedule.h"
#include "lockstep/frame.h"
#include "suite.h"

static struct explore_options options;
static struct steps_program program;
static struct interleaving schedule;
static struct explore_blame blame[STEPS_MAX];

/* argv of `explore`, from words with a blank between; 0, -1 or 1. */
static int
parse(const char *line)
{
	static char words[512];
	char *argv[32], *rest = words;
	int argc = 0;

	ck_assert_uint_lt(
	    (unsigned)snprintf(words, sizeof words, "explore %s", line),
	    sizeof words);
	while ((argv[argc] = strsep(&rest, " ")) != NULL)
		argc++;
	explore_options_free(&options);
	return explore_options_parse(&options, argc, argv);
}

static void
given(const char *line, const char *letters)
{
	char why[200];

	ck_assert_int_eq(parse(line), 0);
	ck_assert(explore_demo_build(options.demo, &program, &options.small));
	ck_assert_int_eq(
	    interleaving_parse(&schedule, &program, letters, why, sizeof why),
	    0);
}

/* ---- blame ---- */

static const struct blamed {
	const char *line, *letters, *words;
} blamed[] = {
    {"race", "a3b3", ""},
    {"race", "a2b3a1", "step 6: a's STORE wiped out b's 1"},
    {"race --steps 2", "a1b2a1", "step 4: a's STORE wiped out b's 1"},
    {"race --adds 2", "a2b6a4", "step 9: a's STORE wiped out b's 2"},
    {"race --threads 3", "a2b3c3a1",
	"step 9: a's STORE wiped out b's 1, c's "
	"1"},
    /* b has seen a's 1, which c wipes out: b brings it back. */
    {"race --threads 3", "c2a3b2c1b1",
	"step 8: c's STORE wiped out a's 1; "
	"step 9: b's STORE wiped out c's 1 and brought back a's 1"},
    {"race --lock mutex", "a5b5", ""},
    {"race --lock atomic", "a1b1", ""},
    {"race --lock partial", "a2b3a1", ""},
};

#define NBLAMED ((int)(sizeof blamed / sizeof blamed[0]))

START_TEST(a_store_says_whose_amount_it_wiped_out)
{
	const struct blamed *b = &blamed[_i];
	char words[500];

	given(b->line, b->letters);
	explore_blame(&program, &schedule, blame);
	explore_blame_all(words, sizeof words, &schedule, blame);
	ck_assert_str_eq(words, b->words);
}
END_TEST

/* Of every schedule: what stores wiped out is what they counted as lost. */
START_TEST(blame_is_what_was_lost)
{
	static const char *const lines[] = {
	    "race --adds 2", "race --threads 3", "race --threads 3 --steps 2"};
	struct step_threads_trace trace[STEPS_MAX];
	struct step_threads_result result;
	struct explore *e;
	struct step_threads *c;

	ck_assert_int_eq(parse(lines[_i]), 0);
	ck_assert(explore_demo_build(options.demo, &program, &options.small));
	e = explore_new(&program, EXPLORE_ANY, false);
	c = step_threads_new(&program);
	while (explore_next(e, &schedule)) {
		step_threads_run(c, &schedule, 1, &result, trace);
		explore_blame(&program, &schedule, blame);
		for (unsigned i = 0; i < schedule.length; i++) {
			int64_t sum = 0;

			for (unsigned k = 0; k < STEPS_THREADS; k++)
				sum += blame[i].wiped[k];
			ck_assert_int_eq(sum, trace[i].lost);
		}
	}
	step_threads_free(c);
	explore_free(e);
}
END_TEST

/* ---- strings ---- */

START_TEST(a_string_has_the_demo_and_its_parameters)
{
	static const struct {
		const char *line, *letters, *string;
	} strings[] = {
	    {"race", "a2b3a1",
		"race,processes=1,threads=2,items=2,adds=1,steps=3:a2b3a1"},
	    {"race --threads 3 --steps 2 --lock mutex", "a4b4c4",
		"race,processes=1,threads=3,items=3,adds=1,lock=mutex,"
		"steps=2:a4b4c4"},
	    {"deadlock --adds 1", "a1b1",
		"deadlock,threads=2,adds=1,steps=3:a1b1"},
	    {"philosophers --fix order", "a5b5c5",
		"philosophers,threads=3,adds=1,fix=order,steps=3:a5b5c5"},
	};
	struct explore_small was;
	char string[EXPLORE_STRING], line[EXPLORE_STRING + 100];

	given(strings[_i].line, strings[_i].letters);
	was = options.small;
	explore_string_format(string, &options, &schedule);
	ck_assert_str_eq(string, strings[_i].string);
	snprintf(
	    line, sizeof line, "%s --schedule %s", options.demo->name, string);
	ck_assert_int_eq(parse(line), 0);
	ck_assert_str_eq(options.schedule, strings[_i].letters);
	ck_assert_uint_eq(options.small.threads, was.threads);
	ck_assert_uint_eq(options.small.adds, was.adds);
	ck_assert_uint_eq(options.small.steps, was.steps);
	ck_assert_str_eq(options.small.lock, was.lock);
	ck_assert_str_eq(options.small.fix, was.fix);
}
END_TEST

START_TEST(a_string_that_does_not_fit)
{
	static const char *const lines[] = {
	    "race --schedule deadlock,threads=2,adds=1,steps=3:a1b1",
	    "race --schedule race,threads=2:a3b3",
	    "race --schedule race,steps=all:a3b3",
	    "race --schedule race,steps=3,window=2ms:a3b3",
	    "race --schedule race,steps=3,threads:a3b3",
	    "race --schedule race,steps=3,threads=99:a3b3",
	    "race --schedule race,steps=3,lock=cas:a3b3",
	    "race --schedule race,steps=3,processes=2:a3b3",
	    "race --schedule race,steps=3,items=7:a3b3",
	    "race --threads 3 --schedule race,steps=3,threads=2:a3b3",
	    "race --lock mutex --schedule race,steps=3,lock=none:a3b3",
	    "deadlock --schedule deadlock,steps=3,lock=mutex:a1b1",
	    "deadlock --schedule deadlock,steps=4:a1b1",
	};

	_Static_assert(sizeof lines / sizeof lines[0] == 13, "see below");
	ck_assert_int_eq(parse(lines[_i]), -1);
}
END_TEST

/* What was given and what the string says may be the same. */
START_TEST(a_string_that_says_it_again)
{
	ck_assert_int_eq(parse("race --threads 3 --steps 3 --schedule "
			       "race,steps=3,threads=3,items=3:a3b3c3"),
	    0);
	ck_assert_str_eq(options.schedule, "a3b3c3");
}
END_TEST

/* ---- frames ---- */

struct told {
	struct frame_explore explore;
	struct frame_outcome_row row[FRAME_MAX_OUTCOMES];
	unsigned hello, bye, cells, steps, effects;
	char options[FRAME_TEXT_LEN * FRAME_TEXT_PARTS + 1];
	struct frame_bye last;
};

static void
take(const struct frame *f, void *arg)
{
	struct told *t = arg;

	if (f->type == FRAME_HELLO)
		t->hello++;
	else if (f->type == FRAME_EXPLORE)
		t->explore = f->explore;
	else if (f->type == FRAME_OUTCOME)
		t->row[f->outcome.index] = f->outcome;
	else if (f->type == FRAME_TEXT && f->text.kind == TEXT_STEP)
		t->steps++;
	else if (f->type == FRAME_TEXT && f->text.kind == TEXT_EFFECT)
		t->effects += f->text.part == 0;
	else if (f->type == FRAME_TEXT && f->text.kind == TEXT_EXPLORE &&
	    f->text.index == 4)
		strncat(t->options, f->text.text, f->text.len);
	else if (f->type == FRAME_TEXT && f->text.kind == TEXT_CELL)
		t->cells += f->text.part == 0;
	else if (f->type == FRAME_BYE) {
		t->bye++;
		t->last = f->bye;
	}
}

/* explore_main() of these words, its frames into a file. */
static struct told
run(const char *line, int control)
{
	char words[256], status[16], from[16];
	char *argv[32] = {words}, *rest = words;
	struct frame_reader reader = {0};
	unsigned char buf[4096];
	struct told told = {0};
	FILE *file = tmpfile();
	ssize_t n;
	int argc = 0;

	ck_assert_ptr_nonnull(file);
	snprintf(status, sizeof status, "%d", fileno(file));
	snprintf(from, sizeof from, "%d", control);
	snprintf(words, sizeof words, "explore --status-fd %s %s %s %s", status,
	    control >= 0 ? "--control-fd" : "", control >= 0 ? from : "", line);
	while ((argv[argc] = strsep(&rest, " ")) != NULL)
		argc += argv[argc][0] != '\0';
	ck_assert_int_eq(explore_main(argc, argv), 0);
	lseek(fileno(file), 0, SEEK_SET);
	while ((n = read(fileno(file), buf, sizeof buf)) > 0)
		frame_read(&reader, buf, (size_t)n, take, &told);
	ck_assert_uint_eq(reader.garbage, 0);
	fclose(file);
	return told;
}

START_TEST(frames_of_a_race)
{
	struct told t = run("race", -1);

	ck_assert_uint_eq(t.hello, 1);
	ck_assert_uint_eq(t.bye, 1);
	ck_assert_uint_eq(t.last.outcome, OUTCOME_DONE);
	ck_assert_uint_eq(t.last.dropped, 0);
	ck_assert_uint_eq(t.explore.state, EXPLORE_COMPLETE);
	ck_assert_uint_eq(t.explore.done, 20);
	ck_assert_uint_eq(t.explore.total, 20);
	ck_assert_uint_eq(t.explore.losing, 18);
	ck_assert_uint_eq(t.explore.outcomes, 2);
	ck_assert_uint_eq(t.cells, 12);
	ck_assert_uint_eq(t.steps, 6);
	ck_assert_uint_eq(t.effects, 6);
	ck_assert_str_eq(t.options,
	    "demo=race,threads=2,adds=1,steps_per_add=3,lock=none,"
	    "reduce=false,max_switches=null,limit=1000000");
	for (unsigned i = 0; i < 2; i++) {
		bool loses = t.row[i].flags == OUTCOME_LOSES;

		ck_assert_uint_eq(t.row[i].count, loses ? 18 : 2);
		ck_assert_int_eq(t.row[i].value, loses ? 1 : 2);
		ck_assert_int_eq(t.row[i].expected, 2);
		ck_assert_uint_eq(t.row[i].switches, loses ? 2 : 1);
	}
}
END_TEST

START_TEST(frames_of_a_limit_and_of_a_deadlock)
{
	struct told t = run("race --adds 2 --limit 100", -1);

	ck_assert_uint_eq(t.explore.state, EXPLORE_LIMITED);
	ck_assert_uint_eq(t.explore.done, 100);
	ck_assert_uint_eq(t.explore.total, 924);
	t = run("deadlock", -1);
	ck_assert_uint_eq(t.explore.deadlocks, 2);
	ck_assert((t.row[0].flags | t.row[1].flags) & OUTCOME_DEADLOCK);
}
END_TEST

/* Nobody is there: a search that would take hours ends at once. */
START_TEST(the_end_of_control_stops_it)
{
	int ends[2];
	struct told t;

	ck_assert_int_eq(pipe(ends), 0);
	close(ends[1]);
	t = run("race --threads 3 --adds 3 --limit 100000000000", ends[0]);
	ck_assert_uint_eq(t.explore.state, EXPLORE_STOPPED);
	ck_assert_uint_eq(t.last.outcome, OUTCOME_STOPPED);
	ck_assert_uint_eq(t.bye, 1);
	close(ends[0]);
}
END_TEST

START_TEST(a_command_stops_it)
{
	struct frame stop = {.type = FRAME_COMMAND,
	    .version = FRAME_VERSION,
	    .command = {.op = COMMAND_STOP}};
	int ends[2];
	struct told t;

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], &stop, sizeof stop), sizeof stop);
	t = run("race --threads 3 --adds 3 --limit 100000000000", ends[0]);
	ck_assert_uint_eq(t.explore.state, EXPLORE_STOPPED);
	ck_assert_uint_gt(t.effects, 0);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("explore_tell");

	tcase_add_loop_test(
	    t, a_store_says_whose_amount_it_wiped_out, 0, NBLAMED);
	tcase_add_loop_test(t, blame_is_what_was_lost, 0, 3);
	tcase_add_loop_test(t, a_string_has_the_demo_and_its_parameters, 0, 4);
	tcase_add_loop_test(t, a_string_that_does_not_fit, 0, 13);
	tcase_add_test(t, a_string_that_says_it_again);
	tcase_add_test(t, frames_of_a_race);
	tcase_add_test(t, frames_of_a_limit_and_of_a_deadlock);
	tcase_add_test(t, the_end_of_control_stops_it);
	tcase_add_test(t, a_command_stops_it);
	return suite_run("explore_tell", (TCase *[]){t, NULL});
}
