/* test_control: every command is obeyed or refused, and says so. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine.h"
#include "suite.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))
#define PATIENCE (500 * NSEC_PER_MSEC) /* from a stop to SIGKILL */

static struct engine *
start_with(const char *more)
{
	char args[256];

	snprintf(args, sizeof args,
	    "hybrid --processes 2 --threads 3 --item-work none "
	    "--task-work sleep:20ms --window 0 --lock mutex %s",
	    more);
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL, args);
	ENGINE_UNTIL(e,
	    e->control.phase == PHASE_RUNNING ||
		e->control.phase == PHASE_DRAINING);
	return e;
}

/* So slow that no task is over before hurry(). */
static struct engine *
start(void)
{
	return start_with("--items 1-5x20 --speed 0.001");
}

/* Tasks come and go, and only a stop is the end. */
static struct engine *
start_endless(void)
{
	return start_with("--items 1-5x1000000");
}

static void
hurry(struct engine *e)
{
	engine_send(e, COMMAND_SPEED, 1000000);
	engine_done(e);
	ck_assert_uint_eq(e->item_queue.done, 100);
	free(e);
}

static const struct {
	enum frame_command op;
	int64_t arg;
	int result;
} refused[] = {
    {COMMAND_LOCK, -1, -EINVAL},
    {COMMAND_LOCK, 32, -EINVAL},
    {COMMAND_LOCK, INT64_MAX, -EINVAL},
    {COMMAND_WINDOW, -1, -EINVAL},
    {COMMAND_WINDOW, INT64_MAX, -EINVAL},
    {COMMAND_SPEED, 0, -EINVAL},
    {COMMAND_SPEED, -1000, -EINVAL},
    {COMMAND_SPEED, 1000001, -EINVAL},
    {COMMAND_STEP, 0, -EAGAIN},
    {COMMAND_STEP, -1, -EAGAIN},
    {COMMAND_STEP, 1, -EAGAIN},
    {COMMAND_WORKERS, 0, -EINVAL},
    {COMMAND_WORKERS, -1, -EINVAL},
    {COMMAND_WORKERS, 100000, -EINVAL},
    {COMMAND_WORKERS, INT64_MAX, -EINVAL},
    {COMMAND_THREADS, 0, -EINVAL},
    {COMMAND_THREADS, -1, -EINVAL},
    {COMMAND_THREADS, 100000, -EINVAL},
    {COMMAND_THREADS, INT64_MIN, -EINVAL},
    {COMMAND_KILL, 0, -ESRCH},
    {COMMAND_KILL, 1, -ESRCH},
    {COMMAND_KILL, -1, -ESRCH},
};

START_TEST(bad_arguments_are_refused)
{
	struct engine *e = start();
	struct frame_control before = e->control;

	for (int i = 0; i < COUNT(refused); i++) {
		int result = engine_command(e, refused[i].op, refused[i].arg);

		ck_assert_msg(
		    result == refused[i].result, "row %d: %d", i, result);
		ck_assert_uint_eq(e->control.lock, before.lock);
		ck_assert_uint_eq(e->control.window, before.window);
		ck_assert_uint_eq(e->control.speed, before.speed);
		ck_assert_uint_eq(e->control.processes, before.processes);
		ck_assert_uint_eq(e->control.threads, before.threads);
	}
	ck_assert_int_eq(
	    engine_command(e, COMMAND_KILL, e->pid), -ESRCH); /* no worker */
	hurry(e);
}
END_TEST

START_TEST(lock_window_and_speed)
{
	struct engine *e = start();

	ck_assert_int_eq(engine_command(e, COMMAND_LOCK, 2), 0);
	ck_assert_uint_eq(e->control.lock, 2);
	ENGINE_UNTIL(e, e->lock.kind == 2 && e->lock.wanted == 2);
	ck_assert_int_eq(engine_command(e, COMMAND_LOCK, 0), 0);
	ENGINE_UNTIL(e, e->lock.kind == 0);
	ck_assert_uint_eq(e->control.lock_other, 2);
	ck_assert_int_eq(engine_command(e, COMMAND_LOCK, 0), 0);
	ck_assert_uint_eq(e->lock.switches, 2);
	ck_assert_int_eq(engine_command(e, COMMAND_LOCK, 4), 0);
	ck_assert_int_eq(engine_command(e, COMMAND_WINDOW, 12345), 0);
	ck_assert_uint_eq(e->control.window, 12345);
	ck_assert_int_eq(engine_command(e, COMMAND_SPEED, 2500), 0);
	ck_assert_uint_eq(e->control.speed, 2500);
	hurry(e);
}
END_TEST

START_TEST(pause_and_resume)
{
	struct engine *e = start();

	ck_assert_int_eq(engine_command(e, COMMAND_PAUSE, 1), 0);
	ck_assert_uint_eq(e->control.paused, 1);
	ENGINE_UNTIL(e, e->gated != 0);
	ENGINE_UNTIL(e, e->sum.adding == 0); /* paused is quiet */
	ck_assert_int_eq(engine_command(e, COMMAND_PAUSE, 0), 0);
	ck_assert_uint_eq(e->control.paused, 0);
	hurry(e);
}
END_TEST

START_TEST(steps_are_granted_until_all_is_done)
{
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL,
	    "race --processes 1 --threads 1 --items 1x2 --adds 3 --lock mutex "
	    "--task-work sleep:1s --speed 1 --step");

	while (e->byes == 0) {
		engine_pump(e);
		if (e->gated == 0)
			continue;
		engine_send(e, COMMAND_STEP, e->gated);
		e->gated = 0;
	}
	engine_done(e);
	ck_assert_uint_eq(e->item_queue.done, 2);
	ck_assert_int_eq(e->sum.sum, 6);
	free(e);
}
END_TEST

static unsigned
threads_of_all(const struct engine *e)
{
	unsigned n = 0;

	for (unsigned i = 0; i < e->nprocs; i++)
		if (e->procs[i].last.ended == ENDED_NOT)
			n += e->procs[i].last.threads;
	return n;
}

START_TEST(workers_up_and_down)
{
	struct engine *e = start_endless();

	ck_assert_int_eq(engine_command(e, COMMAND_WORKERS, 5), 0);
	ck_assert_uint_eq(e->control.processes, 5);
	ENGINE_UNTIL(e, engine_alive(e) == 5 && engine_worker(e, 5) != NULL);
	ck_assert_int_eq(engine_command(e, COMMAND_WORKERS, 1), 0);
	ENGINE_UNTIL(e, engine_alive(e) == 1);
	ck_assert_int_eq(engine_command(e, COMMAND_WORKERS, 3), 0);
	ENGINE_UNTIL(e, engine_alive(e) == 3);
	ck_assert_uint_eq(e->nprocs, 7);
	ck_assert_uint_eq(engine_killed(e), 0);
	ck_assert_uint_eq(e->item_queue.requeued, 0);
	engine_stop(e);
	free(e);
}
END_TEST

START_TEST(threads_up_and_down)
{
	struct engine *e = start_endless();

	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(engine_command(e, COMMAND_THREADS, 9), 0);
		ck_assert_uint_eq(e->control.threads, 9);
		ENGINE_UNTIL(e, threads_of_all(e) == 18);
		ck_assert_int_eq(engine_command(e, COMMAND_THREADS, 1), 0);
		ENGINE_UNTIL(e, threads_of_all(e) == 2);
	}
	ck_assert_int_eq(engine_command(e, COMMAND_THREADS, 4), 0);
	ENGINE_UNTIL(e, threads_of_all(e) == 8);
	engine_stop(e);
	free(e);
}
END_TEST

START_TEST(a_worker_is_killed_by_pid)
{
	struct engine *e = start();
	struct engine_proc *p;

	ENGINE_UNTIL(e, (p = engine_worker(e, 2)) != NULL);
	ck_assert_int_eq(engine_command(e, COMMAND_KILL, p->pid), 0);
	ENGINE_UNTIL(e, p->last.ended == ENDED_SIGNAL);
	ck_assert_uint_eq(p->last.code, SIGKILL);
	ck_assert_uint_eq(p->last.state, STATE_KILLED);
	ENGINE_UNTIL(e, engine_alive(e) == 2); /* replaced */
	ck_assert_int_eq(engine_command(e, COMMAND_KILL, p->pid), -ESRCH);
	hurry(e);
}
END_TEST

static void
check_fresh(struct engine *e, unsigned run)
{
	ENGINE_UNTIL(e, e->hellos == run + 1 && e->item_queue.put > 0);
	ck_assert_uint_eq(e->hello.run, run);
	ck_assert_int_le(e->sum.expected, 11000);
	ck_assert_uint_le(e->item_queue.done, e->item_queue.put);
	ck_assert_uint_le(e->item_queue.put, 1000);
}

/* It would take minutes, if it were not made to hurry in the end. */
START_TEST(restart_begins_anew)
{
	struct engine *e = start_with("--items 1-5x200 --speed 0.05");

	e->exact = true;
	for (unsigned run = 1; run <= 3; run++) {
		ENGINE_UNTIL(e, e->sum.expected > 0);
		engine_send(e, COMMAND_RESTART, 0);
		check_fresh(e, run);
		ck_assert_uint_eq(e->bye.outcome, OUTCOME_STOPPED);
	}
	engine_send(e, COMMAND_SPEED, 1000000);
	ENGINE_UNTIL(e, e->byes == 4);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_DONE);
	ck_assert_int_eq(e->sum.sum, 200 * (1 + 4 + 9 + 16 + 25));
	engine_send(e, COMMAND_RESTART, 0); /* after the end, too */
	ENGINE_UNTIL(e, e->hellos == 5);
	engine_send(e, COMMAND_SPEED, 1000000);
	engine_done(e);
	ck_assert_uint_eq(e->item_queue.done, 1000);
	free(e);
}
END_TEST

START_TEST(stop_ends_the_engine)
{
	struct engine *e = start();
	uint64_t began = now_ns();

	engine_stop(e);
	ck_assert_uint_eq(e->byes, 1);
	ck_assert_uint_eq(e->control.ack, e->asked);
	/* All left by themselves, unless they had no time to. */
	ck_assert(engine_killed(e) == 0 || now_ns() - began > PATIENCE);
	free(e);
}
END_TEST

/* Items of two tasks, all asleep when the stop comes: none of them is done. */
START_TEST(what_a_stop_cuts_short_is_not_done)
{
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL,
	    "hybrid --processes 2 --threads 2 --items 2x10 --item-work none "
	    "--task-work sleep:1000s");

	ENGINE_UNTIL(e, e->item_queue.in_flight == 2);
	engine_send(e, COMMAND_STOP, 0);
	ck_assert_int_eq(engine_end(e), 0);
	ck_assert_uint_eq(e->item_queue.done, 0);
	ck_assert_uint_eq(e->item_queue.queued, 10);
	ck_assert_uint_eq(e->bye.tasks, 0);
	free(e);
}
END_TEST

/* What is queued when the time is up is done still: so little is queued. */
START_TEST(a_duration_puts_little_ahead)
{
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL,
	    "hybrid --processes 2 --threads 2 --items 1 --item-work sleep:5ms "
	    "--task-work none --duration 1s");
	uint32_t most = 0;

	while (e->byes == 0) {
		engine_pump(e);
		if (e->item_queue.queued > most)
			most = e->item_queue.queued;
	}
	engine_done(e);
	ck_assert_uint_ge(e->item_queue.done, 2);
	/* A tenth of a second ahead, of 2 workers at 200 items/s each. */
	ck_assert_uint_le(most, 400); /* and not thousands */
	free(e);
}
END_TEST

START_TEST(garbage_is_no_command)
{
	struct engine *e = start();
	char junk[200];

	memset(junk, 'x', sizeof junk);
	ck_assert_int_eq(write(e->control_fd, junk, sizeof junk), sizeof junk);
	ck_assert_int_eq(engine_command(e, COMMAND_WINDOW, 777), 0);
	ck_assert_uint_eq(e->control.window, 777);
	hurry(e);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("control");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, bad_arguments_are_refused);
	tcase_add_test(t, lock_window_and_speed);
	tcase_add_test(t, pause_and_resume);
	tcase_add_test(t, steps_are_granted_until_all_is_done);
	tcase_add_test(t, workers_up_and_down);
	tcase_add_test(t, threads_up_and_down);
	tcase_add_test(t, a_worker_is_killed_by_pid);
	tcase_add_test(t, restart_begins_anew);
	tcase_add_test(t, stop_ends_the_engine);
	tcase_add_test(t, what_a_stop_cuts_short_is_not_done);
	tcase_add_test(t, a_duration_puts_little_ahead);
	tcase_add_test(t, garbage_is_no_command);
	return suite_run("control", cases);
}
