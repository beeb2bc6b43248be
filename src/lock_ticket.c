/*
 * lock_ticket: served in the order of coming, whoever dies in the line.
 *
 * `next` is the ticket to be drawn, `serving` the one whose turn it is. A
 * thread draws ticket t by writing its id into the place of t, so at no moment
 * is there a ticket of which it is not known whose it is; then it counts
 * `next` up, or the next one to come does it. A place holds the lap (how often
 * it was used before) beside the id, so that a late compare-and-swap fails:
 *
 *	lap, 0		free for ticket lap * CELL_TICKETS + place
 *	lap, id		drawn by this thread
 *	lap, LEFT	drawn by a thread that has died: to be passed over
 *
 * The holder counts `serving` up and then frees the place for the next lap.
 * If it dies in between, the supervisor frees it. The supervisor also ends
 * the turn of a dead holder, and marks the places of those who died waiting;
 * whoever waits passes over them. More waiters than places: the rest wait,
 * in no order, for a place.
 */
#include "cpu.h"
#include "lock_priv.h"

#include <sched.h>

#include "hook.h"

#define PLACE_BITS 16
#define LEFT       0xffffU /* no id: see CELL_ID_BITS */

static _Atomic uint64_t *
place_of(struct cell *c, uint64_t ticket)
{
	return &c->tickets[ticket % CELL_TICKETS];
}

static uint64_t
place_make(uint64_t ticket, uint32_t id)
{
	return ticket / CELL_TICKETS << PLACE_BITS | id;
}

static bool
swap(_Atomic uint64_t *word, uint64_t from, uint64_t to)
{
	return atomic_compare_exchange_strong(word, &from, to);
}

/* The place of a ticket that is over is free for the next lap. */
static uint64_t
place_freed(uint64_t ticket)
{
	return place_make(ticket + CELL_TICKETS, 0);
}

/* False if there was no place and the kind is being switched. */
static bool
draw(struct adder *a, uint64_t *ticket)
{
	struct cell *c = a->cell;

	for (;;) {
		uint64_t t = atomic_load(&c->next);
		uint64_t was = atomic_load(place_of(c, t));
		uint64_t mine = place_make(t, a->ring->id);

		if (was == place_make(t, 0)) {
			if (!swap(place_of(c, t), was, mine))
				continue;
			CRASH_POINT("ticket-drawn");
			swap(&c->next, t, t + 1);
			ring_state(a->ring, STATE_RUNNING);
			*ticket = t;
			return true;
		}
		if (was >> PLACE_BITS >= t / CELL_TICKETS) {
			swap(&c->next, t, t + 1);
			continue;
		}
		/* Of the last lap: passed over and not freed, or in use. */
		if (was == place_make(t - CELL_TICKETS, LEFT) &&
		    atomic_load(&c->serving) > t - CELL_TICKETS) {
			swap(place_of(c, t), was, place_make(t, 0));
			continue;
		}
		bool leave = lock_switch_wanted(a) || gate_stopped(a->gate);
		ring_state(a->ring, leave ? STATE_RUNNING : STATE_WAIT_LOCK);
		if (leave)
			return false;
		sched_yield();
	}
}

static void
pass_over_the_dead(struct cell *c, uint64_t ticket)
{
	uint64_t left = place_make(ticket, LEFT);

	if (atomic_load_explicit(place_of(c, ticket), RELAXED) == left &&
	    swap(&c->serving, ticket, ticket + 1))
		swap(place_of(c, ticket), left, place_freed(ticket));
}

/* Next in line: the turn may come within a moment. */
static bool
comes_soon(struct cell *c, uint64_t ticket)
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

static void
wait_turn(struct adder *a, uint64_t ticket)
{
	struct cell *c = a->cell;
	uint64_t now;

	lock_contended(a);
	if (comes_soon(c, ticket))
		return;
	lock_wait_begins(a);
	while ((now = atomic_load(&c->serving)) != ticket) {
		pass_over_the_dead(c, now);
		sched_yield();
		if (comes_soon(c, ticket))
			break;
	}
	lock_wait_ends(a);
}

bool
ticket_acquire(struct adder *a)
{
	uint64_t ticket;

	if (!draw(a, &ticket))
		return false;
	if (atomic_load(&a->cell->serving) != ticket)
		wait_turn(a, ticket);
	CRASH_POINT("ticket-served");
	lock_got(a);
	return true;
}

void
ticket_release(struct adder *a)
{
	struct cell *c = a->cell;
	uint64_t ticket = atomic_load_explicit(&c->serving, RELAXED);

	CRASH_POINT("ticket-before-next");
	lock_drop(a);
	CRASH_POINT("ticket-dropped");
	atomic_store_explicit(&c->serving, ticket + 1, memory_order_release);
	CRASH_POINT("ticket-after-next");
	atomic_store_explicit(
	    place_of(c, ticket), place_freed(ticket), memory_order_release);
}

/* Of a ticket whose thread has died: it had its turn, has it, or waits. */
static void
settle_ticket(struct cell *c, uint64_t ticket, struct ring *r)
{
	uint64_t now = atomic_load(&c->serving);

	swap(&c->next, ticket, ticket + 1);
	if (ticket > now) {
		atomic_store(place_of(c, ticket), place_make(ticket, LEFT));
		return;
	}
	if (ticket == now) {
		add_settle(c, r);
		lock_orphaned(c);
		atomic_store(&c->holder, 0);
		atomic_store(&c->serving, ticket + 1);
	}
	atomic_store(place_of(c, ticket), place_freed(ticket));
}

int
ticket_recover(struct cell *c, struct ring *rings, unsigned n)
{
	for (unsigned i = 0; i < CELL_TICKETS; i++) {
		uint64_t place = atomic_load(&c->tickets[i]);
		uint32_t id = place & LEFT;
		uint64_t ticket = (place >> PLACE_BITS) * CELL_TICKETS + i;

		/* Ids count on; below the first one this wraps. */
		if (id != 0 && id != LEFT && id - rings[0].id < n)
			settle_ticket(c, ticket, &rings[id - rings[0].id]);
	}
	return 0;
}
