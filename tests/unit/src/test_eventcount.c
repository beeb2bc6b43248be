/* test_eventcount: no wake-up is lost, and the dead disturb nobody. */
#include "memory/eventcount.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>

#include "crowd.h"
#include "suite.h"

#define LONG   (3600 * NSEC_PER_SEC) /* only a wake-up ends such a wait */
#define ROUNDS 20000
#define TOKENS 40000
#define PAIRS  4

/* Tokens made by some and taken by others, and a word whose turn it is. */
struct table {
	struct eventcount wake, turned;
	_Atomic int tokens, taken, made;
	_Atomic unsigned turn, asleep, woken;
};

static struct table *
table_new(void)
{
	return crowd_memory(sizeof(struct table));
}

static void
take_turns(void *arg, unsigned who)
{
	struct table *t = arg;

	for (unsigned i = 0; i < ROUNDS; i++) {
		for (;;) {
			if (atomic_load(&t->turn) % 2 == who)
				break;
			uint32_t key = eventcount_prepare(&t->turned);
			if (atomic_load(&t->turn) % 2 == who)
				break;
			eventcount_wait(&t->turned, key, LONG);
		}
		atomic_fetch_add(&t->turn, 1);
		eventcount_some(&t->turned, 1);
	}
}

START_TEST(two_take_turns)
{
	struct table *t = table_new();

	ck_assert_uint_eq(crowd_join(crowd_start(
			      _i == 0 ? 0 : 2, _i == 0 ? 2 : 1, take_turns, t)),
	    0);
	ck_assert_uint_eq(atomic_load(&t->turn), 2 * ROUNDS);
}
END_TEST

static bool
take_token(struct table *t)
{
	int n = atomic_load(&t->tokens);

	while (n > 0)
		if (atomic_compare_exchange_weak(&t->tokens, &n, n - 1))
			return true;
	return false;
}

static bool
take_or_leave(struct table *t, bool *leave)
{
	*leave = atomic_load(&t->taken) == PAIRS * TOKENS;
	return *leave || take_token(t);
}

static void
consume(struct table *t)
{
	bool leave;

	for (;;) {
		while (!take_or_leave(t, &leave)) {
			uint32_t key = eventcount_prepare(&t->wake);
			if (take_or_leave(t, &leave))
				break;
			eventcount_wait(&t->wake, key, LONG);
		}
		if (leave)
			return;
		if (atomic_fetch_add(&t->taken, 1) + 1 == PAIRS * TOKENS)
			eventcount_all(&t->wake);
	}
}

/* Even ones make tokens, odd ones take them. */
static void
trade(void *arg, unsigned who)
{
	struct table *t = arg;

	if (who % 2 != 0) {
		consume(t);
		return;
	}
	for (int i = 0; i < TOKENS; i++) {
		atomic_fetch_add(&t->tokens, 1);
		eventcount_some(&t->wake, 1);
	}
}

START_TEST(no_token_is_left_asleep)
{
	struct table *t = table_new();
	unsigned processes = _i == 0 ? 0 : PAIRS;

	ck_assert_uint_eq(
	    crowd_join(crowd_start(processes,
		2 * PAIRS / (processes > 0 ? processes : 1), trade, t)),
	    0);
	ck_assert_int_eq(atomic_load(&t->taken), PAIRS * TOKENS);
	ck_assert_int_eq(atomic_load(&t->tokens), 0);
}
END_TEST

static void
sleep_once(void *arg, unsigned who)
{
	struct table *t = arg;
	uint32_t key = eventcount_prepare(&t->wake);

	(void)who;
	atomic_fetch_add(&t->asleep, 1);
	eventcount_wait(&t->wake, key, LONG);
	atomic_fetch_add(&t->woken, 1);
}

START_TEST(eventcount_some_wakes_at_most_so_many)
{
	struct table *t = table_new();
	struct crowd *c = crowd_start(0, 5, sleep_once, t);
	int woken = 0;

	/* Those between announcing and sleeping see the word changed. */
	UNTIL(atomic_load(&t->asleep) == 5);
	while (atomic_load(&t->woken) < 5) {
		int n = eventcount_some(&t->wake, 2);
		ck_assert_int_le(n, 2);
		woken += n;
		crowd_yield();
	}
	ck_assert_int_le(woken, 5);
	crowd_join(c);
}
END_TEST

START_TEST(nobody_asleep_costs_nothing)
{
	struct eventcount w = {0};

	ck_assert(!eventcount_sleepers(&w));
	ck_assert_int_eq(eventcount_some(&w, 1), 0);
	eventcount_all(&w);
	ck_assert_uint_eq(atomic_load(&w.word), 0);
}
END_TEST

START_TEST(a_wake_between_announcing_and_sleeping_counts)
{
	struct eventcount w = {0};

	for (int i = 0; i < 2; i++) {
		uint32_t key = eventcount_prepare(&w);

		ck_assert(eventcount_sleepers(&w));
		i == 0 ? eventcount_all(&w) : (void)eventcount_some(&w, 1);
		eventcount_wait(&w, key, LONG);
	}
}
END_TEST

START_TEST(a_wait_ends_by_itself)
{
	struct eventcount w = {0};
	uint64_t start = now_ns();

	eventcount_wait(&w, eventcount_prepare(&w), NSEC_PER_MSEC);
	ck_assert_uint_ge(now_ns() - start, NSEC_PER_MSEC);
}
END_TEST

/* State of a process as the kernel has it. */
static char
state_of(pid_t pid)
{
	char path[32], state = '?';

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	FILE *f = fopen(path, "r");
	if (f != NULL) {
		if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
			state = '?';
		fclose(f);
	}
	return state;
}

static void
sleeper(void *arg)
{
	sleep_once(arg, 0);
}

START_TEST(killed_sleepers_disturb_nobody)
{
	struct table *t = table_new();
	pid_t dead[3], alive;

	for (int i = 0; i < 3; i++) {
		dead[i] = crowd_child(sleeper, t);
		UNTIL(state_of(dead[i]) == 'S' &&
		    atomic_load(&t->asleep) == (unsigned)i + 1);
	}
	alive = crowd_child(sleeper, t);
	UNTIL(atomic_load(&t->asleep) == 4 && state_of(alive) == 'S');
	for (int i = 0; i < 3; i++)
		crowd_kill(dead[i]);
	ck_assert_int_eq(eventcount_some(&t->wake, 1), 1);
	UNTIL(atomic_load(&t->woken) == 1);
	ck_assert_int_eq(eventcount_some(&t->wake, 1), 0);
	ck_assert(!eventcount_sleepers(&t->wake)); /* no call for nobody */
	crowd_kill(alive);
}
END_TEST

START_TEST(a_waker_killed_before_it_woke_is_made_up_for)
{
	struct table *t = table_new();
	pid_t pid = crowd_child(sleeper, t);

	UNTIL(state_of(pid) == 'S' && atomic_load(&t->asleep) == 1);
	/* As far as eventcount_all() goes before the call: nobody seems asleep.
	 */
	uint32_t word = atomic_load(&t->wake.word);
	ck_assert_uint_eq(word & 1, 1);
	atomic_store(&t->wake.word, (word + 2) & ~1U);
	eventcount_all(&t->wake);
	ck_assert_int_eq(state_of(pid), 'S');
	eventcount_surely(&t->wake);
	UNTIL(atomic_load(&t->woken) == 1);
	crowd_kill(pid);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("eventcount");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, two_take_turns, 0, 2);
	tcase_add_loop_test(t, no_token_is_left_asleep, 0, 2);
	tcase_add_test(t, eventcount_some_wakes_at_most_so_many);
	tcase_add_test(t, nobody_asleep_costs_nothing);
	tcase_add_test(t, a_wake_between_announcing_and_sleeping_counts);
	tcase_add_test(t, a_wait_ends_by_itself);
	tcase_add_test(t, killed_sleepers_disturb_nobody);
	tcase_add_test(t, a_waker_killed_before_it_woke_is_made_up_for);
	return suite_run("eventcount", cases);
}
