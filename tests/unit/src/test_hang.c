/* test_hang: which threads wait forever, why, and when nothing may be said. */
#include "supervisor/hang_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crowd.h"
#include "lockstep/executor.h"
#include "lockstep/semaphore.h"
#include "program/mutex_priv.h"
#include "program/queue_priv.h"
#include "program/self.h"
#include "suite.h"

#define PLACES   32
#define SLEEPERS 24
#define HELD     5 /* slots with a process */

static struct supervisor *sv;
static int ends[2];

/* Threads that the kernel has asleep: the cast of the plays. */
static _Atomic int32_t sleepers[SLEEPERS];
static unsigned nplayed;

/* What was told. */
static char reasons[HELD + 1][PLACES][FRAME_TEXT_LEN * FRAME_TEXT_PARTS + 1];
static unsigned nlogged;
static char logged[64][FRAME_TEXT_LEN * FRAME_TEXT_PARTS + 1];
static char part[FRAME_TEXT_LEN * FRAME_TEXT_PARTS + 1];

static void *
sleep_on(void *arg)
{
	_Atomic int32_t *tid = arg;

	atomic_store(tid, gettid());
	for (;;)
		pause();
	return NULL;
}

static bool
is_asleep(int32_t tid)
{
	char path[64], stat[256] = "";

	snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)tid);
	FILE *f = fopen(path, "re");
	MUST(f != NULL);
	MUST(fgets(stat, sizeof stat, f) != NULL);
	fclose(f);
	return strstr(stat, ") S") != NULL;
}

static void
setup(void)
{
	pthread_t t;

	MUST(program_open(PLACES) == 0);
	sv = calloc(1, sizeof *sv);
	sv->shared = self->shared;
	sv->procs = calloc(sv->shared->nslots, sizeof *sv->procs);
	MUST(pipe2(ends, O_NONBLOCK) == 0);
	report_init(&sv->report, ends[1], false);
	/* The test itself plays nobody. */
	atomic_store(&self->tslot->tid, 0);
	for (unsigned i = 0; i < SLEEPERS; i++) {
		MUST(pthread_create(&t, NULL, sleep_on, &sleepers[i]) == 0);
		UNTIL(atomic_load(&sleepers[i]) != 0 &&
		    is_asleep(atomic_load(&sleepers[i])));
	}
}

static void
teardown(void)
{
	report_free(&sv->report);
	hang_free(&sv->hang);
	free(sv->procs);
	free(sv);
	program_close();
}

/* ---- the stage ---- */

static struct thread_slot *
enter(unsigned slot, unsigned index, const char *name)
{
	struct thread_slot *r = shared_tslot(sv->shared, slot, index);

	sv->procs[slot].pid = sv->procs[slot].last_pid = getpid();
	MUST(nplayed < SLEEPERS);
	slot_begin(r, atomic_load(&sleepers[nplayed++]), name);
	slot_state(r, STATE_RUNNING);
	return r;
}

static void
is_in(struct thread_slot *r, enum frame_state state, unsigned object,
    uint32_t owner)
{
	atomic_store(&r->object, object);
	atomic_store(&r->owner, owner);
	atomic_store(&r->patience, 0);
	slot_state_at(r, state, now_ns());
}

/* What follows is done by that thread. */
static struct thread_slot *
act_as(struct thread_slot *r)
{
	struct thread_slot *was = self->tslot;

	self->tslot = r;
	return was;
}

static struct queue *
queue(const char *name, unsigned capacity)
{
	struct queue *f = queue_new(name, capacity, sizeof(int), true);

	MUST(f != NULL);
	return f;
}

static void
put(struct queue *f, int n)
{
	MUST(queue_put(f, &n, sizeof n, 0) == 0);
}

static void
get_as(struct thread_slot *r, struct queue *f, bool done)
{
	struct thread_slot *was = act_as(r);
	int n;

	MUST(queue_get(f, &n, sizeof n, 0) == sizeof n);
	if (done)
		MUST(queue_done(f) == 0);
	act_as(was);
}

static unsigned
number_of(const struct queue *f)
{
	struct frame_queue now;

	queue_frame(f, &now);
	return now.index;
}

/* ---- the audience ---- */

static void
hear(const struct frame *f, void *arg)
{
	const struct frame_text_body *t = &f->text;
	unsigned slot = t->index >> 16, index = t->index & 0xffff;

	(void)arg;
	if (f->type != FRAME_TEXT)
		return;
	memcpy(part + t->part * FRAME_TEXT_LEN, t->text, t->len);
	part[t->part * FRAME_TEXT_LEN + t->len] = '\0';
	if (t->part + 1 < t->parts)
		return;
	if (t->kind == TEXT_LOG) {
		MUST(nlogged < 64);
		strcpy(logged[nlogged++], part);
	} else if (t->kind == TEXT_REASON) {
		MUST(slot <= HELD && index < PLACES);
		strcpy(reasons[slot][index], part);
	}
}

static void
look(void)
{
	static struct frame_reader reader;
	static char buf[65536];
	ssize_t n;

	hang_look(sv);
	report_begin(&sv->report);
	report_flush(&sv->report);
	while ((n = read(ends[0], buf, sizeof buf)) > 0)
		frame_read(&reader, buf, (size_t)n, hear, NULL);
}

/* As if HANG_SURE were over since the last look. */
static void
time_passes(void)
{
	for (unsigned i = 0; i < sv->hang.n; i++)
		if (sv->hang.threads[i].first != 0)
			sv->hang.threads[i].first -= HANG_SURE;
	sv->hang.again = 0;
}

static void
look_for_long(void)
{
	look();
	time_passes();
	look();
}

#define SAYS(slot, index, sentence) \
	ck_assert_str_eq(reasons[slot][index], sentence)

static void
check_silence(void)
{
	look_for_long();
	ck_assert(!sv->hang.hung);
	ck_assert_uint_eq(nlogged, 0);
	for (unsigned s = 0; s <= HELD; s++)
		for (unsigned i = 0; i < PLACES; i++)
			SAYS(s, i, "");
}

/* ---- get, put, join ---- */

/* Two consumers have got a sentinel and left, the third has got none. */
static struct thread_slot *
play_missing_sentinel(void)
{
	struct queue *f = queue("numbers", 16);
	struct thread_slot *main = enter(1, 0, "main");
	struct thread_slot *one = enter(2, 0, "worker-1");
	struct thread_slot *three = enter(4, 0, "worker-3");
	char buf[8];

	for (int i = 0; i < 10; i++)
		put(f, i);
	for (int i = 0; i < 10; i++)
		get_as(i % 2 != 0 ? one : three, f, true);
	for (int i = 0; i < 2; i++)
		MUST(queue_put_sentinel(f, 0) == 0);
	for (int i = 0; i < 2; i++)
		MUST(queue_get(f, buf, sizeof buf, 0) == -EPIPE);
	slot_state(one, STATE_EXITED);
	sv->procs[2].pid = 0;
	is_in(three, STATE_WAIT_QUEUE, number_of(f), 0);
	is_in(main, STATE_WAIT_PROCESS, 0, three->id);
	return three;
}

#define SENTINEL_MISSING                                                   \
	"is blocked in get(): queue 'numbers' is empty, all 10 items are " \
	"done, and only 2 sentinels were put for 3 consumers"

START_TEST(a_missing_sentinel)
{
	play_missing_sentinel();
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(4, 0, "worker-3 " SENTINEL_MISSING);
	SAYS(1, 0, "main is joining worker-3, which " SENTINEL_MISSING);
	ck_assert_uint_eq(nlogged, 2);
}
END_TEST

START_TEST(a_reason_is_told_once)
{
	play_missing_sentinel();
	for (int i = 0; i < 10; i++)
		look_for_long();
	ck_assert_uint_eq(nlogged, 2);
}
END_TEST

START_TEST(a_reason_is_taken_back_when_it_goes_on)
{
	struct thread_slot *three = play_missing_sentinel();

	look_for_long();
	ck_assert(sv->hang.hung);
	is_in(three, STATE_RUNNING, 0, 0);
	look();
	ck_assert(!sv->hang.hung);
	SAYS(4, 0, "");
	SAYS(1, 0, "");

	/* And is told again when it comes back to that. */
	is_in(three, STATE_WAIT_QUEUE, 1, 0);
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(4, 0, "worker-3 " SENTINEL_MISSING);
}
END_TEST

START_TEST(a_reason_is_taken_back_when_it_dies)
{
	play_missing_sentinel();
	look_for_long();
	ck_assert(sv->hang.hung);
	sv->procs[4].pid = 0;
	sv->procs[4].recovering = true;
	look();
	ck_assert(!sv->hang.hung);
	SAYS(4, 0, "");
	SAYS(1, 0, "");
}
END_TEST

START_TEST(a_new_run_begins_with_nothing)
{
	play_missing_sentinel();
	look_for_long();
	ck_assert(sv->hang.hung);
	sv->run++;
	look();
	ck_assert(!sv->hang.hung);
}
END_TEST

START_TEST(nothing_while_an_item_or_a_sentinel_is_queued)
{
	struct queue *f = queue("numbers", 16);
	struct thread_slot *main = enter(1, 0, "main");
	struct thread_slot *one = enter(2, 0, "worker-1");

	is_in(one, STATE_WAIT_QUEUE, number_of(f), 0);
	is_in(main, STATE_WAIT_PROCESS, 0, one->id);
	if (_i == 0)
		put(f, 1);
	else
		MUST(queue_put_sentinel(f, 0) == 0);
	check_silence();
}
END_TEST

START_TEST(nothing_while_it_is_closed)
{
	struct queue *f = queue("numbers", 16);
	struct thread_slot *main = enter(1, 0, "main");

	is_in(main, STATE_WAIT_QUEUE, number_of(f), 0);
	queue_close(f);
	check_silence();
}
END_TEST

START_TEST(nothing_while_nothing_is_unfinished)
{
	struct queue *f = queue("numbers", 16);
	struct thread_slot *main = enter(1, 0, "main");

	is_in(main, STATE_WAIT_JOIN, number_of(f), 0);
	check_silence();
}
END_TEST

START_TEST(an_item_never_marked_done)
{
	struct queue *f = queue("numbers", 16);
	struct thread_slot *main = enter(1, 0, "main");
	struct thread_slot *one = enter(2, 0, "worker-1");
	struct thread_slot *two = enter(3, 0, "worker-2");

	put(f, 1);
	put(f, 2);
	get_as(one, f, true);
	get_as(two, f, false);
	is_in(one, STATE_WAIT_QUEUE, number_of(f), 0);
	is_in(two, STATE_WAIT_QUEUE, number_of(f), 0);
	is_in(main, STATE_WAIT_JOIN, number_of(f), 0);
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(1, 0,
	    "main is blocked in join() of queue 'numbers': worker-2 got 1 item "
	    "and never marked it done (task_done)");
	SAYS(3, 0,
	    "worker-2 is blocked in get(): queue 'numbers' is empty, and 1 "
	    "item "
	    "that it got was never marked done (task_done)");
	SAYS(2, 0,
	    "worker-1 is blocked in get(): queue 'numbers' is empty, and no "
	    "thread is left to put an item: main is blocked in join() of queue "
	    "'numbers'");

	/* Both are killed: what was not done is queued again. */
	sv->procs[2].pid = sv->procs[3].pid = 0;
	ck_assert_uint_eq(queue_recover(f, one->id, two->id), 1);
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(2, 0, "");
	SAYS(3, 0, "");
	SAYS(1, 0,
	    "main is blocked in join() of queue 'numbers': 1 item is still "
	    "queued, and no thread is left to get it");
}
END_TEST

START_TEST(items_of_many_never_marked_done)
{
	struct queue *f = queue("numbers", 16);
	struct thread_slot *main = enter(1, 0, "main");
	struct thread_slot *who;

	for (int i = 0; i < 4; i++)
		put(f, i);
	for (unsigned i = 1; i <= 4; i++) {
		char name[16];

		snprintf(name, sizeof name, "thread-%u", i);
		who = enter(1, i, name);
		get_as(who, f, false);
		slot_state(who, STATE_EXITED);
	}
	is_in(main, STATE_WAIT_JOIN, number_of(f), 0);
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(1, 0,
	    "main is blocked in join() of queue 'numbers': thread-1 got 1 "
	    "item, "
	    "thread-2 got 1 item, others got 2, and never marked them done "
	    "(task_done)");
}
END_TEST

START_TEST(a_put_into_a_full_queue)
{
	struct queue *f = queue("few", 2);
	struct thread_slot *main = enter(1, 0, "main");
	struct thread_slot *child = enter(2, 0, "child-1");

	put(f, 1);
	put(f, 2);
	is_in(child, STATE_WAIT_PUT, number_of(f), 0);
	is_in(main, STATE_WAIT_PROCESS, 0, child->id);
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(2, 0,
	    "child-1 is blocked in put(): queue 'few' is full (2 items), and "
	    "no thread is left to get an item: main is joining child-1");
}
END_TEST

START_TEST(nothing_while_there_is_room)
{
	struct queue *f = queue("few", 2);
	struct thread_slot *main = enter(1, 0, "main");

	put(f, 1);
	is_in(main, STATE_WAIT_PUT, number_of(f), 0);
	check_silence();
}
END_TEST

/* ---- pipes ---- */

static void
fill_pipe(void)
{
	char block[4096] = {0};

	MUST(pipe2(registry->pipes[0].fds, O_NONBLOCK) == 0);
	registry->npipes = 1;
	while (write(registry->pipes[0].fds[1], block, sizeof block) > 0)
		continue;
}

#define PIPE_FULL "is blocked in write(): pipe 1 is full (65 536 bytes), and "

START_TEST(a_full_pipe)
{
	struct thread_slot *main = enter(1, 0, "main");
	struct thread_slot *child = enter(2, 0, "child-1");
	char block[4096];

	fill_pipe();
	is_in(child, STATE_WRITING, 1, 0);
	is_in(main, STATE_WAIT_PROCESS, 0, child->id);
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(2, 0,
	    "child-1 " PIPE_FULL
	    "no thread is left to read: main is joining child-1");
	SAYS(1, 0,
	    "main is joining child-1, which " PIPE_FULL
	    "only main is left to read");
	MUST(read(registry->pipes[0].fds[0], block, sizeof block) > 0);
	look();
	ck_assert(!sv->hang.hung);
	SAYS(2, 0, "");
}
END_TEST

START_TEST(an_empty_pipe)
{
	struct thread_slot *main = enter(1, 0, "main");

	MUST(pipe2(registry->pipes[0].fds, O_NONBLOCK) == 0);
	registry->npipes = 1;
	is_in(main, STATE_WAIT_PIPE, 1, 0);
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(1, 0,
	    "main is blocked in read(): pipe 1 is empty, and no thread is left "
	    "to write");
	MUST(write(registry->pipes[0].fds[1], "x", 1) == 1);
	look();
	ck_assert(!sv->hang.hung);
}
END_TEST

/* ---- locks ---- */

static struct mutex *
lock_held_by(struct thread_slot *r, const char *name, unsigned *number)
{
	struct mutex *m = mutex_new(name);
	struct frame_mutex f;
	struct thread_slot *was = act_as(r);

	MUST(m != NULL && mutex_lock(m, 0) == 0);
	act_as(was);
	mutex_frame(m, &f);
	*number = f.index;
	return m;
}

START_TEST(a_cycle_of_locks_while_others_go_on)
{
	struct thread_slot *main = enter(1, 0, "main");
	struct thread_slot *one = enter(1, 1, "thread-1");
	struct thread_slot *two = enter(1, 2, "thread-2");
	unsigned a, b;

	lock_held_by(one, "a", &a);
	lock_held_by(two, "b", &b);
	is_in(one, STATE_WAIT_LOCK, b, two->id);
	is_in(two, STATE_WAIT_LOCK, a, one->id);
	is_in(main, STATE_SLEEPING, 0, 0);
	look_for_long();
	ck_assert(!sv->hang.hung);
	SAYS(1, 1,
	    "thread-1 waits for lock 'b', held by thread-2, which waits for "
	    "lock 'a', held by thread-1 (a cycle)");
	SAYS(1, 0, "");
	is_in(main, STATE_WAIT_THREAD, 0, one->id);
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(1, 0,
	    "main is joining thread-1, which waits for lock 'b', held by "
	    "thread-2, which waits for lock 'a', held by thread-1 (a cycle)");
}
END_TEST

START_TEST(nothing_while_the_holder_goes_on)
{
	struct thread_slot *main = enter(1, 0, "main");
	struct thread_slot *one = enter(1, 1, "thread-1");
	unsigned a;

	lock_held_by(one, "a", &a);
	is_in(main, STATE_WAIT_LOCK, a, one->id);
	check_silence();
}
END_TEST

START_TEST(nothing_while_the_lock_is_free)
{
	struct thread_slot *main = enter(1, 0, "main");
	struct thread_slot *one = enter(1, 1, "thread-1");
	unsigned a;
	struct mutex *m = lock_held_by(one, "a", &a);
	struct thread_slot *was = act_as(one);

	MUST(mutex_unlock(m) == 0);
	act_as(was);
	is_in(main, STATE_WAIT_LOCK, a, one->id);
	is_in(one, STATE_WAIT_THREAD, 0, main->id);
	check_silence();
}
END_TEST

/* As long as one who has a permit can go on, somebody will get it. */
START_TEST(a_semaphore_of_which_one_holder_goes_on)
{
	struct thread_slot *main = enter(1, 0, "main");
	struct thread_slot *one = enter(1, 1, "thread-1");
	struct thread_slot *two = enter(1, 2, "thread-2");
	struct semaphore *seats = semaphore_new("seat", 2);
	unsigned a;

	MUST(seats != NULL);
	struct thread_slot *was = act_as(one);
	MUST(semaphore_take(seats, 0) == 0);
	act_as(two);
	MUST(semaphore_take(seats, 0) == 0);
	act_as(was);
	lock_held_by(main, "a", &a);
	is_in(main, STATE_WAIT_LOCK, 1, one->id);
	is_in(one, STATE_WAIT_LOCK, a, main->id);
	check_silence();
	is_in(two, STATE_WAIT_LOCK, a, main->id);
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(1, 2,
	    "thread-2 waits for lock 'a', held by main, which waits for a "
	    "permit of 'seat', held by thread-1, which waits for lock 'a', "
	    "held by main (a cycle)");
}
END_TEST

/* ---- results ---- */

static struct executor *pool;
static struct future *inner;
static _Atomic bool submitted;

static int
nothing(struct call *c)
{
	(void)c;
	return 0;
}

static int
wait_for_another(struct call *c)
{
	(void)c;
	inner = executor_submit(pool, nothing, NULL, 0);
	atomic_store(&submitted, true);
	return -(int)future_result(inner, FOREVER, NULL, 0);
}

/* The only thread of a pool waits for a task that is behind it in line. */
START_TEST(a_task_that_waits_for_its_own_pool)
{
	struct executor_options o = {.name = "pool", .threads = 1};
	struct thread_slot *main = enter(1, 0, "main");

	pool = executor_new(EXECUTOR_THREADS, &o);
	MUST(pool != NULL);
	struct future *outer = executor_submit(pool, wait_for_another, NULL, 0);
	is_in(main, STATE_WAIT_FUTURE, 1, 0);
	UNTIL(atomic_load(&submitted) && (look_for_long(), sv->hang.hung));
	SAYS(1, 0,
	    "main waits for a result of 'pool': 1 task has not started, and "
	    "every thread that could run it is blocked");
	ck_assert(future_cancel(inner));
	ck_assert_int_eq(future_result(outer, FOREVER, NULL, 0), -ECANCELED);
	is_in(main, STATE_RUNNING, 0, 0);
	look();
	ck_assert(!sv->hang.hung);
	SAYS(1, 0, "");
	future_free(inner);
	future_free(outer);
	executor_free(pool);
}
END_TEST

/* Who waits for a result looks up now and then: that is the same wait. */
START_TEST(a_result_that_nobody_gives)
{
	struct thread_slot *main = enter(1, 0, "main");

	is_in(main, STATE_WAIT_FUTURE, 0, 0);
	look();
	time_passes();
	slot_state_at(main, STATE_WAIT_FUTURE, now_ns() + 1);
	look();
	ck_assert(sv->hang.hung);
	SAYS(1, 0,
	    "main waits for a result, and no thread is left to produce it");
}
END_TEST

/* ---- hope ---- */

/* Each is a way in which somebody may yet come. */
enum {
	HOPE_ABLE,
	HOPE_LIMIT,
	HOPE_STOPPED,
	HOPE_BORN,
	HOPE_ASKED,
	HOPE_SETTLED,
	HOPE_STARTED,
	HOPE_AWAKE,
	HOPES
};

static void
add_hope(int which, struct thread_slot *r)
{
	switch (which) {
	case HOPE_ABLE:
		is_in(enter(2, 1, "thread-1"), STATE_NETWORK, 0, 0);
		break;
	case HOPE_LIMIT:
		atomic_store(&r->patience, 1);
		break;
	case HOPE_STOPPED:
		sv->procs[4].stopped = true;
		break;
	case HOPE_BORN:
		atomic_store(&registry->children[7].state, CHILD_REQUESTED);
		break;
	case HOPE_ASKED:
		atomic_store(&registry->children[9].state, CHILD_FILLING);
		break;
	case HOPE_SETTLED:
		sv->procs[3].last_pid = getpid();
		sv->procs[3].recovering = true;
		break;
	case HOPE_STARTED:
		sv->procs[5].pid = sv->procs[5].last_pid =
		    getpid(); /* and has no thread yet */
		break;
	case HOPE_AWAKE: /* says that it waits, and runs: this very thread */
		atomic_store(&r->tid, gettid());
		break;
	}
}

START_TEST(nothing_while_there_is_hope)
{
	add_hope(_i, play_missing_sentinel());
	check_silence();
}
END_TEST

START_TEST(an_idle_thread_of_a_pool_is_no_hope)
{
	play_missing_sentinel();
	is_in(enter(1, 1, "pool-1"), STATE_WAIT_TASK, 0, 0);
	look_for_long();
	ck_assert(sv->hang.hung);
	SAYS(1, 1, "");
}
END_TEST

START_TEST(not_before_its_time)
{
	struct thread_slot *three = play_missing_sentinel();
	uint64_t began = now_ns();

	look();
	look();
	if (now_ns() - began >= HANG_SURE)
		return; /* it took so long that nothing can be said */
	ck_assert(!sv->hang.hung);
	time_passes();
	slot_state_at(three, STATE_WAIT_QUEUE, now_ns()); /* another wait */
	look();
	ck_assert(!sv->hang.hung);
	ck_assert_uint_eq(nlogged, 0);
}
END_TEST

/* The kernel says nothing of who is asleep: it takes longer. */
START_TEST(without_proc_it_takes_longer)
{
	play_missing_sentinel();
	look();
	sv->hang.unasked = true;
	time_passes();
	look();
	ck_assert(!sv->hang.hung);
	for (uint64_t ns = 0; ns < HANG_UNASKED; ns += HANG_SURE)
		time_passes();
	look();
	ck_assert(sv->hang.hung);
	ck_assert_uint_eq(nlogged, 2);
}
END_TEST

START_TEST(a_stopping_run_is_left_alone)
{
	play_missing_sentinel();
	sv->stop.begun = true;
	check_silence();
}
END_TEST

/* ---- many and long ---- */

START_TEST(the_log_is_not_flooded)
{
	struct queue *f = queue("numbers", 4);
	char name[16];

	for (unsigned i = 0; i < HANG_LOG + 5; i++) {
		snprintf(name, sizeof name, "thread-%u", i);
		is_in(enter(1, i, name), STATE_WAIT_QUEUE, number_of(f), 0);
	}
	look_for_long();
	ck_assert(sv->hang.hung);
	ck_assert_uint_eq(nlogged, HANG_LOG + 1);
	ck_assert_str_eq(
	    logged[HANG_LOG], "... and 5 more threads wait forever");
	SAYS(1, HANG_LOG + 4,
	    "thread-12 is blocked in get(): queue 'numbers' is empty, nothing "
	    "was ever put, and no thread is left to put an item");
}
END_TEST

START_TEST(a_long_chain_is_cut)
{
	struct thread_slot *tslot[16];
	char name[PROGRAM_NAME];

	for (unsigned i = 0; i < 16; i++) {
		snprintf(name, sizeof name, "a-long-name-%03u", i);
		tslot[i] = enter(1, i, name);
	}
	for (unsigned i = 0; i < 16; i++)
		is_in(tslot[i], STATE_WAIT_THREAD, 0, tslot[(i + 1) % 16]->id);
	look_for_long();
	ck_assert(sv->hang.hung);
	size_t len = strlen(reasons[1][0]), end = strlen(", which waits too");
	ck_assert_uint_le(len, HANG_TEXT);
	ck_assert_str_eq(reasons[1][0] + len - end, ", which waits too");
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("hang");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, a_missing_sentinel);
	tcase_add_test(c, a_reason_is_told_once);
	tcase_add_test(c, a_reason_is_taken_back_when_it_goes_on);
	tcase_add_test(c, a_reason_is_taken_back_when_it_dies);
	tcase_add_test(c, a_new_run_begins_with_nothing);
	tcase_add_loop_test(
	    c, nothing_while_an_item_or_a_sentinel_is_queued, 0, 2);
	tcase_add_test(c, nothing_while_it_is_closed);
	tcase_add_test(c, nothing_while_nothing_is_unfinished);
	tcase_add_test(c, an_item_never_marked_done);
	tcase_add_test(c, items_of_many_never_marked_done);
	tcase_add_test(c, a_put_into_a_full_queue);
	tcase_add_test(c, nothing_while_there_is_room);
	tcase_add_test(c, a_full_pipe);
	tcase_add_test(c, an_empty_pipe);
	tcase_add_test(c, a_cycle_of_locks_while_others_go_on);
	tcase_add_test(c, a_semaphore_of_which_one_holder_goes_on);
	tcase_add_test(c, nothing_while_the_holder_goes_on);
	tcase_add_test(c, nothing_while_the_lock_is_free);
	tcase_add_test(c, a_task_that_waits_for_its_own_pool);
	tcase_add_test(c, a_result_that_nobody_gives);
	tcase_add_loop_test(c, nothing_while_there_is_hope, 0, HOPES);
	tcase_add_test(c, an_idle_thread_of_a_pool_is_no_hope);
	tcase_add_test(c, not_before_its_time);
	tcase_add_test(c, without_proc_it_takes_longer);
	tcase_add_test(c, a_stopping_run_is_left_alone);
	tcase_add_test(c, the_log_is_not_flooded);
	tcase_add_test(c, a_long_chain_is_cut);
	return suite_run("hang", (TCase *const[]){c, NULL});
}
