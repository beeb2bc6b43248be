/* test_json: the object's members, and that a replay gives the same bytes. */
#include "export/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stream/stream.h"
#include "streamgen.h"
#include "suite.h"

/* The model as text; the caller's to free. */
static char *
text_of(const struct model *m)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	ck_assert_int_eq(json_write(m, f), 0);
	fclose(f);
	ck_assert_int_eq(text[size - 1], '\n');
	return text;
}

static struct model *
model_of(const char *scenario, unsigned until)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	ck_assert(streamgen_scenario(&g, scenario, until));
	for (size_t i = 0; i < g.n; i++)
		model_apply(m, &g.frame[i]);
	streamgen_free(&g);
	return m;
}

static json_t *
json_of(const char *scenario, unsigned until)
{
	struct model *m = model_of(scenario, until);
	char *text = text_of(m);
	json_error_t error;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	ck_assert_msg(root != NULL, "%s", error.text);
	free(text);
	model_free(m);
	return root;
}

/* `names`: the members in order, each with a space behind. */
static void
has_exactly(const json_t *o, const char *names)
{
	char got[600] = "";
	const char *key;
	json_t *value, *object = json_deep_copy(o);

	json_object_foreach(object, key, value)
	{
		strcat(got, key);
		strcat(got, " ");
	}
	ck_assert_str_eq(got, names);
	json_decref(object);
}

static json_int_t
number(const json_t *o, const char *a, const char *b)
{
	const json_t *in = b == NULL ? o : json_object_get(o, a);
	const json_t *n = json_object_get(in, b == NULL ? a : b);

	ck_assert_msg(json_is_integer(n), "%s %s", a, b ? b : "");
	return json_integer_value(n);
}

static const char *
string(const json_t *o, const char *name)
{
	ck_assert(json_is_string(json_object_get(o, name)));
	return json_string_value(json_object_get(o, name));
}

START_TEST(members)
{
	json_t *root = json_of("killed", 0);
	const json_t *list = json_object_get(root, "workers"), *worker;

	has_exactly(root,
	    "demo processes threads lock sum_mode items tasks sum left_out "
	    "blind "
	    "status elapsed_s workers lints ");
	has_exactly(json_object_get(root, "items"),
	    "put done in_flight queued poisoned requeued ");
	has_exactly(json_object_get(root, "tasks"), "done ");
	has_exactly(json_object_get(root, "sum"),
	    "actual expected lost lost_updates in_doubt ");
	has_exactly(json_object_get(root, "status"), "frames dropped ");
	ck_assert_uint_eq(json_array_size(list), 5);
	for (size_t i = 0; i < json_array_size(list); i++) {
		worker = json_array_get(list, i);
		has_exactly(worker,
		    "slot pid ppid name exit signal items sum threads ");

		const json_t *threads = json_object_get(worker, "threads");

		ck_assert_uint_eq(json_array_size(threads), 10);
		for (size_t j = 0; j < 10; j++)
			has_exactly(json_array_get(threads, j),
			    "tid name tasks adds lost ");
	}
	json_decref(root);
}
END_TEST

START_TEST(members_of_a_program)
{
	json_t *root = json_of("program", 0);
	const json_t *list;

	has_exactly(root,
	    "demo processes threads lock sum_mode items tasks sum left_out "
	    "blind "
	    "status elapsed_s workers program outcome hung reasons output "
	    "results "
	    "executors queues mutexes futures compare let_go lints ");
	ck_assert(json_is_true(json_object_get(root, "program")));
	ck_assert(json_is_false(json_object_get(root, "hung")));
	ck_assert_str_eq(string(root, "outcome"), "done");
	ck_assert_int_eq(number(root, "results", "up to 10000"), 350);
	ck_assert_uint_eq(json_array_size(json_object_get(root, "output")), 5);
	list = json_object_get(root, "executors");
	ck_assert_int_eq(number(json_array_get(list, 0), "done", NULL), 12);
	list = json_object_get(root, "queues");
	ck_assert_uint_eq(json_array_size(list), 2);
	ck_assert_str_eq(string(json_array_get(list, 0), "name"), "numbers");
	ck_assert_int_eq(number(json_array_get(list, 0), "capacity", NULL), 10);
	list = json_object_get(root, "mutexes");
	ck_assert_str_eq(string(json_array_get(list, 0), "name"), "screen");
	list = json_object_get(root, "futures");
	ck_assert_uint_eq(json_array_size(list), 12);

	const json_t *f = json_array_get(list, 3);

	ck_assert_str_eq(string(f, "task"), "square(3)");
	ck_assert_int_eq(number(f, "value", NULL), 9);
	ck_assert_int_eq(number(f, "order", NULL), 6);
	f = json_array_get(list, 7);
	ck_assert_str_eq(string(f, "state"), "failed");
	ck_assert_str_eq(string(f, "error"), "No such file or directory");
	ck_assert_str_eq(string(f, "why"),
	    "square(7) was given up after 2 workers died with it");
	ck_assert(json_is_null(json_object_get(f, "value")));
	ck_assert(
	    json_is_null(json_object_get(json_array_get(list, 6), "why")));

	/* The thread that main is, is one of its threads. */
	list = json_object_get(root, "workers");
	ck_assert(
	    json_is_false(json_object_get(json_array_get(list, 0), "stopped")));
	list = json_object_get(json_array_get(list, 0), "threads");
	ck_assert_str_eq(string(json_array_get(list, 0), "name"), "main");
	json_decref(root);
}
END_TEST

START_TEST(why_it_hung)
{
	json_t *root = json_of("hung", 0);
	const json_t *list = json_object_get(root, "reasons");

	ck_assert(json_is_true(json_object_get(root, "hung")));
	ck_assert_str_eq(string(root, "outcome"), "hung");
	ck_assert_ptr_nonnull(
	    strstr(string(json_array_get(list, 0), "why"), "nobody is left"));

	const json_t *w = json_array_get(json_object_get(root, "workers"), 0);

	ck_assert(json_is_true(json_object_get(w, "stopped")));
	ck_assert(json_is_null(json_object_get(w, "exit")));
	ck_assert(json_is_null(json_object_get(w, "signal")));
	json_decref(root);
}
END_TEST

START_TEST(rows_of_a_comparison)
{
	json_t *root = json_of("compare", 0);
	const json_t *list = json_object_get(root, "compare");
	const json_t *row = json_array_get(list, 1);

	ck_assert_uint_eq(json_array_size(list), 8);
	ck_assert_str_eq(string(row, "kind"), "threads");
	ck_assert(json_is_false(json_object_get(row, "gil")));
	ck_assert(json_real_value(json_object_get(row, "speedup")) == 10.0);
	json_decref(root);
}
END_TEST

START_TEST(values)
{
	json_t *root = json_of("killed", 0);
	const json_t *list = json_object_get(root, "workers"), *worker;
	json_int_t items = 0, sum = 0;

	ck_assert_str_eq(string(root, "demo"), "hybrid");
	ck_assert_str_eq(string(root, "lock"), "mutex");
	ck_assert_str_eq(string(root, "sum_mode"), "shared");
	ck_assert_int_eq(number(root, "processes", NULL), 4);
	ck_assert_int_eq(number(root, "threads", NULL), 10);
	ck_assert_int_eq(number(root, "items", "put"), 40);
	ck_assert_int_eq(number(root, "items", "done"), 40);
	ck_assert_int_eq(number(root, "items", "requeued"), 1);
	ck_assert_int_eq(number(root, "tasks", "done"), 120);
	ck_assert_int_eq(number(root, "sum", "actual"), 440);
	ck_assert_int_eq(number(root, "sum", "expected"), 440);
	ck_assert(json_is_real(json_object_get(root, "elapsed_s")));
	for (size_t i = 0; i < json_array_size(list); i++) {
		worker = json_array_get(list, i);
		items += number(worker, "items", NULL);
		sum += number(worker, "sum", NULL);
	}
	ck_assert_int_eq(items, 40);
	ck_assert_int_eq(sum, 440);
	worker = json_array_get(list, 1);
	ck_assert_int_eq(number(worker, "slot", NULL), 2);
	ck_assert_int_eq(number(worker, "signal", NULL), 9);
	ck_assert(json_is_null(json_object_get(worker, "exit")));
	worker = json_array_get(list, 4);
	ck_assert_int_eq(number(worker, "slot", NULL), 2);
	ck_assert_int_eq(number(worker, "exit", NULL), 0);
	ck_assert(json_is_null(json_object_get(worker, "signal")));
	json_decref(root);
}
END_TEST

START_TEST(a_lost_update_is_counted)
{
	json_t *root = json_of("lost", 0);

	ck_assert_int_gt(number(root, "sum", "lost_updates"), 0);
	ck_assert_int_eq(
	    number(root, "sum", "actual") + number(root, "sum", "lost"),
	    number(root, "sum", "expected"));
	json_decref(root);
}
END_TEST

START_TEST(a_private_sum_stays_0)
{
	json_t *root = json_of("private", 0);

	ck_assert_str_eq(string(root, "sum_mode"), "private");
	ck_assert_int_eq(number(root, "sum", "actual"), 0);
	ck_assert_int_eq(number(root, "sum", "expected"), 440);
	json_decref(root);
}
END_TEST

START_TEST(a_run_without_an_end)
{
	json_t *root = json_of("hybrid", 200);
	const json_t *worker =
	    json_array_get(json_object_get(root, "workers"), 0);

	ck_assert(json_is_null(json_object_get(worker, "exit")));
	ck_assert(json_is_null(json_object_get(worker, "signal")));
	double elapsed = json_real_value(json_object_get(root, "elapsed_s"));

	ck_assert_double_gt(elapsed, 3); /* up to its newest frame */
	ck_assert_double_le(elapsed, 4.01);
	json_decref(root);
}
END_TEST

START_TEST(hostile_names_are_text)
{
	json_t *root = json_of("hostile", 0); /* or it would not parse */

	ck_assert_uint_eq(json_array_size(json_object_get(root, "workers")), 5);
	json_decref(root);
}
END_TEST

START_TEST(wide_numbers)
{
	struct model *m = model_new();

	m->item_queue.put = UINT64_MAX;
	m->sum.sum = INT64_MIN;
	m->sum.expected = INT64_MAX;

	char *text = text_of(m);

	ck_assert_ptr_ne(
	    strstr(text, "\"actual\": -9223372036854775808"), NULL);
	ck_assert_ptr_ne(strstr(text, "\"put\": 9223372036854775807"), NULL);
	free(text);
	model_free(m);
}
END_TEST

START_TEST(a_replay_gives_the_same_bytes)
{
	char path[] = "/tmp/lockstep-json-XXXXXX";
	const char *scenario = streamgen_scenarios[_i];
	struct streamgen g = {0};
	struct model *live = model_of(scenario, 0), *again = model_new();
	struct stream *s = NULL;
	FILE *f = fdopen(mkstemp(path), "w");

	streamgen_scenario(&g, scenario, 0);
	ck_assert_uint_eq(fwrite(g.frame, FRAME_SIZE, g.n, f), g.n);
	fclose(f);
	ck_assert_int_eq(stream_open_recording(&s, path), 0);
	unlink(path);
	stream_pump(s, again, 1, true);
	model_note(live, "a line of our own", 17);

	char *a = text_of(live), *b = text_of(again);

	ck_assert_str_eq(a, b);
	free(a);
	free(b);
	stream_close(s, NULL);
	model_free(live);
	model_free(again);
	streamgen_free(&g);
}
END_TEST

START_TEST(a_failing_output_is_told)
{
	struct model *m = model_of("killed", 0);
	FILE *f = fopen("/dev/full", "w");

	ck_assert_int_ne(json_write(m, f), 0);
	fclose(f);
	model_free(m);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("json");
	TCase *const cases[] = {t, NULL};
	int n = 0;

	while (streamgen_scenarios[n] != NULL)
		n++;
	tcase_add_test(t, members);
	tcase_add_test(t, members_of_a_program);
	tcase_add_test(t, why_it_hung);
	tcase_add_test(t, rows_of_a_comparison);
	tcase_add_test(t, values);
	tcase_add_test(t, a_lost_update_is_counted);
	tcase_add_test(t, a_private_sum_stays_0);
	tcase_add_test(t, a_run_without_an_end);
	tcase_add_test(t, hostile_names_are_text);
	tcase_add_test(t, wide_numbers);
	tcase_add_loop_test(t, a_replay_gives_the_same_bytes, 0, n);
	tcase_add_test(t, a_failing_output_is_told);
	return suite_run("json", cases);
}
