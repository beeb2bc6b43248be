/*
 * mutex: a lock whose word names its holder and the thread that gets it next.
 *
 * The first thread to come takes a free lock. A thread that has waited for
 * HEIR_AFTER makes itself the heir, and the next unlock hands the lock to it.
 * So the lock is fast while holds are short, and no thread waits forever. When
 * a holder or an heir dies, mutex_recover() removes it from the word.
 */
#include "lockstep/mutex.h"

#include <errno.h>

#include "base/cpu.h"
#include "base/util_priv.h"
#include "lockstep/frame.h"
#include "lockstep/util.h"
#include "program/mutex_priv.h"
#include "run/registry.h"

#define ID_BITS    15
#define ID_MASK    ((1U << ID_BITS) - 1)
#define OUTSIDE    MUTEX_OUTSIDE
#define HEIR_SHIFT ID_BITS
#define ORPHAN     (1U << 30) /* free, because its holder died */

#define HEIR_AFTER NSEC_PER_MSEC
#define RELOOK     NSEC_PER_SEC
#define SPINS      100
#define PAUSES     10

#define HOLDS_TIMED  1024 /* all of the first holds; after that, */
#define HOLDS_SAMPLE 32   /* one in this many */

static uint32_t
mutex_holder_of(uint32_t word)
{
	return word & ID_MASK;
}

static uint32_t
mutex_heir_of(uint32_t word)
{
	return word >> HEIR_SHIFT & ID_MASK;
}

static bool
mutex_swap(struct mutex *m, uint32_t *from, uint32_t to)
{
	return atomic_compare_exchange_strong(&m->word, from, to);
}

struct mutex *
mutex_new(const char *name)
{
	return mutex_make(name, 0);
}

/* 0: taken, or handed to me already; 1: taken over from the dead; -EAGAIN. */
static int
mutex_try_lock(struct mutex *m, uint32_t me)
{
	uint32_t word = atomic_load(&m->word);

	while (mutex_holder_of(word) == 0) {
		uint32_t heir =
		    mutex_heir_of(word) == me ? 0 : mutex_heir_of(word);
		if (mutex_swap(m, &word, me | heir << HEIR_SHIFT))
			return (word & ORPHAN) != 0;
	}
	return mutex_holder_of(word) == me && me != OUTSIDE ? 0 : -EAGAIN;
}

static int
mutex_try_for_a_moment(struct mutex *m, uint32_t me)
{
	int got = mutex_try_lock(m, me);

	for (int i = 0; got == -EAGAIN && m->spin && i < SPINS; i++) {
		cpu_relax(PAUSES);
		got = mutex_try_lock(m, me);
	}
	return got;
}

/* Unless another thread is the heir, or the lock is free or mine by now. */
static void
mutex_become_heir(struct mutex *m, uint32_t me)
{
	uint32_t word = atomic_load(&m->word);

	while (me != OUTSIDE && mutex_holder_of(word) != 0 &&
	    mutex_holder_of(word) != me && mutex_heir_of(word) == 0)
		if (mutex_swap(m, &word, word | me << HEIR_SHIFT))
			return;
}

/* Stop waiting: 0 if the lock was handed to me at the last moment. */
static int
mutex_give_up(struct mutex *m, uint32_t me)
{
	uint32_t word = atomic_load(&m->word);

	while (mutex_heir_of(word) == me)
		if (mutex_swap(m, &word, word & ~(ID_MASK << HEIR_SHIFT)))
			return -ETIMEDOUT;
	return mutex_holder_of(word) == me && me != OUTSIDE ? 0 : -ETIMEDOUT;
}

/* ---- in step mode ---- */

static bool
mutex_is_free(const void *arg)
{
	const struct mutex *m = arg;
	uint32_t holder = mutex_holder_of(atomic_load(&m->word));

	self_because(holder & ~OUTSIDE);
	return holder == 0;
}

/*
 * mutex_lock() at the gate; -EAGAIN: step mode is over, go on waiting. A thread
 * that was the heir gives that up first: here a thread gets the lock only by a
 * step.
 */
static int
mutex_lock_stepped(struct mutex *m, uint32_t me, uint64_t timeout)
{
	const struct self_wait at = {.op = POINT_LOCK,
	    .thing = THING_MUTEX,
	    .object = m->number,
	    .state = STATE_WAIT_LOCK,
	    .timeout = timeout,
	    .ready = mutex_is_free,
	    .arg = m};

	if (mutex_give_up(m, me) == 0)
		return 0;
	while (self_stepped()) {
		enum gate_pass pass = self_stand(&at);
		if (pass == GATE_TIMED_OUT)
			return mutex_give_up(m, me);
		int got =
		    pass == GATE_GRANTED ? mutex_try_lock(m, me) : -EAGAIN;
		if (got == -EAGAIN && pass == GATE_GRANTED && timeout == 0)
			got = mutex_give_up(m, me);
		if (got != -EAGAIN)
			return got;
	}
	return -EAGAIN;
}

static void
mutex_stand_unlock(const struct mutex *m)
{
	const struct self_wait at = {.op = POINT_UNLOCK,
	    .thing = THING_MUTEX,
	    .object = m->number,
	    .timeout = FOREVER};

	self_stand(&at);
}

/* ---- not in step mode ---- */

static int
mutex_wait_for(struct mutex *m, uint32_t me, uint64_t start, uint64_t timeout)
{
	uint64_t until = time_add(start, timeout);
	int got;

	self_block_for(STATE_WAIT_LOCK, m->number,
	    mutex_holder_of(atomic_load(&m->word)) & ~OUTSIDE, timeout);
	for (;;) {
		uint64_t now = now_ns(), most = RELOOK;

		if (self_stepped() &&
		    (got = mutex_lock_stepped(m, me, timeout)) != -EAGAIN)
			break;
		uint32_t key = eventcount_prepare(&m->wake);
		if (now - start < HEIR_AFTER)
			most = HEIR_AFTER;
		else
			mutex_become_heir(m, me);
		got = mutex_try_lock(m, me);
		if (got == -EAGAIN && now >= until)
			got = mutex_give_up(m, me);
		if (got != -EAGAIN)
			break;
		if (self != NULL)
			atomic_store(&self->tslot->owner,
			    mutex_holder_of(atomic_load(&m->word)) & ~OUTSIDE);
		self_doze(
		    &m->wake, key, until - now < most ? until - now : most);
	}
	return got;
}

/* I hold it: record since when, and how long I waited for it. */
static void
mutex_note(struct mutex *m, bool waited, uint64_t start)
{
	uint64_t now = now_ns();

	atomic_store_explicit(&m->since, now, RELAXED);
	SLOT_BUMP(m->acquired, 1);
	lock_order_has(&registry->orders, m->number);
	if (!waited)
		return;
	SLOT_BUMP(m->contended, 1);
	latency_note(&m->times, TIMES_WAIT, start, now);
	if (now - start > atomic_load_explicit(&m->longest, RELAXED))
		atomic_store_explicit(&m->longest, now - start, RELAXED);
}

/* Lock it at the gate; -EAGAIN: lock it the ordinary way. */
static int
mutex_lock_at_gate(struct mutex *m, uint32_t me, uint64_t timeout)
{
	uint32_t holder = mutex_holder_of(atomic_load(&m->word));
	uint64_t start = now_ns();

	if (holder == me)
		return -EDEADLK;
	int got = mutex_lock_stepped(m, me, timeout);
	if (got >= 0)
		mutex_note(m, holder != 0, start);
	return got;
}

/* I am about to release it. The first holds are timed, later ones sampled. */
static void
mutex_note_hold(struct mutex *m)
{
	uint64_t since = atomic_load_explicit(&m->since, RELAXED);
	uint64_t nth = atomic_load_explicit(&m->acquired, RELAXED);

	if (nth < HOLDS_TIMED || nth % HOLDS_SAMPLE == 0)
		latency_note(&m->times, TIMES_HOLD, since, now_ns());
	atomic_store_explicit(&m->since, 0, RELAXED);
	lock_order_gives(&registry->orders, m->number);
}

int
mutex_lock(struct mutex *m, uint64_t timeout)
{
	if (timeout == FOREVER)
		mutex_wants(m);

	uint32_t me = mutex_my_id(), word = 0;
	int got = self_stepped() ? mutex_lock_at_gate(m, me, timeout) : -EAGAIN;

	if (got != -EAGAIN)
		return got;
	if (mutex_swap(m, &word, me)) {
		mutex_note(m, false, 0);
		return 0;
	}
	if (mutex_holder_of(word) == me && me != OUTSIDE)
		return -EDEADLK;
	uint64_t start = now_ns();
	bool waits = false;
	got = timeout == 0 ? mutex_try_lock(m, me)
			   : mutex_try_for_a_moment(m, me);
	if (got == -EAGAIN && timeout > 0) {
		waits = true;
		got = mutex_wait_for(m, me, start, timeout);
	}
	if (got == -EAGAIN)
		got = -ETIMEDOUT;
	if (got >= 0)
		mutex_note(m, mutex_holder_of(word) != 0, start);
	if (waits)
		self_unblock();
	return got;
}

int
mutex_unlock(struct mutex *m)
{
	uint32_t me = mutex_my_id(), word = atomic_load(&m->word), heir;

	if (mutex_holder_of(word) != me)
		return -EPERM;
	if (self_stepped()) {
		mutex_stand_unlock(m);
		word = atomic_load(&m->word);
	}
	mutex_note_hold(m);
	do
		heir = mutex_heir_of(word);
	while (!mutex_swap(m, &word, heir));
	if (heir != 0)
		eventcount_all(&m->wake); /* one of them is the heir */
	else if (eventcount_sleepers(&m->wake))
		eventcount_some(&m->wake, 1);
	return 0;
}

struct mutex_held
mutex_hold(struct mutex *m)
{
	if (mutex_lock(m, FOREVER) < 0)
		fatal("with_lock: this thread already holds %s", m->name);
	return (struct mutex_held){.mutex = m, .once = true};
}

unsigned
mutex_permits(const struct mutex *m)
{
	return m->permits > 0 ? m->permits : 1;
}

uint32_t
mutex_holder(const struct mutex *m, unsigned permit)
{
	uint32_t id = m->permits > 0 ? atomic_load(&m->holders[permit])
				     : mutex_holder_of(atomic_load(&m->word));

	return id & ~OUTSIDE;
}

const char *
mutex_name(const struct mutex *m)
{
	return m->name;
}

uint32_t
mutex_frame(const struct mutex *m, struct frame_mutex *out)
{
	uint32_t holder = m->permits > 0
	    ? semaphore_holder(m)
	    : mutex_holder_of(atomic_load(&m->word));
	uint64_t since = atomic_load(&m->since), now = now_ns();
	bool known = holder != 0 && since != 0 && since < now;
	uint64_t held = known ? (now - since) / NSEC_PER_USEC : 0;

	*out = (struct frame_mutex){.index = (uint8_t)m->number,
	    .permits =
		(uint8_t)(m->permits < UINT8_MAX ? m->permits : UINT8_MAX),
	    .orphaned = atomic_load(&m->orphaned),
	    .held_us = held < UINT32_MAX ? (uint32_t)held : UINT32_MAX,
	    .acquired = atomic_load(&m->acquired),
	    .contended = atomic_load(&m->contended),
	    .longest_us = atomic_load(&m->longest) / NSEC_PER_USEC};
	return holder & ~OUTSIDE;
}

const struct latency *
mutex_times(const struct mutex *m)
{
	return &m->times;
}

bool
mutex_recover(struct mutex *m, uint32_t first_id, uint32_t last_id)
{
	uint32_t word = atomic_load(&m->word), left;
	bool orphan;

	if (first_id == 0)
		return false;
	if (m->permits > 0)
		return semaphore_recover(m, first_id, last_id);
	do {
		uint32_t holder = mutex_holder_of(word),
			 heir = mutex_heir_of(word);
		orphan = holder >= first_id && holder <= last_id;
		left = word;
		if (heir >= first_id && heir <= last_id)
			left &= ~(ID_MASK << HEIR_SHIFT);
		if (orphan)
			left = (left & ~ID_MASK) | ORPHAN;
	} while (left != word && !mutex_swap(m, &word, left));
	if (orphan)
		atomic_fetch_add(&m->orphaned, 1);
	eventcount_surely(&m->wake);
	return orphan;
}
