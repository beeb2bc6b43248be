/*
 * eventcount: an eventcount on one futex word, in shared memory.
 *
 * It lets a thread sleep until a condition that is kept elsewhere becomes true,
 * without a lost wake-up and without a lock. A waiter killed by SIGKILL leaves
 * nothing behind (with a condition variable the others would hang forever). The
 * algorithm is D. Vyukov's eventcount: the waiter announces itself, checks the
 * condition once more, and sleeps only if no wake has come since.
 *
 *	for (;;) {
 *		if (condition) break;
 *		uint32_t key = eventcount_prepare(&w);
 *		if (condition) break;
 *		eventcount_wait(&w, key, timeout);
 *	}
 *
 * The other side makes the condition true, then calls eventcount_some().
 */
#ifndef LOCKSTEP_EVENTCOUNT_H
#define LOCKSTEP_EVENTCOUNT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Zero-initialised. Bit 0: a thread may be asleep. The rest counts wakes. */
struct eventcount {
	_Atomic uint32_t word;
};

/* Announce a wait; check the condition again before eventcount_wait(). */
uint32_t eventcount_prepare(struct eventcount *);

/* Sleep until woken, at most `ns`. May return early: check again. */
void eventcount_wait(struct eventcount *, uint32_t key, uint64_t ns);

/*
 * The loop above, for at most `timeout` ns. It checks the condition at least
 * every `look` ns, even if not woken. False if the time ran out first.
 */
bool eventcount_until(struct eventcount *, bool (*holds)(const void *),
    const void *arg, uint64_t timeout, uint64_t look);

/*
 * Wake at most n sleepers, or all of them. eventcount_some() returns how many.
 * Neither makes a system call if no thread sleeps.
 */
int eventcount_some(struct eventcount *, int n);
void eventcount_all(struct eventcount *);

/*
 * Wake all sleepers even if bit 0 says that there are none: a waker may have
 * been killed in eventcount_all(), after it cleared the bit.
 */
void eventcount_surely(struct eventcount *);

/*
 * Would eventcount_some() make a system call? This check costs less and may
 * come first if two accesses are seq_cst: the store that changed the condition,
 * and the waiter's second check of it (tests/litmus/eventcount.py).
 */
static inline bool
eventcount_sleepers(struct eventcount *w)
{
	return (atomic_load(&w->word) & 1) != 0;
}

/* The bare futex: sleep while *word == value, at most `ns`. */
void futex_wait(_Atomic uint32_t *word, uint32_t value, uint64_t ns);

/* Wake at most n. Returns how many were woken. */
int futex_wake(_Atomic uint32_t *word, int n);

#endif
