/* lock_priv: what the files of the lock kinds share. */
#ifndef LOCKSTEP_LOCK_PRIV_H
#define LOCKSTEP_LOCK_PRIV_H

#include "lockstep/util.h"
#include "slot/trace.h"
#include "sum/add.h"

#define LOCK_SPINS 200 /* looks at a word before a yield */

/*
 * Name the holder; 0: none. Release, against the compiler alone: after a kill,
 * the next holder relies on the order (see ledger.h). A holder commits its add
 * before it clears its name; the next one settles a dead holder's add before it
 * writes its own name.
 */
static inline void
lock_name_holder(struct cell *c, uint32_t id)
{
	atomic_store_explicit(&c->holder, id, memory_order_release);
}

/* The lock was taken. All such waits are timed, but only holds that trace. */
static inline void
lock_contended(struct adder *a)
{
	SLOT_BUMP(a->tslot->contended, 1);
	a->waits_since = now_ns();
}

static inline void
lock_waited(struct adder *a, uint64_t now)
{
	latency_note(&a->tslot->times, TIMES_WAIT, a->waits_since, now);
	a->waits_since = 0;
}

static inline void
lock_got(struct adder *a)
{
	SLOT_BUMP(a->tslot->acquired, 1);
	lock_name_holder(a->cell, a->tslot->id);
	if (a->waits_since != 0)
		lock_waited(a, now_ns());
	if (!a->traced)
		return;
	trace_write(a->tslot, 0, TRACE_LOCK, 0, 0, 0);
	a->holds_since = now_ns();
}

/* Before a wait; see sum.h. */
static inline void
lock_drop_gil(struct adder *a)
{
	if (a->gil == NULL || a->without_gil)
		return;
	a->without_gil = true;
	gil_drop(a->gil);
}

/* After it: the thread may hold the lock around the sum. */
static inline void
lock_take_gil(struct adder *a)
{
	if (!a->without_gil)
		return;
	gil_enter(a->gil, a->tslot);
	a->without_gil = false;
}

/* A wait that is long enough to be shown. */
static inline void
lock_wait_begins(struct adder *a)
{
	lock_drop_gil(a);
	if (a->waits_since == 0)
		lock_contended(a);
	slot_state_at(a->tslot, STATE_WAIT_LOCK, a->waits_since);
}

/* The wait is over, with the lock or without it. */
static inline void
lock_wait_ends(struct adder *a)
{
	uint64_t now = now_ns();

	lock_waited(a, now);
	slot_state_at(a->tslot, STATE_RUNNING, now);
}

static inline void
lock_drop(struct adder *a)
{
	if (a->traced) {
		latency_note(
		    &a->tslot->times, TIMES_HOLD, a->holds_since, now_ns());
		trace_write(a->tslot, 0, TRACE_UNLOCK, 0, 0, 0);
	}
	lock_name_holder(a->cell, 0);
}

/* Count a death: the caller took the lock over, or is about to release it. */
static inline void
lock_orphaned(struct cell *c)
{
	atomic_fetch_add_explicit(&c->orphaned, 1, RELAXED);
}

static inline bool
lock_switch_requested(const struct adder *a)
{
	return (atomic_load_explicit(&a->control->kind, RELAXED) &
		   KIND_SWITCHING) != 0;
}

/* The slot of a thread id; all slots of the arena lie in one array. */
static inline struct thread_slot *
lock_slot_by_id(struct thread_slot *any, uint32_t id)
{
	return any - any->id + id;
}

static inline bool
lock_take_word(_Atomic uint32_t *word, uint32_t id)
{
	uint32_t none = 0;

	return atomic_load_explicit(word, RELAXED) == 0 &&
	    atomic_compare_exchange_strong_explicit(
		word, &none, id, memory_order_acquire, RELAXED);
}

/* lock_free.c */
uint64_t lock_none_quick(struct adder *, int64_t n, uint64_t times);
uint64_t lock_atomic_quick(struct adder *, int64_t n, uint64_t times);
uint64_t lock_cas_quick(struct adder *, int64_t n, uint64_t times);
uint64_t lock_partial_quick(struct adder *, int64_t n, uint64_t times);

/* lock_mutex.c */
bool lock_mutex_acquire(struct adder *);
void lock_mutex_release(struct adder *);
uint64_t lock_mutex_quick(struct adder *, int64_t n, uint64_t times);
int lock_mutex_recover(struct cell *, struct thread_slot *tslots, unsigned n);

/* lock_spin.c */
bool lock_spin_acquire(struct adder *);
void lock_spin_release(struct adder *);
uint64_t lock_spin_quick(struct adder *, int64_t n, uint64_t times);
int lock_spin_recover(struct cell *, struct thread_slot *tslots, unsigned n);

/* lock_semaphore.c */
bool lock_semaphore_acquire(struct adder *);
void lock_semaphore_release(struct adder *);
uint64_t lock_semaphore_quick(struct adder *, int64_t n, uint64_t times);
int lock_semaphore_recover(
    struct cell *, struct thread_slot *tslots, unsigned n);

/* lock_unshared.c */
uint32_t lock_unshared_holder(const struct adder *);
bool lock_unshared_acquire(struct adder *);
void lock_unshared_release(struct adder *);
uint64_t lock_unshared_quick(struct adder *, int64_t n, uint64_t times);

/* lock_ticket.c: the word `next`: a ticket, and the id that drew the last */
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

uint32_t lock_ticket_holder(const struct cell *);
bool lock_ticket_acquire(struct adder *);
uint64_t lock_ticket_quick(struct adder *, int64_t n, uint64_t times);
void lock_ticket_release(struct adder *);
int lock_ticket_recover(struct cell *, struct thread_slot *tslots, unsigned n);

/* lock_file.c */
int lock_file_prepare(const char **call);
bool lock_file_acquire(struct adder *);
uint64_t lock_file_quick(struct adder *, int64_t n, uint64_t times);
void lock_file_release(struct adder *);
int lock_file_recover(struct cell *, struct thread_slot *tslots, unsigned n);

/* lock_owner.c */
void add_handed_in(struct adder *, int64_t n);
uint64_t lock_owner_quick(struct adder *, int64_t n, uint64_t times);
int lock_owner_recover(struct cell *, struct thread_slot *tslots, unsigned n);

/* Release `word` if one of these dead threads holds it. True if so. */
static inline bool
lock_take_from_dead(struct cell *c, _Atomic uint32_t *word,
    struct thread_slot *tslots, unsigned n)
{
	uint32_t id = atomic_load(word);

	for (unsigned i = 0; i < n; i++) {
		if (tslots[i].id != id)
			continue;
		add_settle(c, &tslots[i]);
		lock_orphaned(c);
		atomic_store(&c->holder, 0);
		atomic_store(word, 0);
		return true;
	}
	return false;
}

/*
 * Stand before an operation of this add. An add that is not stepped does not
 * stand, and neither does one during which step mode has ended, even if it has
 * begun again: other threads may wait for its lock in the kernel, and they
 * reach no gate before the add is over.
 */
static inline void
lock_stand(struct adder *a, enum frame_point op, enum frame_thing thing,
    int64_t value, int64_t n)
{
	if (a->stepped && atomic_load(&a->gate->openings) == a->openings)
		gate_point(a->gate, a->tslot, op, thing, value, n);
}

#endif
