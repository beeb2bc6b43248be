/* test_plain: the lines of a run, and the report. */
#include "export/plain.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "streamgen.h"
#include "suite.h"
#include "text/summary.h"

/* A file that has no name any more. */
static int
nameless(void)
{
	char path[] = "/tmp/lockstep-plain-XXXXXX";
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	unlink(path);
	return fd;
}

static int
file_of(const struct streamgen *g)
{
	int fd = nameless();
	ssize_t size = (ssize_t)(g->n * FRAME_SIZE);

	ck_assert_int_eq(write(fd, g->frame, (size_t)size), size);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Run the scenario with standard output going to `out`. */
static int
run(struct model *m, const char *scenario, int out)
{
	struct streamgen g = {0};
	struct stream *s = NULL;
	int in;

	ck_assert(streamgen_scenario(&g, scenario, 0));
	in = file_of(&g);
	ck_assert_int_eq(stream_open_fd(&s, in), 0);
	fflush(stdout);
	ck_assert_int_eq(dup2(out, STDOUT_FILENO), STDOUT_FILENO);

	int status = plain_run(m, s);

	stream_close(s, NULL);
	close(in);
	streamgen_free(&g);
	return status;
}

static const char *
text_of(int fd)
{
	static char text[1 << 16];
	ssize_t n = pread(fd, text, sizeof text - 1, 0);

	ck_assert_int_ge(n, 0);
	text[n] = '\0';
	return text;
}

static unsigned
count(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

static const char *
report(const struct model *m, bool whole)
{
	int fd = nameless();
	FILE *out = fdopen(dup(fd), "w");
	const char *text;

	summary_print(m, NULL, whole, out);
	fclose(out);
	text = text_of(fd);
	close(fd);
	return text;
}

START_TEST(a_run_in_lines)
{
	static const char *const once[] = {
	    "   0:00  hybrid: 4 processes x 10 threads, lock mutex, window "
	    "20 ms, speed 1x, sum shared\n",
	    "   0:00  started\n", "   0:02  lock none (was mutex)\n",
	    "   0:08  lock mutex (was none)\n",
	    "   0:16  every worker is reaped\n",
	    "\nhybrid: 4 processes x 10 threads, lock mutex, sum shared: "
	    "done\n",
	    "\nitems    put 40 = done 40 + in flight 0 + queued 0 + "
	    "poisoned 0   ok\n",
	    "\ntasks    120\n", "expected 440   ok\n", "\nelapsed  16."};
	struct model *m = model_new();
	int fd = nameless();

	ck_assert_int_eq(run(m, "lost", fd), 0);

	const char *text = text_of(fd);

	for (unsigned i = 0; i < sizeof once / sizeof once[0]; i++)
		ck_assert_msg(count(text, once[i]) == 1, "%u times: %s in\n%s",
		    count(text, once[i]), once[i], text);
	ck_assert_uint_ge(count(text, "  queue "), 5);
	ck_assert_uint_le(count(text, "  queue "), 17);
	ck_assert_uint_eq(count(text, "exited 0"), 4);
	model_free(m);
}
END_TEST

/* `want` NULL-terminated: each stands there once. */
static void
program_says(const char *scenario, const char *const *want)
{
	struct model *m = model_new();
	int fd = nameless();

	ck_assert_int_eq(run(m, scenario, fd), 0);

	const char *text = text_of(fd);

	for (; *want != NULL; want++)
		ck_assert_msg(count(text, *want) == 1, "%u times: %s in\n%s",
		    count(text, *want), *want, text);
	ck_assert_msg(count(text, "items") == 0, "%s", text);
	ck_assert(summary_holds(m));
	model_free(m);
}

START_TEST(a_program_in_lines)
{
	static const char *const want[] = {
	    "   0:00  advanced: lock mutex, window 1 ms, speed 1x, sum "
	    "private\n",
	    "   0:01  round 1 is over\n",
	    "\nadvanced: lock mutex, sum private: done\n",
	    "\nresult   up to 10000 = 350\n",
	    "\nfutures  done 12, 1 of them failed, 0 cancelled\n",
	    "\nfailed   square(7): square(7) was given up after 2 workers "
	    "died with it\n",
	    "\nexecutor squares: processes (3), 12 done",
	    "\nqueue    numbers: put 300 = got 294 + queued 6, marked done "
	    "290\n",
	    "\nlock     screen: taken 290 times", NULL};

	program_says("program", want);
}
END_TEST

/* Nothing has been added, nobody lives, the run is over: one line less each. */
START_TEST(what_is_not_is_not_told)
{
	struct model *m = model_new();
	int fd = nameless();

	ck_assert_int_eq(run(m, "hung", fd), 0);
	ck_assert_uint_eq(count(text_of(fd), "sum 0"), 0);
	ck_assert_uint_eq(count(text_of(fd), "processes 0"), 0);
	m->queue[2].known = true;
	ck_assert_uint_eq(count(report(m, true), "queue 2"), 1);
	m->bye.outcome = OUTCOME_DONE;
	ck_assert_uint_eq(count(report(m, true), "queue 2"), 0);
	model_free(m);
}
END_TEST

START_TEST(one_is_no_plural)
{
	struct model *m = model_new();
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	m->hello.processes = m->hello.threads = 1;
	m->frames = 1;
	summary_print(m, NULL, false, out);
	fclose(out);
	ck_assert_msg(strstr(text, "run: 1 process x 1 thread, lock") == text &&
		strstr(text, "1 frame, 0 dropped") != NULL,
	    "%s", text);
	free(text);
	model_free(m);
}
END_TEST

START_TEST(what_is_in_force_at_the_end_is_told)
{
	struct model *m = model_new();

	m->live = true;
	m->hello.processes = 4;
	m->hello.threads = 10;
	ck_assert_uint_eq(count(report(m, false), "4 processes x 10"), 1);
	m->control.processes = 5;
	m->control.threads = 11;
	ck_assert_uint_eq(count(report(m, false), "5 processes x 11"), 1);
	model_free(m);
}
END_TEST

START_TEST(a_hang_in_lines)
{
	static const char *const want[] = {
	    "   0:02  why: consumer waits for an item in the queue",
	    "   0:02  why: main waits for consumer to end",
	    "\nmissing-sentinel: HUNG\n",
	    "\nhung     consumer waits for an item in the queue numbers, "
	    "which is empty, and nobody is left to put one: a sentinel is "
	    "missing\n",
	    "\nconsumer       pid 5011     ppid 5000     stopped\n", NULL};

	program_says("hung", want);
}
END_TEST

START_TEST(a_comparison_in_lines)
{
	static const char *const want[] = {
	    "\ncompare  sequential no lock              1.600 s    1.00x",
	    "\ncompare  threads    no lock              0.160 s   10.00x",
	    "\ncompare  threads    interpreter lock     1.600 s    1.00x",
	    NULL};

	program_says("compare", want);
}
END_TEST

START_TEST(progress_is_told_once_a_second)
{
	struct model *m = model_new();
	int fd = nameless();

	ck_assert_int_eq(run(m, "race", fd), 0); /* 14 s, many frames */
	ck_assert_uint_ge(count(text_of(fd), "  queue "), 10);
	ck_assert_uint_le(count(text_of(fd), "  queue "), 15);
	model_free(m);
}
END_TEST

START_TEST(both_runs_of_a_restart)
{
	struct model *m = model_new();
	int fd = nameless();

	ck_assert_int_eq(run(m, "restart", fd), 0);
	ck_assert_uint_eq(count(text_of(fd), "  started\n"), 2);
	ck_assert_uint_eq(count(text_of(fd), "speed 1x"), 2);
	model_free(m);
}
END_TEST

START_TEST(a_killed_worker_is_named)
{
	struct model *m = model_new();
	int fd = nameless();

	ck_assert_int_eq(run(m, "killed", fd), 0);
	ck_assert_uint_eq(count(text_of(fd), "killed by SIGKILL   "), 1);
	ck_assert_uint_eq(count(text_of(fd), "requeued once"), 1);
	model_free(m);
}
END_TEST

START_TEST(a_full_output_is_an_error)
{
	struct model *m = model_new();

	ck_assert_int_eq(
	    run(m, "killed", open("/dev/full", O_WRONLY)), -ENOSPC);
	model_free(m);
}
END_TEST

START_TEST(a_reader_may_leave)
{
	struct model *m = model_new();
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	close(fd[0]);
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(run(m, "killed", fd[1]), -EPIPE);
	model_free(m);
}
END_TEST

START_TEST(verdicts)
{
	static const struct {
		struct frame_sum sum;
		struct frame_item_queue item_queue;
		enum frame_outcome outcome;
		bool holds, exact;
	} row[] = {
	    {.holds = true, .exact = true},
	    {.sum = {.sum = 3, .lost = 1, .expected = 4, .lost_updates = 1},
		.holds = true},
	    {.sum = {.sum = 3, .expected = 4}},
	    {.sum = {.sum = 3, .expected = 4, .in_doubt = 1}, .holds = true},
	    {.sum = {.in_doubt = 1}, .holds = true},
	    {.item_queue = {.put = 4, .done = 3}},
	    {.item_queue = {.put = 4, .done = 3, .poisoned = 1},
		.holds = true,
		.exact = true},
	    {.outcome = OUTCOME_STOPPED, .holds = true, .exact = true},
	    {.outcome = OUTCOME_FAILED, .holds = true},
	};
	struct model *m = model_new();

	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
		m->ended = true;
		m->sum = row[i].sum;
		m->item_queue = row[i].item_queue;
		m->bye.outcome = row[i].outcome;
		ck_assert_msg(
		    summary_holds(m) == row[i].holds, "row %u holds", i);
		ck_assert_msg(
		    summary_exact(m) == row[i].exact, "row %u exact", i);
	}
	model_free(m);
}
END_TEST

static void
join(const char *line, void *arg)
{
	strcat(arg, line);
	strcat(arg, "\n");
}

START_TEST(a_report_can_be_read)
{
	static const char *const want[] = {
	    "\nlost     3 514 013, 70.28 % of the sum, wiped out by 3 765 020 ",
	    " 3 765 020 stale stores\n",
	    "items    put 12 345 = done 12 000 + in flight 0 + queued 345 + ",
	    "\n         requeued 1 234 times\n", "\nin doubt 1 add, cut short",
	    "\nstatus   36 000 000 frames, 1 000 dropped\n"};
	struct model *m = model_new();
	char text[4096] = "";

	m->sum = (struct frame_sum){.sum = 1485987,
	    .lost = 3514013,
	    .expected = 5000000,
	    .lost_updates = 3765020,
	    .in_doubt = 1};
	m->item_queue = (struct frame_item_queue){
	    .put = 12345, .done = 12000, .queued = 345, .requeued = 1234};
	m->frames = 36000000;
	m->dropped = 1000;
	summary_each(m, NULL, true, join, text);
	for (unsigned i = 0; i < sizeof want / sizeof want[0]; i++)
		ck_assert_msg(count(text, want[i]) == 1, "%s", text);
	ck_assert_uint_eq(summary_undone(m), 345);
	model_free(m);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("plain");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, a_run_in_lines);
	tcase_add_test(t, a_program_in_lines);
	tcase_add_test(t, a_hang_in_lines);
	tcase_add_test(t, what_is_not_is_not_told);
	tcase_add_test(t, one_is_no_plural);
	tcase_add_test(t, what_is_in_force_at_the_end_is_told);
	tcase_add_test(t, a_comparison_in_lines);
	tcase_add_test(t, progress_is_told_once_a_second);
	tcase_add_test(t, both_runs_of_a_restart);
	tcase_add_test(t, a_killed_worker_is_named);
	tcase_add_test(t, a_full_output_is_an_error);
	tcase_add_test(t, a_reader_may_leave);
	tcase_add_test(t, verdicts);
	tcase_add_test(t, a_report_can_be_read);
	return suite_run("plain", cases);
}
