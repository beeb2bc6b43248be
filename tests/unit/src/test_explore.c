/* test_explore: every schedule once, and real threads that obey it. */
#include "explore/search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/explore_run.h"
#include "explore/models.h"
#include "explore/step_threads.h"
#include "suite.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

static struct steps_program program;
static struct explore_report report;

static const struct explore_demo *
demo(const char *name)
{
	for (size_t i = 0; explore_demos[i] != NULL; i++)
		if (strcmp(explore_demos[i]->name, name) == 0)
			return explore_demos[i];
	ck_abort_msg("no demo %s", name);
	return NULL;
}

static void
build(const char *name, unsigned threads, unsigned adds, unsigned steps,
    const char *lock, const char *fix)
{
	struct explore_small s = {.threads = threads,
	    .adds = adds,
	    .steps = steps,
	    .lock = lock,
	    .fix = fix};

	ck_assert(explore_demo_build(demo(name), &program, &s));
}

static void
explore(uint32_t max_switches, bool reduce, uint64_t limit)
{
	struct explore *e = explore_new(&program, max_switches, reduce);
	struct step_threads *c = step_threads_new(&program);

	ck_assert_ptr_nonnull(e);
	ck_assert_ptr_nonnull(c);
	explore_run(&report, &program, e, c, limit, NULL, NULL);
	ck_assert_uint_eq(report.breaches, 0);
	step_threads_free(c);
	explore_free(e);
}

static void
explore_all(void)
{
	explore(EXPLORE_ANY, false, UINT64_MAX);
	ck_assert(report.complete);
	ck_assert_uint_eq(report.schedules, report.of);
}

static uint64_t
count_of(int64_t value)
{
	for (unsigned i = 0; i < report.noutcomes; i++)
		if (!report.outcome[i].deadlock &&
		    report.outcome[i].value == value)
			return report.outcome[i].schedules;
	return 0;
}

/* ---- the known numbers ---- */

static const struct known {
	unsigned threads, adds, steps;
	uint64_t schedules, count[8]; /* by value */
	unsigned noutcomes;
} known[] = {
    {2, 1, 2, 6, {[1] = 4, [2] = 2}, 2},
    {2, 1, 3, 20, {[1] = 18, [2] = 2}, 2},
    {2, 2, 3, 924, {[2] = 702, [3] = 216, [4] = 6}, 3},
    {3, 1, 3, 1680, {[1] = 1404, [2] = 270, [3] = 6}, 3},
};

#define NKNOWN ((int)(sizeof known / sizeof known[0]))

START_TEST(known_numbers)
{
	const struct known *k = &known[_i];

	build("race", k->threads, k->adds, k->steps, "none", "none");
	explore_all();
	ck_assert_uint_eq(report.schedules, k->schedules);
	ck_assert_uint_eq(report.noutcomes, k->noutcomes);
	for (unsigned v = 0; v < 8; v++)
		ck_assert_uint_eq(count_of(v), k->count[v]);
	ck_assert_uint_eq(
	    report.losing, k->schedules - k->count[k->threads * k->adds]);
}
END_TEST

START_TEST(every_lock_is_exact)
{
	static const char *const kind[] = {
	    "mutex", "spin", "semaphore", "atomic", "ticket", "file"};

	build("race", 3, 2, 3, kind[_i], "none");
	explore_all();
	ck_assert_uint_eq(report.schedules, 90); /* 6! / 2!^3 */
	ck_assert_uint_eq(report.noutcomes, 1);
	ck_assert_uint_eq(count_of(6), 90);
	ck_assert_int_eq(report.failing, -1);
}
END_TEST

/* Parts of their own: nobody can come between. */
START_TEST(parts_are_exact_and_one_class)
{
	build("race", 3, 1, 3, "partial", "none");
	explore_all();
	ck_assert_uint_eq(report.schedules, 1680);
	ck_assert_uint_eq(count_of(3), 1680);
	explore(EXPLORE_ANY, true, UINT64_MAX);
	ck_assert_uint_eq(report.schedules, 1);
}
END_TEST

/* A kind of lock is explored, or says why it cannot be. */
START_TEST(every_kind_is_known)
{
	const char *const *names = explore_locks();
	unsigned n = 0;

	while (names[n] != NULL)
		n++;
	for (unsigned i = 0; i < lock_nkinds; i++) {
		const char *why = explore_lock_refusal(lock_kinds[i].name);

		n -= why == NULL;
		if (why != NULL)
			continue;
		build("race", 2, 1, 3, lock_kinds[i].name, "none");
		explore_all();
		ck_assert_uint_eq(report.losing == 0, lock_kinds[i].exact);
	}
	ck_assert_uint_eq(n, 0);
	ck_assert_ptr_nonnull(explore_lock_refusal("cas"));
	ck_assert_ptr_nonnull(explore_lock_refusal("unshared"));
	ck_assert_ptr_nonnull(explore_lock_refusal("sesame"));
}
END_TEST

static bool
until_600(const struct explore_report *r, void *arg)
{
	(*(unsigned *)arg)++;
	return r->schedules < 600;
}

START_TEST(a_look_may_stop_it)
{
	unsigned looks = 0;

	build("race", 3, 1, 3, "none", "none");

	struct explore *e = explore_new(&program, EXPLORE_ANY, false);
	struct step_threads *c = step_threads_new(&program);

	explore_run(&report, &program, e, c, UINT64_MAX, until_600, &looks);
	ck_assert(report.stopped);
	ck_assert(!report.complete);
	ck_assert_uint_ge(looks, 1);
	ck_assert_uint_ge(report.schedules, 600);
	ck_assert_uint_lt(report.schedules, 1680);
	ck_assert_int_ge(report.failing, 0);
	step_threads_free(c);
	explore_free(e);
}
END_TEST

/* ---- the search ---- */

/* All schedules by plain recursion: what the search is held against. */
struct brute {
	struct steps_state at;
	struct interleaving path;
	unsigned n;
	char (*found)[STEPS_TEXT];
};

#define MOST 2000

static void
brute_force(struct brute *b)
{
	uint32_t enabled = steps_enabled(&program, &b->at);

	if (enabled == 0) {
		ck_assert_uint_lt(b->n, MOST);
		interleaving_format(b->found[b->n++], &b->path);
	}
	for (unsigned t = 0; t < program.nthreads; t++) {
		if ((enabled >> t & 1) == 0)
			continue;
		b->at.at[t]++;
		b->path.thread[b->path.length++] = (uint8_t)t;
		brute_force(b);
		b->path.length--;
		b->at.at[t]--;
	}
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static unsigned
search_texts(char (*found)[STEPS_TEXT])
{
	struct explore *e = explore_new(&program, EXPLORE_ANY, false);
	struct interleaving s;
	unsigned n = 0, last = 0;

	for (; explore_next(e, &s); n++) {
		ck_assert_uint_lt(n, MOST);
		ck_assert_uint_ge(interleaving_switches(&s), last);
		last = interleaving_switches(&s);
		interleaving_format(found[n], &s);
	}
	ck_assert(!explore_next(e, &s));
	explore_free(e);
	return n;
}

static const struct small {
	const char *name;
	unsigned threads, adds;
	const char *lock, *fix;
} smalls[] = {
    {"race", 1, 3, "none", "none"},
    {"race", 2, 2, "none", "none"},
    {"race", 3, 1, "none", "none"},
    {"race", 2, 2, "mutex", "none"},
    {"race", 2, 2, "atomic", "none"},
    {"deadlock", 2, 1, "none", "none"},
    {"deadlock", 2, 2, "none", "none"},
    {"deadlock", 3, 1, "none", "none"},
    {"deadlock", 3, 1, "none", "order"},
    {"philosophers", 3, 1, "none", "none"},
    {"philosophers", 3, 1, "none", "order"},
    {"philosophers", 2, 1, "none", "waiter"},
};

#define NSMALLS ((int)(sizeof smalls / sizeof smalls[0]))

static void
build_small(int i)
{
	const struct small *s = &smalls[i];

	build(s->name, s->threads, s->adds, 3, s->lock, s->fix);
}

START_TEST(each_schedule_comes_once_and_in_order)
{
	struct brute b = {.found = calloc(MOST, STEPS_TEXT)};
	char(*found)[STEPS_TEXT] = calloc(MOST, STEPS_TEXT);

	build_small(_i);
	brute_force(&b);
	ck_assert_uint_eq(search_texts(found), b.n);
	qsort(found, b.n, STEPS_TEXT, by_text);
	qsort(b.found, b.n, STEPS_TEXT, by_text);
	for (unsigned i = 0; i < b.n; i++)
		ck_assert_str_eq(found[i], b.found[i]);
	free(found);
	free(b.found);
}
END_TEST

START_TEST(a_bound_on_switches)
{
	uint64_t sum = 0;

	build("race", 2, 2, 3, "none", "none");
	for (uint32_t most = 0; most < 12; most++) {
		struct explore *e = explore_new(&program, most, false);

		sum += explore_count(e, most);
		ck_assert_uint_eq(explore_total(e), sum);
		explore_free(e);
		explore(most, false, UINT64_MAX);
		ck_assert(report.complete);
		ck_assert_uint_eq(report.schedules, sum);
	}
	ck_assert_uint_eq(sum, 924);
}
END_TEST

START_TEST(a_limit)
{
	build("race", 2, 2, 3, "none", "none");
	explore(EXPLORE_ANY, false, 100);
	ck_assert_uint_eq(report.schedules, 100);
	ck_assert(!report.complete);
	explore(EXPLORE_ANY, false, 924);
	ck_assert_uint_eq(report.schedules, 924);
	ck_assert(report.complete);
}
END_TEST

START_TEST(too_large_to_be_put_in_order)
{
	build("race", 8, 4, 3, "none", "none");
	ck_assert_ptr_null(explore_new(&program, EXPLORE_ANY, false));
	ck_assert_int_eq(errno, E2BIG);
	ck_assert_ptr_null(explore_new(&program, 3, true));
	ck_assert_int_eq(errno, EINVAL);

	struct explore *e = explore_new(&program, EXPLORE_ANY, true);
	struct interleaving s;

	ck_assert_ptr_nonnull(e);
	ck_assert_uint_eq(explore_total(e), 0);
	ck_assert(explore_next(e, &s));
	ck_assert_uint_eq(s.length, program.total);
	explore_free(e);
}
END_TEST

/* ---- reduced ---- */

/* The least of its class: again and again the least thread whose next step
 * depends on none that is left before it. */
static void
normal_form(const struct interleaving *s, char text[static STEPS_TEXT])
{
	const struct step *step[STEPS_MAX];
	struct steps_state at = {0};
	bool taken[STEPS_MAX] = {false};
	struct interleaving least = {0};

	for (unsigned i = 0; i < s->length; i++) {
		step[i] = steps_next(&program, &at, s->thread[i]);
		at.at[s->thread[i]]++;
	}
	while (least.length < s->length) {
		int best = -1;

		for (unsigned i = 0; i < s->length; i++) {
			bool first = !taken[i];

			for (unsigned j = 0; j < i && first; j++)
				first = taken[j] ||
				    (s->thread[i] != s->thread[j] &&
					steps_independent(step[i], step[j]));
			if (first &&
			    (best < 0 || s->thread[i] < s->thread[best]))
				best = (int)i;
		}
		taken[best] = true;
		least.thread[least.length++] = s->thread[best];
	}
	interleaving_format(text, &least);
}

static unsigned
classes(bool reduce)
{
	struct explore *e = explore_new(&program, EXPLORE_ANY, reduce);
	char(*found)[STEPS_TEXT] = calloc(MOST, STEPS_TEXT);
	struct interleaving s;
	unsigned n = 0, distinct = 0;

	while (explore_next(e, &s)) {
		ck_assert_uint_lt(n, MOST);
		normal_form(&s, found[n++]);
	}
	qsort(found, n, STEPS_TEXT, by_text);
	for (unsigned i = 0; i < n; i++)
		distinct += i == 0 || strcmp(found[i], found[i - 1]) != 0;
	if (reduce)
		ck_assert_uint_eq(n, distinct); /* none comes twice */
	explore_free(e);
	free(found);
	return distinct;
}

START_TEST(reduced_one_schedule_of_each_class)
{
	build_small(_i);
	ck_assert_uint_eq(classes(true), classes(false));
	if (_i == 1) /* race, 2x2 */
		ck_assert_uint_eq(classes(true), 34);
}
END_TEST

START_TEST(reduced_the_outcomes_are_the_same)
{
	static struct explore_report all;

	build_small(_i);
	explore_all();
	all = report;
	explore(EXPLORE_ANY, true, UINT64_MAX);
	ck_assert(report.complete);
	ck_assert_uint_eq(report.of, all.of);
	ck_assert_uint_le(report.schedules, all.schedules);
	ck_assert_uint_eq(report.noutcomes, all.noutcomes);
	for (unsigned i = 0; i < all.noutcomes; i++) {
		ck_assert_int_eq(
		    report.outcome[i].deadlock, all.outcome[i].deadlock);
		ck_assert_int_eq(report.outcome[i].value, all.outcome[i].value);
		ck_assert_str_eq(report.outcome[i].words, all.outcome[i].words);
	}
}
END_TEST

/* ---- deadlocks ---- */

START_TEST(a_deadlock_is_found_and_named)
{
	char text[STEPS_TEXT];

	build("deadlock", 2, 1, 3, "none", "none");
	explore_all();
	ck_assert_uint_eq(report.schedules, 6);
	ck_assert_uint_eq(report.deadlocks, 2);
	ck_assert_int_ge(report.failing, 0);
	ck_assert_str_eq(report.outcome[report.failing].words,
	    "a waits for B, held by b; b waits for A, held by a");
	interleaving_format(text, &report.outcome[report.failing].smallest);
	ck_assert_str_eq(text, "a1b1");
}
END_TEST

START_TEST(who_is_not_in_the_cycle_is_named_after_it)
{
	struct steps_state at = {.at = {1, 1, 0}};
	char words[EXPLORE_WORDS];

	build("deadlock", 3, 1, 3, "none", "none");
	steps_deadlock_format(words, sizeof words, &program, &at);
	ck_assert_str_eq(words,
	    "a waits for B, held by b; b waits for A, held by a; "
	    "c waits for A, held by a");
	steps_deadlock_format(words, 10, &program, &at);
	ck_assert_str_eq(words, "a wait...");
}
END_TEST

START_TEST(a_fix_has_no_deadlock)
{
	static const char *const fix[] = {"none", "order", "waiter"};

	build("philosophers", 3, 1, 3, "none", fix[_i]);
	explore_all();
	ck_assert_uint_eq(report.deadlocks > 0, _i == 0);
	ck_assert_uint_eq(report.deadlocks + count_of(3), report.schedules);
}
END_TEST

/* ---- one schedule ---- */

START_TEST(one_schedule_is_the_same_each_time)
{
	struct step_threads_trace trace[2][STEPS_MAX];
	struct step_threads *c;
	struct interleaving s;
	char why[100];

	build("race", 2, 1, 3, "none", "none");
	ck_assert_int_eq(
	    interleaving_parse(&s, &program, "a2b3a1", why, sizeof why), 0);
	c = step_threads_new(&program);
	for (int i = 0; i < 2; i++) {
		explore_run_one(&report, &program, c, &s, trace[i]);
		ck_assert_int_eq(report.outcome[0].value, 1);
		ck_assert_int_eq(report.outcome[0].lost, 1);
		ck_assert_int_eq(trace[i][5].lost, 1);
	}
	ck_assert_mem_eq(trace[0], trace[1], 6 * sizeof trace[0][0]);
	step_threads_free(c);
}
END_TEST

static void
refused(const char *text, const char *words)
{
	struct interleaving s;
	char why[100] = "";

	ck_assert_int_eq(
	    interleaving_parse(&s, &program, text, why, sizeof why), -EINVAL);
	ck_assert_str_eq(why, words);
}

START_TEST(schedules_that_do_not_fit)
{
	build("race", 2, 1, 3, "mutex", "none");
	refused("a1b1", "step 2: b waits for mutex, held by a");
	refused("a6", "step 6: a has only 5 steps");
	refused("a5", "it ends after 5 of 10 steps, and b can go on");
	refused("", "it ends after 0 of 10 steps, and a can go on");
	refused("a5c1", "step 6: there is no thread c, only a to b");
	refused("a0b5", "at character 1: a count must be from 1 to 4294967295");
	refused("a99999999999999999999",
	    "at character 1: a count must be from 1 to 4294967295");
	refused("5a",
	    "'5a' at character 1: expected a letter and a count, "
	    "such as b3");
}
END_TEST

START_TEST(a_schedule_as_text_and_back)
{
	struct interleaving s;
	char text[STEPS_TEXT], why[100];

	build("race", 3, 1, 2, "none", "none");
	ck_assert_int_eq(
	    interleaving_parse(&s, &program, "abcba1c", why, sizeof why), 0);
	interleaving_format(text, &s);
	ck_assert_str_eq(text, "a1b1c1b1a1c1");
	ck_assert_uint_eq(interleaving_switches(&s), 5);
}
END_TEST

START_TEST(too_many_steps)
{
	struct explore_small s = {
	    .threads = 16, .adds = 3, .steps = 3, .lock = "none"};

	ck_assert(!explore_demo_build(demo("race"), &program, &s));
	s.adds = 2;
	ck_assert(explore_demo_build(demo("race"), &program, &s));
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("explore");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, known_numbers, 0, NKNOWN);
	tcase_add_loop_test(t, every_lock_is_exact, 0, 6);
	tcase_add_test(t, parts_are_exact_and_one_class);
	tcase_add_test(t, every_kind_is_known);
	tcase_add_test(t, a_look_may_stop_it);
	tcase_add_loop_test(
	    t, each_schedule_comes_once_and_in_order, 0, NSMALLS);
	tcase_add_test(t, a_bound_on_switches);
	tcase_add_test(t, a_limit);
	tcase_add_test(t, too_large_to_be_put_in_order);
	tcase_add_loop_test(t, reduced_one_schedule_of_each_class, 0, NSMALLS);
	tcase_add_loop_test(t, reduced_the_outcomes_are_the_same, 0, NSMALLS);
	tcase_add_test(t, a_deadlock_is_found_and_named);
	tcase_add_test(t, who_is_not_in_the_cycle_is_named_after_it);
	tcase_add_loop_test(t, a_fix_has_no_deadlock, 0, 3);
	tcase_add_test(t, one_schedule_is_the_same_each_time);
	tcase_add_test(t, schedules_that_do_not_fit);
	tcase_add_test(t, a_schedule_as_text_and_back);
	tcase_add_test(t, too_many_steps);
	return suite_run("explore", cases);
}
