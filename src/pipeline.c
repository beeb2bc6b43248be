/* pipeline: the supervisor's loop, and what it does at each stage of a run. */
#include "pipeline.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "hook.h"
#include "lockstep.h"
#include "util.h"

#define TICK         (33 * NSEC_PER_MSEC)
#define TICK_IDLE    (100 * NSEC_PER_MSEC) /* after a look without news */
#define LAST_WAIT    (60 * NSEC_PER_SEC)   /* for the reader of BYE */
#define LEAVE_WAIT   NSEC_PER_SEC
#define PUT_AHEAD    (100 * NSEC_PER_MSEC) /* of work, with --duration */
#define PUT_AHEAD    (100 * NSEC_PER_MSEC) /* of work, with --duration */
#define PUT_BATCH    256
#define PUT_ROUNDS   16   /* batches put before the loop looks around */
#define TRACE_A_TICK 2048 /* events, of all threads together */
#define TRACE_MOST   (RING_EVENTS / 2)  /* of one thread */
#define BARRIER_WAIT (2 * NSEC_PER_SEC) /* then start with who is there */

/* The items of this run: from the demo's source, or from --items. */
static void
count_items(struct pipeline *p)
{
	const struct source *source = p->params->demo->source;

	p->total = source != NULL ? source->count() : p->params->items.total;
}

static struct queue_put
item_to_put(const struct pipeline *p, uint64_t i)
{
	const struct source *source = p->params->demo->source;
	struct queue_put put = {0};

	i %= p->total;
	if (source != NULL)
		source->item(i, &put.n, &put.cookie);
	else
		put.n = items_at(&p->params->items, i);
	return put;
}

/* All that is to be put has been put. */
static bool
put_all(struct pipeline *p)
{
	if (p->total == 0)
		return true;
	if (p->deadline != 0)
		return now_ns() >= p->deadline;
	return p->next >= p->total;
}

/*
 * With --duration only as many items are put as are likely to be done soon,
 * because what is queued when the time is up is still done: as many as the
 * last tick's pace does in PUT_AHEAD, and more if the queue was found empty.
 */
static unsigned
put_ahead(struct pipeline *p, const struct queue_stats *s)
{
	uint64_t least = 2 * atomic_load(&p->shared->workers);
	uint64_t now = now_ns(), ahead = p->ahead;

	if (s->queued == 0) {
		ahead *= 2;
	} else if (now - p->pace_since >= TICK) {
		ahead = (s->done - p->pace_done) * PUT_AHEAD /
		    (now - p->pace_since);
		p->pace_done = s->done;
		p->pace_since = now;
	}
	if (ahead > QUEUE_CAPACITY)
		ahead = QUEUE_CAPACITY;
	p->ahead = ahead > least ? ahead : least;
	return (unsigned)p->ahead;
}

/* How many items may be put now; the bell calls when it may be more. */
static uint64_t
put_limit(struct pipeline *p)
{
	struct queue_stats s;

	if (p->deadline == 0)
		return p->total - p->next;
	queue_want_room(p->shared->queue);
	if (queue_read_stats(p->shared->queue, &s) != 0)
		return 0;
	unsigned ahead = put_ahead(p, &s);
	return ahead > s.queued ? ahead - s.queued : 0;
}

/* One batch of at most `limit`; false if the queue takes no more for now. */
static bool
put_batch(struct pipeline *p, uint64_t limit)
{
	struct queue_put batch[PUT_BATCH];
	unsigned k;

	for (k = 0; k < PUT_BATCH && k < limit; k++)
		batch[k] = item_to_put(p, p->next + k);
	int put = queue_put(p->shared->queue, batch, k);
	if (put < 0) {
		p->soon = true;
		return false;
	}
	p->next += (unsigned)put;
	return (unsigned)put == k || queue_want_room(p->shared->queue);
}

/* The sum must fit into the cell's word: stop well before. */
static bool
sum_is_full(struct pipeline *p)
{
	if (tally_ledger(p).expected < CELL_MAX)
		return false;
	report_text(&p->report, TEXT_BANNER, 2, 0,
	    "the sum has come to its limit of 2^48: nothing more is put");
	return true;
}

static void
feed(struct pipeline *p)
{
	uint64_t until = p->next + put_limit(p);

	for (unsigned round = 0; round < PUT_ROUNDS && p->next < until; round++)
		if (!put_batch(p, until - p->next))
			return;
	if (put_all(p)) {
		p->stage = STAGE_JOIN;
		report_log(&p->report, "all items are put; joining the queue");
	} else if (p->next < until) {
		p->soon = true;
	}
}

static void
join(struct pipeline *p)
{
	if (!queue_want_joined(p->shared->queue))
		return;
	unsigned alive = reap_alive(p);
	if (queue_sentinels(p->shared->queue, alive) != 0) {
		p->soon = true;
		return;
	}
	p->stage = STAGE_LEAVE;
	report_log(&p->report,
	    "the queue is joined: a sentinel each for "
	    "%u workers",
	    alive);
}

static bool
all_ready(const struct pipeline *p)
{
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid != 0 &&
		    atomic_load(&p->shared->slots[i].ready) == 0)
			return false;
	return p->fork_error == 0 && !reap_all_gone(p);
}

/* Some worker could not start all its threads: say so. */
static void
check_threads(struct pipeline *p)
{
	unsigned want = atomic_load(&p->shared->threads);
	char why[160];

	for (unsigned i = 1; i < p->shared->nslots; i++) {
		struct worker_slot *ws = &p->shared->slots[i];
		int error = atomic_exchange(&ws->error, 0);

		if (error == 0)
			continue;
		snprintf(why, sizeof why,
		    "worker-%u: %u of %u threads could be started: %s", i,
		    atomic_load(&ws->threads), want, strerror(error));
		report_text(&p->report, TEXT_BANNER, 3, 0, why);
	}
}

static void
begin_feeding(struct pipeline *p)
{
	p->stage = STAGE_FEED;
	p->next_tick = 0; /* tell at once */
	if (p->params->duration != 0)
		p->deadline = now_ns() + p->params->duration;
	report_log(&p->report, "all threads are ready: start");
}

static void
gather(struct pipeline *p)
{
	const struct source *source = p->params->demo->source;

	if (source != NULL && source->step()) {
		p->soon = true;
		return;
	}
	count_items(p);
	if (source != NULL)
		announce_found(p);
	p->stage = STAGE_BARRIER;
}

static void
advance(struct pipeline *p)
{
	if (p->stage == STAGE_GATHER && !p->stopping)
		gather(p);
	check_threads(p); /* before a replacement takes the slot */
	if (p->stage >= STAGE_BARRIER)
		reap_fork_missing(p);
	if (p->stopping) {
		if (reap_all_gone(p))
			p->stage = STAGE_OVER;
		return;
	}
	if (p->stage == STAGE_BARRIER &&
	    (all_ready(p) || now_ns() - p->start > BARRIER_WAIT))
		begin_feeding(p);
	if (p->stage == STAGE_FEED)
		feed(p);
	if (p->stage == STAGE_JOIN)
		join(p);
	if (p->stage >= STAGE_BARRIER &&
	    (p->stage == STAGE_LEAVE ? reap_all_gone(p) : reap_hopeless(p)))
		p->stage = STAGE_OVER;
}

static void
take_signals(struct pipeline *p)
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
poll_timeout(const struct pipeline *p)
{
	uint64_t now = now_ns();

	if (p->stage == STAGE_GATHER && p->soon)
		return 0;
	if (p->soon)
		return 1;
	if (p->next_tick <= now)
		return 0;
	return (int)((p->next_tick - now) / NSEC_PER_MSEC) + 1;
}

/* Wait for something to do, take it in. */
static void
wait_events(struct pipeline *p)
{
	struct pollfd fds[WATCH_COUNT] = {
	    [WATCH_SIGNAL] = {.fd = p->signal_fd, .events = POLLIN},
	    [WATCH_BELL] = {.fd = p->bell_fd, .events = POLLIN},
	    [WATCH_CONTROL] = {.fd = p->leave ? -1 : p->params->control_fd,
		.events = POLLIN},
	    [WATCH_STATUS] = {.fd =
				  p->report.broken ? -1 : p->params->status_fd,
		.events = p->telling ? POLLOUT : 0},
	};
	uint64_t rings;

	poll(fds, WATCH_COUNT, poll_timeout(p));
	p->soon = false;
	if (fds[WATCH_SIGNAL].revents != 0)
		take_signals(p);
	if (fds[WATCH_BELL].revents != 0 &&
	    read(p->bell_fd, &rings, sizeof rings) < 0 && errno != EAGAIN)
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
tick(struct pipeline *p)
{
	uint64_t now = now_ns();

	if (now < p->next_tick)
		return;
	p->next_tick = now + (observe_tick(p) ? TICK : TICK_IDLE);
	if (p->stage == STAGE_FEED && sum_is_full(p))
		p->stage = STAGE_JOIN;
	if (p->stopping && !p->killed_all && now >= p->stop_at) {
		p->killed_all = true;
		reap_kill_all(p);
	}
}

static void
free_procs(struct pipeline *p)
{
	for (unsigned i = 0; i < p->shared->nslots; i++) {
		free(p->procs[i].sent_threads);
		free(p->procs[i].tails);
		free(p->procs[i].untraced);
	}
	free(p->procs);
}

static int
alloc_procs(struct pipeline *p)
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
			free_procs(p);
			return -ENOMEM;
		}
	}
	return 0;
}

/* Many threads share a tick's trace; a few are traced as far as rings go. */
static uint32_t
trace_budget(const struct params *o)
{
	uint32_t each = TRACE_A_TICK / (o->processes * o->threads);

	if (o->status_fd < 0 || o->quiet)
		return 0;
	if (each < 1)
		return 1;
	return each < TRACE_MOST ? each : TRACE_MOST;
}

/* All that a run begins with. 0 or -errno. */
static int
begin_run(struct pipeline *p)
{
	int err = shared_layout(&p->arena, p->params, p->bell_fd, &p->shared);

	if (err == 0)
		err = alloc_procs(p);
	if (err != 0)
		return err;
	uint32_t budget = trace_budget(p->params);
	atomic_store(&p->shared->tracing.budget, budget);
	atomic_store(&p->shared->tracing.tick, budget > 0);
	p->lock_other = p->params->lock != 0 ? p->params->lock
					     : (unsigned)lock_find("mutex");
	p->stage = STAGE_GATHER;
	p->start = now_ns();
	if (p->params->demo->source == NULL)
		count_items(p);
	announce_run(p);
	return 0;
}

/*
 * Whoever watches may be stopped, or slow: wait for it, but not for ever, and
 * hardly at all if the engine itself was told to leave.
 */
static void
last_word(struct pipeline *p)
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
run(struct pipeline *p)
{
	/* A first worker before the first word: if none can be had, we say
	 * so in one line and leave no half a stream. */
	advance(p);
	if (p->fork_error != 0 && p->serials == 0)
		return;
	while (p->stage != STAGE_OVER) {
		wait_events(p);
		reap_recover(p);
		control_settle(p);
		advance(p);
		tick(p);
	}
	p->end = now_ns();
	last_word(p);
}

/* After BYE: wait for a restart or the end. */
static void
linger(struct pipeline *p)
{
	while (!p->leave && !p->restart && p->params->control_fd >= 0) {
		p->next_tick = now_ns() + 3600 * NSEC_PER_SEC;
		wait_events(p);
	}
}

/* Keep descriptors, options and the stream's numbers; forget the run. */
static int
next_run(struct pipeline *p)
{
	struct pipeline fresh = {.params = p->params,
	    .arena = p->arena,
	    .report = p->report,
	    .run = p->run + 1,
	    .ack = p->ack,
	    .commands = p->commands,
	    .signal_fd = p->signal_fd,
	    .bell_fd = p->bell_fd};

	free_procs(p);
	int err = arena_reset(&fresh.arena);
	*p = fresh;
	return err;
}

static int
open_descriptors(struct pipeline *p)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL); /* ignored, it would reap in our place */
	p->signal_fd = FAULT("signalfd", EMFILE)
	    ? -1
	    : signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	p->bell_fd = FAULT("eventfd", EMFILE)
	    ? -1
	    : eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (p->signal_fd < 0 || p->bell_fd < 0)
		return -errno;
	if (p->params->control_fd >= 0)
		fcntl(p->params->control_fd, F_SETFL, O_NONBLOCK);
	return 0;
}

static int
cannot_start(int err)
{
	fprintf(stderr, "lockstep-engine: cannot start: %s\n", strerror(-err));
	return EXIT_START;
}

static int
exit_status(const struct pipeline *p)
{
	if (p->signal != 0)
		return 128 + p->signal;
	return observe_outcome(p) == OUTCOME_FAILED ? EXIT_ACCOUNTING : 0;
}

int
pipeline_main(const struct params *params)
{
	struct pipeline p = {.params = params};
	int err = open_descriptors(&p), status;

	if (err == 0)
		err = arena_open(&p.arena, shared_size(params));
	if (err != 0)
		return cannot_start(err);
	report_init(&p.report, params->status_fd, params->quiet);
	for (;;) {
		if ((err = begin_run(&p)) != 0)
			return cannot_start(err);
		run(&p);
		if (p.fork_error != 0 && p.serials == 0)
			return cannot_start(-p.fork_error);
		status = exit_status(&p);
		linger(&p);
		if (p.signal != 0)
			status = 128 + p.signal;
		if (p.leave || !p.restart)
			break;
		if ((err = next_run(&p)) != 0)
			return cannot_start(err);
	}
	free_procs(&p);
	report_free(&p.report);
	arena_close(&p.arena);
	return status;
}
