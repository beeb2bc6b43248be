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

/* A process could not start all its threads: say so. */
static void
check_threads(struct supervisor *p)
{
	unsigned want = atomic_load(&p->shared->threads);
	char why[160];

	for (unsigned i = 1; i < p->shared->nslots; i++) {
		struct worker_slot *ws = &p->shared->slots[i];
		int error = atomic_exchange(&ws->error, 0);

		if (error == 0)
			continue;
		unsigned have = atomic_load(&ws->threads);

		snprintf(p->cause, sizeof p->cause,
		    "%s cannot start %sthreads: %s", p->procs[i].name,
		    have > 0 ? "more " : "", strerror(error));
		if (have > 0 && p->ops == &feed_ops)
			snprintf(why, sizeof why,
			    "%s: %u of %u threads could be started: %s",
			    p->procs[i].name, have, want, strerror(error));
		else
			snprintf(why, sizeof why, "%s", p->cause);
		report_text(&p->report, TEXT_BANNER, BANNER_THREADS, 0, why);
	}
}

static void
take_signals(struct supervisor *p)
{
	struct signalfd_siginfo si;

	while (read(p->signal_fd, &si, sizeof si) == (ssize_t)sizeof si) {
		if (si.ssi_signo == SIGCHLD)
			continue;
		p->signal = (int)si.ssi_signo;
		p->leave = true;
		control_stop(p);
	}
	reap_collect(p);
}

enum watch {
	WATCH_SIGNAL,
	WATCH_BELL,
	WATCH_CONTROL,
	WATCH_STATUS,
	WATCH_COUNT
};

static int
poll_timeout(const struct supervisor *p)
{
	uint64_t now = now_ns();

	if ((p->stage == STAGE_GATHER && p->soon) || scheduler_busy(p))
		return 0;
	if (p->soon)
		return 1;
	uint64_t next = p->next_tick;
	if (p->stopping && !p->killed_all && p->stop_at < next)
		next = p->stop_at;
	if (next <= now)
		return 0;
	return (int)((next - now) / NSEC_PER_MSEC) + 1;
}

/* Wait for something to do, take it in. */
static void
wait_events(struct supervisor *p)
{
	struct pollfd fds[WATCH_COUNT] = {
	    [WATCH_SIGNAL] = {.fd = p->signal_fd, .events = POLLIN},
	    [WATCH_BELL] = {.fd = p->bell_fd, .events = POLLIN},
	    [WATCH_CONTROL] = {.fd = p->leave ? -1 : p->options->control_fd,
		.events = POLLIN},
	    [WATCH_STATUS] = {.fd =
				  p->report.broken ? -1 : p->options->status_fd,
		.events = p->telling ? POLLOUT : 0},
	};
	uint64_t tslots;

	poll(fds, WATCH_COUNT, poll_timeout(p));
	p->soon = false;
	if (fds[WATCH_SIGNAL].revents != 0)
		take_signals(p);
	if (fds[WATCH_BELL].revents != 0 &&
	    read(p->bell_fd, &tslots, sizeof tslots) < 0 && errno != EAGAIN)
		fatal("the bell: %s", strerror(errno));
	if (fds[WATCH_CONTROL].revents != 0)
		control_read(p);
	if ((fds[WATCH_STATUS].revents & (POLLERR | POLLNVAL)) != 0)
		p->report.broken = true;
	if (p->report.broken) {
		p->leave = true;
		control_stop(p);
	}
}

static void
tick(struct supervisor *p)
{
	uint64_t now = now_ns();

	if (p->stopping && !p->killed_all && now >= p->stop_at) {
		p->killed_all = true;
		reap_kill_all(p);
	}
	if (now < p->next_tick || scheduler_quiet(p))
		return;
	p->next_tick = now + (observe_tick(p) ? TICK : TICK_IDLE);
	p->ops->tick(p);
}

/* Many threads share a tick's trace; a few are traced as far as slots go. */
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
 * What the kind in force needs, and those that a command can put in force. 0 or
 * -errno of the former.
 */
static int
prepare_locks(struct supervisor *p)
{
	const char *call;

	for (unsigned kind = 0; kind < lock_nkinds; kind++) {
		bool now = kind == p->options->lock;

		if (!now && p->options->control_fd < 0)
			continue;
		int err = lock_prepare(kind, &call);
		if (err != 0 && now) {
			p->call = call;
			return err;
		}
	}
	return 0;
}

/* All that a run begins with. 0 or -errno. */
static int
begin_run(struct supervisor *p)
{
	int err = prepare_locks(p);

	if (err == 0)
		err = shared_layout(
		    &p->arena, p->options, p->bell_fd, &p->shared);
	if (err == 0)
		err = reap_alloc(p);
	if (err != 0)
		return err;
	uint32_t budget = trace_budget(p->options);
	atomic_store(&p->shared->tracing.budget, budget);
	atomic_store(&p->shared->tracing.tick, budget > 0);
	if (p->lock_other == 0)
		p->lock_other = p->options->lock != 0
		    ? p->options->lock
		    : (unsigned)lock_find("mutex");
	p->stage = STAGE_GATHER;
	p->start = now_ns();
	if (p->lock_kept > 0) {
		p->shared->sum.wanted = (unsigned)p->lock_kept - 1;
		atomic_store(&p->shared->sum.kind, p->shared->sum.wanted);
	}
	if ((err = scheduler_begin(p)) != 0 || (err = p->ops->begin(p)) != 0)
		return err;
	announce_run(p);
	return 0;
}

/*
 * The reader may be stopped or slow: wait for it, but not forever, and hardly
 * at all if the engine itself was asked to leave.
 */
static void
last_word(struct supervisor *p)
{
	p->telling = true;
	while (!observe_bye(p) &&
	    now_ns() - p->end < (p->leave ? LEAVE_WAIT : LAST_WAIT)) {
		p->next_tick = now_ns() + TICK;
		wait_events(p);
	}
	p->telling = false;
}

/* From HELLO to BYE. */
static void
run(struct supervisor *p)
{
	/* A first worker before the first word: if none can be had, we say
	 * so in one line and leave no half a stream. */
	scheduler_advance(p);
	if (p->fork_error != 0 && p->serials == 0)
		return;
	while (p->stage != STAGE_OVER) {
		wait_events(p);
		check_threads(p); /* before a replacement takes the slot */
		reap_recover(p);
		control_settle(p);
		scheduler_advance(p);
		tick(p);
	}
	p->end = now_ns();
	last_word(p);
}

/* After BYE: wait for a restart or the end. */
static void
linger(struct supervisor *p)
{
	while (!p->leave && !p->restart && p->options->control_fd >= 0) {
		p->next_tick = now_ns() + 3600 * NSEC_PER_SEC;
		wait_events(p);
	}
}

/* Keep descriptors, options and the stream's numbers; forget the run. */
static int
next_run(struct supervisor *p)
{
	struct supervisor fresh = {.options = p->options,
	    .params = p->params,
	    .ops = p->ops,
	    .arena = p->arena,
	    .report = p->report,
	    .run = p->run + 1,
	    .ack = p->ack,
	    .lock_other = p->lock_other,
	    .lock_kept = (int)p->shared->sum.wanted + 1,
	    .commands = p->commands,
	    .stepper = p->stepper,
	    .signal_fd = p->signal_fd,
	    .bell_fd = p->bell_fd};

	reap_free(p);
	if (p->ops->end != NULL)
		p->ops->end(p);
	int err = arena_reset(&fresh.arena);
	*p = fresh;
	p->call = err != 0 ? "mmap" : NULL;
	return err;
}

/* 0 or -errno. */
static int
open_descriptors(struct supervisor *p)
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
	signal(SIGXFSZ, SIG_IGN); /* frames into a file: a write says so */
	signal(SIGCHLD, SIG_DFL); /* ignored, it would reap in our place */
	p->call = "signalfd";
	p->signal_fd = FAULT("signalfd", EMFILE)
	    ? -1
	    : signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (p->signal_fd < 0)
		return -errno;
	p->call = "eventfd";
	p->bell_fd = FAULT("eventfd", EMFILE)
	    ? -1
	    : eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (p->bell_fd < 0)
		return -errno;
	p->call = NULL;
	if (p->options->control_fd >= 0)
		fcntl(p->options->control_fd, F_SETFL, O_NONBLOCK);
	return 0;
}

/* The memory that all share. 0 or -errno. */
static int
open_arena(struct supervisor *p)
{
	p->call = "mmap";
	int err = shared_open(&p->arena, p->params, &p->asked);
	if (err == 0) {
		p->call = NULL;
		p->asked = 0;
	}
	return err;
}

static int
cannot_start(const struct supervisor *p, int err)
{
	fprintf(stderr, "lockstep-engine: cannot start: ");
	if (p->call != NULL)
		fprintf(stderr, "%s: ", p->call);
	if (p->asked > 0)
		fprintf(stderr, "%zu MiB of memory for all processes: ",
		    (p->asked >> 20) + 1);
	fprintf(stderr, "%s\n", strerror(-err));
	return EXIT_START;
}

static int
exit_status(const struct supervisor *p)
{
	if (p->signal != 0)
		return 128 + p->signal;
	switch (supervisor_outcome(p)) {
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
	struct supervisor p = {.options = options,
	    .params = &options->params,
	    .ops =
		options->params.demo->main != NULL ? &program_ops : &feed_ops};
	int err = open_descriptors(&p), status;

	if (err == 0)
		err = open_arena(&p);
	p.stepper = scheduler_new(&p);
	if (err == 0 && p.stepper == NULL)
		err = -ENOMEM;
	if (err != 0)
		return cannot_start(&p, err);
	stamp_init();
	cpu_count(); /* here, and so in no worker */
	report_init(&p.report, options->status_fd, options->quiet);
	for (;;) {
		if ((err = begin_run(&p)) != 0)
			return cannot_start(&p, err);
		run(&p);
		p.call = "fork";
		if (p.fork_error != 0 && p.serials == 0)
			return cannot_start(&p, -p.fork_error);
		status = exit_status(&p);
		linger(&p);
		if (p.signal != 0)
			status = 128 + p.signal;
		if (p.leave || !p.restart)
			break;
		if ((err = next_run(&p)) != 0)
			return cannot_start(&p, err);
	}
	if (report_failed(&p.report) && status == 0)
		status = EXIT_ACCOUNTING;
	reap_free(&p);
	if (p.ops->end != NULL)
		p.ops->end(&p);
	scheduler_free(p.stepper);
	report_free(&p.report);
	arena_close(&p.arena);
	return status;
}
