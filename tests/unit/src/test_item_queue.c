/* test_item_queue: order, bounds, the books, and what is left of them by a
 * kill. */
#include "run/item_queue.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crowd.h"
#include "suite.h"

#define SLOTS 4
#define MANY  200000
#define KILLS 150
#define LONG  (3600 * NSEC_PER_SEC) /* only a wake-up ends such a wait */

static struct arena arena;
static struct item_queue *q;
static int bell;

static void
setup(void)
{
	bell = eventfd(0, EFD_NONBLOCK);
	MUST(arena_open(&arena, item_queue_size(SLOTS)) == 0);
	q = item_queue_new(&arena, SLOTS, bell);
	MUST(q != NULL);
}

/* For the supervisor's calls, which give up while others have the mutex. */
static struct item_queue_stats
stats(void)
{
	struct item_queue_stats s;

	UNTIL(item_queue_read_stats(q, &s) == 0);
	return s;
}

static void
check_books(void)
{
	struct item_queue_stats s = stats();

	ck_assert_uint_eq(s.put, s.done + s.queued + s.in_flight + s.poisoned);
}

/* Put k items with n = 1, 2, ... as far as they fit. */
static int
put(unsigned k)
{
	struct item_queue_put *what = calloc(k, sizeof *what);
	int done;

	for (unsigned i = 0; i < k; i++)
		what[i] = (struct item_queue_put){.n = i + 1, .cookie = 2 * i};
	UNTIL((done = item_queue_put(q, what, k)) >= 0);
	free(what);
	return done;
}

static uint32_t
number(uint32_t index)
{
	return q->items[index].number;
}

/* Get one item; its number. */
static uint32_t
get_one(unsigned slot, uint32_t *index)
{
	ck_assert_int_eq(item_queue_get(q, slot, 1, index, 1), 1);
	return number(*index);
}

static void
ignore(void *arg, const struct item *i, enum item_queue_fate fate)
{
	(void)arg, (void)i, (void)fate;
}

static int
recover(unsigned slot, bool killed)
{
	int k;

	UNTIL((k = item_queue_recover(q, slot, killed, ignore, NULL)) >= 0);
	return k;
}

static bool
bell_rang(void)
{
	uint64_t n = 0;
	ssize_t got = read(bell, &n, sizeof n);

	ck_assert(got < 0 || n == 1);
	return got > 0;
}

START_TEST(first_in_first_out)
{
	uint32_t index;

	ck_assert_int_eq(put(10), 10);
	for (uint32_t i = 1; i <= 10; i++) {
		ck_assert_uint_eq(get_one(1, &index), i);
		ck_assert_uint_eq(q->items[index].n, i);
		ck_assert_uint_eq(q->items[index].cookie, 2 * (i - 1));
		ck_assert_uint_eq(stats().in_flight, 1);
		ck_assert(item_queue_done(q, 1, &index, 1));
	}
	ck_assert_int_eq(item_queue_get(q, 1, 1, &index, 1), 0);
	ck_assert_uint_eq(stats().done, 10);
	check_books();
}
END_TEST

START_TEST(it_is_bounded)
{
	static uint32_t index[ITEM_QUEUE_BATCH];

	ck_assert_int_eq(put(ITEM_QUEUE_CAPACITY + 1), ITEM_QUEUE_CAPACITY);
	ck_assert_int_eq(put(1), 0);
	ck_assert_uint_eq(stats().queued, ITEM_QUEUE_CAPACITY);
	ck_assert_int_eq(
	    item_queue_get(q, 1, 1, index, ITEM_QUEUE_BATCH), 1024);
	ck_assert_int_eq(put(2000), 1024);
	check_books();
}
END_TEST

START_TEST(a_batch_is_a_fair_share)
{
	static uint32_t index[ITEM_QUEUE_BATCH];

	put(100);
	ck_assert_int_eq(item_queue_get(q, 1, 2, index, 1000), 25);
	ck_assert_int_eq(item_queue_get(q, 1, 2, index, 5), 5);
	ck_assert_int_eq(item_queue_get(q, 1, 0, index, 1000), 35);
	ck_assert_int_eq(item_queue_get(q, 1, 100, index, 1000), 1);
	check_books();
}
END_TEST

START_TEST(sentinels_come_after_the_items)
{
	uint32_t index;

	put(1);
	ck_assert_int_eq(item_queue_sentinels(q, 2), 0);
	ck_assert_uint_eq(get_one(1, &index), 1);
	ck_assert_int_eq(item_queue_get(q, 2, 1, &index, 1), -EPIPE);
	ck_assert_int_eq(item_queue_get(q, 3, 1, &index, 1), -EPIPE);
	ck_assert_int_eq(item_queue_get(q, 3, 1, &index, 1), 0);
}
END_TEST

START_TEST(done_is_done_once_and_by_its_owner)
{
	uint32_t index;

	put(2);
	get_one(1, &index);
	ck_assert(!item_queue_done(q, 2, &index, 1));
	ck_assert_uint_eq(stats().done, 0);
	ck_assert(item_queue_done(q, 1, &index, 1));
	ck_assert(!item_queue_done(q, 1, &index, 1));
	ck_assert_uint_eq(stats().done, 1);
	ck_assert_uint_eq(stats().in_flight, 0);
	check_books();
}
END_TEST

/* Go once nearly round the items, so that free ones lie around the end. */
static void
move_cursor_near_the_end(void)
{
	uint32_t index;

	while (q->cursor != q->ring_mask - 1) {
		put(1);
		get_one(1, &index);
		ck_assert(item_queue_done(q, 1, &index, 1));
	}
}

START_TEST(recover_requeues_in_order)
{
	uint32_t index, first;

	if (_i > 0)
		move_cursor_near_the_end();
	put(8);
	first = get_one(1, &index);
	get_one(2, &index);
	get_one(1, &index);
	get_one(1, &index);
	get_one(2, &index);
	get_one(1, &index);
	ck_assert_int_eq(recover(2, true), 2);
	ck_assert_int_eq(recover(1, true), 4);
	ck_assert_int_eq(recover(1, true), 0);
	check_books();
	ck_assert_uint_eq(stats().requeued, 6);
	for (uint32_t i = 0; i < 8; i++)
		ck_assert_uint_eq(get_one(3, &index), first + i);
}
END_TEST

/* How often each fate befell. */
struct fates {
	unsigned requeued, poisoned;
	uint32_t number;
};

static void
count_fate(void *arg, const struct item *i, enum item_queue_fate fate)
{
	struct fates *f = arg;

	f->number = i->number;
	fate == FATE_POISONED ? f->poisoned++ : f->requeued++;
}

/* Take the first item, begin it or not, and die. */
static struct fates
die_with_one(bool begun, bool killed)
{
	struct fates f = {0};
	uint32_t index;

	get_one(1, &index);
	atomic_store(&q->items[index].begun, begun);
	ck_assert_int_eq(item_queue_recover(q, 1, killed, count_fate, &f), 1);
	return f;
}

START_TEST(the_third_kill_is_poison)
{
	uint32_t index;

	put(2);
	for (int i = 0; i < 5; i++) {
		ck_assert_uint_eq(die_with_one(false, true).requeued, 1);
		ck_assert_uint_eq(die_with_one(true, false).requeued, 1);
	}
	for (int i = 1; i < ITEM_QUEUE_MAX_KILLS; i++)
		ck_assert_uint_eq(die_with_one(true, true).requeued, 1);
	struct fates f = die_with_one(true, true);
	ck_assert_uint_eq(f.poisoned, 1);
	ck_assert_uint_eq(f.number, 1);
	ck_assert_uint_eq(stats().poisoned, 1);
	check_books();
	ck_assert_uint_eq(get_one(1, &index), 2);
	ck_assert(item_queue_done(q, 1, &index, 1));
	ck_assert(item_queue_want_joined(q));
}
END_TEST

START_TEST(a_suspect_comes_alone)
{
	static uint32_t index[ITEM_QUEUE_BATCH];

	put(20);
	get_one(1, &index[0]);
	get_one(1, &index[1]);
	atomic_store(&q->items[index[1]].begun, 1);
	recover(1, true); /* item 2 is suspect now, item 1 is not */
	ck_assert_int_eq(item_queue_get(q, 1, 1, index, 100), 1);
	ck_assert_uint_eq(number(index[0]), 1);
	ck_assert_int_eq(item_queue_get(q, 1, 1, index, 100), 1);
	ck_assert_uint_eq(number(index[0]), 2);
	ck_assert_int_gt(item_queue_get(q, 1, 1, index, 100), 1);
	ck_assert_uint_eq(number(index[0]), 3);
}
END_TEST

/* The stores of get and done, one by one, each the last of its worker. */
static void
die_at_step(void *arg)
{
	int step = *(int *)arg;
	struct item *item = &q->items[q->ring[q->head & q->ring_mask]];
	struct item *mine = NULL;

	for (uint32_t i = 0; i < q->nitems; i++)
		if (q->items[i].number == 1)
			mine = &q->items[i];
	pthread_mutex_lock(&q->mutex);
	if (step >= 1 && step <= 4)
		atomic_store(&item->word, ITEM_IN_FLIGHT | 1 << 8);
	if (step >= 2 && step <= 4)
		q->head++;
	if (step >= 3 && step <= 4)
		q->stats.queued--;
	if (step == 4)
		q->stats.in_flight++;
	if (step >= 5)
		atomic_store(&mine->word, ITEM_FREE);
	if (step >= 6)
		q->stats.in_flight--;
	if (step >= 7)
		q->stats.done++;
	kill(getpid(), SIGKILL);
}

/* Item 1 is in the hands of slot 1, items 2 to 5 are queued. */
START_TEST(a_dead_owner_leaves_books_that_can_be_had)
{
	uint32_t index, first = _i >= 5 ? 2 : 1;
	int step = _i;

	NEED_ROBUST();
	put(5);
	get_one(1, &index);
	pid_t pid = crowd_child(die_at_step, &step);
	siginfo_t info;
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED), 0);
	check_books();
	ck_assert_uint_eq(stats().put, 5);
	ck_assert_uint_eq(stats().done, _i >= 5 ? 1 : 0);
	recover(1, true);
	check_books();
	ck_assert_uint_eq(stats().in_flight, 0);
	for (uint32_t i = first; i <= 5; i++) {
		ck_assert_uint_eq(get_one(2, &index), i);
		ck_assert(item_queue_done(q, 2, &index, 1));
	}
	ck_assert(item_queue_want_joined(q));
	ck_assert_uint_eq(stats().done, 5);
}
END_TEST

START_TEST(the_bell_rings_once_when_joined)
{
	uint32_t index[3];

	put(3);
	for (int i = 0; i < 3; i++)
		get_one(1, &index[i]);
	ck_assert(item_queue_done(q, 1, &index[0], 1));
	ck_assert(!item_queue_want_joined(q));
	ck_assert(item_queue_done(q, 1, &index[1], 1));
	ck_assert(!bell_rang());
	ck_assert(item_queue_done(q, 1, &index[2], 1));
	ck_assert(bell_rang());
	put(1);
	get_one(1, &index[0]);
	ck_assert(item_queue_done(q, 1, &index[0], 1));
	ck_assert(!bell_rang()); /* nobody has asked again */
	ck_assert(item_queue_want_joined(q));
}
END_TEST

START_TEST(the_bell_rings_once_when_there_is_room)
{
	uint32_t index;

	put(ITEM_QUEUE_CAPACITY);
	ck_assert(!item_queue_want_room(q));
	for (int i = 0; i < ITEM_QUEUE_CAPACITY / 2; i++) {
		ck_assert(!bell_rang());
		get_one(1, &index);
		ck_assert(item_queue_done(q, 1, &index, 1));
	}
	ck_assert(bell_rang());
	get_one(1, &index);
	ck_assert(!bell_rang());
	ck_assert(item_queue_want_room(q));
}
END_TEST

START_TEST(recover_may_be_what_joins)
{
	uint32_t index;

	put(1);
	get_one(1, &index);
	q->items[index].kills = ITEM_QUEUE_MAX_KILLS - 1;
	atomic_store(&q->items[index].begun, 1);
	ck_assert(!item_queue_want_joined(q));
	recover(1, true);
	ck_assert(bell_rang());
}
END_TEST

static _Atomic unsigned *times; /* that item number i was done */

/* Such a wait is ended by a put, not by the clock. */
static int
get_or_wait(unsigned slot, uint32_t *index, unsigned max)
{
	int k = item_queue_get(q, slot, 3, index, max);

	if (k != 0)
		return k;
	uint32_t key = item_queue_prepare(q);
	if ((k = item_queue_get(q, slot, 3, index, max)) == 0)
		item_queue_wait(q, key, LONG);
	return k;
}

static void
work_through(void *arg, unsigned who)
{
	static _Thread_local uint32_t index[ITEM_QUEUE_BATCH];
	unsigned slot = who + 1;

	(void)arg;
	for (;;) {
		int k = get_or_wait(slot, index, ITEM_QUEUE_BATCH);

		if (k < 0)
			return;
		for (int i = 0; i < k; i++)
			atomic_fetch_add(&times[number(index[i])], 1);
		MUST(item_queue_done(q, slot, index, (unsigned)k));
	}
}

START_TEST(each_item_goes_to_one_worker_once)
{
	times = crowd_memory((MANY + 1) * sizeof *times);
	struct crowd *c = crowd_start(3, 1, work_through, NULL);

	for (unsigned n = 0; n < MANY;) {
		unsigned want = MANY - n < 300 ? MANY - n : 300;
		int k = put(want);
		n += (unsigned)k;
		check_books();
		if (k == 0)
			crowd_yield();
	}
	UNTIL(item_queue_want_joined(q));
	ck_assert_int_eq(item_queue_sentinels(q, 3), 0);
	ck_assert_uint_eq(crowd_join(c), 0);
	for (unsigned i = 1; i <= MANY; i++)
		ck_assert_uint_eq(atomic_load(&times[i]), 1);
	ck_assert_uint_eq(stats().done, MANY);
}
END_TEST

static void
work_for_ever(void *arg)
{
	uint32_t index[8];

	(void)arg;
	for (;;) {
		int k = item_queue_get(q, 1, 1, index, 8);
		if (k > 0)
			item_queue_done(q, 1, index, (unsigned)k);
	}
}

static void
wait_to_be_nudged(void *arg, unsigned who)
{
	_Atomic bool *away = arg;

	(void)who;
	while (!atomic_load(away)) {
		uint32_t key = item_queue_prepare(q);
		if (!atomic_load(away))
			item_queue_wait(q, key, LONG);
	}
}

START_TEST(a_nudge_wakes_every_getter)
{
	_Atomic bool *away = crowd_memory(sizeof *away);
	struct crowd *c = crowd_start(2, 2, wait_to_be_nudged, away);

	UNTIL(eventcount_sleepers(&q->waiting));
	atomic_store(away, true);
	item_queue_nudge(q);
	ck_assert_uint_eq(crowd_join(c), 0);
}
END_TEST

START_TEST(books_hold_after_random_kills)
{
	uint32_t index;

	NEED_ROBUST();
	for (unsigned i = 0; i < KILLS; i++) {
		put(100);
		uint64_t done = stats().done;
		pid_t pid = crowd_child(work_for_ever, NULL);

		UNTIL(q->stats.done > done + i % 90);
		crowd_kill(pid);
		check_books();
		recover(1, false);
		check_books();
		ck_assert_uint_eq(stats().in_flight, 0);
	}
	uint32_t last = 0;
	while (stats().queued > 0) {
		uint32_t n = get_one(2, &index);
		ck_assert_uint_gt(n, last);
		last = n;
		ck_assert(item_queue_done(q, 2, &index, 1));
	}
	ck_assert_uint_eq(stats().done, stats().put);
	ck_assert_uint_eq(stats().poisoned, 0);
}
END_TEST

static void
hold(void *arg)
{
	_Atomic bool *held = arg;

	pthread_mutex_lock(&q->mutex);
	atomic_store(held, true);
	for (;;)
		pause();
}

START_TEST(the_supervisor_does_not_wait_for_a_stopped_owner)
{
	_Atomic bool *held = crowd_memory(sizeof *held);
	pid_t pid = crowd_child(hold, held);
	struct item_queue_put what = {.n = 1};
	struct item_queue_stats s;

	UNTIL(atomic_load(held));
	ck_assert_int_eq(item_queue_put(q, &what, 1), -EAGAIN);
	ck_assert_int_eq(item_queue_sentinels(q, 1), -EAGAIN);
	ck_assert_int_eq(item_queue_read_stats(q, &s), -EAGAIN);
	ck_assert_int_eq(item_queue_recover(q, 1, true, ignore, NULL), -EAGAIN);
	ck_assert(!item_queue_want_joined(q));
	crowd_kill(pid);
	NEED_ROBUST();
	ck_assert_int_eq(item_queue_put(q, &what, 1), 1);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("item_queue");
	TCase *const cases[] = {t, NULL};

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, first_in_first_out);
	tcase_add_test(t, it_is_bounded);
	tcase_add_test(t, a_batch_is_a_fair_share);
	tcase_add_test(t, sentinels_come_after_the_items);
	tcase_add_test(t, done_is_done_once_and_by_its_owner);
	tcase_add_loop_test(t, recover_requeues_in_order, 0, 2);
	tcase_add_test(t, the_third_kill_is_poison);
	tcase_add_test(t, a_suspect_comes_alone);
	tcase_add_loop_test(t, a_dead_owner_leaves_books_that_can_be_had, 0, 8);
	tcase_add_test(t, the_bell_rings_once_when_joined);
	tcase_add_test(t, the_bell_rings_once_when_there_is_room);
	tcase_add_test(t, recover_may_be_what_joins);
	tcase_add_test(t, each_item_goes_to_one_worker_once);
	tcase_add_test(t, a_nudge_wakes_every_getter);
	tcase_add_test(t, books_hold_after_random_kills);
	tcase_add_test(t, the_supervisor_does_not_wait_for_a_stopped_owner);
	return suite_run("item_queue", cases);
}
