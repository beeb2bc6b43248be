/* run_stop: the run is told to end, and nobody stands in the way. */
#include "supervisor/scheduler_priv.h"

#include "lockstep/util.h"

void
control_wake(struct supervisor *p)
{
	if (p->shared->item_queue != NULL)
		item_queue_nudge(p->shared->item_queue);
	for (unsigned i = 1; i < p->shared->nslots; i++) {
		eventcount_all(&p->shared->slots[i].bell);
		eventcount_all(&p->shared->slots[i].idle);
	}
}

void
scheduler_release(struct supervisor *p)
{
	if (p->stepper->used)
		gate_set_stepped(&p->shared->gate, p->shared->tslots,
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
	if (!scheduler_on(p) || !p->ops->stops_by_kill)
		p->stop_at += p->ops->patience;
	gate_stop(&p->shared->gate);
	scheduler_release(p);
	control_wake(p);
}
