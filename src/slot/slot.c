/* ring: what one thread says of itself. */
#include "slot/slot.h"

#include <string.h>

#include "base/fault.h"
#include "lockstep/util.h"
#include "memory/atomic_text.h"

void
ring_begin(struct ring *r, int32_t tid, const char *name)
{
	atomic_text_set(r->name, sizeof r->name, name);
	ring_state(r, STATE_STARTING);
	atomic_store_explicit(&r->last_tid, tid, RELAXED);
	atomic_store_explicit(&r->tid, tid, memory_order_release);
}

struct ring_name
ring_name(const struct ring *r)
{
	struct ring_name name;

	atomic_text_get(r->name, sizeof r->name, name.text);
	return name;
}

static void
slot_clear(void *from, void *to)
{
	memset(from, 0, (size_t)((char *)to - (char *)from));
}

/*
 * Only the supervisor reads what is cleared at once. `part` is 0 already; an
 * owner that still looks at the mailbox finds it empty at every moment.
 */
void
ring_reset(struct ring *r)
{
	slot_clear(&r->tid, &r->adding);
	atomic_store(&r->adding, 0);
	atomic_store(&r->posted, 0);
	atomic_store(&r->committed, 0);
	atomic_store(&r->intent, 0);
	atomic_store(&r->acquired, 0);
	atomic_store(&r->parted, 0);
	atomic_store(&r->doubt, 0);
	slot_clear(r->losses, r + 1);
}

void
ring_state_at(struct ring *r, enum frame_state state, uint64_t ns)
{
	atomic_store_explicit(&r->since, ns, RELAXED);
	atomic_store_explicit(&r->state, state, memory_order_release);
}

void
ring_state(struct ring *r, enum frame_state state)
{
	if (atomic_load_explicit(&r->state, RELAXED) != (uint32_t)state)
		ring_state_at(r, state, now_ns());
}

void
ring_write(struct ring *r, uint64_t stamp, uint32_t op, int64_t seen,
    int64_t value, uint32_t other)
{
	uint64_t head = atomic_load_explicit(&r->head, RELAXED);
	struct ring_event *e = &r->events[head % RING_EVENTS];
	uint64_t task = atomic_load_explicit(&r->task, RELAXED);
	uint64_t item = atomic_load_explicit(&r->item, RELAXED);

	if (r->left > 0)
		r->left--;
	/* Who reads any of this finds `head` where it freed the place. */
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(
	    &e->stamp, stamp != 0 ? stamp : stamp_now(), RELAXED);
	atomic_store_explicit(&e->what, (uint64_t)other << 32 | op, RELAXED);
	atomic_store_explicit(&e->seen, seen, RELAXED);
	atomic_store_explicit(&e->value, value, RELAXED);
	atomic_store_explicit(&e->where, task << 32 | item, RELAXED);
	atomic_store_explicit(&r->head, head + 1, memory_order_release);
}

/*
 * Not at once: the supervisor has just taken a core from one of those that
 * race, and it shall have it back.
 */
bool
ring_tick(struct ring *r, uint32_t tick)
{
	/* Who has seen the tick sees its burst: observe_tick(). */
	atomic_thread_fence(memory_order_acquire);
	uint32_t budget = atomic_load_explicit(&r->control->budget, RELAXED);
	uint64_t burst = atomic_load_explicit(&r->control->burst, RELAXED);
	uint64_t now = r->over > RING_QUICK && budget > 0 ? now_ns() : 0;

	if (now == 0)
		r->left = budget;
	else if (now < burst)
		return false;
	else if (now < burst + RING_BURST_NS)
		r->left = RING_BURST;
	r->tick = tick;
	r->over = 0;
	return r->left > 0;
}

/*
 * Write the book that is not in force, and put it in force. Release: nobody
 * finds it odd while it is in force, and no reader sees any of it before the
 * odd version (ring_ledger() acquires). A writer that died over it may have
 * left that odd.
 */
void
ring_amount(struct ring *r, int64_t amount)
{
	uint64_t done = atomic_load_explicit(&r->committed, RELAXED);
	struct ledger_book *b = &r->books[~done & RING_BOOK];
	uint64_t version = atomic_load_explicit(&b->version, RELAXED) | 1;

	if (atomic_load_explicit(&ring_book(r)->amount, RELAXED) == amount)
		return;
	struct ledger l = ring_ledger(r);
	atomic_store_explicit(&b->version, version, memory_order_release);
	atomic_store_explicit(&b->start, l.adds, memory_order_release);
	atomic_store_explicit(&b->expected, l.expected, memory_order_release);
	atomic_store_explicit(&b->amount, amount, memory_order_release);
	atomic_store_explicit(&b->version, version + 1, memory_order_release);
	CRASH_POINT("book-before-force");
	atomic_store_explicit(
	    &r->committed, done ^ RING_BOOK, memory_order_release);
}

void
ring_cancel(struct ring *r)
{
	atomic_store_explicit(
	    &r->intent, ring_note(0, ring_adds(r)), memory_order_release);
	ring_doubt(r, false);
}

int64_t
ring_meant(struct ring *r)
{
	uint64_t intent = atomic_load_explicit(&r->intent, RELAXED);

	return ((int64_t)intent >> RING_TAG_BITS) +
	    atomic_load_explicit(&ring_book(r)->amount, RELAXED);
}

bool
ring_pending(const struct ring *r)
{
	uint64_t intent =
	    atomic_load_explicit(&r->intent, memory_order_acquire);
	uint64_t adds =
	    atomic_load_explicit(&r->committed, memory_order_acquire) >>
	    RING_ADDS_BIT;

	return (intent & RING_TAG) == ((adds + 1) & RING_TAG) ||
	    atomic_load_explicit(&r->doubt, memory_order_acquire) != 0;
}

/*
 * The copies that were in force at a look at `committed` are good for that look
 * if neither was written anew since they were read: each counts its writings.
 */
struct ledger
ring_ledger(const struct ring *r)
{
	const memory_order order = memory_order_acquire;
	uint64_t done = atomic_load_explicit(&r->committed, order);

	for (;;) {
		const struct ledger_book *b = &r->books[done & RING_BOOK];
		const struct ledger_losses *w =
		    &r->losses[(done & RING_LOSSES) != 0];
		uint64_t version = atomic_load_explicit(&b->version, order);
		uint64_t updates = atomic_load_explicit(&w->updates, order);
		uint64_t start = atomic_load_explicit(&b->start, order);
		int64_t amount = atomic_load_explicit(&b->amount, order);
		int64_t before = atomic_load_explicit(&b->expected, order);
		int64_t lost = atomic_load_explicit(&w->lost, order);
		uint64_t again = atomic_load_explicit(&r->committed, order);
		uint64_t adds = again >> RING_ADDS_BIT;

		if ((version & 1) == 0 &&
		    ((again ^ done) & (RING_BOOK | RING_LOSSES)) == 0 &&
		    atomic_load_explicit(&b->version, RELAXED) == version &&
		    atomic_load_explicit(&w->updates, RELAXED) == updates)
			return (struct ledger){.adds = adds,
			    .expected =
				before + amount * (int64_t)(adds - start),
			    .lost = lost,
			    .lost_updates = updates};
		done = again;
	}
}

uint64_t
ring_made(const struct ring *r)
{
	struct ledger l = ring_ledger(r);

	return 2 *
	    (atomic_load(&r->tasks) + atomic_load(&r->acquired) + l.adds) +
	    l.lost_updates;
}

void
ledger_add(struct ledger *to, const struct ledger *from)
{
	to->expected += from->expected;
	to->lost += from->lost;
	to->adds += from->adds;
	to->lost_updates += from->lost_updates;
}
