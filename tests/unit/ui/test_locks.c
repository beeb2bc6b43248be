/* test_locks: cycles in words, times in numbers, and the view of both. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "drawn.h"
#include "model/model_waits.h"
#include "suite.h"
#include "widgets/lock_latency.h"

#define MS 1000000ULL

static uint64_t now;

/* main is process 1 with tid 100; thread-i has tid 100 + i. */
static void
begin(bool program, unsigned threads)
{
	struct streamgen g = {0};
	char name[16];

	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	now = 1000000 * MS;
	model = model_new();
	streamgen_running(&g, 1, threads, program);
	streamgen_text(&g, TEXT_LOCK_LESSON, 1, "one at a time");
	streamgen_text(&g, TEXT_FLAW, 0, "no lock: a store is stored over");
	streamgen_text(&g, TEXT_FLAW, 2, "not shared between processes");
	streamgen_text(&g, TEXT_MUTEX, 3, "C");
	streamgen_text(&g, TEXT_PROC, 1, program ? "main" : "worker-1");
	for (unsigned i = 1; i <= threads; i++) {
		snprintf(name, sizeof name, "thread-%u", i);
		streamgen_text(&g, TEXT_THREAD, 1 << 16 | i, name);
	}
	apply_at(&g, now);
}

static void
say(unsigned index, struct frame_thread t)
{
	struct streamgen g = {0};
	struct frame *f = streamgen_add(&g, FRAME_THREAD);

	f->pid = 100;
	f->tid = 100 + (int32_t)index;
	t.slot = 1;
	t.index = (uint16_t)index;
	f->thread = t;
	apply_at(&g, now);
}

static void
thread(unsigned index, unsigned state, unsigned object, int32_t owner,
    uint32_t since_us)
{
	say(index,
	    (struct frame_thread){.state = (uint8_t)state,
		.object = (uint8_t)object,
		.owner = owner,
		.since_us = since_us});
}

static void
wants(unsigned index, unsigned lock, unsigned owner)
{
	thread(index, STATE_WAIT_LOCK, lock, 100 + (int32_t)owner, 0);
}

static void
mutex(unsigned index, unsigned permits, int32_t holder)
{
	struct streamgen g = {0};

	streamgen_add(&g, FRAME_MUTEX)->mutex =
	    (struct frame_mutex){.index = (uint8_t)index,
		.permits = (uint8_t)permits,
		.holder = holder,
		.held_us = 1500000,
		.acquired = 4,
		.contended = 1,
		.waiters = 1};
	apply_at(&g, now);
}

/* What is said of the only cycle; "" if there is none that is certain. */
static const char *
deadlock(void)
{
	static char text[512];
	struct cycle c[4];
	unsigned n = waits_find(model, now, c, 4);

	text[0] = '\0';
	ck_assert_uint_le(n, 1);
	if (n == 1 && c[0].sure)
		waits_say(model, &c[0], text, sizeof text);
	return text;
}

static unsigned
cycles(void)
{
	struct cycle c[4];

	return waits_find(model, now, c, 4);
}

START_TEST(a_cycle_of_two)
{
	begin(true, 2);
	wants(1, 2, 2);
	ck_assert_uint_eq(cycles(), 0);
	wants(2, 1, 1);
	ck_assert_uint_eq(cycles(), 1);
	ck_assert_str_eq(deadlock(), "");
	now += CYCLE_SURE - 1;
	ck_assert_str_eq(deadlock(), "");
	now++;
	ck_assert_str_eq(deadlock(),
	    "thread-1 waits for B, held by thread-2; "
	    "thread-2 waits for A, held by thread-1");
	model_free(model);
}
END_TEST

START_TEST(a_cycle_of_three_is_told_once)
{
	begin(true, 4);
	wants(4, 1, 2); /* runs into it */
	wants(3, 1, 2);
	wants(2, 3, 1);
	wants(1, 2, 3);
	now += CYCLE_SURE;
	ck_assert_str_eq(deadlock(),
	    "thread-1 waits for B, held by thread-3; "
	    "thread-3 waits for A, held by thread-2; "
	    "thread-2 waits for C, held by thread-1");
	model_free(model);
}
END_TEST

/* Named whole as far as there is room, and found at once. */
START_TEST(a_cycle_of_very_many)
{
	begin(true, CYCLE_MAX + 1);
	for (unsigned i = 1; i < CYCLE_MAX; i++)
		wants(i, 1, i + 1);
	wants(CYCLE_MAX, 1, 1);
	wants(CYCLE_MAX + 1, 1, 7);
	now += CYCLE_SURE;
	const char *text = deadlock();
	ck_assert_int_eq(strncmp(text,
			     "thread-1 waits for A, held by thread-2; "
			     "thread-2 waits for A, held by thread-3; ",
			     80),
	    0);
	ck_assert_str_eq(text + strlen(text) - 3, "...");
	model_free(model);
}
END_TEST

START_TEST(one_that_waits_for_itself)
{
	begin(true, 1);
	wants(1, 1, 1);
	now += CYCLE_SURE;
	ck_assert_str_eq(deadlock(), "thread-1 waits for A, held by thread-1");
	model_free(model);
}
END_TEST

START_TEST(a_join_may_close_a_cycle)
{
	begin(true, 1);
	thread(0, STATE_WAIT_THREAD, 0, 101, 0);
	wants(1, 1, 0);
	now += CYCLE_SURE;
	ck_assert_str_eq(deadlock(),
	    "main is joining thread-1; thread-1 waits for A, held by main");
	thread(0, STATE_RUNNING, 0, 0, 0);
	ck_assert_uint_eq(cycles(), 0);
	model_free(model);
}
END_TEST

START_TEST(a_chain_is_no_cycle)
{
	begin(true, 3);
	wants(1, 1, 2);
	wants(2, 2, 3);
	thread(3, STATE_SLEEPING, 0, 0, 0);
	thread(0, STATE_WAIT_THREAD, 0, 101, 0);
	now += CYCLE_SURE;
	ck_assert_uint_eq(cycles(), 0);
	wants(3, 3, 77); /* nobody knows that one */
	ck_assert_uint_eq(cycles(), 0);
	model_free(model);
}
END_TEST

START_TEST(a_wait_that_ends_by_itself_closes_none)
{
	begin(true, 2);
	wants(1, 2, 2);
	say(2,
	    (struct frame_thread){.state = STATE_WAIT_LOCK,
		.timed = true,
		.object = 1,
		.owner = 101});
	now += CYCLE_SURE;
	ck_assert_uint_eq(cycles(), 0);
	ck_assert_uint_eq(
	    model->slot[1]->threads[2].now.state, STATE_WAIT_LOCK);
	wants(2, 1, 1); /* it tries again, for ever */
	now += CYCLE_SURE;
	ck_assert_str_ne(deadlock(), "");
	model_free(model);
}
END_TEST

/* Each look finds a cycle, but never the same waits. */
START_TEST(what_goes_on_is_no_deadlock)
{
	begin(true, 2);
	for (unsigned i = 0; i < 10; i++) {
		wants(1, 2, 2);
		wants(2, 1, 1);
		ck_assert_str_eq(deadlock(), "");
		now += CYCLE_SURE - MS;
		ck_assert_str_eq(deadlock(), "");
	}
	/* The same ones, told again: their age says so. */
	for (unsigned i = 0; i < 3; i++) {
		now += CYCLE_SURE / 2;
		uint32_t us =
		    (uint32_t)((now - model->slot[1]->threads[1].since) / 1000);
		thread(1, STATE_WAIT_LOCK, 2, 102, us);
		thread(2, STATE_WAIT_LOCK, 1, 101, us);
	}
	ck_assert_str_ne(deadlock(), "");
	model_free(model);
}
END_TEST

START_TEST(another_permit_may_come_back)
{
	begin(true, 2);
	mutex(1, 2, 101);
	mutex(2, 0, 102);
	wants(1, 2, 2);
	wants(2, 1, 1);
	now += CYCLE_SURE;
	ck_assert_uint_eq(cycles(), 0);
	mutex(1, 1, 101);
	ck_assert_str_ne(deadlock(), "");
	mutex(2, 0, 101); /* not its any more */
	ck_assert_uint_eq(cycles(), 0);
	model_free(model);
}
END_TEST

START_TEST(words_are_cut_where_there_is_no_room)
{
	struct cycle c;
	char text[32];

	begin(true, 2);
	wants(1, 2, 2);
	wants(2, 1, 1);
	ck_assert_uint_eq(waits_find(model, now, &c, 1), 1);
	waits_say(model, &c, text, sizeof text);
	ck_assert_str_eq(text, "thread-1 waits for B, held b...");
	model_free(model);
}
END_TEST

/* ---- orders ---- */

static void
order(unsigned held, unsigned taken, int32_t tid, unsigned guard)
{
	struct streamgen g = {0};
	struct frame *f = streamgen_add(&g, FRAME_LOCK_ORDER);

	f->tid = tid;
	f->order = (struct frame_lock_order){.held = (uint16_t)held,
	    .taken = (uint16_t)taken,
	    .guards = {(uint8_t)guard},
	    .times = 1};
	apply_at(&g, now);
}

/* Of all orders together; "" if there is none that may deadlock. */
static const char *
may_deadlock(void)
{
	static char text[256];
	unsigned path[CYCLE_MAX], found = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < model->norders; i++) {
		unsigned n = waits_order(model, i, path);

		if (n == 0)
			continue;
		ck_assert_uint_eq(found++, 0);
		waits_say_order(model, path, n, text, sizeof text);
	}
	return text;
}

START_TEST(both_orders_may_deadlock)
{
	begin(true, 2);
	thread(1, STATE_RUNNING, 0, 0, 0);
	order(2, 1, 102, 0);
	ck_assert_str_eq(may_deadlock(), "");
	order(1, 2, 101, 0);
	ck_assert_str_eq(may_deadlock(),
	    "A -> B by thread-1, B -> A by thread 102: may deadlock");
	model_free(model);
}
END_TEST

START_TEST(orders_of_three_and_no_more_than_there_are)
{
	begin(true, 3);
	order(1, 1, 101, 0);
	order(1, 2, 101, 0);
	order(2, 3, 102, 0);
	order(1, 3, 102, 0);
	ck_assert_str_eq(may_deadlock(), "");
	order(3, 1, 103, 0);
	/* The shortest cycle that each order is the first of. */
	unsigned path[CYCLE_MAX];
	ck_assert_uint_eq(waits_order(model, 1, path), 3);
	ck_assert_uint_eq(waits_order(model, 2, path), 0);
	ck_assert_uint_eq(waits_order(model, 3, path), 2);
	model_free(model);
}
END_TEST

START_TEST(a_guard_lets_no_two_meet)
{
	begin(true, 2);
	order(1, 2, 101, 3);
	order(2, 1, 102, 3);
	mutex(3, 0, 0);
	ck_assert_str_eq(may_deadlock(), "");
	mutex(3, 1, 0);
	ck_assert_str_eq(may_deadlock(), "");
	mutex(3, 2, 0); /* two permits let two in */
	ck_assert_str_ne(may_deadlock(), "");
	order(2, 1, 102, 4); /* another guard is none */
	mutex(3, 0, 0);
	ck_assert_str_ne(may_deadlock(), "");
	model_free(model);
}
END_TEST

/* ---- times ---- */

START_TEST(quantiles_lie_in_their_bucket)
{
	uint64_t n[TIMES_BUCKETS] = {0};

	ck_assert_uint_eq(lock_latency_quantile(n, 0.5), 0);
	n[3] = 98;
	n[13] = 2;
	ck_assert_uint_eq(lock_latency_count(n), 100);
	ck_assert_uint_ge(lock_latency_quantile(n, 0.5), 1024);
	ck_assert_uint_lt(lock_latency_quantile(n, 0.5), 2048);
	ck_assert_uint_ge(lock_latency_quantile(n, 0.99), 1 << 20);
	ck_assert_uint_le(lock_latency_quantile(n, 0.99), 2 << 20);
	ck_assert_uint_ge(lock_latency_quantile(n, 0), 1024);
	n[TIMES_BUCKETS - 1] = 1000;
	ck_assert_uint_eq(lock_latency_quantile(n, 0.99), 128ULL << 23);
	n[0] = UINT64_MAX;
	ck_assert_uint_eq(lock_latency_count(n), UINT64_MAX);
	ck_assert_uint_le(lock_latency_quantile(n, 0.5), 256);
}
END_TEST

/* ---- the view ---- */

static void
draw_locks(int rows, int cols)
{
	show.screen.view = &view_locks;
	show.screen.now = now;
	draw(rows, cols);
}

static void
times(unsigned lock, bool hold, unsigned bucket, uint64_t n)
{
	struct streamgen g = {0};
	struct frame_latency *t = &streamgen_add(&g, FRAME_LATENCY)->times;

	t->lock = (uint16_t)lock;
	t->hold = hold;
	t->bucket = (uint8_t)(bucket / TIMES_A_FRAME * TIMES_A_FRAME);
	t->n[bucket % TIMES_A_FRAME] = n;
	apply_at(&g, now);
}

static void
begin_deadlock(void)
{
	begin(true, 3);
	mutex(1, 0, 101);
	mutex(2, 0, 102);
	thread(3, STATE_WAIT_LOCK, 1, 101, 0);
	now += 5 * MS;
	thread(2, STATE_WAIT_LOCK, 1, 101, 0);
	wants(1, 2, 2);
	thread(0, STATE_WAIT_THREAD, 0, 101, 0);
	order(1, 2, 101, 0);
	order(2, 1, 102, 0);
	times(1, false, 13, 7);
	times(1, true, 3, 9);
	now += 100 * MS;
}

START_TEST(a_deadlock_at_80_by_24)
{
	begin_deadlock();
	draw_locks(24, 80);
	ck_assert(seen("DEADLOCK thread-1 waits for B, held by thread-2; "
		       "thread-2 waits for A, held by"));
	ck_assert(seen("lock       kind      held by                waiting"));
	ck_assert(seen("A          mutex     thread-1 1.5 s               1"));
	ck_assert(!seen("sum        "));
	ck_assert(seen("25 %"));
	/* In the order of coming. */
	ck_assert(seen("waiting 2 in order"));
	ck_assert(seen("1 thread-3 105 ms"));
	ck_assert(seen("2 thread-2 100 ms"));
	ck_assert_int_lt(row_of("1 thread-3"), row_of("2 thread-2"));
	ck_assert(seen("waits 7"));
	ck_assert(seen("holds 9 sampled"));
	ck_assert(seen("median 1.6 ms p99 2.1 ms"));
	act(ACTION_DOWN);
	draw_locks(24, 80);
	ck_assert(seen("waiting 1"));
	ck_assert(seen("1 thread-1 100 ms"));
	ck_assert(seen("waits 0"));
	ck_assert(seen("thread-1 -> B (thread-2) -> A (thread-1)  DEADLOCK"));
	ck_assert(seen("main -> end (thread-1: deadlocked)"));
	ck_assert(seen("thread-3 -> A (thread-1: deadlocked)"));
	ck_assert(seen(
	    "order: A -> B by thread-1, B -> A by thread-2: may deadlock"));
	done();
}
END_TEST

START_TEST(the_list_alone_at_40_by_10)
{
	begin_deadlock();
	draw_locks(10, 40);
	ck_assert(seen("DEADLOCK thread-1 waits for B"));
	ck_assert(seen("A        thread-1 1.5 s"));
	ck_assert(seen("B        thread-2 1.5 s"));
	ck_assert(!seen("longest"));
	act(ACTION_DOWN);
	act(ACTION_OPEN);
	draw_locks(10, 40);
	ck_assert(!seen("A        thread-1"));
	ck_assert(seen("held by thread-2 1.5 s; taken: 4"));
	act(ACTION_PAGE_DOWN);
	draw_locks(10, 40);
	ck_assert(seen("1 thread-1"));
	act(ACTION_BACK);
	draw_locks(10, 40);
	ck_assert(seen("A        thread-1 1.5 s"));
	ck_assert_int_eq(show.screen.lock, 2);
	ck_assert_int_eq(act(ACTION_BACK), DO_NOT_MINE);
	done();
}
END_TEST

START_TEST(a_chain_of_a_program)
{
	begin(true, 3);
	mutex(1, 0, 102);
	wants(1, 1, 2);
	wants(3, 1, 2);
	thread(2, STATE_SLEEPING, 0, 0, 0);
	now += 1000 * MS;
	draw_locks(24, 80);
	ck_assert(!seen("DEADLOCK"));
	ck_assert(seen("thread-1 and 1 more -> A (thread-2: sleep)"));
	done();
}
END_TEST

static void
kind_in_force(unsigned kind)
{
	struct streamgen g = {0};
	struct frame_lock *l = &streamgen_add(&g, FRAME_LOCK)->lock;

	*l = (struct frame_lock){.kind = (uint16_t)kind,
	    .wanted = (uint16_t)kind,
	    .holder = 101,
	    .acquired = 1000,
	    .contended = 5,
	    .orphaned = 1};
	apply_at(&g, now);
}

START_TEST(a_kind_with_a_flaw_is_wrong)
{
	begin(false, 2);
	thread(1, STATE_RUNNING, 0, 0, 0);
	kind_in_force(1);
	draw_locks(24, 80);
	ck_assert(seen("lock ON mutex"));
	ck_assert(!seen("WRONG"));
	ck_assert(seen("worker-1/thread-1"));
	ck_assert(seen("<1 %"));
	ck_assert(seen("orphaned 1 time:"));
	kind_in_force(2);
	draw_locks(24, 80);
	ck_assert(seen("lock WRONG unshared"));
	ck_assert(seen("WRONG: not shared between processes"));
	kind_in_force(0);
	draw_locks(24, 80);
	ck_assert(seen("lock OFF none"));
	ck_assert(seen("no lock: a store is stored over"));
	done();
}
END_TEST

/* More locks than there is room for: the selected one is on the screen. */
START_TEST(many_locks_at_every_size)
{
	static const int sizes[] = {
	    1, 2, 5, 9, 10, 13, 24, 40, 75, 80, 131, 200};
	const unsigned n = sizeof sizes / sizeof sizes[0];

	begin_deadlock();
	for (unsigned i = 3; i <= FRAME_MAX_OBJECTS; i++)
		mutex(i, i % 2, 0);
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j < n; j++) {
			draw_locks(sizes[i], sizes[j]);
			act(ACTION_DOWN);
			act(ACTION_OPEN);
			draw_locks(sizes[i], sizes[j]);
			act(ACTION_LAST);
			draw_locks(sizes[i], sizes[j]);
			act(ACTION_BACK);
		}
	}
	draw_locks(24, 80);
	act(ACTION_FIRST);
	for (unsigned i = 0; i < FRAME_MAX_OBJECTS; i++)
		act(ACTION_DOWN);
	draw_locks(24, 80);
	ck_assert_int_eq(show.screen.lock, FRAME_MAX_OBJECTS);
	ck_assert(seen("lock 255   semaphore"));
	draw_locks(10, 40);
	for (unsigned i = 0; i < FRAME_MAX_OBJECTS - 20; i++)
		act(ACTION_UP);
	draw_locks(10, 40);
	ck_assert(seen("lock 20 "));
	for (unsigned i = 0; i < 20; i++) {
		act(ACTION_DOWN);
		draw_locks(10, 40);
	}
	ck_assert(seen("lock 40 "));
	done();
}
END_TEST

int
main(void)
{
	TCase *cycle = tcase_create("cycles"), *orders = tcase_create("orders");
	TCase *view = tcase_create("view");
	TCase *const cases[] = {cycle, orders, view, NULL};

	tcase_add_test(cycle, a_cycle_of_two);
	tcase_add_test(cycle, a_cycle_of_three_is_told_once);
	tcase_add_test(cycle, a_cycle_of_very_many);
	tcase_add_test(cycle, one_that_waits_for_itself);
	tcase_add_test(cycle, a_join_may_close_a_cycle);
	tcase_add_test(cycle, a_chain_is_no_cycle);
	tcase_add_test(cycle, a_wait_that_ends_by_itself_closes_none);
	tcase_add_test(cycle, what_goes_on_is_no_deadlock);
	tcase_add_test(cycle, another_permit_may_come_back);
	tcase_add_test(cycle, words_are_cut_where_there_is_no_room);
	tcase_add_test(orders, both_orders_may_deadlock);
	tcase_add_test(orders, orders_of_three_and_no_more_than_there_are);
	tcase_add_test(orders, a_guard_lets_no_two_meet);
	tcase_add_test(view, quantiles_lie_in_their_bucket);
	tcase_add_test(view, a_deadlock_at_80_by_24);
	tcase_add_test(view, the_list_alone_at_40_by_10);
	tcase_add_test(view, a_chain_of_a_program);
	tcase_add_test(view, a_kind_with_a_flaw_is_wrong);
	tcase_add_test(view, many_locks_at_every_size);
	return suite_run("locks", cases);
}
