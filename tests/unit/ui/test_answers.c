/* test_answers: rings, histories, and what is made of the numbers. */
#include "model/model.h"

#include "streamgen.h"
#include "suite.h"

static void
apply_all(struct model *m, const struct streamgen *g)
{
	for (size_t i = 0; i < g->n; i++)
		model_apply(m, &g->frame[i]);
}

START_TEST(rings_keep_the_newest)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	for (unsigned i = 0; i < MODEL_MAX_TRACE + 10; i++)
		streamgen_add(&g, FRAME_TRACE)->trace =
		    (struct frame_trace){.op = TRACE_GET, .value = i};
	apply_all(m, &g);
	for (unsigned i = 0; i < MODEL_MAX_LOG + 10; i++)
		model_note(m, &"abc"[i % 3], 1);
	ck_assert_int_eq(
	    model_trace_event(m, 0)->trace.value, MODEL_MAX_TRACE + 9);
	ck_assert_int_eq(
	    model_trace_event(m, MODEL_MAX_TRACE - 1)->trace.value, 10);
	ck_assert_ptr_eq(model_trace_event(m, MODEL_MAX_TRACE), NULL);
	ck_assert_str_eq(model_log_line(m, 0)->text, "c");
	ck_assert_ptr_ne(model_log_line(m, MODEL_MAX_LOG - 1), NULL);
	ck_assert_ptr_eq(model_log_line(m, MODEL_MAX_LOG), NULL);
	ck_assert_uint_eq(m->frames, MODEL_MAX_TRACE + 10);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

/* One QUEUE frame every `step` ns, its depth counting up. */
static void
queue_every(struct streamgen *g, uint64_t step, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct frame *f = streamgen_add(g, FRAME_ITEM_QUEUE);

		f->ns = STREAMGEN_START + i * step;
		f->item_queue = (struct frame_item_queue){
		    .put = 2 * i, .done = i, .queued = i};
	}
}

START_TEST(histories_follow_the_frames_time)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	queue_every(&g, MODEL_SAMPLE_NS / 5, 51); /* ten samples */
	apply_all(m, &g);
	ck_assert_uint_eq(m->depth.n, 10);
	ck_assert_double_eq(m->depth.at[0], 5);
	ck_assert_double_eq(m->depth.at[9], 50);
	ck_assert_double_eq_tol(m->items_per_s, 20, 0.01);
	ck_assert_double_eq_tol(m->frames_per_s, 20, 0.01);

	struct frame late = g.frame[50];

	late.ns += 4 * MODEL_SAMPLE_NS; /* a silence of four samples */
	model_apply(m, &late);
	ck_assert_uint_eq(m->depth.n, 14);
	late.ns += 1ULL << 62; /* a damaged stamp */
	model_apply(m, &late);
	ck_assert_uint_eq(m->depth.n, MODEL_HISTORY);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(histories_have_an_end)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	queue_every(&g, MODEL_SAMPLE_NS, MODEL_HISTORY + 51);
	apply_all(m, &g);
	ck_assert_uint_eq(m->depth.n, MODEL_HISTORY);
	ck_assert_double_eq(m->depth.at[0], 51);
	ck_assert_double_eq(m->depth.at[MODEL_HISTORY - 1], MODEL_HISTORY + 50);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(ledger)
{
	static const struct {
		struct frame_sum sum;
		enum model_ledger shared, private, ended;
	} row[] = {
	    {{.sum = 5, .lost = 2, .expected = 7}, LEDGER_HOLDS, LEDGER_HOLDS,
		LEDGER_HOLDS},
	    {{.sum = 5, .lost = 2, .expected = 8}, LEDGER_BROKEN,
		LEDGER_SETTLING, LEDGER_BROKEN},
	    {{.sum = 5, .lost = 2, .expected = 8, .adding = 1}, LEDGER_SETTLING,
		LEDGER_SETTLING, LEDGER_BROKEN},
	    {{.sum = 5, .lost = 2, .expected = 8, .in_doubt = 1}, LEDGER_DOUBT,
		LEDGER_SETTLING, LEDGER_DOUBT},
	    {{.sum = 5, .lost = -2, .expected = 3, .in_doubt = 1}, LEDGER_HOLDS,
		LEDGER_HOLDS, LEDGER_HOLDS},
	    {{.sum = INT64_MAX, .lost = INT64_MAX, .expected = -2},
		LEDGER_HOLDS, LEDGER_HOLDS, LEDGER_HOLDS},
	};
	struct streamgen g = {0};
	struct model *m = model_new();

	streamgen_add(&g, FRAME_SUM)->sum = row[_i].sum;
	apply_all(m, &g);
	ck_assert_int_eq(model_ledger(m), row[_i].shared);
	m->control.sum_mode = SUM_PRIVATE;
	ck_assert_int_eq(model_ledger(m), row[_i].private);
	m->ended = true;
	ck_assert_int_eq(model_ledger(m), row[_i].ended);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(time_goes_on_until_the_end)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	ck_assert_uint_eq(model_elapsed(m), 0);
	streamgen_scenario(&g, "hybrid", 300);
	apply_all(m, &g);
	ck_assert_uint_ge(model_elapsed(m), 299 * STREAMGEN_TICK);
	ck_assert_uint_lt(model_elapsed(m), 301 * STREAMGEN_TICK);
	ck_assert_uint_gt(model_left(m), 7000000000);
	ck_assert_uint_lt(model_left(m), 15000000000);
	model_reset(m);
	g.n = 0;
	g.seq = 0;
	g.ns = 0;
	streamgen_scenario(&g, "hybrid", 0);
	apply_all(m, &g);
	ck_assert_uint_eq(model_elapsed(m), m->bye.elapsed);
	ck_assert_uint_eq(model_left(m), 0);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

static TCase *
answers(void)
{
	TCase *t = tcase_create("answers");

	tcase_add_test(t, rings_keep_the_newest);
	tcase_add_test(t, histories_follow_the_frames_time);
	tcase_add_test(t, histories_have_an_end);
	tcase_add_loop_test(t, ledger, 0, 6);
	tcase_add_test(t, time_goes_on_until_the_end);
	return t;
}

int
main(void)
{
	TCase *const cases[] = {answers(), NULL};

	return suite_run("answers", cases);
}
