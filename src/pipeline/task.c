/* task: what a demo can do in a task. */
#include "pipeline/task.h"

#include "base/burn.h"
#include "base/file.h"
#include "lockstep/util.h"

static bool
task_spin(struct gil *gil, struct gate *g, struct thread_slot *r, uint64_t ns)
{
	uint64_t end = cpu_time() + ns;

	while (cpu_time() < end) {
		cpu_burn();
		if (gate_stopped(g))
			return false;
		gil_checkpoint(gil, r);
	}
	return true;
}

/* A wait drops the interpreter lock. */
static void
task_wait_begins(struct gil *gil, struct thread_slot *r, enum frame_state state)
{
	slot_state(r, state);
	if (gil != NULL)
		gil_drop(gil);
}

static void
task_wait_ends(struct gil *gil, struct thread_slot *r)
{
	if (gil != NULL)
		gil_enter(gil, r);
	slot_state(r, STATE_RUNNING);
}

bool
work_do(struct gil *gil, struct gate *g, struct thread_slot *r,
    const struct work *work)
{
	bool on = true;

	switch (work->kind) {
	case WORK_NONE:
		break;
	case WORK_SLEEP:
		task_wait_begins(gil, r, STATE_SLEEPING);
		on = gate_sleep(g, r, work->ns);
		task_wait_ends(gil, r);
		break;
	case WORK_SPIN:
		on = task_spin(gil, g, r, work->ns);
		break;
	}
	return on;
}

uint32_t
task_item(const struct task *t)
{
	return t->item;
}

uint32_t
task_n(const struct task *t)
{
	return t->n;
}

uint32_t
task_index(const struct task *t)
{
	return t->index;
}

uint64_t
task_cookie(const struct task *t)
{
	return t->cookie;
}

const struct params *
task_params(const struct task *t)
{
	return t->params;
}

void
task_work(struct task *t)
{
	if (!t->over &&
	    !work_do(
		t->gil, t->adder.gate, t->adder.tslot, &t->params->task_work))
		t->over = true;
}

void
task_add_many(struct task *t, int64_t amount, uint64_t times)
{
	if (!t->over && !sum_add(&t->adder, amount, times))
		t->over = true;
}

void
task_add(struct task *t, int64_t amount)
{
	task_add_many(t, amount, 1);
}

void
task_leave_out(struct task *t, int why)
{
	uint64_t i = atomic_fetch_add(&t->slot->failed, 1) % WORKER_BAD;

	atomic_store(&t->slot->bad[i].why, (int32_t)why);
	atomic_store(&t->slot->bad[i].cookie, t->cookie);
}

long
task_read(
    struct task *t, const char *path, void *buf, size_t len, uint64_t offset)
{
	if (t->over)
		return 0;
	task_wait_begins(t->gil, t->adder.tslot, STATE_READING);
	long got = read_at(path, buf, len, offset);
	task_wait_ends(t->gil, t->adder.tslot);
	if (got < 0)
		task_leave_out(t, (int)-got);
	return got;
}
