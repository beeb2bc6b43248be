/* test_wait_graph: which threads can go on, cycles, and what is said of them.
 */
#include "wire/wait_graph.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"

#define THREADS 6

/* For each thread the threads that could end its wait. */
static uint32_t by[THREADS][2];

static uint32_t
next(const void *arg, uint32_t node, unsigned nth)
{
	(void)arg;
	return nth < 2 ? by[node][nth] : WAIT_NONE;
}

static void
describe(const void *arg, uint32_t node, struct wait_link *l)
{
	(void)arg;
	*l = (struct wait_link){.state = STATE_WAIT_LOCK, .object = "lock 'A'"};
	snprintf(l->who, WAIT_NAME, "t%u", node);
	if (by[node][0] < THREADS)
		snprintf(l->owner, WAIT_NAME, "t%u", by[node][0]);
}

static const struct wait_graph graph = {.next = next, .describe = describe};

static void
setup(void)
{
	for (unsigned i = 0; i < THREADS; i++)
		by[i][0] = by[i][1] = WAIT_NONE;
}

START_TEST(the_reduction)
{
	struct wait_node node[THREADS] = {
	    {.role = WAIT_STUCK}, /* by 1 or 2 */
	    {.role = WAIT_STUCK}, /* by 0 */
	    {.role = WAIT_STUCK}, /* by 3, which goes on */
	    {.role = WAIT_ABLE}, {.role = WAIT_STUCK, .by_other = true},
	    {.role = WAIT_STUCK}, /* by itself */
	};
	bool anyone = true;

	by[0][0] = 1;
	by[0][1] = 2;
	by[1][0] = 0;
	by[2][0] = 3;
	by[5][0] = 5;
	ck_assert_uint_eq(wait_reduce(&graph, node, THREADS, &anyone), 1);
	ck_assert_uint_eq(node[5].role, WAIT_STUCK);

	/* With none that goes on, an idle thread and those it blocks are left.
	 */
	for (unsigned i = 0; i < 5; i++)
		node[i].role = i == 3 ? WAIT_GONE : WAIT_STUCK;
	by[2][0] = 4;
	anyone = false;
	ck_assert_uint_eq(wait_reduce(&graph, node, THREADS, &anyone), 5);
	ck_assert(!anyone);
	by[4][0] = WAIT_UNKNOWN;
	node[4].by_other = false;
	ck_assert_uint_eq(wait_reduce(&graph, node, THREADS, &anyone), 1);
	ck_assert(anyone);
}
END_TEST

START_TEST(the_cycle_that_a_chain_leads_into)
{
	uint32_t cycle[THREADS];

	by[0][0] = 4;
	by[4][0] = 3;
	by[3][0] = 5;
	by[5][0] = 2;
	by[2][0] = 3;
	ck_assert_uint_eq(wait_cycle(&graph, 0, cycle, THREADS), 3);
	ck_assert_uint_eq(cycle[0], 2);
	ck_assert_uint_eq(cycle[1], 3);
	ck_assert_uint_eq(cycle[2], 5);
	ck_assert_uint_eq(wait_cycle(&graph, 0, cycle, 2), 0);
	ck_assert_uint_eq(wait_cycle(&graph, 1, cycle, THREADS), 0);
	by[5][0] = WAIT_UNKNOWN;
	ck_assert_uint_eq(wait_cycle(&graph, 0, cycle, THREADS), 0);
	by[1][0] = 1;
	ck_assert_uint_eq(wait_cycle(&graph, 1, cycle, THREADS), 1);
	ck_assert_uint_eq(cycle[0], 1);
}
END_TEST

START_TEST(a_chain_in_words)
{
	char buf[200];
	struct wait_text text = {.buf = buf, .size = sizeof buf};

	by[0][0] = 1;
	by[1][0] = 2;
	by[2][0] = 1;
	ck_assert_uint_eq(wait_add_chain(&text, &graph, 0), WAIT_NONE);
	ck_assert_str_eq(buf,
	    "t0 waits for lock 'A', held by t1, which waits for lock 'A', held "
	    "by t2, which waits for lock 'A', held by t1 (a cycle)");
	text.len = 0;
	by[2][0] = WAIT_NONE;
	ck_assert_uint_eq(wait_add_chain(&text, &graph, 1), 2);
	ck_assert_str_eq(buf, "t1 waits for lock 'A', held by t2, which ");
}
END_TEST

START_TEST(a_text_is_cut_between_characters)
{
	char buf[10];
	struct wait_text text = {.buf = buf, .size = sizeof buf};

	wait_add(&text, "abcde\u00e9fghij");
	ck_assert_str_eq(buf, "abcde...");
	wait_add(&text, "more");
	ck_assert_uint_le(strlen(buf), 9);
}
END_TEST

START_TEST(every_wait_has_its_words)
{
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		const struct state_info *s = state_info(i);

		ck_assert_msg((s->waits_for == NULL) == (s->help == NULL) &&
			(s->waits_for == NULL) == (s->blocked_plain == NULL),
		    "%s", s->word);
		if (s->object == OBJECT_NONE)
			continue;
		ck_assert_msg(strstr(s->named, "%s") != NULL &&
			strstr(s->blocked, "%s") != NULL &&
			s->ends != ENDS_BY_ITSELF && s->wants != WANTS_NOTHING,
		    "%s", s->word);
	}
	ck_assert_ptr_eq(state_info(UINT_MAX), state_info(STATE_STARTING));
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("wait_graph");

	tcase_add_checked_fixture(c, setup, NULL);
	tcase_add_test(c, the_reduction);
	tcase_add_test(c, the_cycle_that_a_chain_leads_into);
	tcase_add_test(c, a_chain_in_words);
	tcase_add_test(c, a_text_is_cut_between_characters);
	tcase_add_test(c, every_wait_has_its_words);
	return suite_run("wait_graph", (TCase *const[]){c, NULL});
}
