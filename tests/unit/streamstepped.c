/*
 * streamstepped: what a run would send whose threads stand at their gates: a
 * race stepped by hand to a lost update, and two locks taken in two orders.
 */
#include <stdio.h>
#include <string.h>

#include "streamgen.h"

#define SUPERVISOR 7000
#define MAIN       7001 /* of the only process; its threads follow */
#define LOOK       25   /* ticks between two steps */

struct stage {
	struct streamgen *g;
	uint64_t start;
	bool program;
	int64_t sum, lost;
	unsigned added, taken, switches;
	char schedule[64];
};

static void
proc(struct stage *s, unsigned slot, bool over)
{
	struct frame *f = streamgen_add(s->g, FRAME_PROC);

	f->pid = f->tid = SUPERVISOR + (int32_t)slot;
	f->proc = (struct frame_proc){.slot = (uint16_t)slot,
	    .threads = slot == 0 ? 0 : 2,
	    .state = over ? STATE_EXITED : STATE_RUNNING,
	    .ended = over && slot > 0 ? ENDED_EXIT : ENDED_NOT,
	    .ppid = slot == 0 ? 2048 : SUPERVISOR,
	    .serial = slot + 1,
	    .item = !s->program && slot == 1 && !over,
	    .item_n = !s->program && slot == 1 ? 2 : 0,
	    .items = !s->program && slot == 1 && over,
	    .sum = slot == 0 ? 0 : s->added};
}

/* A thread at its gate, or past the last of them. */
static void
stand(struct stage *s, unsigned index, enum frame_point point, int64_t value,
    unsigned letter, unsigned flags)
{
	struct frame *f = streamgen_add(s->g, FRAME_THREAD);

	f->pid = MAIN;
	f->tid = MAIN + (int32_t)index;
	f->thread = (struct frame_thread){.slot = 1,
	    .index = (uint16_t)index,
	    .state = point == POINT_NONE ? STATE_EXITED
		: flags & STEP_BLOCKED   ? STATE_WAIT_POOL
					 : STATE_GATED,
	    .tasks = !s->program && index > 0 && point == POINT_NONE,
	    .adds = !s->program && index > 0 && point == POINT_NONE};
	f = streamgen_add(s->g, FRAME_STEP);
	f->pid = MAIN;
	f->tid = MAIN + (int32_t)index;
	f->step = (struct frame_step){.slot = 1,
	    .index = (uint16_t)index,
	    .point = (uint8_t)point,
	    .thing = point >= POINT_LOAD && point <= POINT_SWAP ? THING_SUM
								: THING_NONE,
	    .letter = (uint16_t)letter,
	    .flags = (uint8_t)flags,
	    .value = value,
	    .amount = 1};
}

/* The same at a lock of the program's. */
static void
stand_at(struct stage *s, unsigned index, enum frame_point point,
    unsigned mutex, unsigned flags, unsigned owner)
{
	struct frame *f;

	stand(s, index, point, 0, index, flags);
	f = &s->g->frame[s->g->n - 1];
	f->step.thing = THING_MUTEX;
	f->step.object = (uint8_t)mutex;
	f->step.owner = owner > 0 ? MAIN + (int32_t)owner : 0;
	if (flags & STEP_BLOCKED) {
		f--;
		f->thread.state = STATE_WAIT_LOCK;
		f->thread.object = (uint8_t)mutex;
		f->thread.owner = MAIN + (int32_t)owner;
	}
}

static void
lab(struct stage *s, unsigned standing, unsigned flags)
{
	streamgen_add(s->g, FRAME_SCHEDULE)->lab =
	    (struct frame_schedule){.scheduler = SCHEDULER_HAND,
		.chooser = SCHEDULER_ROUND_ROBIN,
		.steps = 3,
		.flags = (uint8_t)flags,
		.cpus = 2,
		.standing = (uint16_t)standing,
		.taken = s->taken,
		.switches = s->switches,
		.length = (uint32_t)strlen(s->schedule)};
	streamgen_text(s->g, TEXT_SCHEDULE, 0, s->schedule);
	if (!s->program) {
		streamgen_add(s->g, FRAME_SUM)->sum =
		    (struct frame_sum){.sum = s->sum,
			.expected = s->added,
			.lost = s->lost,
			.lost_updates = s->lost != 0,
			.adding = standing > 0};
	}
	s->g->ns += LOOK * STREAMGEN_TICK;
}

static void
took(struct stage *s, const char *schedule, unsigned switches)
{
	s->taken++;
	s->switches = switches;
	snprintf(s->schedule, sizeof s->schedule, "%s", schedule);
}

static void
control(struct stage *s, enum frame_phase phase, bool hung)
{
	streamgen_add(s->g, FRAME_CONTROL)->control =
	    (struct frame_control){.start = s->start,
		.speed = 1000,
		.processes = 1,
		.threads = 2,
		.lock_other = 1,
		.phase = (uint8_t)phase,
		.program = s->program,
		.hung = hung};
	if (s->program)
		return;
	streamgen_add(s->g, FRAME_ITEM_QUEUE)->item_queue =
	    (struct frame_item_queue){.put = 1,
		.done = phase == PHASE_DONE,
		.in_flight = phase != PHASE_DONE,
		.total = 1,
		.capacity = 1024};
}

static void
begin(struct stage *s, struct streamgen *g, const char *demo,
    const char *const thread[3])
{
	*s = (struct stage){.g = g, .program = strcmp(demo, "race") != 0};
	streamgen_hello(g, demo, 1, 2);
	s->start = g->ns;
	streamgen_text(g, TEXT_TITLE, 0, "stepped by hand");
	streamgen_text(g, TEXT_LOCK, 0, "none");
	streamgen_text(g, TEXT_LOCK, 1, "mutex");
	streamgen_text(
	    g, TEXT_FLAW, 0, "nothing keeps two threads from adding at once");
	streamgen_text(g, TEXT_PROC, 0, "supervisor");
	streamgen_text(g, TEXT_PROC, 1, s->program ? "main" : "worker-1");
	for (unsigned i = 0; i < 3; i++)
		streamgen_text(g, TEXT_THREAD, 1U << 16 | i, thread[i]);
	control(s, PHASE_RUNNING, false);
	proc(s, 0, false);
	proc(s, 1, false);
}

static void
end(struct stage *s, enum frame_outcome outcome)
{
	for (unsigned i = 0; i < 3; i++)
		stand(s, i, POINT_NONE, 0, i, 0);
	proc(s, 1, true);
	proc(s, 0, true);
	lab(s, 0, SCHEDULE_SETTLED);
	control(s, PHASE_DONE, outcome == OUTCOME_HUNG);
	streamgen_add(s->g, FRAME_BYE)->bye =
	    (struct frame_bye){.elapsed = s->g->ns - s->start,
		.tasks = s->program ? 0 : 2,
		.outcome = (uint32_t)outcome};
}

#define RACE "race,processes=1,threads=2,items=2,adds=1,steps=3:"

/* a loads and b loads and stores; what a stores then wipes that out. */
static void
race(struct streamgen *g, unsigned looks)
{
	static const char *const names[] = {"worker-1", "pool-1.1", "pool-1.2"};
	struct stage s;

	begin(&s, g, "race", names);
	snprintf(s.schedule, sizeof s.schedule, RACE);
	stand(&s, 0, POINT_WAIT, 0, 0, STEP_BLOCKED | STEP_SILENT);
	stand(&s, 1, POINT_LOAD, 0, 1, 0);
	stand(&s, 2, POINT_LOAD, 0, 2, 0);
	lab(&s, 2, SCHEDULE_SETTLED);
	if (looks == 1)
		return;
	took(&s, RACE "a1", 0);
	stand(&s, 1, POINT_ADD, 0, 1, STEP_LAST);
	lab(&s, 2, SCHEDULE_SETTLED);
	if (looks == 2)
		return;
	took(&s, RACE "a1b1", 1);
	stand(&s, 1, POINT_ADD, 0, 1, 0);
	stand(&s, 2, POINT_ADD, 0, 2, STEP_LAST);
	lab(&s, 2, SCHEDULE_SETTLED);
	took(&s, RACE "a1b2", 1);
	stand(&s, 2, POINT_STORE, 1, 2, STEP_LAST);
	lab(&s, 2, SCHEDULE_SETTLED);
	if (looks == 4)
		return;
	took(&s, RACE "a1b3", 1);
	s.sum = s.added = 1;
	stand(&s, 2, POINT_NONE, 0, 2, 0);
	lab(&s, 1, SCHEDULE_SETTLED);
	took(&s, RACE "a1b3a1", 2);
	stand(&s, 1, POINT_STORE, 1, 1, STEP_LAST);
	lab(&s, 1, SCHEDULE_SETTLED);
	if (looks == 6)
		return;
	took(&s, RACE "a1b3a2", 2);
	s.lost = 1;
	s.added = 2;
	end(&s, OUTCOME_DONE);
}

/* Two locks, two orders. */
static void
stuck(struct streamgen *g, unsigned looks)
{
	static const char *const names[] = {"main", "left", "right"};
	struct stage s;

	begin(&s, g, "deadlock", names);
	streamgen_text(g, TEXT_MUTEX, 1, "A");
	streamgen_text(g, TEXT_MUTEX, 2, "B");
	snprintf(s.schedule, sizeof s.schedule, "deadlock,threads=2:");
	stand(&s, 0, POINT_WAIT, 0, 0, STEP_BLOCKED | STEP_SILENT);
	g->frame[g->n - 2].thread.state = STATE_WAIT_THREAD;
	g->frame[g->n - 2].thread.owner = MAIN + 1;
	stand_at(&s, 1, POINT_LOCK, 1, 0, 0);
	stand_at(&s, 2, POINT_LOCK, 2, 0, 0);
	lab(&s, 2, SCHEDULE_SETTLED);
	took(&s, "deadlock,threads=2:a1", 0);
	stand_at(&s, 1, POINT_LOCK, 2, STEP_LAST, 0);
	lab(&s, 2, SCHEDULE_SETTLED);
	if (looks == 2)
		return;
	took(&s, "deadlock,threads=2:a1b1", 1);
	stand_at(&s, 1, POINT_LOCK, 2, STEP_BLOCKED, 2);
	stand_at(&s, 2, POINT_LOCK, 1, STEP_BLOCKED | STEP_LAST, 1);
	lab(&s, 0, SCHEDULE_SETTLED | SCHEDULE_STUCK);
	control(&s, PHASE_RUNNING, true);
	if (looks == 3)
		return;
	end(&s, OUTCOME_HUNG);
}

bool
streamgen_stepped(struct streamgen *g, const char *name, unsigned until)
{
	if (strcmp(name, "stepped") == 0)
		race(g, until / LOOK);
	else if (strcmp(name, "stuck") == 0)
		stuck(g, until / LOOK);
	else
		return false;
	return true;
}
