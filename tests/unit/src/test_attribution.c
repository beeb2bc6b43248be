/* test_attribution: a trace names both sides; blind, there is none. */
#include <errno.h>
#include <pthread.h>

#include "crowd.h"
#include "slot/ledger.h"
#include "slot/trace.h"
#include "suite.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

#define WINDOW (3600 * NSEC_PER_SEC) /* ended by stopping the gate */

enum {
	NONE,
	MUTEX
};

enum {
	SLOW,  /* loads, and stores when the gate stops */
	QUICK, /* adds in between */
	RINGS
};

struct world {
	struct gate gate;
	struct sum_control sum;
	struct trace_control tracing;
	struct cell cell;
	struct thread_slot tslots[RINGS];
};

static struct world *
world_new(unsigned kind)
{
	struct world *w = crowd_memory(sizeof *w);
	const char *call;

	gate_init(&w->gate);
	MUST(cell_init(&w->cell) == 0);
	MUST(lock_prepare(kind, &call) == 0);
	atomic_store(&w->sum.kind, kind);
	w->sum.wanted = kind;
	atomic_store(&w->sum.window, WINDOW);
	atomic_store(&w->tracing.budget, TRACE_EVENTS / 2);
	atomic_store(&w->tracing.tick, 1);
	for (unsigned i = 0; i < RINGS; i++) {
		w->tslots[i].id = i + 1;
		w->tslots[i].control = &w->tracing;
	}
	return w;
}

static struct adder
adder(struct world *w, unsigned who)
{
	return (struct adder){.cell = &w->cell,
	    .control = &w->sum,
	    .gate = &w->gate,
	    .tslot = &w->tslots[who]};
}

static void *
slow_add(void *arg)
{
	struct world *w = arg;
	struct adder a = adder(w, SLOW);

	slot_state(a.tslot, STATE_RUNNING);
	sum_add(&a, 1, 1);
	return NULL;
}

static uint64_t
events(const struct world *w, unsigned who)
{
	return atomic_load(&w->tslots[who].head);
}

static void
check_event(const struct world *w, unsigned who, unsigned i, uint32_t op,
    int64_t seen, int64_t value, uint32_t other)
{
	const struct trace_event *e = &w->tslots[who].events[i];

	ck_assert_uint_lt(i, events(w, who));
	ck_assert_uint_eq(atomic_load(&e->what), (uint64_t)other << 32 | op);
	ck_assert_int_eq(atomic_load(&e->seen), seen);
	ck_assert_int_eq(atomic_load(&e->value), value);
}

static void
check_identity(const struct world *w, int64_t lost)
{
	struct ledger sum = {0};

	for (unsigned i = 0; i < RINGS; i++) {
		struct ledger l = ledger_read(&w->tslots[i]);

		ledger_add(&sum, &l);
	}
	ck_assert_int_eq(sum.lost, lost);
	ck_assert_int_eq(
	    cell_value(&w->cell, w->tslots, RINGS) + sum.lost, sum.expected);
}

/* The one loads, the other adds 5, the one stores over it. */
static void
lose(struct world *w)
{
	struct adder quick = adder(w, QUICK);
	pthread_t slow;

	MUST(pthread_create(&slow, NULL, slow_add, w) == 0);
	UNTIL(atomic_load(&w->tslots[SLOW].state) == STATE_WINDOW);
	atomic_store(&w->sum.window, 0);
	sum_add(&quick, 5, 1);
	gate_stop(&w->gate);
	MUST(pthread_join(slow, NULL) == 0);
}

START_TEST(a_lost_update_names_both_sides)
{
	struct world *w = world_new(NONE);

	lose(w);
	check_event(w, QUICK, 0, TRACE_LOAD, 0, 0, 0);
	check_event(w, QUICK, 1, TRACE_STORE, 0, 5, 0);
	ck_assert_uint_eq(events(w, QUICK), 2);
	check_event(w, SLOW, 0, TRACE_LOAD, 0, 0, 0);
	check_event(w, SLOW, 1, TRACE_STORE | TRACE_FLAGS(TRACE_LOSES), 0, 1,
	    QUICK + 1);
	check_event(w, SLOW, 2, TRACE_LOST, 0, 5, QUICK + 1);
	ck_assert_uint_eq(events(w, SLOW), 3);
	ck_assert_uint_lt(atomic_load(&w->tslots[SLOW].events[0].stamp),
	    atomic_load(&w->tslots[QUICK].events[0].stamp));
	ck_assert_uint_ge(atomic_load(&w->tslots[SLOW].events[1].stamp),
	    atomic_load(&w->tslots[QUICK].events[1].stamp));
	check_identity(w, 5);
}
END_TEST

/* Who reads on is told whose value that was. */
START_TEST(a_load_names_who_wrote_it)
{
	struct world *w = world_new(NONE);
	struct adder one = adder(w, SLOW), other = adder(w, QUICK);

	atomic_store(&w->sum.window, 0);
	sum_add(&one, 3, 1);
	sum_add(&other, 4, 1);
	check_event(w, QUICK, 0, TRACE_LOAD, 3, 0, SLOW + 1);
	check_event(w, QUICK, 1, TRACE_STORE, 3, 7, SLOW + 1);
	check_identity(w, 0);
}
END_TEST

/* An add that loses is told of whole, also with the last of the budget. */
START_TEST(what_is_lost_is_told_with_the_last_of_the_budget)
{
	struct world *w = world_new(NONE);

	atomic_store(&w->tracing.budget, 1);
	lose(w);
	ck_assert_uint_eq(events(w, SLOW), 3);
	check_event(w, SLOW, 2, TRACE_LOST, 0, 5, QUICK + 1);
}
END_TEST

/* In the window and after it: nothing written, no state entered. */
START_TEST(blind_nothing_is_told)
{
	struct world *w = world_new(_i == 0 ? NONE : MUTEX);
	struct thread_slot *r = &w->tslots[SLOW];
	pthread_t slow;

	atomic_store(&w->sum.blind, 1);
	slot_state_at(r, STATE_RUNNING, 1);
	MUST(pthread_create(&slow, NULL, slow_add, w) == 0);
	UNTIL(ledger_pending(r));

	uint64_t intent = atomic_load(&r->intent);

	if (_i == 0) { /* under a lock it would have to wait */
		struct adder quick = adder(w, QUICK);

		atomic_store(&w->sum.window, 0);
		sum_add(&quick, 5, 100);
	}
	ck_assert_uint_eq(atomic_load(&r->intent), intent);
	ck_assert_uint_eq(atomic_load(&r->state), STATE_RUNNING);
	ck_assert_uint_eq(atomic_load(&r->since), 1);
	ck_assert_uint_eq(events(w, SLOW), 0);
	gate_stop(&w->gate);
	MUST(pthread_join(slow, NULL) == 0);
	ck_assert_uint_eq(atomic_load(&r->state), STATE_RUNNING);
	ck_assert_uint_eq(atomic_load(&r->since), 1);
	ck_assert_uint_eq(events(w, SLOW) + events(w, QUICK), 0);
	ck_assert_uint_eq(ledger_read(r).adds, 1);
	ck_assert(!ledger_pending(r));
	check_identity(w, ledger_read(r).lost);
}
END_TEST

static void
die_in_window(void *arg)
{
	slow_add(arg);
}

/* Killed in the window: in doubt, or with a lock known not to be done. */
START_TEST(blind_a_kill_leaves_what_can_be_said)
{
	bool locked = _i == 1;
	struct world *w = world_new(locked ? MUTEX : NONE);
	int doubt;

	if (locked)
		NEED_ROBUST();
	atomic_store(&w->sum.blind, 1);
	pid_t pid = crowd_child(die_in_window, w);
	UNTIL(ledger_pending(&w->tslots[SLOW]));
	crowd_kill(pid);
	do
		doubt = sum_recover(&w->sum, &w->cell, w->tslots, 1);
	while (doubt == -EAGAIN);
	ck_assert_int_eq(doubt, locked ? 0 : 1);
	ck_assert(!ledger_pending(&w->tslots[SLOW]));
	atomic_store(&w->sum.window, 0);
	struct adder quick = adder(w, QUICK);
	ck_assert(sum_add(&quick, 5, 3));
	check_identity(w, 0);
	ck_assert_int_eq(cell_value(&w->cell, w->tslots, RINGS), 15);
}
END_TEST

static struct world *crowd;

static void
add_many(void *arg, unsigned who)
{
	struct adder a = adder(arg, who);

	for (int i = 0; i < 200; i++)
		MUST(sum_add(&a, (int64_t)who + 1, 100));
}

/* Blind is switched while adds are made: the books hold all the same. */
START_TEST(blind_comes_and_goes)
{
	static const uint64_t windows[] = {0, 300};

	crowd = world_new(NONE);
	atomic_store(&crowd->sum.window, windows[_i]);
	struct crowd *c = crowd_start(RINGS, 1, add_many, crowd);
	for (int i = 0; i < 500; i++) {
		atomic_store(&crowd->sum.blind, i & 1);
		atomic_fetch_add(&crowd->tracing.tick, 1);
		crowd_yield();
	}
	ck_assert_uint_eq(crowd_join(c), 0);

	struct ledger l = {0};

	for (unsigned i = 0; i < RINGS; i++) {
		struct ledger one = ledger_read(&crowd->tslots[i]);

		ledger_add(&l, &one);
	}
	ck_assert_uint_eq(l.adds, RINGS * 20000);
	check_identity(crowd, l.lost);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("attribution");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, a_lost_update_names_both_sides);
	tcase_add_test(t, a_load_names_who_wrote_it);
	tcase_add_test(t, what_is_lost_is_told_with_the_last_of_the_budget);
	tcase_add_loop_test(t, blind_nothing_is_told, 0, 2);
	tcase_add_loop_test(t, blind_a_kill_leaves_what_can_be_said, 0, 2);
	tcase_add_loop_test(t, blind_comes_and_goes, 0, 2);
	return suite_run("attribution", cases);
}
