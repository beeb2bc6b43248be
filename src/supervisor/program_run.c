/*
 * program_run: a run of a demo's own program: main is forked, then the children
 * that it asks for; workers of executors that die are replaced.
 */
#include "supervisor/program_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "executor/executor_recovery.h"
#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "program/mutex_priv.h"
#include "program/process.h"
#include "program/queue_priv.h"
#include "supervisor/scheduler.h"

#define MAIN         1 /* its slot */
#define OUTPUT_LINES 1024
#define HUNG_LASTS   (5 * NSEC_PER_SEC) /* if no command can end it */

static int
open_pipes(struct supervisor *p)
{
	struct registry *w = p->shared->registry;

	for (w->npipes = 0; w->npipes < p->params->demo->pipes; w->npipes++)
		if (pipe2(w->pipes[w->npipes].fds, O_NONBLOCK | O_CLOEXEC) != 0)
			return -errno;
	return 0;
}

static void
program_end(struct supervisor *p)
{
	struct registry *w = p->shared->registry;

	for (unsigned i = 0; i < w->npipes; i++) {
		close(w->pipes[i].fds[0]);
		close(w->pipes[i].fds[1]);
	}
	for (unsigned i = 1; i <= FRAME_MAX_OBJECTS; i++)
		free(p->serve->futures[i]);
	hang_free(&p->hang);
	free(p->serve);
	p->serve = NULL;
}

static int
program_begin(struct supervisor *p)
{
	p->serve = calloc(1, sizeof *p->serve);
	if (p->serve == NULL)
		return -ENOMEM;
	p->shared->registry->output =
	    queue_new("output", OUTPUT_LINES, PROGRAM_LINE, false);
	if (p->shared->registry->output == NULL)
		return -errno;
	return open_pipes(p);
}

static int
fork_main(struct supervisor *p)
{
	int err = reap_fork(p, MAIN, "main", NULL);
	if (err != 0) {
		p->fork_error = -err;
		return err;
	}
	p->stage = STAGE_FEED;
	report_log(&p->report, "main: pid %d", (int)p->procs[MAIN].pid);
	return 0;
}

/* A slot with nobody in it; one that never had anybody, if there is one. */
static unsigned
free_slot(const struct supervisor *p)
{
	unsigned found = 0;

	for (unsigned i = MAIN + 1; i < p->shared->nslots; i++) {
		const struct process *proc = &p->procs[i];

		if (proc->pid != 0 || proc->recovering)
			continue;
		if (proc->last_pid == 0)
			return i;
		if (found == 0 || proc->serial < p->procs[found].serial)
			found = i;
	}
	return found;
}

static void
child_is(
    struct supervisor *p, struct child *c, enum child_state state, int status)
{
	scheduler_stir(p);
	atomic_store(&c->status, status);
	atomic_store(&c->state, state);
	eventcount_all(&c->wake);
}

/* 0 or -errno. */
static int
fork_child(struct supervisor *p, unsigned slot, struct child *c)
{
	atomic_store(&c->slot, slot);
	p->serve->children[slot] = c;
	int err = reap_fork(p, slot, c->name, c);
	if (err != 0)
		return err;
	atomic_store(&c->pid, p->procs[slot].pid);
	child_is(p, c, CHILD_RUNNING, 0);
	return 0;
}

static void
take_request(struct supervisor *p, struct child *c)
{
	unsigned slot = p->stopping ? 0 : free_slot(p);
	int err = slot == 0 ? -EAGAIN : fork_child(p, slot, c);
	char why[128];

	if (err == 0)
		return;
	child_is(p, c, CHILD_REFUSED, -err);
	snprintf(why, sizeof why, "%s could not be started: %s", c->name,
	    slot == 0 ? "too many processes" : strerror(-err));
	report_text(&p->report, TEXT_BANNER, BANNER_PROCESSES, 0, why);
}

static void
take_requests(struct supervisor *p)
{
	struct registry *w = p->shared->registry;
	uint32_t requests = atomic_load(&w->requests);

	if (requests == p->serve->requests)
		return;
	p->serve->requests = requests;
	for (unsigned i = 0; i < REGISTRY_CHILDREN; i++)
		if (atomic_load(&w->children[i].state) == CHILD_REQUESTED)
			take_request(p, &w->children[i]);
}

static void
program_advance(struct supervisor *p)
{
	if (p->stage == STAGE_GATHER && !p->stopping && fork_main(p) != 0)
		return;
	take_requests(p);
	if (p->serve->main_over || p->stopping)
		p->stage = STAGE_LEAVE;
	if (p->stage == STAGE_LEAVE && reap_all_gone(p)) {
		serve_output(p);
		p->stage = STAGE_OVER;
	}
}

static void
program_died(struct supervisor *p, unsigned slot)
{
	const struct process *proc = &p->procs[slot];
	struct serve *s = p->serve;

	if (slot != MAIN)
		return;
	s->main_over = true;
	s->main_killed = proc->ended == ENDED_SIGNAL && !p->stopping;
	s->main_status = proc->code;
	if (!s->main_killed)
		return;
	report_text(&p->report, TEXT_BANNER, BANNER_DEATHS, 0,
	    "main was killed: no other process can finish its work");
	control_stop(p);
}

static bool
has_workers(const struct supervisor *p, unsigned executor)
{
	for (unsigned i = MAIN + 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid != 0 && p->serve->children[i] != NULL &&
		    p->serve->children[i]->executor == executor)
			return true;
	return false;
}

/* A worker of an executor has died: start another, if the executor needs it. */
static bool
program_replace(struct supervisor *p, unsigned slot, struct child *c)
{
	struct executor *e = registry_object(
	    p->shared->registry, REGISTRY_EXECUTOR, c->executor);

	if (p->stopping || e == NULL || !executor_wants_workers(e))
		return false;
	if (reap_too_many(&p->procs[slot])) {
		report_log(&p->report, "giving up on %s: %d deaths in 10 s",
		    c->name, DEATHS_LIMIT);
		report_text(&p->report, TEXT_BANNER, BANNER_DEATHS, 0,
		    "gave up on a worker that keeps dying");
	} else if (fork_child(p, slot, c) == 0) {
		report_log(&p->report, "%s replaced: pid %d", c->name,
		    (int)p->procs[slot].pid);
		return true;
	}
	if (!has_workers(p, c->executor))
		executor_abandon(e, p->cause);
	return false;
}

static void
program_settled(struct supervisor *p, unsigned slot)
{
	const struct process *proc = &p->procs[slot];
	struct child *c = p->serve->children[slot];

	if (c == NULL || (c->executor != 0 && program_replace(p, slot, c)))
		return;
	p->serve->children[slot] = NULL;
	child_is(p, c, atomic_load(&c->orphan) != 0 ? CHILD_FREE : CHILD_ENDED,
	    proc->ended == ENDED_SIGNAL ? -(int)proc->code : proc->code);
}

/* A stopped thread may be the one that others rely on to look at a queue. */
static void
forget_stopped(struct supervisor *p)
{
	struct registry *w = p->shared->registry;
	struct queue *f;

	for (unsigned slot = MAIN; slot < p->shared->nslots; slot++) {
		if (!p->procs[slot].stopped)
			continue;
		for (unsigned i = 0;
		     (f = registry_next(w, REGISTRY_QUEUE, &i)) != NULL;)
			queue_forget(f, supervisor_first_id(p, slot),
			    supervisor_last_id(p, slot));
	}
}

/* No command can come: without this, the run would hang forever. */
static void
end_hung(struct supervisor *p)
{
	if (p->options->control_fd >= 0 || !p->hang.hung ||
	    now_ns() - p->hang.since < HUNG_LASTS)
		return;
	report_log(&p->report,
	    "the program hangs and there is no dashboard: ending the run");
	control_stop(p);
}

static void
program_tick(struct supervisor *p)
{
	serve_output(p);
	forget_stopped(p);
	if (p->stopping)
		return;
	hang_look(p);
	p->serve->was_hung = p->hang.hung;
	end_hung(p);
}

static enum frame_phase
program_phase(const struct supervisor *p)
{
	switch (p->stage) {
	case STAGE_GATHER:
		return PHASE_STARTING;
	case STAGE_LEAVE:
		return PHASE_DRAINING;
	default:
		return PHASE_RUNNING;
	}
}

static enum frame_outcome
program_outcome(const struct supervisor *p)
{
	const struct serve *s = p->serve;

	if (s->main_killed)
		return OUTCOME_FAILED;
	if (p->stopping)
		return s->was_hung ? OUTCOME_HUNG : OUTCOME_STOPPED;
	return s->main_status != 0 ? OUTCOME_FAILED : OUTCOME_DONE;
}

const struct run_ops program_ops = {
    .begin = program_begin,
    .end = program_end,
    .advance = program_advance,
    .tick = program_tick,
    .tell = serve_tell,
    .life = process_main,
    .last_words = serve_output,
    .died = program_died,
    .settle = serve_settle,
    .settled = program_settled,
    .patience = 100 * NSEC_PER_MSEC,
    .stops_by_kill = true,
    .phase = program_phase,
    .outcome = program_outcome,
};
