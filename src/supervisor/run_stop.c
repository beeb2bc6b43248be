/* run_stop: how a run is made to end. */
#include "supervisor/scheduler_priv.h"

#include "lockstep/util.h"

void
run_wake(struct supervisor *sv)
{
	if (sv->shared->item_queue != NULL)
		item_queue_nudge(sv->shared->item_queue);
	for (unsigned i = 1; i < sv->shared->nslots; i++) {
		eventcount_all(&sv->shared->slots[i].bell);
		eventcount_all(&sv->shared->slots[i].idle);
	}
}

void
run_stop(struct supervisor *sv)
{
	if (sv->stop.begun)
		return;
	sv->stop.begun = true;
	sv->stop.kill_at = now_ns();
	/* Stepped threads of a program do not end by themselves. */
	if (!scheduler_on(sv) || !sv->ops->stops_by_kill)
		sv->stop.kill_at += sv->ops->patience;
	gate_stop(&sv->shared->gate);
	if (sv->scheduler->used)
		gate_set_stepped(&sv->shared->gate, sv->shared->tslots,
		    supervisor_tslot_count(sv), false);
	run_wake(sv);
}

void
run_restart(struct supervisor *sv)
{
	sv->stop.restart = true;
	run_stop(sv);
}

void
run_leave(struct supervisor *sv, int signal)
{
	if (signal != 0)
		sv->stop.signal = signal;
	sv->stop.leave = true;
	run_stop(sv);
}

void
run_kill_late(struct supervisor *sv)
{
	if (!sv->stop.begun || sv->stop.killed || now_ns() < sv->stop.kill_at)
		return;
	sv->stop.killed = true;
	children_kill_all(sv);
}
