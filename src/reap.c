/*
 * reap: births and deaths of workers.
 *
 * A worker that ends is reaped at once; its affairs are then settled in an
 * order that matters: the sum's lock first (it may have died holding it), then
 * its ledgers, which nobody changes any more, then its items, which go back
 * into the queue. Each step may find its mutex in the hands of somebody who
 * is stopped; then it is tried again later, and only then is the slot free.
 */
#include "pipeline.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hook.h"
#include "util.h"

#define FORK_RETRY NSEC_PER_SEC
#define FORK_TRIES 5 /* in vain, with nobody left: then it is over */

unsigned
reap_alive(const struct pipeline *p)
{
	unsigned n = 0;

	for (unsigned i = 1; i < p->shared->nslots; i++)
		n += p->procs[i].pid != 0;
	return n;
}

void
reap_kill_all(struct pipeline *p)
{
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid != 0)
			kill(p->procs[i].pid, SIGKILL);
}

/* A slot that is to have a worker and has none. */
static bool
missing(const struct pipeline *p, unsigned slot)
{
	const struct process *proc = &p->procs[slot];

	return slot <= atomic_load(&p->shared->workers) && proc->pid == 0 &&
	    !proc->recovering && !proc->given_up;
}

bool
reap_all_gone(const struct pipeline *p)
{
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid != 0 || p->procs[i].recovering)
			return false;
	return true;
}

bool
reap_hopeless(const struct pipeline *p)
{
	if (!reap_all_gone(p))
		return false;
	if (p->refused >= FORK_TRIES)
		return true;
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (missing(p, i))
			return false;
	return true;
}

/* What the child must not keep: the reader would never see the end. */
static void
close_in_child(const struct pipeline *p)
{
	const int fds[] = {
	    p->params->status_fd, p->params->control_fd, p->signal_fd};

	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void
forget_slot(struct pipeline *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];
	struct worker_slot *ws = &p->shared->slots[slot];

	memset(ws, 0, sizeof *ws);
	for (unsigned i = 0; i < p->shared->stride; i++) {
		ring_reset(pipeline_ring(p, slot, i));
		proc->tails[i] = proc->untraced[i] = 0;
		memset(&proc->sent_threads[i], 0, sizeof(struct frame));
	}
	memset(&proc->sent, 0, sizeof proc->sent);
	proc->errors = 0;
	proc->cookie = 0;
	if (p->params->sum_mode == SUM_PRIVATE)
		cell_init(&p->shared->cells[slot]);
}

/* 0 or -errno. */
static int
fork_worker(struct pipeline *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];
	pid_t self = getpid();

	forget_slot(p, slot);
	pid_t pid = FAULT("fork", EAGAIN) ? -1 : fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		close_in_child(p);
		worker_main(p->shared, slot, self);
	}
	proc->pid = proc->last_pid = pid;
	proc->serial = ++p->serials;
	proc->stopped = proc->retired = false;
	proc->ended = ENDED_NOT;
	proc->code = 0;
	return 0;
}

void
reap_fork_missing(struct pipeline *p)
{
	char why[128];

	if (p->stopping || p->stage >= STAGE_LEAVE || now_ns() < p->retry)
		return;
	for (unsigned i = 1; i < p->shared->nslots; i++) {
		if (!missing(p, i))
			continue;
		bool again = p->procs[i].started_once;
		int err = fork_worker(p, i);
		if (err != 0) {
			p->fork_error = -err;
			p->refused++;
			p->retry = now_ns() + FORK_RETRY;
			snprintf(why, sizeof why,
			    "%u of %u workers could be started: %s",
			    reap_alive(p), atomic_load(&p->shared->workers),
			    strerror(-err));
			report_text(&p->report, TEXT_BANNER, 0, 0, why);
			return;
		}
		p->refused = 0;
		p->procs[i].started_once = true;
		observe_born(p, i);
		if (again)
			report_log(&p->report, "worker-%u replaced: pid %d", i,
			    (int)p->procs[i].pid);
	}
	if (p->fork_error != 0) {
		p->fork_error = 0;
		report_text(&p->report, TEXT_BANNER, 0, 0, "");
	}
}

static unsigned
slot_of(const struct pipeline *p, pid_t pid)
{
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid == pid)
			return i;
	return 0;
}

/* Counts a death; true if there were too many in too short a time. */
static bool
too_many_deaths(struct process *proc)
{
	uint64_t now = now_ns();

	proc->deaths[proc->ndeaths++ % DEATHS_LIMIT] = now;
	return proc->ndeaths >= DEATHS_LIMIT &&
	    now - proc->deaths[proc->ndeaths % DEATHS_LIMIT] < DEATHS_SPAN;
}

static void
say_how(struct pipeline *p, unsigned slot, pid_t pid)
{
	struct process *proc = &p->procs[slot];

	if (proc->ended == ENDED_SIGNAL)
		report_log(&p->report, "worker-%u (pid %d) killed by SIG%s",
		    slot, (int)pid, sigabbrev_np(proc->code));
	else if (proc->code != 0)
		report_log(&p->report, "worker-%u (pid %d) exited with %d",
		    slot, (int)pid, proc->code);
	else if (proc->retired)
		report_log(
		    &p->report, "worker-%u (pid %d) retired", slot, (int)pid);
}

static void
died(struct pipeline *p, unsigned slot, const siginfo_t *info)
{
	struct process *proc = &p->procs[slot];
	bool killed = info->si_code != CLD_EXITED;

	proc->ended = killed ? ENDED_SIGNAL : ENDED_EXIT;
	proc->code = (uint16_t)info->si_status;
	proc->pid = 0;
	proc->stopped = false;
	proc->recovering = true;
	proc->retired =
	    !killed && atomic_load(&p->shared->slots[slot].retire) != 0;
	say_how(p, slot, proc->last_pid);
	p->next_tick = 0; /* tell at once */
	bool wanted = !p->stopping && p->stage < STAGE_LEAVE && !proc->retired;
	if (wanted && too_many_deaths(proc)) {
		proc->given_up = true;
		report_log(&p->report,
		    "worker-%u given up: it died %d times "
		    "in 10 s",
		    slot, DEATHS_LIMIT);
		report_text(&p->report, TEXT_BANNER, 1, 0,
		    "a worker was given up: it died again and again");
	}
}

void
reap_collect(struct pipeline *p)
{
	siginfo_t info = {0};

	while (waitid(P_ALL, 0, &info,
		   WEXITED | WSTOPPED | WCONTINUED | WNOHANG) == 0 &&
	    info.si_pid != 0) {
		unsigned slot = slot_of(p, info.si_pid);

		if (slot != 0 && info.si_code == CLD_STOPPED) {
			p->procs[slot].stopped = true;
			report_log(&p->report, "worker-%u (pid %d) stopped",
			    slot, (int)info.si_pid);
		} else if (slot != 0 && info.si_code == CLD_CONTINUED) {
			p->procs[slot].stopped = false;
			report_log(&p->report, "worker-%u (pid %d) continued",
			    slot, (int)info.si_pid);
		} else if (slot != 0) {
			died(p, slot, &info);
		}
		info.si_pid = 0;
	}
}

static void
say_fate(void *arg, const struct item *item, enum queue_fate fate)
{
	struct pipeline *p = arg;

	if (fate == FATE_POISONED)
		report_log(&p->report,
		    "item %u poisoned: it took %u workers with it",
		    item->number, item->kills);
	else
		report_log(&p->report, "item %u requeued", item->number);
}

/* Add the books of a dead worker to those of all the dead. */
static void
inherit(struct pipeline *p, unsigned slot)
{
	for (unsigned i = 0; i < p->shared->stride; i++) {
		struct ring *r = pipeline_ring(p, slot, i);

		if (atomic_load(&r->tid) == 0)
			continue;
		struct ledger l = ring_ledger(r);
		ledger_add(&p->gone, &l);
		p->gone_tasks += atomic_load(&r->tasks);
		p->gone_acquired += atomic_load(&r->acquired);
		p->gone_contended += atomic_load(&r->contended);
	}
}

/* 0, or -EAGAIN. */
static int
settle_sum(struct pipeline *p, unsigned slot)
{
	int doubt = sum_recover(&p->shared->sum, shared_cell(p->shared, slot),
	    pipeline_ring(p, slot, 0), p->shared->stride);

	if (doubt < 0)
		return doubt;
	if (doubt > 0)
		report_log(&p->report,
		    "worker-%u left %d add%s in doubt: done or not, nobody "
		    "can tell",
		    slot, doubt, doubt == 1 ? "" : "s");
	p->in_doubt += (uint32_t)doubt;
	return 0;
}

static bool
settle(struct pipeline *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];

	if (settle_sum(p, slot) != 0)
		return false;
	if (queue_recover(p->shared->queue, slot,
		!p->stopping && proc->ended == ENDED_SIGNAL, say_fate, p) < 0)
		return false;
	observe_dead(p, slot);
	inherit(p, slot);
	proc->recovering = false;
	for (unsigned i = 0; i < p->shared->stride; i++)
		atomic_store(&pipeline_ring(p, slot, i)->tid, 0);
	return true;
}

void
reap_recover(struct pipeline *p)
{
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].recovering && !settle(p, i))
			p->soon = true;
}
