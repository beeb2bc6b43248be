/* test_kill: SIGKILL of random workers under load; stops and other ends. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine.h"
#include "suite.h"

#define WORKERS 4
#define A_SLOT  3 /* kills of one slot: five are its end */

static const char *const kinds[] = {"none", "mutex", "spin", "semaphore",
    "atomic", "unshared", "ticket", "cas", "file", "partial", "owner"};

#define KINDS (int)(sizeof kinds / sizeof kinds[0])

static bool
is(int kind, const char *name)
{
	return strcmp(kinds[kind], name) == 0;
}

/* Updates may be lost. */
static bool
wrong(int kind)
{
	return is(kind, "none") || is(kind, "unshared");
}

/* What a death cuts short is settled, not in doubt. */
static bool
settles(int kind)
{
	return !wrong(kind) && !is(kind, "atomic") && !is(kind, "cas");
}

/* Somebody holds it, and can be seen to. */
static bool
held(int kind)
{
	return settles(kind) && !is(kind, "partial") && !is(kind, "owner");
}

/* With a window that nothing but speed ends. */
static const char stuck[] =
    "race --processes 2 --threads 2 --items 1x40 --adds 5 --window 10s "
    "--speed 0.001 --lock ";

/* One that only a stop ends, and one that comes to its end. */
static const char loads[2][256] = {
    "race --processes 4 --threads 3 --items 3x100000000 --adds 100 --window 0",
    "hybrid --processes 4 --threads 3 --items 1-5x400 --item-work sleep:100us "
    "--task-work sleep:100us --window 10us",
};

static struct engine *
start(const char *load, const char *lock, const char *sum)
{
	char args[512];

	snprintf(args, sizeof args, "%s --lock %s --sum %s", load, lock, sum);
	return engine_start("LOCKSTEP_ENGINE", NULL, NULL, args);
}

static void
kill_one(struct engine *e, unsigned slot)
{
	struct engine_proc *p;
	uint64_t done;

	ENGINE_UNTIL(e,
	    (p = engine_worker(e, slot)) != NULL ||
		e->control.phase == PHASE_DONE);
	if (p == NULL)
		return;
	done = e->item_queue.done;
	ENGINE_UNTIL(
	    e, e->item_queue.done > done || e->control.phase == PHASE_DONE);
	kill(p->pid, SIGKILL);
	ENGINE_UNTIL(e, p->last.ended != ENDED_NOT);
	ck_assert(p->last.ended == ENDED_SIGNAL ? p->last.code == SIGKILL
						: p->last.code == 0);
}

/* Each slot some times, or until the run is over. How many were killed. */
static unsigned
kill_at_random(int i)
{
	int kind = i % KINDS, private = i / KINDS % 2, load = i / KINDS / 2;
	struct engine *e =
	    start(loads[load], kinds[kind], private ? "private" : "shared");
	unsigned killed[WORKERS + 1] = {0}, left = WORKERS * A_SLOT, all;

	e->exact = settles(kind);
	ENGINE_UNTIL(e, e->control.phase >= PHASE_RUNNING);
	while (left > 0 && e->control.phase < PHASE_DONE) {
		unsigned slot = 1 + (unsigned)rand() % WORKERS;

		if (killed[slot] == A_SLOT)
			continue;
		killed[slot]++;
		left--;
		kill_one(e, slot);
	}
	if (load == 0)
		engine_stop(e);
	else
		engine_done(e);
	all = engine_killed(e);
	/* Near the end nobody takes their place. */
	ck_assert_uint_le(e->nprocs, all + WORKERS);
	if (!wrong(kind))
		ck_assert_int_eq(e->sum.lost, 0);
	free(e);
	return all;
}

START_TEST(random_kills_under_load)
{
	unsigned rounds = suite_long() ? 10 : 1;

	srand((unsigned)_i);
	while (rounds > 0)
		rounds -= kill_at_random(_i) > 0; /* or it was over before */
}
END_TEST

/* The worker whose thread holds the lock, in its window. */
static struct engine_proc *
holder(struct engine *e)
{
	for (unsigned i = 0; i < e->nprocs; i++) {
		pid_t pid = e->procs[i].pid;
		char path[64];

		snprintf(path, sizeof path, "/proc/%d/task/%d", (int)pid,
		    (int)e->lock.holder);
		if (e->lock.holder != 0 && access(path, F_OK) == 0)
			return &e->procs[i];
	}
	return NULL;
}

static struct engine *
start_stuck(const char *lock)
{
	char args[512];

	snprintf(args, sizeof args, "%s%s", stuck, lock);
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL, args);
	e->exact = true;
	ENGINE_UNTIL(e, holder(e) != NULL);
	return e;
}

static void
let_go(struct engine *e)
{
	ck_assert_int_eq(engine_command(e, COMMAND_WINDOW, 0), 0);
	ck_assert_int_eq(engine_command(e, COMMAND_SPEED, 1000000), 0);
}

START_TEST(a_holder_killed_gives_the_lock_back)
{
	if (!held(_i))
		return;
	struct engine *e = start_stuck(kinds[_i]);
	struct engine_proc *p = holder(e);

	kill(p->pid, SIGKILL);
	ENGINE_UNTIL(e, p->last.ended == ENDED_SIGNAL);
	let_go(e);
	engine_done(e);
	ck_assert_uint_eq(engine_killed(e), 1);
	ck_assert_uint_gt(e->item_queue.requeued, 0);
	ck_assert_uint_eq(e->lock.orphaned, 1);
	free(e);
}
END_TEST

START_TEST(a_holder_stopped_is_shown_and_waited_for)
{
	if (!held(_i))
		return;
	struct engine *e = start_stuck(kinds[_i]);
	struct engine_proc *p = holder(e);

	kill(p->pid, SIGSTOP);
	ENGINE_UNTIL(e, p->last.state == STATE_STALLED);
	let_go(e); /* the supervisor obeys meanwhile */
	ck_assert_int_eq(engine_command(e, COMMAND_LOCK, 4), 0);
	ck_assert_uint_eq(e->lock.kind, (unsigned)_i);
	ck_assert_uint_eq(e->byes, 0);
	kill(p->pid, SIGCONT);
	ENGINE_UNTIL(e, e->lock.kind == 4);
	engine_done(e);
	ck_assert_uint_eq(engine_killed(e), 0);
	free(e);
}
END_TEST

/* Stop workers one by one until one of them has the queue's mutex, or not. */
START_TEST(stopped_workers_hold_nobody_up_but_themselves)
{
	struct engine *e = start(loads[0], "atomic", "shared");

	ENGINE_UNTIL(e, e->control.phase == PHASE_RUNNING);
	for (int i = 0; i < 30; i++) {
		struct engine_proc *p;
		unsigned slot = 1 + (unsigned)i % WORKERS;

		ENGINE_UNTIL(e, (p = engine_worker(e, slot)) != NULL);
		ck_assert_int_eq(kill(p->pid, SIGSTOP), 0);
		ENGINE_UNTIL(e, p->last.state == STATE_STALLED);
		ck_assert_int_eq(engine_command(e, COMMAND_WINDOW, i), 0);
		kill(p->pid, SIGCONT);
	}
	engine_stop(e);
	ck_assert_int_eq(e->sum.lost, 0);
	free(e);
}
END_TEST

START_TEST(a_stopped_worker_does_not_keep_a_stop_up)
{
	struct engine *e = start_stuck("mutex");
	struct engine_proc *p = holder(e);

	kill(p->pid, SIGSTOP);
	ENGINE_UNTIL(e, p->last.state == STATE_STALLED);
	ck_assert_int_eq(engine_command(e, COMMAND_STOP, 0), 0);
	ck_assert_int_eq(engine_end(e), 0);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_STOPPED);
	free(e);
}
END_TEST

START_TEST(without_the_supervisor_nobody_stays)
{
	struct engine *e = start_stuck("spin");

	ck_assert_uint_eq(engine_alive(e), 2);
	kill(e->pid, SIGKILL);
	engine_gone(e);
	ck_assert_int_eq(engine_end(e), 128 + SIGKILL);
	free(e);
}
END_TEST

START_TEST(without_a_reader_the_engine_ends)
{
	struct engine *e = start_stuck("mutex");

	if (_i == 0) {
		close(e->status_fd);
		e->eof = true;
	} else {
		close(e->control_fd);
		e->control_fd = -1;
	}
	ENGINE_UNTIL(e, waitpid(e->pid, &e->status, WNOHANG) == e->pid);
	ck_assert(WIFEXITED(e->status) && WEXITSTATUS(e->status) == 0);
	engine_gone(e);
	free(e);
}
END_TEST

START_TEST(a_signal_stops_it)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
	struct engine *e = start_stuck("semaphore");

	kill(e->pid, signals[_i]);
	ck_assert_int_eq(engine_end(e), 128 + signals[_i]);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_STOPPED);
	ck_assert_uint_eq(e->byes, 1);
	free(e);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("kill");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, random_kills_under_load, 0, 4 * KINDS);
	tcase_add_loop_test(t, a_holder_killed_gives_the_lock_back, 0, KINDS);
	tcase_add_loop_test(
	    t, a_holder_stopped_is_shown_and_waited_for, 0, KINDS);
	tcase_add_test(t, stopped_workers_hold_nobody_up_but_themselves);
	tcase_add_test(t, a_stopped_worker_does_not_keep_a_stop_up);
	tcase_add_test(t, without_the_supervisor_nobody_stays);
	tcase_add_loop_test(t, without_a_reader_the_engine_ends, 0, 2);
	tcase_add_loop_test(t, a_signal_stops_it, 0, 4);
	return suite_run("kill", cases);
}
