/*
 * children: births and deaths of processes.
 *
 * A process that ends is reaped at once. What it held is then recovered, in an
 * order that matters: first the sum's lock, which it may have died holding;
 * then its items, which go back into the queue, or its objects; last its
 * ledgers, which no thread changes any more. Each step may find its mutex held
 * by a process that is stopped; then it is tried again later. Only when all is
 * recovered is the slot free.
 */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "lockstep/util.h"
#include "slot/ledger.h"
#include "supervisor/scheduler.h"

void
children_free(struct supervisor *sv)
{
	for (unsigned i = 0; i < sv->shared->nslots; i++) {
		free(sv->procs[i].sent_threads);
		free(sv->procs[i].tails);
		free(sv->procs[i].untraced);
	}
	free(sv->procs);
}

int
children_alloc(struct supervisor *sv)
{
	sv->procs = calloc(sv->shared->nslots, sizeof *sv->procs);
	if (sv->procs == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < sv->shared->nslots; i++) {
		struct process *proc = &sv->procs[i];

		proc->sent_threads =
		    calloc(sv->shared->stride, sizeof(struct frame));
		proc->tails = calloc(sv->shared->stride, sizeof(uint64_t));
		proc->untraced = calloc(sv->shared->stride, sizeof(uint64_t));
		if (proc->sent_threads == NULL || proc->tails == NULL ||
		    proc->untraced == NULL) {
			children_free(sv);
			return -ENOMEM;
		}
	}
	return 0;
}

unsigned
children_alive(const struct supervisor *sv)
{
	unsigned n = 0;

	for (unsigned i = 1; i < sv->shared->nslots; i++)
		n += sv->procs[i].pid != 0;
	return n;
}

void
children_kill_all(struct supervisor *sv)
{
	for (unsigned i = 1; i < sv->shared->nslots; i++)
		if (sv->procs[i].pid != 0)
			kill(sv->procs[i].pid, SIGKILL);
}

bool
children_all_gone(const struct supervisor *sv)
{
	for (unsigned i = 1; i < sv->shared->nslots; i++)
		if (sv->procs[i].pid != 0 || sv->procs[i].recovering)
			return false;
	return true;
}

/* Else the reader would never see the end of the stream. */
static void
close_in_child(const struct supervisor *sv)
{
	const int fds[] = {sv->options->status_fd, sv->options->control_fd,
	    sv->loop.signal_fd};

	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void
forget_slot(struct supervisor *sv, unsigned slot)
{
	struct process *proc = &sv->procs[slot];
	struct worker_slot *ws = &sv->shared->slots[slot];

	gil_count(&sv->dead.gil, &ws->gil);
	memset(ws, 0, sizeof *ws);
	for (unsigned i = 0; i < sv->shared->stride; i++) {
		slot_reset(supervisor_tslot(sv, slot, i));
		proc->tails[i] = proc->untraced[i] = 0;
		memset(&proc->sent_threads[i], 0, sizeof(struct frame));
	}
	memset(&proc->sent, 0, sizeof proc->sent);
	proc->failed = 0;
	proc->cookie = 0;
	if (sv->options->sum_mode == SUM_PRIVATE) {
		sv->dead.orphaned +=
		    atomic_load(&sv->shared->cells[slot].orphaned);
		cell_init(&sv->shared->cells[slot]);
	}
}

int
children_fork(struct supervisor *sv, unsigned slot, const char *name,
    const struct child *child)
{
	struct process *proc = &sv->procs[slot];
	pid_t self = getpid();

	forget_slot(sv, slot);
	if (child != NULL)
		atomic_store(&sv->shared->slots[slot].item_n,
		    atomic_load(&child->asker));
	pid_t pid = FAULT("fork", EAGAIN) ? -1 : fork();
	if (pid < 0) {
		sv->births.fork_error = errno;
		sv->births.refused++;
		return -errno;
	}
	if (pid == 0) {
		close_in_child(sv);
		sv->ops->life(sv->shared, slot, self, child);
	}
	sv->births.refused = 0;
	proc->pid = proc->last_pid = pid;
	proc->serial = ++sv->births.serials;
	proc->stopped = proc->retired = false;
	proc->ended = ENDED_NOT;
	proc->code = 0;
	snprintf(proc->name, sizeof proc->name, "%s", name);
	report_born(sv, slot);
	return 0;
}

bool
children_all_forked(struct supervisor *sv)
{
	bool failed = sv->births.fork_error != 0;

	sv->births.fork_error = 0;
	return failed;
}

static void
children_few_threads(struct supervisor *sv, unsigned slot, int error)
{
	unsigned want = atomic_load(&sv->shared->threads);
	unsigned have = atomic_load(&sv->shared->slots[slot].threads);
	const char *name = sv->procs[slot].name;
	char why[160];

	snprintf(sv->births.no_threads, sizeof sv->births.no_threads,
	    "%s cannot start %sthreads: %s", name, have > 0 ? "more " : "",
	    strerror(error));
	if (have > 0 && sv->ops->has_items)
		snprintf(why, sizeof why,
		    "%s: only %u of %u threads started: %s", name, have, want,
		    strerror(error));
	else
		snprintf(why, sizeof why, "%s", sv->births.no_threads);
	report_text(&sv->report, TEXT_BANNER, BANNER_THREADS, 0, why);
}

void
children_check_threads(struct supervisor *sv)
{
	for (unsigned i = 1; i < sv->shared->nslots; i++) {
		int error = atomic_exchange(&sv->shared->slots[i].error, 0);

		if (error != 0)
			children_few_threads(sv, i, error);
	}
}

static unsigned
slot_of(const struct supervisor *sv, pid_t pid)
{
	for (unsigned i = 1; i < sv->shared->nslots; i++)
		if (sv->procs[i].pid == pid)
			return i;
	return 0;
}

bool
children_give_up(struct supervisor *sv, unsigned slot)
{
	struct process *proc = &sv->procs[slot];
	uint64_t now = now_ns();

	proc->deaths[proc->ndeaths++ % DEATHS_LIMIT] = now;
	if (proc->ndeaths < DEATHS_LIMIT ||
	    now - proc->deaths[proc->ndeaths % DEATHS_LIMIT] >= DEATHS_SPAN)
		return false;
	proc->given_up = true;
	report_log(&sv->report, "giving up on %s: %d deaths in 10 s",
	    proc->name, DEATHS_LIMIT);
	report_text(&sv->report, TEXT_BANNER, BANNER_DEATHS, 0,
	    "gave up on a worker that keeps dying");
	return true;
}

void
children_try_again(struct supervisor *sv, unsigned slot)
{
	struct process *proc = &sv->procs[slot];

	if (proc->given_up)
		proc->ndeaths = 0;
	proc->given_up = false;
}

void
children_retired(struct supervisor *sv, unsigned slot)
{
	struct process *proc = &sv->procs[slot];

	proc->retired = true;
	report_log(&sv->report, "%s (pid %d) retired", proc->name,
	    (int)proc->last_pid);
}

static void
children_log_end(struct supervisor *sv, unsigned slot, pid_t pid)
{
	struct process *proc = &sv->procs[slot];

	if (proc->ended == ENDED_SIGNAL)
		report_log(&sv->report, "%s (pid %d) killed by SIG%s",
		    proc->name, (int)pid, sigabbrev_np(proc->code));
	else if (proc->code != 0)
		report_log(&sv->report, "%s (pid %d) exited with status %d",
		    proc->name, (int)pid, proc->code);
}

static void
children_died(struct supervisor *sv, unsigned slot, const siginfo_t *info)
{
	struct process *proc = &sv->procs[slot];
	bool killed = info->si_code != CLD_EXITED;

	proc->ended = killed ? ENDED_SIGNAL : ENDED_EXIT;
	proc->code = (uint16_t)info->si_status;
	if (killed && sv->stop.killed && sv->ops->stops_by_kill) {
		proc->ended = ENDED_STOPPED;
		proc->code = 0;
	}
	proc->pid = 0;
	proc->stopped = false;
	proc->recovering = true;
	if (sv->ops->report_output != NULL)
		sv->ops->report_output(sv);
	children_log_end(sv, slot, proc->last_pid);
	supervisor_look_now(sv);
	if (killed)
		scheduler_spoil(sv, "a process was killed");
	sv->ops->died(sv, slot);
}

void
children_reap(struct supervisor *sv)
{
	siginfo_t info = {0};

	while (waitid(P_ALL, 0, &info,
		   WEXITED | WSTOPPED | WCONTINUED | WNOHANG) == 0 &&
	    info.si_pid != 0) {
		unsigned slot = slot_of(sv, info.si_pid);

		if (slot != 0 && info.si_code == CLD_STOPPED) {
			sv->procs[slot].stopped = true;
			report_log(&sv->report, "%s (pid %d) stopped",
			    sv->procs[slot].name, (int)info.si_pid);
		} else if (slot != 0 && info.si_code == CLD_CONTINUED) {
			sv->procs[slot].stopped = false;
			report_log(&sv->report, "%s (pid %d) continued",
			    sv->procs[slot].name, (int)info.si_pid);
		} else if (slot != 0) {
			children_died(sv, slot, &info);
		}
		info.si_pid = 0;
	}
}

/* Add the ledgers of a dead process to those of all the dead. */
static void
children_inherit(struct supervisor *sv, unsigned slot)
{
	for (unsigned i = 0; i < sv->shared->stride; i++) {
		struct thread_slot *r = supervisor_tslot(sv, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		struct ledger l = ledger_read(r);
		ledger_add(&sv->dead.ledger, &l);
		sv->dead.tasks += atomic_load(&r->tasks);
		sv->dead.acquired += atomic_load(&r->acquired);
		sv->dead.contended += atomic_load(&r->contended);
		latency_add(sv->dead.times, &r->times);
	}
}

/* 0, or -EAGAIN. */
static int
settle_sum(struct supervisor *sv, unsigned slot)
{
	int doubt = sum_recover(&sv->shared->sum, shared_cell(sv->shared, slot),
	    supervisor_tslot(sv, slot, 0), sv->shared->stride);

	if (doubt < 0)
		return doubt;
	if (doubt == 1)
		report_log(&sv->report,
		    "%s died during an add: 1 add in doubt (it may or may not "
		    "have happened)",
		    sv->procs[slot].name);
	else if (doubt > 1)
		report_log(&sv->report,
		    "%s died during adds: %d adds in doubt (each may or may "
		    "not have happened)",
		    sv->procs[slot].name, doubt);
	sv->dead.in_doubt += (uint32_t)doubt;
	return 0;
}

static bool
children_settle(struct supervisor *sv, unsigned slot)
{
	struct process *proc = &sv->procs[slot];

	if (settle_sum(sv, slot) != 0)
		return false;
	if (!sv->ops->settle(sv, slot))
		return false;
	report_dead(sv, slot);
	children_inherit(sv, slot);
	proc->recovering = false;
	for (unsigned i = 0; i < sv->shared->stride; i++)
		atomic_store(&supervisor_tslot(sv, slot, i)->tid, 0);
	if (sv->ops->settled != NULL)
		sv->ops->settled(sv, slot);
	scheduler_stir(sv);
	return true;
}

void
children_recover(struct supervisor *sv)
{
	for (unsigned i = 1; i < sv->shared->nslots; i++)
		if (sv->procs[i].recovering && !children_settle(sv, i))
			supervisor_look_soon(sv);
}
