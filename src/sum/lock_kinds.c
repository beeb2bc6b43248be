/*
 * lock: the table of lock kinds. Adding a kind is adding a row.
 *
 * Every holder writes its id into the cell, so the screen can name it and a
 * dead holder can be told from a slow one. The mutex is robust: the next one
 * to lock it learns of the death (EOWNERDEAD) and settles the dead one's add
 * before its own. Spin lock and semaphore have the id in their very word; the
 * supervisor gives them back when it reaps the holder. Tickets and the file
 * lock have files of their own.
 */
#include "sum/lock_priv.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#include "base/cpu.h"
#include "base/fault.h"
#include "lockstep/util.h"
#include "memory/robust_mutex.h"

#define BACKOFFS      5
#define FIRST_BACKOFF 16                   /* pauses of some tens of ns */
#define PERMIT_WAIT   (50 * NSEC_PER_MSEC) /* then look for a switch */

void
lock_inherit(struct cell *c, struct ring *any)
{
	uint32_t id = atomic_load_explicit(&c->holder, RELAXED);

	lock_orphaned(c);
	CRASH_POINT("mutex-inherited");
	if (id != 0)
		add_settle(c, lock_ring_by_id(any, id));
	pthread_mutex_consistent(&c->mutex);
}

/*
 * Whoever holds it without a window has it for some tens of ns: stand back for
 * a moment, longer each time, before going to sleep. Then both sides work in
 * bursts, and next to no system call is made.
 */
static int
mutex_try(struct adder *a, pthread_mutex_t *mutex)
{
	int err = pthread_mutex_trylock(mutex);

	if (err != EBUSY)
		return err;
	lock_contended(a);
	if (atomic_load_explicit(&a->control->window, RELAXED) != 0)
		return err;
	for (unsigned i = 0; err == EBUSY && i < BACKOFFS; i++) {
		cpu_relax(FIRST_BACKOFF << i);
		err = pthread_mutex_trylock(mutex);
	}
	return err;
}

static int
mutex_lock(struct adder *a, pthread_mutex_t *mutex)
{
	int err = mutex_try(a, mutex);

	if (err == EBUSY) {
		lock_wait_begins(a);
		err = pthread_mutex_lock(mutex);
		lock_wait_ends(a);
	}
	return err;
}

static bool
mutex_acquire(struct adder *a)
{
	int err = mutex_lock(a, &a->cell->mutex);

	if (err == EOWNERDEAD)
		lock_inherit(a->cell, a->ring);
	else if (err != 0)
		fatal("the sum's mutex: %s", strerror(err));
	CRASH_POINT("mutex-locked");
	lock_got(a);
	return true;
}

static void
mutex_release(struct adder *a)
{
	CRASH_POINT("mutex-before-unlock");
	lock_drop(a);
	CRASH_POINT("mutex-dropped");
	pthread_mutex_unlock(&a->cell->mutex);
}

static int
mutex_recover(struct cell *c, struct ring *rings, unsigned n)
{
	int err = pthread_mutex_trylock(&c->mutex);

	(void)n;
	if (err == EBUSY)
		return 0; /* alive: it settles what it inherits */
	if (err == EOWNERDEAD)
		lock_inherit(c, rings);
	lock_name_holder(c, 0);
	pthread_mutex_unlock(&c->mutex);
	return 0;
}

/* Of the kinds of which there is one lock for each cell. */
static uint32_t
holder_in_cell(const struct adder *a)
{
	return cell_holder(a->cell);
}

/* Give `word` back if one of the dead has it. */
static bool
take_from_dead(
    struct cell *c, _Atomic uint32_t *word, struct ring *rings, unsigned n)
{
	uint32_t id = atomic_load(word);

	for (unsigned i = 0; i < n; i++) {
		if (rings[i].id != id)
			continue;
		add_settle(c, &rings[i]);
		lock_orphaned(c);
		atomic_store(&c->holder, 0);
		atomic_store(word, 0);
		return true;
	}
	return false;
}

static bool
spin_acquire(struct adder *a)
{
	bool waited = false;

	for (unsigned i = 1; !lock_take_word(&a->cell->spin, a->ring->id);
	     i++) {
		if (!waited)
			lock_wait_begins(a);
		waited = true;
		cpu_relax(1);
		if (i % LOCK_SPINS != 0)
			continue;
		if (lock_switch_wanted(a) || gate_stopped(a->gate))
			break;
		sched_yield();
	}
	if (waited)
		lock_wait_ends(a);
	if (atomic_load_explicit(&a->cell->spin, RELAXED) != a->ring->id)
		return false;
	CRASH_POINT("spin-locked");
	lock_got(a);
	return true;
}

static void
spin_release(struct adder *a)
{
	CRASH_POINT("spin-before-unlock");
	lock_drop(a);
	atomic_store_explicit(&a->cell->spin, 0, memory_order_release);
}

static int
spin_recover(struct cell *c, struct ring *rings, unsigned n)
{
	take_from_dead(c, &c->spin, rings, n);
	return 0;
}

/* ---- a permit: over a futex ---- */

static bool
permit_acquire(struct adder *a, struct permit *p)
{
	bool waited = false;

	while (!lock_take_word(&p->taker, a->ring->id)) {
		if (lock_switch_wanted(a) || gate_stopped(a->gate))
			break;
		if (!waited)
			lock_wait_begins(a);
		waited = true;
		uint32_t key = wake_prepare(&p->back);
		if (atomic_load(&p->taker) != 0)
			wake_wait(&p->back, key, PERMIT_WAIT);
	}
	if (waited)
		lock_wait_ends(a);
	return atomic_load_explicit(&p->taker, RELAXED) == a->ring->id;
}

static void
permit_release(struct permit *p)
{
	atomic_store_explicit(&p->taker, 0, memory_order_release);
	wake_some(&p->back, 1);
}

static bool
semaphore_acquire(struct adder *a)
{
	if (!permit_acquire(a, &a->cell->permit))
		return false;
	CRASH_POINT("semaphore-taken");
	lock_got(a);
	return true;
}

static void
semaphore_release(struct adder *a)
{
	CRASH_POINT("semaphore-before-post");
	lock_drop(a);
	permit_release(&a->cell->permit);
}

static int
semaphore_recover(struct cell *c, struct ring *rings, unsigned n)
{
	if (take_from_dead(c, &c->permit.taker, rings, n))
		wake_some(&c->permit.back, 1);
	return 0;
}

_Alignas(ARENA_LINE) struct permit lock_unshared;

static uint32_t
unshared_holder(const struct adder *a)
{
	(void)a;
	return atomic_load_explicit(&lock_unshared.taker, RELAXED);
}

static bool
unshared_acquire(struct adder *a)
{
	if (!permit_acquire(a, &lock_unshared))
		return false;
	CRASH_POINT("unshared-locked");
	lock_got(a);
	return true;
}

static void
unshared_release(struct adder *a)
{
	CRASH_POINT("unshared-before-unlock");
	lock_drop(a);
	permit_release(&lock_unshared);
}

const struct lock_kind lock_kinds[] = {
    {.name = "none",
	.lesson = "load, add, store: whoever stores last wins, the other "
		  "update is lost",
	.flaw = "no lock: a thread stores over what others have stored since "
		"it loaded",
	.exact = false,
	.add = add_unprotected,
	.first = POINT_LOAD,
	.quick = none_quick},
    {.name = "mutex",
	.lesson = "robust mutex: one at a time, the others sleep; a dead "
		  "owner is noticed by the next",
	.exact = true,
	.acquire = mutex_acquire,
	.release = mutex_release,
	.add = add_guarded,
	.first = POINT_LOCK,
	.last = POINT_UNLOCK,
	.holder = holder_in_cell,
	.recover = mutex_recover,
	.quick = mutex_quick},
    {.name = "spin",
	.lesson = "one at a time; the others burn their core while they wait",
	.exact = true,
	.acquire = spin_acquire,
	.release = spin_release,
	.add = add_guarded,
	.first = POINT_LOCK,
	.last = POINT_UNLOCK,
	.holder = holder_in_cell,
	.recover = spin_recover,
	.quick = spin_quick},
    {.name = "semaphore",
	.lesson = "one permit: take it, add, give it back; nobody owns it",
	.exact = true,
	.acquire = semaphore_acquire,
	.release = semaphore_release,
	.add = add_guarded,
	.first = POINT_TAKE,
	.last = POINT_GIVE,
	.holder = holder_in_cell,
	.recover = semaphore_recover,
	.quick = semaphore_quick},
    {.name = "atomic",
	.lesson = "no lock: the machine adds in one step that nobody can "
		  "come between",
	.exact = true,
	.add = add_atomic,
	.first = POINT_FETCH_ADD,
	.quick = atomic_quick},
    {.name = "unshared",
	.lesson = "WRONG: each process has a mutex of its own, which keeps its "
		  "threads apart and no others",
	.flaw = "not shared between processes: threads of two processes are "
		"in it at the same time",
	.exact = false,
	.acquire = unshared_acquire,
	.release = unshared_release,
	.add = add_unprotected,
	.first = POINT_LOCK,
	.last = POINT_UNLOCK,
	.holder = unshared_holder,
	.quick = unshared_quick},
    {.name = "ticket",
	.lesson = "fair: draw a ticket, wait for its number; all wait if the "
		  "next one sleeps",
	.exact = true,
	.acquire = ticket_acquire,
	.release = ticket_release,
	.add = add_guarded,
	.first = POINT_LOCK,
	.last = POINT_UNLOCK,
	.holder = holder_in_cell,
	.recover = ticket_recover,
	.quick = ticket_quick},
    {.name = "cas",
	.lesson = "compare and swap: store only over what was read, else try "
		  "again (counted as contended)",
	.exact = true,
	.add = add_swap,
	.first = POINT_LOAD,
	.quick = cas_quick},
    {.name = "file",
	.lesson = "lock one byte of a file: system calls at every turn; the "
		  "kernel gives a dead owner's back",
	.exact = true,
	.acquire = file_acquire,
	.release = file_release,
	.add = add_guarded,
	.first = POINT_LOCK,
	.last = POINT_UNLOCK,
	.holder = holder_in_cell,
	.recover = file_recover,
	.prepare = file_prepare,
	.quick = file_quick},
    {.name = "partial",
	.lesson = "each thread has a sum of its own; whoever reads adds them "
		  "up",
	.exact = true,
	.add = add_apart,
	.first = POINT_LOAD,
	.recover = recover_apart,
	.quick = partial_quick},
    {.name = "owner",
	.lesson = "one thread owns the sum and adds what the others hand in; "
		  "nobody else touches it",
	.exact = true,
	.owned = true,
	.add = add_handed_in,
	.quick = owner_quick,
	.first = POINT_FETCH_ADD,
	.recover = owner_recover},
};

_Static_assert(sizeof lock_kinds / sizeof lock_kinds[0] <= FRAME_MAX_LOCKS,
    "all of them can be told");
const unsigned lock_nkinds = sizeof lock_kinds / sizeof lock_kinds[0];

int
lock_find(const char *name)
{
	for (unsigned i = 0; i < lock_nkinds; i++)
		if (strcmp(lock_kinds[i].name, name) == 0)
			return (int)i;
	return -1;
}

int
lock_prepare(unsigned kind, const char **call)
{
	*call = NULL;
	return lock_kinds[kind].prepare == NULL
	    ? 0
	    : lock_kinds[kind].prepare(call);
}

uint32_t
cell_holder(const struct cell *c)
{
	uint32_t id = atomic_load_explicit(&c->holder, RELAXED);

	if (id == 0)
		id = atomic_load_explicit(&c->spin, RELAXED);
	if (id == 0)
		id = atomic_load_explicit(&c->permit.taker, RELAXED);
	return id != 0 ? id : ticket_holder(c);
}

int
cell_init(struct cell *c)
{
	memset(c, 0, sizeof *c);
	int err = robust_init(&c->mutex);
	if (err == 0)
		err = robust_init(&c->owner);
	return err;
}
