/* test_texts: strings from outside. */
#include "model/model.h"

#include <string.h>

#include "streamgen.h"
#include "suite.h"

static void
apply_all(struct model *m, const struct streamgen *g)
{
	for (size_t i = 0; i < g->n; i++)
		model_apply(m, &g->frame[i]);
}

static bool
safe(const char *s)
{
	char again[MODEL_LINE];

	model_clean(again, sizeof again, s, strlen(s));
	return strcmp(s, again) == 0 && strpbrk(s, "\033\a\r\n\t") == NULL &&
	    strstr(s, "\302\233") == NULL && strstr(s, "\342\200\256") == NULL;
}

START_TEST(hostile_strings_are_harmless)
{
	struct streamgen g = {0};
	struct model *m = model_new();
	unsigned seen = 0;

	streamgen_scenario(&g, "hostile", 0);
	streamgen_hello(&g, "\033[31mred\302\205", 1, 1);
	model_apply(m, &g.frame[g.n - 1]);
	ck_assert_str_eq(m->hello.demo, "?[31mred??");
	g.n--;
	apply_all(m, &g);
	for (unsigned i = 0; i < m->nprocs; i++) {
		ck_assert(safe(m->procs[i]->name));
		for (unsigned j = 0; j < m->procs[i]->nthreads; j++)
			ck_assert(safe(m->procs[i]->threads[j].name));
	}
	for (unsigned i = 0; i < m->log_total; i++) {
		ck_assert(safe(model_log_line(m, i)->text));
		seen++;
	}
	for (unsigned i = 0; i < MODEL_MAX_LINES; i++)
		ck_assert(safe(m->banner[i]));
	for (unsigned i = 0; i < FRAME_MAX_SLOTS; i++)
		ck_assert(safe(m->item_name[i]));
	ck_assert_uint_gt(seen, 8);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(clean)
{
	static const struct {
		const char *in, *out;
		size_t size;
	} row[] = {
	    {"plain", "plain", 32},
	    {"", "", 32},
	    {"\033[2J\177", "?[2J?", 32},
	    {"\302\205\302\233", "????", 32},             /* C1 */
	    {"\342\200\256x\342\201\251", "???x???", 32}, /* bidi */
	    {"\330\234", "??", 32},                       /* letter mark */
	    {"\303\244\342\202\254\360\237\230\200",
		"\303\244\342\202\254\360\237\230\200", 32},
	    {"\300\200", "??", 32},            /* overlong */
	    {"\340\200\200", "???", 32},       /* overlong */
	    {"\355\240\200", "???", 32},       /* surrogate */
	    {"\364\220\200\200", "????", 32},  /* too high */
	    {"\377x\376", "?x?", 32},          /* no UTF-8 */
	    {"a\303", "a?", 32},               /* cut off */
	    {"\342\202", "??", 32},            /* cut off */
	    {"\303\303\244", "?\303\244", 32}, /* broken, then good */
	    {"ab\303\244", "ab", 4},           /* never half of one */
	    {"ab\303\244", "ab\303\244", 5},
	    {"abc", "ab", 3},
	    {"abc", "", 1},
	};
	char out[32] = "untouched";

	model_clean(out, row[_i].size, row[_i].in, strlen(row[_i].in));
	ck_assert_str_eq(out, row[_i].out);
	model_clean(out, 4, "\0b", 2);
	ck_assert_str_eq(out, "?b");
	out[0] = 'u';
	model_clean(out, 0, "x", 1);
	ck_assert_int_eq(out[0], 'u');
}
END_TEST

static void
part(struct streamgen *g, uint16_t source, const struct frame *f)
{
	struct frame *to = streamgen_add(g, FRAME_TEXT);

	to->source = source;
	to->text = f->text;
}

START_TEST(texts_in_parts)
{
	static const char one[] =
	    "the first text is longer than one frame, and "
	    "longer than two of them are.";
	static const char two[] = "the second text is, too, and it comes from "
				  "elsewhere at the same time.";
	struct frame a[FRAME_TEXT_PARTS], b[FRAME_TEXT_PARTS];
	struct streamgen g = {0};
	struct model *m = model_new();
	int n = frame_from_text(a, TEXT_LOG, 0, one);

	ck_assert_int_eq(frame_from_text(b, TEXT_LOG, 0, two), n);
	for (int i = 0; i < n; i++) {
		part(&g, 1, &a[i]);
		part(&g, 2, &b[i]);
	}
	part(&g, 1, &a[0]); /* a part is missing: spoilt */
	part(&g, 1, &a[2]);
	part(&g, 1, &a[1]);
	part(&g, 3, &b[1]); /* never begun */
	part(&g, 1, &a[0]); /* begun twice */
	for (int i = 0; i < n; i++)
		part(&g, 1, &a[i]);
	apply_all(m, &g);
	ck_assert_uint_eq(m->log_total, 3);
	ck_assert_str_eq(model_log_line(m, 0)->text, one);
	ck_assert_str_eq(model_log_line(m, 1)->text, two);
	ck_assert_str_eq(model_log_line(m, 2)->text, one);
	ck_assert_ptr_eq(model_log_line(m, 3), NULL);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(texts_with_wild_indices_go_nowhere)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	for (int kind = 0; kind < 256; kind++) {
		streamgen_text(&g, (enum frame_text)kind, 0xffffffff, "x");
		streamgen_text(&g, (enum frame_text)kind, 1024 << 16, "x");
		streamgen_text(&g, (enum frame_text)kind, 0x7fff, "x");
	}
	apply_all(m, &g);
	ck_assert_uint_eq(m->nprocs, 0);
	ck_assert_uint_eq(m->frames, 256 * 3);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(names_of_locks)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	streamgen_text(&g, TEXT_LOCK, 1, "mutex");
	streamgen_text(&g, TEXT_BANNER, 2, "trouble");
	streamgen_text(&g, TEXT_SPOILT, 0, "a process was killed");
	apply_all(m, &g);
	ck_assert_str_eq(m->spoilt, "a process was killed");
	ck_assert_str_eq(model_lock_name(m, 1), "mutex");
	ck_assert_str_eq(model_lock_name(m, 7), "lock 7");
	ck_assert_str_eq(model_lock_name(m, 60000), "lock ?");
	ck_assert_str_eq(m->banner[2], "trouble");
	g.n = 0;
	streamgen_text(&g, TEXT_BANNER, 2, "");
	apply_all(m, &g);
	ck_assert_str_eq(m->banner[2], "");
	model_free(m);
	streamgen_free(&g);
}
END_TEST

static TCase *
texts(void)
{
	TCase *t = tcase_create("texts");

	tcase_add_test(t, hostile_strings_are_harmless);
	tcase_add_loop_test(t, clean, 0, 19);
	tcase_add_test(t, texts_in_parts);
	tcase_add_test(t, texts_with_wild_indices_go_nowhere);
	tcase_add_test(t, names_of_locks);
	return t;
}

int
main(void)
{
	TCase *const cases[] = {texts(), NULL};

	return suite_run("texts", cases);
}
