/*
 * pipeline_run: a run of items: what is put into the queue, and when it ends.
 */
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
#define BARRIER_WAIT (2 * NSEC_PER_SEC) /* then start with who is there */

/* The items of this run: from the demo's source, or from --items. */
static void
count_items(struct supervisor *p)
{
	const struct source *source = p->params->demo->source;

	p->total = source != NULL ? source->count() : p->options->items.total;
}

static struct item_queue_put
item_to_put(const struct supervisor *p, uint64_t i)
{
	const struct source *source = p->params->demo->source;
	struct item_queue_put put = {0};

	i %= p->total;
	if (source != NULL)
		source->item(i, &put.n, &put.cookie);
	else
		put.n = items_at(&p->options->items, i);
	return put;
}

/* All that is to be put has been put. */
static bool
put_all(struct supervisor *p)
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
 * last look's pace does in PUT_AHEAD, and more if the queue was found empty.
 */
static unsigned
put_ahead(struct supervisor *p, const struct item_queue_stats *s)
{
	uint64_t workers = atomic_load(&p->shared->workers);
	uint64_t least = p->ahead == 0 ? 2 * workers : 1 + workers / 4;
	uint64_t now = now_ns(), ahead = p->ahead;

	if (s->queued == 0) {
		ahead *= 2;
	} else if (now - p->pace_since >= PACE_SPAN) {
		ahead = (s->done - p->pace_done) * PUT_AHEAD /
		    (now - p->pace_since);
		p->pace_done = s->done;
		p->pace_since = now;
	}
	if (ahead > ITEM_QUEUE_CAPACITY)
		ahead = ITEM_QUEUE_CAPACITY;
	p->ahead = ahead > least ? ahead : least;
	return (unsigned)p->ahead;
}

/* How many items may be put now; the bell calls when it may be more. */
static uint64_t
put_limit(struct supervisor *p)
{
	struct item_queue_stats s;

	if (p->deadline == 0)
		return p->total - p->next;
	item_queue_want_room(p->shared->item_queue);
	if (item_queue_read_stats(p->shared->item_queue, &s) != 0)
		return 0;
	unsigned ahead = put_ahead(p, &s);
	return ahead > s.queued ? ahead - s.queued : 0;
}

/* One batch of at most `limit`; false if the queue takes no more for now. */
static bool
put_batch(struct supervisor *p, uint64_t limit)
{
	struct item_queue_put batch[PUT_BATCH];
	unsigned k;

	for (k = 0; k < PUT_BATCH && k < limit; k++)
		batch[k] = item_to_put(p, p->next + k);
	int put = item_queue_put(p->shared->item_queue, batch, k);
	if (put < 0) {
		p->soon = true;
		return false;
	}
	p->next += (unsigned)put;
	if (put > 0)
		scheduler_stir(p);
	return (unsigned)put == k ||
	    item_queue_want_room(p->shared->item_queue);
}

static void
pipeline_feed(struct supervisor *p)
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
pipeline_join(struct supervisor *p)
{
	if (!item_queue_want_joined(p->shared->item_queue))
		return;
	unsigned alive = reap_alive(p);
	if (item_queue_sentinels(p->shared->item_queue, alive) != 0) {
		p->soon = true;
		return;
	}
	p->stage = STAGE_LEAVE;
	scheduler_stir(p);
	report_log(&p->report,
	    "the queue is joined: a sentinel each for "
	    "%u workers",
	    alive);
}

static bool
pipeline_all_ready(const struct supervisor *p)
{
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (p->procs[i].pid != 0 &&
		    atomic_load(&p->shared->slots[i].ready) == 0)
			return false;
	return p->fork_error == 0 && !reap_all_gone(p);
}

static void
begin_feeding(struct supervisor *p)
{
	p->stage = STAGE_FEED;
	p->next_tick = 0; /* tell at once */
	if (p->options->duration != 0)
		p->deadline = now_ns() + p->options->duration;
	report_log(&p->report, "all threads are ready: start");
}

static void
pipeline_gather(struct supervisor *p)
{
	const struct source *source = p->params->demo->source;

	if (source != NULL && source->step()) {
		p->soon = true;
		return;
	}
	count_items(p);
	if (source != NULL)
		left_out_found(p);
	p->stage = STAGE_BARRIER;
}

/* A slot that is to have a worker and has none. */
static bool
pipeline_missing(const struct supervisor *p, unsigned slot)
{
	const struct process *proc = &p->procs[slot];

	return slot <= atomic_load(&p->shared->workers) && proc->pid == 0 &&
	    !proc->recovering && !proc->given_up;
}

static bool
pipeline_hopeless(const struct supervisor *p)
{
	if (!reap_all_gone(p))
		return false;
	if (p->refused >= FORK_TRIES)
		return true;
	for (unsigned i = 1; i < p->shared->nslots; i++)
		if (pipeline_missing(p, i))
			return false;
	return true;
}

static void
fork_missing(struct supervisor *p)
{
	char why[128];

	if (p->stopping || p->stage >= STAGE_LEAVE || now_ns() < p->retry)
		return;
	for (unsigned i = 1; i < p->shared->nslots; i++) {
		if (!pipeline_missing(p, i))
			continue;
		char name[24];

		snprintf(name, sizeof name, "worker-%u", i);
		bool again = p->procs[i].started_once;
		int err = reap_fork(p, i, name, NULL);
		if (err != 0) {
			p->fork_error = -err;
			p->refused++;
			p->retry = now_ns() + FORK_RETRY;
			snprintf(why, sizeof why,
			    "%u of %u workers could be started: %s",
			    reap_alive(p), atomic_load(&p->shared->workers),
			    strerror(-err));
			report_text(
			    &p->report, TEXT_BANNER, BANNER_PROCESSES, 0, why);
			return;
		}
		p->refused = 0;
		p->procs[i].started_once = true;
		if (again)
			report_log(&p->report, "worker-%u replaced: pid %d", i,
			    (int)p->procs[i].pid);
	}
	if (p->fork_error != 0) {
		p->fork_error = 0;
		report_text(&p->report, TEXT_BANNER, BANNER_PROCESSES, 0, "");
	}
}

static void
pipeline_died(struct supervisor *p, unsigned slot)
{
	struct process *proc = &p->procs[slot];

	proc->retired = proc->ended == ENDED_EXIT &&
	    atomic_load(&p->shared->slots[slot].retire) != 0;
	if (proc->retired)
		report_log(&p->report, "%s (pid %d) retired", proc->name,
		    (int)proc->last_pid);
	bool wanted = !p->stopping && p->stage < STAGE_LEAVE && !proc->retired;
	if (wanted && reap_too_many(proc)) {
		proc->given_up = true;
		report_log(&p->report, "giving up on %s: %d deaths in 10 s",
		    proc->name, DEATHS_LIMIT);
		report_text(&p->report, TEXT_BANNER, BANNER_DEATHS, 0,
		    "gave up on a worker that keeps dying");
	}
}

static void
say_fate(void *arg, const struct item *item, enum item_queue_fate fate)
{
	struct supervisor *p = arg;

	if (fate == FATE_POISONED)
		report_log(&p->report,
		    "item %u is poisoned: %u workers died with it",
		    item->number, item->kills);
	else
		report_log(
		    &p->report, "item %u is back in the queue", item->number);
}

/* What it had in hand goes back into the queue. */
static bool
pipeline_settle(struct supervisor *p, unsigned slot)
{
	bool killed = p->procs[slot].ended == ENDED_SIGNAL;

	return item_queue_recover(p->shared->item_queue, slot,
		   !p->stopping && killed, say_fate, p) >= 0;
}

static int
pipeline_begin(struct supervisor *p)
{
	if (p->params->demo->source == NULL)
		count_items(p);
	return 0;
}

static void
pipeline_advance(struct supervisor *p)
{
	if (p->stage == STAGE_GATHER && !p->stopping)
		pipeline_gather(p);
	if (p->stage >= STAGE_BARRIER)
		fork_missing(p);
	if (p->stopping) {
		if (reap_all_gone(p))
			p->stage = STAGE_OVER;
		return;
	}
	if (p->stage == STAGE_BARRIER &&
	    (pipeline_all_ready(p) || now_ns() - p->start > BARRIER_WAIT))
		begin_feeding(p);
	if (p->stage == STAGE_FEED)
		pipeline_feed(p);
	if (p->stage == STAGE_JOIN)
		pipeline_join(p);
	if (p->stage >= STAGE_BARRIER &&
	    (p->stage == STAGE_LEAVE ? reap_all_gone(p) : pipeline_hopeless(p)))
		p->stage = STAGE_OVER;
}

static void
pipeline_tick(struct supervisor *p)
{
	if (p->stage != STAGE_FEED || tally_ledger(p).expected < CELL_MAX)
		return;
	report_text(&p->report, TEXT_BANNER, BANNER_LIMIT, 0,
	    "the sum has reached its limit of 2^48: no more items are put");
	p->stage = STAGE_JOIN;
}

static enum frame_phase
pipeline_phase(const struct supervisor *p)
{
	switch (p->stage) {
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
pipeline_outcome(const struct supervisor *p)
{
	const struct item_queue_stats *s = &p->stats;
	bool all = s->put == s->done + s->poisoned &&
	    (p->deadline != 0 || s->put == p->total);

	if (all && !p->stopping)
		return OUTCOME_DONE;
	return p->stopping ? OUTCOME_STOPPED : OUTCOME_FAILED;
}

const struct run_ops feed_ops = {
    .has_items = true,
    .begin = pipeline_begin,
    .advance = pipeline_advance,
    .tick = pipeline_tick,
    .tell = tally_queue,
    .life = worker_main,
    .died = pipeline_died,
    .settle = pipeline_settle,
    .patience = 500 * NSEC_PER_MSEC,
    .phase = pipeline_phase,
    .outcome = pipeline_outcome,
};
