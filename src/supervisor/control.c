/* control: commands from the dashboard, carried out and acknowledged. */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "supervisor/scheduler.h"

#define WINDOW_MAX (10 * NSEC_PER_SEC)

static int
set_lock(struct supervisor *p, int64_t arg)
{
	unsigned was = p->shared->sum.wanted;
	const char *call;

	if (arg < 0 || arg >= (int64_t)lock_nkinds)
		return -EINVAL;
	if ((unsigned)arg == was)
		return 0;
	int err = lock_prepare((unsigned)arg, &call);
	if (err != 0) {
		report_log(&p->report, "lock %s cannot be used here: %s: %s",
		    lock_kinds[arg].name, call, strerror(-err));
		return err;
	}
	if (arg != 0)
		p->lock_other = (unsigned)arg;
	sum_switch(&p->shared->sum, (unsigned)arg);
	scheduler_lock_changes(p);
	report_log(&p->report, "you %s%s (was %s)",
	    arg == 0 ? "turned the lock off" : "set the lock to ",
	    arg == 0 ? "" : lock_kinds[arg].name, lock_kinds[was].name);
	return 0;
}

static int
set_window(struct supervisor *p, int64_t arg)
{
	char text[32];

	if (arg < 0 || arg > (int64_t)WINDOW_MAX)
		return -EINVAL;
	atomic_store(&p->shared->sum.window, (uint64_t)arg);
	format_time(text, sizeof text, (uint64_t)arg);
	report_log(&p->report, "you set the window to %s", text);
	return 0;
}

static int
set_blind(struct supervisor *p, int64_t arg)
{
	atomic_store(&p->shared->sum.blind, arg != 0);
	report_log(&p->report, "you turned the recording of adds %s",
	    arg != 0 ? "off" : "on");
	return 0;
}

static int
set_speed(struct supervisor *p, int64_t arg)
{
	if (arg < 1 || arg > SPEED_MAX)
		return -EINVAL;
	gate_set_speed(&p->shared->gate, (uint32_t)arg);
	report_log(
	    &p->report, "you set the speed to %gx", (double)arg / SPEED_ONE);
	return 0;
}

static int
set_pause(struct supervisor *p, int64_t arg)
{
	if (arg != 0 && scheduler_on(p))
		return -EBUSY;
	gate_pause(&p->shared->gate, arg != 0);
	report_log(
	    &p->report, "you %s the workers", arg != 0 ? "paused" : "resumed");
	return 0;
}

/* Workers beyond the number wanted leave after the item in hand. */
static int
set_workers(struct supervisor *p, int64_t arg)
{
	if (!p->ops->has_items)
		return -ENOTSUP; /* a program has what it starts */
	if (arg < 1 || arg >= p->shared->nslots)
		return -EINVAL;
	if (p->stage >= STAGE_LEAVE)
		return -EALREADY;
	atomic_store(&p->shared->workers, (uint32_t)arg);
	for (unsigned i = 1; i < p->shared->nslots; i++) {
		bool retire = i > (unsigned)arg;

		atomic_store(&p->shared->slots[i].retire, retire);
		if (!retire && p->procs[i].given_up) {
			p->procs[i].given_up = false;
			p->procs[i].ndeaths = 0;
		}
	}
	control_wake(p);
	scheduler_crew_changes(p);
	report_log(&p->report, "you set the number of workers to %d", (int)arg);
	return 0;
}

static int
set_threads(struct supervisor *p, int64_t arg)
{
	if (!p->ops->has_items)
		return -ENOTSUP;
	if (arg < 1 || arg >= p->shared->stride)
		return -EINVAL;
	atomic_store(&p->shared->threads, (uint32_t)arg);
	control_wake(p);
	scheduler_crew_changes(p);
	report_log(
	    &p->report, "you set the threads per worker to %d", (int)arg);
	return 0;
}

static int
kill_worker(struct supervisor *p, int64_t arg)
{
	for (unsigned i = 1; i < p->shared->nslots; i++) {
		if (arg <= 0 || p->procs[i].pid != arg)
			continue;
		report_log(&p->report, "you sent SIGKILL to %s (pid %d)",
		    p->procs[i].name, (int)arg);
		return kill((pid_t)arg, SIGKILL) == 0 ? 0 : -errno;
	}
	return -ESRCH;
}

static int
commands_obey(struct supervisor *p, const struct frame_command_body *c)
{
	switch (c->op) {
	case COMMAND_LOCK:
		return set_lock(p, c->arg);
	case COMMAND_WINDOW:
		return set_window(p, c->arg);
	case COMMAND_BLIND:
		return set_blind(p, c->arg);
	case COMMAND_SPEED:
		return set_speed(p, c->arg);
	case COMMAND_PAUSE:
		return set_pause(p, c->arg);
	case COMMAND_STEP:
		return scheduler_step(p, c->arg);
	case COMMAND_STEPPED:
		return scheduler_set(p, c->arg);
	case COMMAND_UNDO:
		return scheduler_undo(p, c->arg);
	case COMMAND_WORKERS:
		return set_workers(p, c->arg);
	case COMMAND_THREADS:
		return set_threads(p, c->arg);
	case COMMAND_KILL:
		return kill_worker(p, c->arg);
	case COMMAND_RESTART:
		scheduler_restart(p);
		p->restart = true;
		control_stop(p);
		return 0;
	case COMMAND_STOP:
		p->leave = true;
		control_stop(p);
		return 0;
	}
	return -ENOTSUP;
}

static void
take_command(const struct frame *f, void *arg)
{
	struct supervisor *p = arg;

	if (f->type != FRAME_COMMAND)
		return;
	p->result = commands_obey(p, &f->command);
	p->ack = f->seq;
	p->next_tick = 0;
}

void
control_read(struct supervisor *p)
{
	char buf[FRAME_BATCH * FRAME_SIZE];
	ssize_t got = read(p->options->control_fd, buf, sizeof buf);

	if (got > 0) {
		frame_read(&p->commands, buf, (size_t)got, take_command, p);
	} else if (got == 0 || errno != EAGAIN) {
		p->leave = true;
		control_stop(p);
	}
}

void
control_settle(struct supervisor *p)
{
	bool pends = atomic_load(&p->shared->sum.kind) != p->shared->sum.wanted;

	if (!sum_switched(
		&p->shared->sum, p->shared->tslots, supervisor_rings(p)))
		p->soon = true;
	else if (pends)
		scheduler_stir(p);
}
