/*
 * report_run: a look at everything, and the last one, as frames.
 *
 * This happens up to 30 times a second while something changes. Each object
 * has the frame that was last sent of it; only what differs is sent. Nothing
 * here writes to what it looks at.
 */
#include "supervisor/supervisor.h"

#include <unistd.h>

#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "slot/trace.h"
#include "supervisor/scheduler.h"

static void
offer_control(struct supervisor *sv)
{
	const struct shared *s = sv->shared;
	struct frame f = {.type = FRAME_CONTROL,
	    .pid = getpid(),
	    .control = {.ack = sv->commands.ack,
		.result = sv->commands.result,
		.window = atomic_load(&s->sum.window),
		.start = sv->progress.start,
		.speed = atomic_load(&s->gate.speed),
		.processes = (uint16_t)atomic_load(&s->workers),
		.threads = (uint16_t)atomic_load(&s->threads),
		.lock = (uint8_t)s->sum.wanted,
		.lock_other = (uint8_t)sv->commands.lock_other,
		.paused = (atomic_load(&s->gate.closed) & GATE_PAUSED) != 0,
		.phase = (uint8_t)(sv->progress.stage == STAGE_OVER
			? PHASE_DONE
			: sv->ops->phase(sv)),
		.sum_mode = (uint8_t)sv->options->sum_mode,
		.barrier = sv->progress.stage <= STAGE_BARRIER,
		.program = sv->params->demo->main != NULL,
		.hung = sv->hang.hung}};

	report_offer(&sv->report, &f, &sv->reported.control);
}

/* The supervisor itself, slot 0: its copy of the sum in private mode. */
static void
offer_self(struct supervisor *sv)
{
	struct frame f = {.type = FRAME_PROC,
	    .pid = getpid(),
	    .tid = gettid(),
	    .proc = {.state = STATE_RUNNING,
		.ppid = getppid(),
		.items = (uint32_t)sv->totals.queue.done,
		.sum = sv->totals.sum}};

	if (sv->progress.stage == STAGE_OVER)
		f.proc.state = STATE_EXITED;
	report_offer(&sv->report, &f, &sv->reported.self);
}

static void
offer_all(struct supervisor *sv)
{
	unsigned n = sv->shared->nslots - 1;

	report_begin(&sv->report);
	totals_begin(sv);
	offer_control(sv);
	report_schedule(sv);
	sv->ops->report(sv);
	report_lock(sv);
	report_gil(sv);
	for (unsigned i = 0; i < n; i++) {
		unsigned slot = 1 + (sv->reported.turn + i) % n;
		if (sv->procs[slot].pid != 0)
			report_process(sv, slot);
		if (sv->report.full) {
			sv->reported.turn = slot - 1;
			return;
		}
	}
	report_sum(sv);
	offer_self(sv);
	report_flush(&sv->report);
}

bool
report_tick(struct supervisor *sv)
{
	uint32_t seq = sv->report.seq;

	if (sv->report.fd < 0 || sv->report.quiet) {
		report_begin(&sv->report);
		return false;
	}
	offer_all(sv);
	for (unsigned i = 1; i < sv->shared->nslots; i++)
		if (sv->procs[i].pid != 0 && !sv->report.full)
			report_traces(sv, i);
	report_flush(&sv->report);
	atomic_store(&sv->shared->tracing.burst, now_ns() + TRACE_BURST_IN);
	atomic_fetch_add(&sv->shared->tracing.tick, 1);
	return sv->report.seq != seq;
}

/*
 * The final state frames, and once the reader has them all, BYE. Call it again
 * until it returns true.
 */
bool
report_bye(struct supervisor *sv)
{
	struct frame f = {.type = FRAME_BYE,
	    .pid = getpid(),
	    .tid = gettid(),
	    .bye = {.elapsed = sv->progress.end - sv->progress.start,
		.tasks = sv->dead.tasks,
		.outcome = run_outcome(sv)}};

	if (!sv->reported.bye) {
		offer_all(sv);
		if (sv->report.full)
			return sv->report.broken;
		f.bye.dropped = sv->report.dropped;
		report_push(&sv->report, &f);
		sv->reported.bye = true;
	}
	report_begin(&sv->report);
	return sv->report.npending == 0 || sv->report.broken;
}
