/*
 * run_state: whether the run is stepped, and how it ended: what the other files
 * ask of the scheduler, and tell it.
 */
#include "supervisor/scheduler_priv.h"

bool
stepper_on(const struct supervisor *p)
{
	return p->stepper->scheduler != SCHEDULER_NONE;
}

bool
stepper_busy(const struct supervisor *p)
{
	return p->stepper->busy;
}

bool
stepper_quiet(const struct supervisor *p)
{
	return p->stepper->undoing && !p->stopping;
}

bool
stepper_failed(const struct supervisor *p)
{
	return p->stepper->failed;
}

void
stepper_stir(struct supervisor *p)
{
	p->stepper->stirred = true;
	p->stepper->looked = false;
}

void
stepper_spoil(struct supervisor *p, const char *why)
{
	struct stepper *s = p->stepper;

	if (!s->used || s->spoilt || p->stopping)
		return;
	s->spoilt = true;
	report_log(&p->report, "the schedule cannot be repeated: %s", why);
}

enum frame_outcome
supervisor_outcome(const struct supervisor *p)
{
	return stepper_failed(p) ? OUTCOME_FAILED : p->ops->outcome(p);
}
