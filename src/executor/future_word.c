/* future_word: the state of a future, and how to wait for one. */
#include <errno.h>

#include "base/cpu.h"
#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "program/self.h"

#define SPIN (4 * NSEC_PER_USEC) /* before a sleep */
#define LOOK (50 * NSEC_PER_MSEC)
#define LONG (3600 * NSEC_PER_SEC)

bool
future_claim(struct future *f, enum frame_future_state state, uint32_t owner)
{
	uint32_t word = atomic_load_explicit(&f->word, RELAXED);
	uint32_t mask = WORD_WAITED | WORD_NOTED | WORD_CALLS | WORD_RETRIES;

	while (word_state(word) == FUTURE_PENDING)
		if (atomic_compare_exchange_weak(&f->word, &word,
			(word & mask) | state | owner << WORD_OWNER))
			return true;
	return false;
}

enum frame_future_state
future_state(const struct future *f)
{
	return word_state(future_word(f));
}

bool
future_done(const struct future *f)
{
	return word_done(future_word(f));
}

/* Some results come before a sleep would even begin. */
static bool
future_spin(const struct future *f)
{
	uint64_t end;

	if (executor_of(f)->cores < 2 || (self != NULL && self->gil != NULL) ||
	    self_stepped())
		return false;
	end = now_ns() + SPIN;
	do
		for (int i = 0; i < 32; i++) {
			if (future_done(f))
				return true;
			cpu_relax(1);
		}
	while (now_ns() < end);
	return false;
}

/*
 * Sleep on the word until it changes. While no thread runs the task yet, the
 * sleep is short, so that the screen soon shows which thread we wait for.
 */
static void
future_doze(struct future *f, uint64_t ns)
{
	uint32_t word = atomic_fetch_or(&f->word, WORD_WAITED) | WORD_WAITED;

	if (word_done(word))
		return;
	self_because(word >> WORD_OWNER);
	if (word_state(word) == FUTURE_PENDING && ns > LOOK)
		ns = LOOK;
	self_doze_on(&f->word, word, ns);
}

static bool
future_is_done(const void *future)
{
	const struct future *f = future;
	uint32_t word = future_word(f);

	self_because(word >> WORD_OWNER);
	return word_done(word);
}

/* 0 or -ETIMEDOUT; -EAGAIN: step mode is over. */
static int
future_await_stepped(const struct future *f, uint64_t timeout)
{
	const struct self_wait wait = {.op = POINT_WAIT,
	    .thing = THING_EXECUTOR,
	    .object = executor_of(f)->number,
	    .state = STATE_WAIT_FUTURE,
	    .timeout = timeout,
	    .ready = future_is_done,
	    .arg = f};

	while (self_stepped()) {
		enum gate_pass pass = self_stand(&wait);
		if (future_done(f))
			return 0;
		if (pass == GATE_TIMED_OUT ||
		    (pass == GATE_GRANTED && timeout == 0))
			return -ETIMEDOUT;
	}
	return -EAGAIN;
}

int
future_await(struct future *f, uint64_t timeout)
{
	if (future_done(f))
		return 0;
	int err = future_await_stepped(f, timeout);
	if (err != -EAGAIN)
		return err;
	if (timeout == 0)
		return -ETIMEDOUT;
	if (future_spin(f))
		return 0;
	uint64_t now = now_ns(), end = time_add(now, timeout);
	self_block_for(STATE_WAIT_FUTURE, executor_of(f)->number, 0, timeout);
	while (!future_done(f) && now < end) {
		future_doze(f, end - now < LONG ? end - now : LONG);
		if (future_await_stepped(f, timeout) == -ETIMEDOUT)
			break;
		now = now_ns();
	}
	self_unblock();
	return future_done(f) ? 0 : -ETIMEDOUT;
}
