/* sum: adds under the current lock kind, and switches kinds. */
#include "sum/sum.h"

#include <errno.h>
#include <limits.h>

#include "lockstep/util.h"
#include "slot/ledger.h"
#include "slot/trace.h"
#include "sum/lock_kinds.h"
#include "sum/lock_fast.h"

#define SWITCH_WAIT (100 * NSEC_PER_MSEC)

static bool
sum_is_switched(const void *arg)
{
	const struct adder *a = arg;

	return (atomic_load(&a->control->kind) & KIND_SWITCHING) == 0;
}

/* In step mode: stand until the kind is switched. */
static void
sum_stand_for_switch(struct adder *a)
{
	const struct gate_point at = {.op = POINT_WAIT,
	    .thing = THING_LOCK,
	    .ready = sum_is_switched,
	    .arg = a};

	slot_state(a->tslot, STATE_WAIT_LOCK);
	gate_stand(a->gate, a->tslot, &at);
	slot_state(a->tslot, STATE_RUNNING);
}

/* Announce an add under the current kind; false if the run is over. */
static bool
sum_enter(struct adder *a)
{
	_Atomic uint32_t *current = &a->control->kind;

	for (;;) {
		uint32_t k = atomic_load(current);

		if ((k & KIND_SWITCHING) == 0) {
			atomic_store(&a->tslot->adding, k + 1);
			if (atomic_load(current) == k) {
				a->kind = k;
				a->lock = &lock_kinds[k];
				return true;
			}
			atomic_store(&a->tslot->adding, 0);
			continue;
		}
		if (gate_stopped(a->gate))
			return false;
		lock_drop_gil(a);
		if (gate_stepped(a->gate))
			sum_stand_for_switch(a);
		else
			futex_wait(current, k, SWITCH_WAIT);
		lock_take_gil(a);
	}
}

static bool
sum_switching(const struct adder *a)
{
	return atomic_load_explicit(&a->control->kind, RELAXED) != a->kind;
}

static bool
sum_lock_is_free(const void *arg)
{
	const struct adder *a = arg;
	uint32_t id = lock_kinds[sum_kind(a->control)].holder(a);

	atomic_store_explicit(&a->tslot->owner, id, RELAXED);
	return id == 0;
}

/*
 * In step mode: stand before the first operation, which may be to take the
 * lock. False: the run ended before the add began, so it is not made.
 */
static bool
sum_stand_to_begin(struct adder *a, const struct lock_kind *k, int64_t n)
{
	const struct gate_point at = {.op = k->first,
	    .thing = k->holder != NULL ? THING_LOCK : THING_SUM,
	    .addend = n,
	    .ready = k->holder != NULL ? sum_lock_is_free : NULL,
	    .arg = a};

	a->begun = k->holder == NULL;
	if (k->holder != NULL)
		slot_state(a->tslot, STATE_WAIT_LOCK);
	enum gate_pass pass = gate_stand(a->gate, a->tslot, &at);
	slot_state(a->tslot, STATE_RUNNING);
	atomic_store_explicit(&a->tslot->owner, 0, RELAXED);
	return pass == GATE_GRANTED || !gate_stopped(a->gate);
}

static void
sum_release_lock(struct adder *a, const struct lock_kind *k)
{
	if (k->release == NULL)
		return;
	lock_stand(a, k->last, THING_LOCK, 0, 0);
	k->release(a);
}

/* One add, with everything that observes it; false if it was not made. */
static bool
sum_add_one(struct adder *a, int64_t n)
{
	const struct lock_kind *k = a->lock;

	/* Acquire: if we see an opening, we see the gate that it opened. */
	a->openings =
	    atomic_load_explicit(&a->gate->openings, memory_order_acquire);
	a->stepped = gate_stepped(a->gate);
	a->blind = !a->stepped &&
	    atomic_load_explicit(&a->control->blind, RELAXED) != 0;
	a->traced = a->stepped || (!a->blind && trace_on(a->tslot));
	if (a->stepped && (!sum_stand_to_begin(a, k, n) || sum_switching(a)))
		return false;
	if (k->acquire != NULL && !lock_acquire(a, k))
		return false;
	if (sum_switching(a)) {
		if (k->release != NULL)
			k->release(a);
		return false;
	}
	k->add(a, n);
	sum_release_lock(a, k);
	return true;
}

static bool
sum_called_away(const struct adder *a)
{
	return atomic_load_explicit(&a->gate->closed, RELAXED) != 0 ||
	    sum_switching(a) || (a->gil != NULL && gil_wanted(a->gil));
}

/* Add until all adds are made, or something else needs attention. */
static uint64_t
sum_add_some(struct adder *a, int64_t n, uint64_t times)
{
	const struct lock_kind *k = a->lock;
	uint64_t done = 0;

	ledger_amount(a->tslot, n);
	do {
		if (k->quick != NULL)
			done += k->quick(a, n, times - done);
		if (done == times || !sum_add_one(a, n))
			break;
	} while (++done < times && !sum_called_away(a));
	return done;
}

bool
sum_add(struct adder *a, int64_t n, uint64_t times)
{
	while (times > 0) {
		gil_checkpoint(a->gil, a->tslot);
		if (!gil_pass_gate(a->gil, a->gate, a->tslot) || !sum_enter(a))
			return false;
		times -= sum_add_some(a, n, times);
		atomic_store_explicit(
		    &a->tslot->adding, 0, memory_order_release);
	}
	return true;
}

void
sum_switch(struct sum_control *s, unsigned kind)
{
	s->wanted = kind;
	if (sum_kind(s) != kind)
		atomic_fetch_or(&s->kind, KIND_SWITCHING);
}

bool
sum_switched(
    struct sum_control *s, struct thread_slot *tslots, unsigned ntslots)
{
	if ((atomic_load(&s->kind) & KIND_SWITCHING) == 0)
		return true;
	for (unsigned i = 0; i < ntslots; i++)
		if (atomic_load(&tslots[i].adding) != 0)
			return false;
	if (sum_kind(s) != s->wanted)
		atomic_fetch_add(&s->switches, 1);
	atomic_store(&s->kind, s->wanted);
	futex_wake(&s->kind, INT_MAX);
	return true;
}

unsigned
sum_kind(const struct sum_control *s)
{
	return atomic_load(&s->kind) & ~KIND_SWITCHING;
}

int
sum_recover(struct sum_control *s, struct cell *c, struct thread_slot *tslots,
    unsigned ntslots)
{
	const struct lock_kind *k = &lock_kinds[sum_kind(s)];
	int doubt = 0;

	if (k->recover != NULL && k->recover(c, tslots, ntslots) != 0)
		return -EAGAIN;
	for (unsigned i = 0; i < ntslots; i++) {
		if (ledger_pending(&tslots[i])) {
			/* A living thread settles it, or nothing ever can. */
			if (k->recover != NULL)
				return -EAGAIN;
			doubt++;
			ledger_cancel(&tslots[i]);
		}
		cell_take_part(c, &tslots[i]);
		uint32_t holder = tslots[i].id;
		if (k->recover == NULL)
			atomic_compare_exchange_strong(&c->holder, &holder, 0);
		atomic_store(&tslots[i].adding, 0);
	}
	return doubt;
}
