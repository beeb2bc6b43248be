/*
 * worker_watch: the thread that keeps watch, so that no task waits while a
 * thread sleeps; and what a death changes. See worker_loop.c.
 */
#include <limits.h>

#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "slot/slot.h"

#define WATCH (2 * NSEC_PER_MSEC)
#define RESTS 25 /* looks without a pending task; then the watch ends */

void
serve_wake_all(struct executor *e)
{
	atomic_store(&e->limit, UINT_MAX);
	eventcount_all(&e->idle);
}

void
serve_forget(struct executor *e, uint32_t first_id, uint32_t last_id)
{
	_Atomic uint32_t *words[] = {&e->spinner, &e->watch};

	for (unsigned i = 0; i < 2; i++) {
		uint32_t id = atomic_load(words[i]);

		if (id >= first_id && id <= last_id)
			atomic_compare_exchange_strong(words[i], &id, 0);
	}
	uint64_t crew = atomic_load(&e->crew);
	while (!atomic_compare_exchange_weak(
	    &e->crew, &crew, ((crew >> 32) + 1) << 32))
		;
	atomic_store(&e->waking, 0);
	serve_wake_all(e);
}

/*
 * Keep watch: sleep for 2 ms at a time. The watch ends when the thread is
 * woken, when nothing has been pending for long, or when tasks are pending and
 * none was taken.
 */
void
serve_keep_watch(struct executor *e, uint32_t key)
{
	uint64_t head = atomic_load(&e->pending.head);
	unsigned rests;

	for (rests = 0; rests < RESTS; rests++) {
		eventcount_wait(&e->idle, key, WATCH);
		uint64_t now = atomic_load(&e->pending.head);
		if (atomic_load_explicit(&e->idle.word, RELAXED) != key)
			break;
		if (serve_any_pending(e)) {
			if (now == head) {
				serve_wake_all(e);
				break;
			}
			rests = 0;
		}
		head = now;
	}
	atomic_store(&e->watch, 0);
	/* A thread may stay awake for long while no thread keeps watch. */
	if (rests == RESTS && serve_awake(e) > 0)
		atomic_store(&e->limit, UINT_MAX);
}
