/* eventcount: an eventcount on one futex word, in shared memory. */
#include "memory/eventcount.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lockstep/util.h"

void
futex_wait(_Atomic uint32_t *word, uint32_t value, uint64_t ns)
{
	struct timespec ts = {.tv_sec = (time_t)(ns / NSEC_PER_SEC),
	    .tv_nsec = (long)(ns % NSEC_PER_SEC)};

	syscall(SYS_futex, word, FUTEX_WAIT, value, &ts, NULL, 0);
}

int
futex_wake(_Atomic uint32_t *word, int n)
{
	return (int)syscall(SYS_futex, word, FUTEX_WAKE, n, NULL, NULL, 0);
}

uint32_t
eventcount_prepare(struct eventcount *w)
{
	return atomic_fetch_or(&w->word, 1) | 1;
}

void
eventcount_wait(struct eventcount *w, uint32_t key, uint64_t ns)
{
	futex_wait(&w->word, key, ns);
}

bool
eventcount_until(struct eventcount *w, bool (*holds)(const void *),
    const void *arg, uint64_t timeout, uint64_t look)
{
	uint64_t end = time_after(timeout);

	while (!holds(arg)) {
		uint64_t now = now_ns();
		uint32_t key = eventcount_prepare(w);

		if (holds(arg))
			break;
		if (now >= end)
			return false;
		eventcount_wait(w, key, end - now < look ? end - now : look);
	}
	return true;
}

void
eventcount_all(struct eventcount *w)
{
	/* A full barrier: the caller changed the condition before this. */
	uint32_t old = atomic_fetch_or(&w->word, 0);

	while ((old & 1) != 0) {
		if (!atomic_compare_exchange_weak(
			&w->word, &old, (old + 2) & ~1U))
			continue;
		futex_wake(&w->word, INT_MAX);
		return;
	}
}

void
eventcount_surely(struct eventcount *w)
{
	atomic_fetch_add(&w->word, 2);
	futex_wake(&w->word, INT_MAX);
}

/*
 * The bit stays set while sleepers may remain: if it were cleared and set
 * again, another waker in between would not see them. If fewer were woken than
 * requested, no sleeper is left, and eventcount_all() clears the bit safely.
 */
int
eventcount_some(struct eventcount *w, int n)
{
	uint32_t old = atomic_fetch_or(&w->word, 0);

	while ((old & 1) != 0) {
		if (!atomic_compare_exchange_weak(&w->word, &old, old + 2))
			continue;
		int woken = futex_wake(&w->word, n);
		if (woken < n)
			eventcount_all(w);
		return woken;
	}
	return 0;
}
