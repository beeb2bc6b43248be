/* stepper: who goes next, and when. */
#include "supervisor/scheduler_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "lockstep/demo.h"
#include "program/self.h"
#include "supervisor/report_trace.h"

#define BURST 512  /* turns before the loop looks around */
#define SPINS 1000 /* looks at one that was let go, before the bell */

/* ---- is everybody there? ---- */

static bool
has_left(const struct ring *r)
{
	return atomic_load_explicit(&r->state, memory_order_acquire) ==
	    STATE_EXITED;
}

/* Adds the threads of a process to those that stand; false: some do not. */
static bool
gather_slot(struct supervisor *p, unsigned slot)
{
	const struct process *proc = &p->procs[slot];
	struct stepper *s = p->stepper;
	unsigned standing = 0;

	if (proc->recovering)
		return false;
	if (proc->pid == 0)
		return true;
	if (proc->stopped)
		return false;
	for (unsigned i = 0; i < p->shared->stride; i++) {
		struct ring *r = supervisor_ring(p, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		if (has_left(r)) {
			if (i == 0)
				return false; /* it will be reaped */
			continue;
		}
		if (!stepper_stands(r)) {
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
gather(struct supervisor *p)
{
	p->stepper->nlive = 0;
	for (unsigned slot = 1; slot < p->shared->nslots; slot++)
		if (!gather_slot(p, slot))
			return false;
	return true;
}

/* Whoever was let go is back soon, as a rule: a bell would cost more. */
static void
spin(const struct ring *r)
{
	for (unsigned i = 0; i < SPINS && r != NULL; i++) {
		if (stepper_stands(r) || has_left(r))
			return;
		cpu_relax(1);
	}
}

static bool
is_settled(struct supervisor *p)
{
	spin(p->stepper->granted);
	if (gather(p))
		return true;
	gate_listen(&p->shared->gate);
	return gather(p);
}

/* ---- what a step has changed ---- */

static unsigned
thing_of(const struct ring *r)
{
	return atomic_load(&r->thing) >> 8;
}

/* How many look again: those who stand under a condition, on that thing. */
static unsigned
nudge(struct supervisor *p, unsigned thing)
{
	const struct stepper *s = p->stepper;
	unsigned n = 0;

	for (unsigned i = 0; i < s->nlive; i++) {
		struct ring *r = s->live[i];

		if (atomic_load(&r->asks) != 0 &&
		    (thing == THING_NONE || thing_of(r) == thing))
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
	struct stepper *s = p->stepper;
	const struct ring *r = s->granted;
	bool inside = r != NULL && !has_left(r) && stepper_stands(r) &&
	    (thing_of(r) == THING_SUM || thing_of(r) == THING_LOCK);
	unsigned n;

	s->granted = NULL;
	if (s->stirred || (r != NULL && !inside))
		n = nudge(p, THING_NONE);
	else if (r != NULL && s->did_thing == THING_LOCK)
		n = nudge(p, THING_LOCK);
	else if (r != NULL && s->did_thing != THING_SUM)
		n = nudge(p, THING_NONE);
	else
		n = 0;
	s->stirred = false;
	return n > 0;
}

/* ---- steps and letters ---- */

bool
stepper_is_step(const struct supervisor *p, const struct ring *r)
{
	enum frame_point op = atomic_load(&r->point);

	if (p->params->steps == 0)
		return true;
	if (op == POINT_ADD)
		return p->params->steps == 3;
	return op > POINT_NONE && op <= POINT_EAT;
}

static struct step_thread *
thread_of(const struct supervisor *p, const struct ring *r)
{
	struct step_thread *t = &p->stepper->threads[r->id - 1];
	int32_t tid = atomic_load(&r->tid);

	if (t->tid != tid)
		*t = (struct step_thread){.tid = tid, .sent = t->sent};
	return t;
}

static void
give_letter(struct supervisor *p, struct step_thread *t, uint32_t id)
{
	struct stepper *s = p->stepper;

	if (t->letter != 0 || s->nletters == RUNS_LETTERS)
		return;
	if (s->nletters == s->letters_room) {
		unsigned room = 2 * s->letters_room + 64;

		s->of_letter =
		    reallocarray(s->of_letter, room, sizeof *s->of_letter);
		if (s->of_letter == NULL)
			fatal("no memory for letters");
		s->letters_room = room;
	}
	s->of_letter[s->nletters++] = id;
	t->letter = s->nletters;
}

struct ring *
stepper_find(const struct supervisor *p, unsigned letter)
{
	const struct stepper *s = p->stepper;

	if (letter == 0 || letter > s->nletters)
		return NULL;
	struct ring *r = &p->shared->rings[s->of_letter[letter - 1] - 1];
	if (atomic_load(&r->tid) == 0 || has_left(r) ||
	    thread_of(p, r)->letter != letter)
		return NULL;
	return r;
}

bool
stepper_may_go(const struct ring *r)
{
	return stepper_stands(r) && atomic_load(&r->blocked) != 1;
}

void
stepper_grant(struct supervisor *p, struct ring *r, unsigned letter)
{
	struct stepper *s = p->stepper;

	s->granted = r;
	s->did = atomic_load(&r->point);
	s->did_thing = thing_of(r);
	s->looked = false;
	if (letter != 0) {
		s->last = r->id;
		thread_of(p, r)->steps++;
		runs_push(&s->taken, letter);
		s->ntaken++;
		chooser_took(&s->choose, letter);
		stepper_read_on(s, letter);
	}
	if (!stepper_quiet(p) && observe_presses(p, r))
		p->next_tick = 0;
	if (!gate_grant(r))
		fatal("a thread that stood at its gate is gone from there");
}

/* Who goes without being chosen: `blocked` 0, or 2 for want of others. */
static struct ring *
find_silent(const struct supervisor *p, uint32_t blocked)
{
	const struct stepper *s = p->stepper;

	for (unsigned i = 0; i < s->nlive; i++)
		if (atomic_load(&s->live[i]->blocked) == blocked &&
		    !stepper_is_step(p, s->live[i]))
			return s->live[i];
	return NULL;
}

/* Letters of those at a step whose `blocked` is this, ascending. */
static unsigned
list_letters(struct supervisor *p, uint32_t blocked)
{
	struct stepper *s = p->stepper;
	unsigned n = 0;

	for (unsigned i = 0; i < s->nlive; i++) {
		struct ring *r = s->live[i];
		unsigned letter, at = n;

		if (!stepper_is_step(p, r))
			continue;
		give_letter(p, thread_of(p, r), r->id);
		letter = thread_of(p, r)->letter;
		if (letter == 0 || atomic_load(&r->blocked) != blocked)
			continue;
		for (; at > 0 && s->letters[at - 1] > letter; at--)
			s->letters[at] = s->letters[at - 1];
		s->letters[at] = letter;
		n++;
	}
	return n;
}

/* ---- a turn ---- */

/* The next step of the script, if that can be taken. */
static bool
go_by_script(struct supervisor *p)
{
	unsigned letter = stepper_prompt(p->stepper);
	struct ring *r = stepper_find(p, letter);

	if (r == NULL || !stepper_may_go(r) || !stepper_is_step(p, r))
		return false;
	stepper_grant(p, r, letter);
	return true;
}

/* The scheduler's choice; true if there was one. */
static bool
go_by_chooser(struct supervisor *p)
{
	struct stepper *s = p->stepper;
	unsigned n = s->nready;

	if (go_by_script(p))
		return true;
	if (n == 0)
		n = list_letters(p, 2);
	if (n == 0)
		return false;
	unsigned letter = s->letters[chooser_choose(&s->choose, s->letters, n)];
	stepper_grant(p, stepper_find(p, letter), letter);
	return true;
}

/* The first of those that wait for a moment like this. */
static bool
obey_wants(struct supervisor *p)
{
	struct stepper *s = p->stepper;

	while (s->nwants > 0) {
		int32_t tid = s->wants[0];
		int err;

		memmove(s->wants, s->wants + 1, --s->nwants * sizeof *s->wants);
		if (tid == 0 && go_by_chooser(p))
			return true;
		err = tid == 0 ? -EBUSY : 0;
		for (unsigned i = 0; tid != 0 && i < s->nlive; i++) {
			struct ring *r = s->live[i];

			if (atomic_load(&r->tid) != tid)
				continue;
			if (stepper_may_go(r)) {
				stepper_grant(p, r, thread_of(p, r)->letter);
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
	struct stepper *s = p->stepper;

	if (s->looked || s->nlive == 0)
		return false;
	/* Lines that were waited to be taken away. */
	if (p->ops->last_words != NULL)
		p->ops->last_words(p);
	stepper_stir(p);
	s->looked = true;
	return true;
}

/* True if somebody was let go, or is looking; false: it is settled. */
static bool
turn(struct supervisor *p)
{
	struct stepper *s = p->stepper;
	struct ring *r;

	if (look_again(p))
		return true;
	if ((r = find_silent(p, 0)) != NULL) {
		stepper_grant(p, r, 0);
		return true;
	}
	s->nready = list_letters(p, 0);
	if (s->nready == 0) {
		if (look_once_more(p))
			return true;
		if ((r = find_silent(p, 2)) != NULL) {
			stepper_grant(p, r, 0);
			return true;
		}
	}
	/* A switch of locks comes to its end by itself. */
	s->stuck = s->nready == 0 && s->nlive > 0 && list_letters(p, 2) == 0 &&
	    sum_kind(&p->shared->sum) == p->shared->sum.wanted;
	switch (s->scheduler) {
	case SCHEDULER_HAND:
		return obey_wants(p);
	case SCHEDULER_GIVEN:
		return stepper_follow(p);
	default:
		return go_by_chooser(p);
	}
}

static void
say_stopped(struct supervisor *p)
{
	struct stepper *s = p->stepper;
	bool stopped = false;

	for (unsigned i = 1; i < p->shared->nslots; i++)
		stopped |= p->procs[i].pid != 0 && p->procs[i].stopped;
	if (stopped != s->shown_stopped)
		report_text(&p->report, TEXT_BANNER, 6, 0,
		    stopped ? "a process is stopped by a signal: no step can "
			      "be taken before it goes on"
			    : "");
	s->shown_stopped = stopped;
}

static bool
steps_no_more(const struct supervisor *p)
{
	return !stepper_on(p) || p->stopping || p->stage == STAGE_OVER;
}

void
stepper_advance(struct supervisor *p)
{
	struct stepper *s = p->stepper;
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
			stepper_over(p);
		if (!settled || steps_no_more(p))
			return;
		if (!gather(p)) /* somebody was forked */
			continue;
		if (turn(p)) {
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
