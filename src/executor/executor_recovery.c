/*
 * executor_recovery: what the supervisor, which never waits, does with an
 * executor: it reports its state, and recovers its tasks when a worker dies.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "slot/slot.h"

const char *
executor_name(const struct executor *e)
{
	return e->name;
}

static uint32_t
recovery_running(const struct executor *e)
{
	uint32_t n = atomic_load(&e->running);

	for (unsigned i = 0; i < e->nservers; i++) {
		struct server *s = &e->servers[i];
		struct future *f = atomic_load(&s->hand);

		n += f != NULL &&
		    word_state(future_word(f)) == FUTURE_RUNNING &&
		    future_word(f) >> WORD_OWNER == atomic_load(&s->id);
	}
	return n;
}

void
executor_frame(const struct executor *e, struct frame_executor *f)
{
	uint64_t done = atomic_load(&e->finished);
	uint64_t given = atomic_load(&e->pending.tail);
	uint32_t n = recovery_running(e);

	*f = (struct frame_executor){.index = (uint16_t)e->number,
	    .kind = (uint8_t)e->kind,
	    .closed = atomic_load(&e->closed) != 0,
	    .processes = (uint16_t)e->processes,
	    .threads = (uint16_t)e->threads,
	    .running = n,
	    .pending = given > done + n ? (uint32_t)(given - done - n) : 0,
	    .done = done,
	    .failed = atomic_load(&e->failed),
	    .cancelled = atomic_load(&e->cancelled),
	    .retried = atomic_load(&e->retried),
	    .died = atomic_load(&e->died)};
}

/* ---- deaths ---- */

static void
recovery_lose(struct executor *e, const struct server *s, struct future *f)
{
	uint32_t word = future_word(f);
	unsigned process = (unsigned)(s - e->servers) / e->threads + 1;

	if (e->death == DEATH_RETRIES && (word & WORD_RETRIES) < WORD_RETRIES) {
		uint32_t flags = WORD_WAITED | WORD_NOTED | WORD_CALLS;

		future_drop_result(f);
		while (!atomic_compare_exchange_weak(&f->word, &word,
		    (word & (flags | WORD_RETRIES)) + WORD_RETRY))
			;
		if (pending_push(&e->again, f) == 0) {
			EXECUTOR_STAT(e->retried);
			return;
		}
		future_claim(f, FUTURE_RUNNING, 0);
	}
	future_set_sentence(f, "worker-%u (pid %d) died while running this",
	    process, (int)atomic_load(&s->pid));
	future_fail(f, EOWNERDEAD);
}

/* Recover the task that the dead thread was running. How many: 0 or 1. */
static unsigned
recovery_recover(struct executor *e, struct server *s)
{
	struct future *f = atomic_load(&s->hand);
	uint32_t id = atomic_load(&s->id);
	uint32_t word = f != NULL ? future_word(f) : 0;
	bool had = f != NULL && word_state(word) == FUTURE_RUNNING &&
	    word >> WORD_OWNER == id;

	if (had)
		recovery_lose(e, s, f);
	atomic_store(&s->hand, NULL);
	atomic_store(&s->id, 0);
	return had;
}

static bool
recovery_is_of(const struct server *s, uint32_t first_id, uint32_t last_id)
{
	uint32_t id = atomic_load(&s->id);

	return id != 0 && id >= first_id && id <= last_id;
}

unsigned
executor_recover(struct executor *e, uint32_t first_id, uint32_t last_id)
{
	unsigned lost = 0, i = 0;

	while (i < e->nservers &&
	    !recovery_is_of(&e->servers[i], first_id, last_id))
		i++;
	if (i == e->nservers)
		return 0;
	EXECUTOR_STAT(e->died);
	for (; i < e->nservers; i++)
		if (recovery_is_of(&e->servers[i], first_id, last_id))
			lost += recovery_recover(e, &e->servers[i]);
	/* Its tasks have failed: a thread that looks again must find them. */
	EXECUTOR_STAT(e->disorder);
	serve_forget(e, first_id, last_id);
	eventcount_all(e->done);
	return lost;
}

bool
executor_wants_workers(const struct executor *e)
{
	if (atomic_load(&e->orphan) != 0 || atomic_load(&e->abandoned) != 0)
		return false;
	return atomic_load(&e->closed) == 0 || !pending_empty(&e->pending) ||
	    !pending_empty(&e->again);
}

static void
recovery_give_up(struct future *f)
{
	if (!future_claim(f, FUTURE_RUNNING, 0))
		return;
	const char *cause = executor_of(f)->cause;

	future_set_sentence(
	    f, "no worker is left%s%s", cause[0] != '\0' ? ": " : "", cause);
	future_fail(f, ECHILD);
}

void
executor_abandon(struct executor *e, const char *cause)
{
	if (cause != NULL)
		snprintf(e->cause, sizeof e->cause, "%s", cause);
	atomic_store(&e->abandoned, 1);
	EXECUTOR_STAT(e->disorder);
	pending_each(&e->again, recovery_give_up);
	pending_each(&e->pending, recovery_give_up);
	eventcount_all(e->done);
}

bool
executor_owner_is(const struct executor *e, unsigned slot)
{
	return e->owner_slot == slot && atomic_load(&e->orphan) == 0;
}

void
executor_orphan(struct executor *e)
{
	atomic_store(&e->orphan, 1);
	eventcount_all(&e->idle);
}

void
executor_usage(const struct executor *e, struct usage *u)
{
	*u = (struct usage){0};
	for (unsigned i = 0; i < e->nservers; i++) {
		struct server *s = &e->servers[i];

		u->cpu += atomic_load(&s->cpu);
		u->voluntary += atomic_load(&s->voluntary);
		u->involuntary += atomic_load(&s->involuntary);
	}
}
