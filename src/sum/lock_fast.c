/* lock_fast: the loop around the bursts, for all lock kinds. */
#include "sum/lock_fast.h"

#include "slot/trace.h"
#include "sum/lock_kinds.h"

bool
lock_fast_goes_on(struct adder *a)
{
	a->blind = atomic_load_explicit(&a->control->blind, RELAXED) != 0;
	return atomic_load_explicit(&a->gate->closed, RELAXED) == 0 &&
	    atomic_load_explicit(&a->control->kind, RELAXED) == a->kind &&
	    atomic_load_explicit(&a->control->window, RELAXED) == 0 &&
	    (a->blind || !trace_on(a->tslot)) &&
	    (a->gil == NULL || !gil_wanted(a->gil));
}

bool
lock_acquire(struct adder *a, const struct lock_kind *k)
{
	bool got = k->acquire(a);

	lock_take_gil(a);
	return got;
}

static uint64_t
lock_fast_burst_size(uint64_t most, uint64_t left)
{
	return left < most ? left : most;
}

/* After an add that waited for the lock, check again before the next burst. */
uint64_t
hand_locked(struct adder *a, int64_t n, uint64_t times, uint64_t size,
    uint64_t (*burst)(struct hand *, uint64_t), void (*put)(struct hand *))
{
	const struct lock_kind *k = a->lock;
	struct hand h = hand_of(a->cell, a->tslot, n);
	uint64_t done = 0;

	a->traced = a->stepped = false;
	while (done < times && lock_fast_goes_on(a)) {
		uint64_t most = lock_fast_burst_size(size, times - done);
		uint64_t made = burst(&h, most);

		SLOT_BUMP(a->tslot->acquired, made);
		done += made;
		if (made == most)
			continue;
		if (!lock_acquire(a, k))
			break;
		h.left = 0;
		put(&h);
		k->release(a);
		done++;
	}
	return done;
}

uint64_t
hand_free(struct adder *a, int64_t n, uint64_t times, uint64_t size,
    void (*burst)(struct hand *, uint64_t))
{
	struct hand h = hand_of(a->cell, a->tslot, n);
	uint64_t done = 0;

	while (done < times && lock_fast_goes_on(a)) {
		uint64_t most = lock_fast_burst_size(size, times - done);

		burst(&h, most);
		done += most;
	}
	return done;
}
