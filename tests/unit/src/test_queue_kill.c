/* test_queue_kill: who puts or gets is killed, also at any instruction. */
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "numbers.h"
#include "suite.h"

#define KILLS 80
#define STEPS 60000 /* about twice the instructions that are stepped */

/*
 * What a child that is to die does: p puts the next number, s a sentinel, g
 * gets, d marks done. It writes down what it begins and what is over.
 */
struct script {
	const char *steps;
	_Atomic unsigned begun, over; /* steps */
	_Atomic long got[16];         /* by step */
	uint32_t next;
};

static void
act(void *arg)
{
	struct script *s = arg;

	be(0);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	for (unsigned i = 0; s->steps[i] != '\0'; i++) {
		raise(SIGSTOP);
		atomic_store(&s->begun, i + 1);
		if (s->steps[i] == 'p')
			put(s->next++);
		else if (s->steps[i] == 's')
			queue_put_sentinel(f, 0);
		else if (s->steps[i] == 'g')
			atomic_store(&s->got[i], get(0));
		else
			queue_done(f);
		atomic_store(&s->over, i + 1);
	}
	_exit(0);
}

static bool
is_over(const struct script *s, unsigned step)
{
	return step < atomic_load(&s->over);
}

/* Until it stops before the next step; false: it has come to its end. */
static bool
proceed(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSTOPPED(status);
}

static pid_t
act_until(struct script *s, unsigned step)
{
	pid_t pid = crowd_child(act, s);

	for (unsigned i = 0; i <= step; i++) {
		if (i > 0)
			ptrace(PTRACE_CONT, pid, NULL, NULL);
		if (!proceed(pid))
			break;
	}
	return pid;
}

/* Let it make n instructions of this step and kill it. How many it made. */
static unsigned
step_and_kill(struct script *s, unsigned step, unsigned n)
{
	pid_t pid = act_until(s, step);
	unsigned made = 0;

	while (made < n && !is_over(s, step)) {
		ck_assert_int_eq(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
		ck_assert(proceed(pid));
		made++;
	}
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	return made;
}

static bool
is_begun(const struct script *s, unsigned step)
{
	return step < atomic_load(&s->begun);
}

/*
 * What must be in the queue now, and what may be: a step that was begun and
 * is not over may have been made or not. In the order of their numbers.
 */
struct expected {
	bool must[32], may[32];
	unsigned sentinels_least, sentinels_most;
};

static void
expect_gone(
    const struct script *s, struct expected *e, unsigned step, long number)
{
	if (number > 0 && is_begun(s, step)) {
		e->must[number] = false;
		e->may[number] = !is_over(s, step);
	}
}

static void
expect_got(const struct script *s, struct expected *e, unsigned step,
    bool joinable, long queued)
{
	if (s->steps[step] != 'g' || !is_begun(s, step))
		return;
	if (queued == -EPIPE) {
		e->sentinels_least--;
		e->sentinels_most -= is_over(s, step);
	} else if (!joinable) {
		expect_gone(s, e, step, queued);
	}
}

/* `order`: what the child gets, one after the other. */
static struct expected
expect(
    const struct script *s, unsigned initial, bool joinable, const long *order)
{
	struct expected e = {0};
	uint32_t number = initial + 1;
	unsigned gets = 0, dones = 0;

	for (unsigned i = 1; i <= initial; i++)
		e.must[i] = e.may[i] = true;
	for (unsigned i = 0; order[i] != 0; i++)
		if (order[i] == -EPIPE)
			e.sentinels_least = ++e.sentinels_most;
	for (unsigned i = 0; s->steps[i] != '\0'; i++) {
		if (s->steps[i] == 'p') {
			e.must[number] = is_over(s, i);
			e.may[number++] = is_begun(s, i);
		} else if (s->steps[i] == 's') {
			e.sentinels_least += is_over(s, i);
			e.sentinels_most += is_begun(s, i);
		} else if (s->steps[i] == 'g') {
			expect_got(s, &e, i, joinable, order[gets]);
			gets++;
		} else {
			while (order[dones] == -EPIPE)
				dones++;
			expect_gone(s, &e, i, order[dones++]);
		}
	}
	return e;
}

/* Empty the queue: it holds what is expected, in order, each thing once. */
static void
check_left(const struct expected *e)
{
	unsigned seen = 0, items = 0, depth = queue_depth(f);
	long got, last = 0;

	ck_assert_uint_eq(queue_unfinished(f), depth);
	while ((got = get(0)) != -ETIMEDOUT) {
		if (got == -EPIPE) {
			seen++;
			continue;
		}
		ck_assert_int_gt(got, last);
		for (long n = last + 1; n < got; n++)
			ck_assert(!e->must[n]);
		ck_assert(e->may[got]);
		last = got;
		items++;
	}
	for (long n = last + 1; n < 32; n++)
		ck_assert(!e->must[n]);
	ck_assert_uint_eq(items, depth);
	ck_assert_uint_ge(seen, e->sentinels_least);
	ck_assert_uint_le(seen, e->sentinels_most);
	while (queue_done(f) == 0)
		;
	ck_assert_int_eq(queue_join(f, 0), 0);
	ck_assert_uint_eq(frame().put, frame().done);
}

/* It is as good as new. */
static void
check_works(unsigned capacity)
{
	for (unsigned round = 0; round < 3; round++) {
		for (uint32_t i = 1; i <= capacity; i++)
			ck_assert_int_eq(put(i), 0);
		ck_assert_int_eq(put(99), -ETIMEDOUT);
		for (uint32_t i = 1; i <= capacity; i++)
			ck_assert_int_eq(get(0), i);
		while (queue_done(f) == 0)
			;
	}
	ck_assert_uint_eq(queue_unfinished(f), 0);
}

static const struct death {
	unsigned capacity, initial;
	bool joinable, sentinel; /* a sentinel is there after the first item */
	const char *steps;
	long order[4]; /* what the gets give */
} deaths[] = {
    {8, 3, true, false, "pgdgd", {1, 2}},
    {1, 1, true, false, "gpd", {1}},
    {1, 1, true, false, "gdp", {1}},
    {8, 2, true, true, "sggdgd", {1, -EPIPE, 2}},
    {8, 3, false, false, "pgg", {1, 2}},
    {1, 1, false, false, "gp", {1}},
};

static unsigned
die(const struct death *d, unsigned step, unsigned instructions)
{
	struct script *s = crowd_memory(sizeof *s);

	make(d->capacity, d->joinable);
	s->steps = d->steps;
	s->next = d->initial + 1;
	for (uint32_t i = 1; i <= d->initial; i++) {
		ck_assert_int_eq(put(i), 0);
		if (d->sentinel && i == 1)
			queue_put_sentinel(f, 0);
	}
	unsigned made = step_and_kill(s, step, instructions);
	queue_recover(f, id_of(0), id_of(0));
	ck_assert_uint_eq(queue_held_by(f, id_of(0)), 0);
	for (unsigned i = 0, k = 0; is_over(s, i); i++)
		if (s->steps[i] == 'g')
			ck_assert_int_eq(
			    atomic_load(&s->got[i]), d->order[k++]);
	struct expected e = expect(s, d->initial, d->joinable, d->order);
	check_left(&e);
	check_works(d->capacity);
	return made;
}

/* In a new program once the registry of this one is full. */
static unsigned
die_anew(const struct death *d, unsigned step, unsigned instructions)
{
	static unsigned deaths_here;

	if (deaths_here++ % FRAME_MAX_OBJECTS == 0) {
		program_close();
		pose_open(THREADS);
	}
	return die(d, step, instructions);
}

/*
 * At every instruction, or, where there are too many of them (a sanitizer),
 * at as many as time allows; each time with a queue of its own.
 */
START_TEST(a_kill_at_any_instruction)
{
	const struct death *d = &deaths[_i];

	NEED_TRACING();
	for (unsigned step = 0; d->steps[step] != '\0'; step++) {
		unsigned all = die_anew(d, step, UINT32_MAX);
		unsigned by = 1 + (unsigned)((uint64_t)all * all / STEPS);

		ck_assert_uint_gt(all, 100);
		for (unsigned n = 0; n < all; n += by)
			die_anew(d, step, n);
	}
}
END_TEST

START_TEST(what_the_dead_had_comes_first_and_in_order)
{
	struct script *s = crowd_memory(sizeof *s);

	NEED_TRACING();
	for (uint32_t i = 1; i <= 6; i++)
		put(i);
	s->steps = "gggd";
	act_until(s, 4);
	ck_assert_uint_eq(queue_held_by(f, id_of(0)), 2);
	check_counts(6, 3, 1);
	ck_assert_uint_eq(queue_recover(f, id_of(1), id_of(5)), 0);
	ck_assert_uint_eq(queue_recover(f, id_of(0), id_of(5)), 2);
	ck_assert_uint_eq(queue_recover(f, id_of(0), id_of(5)), 0);
	check_counts(6, 1, 1);
	for (uint32_t i = 7; i <= 9; i++)
		ck_assert_int_eq(put(i), 0);
	for (uint32_t i = 2; i <= 9; i++)
		ck_assert_int_eq(get(0), i);
	ck_assert_int_eq(get(0), -ETIMEDOUT);
	while (queue_done(f) == 0)
		;
	check_counts(9, 9, 9);
}
END_TEST

/* Joined by somebody else while it dies with the last item in hand. */
START_TEST(a_joiner_is_not_left_behind)
{
	struct script *s = crowd_memory(sizeof *s);

	NEED_TRACING();
	put(1);
	s->steps = "g";
	act_until(s, 1);
	struct crowd *c = crowd_start(0, 2, join, NULL);
	UNTIL(waits(0, STATE_WAIT_JOIN) && waits(1, STATE_WAIT_JOIN));
	ck_assert_uint_eq(queue_recover(f, id_of(0), id_of(0)), 1);
	ck_assert_uint_eq(queue_unfinished(f), 1);
	ck_assert_int_eq(get(0), 1);
	ck_assert_int_eq(queue_done(f), 0);
	ck_assert_uint_eq(crowd_join(c), 0);
}
END_TEST

static void
consume_for_ever(void *arg)
{
	unsigned who = *(unsigned *)arg;

	consume(who, false);
}

/* Three consumers, killed in turn while they are at it. */
START_TEST(nothing_is_lost_by_random_kills)
{
	unsigned who[3] = {0, 1, 2};
	uint32_t next = 1;
	pid_t pids[3];

	make(16, true);
	times_got = crowd_memory(KILLS * 300 * sizeof *times_got);
	for (int i = 0; i < 3; i++)
		pids[i] = crowd_child(consume_for_ever, &who[i]);
	for (unsigned n = 0; n < KILLS; n++) {
		unsigned victim = n % 3, many = 20 + n * 37 % 200;

		for (uint32_t end = next + many; next < end; next++)
			ck_assert_int_eq(
			    queue_put(f, &next, sizeof next, LONG), 0);
		crowd_kill(pids[victim]);
		queue_recover(f, id_of(victim), id_of(victim));
		pids[victim] = crowd_child(consume_for_ever, &who[victim]);
	}
	ck_assert_int_eq(queue_join(f, LONG), 0);
	check_counts(next - 1, next - 1, next - 1);
	for (uint32_t i = 1; i < next; i++)
		ck_assert_uint_ge(atomic_load(&times_got[i]), 1);
	for (int i = 0; i < 3; i++)
		crowd_kill(pids[i]);
}
END_TEST

static void
produce_for_ever(void *arg)
{
	uint32_t i = *(unsigned *)arg;

	be(i);
	for (;;)
		queue_put(f, &i, sizeof i, LONG);
}

/* Killed while they put, asleep at a full queue or not. */
START_TEST(dead_putters_disturb_nobody)
{
	unsigned who[2] = {0, 1};
	uint64_t got = 0;

	make(1 + _i * 15, true);
	for (unsigned n = 0; n < KILLS; n++) {
		pid_t pids[2];

		for (int i = 0; i < 2; i++)
			pids[i] = crowd_child(produce_for_ever, &who[i]);
		for (unsigned k = 0; k < 1 + n * 7 % 50; k++, got++) {
			ck_assert_int_le(get(LONG), 1);
			ck_assert_int_eq(queue_done(f), 0);
		}
		for (int i = 0; i < 2; i++)
			crowd_kill(pids[i]);
		queue_recover(f, id_of(0), id_of(1));
		while (get(0) >= 0)
			got++;
		while (queue_done(f) == 0)
			;
		check_counts(got, got, got);
	}
}
END_TEST

START_TEST(nobody_relies_on_the_stopped)
{
	/* As they are while these threads watch. */
	atomic_store(&f->spinner, id_of(0));
	atomic_store(&f->napper, id_of(1));
	atomic_store(&f->put_spinner, id_of(2));
	queue_forget(f, id_of(3), id_of(4));
	ck_assert_uint_eq(atomic_load(&f->spinner), id_of(0));
	ck_assert_uint_eq(atomic_load(&f->napper), id_of(1));
	ck_assert_uint_eq(atomic_load(&f->put_spinner), id_of(2));
	uint32_t before = atomic_load(&f->getters.word);
	queue_forget(f, id_of(0), id_of(1));
	ck_assert_uint_eq(atomic_load(&f->spinner), 0);
	ck_assert_uint_eq(atomic_load(&f->napper), 0);
	ck_assert_uint_ne(atomic_load(&f->getters.word), before);
	queue_forget(f, id_of(2), id_of(2));
	ck_assert_uint_eq(atomic_load(&f->put_spinner), 0);
}
END_TEST

/* `done` names item 0 until something is done, which here nothing ever is. */
START_TEST(what_is_being_got_is_not_freed)
{
	make(8, false);
	_Atomic uint64_t *first = &queue_item(f, 0)->word;

	atomic_store(first, LOW(DONE_GEN_BITS) << GEN_SHIFT);
	ck_assert_int_eq(put(1), 0);
	uint64_t taken = word_with(atomic_load(first), QUEUE_TAKEN, id_of(1));
	ck_assert(done_names(atomic_load(&f->done), 0, taken));
	atomic_store(first, taken);
	ck_assert_uint_eq(queue_held_by(f, id_of(1)), 1);
	ck_assert_uint_eq(queue_recover(f, id_of(0), id_of(0)), 0);
	ck_assert_uint_eq(atomic_load(first), taken);
}
END_TEST

int
main(void)
{
	TCase *kills = tcase_create("kills");
	TCase *const cases[] = {kills, NULL};

	tcase_add_checked_fixture(kills, setup, program_close);
	tcase_add_loop_test(kills, a_kill_at_any_instruction, 0,
	    (int)(sizeof deaths / sizeof *deaths));
	tcase_add_test(kills, what_the_dead_had_comes_first_and_in_order);
	tcase_add_test(kills, nobody_relies_on_the_stopped);
	tcase_add_test(kills, what_is_being_got_is_not_freed);
	tcase_add_test(kills, a_joiner_is_not_left_behind);
	tcase_add_test(kills, nothing_is_lost_by_random_kills);
	tcase_add_loop_test(kills, dead_putters_disturb_nobody, 0, 2);
	return suite_run("queue_kill", cases);
}
