/* pipeline_run: a run of items: what is put into the queue, when it ends. */
#include "supervisor/supervisor.h"

#include <stdio.h>
#include <string.h>

#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "supervisor/scheduler.h"

#define PACE_SPAN    (30 * NSEC_PER_MSEC)  /* to measure the pace over */
#define PUT_AHEAD    (100 * NSEC_PER_MSEC) /* of work, with --duration */
#define PUT_BATCH    256
#define FORK_RETRY   NSEC_PER_SEC
#define FORK_TRIES   5  /* with no worker left: then the run is over */
#define PUT_ROUNDS   16 /* batches put before the loop looks around */
#define BARRIER_WAIT (2 * NSEC_PER_SEC) /* then start without the rest */

/* The items of this run: from the demo's source, or from --items. */
static void
count_items(struct supervisor *sv)
{
	const struct source *source = sv->params->demo->source;

	sv->feed.total =
	    source != NULL ? source->count() : sv->options->items.total;
}

static struct item_queue_put
item_to_put(const struct supervisor *sv, uint64_t i)
{
	const struct source *source = sv->params->demo->source;
	struct item_queue_put put = {0};

	i %= sv->feed.total;
	if (source != NULL)
		source->item(i, &put.n, &put.cookie);
	else
		put.n = items_at(&sv->options->items, i);
	return put;
}

/* No more items are to be put. */
static bool
put_all(struct supervisor *sv)
{
	if (sv->feed.total == 0)
		return true;
	if (sv->feed.deadline != 0)
		return now_ns() >= sv->feed.deadline;
	return sv->feed.next >= sv->feed.total;
}

/*
 * With --duration only as many items are put as are likely to be done soon,
 * because items that are queued when the time is up are still done: as many as
 * the workers do in PUT_AHEAD at their last pace, and more if the queue was
 * found empty.
 */
static unsigned
put_ahead(struct supervisor *sv, const struct item_queue_stats *s)
{
	uint64_t workers = atomic_load(&sv->shared->workers);
	uint64_t least = sv->feed.ahead == 0 ? 2 * workers : 1 + workers / 4;
	uint64_t now = now_ns(), ahead = sv->feed.ahead;

	if (s->queued == 0) {
		ahead *= 2;
	} else if (now - sv->feed.pace_since >= PACE_SPAN) {
		ahead = (s->done - sv->feed.pace_done) * PUT_AHEAD /
		    (now - sv->feed.pace_since);
		sv->feed.pace_done = s->done;
		sv->feed.pace_since = now;
	}
	if (ahead > ITEM_QUEUE_CAPACITY)
		ahead = ITEM_QUEUE_CAPACITY;
	sv->feed.ahead = ahead > least ? ahead : least;
	return (unsigned)sv->feed.ahead;
}

/* How many items may be put now; the bell rings when there is room for more. */
static uint64_t
put_limit(struct supervisor *sv)
{
	struct item_queue_stats s;

	if (sv->feed.deadline == 0)
		return sv->feed.total - sv->feed.next;
	item_queue_want_room(sv->shared->item_queue);
	if (item_queue_read_stats(sv->shared->item_queue, &s) != 0)
		return 0;
	unsigned ahead = put_ahead(sv, &s);
	return ahead > s.queued ? ahead - s.queued : 0;
}

/* Put a batch of at most `limit`; false if the queue takes no more for now. */
static bool
put_batch(struct supervisor *sv, uint64_t limit)
{
	struct item_queue_put batch[PUT_BATCH];
	unsigned k;

	for (k = 0; k < PUT_BATCH && k < limit; k++)
		batch[k] = item_to_put(sv, sv->feed.next + k);
	int put = item_queue_put(sv->shared->item_queue, batch, k);
	if (put < 0) {
		supervisor_look_soon(sv);
		return false;
	}
	sv->feed.next += (unsigned)put;
	if (put > 0)
		scheduler_stir(sv);
	return (unsigned)put == k ||
	    item_queue_want_room(sv->shared->item_queue);
}

static void
pipeline_feed(struct supervisor *sv)
{
	uint64_t until = sv->feed.next + put_limit(sv);

	for (unsigned round = 0; round < PUT_ROUNDS && sv->feed.next < until;
	     round++)
		if (!put_batch(sv, until - sv->feed.next))
			return;
	if (put_all(sv)) {
		run_enter(sv, STAGE_JOIN);
		report_log(&sv->report, "all items are put; joining the queue");
	} else if (sv->feed.next < until) {
		supervisor_look_soon(sv);
	}
}

static void
pipeline_join(struct supervisor *sv)
{
	if (!item_queue_want_joined(sv->shared->item_queue))
		return;
	unsigned alive = children_alive(sv);
	if (item_queue_sentinels(sv->shared->item_queue, alive) != 0) {
		supervisor_look_soon(sv);
		return;
	}
	run_enter(sv, STAGE_LEAVE);
	scheduler_stir(sv);
	report_log(&sv->report,
	    "the queue is joined; putting %u sentinels, one for each worker",
	    alive);
}

static bool
pipeline_all_ready(const struct supervisor *sv)
{
	for (unsigned i = 1; i < sv->shared->nslots; i++)
		if (sv->procs[i].pid != 0 &&
		    atomic_load(&sv->shared->slots[i].ready) == 0)
			return false;
	return sv->births.fork_error == 0 && !children_all_gone(sv);
}

static void
begin_feeding(struct supervisor *sv)
{
	run_enter(sv, STAGE_FEED);
	supervisor_look_now(sv);
	if (sv->options->duration != 0)
		sv->feed.deadline = now_ns() + sv->options->duration;
	report_log(&sv->report, "all threads are ready; the run starts");
}

static void
pipeline_gather(struct supervisor *sv)
{
	const struct source *source = sv->params->demo->source;

	if (source != NULL && source->step()) {
		supervisor_look_soon(sv);
		return;
	}
	count_items(sv);
	if (source != NULL)
		report_found(sv);
	run_enter(sv, STAGE_BARRIER);
}

/* A slot that should have a worker and has none. */
static bool
pipeline_missing(const struct supervisor *sv, unsigned slot)
{
	const struct process *proc = &sv->procs[slot];

	return slot <= atomic_load(&sv->shared->workers) && proc->pid == 0 &&
	    !proc->recovering && !proc->given_up;
}

static bool
pipeline_hopeless(const struct supervisor *sv)
{
	if (!children_all_gone(sv))
		return false;
	if (sv->births.refused >= FORK_TRIES)
		return true;
	for (unsigned i = 1; i < sv->shared->nslots; i++)
		if (pipeline_missing(sv, i))
			return false;
	return true;
}

static void
fork_missing(struct supervisor *sv)
{
	char why[128];

	if (sv->stop.begun || sv->progress.stage >= STAGE_LEAVE ||
	    now_ns() < sv->feed.retry_fork)
		return;
	for (unsigned i = 1; i < sv->shared->nslots; i++) {
		if (!pipeline_missing(sv, i))
			continue;
		char name[24];

		snprintf(name, sizeof name, "worker-%u", i);
		bool again = sv->procs[i].last_pid != 0;
		int err = children_fork(sv, i, name, NULL);
		if (err != 0) {
			sv->feed.retry_fork = now_ns() + FORK_RETRY;
			snprintf(why, sizeof why,
			    "only %u of %u workers started: %s",
			    children_alive(sv),
			    atomic_load(&sv->shared->workers), strerror(-err));
			report_text(
			    &sv->report, TEXT_BANNER, BANNER_PROCESSES, 0, why);
			return;
		}
		if (again)
			report_log(&sv->report, "worker-%u replaced: pid %d", i,
			    (int)sv->procs[i].pid);
	}
	if (children_all_forked(sv))
		report_text(&sv->report, TEXT_BANNER, BANNER_PROCESSES, 0, "");
}

static void
pipeline_died(struct supervisor *sv, unsigned slot)
{
	const struct process *proc = &sv->procs[slot];

	if (proc->ended == ENDED_EXIT &&
	    atomic_load(&sv->shared->slots[slot].retire) != 0)
		children_retired(sv, slot);
	else if (!sv->stop.begun && sv->progress.stage < STAGE_LEAVE)
		children_give_up(sv, slot);
}

static void
say_fate(void *arg, const struct item *item, enum item_queue_fate fate)
{
	struct supervisor *sv = arg;

	if (fate == FATE_POISONED)
		report_log(&sv->report,
		    "item %u is poisoned: %u workers died with it",
		    item->number, item->kills);
	else
		report_log(
		    &sv->report, "item %u is back in the queue", item->number);
}

/* Its unfinished items go back into the queue. */
static bool
pipeline_settle(struct supervisor *sv, unsigned slot)
{
	bool killed = sv->procs[slot].ended == ENDED_SIGNAL;

	return item_queue_recover(sv->shared->item_queue, slot,
		   !sv->stop.begun && killed, say_fate, sv) >= 0;
}

static int
pipeline_begin(struct supervisor *sv)
{
	if (sv->params->demo->source == NULL)
		count_items(sv);
	return 0;
}

static void
pipeline_advance(struct supervisor *sv)
{
	if (sv->progress.stage == STAGE_GATHER && !sv->stop.begun)
		pipeline_gather(sv);
	if (sv->progress.stage >= STAGE_BARRIER)
		fork_missing(sv);
	if (sv->stop.begun) {
		if (children_all_gone(sv))
			run_enter(sv, STAGE_OVER);
		return;
	}
	if (sv->progress.stage == STAGE_BARRIER &&
	    (pipeline_all_ready(sv) ||
		now_ns() - sv->progress.start > BARRIER_WAIT))
		begin_feeding(sv);
	if (sv->progress.stage == STAGE_FEED)
		pipeline_feed(sv);
	if (sv->progress.stage == STAGE_JOIN)
		pipeline_join(sv);
	if (sv->progress.stage >= STAGE_BARRIER &&
	    (sv->progress.stage == STAGE_LEAVE ? children_all_gone(sv)
					       : pipeline_hopeless(sv)))
		run_enter(sv, STAGE_OVER);
}

static void
pipeline_tick(struct supervisor *sv)
{
	if (sv->progress.stage != STAGE_FEED ||
	    totals_ledger(sv).expected < CELL_MAX)
		return;
	report_text(&sv->report, TEXT_BANNER, BANNER_LIMIT, 0,
	    "the sum has reached its limit of 2^48: no more items are put");
	run_enter(sv, STAGE_JOIN);
}

static enum frame_phase
pipeline_phase(const struct supervisor *sv)
{
	switch (sv->progress.stage) {
	case STAGE_GATHER:
	case STAGE_BARRIER:
		return PHASE_STARTING;
	case STAGE_FEED:
		return PHASE_RUNNING;
	default:
		return PHASE_DRAINING;
	}
}

static enum frame_outcome
pipeline_outcome(const struct supervisor *sv)
{
	const struct item_queue_stats *s = &sv->totals.queue;
	bool all = s->put == s->done + s->poisoned &&
	    (sv->feed.deadline != 0 || s->put == sv->feed.total);

	if (all && !sv->stop.begun)
		return OUTCOME_DONE;
	return sv->stop.begun ? OUTCOME_STOPPED : OUTCOME_FAILED;
}

const struct run_ops pipeline_ops = {
    .has_items = true,
    .begin = pipeline_begin,
    .advance = pipeline_advance,
    .tick = pipeline_tick,
    .report = report_item_queue,
    .life = worker_main,
    .died = pipeline_died,
    .settle = pipeline_settle,
    .patience = 500 * NSEC_PER_MSEC,
    .phase = pipeline_phase,
    .outcome = pipeline_outcome,
};
