/* scheduler_commands: the scheduler at the beginning of a run; commands. */
#include "supervisor/scheduler_priv.h"

#include <errno.h>
#include <stdlib.h>

#include "lockstep/util.h"
#include "options/schedule_string.h"
#include "program/self.h"

/* ---- runs ---- */

struct scheduler *
scheduler_new(const struct supervisor *sv)
{
	const struct params_priv *o = sv->options;
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

/* All threads stop at their gates. */
static void
close_gates(struct supervisor *sv)
{
	struct gate *g = &sv->shared->gate;

	sv->scheduler->used = true;
	gate_set_stepped(
	    g, sv->shared->tslots, supervisor_tslot_count(sv), true);
	run_wake(sv);
	for (unsigned i = 0; i < supervisor_tslot_count(sv); i++)
		if (atomic_load(&sv->shared->tslots[i].tid) != 0)
			self_rouse(&sv->shared->tslots[i]);
}

int
scheduler_begin(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;
	unsigned n = supervisor_tslot_count(sv);
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
	s->prefix = schedule_string_prefix(sv->options, sv->shared->sum.wanted);
	if (s->threads == NULL || s->live == NULL || s->letters == NULL ||
	    s->prefix == NULL)
		return -ENOMEM;
	policy_init(&s->choose, s->chooser, sv->options->seed,
	    schedule_string_expected(sv->options));
	sv->shared->gate.bell = sv->loop.bell_fd;
	s->stirred = true;
	if (s->scheduler != SCHEDULER_NONE)
		close_gates(sv);
	return 0;
}

/* ---- changes from outside ---- */

/* Threads that announced an add and have not begun it go on. */
void
scheduler_lock_changes(struct supervisor *sv)
{
	uint32_t first = lock_kinds[sum_kind(&sv->shared->sum)].first;

	if (!scheduler_on(sv))
		return;
	scheduler_spoil(sv, "the lock kind changed");
	scheduler_stir(sv);
	for (unsigned i = 0; i < supervisor_tslot_count(sv); i++) {
		struct thread_slot *r = &sv->shared->tslots[i];

		if (scheduler_stands(r) && atomic_load(&r->adding) != 0 &&
		    atomic_load(&r->point) == first)
			gate_release(r);
	}
}

void
scheduler_workers_change(struct supervisor *sv)
{
	if (!scheduler_on(sv))
		return;
	scheduler_spoil(sv, "the number of workers or threads changed");
	scheduler_stir(sv);
	for (unsigned slot = 1; slot < sv->shared->nslots; slot++) {
		struct thread_slot *r = supervisor_tslot(sv, slot, 0);
		uint32_t op = atomic_load(&r->point);

		if (scheduler_stands(r) &&
		    (op == POINT_GET || op == POINT_WAIT))
			gate_release(r);
	}
}

/* ---- commands ---- */

int
scheduler_set(struct supervisor *sv, int64_t on)
{
	struct scheduler *s = sv->scheduler;

	if (on != 0 && on != 1)
		return -EINVAL;
	if (on == 0 && scheduler_on(sv)) {
		scheduler_spoil(sv, "all threads ran freely for a while");
		s->scheduler = SCHEDULER_NONE;
		s->settled = s->stuck = s->undoing = false;
		s->nwants = 0;
		gate_set_stepped(&sv->shared->gate, sv->shared->tslots,
		    supervisor_tslot_count(sv), false);
		report_log(&sv->report, "you resumed all threads");
	}
	if (on == 0)
		return 0;
	if (!schedule_string_fits(sv->options))
		return -ENOTSUP;
	bool midway = s->scheduler == SCHEDULER_NONE;
	s->scheduler = SCHEDULER_HAND;
	s->undoing = false;
	if (!midway)
		return 0;
	gate_pause(&sv->shared->gate, false);
	close_gates(sv);
	scheduler_stir(sv);
	report_log(&sv->report,
	    "you stopped all threads: each waits before its next step");
	if (sv->progress.stage > STAGE_BARRIER)
		scheduler_spoil(sv, "stepping began in the middle of the run");
	return 0;
}

static const struct thread_slot *
scheduler_slot_of(const struct supervisor *sv, int64_t tid)
{
	for (unsigned i = 0; tid > 0 && i < supervisor_tslot_count(sv); i++)
		if (atomic_load(&sv->shared->tslots[i].tid) == tid)
			return &sv->shared->tslots[i];
	return NULL;
}

int
scheduler_step(struct supervisor *sv, int64_t tid)
{
	struct scheduler *s = sv->scheduler;
	const struct thread_slot *r = scheduler_slot_of(sv, tid);

	if (!scheduler_on(sv) || sv->stop.begun ||
	    sv->progress.stage == STAGE_OVER)
		return -EAGAIN;
	if (tid != 0 && r == NULL)
		return -ESRCH;
	if (s->scheduler != SCHEDULER_HAND)
		return -EBUSY;
	if (s->settled && s->nwants == 0 &&
	    (r != NULL ? !scheduler_may_go(r) : s->stuck))
		return -EBUSY;
	if (s->nwants == SCHEDULER_WANTS)
		return -EAGAIN;
	s->wants[s->nwants++] = (int32_t)tid;
	return 0;
}

int
scheduler_undo(struct supervisor *sv, int64_t steps)
{
	struct scheduler *s = sv->scheduler;

	if (steps < 1)
		return -EINVAL;
	if (!scheduler_on(sv) || (sv->stop.begun && !s->undoing))
		return -EAGAIN;
	if (s->spoilt || s->taken.full)
		return -ENOTSUP;
	/* More steps may be undone before the last undo has ended. */
	if (!s->undoing) {
		schedule_free(&s->given);
		s->given = s->taken;
		s->taken = (struct schedule){0};
	}
	schedule_cut(&s->given, (uint64_t)steps);
	s->next = SCHEDULER_GIVEN;
	s->undoing = true;
	run_restart(sv);
	return 0;
}

/* By the same scheduler; after a given schedule, by hand. */
void
scheduler_restart(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;

	s->undoing = false;
	s->next =
	    s->scheduler == SCHEDULER_GIVEN ? SCHEDULER_HAND : s->scheduler;
}
