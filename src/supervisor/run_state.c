/*
 * run_state: whether the run is stepped, and how it ended: what the other files
 * ask of the scheduler, and tell it.
 */
#include "supervisor/scheduler_priv.h"

bool
scheduler_on(const struct supervisor *p)
{
	return p->stepper->scheduler != SCHEDULER_NONE;
}

bool
scheduler_busy(const struct supervisor *p)
{
	return p->stepper->busy;
}

bool
scheduler_quiet(const struct supervisor *p)
{
	return p->stepper->undoing && !p->stopping;
}

bool
scheduler_failed(const struct supervisor *p)
{
	return p->stepper->failed;
}

void
scheduler_stir(struct supervisor *p)
{
	p->stepper->stirred = true;
	p->stepper->looked = false;
}

void
scheduler_spoil(struct supervisor *p, const char *why)
{
	struct scheduler *s = p->stepper;

	if (!s->used || s->spoilt || p->stopping)
		return;
	s->spoilt = true;
	report_log(&p->report, "the schedule cannot be repeated: %s", why);
}

enum frame_outcome
supervisor_outcome(const struct supervisor *p)
{
	return scheduler_failed(p) ? OUTCOME_FAILED : p->ops->outcome(p);
}
