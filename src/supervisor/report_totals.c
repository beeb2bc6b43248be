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
all_books(const struct supervisor *p, unsigned *adding)
{
	struct ledger sum = p->gone;

	*adding = 0;
	for (unsigned i = 0; i < supervisor_rings(p); i++) {
		struct thread_slot *r = &p->shared->tslots[i];

		if (atomic_load(&r->tid) == 0)
			continue;
		/* A thread at its gate is between two steps of its add. */
		*adding += atomic_load(&r->adding) != 0 &&
		    atomic_load(&r->stand) != STAND_HERE;
		struct ledger l = ledger_read(r);
		ledger_add(&sum, &l);
	}
	return sum;
}

struct ledger
tally_ledger(const struct supervisor *p)
{
	unsigned adding;

	return all_books(p, &adding);
}

void
tally_begin(struct supervisor *p)
{
	p->books = all_books(p, &p->adding);
}

/*
 * The books were read, then the sum and all copies, and now the books again:
 * if nobody was adding and no add was booked meanwhile, they belong together.
 */
void
tally_sum(struct supervisor *p)
{
	unsigned adding;

	p->sum = shared_sum(p->shared, 0);
	struct ledger l = all_books(p, &adding);
	if (adding < p->adding)
		adding = p->adding;
	if (adding == 0 && l.adds != p->books.adds)
		adding = 1;
	struct frame f = {.type = FRAME_SUM,
	    .pid = getpid(),
	    .sum = {.sum = p->sum,
		.expected = l.expected,
		.lost = l.lost,
		.lost_updates = l.lost_updates,
		.in_doubt = p->in_doubt,
		.adding = adding}};
	report_offer(&p->report, &f, &p->sent_sum);
}

void
tally_queue(struct supervisor *p)
{
	struct frame f = {.type = FRAME_ITEM_QUEUE, .pid = getpid()};

	if (item_queue_read_stats(p->shared->item_queue, &p->stats) != 0)
		p->soon = true;
	f.item_queue = (struct frame_item_queue){.put = p->stats.put,
	    .done = p->stats.done,
	    .queued = p->stats.queued,
	    .in_flight = p->stats.in_flight,
	    .poisoned = p->stats.poisoned,
	    .requeued = p->stats.requeued,
	    .total = (uint32_t)(p->deadline == 0 ? p->total : 0),
	    .capacity = ITEM_QUEUE_CAPACITY};
	report_offer(&p->report, &f, &p->sent_queue);
}

/* The same holder in the same turn as at the last look has held it since. */
static uint32_t
held_us(struct supervisor *p, uint32_t id)
{
	uint64_t turn =
	    id == 0 ? 0 : atomic_load(&p->shared->tslots[id - 1].acquired);

	if (id == 0 || id != p->holder_id || turn != p->holder_turn) {
		p->holder_id = id;
		p->holder_turn = turn;
		p->holder_since = now_ns();
		return 0;
	}
	uint64_t us = (now_ns() - p->holder_since) / NSEC_PER_USEC;
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

/* Of all locks around a sum: private copies have one each. */
static uint32_t
totals_orphaned(const struct supervisor *p)
{
	uint32_t n = p->gone_orphaned;

	for (unsigned i = 0; i < p->shared->nslots; i++)
		n += atomic_load(&p->shared->cells[i].orphaned);
	return n;
}

void
tally_times(struct supervisor *p, unsigned lock,
    uint64_t n[TIMES_ROWS][TIMES_BUCKETS], struct frame sent[TALLY_TIMES])
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
				continue; /* nothing was ever counted */
			report_offer(&p->report, &f, of);
		}
	}
}

/* An owner has no slot and no id: the thread that the others wait for. */
static int32_t
holder_tid(const struct supervisor *p, uint32_t id)
{
	const struct cell *c = &p->shared->cells[0];

	if (!lock_kinds[sum_kind(&p->shared->sum)].owned)
		return supervisor_tid(p, id);
	return atomic_load(&c->owner_tid);
}

void
tally_lock(struct supervisor *p)
{
	const struct shared *s = p->shared;
	uint64_t times[TIMES_ROWS][TIMES_BUCKETS];
	uint32_t id = cell_holder(&s->cells[0]);
	struct frame f = {.type = FRAME_LOCK,
	    .pid = getpid(),
	    .lock = {.kind = (uint16_t)sum_kind(&s->sum),
		.wanted = (uint16_t)s->sum.wanted,
		.holder = holder_tid(p, id),
		.acquired = p->gone_acquired,
		.contended = p->gone_contended,
		.switches = (uint32_t)atomic_load(&s->sum.switches),
		.orphaned = totals_orphaned(p)}};

	if (id > supervisor_rings(p))
		id = 0;
	f.lock.held_us = held_us(p, id);
	memcpy(times, p->gone_times, sizeof times);
	for (unsigned i = 0; i < supervisor_rings(p); i++) {
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
	report_offer(&p->report, &f, &p->sent_lock);
	tally_times(p, 0, times, p->sent_times);
}
