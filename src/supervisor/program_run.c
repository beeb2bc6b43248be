/*
 * program_run: a run of a demo's own program: main is forked, then the children
 * that it asks for; executors' workers that die are replaced.
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
open_pipes(struct supervisor *sv)
{
	struct registry *w = sv->shared->registry;

	for (w->npipes = 0; w->npipes < sv->params->demo->pipes; w->npipes++)
		if (pipe2(w->pipes[w->npipes].fds, O_NONBLOCK | O_CLOEXEC) != 0)
			return -errno;
	return 0;
}

static void
program_end(struct supervisor *sv)
{
	struct registry *w = sv->shared->registry;

	for (unsigned i = 0; i < w->npipes; i++) {
		close(w->pipes[i].fds[0]);
		close(w->pipes[i].fds[1]);
	}
	report_program_free(sv);
	hang_free(&sv->hang);
	free(sv->program);
	sv->program = NULL;
}

static int
program_begin(struct supervisor *sv)
{
	sv->program = calloc(1, sizeof *sv->program);
	if (sv->program == NULL)
		return -ENOMEM;
	sv->shared->registry->output =
	    queue_new("output", OUTPUT_LINES, PROGRAM_LINE, false);
	if (sv->shared->registry->output == NULL)
		return -errno;
	return open_pipes(sv);
}

static int
fork_main(struct supervisor *sv)
{
	int err = children_fork(sv, MAIN, "main", NULL);
	if (err != 0)
		return err;
	run_enter(sv, STAGE_FEED);
	report_log(&sv->report, "main: pid %d", (int)sv->procs[MAIN].pid);
	return 0;
}

/* A slot without a process; one that never had any, if there is one. */
static unsigned
free_slot(const struct supervisor *sv)
{
	unsigned found = 0;

	for (unsigned i = MAIN + 1; i < sv->shared->nslots; i++) {
		const struct process *proc = &sv->procs[i];

		if (proc->pid != 0 || proc->recovering)
			continue;
		if (proc->last_pid == 0)
			return i;
		if (found == 0 || proc->serial < sv->procs[found].serial)
			found = i;
	}
	return found;
}

static void
child_is(
    struct supervisor *sv, struct child *c, enum child_state state, int status)
{
	scheduler_stir(sv);
	atomic_store(&c->status, status);
	atomic_store(&c->state, state);
	eventcount_all(&c->wake);
}

/* 0 or -errno. */
static int
fork_child(struct supervisor *sv, unsigned slot, struct child *c)
{
	atomic_store(&c->slot, slot);
	sv->program->children[slot] = c;
	int err = children_fork(sv, slot, c->name, c);
	if (err != 0)
		return err;
	atomic_store(&c->pid, sv->procs[slot].pid);
	child_is(sv, c, CHILD_RUNNING, 0);
	return 0;
}

static void
take_request(struct supervisor *sv, struct child *c)
{
	unsigned slot = sv->stop.begun ? 0 : free_slot(sv);
	int err = slot == 0 ? -EAGAIN : fork_child(sv, slot, c);
	char why[128];

	if (err == 0)
		return;
	child_is(sv, c, CHILD_REFUSED, -err);
	snprintf(why, sizeof why, "%s could not be started: %s", c->name,
	    slot == 0 ? "too many processes" : strerror(-err));
	report_text(&sv->report, TEXT_BANNER, BANNER_PROCESSES, 0, why);
}

static void
take_requests(struct supervisor *sv)
{
	struct registry *w = sv->shared->registry;
	uint32_t requests = atomic_load(&w->requests);

	if (requests == sv->program->requests)
		return;
	sv->program->requests = requests;
	for (unsigned i = 0; i < REGISTRY_CHILDREN; i++)
		if (atomic_load(&w->children[i].state) == CHILD_REQUESTED)
			take_request(sv, &w->children[i]);
}

static void
program_advance(struct supervisor *sv)
{
	if (sv->progress.stage == STAGE_GATHER && !sv->stop.begun &&
	    fork_main(sv) != 0)
		return;
	take_requests(sv);
	if (sv->program->main_over || sv->stop.begun)
		run_enter(sv, STAGE_LEAVE);
	if (sv->progress.stage == STAGE_LEAVE && children_all_gone(sv)) {
		report_output(sv);
		run_enter(sv, STAGE_OVER);
	}
}

static void
program_died(struct supervisor *sv, unsigned slot)
{
	const struct process *proc = &sv->procs[slot];
	struct program_run *s = sv->program;

	if (slot != MAIN)
		return;
	s->main_over = true;
	s->main_killed = proc->ended == ENDED_SIGNAL && !sv->stop.begun;
	s->main_status = proc->code;
	if (!s->main_killed)
		return;
	report_text(&sv->report, TEXT_BANNER, BANNER_DEATHS, 0,
	    "main was killed: no other process can finish its work");
	run_stop(sv);
}

static bool
has_workers(const struct supervisor *sv, unsigned executor)
{
	for (unsigned i = MAIN + 1; i < sv->shared->nslots; i++)
		if (sv->procs[i].pid != 0 && sv->program->children[i] != NULL &&
		    sv->program->children[i]->executor == executor)
			return true;
	return false;
}

/* A worker of an executor has died: replace it, if the executor needs it. */
static bool
program_replace(struct supervisor *sv, unsigned slot, struct child *c)
{
	struct executor *e = registry_object(
	    sv->shared->registry, REGISTRY_EXECUTOR, c->executor);

	if (sv->stop.begun || e == NULL || !executor_wants_workers(e))
		return false;
	if (!children_give_up(sv, slot) && fork_child(sv, slot, c) == 0) {
		report_log(&sv->report, "%s replaced: pid %d", c->name,
		    (int)sv->procs[slot].pid);
		return true;
	}
	if (!has_workers(sv, c->executor))
		executor_abandon(e, sv->births.no_threads);
	return false;
}

static void
program_settled(struct supervisor *sv, unsigned slot)
{
	const struct process *proc = &sv->procs[slot];
	struct child *c = sv->program->children[slot];

	if (c == NULL || (c->executor != 0 && program_replace(sv, slot, c)))
		return;
	sv->program->children[slot] = NULL;
	child_is(sv, c, atomic_load(&c->orphan) != 0 ? CHILD_FREE : CHILD_ENDED,
	    proc->ended == ENDED_SIGNAL ? -(int)proc->code : proc->code);
}

/* A queue must not rely on a stopped thread to wake the others. */
static void
forget_stopped(struct supervisor *sv)
{
	struct registry *w = sv->shared->registry;
	struct queue *f;

	for (unsigned slot = MAIN; slot < sv->shared->nslots; slot++) {
		if (!sv->procs[slot].stopped)
			continue;
		for (unsigned i = 0;
		     (f = registry_next(w, REGISTRY_QUEUE, &i)) != NULL;)
			queue_forget(f, supervisor_first_id(sv, slot),
			    supervisor_last_id(sv, slot));
	}
}

/* No command can come: without this, the run would never end. */
static void
end_hung(struct supervisor *sv)
{
	if (sv->options->control_fd >= 0 || !sv->hang.hung ||
	    now_ns() - sv->hang.since < HUNG_LASTS)
		return;
	report_log(&sv->report,
	    "the program hangs and there is no dashboard: ending the run");
	run_stop(sv);
}

static void
program_tick(struct supervisor *sv)
{
	report_output(sv);
	forget_stopped(sv);
	if (sv->stop.begun)
		return;
	hang_look(sv);
	sv->program->was_hung = sv->hang.hung;
	end_hung(sv);
}

static enum frame_phase
program_phase(const struct supervisor *sv)
{
	switch (sv->progress.stage) {
	case STAGE_GATHER:
		return PHASE_STARTING;
	case STAGE_LEAVE:
		return PHASE_DRAINING;
	default:
		return PHASE_RUNNING;
	}
}

static enum frame_outcome
program_outcome(const struct supervisor *sv)
{
	const struct program_run *s = sv->program;

	if (s->main_killed)
		return OUTCOME_FAILED;
	if (sv->stop.begun)
		return s->was_hung ? OUTCOME_HUNG : OUTCOME_STOPPED;
	return s->main_status != 0 ? OUTCOME_FAILED : OUTCOME_DONE;
}

const struct run_ops program_ops = {
    .begin = program_begin,
    .end = program_end,
    .advance = program_advance,
    .tick = program_tick,
    .report = report_program,
    .life = process_main,
    .report_output = report_output,
    .died = program_died,
    .settle = program_settle,
    .settled = program_settled,
    .patience = 100 * NSEC_PER_MSEC,
    .stops_by_kill = true,
    .phase = program_phase,
    .outcome = program_outcome,
};
