/*
 * lock_ticket: first come, first served, even if threads die while they wait.
 *
 * `next` holds the next ticket and, in the same word, the id of the thread that
 * drew the last one; `serving` is the ticket whose turn it is. Drawing is one
 * compare-and-swap of `next`, so at every moment it is known which thread has
 * which ticket. Before the next ticket is drawn, the place of the last one
 * holds the id of its drawer, unless its turn is over: the drawer writes it
 * there if it may have to wait, otherwise the thread that draws next does. A
 * place holds the lap (how often it was used before) beside the id, so that a
 * late compare-and-swap fails:
 *
 *	lap, id		drawn by this thread
 *	lap, LEFT	drawn by a thread that has died: skip it
 *	an older lap	not drawn, or drawn by the thread that `next` names
 *
 * The holder increments `serving`: that one store ends its turn. The supervisor
 * ends the turn of a dead holder and marks the places of threads that died
 * waiting; the threads that wait skip those. If there are more waiters than
 * places, the rest wait, in no order, until a place is free.
 */
#include "base/cpu.h"
#include "sum/lock_fast.h"

#include <sched.h>

#include "base/fault.h"

#define BURST      32
#define PLACE_BITS 16
#define NEAR       16 /* turns ahead of a thread that stays awake */
#define PAUSE      NSEC_PER_MSEC
#define LEFT       0xffffU /* no id: see CELL_ID_BITS */

#define LINE_PLACES  (ARENA_LINE / sizeof(uint64_t))
#define PLACES_APART (CELL_TICKETS / LINE_PLACES)

/* The places of consecutive tickets are on different cache lines. */
static inline unsigned
ticket_place_index(uint64_t ticket)
{
	unsigned i = ticket % CELL_TICKETS;

	return i % PLACES_APART * LINE_PLACES + i / PLACES_APART;
}

static inline _Atomic uint64_t *
ticket_place_of(struct cell *c, uint64_t ticket)
{
	return &c->tickets[ticket_place_index(ticket)];
}

static inline uint64_t
ticket_place_make(uint64_t ticket, uint32_t id)
{
	return ticket / CELL_TICKETS << PLACE_BITS | id;
}

static bool
ticket_swap(_Atomic uint64_t *word, uint64_t from, uint64_t to)
{
	return atomic_compare_exchange_strong(word, &from, to);
}

static inline bool
ticket_placed(uint64_t place, uint64_t ticket)
{
	return place >> PLACE_BITS == ticket / CELL_TICKETS &&
	    (place & LEFT) != 0;
}

/*
 * Write the ticket drawn last to its place, if its turn is not over. A late
 * swap fails because the place has changed for a later lap, or it writes a
 * ticket whose turn is over, which does no harm.
 */
static inline void
ticket_record_last(struct cell *c, uint64_t next, uint64_t serving)
{
	uint64_t last = ticket_of(next) - 1;

	if (ticket_of(next) <= serving)
		return;
	uint64_t was = atomic_load(ticket_place_of(c, last));
	if (!ticket_placed(was, last))
		ticket_swap(ticket_place_of(c, last), was,
		    ticket_place_make(last, word_id(next)));
}

/* False if it gave up: no place, and a switch of the kind or the run's end. */
static bool
ticket_draw(struct adder *a, uint64_t *ticket)
{
	struct cell *c = a->cell;
	uint32_t id = a->tslot->id;

	for (;;) {
		/* In this order: then the ticket is not below `serving`. */
		uint64_t serving = atomic_load(&c->serving);
		uint64_t next = atomic_load(&c->next);
		uint64_t t = ticket_of(next);

		if (t - serving < CELL_TICKETS) {
			ticket_record_last(c, next, serving);
			if (!ticket_swap(
				&c->next, next, ticket_word(t + 1, id)))
				continue;
			CRASH_POINT("ticket-drawn");
			/* The place is ours until our turn is over. */
			atomic_store(
			    ticket_place_of(c, t), ticket_place_make(t, id));
			slot_state(a->tslot, STATE_RUNNING);
			*ticket = t;
			return true;
		}
		bool leave = lock_switch_requested(a) || gate_stopped(a->gate);
		slot_state(a->tslot, leave ? STATE_RUNNING : STATE_WAIT_LOCK);
		if (leave)
			return false;
		lock_drop_gil(a);
		sched_yield();
	}
}

static void
ticket_pass_over_dead(struct cell *c, uint64_t ticket)
{
	if (atomic_load_explicit(ticket_place_of(c, ticket), RELAXED) ==
	    ticket_place_make(ticket, LEFT))
		ticket_swap(&c->serving, ticket, ticket + 1);
}

/* If we are next in line, our turn may come within a moment. */
static bool
ticket_comes_soon(struct cell *c, uint64_t ticket)
{
	for (unsigned i = 0; i < LOCK_SPINS; i++) {
		uint64_t now =
		    atomic_load_explicit(&c->serving, memory_order_acquire);

		if (now == ticket)
			return true;
		if (ticket - now > 1)
			return false;
		cpu_relax(1);
	}
	return false;
}

static struct eventcount *
ticket_turn(struct cell *c, uint64_t ticket)
{
	return &c->turns[ticket % CELL_TURNS];
}

/*
 * Only the next few in line stay awake: if all of many threads yielded, the
 * next one would have to wait for a processor behind all the others. A wake may
 * be missed: after a burst, a death, or as there is no fence in the release.
 */
static void
ticket_pause(struct cell *c, uint64_t ticket)
{
	uint32_t key;

	if (ticket - atomic_load(&c->serving) <= NEAR) {
		sched_yield();
		return;
	}
	key = eventcount_prepare(ticket_turn(c, ticket));
	if (ticket - atomic_load(&c->serving) > NEAR)
		eventcount_wait(ticket_turn(c, ticket), key, PAUSE);
}

static void
ticket_wait_turn(struct adder *a, uint64_t ticket)
{
	struct cell *c = a->cell;
	uint64_t now;

	lock_contended(a);
	if (ticket_comes_soon(c, ticket))
		return;
	lock_wait_begins(a);
	while ((now = atomic_load(&c->serving)) != ticket) {
		ticket_pass_over_dead(c, now);
		ticket_pause(c, ticket);
		if (ticket_comes_soon(c, ticket))
			break;
	}
	lock_wait_ends(a);
}

bool
lock_ticket_acquire(struct adder *a)
{
	uint64_t ticket;

	if (!ticket_draw(a, &ticket))
		return false;
	if (atomic_load(&a->cell->serving) != ticket)
		ticket_wait_turn(a, ticket);
	CRASH_POINT("ticket-served");
	lock_got(a);
	return true;
}

void
lock_ticket_release(struct adder *a)
{
	struct cell *c = a->cell;
	uint64_t ticket = atomic_load_explicit(&c->serving, RELAXED);

	CRASH_POINT("ticket-before-next");
	lock_drop(a);
	CRASH_POINT("ticket-dropped");
	atomic_store_explicit(&c->serving, ticket + 1, memory_order_release);
	CRASH_POINT("ticket-after-next");
	if (eventcount_sleepers(ticket_turn(c, ticket + 1 + NEAR)))
		eventcount_all(ticket_turn(c, ticket + 1 + NEAR));
}

uint32_t
lock_ticket_holder(const struct cell *c)
{
	uint64_t serving = atomic_load(&c->serving);
	uint64_t next = atomic_load(&c->next);
	uint64_t place = atomic_load(&c->tickets[ticket_place_index(serving)]);

	if (ticket_of(next) <= serving)
		return 0;
	if (ticket_of(next) == serving + 1)
		return word_id(next);
	return ticket_placed(place, serving) && (place & LEFT) != LEFT
	    ? place & LEFT
	    : 0;
}

/* ---- many adds in a row ---- */

/*
 * If the next ticket is the one being served, the thread that draws it has the
 * lock at once. Its place can stay unwritten until another thread draws. While
 * `next` is still what we left there, no thread has drawn since our last turn.
 */
ALWAYS_INLINE bool
ticket_take(struct hand *h)
{
	struct cell *c = h->cell;
	uint64_t next = h->left;

	if (next == 0) {
		next = atomic_load_explicit(&c->next, RELAXED);
		if (atomic_load_explicit(&c->serving, memory_order_acquire) !=
		    ticket_of(next))
			return false;
	}
	h->left = ticket_word(ticket_of(next) + 1, h->tslot->id);
	if (!atomic_compare_exchange_strong(&c->next, &next, h->left)) {
		h->left = 0;
		return false;
	}
	CRASH_POINT("ticket-served");
	return true;
}

/* One store ends the turn. */
ALWAYS_INLINE void
ticket_give(struct hand *h)
{
	CRASH_POINT("ticket-before-next");
	atomic_store_explicit(
	    &h->cell->serving, ticket_of(h->left), memory_order_release);
}

static uint64_t
ticket_burst(struct hand *h, uint64_t n)
{
	return lock_burst(h, n, ticket_take, ticket_give, hand_put_guarded);
}

uint64_t
lock_ticket_quick(struct adder *a, int64_t n, uint64_t times)
{
	return hand_locked(a, n, times, BURST, ticket_burst, hand_put_guarded);
}

/* ---- the supervisor ---- */

/* The thread of this ticket died: after its turn, in it, or waiting for it. */
static void
ticket_settle(struct cell *c, uint64_t ticket, struct thread_slot *r)
{
	uint64_t now = atomic_load(&c->serving);

	if (ticket > now) {
		atomic_store(ticket_place_of(c, ticket),
		    ticket_place_make(ticket, LEFT));
	} else if (ticket == now) {
		add_settle(c, r);
		lock_orphaned(c);
		atomic_store(&c->holder, 0);
		atomic_store(&c->serving, ticket + 1);
	}
}

/* Ids are consecutive; for an id below the first, the difference wraps. */
static bool
ticket_among(uint32_t id, const struct thread_slot *tslots, unsigned n)
{
	return id != 0 && id != LEFT && id - tslots[0].id < n;
}

int
lock_ticket_recover(struct cell *c, struct thread_slot *tslots, unsigned n)
{
	uint64_t next = atomic_load(&c->next);

	if (ticket_among(word_id(next), tslots, n))
		ticket_record_last(c, next, atomic_load(&c->serving));
	for (unsigned i = 0; i < CELL_TICKETS; i++) {
		uint64_t place = atomic_load(ticket_place_of(c, i));
		uint32_t id = place & LEFT;
		uint64_t ticket = (place >> PLACE_BITS) * CELL_TICKETS + i;

		if (ticket_among(id, tslots, n))
			ticket_settle(c, ticket, &tslots[id - tslots[0].id]);
	}
	return 0;
}
