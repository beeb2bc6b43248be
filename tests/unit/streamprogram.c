/*
 * streamprogram: what demos with a program of their own would send: a pool
 * of processes fed through a queue, a program that hangs, a comparison.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "streamgen.h"

#define SUPERVISOR 5000
#define MAIN       5001
#define POOL       3  /* worker processes */
#define FUTURES    12 /* of the pool */
#define CAPACITY   10
#define TICKS      300
#define STEP       10 /* ticks between two looks */

struct program {
	struct streamgen *g;
	uint64_t start;
	unsigned tick;
};

static int32_t
tid_of(unsigned slot, unsigned index)
{
	return slot == 0 ? SUPERVISOR
			 : MAIN + (int32_t)(slot - 1) * 10 + (int32_t)index;
}

static struct frame_proc *
proc(struct program *p, unsigned slot, enum frame_state state, int64_t sum)
{
	struct frame *f = streamgen_add(p->g, FRAME_PROC);

	f->pid = f->tid = tid_of(slot, 0);
	f->proc = (struct frame_proc){.slot = (uint16_t)slot,
	    .state = (uint8_t)state,
	    .ppid = slot == 0 ? 2048 : SUPERVISOR,
	    .serial = slot + 1,
	    .sum = sum};
	return &f->proc;
}

static struct frame_thread *
thread(struct program *p, unsigned slot, unsigned index, enum frame_state state,
    unsigned object, int32_t owner)
{
	struct frame *f = streamgen_add(p->g, FRAME_THREAD);

	f->pid = tid_of(slot, 0);
	f->tid = tid_of(slot, index);
	f->thread = (struct frame_thread){.slot = (uint16_t)slot,
	    .index = (uint16_t)index,
	    .state = (uint8_t)state,
	    .object = (uint8_t)object,
	    .owner = owner,
	    .since_us = (p->tick % 25) * 20000};
	return &f->thread;
}

static void
control(struct program *p, enum frame_phase phase, bool hung,
    enum frame_sum_mode mode)
{
	streamgen_add(p->g, FRAME_CONTROL)->control =
	    (struct frame_control){.window = 1000000,
		.start = p->start,
		.speed = 1000,
		.lock = 1,
		.lock_other = 1,
		.phase = (uint8_t)phase,
		.sum_mode = (uint8_t)mode,
		.program = 1,
		.hung = hung};
}

static void
begin(struct program *p, const char *demo, const char *title,
    enum frame_sum_mode mode)
{
	streamgen_hello(p->g, demo, 0, 0);
	p->start = p->g->ns;
	streamgen_text(p->g, TEXT_TITLE, 0, title);
	streamgen_text(p->g, TEXT_LESSON, 0, "Watch who waits, and for what.");
	streamgen_text(p->g, TEXT_LOCK, 0, "none");
	streamgen_text(p->g, TEXT_LOCK, 1, "mutex");
	streamgen_text(p->g, TEXT_LOCK_LESSON, 1, "one at a time");
	streamgen_add(p->g, FRAME_LOCK)->lock =
	    (struct frame_lock){.kind = 1, .wanted = 1};
	streamgen_text(p->g, TEXT_PROC, 0, "supervisor");
	streamgen_text(p->g, TEXT_PROC, 1, "main");
	streamgen_text(p->g, TEXT_THREAD, 1U << 16, "main");
	proc(p, 0, STATE_RUNNING, 0);
	control(p, PHASE_RUNNING, false, mode);
	streamgen_text(p->g, TEXT_LOG, 0, "started");
}

static void
end(struct program *p, unsigned slots, enum frame_outcome outcome,
    enum frame_sum_mode mode)
{
	for (unsigned i = 1; i <= slots; i++) {
		bool stopped = outcome == OUTCOME_HUNG;
		struct frame_proc *f = proc(p, i, STATE_EXITED, 0);

		f->ended = stopped ? ENDED_STOPPED : ENDED_EXIT;
	}
	control(p, PHASE_DONE, outcome == OUTCOME_HUNG, mode);
	streamgen_add(p->g, FRAME_BYE)->bye = (struct frame_bye){
	    .elapsed = p->g->ns - p->start, .outcome = (uint32_t)outcome};
}

/* Future `i` of the pool at this tick: three at a time, some take longer. */
static void
pool_future(struct program *p, unsigned i, struct frame_executor *e)
{
	static const unsigned order[FUTURES] = {
	    2, 1, 3, 6, 4, 5, 7, 9, 8, 11, 10, 12};
	unsigned from = i / POOL * 60, to = 20 * order[i] + 30;
	bool failed = i == 7;
	struct frame_future *f = &streamgen_add(p->g, FRAME_FUTURE)->future;

	*f = (struct frame_future){.number = i + 1,
	    .executor = 1,
	    .slot = (uint16_t)(2 + i % POOL),
	    .wait_us = from * 20000,
	    .run_us = (p->tick - from) * 20000};
	if (p->tick < from) {
		f->slot = 0;
		f->wait_us = f->run_us = 0;
		e->pending++;
		return;
	}
	f->state = FUTURE_RUNNING;
	if (p->tick < to) {
		e->running++;
		return;
	}
	f->state = failed ? FUTURE_FAILED : FUTURE_DONE;
	f->error = failed ? ENOENT : 0;
	f->order = order[i];
	f->run_us = (to - from) * 20000;
	f->size = failed ? 0 : i == 5 ? 70000 : 8;
	f->value = failed ? 0 : (int64_t)(i * i);
	e->done++;
	e->failed += failed;
}

static void
pool_objects(struct program *p)
{
	struct frame_executor e = {.index = 1,
	    .kind = EXECUTOR_PROCESSES,
	    .processes = POOL,
	    .threads = 1};
	bool full = p->tick % 50 < 30;

	for (unsigned i = 0; i < FUTURES; i++)
		pool_future(p, i, &e);
	streamgen_add(p->g, FRAME_EXECUTOR)->executor = e;
	streamgen_add(p->g, FRAME_QUEUE)->queue =
	    (struct frame_queue){.index = 1,
		.flags = QUEUE_JOINABLE,
		.capacity = CAPACITY,
		.put = p->tick + CAPACITY,
		.got = full ? p->tick : p->tick + 4,
		.done = p->tick,
		.putters = full,
		.joiners = 1};
	streamgen_add(p->g, FRAME_QUEUE)->queue =
	    (struct frame_queue){.index = 2,
		.flags = QUEUE_PIPE,
		.capacity = 65536,
		.put = p->tick * 1000ULL,
		.got = p->tick * 900ULL};
	streamgen_add(p->g, FRAME_MUTEX)->mutex =
	    (struct frame_mutex){.index = 1,
		.waiters = 1,
		.holder = tid_of(1, 2),
		.held_us = 12000,
		.acquired = p->tick,
		.contended = p->tick / 4,
		.longest_us = 31000};
	thread(p, 1, 0, STATE_WAIT_FUTURE, 1, tid_of(2, 0));
	thread(p, 1, 1, full ? STATE_WAIT_PUT : STATE_READING, full, 0);
	thread(p, 1, 2, STATE_WAIT_JOIN, 1, 0);
	thread(p, 1, 3, STATE_WAIT_LOCK, 1, tid_of(1, 2));
	for (unsigned i = 0; i < POOL; i++) {
		proc(p, 2 + i, STATE_RUNNING, p->tick / 3);
		thread(p, 2 + i, 0, i == 2 ? STATE_WAIT_GIL : STATE_RUNNING, 0,
		    i == 2 ? tid_of(2, 0) : 0)
		    ->adds = p->tick / 3;
	}
	streamgen_add(p->g, FRAME_SUM)->sum =
	    (struct frame_sum){.expected = POOL * (p->tick / 3)};
}

static void
pool(struct program *p, unsigned until)
{
	static const char *const names[] = {
	    "main", "reader", "joiner", "printer"};
	char line[64];

	begin(p, "advanced", "readers, a queue and a pool", SUM_PRIVATE);
	for (unsigned i = 1; i < 4; i++)
		streamgen_text(p->g, TEXT_THREAD, 1U << 16 | i, names[i]);
	for (unsigned i = 0; i < POOL; i++) {
		snprintf(line, sizeof line, "pool-%u", i + 1);
		streamgen_text(p->g, TEXT_PROC, 2 + i, line);
		streamgen_text(p->g, TEXT_THREAD, (2 + i) << 16, line);
	}
	streamgen_text(p->g, TEXT_EXECUTOR, 1, "squares");
	streamgen_text(p->g, TEXT_QUEUE, 1, "numbers");
	streamgen_text(p->g, TEXT_MUTEX, 1, "screen");
	for (unsigned i = 0; i < FUTURES; i++) {
		snprintf(line, sizeof line, "square(%u)", i);
		streamgen_text(p->g, TEXT_FUTURE, 1U << 24 | (i + 1), line);
	}
	proc(p, 1, STATE_RUNNING, 0);
	for (p->tick = 0; p->tick < TICKS; p->tick += STEP) {
		if (until != 0 && p->tick >= until)
			return;
		p->g->ns = p->start + p->tick * STREAMGEN_TICK;
		pool_objects(p);
		if (p->tick % 60 == 50) {
			snprintf(line, sizeof line, "round %u is over",
			    p->tick / 60 + 1);
			streamgen_text(p->g, TEXT_OUTPUT, 0, line);
			snprintf(line, sizeof line, "%u up to %u", p->tick * 7,
			    (p->tick / 60 + 1) * 10000);
			streamgen_text(p->g, TEXT_RESULT, p->tick / 60, line);
		}
	}
	streamgen_text(p->g, TEXT_FAILURE, 1U << 24 | 8,
	    "square(7) was given up after 2 workers died with it");
	for (unsigned i = 0; i < POOL; i++)
		proc(p, 2 + i, STATE_RUNNING, 0);
	streamgen_add(p->g, FRAME_SUM);
	end(p, 1 + POOL, OUTCOME_DONE, SUM_PRIVATE);
}

static void
hung(struct program *p, unsigned until)
{
	begin(p, "missing-sentinel", "a consumer that nobody tells to stop",
	    SUM_SHARED);
	streamgen_text(p->g, TEXT_PROC, 2, "consumer");
	streamgen_text(p->g, TEXT_THREAD, 2U << 16, "consumer");
	streamgen_text(p->g, TEXT_QUEUE, 1, "numbers");
	proc(p, 1, STATE_RUNNING, 0);
	proc(p, 2, STATE_RUNNING, 0);
	for (p->tick = 0; p->tick < 150; p->tick += STEP) {
		unsigned put = p->tick < 100 ? p->tick / 10 : 10;
		bool over = p->tick >= 100;

		if (until != 0 && p->tick >= until)
			return;
		p->g->ns = p->start + p->tick * STREAMGEN_TICK;
		streamgen_add(p->g, FRAME_QUEUE)->queue =
		    (struct frame_queue){.index = 1,
			.capacity = CAPACITY,
			.put = put,
			.got = put,
			.getters = 1};
		thread(p, 1, 0, over ? STATE_WAIT_PROCESS : STATE_SLEEPING, 0,
		    over ? tid_of(2, 0) : 0);
		thread(p, 2, 0, STATE_WAIT_QUEUE, 1, 0);
		if (p->tick != 120)
			continue;
		streamgen_text(p->g, TEXT_REASON, 2U << 16,
		    "consumer waits for an item in the queue numbers, which "
		    "is empty, and nobody is left to put one: a sentinel is "
		    "missing");
		streamgen_text(p->g, TEXT_REASON, 1U << 16,
		    "main waits for consumer to end, which waits in vain");
		control(p, PHASE_RUNNING, true, SUM_SHARED);
	}
	end(p, 2, OUTCOME_HUNG, SUM_SHARED);
}

/* Four kinds, first without and then with an interpreter lock. */
static void
compare(struct program *p, unsigned until)
{
	static const unsigned ticks[8] = {80, 8, 20, 10, 80, 80, 22, 20};
	unsigned from = 0;

	begin(p, "compare", "the same work in four ways", SUM_SHARED);
	proc(p, 1, STATE_RUNNING, 0);
	thread(p, 1, 0, STATE_RUNNING, 0, 0);
	for (unsigned i = 0; i < 8; from += ticks[i++]) {
		for (unsigned t = 1; t <= ticks[i]; t++) {
			p->tick = from + t;
			if (until != 0 && p->tick >= until)
				return;
			p->g->ns = p->start + p->tick * STREAMGEN_TICK;
			streamgen_add(p->g, FRAME_MEASURE)->measure =
			    (struct frame_measure){.index = (uint8_t)i,
				.kind = (uint8_t)(i % 4),
				.gil = i >= 4,
				.done = t == ticks[i],
				.tasks = t,
				.wall = t * STREAMGEN_TICK,
				.cpu = t * STREAMGEN_TICK / (i < 4 ? 1 : 2),
				.voluntary = t * 11,
				.involuntary = t * (i == 5 ? 200 : 1)};
		}
	}
	end(p, 1, OUTCOME_DONE, SUM_SHARED);
}

bool
streamgen_program(struct streamgen *g, const char *name, unsigned until)
{
	struct program p = {.g = g};

	if (strcmp(name, "program") == 0)
		pool(&p, until);
	else if (strcmp(name, "hung") == 0)
		hung(&p, until);
	else if (strcmp(name, "compare") == 0)
		compare(&p, until);
	else
		return false;
	return true;
}
