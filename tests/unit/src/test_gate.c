/* test_gate: pause, speed and stop reach a thread wherever it waits; points. */
#include "slot/gate.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "crowd.h"
#include "suite.h"

#define HOUR (3600 * NSEC_PER_SEC)

/* A thread with its ring, going round and round through the gate. */
struct walker {
	struct gate *gate;
	struct thread_slot tslot;
	pthread_t thread;
	uint64_t ns; /* to sleep */
	bool (*wait)(struct gate *, struct thread_slot *, uint64_t ns);
	_Atomic unsigned passed;
	_Atomic int result; /* of the sleep; -1: none yet */
};

static struct gate gate;
static struct walker walkers[2];

static bool
in_state(struct walker *w, enum frame_state state)
{
	return atomic_load(&w->tslot.state) == (uint32_t)state;
}

static void *
walk(void *arg)
{
	struct walker *w = arg;

	while (gate_pass(w->gate, &w->tslot)) {
		atomic_fetch_add(&w->passed, 1);
		crowd_yield();
	}
	return NULL;
}

static void *
rest(void *arg)
{
	struct walker *w = arg;

	slot_state(&w->tslot, STATE_SLEEPING);
	atomic_store(&w->result, w->wait(w->gate, &w->tslot, w->ns));
	return NULL;
}

static void
start(struct walker *w, void *(*fn)(void *))
{
	w->gate = &gate;
	atomic_store(&w->result, -1);
	MUST(pthread_create(&w->thread, NULL, fn, w) == 0);
}

static void
start_two(void)
{
	gate_init(&gate);
	gate_pause(&gate, true);
	for (int i = 0; i < 2; i++)
		start(&walkers[i], walk);
	for (int i = 0; i < 2; i++)
		UNTIL(in_state(&walkers[i], STATE_GATED));
}

static void
stop_two(void)
{
	gate_stop(&gate);
	for (int i = 0; i < 2; i++)
		pthread_join(walkers[i].thread, NULL);
}

static unsigned
passed(int i)
{
	return atomic_load(&walkers[i].passed);
}

START_TEST(pause_holds_and_resume_lets_go)
{
	start_two();
	ck_assert_uint_eq(passed(0) + passed(1), 0);
	gate_pause(&gate, false);
	UNTIL(passed(0) > 100 && passed(1) > 100);
	gate_pause(&gate, true);
	UNTIL(in_state(&walkers[0], STATE_GATED) &&
	    in_state(&walkers[1], STATE_GATED));
	unsigned held = passed(0);
	gate_set_speed(&gate, 2 * SPEED_ONE); /* wakes, but does not let go */
	for (int i = 0; i < 1000; i++)
		crowd_yield();
	ck_assert_uint_eq(passed(0), held);
	stop_two();
}
END_TEST

START_TEST(stop_leads_out_of_a_pause)
{
	start_two();
	stop_two();
	ck_assert(gate_stopped(&gate));
	ck_assert_uint_eq(passed(0) + passed(1), 0);
}
END_TEST

/*
 * Do something to the gate that is to wake those who sleep at it: they would
 * look again by themselves, too, but only after a second.
 */
#define RINGS(act)                                                  \
	do {                                                        \
		uint32_t word_ = atomic_load(&gate.wake.word);      \
		act;                                                \
		ck_assert_uint_ne(                                  \
		    atomic_load(&gate.wake.word) >> 1, word_ >> 1); \
	} while (0)

static void
start_rest(
    uint64_t ns, bool (*wait)(struct gate *, struct thread_slot *, uint64_t ns))
{
	gate_init(&gate);
	walkers[0].ns = ns;
	walkers[0].wait = wait;
	start(&walkers[0], rest);
	UNTIL(eventcount_sleepers(&gate.wake));
}

static int
result(void)
{
	pthread_join(walkers[0].thread, NULL);
	return atomic_load(&walkers[0].result);
}

static bool
delay(struct gate *g, struct thread_slot *me, uint64_t ns)
{
	(void)me;
	return gate_delay(g, ns);
}

static const struct {
	bool (*wait)(struct gate *, struct thread_slot *, uint64_t ns);
} waits[] = {{gate_sleep}, {delay}};

START_TEST(stop_reaches_a_sleeper)
{
	start_rest(HOUR, waits[_i].wait);
	RINGS(gate_stop(&gate));
	ck_assert_int_eq(result(), false);
}
END_TEST

START_TEST(speed_reaches_a_sleeper)
{
	uint64_t begin = now_ns();

	start_rest(HOUR / 6, waits[_i].wait); /* 0.6 s at the highest */
	RINGS(gate_set_speed(&gate, SPEED_MAX));
	ck_assert_int_eq(result(), true);
	ck_assert_uint_ge(now_ns() - begin, NSEC_PER_SEC / 2);
}
END_TEST

START_TEST(pause_holds_a_sleeper)
{
	start_rest(HOUR, gate_sleep);
	RINGS(gate_pause(&gate, true));
	UNTIL(in_state(&walkers[0], STATE_GATED) &&
	    eventcount_sleepers(&gate.wake));
	gate_set_speed(&gate, SPEED_MAX);
	gate_pause(&gate, false);
	UNTIL(in_state(&walkers[0], STATE_SLEEPING));
	ck_assert_int_eq(atomic_load(&walkers[0].result), -1);
	gate_stop(&gate);
	ck_assert_int_eq(result(), false);
}
END_TEST

START_TEST(a_step_ends_a_sleep)
{
	struct thread_slot *r = &walkers[0].tslot;

	start_rest(HOUR, gate_sleep);
	RINGS(gate_set_stepped(&gate, r, 1, true));
	UNTIL(atomic_load(&r->stand) == STAND_HERE);
	ck_assert(in_state(&walkers[0], STATE_GATED));
	ck_assert_uint_eq(atomic_load(&r->point), POINT_SLEEP);
	ck_assert(gate_grant(r));
	ck_assert_int_eq(result(), true);
	ck_assert(in_state(&walkers[0], STATE_SLEEPING));
}
END_TEST

/* ---- points ---- */

/* A walker that stands before every round: whether it may go, and how. */
struct stander {
	struct walker w;
	_Atomic bool may;
	bool timed;
	_Atomic unsigned looks;
	_Atomic int pass; /* -1: it stands, or is done */
};

static struct stander standers[2];

static bool
may(const void *arg)
{
	struct stander *s = *(struct stander *const *)arg;

	atomic_fetch_add(&s->looks, 1);
	return atomic_load(&s->may);
}

static void *
stand(void *arg)
{
	struct stander *s = arg;
	struct thread_slot *r = &s->w.tslot;

	while (!gate_stopped(&gate)) {
		slot_state(r, STATE_WAIT_LOCK);
		atomic_store(&s->pass,
		    (int)gate_stand(&gate, r,
			&(struct gate_point){.op = POINT_LOCK,
			    .thing = THING_MUTEX,
			    .object = 7,
			    .value = -3,
			    .addend = 4,
			    .ready = may,
			    .arg = &s,
			    .timed = s->timed}));
		atomic_fetch_add(&s->w.passed, 1);
		slot_state(r, STATE_RUNNING);
		if (!gate_stepped(&gate))
			break;
	}
	gate_leave(&gate, r);
	return NULL;
}

static void
start_standers(unsigned n, bool ready, bool timed)
{
	gate_init(&gate);
	gate_set_stepped(&gate, NULL, 0, true);
	for (unsigned i = 0; i < n; i++) {
		standers[i].may = ready;
		standers[i].timed = timed;
		standers[i].pass = -1;
		MUST(pthread_create(&standers[i].w.thread, NULL, stand,
			 &standers[i]) == 0);
		UNTIL(atomic_load(&standers[i].w.tslot.stand) == STAND_HERE);
	}
}

static void
stop_standers(unsigned n)
{
	gate_stop(&gate);
	for (unsigned i = 0; i < n; i++) {
		struct thread_slot *r = &standers[i].w.tslot;

		gate_release(r);
		pthread_join(standers[i].w.thread, NULL);
		ck_assert_uint_eq(atomic_load(&r->state), STATE_EXITED);
	}
}

static bool
has_passed(unsigned i, unsigned times)
{
	return atomic_load(&standers[i].w.passed) == times &&
	    atomic_load(&standers[i].w.tslot.stand) == STAND_HERE;
}

START_TEST(one_that_stands_says_before_what)
{
	struct thread_slot *r = &standers[0].w.tslot;

	start_standers(1, true, false);
	ck_assert_uint_eq(atomic_load(&r->point), POINT_LOCK);
	ck_assert_uint_eq(atomic_load(&r->thing), THING_MUTEX << 8 | 7);
	ck_assert_int_eq(atomic_load(&r->value), -3);
	ck_assert_int_eq(atomic_load(&r->addend), 4);
	ck_assert_uint_eq(atomic_load(&r->blocked), 0);
	ck_assert_uint_eq(atomic_load(&r->asks), 1);
	ck_assert_uint_eq(atomic_load(&r->state), STATE_GATED);
	stop_standers(1);
	ck_assert_int_eq(atomic_load(&standers[0].pass), GATE_OPEN);
}
END_TEST

START_TEST(one_is_granted_and_no_other)
{
	start_standers(2, true, false);
	for (unsigned i = 1; i <= 50; i++) {
		ck_assert(gate_grant(&standers[0].w.tslot));
		UNTIL(has_passed(0, i));
		ck_assert_int_eq(atomic_load(&standers[0].pass), GATE_GRANTED);
	}
	ck_assert(has_passed(1, 0));
	ck_assert(gate_grant(&standers[1].w.tslot));
	UNTIL(has_passed(1, 1));
	ck_assert(has_passed(0, 50));
	stop_standers(2);
}
END_TEST

START_TEST(a_nudge_is_a_look_and_no_step)
{
	struct thread_slot *r = &standers[0].w.tslot;

	start_standers(1, false, false);
	ck_assert_uint_eq(atomic_load(&r->blocked), 1);
	ck_assert_uint_eq(atomic_load(&r->state), STATE_WAIT_LOCK);
	for (unsigned i = 0; i < 6; i++) {
		unsigned looks = atomic_load(&standers[0].looks);

		atomic_store(&standers[0].may, i % 2 == 0);
		ck_assert(gate_nudge(r));
		UNTIL(atomic_load(&standers[0].looks) == looks + 1 &&
		    has_passed(0, 0));
		ck_assert_uint_eq(atomic_load(&r->blocked), i % 2);
		ck_assert_uint_eq(atomic_load(&r->state),
		    i % 2 == 0 ? STATE_GATED : STATE_WAIT_LOCK);
	}
	stop_standers(1);
}
END_TEST

START_TEST(a_timed_wait_is_over_when_it_is_chosen)
{
	start_standers(1, false, true);
	ck_assert_uint_eq(atomic_load(&standers[0].w.tslot.blocked), 2);
	ck_assert(gate_grant(&standers[0].w.tslot));
	UNTIL(has_passed(0, 1));
	ck_assert_int_eq(atomic_load(&standers[0].pass), GATE_TIMED_OUT);
	stop_standers(1);
}
END_TEST

START_TEST(released_it_begins_its_turn_anew)
{
	start_standers(1, false, false);
	ck_assert(gate_release(&standers[0].w.tslot));
	UNTIL(has_passed(0, 1));
	ck_assert_int_eq(atomic_load(&standers[0].pass), GATE_OPEN);
	stop_standers(1);
}
END_TEST

START_TEST(open_gates_let_everybody_go)
{
	start_standers(2, false, false);
	gate_set_stepped(&gate, &standers[0].w.tslot, 1, false);
	pthread_join(standers[0].w.thread, NULL);
	gate_release(&standers[1].w.tslot);
	pthread_join(standers[1].w.thread, NULL);
	for (unsigned i = 0; i < 2; i++)
		ck_assert_int_eq(atomic_load(&standers[i].pass), GATE_OPEN);
	ck_assert(!gate_grant(&standers[0].w.tslot));
	ck_assert(!gate_nudge(&standers[0].w.tslot));
	ck_assert(!gate_release(&standers[0].w.tslot));
}
END_TEST

/* How often the bell was rung. */
static uint64_t
rung(int fd)
{
	uint64_t n = 0;

	return read(fd, &n, sizeof n) == (ssize_t)sizeof n ? n : 0;
}

START_TEST(the_bell_rings_once_for_who_listens)
{
	int fd = eventfd(0, EFD_NONBLOCK);

	ck_assert_int_ge(fd, 0);
	start_standers(1, true, false);
	gate.bell = fd;
	ck_assert(gate_grant(&standers[0].w.tslot));
	UNTIL(has_passed(0, 1));
	ck_assert_uint_eq(rung(fd), 0);
	gate_listen(&gate);
	ck_assert(gate_grant(&standers[0].w.tslot));
	UNTIL(has_passed(0, 2) && rung(fd) == 1);
	ck_assert(gate_grant(&standers[0].w.tslot));
	UNTIL(has_passed(0, 3));
	ck_assert_uint_eq(rung(fd), 0);
	gate_listen(&gate);
	stop_standers(1); /* it leaves */
	ck_assert_uint_eq(rung(fd), 1);
	close(fd);
}
END_TEST

/* ---- windows ---- */

START_TEST(pause_does_not_hold_a_window)
{
	start_rest(200 * NSEC_PER_MSEC, delay);
	gate_pause(&gate, true);
	ck_assert_int_eq(result(), true);
	ck_assert(!in_state(&walkers[0], STATE_GATED));
}
END_TEST

START_TEST(time_is_scaled)
{
	gate_init(&gate);
	ck_assert_uint_eq(gate_scale(&gate, 1000), 1000);
	gate_set_speed(&gate, 2 * SPEED_ONE);
	ck_assert_uint_eq(gate_scale(&gate, 1000), 500);
	gate_set_speed(&gate, 1);
	ck_assert_uint_eq(gate_scale(&gate, 24 * HOUR), 24000 * HOUR);
}
END_TEST

START_TEST(a_sleep_lasts)
{
	uint64_t begin = now_ns();

	gate_init(&gate);
	gate_set_speed(&gate, 2 * SPEED_ONE);
	ck_assert(gate_sleep(&gate, &walkers[0].tslot, 20 * NSEC_PER_MSEC));
	ck_assert_uint_ge(now_ns() - begin, 10 * NSEC_PER_MSEC);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("gate");
	TCase *const cases[] = {t, NULL};

	tcase_add_test(t, pause_holds_and_resume_lets_go);
	tcase_add_test(t, stop_leads_out_of_a_pause);
	tcase_add_loop_test(t, stop_reaches_a_sleeper, 0, 2);
	tcase_add_loop_test(t, speed_reaches_a_sleeper, 0, 2);
	tcase_add_test(t, pause_holds_a_sleeper);
	tcase_add_test(t, a_step_ends_a_sleep);
	tcase_add_test(t, one_that_stands_says_before_what);
	tcase_add_test(t, one_is_granted_and_no_other);
	tcase_add_test(t, a_nudge_is_a_look_and_no_step);
	tcase_add_test(t, a_timed_wait_is_over_when_it_is_chosen);
	tcase_add_test(t, released_it_begins_its_turn_anew);
	tcase_add_test(t, open_gates_let_everybody_go);
	tcase_add_test(t, the_bell_rings_once_for_who_listens);
	tcase_add_test(t, pause_does_not_hold_a_window);
	tcase_add_test(t, time_is_scaled);
	tcase_add_test(t, a_sleep_lasts);
	return suite_run("gate", cases);
}
