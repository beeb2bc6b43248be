/* test_frame: checking, reassembling and cutting. */
#include "lockstep/frame.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"

#define MANY 40

struct seen {
	struct frame frame[MANY * 2];
	unsigned n;
};

static void
keep(const struct frame *f, void *arg)
{
	struct seen *s = arg;

	ck_assert_uint_lt(s->n, MANY * 2);
	s->frame[s->n++] = *f;
}

static struct frame
hello(void)
{
	struct frame f = {.type = FRAME_HELLO, .version = FRAME_VERSION};

	memcpy(f.hello.magic, FRAME_MAGIC, sizeof f.hello.magic);
	f.hello.wire = FRAME_VERSION;
	strcpy(f.hello.demo, "test");
	return f;
}

static void
make(struct frame out[MANY])
{
	out[0] = hello();
	for (unsigned i = 1; i < MANY; i++)
		out[i] = (struct frame){.type = FRAME_THREAD,
		    .version = FRAME_VERSION,
		    .seq = i,
		    .ns = i * 1000,
		    .pid = 10,
		    .tid = (int32_t)(10 + i),
		    .thread = {.slot = 1,
			.index = (uint16_t)i,
			.state = (uint8_t)(i % STATE_COUNT),
			.tasks = i}};
}

static void
read_in_chunks(const struct frame in[MANY], size_t step)
{
	struct frame_reader r = {0};
	struct seen s = {.n = 0};
	const unsigned char *p = (const unsigned char *)in;
	size_t size = MANY * FRAME_SIZE;

	for (size_t at = 0; at < size; at += step)
		frame_read(
		    &r, p + at, size - at < step ? size - at : step, keep, &s);
	ck_assert_uint_eq(s.n, MANY);
	ck_assert_mem_eq(s.frame, in, size);
	ck_assert_uint_eq(r.garbage, 0);
	ck_assert_uint_eq(r.offset, size);
}

START_TEST(chunks_of_any_length)
{
	struct frame in[MANY];

	make(in);
	for (size_t step = 1; step < 200; step++)
		read_in_chunks(in, step);
}
END_TEST

static void
read_with_junk(const struct frame in[MANY], size_t len)
{
	struct frame_reader r = {0};
	struct seen s = {.n = 0};
	unsigned char junk[256];

	for (size_t i = 0; i < sizeof junk; i++)
		junk[i] = (unsigned char)(rand() % 200); /* no version */
	frame_read(&r, in, FRAME_SIZE * 10, keep, &s);
	frame_read(&r, junk, len, keep, &s);
	frame_read(&r, in + 10, FRAME_SIZE * (MANY - 10), keep, &s);
	ck_assert_uint_eq(s.n, MANY);
	ck_assert_mem_eq(s.frame, in, MANY * FRAME_SIZE);
	ck_assert_uint_eq(r.garbage, len);
	ck_assert_uint_eq(r.damage, FRAME_SIZE * 10);
	ck_assert(!r.lost);
}

START_TEST(garbage_costs_no_good_frame)
{
	struct frame in[MANY];

	make(in);
	srand(1);
	for (size_t len = 1; len < 200; len++)
		read_with_junk(in, len);
}
END_TEST

START_TEST(a_bad_frame_is_skipped)
{
	struct frame_reader r = {0};
	struct frame in[MANY];
	struct seen s = {.n = 0};

	make(in);
	in[5].thread.slot = FRAME_MAX_SLOTS;
	frame_read(&r, in, sizeof in, keep, &s);
	ck_assert_uint_eq(s.n, MANY - 1);
	ck_assert_uint_eq(s.frame[5].seq, 6);
	ck_assert_uint_eq(r.garbage, FRAME_SIZE);
	ck_assert_uint_eq(r.damage, 5 * FRAME_SIZE);
}
END_TEST

START_TEST(unknown_types_are_skipped)
{
	struct frame_reader r = {0};
	struct frame in[MANY];
	struct seen s = {.n = 0};

	make(in);
	in[7].type = 200;
	frame_read(&r, in, sizeof in, keep, &s);
	ck_assert_uint_eq(s.n, MANY - 1);
	ck_assert_uint_eq(r.unknown, 1);
	ck_assert_uint_eq(r.garbage, 0);
}
END_TEST

START_TEST(a_torn_tail_stays)
{
	struct frame_reader r = {0};
	struct frame in[MANY];
	struct seen s = {.n = 0};

	make(in);
	frame_read(&r, in, sizeof in - 5, keep, &s);
	ck_assert_uint_eq(s.n, MANY - 1);
	ck_assert_uint_eq(r.have, FRAME_SIZE - 5);
}
END_TEST

/* One frame per row: well-formed but for one value. */
static struct frame
spoilt(int row)
{
	struct frame f = hello();

	switch (row) {
	case 0:
		f.version = 1;
		break;
	case 1:
		f.pid = -1;
		break;
	case 2:
		f.tid = -1;
		break;
	case 3:
		f.hello.magic[7] = 'p';
		break;
	case 4:
		f.hello.wire = 7;
		break;
	case 5:
		memset(f.hello.demo, 'x', sizeof f.hello.demo);
		break;
	case 6:
		f.type = FRAME_BYE;
		f.bye = (struct frame_bye){.outcome = OUTCOME_HUNG + 1};
		break;
	case 7:
		f.type = FRAME_TEXT;
		f.text = (struct frame_text_body){.parts = 0};
		break;
	case 8:
		f.type = FRAME_TEXT;
		f.text =
		    (struct frame_text_body){.parts = FRAME_TEXT_PARTS + 1};
		break;
	case 9:
		f.type = FRAME_TEXT;
		f.text = (struct frame_text_body){.parts = 2, .part = 2};
		break;
	case 10:
		f.type = FRAME_TEXT;
		f.text = (struct frame_text_body){
		    .parts = 1, .len = FRAME_TEXT_LEN + 1};
		break;
	case 11:
		f.type = FRAME_PROC;
		f.proc = (struct frame_proc){.slot = FRAME_MAX_SLOTS};
		break;
	case 12:
		f.type = FRAME_PROC;
		f.proc = (struct frame_proc){.threads = FRAME_MAX_THREADS + 1};
		break;
	case 13:
		f.type = FRAME_PROC;
		f.proc = (struct frame_proc){.state = STATE_COUNT};
		break;
	case 14:
		f.type = FRAME_PROC;
		f.proc = (struct frame_proc){.ended = ENDED_STOPPED + 1};
		break;
	case 15:
		f.type = FRAME_THREAD;
		f.thread = (struct frame_thread){.slot = FRAME_MAX_SLOTS};
		break;
	case 16:
		f.type = FRAME_THREAD;
		f.thread =
		    (struct frame_thread){.index = FRAME_MAX_THREADS + 1};
		break;
	case 17:
		f.type = FRAME_THREAD;
		f.thread = (struct frame_thread){.state = STATE_COUNT};
		break;
	case 18:
		f.type = FRAME_CONTROL;
		f.control =
		    (struct frame_control){.speed = 1000, .phase = PHASE_COUNT};
		break;
	case 19:
		f.type = FRAME_CONTROL;
		f.control = (struct frame_control){.speed = 0};
		break;
	case 20:
		f.type = FRAME_CONTROL;
		f.control = (struct frame_control){
		    .speed = 1000, .sum_mode = SUM_PRIVATE + 1};
		break;
	case 21:
		f.type = FRAME_TRACE;
		f.trace = (struct frame_trace){.op = 0};
		break;
	case 22:
		f.type = FRAME_TRACE;
		f.trace = (struct frame_trace){.op = TRACE_COUNT};
		break;
	case 23:
		f.type = FRAME_TRACE;
		f.trace = (struct frame_trace){
		    .op = TRACE_GET, .slot = FRAME_MAX_SLOTS};
		break;
	case 24:
		f.type = FRAME_COMMAND;
		f.command = (struct frame_command_body){.op = 0};
		break;
	case 25:
		f.type = FRAME_COMMAND;
		f.command = (struct frame_command_body){.op = COMMAND_COUNT};
		break;
	case 26:
		f.type = FRAME_LOCK;
		f.lock = (struct frame_lock){.kind = FRAME_MAX_LOCKS};
		break;
	case 27:
		f.type = FRAME_LOCK;
		f.lock = (struct frame_lock){.wanted = UINT16_MAX};
		break;
	case 28:
		f.type = FRAME_CONTROL;
		f.control = (struct frame_control){
		    .speed = 1000, .lock = FRAME_MAX_LOCKS};
		break;
	case 29:
		f.type = FRAME_CONTROL;
		f.control = (struct frame_control){
		    .speed = 1000, .lock_other = UINT8_MAX};
		break;
	case 30:
		f.type = FRAME_CONTROL;
		f.control =
		    (struct frame_control){.speed = 1000, .result = INT32_MIN};
		break;
	case 31:
		f.type = FRAME_CONTROL;
		f.control = (struct frame_control){.speed = 1000, .result = 1};
		break;
	case 32:
		f.type = FRAME_THREAD;
		f.thread =
		    (struct frame_thread){.state = STATE_COUNT, .timed = true};
		break;
	}
	return f;
}

#define SPOILT 33

START_TEST(values_out_of_range_are_bad)
{
	struct frame good = hello(), bad = spoilt(_i);

	ck_assert_int_eq(frame_check(&good), FRAME_OK);
	ck_assert_int_eq(frame_check(&bad), FRAME_BAD);
}
END_TEST

START_TEST(highest_values_are_good)
{
	struct frame f = {.type = FRAME_THREAD,
	    .version = FRAME_VERSION,
	    .thread = {.slot = FRAME_MAX_SLOTS - 1,
		.index = FRAME_MAX_THREADS,
		.state = STATE_COUNT - 1}};

	ck_assert_int_eq(frame_check(&f), FRAME_OK);
	f.type = 99;
	ck_assert_int_eq(frame_check(&f), FRAME_UNKNOWN);
}
END_TEST

/* The byte of a thread's state has a flag, which is no part of the state. */
START_TEST(a_flag_is_no_part_of_a_state)
{
	for (unsigned state = 0; state < STATE_COUNT; state++) {
		struct frame f = {.type = FRAME_THREAD,
		    .version = FRAME_VERSION,
		    .thread = {.state = (uint8_t)state}};

		ck_assert_uint_eq(f.bytes[4], state);
		f.bytes[4] |= 0x80;
		ck_assert_int_eq(frame_check(&f), FRAME_OK);
		ck_assert_uint_eq(f.thread.state, state);
		ck_assert(f.thread.timed);
		f.thread.timed = false;
		ck_assert_uint_eq(f.bytes[4], state);
	}
}
END_TEST

START_TEST(texts_are_cut)
{
	static const struct {
		size_t len, parts, last;
	} row[] = {{0, 1, 0}, {1, 1, 1}, {32, 1, 32}, {33, 2, 1}, {64, 2, 32},
	    {511, 16, 31}, {512, 16, 32}, {600, 16, 32}};
	struct frame f[FRAME_TEXT_PARTS];
	char text[601], back[601] = "";
	size_t len = row[_i].len, kept = len < 512 ? len : 512;

	for (size_t i = 0; i < len; i++)
		text[i] = (char)('a' + i % 26);
	text[len] = '\0';

	int n = frame_from_text(f, TEXT_LOG, 3, text);

	ck_assert_int_eq(n, (int)row[_i].parts);
	ck_assert_uint_eq(f[n - 1].text.len, row[_i].last);
	for (int i = 0; i < n; i++) {
		ck_assert_int_eq(frame_check(&f[i]), FRAME_OK);
		ck_assert_uint_eq(f[i].text.part, i);
		ck_assert_uint_eq(f[i].text.parts, n);
		ck_assert_uint_eq(f[i].text.index, 3);
		strncat(back, f[i].text.text, f[i].text.len);
	}
	ck_assert_uint_eq(strlen(back), kept);
	ck_assert_mem_eq(back, text, kept);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("frame");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, chunks_of_any_length);
	tcase_add_test(t, garbage_costs_no_good_frame);
	tcase_add_test(t, a_bad_frame_is_skipped);
	tcase_add_test(t, unknown_types_are_skipped);
	tcase_add_test(t, a_torn_tail_stays);
	tcase_add_loop_test(t, values_out_of_range_are_bad, 0, SPOILT);
	tcase_add_test(t, highest_values_are_good);
	tcase_add_test(t, a_flag_is_no_part_of_a_state);
	tcase_add_loop_test(t, texts_are_cut, 0, 8);
	return suite_run("frame", cases);
}
