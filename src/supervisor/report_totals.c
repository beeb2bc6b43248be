/* report_totals: the ledgers of all threads, the queue, the lock, as frames. */
#include "supervisor/supervisor.h"

#include <string.h>
#include <unistd.h>

#include "lockstep/util.h"
#include "slot/ledger.h"
#include "wire/state.h"

/*
 * The ledgers of all threads, live and dead, added up; *adding: how many adds
 * are in progress. A thread commits an add before it leaves it, so if a thread
 * is seen outside of adds, the ledger that is read next has all its stores.
 */
static struct ledger
totals_read(const struct supervisor *sv, unsigned *adding)
{
	struct ledger sum = sv->dead.ledger;

	*adding = 0;
	for (unsigned i = 0; i < supervisor_tslot_count(sv); i++) {
		struct thread_slot *r = &sv->shared->tslots[i];

		if (atomic_load(&r->tid) == 0)
			continue;
		/* A thread at its gate is between two steps of an add. */
		*adding += atomic_load(&r->adding) != 0 &&
		    atomic_load(&r->stand) != STAND_HERE;
		struct ledger l = ledger_read(r);
		ledger_add(&sum, &l);
	}
	return sum;
}

struct ledger
totals_ledger(const struct supervisor *sv)
{
	unsigned adding;

	return totals_read(sv, &adding);
}

void
totals_begin(struct supervisor *sv)
{
	sv->totals.before = totals_read(sv, &sv->totals.adding);
}

/*
 * The ledgers were read, then the sum and all copies, and now the ledgers
 * again: if no thread was adding and no add was booked meanwhile, they belong
 * together.
 */
void
report_sum(struct supervisor *sv)
{
	unsigned adding;

	sv->totals.sum = shared_sum(sv->shared, 0);
	struct ledger l = totals_read(sv, &adding);
	if (adding < sv->totals.adding)
		adding = sv->totals.adding;
	if (adding == 0 && l.adds != sv->totals.before.adds)
		adding = 1;
	struct frame f = {.type = FRAME_SUM,
	    .pid = getpid(),
	    .sum = {.sum = sv->totals.sum,
		.expected = l.expected,
		.lost = l.lost,
		.lost_updates = l.lost_updates,
		.in_doubt = sv->dead.in_doubt,
		.adding = adding}};
	report_offer(&sv->report, &f, &sv->totals.sent_sum);
}

void
report_item_queue(struct supervisor *sv)
{
	struct frame f = {.type = FRAME_ITEM_QUEUE, .pid = getpid()};

	if (item_queue_read_stats(sv->shared->item_queue, &sv->totals.queue) !=
	    0)
		supervisor_look_soon(sv);
	f.item_queue = (struct frame_item_queue){.put = sv->totals.queue.put,
	    .done = sv->totals.queue.done,
	    .queued = sv->totals.queue.queued,
	    .in_flight = sv->totals.queue.in_flight,
	    .poisoned = sv->totals.queue.poisoned,
	    .requeued = sv->totals.queue.requeued,
	    .total = (uint32_t)(sv->feed.deadline == 0 ? sv->feed.total : 0),
	    .capacity = ITEM_QUEUE_CAPACITY};
	report_offer(&sv->report, &f, &sv->totals.sent_queue);
}

/* How long the lock has been held, as far as the looks can tell. */
static uint32_t
lock_watch_held(struct supervisor *sv, uint32_t id)
{
	uint64_t turn =
	    id == 0 ? 0 : atomic_load(&sv->shared->tslots[id - 1].acquired);

	if (id == 0 || id != sv->lock_watch.holder ||
	    turn != sv->lock_watch.turn) {
		sv->lock_watch.holder = id;
		sv->lock_watch.turn = turn;
		sv->lock_watch.since = now_ns();
		return 0;
	}
	uint64_t us = (now_ns() - sv->lock_watch.since) / NSEC_PER_USEC;
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

/* Of all locks around a sum; each private copy has its own. */
static uint32_t
totals_orphaned(const struct supervisor *sv)
{
	uint32_t n = sv->dead.orphaned;

	for (unsigned i = 0; i < sv->shared->nslots; i++)
		n += atomic_load(&sv->shared->cells[i].orphaned);
	return n;
}

void
report_latency(struct supervisor *sv, unsigned lock,
    uint64_t n[TIMES_ROWS][TIMES_BUCKETS], struct frame sent[LATENCY_FRAMES])
{
	struct frame *of = sent;

	for (unsigned row = 0; row < TIMES_ROWS; row++) {
		for (unsigned b = 0; b < TIMES_BUCKETS;
		     b += TIMES_A_FRAME, of++) {
			struct frame f = {.type = FRAME_LATENCY,
			    .pid = getpid(),
			    .times = {.lock = (uint16_t)lock,
				.hold = (uint8_t)row,
				.bucket = (uint8_t)b}};

			memcpy(f.times.n, &n[row][b], sizeof f.times.n);
			if (of->type == 0 &&
			    memcmp(f.times.n, of->times.n, sizeof f.times.n) ==
				0)
				continue; /* still all zero */
			report_offer(&sv->report, &f, of);
		}
	}
}

/* The lock kind `owner` is held by a thread without a slot and an id. */
static int32_t
holder_tid(const struct supervisor *sv, uint32_t id)
{
	const struct cell *c = &sv->shared->cells[0];

	if (!lock_kinds[sum_kind(&sv->shared->sum)].owned)
		return supervisor_tid(sv, id);
	return atomic_load(&c->owner_tid);
}

void
report_lock(struct supervisor *sv)
{
	const struct shared *s = sv->shared;
	uint64_t times[TIMES_ROWS][TIMES_BUCKETS];
	uint32_t id = cell_holder(&s->cells[0]);
	struct frame f = {.type = FRAME_LOCK,
	    .pid = getpid(),
	    .lock = {.kind = (uint16_t)sum_kind(&s->sum),
		.wanted = (uint16_t)s->sum.wanted,
		.holder = holder_tid(sv, id),
		.acquired = sv->dead.acquired,
		.contended = sv->dead.contended,
		.switches = (uint32_t)atomic_load(&s->sum.switches),
		.orphaned = totals_orphaned(sv)}};

	if (id > supervisor_tslot_count(sv))
		id = 0;
	f.lock.held_us = lock_watch_held(sv, id);
	memcpy(times, sv->dead.times, sizeof times);
	for (unsigned i = 0; i < supervisor_tslot_count(sv); i++) {
		struct thread_slot *r = &s->tslots[i];

		if (atomic_load(&r->tid) == 0)
			continue;
		f.lock.acquired += atomic_load(&r->acquired);
		f.lock.contended += atomic_load(&r->contended);
		if (atomic_load(&r->acquired) > 0)
			latency_add(times, &r->times);
		f.lock.waiters +=
		    state_waits_for(atomic_load(&r->state), OBJECT_LOCK) &&
		    atomic_load(&r->object) == 0;
	}
	report_offer(&sv->report, &f, &sv->totals.sent_lock);
	report_latency(sv, 0, times, sv->totals.sent_latency);
}
