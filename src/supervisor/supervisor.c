/* supervisor: its loop, and the life of a run from HELLO to BYE. */
#include "supervisor/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/fault.h"
#include "base/stamp.h"
#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "supervisor/scheduler.h"

#define TICK         (33 * NSEC_PER_MSEC)
#define TICK_IDLE    (100 * NSEC_PER_MSEC) /* after a look without news */
#define LAST_WAIT    (60 * NSEC_PER_SEC)   /* for the reader of BYE */
#define LEAVE_WAIT   NSEC_PER_SEC
#define TRACE_A_TICK 2048               /* events, of all threads together */
#define TRACE_MOST   (TRACE_EVENTS / 2) /* of one thread */

static void
take_signals(struct supervisor *sv)
{
	struct signalfd_siginfo si;

	while (read(sv->loop.signal_fd, &si, sizeof si) == (ssize_t)sizeof si) {
		if (si.ssi_signo == SIGCHLD)
			continue;
		run_leave(sv, (int)si.ssi_signo);
	}
	children_reap(sv);
}

enum watch {
	WATCH_SIGNAL,
	WATCH_BELL,
	WATCH_CONTROL,
	WATCH_STATUS,
	WATCH_COUNT
};

static int
poll_timeout(const struct supervisor *sv)
{
	uint64_t now = now_ns();

	if ((sv->progress.stage == STAGE_GATHER && sv->loop.soon) ||
	    scheduler_busy(sv))
		return 0;
	if (sv->loop.soon)
		return 1;
	uint64_t next = sv->loop.next_look;
	if (sv->stop.begun && !sv->stop.killed && sv->stop.kill_at < next)
		next = sv->stop.kill_at;
	if (next <= now)
		return 0;
	return (int)((next - now) / NSEC_PER_MSEC) + 1;
}

/* Wait for something to do, and begin it. `writing`: wait for the reader. */
static void
wait_events(struct supervisor *sv, bool writing)
{
	struct pollfd fds[WATCH_COUNT] = {
	    [WATCH_SIGNAL] = {.fd = sv->loop.signal_fd, .events = POLLIN},
	    [WATCH_BELL] = {.fd = sv->loop.bell_fd, .events = POLLIN},
	    [WATCH_CONTROL] = {.fd = sv->stop.leave ? -1
						    : sv->options->control_fd,
		.events = POLLIN},
	    [WATCH_STATUS] = {.fd = sv->report.broken ? -1
						      : sv->options->status_fd,
		.events = writing ? POLLOUT : 0},
	};
	uint64_t rung;

	poll(fds, WATCH_COUNT, poll_timeout(sv));
	sv->loop.soon = false;
	if (fds[WATCH_SIGNAL].revents != 0)
		take_signals(sv);
	if (fds[WATCH_BELL].revents != 0 &&
	    read(sv->loop.bell_fd, &rung, sizeof rung) < 0 && errno != EAGAIN)
		fatal("eventfd: %s", strerror(errno));
	if (fds[WATCH_CONTROL].revents != 0)
		commands_read(sv);
	if ((fds[WATCH_STATUS].revents & (POLLERR | POLLNVAL)) != 0)
		sv->report.broken = true;
	if (sv->report.broken)
		run_leave(sv, 0);
}

static void
tick(struct supervisor *sv)
{
	uint64_t now = now_ns();

	run_kill_late(sv);
	if (now < sv->loop.next_look || scheduler_quiet(sv))
		return;
	sv->loop.next_look = now + (report_tick(sv) ? TICK : TICK_IDLE);
	sv->ops->tick(sv);
}

/* Many threads share the events of a tick; a few fill their buffers. */
static uint32_t
trace_budget(const struct params_priv *o)
{
	uint32_t each =
	    TRACE_A_TICK / (o->params.processes * o->params.threads);

	if (o->status_fd < 0 || o->quiet)
		return 0;
	if (each < 1)
		return 1;
	return each < TRACE_MOST ? each : TRACE_MOST;
}

/*
 * What the lock kind of this run needs, and those kinds that a command may
 * switch to. 0 or -errno of the former.
 */
static int
prepare_locks(struct supervisor *sv)
{
	const char *call;

	for (unsigned kind = 0; kind < lock_nkinds; kind++) {
		bool now = kind == sv->options->lock;

		if (!now && sv->options->control_fd < 0)
			continue;
		int err = lock_prepare(kind, &call);
		if (err != 0 && now) {
			sv->failed.call = call;
			return err;
		}
	}
	return 0;
}

/* 0 or -errno. */
static int
begin_run(struct supervisor *sv)
{
	int err = prepare_locks(sv);

	if (err == 0)
		err = shared_layout(
		    &sv->arena, sv->options, sv->loop.bell_fd, &sv->shared);
	if (err == 0)
		err = children_alloc(sv);
	if (err != 0)
		return err;
	uint32_t budget = trace_budget(sv->options);
	atomic_store(&sv->shared->tracing.budget, budget);
	atomic_store(&sv->shared->tracing.tick, budget > 0);
	run_begin(sv);
	commands_begin(sv);
	if ((err = scheduler_begin(sv)) != 0 || (err = sv->ops->begin(sv)) != 0)
		return err;
	report_hello(sv);
	return 0;
}

/*
 * The reader may be stopped, or slow: wait for it, but not forever, and hardly
 * at all if the engine itself is to end.
 */
static void
last_word(struct supervisor *sv)
{
	while (!report_bye(sv) &&
	    now_ns() - sv->progress.end <
		(sv->stop.leave ? LEAVE_WAIT : LAST_WAIT)) {
		sv->loop.next_look = now_ns() + TICK;
		wait_events(sv, true);
	}
}

/* From HELLO to BYE. */
static void
run(struct supervisor *sv)
{
	/* The first worker before the first frame: if none can be forked,
	 * there is one error line and no stream that breaks off. */
	scheduler_advance(sv);
	if (sv->births.fork_error != 0 && sv->births.serials == 0)
		return;
	while (sv->progress.stage != STAGE_OVER) {
		wait_events(sv, false);
		/* Before a replacement takes the slot. */
		children_check_threads(sv);
		children_recover(sv);
		commands_settle(sv);
		scheduler_advance(sv);
		tick(sv);
	}
	last_word(sv);
}

/* After BYE: wait for a restart or the end. */
static void
linger(struct supervisor *sv)
{
	while (!sv->stop.leave && !sv->stop.restart &&
	    sv->options->control_fd >= 0) {
		sv->loop.next_look = now_ns() + 3600 * NSEC_PER_SEC;
		wait_events(sv, false);
	}
}

/* Keep descriptors, options and the stream's numbers; forget the run. */
static int
next_run(struct supervisor *sv)
{
	commands_keep(sv);
	struct supervisor fresh = {.options = sv->options,
	    .params = sv->params,
	    .ops = sv->ops,
	    .arena = sv->arena,
	    .report = sv->report,
	    .run = sv->run + 1,
	    .loop = {.signal_fd = sv->loop.signal_fd,
		.bell_fd = sv->loop.bell_fd},
	    .commands = sv->commands,
	    .scheduler = sv->scheduler};

	children_free(sv);
	if (sv->ops->end != NULL)
		sv->ops->end(sv);
	int err = arena_reset(&fresh.arena);
	*sv = fresh;
	sv->failed.call = err != 0 ? "mmap" : NULL;
	return err;
}

/* 0 or -errno. */
static int
open_descriptors(struct supervisor *sv)
{
	static const int endings[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (!signal_is_ignored(endings[i]))
			sigaddset(&set, endings[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* frames into a file: write() fails */
	signal(SIGCHLD, SIG_DFL); /* ignored, it would reap for us */
	sv->failed.call = "signalfd";
	sv->loop.signal_fd = FAULT("signalfd", EMFILE)
	    ? -1
	    : signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (sv->loop.signal_fd < 0)
		return -errno;
	sv->failed.call = "eventfd";
	sv->loop.bell_fd = FAULT("eventfd", EMFILE)
	    ? -1
	    : eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (sv->loop.bell_fd < 0)
		return -errno;
	sv->failed.call = NULL;
	if (sv->options->control_fd >= 0)
		fcntl(sv->options->control_fd, F_SETFL, O_NONBLOCK);
	return 0;
}

/* The shared memory. 0 or -errno. */
static int
open_arena(struct supervisor *sv)
{
	sv->failed.call = "mmap";
	int err = shared_open(&sv->arena, sv->params, &sv->failed.bytes);
	if (err == 0) {
		sv->failed.call = NULL;
		sv->failed.bytes = 0;
	}
	return err;
}

static int
cannot_start(const struct supervisor *sv, int err)
{
	fprintf(stderr, "lockstep-engine: cannot start: ");
	if (sv->failed.call != NULL)
		fprintf(stderr, "%s: ", sv->failed.call);
	if (sv->failed.bytes > 0)
		fprintf(stderr, "%zu MiB of memory for all processes: ",
		    (sv->failed.bytes >> 20) + 1);
	fprintf(stderr, "%s\n", strerror(-err));
	return EXIT_START;
}

static int
exit_status(const struct supervisor *sv)
{
	if (sv->stop.signal != 0)
		return 128 + sv->stop.signal;
	switch (run_outcome(sv)) {
	case OUTCOME_FAILED:
		return EXIT_ACCOUNTING;
	case OUTCOME_HUNG:
		return EXIT_HUNG;
	default:
		return 0;
	}
}

int
supervisor_main(const struct params_priv *options)
{
	struct supervisor sv = {.options = options,
	    .params = &options->params,
	    .ops = options->params.demo->main != NULL ? &program_ops
						      : &pipeline_ops};
	int err = open_descriptors(&sv), status;

	if (err == 0)
		err = open_arena(&sv);
	sv.scheduler = scheduler_new(&sv);
	if (err == 0 && sv.scheduler == NULL)
		err = -ENOMEM;
	if (err != 0)
		return cannot_start(&sv, err);
	stamp_init();
	cpu_count(); /* once, before any fork */
	report_init(&sv.report, options->status_fd, options->quiet);
	for (;;) {
		if ((err = begin_run(&sv)) != 0)
			return cannot_start(&sv, err);
		run(&sv);
		sv.failed.call = "fork";
		if (sv.births.fork_error != 0 && sv.births.serials == 0)
			return cannot_start(&sv, -sv.births.fork_error);
		status = exit_status(&sv);
		linger(&sv);
		if (sv.stop.signal != 0)
			status = 128 + sv.stop.signal;
		if (sv.stop.leave || !sv.stop.restart)
			break;
		if ((err = next_run(&sv)) != 0)
			return cannot_start(&sv, err);
	}
	if (report_failed(&sv.report) && status == 0)
		status = EXIT_ACCOUNTING;
	children_free(&sv);
	if (sv.ops->end != NULL)
		sv.ops->end(&sv);
	scheduler_free(sv.scheduler);
	report_free(&sv.report);
	arena_close(&sv.arena);
	return status;
}
