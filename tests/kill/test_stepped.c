/* test_stepped: threads at their gates, let go one at a time by command. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "suite.h"

#define RACE                                                             \
	"race --processes 1 --threads 2 --items 2 --adds 1 --window 5s " \
	"--step --steps "

static const char *const kinds[] = {"none", "mutex", "spin", "semaphore",
    "atomic", "unshared", "ticket", "cas", "file", "partial"};

static bool
is_settled(const struct engine *e)
{
	return (e->lab.flags & SCHEDULE_SETTLED) != 0;
}

/* This run is. */
static bool
is_over(const struct engine *e)
{
	return e->byes == e->hellos;
}

static bool
is_spoilt(const struct engine *e)
{
	return (e->lab.flags & SCHEDULE_SPOILT) != 0;
}

static struct engine *
start(const char *args)
{
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL, args);

	ENGINE_UNTIL(e, is_settled(e));
	return e;
}

/* A step of this thread, 0: any; then all have come to a stop again. */
static void
step_of(struct engine *e, int32_t tid)
{
	uint32_t taken = e->lab.taken;

	ck_assert_int_eq(engine_command(e, COMMAND_STEP, tid), 0);
	ENGINE_UNTIL(
	    e, is_over(e) || (is_settled(e) && e->lab.taken == taken + 1));
}

/* Of the one of this letter. */
static void
step(struct engine *e, unsigned letter)
{
	ENGINE_UNTIL(e, engine_letter(e, letter) != NULL);
	step_of(e, engine_letter(e, letter)->tid);
}

/* Of whomever the scheduler chooses, so often. */
static void
steps_of_any(struct engine *e, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		step_of(e, 0);
}

static void
steps(struct engine *e, const char *letters)
{
	for (; *letters != '\0'; letters++)
		step(e, (unsigned)(*letters - 'a') + 1);
}

static bool
schedule_is(const struct engine *e, const char *steps_taken)
{
	const char *colon = strrchr(e->schedule, ':');

	return colon != NULL && strcmp(colon + 1, steps_taken) == 0;
}

/* So many steps are taken back: the run has begun anew and stands there. */
static void
undo(struct engine *e, unsigned n)
{
	unsigned hellos = e->hellos;

	engine_send(e, COMMAND_UNDO, n);
	ENGINE_UNTIL(e, e->hellos == hellos + 1 && is_settled(e));
}

/* The run ends, however far it is. */
static void
stop(struct engine *e)
{
	engine_send(e, COMMAND_STOP, 0);
	ck_assert_int_eq(engine_end(e), 0);
}

/* Nobody is at a gate any more: to the end. */
static void
let_go(struct engine *e)
{
	engine_send(e, COMMAND_WINDOW, 0);
	engine_send(e, COMMAND_SPEED, 1000000);
	engine_send(e, COMMAND_STEPPED, 0);
	engine_done(e);
}

static const struct {
	const char *order;
	int64_t sum;
} orders[] = {
    {"aabb", 2},
    {"abba", 1},
    {"abab", 1},
    {"bbaa", 2},
};

START_TEST(an_order_taken_by_hand_has_its_outcome)
{
	struct engine *e = start(RACE "2");

	ck_assert_uint_eq(e->lab.scheduler, SCHEDULER_HAND);
	ck_assert_uint_eq(e->lab.steps, 2);
	ck_assert_uint_eq(e->lab.standing, 2);
	steps(e, orders[_i].order);
	engine_done(e);
	ck_assert_int_eq(e->sum.sum, orders[_i].sum);
	ck_assert_int_eq(e->sum.lost, 2 - orders[_i].sum);
	ck_assert_uint_eq(e->lab.taken, 4);
	ck_assert(!is_spoilt(e));
	free(e);
}
END_TEST

START_TEST(rows_say_what_comes_next)
{
	static const uint8_t points[] = {
	    POINT_LOAD, POINT_ADD, POINT_STORE, POINT_NONE};
	struct engine *e = start(RACE "3");

	for (unsigned i = 0; i < 3; i++) {
		ENGINE_UNTIL(e, engine_letter(e, 1) != NULL);
		const struct frame_step *s = &engine_letter(e, 1)->last;
		ck_assert_uint_eq(s->point, points[i]);
		ck_assert_uint_eq(s->thing, THING_SUM);
		ck_assert_uint_eq(s->flags, i > 0 ? STEP_LAST : 0);
		ck_assert_uint_eq(s->steps, i);
		ck_assert_int_eq(s->value, i == 2);
		ck_assert_int_eq(s->amount, 1);
		step(e, 1);
		ENGINE_UNTIL(e,
		    engine_letter(e, 1) == NULL ||
			engine_letter(e, 1)->last.point == points[i + 1] ||
			(engine_letter(e, 1)->last.flags & STEP_SILENT) != 0);
	}
	ENGINE_UNTIL(e, schedule_is(e, "a3"));
	ck_assert_str_eq(e->schedule,
	    "race,processes=1,threads=2,items=2,adds=1,steps=3:a3");
	let_go(e);
	free(e);
}
END_TEST

START_TEST(who_is_blocked_cannot_be_chosen)
{
	struct engine *e = start(RACE "3 --lock mutex");

	step(e, 1);
	ENGINE_UNTIL(e, engine_letter(e, 2)->last.owner != 0);
	const struct engine_step *b = engine_letter(e, 2);
	ck_assert_uint_eq(b->last.point, POINT_LOCK);
	ck_assert_uint_eq(b->last.thing, THING_LOCK);
	ck_assert_uint_eq(b->last.flags, STEP_BLOCKED);
	ck_assert_int_eq(b->last.owner, engine_letter(e, 1)->tid);
	ck_assert_uint_eq(e->lab.standing, 1);
	ck_assert_int_eq(engine_command(e, COMMAND_STEP, b->tid), -EBUSY);
	ck_assert_int_eq(engine_command(e, COMMAND_STEP, 1), -ESRCH);
	ck_assert_int_eq(engine_command(e, COMMAND_STEP, -7), -ESRCH);
	ck_assert_int_eq(engine_command(e, COMMAND_PAUSE, 1), -EBUSY);
	ck_assert_int_eq(engine_command(e, COMMAND_STEPPED, 2), -EINVAL);
	ck_assert_int_eq(engine_command(e, COMMAND_UNDO, 0), -EINVAL);
	steps(e, "aaaabbbbb");
	engine_done(e);
	ck_assert_int_eq(e->sum.sum, 2);
	free(e);
}
END_TEST

START_TEST(a_step_is_taken_back)
{
	struct engine *e = start(RACE "3");

	steps(e, "abbba");
	ENGINE_UNTIL(e, schedule_is(e, "a1b3a1"));
	undo(e, 2);
	ENGINE_UNTIL(e, schedule_is(e, "a1b2"));
	ck_assert_uint_eq(e->lab.taken, 3);
	ck_assert_uint_eq(e->lab.scheduler, SCHEDULER_HAND);
	ENGINE_UNTIL(e,
	    engine_letter(e, 2) != NULL &&
		engine_letter(e, 2)->last.point == POINT_STORE);
	undo(e, 100);
	ck_assert_uint_eq(e->lab.taken, 0);
	steps(e, "aaabbb");
	ENGINE_UNTIL(e, is_over(e));
	ck_assert_int_eq(e->sum.sum, 2);
	ck_assert(!is_spoilt(e));
	stop(e);
	free(e);
}
END_TEST

/* Also while it is just being taken back, and when the run is over. */
START_TEST(steps_are_taken_back_one_after_the_other)
{
	struct engine *e = start(RACE "3");

	steps(e, "ababab");
	ENGINE_UNTIL(e, is_over(e));
	ck_assert_int_eq(e->sum.lost, 1);
	for (int i = 0; i < 4; i++)
		engine_send(e, COMMAND_UNDO, 1);
	ENGINE_UNTIL(e, is_settled(e) && schedule_is(e, "a1b1"));
	ck_assert_uint_eq(e->lab.taken, 2);
	steps(e, "aabb");
	ENGINE_UNTIL(e, is_over(e));
	stop(e);
	free(e);
}
END_TEST

START_TEST(a_restart_is_stepped_too)
{
	struct engine *e = start(RACE "3");

	steps(e, "aa");
	engine_send(e, COMMAND_RESTART, 0);
	ENGINE_UNTIL(e, e->hellos == 2 && is_settled(e));
	ck_assert_uint_eq(e->lab.taken, 0);
	ck_assert_uint_eq(e->lab.scheduler, SCHEDULER_HAND);
	stop(e);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_STOPPED);
	ck_assert_uint_eq(engine_killed(e), 0);
	free(e);
}
END_TEST

START_TEST(the_scheduler_chooses_for_nobody)
{
	struct engine *e = start(RACE "3 --scheduler round-robin");

	ck_assert_uint_eq(e->lab.chooser, SCHEDULER_ROUND_ROBIN);
	steps_of_any(e, 6);
	engine_done(e);
	ck_assert(schedule_is(e, "a1b1a1b1a1b1"));
	ck_assert_int_eq(e->sum.lost, 1);
	free(e);
}
END_TEST

/* Commands that come faster than steps are taken wait for their moment. */
START_TEST(a_burst_of_steps_is_taken_one_by_one)
{
	struct engine *e = start(RACE "3");
	int32_t a = 0, b = 0;

	ENGINE_UNTIL(
	    e, engine_letter(e, 1) != NULL && engine_letter(e, 2) != NULL);
	a = engine_letter(e, 1)->tid;
	b = engine_letter(e, 2)->tid;
	for (int i = 0; i < 3; i++) {
		engine_send(e, COMMAND_STEP, a);
		engine_send(e, COMMAND_STEP, b);
	}
	engine_done(e);
	ck_assert(schedule_is(e, "a1b1a1b1a1b1"));
	free(e);
}
END_TEST

START_TEST(gates_may_be_closed_and_opened_at_any_time)
{
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL,
	    "hybrid --processes 2 --threads 3 --items 3x100 --item-work none "
	    "--task-work sleep:50ms --window 1ms --lock semaphore");

	ENGINE_UNTIL(e, e->item_queue.done > 0);
	/* The run is not over before it is made to hurry. */
	ck_assert_int_eq(engine_command(e, COMMAND_SPEED, 10), 0);
	ck_assert_int_eq(engine_command(e, COMMAND_STEP, 0), -EAGAIN);
	ck_assert_int_eq(engine_command(e, COMMAND_UNDO, 1), -EAGAIN);
	ck_assert_int_eq(engine_command(e, COMMAND_PAUSE, 1), 0);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(engine_command(e, COMMAND_STEPPED, 1), 0);
		ck_assert_uint_eq(e->control.paused, 0);
		ENGINE_UNTIL(e, is_settled(e));
		ck_assert(is_spoilt(e));
		steps_of_any(e, 5);
		ck_assert_int_eq(engine_command(e, COMMAND_UNDO, 1), -ENOTSUP);
		ck_assert_int_eq(engine_command(e, COMMAND_STEPPED, 0), 0);
		ck_assert_uint_eq(e->lab.scheduler, SCHEDULER_NONE);
	}
	engine_send(e, COMMAND_SPEED, 1000000);
	engine_done(e);
	ck_assert_uint_eq(e->item_queue.done, 100);
	ck_assert_int_eq(e->sum.sum, 300 * 3);
	free(e);
}
END_TEST

/* However quickly it goes: all come to their gates, and nobody waits there
 * with a lock that others wait for elsewhere. */
/* On a busy machine each ticket goes to a thread that has to be scheduled. */
START_TEST(gates_are_closed_and_opened_in_no_time)
{
	char args[200];
	int adds = strcmp(kinds[_i], "ticket") == 0 ? 4 : 200;

	snprintf(args, sizeof args,
	    "race --processes 2 --threads 3 --items 3x400 --adds %d --lock %s",
	    adds, kinds[_i]);
	struct engine *e = engine_start("LOCKSTEP_ENGINE", NULL, NULL, args);

	ENGINE_UNTIL(e, e->item_queue.put > 0);
	for (int i = 0; i < 10; i++) {
		for (int k = 0; k < 10; k++) {
			engine_send(e, COMMAND_STEPPED, 1);
			engine_send(e, COMMAND_STEP, 0);
			engine_send(e, COMMAND_STEPPED, 0);
		}
		engine_send(e, COMMAND_STEPPED, 1);
		ENGINE_UNTIL(e,
		    is_over(e) ||
			(e->control.ack == e->asked && is_settled(e)));
		if (is_over(e))
			break;
		ck_assert_uint_eq(e->sum.adding, 0);
	}
	if (!is_over(e))
		engine_send(e, COMMAND_STEPPED, 0);
	engine_done(e);
	ck_assert_uint_eq(e->item_queue.done, 400);
	ck_assert_uint_eq(e->sum.in_doubt, 0);
	free(e);
}
END_TEST

START_TEST(a_program_is_stepped_from_the_middle)
{
	struct engine *e =
	    engine_start("LOCKSTEP_ENGINE", NULL, NULL, "queue --speed 0.1");

	ENGINE_UNTIL(e, engine_alive(e) == 2);
	ck_assert_int_eq(engine_command(e, COMMAND_STEPPED, 1), 0);
	ENGINE_UNTIL(e, is_settled(e));
	ck_assert(is_spoilt(e));
	steps_of_any(e, 5);
	engine_send(e, COMMAND_SPEED, 1000000);
	ck_assert_int_eq(engine_command(e, COMMAND_STEPPED, 0), 0);
	ENGINE_UNTIL(e, is_over(e));
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_DONE);
	stop(e);
	free(e);
}
END_TEST

static const struct frame_step *
step_row(const struct engine *e, int32_t tid)
{
	for (unsigned i = 0; i < e->nsteps; i++)
		if (e->steps[i].tid == tid)
			return &e->steps[i].last;
	return NULL;
}

/* Steps of one thread until it is about to do this. */
static void
steps_up_to(struct engine *e, int32_t tid, enum frame_point point)
{
	const struct frame_step *row;

	ENGINE_UNTIL(e, (row = step_row(e, tid)) != NULL && row->point != 0);
	while (row->point != point) {
		uint32_t taken = row->steps;

		step_of(e, tid);
		ENGINE_UNTIL(e, row->steps == taken + 1 && row->point != 0);
	}
}

/* Those who had waited long get no lock but by a step of theirs. */
START_TEST(a_lock_given_back_is_free)
{
	struct engine *e = engine_start(
	    "LOCKSTEP_ENGINE", NULL, NULL, "safe-worker --speed 0.01");

	ENGINE_UNTIL(e, e->mutex.waiters == 4 && e->mutex.held_us > 100000);
	ck_assert_int_eq(engine_command(e, COMMAND_STEPPED, 1), 0);
	ENGINE_UNTIL(e, is_settled(e));
	steps_up_to(e, e->mutex.holder, POINT_UNLOCK);
	step_of(e, e->mutex.holder);
	/* They may go, all of them. */
	ENGINE_UNTIL(e, e->mutex.holder == 0 && e->mutex.waiters == 0);
	ck_assert_uint_ge(e->lab.standing, 4);
	stop(e);
	free(e);
}
END_TEST

START_TEST(some_cannot_be_stepped)
{
	static const char *const args[] = {
	    "compare --speed 0.1",
	    "hybrid --gil --items 3x1000",
	    "hybrid --duration 100s",
	};
	struct engine *e =
	    engine_start("LOCKSTEP_ENGINE", NULL, NULL, args[_i]);

	ENGINE_UNTIL(e, engine_alive(e) > 0);
	ck_assert_int_eq(engine_command(e, COMMAND_STEPPED, 1), -ENOTSUP);
	stop(e);
	free(e);
}
END_TEST

/* Killed at any of its points, a worker leaves nothing in doubt. */
START_TEST(a_worker_killed_at_its_gate_is_replaced)
{
	char args[200];

	snprintf(args, sizeof args,
	    "race --processes 2 --threads 1 --items 1x6 --adds 2 --step "
	    "--steps 3 --lock %s",
	    kinds[_i / 3]);
	struct engine *e = start(args);
	struct engine_proc *p;

	for (int i = 0; i < 1 + _i % 3; i++)
		step(e, 1);
	ENGINE_UNTIL(e, (p = engine_worker(e, 1)) != NULL);
	ck_assert_int_eq(engine_command(e, COMMAND_KILL, p->pid), 0);
	ENGINE_UNTIL(e,
	    e->nprocs == 3 && engine_alive(e) == 2 && is_settled(e) &&
		engine_letter(e, 3) != NULL);
	ck_assert(is_spoilt(e));
	ck_assert_uint_eq(e->item_queue.requeued, 1);
	ck_assert_uint_eq(e->sum.in_doubt, 0);
	ck_assert_int_eq(engine_command(e, COMMAND_UNDO, 1), -ENOTSUP);
	if (engine_letter(e, 3)->last.flags == 0)
		step(e, 3);
	let_go(e);
	ck_assert_uint_eq(e->item_queue.done, 6);
	ck_assert_uint_eq(e->sum.in_doubt, 0);
	free(e);
}
END_TEST

START_TEST(a_stopped_worker_holds_all_up)
{
	struct engine *e = start("race --processes 2 --threads 1 --items 1x6 "
				 "--adds 2 --step --steps 3");
	struct engine_proc *p;

	ENGINE_UNTIL(e, (p = engine_worker(e, 2)) != NULL);
	unsigned banners = e->banners;
	ck_assert_int_eq(kill(p->pid, SIGSTOP), 0);
	ENGINE_UNTIL(e, !is_settled(e) && e->banners > banners);
	ck_assert_int_eq(kill(p->pid, SIGCONT), 0);
	ENGINE_UNTIL(e, is_settled(e));
	steps(e, "ab");
	ck_assert(!is_spoilt(e));
	let_go(e);
	free(e);
}
END_TEST

START_TEST(a_lock_is_switched_while_all_stand)
{
	struct engine *e = start("race --processes 2 --threads 2 --items 2x4 "
				 "--adds 3 --step --steps 3");

	step(e, 1); /* it is inside an add */
	ck_assert_int_eq(engine_command(e, COMMAND_LOCK, 1), 0);
	ck_assert_uint_eq(e->lock.kind, 0);
	ENGINE_UNTIL(e, is_settled(e) && e->lab.standing == 1);
	ck_assert(is_spoilt(e));
	ENGINE_UNTIL(e, engine_letter(e, 1)->last.point == POINT_ADD);
	step(e, 1);
	step(e, 1);
	ENGINE_UNTIL(e, e->lock.kind == 1 && is_settled(e));
	steps_of_any(e, 4);
	let_go(e);
	ck_assert_int_eq(e->sum.sum, 24);
	free(e);
}
END_TEST

START_TEST(workers_and_threads_come_and_go_while_all_stand)
{
	struct engine *e = start("race --processes 2 --threads 2 --items 4x9 "
				 "--adds 2 --step --steps 3 --lock mutex");

	step(e, 1);
	ck_assert_int_eq(engine_command(e, COMMAND_WORKERS, 4), 0);
	ENGINE_UNTIL(e, engine_alive(e) == 4 && is_settled(e));
	ck_assert(is_spoilt(e));
	ck_assert_int_eq(engine_command(e, COMMAND_THREADS, 4), 0);
	ENGINE_UNTIL(e, e->procs[0].last.threads == 4 && is_settled(e));
	ck_assert_int_eq(engine_command(e, COMMAND_THREADS, 1), 0);
	ENGINE_UNTIL(e, is_settled(e));
	ck_assert_int_eq(engine_command(e, COMMAND_WORKERS, 1), 0);
	for (int i = 0; i < 40; i++)
		engine_send(e, COMMAND_STEP, 0);
	ENGINE_UNTIL(e, e->control.ack == e->asked && is_settled(e));
	let_go(e);
	ck_assert_int_eq(e->sum.sum, 4 * 9 * 2);
	free(e);
}
END_TEST

START_TEST(a_stop_ends_who_stands)
{
	static const char *const args[] = {
	    RACE "3", "hybrid --step", "philosophers --step --steps 3"};
	struct engine *e = start(args[_i]);

	step(e, 1);
	stop(e);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_STOPPED);
	free(e);
}
END_TEST

/* Who has begun an add finishes it; nobody begins another. */
START_TEST(a_stop_lets_nobody_begin)
{
	struct engine *e = start(RACE "3");

	if (_i > 0)
		step(e, 1);
	stop(e);
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_STOPPED);
	ck_assert_int_eq(e->sum.sum, _i);
	ck_assert_int_eq(e->sum.lost, 0);
	free(e);
}
END_TEST

START_TEST(a_deadlock_is_stuck_and_says_why)
{
	struct engine *e = start("deadlock --threads 2 --adds 1 --step "
				 "--steps 3");

	steps(e, "ab");
	ENGINE_UNTIL(e, (e->lab.flags & SCHEDULE_STUCK) != 0);
	ck_assert_uint_eq(e->lab.standing, 0);
	ck_assert_int_eq(engine_command(e, COMMAND_STEP, 0), -EBUSY);
	ENGINE_UNTIL(e, e->control.hung != 0);
	undo(e, 1);
	ck_assert_uint_eq(e->lab.taken, 1);
	ck_assert_uint_eq(e->lab.flags & SCHEDULE_STUCK, 0);
	steps(e, "aaabbbb");
	ENGINE_UNTIL(e, is_over(e));
	ck_assert_uint_eq(e->bye.outcome, OUTCOME_DONE);
	stop(e);
	free(e);
}
END_TEST

START_TEST(at_the_end_of_a_schedule_somebody_else_goes_on)
{
	struct engine *e = start("--schedule race,processes=1,threads=2,"
				 "items=2,adds=1,steps=3:a1b3");

	ck_assert_uint_eq(e->lab.flags & SCHEDULE_ENDED, SCHEDULE_ENDED);
	ck_assert_uint_eq(e->lab.scheduler, SCHEDULER_HAND);
	ck_assert_uint_eq(e->lab.given, 4);
	ck_assert_uint_eq(e->lab.taken, 4);
	steps(e, "aa");
	engine_done(e);
	ck_assert_int_eq(e->sum.lost, 1);
	free(e);
}
END_TEST

/* With --step it is only proposed, as long as nobody strays from it. */
START_TEST(a_schedule_is_stepped_along)
{
	struct engine *e = start("--step --schedule race,processes=1,threads=2,"
				 "items=2,adds=1,steps=3:a1b3a2");

	ck_assert_uint_eq(e->lab.taken, 0);
	steps_of_any(e, 3);
	ENGINE_UNTIL(e, schedule_is(e, "a1b2"));
	step(e, 1);
	undo(e, 1);
	steps_of_any(e, 3);
	ENGINE_UNTIL(e, is_over(e));
	ck_assert(schedule_is(e, "a1b3a2"));
	ck_assert_int_eq(e->sum.lost, 1);
	stop(e);
	free(e);
}
END_TEST

START_TEST(a_schedule_that_does_not_fit_stops_there)
{
	struct engine *e = start("--schedule race,processes=1,threads=2,"
				 "items=2,adds=1,lock=mutex,steps=3:a1b3");

	ck_assert_uint_eq(e->lab.taken, 1);
	ck_assert_uint_eq(e->lab.scheduler, SCHEDULER_HAND);
	ck_assert_ptr_nonnull(
	    strstr(e->log, "step 2 of 4 is by b: it waits for the lock"));
	steps(e, "aaaabbbbb");
	engine_done(e);
	ck_assert_int_eq(e->sum.sum, 2);
	free(e);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("stepped");
	TCase *const cases[] = {t, NULL};
	int norders = sizeof orders / sizeof orders[0];
	int nkinds = sizeof kinds / sizeof kinds[0];

	tcase_add_loop_test(
	    t, an_order_taken_by_hand_has_its_outcome, 0, norders);
	tcase_add_test(t, rows_say_what_comes_next);
	tcase_add_test(t, who_is_blocked_cannot_be_chosen);
	tcase_add_test(t, a_step_is_taken_back);
	tcase_add_test(t, steps_are_taken_back_one_after_the_other);
	tcase_add_test(t, a_restart_is_stepped_too);
	tcase_add_test(t, the_scheduler_chooses_for_nobody);
	tcase_add_test(t, a_burst_of_steps_is_taken_one_by_one);
	tcase_add_test(t, gates_may_be_closed_and_opened_at_any_time);
	tcase_add_loop_test(
	    t, gates_are_closed_and_opened_in_no_time, 0, nkinds);
	tcase_add_test(t, a_program_is_stepped_from_the_middle);
	tcase_add_test(t, a_lock_given_back_is_free);
	tcase_add_loop_test(t, some_cannot_be_stepped, 0, 3);
	tcase_add_loop_test(
	    t, a_worker_killed_at_its_gate_is_replaced, 0, 3 * nkinds);
	tcase_add_test(t, a_stopped_worker_holds_all_up);
	tcase_add_test(t, a_lock_is_switched_while_all_stand);
	tcase_add_test(t, workers_and_threads_come_and_go_while_all_stand);
	tcase_add_loop_test(t, a_stop_ends_who_stands, 0, 3);
	tcase_add_loop_test(t, a_stop_lets_nobody_begin, 0, 2);
	tcase_add_test(t, a_deadlock_is_stuck_and_says_why);
	tcase_add_test(t, at_the_end_of_a_schedule_somebody_else_goes_on);
	tcase_add_test(t, a_schedule_is_stepped_along);
	tcase_add_test(t, a_schedule_that_does_not_fit_stops_there);
	return suite_run("stepped", cases);
}
