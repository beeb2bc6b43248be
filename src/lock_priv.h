/* lock_priv: what the lock kinds of several files share. */
#ifndef LOCKSTEP_LOCK_PRIV_H
#define LOCKSTEP_LOCK_PRIV_H

#include "sum.h"

#define LOCK_SPINS 200 /* looks at a word before a yield */

static inline void
lock_got(struct adder *a)
{
	RING_BUMP(a->ring->acquired, 1);
	atomic_store_explicit(&a->cell->holder, a->ring->id, RELAXED);
	if (a->traced)
		ring_write(a->ring, 0, TRACE_LOCK, 0, 0, 0);
}

static inline void
lock_wait_begins(struct adder *a)
{
	RING_BUMP(a->ring->contended, 1);
	ring_state(a->ring, STATE_WAIT_LOCK);
}

static inline void
lock_drop(struct adder *a)
{
	if (a->traced)
		ring_write(a->ring, 0, TRACE_UNLOCK, 0, 0, 0);
	atomic_store_explicit(&a->cell->holder, 0, RELAXED);
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

/* lock_ticket.c */
bool ticket_acquire(struct adder *);
void ticket_release(struct adder *);
int ticket_recover(struct cell *, struct ring *rings, unsigned n);

/* lock_file.c; init: before the first fork. 0 or -errno. */
int file_init(void);
bool file_acquire(struct adder *);
void file_release(struct adder *);
int file_recover(struct cell *, struct ring *rings, unsigned n);

#endif
