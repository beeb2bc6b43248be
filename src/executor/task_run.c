/* task_run: one task, in the thread that has taken it. */
#include "base/fault.h"
#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "program/self.h"
#include "slot/trace.h"

static void
task_note_begin(struct tslot *r, const struct future *f)
{
	atomic_store_explicit(
	    &r->task, atomic_load_explicit(&f->number, RELAXED), RELAXED);
	if (trace_on(r))
		trace_write(r, 0, TRACE_TASK, 0, 0, 0);
}

static void
task_note_end(struct tslot *r)
{
	SLOT_BUMP(r->tasks, 1);
	if (trace_on(r))
		trace_write(r, 0, TRACE_TASK_END, 0, 0, 0);
	atomic_store_explicit(&r->task, 0, RELAXED);
}

static uint32_t
task_micros(uint64_t from, uint64_t to)
{
	uint64_t us;

	if (to - from < NSEC_PER_USEC || to < from)
		return 0;
	us = (to - from) / NSEC_PER_USEC;
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

uint64_t
task_run(struct future *f, uint64_t begun)
{
	struct call c = {.future = f, .arg = f->arg, .size = f->size};
	struct tslot *r = self != NULL ? self->tslot : NULL;

	atomic_store_explicit(&f->waited,
	    task_micros(atomic_load_explicit(&f->submitted, RELAXED), begun),
	    RELAXED);
	if (r != NULL)
		task_note_begin(r, f);
	ORDER_SEEN(executor_of(f));
	int err = f->fn(&c);
	ORDER_MADE(executor_of(f));
	uint64_t ended = executor_now();
	if (r != NULL)
		task_note_end(r);
	atomic_store_explicit(&f->ran, task_micros(begun, ended), RELAXED);
	if (err == 0)
		future_finish(f, FUTURE_DONE, c.extra);
	else
		future_fail(f, err < 0 ? -err : err);
	return ended;
}
