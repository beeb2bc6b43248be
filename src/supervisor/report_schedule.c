/* report_schedule: where threads stand, the schedule so far, as frames. */
#include "supervisor/scheduler_priv.h"

#include <string.h>
#include <unistd.h>

#include "base/cpu.h"

#define SCHEDULE_MOST (64U << 10) /* bytes of a schedule that are reported */

static unsigned
flags_of(const struct supervisor *sv)
{
	const struct scheduler *s = sv->scheduler;

	return (s->settled ? SCHEDULE_SETTLED : 0U) |
	    (s->stuck && (s->settled || sv->stop.begun) ? SCHEDULE_STUCK : 0U) |
	    (s->spoilt ? SCHEDULE_SPOILT : 0U) |
	    (s->ended ? SCHEDULE_ENDED : 0U) |
	    (atomic_load(&sv->shared->sum.blind) != 0 ? SCHEDULE_BLIND : 0U);
}

static void
offer_schedule(struct supervisor *sv, size_t length)
{
	struct scheduler *s = sv->scheduler;
	bool script = scheduler_prompt(s) != 0;
	struct frame f = {.type = FRAME_SCHEDULE,
	    .pid = getpid(),
	    .lab = {.scheduler = (uint8_t)s->scheduler,
		.chooser = (uint8_t)(script ? SCHEDULER_GIVEN : s->chooser),
		.steps = (uint8_t)sv->options->steps,
		.flags = (uint8_t)flags_of(sv),
		.cpus = (uint16_t)cpu_count(),
		.standing = (uint16_t)(s->settled ? s->nready : 0),
		.seed = sv->options->seed,
		.taken = s->ntaken,
		.given = (uint32_t)(script ? s->script.steps : s->given.steps),
		.switches = schedule_switches(&s->taken),
		.length = (uint32_t)length,
		.gil =
		    sv->params->gil == 0 ? 0 : atomic_load(&sv->shared->gil)}};

	report_offer(&sv->report, &f, &s->sent_schedule);
}

static void
offer_step(struct supervisor *sv, const struct thread_slot *r, int32_t pid)
{
	struct scheduler *s = sv->scheduler;
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
	if (scheduler_on(sv) && scheduler_stands(r) && pid != 0) {
		uint32_t thing = atomic_load(&r->thing);
		bool blocked = atomic_load(&r->blocked) != 0;

		f.step.point = (uint8_t)atomic_load(&r->point);
		f.step.thing = (uint8_t)(thing >> 8);
		f.step.object = (uint8_t)thing;
		f.step.value = atomic_load(&r->value);
		f.step.amount = atomic_load(&r->addend);
		f.step.flags |= (uint8_t)((blocked ? STEP_BLOCKED : 0) |
		    (scheduler_is_step(sv, r) ? 0 : STEP_SILENT));
		if (blocked)
			f.step.owner =
			    supervisor_tid(sv, atomic_load(&r->owner));
	}
	report_offer(&sv->report, &f, &t->sent);
}

static void
offer_steps(struct supervisor *sv)
{
	for (unsigned i = 0; i < supervisor_tslot_count(sv); i++) {
		struct thread_slot *r = &sv->shared->tslots[i];

		if (atomic_load(&r->tid) != 0 && !sv->report.full)
			offer_step(sv, r, sv->procs[r->slot].last_pid);
	}
}

/* "prefix:steps": the pieces that are new or have changed. The whole length. */
static size_t
report_schedule_text(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;
	char piece[SCHEDULE_PIECE + 1];
	size_t len, before = strlen(s->prefix);
	const char *steps = schedule_text(&s->taken, &len);

	if (steps == NULL)
		return 0;
	size_t all = before + len,
	       last = all < SCHEDULE_MOST ? all : SCHEDULE_MOST;
	/* The count of the last run may have changed, in as many digits. */
	size_t from = s->reported > LETTER_TEXT ? s->reported - LETTER_TEXT : 0;
	if (s->reported == last &&
	    (last == SCHEDULE_MOST || s->sent_schedule.lab.taken == s->ntaken))
		return all;
	for (size_t at = from / SCHEDULE_PIECE * SCHEDULE_PIECE;
	     at < last && !sv->report.full; at += SCHEDULE_PIECE) {
		size_t n = 0;

		for (; n < SCHEDULE_PIECE && at + n < last; n++)
			piece[n] = at + n < before ? s->prefix[at + n]
						   : steps[at + n - before];
		piece[n] = '\0';
		report_text(&sv->report, TEXT_SCHEDULE,
		    (uint32_t)(at / SCHEDULE_PIECE), getpid(), piece);
		s->reported = at + n;
	}
	return all;
}

void
report_schedule(struct supervisor *sv)
{
	struct scheduler *s = sv->scheduler;

	offer_schedule(sv, s->used ? report_schedule_text(sv) : 0);
	if (s->used)
		offer_steps(sv);
}
