/* scheduler: who goes next, and when. */
#include "supervisor/scheduler_priv.h"

#include <errno.h>
#include <string.h>

#include "base/cpu.h"
#include "lockstep/demo.h"
#include "program/self.h"

#define BURST 512  /* turns before the loop looks around */
#define SPINS 1000 /* looks at one that was let go, before the bell */

/* ---- is everybody there? ---- */

/* Adds the threads of a process to those that stand; false: some do not. */
static bool
scheduler_gather_slot(struct supervisor *p, unsigned slot)
{
	const struct process *proc = &p->procs[slot];
	struct scheduler *s = p->stepper;
	unsigned standing = 0;

	if (proc->recovering)
		return false;
	if (proc->pid == 0)
		return true;
	if (proc->stopped)
		return false;
	for (unsigned i = 0; i < p->shared->stride; i++) {
		struct thread_slot *r = supervisor_ring(p, slot, i);

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
	/* Those that were started and are not there yet count already. */
	return standing > atomic_load(&p->shared->slots[slot].threads);
}

static bool
scheduler_gather(struct supervisor *p)
{
	p->stepper->nlive = 0;
	for (unsigned slot = 1; slot < p->shared->nslots; slot++)
		if (!scheduler_gather_slot(p, slot))
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
is_settled(struct supervisor *p)
{
	scheduler_spin(p->stepper->granted);
	if (scheduler_gather(p))
		return true;
	gate_listen(&p->shared->gate);
	return scheduler_gather(p);
}

/* ---- what a step has changed ---- */

/* How many look again: those who stand under a condition, on that thing. */
static unsigned
scheduler_nudge(struct supervisor *p, unsigned thing)
{
	const struct scheduler *s = p->stepper;
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
 * Between two operations on the sum, and at its lock, nobody does anything
 * that others could wait for, but for the lock itself. True if some look again.
 */
static bool
look_again(struct supervisor *p)
{
	struct scheduler *s = p->stepper;
	const struct thread_slot *r = s->granted;
	bool inside = r != NULL && !scheduler_has_left(r) &&
	    scheduler_stands(r) &&
	    (scheduler_thing(r) == THING_SUM ||
		scheduler_thing(r) == THING_LOCK);
	unsigned n;

	s->granted = NULL;
	if (s->stirred || (r != NULL && !inside))
		n = scheduler_nudge(p, THING_NONE);
	else if (r != NULL && s->did_thing == THING_LOCK)
		n = scheduler_nudge(p, THING_LOCK);
	else if (r != NULL && s->did_thing != THING_SUM)
		n = scheduler_nudge(p, THING_NONE);
	else
		n = 0;
	s->stirred = false;
	return n > 0;
}

/* ---- a turn ---- */

/* The next step of the script, if that can be taken. */
static bool
go_by_script(struct supervisor *p)
{
	unsigned letter = scheduler_prompt(p->stepper);
	struct thread_slot *r = scheduler_find(p, letter);

	if (r == NULL || !scheduler_may_go(r) || !scheduler_is_step(p, r))
		return false;
	scheduler_grant(p, r, letter);
	return true;
}

/* The scheduler's choice; true if there was one. */
static bool
go_by_chooser(struct supervisor *p)
{
	struct scheduler *s = p->stepper;
	unsigned n = s->nready;

	if (go_by_script(p))
		return true;
	if (n == 0)
		n = scheduler_list_letters(p, 2);
	if (n == 0)
		return false;
	unsigned letter = s->letters[policy_choose(&s->choose, s->letters, n)];
	scheduler_grant(p, scheduler_find(p, letter), letter);
	return true;
}

/* The first of those that wait for a moment like this. */
static bool
obey_wants(struct supervisor *p)
{
	struct scheduler *s = p->stepper;

	while (s->nwants > 0) {
		int32_t tid = s->wants[0];
		int err;

		memmove(s->wants, s->wants + 1, --s->nwants * sizeof *s->wants);
		if (tid == 0 && go_by_chooser(p))
			return true;
		err = tid == 0 ? -EBUSY : 0;
		for (unsigned i = 0; tid != 0 && i < s->nlive; i++) {
			struct thread_slot *r = s->live[i];

			if (atomic_load(&r->tid) != tid)
				continue;
			if (scheduler_may_go(r)) {
				scheduler_grant(
				    p, r, scheduler_thread(p, r)->letter);
				return true;
			}
			err = -EBUSY;
		}
		if (err != 0 || tid != 0)
			report_log(&p->report, "no step: %s",
			    err != 0 ? "it could not be taken then"
				     : "the thread has left");
	}
	return false;
}

/* Nobody can go: look at everything once more before that is said. */
static bool
look_once_more(struct supervisor *p)
{
	struct scheduler *s = p->stepper;

	if (s->looked || s->nlive == 0)
		return false;
	/* Lines that were waited to be taken away. */
	if (p->ops->last_words != NULL)
		p->ops->last_words(p);
	scheduler_stir(p);
	s->looked = true;
	return true;
}

/* True if somebody was let go, or is looking; false: it is settled. */
static bool
scheduler_turn(struct supervisor *p)
{
	struct scheduler *s = p->stepper;
	struct thread_slot *r;

	if (look_again(p))
		return true;
	if ((r = scheduler_find_silent(p, 0)) != NULL) {
		scheduler_grant(p, r, 0);
		return true;
	}
	s->nready = scheduler_list_letters(p, 0);
	if (s->nready == 0) {
		if (look_once_more(p))
			return true;
		if ((r = scheduler_find_silent(p, 2)) != NULL) {
			scheduler_grant(p, r, 0);
			return true;
		}
	}
	/* A switch of locks comes to its end by itself. */
	s->stuck = s->nready == 0 && s->nlive > 0 &&
	    scheduler_list_letters(p, 2) == 0 &&
	    sum_kind(&p->shared->sum) == p->shared->sum.wanted;
	switch (s->scheduler) {
	case SCHEDULER_HAND:
		return obey_wants(p);
	case SCHEDULER_GIVEN:
		return scheduler_follow(p);
	default:
		return go_by_chooser(p);
	}
}

static void
say_stopped(struct supervisor *p)
{
	struct scheduler *s = p->stepper;
	bool stopped = false;

	for (unsigned i = 1; i < p->shared->nslots; i++)
		stopped |= p->procs[i].pid != 0 && p->procs[i].stopped;
	if (stopped != s->shown_stopped)
		report_text(&p->report, TEXT_BANNER, BANNER_STOPPED, 0,
		    stopped ? "a signal has stopped a process: no thread can "
			      "step until it continues"
			    : "");
	s->shown_stopped = stopped;
}

static bool
steps_no_more(const struct supervisor *p)
{
	return !scheduler_on(p) || p->stopping || p->stage == STAGE_OVER;
}

void
scheduler_advance(struct supervisor *p)
{
	struct scheduler *s = p->stepper;
	bool was_settled = s->settled;

	s->busy = s->settled = false;
	if (steps_no_more(p)) {
		p->ops->advance(p);
		return;
	}
	say_stopped(p);
	for (unsigned i = 0; i < BURST; i++) {
		bool settled = is_settled(p);

		/* Who asks for a child stands nowhere until it is born. */
		if (settled || p->params->demo->main != NULL)
			p->ops->advance(p);
		if (p->stage == STAGE_OVER)
			scheduler_over(p);
		if (!settled || steps_no_more(p))
			return;
		if (!scheduler_gather(p)) /* somebody was forked */
			continue;
		if (scheduler_turn(p)) {
			if (p->next_tick == 0)
				break;
			continue;
		}
		if (!steps_no_more(p))
			s->settled = true;
		if (!was_settled)
			p->next_tick = 0; /* tell at once */
		return;
	}
	s->busy = true;
}
