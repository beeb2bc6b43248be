/* test_predict: guesses, what is hidden until then, and the truth. */
#include "model/predict.h"

#include <string.h>

#include "drawn.h"
#include "suite.h"
#include "term/terminal.h"

static void
check_read(const char *text, const char *want)
{
	struct predict p = {.state = PREDICT_HIDES};
	char buf[PREDICT_LEN];

	if (want == NULL) {
		ck_assert_msg(!predict_read(&p, text), "%s", text);
		ck_assert_int_eq(p.state, PREDICT_HIDES);
		return;
	}
	ck_assert_msg(predict_read(&p, text), "%s", text);
	ck_assert_int_eq(p.state, PREDICT_GUESSED);
	ck_assert_str_eq(predict_guess(&p, buf), want);
}

START_TEST(guesses_are_read)
{
	check_read("20000", "20 000");
	check_read(" 20 000 ", "20 000");
	check_read("-3", "-3");
	check_read("lost 12", "lost 12");
	check_read("LOST12", "lost 12");
	check_read("lost 0", "lost 0");
	check_read("lost 12.5 %", "lost 12.5 %");
	check_read("40%", "lost 40 %");
	check_read("lost", NULL);
	check_read("", NULL);
	check_read("  ", NULL);
	check_read("12 apples", NULL);
	check_read("1.5", NULL);
	check_read("lost 101%", NULL);
	check_read("lost nan%", NULL);
	check_read("lost -1%", NULL);
	check_read("99999999999999999999", NULL);
	check_read("0000000000000000000000000000000000000000000000000000000000"
		   "00000000000000001",
	    NULL);
}
END_TEST

/* ---- the truth ---- */

static void
check_verdict(const char *guess, const char *want)
{
	struct predict p = {.state = PREDICT_HIDES};
	char text[MODEL_LINE];

	ck_assert(predict_read(&p, guess));
	predict_verdict(&p, model, text);
	ck_assert_str_eq(text, want);
}

#define FLAW "; lock none: nothing keeps two threads from adding at once"

START_TEST(what_was_lost_and_why)
{
	play("stepped", 100);
	model->sum = (struct frame_sum){.sum = 11234,
	    .expected = 20000,
	    .lost = 8766,
	    .lost_updates = 8700};
	check_verdict("20000",
	    "you said 20 000, it is 11 234: 8 766 were lost in 8 700 "
	    "updates" FLAW);
	check_verdict("lost 12",
	    "you said lost 12, it is lost 8 766: 8 766 were lost in 8 700 "
	    "updates" FLAW);
	check_verdict("40%",
	    "you said lost 40 %, it is lost 43.8 %: 8 766 were lost in "
	    "8 700 updates" FLAW);
	check_verdict("43.8%",
	    "you said lost 43.8 %, which is right: 8 766 were lost in 8 700 "
	    "updates" FLAW);
	check_verdict("11234",
	    "you said 11 234, which is right: 8 766 were lost in 8 700 "
	    "updates" FLAW);
	model->lock.switches = 2;
	check_verdict("lost 8766",
	    "you said lost 8 766, which is right: 8 766 were lost in 8 700 "
	    "updates; the lock was switched 2 times");
	done();
}
END_TEST

START_TEST(nothing_was_lost)
{
	play("stepped", 100);
	model->sum = (struct frame_sum){.sum = 20000, .expected = 20000};
	check_verdict("20000",
	    "you said 20 000, which is right: nothing was lost: this "
	    "time no store came between another thread's load and store");
	model->lock.kind = 1;
	check_verdict("lost 5",
	    "you said lost 5, it is lost 0: the lock was on (mutex): nothing "
	    "was lost");
	model->lock.switches = 1;
	check_verdict("lost 0",
	    "you said lost 0, which is right: the lock was switched, and "
	    "nothing was lost");
	model->sum = (struct frame_sum){.sum = 0};
	check_verdict(
	    "0", "you said 0, which is right: no thread has added anything");
	done();
}
END_TEST

START_TEST(copies_are_told)
{
	char text[MODEL_LINE];
	struct predict p = {.state = PREDICT_HIDES};

	play("private", 100);
	ck_assert(predict_read(&p, "7"));
	predict_verdict(&p, model, text);
	ck_assert(
	    strstr(text, "you said 7, it is 0: each process added") == text);
	done();
}
END_TEST

START_TEST(no_verdict_before_the_end)
{
	struct predict p = {.state = PREDICT_HIDES};
	char text[MODEL_LINE];

	play("hybrid", 60);
	ck_assert(predict_read(&p, "7"));
	predict_verdict(&p, model, text);
	ck_assert_str_eq(text, "");
	done();
	play("hybrid", 100);
	predict_verdict(&p, model, text);
	ck_assert_str_ne(text, "");
	p.state = PREDICT_SHOWS;
	predict_verdict(&p, model, text);
	ck_assert_str_eq(text, "");
	predict_verdict(NULL, model, text);
	ck_assert_str_eq(text, "");
	done();
}
END_TEST

/* ---- what is hidden ---- */

/* A digit, after any spaces that follow the word? */
static bool
tells(const char *word)
{
	int len = (int)strlen(word), end = canvas.rows * canvas.cols;

	for (int i = 0; i + len < end; i++) {
		int n = 0;

		while (
		    n < len && canvas.cells[i + n].ch == (unsigned char)word[n])
			n++;
		if (n < len)
			continue;
		while (i + n < end && canvas.cells[i + n].ch == ' ')
			n++;
		uint32_t c = i + n < end ? canvas.cells[i + n].ch : 0;
		if (c >= '0' && c <= '9')
			return true;
	}
	return false;
}

static void
draw_view(const struct model *m, const struct view *v, int rows, int cols)
{
	show.screen.view = v;
	draw_of(m, rows, cols);
}

static const struct view *const views[] = {&view_workers, &view_threads,
    &view_log, &view_locks, &view_futures, &view_timeline, &view_race,
    &view_compare, &view_lints, &view_info, &view_help, &view_detail};
static const int size[][2] = {{24, 80}, {10, 40}, {60, 200}};

/* In no view, of no scenario, at no time. */
START_TEST(no_view_tells)
{
	struct predict p = {.state = PREDICT_HIDES};
	const unsigned percent[] = {40, 100};

	for (int i = 0; i < 2; i++) {
		play(streamgen_scenarios[_i], percent[i]);
		model_note(model, "an update was lost", 18);
		show.screen.predict = &p;

		struct model *masked = predict_mask(model);

		ck_assert_ptr_nonnull(masked);
		for (size_t v = 0; v < sizeof views / sizeof *views; v++)
			for (size_t k = 0; k < sizeof size / sizeof *size;
			     k++) {
				draw_view(
				    masked, views[v], size[k][0], size[k][1]);
				ck_assert_msg(!tells("sum ") &&
					!tells("lost ") && !tells("own sum ") &&
					!tells("updates ") &&
					!tells("wrote ") &&
					!tells("wiped out") &&
					!tells("STORE ") &&
					!seen("net lost  ") &&
					!seen("ok sum + lost") &&
					!seen("was lost"),
				    "%s, view %s, %d rows",
				    streamgen_scenarios[_i], views[v]->name,
				    size[k][0]);
			}
		predict_free(masked);
		done();
	}
}
END_TEST

START_TEST(what_is_there_instead)
{
	struct predict p = {.state = PREDICT_HIDES};

	play("lost", 60);
	show.screen.predict = &p;

	struct model *masked = predict_mask(model);

	draw_view(masked, &view_workers, 24, 80);
	ck_assert(seen("sum ?"));
	ck_assert(seen("lost ?"));
	ck_assert(tells("expected "));
	ck_assert(seen("P guess"));
	draw_view(masked, &view_log, 24, 80);
	predict_free(masked);

	/* Once it is guessed. */
	ck_assert(predict_read(&p, "1 234"));
	draw_view(model, &view_workers, 24, 80);
	ck_assert(tells("sum "));
	ck_assert(tells("lost "));
	ck_assert(seen("guess 1 234"));
	ck_assert(!seen("P guess"));
	draw_view(model, &view_workers, 10, 40);
	ck_assert(seen("(1 234)"));
	done();
}
END_TEST

/* The model itself has lost nothing. */
START_TEST(the_model_stays_as_it_is)
{
	play("lost", 80);

	struct frame_sum sum = model->sum;
	uint64_t traced = model->trace_total;
	struct model *masked = predict_mask(model);

	ck_assert(masked->masked && !model->masked);
	ck_assert_int_ne(sum.lost, 0);
	ck_assert_int_eq(masked->sum.lost, 0);
	for (unsigned i = 0; model_trace_event(masked, i) != NULL; i++) {
		unsigned op = model_trace_event(masked, i)->trace.op;

		ck_assert(
		    op != TRACE_LOAD && op != TRACE_STORE && op != TRACE_LOST);
	}
	predict_free(masked);
	ck_assert_mem_eq(&model->sum, &sum, sizeof sum);
	ck_assert_uint_eq(model->trace_total, traced);
	done();
	predict_free(NULL);
}
END_TEST

START_TEST(the_verdict_stands_above)
{
	struct predict p = {.state = PREDICT_HIDES};

	play("stepped", 100);
	show.screen.predict = &p;
	ck_assert(predict_read(&p, "2"));
	draw_view(model, &view_workers, 24, 80);
	ck_assert(seen("you said 2, it is 1: 1 was lost in 1 update"));
	draw_view(model, &view_workers, 10, 40);
	ck_assert(seen("you said 2, it is 1: 1 was lost"));
	done();
}
END_TEST

/* ---- the question ---- */

static enum prompt_answer
type(struct prompt *p, const char *text)
{
	enum prompt_answer answer = PROMPT_OPEN;

	for (; *text != '\0' && answer == PROMPT_OPEN; text++)
		answer = prompt_key(p, &show.screen, model,
		    *text == '\n'      ? TERMINAL_ENTER
			: *text == '<' ? TERMINAL_ERASE
			: *text == '^' ? TERMINAL_ESCAPE
				       : *text);
	return answer;
}

START_TEST(the_question)
{
	struct prompt p;

	play("hybrid", 50);
	prompt_guess(&p);
	ck_assert_int_eq(type(&p, "lost 12<3%\n"), PROMPT_YES);
	ck_assert_int_eq(p.guess.state, PREDICT_GUESSED);
	ck_assert_int_eq(p.guess.what, PREDICT_SHARE);
	ck_assert_double_eq(p.guess.share, 13);

	/* Away with it, and it stays hidden. */
	prompt_guess(&p);
	ck_assert_int_eq(type(&p, " \n"), PROMPT_NO);
	ck_assert_int_eq(p.guess.state, PREDICT_HIDES);

	/* Of nonsense it asks again, and what was typed can be mended. */
	prompt_guess(&p);
	ck_assert_int_eq(type(&p, "abc\n"), PROMPT_OPEN);
	ck_assert_str_eq(p.typed, "abc");
	show.prompt = p;
	draw_view(model, &view_workers, 24, 80);
	ck_assert(seen("not a guess: a number, `lost 12` or `lost 40%`: abc_"));
	draw_view(model, &view_workers, 10, 40);
	ck_assert(seen("not a guess: abc_"));
	show.prompt.kind = PROMPT_NONE;
	ck_assert_int_eq(type(&p, "<<<7\n"), PROMPT_YES);
	prompt_guess(&p);
	ck_assert_int_eq(type(&p, "lost\n"), PROMPT_OPEN);
	ck_assert_int_eq(type(&p, "7\n"), PROMPT_YES);
	ck_assert_int_eq(p.guess.number, 7);

	prompt_guess(&p);
	ck_assert_int_eq(type(&p, "12^"), PROMPT_YES);
	ck_assert_int_eq(p.guess.state, PREDICT_SHOWS);

	prompt_guess(&p);
	ck_assert_int_eq(type(&p, "12q"), PROMPT_QUIT);
	done();
}
END_TEST

int
main(void)
{
	TCase *words = tcase_create("words"), *hiding = tcase_create("hiding");
	TCase *const cases[] = {words, hiding, NULL};
	int n = 0;

	while (streamgen_scenarios[n] != NULL)
		n++;
	tcase_add_test(words, guesses_are_read);
	tcase_add_test(words, what_was_lost_and_why);
	tcase_add_test(words, nothing_was_lost);
	tcase_add_test(words, copies_are_told);
	tcase_add_test(words, no_verdict_before_the_end);
	tcase_add_loop_test(hiding, no_view_tells, 0, n);
	tcase_add_test(hiding, what_is_there_instead);
	tcase_add_test(hiding, the_model_stays_as_it_is);
	tcase_add_test(hiding, the_verdict_stands_above);
	tcase_add_test(hiding, the_question);
	return suite_run("predict", cases);
}
