/* commands: from the dashboard, carried out and acknowledged. */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "supervisor/scheduler.h"

#define WINDOW_MAX (10 * NSEC_PER_SEC)

/* ---- from run to run ---- */

void
commands_begin(struct supervisor *sv)
{
	struct commands *c = &sv->commands;

	if (c->lock_other == 0)
		c->lock_other = sv->options->lock != 0
		    ? sv->options->lock
		    : (unsigned)lock_find("mutex");
	if (c->lock_kept == 0)
		return;
	sv->shared->sum.wanted = (unsigned)c->lock_kept - 1;
	atomic_store(&sv->shared->sum.kind, sv->shared->sum.wanted);
}

void
commands_keep(struct supervisor *sv)
{
	sv->commands.result = 0;
	sv->commands.lock_kept = (int)sv->shared->sum.wanted + 1;
}

/* ---- carrying them out ---- */

static int
set_lock(struct supervisor *sv, int64_t arg)
{
	unsigned was = sv->shared->sum.wanted;
	const char *call;

	if (arg < 0 || arg >= (int64_t)lock_nkinds)
		return -EINVAL;
	if ((unsigned)arg == was)
		return 0;
	int err = lock_prepare((unsigned)arg, &call);
	if (err != 0) {
		report_log(&sv->report, "lock %s is not available: %s: %s",
		    lock_kinds[arg].name, call, strerror(-err));
		return err;
	}
	if (arg != 0)
		sv->commands.lock_other = (unsigned)arg;
	sum_switch(&sv->shared->sum, (unsigned)arg);
	scheduler_lock_changes(sv);
	report_log(&sv->report, "you %s%s (was %s)",
	    arg == 0 ? "turned the lock off" : "set the lock to ",
	    arg == 0 ? "" : lock_kinds[arg].name, lock_kinds[was].name);
	return 0;
}

static int
set_window(struct supervisor *sv, int64_t arg)
{
	char text[32];

	if (arg < 0 || arg > (int64_t)WINDOW_MAX)
		return -EINVAL;
	atomic_store(&sv->shared->sum.window, (uint64_t)arg);
	format_time(text, sizeof text, (uint64_t)arg);
	report_log(&sv->report, "you set the window to %s", text);
	return 0;
}

static int
set_blind(struct supervisor *sv, int64_t arg)
{
	atomic_store(&sv->shared->sum.blind, arg != 0);
	report_log(&sv->report, "you turned the recording of adds %s",
	    arg != 0 ? "off" : "on");
	return 0;
}

static int
set_speed(struct supervisor *sv, int64_t arg)
{
	if (arg < 1 || arg > SPEED_MAX)
		return -EINVAL;
	gate_set_speed(&sv->shared->gate, (uint32_t)arg);
	report_log(
	    &sv->report, "you set the speed to %gx", (double)arg / SPEED_ONE);
	return 0;
}

static int
set_pause(struct supervisor *sv, int64_t arg)
{
	if (arg != 0 && scheduler_on(sv))
		return -EBUSY;
	gate_pause(&sv->shared->gate, arg != 0);
	report_log(
	    &sv->report, "you %s the workers", arg != 0 ? "paused" : "resumed");
	return 0;
}

/* Workers beyond this number leave after their current item. */
static int
set_workers(struct supervisor *sv, int64_t arg)
{
	if (!sv->ops->has_items)
		return -ENOTSUP; /* a program starts its own processes */
	if (arg < 1 || arg >= sv->shared->nslots)
		return -EINVAL;
	if (sv->progress.stage >= STAGE_LEAVE)
		return -EALREADY;
	atomic_store(&sv->shared->workers, (uint32_t)arg);
	for (unsigned i = 1; i < sv->shared->nslots; i++) {
		bool retire = i > (unsigned)arg;

		atomic_store(&sv->shared->slots[i].retire, retire);
		if (!retire)
			children_try_again(sv, i);
	}
	run_wake(sv);
	scheduler_workers_change(sv);
	report_log(
	    &sv->report, "you set the number of workers to %d", (int)arg);
	return 0;
}

static int
set_threads(struct supervisor *sv, int64_t arg)
{
	if (!sv->ops->has_items)
		return -ENOTSUP;
	if (arg < 1 || arg >= sv->shared->stride)
		return -EINVAL;
	atomic_store(&sv->shared->threads, (uint32_t)arg);
	run_wake(sv);
	scheduler_workers_change(sv);
	report_log(
	    &sv->report, "you set the threads per worker to %d", (int)arg);
	return 0;
}

static int
kill_worker(struct supervisor *sv, int64_t arg)
{
	for (unsigned i = 1; i < sv->shared->nslots; i++) {
		if (arg <= 0 || sv->procs[i].pid != arg)
			continue;
		report_log(&sv->report, "you sent SIGKILL to %s (pid %d)",
		    sv->procs[i].name, (int)arg);
		return kill((pid_t)arg, SIGKILL) == 0 ? 0 : -errno;
	}
	return -ESRCH;
}

static int
commands_obey(struct supervisor *sv, const struct frame_command_body *c)
{
	switch (c->op) {
	case COMMAND_LOCK:
		return set_lock(sv, c->arg);
	case COMMAND_WINDOW:
		return set_window(sv, c->arg);
	case COMMAND_BLIND:
		return set_blind(sv, c->arg);
	case COMMAND_SPEED:
		return set_speed(sv, c->arg);
	case COMMAND_PAUSE:
		return set_pause(sv, c->arg);
	case COMMAND_STEP:
		return scheduler_step(sv, c->arg);
	case COMMAND_STEPPED:
		return scheduler_set(sv, c->arg);
	case COMMAND_UNDO:
		return scheduler_undo(sv, c->arg);
	case COMMAND_WORKERS:
		return set_workers(sv, c->arg);
	case COMMAND_THREADS:
		return set_threads(sv, c->arg);
	case COMMAND_KILL:
		return kill_worker(sv, c->arg);
	case COMMAND_RESTART:
		scheduler_restart(sv);
		run_restart(sv);
		return 0;
	case COMMAND_STOP:
		run_leave(sv, 0);
		return 0;
	}
	return -ENOTSUP;
}

static void
take_command(const struct frame *f, void *arg)
{
	struct supervisor *sv = arg;

	if (f->type != FRAME_COMMAND)
		return;
	sv->commands.result = commands_obey(sv, &f->command);
	sv->commands.ack = f->seq;
	supervisor_look_now(sv);
}

void
commands_read(struct supervisor *sv)
{
	char buf[FRAME_BATCH * FRAME_SIZE];
	ssize_t got = read(sv->options->control_fd, buf, sizeof buf);

	if (got > 0) {
		frame_read(
		    &sv->commands.reader, buf, (size_t)got, take_command, sv);
	} else if (got == 0 || errno != EAGAIN) {
		run_leave(sv, 0);
	}
}

void
commands_settle(struct supervisor *sv)
{
	bool pends =
	    atomic_load(&sv->shared->sum.kind) != sv->shared->sum.wanted;

	if (!sum_switched(&sv->shared->sum, sv->shared->tslots,
		supervisor_tslot_count(sv)))
		supervisor_look_soon(sv);
	else if (pends)
		scheduler_stir(sv);
}
