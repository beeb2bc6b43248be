/* test_sum_gil: adds under an interpreter lock: when it changes hands. */
#include "slot/gil.h"
#include "slot/ledger.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

#include "crowd.h"
#include "suite.h"

#define NEVER (3600 * NSEC_PER_SEC) /* does not end here */
#define NONE  0
#define MUTEX 1
#define SLOTS 4

struct world {
	struct gate gate;
	struct sum_control sum, other; /* `other`: no lock, no window */
	struct trace_control tracing;
	struct cell cell;
	struct gil gil;
	struct thread_slot tslots[SLOTS];
};

static struct world *
world_new(unsigned kind, uint64_t window, uint64_t interval)
{
	struct world *w = crowd_memory(sizeof *w);

	gate_init(&w->gate);
	MUST(cell_init(&w->cell) == 0);
	atomic_store(&w->sum.kind, kind);
	w->sum.wanted = kind;
	atomic_store(&w->sum.window, window);
	w->gil.interval = interval;
	for (unsigned i = 0; i < SLOTS; i++) {
		w->tslots[i].id = i + 1;
		w->tslots[i].control = &w->tracing;
		slot_state(&w->tslots[i], STATE_RUNNING);
	}
	return w;
}

static void
add_under(struct world *w, struct sum_control *control, unsigned who)
{
	struct adder a = {.cell = &w->cell,
	    .control = control,
	    .gate = &w->gate,
	    .tslot = &w->tslots[who],
	    .gil = &w->gil};

	MUST(sum_add(&a, 1, 1));
}

static void
add_one(struct world *w, unsigned who)
{
	add_under(w, &w->sum, who);
}

/* As a thread does that has the interpreter lock while it adds. */
static void
take_and_add(void *arg, unsigned who)
{
	struct world *w = arg;

	gil_enter(&w->gil, &w->tslots[who + 1]);
	add_one(w, who + 1);
	gil_drop(&w->gil);
}

static int64_t
lost(const struct world *w)
{
	int64_t lost = 0;

	for (unsigned i = 0; i < SLOTS; i++)
		lost += ledger_read(&w->tslots[i]).lost;
	return lost;
}

static struct gil_counts
counts(const struct world *w)
{
	struct gil_counts c = {0};

	gil_count(&c, &w->gil);
	return c;
}

START_TEST(a_window_that_sleeps_gives_it_up)
{
	struct world *w = world_new(NONE, NEVER, NEVER);
	struct crowd *c = crowd_start(0, 1, take_and_add, w);

	UNTIL(atomic_load(&w->tslots[1].state) == STATE_WINDOW &&
	    atomic_load(&w->gil.holder) == 0);
	gil_take(&w->gil, 1);
	add_under(w, &w->other, 0);
	gil_drop(&w->gil);
	gate_stop(&w->gate); /* the window is over */
	crowd_join(c);
	ck_assert_int_eq(lost(w), 1);
	ck_assert_int_eq(cell_value(&w->cell, w->tslots, SLOTS), 1);
	ck_assert_uint_eq(counts(w).handovers, 2);
	ck_assert_uint_eq(counts(w).split, 1);
	ck_assert_uint_eq(atomic_load(&w->gil.holder), 0);
}
END_TEST

START_TEST(and_is_not_counted_if_no_thread_takes_it)
{
	struct world *w = world_new(NONE, NEVER, NEVER);
	struct crowd *c = crowd_start(0, 1, take_and_add, w);

	UNTIL(atomic_load(&w->tslots[1].state) == STATE_WINDOW &&
	    atomic_load(&w->gil.holder) == 0);
	gate_stop(&w->gate);
	crowd_join(c);
	ck_assert_uint_eq(counts(w).handovers, 0);
	ck_assert_uint_eq(counts(w).split, 0);
}
END_TEST

/* Another thread has waited for a whole interval when the add begins. */
static struct world *
add_while_requested(uint64_t window)
{
	struct world *w = world_new(NONE, window, 1);

	gil_take(&w->gil, 1);

	struct crowd *c = crowd_start(0, 1, take_and_add, w);

	UNTIL(gil_wanted(&w->gil));
	add_one(w, 0);
	gil_drop(&w->gil);
	crowd_join(c);
	return w;
}

START_TEST(without_a_window_nothing_is_lost)
{
	struct world *w = add_while_requested(0);

	ck_assert_int_eq(lost(w), 0);
	ck_assert_uint_eq(counts(w).split, 0);
	ck_assert_uint_ge(counts(w).handovers, 1);
}
END_TEST

/* Request it again and again, until a request comes within a window. */
static void
add_until_split(void *arg, unsigned who)
{
	struct world *w = arg;

	(void)who;
	while (counts(w).split == 0) {
		gil_enter(&w->gil, &w->tslots[1]);
		add_under(w, &w->other, 1);
		gil_drop(&w->gil);
	}
}

START_TEST(a_window_that_computes_hands_it_over_if_requested)
{
	struct world *w = world_new(NONE, NSEC_PER_MSEC / 10, 1);

	gil_take(&w->gil, 1);

	struct crowd *c = crowd_start(0, 1, add_until_split, w);

	while (counts(w).split == 0)
		add_one(w, 0);
	gil_drop(&w->gil);
	crowd_join(c);
	ck_assert_int_ge(lost(w), 1);
	ck_assert_uint_eq(counts(w).split, 1);
}
END_TEST

/* Otherwise its holder, without it, could never finish its add. */
START_TEST(a_wait_for_the_lock_gives_it_up)
{
	struct world *w = world_new(MUTEX, NEVER, NEVER);
	struct crowd *c = crowd_start(0, 2, take_and_add, w);

	UNTIL((atomic_load(&w->tslots[1].state) == STATE_WAIT_LOCK ||
		  atomic_load(&w->tslots[2].state) == STATE_WAIT_LOCK) &&
	    atomic_load(&w->gil.holder) == 0);
	gate_stop(&w->gate);
	crowd_join(c);
	ck_assert_int_eq(lost(w), 0);
	ck_assert_int_eq(cell_value(&w->cell, w->tslots, SLOTS), 2);
}
END_TEST

START_TEST(so_does_a_wait_at_the_gate)
{
	struct world *w = world_new(NONE, 0, NEVER);

	gate_pause(&w->gate, true);

	struct crowd *c = crowd_start(0, 1, take_and_add, w);

	UNTIL(atomic_load(&w->tslots[1].state) == STATE_GATED &&
	    atomic_load(&w->gil.holder) == 0);
	gate_pause(&w->gate, false);
	crowd_join(c);
	ck_assert_int_eq(cell_value(&w->cell, w->tslots, SLOTS), 1);
}
END_TEST

START_TEST(and_a_wait_for_a_switch)
{
	struct world *w = world_new(NONE, 0, NEVER);

	sum_switch(&w->sum, MUTEX);

	struct crowd *c = crowd_start(0, 1, take_and_add, w);

	UNTIL(
	    atomic_load(&w->gil.last) != 0 && atomic_load(&w->gil.holder) == 0);
	ck_assert(sum_switched(&w->sum, w->tslots, SLOTS));
	crowd_join(c);
	ck_assert_int_eq(cell_value(&w->cell, w->tslots, SLOTS), 1);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("sum_gil");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, a_window_that_sleeps_gives_it_up);
	tcase_add_test(t, and_is_not_counted_if_no_thread_takes_it);
	tcase_add_test(t, without_a_window_nothing_is_lost);
	tcase_add_test(t, a_window_that_computes_hands_it_over_if_requested);
	tcase_add_test(t, a_wait_for_the_lock_gives_it_up);
	tcase_add_test(t, so_does_a_wait_at_the_gate);
	tcase_add_test(t, and_a_wait_for_a_switch);
	return suite_run("sum_gil", cases);
}
