/* test_lost_updates: what traces say of lost updates, however they arrive. */
#include "model/lost_updates.h"

#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "suite.h"
#include "views/view_race.h"

#define A 11 /* tids */
#define B 22
#define C 33

static struct lost_updates *r;

static void
setup(void)
{
	r = calloc(1, sizeof *r);
	ck_assert_ptr_nonnull(r);
}

static void
teardown(void)
{
	free(r);
}

static struct frame
event(int32_t tid, uint64_t ns, enum frame_trace_op op, int64_t seen,
    int64_t value, int32_t other)
{
	return (struct frame){.type = FRAME_TRACE,
	    .ns = ns,
	    .pid = 1,
	    .tid = tid,
	    .trace = {.op = op,
		.slot = (uint16_t)(1 + tid / 100),
		.index = (uint16_t)(tid % 100),
		.other = other,
		.seen = seen,
		.value = value}};
}

static void
load(int32_t tid, uint64_t ns, int64_t seen, int32_t from)
{
	struct frame f = event(tid, ns, TRACE_LOAD, seen, 0, from);

	lost_updates_apply(r, &f);
}

/* What it replaced is `before`, of `over`. */
static void
store(int32_t tid, uint64_t ns, int64_t seen, int64_t value, int64_t before,
    int32_t over)
{
	struct frame f = event(tid, ns, TRACE_STORE, seen, value, over);

	f.trace.flags = before != seen ? TRACE_LOSES : 0;
	lost_updates_apply(r, &f);
	if (before == seen)
		return;
	f = event(tid, ns, TRACE_LOST, seen, before - seen, over);
	lost_updates_apply(r, &f);
}

/* A whole add of 1. */
static void
add(int32_t tid, uint64_t loaded, uint64_t stored, int64_t seen, int32_t from,
    int64_t before, int32_t over)
{
	load(tid, loaded, seen, from);
	store(tid, stored, seen, seen + 1, before, over);
}

static const struct lost_updates_record *
newest(void)
{
	const struct lost_updates_record *rec = lost_updates_at(r, 0);

	ck_assert_ptr_nonnull(rec);
	return rec;
}

/* A and B read 42 of C; A stores 43, B stores 43 over it. */
static void
check_pair(void)
{
	const struct lost_updates_record *rec = newest();
	struct lost_updates_row rows[RACES_ROWS];
	struct lost_updates_loss loss;

	ck_assert(rec->complete);
	ck_assert_int_eq(rec->culprit.tid, B);
	ck_assert_int_eq(lost_updates_expected(rec), 44);
	ck_assert_int_eq(rec->culprit.value, 43);
	lost_updates_loss(rec, &loss);
	ck_assert_uint_eq(loss.n, 1);
	ck_assert_int_eq(loss.victim[0].tid, A);
	ck_assert_int_eq(loss.victim[0].amount, 1);
	ck_assert_int_eq(loss.back, 0);
	ck_assert_int_eq(loss.other, 0);

	static const struct {
		int32_t tid;
		bool store;
	} want[] = {{A, false}, {B, false}, {A, true}, {B, true}};

	ck_assert_uint_eq(lost_updates_rows(rec, rows), 4);
	for (unsigned i = 0; i < 4; i++) {
		ck_assert_int_eq(rows[i].add->tid, want[i].tid);
		ck_assert(rows[i].store == want[i].store);
		ck_assert(rows[i].fatal == (i == 3));
	}
}

START_TEST(a_pair_is_complete)
{
	add(A, 100, 200, 42, C, 42, C);
	add(B, 110, 210, 42, C, 43, A);
	check_pair();
	ck_assert_uint_eq(r->seen, 1);
	ck_assert_ptr_null(lost_updates_at(r, 1));
}
END_TEST

/* B's ring is read before A's. */
START_TEST(a_victim_may_come_later)
{
	add(B, 110, 210, 42, C, 43, A);
	ck_assert(!newest()->complete);
	ck_assert_uint_eq(newest()->n, 0);
	add(A, 100, 200, 42, C, 42, C);
	check_pair();
	ck_assert_uint_eq(r->seen, 1);
}
END_TEST

/* Its time stamp is taken after the store, so it may be the later one. */
START_TEST(stamps_do_not_decide_the_order_of_stores)
{
	struct lost_updates_row rows[RACES_ROWS];

	add(A, 100, 230, 42, C, 42, C);
	add(B, 110, 210, 42, C, 43, A);
	check_pair();
	lost_updates_rows(newest(), rows);
	ck_assert_uint_eq(rows[2].ns, 230);
	ck_assert_uint_eq(rows[3].ns, 230);
}
END_TEST

/* C reads 10; A stores 11, then B, which has read that, 12; C wipes both. */
START_TEST(a_chain_names_all_whose_amount_is_lost)
{
	struct lost_updates_loss loss;

	add(B, 300, 400, 11, A, 11, A);
	load(C, 50, 10, 0);
	store(C, 500, 10, 15, 12, B);
	ck_assert(!newest()->complete);
	ck_assert_uint_eq(newest()->n, 1);
	lost_updates_loss(newest(), &loss);
	ck_assert_int_eq(loss.other, 1); /* whose, is not known yet */
	add(A, 100, 200, 10, 0, 10, 0);
	ck_assert(newest()->complete);
	ck_assert_uint_eq(newest()->n, 2);
	lost_updates_loss(newest(), &loss);
	ck_assert_uint_eq(loss.n, 2);
	ck_assert_int_eq(loss.victim[0].tid, B);
	ck_assert_int_eq(loss.victim[1].tid, A);
	ck_assert_int_eq(loss.other, 0);
	ck_assert_int_eq(lost_updates_expected(newest()), 17);
}
END_TEST

/* All three read 10; A's amount is B's victim, and only B's is C's. */
START_TEST(what_was_wiped_out_already_is_not_lost_again)
{
	struct lost_updates_loss loss;

	load(A, 1, 10, 0);
	load(B, 2, 10, 0);
	load(C, 3, 10, 0);
	store(A, 10, 10, 11, 10, 0);
	store(B, 20, 10, 11, 11, A);
	store(C, 30, 10, 11, 11, B);
	ck_assert_uint_eq(r->seen, 2);
	ck_assert(newest()->complete);
	ck_assert_uint_eq(newest()->n, 2);
	lost_updates_loss(newest(), &loss);
	ck_assert_uint_eq(loss.n, 1);
	ck_assert_int_eq(loss.victim[0].tid, B);
	ck_assert_int_eq(loss.victim[0].amount, 1);
	ck_assert_int_eq(loss.other, 0);
}
END_TEST

/*
 * A has read 5 long ago; C reads 9, A stores 6, C stores 10 over it: 1 of A is
 * lost, and the 4 that A had wiped out are back.
 */
START_TEST(what_a_victim_wiped_out_may_come_back)
{
	struct lost_updates_loss loss;

	load(A, 1, 5, 0);
	load(C, 50, 9, B);
	store(A, 60, 5, 6, 9, B);
	store(C, 70, 9, 10, 6, A);
	ck_assert(newest()->complete);
	ck_assert_int_eq(lost_updates_lost(&newest()->culprit), -3);
	lost_updates_loss(newest(), &loss);
	ck_assert_uint_eq(loss.n, 1);
	ck_assert_int_eq(loss.victim[0].amount, 1);
	ck_assert_int_eq(loss.back, 4);
	ck_assert_int_eq(loss.by, A);
	ck_assert_int_eq(loss.other, 0);
}
END_TEST

/* The same value of the same thread, from before and of another time. */
START_TEST(an_old_store_is_not_taken_for_the_missing_one)
{
	add(A, 10, 20, 42, C, 42, C);
	add(B, 110, 210, 42, C, 43, A);
	ck_assert(!newest()->complete);
	ck_assert_uint_eq(newest()->n, 0);
	add(A, 300, 400, 42, C, 42, C); /* begun when it was all over */
	ck_assert(!newest()->complete);
	add(A, 100, 200, 42, C, 42, C);
	check_pair();
}
END_TEST

START_TEST(the_last_writer_is_known_of_a_partial_one)
{
	load(B, 110, 42, C);
	store(B, 210, 42, 43, 50, A);
	ck_assert(!newest()->complete);
	ck_assert_int_eq(newest()->culprit.over, A);
	ck_assert_int_eq(lost_updates_lost(&newest()->culprit), 8);
	ck_assert_uint_eq(r->npairs, 1);
}
END_TEST

/* B's store replaced the same value that it wrote: it is not its own victim. */
START_TEST(no_store_is_in_a_chain_twice)
{
	add(A, 1, 3, 30, 0, 31, 0);
	add(B, 2, 4, 30, 0, 31, 0);
	ck_assert_uint_eq(newest()->n, 1);
	ck_assert(!newest()->complete);
}
END_TEST

/* As a foreign program may write it: no flag, and only the amount in LOST. */
START_TEST(a_loss_without_what_was_read)
{
	struct frame f;

	add(A, 100, 200, 42, 0, 42, 0);
	load(B, 110, 42, 0);
	store(B, 210, 42, 43, 42, 0);
	f = event(B, 211, TRACE_LOST, 0, 1, A);
	lost_updates_apply(r, &f);
	check_pair();
}
END_TEST

/* A load, or the store before a LOST, did not come. */
START_TEST(events_may_be_missing)
{
	struct frame f = event(B, 5, TRACE_LOST, 42, 1, A);

	lost_updates_apply(r, &f);
	ck_assert_uint_eq(r->seen, 1);
	ck_assert_ptr_null(lost_updates_at(r, 0));
	store(A, 200, 42, 43, 42, C);
	store(B, 210, 42, 43, 43, A);
	ck_assert_uint_eq(r->seen, 2);
	ck_assert(newest()->complete);
	ck_assert_uint_eq(newest()->culprit.loaded, 0);
	/* A store of another add than the one that was loaded for. */
	load(A, 300, 99, C);
	store(A, 310, 50, 51, 43, B);
	ck_assert_uint_eq(newest()->culprit.loaded, 0);
}
END_TEST

/* Each process has a sum of its own: the same numbers elsewhere are others. */
START_TEST(private_sums_are_not_mixed)
{
	r->apart = true;
	add(100 + A, 100, 200, 42, 0, 42, 0);
	add(B, 110, 210, 42, 0, 43, 0);
	ck_assert(!newest()->complete);
	add(A, 100, 200, 42, 0, 42, 0);
	ck_assert(newest()->complete);
	ck_assert_int_eq(newest()->between[0].tid, A);
}
END_TEST

/* A complete one in the place of one that is not, where there are too many. */
START_TEST(too_many_are_only_counted)
{
	for (int i = 0; i < 3 * RACES_BURST; i++)
		add(B, 1000, 2000, 10, C, 500, C);
	ck_assert_uint_eq(r->seen, 3 * RACES_BURST);
	ck_assert_uint_eq(r->records, RACES_BURST);
	add(A, 1000, 2001, 42, C, 42, C);
	add(B, 1100, 2002, 42, C, 43, A);
	ck_assert_uint_eq(r->records, RACES_BURST);
	check_pair();
	/* And with time there is room again. */
	for (uint64_t i = 1; i <= RACES_RECORDS; i++)
		add(B, i * 1000000000, i * 1000000000 + 5, 10, C, 500, C);
	ck_assert_uint_eq(r->records, RACES_BURST + RACES_RECORDS);
	ck_assert_ptr_null(lost_updates_at(r, RACES_RECORDS));
	ck_assert_ptr_null(lost_updates_find(r, RACES_BURST));
	ck_assert_ptr_nonnull(lost_updates_find(r, RACES_BURST + 1));
}
END_TEST

/* More stores in between than there is room for, and more adds. */
START_TEST(a_chain_too_long_is_cut)
{
	load(C, 1, 0, 0);
	for (int i = 0; i < RACES_CHAIN + 3; i++)
		add(i % 2 ? A : B, (uint64_t)(10 + i), (uint64_t)(12 + i), i,
		    i == 0      ? 0
			: i % 2 ? B
				: A,
		    i,
		    i == 0      ? 0
			: i % 2 ? B
				: A);
	store(C, 5000, 0, 1, RACES_CHAIN + 3, RACES_CHAIN % 2 ? A : B);
	ck_assert(!newest()->complete);
	ck_assert_uint_eq(newest()->n, RACES_CHAIN);

	struct lost_updates_row rows[RACES_ROWS];
	struct lost_updates_loss loss;

	ck_assert_uint_le(lost_updates_rows(newest(), rows), RACES_ROWS);
	lost_updates_loss(newest(), &loss);
	ck_assert_int_eq(loss.other, 3);
}
END_TEST

START_TEST(adds_are_let_go)
{
	add(A, 100, 200, 42, C, 42, C);
	for (int i = 0; i < RACES_ADDS; i++)
		add(C, 100, 200, 1000 + i, 0, 1000 + i, 0);
	add(B, 110, 210, 42, C, 43, A);
	ck_assert(!newest()->complete);
}
END_TEST

START_TEST(who_overwrote_whom_is_counted)
{
	unsigned found = 0;

	for (int i = 0; i < 5; i++)
		add(B, 110, 210, 42, C, 43, A);
	for (int32_t tid = 1; tid <= RACES_PAIRS; tid++)
		add(1000 + tid, 110, 210, 42, C, 43, A);
	for (unsigned i = 0; i < RACES_PAIRS; i++)
		if (r->pair[i].culprit == B && r->pair[i].victim == A) {
			ck_assert_uint_eq(r->pair[i].times, 5);
			found++;
		}
	ck_assert_uint_eq(found, 1);
	ck_assert_uint_eq(r->npairs, RACES_PAIRS * 3 / 4);
	ck_assert_uint_eq(r->unpaired, RACES_PAIRS - r->npairs + 1);
}
END_TEST

START_TEST(an_open_add_is_known)
{
	ck_assert_ptr_null(lost_updates_open_add(r, A));
	load(A, 100, 42, C);
	ck_assert_int_eq(lost_updates_open_add(r, A)->seen, 42);
	store(A, 200, 42, 43, 42, C);
	ck_assert_ptr_null(lost_updates_open_add(r, A));
}
END_TEST

/* ---- as part of a model ---- */

static void
apply(struct model *m, const struct frame *f)
{
	ck_assert_int_eq(frame_check(f), FRAME_OK);
	model_apply(m, f);
}

static struct model *
model_with_pair(void)
{
	struct model *m = model_new();
	struct frame f = {.type = FRAME_HELLO, .version = FRAME_VERSION};

	memcpy(f.hello.magic, FRAME_MAGIC, sizeof f.hello.magic);
	f.hello.wire = FRAME_VERSION;
	apply(m, &f);
	for (int i = 0; i < 2; i++) {
		int32_t tid = i == 0 ? A : B;

		f = event(tid, 100 + (uint64_t)i, TRACE_LOAD, 42, 0, C);
		f.version = FRAME_VERSION;
		apply(m, &f);
		f = event(tid, 200 + (uint64_t)i, TRACE_STORE, 42, 43,
		    i == 0 ? C : A);
		f.version = FRAME_VERSION;
		f.trace.flags = i == 1 ? TRACE_LOSES : 0;
		apply(m, &f);
	}
	f = event(B, 201, TRACE_LOST, 42, 1, A);
	f.version = FRAME_VERSION;
	apply(m, &f);
	return m;
}

START_TEST(it_is_told_in_words)
{
	struct model *m = model_with_pair();
	char text[512];

	race_sentence(m, lost_updates_at(&m->races, 0), text, sizeof text);
	ck_assert_str_eq(text,
	    "tid 22 read 42 before tid 11 stored 43, and stored 43 over it: "
	    "1 of tid 11 is lost");
	race_victims(m, lost_updates_at(&m->races, 0), text, sizeof text);
	ck_assert_str_eq(text, "tid 11");
	model_free(m);
}
END_TEST

START_TEST(a_restart_forgets)
{
	struct model *m = model_with_pair();
	struct frame f = {.type = FRAME_HELLO, .version = FRAME_VERSION};

	ck_assert_uint_eq(m->races.records, 1);
	memcpy(f.hello.magic, FRAME_MAGIC, sizeof f.hello.magic);
	f.hello.wire = FRAME_VERSION;
	apply(m, &f);
	ck_assert_uint_eq(m->races.records, 0);
	ck_assert_uint_eq(m->races.seen, 0);
	ck_assert_uint_eq(m->races.adds, 0);
	ck_assert_ptr_null(lost_updates_at(&m->races, 0));
	model_free(m);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("lost_updates");
	TCase *const cases[] = {t, NULL};

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_pair_is_complete);
	tcase_add_test(t, a_victim_may_come_later);
	tcase_add_test(t, stamps_do_not_decide_the_order_of_stores);
	tcase_add_test(t, a_chain_names_all_whose_amount_is_lost);
	tcase_add_test(t, what_was_wiped_out_already_is_not_lost_again);
	tcase_add_test(t, what_a_victim_wiped_out_may_come_back);
	tcase_add_test(t, an_old_store_is_not_taken_for_the_missing_one);
	tcase_add_test(t, the_last_writer_is_known_of_a_partial_one);
	tcase_add_test(t, a_loss_without_what_was_read);
	tcase_add_test(t, no_store_is_in_a_chain_twice);
	tcase_add_test(t, events_may_be_missing);
	tcase_add_test(t, private_sums_are_not_mixed);
	tcase_add_test(t, too_many_are_only_counted);
	tcase_add_test(t, a_chain_too_long_is_cut);
	tcase_add_test(t, adds_are_let_go);
	tcase_add_test(t, who_overwrote_whom_is_counted);
	tcase_add_test(t, an_open_add_is_known);
	tcase_add_test(t, it_is_told_in_words);
	tcase_add_test(t, a_restart_forgets);
	return suite_run("lost_updates", cases);
}
