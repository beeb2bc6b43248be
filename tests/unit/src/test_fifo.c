/* test_fifo: order, limits, done and join; and a kill at any instruction. */
#include "fifo_word.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crowd.h"
#include "frame.h"
#include "self.h"
#include "suite.h"

#define THREADS 40
#define LONG    (30 * NSEC_PER_SEC) /* a wait that only a wake-up ends */
#define MANY    60000U
#define KILLS   80
#define STEPS   60000 /* about twice the instructions that are stepped */

static struct shared *shared;
static struct fifo *f;

static void
make(unsigned capacity, bool joinable)
{
	f = fifo_new("numbers", capacity, sizeof(uint32_t), joinable);
	ck_assert_ptr_nonnull(f);
}

static void
setup(void)
{
	ck_assert_int_eq(program_open(THREADS), 0);
	shared = self->shared;
	make(8, true);
}

/* The calling thread or child is thread number `who` from now on. */
static void
be(unsigned who)
{
	static _Thread_local struct self me;

	self_begin(&me, shared, 1, who + 1, "test");
}

static uint32_t
id_of(unsigned who)
{
	return self->ring->id + who + 1;
}

static int
put(uint32_t number)
{
	return fifo_put(f, &number, sizeof number, 0);
}

/* The number got, or -errno. */
static long
get(uint64_t timeout)
{
	uint32_t number;
	long got = fifo_get(f, &number, sizeof number, timeout);

	return got == sizeof number ? (long)number : got;
}

static struct frame_fifo
frame(void)
{
	struct frame_fifo out;

	fifo_frame(f, &out);
	return out;
}

static void
check_counts(uint64_t puts, uint64_t gots, uint64_t dones)
{
	struct frame_fifo now = frame();

	ck_assert_uint_eq(now.put, puts);
	ck_assert_uint_eq(now.got, gots);
	ck_assert_uint_eq(now.done, dones);
	ck_assert_uint_eq(fifo_depth(f), puts - gots);
	ck_assert_uint_eq(fifo_unfinished(f), puts - dones);
}

START_TEST(first_in_first_out)
{
	uint32_t in = 1, out = 1;

	/* More than a lap of the ring, at every depth. */
	for (unsigned round = 0; round < 100; round++) {
		unsigned depth = round % 8 + 1;

		for (unsigned i = 0; i < depth; i++)
			ck_assert_int_eq(put(in++), 0);
		ck_assert_uint_eq(fifo_depth(f), depth);
		for (unsigned i = 0; i < depth; i++) {
			ck_assert_int_eq(get(0), out++);
			ck_assert_int_eq(fifo_done(f), 0);
		}
		check_counts(in - 1, out - 1, out - 1);
	}
	ck_assert_str_eq(fifo_name(f), "numbers");
	ck_assert_uint_eq(frame().index, 1);
	ck_assert_uint_eq(frame().capacity, 8);
	ck_assert_uint_eq(frame().flags, FIFO_JOINABLE);
}
END_TEST

START_TEST(full_and_empty)
{
	static const uint64_t times[] = {
	    0, 200 * NSEC_PER_USEC, 20 * NSEC_PER_MSEC};
	uint32_t number = 9;

	for (int i = 0; i < 3; i++) {
		uint64_t start = now_ns();
		ck_assert_int_eq(get(times[i]), -ETIMEDOUT);
		ck_assert_uint_ge(now_ns() - start, times[i]);
	}
	for (uint32_t i = 1; i <= 8; i++)
		ck_assert_int_eq(put(i), 0);
	for (int i = 0; i < 3; i++) {
		uint64_t start = now_ns();
		ck_assert_int_eq(
		    fifo_put(f, &number, sizeof number, times[i]), -ETIMEDOUT);
		ck_assert_uint_ge(now_ns() - start, times[i]);
		ck_assert_int_eq(fifo_put_sentinel(f, times[i]), -ETIMEDOUT);
	}
	check_counts(8, 0, 0);
	ck_assert_int_eq(get(0), 1);
	ck_assert_int_eq(put(9), 0);
	ck_assert_int_eq(put(10), -ETIMEDOUT);
	check_counts(9, 1, 0);
}
END_TEST

START_TEST(items_of_any_size_up_to_the_limit)
{
	static const size_t sizes[] = {1, 7, 40, 64, 4096, 65536};
	static unsigned char in[65537], out[65537];

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t size = sizes[i];

		f = fifo_new("bytes", 3, size, _i != 0);
		for (unsigned n = 0; n < 200; n++) {
			size_t part = 1 + (n * 31) % size;
			memset(in, (int)n, part);
			ck_assert_int_eq(
			    fifo_put(f, in, size + 1, 0), -EMSGSIZE);
			ck_assert_int_eq(fifo_put(f, in, part, 0), 0);
			ck_assert_int_eq(
			    fifo_get(f, out, part - 1, FOREVER), -EMSGSIZE);
			ck_assert_int_eq(
			    fifo_get(f, out, sizeof out, 0), (long)part);
			ck_assert_mem_eq(in, out, part);
			ck_assert_int_eq(fifo_done(f), _i != 0 ? 0 : -EINVAL);
		}
		ck_assert_uint_eq(fifo_unfinished(f), 0);
	}
}
END_TEST

START_TEST(what_cannot_be_made)
{
	static const size_t bad[][2] = {
	    {0, 4}, {4, 0}, {FIFO_MAX_CAPACITY + 1, 4}, {4, FIFO_MAX_SIZE + 1}};

	for (int i = 0; i < 4; i++) {
		ck_assert_ptr_null(
		    fifo_new("bad", (unsigned)bad[i][0], bad[i][1], true));
		ck_assert_int_eq(errno, EINVAL);
	}
	ck_assert_ptr_null(
	    fifo_new("huge", FIFO_MAX_CAPACITY, FIFO_MAX_SIZE, true));
	ck_assert_int_eq(errno, ENOMEM);
	for (int i = 1; i < FRAME_MAX_OBJECTS; i++)
		ck_assert_ptr_nonnull(fifo_new("more", 1, 1, i % 2 == 0));
	ck_assert_ptr_null(fifo_new("too many", 1, 1, true));
	ck_assert_int_eq(errno, ENOSPC);
}
END_TEST

START_TEST(done_only_so_often_as_got)
{
	ck_assert_int_eq(fifo_done(f), -EINVAL);
	put(1);
	put(2);
	ck_assert_int_eq(fifo_done(f), -EINVAL);
	get(0);
	get(0);
	ck_assert_uint_eq(fifo_held_by(f, self_id()), 2);
	check_counts(2, 2, 0);
	ck_assert_int_eq(fifo_done(f), 0);
	ck_assert_uint_eq(fifo_held_by(f, self_id()), 1);
	ck_assert_int_eq(fifo_done(f), 0);
	ck_assert_uint_eq(fifo_held_by(f, self_id()), 0);
	ck_assert_int_eq(fifo_done(f), -EINVAL);
	check_counts(2, 2, 2);
}
END_TEST

START_TEST(join_waits_for_the_last_done)
{
	ck_assert_int_eq(fifo_join(f, FOREVER), 0); /* nothing was put */
	put(1);
	put(2);
	ck_assert_int_eq(fifo_join(f, 0), -ETIMEDOUT);
	get(0);
	get(0);
	ck_assert_int_eq(fifo_join(f, NSEC_PER_MSEC), -ETIMEDOUT);
	fifo_done(f);
	ck_assert_int_eq(fifo_join(f, 0), -ETIMEDOUT);
	fifo_done(f);
	ck_assert_int_eq(fifo_join(f, 0), 0);
	fifo_put_sentinel(f, 0);
	ck_assert_int_eq(fifo_join(f, FOREVER), 0); /* they do not count */
}
END_TEST

START_TEST(a_sentinel_stops_one_getter_once)
{
	put(1);
	ck_assert_int_eq(fifo_put_sentinel(f, 0), 0);
	put(2);
	ck_assert_int_eq(fifo_put(f, NULL, 0, 0), 0);
	check_counts(2, 0, 0);
	ck_assert_uint_eq(frame().sentinels, 2);
	ck_assert_int_eq(get(0), 1);
	ck_assert_uint_eq(fifo_sentinels_got(f), 0);
	ck_assert_int_eq(get(FOREVER), -EPIPE);
	ck_assert_uint_eq(fifo_sentinels_got(f), 1);
	ck_assert_int_eq(get(0), 2);
	ck_assert_int_eq(get(0), -EPIPE);
	ck_assert_int_eq(get(0), -ETIMEDOUT);
	ck_assert_uint_eq(fifo_sentinels_got(f), 2);
	ck_assert_int_eq(fifo_done(f), 0);
	ck_assert_int_eq(fifo_done(f), 0);
	ck_assert_int_eq(fifo_done(f), -EINVAL); /* it needs none */
	check_counts(2, 2, 2);
}
END_TEST

START_TEST(a_closed_one_is_emptied)
{
	put(1);
	fifo_put_sentinel(f, 0);
	put(2);
	fifo_close(f);
	ck_assert_int_eq(put(3), -EPIPE);
	ck_assert_int_eq(fifo_put_sentinel(f, FOREVER), -EPIPE);
	ck_assert_uint_eq(frame().flags, FIFO_JOINABLE | FIFO_CLOSED);
	ck_assert_int_eq(get(0), 1);
	ck_assert_int_eq(get(0), -EPIPE);
	ck_assert_int_eq(get(0), 2);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(get(FOREVER), -EPIPE);
}
END_TEST

/* Python's plain Queue: nobody ever says done. */
START_TEST(not_joinable_it_works_for_ever)
{
	make(3, false);
	for (uint32_t i = 1; i < 20000; i++) {
		ck_assert_int_eq(put(i), 0);
		ck_assert_int_eq(get(0), i);
	}
	check_counts(19999, 19999, 19999);
	ck_assert_int_eq(fifo_join(f, 0), 0);
	ck_assert_int_eq(fifo_done(f), -EINVAL);
	ck_assert_uint_eq(frame().flags, 0);
}
END_TEST

START_TEST(what_a_stranger_gets_is_done)
{
	struct self *me = self;

	put(1);
	put(2);
	self = NULL;
	ck_assert_int_eq(get(0), 1);
	ck_assert_int_eq(get(FOREVER), 2);
	ck_assert_int_eq(get(NSEC_PER_MSEC), -ETIMEDOUT);
	ck_assert_int_eq(put(3), 0);
	ck_assert_int_eq(fifo_done(f), -EINVAL);
	self = me;
	check_counts(3, 2, 2);
}
END_TEST

START_TEST(so_many_may_be_in_hand)
{
	unsigned all = 0;

	while (put(all + 1) == 0) {
		ck_assert_int_eq(get(0), all + 1);
		all++;
	}
	ck_assert_uint_ge(all, 8 + FIFO_SPARE);
	check_counts(all, all, 0);
	ck_assert_int_eq(fifo_done(f), 0);
	ck_assert_int_eq(put(all + 1), 0);
	ck_assert_int_eq(put(all + 2), -ETIMEDOUT);
}
END_TEST

/* ---- waiting ---- */

static void
get_one(void *arg, unsigned who)
{
	_Atomic uint64_t *sum = arg;
	uint64_t start = now_ns();

	be(who);
	long got = get(LONG);
	if (got > 0) {
		atomic_fetch_add(sum, (uint64_t)got);
		MUST(fifo_done(f) == 0);
	}
	MUST(now_ns() - start < LONG);
	self_end(self);
}

static bool
waits(unsigned who, enum frame_state state)
{
	return atomic_load(&self->ring[who + 1].state) == state;
}

START_TEST(sleeping_getters_are_woken)
{
	_Atomic uint64_t *sum = crowd_memory(sizeof *sum);
	struct crowd *c =
	    crowd_start(_i == 0 ? 0 : 4, _i == 0 ? 4 : 1, get_one, sum);

	for (unsigned i = 0; i < 4; i++) {
		UNTIL(waits(i, STATE_WAIT_QUEUE));
		ck_assert_uint_eq(atomic_load(&self->ring[i + 1].object), 1);
	}
	put(1);
	put(10);
	put(100);
	fifo_put_sentinel(f, 0);
	ck_assert_uint_eq(crowd_join(c), 0);
	ck_assert_uint_eq(atomic_load(sum), 111);
	check_counts(3, 3, 3);
}
END_TEST

START_TEST(close_wakes_who_waits)
{
	_Atomic uint64_t *sum = crowd_memory(sizeof *sum);
	struct crowd *c = crowd_start(0, 3, get_one, sum);

	for (unsigned i = 0; i < 3; i++)
		UNTIL(waits(i, STATE_WAIT_QUEUE));
	fifo_close(f);
	ck_assert_uint_eq(crowd_join(c), 0);
	ck_assert_uint_eq(atomic_load(sum), 0);
}
END_TEST

static void
put_one(void *arg, unsigned who)
{
	uint32_t number = 100 + who;
	uint64_t start = now_ns();

	(void)arg;
	be(who);
	int err = fifo_put(f, &number, sizeof number, LONG);
	MUST(err == 0 || err == -EPIPE);
	MUST(now_ns() - start < LONG);
	self_end(self);
}

START_TEST(sleeping_putters_are_woken)
{
	for (uint32_t i = 1; i <= 8; i++)
		put(i);
	struct crowd *c = crowd_start(0, 3, put_one, NULL);
	for (unsigned i = 0; i < 3; i++)
		UNTIL(waits(i, STATE_WAIT_PUT));
	for (uint32_t i = 1; i <= 3; i++)
		ck_assert_int_eq(get(0), i);
	ck_assert_uint_eq(crowd_join(c), 0);
	check_counts(11, 3, 0);
}
END_TEST

START_TEST(close_wakes_putters)
{
	for (uint32_t i = 1; i <= 8; i++)
		put(i);
	struct crowd *c = crowd_start(0, 3, put_one, NULL);
	for (unsigned i = 0; i < 3; i++)
		UNTIL(waits(i, STATE_WAIT_PUT));
	fifo_close(f);
	ck_assert_uint_eq(crowd_join(c), 0);
	check_counts(8, 0, 0);
}
END_TEST

/* The table of items is full, the queue itself is not. */
START_TEST(done_wakes_putters)
{
	uint32_t all = 0;

	while (put(++all) == 0)
		ck_assert_int_eq(get(0), all);
	struct crowd *c = crowd_start(0, 1, put_one, NULL);
	UNTIL(waits(0, STATE_WAIT_PUT));
	fifo_done(f);
	ck_assert_uint_eq(crowd_join(c), 0);
	ck_assert_int_eq(get(0), 100);
}
END_TEST

static void
join(void *arg, unsigned who)
{
	uint64_t start = now_ns();

	(void)arg;
	be(who);
	MUST(fifo_join(f, LONG) == 0);
	MUST(now_ns() - start < LONG);
	self_end(self);
}

START_TEST(sleeping_joiners_are_woken)
{
	if (_i == 1)
		make(8, false);
	put(1);
	struct crowd *c = crowd_start(0, 3, join, NULL);
	for (unsigned i = 0; i < 3; i++)
		UNTIL(waits(i, STATE_WAIT_JOIN));
	ck_assert_int_eq(get(0), 1);
	fifo_done(f);
	ck_assert_uint_eq(crowd_join(c), 0);
}
END_TEST

/* ---- many ---- */

static _Atomic unsigned *times; /* that a number was got */

static void
consume(unsigned who)
{
	long got, last = 0;

	be(who);
	while ((got = get(LONG)) > 0) {
		atomic_fetch_add(&times[got], 1);
		MUST(got % 2 != last % 2 || got > last);
		last = got;
		MUST(fifo_done(f) == 0);
	}
	MUST(got == -EPIPE);
	self_end(self);
}

/* Two producers of odd and even numbers, each in order. */
static void
produce_or_consume(void *arg, unsigned who)
{
	(void)arg;
	if (who >= 2) {
		consume(who);
		return;
	}
	be(who);
	for (uint32_t i = who + 2; i < MANY; i += 2)
		MUST(fifo_put(f, &i, sizeof i, LONG) == 0);
	self_end(self);
}

START_TEST(each_item_is_got_once)
{
	static const unsigned capacities[] = {1, 2, 100, 4096};
	unsigned processes = _i % 2 == 0 ? 0 : 5;

	make(capacities[_i / 2], true);
	times = crowd_memory(MANY * sizeof *times);
	struct crowd *c = crowd_start(
	    processes, processes == 0 ? 5 : 1, produce_or_consume, NULL);
	UNTIL(frame().put == MANY - 2);
	ck_assert_int_eq(fifo_join(f, LONG), 0);
	check_counts(MANY - 2, MANY - 2, MANY - 2);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(fifo_put_sentinel(f, LONG), 0);
	ck_assert_uint_eq(crowd_join(c), 0);
	for (unsigned i = 2; i < MANY; i++)
		ck_assert_uint_eq(atomic_load(&times[i]), 1);
}
END_TEST

/* ---- kills ---- */

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
			fifo_put_sentinel(f, 0);
		else if (s->steps[i] == 'g')
			atomic_store(&s->got[i], get(0));
		else
			fifo_done(f);
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
	unsigned seen = 0, items = 0, depth = fifo_depth(f);
	long got, last = 0;

	ck_assert_uint_eq(fifo_unfinished(f), depth);
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
	while (fifo_done(f) == 0)
		;
	ck_assert_int_eq(fifo_join(f, 0), 0);
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
		while (fifo_done(f) == 0)
			;
	}
	ck_assert_uint_eq(fifo_unfinished(f), 0);
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
			fifo_put_sentinel(f, 0);
	}
	unsigned made = step_and_kill(s, step, instructions);
	fifo_recover(f, id_of(0), id_of(0));
	ck_assert_uint_eq(fifo_held_by(f, id_of(0)), 0);
	for (unsigned i = 0, k = 0; is_over(s, i); i++)
		if (s->steps[i] == 'g')
			ck_assert_int_eq(
			    atomic_load(&s->got[i]), d->order[k++]);
	struct expected e = expect(s, d->initial, d->joinable, d->order);
	check_left(&e);
	check_works(d->capacity);
	return made;
}

static unsigned
die_anew(const struct death *d, unsigned step, unsigned instructions)
{
	program_close();
	ck_assert_int_eq(program_open(THREADS), 0);
	shared = self->shared;
	return die(d, step, instructions);
}

/*
 * At every instruction, or, where there are too many of them (a sanitizer),
 * at as many as time allows. The registry would fill up: all is begun anew.
 */
START_TEST(a_kill_at_any_instruction)
{
	const struct death *d = &deaths[_i];

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

	for (uint32_t i = 1; i <= 6; i++)
		put(i);
	s->steps = "gggd";
	act_until(s, 4);
	ck_assert_uint_eq(fifo_held_by(f, id_of(0)), 2);
	check_counts(6, 3, 1);
	ck_assert_uint_eq(fifo_recover(f, id_of(1), id_of(5)), 0);
	ck_assert_uint_eq(fifo_recover(f, id_of(0), id_of(5)), 2);
	ck_assert_uint_eq(fifo_recover(f, id_of(0), id_of(5)), 0);
	check_counts(6, 1, 1);
	for (uint32_t i = 7; i <= 9; i++)
		ck_assert_int_eq(put(i), 0);
	for (uint32_t i = 2; i <= 9; i++)
		ck_assert_int_eq(get(0), i);
	ck_assert_int_eq(get(0), -ETIMEDOUT);
	while (fifo_done(f) == 0)
		;
	check_counts(9, 9, 9);
}
END_TEST

/* Joined by somebody else while it dies with the last item in hand. */
START_TEST(a_joiner_is_not_left_behind)
{
	struct script *s = crowd_memory(sizeof *s);

	put(1);
	s->steps = "g";
	act_until(s, 1);
	struct crowd *c = crowd_start(0, 2, join, NULL);
	UNTIL(waits(0, STATE_WAIT_JOIN) && waits(1, STATE_WAIT_JOIN));
	ck_assert_uint_eq(fifo_recover(f, id_of(0), id_of(0)), 1);
	ck_assert_uint_eq(fifo_unfinished(f), 1);
	ck_assert_int_eq(get(0), 1);
	ck_assert_int_eq(fifo_done(f), 0);
	ck_assert_uint_eq(crowd_join(c), 0);
}
END_TEST

static void
consume_for_ever(void *arg)
{
	unsigned who = *(unsigned *)arg;

	consume(who);
}

/* Three consumers, killed in turn while they are at it. */
START_TEST(nothing_is_lost_by_random_kills)
{
	unsigned who[3] = {0, 1, 2};
	uint32_t next = 1;
	pid_t pids[3];

	make(16, true);
	times = crowd_memory(KILLS * 300 * sizeof *times);
	for (int i = 0; i < 3; i++)
		pids[i] = crowd_child(consume_for_ever, &who[i]);
	for (unsigned n = 0; n < KILLS; n++) {
		unsigned victim = n % 3, many = 20 + n * 37 % 200;

		for (uint32_t end = next + many; next < end; next++)
			ck_assert_int_eq(
			    fifo_put(f, &next, sizeof next, LONG), 0);
		crowd_kill(pids[victim]);
		fifo_recover(f, id_of(victim), id_of(victim));
		pids[victim] = crowd_child(consume_for_ever, &who[victim]);
	}
	ck_assert_int_eq(fifo_join(f, LONG), 0);
	check_counts(next - 1, next - 1, next - 1);
	for (uint32_t i = 1; i < next; i++)
		ck_assert_uint_ge(atomic_load(&times[i]), 1);
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
		fifo_put(f, &i, sizeof i, LONG);
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
			ck_assert_int_eq(fifo_done(f), 0);
		}
		for (int i = 0; i < 2; i++)
			crowd_kill(pids[i]);
		fifo_recover(f, id_of(0), id_of(1));
		while (get(0) >= 0)
			got++;
		while (fifo_done(f) == 0)
			;
		check_counts(got, got, got);
	}
}
END_TEST

/* As of a putter that looked just before it was closed. */
START_TEST(what_is_put_too_late_is_not_in_it)
{
	uint32_t number = 3;

	ck_assert_int_eq(put(1), 0);
	ck_assert_int_eq(put(2), 0);
	fifo_close(f);
	ck_assert_int_eq(
	    fifo_push(f, self_id(), &number, sizeof number), -EPIPE);
	check_counts(3, 0, 1); /* its place is got when the head is there */
	ck_assert_int_eq(get(0), 1);
	ck_assert_int_eq(get(0), 2);
	ck_assert_int_eq(get(0), -EPIPE);
	ck_assert_int_eq(fifo_done(f), 0);
	ck_assert_int_eq(fifo_done(f), 0);
	ck_assert_int_eq(
	    fifo_push(f, self_id(), &number, sizeof number), -EPIPE);
	check_counts(4, 4, 4);
	ck_assert_int_eq(fifo_join(f, 0), 0);
}
END_TEST

START_TEST(nobody_relies_on_the_stopped)
{
	/* As they are while these threads watch. */
	atomic_store(&f->spinner, id_of(0));
	atomic_store(&f->napper, id_of(1));
	atomic_store(&f->put_spinner, id_of(2));
	fifo_forget(f, id_of(3), id_of(4));
	ck_assert_uint_eq(atomic_load(&f->spinner), id_of(0));
	ck_assert_uint_eq(atomic_load(&f->napper), id_of(1));
	ck_assert_uint_eq(atomic_load(&f->put_spinner), id_of(2));
	uint32_t before = atomic_load(&f->getters.word);
	fifo_forget(f, id_of(0), id_of(1));
	ck_assert_uint_eq(atomic_load(&f->spinner), 0);
	ck_assert_uint_eq(atomic_load(&f->napper), 0);
	ck_assert_uint_ne(atomic_load(&f->getters.word), before);
	fifo_forget(f, id_of(2), id_of(2));
	ck_assert_uint_eq(atomic_load(&f->put_spinner), 0);
}
END_TEST

/* `done` names item 0 until something is done, which here nothing ever is. */
START_TEST(what_is_being_got_is_not_freed)
{
	make(8, false);
	_Atomic uint64_t *first = &fifo_item(f, 0)->word;

	atomic_store(first, LOW(DONE_GEN_BITS) << GEN_SHIFT);
	ck_assert_int_eq(put(1), 0);
	uint64_t taken = word_with(atomic_load(first), FIFO_TAKEN, id_of(1));
	ck_assert(done_names(atomic_load(&f->done), 0, taken));
	atomic_store(first, taken);
	ck_assert_uint_eq(fifo_held_by(f, id_of(1)), 1);
	ck_assert_uint_eq(fifo_recover(f, id_of(0), id_of(0)), 0);
	ck_assert_uint_eq(atomic_load(first), taken);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("fifo"), *kills = tcase_create("kills");
	TCase *const cases[] = {t, kills, NULL};

	tcase_add_checked_fixture(t, setup, program_close);
	tcase_add_test(t, first_in_first_out);
	tcase_add_test(t, full_and_empty);
	tcase_add_loop_test(t, items_of_any_size_up_to_the_limit, 0, 2);
	tcase_add_test(t, what_cannot_be_made);
	tcase_add_test(t, done_only_so_often_as_got);
	tcase_add_test(t, join_waits_for_the_last_done);
	tcase_add_test(t, a_sentinel_stops_one_getter_once);
	tcase_add_test(t, a_closed_one_is_emptied);
	tcase_add_test(t, what_is_put_too_late_is_not_in_it);
	tcase_add_test(t, not_joinable_it_works_for_ever);
	tcase_add_test(t, what_a_stranger_gets_is_done);
	tcase_add_test(t, so_many_may_be_in_hand);
	tcase_add_loop_test(t, sleeping_getters_are_woken, 0, 2);
	tcase_add_test(t, close_wakes_who_waits);
	tcase_add_test(t, sleeping_putters_are_woken);
	tcase_add_test(t, close_wakes_putters);
	tcase_add_test(t, done_wakes_putters);
	tcase_add_loop_test(t, sleeping_joiners_are_woken, 0, 2);
	tcase_add_loop_test(t, each_item_is_got_once, 0, 8);
	tcase_add_checked_fixture(kills, setup, program_close);
	tcase_add_loop_test(kills, a_kill_at_any_instruction, 0,
	    (int)(sizeof deaths / sizeof *deaths));
	tcase_add_test(kills, what_the_dead_had_comes_first_and_in_order);
	tcase_add_test(kills, nobody_relies_on_the_stopped);
	tcase_add_test(kills, what_is_being_got_is_not_freed);
	tcase_add_test(kills, a_joiner_is_not_left_behind);
	tcase_add_test(kills, nothing_is_lost_by_random_kills);
	tcase_add_loop_test(kills, dead_putters_disturb_nobody, 0, 2);
	return suite_run("fifo", cases);
}
