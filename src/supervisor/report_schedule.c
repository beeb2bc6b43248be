/* report_schedule: whose turn it is, who stands where, and the schedule. */
#include "supervisor/scheduler_priv.h"

#include <string.h>
#include <unistd.h>

#include "base/cpu.h"

#define TOLD_MOST (64U << 10) /* bytes of a schedule that are told */

static unsigned
flags_of(const struct supervisor *p)
{
	const struct scheduler *s = p->stepper;

	return (s->settled ? SCHEDULE_SETTLED : 0U) |
	    (s->stuck && (s->settled || p->stopping) ? SCHEDULE_STUCK : 0U) |
	    (s->spoilt ? SCHEDULE_SPOILT : 0U) |
	    (s->ended ? SCHEDULE_ENDED : 0U) |
	    (atomic_load(&p->shared->sum.blind) != 0 ? SCHEDULE_BLIND : 0U);
}

static void
offer_schedule(struct supervisor *p, size_t length)
{
	struct scheduler *s = p->stepper;
	bool script = scheduler_prompt(s) != 0;
	struct frame f = {.type = FRAME_SCHEDULE,
	    .pid = getpid(),
	    .lab = {.scheduler = (uint8_t)s->scheduler,
		.chooser = (uint8_t)(script ? SCHEDULER_GIVEN : s->chooser),
		.steps = (uint8_t)p->options->steps,
		.flags = (uint8_t)flags_of(p),
		.cpus = (uint16_t)cpu_count(),
		.standing = (uint16_t)(s->settled ? s->nready : 0),
		.seed = p->options->seed,
		.taken = s->ntaken,
		.given = (uint32_t)(script ? s->script.steps : s->given.steps),
		.switches = schedule_switches(&s->taken),
		.length = (uint32_t)length}};

	report_offer(&p->report, &f, &s->sent_schedule);
}

static void
offer_step(struct supervisor *p, const struct thread_slot *r, int32_t pid)
{
	struct scheduler *s = p->stepper;
	struct step_thread *t = &s->threads[r->id - 1];
	bool same = t->tid == atomic_load(&r->tid);
	struct frame f = {.type = FRAME_STEP,
	    .pid = pid,
	    .tid = atomic_load(&r->tid),
	    .step = {.slot = r->slot,
		.index = r->index,
		.letter = (uint16_t)(same ? t->letter : 0),
		.steps = same ? t->steps : 0}};

	if (s->last == r->id)
		f.step.flags |= STEP_LAST;
	if (scheduler_on(p) && scheduler_stands(r) && pid != 0) {
		uint32_t thing = atomic_load(&r->thing);
		bool blocked = atomic_load(&r->blocked) != 0;

		f.step.point = (uint8_t)atomic_load(&r->point);
		f.step.thing = (uint8_t)(thing >> 8);
		f.step.object = (uint8_t)thing;
		f.step.value = atomic_load(&r->value);
		f.step.amount = atomic_load(&r->addend);
		f.step.flags |= (uint8_t)((blocked ? STEP_BLOCKED : 0) |
		    (scheduler_is_step(p, r) ? 0 : STEP_SILENT));
		if (blocked)
			f.step.owner =
			    supervisor_tid(p, atomic_load(&r->owner));
	}
	report_offer(&p->report, &f, &t->sent);
}

static void
offer_steps(struct supervisor *p)
{
	for (unsigned i = 0; i < supervisor_rings(p); i++) {
		struct thread_slot *r = &p->shared->tslots[i];

		if (atomic_load(&r->tid) != 0 && !p->report.full)
			offer_step(p, r, p->procs[r->slot].last_pid);
	}
}

/* "prefix:steps", of which the pieces that are new or have changed. */
static size_t
tell_schedule(struct supervisor *p)
{
	struct scheduler *s = p->stepper;
	char piece[SCHEDULE_PIECE + 1];
	size_t len, before = strlen(s->prefix);
	const char *steps = schedule_text(&s->taken, &len);

	if (steps == NULL)
		return 0;
	size_t all = before + len, last = all < TOLD_MOST ? all : TOLD_MOST;
	/* The count of the last run may have changed, in as many digits. */
	size_t from = s->told > LETTER_TEXT ? s->told - LETTER_TEXT : 0;
	if (s->told == last &&
	    (last == TOLD_MOST || s->sent_schedule.lab.taken == s->ntaken))
		return all;
	for (size_t at = from / SCHEDULE_PIECE * SCHEDULE_PIECE;
	     at < last && !p->report.full; at += SCHEDULE_PIECE) {
		size_t n = 0;

		for (; n < SCHEDULE_PIECE && at + n < last; n++)
			piece[n] = at + n < before ? s->prefix[at + n]
						   : steps[at + n - before];
		piece[n] = '\0';
		report_text(&p->report, TEXT_SCHEDULE,
		    (uint32_t)(at / SCHEDULE_PIECE), getpid(), piece);
		s->told = at + n;
	}
	return all;
}

void
scheduler_tell(struct supervisor *p)
{
	struct scheduler *s = p->stepper;

	offer_schedule(p, s->used ? tell_schedule(p) : 0);
	if (s->used)
		offer_steps(p);
}
