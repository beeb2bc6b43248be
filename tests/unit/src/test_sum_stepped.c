/* test_sum_stepped: adds step by step, under every kind of lock. */
#include <pthread.h>
#include <string.h>

#include "crowd.h"
#include "slot/ledger.h"
#include "suite.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

#define THREADS 2
#define LONGEST 64

struct lane {
	struct adder adder;
	pthread_t thread;
	uint64_t times;
	_Atomic bool over;
};

static struct world {
	struct gate gate;
	struct sum_control sum;
	struct trace_control tracing;
	struct cell cell;
	struct thread_slot
	    tslots[THREADS]; /* in one array, as the locks want it */
	struct lane lanes[THREADS];
} w;

/* What a thread stands before, a letter each. */
static const char letters[POINT_COUNT] = {
    [POINT_LOAD] = 'l',
    [POINT_ADD] = 'a',
    [POINT_STORE] = 's',
    [POINT_FETCH_ADD] = 'f',
    [POINT_SWAP] = 'c',
    [POINT_LOCK] = 'L',
    [POINT_UNLOCK] = 'U',
    [POINT_TAKE] = 'T',
    [POINT_GIVE] = 'G',
    [POINT_WAIT] = 'w',
};

static void *
add(void *arg)
{
	struct lane *l = arg;

	sum_add(&l->adder, 1, l->times);
	atomic_store(&l->over, true);
	return NULL;
}

static void
settle(unsigned i)
{
	UNTIL(atomic_load(&w.tslots[i].stand) == STAND_HERE ||
	    atomic_load(&w.lanes[i].over));
}

static void
start(unsigned kind, unsigned threads, uint64_t times)
{
	const char *call;

	gate_init(&w.gate);
	gate_set_stepped(&w.gate, NULL, 0, true);
	ck_assert_int_eq(cell_init(&w.cell), 0);
	ck_assert_int_eq(lock_prepare(kind, &call), 0);
	atomic_store(&w.sum.kind, kind);
	atomic_store(&w.sum.window, 10 * NSEC_PER_SEC); /* takes no time */
	w.sum.wanted = kind;
	for (unsigned i = 0; i < threads; i++) {
		struct lane *l = &w.lanes[i];

		w.tslots[i].id = i + 1;
		w.tslots[i].control = &w.tracing;
		l->times = times;
		l->adder = (struct adder){.cell = &w.cell,
		    .control = &w.sum,
		    .gate = &w.gate,
		    .tslot = &w.tslots[i]};
		MUST(pthread_create(&l->thread, NULL, add, l) == 0);
		settle(i);
	}
}

static void
join(unsigned threads)
{
	for (unsigned i = 0; i < threads; i++) {
		UNTIL(atomic_load(&w.lanes[i].over));
		pthread_join(w.lanes[i].thread, NULL);
	}
}

/* Let one go; all who wait for something look again. */
static void
step(unsigned i, unsigned threads)
{
	ck_assert_uint_eq(atomic_load(&w.tslots[i].blocked), 0);
	ck_assert(gate_grant(&w.tslots[i]));
	settle(i);
	for (unsigned k = 0; k < threads; k++)
		if (atomic_load(&w.tslots[k].asks) != 0 &&
		    gate_nudge(&w.tslots[k]))
			settle(k);
}

static char
stands_before(unsigned i)
{
	return letters[atomic_load(&w.tslots[i].point)];
}

/* Two adds of one thread alone. */
static const struct {
	const char *kind, *points;
} alone[] = {
    {"none", "laslas"},
    {"mutex", "LlasULlasU"},
    {"spin", "LlasULlasU"},
    {"semaphore", "TlasGTlasG"},
    {"atomic", "ff"},
    {"unshared", "LlasULlasU"},
    {"ticket", "LlasULlasU"},
    {"cas", "laclac"},
    {"file", "LlasULlasU"},
    {"partial", "laslas"},
    {"owner", "ff"},
};

START_TEST(every_operation_is_a_point)
{
	char points[LONGEST] = "";
	struct thread_slot *r = &w.tslots[0];

	start((unsigned)lock_find(alone[_i].kind), 1, 2);
	for (size_t n = 0; !atomic_load(&w.lanes[0].over); n++) {
		ck_assert_uint_lt(n, LONGEST - 1);
		points[n] = stands_before(0);
		if (points[n] == 's' || points[n] == 'c')
			ck_assert_int_eq(atomic_load(&r->value),
			    cell_value(&w.cell, w.tslots, THREADS) + 1);
		/* Nothing is in doubt while it stands. */
		ck_assert(!ledger_pending(r));
		step(0, 1);
	}
	ck_assert_str_eq(points, alone[_i].points);
	ck_assert_int_eq(cell_value(&w.cell, w.tslots, THREADS), 2);
	join(1);
}
END_TEST

/* Two threads, an add each: who goes, and what comes of it. */
static const struct {
	const char *kind, *order;
	int64_t sum;
} together[] = {
    {"none", "000111", 2},
    {"none", "011100", 1},
    {"none", "001110", 1},
    {"none", "010101", 1},
    {"none", "111000", 2},
    {"atomic", "01", 2},
    {"atomic", "10", 2},
    {"cas", "000111", 2},
    {"cas", "00111000", 2}, /* 0 has it in vain once: add and swap again */
    {"cas", "01010111", 2},
    {"partial", "010101", 2},
    {"owner", "01", 2},
    {"mutex", "0000011111", 2},
    {"semaphore", "1111100000", 2},
    {"file", "0000011111", 2},
};

START_TEST(an_order_has_its_outcome)
{
	const char *order = together[_i].order;

	start((unsigned)lock_find(together[_i].kind), 2, 1);
	for (size_t i = 0; order[i] != '\0'; i++)
		step((unsigned)(order[i] - '0'), 2);
	join(2);
	ck_assert_int_eq(
	    cell_value(&w.cell, w.tslots, THREADS), together[_i].sum);
	struct ledger l = ledger_read(&w.tslots[0]);
	struct ledger other = ledger_read(&w.tslots[1]);
	ledger_add(&l, &other);
	ck_assert_int_eq(l.expected, 2);
	ck_assert_int_eq(l.lost, 2 - together[_i].sum);
}
END_TEST

/* While one has the lock the other is blocked, and knows because of whom. */
START_TEST(a_lock_that_is_held_blocks)
{
	const char *kind = alone[_i].kind;
	struct thread_slot *r = &w.tslots[1];

	if (strchr(alone[_i].points, 'L') == NULL &&
	    strchr(alone[_i].points, 'T') == NULL)
		return;
	start((unsigned)lock_find(kind), 2, 1);
	ck_assert_uint_eq(atomic_load(&r->blocked), 0);
	step(0, 2);
	for (unsigned i = 0; i < 4; i++) {
		ck_assert_uint_eq(atomic_load(&r->blocked), 1);
		ck_assert_uint_eq(atomic_load(&r->state), STATE_WAIT_LOCK);
		ck_assert_uint_eq(atomic_load(&r->owner), 1);
		step(0, 2);
	}
	ck_assert_uint_eq(atomic_load(&r->blocked), 0);
	ck_assert_uint_eq(atomic_load(&r->owner), 0);
	for (unsigned i = 0; i < 5; i++)
		step(1, 2);
	join(2);
	ck_assert_int_eq(cell_value(&w.cell, w.tslots, THREADS), 2);
}
END_TEST

/* Released at its first point while the kind is switched, it backs out. */
START_TEST(a_switch_waits_for_the_add_in_progress)
{
	unsigned none = (unsigned)lock_find("none");
	unsigned mutex = (unsigned)lock_find("mutex");

	start(none, 2, 1);
	step(0, 2); /* loaded: it is inside */
	sum_switch(&w.sum, mutex);
	ck_assert(gate_release(&w.tslots[1]));
	UNTIL(stands_before(1) == 'w' &&
	    atomic_load(&w.tslots[1].stand) == STAND_HERE);
	ck_assert_uint_eq(atomic_load(&w.tslots[1].blocked), 1);
	ck_assert(!sum_switched(&w.sum, w.tslots, THREADS));
	step(0, 2);
	step(0, 2);
	UNTIL(sum_switched(&w.sum, w.tslots, THREADS));
	ck_assert(gate_nudge(&w.tslots[1]));
	settle(1);
	step(1, 2);
	ck_assert_int_eq(stands_before(1), 'L');
	for (unsigned i = 0; i < 5; i++)
		step(1, 2);
	join(2);
	ck_assert_int_eq(word_value(atomic_load(&w.cell.word)), 2);
}
END_TEST

/* Gates that open in the middle of an add let it go to its end. */
START_TEST(open_gates_end_an_add)
{
	start((unsigned)lock_find(alone[_i].kind), 2, 3);
	step(0, 2);
	atomic_store(&w.sum.window, 0);
	gate_set_stepped(&w.gate, w.tslots, THREADS, false);
	join(2);
	struct ledger l = ledger_read(&w.tslots[0]);
	struct ledger other = ledger_read(&w.tslots[1]);
	ledger_add(&l, &other);
	ck_assert_uint_eq(l.adds, 6);
	ck_assert_int_eq(
	    cell_value(&w.cell, w.tslots, THREADS) + l.lost, l.expected);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("stepped");
	TCase *const cases[] = {t, NULL};
	int kinds = sizeof alone / sizeof alone[0];
	int orders = sizeof together / sizeof together[0];

	tcase_add_loop_test(t, every_operation_is_a_point, 0, kinds);
	tcase_add_loop_test(t, an_order_has_its_outcome, 0, orders);
	tcase_add_loop_test(t, a_lock_that_is_held_blocks, 0, kinds);
	tcase_add_test(t, a_switch_waits_for_the_add_in_progress);
	tcase_add_loop_test(t, open_gates_end_an_add, 0, kinds);
	return suite_run("sum stepped", cases);
}
