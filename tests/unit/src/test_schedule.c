/* test_schedule: schedules as runs and as text, and who chooses the next. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/demo.h"
#include "options/params_priv.h"
#include "options/option_table.h"
#include "options/schedule_string.h"
#include "schedule/policy.h"
#include "schedule/schedule.h"
#include "suite.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

/* ---- runs ---- */

static const char *
text_of(struct schedule *s)
{
	size_t len;
	const char *text = schedule_text(s, &len);

	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(strlen(text), len);
	return text;
}

START_TEST(steps_become_runs)
{
	struct schedule s = {0};

	ck_assert_str_eq(text_of(&s), "");
	ck_assert_uint_eq(schedule_switches(&s), 0);
	schedule_push(&s, 1);
	ck_assert_str_eq(text_of(&s), "a1");
	for (int i = 0; i < 3; i++)
		schedule_push(&s, 2);
	ck_assert_str_eq(text_of(&s), "a1b3");
	for (int i = 0; i < 9; i++)
		schedule_push(&s, 2);
	schedule_push(&s, 1);
	ck_assert_str_eq(text_of(&s), "a1b12a1");
	ck_assert_uint_eq(s.steps, 14);
	ck_assert_uint_eq(schedule_switches(&s), 2);
	schedule_free(&s);
}
END_TEST

static const struct {
	unsigned letter;
	const char *text;
} letters[] = {
    {1, "a"},
    {26, "z"},
    {27, "A"},
    {52, "Z"},
    {53, "_53_"},
    {65535, "_65535_"},
};

START_TEST(letters_there_and_back)
{
	struct schedule s = {0};
	char text[LETTER_TEXT], why[80];

	ck_assert_str_eq(
	    letter_format(letters[_i].letter, text), letters[_i].text);
	ck_assert_int_eq(schedule_parse(&s, text, why, sizeof why), 0);
	ck_assert_uint_eq(s.n, 1);
	ck_assert_uint_eq(s.run[0].letter, letters[_i].letter);
	ck_assert_uint_eq(s.run[0].steps, 1);
	schedule_free(&s);
}
END_TEST

static const struct {
	const char *text, *same;
} good[] = {
    {"", ""},
    {" \n", ""},
    {"a1b3a2", "a1b3a2"},
    {"a b b b a2", "a1b3a2"},
    {"a1a1a1", "a3"},
    {"Z9_53_2_65535_1", "Z9_53_2_65535_1"},
    {"a4294967295", "a4294967295"},
};

START_TEST(good_schedules_are_read)
{
	struct schedule s = {0};
	char why[80];

	ck_assert_int_eq(schedule_parse(&s, good[_i].text, why, sizeof why), 0);
	ck_assert_str_eq(text_of(&s), good[_i].same);
	schedule_free(&s);
}
END_TEST

static const struct {
	const char *text, *why;
} bad[] = {
    {"1", "'1' at character 1"},
    {"a1-", "'-' at character 3"},
    {"a0", "at character 1: a count"},
    {"a1b4294967296", "at character 3: a count"},
    {"a99999999999999999999", "at character 1: a count"},
    {"_5_1", "'_5_1' at character 1"},
    {"_65536_1", "at character 1"},
    {"_53", "at character 1"},
    {"__", "at character 1"},
    {"a1,b1", "',b1' at character 3"},
    {"a1\xff", "at character 3"},
};

START_TEST(bad_schedules_are_refused)
{
	struct schedule s = {0};
	char why[80] = "";

	ck_assert_int_eq(
	    schedule_parse(&s, bad[_i].text, why, sizeof why), -EINVAL);
	ck_assert_msg(strstr(why, bad[_i].why) != NULL, "%s", why);
	schedule_free(&s);
}
END_TEST

START_TEST(the_last_steps_are_cut_off)
{
	static const char *const left[] = {
	    "a1b3a2", "a1b3a1", "a1b3", "a1b2", "a1b1", "a1", "", ""};
	struct schedule s = {0};
	char why[80];

	ck_assert_int_eq(schedule_parse(&s, left[0], why, sizeof why), 0);
	text_of(&s);
	schedule_cut(&s, (uint64_t)_i);
	ck_assert_str_eq(text_of(&s), left[_i]);
	ck_assert_uint_eq(s.steps, _i < 6 ? 6 - _i : 0);
	schedule_push(&s, 3);
	ck_assert_msg(
	    strcmp(text_of(&s) + strlen(left[_i]), "c1") == 0, "%s", s.text);
	schedule_free(&s);
}
END_TEST

START_TEST(a_cursor_reads_every_step)
{
	struct schedule s = {0};
	struct schedule_cursor at = {0};
	char why[80], read[8] = "";

	ck_assert_int_eq(schedule_parse(&s, "a1b3a2", why, sizeof why), 0);
	for (size_t i = 0; schedule_next(&s, &at) != 0; i++) {
		ck_assert_uint_lt(i, sizeof read - 1);
		read[i] = (char)('a' + schedule_next(&s, &at) - 1);
		schedule_advance(&s, &at);
	}
	ck_assert_str_eq(read, "abbbaa");
	schedule_advance(&s, &at);
	ck_assert_uint_eq(schedule_next(&s, &at), 0);
	schedule_free(&s);
}
END_TEST

START_TEST(schedule_are_bounded)
{
	struct schedule s = {0};
	size_t len;

	for (unsigned i = 0; i <= RUNS_MAX; i++)
		schedule_push(&s, 1 + i % 2);
	ck_assert(s.full);
	ck_assert_uint_eq(s.n, RUNS_MAX);
	ck_assert_uint_eq(s.steps, RUNS_MAX);
	ck_assert_ptr_nonnull(schedule_text(&s, &len));
	ck_assert_uint_eq(len, 2 * RUNS_MAX);
	schedule_free(&s);
}
END_TEST

/* ---- strings ---- */

/* option_take: adds " name=value" to the text. */
static int
note(const struct option_set *set, void *text, const struct option_row *row,
    const char *value)
{
	size_t len = strlen(text);

	(void)set;
	snprintf((char *)text + len, 100 - len, " %s=%s", row->name, value);
	return 0;
}

static const struct {
	const char *string, *demo, *steps, *options;
	int applied;
} strings[] = {
    {"race,items=3,7,9,task-work=sleep:1ms,steps=3:a1b1", "race", "a1b1",
	" items=3,7,9 task-work=sleep:1ms steps=3", 0},
    {"race:a1 b1", "race", "a1b1", "", 0},
    {"race:", "race", "", "", 0},
    {"race,fast:a1", "race", "a1", "", -1},
    {"race,adds=2,seed=3:a1", "race", "a1", " adds=2", -1},
    {"a1b1_53_2", "race", "a1b1_53_2", "", 0},
};

START_TEST(a_string_is_split)
{
	struct schedule_string s;
	char noted[100] = "";

	ck_assert_int_eq(
	    schedule_string_open(&s, strings[_i].string, "race"), 0);
	ck_assert_str_eq(s.demo, strings[_i].demo);
	ck_assert_str_eq(s.steps, strings[_i].steps);
	ck_assert_int_eq(schedule_string_apply(&s, &run_options, noted, note),
	    strings[_i].applied);
	ck_assert_str_eq(noted, strings[_i].options);
	schedule_string_close(&s);
}
END_TEST

START_TEST(a_file_is_read_without_comments)
{
	char path[] = "/tmp/lockstep-schedule-XXXXXX", noted[100] = "";
	struct schedule_string s;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert(dprintf(fd,
		      "# why: found in class\nrace,adds=1,\n  "
		      "steps=3: a1 # load\n b3\n#") > 0);
	close(fd);
	ck_assert_int_eq(schedule_string_open(&s, path, NULL), 0);
	unlink(path);
	ck_assert_str_eq(s.demo, "race");
	ck_assert_str_eq(s.steps, "a1b3");
	ck_assert_int_eq(
	    schedule_string_apply(&s, &run_options, noted, note), 0);
	ck_assert_str_eq(noted, " adds=1 steps=3");
	schedule_string_close(&s);
	ck_assert_int_eq(schedule_string_open(&s, path, NULL), -1);
	ck_assert_int_eq(schedule_string_open(&s, "race", NULL), -1);
	ck_assert_int_eq(schedule_string_open(&s, ":a1", NULL), -1);
	schedule_string_close(&s);
}
END_TEST

/* What is written of a run, from the words that asked for it. */
static const struct {
	const char *words, *prefix;
} prefixes[] = {
    {"race", "race:"},
    {"race --processes 2 --window 5ms --speed 3", "race:"},
    {"race -p 1 -t 2 -i 2 --adds 1 --steps 3",
	"race,processes=1,threads=2,items=2,adds=1,steps=3:"},
    {"race --items 3,7,9 --lock mutex --steps all",
	"race,items=3,7,9,lock=mutex:"},
    {"race --scheduler random --seed 7 --sum private", "race,sum=private:"},
    {"--schedule race,adds=2:a1 --step", "race,adds=2:"},
    {"--schedule race,adds=2,steps=2:a1", "race,adds=2,steps=2:"},
    {"--schedule race,adds=2,steps=2:a1 --adds 2 race", "race,adds=2,steps=2:"},
    {"race --schedule a1_53_2 --adds 2 --steps 2", "race,adds=2,steps=2:"},
    {"--steps 3 deadlock --schedule aB2 --step", "deadlock,steps=3:"},
};

static int
parse(struct params_priv *p, const char *words)
{
	static char copy[400];
	char *argv[20] = {copy};
	int argc = 0;

	snprintf(copy, sizeof copy, "lockstep-engine %s", words);
	for (char *w = strtok(copy, " "); w != NULL; w = strtok(NULL, " "))
		argv[argc++] = w;
	argv[argc] = NULL;
	return params_parse(p, demos, argv);
}

START_TEST(what_differs_from_the_defaults_is_written)
{
	struct params_priv p;

	ck_assert_int_eq(parse(&p, prefixes[_i].words), 0);
	char *prefix = schedule_string_prefix(&p, p.lock);
	ck_assert_str_eq(prefix, prefixes[_i].prefix);
	free(prefix);
	params_free(&p);
}
END_TEST

START_TEST(the_lock_in_force_is_written)
{
	struct params_priv p;

	ck_assert_int_eq(parse(&p, "race --lock spin"), 0);
	char *prefix = schedule_string_prefix(&p, 1);
	ck_assert_str_eq(prefix, "race,lock=mutex:");
	free(prefix);
}
END_TEST

static const char *const conflicts[] = {
    "--schedule race,adds=2:a1 --adds 3",
    "--schedule race:a1 hybrid",
    "--schedule race:a1 --scheduler random",
    "--schedule race:a1 --seed 3",
    "--schedule race:a1 --steps 3",
    "--schedule race,window=3ms:a1",
    "--schedule race,seed=3:a1",
    "--schedule race,threads=0:a1",
    "--schedule race,threads:a1",
    "--schedule race,fix=none:a1",
    "--schedule race,adds=2:a1?",
    "--schedule nobody:a1",
    "--schedule race",
    "--schedule a1b1",
    "race --schedule 1a",
    "race --schedule a1-b1",
    "race --schedule a0",
    "race --schedule a1 --seed 3",
    "--schedule compare:a1",
    "race --seed 3",
    "race --scheduler round-robin --seed 3",
    "race --scheduler fair",
    "race --scheduler random --duration 3s",
    "race --step --gil",
    "race --step --unwatched",
    "race --steps 4",
    "compare --step",
};

START_TEST(what_does_not_fit_together_is_refused)
{
	struct params_priv p;

	ck_assert_msg(parse(&p, conflicts[_i]) == -1, "%s", conflicts[_i]);
	params_free(&p);
}
END_TEST

/* ---- who chooses ---- */

START_TEST(numbers_are_those_of_splitmix64)
{
	uint64_t state = 0, other = 1234567;

	ck_assert_uint_eq(policy_draw(&state), 0xe220a8397b1dcdafULL);
	ck_assert_uint_eq(policy_draw(&state), 0x6e789e6aa1b965f4ULL);
	ck_assert_uint_eq(policy_draw(&state), 0x06c45d188009454fULL);
	ck_assert_uint_eq(policy_draw(&other), 6457827717110365317ULL);
	ck_assert_uint_eq(policy_draw(&other), 3203168211198807973ULL);
	for (int i = 0; i < 1000; i++)
		ck_assert_uint_lt(policy_below(&state, 3), 3);
}
END_TEST

/* The letters that are chosen of these, each always ready. */
static void
choose(enum frame_scheduler how, uint64_t seed, unsigned nletters, char *out,
    size_t n)
{
	struct policy c;
	unsigned all[26];

	policy_init(&c, how, seed, n);
	for (unsigned i = 0; i < nletters; i++)
		all[i] = i + 1;
	for (size_t i = 0; i < n; i++) {
		unsigned k = policy_choose(&c, all, nletters);

		ck_assert_uint_lt(k, nletters);
		policy_took(&c, all[k]);
		out[i] = (char)('a' + k);
	}
	out[n] = '\0';
	policy_free(&c);
}

START_TEST(one_seed_one_schedule)
{
	char one[61], again[61], other[61];

	choose(_i, 7, 5, one, 60);
	choose(_i, 7, 5, again, 60);
	choose(_i, 8, 5, other, 60);
	ck_assert_str_eq(one, again);
	ck_assert_str_ne(one, other);
}
END_TEST

/* As on every machine: drawn once, kept here. */
START_TEST(seed_1_draws_these)
{
	char random[17], pct[17];

	choose(SCHEDULER_RANDOM, 1, 3, random, 16);
	choose(SCHEDULER_PCT, 1, 3, pct, 16);
	ck_assert_str_eq(random, "cbbccbacbbbbbabc");
	ck_assert_str_eq(pct, "aaaaaaaaaabbcccc");
}
END_TEST

START_TEST(round_robin_goes_round)
{
	char out[8];
	struct policy c;

	choose(SCHEDULER_ROUND_ROBIN, 1, 3, out, 7);
	ck_assert_str_eq(out, "abcabca");
	policy_init(&c, SCHEDULER_ROUND_ROBIN, 1, 1);
	policy_took(&c, 2);
	ck_assert_uint_eq(policy_choose(&c, (unsigned[]){1, 2, 5}, 3), 2);
	policy_took(&c, 5);
	ck_assert_uint_eq(policy_choose(&c, (unsigned[]){1, 2, 5}, 3), 0);
}
END_TEST

/* Another goes on only where a priority was lowered: twice at most. */
START_TEST(pct_changes_at_its_change_points_only)
{
	char out[41];
	unsigned changes = 0, total = 0;

	for (uint64_t seed = 1; seed <= 200; seed++) {
		choose(SCHEDULER_PCT, seed, 4, out, 40);
		changes = 0;
		for (size_t i = 1; i < 40; i++)
			changes += out[i] != out[i - 1];
		ck_assert_uint_le(changes, CHOOSER_DEPTH - 1);
		total += changes;
	}
	ck_assert_uint_gt(total, 200);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("schedule");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, steps_become_runs);
	tcase_add_loop_test(t, letters_there_and_back, 0, COUNT(letters));
	tcase_add_loop_test(t, good_schedules_are_read, 0, COUNT(good));
	tcase_add_loop_test(t, bad_schedules_are_refused, 0, COUNT(bad));
	tcase_add_loop_test(t, the_last_steps_are_cut_off, 0, 8);
	tcase_add_test(t, a_cursor_reads_every_step);
	tcase_add_test(t, schedule_are_bounded);
	tcase_add_loop_test(t, a_string_is_split, 0, COUNT(strings));
	tcase_add_test(t, a_file_is_read_without_comments);
	tcase_add_loop_test(
	    t, what_differs_from_the_defaults_is_written, 0, COUNT(prefixes));
	tcase_add_test(t, the_lock_in_force_is_written);
	tcase_add_loop_test(
	    t, what_does_not_fit_together_is_refused, 0, COUNT(conflicts));
	tcase_add_test(t, numbers_are_those_of_splitmix64);
	tcase_add_loop_test(
	    t, one_seed_one_schedule, SCHEDULER_RANDOM, SCHEDULER_RANDOM + 1);
	tcase_add_loop_test(
	    t, one_seed_one_schedule, SCHEDULER_PCT, SCHEDULER_PCT + 1);
	tcase_add_test(t, seed_1_draws_these);
	tcase_add_test(t, round_robin_goes_round);
	tcase_add_test(t, pct_changes_at_its_change_points_only);
	return suite_run("schedule", cases);
}
