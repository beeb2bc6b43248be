/*
 * report_run: a look at everything, and the last one, as frames.
 *
 * Some tens of times a second while something changes. Every subject has the
 * frame that was last sent of it; only what differs is sent. Nothing here
 * writes to what it looks at.
 */
#include "supervisor/supervisor.h"

#include <unistd.h>

#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "slot/trace.h"
#include "supervisor/scheduler.h"

static void
offer_control(struct supervisor *p)
{
	const struct shared *s = p->shared;
	struct frame f = {.type = FRAME_CONTROL,
	    .pid = getpid(),
	    .control = {.ack = p->ack,
		.result = p->result,
		.window = atomic_load(&s->sum.window),
		.start = p->start,
		.speed = atomic_load(&s->gate.speed),
		.processes = (uint16_t)atomic_load(&s->workers),
		.threads = (uint16_t)atomic_load(&s->threads),
		.lock = (uint8_t)s->sum.wanted,
		.lock_other = (uint8_t)p->lock_other,
		.paused = (atomic_load(&s->gate.closed) & GATE_PAUSED) != 0,
		.phase = (uint8_t)(p->stage == STAGE_OVER ? PHASE_DONE
							  : p->ops->phase(p)),
		.sum_mode = (uint8_t)p->options->sum_mode,
		.barrier = p->stage <= STAGE_BARRIER,
		.program = p->params->demo->main != NULL,
		.hung = p->hang.hung}};

	report_offer(&p->report, &f, &p->sent_control);
}

/* The supervisor itself, slot 0: its copy of the sum in private mode. */
static void
offer_self(struct supervisor *p)
{
	struct frame f = {.type = FRAME_PROC,
	    .pid = getpid(),
	    .tid = gettid(),
	    .proc = {.state = STATE_RUNNING,
		.ppid = getppid(),
		.items = (uint32_t)p->stats.done,
		.sum = p->sum}};

	if (p->stage == STAGE_OVER)
		f.proc.state = STATE_EXITED;
	report_offer(&p->report, &f, &p->sent_self);
}

static void
offer_all(struct supervisor *p)
{
	unsigned n = p->shared->nslots - 1;

	report_begin(&p->report);
	tally_begin(p);
	offer_control(p);
	scheduler_tell(p);
	p->ops->tell(p);
	tally_lock(p);
	announce_gil(p);
	for (unsigned i = 0; i < n; i++) {
		unsigned slot = 1 + (p->turn + i) % n;
		if (p->procs[slot].pid != 0)
			observe_worker(p, slot);
		if (p->report.full) {
			p->turn = slot - 1;
			return;
		}
	}
	tally_sum(p);
	offer_self(p);
	report_flush(&p->report);
}

bool
observe_tick(struct supervisor *p)
{
	uint32_t seq = p->report.seq;

	if (p->report.fd < 0 || p->report.quiet) {
		report_begin(&p->report);
		return false;
	}
	offer_all(p);
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid != 0 && !p->report.full)
			observe_traces(p, i);
	report_flush(&p->report);
	atomic_store(&p->shared->tracing.burst, now_ns() + TRACE_BURST_IN);
	atomic_fetch_add(&p->shared->tracing.tick, 1);
	return p->report.seq != seq;
}

/*
 * The last word: the final state frames, and once they are all with the
 * reader, BYE. To be called again until it says true.
 */
bool
observe_bye(struct supervisor *p)
{
	struct frame f = {.type = FRAME_BYE,
	    .pid = getpid(),
	    .tid = gettid(),
	    .bye = {.elapsed = p->end - p->start,
		.tasks = p->gone_tasks,
		.outcome = supervisor_outcome(p)}};

	if (!p->said_bye) {
		offer_all(p);
		if (p->report.full)
			return p->report.broken;
		f.bye.dropped = p->report.dropped;
		report_push(&p->report, &f);
		p->said_bye = true;
	}
	report_begin(&p->report);
	return p->report.npending == 0 || p->report.broken;
}
