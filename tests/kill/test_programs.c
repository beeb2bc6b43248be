/*
 * test_programs: SIGKILL of a process of every demo that has a program of its
 * own, by its slot: 1 is main, then in the order of their birth.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine.h"
#include "suite.h"

#define FASTEST  1000000 /* COMMAND_SPEED: a thousand times */
#define NORMAL   1000
#define SLOWEST  1
#define NOT_MAIN 0 /* any slot but the first */

struct death {
	const char *args;
	unsigned slot;
	enum frame_state busy; /* in which it is to be; 0: any */
	unsigned outcome, status;
	const char *words[3]; /* that the log is to have */
};

/* Who dies, and what becomes of the others' work. */
static const struct death deaths[] = {
    {"processes --speed 0.01", 4, 0, OUTCOME_FAILED, 1,
	{"process-3 was killed by signal 9", "4 processes done",
	    "0 sum of main"}},
    {"process-pool --speed 0.01", 3, STATE_SLEEPING, OUTCOME_DONE, 0,
	{"died with 1 unfinished task", "worker-2 replaced",
	    "285 sum by submit"}},
    {"queue --speed 0.01", 2, 0, OUTCOME_FAILED, 1,
	{"producer (pid", "the producer was killed by signal 9"}},
    {"primes --limits 100000000,50000", 2, 0, OUTCOME_FAILED, 1,
	{"5133 primes up to 50000", "killed by signal 9, not counted"}},
    {"advanced --speed 0.01", 2, 0, OUTCOME_DONE, 0,
	{"counter-1 (pid", "0 unreadable"}},
    {"download --speed 0.01", 2, 0, OUTCOME_FAILED, 1, {"server (pid"}},
    {"compare --work io --speed 1", NOT_MAIN, STATE_SLEEPING, OUTCOME_DONE, 0,
	{" replaced: pid", "4 ways", "8 tasks of each"}},
    {"missing-task-done --speed 0.01", 3, STATE_SLEEPING, OUTCOME_DONE, 0,
	{"back in queue numbers"}},
    {"full-pipe", 2, 0, OUTCOME_FAILED, 1, {"child-1 was killed by signal 9"}},
};

#define NDEATHS ((int)(sizeof deaths / sizeof deaths[0]))

static struct engine_proc *
find_victim(struct engine *e, const struct death *d)
{
	for (unsigned i = 0; i < e->nprocs; i++) {
		const struct frame_proc *last = &e->procs[i].last;

		if (last->ended == ENDED_NOT && last->state != STATE_STARTING &&
		    (d->slot == NOT_MAIN ? last->slot > 1
					 : last->slot == d->slot) &&
		    (d->busy == 0 || last->state == d->busy))
			return &e->procs[i];
	}
	return NULL;
}

static bool
is_over(const struct engine *e)
{
	return e->hellos > 0 && e->byes == e->hellos;
}

static void
set_speed(struct engine *e, int64_t speed)
{
	engine_send(e, COMMAND_SPEED, speed);
	ENGINE_UNTIL(e, is_over(e) || e->control.ack == e->asked);
}

/*
 * While it is looked for, time stands nearly still. If that comes too late,
 * time goes on, and the run begins again when it is over.
 */
static struct engine_proc *
await_victim(struct engine *e, const struct death *d)
{
	struct engine_proc *p = NULL;

	for (;;) {
		ENGINE_UNTIL(e, is_over(e) || find_victim(e, d) != NULL);
		set_speed(e, SLOWEST);
		/* With the second answer all is known as of the first. */
		set_speed(e, SLOWEST);
		if (!is_over(e) && (p = find_victim(e, d)) != NULL)
			return p;
		if (is_over(e))
			engine_send(e, COMMAND_RESTART, 0);
		ENGINE_UNTIL(e, !is_over(e));
		set_speed(e, NORMAL);
	}
}

START_TEST(a_death_is_told_and_survived)
{
	const struct death *d = &deaths[_i];
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL, d->args);
	struct engine_proc *p = await_victim(e, d);

	ck_assert_int_eq(kill(p->pid, SIGKILL), 0);
	ENGINE_UNTIL(e, p->last.ended == ENDED_SIGNAL);
	if (!is_over(e))
		engine_send(e, COMMAND_SPEED, FASTEST);
	ENGINE_UNTIL(e, is_over(e));
	close(e->control_fd);
	e->control_fd = -1;
	ck_assert_uint_eq(engine_end(e), d->status);
	ck_assert_uint_eq(e->bye.outcome, d->outcome);
	ck_assert_uint_eq(engine_alive(e), 0);
	for (unsigned i = 0; i < 3 && d->words[i] != NULL; i++)
		ck_assert_msg(strstr(e->log, d->words[i]) != NULL,
		    "no \"%s\": %s", d->words[i], e->log);
	free(e);
}
END_TEST

static const char *const all[] = {"sequential", "threads", "processes",
    "safe-worker", "thread-pool", "process-pool", "queue",
    "primes --limits 100000000", "download", "advanced", "compare --work io",
    "missing-sentinel", "missing-task-done", "full-pipe", "deadlock",
    "philosophers --fix waiter"};

#define NALL ((int)(sizeof all / sizeof all[0]))

/* Nobody can go on with main's work; nobody is left behind. */
START_TEST(a_death_of_main_ends_the_run)
{
	struct engine *e;
	struct engine_proc *p;
	char args[128];

	snprintf(args, sizeof args, "%s --speed 0.01", all[_i]);
	e = engine_start("LOCKSTEP_ENGINE", NULL, NULL, args);
	ENGINE_UNTIL(e, (p = engine_worker(e, 1)) != NULL);
	kill(p->pid, SIGKILL);
	ENGINE_UNTIL(e, e->byes == 1);
	close(e->control_fd);
	e->control_fd = -1;
	ck_assert_int_eq(engine_end(e), 1);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_FAILED);
	ck_assert_uint_eq(engine_alive(e), 0);
	ck_assert_ptr_nonnull(strstr(e->log, "main was killed"));
	free(e);
}
END_TEST

START_TEST(a_stop_ends_it_at_once)
{
	struct engine *e;
	char args[128];

	snprintf(args, sizeof args, "%s --speed 0.01", all[_i]);
	e = engine_start("LOCKSTEP_ENGINE", NULL, NULL, args);
	ENGINE_UNTIL(e, engine_worker(e, 1) != NULL);
	engine_send(e, COMMAND_STOP, 0);
	ck_assert_int_eq(engine_end(e), 0);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_STOPPED);
	ck_assert_uint_eq(engine_killed(e), 0);
	free(e);
}
END_TEST

/* Twice the same program, in memory that is as new. */
START_TEST(a_restart_runs_it_again)
{
	struct engine *e;
	char args[128];

	snprintf(args, sizeof args, "%s --speed 0.1", all[_i]);
	e = engine_start("LOCKSTEP_ENGINE", NULL, NULL, args);
	ENGINE_UNTIL(e, engine_worker(e, 1) != NULL);
	engine_send(e, COMMAND_RESTART, 0);
	ENGINE_UNTIL(e, e->hellos == 2 && engine_worker(e, 1) != NULL);
	engine_send(e, COMMAND_STOP, 0);
	ck_assert_int_eq(engine_end(e), 0);
	ck_assert_uint_eq(e->byes, 2);
	free(e);
}
END_TEST

/* ---- stepped ---- */

#define ROUNDS 5

static const struct {
	const char *demo;
	bool hangs;
} steppable[] = {
    {"sequential", false},
    {"threads", false},
    {"processes", false},
    {"safe-worker", false},
    {"thread-pool", false},
    {"process-pool", false},
    {"queue", false},
    {"missing-sentinel", true},
    {"missing-task-done", true},
    {"full-pipe", true},
    {"deadlock", true},
    {"deadlock --fix order", false},
    {"philosophers", true},
    {"philosophers --fix waiter", false},
};

#define NSTEPPABLE ((int)(sizeof steppable / sizeof steppable[0]))

/* All come to their gates, wherever they wait, and go back. */
START_TEST(stepping_begins_in_the_middle_and_ends)
{
	struct engine *e;
	char args[128];

	snprintf(args, sizeof args, "%s --speed 20", steppable[_i].demo);
	e = engine_start("LOCKSTEP_ENGINE", NULL, NULL, args);
	ENGINE_UNTIL(e, engine_worker(e, 1) != NULL);
	for (int i = 0; i < ROUNDS && e->byes == 0; i++) {
		engine_send(e, COMMAND_STEPPED, 1);
		ENGINE_UNTIL(
		    e, (e->lab.flags & SCHEDULE_SETTLED) != 0 || e->byes == 1);
		engine_send(e, COMMAND_STEPPED, 0);
		ENGINE_UNTIL(
		    e, e->lab.scheduler == SCHEDULER_NONE || e->byes == 1);
	}
	if (e->byes == 0)
		engine_send(e, COMMAND_SPEED, FASTEST);
	ENGINE_UNTIL(e, e->byes == 1 || e->control.hung != 0);
	ck_assert_int_eq(e->byes == 0, steppable[_i].hangs);
	if (e->byes == 0)
		engine_send(e, COMMAND_STOP, 0);
	ENGINE_UNTIL(e, e->byes == 1);
	close(e->control_fd);
	e->control_fd = -1;
	engine_end(e);
	ck_assert_uint_eq(
	    e->bye.outcome, steppable[_i].hangs ? OUTCOME_HUNG : OUTCOME_DONE);
	ck_assert_uint_eq(engine_alive(e), 0);
	free(e);
}
END_TEST

/* Its task is done by another, at the gates as well. */
START_TEST(a_worker_is_killed_at_its_gate)
{
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL,
	    "process-pool --step --scheduler random --seed 7");
	struct engine_proc *p = NULL;

	while (p == NULL || p->last.state != STATE_GATED || e->lab.taken < 40) {
		ENGINE_UNTIL(e, (e->lab.flags & SCHEDULE_SETTLED) != 0);
		engine_command(e, COMMAND_STEP, 0);
		p = engine_worker(e, 3);
	}
	ck_assert_int_eq(kill(p->pid, SIGKILL), 0);
	ENGINE_UNTIL(e, p->last.ended == ENDED_SIGNAL);
	ENGINE_UNTIL(e, (e->lab.flags & SCHEDULE_SPOILT) != 0);
	ENGINE_UNTIL(e, (e->lab.flags & SCHEDULE_SETTLED) != 0);
	engine_send(e, COMMAND_STEPPED, 0);
	engine_send(e, COMMAND_SPEED, FASTEST);
	ENGINE_UNTIL(e, e->byes == 1);
	close(e->control_fd);
	e->control_fd = -1;
	ck_assert_uint_eq(engine_end(e), 0);
	ck_assert_ptr_nonnull(strstr(e->log, "285 sum by submit"));
	free(e);
}
END_TEST

/* Not even main can be had: one line, no half a stream. */
START_TEST(a_program_that_cannot_start_says_so)
{
	struct engine *e =
	    engine_start("LOCKSTEP_HOOKS_ENGINE", NULL, "fork:1+", "processes");

	ck_assert_int_eq(engine_end(e), EXIT_START);
	ck_assert_uint_eq(e->hellos, 0);
	ck_assert_ptr_nonnull(strstr(e->errors, "cannot start"));
	free(e);
}
END_TEST

/* Main is there, the others are not: it goes on with what it has. */
START_TEST(processes_that_cannot_be_had_are_told_of)
{
	struct engine *e = engine_start("LOCKSTEP_HOOKS_ENGINE", NULL,
	    "fork:3+", "process-pool --speed 1000");

	ENGINE_UNTIL(e, e->byes == 1);
	close(e->control_fd);
	e->control_fd = -1;
	engine_end(e);
	ck_assert_uint_eq(e->nprocs, 2);
	ck_assert_uint_gt(e->banners, 0);
	ck_assert_msg(
	    strstr(e->log, "could not be started") != NULL, "%s", e->log);
	ck_assert_msg(
	    strstr(e->log, "285 sum by submit") != NULL, "%s", e->log);
	free(e);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("programs");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(t, a_death_is_told_and_survived, 0, NDEATHS);
	tcase_add_loop_test(t, a_death_of_main_ends_the_run, 0, NALL);
	tcase_add_loop_test(t, a_stop_ends_it_at_once, 0, NALL);
	tcase_add_loop_test(t, a_restart_runs_it_again, 0, NALL);
	tcase_add_loop_test(
	    t, stepping_begins_in_the_middle_and_ends, 0, NSTEPPABLE);
	tcase_add_test(t, a_worker_is_killed_at_its_gate);
	tcase_add_test(t, a_program_that_cannot_start_says_so);
	tcase_add_test(t, processes_that_cannot_be_had_are_told_of);
	return suite_run("programs", cases);
}
