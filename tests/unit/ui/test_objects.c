/* test_objects: what a program has made, said and found, in the model. */
#include "model/model.h"

#include <stdio.h>
#include <string.h>

#include "model/snapshot.h"
#include "streamgen.h"
#include "suite.h"

static struct model *model;
static struct streamgen gen;

static void
begin(void)
{
	gen = (struct streamgen){0};
	model = model_new();
	streamgen_hello(&gen, "demo", 0, 0);
}

/* Everything made so far goes in. */
static void
apply(void)
{
	for (size_t i = 0; i < gen.n; i++) {
		ck_assert_int_eq(frame_check(&gen.frame[i]), FRAME_OK);
		model_apply(model, &gen.frame[i]);
	}
	gen.n = 0;
}

static void
end(void)
{
	model_free(model);
	streamgen_free(&gen);
}

static struct frame_future *
future(unsigned executor, uint32_t number, enum frame_future_state state)
{
	struct frame_future *f = &streamgen_add(&gen, FRAME_FUTURE)->future;

	*f = (struct frame_future){.number = number,
	    .executor = (uint8_t)executor,
	    .state = (uint8_t)state};
	return f;
}

static void
hang(bool hung)
{
	struct frame_control *c = &streamgen_add(&gen, FRAME_CONTROL)->control;

	c->speed = 1000;
	c->start = 1;
	c->program = 1;
	c->hung = hung;
}

static void
thread(unsigned slot, unsigned index, int32_t pid, int32_t tid)
{
	struct frame *f = streamgen_add(&gen, FRAME_THREAD);

	f->pid = pid;
	f->tid = tid;
	f->thread.slot = (uint16_t)slot;
	f->thread.index = (uint16_t)index;
	f->thread.state = STATE_WAIT_JOIN;
}

START_TEST(objects_are_kept_by_their_number)
{
	char buf[MODEL_NAME];

	begin();
	streamgen_text(&gen, TEXT_QUEUE, 255, "numbers");
	struct frame_queue *f = &streamgen_add(&gen, FRAME_QUEUE)->queue;
	*f = (struct frame_queue){
	    .index = 255, .put = 12, .got = 5, .capacity = 10};
	f = &streamgen_add(&gen, FRAME_QUEUE)->queue;
	*f = (struct frame_queue){.index = 1, .flags = QUEUE_PIPE};
	streamgen_add(&gen, FRAME_MUTEX)->mutex.index = 2;
	streamgen_add(&gen, FRAME_EXECUTOR)->executor.index = 3;
	streamgen_text(&gen, TEXT_MUTEX, 2, "printer");
	apply();
	ck_assert(model->queue[255].known && !model->queue[2].known);
	ck_assert_uint_eq(model_depth(&model->queue[255]), 7);
	ck_assert_str_eq(model_queue_name(model, 255, buf), "numbers");
	ck_assert_str_eq(model_queue_name(model, 1, buf), "pipe 1");
	ck_assert_str_eq(model_queue_name(model, 7, buf), "queue 7");
	ck_assert_str_eq(model_mutex_name(model, 2, buf), "printer");
	ck_assert_str_eq(model_executor_name(model, 3, buf), "executor 3");
	end();
}
END_TEST

START_TEST(numbers_out_of_range_are_ignored)
{
	begin();
	streamgen_text(&gen, TEXT_QUEUE, 0, "zero");
	streamgen_text(&gen, TEXT_QUEUE, 256, "far");
	streamgen_text(&gen, TEXT_MUTEX, UINT32_MAX, "far");
	streamgen_text(&gen, TEXT_EXECUTOR, 256, "far");
	streamgen_text(&gen, TEXT_FUTURE, 5, "of no executor");
	streamgen_text(&gen, TEXT_RESULT, MODEL_MAX_RESULTS, "1 far");
	streamgen_text(&gen, TEXT_REASON, UINT32_MAX, "far");
	streamgen_add(&gen, FRAME_MEASURE)->measure.index = 200;
	apply();
	ck_assert_uint_eq(model->futures_total, 0);
	ck_assert_uint_eq(model->nreasons, 0);
	ck_assert(!model_measured(model));
	end();
}
END_TEST

START_TEST(a_damaged_queue_is_not_deep)
{
	struct model_queue f = {.now = {.put = 1, .got = 5}};

	ck_assert_uint_eq(model_depth(&f), 0);
}
END_TEST

START_TEST(a_future_has_one_place)
{
	char buf[MODEL_LABEL];

	begin();
	future(1, 1, FUTURE_PENDING);
	future(2, 1, FUTURE_PENDING);
	streamgen_text(&gen, TEXT_FUTURE, 1U << 24 | 1, "square(3)");
	streamgen_text(&gen, TEXT_FUTURE, 1U << 24 | 2, "square(4)");
	future(1, 2, FUTURE_RUNNING);
	future(1, 1, FUTURE_DONE)->value = 9;
	apply();
	ck_assert_uint_eq(model->futures_total, 3);

	const struct model_future *f = model_future_at(model, 0);

	ck_assert_str_eq(model_future_label(f, buf), "square(3)");
	ck_assert_int_eq(f->now.state, FUTURE_DONE);
	ck_assert_int_eq(f->now.value, 9);
	f = model_future_at(model, 1);
	ck_assert_uint_eq(f->now.executor, 2);
	ck_assert_str_eq(model_future_label(f, buf), "task");
	f = model_future_at(model, 2);
	ck_assert_str_eq(model_future_label(f, buf), "square(4)");
	ck_assert(f->known);
	ck_assert_ptr_null(model_future_at(model, 3));
	end();
}
END_TEST

START_TEST(the_oldest_futures_go)
{
	begin();
	for (uint32_t i = 1; i <= MODEL_MAX_FUTURES + 10; i++)
		future(1, i, FUTURE_DONE);
	apply();
	ck_assert_uint_eq(model->futures_total, MODEL_MAX_FUTURES + 10);
	ck_assert_uint_eq(model_future_at(model, 0)->now.number, 11);
	ck_assert_uint_eq(
	    model_future_at(model, MODEL_MAX_FUTURES - 1)->now.number,
	    MODEL_MAX_FUTURES + 10);
	ck_assert_ptr_null(model_future_at(model, MODEL_MAX_FUTURES));
	end();
}
END_TEST

START_TEST(futures_of_all_executors_are_summed)
{
	begin();
	for (unsigned i = 1; i <= 2; i++)
		streamgen_add(&gen, FRAME_EXECUTOR)->executor =
		    (struct frame_executor){.index = (uint16_t)i,
			.pending = 2,
			.running = 3,
			.done = 10 * i,
			.failed = 1};
	apply();

	struct model_futures n = model_futures(model);

	ck_assert_uint_eq(n.executors, 2);
	ck_assert_uint_eq(n.pending, 4);
	ck_assert_uint_eq(n.running, 6);
	ck_assert_uint_eq(n.done, 30);
	ck_assert_uint_eq(n.failed, 2);
	end();
}
END_TEST

START_TEST(results_are_numbers_with_names)
{
	begin();
	streamgen_text(&gen, TEXT_RESULT, 0, "1229 up to 10000");
	streamgen_text(&gen, TEXT_RESULT, 1, "-5 sum");
	streamgen_text(&gen, TEXT_RESULT, 1, "-6 sum");
	streamgen_text(&gen, TEXT_RESULT, 2, "no number");
	streamgen_text(&gen, TEXT_RESULT, 3, "99999999999999999999 huge");
	streamgen_text(&gen, TEXT_RESULT, 4, "7 ");
	streamgen_text(&gen, TEXT_RESULT, 5, "7");
	streamgen_text(&gen, TEXT_RESULT, 6, "8 esc\033[2J");
	apply();
	ck_assert_str_eq(model->result[0].name, "up to 10000");
	ck_assert_int_eq(model->result[0].value, 1229);
	ck_assert_int_eq(model->result[1].value, -6);
	for (int i = 2; i < 6; i++)
		ck_assert_str_eq(model->result[i].name, "");
	ck_assert_str_eq(model->result[6].name, "esc?[2J");
	end();
}
END_TEST

START_TEST(output_is_kept_and_logged)
{
	begin();
	for (int i = 0; i < MODEL_MAX_OUTPUT + 2; i++) {
		char line[32];

		snprintf(line, sizeof line, "line %d\033", i);
		streamgen_text(&gen, TEXT_OUTPUT, 0, line);
	}
	apply();
	ck_assert_str_eq(model_output_at(model, 0)->text, "line 2?");
	ck_assert_ptr_null(model_output_at(model, MODEL_MAX_OUTPUT));
	ck_assert_uint_eq(model->output_total, MODEL_MAX_OUTPUT + 2);
	ck_assert_uint_eq(model->log_total, MODEL_MAX_OUTPUT + 2);
	ck_assert_int_eq(model_log_line(model, 0)->kind, LINE_OUTPUT);
	end();
}
END_TEST

START_TEST(a_reason_goes_when_it_is_cleared)
{
	begin();
	streamgen_text(&gen, TEXT_PROC, 1, "main");
	streamgen_text(&gen, TEXT_REASON, 1U << 16 | 2, "nobody puts");
	streamgen_text(&gen, TEXT_REASON, 1U << 16 | 2, "nobody puts");
	apply();
	ck_assert_str_eq(model_reason(model, 1, 2), "nobody puts");
	ck_assert_ptr_null(model_reason(model, 1, 1));
	ck_assert_uint_eq(model->log_total, 1);
	ck_assert_str_eq(model_log_line(model, 0)->text, "main: nobody puts");
	ck_assert_int_eq(model_log_line(model, 0)->kind, LINE_REASON);
	streamgen_text(&gen, TEXT_REASON, 1U << 16 | 2, "");
	apply();
	ck_assert_ptr_null(model_reason(model, 1, 2));
	ck_assert_uint_eq(model->log_total, 1);
	end();
}
END_TEST

START_TEST(a_reason_goes_with_its_thread)
{
	begin();
	thread(1, 0, 100, 100);
	thread(1, 1, 100, 101);
	streamgen_text(&gen, TEXT_REASON, 1U << 16, "main waits");
	streamgen_text(&gen, TEXT_REASON, 1U << 16 | 1, "thread waits");
	apply();
	thread(1, 1, 100, 150);
	apply();
	ck_assert_ptr_nonnull(model_reason(model, 1, 0));
	ck_assert_ptr_null(model_reason(model, 1, 1));

	struct frame *f = streamgen_add(&gen, FRAME_PROC);

	f->pid = 200;
	f->proc = (struct frame_proc){.slot = 1, .serial = 9};
	apply();
	/* The first one was made up from its threads; it is the same place. */
	ck_assert_ptr_null(model_reason(model, 1, 0));
	end();
}
END_TEST

START_TEST(a_reason_is_logged_once)
{
	begin();
	streamgen_text(&gen, TEXT_PROC, 1, "main");
	streamgen_text(&gen, TEXT_REASON, 1U << 16, "main waits in vain");
	streamgen_text(&gen, TEXT_LOG, 0, "main waits in vain");
	streamgen_text(&gen, TEXT_LOG, 0, "main goes");
	apply();
	ck_assert_uint_eq(model->log_total, 2);
	ck_assert_str_eq(model_log_line(model, 1)->text, "main waits in vain");
	ck_assert_int_eq(model_log_line(model, 1)->kind, LINE_REASON);
	ck_assert_str_eq(model_log_line(model, 0)->text, "main goes");
	end();
}
END_TEST

START_TEST(reasons_are_bounded)
{
	begin();
	for (uint32_t i = 0; i < MODEL_MAX_REASONS + 3; i++)
		streamgen_text(&gen, TEXT_REASON, 1U << 16 | i, "waits");
	apply();
	ck_assert_uint_eq(model->nreasons, MODEL_MAX_REASONS);
	ck_assert_uint_eq(model->reasons_dropped, 3);
	end();
}
END_TEST

START_TEST(why_it_hung_is_remembered)
{
	begin();
	hang(false);
	streamgen_text(&gen, TEXT_REASON, 1U << 16, "nobody puts");
	apply();
	ck_assert(!model_hung(model));
	hang(true);
	apply();
	ck_assert(model_hung(model));
	ck_assert_str_eq(model_hangs(model), "nobody puts");
	streamgen_text(&gen, TEXT_REASON, 1U << 16, "");
	streamgen_add(&gen, FRAME_BYE)->bye.outcome = OUTCOME_HUNG;
	hang(false);
	apply();
	ck_assert(model_hung(model));
	ck_assert_str_eq(model_hangs(model), "nobody puts");
	end();
}
END_TEST

START_TEST(it_may_go_on_after_all)
{
	begin();
	streamgen_text(&gen, TEXT_REASON, 1U << 16, "nobody puts");
	hang(true);
	hang(false);
	apply();
	ck_assert(!model_hung(model));
	ck_assert_str_eq(model->hangs, "");
	end();
}
END_TEST

START_TEST(a_row_of_a_comparison_by_its_kind)
{
	begin();
	for (uint8_t i = 0; i < 8; i++)
		streamgen_add(&gen, FRAME_MEASURE)->measure =
		    (struct frame_measure){.index = i,
			.kind = i % 4,
			.gil = i / 4,
			.wall = i + 1U};
	apply();
	ck_assert(model_measured(model));
	ck_assert_uint_eq(
	    model_measure(model, EXECUTOR_HYBRID, false)->wall, 4);
	ck_assert_uint_eq(
	    model_measure(model, EXECUTOR_SEQUENTIAL, true)->wall, 5);
	end();
}
END_TEST

START_TEST(a_new_run_forgets_the_old_one)
{
	begin();
	streamgen_text(&gen, TEXT_OUTPUT, 0, "line");
	streamgen_text(&gen, TEXT_REASON, 1U << 16, "nobody puts");
	streamgen_text(&gen, TEXT_RESULT, 0, "1 one");
	future(1, 1, FUTURE_DONE);
	streamgen_add(&gen, FRAME_MEASURE);
	hang(true);
	apply();

	struct model *copy = snapshot_new(model);

	streamgen_hello(&gen, "demo", 0, 0);
	apply();
	ck_assert_ptr_null(model_output_at(model, 0));
	ck_assert_ptr_null(model_future_at(model, 0));
	ck_assert_uint_eq(model->nreasons, 0);
	ck_assert_str_eq(model->result[0].name, "");
	ck_assert(!model_measured(model) && !model_hung(model));
	ck_assert_str_eq(model_reason(copy, 1, 0), "nobody puts");
	ck_assert_ptr_nonnull(model_future_at(copy, 0));
	model_free(copy);
	end();
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("objects");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, objects_are_kept_by_their_number);
	tcase_add_test(t, numbers_out_of_range_are_ignored);
	tcase_add_test(t, a_damaged_queue_is_not_deep);
	tcase_add_test(t, a_future_has_one_place);
	tcase_add_test(t, the_oldest_futures_go);
	tcase_add_test(t, futures_of_all_executors_are_summed);
	tcase_add_test(t, results_are_numbers_with_names);
	tcase_add_test(t, output_is_kept_and_logged);
	tcase_add_test(t, a_reason_goes_when_it_is_cleared);
	tcase_add_test(t, a_reason_goes_with_its_thread);
	tcase_add_test(t, a_reason_is_logged_once);
	tcase_add_test(t, reasons_are_bounded);
	tcase_add_test(t, why_it_hung_is_remembered);
	tcase_add_test(t, it_may_go_on_after_all);
	tcase_add_test(t, a_row_of_a_comparison_by_its_kind);
	tcase_add_test(t, a_new_run_forgets_the_old_one);
	return suite_run("objects", cases);
}
