/* permit: waits for a permit, and releases it. */
#include "sum/permit.h"

#include "base/cpu.h"
#include "lockstep/util.h"

#define PERMIT_WAIT (50 * NSEC_PER_MSEC) /* then check for a switch */
#define BACKOFF     8                    /* pauses */
#define BACKOFFS    6                    /* each twice as long */

bool
permit_acquire(struct adder *a, struct permit *p)
{
	bool waited = false;

	while (!lock_take_word(&p->taker, a->tslot->id)) {
		if (lock_switch_requested(a) || gate_stopped(a->gate))
			break;
		if (!waited)
			lock_wait_begins(a);
		waited = true;
		uint32_t key = eventcount_prepare(&p->back);
		if (atomic_load(&p->taker) != 0)
			eventcount_wait(&p->back, key, PERMIT_WAIT);
	}
	if (waited)
		lock_wait_ends(a);
	return atomic_load_explicit(&p->taker, RELAXED) == a->tslot->id;
}

void
permit_release(struct permit *p)
{
	atomic_store_explicit(&p->taker, 0, memory_order_release);
	eventcount_some(&p->back, 1);
}

/* Back off, longer each time: better than going to sleep at once. */
bool
permit_moment(struct permit *p, struct thread_slot *r)
{
	for (unsigned i = 0; i < BACKOFFS; i++) {
		cpu_relax(BACKOFF << i);
		if (!lock_take_word(&p->taker, r->id))
			continue;
		lock_waited_a_moment(r);
		return true;
	}
	return false;
}
