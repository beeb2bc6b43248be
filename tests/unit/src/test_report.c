/* test_report: what a full pipe does to a push, a state and an event. */
#include "slot/trace.h"
#include "supervisor/report_trace.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "crowd.h"
#include "suite.h"

#define SMALL 4096 /* bytes of pipe: one batch */
#define MANY  5000

/* What came out of the pipe. */
struct seen {
	struct frame frames[2 * MANY];
	unsigned n;
	uint32_t next; /* sequence number expected */
	uint64_t gap;  /* frames that the numbers say were dropped */
};

static struct seen seen;
static struct report report;
static int ends[2];

static void
setup(void)
{
	MUST(pipe(ends) == 0);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fcntl(ends[1], F_SETPIPE_SZ, SMALL);
	signal(SIGPIPE, SIG_IGN);
	report_init(&report, ends[1], false);
}

static void
teardown(void)
{
	report_free(&report);
}

static void
read_all(void)
{
	static struct frame f[FRAME_BATCH];
	ssize_t n;

	while ((n = read(ends[0], f, sizeof f)) > 0) {
		ck_assert_int_eq(n % FRAME_SIZE, 0);
		for (size_t i = 0; i < (size_t)n / FRAME_SIZE; i++) {
			ck_assert_uint_lt(seen.n, 2 * MANY);
			ck_assert_uint_eq(f[i].version, FRAME_VERSION);
			ck_assert_uint_gt(f[i].ns, 0);
			seen.gap += f[i].seq - seen.next;
			seen.next = f[i].seq + 1;
			seen.frames[seen.n++] = f[i];
		}
	}
}

static void
push(int32_t number)
{
	struct frame f = {.type = FRAME_PROC, .pid = number};

	report_push(&report, &f);
}

static struct frame
state(int32_t pid, uint64_t tasks)
{
	return (struct frame){.type = FRAME_THREAD,
	    .pid = pid,
	    .tid = pid,
	    .thread = {.tasks = tasks}};
}

static void
offer(int32_t pid, uint64_t tasks, struct frame *sent)
{
	struct frame f = state(pid, tasks);

	report_offer(&report, &f, sent);
}

START_TEST(pushed_frames_come_in_order)
{
	for (int32_t i = 0; i < 100; i++)
		push(i);
	report_begin(&report);
	read_all();
	report_begin(&report);
	read_all();
	ck_assert_uint_eq(seen.n, 100);
	ck_assert_uint_eq(seen.gap, 0);
	for (int32_t i = 0; i < 100; i++)
		ck_assert_int_eq(seen.frames[i].pid, i);
}
END_TEST

START_TEST(no_pushed_frame_is_lost_in_a_full_pipe)
{
	for (int32_t i = 0; i < MANY; i++) {
		push(i);
		if (i % 7 == 0)
			report_begin(&report);
		if (i % 100 == 0)
			read_all();
	}
	while (report.npending > 0) {
		report_begin(&report);
		read_all();
	}
	read_all();
	ck_assert_uint_eq(seen.n, MANY);
	ck_assert_uint_eq(seen.gap, 0);
	ck_assert_uint_eq(report.dropped, 0);
	for (int32_t i = 0; i < MANY; i++)
		ck_assert_int_eq(seen.frames[i].pid, i);
}
END_TEST

START_TEST(what_is_beyond_the_bound_is_a_counted_gap)
{
	for (int32_t i = 0; i < 70000; i++)
		push(i);
	ck_assert_uint_eq(report.npending + report.dropped, 70000);
	ck_assert_uint_gt(report.dropped, 0);
	ck_assert_uint_eq(report.seq, report.dropped);
}
END_TEST

START_TEST(a_state_is_sent_when_it_changes)
{
	struct frame sent = {0};

	for (int round = 0; round < 3; round++) {
		report_begin(&report);
		offer(5, 1, &sent);
		report_flush(&report);
	}
	read_all();
	ck_assert_uint_eq(seen.n, 1);
	offer(5, 2, &sent);
	report_flush(&report);
	read_all();
	ck_assert_uint_eq(seen.n, 2);
	ck_assert_uint_eq(seen.frames[1].thread.tasks, 2);
}
END_TEST

static void
fill(void)
{
	struct frame f[FRAME_BATCH] = {{.version = FRAME_VERSION, .ns = 1}};

	for (unsigned i = 0; i < FRAME_BATCH; i++)
		f[i] =
		    (struct frame){.version = FRAME_VERSION, .ns = 1, .seq = i};
	while (write(ends[1], f, sizeof f) > 0)
		;
	report.seq = FRAME_BATCH; /* as if these were ours */
}

START_TEST(a_state_heals_after_a_full_pipe)
{
	static struct frame sent[200];

	fill();
	for (uint64_t round = 0; round < 5; round++) {
		report_begin(&report);
		for (int32_t i = 0; i < 200; i++)
			offer(i, round, &sent[i]);
		report_flush(&report);
		ck_assert(report.full);
	}
	for (int round = 0; round < 5; round++) {
		read_all();
		report_begin(&report);
		for (int32_t i = 0; i < 200; i++)
			offer(i, 5, &sent[i]);
		report_flush(&report);
	}
	read_all();
	ck_assert_uint_eq(seen.n, FRAME_BATCH + 200);
	ck_assert_uint_eq(seen.gap, 0);
	for (unsigned i = FRAME_BATCH; i < seen.n; i++)
		ck_assert_uint_eq(seen.frames[i].thread.tasks, 5);
}
END_TEST

START_TEST(how_long_is_told_but_not_compared)
{
	struct frame sent = {0}, f = state(5, 1);

	f.ns = now_ns() - 2 * NSEC_PER_SEC;
	report_offer(&report, &f, &sent);
	report_offer(&report, &f, &sent);
	report_flush(&report);
	report_offer(&report, &f, &sent);
	report_flush(&report);
	read_all();
	ck_assert_uint_ge(seen.frames[0].thread.since_us, 2000000);
	ck_assert_uint_le(seen.n, 2);
	ck_assert_mem_eq(&sent, &f, sizeof f);
}
END_TEST

static struct trace_control control;
static struct thread_slot tslots[2] = {
    {.control = &control, .id = 1, .slot = 1},
    {.control = &control, .id = 2, .slot = 1, .index = 0},
};

static uint64_t tail, untraced;

static void
trace_round(unsigned events, bool keep)
{
	for (unsigned i = 0; i < events; i++)
		trace_write(&tslots[0], 1000 + i, TRACE_LOST, i, i, 2);
	report_begin(&report);
	report_trace(&report, &tslots[0], 77, tslots, &tail, &untraced, keep);
	report_flush(&report);
}

START_TEST(events_come_as_they_were)
{
	atomic_store(&tslots[0].tid, 100);
	atomic_store(&tslots[1].tid, 200);
	trace_round(10, false);
	trace_round(5, false);
	read_all();
	ck_assert_uint_eq(seen.n, 15);
	ck_assert_uint_eq(seen.gap, 0);
	const struct frame *f = &seen.frames[3];
	ck_assert_uint_eq(f->type, FRAME_TRACE);
	ck_assert_uint_eq(f->ns, 1003);
	ck_assert_int_eq(f->pid, 77);
	ck_assert_int_eq(f->tid, 100);
	ck_assert_uint_eq(f->trace.op, TRACE_LOST);
	ck_assert_int_eq(f->trace.other, 200);
	ck_assert_int_eq(f->trace.value, 3);
	ck_assert_uint_eq(f->trace.slot, 1);
}
END_TEST

/* However many are overwritten or refused: come plus gap is made. */
START_TEST(lost_events_are_a_counted_gap)
{
	unsigned made = 0;

	for (unsigned round = 0; round < 40; round++) {
		unsigned n = round * 13 % (2 * TRACE_EVENTS);

		trace_round(n, false);
		made += n;
		if (round % 3 == 0)
			read_all();
	}
	for (unsigned i = 0; i < 5; i++) {
		read_all();
		trace_round(0, false);
	}
	push(1); /* its number tells of the last gap */
	report_begin(&report);
	read_all();
	ck_assert_uint_gt(seen.gap, 0);
	ck_assert_uint_eq(seen.n - 1 + seen.gap, made);
	ck_assert_uint_eq(seen.gap, report.dropped);
}
END_TEST

START_TEST(the_last_events_of_the_dead_are_kept)
{
	fill();
	trace_round(50, true);
	ck_assert_uint_eq(report.dropped, 0);
	for (int i = 0; i < 3; i++) {
		read_all();
		report_begin(&report);
		if (tail < 50)
			trace_round(0, true);
	}
	read_all();
	ck_assert_uint_eq(seen.n, FRAME_BATCH + 50);
	ck_assert_uint_eq(seen.gap, 0);
}
END_TEST

START_TEST(steps_not_traced_are_a_gap)
{
	tslots[0].index = 1; /* a pool thread's */
	SLOT_BUMP(tslots[0].tasks, 10);
	trace_round(6, false);
	push(1);
	report_begin(&report);
	read_all();
	ck_assert_uint_eq(seen.gap, 2 * 10 - 6);
	trace_round(0, false);
	ck_assert_uint_eq(report.dropped, 2 * 10 - 6);
}
END_TEST

START_TEST(a_broken_reader_is_noticed)
{
	close(ends[0]);
	push(1);
	report_begin(&report);
	ck_assert(report.broken);
}
END_TEST

START_TEST(a_full_pipe_is_no_broken_one)
{
	fill();
	push(1);
	report_begin(&report);
	ck_assert(report.full);
	ck_assert(!report.broken);
	read_all();
	report_begin(&report);
	ck_assert(!report.full);
	ck_assert_uint_eq(report.npending, 0);
}
END_TEST

START_TEST(texts_are_pushed)
{
	char text[600];

	memset(text, 'x', sizeof text - 1);
	text[599] = '\0';
	report_text(&report, TEXT_TITLE, 3, 9, "hello");
	report_log(&report, "%s %d", "number", 5);
	report_text(&report, TEXT_LESSON, 0, 9, text);
	report_begin(&report);
	read_all();
	ck_assert_uint_eq(seen.n, 2 + FRAME_TEXT_PARTS);
	ck_assert_int_eq(seen.frames[0].pid, 9);
	ck_assert_uint_eq(seen.frames[0].text.index, 3);
	ck_assert_mem_eq(seen.frames[0].text.text, "hello", 5);
	ck_assert_uint_eq(seen.frames[1].text.kind, TEXT_LOG);
	ck_assert_mem_eq(seen.frames[1].text.text, "number 5", 8);
}
END_TEST

START_TEST(with_nobody_to_tell_nothing_is_kept)
{
	struct report none;
	struct frame f = state(1, 1), sent = {0};

	report_init(&none, -1, false);
	report_push(&none, &f);
	report_offer(&none, &f, &sent);
	report_begin(&none);
	report_flush(&none);
	ck_assert_uint_eq(none.npending, 0);
	ck_assert(!none.broken);
	report_free(&none);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("report");
	TCase *const cases[] = {t, NULL};

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, pushed_frames_come_in_order);
	tcase_add_test(t, no_pushed_frame_is_lost_in_a_full_pipe);
	tcase_add_test(t, what_is_beyond_the_bound_is_a_counted_gap);
	tcase_add_test(t, a_state_is_sent_when_it_changes);
	tcase_add_test(t, a_state_heals_after_a_full_pipe);
	tcase_add_test(t, how_long_is_told_but_not_compared);
	tcase_add_test(t, events_come_as_they_were);
	tcase_add_test(t, lost_events_are_a_counted_gap);
	tcase_add_test(t, the_last_events_of_the_dead_are_kept);
	tcase_add_test(t, steps_not_traced_are_a_gap);
	tcase_add_test(t, a_broken_reader_is_noticed);
	tcase_add_test(t, a_full_pipe_is_no_broken_one);
	tcase_add_test(t, texts_are_pushed);
	tcase_add_test(t, with_nobody_to_tell_nothing_is_kept);
	return suite_run("report", cases);
}
