/* scheduler_commands: how the scheduler begins with each run, and commands. */
#include "supervisor/scheduler_priv.h"

#include <errno.h>
#include <stdlib.h>

#include "lockstep/util.h"
#include "options/schedule_string.h"
#include "program/self.h"

/* ---- runs ---- */

struct scheduler *
scheduler_new(const struct supervisor *p)
{
	const struct params_priv *o = p->options;
	struct scheduler *s = calloc(1, sizeof *s);
	char why[80];

	if (s == NULL)
		return NULL;
	s->watched = o->control_fd >= 0 && !o->unwatched;
	s->next = o->scheduler;
	s->chooser = o->scheduler == SCHEDULER_HAND ||
		o->scheduler == SCHEDULER_GIVEN ||
		o->scheduler == SCHEDULER_NONE
	    ? (o->chooser != SCHEDULER_NONE ? o->chooser : SCHEDULER_RANDOM)
	    : o->scheduler;
	if (o->scheduler == SCHEDULER_GIVEN &&
	    schedule_parse(&s->given, o->schedule, why, sizeof why) != 0)
		fatal("--schedule: %s", why); /* it was read before */
	if (o->scheduler == SCHEDULER_HAND && o->schedule != NULL &&
	    schedule_parse(&s->script, o->schedule, why, sizeof why) != 0)
		fatal("--schedule: %s", why);
	return s;
}

static void
free_run(struct scheduler *s)
{
	schedule_free(&s->taken);
	policy_free(&s->choose);
	free(s->threads);
	free(s->of_letter);
	free(s->live);
	free(s->letters);
	free(s->prefix);
}

void
scheduler_free(struct scheduler *s)
{
	if (s == NULL)
		return;
	free_run(s);
	schedule_free(&s->given);
	schedule_free(&s->script);
	free(s);
}

/* All threads stop at their gates, wherever they are. */
static void
close_gates(struct supervisor *p)
{
	struct gate *g = &p->shared->gate;

	p->stepper->used = true;
	gate_set_stepped(g, p->shared->tslots, supervisor_rings(p), true);
	control_wake(p);
	for (unsigned i = 0; i < supervisor_rings(p); i++)
		if (atomic_load(&p->shared->tslots[i].tid) != 0)
			self_rouse(&p->shared->tslots[i]);
}

int
scheduler_begin(struct supervisor *p)
{
	struct scheduler *s = p->stepper;
	unsigned n = supervisor_rings(p);
	struct scheduler fresh = {.next = s->next,
	    .chooser = s->chooser,
	    .watched = s->watched,
	    .given = s->given,
	    .script = s->script,
	    .undoing = s->undoing,
	    .scheduler = s->next};

	free_run(s);
	*s = fresh;
	s->threads = calloc(n, sizeof *s->threads);
	s->live = calloc(n, sizeof(struct thread_slot *));
	s->letters = calloc(n, sizeof *s->letters);
	s->prefix = schedule_string_prefix(p->options, p->shared->sum.wanted);
	if (s->threads == NULL || s->live == NULL || s->letters == NULL ||
	    s->prefix == NULL)
		return -ENOMEM;
	policy_init(&s->choose, s->chooser, p->options->seed,
	    schedule_string_expected(p->options));
	p->shared->gate.bell = p->bell_fd;
	s->stirred = true;
	if (s->scheduler != SCHEDULER_NONE)
		close_gates(p);
	return 0;
}

/* ---- what is changed from outside ---- */

/* Those who have announced an add and done nothing of it yet. */
void
scheduler_lock_changes(struct supervisor *p)
{
	uint32_t first = lock_kinds[sum_kind(&p->shared->sum)].first;

	if (!scheduler_on(p))
		return;
	scheduler_spoil(p, "another kind of lock");
	scheduler_stir(p);
	for (unsigned i = 0; i < supervisor_rings(p); i++) {
		struct thread_slot *r = &p->shared->tslots[i];

		if (scheduler_stands(r) && atomic_load(&r->adding) != 0 &&
		    atomic_load(&r->point) == first)
			gate_release(r);
	}
}

void
scheduler_crew_changes(struct supervisor *p)
{
	if (!scheduler_on(p))
		return;
	scheduler_spoil(p, "other workers or threads");
	scheduler_stir(p);
	for (unsigned slot = 1; slot < p->shared->nslots; slot++) {
		struct thread_slot *r = supervisor_ring(p, slot, 0);
		uint32_t op = atomic_load(&r->point);

		if (scheduler_stands(r) &&
		    (op == POINT_GET || op == POINT_WAIT))
			gate_release(r);
	}
}

/* ---- commands ---- */

int
scheduler_set(struct supervisor *p, int64_t on)
{
	struct scheduler *s = p->stepper;

	if (on != 0 && on != 1)
		return -EINVAL;
	if (on == 0 && scheduler_on(p)) {
		scheduler_spoil(p, "all threads ran freely for a while");
		s->scheduler = SCHEDULER_NONE;
		s->settled = s->stuck = s->undoing = false;
		s->nwants = 0;
		gate_set_stepped(&p->shared->gate, p->shared->tslots,
		    supervisor_rings(p), false);
		report_log(&p->report, "you resumed all threads");
	}
	if (on == 0)
		return 0;
	if (!schedule_string_fits(p->options))
		return -ENOTSUP;
	bool midway = s->scheduler == SCHEDULER_NONE;
	s->scheduler = SCHEDULER_HAND;
	s->undoing = false;
	if (!midway)
		return 0;
	gate_pause(&p->shared->gate, false);
	close_gates(p);
	scheduler_stir(p);
	report_log(&p->report,
	    "you stopped all threads: each waits before its next step");
	if (p->stage > STAGE_BARRIER)
		scheduler_spoil(p, "stepping began in the middle");
	return 0;
}

static const struct thread_slot *
scheduler_slot_of(const struct supervisor *p, int64_t tid)
{
	for (unsigned i = 0; tid > 0 && i < supervisor_rings(p); i++)
		if (atomic_load(&p->shared->tslots[i].tid) == tid)
			return &p->shared->tslots[i];
	return NULL;
}

int
scheduler_step(struct supervisor *p, int64_t tid)
{
	struct scheduler *s = p->stepper;
	const struct thread_slot *r = scheduler_slot_of(p, tid);

	if (!scheduler_on(p) || p->stopping || p->stage == STAGE_OVER)
		return -EAGAIN;
	if (tid != 0 && r == NULL)
		return -ESRCH;
	if (s->scheduler != SCHEDULER_HAND)
		return -EBUSY;
	if (s->settled && s->nwants == 0 &&
	    (r != NULL ? !scheduler_may_go(r) : s->stuck))
		return -EBUSY;
	if (s->nwants == STEPPER_WANTS)
		return -EAGAIN;
	s->wants[s->nwants++] = (int32_t)tid;
	return 0;
}

int
scheduler_undo(struct supervisor *p, int64_t steps)
{
	struct scheduler *s = p->stepper;

	if (steps < 1)
		return -EINVAL;
	if (!scheduler_on(p) || (p->stopping && !s->undoing))
		return -EAGAIN;
	if (s->spoilt || s->taken.full)
		return -ENOTSUP;
	/* More may be taken back before the last undo has come to its end. */
	if (!s->undoing) {
		schedule_free(&s->given);
		s->given = s->taken;
		s->taken = (struct schedule){0};
	}
	schedule_cut(&s->given, (uint64_t)steps);
	s->next = SCHEDULER_GIVEN;
	s->undoing = true;
	p->restart = true;
	control_stop(p);
	return 0;
}

/* By the same scheduler, if it needs no hand; a given one is not repeated. */
void
scheduler_restart(struct supervisor *p)
{
	struct scheduler *s = p->stepper;

	s->undoing = false;
	s->next =
	    s->scheduler == SCHEDULER_GIVEN ? SCHEDULER_HAND : s->scheduler;
}
