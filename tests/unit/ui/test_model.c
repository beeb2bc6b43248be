/* test_model: what frames, good and bad ones, make of the model. */
#include "model/model.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "streamgen.h"
#include "suite.h"

static void
apply_all(struct model *m, const struct streamgen *g)
{
	for (size_t i = 0; i < g->n; i++)
		model_apply(m, &g->frame[i]);
}

static struct frame *
proc(struct streamgen *g, unsigned slot, int32_t pid, uint32_t serial)
{
	struct frame *f = streamgen_add(g, FRAME_PROC);

	f->pid = f->tid = pid;
	f->proc = (struct frame_proc){
	    .slot = (uint16_t)slot, .serial = serial, .state = STATE_RUNNING};
	return f;
}

static struct frame *
thread(struct streamgen *g, unsigned slot, int32_t pid, unsigned index,
    uint64_t tasks)
{
	struct frame *f = streamgen_add(g, FRAME_THREAD);

	f->pid = pid;
	f->tid = pid + (int32_t)index;
	f->thread = (struct frame_thread){.slot = (uint16_t)slot,
	    .index = (uint16_t)index,
	    .state = STATE_RUNNING,
	    .tasks = tasks};
	return f;
}

/* Whole runs. */

START_TEST(books_balance_at_every_frame)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	streamgen_scenario(&g, streamgen_scenarios[_i], 0);
	for (size_t i = 0; i < g.n; i++) {
		model_apply(m, &g.frame[i]);
		ck_assert(model_items_hold(m));
		ck_assert_int_ne(model_ledger(m), LEDGER_BROKEN);
		ck_assert_int_ne(model_ledger(m), LEDGER_DOUBT);
	}
	ck_assert(m->ended);
	ck_assert_int_eq(model_ledger(m), LEDGER_HOLDS);
	ck_assert_uint_eq(m->frames, g.n / m->runs);
	ck_assert_uint_eq(m->dropped, 0);
	ck_assert_uint_eq(m->unplaced, 0);
	m->ended = false; /* what was counted, not what BYE says */
	ck_assert_uint_eq(model_tasks(m), m->bye.tasks);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(a_private_sum_is_in_the_copies)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	streamgen_scenario(&g, "private", 0);
	apply_all(m, &g);
	ck_assert_int_eq(m->sum.sum, 0);
	ck_assert_int_eq(model_copies(m), m->sum.expected);
	ck_assert_int_eq(model_total(m), model_copies(m));
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(a_killed_worker_stays_beside_its_replacement)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	streamgen_scenario(&g, "killed", 0);
	apply_all(m, &g);
	ck_assert_uint_eq(m->nprocs, 6);

	const struct model_proc *dead = m->procs[2], *now = m->procs[5];

	for (unsigned i = 0; i < m->nprocs; i++)
		ck_assert_uint_eq(m->procs[i]->now.serial, i + 1);
	ck_assert_ptr_eq(m->slot[2], now);
	ck_assert_int_eq(dead->now.ended, ENDED_SIGNAL);
	ck_assert_int_eq(dead->now.code, SIGKILL);
	ck_assert_str_eq(dead->name, "worker-2");
	ck_assert_str_eq(now->name, "worker-2");
	ck_assert_str_eq(now->threads[3].name, "pool-2.2");
	ck_assert_int_eq(dead->threads[3].now.state, STATE_KILLED);
	ck_assert_int_ne(dead->threads[3].tid, now->threads[3].tid);
	ck_assert_uint_eq(m->item_queue.requeued, 1);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(state_frames_heal)
{
	struct streamgen g = {0};
	struct model *all = model_new(), *some = model_new();
	size_t left_out = 0, tail;

	streamgen_scenario(&g, "lost", 0);
	tail = g.n - 100; /* the last state of everything */
	for (size_t i = 0; i < g.n; i++) {
		model_apply(all, &g.frame[i]);
		if (i % 3 == 1 && i < tail && g.frame[i].type != FRAME_TEXT &&
		    g.frame[i].type != FRAME_CONTROL)
			left_out++;
		else
			model_apply(some, &g.frame[i]);
	}
	ck_assert_uint_eq(some->dropped, left_out);
	ck_assert_uint_eq(some->frames, g.n - left_out);
	ck_assert_mem_eq(&some->sum, &all->sum, sizeof all->sum);
	ck_assert_mem_eq(
	    &some->item_queue, &all->item_queue, sizeof all->item_queue);
	some->ended = all->ended = false;
	ck_assert_uint_eq(model_tasks(some), model_tasks(all));
	model_free(all);
	model_free(some);
	streamgen_free(&g);
}
END_TEST

START_TEST(a_restart_forgets_the_run)
{
	struct streamgen once = {0}, twice = {0};
	struct model *a = model_new(), *b = model_new();

	streamgen_scenario(&once, "hybrid", 0);
	streamgen_scenario(&twice, "restart", 0);
	apply_all(a, &once);
	apply_all(b, &twice);
	ck_assert_uint_eq(b->runs, 2);
	ck_assert_uint_eq(b->frames, a->frames);
	ck_assert_uint_eq(b->dropped, 0);
	ck_assert_uint_eq(b->nprocs, a->nprocs);
	ck_assert_uint_eq(b->log_total, a->log_total);
	ck_assert_uint_eq(model_tasks(b), model_tasks(a));
	ck_assert_mem_eq(&b->sum, &a->sum, sizeof a->sum);
	ck_assert_uint_eq(b->first, a->first);
	ck_assert_uint_eq(b->depth.n, a->depth.n);
	model_free(a);
	model_free(b);
	streamgen_free(&once);
	streamgen_free(&twice);
}
END_TEST

START_TEST(what_one_run_dropped_is_not_the_next_ones)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	streamgen_scenario(&g, "hybrid", 0);
	for (size_t i = 0; i < g.n; i++) {
		if (i % 100 != 50)
			model_apply(m, &g.frame[i]);
	}
	ck_assert_uint_gt(m->dropped, 0);
	apply_all(m, &g);
	ck_assert_uint_eq(m->dropped, 0);
	ck_assert_uint_eq(m->frames, g.n);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(a_broken_run_has_nobody_left)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	streamgen_scenario(&g, "killed", 0);
	g.n /= 2;
	apply_all(m, &g);
	ck_assert_double_gt(m->tasks_per_s, 0);
	ck_assert_uint_gt(model_left(m), 0);
	model_break(m);
	ck_assert(m->broken);
	ck_assert_double_eq(m->tasks_per_s, 0);
	ck_assert_double_eq(m->items_per_s, 0);
	ck_assert_double_eq(m->frames_per_s, 0);
	ck_assert_uint_eq(model_left(m), 0);
	for (unsigned i = 0; i < m->nprocs; i++) {
		const struct model_proc *p = m->procs[i];

		ck_assert_uint_ge(p->now.state, STATE_EXITED);
		for (unsigned j = 0; j < p->nthreads; j++)
			ck_assert(p->threads[j].tid == 0 ||
			    p->threads[j].now.state >= STATE_EXITED);
	}
	model_apply(m, &g.frame[0]); /* a new HELLO */
	ck_assert(!m->broken);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(an_ended_run_cannot_break)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	streamgen_scenario(&g, "hybrid", 0);
	apply_all(m, &g);
	model_break(m);
	ck_assert(!m->broken);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

/* One item and three tasks every second, of `total`; 4 in hand. */
static void
second_of_work(struct model *m, uint64_t ns, unsigned done, bool paused)
{
	struct streamgen g = {0};
	struct frame *f = streamgen_add(&g, FRAME_CONTROL);

	f->control =
	    (struct frame_control){.start = 1, .speed = 1000, .paused = paused};
	f = streamgen_add(&g, FRAME_ITEM_QUEUE);
	f->item_queue = (struct frame_item_queue){.put = 100,
	    .total = 100,
	    .done = done,
	    .in_flight = 4,
	    .queued = 96 - done};
	thread(&g, 1, 100, 1, 3ULL * done);
	for (size_t i = 0; i < g.n; i++)
		g.frame[i].ns = ns;
	apply_all(m, &g);
	streamgen_free(&g);
}

START_TEST(a_pause_is_no_work)
{
	const uint64_t second = 1000000000;
	struct model *m = model_new();
	uint64_t t = 1, left;

	for (unsigned i = 0; i <= 20; i++, t += second)
		second_of_work(m, t, i, false);
	ck_assert_double_gt(m->tasks_per_s, 2.9);
	left = model_left(m);
	ck_assert_uint_gt(left, 60 * second);
	ck_assert_uint_lt(left, 80 * second);
	second_of_work(m, t, 20, true); /* and no frame after it */
	ck_assert_double_eq(m->tasks_per_s, 0);
	ck_assert_double_eq(m->items_per_s, 0);
	ck_assert_double_eq(m->frames_per_s, 0);
	ck_assert_uint_eq(model_left(m), 0);
	second_of_work(m, t += 10 * second, 20, true);
	ck_assert_double_eq(m->tasks_per_s, 0);
	second_of_work(m, t += 1000 * second, 20, false);
	second_of_work(m, t += second, 21, false);
	second_of_work(m, t += second / 10, 22, false);
	second_of_work(m, t += second, 22, false);
	ck_assert_double_gt(m->tasks_per_s, 2);
	ck_assert_uint_gt(model_left(m), left - 4 * second);
	ck_assert_uint_lt(model_left(m), left + 4 * second);
	model_free(m);
}
END_TEST

/* Four workers begin and end their items together: waves of four. */
START_TEST(an_estimate_is_steady)
{
	const uint64_t tick = 250000000;
	struct model *m = model_new();
	uint64_t last = 0;

	for (uint64_t t = 0; t < 60; t++) {
		second_of_work(m, 1 + t * tick, (unsigned)(t / 8 * 4), false);

		uint64_t left = model_left(m);

		if (last != 0) {
			ck_assert_uint_lt(left, last + 12 * tick);
			ck_assert_uint_gt(left, last - 16 * tick);
		}
		last = left;
	}
	/* 28 of 100 after 15 s */
	ck_assert_uint_gt(last, 32000000000);
	ck_assert_uint_lt(last, 42000000000);
	model_free(m);
}
END_TEST

START_TEST(reset_makes_it_new)
{
	struct streamgen g = {0};
	struct model *a = model_new(), *b = model_new();

	streamgen_scenario(&g, "killed", 0);
	apply_all(a, &g);
	apply_all(b, &g);

	uint64_t version = b->version;

	model_reset(b);
	ck_assert_uint_gt(b->version, version);
	ck_assert(!b->live);
	ck_assert_uint_eq(b->frames, 0);
	ck_assert_uint_eq(b->nprocs, 0);
	apply_all(b, &g);
	ck_assert_uint_eq(b->frames, a->frames);
	ck_assert_uint_eq(b->dropped, 0);
	ck_assert_uint_eq(model_tasks(b), model_tasks(a));
	ck_assert_mem_eq(b->depth.at, a->depth.at, sizeof a->depth.at);
	model_free(a);
	model_free(b);
	streamgen_free(&g);
}
END_TEST

/* Numbers of sources. */

START_TEST(gaps_are_counted_once)
{
	static const struct {
		uint32_t seq[4];
		uint64_t dropped;
	} row[] = {
	    {{0, 1, 2, 3}, 0}, {{0, 2, 3, 4}, 1}, {{5, 6, 10, 11}, 3},
	    {{0, 9, 3, 10}, 8}, /* 3 is late: no gap, no refund */
	    {{4294967294U, 4294967295U, 0, 1}, 0}, {{4294967295U, 1, 2, 4}, 2},
	    {{1000000, 5, 6, 8}, 1}, /* another numbering */
	};
	struct streamgen g = {0};
	struct model *m = model_new();

	for (unsigned i = 0; i < 4; i++)
		streamgen_add(&g, FRAME_ITEM_QUEUE)->seq = row[_i].seq[i];
	apply_all(m, &g);
	ck_assert_uint_eq(m->dropped, row[_i].dropped);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(sources_count_for_themselves)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	for (unsigned i = 0; i < 300; i++) {
		struct frame *f = streamgen_add(&g, FRAME_ITEM_QUEUE);

		f->source = (uint16_t)(i % 100);
		f->seq = i / 100 + 7 * f->source;
	}
	apply_all(m, &g);
	ck_assert_uint_eq(m->dropped, 0);
	ck_assert_uint_eq(m->nsources, MODEL_MAX_SOURCES);
	g.frame[299].source = 3;
	g.frame[299].seq = 7 * 3 + 3 + 4;
	model_apply(m, &g.frame[299]);
	ck_assert_uint_eq(m->dropped, 4);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

/* Processes and threads. */

START_TEST(frames_find_their_process)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	proc(&g, 1, 100, 1);
	thread(&g, 1, 100, 1, 5);
	proc(&g, 1, 200, 2);
	thread(&g, 1, 200, 1, 1);
	thread(&g, 1, 100, 1, 6);  /* the last word of the old one */
	thread(&g, 1, 999, 1, 50); /* nobody's */
	proc(&g, 1, 100, 1)->proc.ended = ENDED_SIGNAL;
	proc(&g, 1, 200, 3); /* the same pid again */
	apply_all(m, &g);
	ck_assert_uint_eq(m->nprocs, 3);
	ck_assert_uint_eq(m->unplaced, 1);
	ck_assert_uint_eq(model_tasks(m), 7);
	ck_assert_uint_eq(m->procs[0]->threads[1].now.tasks, 6);
	ck_assert_int_eq(m->procs[0]->now.ended, ENDED_SIGNAL);
	ck_assert_ptr_eq(m->slot[1], m->procs[2]);
	ck_assert_uint_eq(m->slot[1]->threads[1].tid, 0);
	ck_assert_ptr_eq(model_proc_by_pid(m, 200), m->procs[2]);
	ck_assert_ptr_eq(model_proc_by_pid(m, 7), NULL);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(a_thread_may_come_before_its_process)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	streamgen_text(&g, TEXT_THREAD, 3 << 16 | 2, "early");
	thread(&g, 3, 100, 2, 4);
	proc(&g, 3, 100, 9);
	apply_all(m, &g);
	ck_assert_uint_eq(m->nprocs, 1);
	ck_assert_uint_eq(m->slot[3]->now.serial, 9);
	ck_assert_int_eq(m->slot[3]->pid, 100);
	ck_assert_str_eq(m->slot[3]->name, "worker-3");
	ck_assert_str_eq(m->slot[3]->threads[2].name, "early");
	ck_assert_uint_eq(m->nslots, 4);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(a_new_thread_goes_on_counting_at_its_place)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	proc(&g, 1, 100, 1);
	thread(&g, 1, 100, 2, 10);
	thread(&g, 1, 100, 2, 13)->tid = 5000;
	apply_all(m, &g);
	ck_assert_uint_eq(model_tasks(m), 13);
	ck_assert_ptr_eq(model_thread_by_tid(m, 102, NULL), NULL);
	ck_assert_ptr_eq(
	    model_thread_by_tid(m, 5000, NULL), &m->slot[1]->threads[2]);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(threads_are_found_by_tid)
{
	struct streamgen g = {0};
	struct model *m = model_new();
	const struct model_proc *p = NULL;

	streamgen_scenario(&g, "many", 20);
	apply_all(m, &g);
	for (unsigned i = 1; i <= 50; i++) {
		for (unsigned j = 0; j <= 100; j++) {
			const struct model_thread *t = &m->slot[i]->threads[j];

			ck_assert_ptr_eq(model_thread_by_tid(m, t->tid, &p), t);
			ck_assert_ptr_eq(p, m->slot[i]);
		}
	}
	ck_assert_ptr_eq(model_thread_by_tid(m, 1, NULL), NULL);
	ck_assert_ptr_eq(model_thread_by_tid(m, 0, NULL), NULL);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(the_oldest_replaced_are_let_go)
{
	enum {
		BIRTHS = MODEL_MAX_PROCS + 500
	};
	struct streamgen g = {0};
	struct model *m = model_new();

	proc(&g, 7, 10, 1); /* alive all the time */
	for (unsigned i = 0; i < BIRTHS; i++) {
		int32_t pid = (int32_t)(1000 + i * 4);

		proc(&g, 1 + i % 3, pid, 2 + i)->proc.sum = 2;
		thread(&g, 1 + i % 3, pid, 1, 1);
	}
	apply_all(m, &g);
	ck_assert_uint_eq(m->nprocs, MODEL_MAX_PROCS);
	ck_assert_uint_eq(m->procs_dropped, BIRTHS + 1 - MODEL_MAX_PROCS);
	ck_assert_ptr_eq(m->procs[0], m->slot[7]);
	ck_assert_uint_eq(model_tasks(m), BIRTHS);
	ck_assert_int_eq(model_copies(m), 2 * BIRTHS);
	ck_assert_ptr_eq(model_thread_by_tid(m, 1001, NULL), NULL);
	for (unsigned i = 1; i < m->nprocs; i++) {
		const struct model_proc *p = NULL;

		model_thread_by_tid(m, m->procs[i]->pid + 1, &p);
		ck_assert_ptr_eq(p, m->procs[i]);
	}
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(threads_have_a_budget)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	for (unsigned i = 0; i < FRAME_MAX_SLOTS; i++)
		thread(&g, i, (int32_t)(i + 1) * 10000, FRAME_MAX_THREADS, 1);
	apply_all(m, &g);
	ck_assert_uint_gt(m->unplaced, 0);
	ck_assert_uint_lt(m->unplaced, FRAME_MAX_SLOTS);
	ck_assert_uint_eq(model_tasks(m), FRAME_MAX_SLOTS - m->unplaced);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(the_budget_comes_back)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	for (unsigned i = 0; i < 400; i++) {
		int32_t pid = (int32_t)(i + 1) * 10000;

		proc(&g, 1, pid, i + 1);
		thread(&g, 1, pid, FRAME_MAX_THREADS, 1);
	}
	apply_all(m, &g);
	ck_assert_uint_eq(m->unplaced, 0);
	ck_assert_uint_gt(m->procs_dropped, 200);
	ck_assert_uint_gt(m->nprocs, 100); /* no more than need be */
	ck_assert_uint_eq(model_tasks(m), 400);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

START_TEST(waiting_since)
{
	struct streamgen g = {0};
	struct model *m = model_new();
	struct frame *f;

	proc(&g, 1, 100, 1);
	f = thread(&g, 1, 100, 1, 0);
	f->ns = 5000000000;
	f->thread.since_us = 2000000;
	f = thread(&g, 1, 100, 2, 0);
	f->ns = 1000;
	f->thread.since_us = 2;
	apply_all(m, &g);
	ck_assert_uint_eq(m->slot[1]->threads[1].since, 3000000000);
	ck_assert_uint_eq(m->slot[1]->threads[2].since, 0);
	model_free(m);
	streamgen_free(&g);
}
END_TEST

/* Anything that frame_check() lets pass. */
START_TEST(any_frame_is_survived)
{
	static const uint8_t type[] = {FRAME_HELLO, FRAME_BYE, FRAME_TEXT,
	    FRAME_PROC, FRAME_THREAD, FRAME_ITEM_QUEUE, FRAME_SUM, FRAME_LOCK,
	    FRAME_CONTROL, FRAME_TRACE, FRAME_COMMAND, FRAME_PROC, FRAME_THREAD,
	    FRAME_TEXT};
	struct model *m = model_new();
	uint64_t x = 88172645463325252ULL + (uint64_t)_i, good = 0, run = 0;

	for (unsigned n = 0; n < 100000; n++) {
		struct frame f;
		unsigned char *p = (unsigned char *)&f;

		for (unsigned i = 0; i < sizeof f; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			p[i] = x % 3 == 0 ? (unsigned char)(x >> 32)
					  : (unsigned char)(x >> 32 & 3);
		}
		f.version = FRAME_VERSION;
		f.type = type[n % sizeof type];
		if (f.type == FRAME_HELLO && n % 1000 != 0)
			continue;
		if (frame_check(&f) != FRAME_OK)
			continue;
		good++;
		run = f.type == FRAME_HELLO && m->live ? 1 : run + 1;
		model_apply(m, &f);
		model_ledger(m);
		model_items_hold(m);
		model_left(m);
		model_thread_by_tid(m, f.tid, NULL);
	}
	ck_assert_uint_gt(good, 10000);
	ck_assert_uint_eq(m->frames, run);
	model_free(m);
}
END_TEST

/* Lock kinds. */

static struct frame *
lock_of(struct streamgen *g, unsigned kind, uint64_t switches)
{
	struct frame *f = streamgen_add(g, FRAME_LOCK);

	f->lock = (struct frame_lock){.kind = (uint16_t)kind,
	    .wanted = (uint16_t)kind,
	    .switches = switches,
	    .contended = 10 * switches};
	return f;
}

/* A look at everything, as the engine sends it: the lock first. */
static void
look(struct model *m, uint64_t ns, unsigned kind, uint64_t switches,
    uint64_t adds, uint64_t lost)
{
	struct streamgen g = {0};

	lock_of(&g, kind, switches);
	thread(&g, 1, 100, 1, 0)->thread.adds = adds;
	streamgen_add(&g, FRAME_SUM)->sum.lost_updates = lost;
	for (size_t i = 0; i < g.n; i++) {
		g.frame[i].ns = ns + i; /* one look takes its time */
		model_apply(m, &g.frame[i]);
	}
	streamgen_free(&g);
}

static struct model *
model_with_a_thread(void)
{
	struct streamgen g = {0};
	struct model *m = model_new();

	streamgen_hello(&g, "race", 1, 1);
	proc(&g, 1, 100, 1);
	apply_all(m, &g);
	streamgen_free(&g);
	return m;
}

#define LOOK (MODEL_SAMPLE_NS / 5)

START_TEST(adds_and_losses_are_put_down_to_the_kind_in_force)
{
	struct model *m = model_with_a_thread();
	uint64_t t = m->now, adds = 0, lost = 0;

	ck_assert(model_kind_adds(m, 0) < 0);
	for (unsigned i = 0; i < 40; i++)
		look(m, t += LOOK, 0, 0, adds += 100, lost += 7);
	ck_assert_double_eq_tol(model_kind_adds(m, 0), 100e9 / (double)LOOK, 1);
	ck_assert_uint_eq(m->kind[0].lost_updates * 100, m->kind[0].adds * 7);
	for (unsigned i = 0; i < 40; i++)
		look(m, t += LOOK, 3, 1, adds += 20, lost);
	ck_assert_double_eq_tol(model_kind_adds(m, 3), 20e9 / (double)LOOK, 1);
	ck_assert_uint_eq(m->kind[3].lost_updates, 0);
	ck_assert(model_kind_adds(m, 1) < 0);
	ck_assert(model_kind_adds(m, MODEL_MAX_LOCKS) < 0);
	model_free(m);
}
END_TEST

/* A run of one kind need not be sampled, however short it is. */
START_TEST(one_kind_has_all_of_the_run)
{
	struct model *m = model_with_a_thread();
	uint64_t t = m->now;

	m->control.start = t;
	ck_assert(!model_kind_exact(m, 0));
	look(m, t += LOOK, 0, 0, 100, 7);
	ck_assert(model_kind_exact(m, 0));
	ck_assert_uint_eq(model_kind_of(m, 0).adds, 100);
	ck_assert_uint_eq(model_kind_of(m, 0).lost_updates, 7);
	ck_assert_uint_eq(model_kind_of(m, 1).ns, 0);
	ck_assert_uint_eq(model_kind_of(m, MODEL_MAX_LOCKS).ns, 0);
	look(m, t += LOOK, 1, 1, 120, 7);
	ck_assert(!model_kind_exact(m, 0) && !model_kind_exact(m, 1));
	ck_assert_uint_eq(model_kind_of(m, 1).adds, m->kind[1].adds);
	model_free(m);
}
END_TEST

/* The look that shows the switch brings losses from before it. */
START_TEST(no_kind_is_blamed_for_the_last)
{
	struct model *m = model_with_a_thread();
	uint64_t t = m->now, adds = 0, lost = 0;

	for (unsigned s = 0; s < 60; s++) {
		for (unsigned i = 0; i < 11 + s % 7; i++) {
			bool first = i == 0, none = s % 2 == 0;
			look(m, t += LOOK - s % 3, none ? 0 : 1, s, adds += 10,
			    lost += none != first);
		}
	}
	ck_assert_uint_gt(m->kind[0].lost_updates, 0);
	ck_assert_uint_gt(m->kind[1].adds, 0);
	ck_assert_uint_eq(m->kind[1].lost_updates, 0);
	model_free(m);
}
END_TEST

START_TEST(kinds_switched_all_the_time_are_not_told_apart)
{
	struct model *m = model_with_a_thread();
	uint64_t t = m->now, adds = 0;

	for (unsigned i = 0; i < 200; i++)
		look(m, t += LOOK, i % 2, i, adds += 10, i);
	ck_assert(model_kind_adds(m, 0) < 0);
	ck_assert(model_kind_adds(m, 1) < 0);
	model_free(m);
}
END_TEST

static TCase *
runs(void)
{
	TCase *t = tcase_create("runs");
	int n = 0;

	while (streamgen_scenarios[n] != NULL)
		n++;
	tcase_add_loop_test(t, books_balance_at_every_frame, 0, n);
	tcase_add_test(t, adds_and_losses_are_put_down_to_the_kind_in_force);
	tcase_add_test(t, one_kind_has_all_of_the_run);
	tcase_add_test(t, no_kind_is_blamed_for_the_last);
	tcase_add_test(t, kinds_switched_all_the_time_are_not_told_apart);
	tcase_add_test(t, a_private_sum_is_in_the_copies);
	tcase_add_test(t, a_killed_worker_stays_beside_its_replacement);
	tcase_add_test(t, state_frames_heal);
	tcase_add_test(t, a_restart_forgets_the_run);
	tcase_add_test(t, what_one_run_dropped_is_not_the_next_ones);
	tcase_add_test(t, a_broken_run_has_nobody_left);
	tcase_add_test(t, an_ended_run_cannot_break);
	tcase_add_test(t, a_pause_is_no_work);
	tcase_add_test(t, an_estimate_is_steady);
	tcase_add_test(t, reset_makes_it_new);
	tcase_add_loop_test(t, gaps_are_counted_once, 0, 7);
	tcase_add_test(t, sources_count_for_themselves);
	tcase_add_loop_test(t, any_frame_is_survived, 0, 3);
	return t;
}

static TCase *
subjects(void)
{
	TCase *t = tcase_create("subjects");

	tcase_add_test(t, frames_find_their_process);
	tcase_add_test(t, a_thread_may_come_before_its_process);
	tcase_add_test(t, a_new_thread_goes_on_counting_at_its_place);
	tcase_add_test(t, threads_are_found_by_tid);
	tcase_add_test(t, the_oldest_replaced_are_let_go);
	tcase_add_test(t, threads_have_a_budget);
	tcase_add_test(t, the_budget_comes_back);
	tcase_add_test(t, waiting_since);
	return t;
}

int
main(void)
{
	TCase *const cases[] = {runs(), subjects(), NULL};

	return suite_run("model", cases);
}
