/* test_history: moments, holds and marks of frames, and bins of them. */
#include "model/history.h"

#include <signal.h>
#include <string.h>

#include "model/model.h"
#include "model/snapshot.h"
#include "streamgen.h"
#include "suite.h"

#define MS 1000000ULL

static struct model *m;

static void
apply(struct frame *f, uint64_t ms)
{
	static uint32_t seq;

	f->version = FRAME_VERSION;
	f->seq = seq++;
	f->ns = ms * MS;
	ck_assert_int_eq(frame_check(f), FRAME_OK);
	model_apply(m, f);
}

static int32_t
tid_of(unsigned slot, unsigned index)
{
	return (int32_t)(100 * slot + index);
}

/* Seen at `at` ms, in this state since `since` ms. */
static void
look_as(int32_t tid, unsigned slot, unsigned index, uint64_t at, uint64_t since,
    enum frame_state state, unsigned object, int32_t owner)
{
	struct frame f = {.type = FRAME_THREAD,
	    .pid = (int32_t)(100 * slot),
	    .tid = tid,
	    .thread = {.slot = (uint16_t)slot,
		.index = (uint16_t)index,
		.state = (uint8_t)state,
		.object = (uint8_t)object,
		.owner = owner,
		.since_us = (uint32_t)((at - since) * 1000)}};

	apply(&f, at);
}

/* As it comes on the wire: a wait that ends by itself has a bit in its state.
 */
static void
look_timed(unsigned slot, unsigned index, uint64_t at, uint64_t since,
    enum frame_state state, unsigned object)
{
	struct frame f = {.type = FRAME_THREAD,
	    .version = FRAME_VERSION,
	    .pid = (int32_t)(100 * slot),
	    .tid = tid_of(slot, index),
	    .thread = {.slot = (uint16_t)slot,
		.index = (uint16_t)index,
		.object = (uint8_t)object,
		.owner = 7,
		.since_us = (uint32_t)((at - since) * 1000)}};

	f.bytes[4] = (uint8_t)(0x80 | state);
	ck_assert_int_eq(frame_check(&f), FRAME_OK);
	apply(&f, at);
}

static void
look(unsigned slot, unsigned index, uint64_t at, uint64_t since,
    enum frame_state state)
{
	look_as(tid_of(slot, index), slot, index, at, since, state, 0, 0);
}

static void
event(unsigned slot, unsigned index, uint64_t at, enum frame_trace_op op)
{
	struct frame f = {.type = FRAME_TRACE,
	    .pid = (int32_t)(100 * slot),
	    .tid = tid_of(slot, index),
	    .trace = {.op = (uint16_t)op,
		.slot = (uint16_t)slot,
		.index = (uint16_t)index}};

	apply(&f, at);
}

static void
process(unsigned slot, int32_t pid, uint64_t at, enum frame_ended ended)
{
	static uint32_t serial;
	struct frame f = {.type = FRAME_PROC,
	    .pid = pid,
	    .tid = pid,
	    .proc = {.slot = (uint16_t)slot,
		.serial = ended == ENDED_NOT ? ++serial : serial,
		.state = ended == ENDED_NOT ? STATE_RUNNING : STATE_KILLED,
		.ended = (uint8_t)ended,
		.code = ended == ENDED_SIGNAL ? SIGKILL : 0}};

	apply(&f, at);
}

static void
lock_kind(uint64_t at, unsigned kind, unsigned switches)
{
	struct frame f = {.type = FRAME_LOCK,
	    .lock = {.kind = (uint16_t)kind, .switches = switches}};

	apply(&f, at);
}

static void
begin(void)
{
	m = model_new();
	struct frame f = {.type = FRAME_HELLO};

	memcpy(f.hello.magic, FRAME_MAGIC, sizeof f.hello.magic);
	f.hello.wire = FRAME_VERSION;
	apply(&f, 0);
}

/* Once what has been noted is settled. */
static const struct history_row *
found(unsigned slot, unsigned index)
{
	history_settle(m->past, m);
	return history_row(m->past, slot, index);
}

static const struct history_row *
row(unsigned slot, unsigned index)
{
	const struct history_row *r = found(slot, index);

	ck_assert_ptr_nonnull(r);
	return r;
}

/* "since:state ..." in ms and letters of no other use. */
static void
check_row(unsigned slot, unsigned index, const uint64_t (*want)[2], unsigned n)
{
	const struct history_row *r = row(slot, index);

	ck_assert_uint_eq(r->n, n);
	for (unsigned i = 0; i < n; i++) {
		ck_assert_uint_eq(r->moment[i].ns / MS, want[i][0]);
		ck_assert_uint_eq(r->moment[i].state, want[i][1]);
	}
}
#define CHECK_ROW(slot, index, ...)                                       \
	do {                                                              \
		static const uint64_t want[][2] = {__VA_ARGS__};          \
		check_row(slot, index, want, sizeof want / sizeof *want); \
	} while (0)

static struct history_bin
bin(unsigned slot, unsigned index, uint64_t from, uint64_t to, uint64_t now)
{
	struct history_bin b;

	history_bins(m->past, row(slot, index), from * MS, (to - from) * MS,
	    now * MS, &b, 1);
	return b;
}

/* What a look says. */

START_TEST(states_in_order)
{
	begin();
	look(1, 1, 100, 40, STATE_RUNNING);
	look(1, 1, 133, 120, STATE_SLEEPING);
	look(1, 1, 133, 120, STATE_SLEEPING);
	look(1, 1, 300, 250, STATE_WAIT_LOCK);
	CHECK_ROW(1, 1, {40, STATE_RUNNING}, {120, STATE_SLEEPING},
	    {250, STATE_WAIT_LOCK});
	ck_assert_uint_eq(history_at(row(1, 1), 39 * MS), 3);
	ck_assert_uint_eq(history_at(row(1, 1), 40 * MS), 0);
	ck_assert_uint_eq(history_at(row(1, 1), 249 * MS), 1);
	ck_assert_uint_eq(history_until(row(1, 1), 1, 999 * MS), 250 * MS);
	ck_assert_uint_eq(history_until(row(1, 1), 2, 999 * MS), 999 * MS);
	ck_assert_ptr_null(found(1, 2));
	ck_assert_ptr_null(history_row(m->past, 9999, 2));
	model_free(m);
}
END_TEST

/* Each state with the bit: it is the state, in the row and in what is drawn. */
START_TEST(a_timed_wait_is_a_wait)
{
	struct history_bin bins[8];
	uint8_t state = (uint8_t)_i;

	begin();
	look(1, 1, 100, 100, STATE_RUNNING);
	look_timed(1, 1, 200, 200, state, 255);
	look_timed(1, 1, 300, 200, state, 255);
	look(1, 1, 400, 400, STATE_RUNNING);
	for (unsigned i = 0; i < row(1, 1)->n; i++)
		ck_assert_uint_lt(row(1, 1)->moment[i].state, STATE_COUNT);
	history_bins(m->past, row(1, 1), 200 * MS, 20 * MS, 400 * MS, bins, 8);
	for (unsigned i = 0; i < 8 && state != STATE_STALLED; i++) {
		ck_assert_int_eq(bins[i].kind, BIN_STATE);
		ck_assert_uint_eq(bins[i].state, state);
	}
	model_free(m);
}
END_TEST

START_TEST(a_timed_wait_for_a_lock_is_waited)
{
	begin();
	look_timed(1, 1, 100, 100, STATE_WAIT_LOCK, 3);
	look(1, 2, 200, 200, STATE_RUNNING);
	history_settle(m->past, m);
	ck_assert(history_waited(m->past, 3, 120 * MS, 130 * MS));
	model_free(m);
}
END_TEST

START_TEST(a_look_cannot_undo_the_one_before)
{
	begin();
	look(1, 1, 100, 90, STATE_RUNNING);
	look(1, 1, 200, 10, STATE_SLEEPING);
	CHECK_ROW(1, 1, {90, STATE_RUNNING}, {100, STATE_SLEEPING});
	look(1, 1, 150, 140, STATE_READING); /* late: it is known better */
	CHECK_ROW(1, 1, {90, STATE_RUNNING}, {100, STATE_SLEEPING});
	model_free(m);
}
END_TEST

START_TEST(a_stopped_process_stands_from_when_it_was_seen)
{
	begin();
	look(1, 1, 100, 50, STATE_SLEEPING);
	look(1, 1, 200, 50, STATE_STALLED);
	look(1, 1, 400, 50, STATE_SLEEPING);
	CHECK_ROW(1, 1, {50, STATE_SLEEPING}, {200, STATE_STALLED},
	    {400, STATE_SLEEPING});
	model_free(m);
}
END_TEST

START_TEST(one_wait_because_of_several)
{
	begin();
	look_as(101, 1, 1, 100, 90, STATE_WAIT_LOCK, 0, 102);
	look_as(101, 1, 1, 133, 90, STATE_WAIT_LOCK, 0, 103);
	look_as(101, 1, 1, 166, 90, STATE_WAIT_LOCK, 0, 103);
	const struct history_row *r = row(1, 1);

	ck_assert_uint_eq(r->n, 2);
	ck_assert_int_eq(r->moment[1].owner, 103);
	ck_assert_uint_eq(r->moment[1].ns, 133 * MS);
	ck_assert_uint_eq(history_began(r, 1), 0);
	look_as(101, 1, 1, 200, 190, STATE_WAIT_LOCK, 0, 103);
	r = row(1, 1);
	ck_assert_uint_eq(history_began(r, 2), 2); /* another wait */
	ck_assert_uint_eq(history_until(r, 0, 999 * MS), 190 * MS);
	model_free(m);
}
END_TEST

/* What events add to it, after the look. */

START_TEST(events_find_their_place_in_the_past)
{
	begin();
	look(1, 1, 100, 50, STATE_WAIT_LOCK);
	look(1, 1, 200, 180, STATE_WAIT_TASK);
	event(1, 1, 120, TRACE_LOCK);
	event(1, 1, 121, TRACE_LOAD);
	event(1, 1, 141, TRACE_STORE);
	event(1, 1, 150, TRACE_UNLOCK);
	CHECK_ROW(1, 1, {50, STATE_WAIT_LOCK}, {120, STATE_RUNNING},
	    {121, STATE_WINDOW}, {141, STATE_RUNNING}, {180, STATE_WAIT_TASK});
	ck_assert_uint_eq(row(1, 1)->holds.n, 1);
	ck_assert_uint_eq(row(1, 1)->holds.at[0].from, 120 * MS);
	ck_assert_uint_eq(row(1, 1)->holds.at[0].to, 150 * MS);
	model_free(m);
}
END_TEST

START_TEST(a_window_that_was_looked_into_is_one)
{
	begin();
	look(1, 1, 100, 10, STATE_SLEEPING);
	look(1, 1, 130, 120, STATE_WINDOW);
	event(1, 1, 120, TRACE_LOAD);
	look(1, 1, 163, 140, STATE_WAIT_TASK);
	event(1, 1, 140, TRACE_STORE);
	CHECK_ROW(1, 1, {10, STATE_SLEEPING}, {120, STATE_WINDOW},
	    {140, STATE_WAIT_TASK});
	model_free(m);
}
END_TEST

/* Nothing is made of events of a thread that is not there any more. */
START_TEST(events_of_another_thread)
{
	begin();
	look(1, 1, 100, 10, STATE_SLEEPING);
	struct frame f = {.type = FRAME_TRACE,
	    .pid = 100,
	    .tid = 999,
	    .trace = {.op = TRACE_LOCK, .slot = 1, .index = 1}};

	apply(&f, 120);
	f.trace.index = 7;
	apply(&f, 120);
	CHECK_ROW(1, 1, {10, STATE_SLEEPING});
	ck_assert_uint_eq(row(1, 1)->got, 0);
	model_free(m);
}
END_TEST

START_TEST(a_lost_unlock_does_not_hold_for_ever)
{
	begin();
	look(1, 1, 100, 10, STATE_RUNNING);
	event(1, 1, 90, TRACE_LOCK);
	ck_assert_int_eq(bin(1, 1, 90, 100, 100).kind, BIN_HELD);
	look(1, 1, 133, 120, STATE_WAIT_TASK);
	look(1, 1, 166, 120, STATE_WAIT_TASK); /* the next look */
	ck_assert_int_eq(bin(1, 1, 150, 160, 166).kind, BIN_STATE);
	ck_assert_int_eq(bin(1, 1, 150, 160, 166).state, STATE_WAIT_TASK);
	model_free(m);
}
END_TEST

/* Holding and waiting. */

START_TEST(held_alone_and_against_others)
{
	begin();
	look(1, 1, 10, 5, STATE_RUNNING);
	look(1, 2, 10, 5, STATE_SLEEPING);
	look(1, 1, 233, 200, STATE_WAIT_TASK);
	look(1, 2, 233, 230, STATE_RUNNING);
	event(1, 1, 20, TRACE_LOCK);
	event(1, 1, 180, TRACE_UNLOCK);
	event(1, 2, 100, TRACE_LOCK); /* so it did not wait: not seen */
	event(1, 2, 101, TRACE_UNLOCK);
	ck_assert_int_eq(bin(1, 1, 20, 60, 233).kind, BIN_HELD);

	look(1, 2, 266, 250, STATE_WAIT_LOCK);
	look(1, 1, 300, 240, STATE_RUNNING);
	event(1, 1, 240, TRACE_LOCK);
	ck_assert_int_eq(bin(1, 1, 240, 250, 300).kind, BIN_HELD);
	ck_assert_int_eq(bin(1, 1, 255, 300, 300).kind, BIN_AGAINST);
	look(1, 2, 333, 320, STATE_RUNNING);
	event(1, 1, 320, TRACE_UNLOCK);
	look(1, 1, 366, 325, STATE_SLEEPING);
	ck_assert_int_eq(bin(1, 1, 240, 250, 366).kind, BIN_HELD);
	ck_assert_int_eq(bin(1, 1, 260, 320, 366).kind, BIN_AGAINST);
	history_settle(m->past, m);
	ck_assert(history_waited(m->past, 0, 250 * MS, 260 * MS));
	ck_assert(!history_waited(m->past, 0, 320 * MS, 400 * MS));
	ck_assert(!history_waited(m->past, 1, 250 * MS, 260 * MS));
	model_free(m);
}
END_TEST

START_TEST(a_mutex_is_held_as_its_frames_say)
{
	struct frame f = {.type = FRAME_MUTEX,
	    .mutex = {.index = 3, .holder = 101, .held_us = 20000}};
	struct history_span hold;

	begin();
	look(1, 1, 100, 10, STATE_SLEEPING);
	apply(&f, 100);
	f.mutex.held_us = 53000;
	apply(&f, 133);
	f.mutex.holder = 0;
	f.mutex.held_us = 0;
	apply(&f, 166);
	ck_assert(history_hold(row(1, 1), 0, 1000 * MS, 1000 * MS, &hold));
	ck_assert_uint_eq(hold.object, 3);
	ck_assert_uint_eq(hold.from, 80 * MS);
	ck_assert_uint_eq(hold.to, 133 * MS);
	ck_assert_uint_eq(row(1, 1)->holds.n, 1);
	ck_assert(
	    !history_hold(row(1, 1), 140 * MS, 1000 * MS, 1000 * MS, &hold));
	/* A thread that waits for one lock does not show the other. */
	look_as(101, 1, 1, 166, 140, STATE_WAIT_LOCK, 4, 102);
	f.mutex.holder = 101;
	f.mutex.held_us = 100000;
	apply(&f, 266);
	ck_assert_int_eq(bin(1, 1, 180, 260, 266).state, STATE_WAIT_LOCK);
	ck_assert_int_eq(bin(1, 1, 180, 260, 266).kind, BIN_STATE);
	model_free(m);
}
END_TEST

/* Nested: the one that was taken first is given back last. */
START_TEST(a_long_hold_is_found_behind_short_ones)
{
	struct frame f = {
	    .type = FRAME_MUTEX, .mutex = {.index = 1, .holder = 101}};

	begin();
	look(1, 1, 100, 10, STATE_RUNNING);
	for (unsigned i = 0; i < 20; i++) {
		f.mutex.index = 2;
		f.mutex.held_us = 2000;
		apply(&f, 200 + 10 * i);
	}
	f.mutex.index = 1;
	f.mutex.held_us = 900 * 1000;
	apply(&f, 1000);
	ck_assert_int_eq(bin(1, 1, 600, 700, 1000).kind, BIN_HELD);
	ck_assert_int_eq(bin(1, 1, 50, 90, 1000).kind, BIN_STATE);
	model_free(m);
}
END_TEST

/* Death and others in the same place. */

START_TEST(death_stands_until_the_place_is_taken)
{
	begin();
	process(1, 100, 5, ENDED_NOT);
	look(1, 1, 100, 10, STATE_RUNNING);
	event(1, 1, 90, TRACE_LOCK);
	process(1, 100, 200, ENDED_SIGNAL);
	look(1, 1, 201, 201, STATE_KILLED);
	process(1, 100, 201, ENDED_SIGNAL);
	CHECK_ROW(1, 1, {10, STATE_RUNNING}, {200, STATE_KILLED});
	ck_assert_uint_eq(row(1, 1)->holds.n, 1); /* it died with it */
	ck_assert_uint_eq(row(1, 1)->holds.at[0].to, 200 * MS);
	ck_assert_int_eq(history_mark(m->past, 0)->kind, HISTORY_KILL);
	ck_assert_uint_eq(history_mark(m->past, 0)->arg, 1);
	ck_assert_ptr_null(history_mark(m->past, 1));

	process(1, 177, 300, ENDED_NOT);
	struct frame f = {.type = FRAME_THREAD,
	    .pid = 177,
	    .tid = 178,
	    .thread = {.slot = 1, .index = 1, .state = STATE_SLEEPING}};

	apply(&f, 310);
	CHECK_ROW(1, 1, {10, STATE_RUNNING}, {200, STATE_KILLED},
	    {310, STATE_SLEEPING});
	ck_assert_int_eq(row(1, 1)->pid, 177);
	look(1, 1, 320, 315, STATE_RUNNING); /* of the dead one */
	ck_assert_uint_eq(row(1, 1)->n, 3);
	model_free(m);
}
END_TEST

START_TEST(all_are_gone_with_the_engine)
{
	begin();
	look(1, 1, 100, 10, STATE_RUNNING);
	look(1, 2, 100, 10, STATE_EXITED);
	model_break(m);
	CHECK_ROW(1, 1, {10, STATE_RUNNING}, {100, STATE_KILLED});
	CHECK_ROW(1, 2, {10, STATE_EXITED});
	model_free(m);
}
END_TEST

/* Marks. */

START_TEST(switches_and_pauses_are_marked)
{
	struct frame f = {.type = FRAME_CONTROL, .control = {.speed = 1000}};

	begin();
	lock_kind(10, 1, 0);
	apply(&f, 11);
	lock_kind(20, 1, 0);
	lock_kind(30, 0, 1);
	lock_kind(40, 0, 3); /* there and back between two looks */
	f.control.paused = 1;
	apply(&f, 50);
	apply(&f, 60);
	f.control.paused = 0;
	apply(&f, 70);
	static const struct {
		uint64_t ms;
		enum history_kind kind;
	} want[] = {{30, HISTORY_LOCK}, {40, HISTORY_LOCK}, {50, HISTORY_PAUSE},
	    {70, HISTORY_RESUME}};
	for (unsigned i = 0; i < 4; i++) {
		const struct history_mark *k = history_mark(m->past, i);

		ck_assert_ptr_nonnull(k);
		ck_assert_uint_eq(k->ns, want[i].ms * MS);
		ck_assert_int_eq(k->kind, want[i].kind);
	}
	ck_assert_ptr_null(history_mark(m->past, 4));
	ck_assert_uint_eq(history_mark(m->past, 0)->was, 1);
	ck_assert_uint_eq(history_mark(m->past, 0)->arg, 0);
	model_free(m);
}
END_TEST

START_TEST(steps_by_hand_are_marked)
{
	struct frame f = {
	    .type = FRAME_SCHEDULE, .lab = {.scheduler = SCHEDULER_HAND}};

	begin();
	apply(&f, 10);
	f.lab.taken = 1;
	apply(&f, 20);
	apply(&f, 30);
	f.lab.taken = 0;
	apply(&f, 40);
	f.lab.scheduler = SCHEDULER_RANDOM;
	f.lab.taken = 500;
	apply(&f, 50);
	ck_assert_int_eq(history_mark(m->past, 0)->kind, HISTORY_STEP);
	ck_assert_uint_eq(history_mark(m->past, 0)->ns, 20 * MS);
	ck_assert_int_eq(history_mark(m->past, 1)->kind, HISTORY_UNDO);
	ck_assert_ptr_null(history_mark(m->past, 2));
	model_free(m);
}
END_TEST

/* To take a step back is to begin anew, and to repeat what was before it. */
START_TEST(what_was_taken_back_is_marked_in_the_run_that_repeats)
{
	struct frame f = {
	    .type = FRAME_SCHEDULE, .lab = {.scheduler = SCHEDULER_HAND}};

	begin();
	f.lab.taken = 6;
	apply(&f, 10);
	history_clear(m->past);
	f.lab.taken = 5;
	apply(&f, 20);
	ck_assert_ptr_nonnull(history_mark(m->past, 0));
	ck_assert_int_eq(history_mark(m->past, 0)->kind, HISTORY_UNDO);
	ck_assert_uint_eq(history_mark(m->past, 0)->arg, 5);
	/* Another run, from the start. */
	history_clear(m->past);
	f.lab.taken = 0;
	apply(&f, 30);
	ck_assert_ptr_null(history_mark(m->past, 0));
	model_free(m);
}
END_TEST

/* Bounds. */

START_TEST(the_oldest_moments_go_first)
{
	unsigned n = HISTORY_MOMENTS + 10;
	const struct history_row *r;

	begin();
	for (unsigned i = 1; i <= n; i++)
		look(1, 1, 40 * i, 40 * i,
		    i % 2 ? STATE_RUNNING : STATE_SLEEPING);
	r = row(1, 1);
	ck_assert_uint_le(r->n, HISTORY_MOMENTS);
	ck_assert_uint_eq(r->n + r->dropped, n);
	ck_assert_uint_eq(r->moment[r->n - 1].ns, 40ULL * n * MS);
	ck_assert_uint_eq(r->moment[0].ns, 40ULL * (r->dropped + 1) * MS);
	/* What comes too late finds nothing to be put before. */
	event(1, 1, 50, TRACE_LOCK);
	ck_assert_uint_eq(r->moment[0].ns, 40ULL * (r->dropped + 1) * MS);
	ck_assert_int_eq(bin(1, 1, 40, 400, 40 * n).kind, BIN_UNKNOWN);
	model_free(m);
}
END_TEST

START_TEST(marks_and_holds_are_bounded)
{
	struct frame f = {
	    .type = FRAME_MUTEX, .mutex = {.index = 1, .holder = 101}};

	begin();
	look(1, 1, 10, 5, STATE_RUNNING);
	f.mutex.held_us = 1000;
	for (unsigned i = 0; i < HISTORY_HOLDS + 10; i++) {
		apply(&f, 100 + 10 * i);
		lock_kind(100 + 10 * i, i % 2, i);
	}
	ck_assert_uint_le(row(1, 1)->holds.n, HISTORY_HOLDS);
	ck_assert_uint_gt(row(1, 1)->holds.n, HISTORY_HOLDS / 2);
	ck_assert_uint_gt(history_marks_dropped(m->past), 0);
	ck_assert_ptr_nonnull(history_mark(m->past, HISTORY_MARKS - 1));
	ck_assert_ptr_null(history_mark(m->past, HISTORY_MARKS));
	ck_assert_uint_lt(history_mark(m->past, 0)->ns,
	    history_mark(m->past, HISTORY_MARKS - 1)->ns);
	model_free(m);
}
END_TEST

/* However many threads: all have a row or are counted, none too much room. */
START_TEST(many_rows_share_the_room)
{
	unsigned all = 0;

	begin();
	for (unsigned i = 1; i <= 4; i++)
		process(i, (int32_t)(100000 * i), 1, ENDED_NOT);
	for (unsigned k = 0; k < 20; k++) {
		for (unsigned i = 1; i <= 4; i++)
			for (unsigned j = 1; j <= FRAME_MAX_THREADS; j++) {
				struct frame f = {.type = FRAME_THREAD,
				    .pid = (int32_t)(100000 * i),
				    .tid = (int32_t)(100000 * i + j),
				    .thread = {.slot = (uint16_t)i,
					.index = (uint16_t)j,
					.state = k % 2 ? STATE_RUNNING
						       : STATE_SLEEPING}};

				apply(&f, 10 + 40 * k);
			}
		history_settle(m->past, m);
	}
	for (unsigned i = 1; i <= 4; i++)
		for (unsigned j = 1; j <= FRAME_MAX_THREADS; j++)
			all += row(i, j)->room;
	ck_assert_uint_le(all, 4 * FRAME_MAX_THREADS * HISTORY_SURE);
	ck_assert_uint_eq(history_unplaced(m->past), 0);
	ck_assert_uint_gt(row(4, FRAME_MAX_THREADS)->n, 8);
	model_free(m);
}
END_TEST

/* Whoever comes when all the room is taken has some for itself. */
START_TEST(late_rows_have_room_too)
{
	enum {
		OLD = HISTORY_ALL / HISTORY_MOMENTS
	};

	begin();
	for (unsigned j = 1; j <= OLD; j++)
		for (unsigned i = 1; i <= HISTORY_MOMENTS / 2 + 1; i++)
			look(
			    1, j, i, i, i % 2 ? STATE_RUNNING : STATE_SLEEPING);
	for (unsigned i = 1; i <= 100; i++)
		look(1, OLD + 1, i, i, i % 2 ? STATE_RUNNING : STATE_SLEEPING);
	ck_assert_uint_ge(row(1, OLD + 1)->n, 16);
	ck_assert_uint_eq(history_unplaced(m->past), 0);
	ck_assert_uint_le(row(1, OLD)->room, HISTORY_ALL / OLD);
	model_free(m);
}
END_TEST

/*
 * With more threads than rows are made for unseen the oldest notes are dropped.
 * It is said since when all is known, and what is known of a thread that has
 * said nothing since is what it said last.
 */
START_TEST(notes_nobody_reads_are_dropped)
{
	enum {
		THREADS = 1000
	};
	uint64_t ms = 100;

	begin();
	process(1, 100, 1, ENDED_NOT);
	look_as(99, 1, 0, 50, 40, STATE_WAIT_POOL, 0, 0);
	while (history_forgot(m->past) == 0) {
		for (unsigned j = 1; j <= THREADS; j++)
			look(1, j, ms, ms - j % 7,
			    ms % 2 ? STATE_RUNNING : STATE_SLEEPING);
		ms++;
	}
	for (unsigned k = 0; k < 100; k++, ms++)
		for (unsigned j = 1; j <= THREADS; j++)
			look(1, j, ms, ms,
			    ms % 2 ? STATE_RUNNING : STATE_SLEEPING);
	CHECK_ROW(1, 0, {40, STATE_WAIT_POOL});

	const struct history_row *r = row(1, THREADS);

	ck_assert_uint_gt(r->n, 10);
	ck_assert_uint_lt(r->n, 1000);
	ck_assert_uint_ge(r->moment[0].ns, history_forgot(m->past) - 10 * MS);
	ck_assert_uint_eq(r->moment[r->n - 1].ns, (ms - 1) * MS);
	/* Rows that nobody looks at any more make room for notes. */
	uint64_t forgot = history_forgot(m->past);

	while (history_forgot(m->past) == forgot) {
		for (unsigned j = 1; j <= THREADS; j++)
			look(1, j, ms, ms,
			    ms % 2 ? STATE_RUNNING : STATE_SLEEPING);
		ms++;
	}
	ck_assert_ptr_null(history_row(m->past, 1, 1));
	CHECK_ROW(1, 0, {40, STATE_WAIT_POOL});
	ck_assert_uint_eq(history_unplaced(m->past), 0);
	model_free(m);
}
END_TEST

/* Read late or with every frame: the rows are the same. */
START_TEST(rows_are_the_same_read_late)
{
	struct streamgen g = {0};
	struct model *late = model_new();

	ck_assert(streamgen_scenario(&g, streamgen_scenarios[_i], 0));
	m = model_new();
	for (size_t i = 0; i < g.n; i++) {
		model_apply(m, &g.frame[i]);
		model_apply(late, &g.frame[i]);
		history_settle(m->past, m);
	}
	history_settle(late->past, late);
	for (unsigned slot = 0; slot < 8; slot++)
		for (unsigned j = 0; j < 12; j++) {
			const struct history_row *a =
			    history_row(m->past, slot, j);
			const struct history_row *b =
			    history_row(late->past, slot, j);

			ck_assert((a == NULL) == (b == NULL));
			if (a == NULL)
				continue;
			ck_assert_uint_eq(a->n, b->n);
			ck_assert_uint_eq(a->holds.n, b->holds.n);
			for (unsigned i = 0; i < a->n; i++) {
				ck_assert_uint_eq(
				    a->moment[i].ns, b->moment[i].ns);
				ck_assert_uint_eq(
				    a->moment[i].state, b->moment[i].state);
				ck_assert_int_eq(
				    a->moment[i].owner, b->moment[i].owner);
			}
		}
	model_free(late);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

/* A seek back in a recording, a restart, a view that stands still. */

START_TEST(forgotten_with_the_run)
{
	begin();
	look(1, 1, 100, 10, STATE_RUNNING);
	lock_kind(110, 1, 0);
	lock_kind(120, 0, 1);
	model_reset(m);
	ck_assert_ptr_null(found(1, 1));
	ck_assert_ptr_null(history_mark(m->past, 0));
	look(1, 1, 50, 20, STATE_SLEEPING);
	CHECK_ROW(1, 1, {20, STATE_SLEEPING});

	struct frame f = {.type = FRAME_HELLO};
	memcpy(f.hello.magic, FRAME_MAGIC, sizeof f.hello.magic);
	f.hello.wire = FRAME_VERSION;
	apply(&f, 200);
	ck_assert_ptr_null(found(1, 1));
	model_free(m);
}
END_TEST

START_TEST(a_copy_stays_as_it_was)
{
	begin();
	look(1, 1, 100, 10, STATE_RUNNING);
	look(1, 2, 100, 10, STATE_WAIT_LOCK);
	event(1, 1, 50, TRACE_LOCK);
	event(1, 1, 60, TRACE_UNLOCK);
	look(1, 2, 133, 60, STATE_SLEEPING);

	struct model *copy = snapshot_new(m);
	const struct history_row *r;

	history_settle(copy->past, copy);
	r = history_row(copy->past, 1, 1);
	ck_assert_ptr_ne(r, row(1, 1));
	look(1, 1, 200, 180, STATE_SLEEPING);
	event(1, 1, 150, TRACE_LOCK);
	event(1, 1, 160, TRACE_UNLOCK);
	ck_assert_uint_eq(r->n, 1);
	ck_assert_uint_eq(r->holds.n, 1);
	ck_assert_uint_eq(row(1, 1)->holds.n, 2);
	model_free(m);
	ck_assert_uint_eq(r->moment[0].ns, 10 * MS);
	model_free(copy);
}
END_TEST

/* Bins. */

START_TEST(a_bin_shows_the_longest)
{
	begin();
	look(1, 1, 100, 10, STATE_RUNNING);
	look(1, 1, 133, 120, STATE_SLEEPING);
	look(1, 1, 166, 150, STATE_READING);

	struct history_bin b = bin(1, 1, 100, 160, 200);

	ck_assert_int_eq(b.kind, BIN_STATE);
	ck_assert_int_eq(b.state, STATE_SLEEPING); /* 20, 30, 10 ms */
	ck_assert_uint_eq(b.others, 2);
	ck_assert_uint_eq(b.ns, 120 * MS);
	ck_assert(b.began);
	b = bin(1, 1, 20, 100, 200);
	ck_assert_int_eq(b.state, STATE_RUNNING);
	ck_assert_uint_eq(b.others, 0);
	ck_assert(!b.began);
	ck_assert_int_eq(bin(1, 1, 0, 10, 200).kind, BIN_UNKNOWN);
	ck_assert_int_eq(bin(1, 1, 0, 11, 200).kind, BIN_STATE);
	ck_assert_int_eq(bin(1, 1, 199, 210, 200).state, STATE_READING);
	ck_assert_int_eq(bin(1, 1, 200, 210, 200).kind, BIN_UNKNOWN);
	model_free(m);
}
END_TEST

/* Bins side by side are what each is by itself. */
START_TEST(bins_of_whole_runs)
{
	struct streamgen g = {0};
	enum {
		N = 97
	};
	struct history_bin b[N], one;
	unsigned rows = 0;

	ck_assert(streamgen_scenario(&g, streamgen_scenarios[_i], 0));
	m = model_new();
	for (size_t i = 0; i < g.n; i++)
		model_apply(m, &g.frame[i]);
	uint64_t from = m->first, width = (m->now - from) / (N - 3) + 1;

	history_settle(m->past, m);
	for (unsigned slot = 0; slot < 8; slot++)
		for (unsigned j = 0; j < 12; j++) {
			const struct history_row *r =
			    history_row(m->past, slot, j);

			if (r == NULL)
				continue;
			rows++;
			for (unsigned i = 1; i < r->n; i++)
				ck_assert_uint_lt(
				    r->moment[i - 1].ns, r->moment[i].ns);
			history_bins(m->past, r, from, width, m->now, b, N);
			for (unsigned i = 0; i < N; i++) {
				history_bins(m->past, r, from + i * width,
				    width, m->now, &one, 1);
				ck_assert_int_eq(one.kind, b[i].kind);
				ck_assert_int_eq(one.state, b[i].state);
				ck_assert_uint_eq(one.others, b[i].others);
			}
		}
	ck_assert_uint_gt(rows, 0);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(looks_are_counted_in_time)
{
	begin();
	for (unsigned i = 1; i < 40; i++) {
		look(1, 1, 33 * i, 33 * i, STATE_RUNNING);
		look(1, 2, 33 * i + 1, 33 * i, STATE_RUNNING);
	}
	ck_assert_uint_ge(history_look(m->past), 30 * MS);
	ck_assert_uint_le(history_look(m->past), 34 * MS);
	model_free(m);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("history");
	int scenarios = 0;

	while (streamgen_scenarios[scenarios] != NULL)
		scenarios++;
	tcase_add_test(t, states_in_order);
	tcase_add_test(t, a_look_cannot_undo_the_one_before);
	tcase_add_loop_test(t, a_timed_wait_is_a_wait, 0, STATE_COUNT);
	tcase_add_test(t, a_timed_wait_for_a_lock_is_waited);
	tcase_add_test(t, a_stopped_process_stands_from_when_it_was_seen);
	tcase_add_test(t, one_wait_because_of_several);
	tcase_add_test(t, events_find_their_place_in_the_past);
	tcase_add_test(t, a_window_that_was_looked_into_is_one);
	tcase_add_test(t, events_of_another_thread);
	tcase_add_test(t, a_lost_unlock_does_not_hold_for_ever);
	tcase_add_test(t, held_alone_and_against_others);
	tcase_add_test(t, a_mutex_is_held_as_its_frames_say);
	tcase_add_test(t, a_long_hold_is_found_behind_short_ones);
	tcase_add_test(t, death_stands_until_the_place_is_taken);
	tcase_add_test(t, all_are_gone_with_the_engine);
	tcase_add_test(t, switches_and_pauses_are_marked);
	tcase_add_test(t, steps_by_hand_are_marked);
	tcase_add_test(
	    t, what_was_taken_back_is_marked_in_the_run_that_repeats);
	tcase_add_test(t, the_oldest_moments_go_first);
	tcase_add_test(t, notes_nobody_reads_are_dropped);
	tcase_add_test(t, marks_and_holds_are_bounded);
	tcase_add_test(t, many_rows_share_the_room);
	tcase_add_test(t, late_rows_have_room_too);
	tcase_add_test(t, forgotten_with_the_run);
	tcase_add_test(t, a_copy_stays_as_it_was);
	tcase_add_test(t, a_bin_shows_the_longest);
	tcase_add_loop_test(t, bins_of_whole_runs, 0, scenarios);
	tcase_add_loop_test(t, rows_are_the_same_read_late, 0, scenarios);
	tcase_add_test(t, looks_are_counted_in_time);
	return suite_run("history", (TCase *const[]){t, NULL});
}
