/*
 * eventcount: an eventcount over one futex word, in shared memory.
 *
 * The way to sleep until some condition that lives elsewhere becomes true,
 * without a lost wake-up, without a lock, and with nothing left behind by a
 * waiter that is SIGKILLed (a condition variable hangs for ever then). The
 * algorithm is the eventcount of D. Vyukov: the waiter announces itself,
 * looks at the condition once more, and sleeps only if nobody woke it since.
 *
 *	for (;;) {
 *		if (condition) break;
 *		uint32_t key = eventcount_prepare(&w);
 *		if (condition) break;
 *		eventcount_wait(&w, key, timeout);
 *	}
 *
 * and on the other side: make the condition true, then eventcount_some().
 */
#ifndef LOCKSTEP_EVENTCOUNT_H
#define LOCKSTEP_EVENTCOUNT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Zero-initialised. Bit 0: somebody may be asleep. The rest counts wakes. */
struct eventcount {
	_Atomic uint32_t word;
};

/* Announce a wait; look at the condition again before eventcount_wait(). */
uint32_t eventcount_prepare(struct eventcount *);

/* Sleep until woken or `ns` are over. May return early: look again. */
void eventcount_wait(struct eventcount *, uint32_t key, uint64_t ns);

/*
 * The loop above, for at most so many ns; looks every `look` ns unasked.
 * False if the time was up first.
 */
bool eventcount_until(struct eventcount *, bool (*holds)(const void *),
    const void *arg, uint64_t timeout, uint64_t look);

/* Wake at most n sleepers, say how many; no system call if nobody sleeps. */
int eventcount_some(struct eventcount *, int n);
void eventcount_all(struct eventcount *);

/*
 * Wake whoever is there, asleep in the eyes of others or not: a waker may have
 * been killed in eventcount_all(), after it had hidden the sleepers.
 */
void eventcount_surely(struct eventcount *);

/*
 * Would eventcount_some() make a system call? It may be asked instead, for it
 * costs less, where the store that has changed the condition is seq_cst and so
 * is the waiter's second look at it (tests/litmus/eventcount.py).
 */
static inline bool
eventcount_sleepers(struct eventcount *w)
{
	return (atomic_load(&w->word) & 1) != 0;
}

/* The bare futex: sleep while *word == value, at most ns. */
void futex_wait(_Atomic uint32_t *word, uint32_t value, uint64_t ns);

/* How many were woken. */
int futex_wake(_Atomic uint32_t *word, int n);

#endif
