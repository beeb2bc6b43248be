/*
 * children: births and deaths of workers.
 *
 * A worker that ends is reaped at once; its affairs are then settled in an
 * order that matters: the sum's lock first (it may have died holding it), then
 * its ledgers, which nobody changes any more, then its items, which go back
 * into the queue. Each step may find its mutex in the hands of somebody who
 * is stopped; then it is tried again later, and only then is the slot free.
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
reap_free(struct supervisor *p)
{
	for (unsigned i = 0; i < p->shared->nslots; i++) {
		free(p->procs[i].sent_threads);
		free(p->procs[i].tails);
		free(p->procs[i].untraced);
	}
	free(p->procs);
}

int
reap_alloc(struct supervisor *p)
{
	p->procs = calloc(p->shared->nslots, sizeof *p->procs);
	if (p->procs == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < p->shared->nslots; i++) {
		struct process *proc = &p->procs[i];

		proc->sent_threads =
		    calloc(p->shared->stride, sizeof(struct frame));
		proc->tails = calloc(p->shared->stride, sizeof(uint64_t));
		proc->untraced = calloc(p->shared->stride, sizeof(uint64_t));
		if (proc->sent_threads == NULL || proc->tails == NULL ||
		    proc->untraced == NULL) {
			reap_free(p);
			return -ENOMEM;
		}
	}
	return 0;
}

unsigned
reap_alive(const struct supervisor *p)
{
	unsigned n = 0;

	for (unsigned i = 1; i < p->shared->nslots; i++)
		n += p->procs[i].pid != 0;
	return n;
}

void
reap_kill_all(struct supervisor *p)
{
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid != 0)
			kill(p->procs[i].pid, SIGKILL);
}

bool
reap_all_gone(const struct supervisor *p)
{
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid != 0 || p->procs[i].recovering)
			return false;
	return true;
}

/* What the child must not keep: the reader would never see the end. */
static void
close_in_child(const struct supervisor *p)
{
	const int fds[] = {
	    p->options->status_fd, p->options->control_fd, p->signal_fd};

	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void
forget_slot(struct supervisor *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];
	struct worker_slot *ws = &p->shared->slots[slot];

	gil_count(&p->gone_gil, &ws->gil);
	memset(ws, 0, sizeof *ws);
	for (unsigned i = 0; i < p->shared->stride; i++) {
		slot_reset(supervisor_ring(p, slot, i));
		proc->tails[i] = proc->untraced[i] = 0;
		memset(&proc->sent_threads[i], 0, sizeof(struct frame));
	}
	memset(&proc->sent, 0, sizeof proc->sent);
	proc->failed = 0;
	proc->cookie = 0;
	if (p->options->sum_mode == SUM_PRIVATE) {
		p->gone_orphaned +=
		    atomic_load(&p->shared->cells[slot].orphaned);
		cell_init(&p->shared->cells[slot]);
	}
}

int
reap_fork(struct supervisor *p, unsigned slot, const char *name,
    const struct child *child)
{
	struct process *proc = &p->procs[slot];
	pid_t self = getpid();

	forget_slot(p, slot);
	if (child != NULL)
		atomic_store(
		    &p->shared->slots[slot].item_n, atomic_load(&child->asker));
	pid_t pid = FAULT("fork", EAGAIN) ? -1 : fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		close_in_child(p);
		p->ops->life(p->shared, slot, self, child);
	}
	proc->pid = proc->last_pid = pid;
	proc->serial = ++p->serials;
	proc->stopped = proc->retired = false;
	proc->ended = ENDED_NOT;
	proc->code = 0;
	snprintf(proc->name, sizeof proc->name, "%s", name);
	observe_born(p, slot);
	return 0;
}

static unsigned
slot_of(const struct supervisor *p, pid_t pid)
{
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid == pid)
			return i;
	return 0;
}

bool
reap_too_many(struct process *proc)
{
	uint64_t now = now_ns();

	proc->deaths[proc->ndeaths++ % DEATHS_LIMIT] = now;
	return proc->ndeaths >= DEATHS_LIMIT &&
	    now - proc->deaths[proc->ndeaths % DEATHS_LIMIT] < DEATHS_SPAN;
}

static void
say_how(struct supervisor *p, unsigned slot, pid_t pid)
{
	struct process *proc = &p->procs[slot];

	if (proc->ended == ENDED_SIGNAL)
		report_log(&p->report, "%s (pid %d) killed by SIG%s",
		    proc->name, (int)pid, sigabbrev_np(proc->code));
	else if (proc->code != 0)
		report_log(&p->report, "%s (pid %d) exited with %d", proc->name,
		    (int)pid, proc->code);
}

static void
children_died(struct supervisor *p, unsigned slot, const siginfo_t *info)
{
	struct process *proc = &p->procs[slot];
	bool killed = info->si_code != CLD_EXITED;

	proc->ended = killed ? ENDED_SIGNAL : ENDED_EXIT;
	proc->code = (uint16_t)info->si_status;
	if (killed && p->killed_all && p->ops->stops_by_kill) {
		proc->ended = ENDED_STOPPED;
		proc->code = 0;
	}
	proc->pid = 0;
	proc->stopped = false;
	proc->recovering = true;
	if (p->ops->last_words != NULL)
		p->ops->last_words(p);
	say_how(p, slot, proc->last_pid);
	p->next_tick = 0; /* tell at once */
	if (killed)
		scheduler_spoil(p, "a process was killed");
	p->ops->died(p, slot);
}

void
reap_collect(struct supervisor *p)
{
	siginfo_t info = {0};

	while (waitid(P_ALL, 0, &info,
		   WEXITED | WSTOPPED | WCONTINUED | WNOHANG) == 0 &&
	    info.si_pid != 0) {
		unsigned slot = slot_of(p, info.si_pid);

		if (slot != 0 && info.si_code == CLD_STOPPED) {
			p->procs[slot].stopped = true;
			report_log(&p->report, "%s (pid %d) stopped",
			    p->procs[slot].name, (int)info.si_pid);
		} else if (slot != 0 && info.si_code == CLD_CONTINUED) {
			p->procs[slot].stopped = false;
			report_log(&p->report, "%s (pid %d) continued",
			    p->procs[slot].name, (int)info.si_pid);
		} else if (slot != 0) {
			children_died(p, slot, &info);
		}
		info.si_pid = 0;
	}
}

/* Add the books of a dead worker to those of all the dead. */
static void
children_inherit(struct supervisor *p, unsigned slot)
{
	for (unsigned i = 0; i < p->shared->stride; i++) {
		struct thread_slot *r = supervisor_ring(p, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		struct ledger l = ledger_read(r);
		ledger_add(&p->gone, &l);
		p->gone_tasks += atomic_load(&r->tasks);
		p->gone_acquired += atomic_load(&r->acquired);
		p->gone_contended += atomic_load(&r->contended);
		latency_add(p->gone_times, &r->times);
	}
}

/* 0, or -EAGAIN. */
static int
settle_sum(struct supervisor *p, unsigned slot)
{
	int doubt = sum_recover(&p->shared->sum, shared_cell(p->shared, slot),
	    supervisor_ring(p, slot, 0), p->shared->stride);

	if (doubt < 0)
		return doubt;
	if (doubt > 0)
		report_log(&p->report,
		    "%s died during an add: %d add%s in doubt (done or "
		    "not, it cannot be known)",
		    p->procs[slot].name, doubt, doubt == 1 ? "" : "s");
	p->in_doubt += (uint32_t)doubt;
	return 0;
}

static bool
children_settle(struct supervisor *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];

	if (settle_sum(p, slot) != 0)
		return false;
	if (!p->ops->settle(p, slot))
		return false;
	observe_dead(p, slot);
	children_inherit(p, slot);
	proc->recovering = false;
	for (unsigned i = 0; i < p->shared->stride; i++)
		atomic_store(&supervisor_ring(p, slot, i)->tid, 0);
	if (p->ops->settled != NULL)
		p->ops->settled(p, slot);
	scheduler_stir(p);
	return true;
}

void
reap_recover(struct supervisor *p)
{
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].recovering && !children_settle(p, i))
			p->soon = true;
}
