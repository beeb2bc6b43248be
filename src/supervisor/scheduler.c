/* scheduler: who goes next, and when. */
#include "supervisor/scheduler_priv.h"

#include <errno.h>
#include <string.h>

#include "base/cpu.h"
#include "lockstep/demo.h"
#include "program/self.h"

#define BURST 512  /* turns before the loop looks around */
#define SPINS 1000 /* looks at a resumed thread before asking for the bell */

/* ---- are all threads at their gates? ---- */

/* Collect the threads of a process; false: one does not stand at its gate. */
static bool
scheduler_gather_slot(struct supervisor *sv, unsigned slot)
{
	const struct process *proc = &sv->procs[slot];
	struct scheduler *s = sv->scheduler;
	unsigned standing = 0;

	if (proc->recovering)
		return false;
	if (proc->pid == 0)
		return true;
	if (proc->stopped)
		return false;
	for (unsigned i = 0; i < sv->shared->stride; i++) {
		struct thread_slot *r = supervisor_tslot(sv, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		if (scheduler_has_left(r)) {
			if (i == 0)
				return false; /* it will be reaped */
			continue;
		}
		if (!scheduler_stands(r)) {
			self_rouse(r); /* from a wait before it was stepped */
			return false;
		}
		s->live[s->nlive++] = r;
		standing++;
	}
	/* Threads that were started and have not arrived yet count. */
	return standing > atomic_load(&sv->shared->slots[slot].threads);
}

static bool
scheduler_gather(struct supervisor *sv)
{
	sv->scheduler->nlive = 0;
	for (unsigned slot = 1; slot < sv->shared->nslots; slot++)
		if (!scheduler_gather_slot(sv, slot))
			return false;
	return true;
}

/* A thread that was granted a step is usually back soon: a bell costs more. */
static void
scheduler_spin(const struct thread_slot *r)
{
	for (unsigned i = 0; i < SPINS && r != NULL; i++) {
		if (scheduler_stands(r) || scheduler_has_left(r))
			return;
		cpu_relax(1);
	}
}

static bool
is_settled(struct supervisor *sv)
{
	scheduler_spin(sv->scheduler->granted);
	if (scheduler_gather(sv))
		return true;
	gate_listen(&sv->shared->gate);
	return scheduler_gather(sv);
}

/* ---- what a step has changed ---- */

/* Let threads that wait for a condition on this thing look again. How many. */
static unsigned
scheduler_nudge(struct supervisor *sv, unsigned thing)
{
	const struct scheduler *s = sv->scheduler;
	unsigned n = 0;

	for (unsigned i = 0; i < s->nlive; i++) {
		struct thread_slot *r = s->live[i];

		if (atomic_load(&r->asks) != 0 &&
		    (thing == THING_NONE || scheduler_thing(r) == thing))
			n += gate_nudge(r);
	}
	return n;
}

/*
 * Between two operations on the sum, and at its lock, a thread does nothing
 * that others could wait for, except with the lock itself. True if some threads
 * look again.
 */
static bool
look_again(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;
	const struct thread_slot *r = s->granted;
	bool inside = r != NULL && !scheduler_has_left(r) &&
	    scheduler_stands(r) &&
	    (scheduler_thing(r) == THING_SUM ||
		scheduler_thing(r) == THING_LOCK);
	unsigned n;

	s->granted = NULL;
	if (s->stirred || (r != NULL && !inside))
		n = scheduler_nudge(sv, THING_NONE);
	else if (r != NULL && s->did_thing == THING_LOCK)
		n = scheduler_nudge(sv, THING_LOCK);
	else if (r != NULL && s->did_thing != THING_SUM)
		n = scheduler_nudge(sv, THING_NONE);
	else
		n = 0;
	s->stirred = false;
	return n > 0;
}

/* ---- a turn ---- */

/* The next step of the script, if that can be taken. */
static bool
go_by_script(struct supervisor *sv)
{
	unsigned letter = scheduler_prompt(sv->scheduler);
	struct thread_slot *r = scheduler_find(sv, letter);

	if (r == NULL || !scheduler_may_go(r) || !scheduler_is_step(sv, r))
		return false;
	scheduler_grant(sv, r, letter);
	return true;
}

/* The scheduler's choice; true if there was one. */
static bool
go_by_chooser(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;
	unsigned n = s->nready;

	if (go_by_script(sv))
		return true;
	if (n == 0)
		n = scheduler_list_letters(sv, 2);
	if (n == 0)
		return false;
	unsigned letter = s->letters[policy_choose(&s->choose, s->letters, n)];
	scheduler_grant(sv, scheduler_find(sv, letter), letter);
	return true;
}

/* The first command that waits for a settled moment. */
static bool
obey_wants(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;

	while (s->nwants > 0) {
		int32_t tid = s->wants[0];
		int err;

		memmove(s->wants, s->wants + 1, --s->nwants * sizeof *s->wants);
		if (tid == 0 && go_by_chooser(sv))
			return true;
		err = tid == 0 ? -EBUSY : 0;
		for (unsigned i = 0; tid != 0 && i < s->nlive; i++) {
			struct thread_slot *r = s->live[i];

			if (atomic_load(&r->tid) != tid)
				continue;
			if (scheduler_may_go(r)) {
				scheduler_grant(
				    sv, r, scheduler_thread(sv, r)->letter);
				return true;
			}
			err = -EBUSY;
		}
		if (err != 0 || tid != 0)
			report_log(&sv->report, "no step: %s",
			    err == 0       ? "the thread has exited"
				: tid == 0 ? "no thread was ready"
					   : "the thread was blocked");
	}
	return false;
}

/* No thread can go: look at everything once more before that is reported. */
static bool
look_once_more(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;

	if (s->looked || s->nlive == 0)
		return false;
	/* Threads may wait for room in the output. */
	if (sv->ops->report_output != NULL)
		sv->ops->report_output(sv);
	scheduler_stir(sv);
	s->looked = true;
	return true;
}

/* True if a thread was resumed, or looks again; false: settled. */
static bool
scheduler_turn(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;
	struct thread_slot *r;

	if (look_again(sv))
		return true;
	if ((r = scheduler_find_silent(sv, 0)) != NULL) {
		scheduler_grant(sv, r, 0);
		return true;
	}
	s->nready = scheduler_list_letters(sv, 0);
	if (s->nready == 0) {
		if (look_once_more(sv))
			return true;
		if ((r = scheduler_find_silent(sv, 2)) != NULL) {
			scheduler_grant(sv, r, 0);
			return true;
		}
	}
	/* A change of locks under way ends by itself. */
	s->stuck = s->nready == 0 && s->nlive > 0 &&
	    scheduler_list_letters(sv, 2) == 0 &&
	    sum_kind(&sv->shared->sum) == sv->shared->sum.wanted;
	switch (s->scheduler) {
	case SCHEDULER_HAND:
		return obey_wants(sv);
	case SCHEDULER_GIVEN:
		return scheduler_follow(sv);
	default:
		return go_by_chooser(sv);
	}
}

static void
say_stopped(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;
	bool stopped = false;

	for (unsigned i = 1; i < sv->shared->nslots; i++)
		stopped |= sv->procs[i].pid != 0 && sv->procs[i].stopped;
	if (stopped != s->shown_stopped)
		report_text(&sv->report, TEXT_BANNER, BANNER_STOPPED, 0,
		    stopped ? "a signal has stopped a process: no thread can "
			      "step until it continues"
			    : "");
	s->shown_stopped = stopped;
}

static bool
steps_no_more(const struct supervisor *sv)
{
	return !scheduler_on(sv) || sv->stop.begun ||
	    sv->progress.stage == STAGE_OVER;
}

void
scheduler_advance(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;
	bool was_settled = s->settled;

	s->busy = s->settled = false;
	if (steps_no_more(sv)) {
		sv->ops->advance(sv);
		return;
	}
	say_stopped(sv);
	for (unsigned i = 0; i < BURST; i++) {
		bool settled = is_settled(sv);

		/* A thread does not stand while it starts a child. */
		if (settled || sv->params->demo->main != NULL)
			sv->ops->advance(sv);
		if (sv->progress.stage == STAGE_OVER)
			scheduler_over(sv);
		if (!settled || steps_no_more(sv))
			return;
		if (!scheduler_gather(sv)) /* a process was forked */
			continue;
		if (scheduler_turn(sv)) {
			if (sv->loop.next_look == 0)
				break;
			continue;
		}
		if (!steps_no_more(sv))
			s->settled = true;
		if (!was_settled)
			supervisor_look_now(sv);
		return;
	}
	s->busy = true;
}
