/*
 * future_sample: the facts of the first and the latest futures, kept for the
 * supervisor even after the futures are freed.
 */
#include <string.h>

#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "memory/atomic_text.h"
#include "slot/slot.h"

static struct sample *
sample_place_of(struct executor *e, uint32_t number)
{
	uint32_t n = number - 1;

	if (n >= SAMPLES_FIRST)
		n = SAMPLES_FIRST + (n - SAMPLES_FIRST) % SAMPLES_LAST;
	return &e->samples[n];
}

void
sample_open(struct future *f, const char *label)
{
	uint32_t number = atomic_load_explicit(&f->number, RELAXED);
	struct sample *s = sample_place_of(executor_of(f), number);

	/* A reader of the new label sees that the old number is gone. */
	atomic_store_explicit(&s->number, 0, RELAXED);
	atomic_text_set(s->label, sizeof s->label, label);
	atomic_store_explicit(&s->future, f, memory_order_release);
	atomic_store_explicit(&s->number, number, memory_order_release);
}

static uint32_t
sample_micros_since(uint64_t ns)
{
	uint64_t now = now_ns();
	uint64_t us = now > ns ? (now - ns) / NSEC_PER_USEC : 0;

	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

static void
sample_set_times(struct frame_future *to, const struct future *f)
{
	uint64_t submitted = atomic_load_explicit(&f->submitted, RELAXED);

	if (to->state == FUTURE_PENDING) {
		to->wait_us = sample_micros_since(submitted);
		return;
	}
	to->wait_us = atomic_load_explicit(&f->waited, RELAXED);
	to->run_us = to->state != FUTURE_RUNNING
	    ? atomic_load_explicit(&f->ran, RELAXED)
	    : sample_micros_since(submitted + to->wait_us * NSEC_PER_USEC);
}

static void
sample_set_facts(struct frame_future *to, const struct future *f)
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
	sample_set_times(to, f);
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

/* Why it failed; "": unknown, or the future was freed meanwhile. */
static void
sample_copy_failure(const struct future *f, char *failure)
{
	const _Atomic uint64_t *sentence =
	    atomic_load_explicit(&cold_of(f)->sentence, memory_order_acquire);

	failure[0] = '\0';
	if (sentence != NULL)
		atomic_text_get(sentence, FAILURE_SIZE, failure);
}

void
sample_close(struct future *f)
{
	uint32_t number = atomic_load_explicit(&f->number, RELAXED);
	struct sample *s = sample_place_of(executor_of(f), number);
	struct frame_future facts;
	char failure[FAILURE_SIZE];
	uint64_t words[5];

	if (atomic_load_explicit(&s->number, RELAXED) != number)
		return;
	sample_set_facts(&facts, f);
	_Static_assert(sizeof words == sizeof facts, "a frame fills facts[]");
	memcpy(words, &facts, sizeof words);
	/* A reader of any of these facts sees that the old number is gone. */
	atomic_thread_fence(memory_order_release);
	for (unsigned i = 0; i < 5; i++)
		atomic_store_explicit(&s->facts[i], words[i], RELAXED);
	if (facts.state == FUTURE_FAILED) {
		sample_copy_failure(f, failure);
		atomic_text_set(s->failure, sizeof s->failure, failure);
	}
	atomic_store_explicit(&s->future, NULL, memory_order_release);
	/* A reader of anything of a cleared future sees that it left here. */
	atomic_thread_fence(memory_order_release);
}

static void
sample_look_at_failure(
    const struct sample *s, const struct future *f, char *failure)
{
	if (f != NULL)
		sample_copy_failure(f, failure);
	else
		atomic_text_get(s->failure, sizeof s->failure, failure);
}

/*
 * False if it changed meanwhile; the next look will do. The second look comes
 * after everything that was read. With the fences and releases of the writers,
 * it finds that the number or the future has changed if anything read belongs
 * to another future than the first look found.
 */
static bool
sample_look_at(const struct sample *s, struct frame_future *out, char *label,
    char *failure)
{
	uint32_t number =
	    atomic_load_explicit(&s->number, memory_order_acquire);
	const struct future *f =
	    atomic_load_explicit(&s->future, memory_order_acquire);
	uint64_t words[5];

	if (f != NULL) {
		sample_set_facts(out, f);
	} else {
		for (unsigned i = 0; i < 5; i++)
			words[i] = atomic_load_explicit(
			    &s->facts[i], memory_order_acquire);
		memcpy(out, words, sizeof *out);
	}
	atomic_text_get(s->label, sizeof s->label, label);
	failure[0] = '\0';
	if (out->state == FUTURE_FAILED)
		sample_look_at_failure(s, f, failure);
	atomic_thread_fence(memory_order_acquire);
	return number != 0 && out->number == number &&
	    atomic_load_explicit(&s->number, RELAXED) == number &&
	    atomic_load_explicit(&s->future, RELAXED) == f;
}

unsigned
executor_futures(const struct executor *e, struct frame_future *out,
    char (*labels)[LABEL_SIZE], char (*failures)[FAILURE_SIZE], unsigned max)
{
	uint64_t given = atomic_load(&e->pending.tail);
	unsigned n = max < SAMPLES ? max : SAMPLES;

	if (given < n)
		n = (unsigned)given;
	for (unsigned i = 0; i < n; i++)
		if (!sample_look_at(
			&e->samples[i], &out[i], labels[i], failures[i])) {
			out[i] = (struct frame_future){0};
			labels[i][0] = '\0';
		}
	return n;
}
