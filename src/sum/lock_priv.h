/* lock_priv: what the lock kinds of several files share. */
#ifndef LOCKSTEP_LOCK_PRIV_H
#define LOCKSTEP_LOCK_PRIV_H

#include "lockstep/util.h"
#include "sum/add.h"

#define LOCK_SPINS 200 /* looks at a word before a yield */

/*
 * Name the holder, 0: nobody. Release, against the compiler alone: after a kill
 * the heir goes by it (see ring.h). An add is committed before its holder takes
 * the name away; a dead one's add is settled before the heir puts its own.
 */
static inline void
lock_name_holder(struct cell *c, uint32_t id)
{
	atomic_store_explicit(&c->holder, id, memory_order_release);
}

/* It was found taken. Such waits are all timed; holds, of traced adds only. */
static inline void
lock_contended(struct adder *a)
{
	RING_BUMP(a->ring->contended, 1);
	a->waits_since = now_ns();
}

static inline void
lock_waited(struct adder *a, uint64_t now)
{
	times_note(&a->ring->times, TIMES_WAIT, a->waits_since, now);
	a->waits_since = 0;
}

static inline void
lock_got(struct adder *a)
{
	RING_BUMP(a->ring->acquired, 1);
	lock_name_holder(a->cell, a->ring->id);
	if (a->waits_since != 0)
		lock_waited(a, now_ns());
	if (!a->traced)
		return;
	ring_write(a->ring, 0, TRACE_LOCK, 0, 0, 0);
	a->holds_since = now_ns();
}

/* A wait that is long enough to be shown. */
static inline void
lock_wait_begins(struct adder *a)
{
	if (a->waits_since == 0)
		lock_contended(a);
	ring_state_at(a->ring, STATE_WAIT_LOCK, a->waits_since);
}

/* Also if it was given up. */
static inline void
lock_wait_ends(struct adder *a)
{
	uint64_t now = now_ns();

	lock_waited(a, now);
	ring_state_at(a->ring, STATE_RUNNING, now);
}

static inline void
lock_drop(struct adder *a)
{
	if (a->traced) {
		times_note(
		    &a->ring->times, TIMES_HOLD, a->holds_since, now_ns());
		ring_write(a->ring, 0, TRACE_UNLOCK, 0, 0, 0);
	}
	lock_name_holder(a->cell, 0);
}

/* Its holder died with it: somebody else has it now, or gives it back. */
static inline void
lock_orphaned(struct cell *c)
{
	atomic_fetch_add_explicit(&c->orphaned, 1, RELAXED);
}

static inline bool
lock_switch_wanted(const struct adder *a)
{
	return (atomic_load_explicit(&a->control->kind, RELAXED) &
		   KIND_SWITCHING) != 0;
}

/* The ring of a thread id; all rings of the arena lie in one array. */
static inline struct ring *
lock_ring_by_id(struct ring *any, uint32_t id)
{
	return any - any->id + id;
}

static inline bool
lock_take_word(_Atomic uint32_t *word, uint32_t id)
{
	uint32_t nobody = 0;

	return atomic_load_explicit(word, RELAXED) == 0 &&
	    atomic_compare_exchange_strong_explicit(
		word, &nobody, id, memory_order_acquire, RELAXED);
}

/*
 * lock.c: in the memory of the process, as a program's global variable is:
 * after a fork there are two of them, and each keeps only its own threads
 * apart.
 */
extern struct permit lock_unshared;

/* lock.c: we have the cell's mutex, its last owner died with it. */
void lock_inherit(struct cell *, struct ring *any);

/* lock_quick.c, lock_free.c: see lock_hand.h */
uint64_t none_quick(struct adder *, int64_t n, uint64_t times);
uint64_t mutex_quick(struct adder *, int64_t n, uint64_t times);
uint64_t spin_quick(struct adder *, int64_t n, uint64_t times);
uint64_t semaphore_quick(struct adder *, int64_t n, uint64_t times);
uint64_t atomic_quick(struct adder *, int64_t n, uint64_t times);
uint64_t unshared_quick(struct adder *, int64_t n, uint64_t times);
uint64_t ticket_quick(struct adder *, int64_t n, uint64_t times);
uint64_t cas_quick(struct adder *, int64_t n, uint64_t times);
uint64_t partial_quick(struct adder *, int64_t n, uint64_t times);

/* lock_ticket.c: the word `next`: a ticket, and who drew the last one */
static inline uint64_t
ticket_word(uint64_t ticket, uint32_t last)
{
	return ticket << CELL_ID_BITS | last;
}

static inline uint64_t
ticket_of(uint64_t next)
{
	return next >> CELL_ID_BITS;
}

uint32_t ticket_holder(const struct cell *);
bool ticket_acquire(struct adder *);
void ticket_release(struct adder *);
int ticket_recover(struct cell *, struct ring *rings, unsigned n);

/* lock_file.c; init: before the first fork. 0 or -errno. */
int file_init(void);
bool file_acquire(struct adder *);
uint64_t file_quick(struct adder *, int64_t n, uint64_t times);
void file_release(struct adder *);
int file_recover(struct cell *, struct ring *rings, unsigned n);

/* lock_owner.c */
void add_handed_in(struct adder *, int64_t n);
uint64_t owner_quick(struct adder *, int64_t n, uint64_t times);
int owner_recover(struct cell *, struct ring *rings, unsigned n);

/*
 * Before an operation of this add: nothing, if it is not stepped. Nor if the
 * gates have been open since it began, even if they are closed again: others
 * may wait for its lock in the kernel, and come to no gate before it is over.
 */
static inline void
lock_stand(struct adder *a, enum frame_point op, enum frame_thing thing,
    int64_t value, int64_t n)
{
	if (a->stepped && atomic_load(&a->gate->openings) == a->openings)
		gate_point(a->gate, a->ring, op, thing, value, n);
}

#endif
