/*
 * lock_owner: single writer: one thread, the owner, makes all adds; the other
 * threads post theirs to it.
 *
 * Every thread has a mailbox in its slot: `posted` is the number of adds that
 * its slot is to have, the ledger has the number committed, and the difference
 * is waiting to be applied. All of these adds have the amount of the slot's
 * current book, so posting an add is one store. A thread may run up to MAILBOX
 * adds ahead of the owner, but its announcement (sum.h) stays until all that it
 * has posted is applied. So a switch of the kind finds all mailboxes empty.
 *
 * The mailbox has a cache line of its own, and neither side reads what the
 * other writes before it must: the owner takes everything that is there, and
 * the thread remembers how many adds it last knew to be applied.
 *
 * The owner makes an add as the holder of a lock would, in the name of the
 * thread that posted it: intent and commit go to that thread's slot, and the
 * thread writes neither meanwhile. The store that commits an add also takes it
 * out of the mailbox. So an amount is added exactly once, whichever thread
 * dies:
 *
 * - The owner: `applying` names the slot that it was working on. The next owner
 *   settles that slot (add_settle()) and continues from its ledger.
 * - A thread that has posted: its mailbox is emptied all the same. The
 *   supervisor waits until the owner has done that, or does it itself if there
 *   is no owner, and closes the mailbox before another thread gets the slot.
 *
 * Each process that adds has a helper thread, named `owner`, which is started
 * the first time that the process uses this kind; the supervisor has none. The
 * helper that holds cell->owner, a robust mutex, is the owner. The others wait
 * for the mutex, and the one that gets it learns whether the last owner died.
 * Where no helper can be started, the waiting threads take turns as owner.
 */
#include "base/cpu.h"
#include "base/fault.h"
#include "slot/ledger.h"
#include "slot/trace.h"
#include "sum/lock_fast.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#define MAILBOX   1024                  /* adds ahead of the owner */
#define BURST     32                    /* adds between two checks */
#define LOOKS     20                    /* with a pause before each */
#define YIELDS    20                    /* after the looks; then sleep */
#define LOOK      (50 * NSEC_PER_MSEC)  /* longest sleep of a poster */
#define IDLE      (500 * NSEC_PER_MSEC) /* longest sleep of the owner */
#define WORD_BITS 64

static struct {
	pthread_mutex_t mutex;
	_Atomic pid_t pid;         /* of the process that it runs in */
	struct cell *_Atomic cell; /* that it owns, or waits to own */
	struct adder adder;        /* of the thread that started it */
} owner_helper = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static uint64_t
owner_posted(const struct thread_slot *r)
{
	return atomic_load_explicit(&r->posted, memory_order_acquire);
}

/* How many adds are committed in the ledger, which the owner writes. */
static uint64_t
owner_applied(const struct thread_slot *r)
{
	return atomic_load_explicit(&r->committed, memory_order_acquire) >>
	    LEDGER_ADDS_BIT;
}

/* How many are in the mailbox. Other kinds commit adds without posting. */
static uint64_t
owner_waiting(const struct thread_slot *r)
{
	uint64_t adds = owner_applied(r), all = owner_posted(r);

	return all > adds ? all - adds : 0;
}

/* ---- the owner ---- */

/* Make an add in the name of h's slot. The order is that of add_settle(). */
ALWAYS_INLINE void
owner_put(struct hand *h, uint64_t from)
{
	hand_intend(h, word_value(from));
	CRASH_POINT("owner-before-store");
	atomic_store_explicit(&h->cell->word, word_value_in(from) + h->step,
	    memory_order_release);
	CRASH_POINT("owner-after-store");
	hand_commit(h);
}

/*
 * Threads post several adds at a time only while there is no window. If one has
 * been set since, it applies to later adds only: otherwise a switch of the kind
 * would have to wait for as many windows.
 */
static void
owner_add(struct adder *owner, struct thread_slot *r, uint64_t n)
{
	struct cell *c = owner->cell;
	int64_t amount =
	    atomic_load_explicit(&ledger_current(r)->amount, RELAXED);
	struct hand h = hand_of(c, r, amount);
	bool window = n == 1 &&
	    atomic_load_explicit(&owner->control->window, RELAXED) != 0;

	for (; n > 0; n--) {
		uint64_t from = atomic_load_explicit(&c->word, RELAXED);

		if (window) {
			/* The thread wakes and shows STATE_WINDOW. */
			eventcount_all(&c->applied);
			sum_window(owner);
		}
		owner_put(&h, from);
	}
}

/* Apply what is in a mailbox now; false if it is empty. */
static bool
owner_empty(struct adder *owner, struct thread_slot *r)
{
	struct cell *c = owner->cell;
	uint64_t n = owner_waiting(r);

	if (n == 0)
		return false;
	atomic_store_explicit(&c->applying, r->id, memory_order_release);
	CRASH_POINT("owner-applying");
	owner_add(owner, r, n < MAILBOX ? n : MAILBOX);
	atomic_store_explicit(&c->applying, 0, memory_order_release);
	eventcount_all(&c->applied);
	return true;
}

/* Empty the mailboxes of 64 threads; false if all were empty. */
static bool
owner_look_at(struct adder *owner, unsigned callers)
{
	uint64_t bits = atomic_load(&owner->cell->callers[callers]);
	bool any = false;

	for (; bits != 0; bits &= bits - 1) {
		unsigned bit = (unsigned)__builtin_ctzll(bits);
		uint32_t id = callers * WORD_BITS + bit;

		any |= owner_empty(owner, lock_slot_by_id(owner->tslot, id));
	}
	return any;
}

/* Empty the mailboxes of all threads that add; false if all were empty. */
static bool
owner_round(struct adder *owner)
{
	bool any = false;

	for (unsigned i = 0; i < CELL_CROWDS; i++) {
		uint64_t bits = atomic_load(&owner->cell->crowds[i]);

		for (; bits != 0; bits &= bits - 1)
			any |= owner_look_at(owner,
			    i * WORD_BITS + (unsigned)__builtin_ctzll(bits));
	}
	return any;
}

/*
 * We hold the mutex, unless `err` says otherwise; with EOWNERDEAD its last
 * owner died holding it. If the mailbox that it was working on is not empty,
 * that owner may have died during an add: only an owner writes the intent of
 * such a slot.
 */
static bool
owner_inherit(struct adder *owner, int err)
{
	struct cell *c = owner->cell;
	uint32_t id = atomic_load(&c->applying);

	if (err != 0 && err != EOWNERDEAD)
		return false;
	if (err == EOWNERDEAD) {
		CRASH_POINT("owner-inherited");
		if (id != 0) {
			struct thread_slot *r =
			    lock_slot_by_id(owner->tslot, id);
			if (owner_waiting(r) > 0)
				add_settle(c, r);
		}
		atomic_store(&c->applying, 0);
		atomic_store(&c->owner_tid, 0);
		lock_orphaned(c);
		pthread_mutex_consistent(&c->owner);
	}
	return true;
}

static bool
owner_try(struct adder *owner)
{
	return owner_inherit(owner, pthread_mutex_trylock(&owner->cell->owner));
}

/* There is nothing to do: pause, after some rounds yield, then sleep. */
static void
owner_idle(struct adder *owner, unsigned rounds)
{
	struct cell *c = owner->cell;

	if (rounds < LOOKS) {
		cpu_relax(1);
	} else if (rounds < LOOKS + YIELDS) {
		sched_yield();
	} else {
		uint32_t key = eventcount_prepare(&c->handed_in);

		if (!owner_round(owner))
			eventcount_wait(&c->handed_in, key, IDLE);
	}
}

static void *
owner_main(void *arg)
{
	struct adder owner = owner_helper.adder;
	unsigned rounds = 0;

	(void)arg;
	pthread_setname_np(pthread_self(), "owner");
	if (!owner_inherit(&owner, pthread_mutex_lock(&owner.cell->owner)))
		return NULL;
	CRASH_POINT("owner-owns");
	atomic_store(&owner.cell->owner_tid, gettid());
	for (;;) {
		rounds = owner_round(&owner) ? 0 : rounds + 1;
		if (rounds > 0)
			owner_idle(&owner, rounds);
	}
	return NULL;
}

static void
owner_start(void)
{
	pthread_attr_t attr;
	sigset_t all, old;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (!FAULT("owner_create", EAGAIN))
		pthread_create(&thread, &attr, owner_main, NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
}

/* The adder of an owner: it adds to the same cell as `a`. */
static struct adder
owner_adder(const struct adder *a, bool blind)
{
	return (struct adder){.cell = a->cell,
	    .control = a->control,
	    .gate = a->gate,
	    .tslot = a->tslot,
	    .blind = blind};
}

/* Start the helper of this process for this cell. A failure is final. */
static void
owner_need_helper(const struct adder *a)
{
	pid_t pid = getpid();

	if (atomic_load(&owner_helper.pid) == pid &&
	    atomic_load(&owner_helper.cell) == a->cell)
		return;
	pthread_mutex_lock(&owner_helper.mutex);
	if (atomic_load(&owner_helper.pid) != pid ||
	    atomic_load(&owner_helper.cell) != a->cell) {
		owner_helper.adder = owner_adder(a, true);
		owner_start();
		atomic_store(&owner_helper.cell, a->cell);
		atomic_store(&owner_helper.pid, pid);
	}
	pthread_mutex_unlock(&owner_helper.mutex);
}

/* ---- threads that post ---- */

static _Atomic uint64_t *
owner_caller_word(struct cell *c, uint32_t id)
{
	return &c->callers[id / WORD_BITS];
}

static uint64_t
owner_caller_bit(uint32_t id)
{
	return UINT64_C(1) << id % WORD_BITS;
}

/* The bit of a crowd, once set, stays set. */
static void
owner_begin(struct adder *a)
{
	uint32_t id = a->tslot->id, word = id / WORD_BITS;
	_Atomic uint64_t *crowd = &a->cell->crowds[word / WORD_BITS];

	owner_need_helper(a);
	if ((atomic_load(crowd) & owner_caller_bit(word)) == 0)
		atomic_fetch_or(crowd, owner_caller_bit(word));
	atomic_fetch_or(owner_caller_word(a->cell, id), owner_caller_bit(id));
}

static void
owner_end(struct adder *a)
{
	uint32_t id = a->tslot->id;

	atomic_fetch_and(owner_caller_word(a->cell, id), ~owner_caller_bit(id));
}

/* If there is no owner, do its work for one round. */
static void
owner_stand_in(struct adder *a)
{
	struct adder owner = owner_adder(a, a->blind);

	if (!owner_try(&owner))
		return;
	owner_round(&owner);
	pthread_mutex_unlock(&a->cell->owner);
}

/* Wait until at most `left` of the adds posted are still to be applied. */
static void
owner_wait_until_left(struct adder *a, uint64_t left)
{
	struct cell *c = a->cell;
	struct thread_slot *r = a->tslot;
	bool waits = false;

	for (unsigned i = 0; owner_waiting(r) > left; i++) {
		if (i < LOOKS) {
			cpu_relax(1);
			continue;
		}
		eventcount_all(&c->handed_in);
		if (i < LOOKS + YIELDS) {
			sched_yield();
			continue;
		}
		if (waits)
			owner_stand_in(a);
		else
			lock_wait_begins(a);
		waits = true;
		uint32_t key = eventcount_prepare(&c->applied);
		bool mine = atomic_load(&c->applying) == r->id;
		slot_state(r, mine ? STATE_WINDOW : STATE_WAIT_LOCK);
		if (owner_waiting(r) > left)
			eventcount_wait(&c->applied, key, LOOK);
	}
	if (waits) {
		slot_state(r, STATE_RUNNING);
		latency_note(&r->times, TIMES_WAIT, a->waits_since, now_ns());
		a->waits_since = 0;
		lock_take_gil(a);
	}
}

static uint64_t
owner_apply(struct adder *a)
{
	struct thread_slot *r = a->tslot;

	owner_begin(a);
	CRASH_POINT("owner-before-post");
	atomic_store_explicit(
	    &r->posted, owner_applied(r) + 1, memory_order_release);
	CRASH_POINT("owner-posted");
	owner_wait_until_left(a, 0);
	owner_end(a);
	/* It still holds what the owner read for this add. */
	return atomic_load_explicit(&r->intent, RELAXED);
}

/* The owner makes the add; it is traced in our name, as one step. */
void
add_handed_in(struct adder *a, int64_t n)
{
	uint64_t t0 = add_trace_begin(a);
	int64_t seen = (int64_t)owner_apply(a) >> LEDGER_TAG_BITS;
	uint64_t word = word_make(seen, 0);

	add_trace_step(a, word);
	add_trace_rest(a, t0, word, n, word);
}

uint64_t
lock_owner_quick(struct adder *a, int64_t n, uint64_t times)
{
	struct thread_slot *r = a->tslot;
	uint64_t first = owner_applied(r), known = first, done = 0;

	(void)n; /* the current book has it */
	if (!lock_fast_goes_on(a))
		return 0;
	a->stepped = a->traced = false;
	owner_begin(a);
	while (done < times && lock_fast_goes_on(a)) {
		uint64_t last = times - done < BURST ? times : done + BURST;

		if (first + last - known > MAILBOX) {
			owner_wait_until_left(a, MAILBOX / 2);
			known = owner_applied(r);
		}
		while (done < last)
			atomic_store_explicit(
			    &r->posted, first + ++done, memory_order_release);
	}
	CRASH_POINT("owner-posted");
	owner_wait_until_left(a, 0);
	owner_end(a);
	return done;
}

/* ---- the supervisor ---- */

/* Are the mailboxes of the dead empty? If no owner does it, empty them. */
static bool
owner_drained(struct cell *c, struct thread_slot *tslots, unsigned n)
{
	struct gate gate = {.closed = GATE_STOP}; /* without any window */
	struct sum_control control = {.window = 0};
	struct adder owner = {.cell = c,
	    .control = &control,
	    .gate = &gate,
	    .tslot = tslots,
	    .blind = true};
	bool left = false;

	for (unsigned i = 0; i < n; i++)
		left |= owner_waiting(&tslots[i]) > 0;
	if (!left)
		return true;
	if (!owner_try(&owner))
		return false;
	for (unsigned i = 0; i < n; i++)
		while (owner_empty(&owner, &tslots[i]))
			;
	pthread_mutex_unlock(&c->owner);
	return true;
}

int
lock_owner_recover(struct cell *c, struct thread_slot *tslots, unsigned n)
{
	if (!owner_drained(c, tslots, n))
		return -EAGAIN;
	for (unsigned i = 0; i < n; i++) {
		uint32_t id = tslots[i].id;

		/* In this order: an owner that looks now finds it empty. */
		atomic_store(&tslots[i].posted, 0);
		atomic_fetch_and(
		    owner_caller_word(c, id), ~owner_caller_bit(id));
	}
	return 0;
}
