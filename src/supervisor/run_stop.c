/* run_stop: the run is told to end, and nobody stands in the way. */
#include "supervisor/scheduler_priv.h"

#include "lockstep/util.h"

void
control_wake(struct supervisor *p)
{
	if (p->shared->queue != NULL)
		queue_nudge(p->shared->queue);
	for (unsigned i = 1; i < p->shared->nslots; i++) {
		wake_all(&p->shared->slots[i].bell);
		wake_all(&p->shared->slots[i].idle);
	}
}

void
stepper_release(struct supervisor *p)
{
	if (p->stepper->used)
		gate_set_stepped(&p->shared->gate, p->shared->rings,
		    supervisor_rings(p), false);
}

void
control_stop(struct supervisor *p)
{
	if (p->stopping)
		return;
	p->stopping = true;
	p->stop_at = now_ns();
	/* Stepped threads of a program come to no end of their own. */
	if (!stepper_on(p) || !p->ops->stops_by_kill)
		p->stop_at += p->ops->patience;
	gate_stop(&p->shared->gate);
	stepper_release(p);
	control_wake(p);
}
