/* test_fault: calls that fail: fewer workers and a banner, or one line. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "suite.h"

#define COUNT(a)  (int)(sizeof(a) / sizeof((a)[0]))
#define FILE_LOCK 8 /* its number */

static const char args[] =
    "race --processes 3 --threads 3 --items 2x200 --adds 20 --lock mutex";

static struct engine *
start(const char *fault, const char *words)
{
	return engine_start("LOCKSTEP_HOOKS_ENGINE", NULL, fault, words);
}

static unsigned
lines(const char *text)
{
	unsigned n = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

static const char *const fatal_faults[] = {
    "fork:1", "fork:1+", "mmap:1", "signalfd:1", "eventfd:1"};

START_TEST(nothing_can_be_started)
{
	struct engine *e = start(fatal_faults[_i], args);

	ck_assert_int_eq(engine_end(e), EXIT_START);
	ck_assert_msg(lines(e->errors) == 1, "said: %s", e->errors);
	ck_assert_ptr_nonnull(strstr(e->errors, "cannot start"));
	ck_assert_uint_eq(e->hellos, 0); /* nor half a stream */
	free(e);
}
END_TEST

static const char *const bearable[] = {"fork:2", "fork:3", "fork:2+", "fork:3+",
    "pthread_create:1", "pthread_create:5", "pthread_create:9",
    "pthread_create:4+"};

START_TEST(fewer_can_be_started)
{
	struct engine *e = start(bearable[_i], args);

	e->exact = true;
	engine_done(e);
	ck_assert_uint_eq(e->item_queue.done, 200);
	ck_assert_uint_ge(e->banners, 1);
	ck_assert(strstr(e->log, " started: ") != NULL ||
	    strstr(e->log, "cannot start threads") != NULL);
	free(e);
}
END_TEST

START_TEST(a_banner_is_not_repeated)
{
	struct engine *e = start("pthread_create:5+", args);

	engine_done(e);
	/* At worst two workers are short, and one dies of it five times. */
	ck_assert_uint_le(e->banners, 2 + 5 + 1);
	free(e);
}
END_TEST

START_TEST(no_thread_anywhere_is_a_failure_not_a_hang)
{
	struct engine *e = start("pthread_create:1+", args);

	ENGINE_UNTIL(e, e->byes == 1);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_FAILED);
	ck_assert_uint_ge(e->banners, 1);
	ck_assert_uint_eq(e->item_queue.done, 0);
	engine_send(e, COMMAND_STOP, 0);
	ck_assert_int_eq(engine_end(e), EXIT_ACCOUNTING);
	free(e);
}
END_TEST

START_TEST(no_worker_for_files_is_no_hang)
{
	struct engine *e = start("fork:1+", "files src");

	ENGINE_UNTIL(e, e->eof || e->byes == 1);
	if (!e->eof)
		engine_send(e, COMMAND_STOP, 0);
	int status = engine_end(e);
	ck_assert_msg(status == EXIT_START || status == EXIT_ACCOUNTING,
	    "exit status %d", status);
	free(e);
}
END_TEST

/* The only kind that needs more than memory cannot be had; the rest goes on. */
START_TEST(a_kind_that_cannot_be_is_refused)
{
	struct engine *e = start("memfd_create:1+",
	    "hybrid --items 1-5x200 --speed 0.05 --lock mutex");

	ck_assert_int_eq(engine_command(e, COMMAND_LOCK, FILE_LOCK), -EPERM);
	ck_assert_ptr_nonnull(strstr(e->log,
	    "lock file is not available: memfd_create: Operation not "
	    "permitted"));
	ck_assert_int_eq(engine_command(e, COMMAND_LOCK, 0), 0);
	ENGINE_UNTIL(e, e->lock.kind == 0);
	engine_stop(e);
	free(e);
}
END_TEST

/* The only worker dies and no other can be had. */
START_TEST(no_replacement_is_no_hang)
{
	struct engine *e = start("fork:2+",
	    "hybrid --processes 1 --threads 2 --items 1x100 --item-work "
	    "sleep:10ms --task-work none --window 0");
	struct engine_proc *p;

	ENGINE_UNTIL(e, (p = engine_worker(e, 1)) != NULL);
	ck_assert_int_eq(engine_command(e, COMMAND_KILL, p->pid), 0);
	ENGINE_UNTIL(e, e->byes == 1);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_FAILED);
	ck_assert_uint_ge(e->banners, 1);
	engine_send(e, COMMAND_STOP, 0);
	ck_assert_int_eq(engine_end(e), EXIT_ACCOUNTING);
	free(e);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("fault");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, nothing_can_be_started, 0, COUNT(fatal_faults));
	tcase_add_loop_test(t, fewer_can_be_started, 0, COUNT(bearable));
	tcase_add_test(t, a_banner_is_not_repeated);
	tcase_add_test(t, no_thread_anywhere_is_a_failure_not_a_hang);
	tcase_add_test(t, no_worker_for_files_is_no_hang);
	tcase_add_test(t, a_kind_that_cannot_be_is_refused);
	tcase_add_test(t, no_replacement_is_no_hang);
	return suite_run("fault", cases);
}
