/*
 * executor_watch: an executor as the supervisor sees it, who never waits: what
 * is told of it, and what is done for it when a worker dies.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "memory/atomic_text.h"
#include "slot/slot.h"

const char *
executor_name(const struct executor *e)
{
	return e->name;
}

static uint32_t
running(const struct executor *e)
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
	uint32_t n = running(e);

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

/* ---- those futures that are told of ---- */

static struct window *
place_of(struct executor *e, uint32_t number)
{
	uint32_t n = number - 1;

	if (n >= WINDOW_FIRST)
		n = WINDOW_FIRST + (n - WINDOW_FIRST) % WINDOW_LAST;
	return &e->window[n];
}

void
window_open(struct future *f, const char *label)
{
	uint32_t number = atomic_load_explicit(&f->number, RELAXED);
	struct window *w = place_of(executor_of(f), number);

	/* A reader of the new label sees the old number gone: look_at(). */
	atomic_store_explicit(&w->number, 0, RELAXED);
	atomic_text_set(w->label, sizeof w->label, label);
	atomic_store_explicit(&w->future, f, memory_order_release);
	atomic_store_explicit(&w->number, number, memory_order_release);
}

static uint32_t
micros_since(uint64_t ns)
{
	uint64_t now = now_ns();
	uint64_t us = now > ns ? (now - ns) / NSEC_PER_USEC : 0;

	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

static void
set_times(struct frame_future *to, const struct future *f)
{
	uint64_t submitted = atomic_load_explicit(&f->submitted, RELAXED);

	if (to->state == FUTURE_PENDING) {
		to->wait_us = micros_since(submitted);
		return;
	}
	to->wait_us = atomic_load_explicit(&f->waited, RELAXED);
	to->run_us = to->state != FUTURE_RUNNING
	    ? atomic_load_explicit(&f->ran, RELAXED)
	    : micros_since(submitted + to->wait_us * NSEC_PER_USEC);
}

static void
set_facts(struct frame_future *to, const struct future *f)
{
	const struct executor *e = executor_of(f);
	uint32_t word = future_word(f), id = word >> WORD_OWNER;

	*to = (struct frame_future){
	    .number = atomic_load_explicit(&f->number, RELAXED),
	    .executor = (uint8_t)e->number,
	    .state = (uint8_t)word_state(word)};
	if (id != 0) {
		to->slot = (uint16_t)((id - 1) / e->stride + 1);
		to->index = (uint16_t)((id - 1) % e->stride);
	}
	set_times(to, f);
	if (!word_done(word))
		return;
	to->order = atomic_load_explicit(&f->order, RELAXED);
	if ((word & WORD_EXTRA) == 0)
		return;
	to->error = atomic_load_explicit(&cold_of(f)->error, RELAXED);
	to->size =
	    (uint32_t)atomic_load_explicit(&cold_of(f)->result_size, RELAXED);
	to->value = atomic_load_explicit(&cold_of(f)->value, RELAXED);
}

/* Why it failed; "": it was not said, or the future was freed meanwhile. */
static void
copy_failure(const struct future *f, char *failure)
{
	const _Atomic uint64_t *sentence =
	    atomic_load_explicit(&cold_of(f)->sentence, memory_order_acquire);

	failure[0] = '\0';
	if (sentence != NULL)
		atomic_text_get(sentence, FAILURE_SIZE, failure);
}

void
window_close(struct future *f)
{
	uint32_t number = atomic_load_explicit(&f->number, RELAXED);
	struct window *w = place_of(executor_of(f), number);
	struct frame_future facts;
	char failure[FAILURE_SIZE];
	uint64_t words[5];

	if (atomic_load_explicit(&w->number, RELAXED) != number)
		return;
	set_facts(&facts, f);
	_Static_assert(sizeof words == sizeof facts, "facts[] holds a frame");
	memcpy(words, &facts, sizeof words);
	/* Who reads any of these facts sees that the old number is gone. */
	atomic_thread_fence(memory_order_release);
	for (unsigned i = 0; i < 5; i++)
		atomic_store_explicit(&w->facts[i], words[i], RELAXED);
	if (facts.state == FUTURE_FAILED) {
		copy_failure(f, failure);
		atomic_text_set(w->failure, sizeof w->failure, failure);
	}
	atomic_store_explicit(&w->future, NULL, memory_order_release);
	/* Who reads anything of a cleared future sees that it is gone here. */
	atomic_thread_fence(memory_order_release);
}

static void
look_at_failure(const struct window *w, const struct future *f, char *failure)
{
	if (f != NULL)
		copy_failure(f, failure);
	else
		atomic_text_get(w->failure, sizeof w->failure, failure);
}

/*
 * False if it changed meanwhile: the next look has it. The second look comes
 * after all that was read: with the fences and releases of those who write, it
 * finds the number or the future changed if anything read was not of the first.
 */
static bool
look_at(const struct window *w, struct frame_future *out, char *label,
    char *failure)
{
	uint32_t number =
	    atomic_load_explicit(&w->number, memory_order_acquire);
	const struct future *f =
	    atomic_load_explicit(&w->future, memory_order_acquire);
	uint64_t words[5];

	if (f != NULL) {
		set_facts(out, f);
	} else {
		for (unsigned i = 0; i < 5; i++)
			words[i] = atomic_load_explicit(
			    &w->facts[i], memory_order_acquire);
		memcpy(out, words, sizeof *out);
	}
	atomic_text_get(w->label, sizeof w->label, label);
	failure[0] = '\0';
	if (out->state == FUTURE_FAILED)
		look_at_failure(w, f, failure);
	atomic_thread_fence(memory_order_acquire);
	return number != 0 && out->number == number &&
	    atomic_load_explicit(&w->number, RELAXED) == number &&
	    atomic_load_explicit(&w->future, RELAXED) == f;
}

unsigned
executor_futures(const struct executor *e, struct frame_future *out,
    char (*labels)[LABEL_SIZE], char (*failures)[FAILURE_SIZE], unsigned max)
{
	uint64_t given = atomic_load(&e->pending.tail);
	unsigned n = max < WINDOW ? max : WINDOW;

	if (given < n)
		n = (unsigned)given;
	for (unsigned i = 0; i < n; i++)
		if (!look_at(&e->window[i], &out[i], labels[i], failures[i])) {
			out[i] = (struct frame_future){0};
			labels[i][0] = '\0';
		}
	return n;
}

/* ---- deaths ---- */

static void
lose(struct executor *e, const struct server *s, struct future *f)
{
	uint32_t word = future_word(f);
	unsigned process = (unsigned)(s - e->servers) / e->threads + 1;

	if (e->death == DEATH_RETRIES && (word & WORD_RETRIES) < WORD_RETRIES) {
		uint32_t flags = WORD_WAITED | WORD_NOTED | WORD_CALLS;

		future_drop_result(f);
		while (!atomic_compare_exchange_weak(&f->word, &word,
		    (word & (flags | WORD_RETRIES)) + WORD_RETRY))
			;
		if (order_push(&e->again, f) == 0) {
			EXECUTOR_STAT(e->retried);
			return;
		}
		future_claim(f, FUTURE_RUNNING, 0);
	}
	future_set_sentence(f, "worker-%u (pid %d) died while it ran this",
	    process, (int)atomic_load(&s->pid));
	future_fail(f, EOWNERDEAD);
}

/* What the dead thread had in hand; 0 or 1. */
static unsigned
recover(struct executor *e, struct server *s)
{
	struct future *f = atomic_load(&s->hand);
	uint32_t id = atomic_load(&s->id);
	uint32_t word = f != NULL ? future_word(f) : 0;
	bool had = f != NULL && word_state(word) == FUTURE_RUNNING &&
	    word >> WORD_OWNER == id;

	if (had)
		lose(e, s, f);
	atomic_store(&s->hand, NULL);
	atomic_store(&s->id, 0);
	return had;
}

static bool
is_of(const struct server *s, uint32_t first_id, uint32_t last_id)
{
	uint32_t id = atomic_load(&s->id);

	return id != 0 && id >= first_id && id <= last_id;
}

unsigned
executor_recover(struct executor *e, uint32_t first_id, uint32_t last_id)
{
	unsigned lost = 0, i = 0;

	while (i < e->nservers && !is_of(&e->servers[i], first_id, last_id))
		i++;
	if (i == e->nservers)
		return 0;
	EXECUTOR_STAT(e->died);
	for (; i < e->nservers; i++)
		if (is_of(&e->servers[i], first_id, last_id))
			lost += recover(e, &e->servers[i]);
	/* After its tasks have failed, who looks again must find them. */
	EXECUTOR_STAT(e->disorder);
	serve_forget(e, first_id, last_id);
	wake_all(e->done);
	return lost;
}

bool
executor_wants_workers(const struct executor *e)
{
	if (atomic_load(&e->orphan) != 0 || atomic_load(&e->abandoned) != 0)
		return false;
	return atomic_load(&e->closed) == 0 || !order_empty(&e->pending) ||
	    !order_empty(&e->again);
}

static void
give_up(struct future *f)
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
	order_each(&e->again, give_up);
	order_each(&e->pending, give_up);
	wake_all(e->done);
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
	wake_all(&e->idle);
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
