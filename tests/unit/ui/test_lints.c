/* test_lints: each lint fires when it should, and else is silent. */
#include "model/lints.h"

#include <stdio.h>
#include <string.h>

#include "drawn.h"
#include "suite.h"

#define SEC 1000000000ULL

static uint64_t now;

/* Thread `index` of process `slot`, whose tid is 100 * slot + index. */
static void
thread(unsigned slot, unsigned index, enum frame_state state, unsigned object,
    int32_t owner)
{
	struct streamgen g = {0};
	struct frame *f = streamgen_add(&g, FRAME_THREAD);
	const struct model_thread *was =
	    model_thread_by_tid(model, (int32_t)(100 * slot + index), NULL);

	f->pid = (int32_t)(100 * slot);
	f->tid = f->pid + (int32_t)index;
	f->thread = (struct frame_thread){.slot = (uint16_t)slot,
	    .index = (uint16_t)index,
	    .state = (uint8_t)state,
	    .object = (uint8_t)object,
	    .owner = owner};
	if (was != NULL && was->now.state == state)
		f->thread.since_us = (uint32_t)((now - was->since) / 1000);
	apply_at(&g, now);
}

static void
process(unsigned slot, const char *name)
{
	struct streamgen g = {0};
	struct frame *f = streamgen_add(&g, FRAME_PROC);

	f->pid = f->tid = (int32_t)(100 * slot);
	f->proc = (struct frame_proc){
	    .slot = (uint16_t)slot, .serial = slot, .state = STATE_RUNNING};
	streamgen_text(&g, TEXT_PROC, slot, name);
	apply_at(&g, now);
}

static void
begin(bool program)
{
	struct streamgen g = {0};

	now = 1000 * SEC;
	model = model_new();
	streamgen_running(&g, 2, 2, program);
	streamgen_text(&g, TEXT_FLAW, 2, "each process has its own");
	streamgen_text(&g, TEXT_QUEUE, 1, "numbers");
	apply_at(&g, now);
	process(1, program ? "main" : "worker-1");
	process(2, "worker-2");
}

/* ---- what makes each hold, again and again, and what ends it ---- */

struct scene {
	enum lint lint;
	bool program;
	void (*hold)(void);
	void (*mend)(void);
	const char *words; /* in its sentence */
};

static void
all_run(void)
{
	for (unsigned slot = 1; slot <= 2; slot++)
		for (unsigned i = 0; i < 3; i++)
			thread(slot, i, STATE_READING, 0, 0);
}

static void
lose(void)
{
	model->sum.lost_updates += 3;
	model->sum.lost += 3;
}

static void
nothing(void)
{
}

static void
close_cycle(void)
{
	thread(1, 1, STATE_WAIT_LOCK, 2, 202);
	thread(2, 2, STATE_WAIT_LOCK, 1, 101);
}

static void
orders_both(void)
{
	struct streamgen g = {0};

	streamgen_add(&g, FRAME_LOCK_ORDER)->order =
	    (struct frame_lock_order){.held = 1, .taken = 2, .times = 1};
	streamgen_add(&g, FRAME_LOCK_ORDER)->order =
	    (struct frame_lock_order){.held = 2, .taken = 1, .times = 1};
	apply_at(&g, now);
}

static void
orders_none(void)
{
	model->norders = 0;
}

static void
all_wait(void)
{
	for (unsigned slot = 1; slot <= 2; slot++)
		for (unsigned i = 0; i < 3; i++)
			thread(slot, i, STATE_WAIT_QUEUE, 1, 0);
}

static void
getters_wait(void)
{
	all_wait();
	model->queue[1].known = true;
	model->queue[1].now = (struct frame_queue){
	    .index = 1, .put = 9, .got = 9, .getters = 2, .sentinels = 1};
	thread(1, 0, STATE_WAIT_PROCESS, 0, 0);
	thread(2, 0, STATE_WAIT_QUEUE, 1, 0);
}

static void
join_waits(void)
{
	all_wait();
	model->queue[1].known = true;
	model->queue[1].now = (struct frame_queue){
	    .index = 1, .put = 9, .got = 9, .done = 8, .joiners = 1};
	thread(1, 0, STATE_WAIT_JOIN, 1, 0);
	thread(2, 0, STATE_WAIT_QUEUE, 1, 0);
}

static void
orphan(void)
{
	model->mutex[2].now.orphaned++;
}

static void
lock_unshared(void)
{
	thread(1, 0, STATE_WAIT_POOL, 0, 0);
	thread(2, 0, STATE_WAIT_POOL, 0, 0);
	model->lock.kind = 2;
}

static void
lock_mutex(void)
{
	model->lock.kind = 1;
}

static void
hold_long(void)
{
	thread(1, 1, STATE_SLEEPING, 0, 0);
	model->mutex[1].now =
	    (struct frame_mutex){.index = 1, .holder = 101, .held_us = 700000};
}

static void
hold_short(void)
{
	model->mutex[1].now.held_us = 499999;
}

static void
line_up(void)
{
	for (unsigned i = 0; i < 3; i++) {
		thread(1, i, STATE_WAIT_LOCK, 0, 202);
		thread(2, i, STATE_SLEEPING, 0, 0);
	}
}

static void
starve(void)
{
	thread(1, 1, STATE_WAIT_LOCK, 1, 201);
	model->mutex[1].now.acquired += 5;
}

static void
idle_while_queued(void)
{
	model->item_queue.queued = 5;
	thread(1, 0, STATE_WAIT_QUEUE, 0, 0);
	thread(2, 0, STATE_WAIT_POOL, 0, 0);
}

static void
queue_empty(void)
{
	model->item_queue.queued = 0;
}

static void
full(void)
{
	model->queue[1].known = true;
	model->queue[1].now = (struct frame_queue){
	    .index = 1, .capacity = 4, .put = 9, .got = 5, .putters = 1};
	thread(1, 0, STATE_WAIT_PUT, 1, 0);
}

static void
crowd(void)
{
	model->lab.cpus = 2;
	for (unsigned i = 0; i < 3; i++)
		thread(1, i, STATE_RUNNING, 0, 0);
}

static void
drop(void)
{
	model->dropped += 10;
}

static const struct scene scenes[] = {
    {LINT_LOST, false, lose, nothing, "have been lost"},
    {LINT_DEADLOCK, true, close_cycle, all_run, "waits for B, held by"},
    {LINT_ORDER, true, orders_both, orders_none, "B while holding A"},
    {LINT_SENTINELS, true, getters_wait, all_run,
	"only 1 sentinel was put for 3 consumers"},
    {LINT_JOIN, true, join_waits, all_run, "1 item is not marked done"},
    {LINT_ORPHANED, true, orphan, nothing, "died holding lock B"},
    {LINT_UNSHARED, false, lock_unshared, lock_mutex, "each process has"},
    {LINT_HELD, true, hold_long, hold_short, "holds lock A for 700 ms"},
    {LINT_CONVOY, false, line_up, all_run, "3 of 6 threads"},
    {LINT_STARVING, true, starve, all_run, "waits for lock A"},
    {LINT_IDLE, false, idle_while_queued, queue_empty, "worker-1"},
    {LINT_PRODUCER, true, full, all_run, "4 of 4"},
    {LINT_CORES, false, crowd, all_run, "threads compute on 2"},
    {LINT_DROPPED, false, drop, nothing, "frames dropped"},
};

#define SCENES (sizeof scenes / sizeof scenes[0])

static bool
fires(enum lint i)
{
	return model->lints.row[i].fires;
}

/* What happened is told as of the last look, and looked at a little later. */
static void
look(void (*before)(void))
{
	before();
	now += LINT_PACE;
	lints_look(model, now);
}

/* Looks until the lint is as it should be; ns that it took. */
static uint64_t
look_until(const struct scene *s, void (*before)(void), bool fire)
{
	uint64_t start = now;

	while (fires(s->lint) != fire) {
		look(before);
		ck_assert_msg(now - start < 60 * SEC, "%s: still %s",
		    lint_kinds[s->lint].name, fire ? "silent" : "there");
	}
	return now - start;
}

START_TEST(each_lint_comes_and_goes_in_its_time)
{
	const struct scene *s = &scenes[_i];
	const struct lint_kind *k = &lint_kinds[s->lint];

	begin(s->program);
	all_run();
	for (unsigned i = 0; i < 20; i++)
		look(nothing);
	for (unsigned i = 0; i < LINT_COUNT; i++)
		ck_assert_msg(!fires((enum lint)i), "%s", lint_kinds[i].name);
	ck_assert_uint_ge(look_until(s, s->hold, true), k->on);
	ck_assert_ptr_nonnull(strstr(model->lints.row[s->lint].text, s->words));
	ck_assert_uint_eq(model->lints.row[s->lint].times, 1);
	for (unsigned i = 0; i < 50; i++)
		look(s->hold);
	ck_assert(fires(s->lint));
	ck_assert_uint_ge(look_until(s, s->mend, false), k->off);
	for (unsigned i = 0; i < 20; i++)
		look(nothing);
	ck_assert(!fires(s->lint));
	ck_assert_uint_eq(model->lints.row[s->lint].times, 1);
	model_free(model);
}
END_TEST

/* A condition that comes and goes faster than it is said. */
START_TEST(what_flickers_is_not_said)
{
	const struct scene *s = &scenes[_i];
	uint64_t on = lint_kinds[s->lint].on;

	begin(s->program);
	all_run();
	look(nothing);
	for (unsigned i = 0; on > LINT_PACE && i < 50; i++) {
		look(s->hold);
		ck_assert(!fires(s->lint));
		look(s->mend);
		ck_assert(!fires(s->lint));
	}
	model_free(model);
}
END_TEST

START_TEST(nothing_of_pace_is_said_while_held_up)
{
	const struct scene *s = &scenes[_i];

	for (int stepped = 0; stepped <= 1; stepped++) {
		begin(s->program);
		all_run();
		model->control.paused = !stepped;
		model->lab.scheduler =
		    stepped ? SCHEDULER_HAND : SCHEDULER_NONE;
		for (unsigned i = 0; i < 60; i++)
			look(s->hold);
		ck_assert_int_eq(fires(s->lint), !lint_kinds[s->lint].of_pace);
		model_free(model);
	}
}
END_TEST

START_TEST(a_run_that_is_over_stays_as_it_was)
{
	const struct scene *s = &scenes[_i];
	bool fired = _i % 2 == 0;

	begin(s->program);
	all_run();
	look(nothing);
	if (fired)
		look_until(s, s->hold, true);
	model->ended = true;
	model->sum.lost_updates = 7777;
	model->dropped = 7777;
	for (unsigned i = 0; i < 60; i++)
		look(fired ? nothing : s->hold);
	ck_assert_int_eq(fires(s->lint), fired);
	if (fired && (s->lint == LINT_LOST || s->lint == LINT_DROPPED))
		ck_assert_ptr_nonnull(
		    strstr(model->lints.row[s->lint].text, "7 777"));
	model_free(model);
}
END_TEST

/* ---- what is near to it and is not ---- */

static void
never(enum lint lint, void (*hold)(void))
{
	for (unsigned i = 0; i < 100; i++) {
		look(hold);
		ck_assert_msg(!fires(lint), "%s", model->lints.row[lint].text);
	}
}

static void
chain(void)
{
	thread(1, 1, STATE_WAIT_LOCK, 2, 202);
	thread(2, 2, STATE_WAIT_LOCK, 1, 201);
	thread(2, 1, STATE_SLEEPING, 0, 0);
}

static void
one_order(void)
{
	struct streamgen g = {0};

	streamgen_add(&g, FRAME_LOCK_ORDER)->order =
	    (struct frame_lock_order){.held = 1, .taken = 2, .times = 1};
	streamgen_add(&g, FRAME_LOCK_ORDER)->order =
	    (struct frame_lock_order){.held = 2, .taken = 3, .times = 1};
	apply_at(&g, now);
}

static void
somebody_may_put(void)
{
	getters_wait();
	thread(2, 1, STATE_SLEEPING, 0, 0);
}

static void
somebody_may_mark(void)
{
	join_waits();
	thread(2, 1, STATE_RUNNING, 0, 0);
}

static void
nobody_gets_it(void)
{
	thread(1, 1, STATE_WAIT_LOCK, 1, 201);
}

static void
as_many_as_processors(void)
{
	model->lab.cpus = 2;
	for (unsigned i = 0; i < 2; i++)
		thread(1, i, STATE_RUNNING, 0, 0);
}

static void
room_left(void)
{
	full();
	model->queue[1].now.got++;
}

START_TEST(what_is_near_to_it_is_silent)
{
	begin(true);
	all_run();
	never(LINT_DEADLOCK, chain);
	never(LINT_ORDER, one_order);
	all_run();
	never(LINT_SENTINELS, somebody_may_put);
	never(LINT_JOIN, somebody_may_mark);
	all_run();
	never(LINT_STARVING, nobody_gets_it);
	never(LINT_PRODUCER, room_left);
	all_run();
	never(LINT_CORES, as_many_as_processors);
	model_free(model);
}
END_TEST

/* One process alone has but one such lock; a private sum needs no other. */
START_TEST(a_lock_of_one_process_needs_no_sharing)
{
	begin(false);
	model->control.sum_mode = SUM_PRIVATE;
	never(LINT_UNSHARED, lock_unshared);
	model->control.sum_mode = SUM_SHARED;
	model->slot[2]->now.ended = ENDED_EXIT;
	model->lock.kind = 2;
	never(LINT_UNSHARED, nothing);
	model_free(model);
}
END_TEST

START_TEST(a_new_run_begins_anew)
{
	begin(false);
	all_run();
	look_until(&scenes[0], lose, true);
	model->runs++;
	model->sum.lost_updates = 0;
	look(nothing);
	ck_assert(!fires(LINT_LOST));
	ck_assert_uint_eq(model->lints.row[LINT_LOST].times, 0);
	model_free(model);
}
END_TEST

/* A cycle of three, named whole; and each lint has its words. */
START_TEST(a_cycle_of_three_is_named_whole)
{
	begin(true);
	all_run();
	for (unsigned i = 0; i < 10; i++) {
		look(nothing);
		thread(1, 1, STATE_WAIT_LOCK, 1, 102);
		thread(1, 2, STATE_WAIT_LOCK, 2, 201);
		thread(2, 1, STATE_WAIT_LOCK, 3, 101);
	}
	ck_assert(fires(LINT_DEADLOCK));
	const char *text = model->lints.row[LINT_DEADLOCK].text;
	ck_assert_msg(strstr(text, "waits for A") != NULL &&
		strstr(text, "waits for B") != NULL &&
		strstr(text, "lock 3") != NULL,
	    "%s", text);
	for (unsigned i = 0; i < LINT_COUNT; i++)
		ck_assert(lint_kinds[i].name[0] != '\0' &&
		    lint_kinds[i].watches[0] != '\0');
	model_free(model);
}
END_TEST

int
main(void)
{
	TCase *both = tcase_create("both sides");
	TCase *rest = tcase_create("rest");

	TCase *cases[] = {both, rest, NULL};

	tcase_add_loop_test(
	    both, each_lint_comes_and_goes_in_its_time, 0, SCENES);
	tcase_add_loop_test(both, what_flickers_is_not_said, 0, SCENES);
	tcase_add_loop_test(
	    both, nothing_of_pace_is_said_while_held_up, 0, SCENES);
	tcase_add_loop_test(
	    both, a_run_that_is_over_stays_as_it_was, 0, SCENES);
	tcase_add_test(rest, what_is_near_to_it_is_silent);
	tcase_add_test(rest, a_lock_of_one_process_needs_no_sharing);
	tcase_add_test(rest, a_new_run_begins_anew);
	tcase_add_test(rest, a_cycle_of_three_is_named_whole);
	return suite_run("lints", cases);
}
