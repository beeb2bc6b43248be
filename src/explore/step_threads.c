/* step_threads: real threads at gates, that run a program of steps. */
#include "explore/step_threads.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util_priv.h"
#include "lockstep/util.h"
#include "memory/arena.h"
#include "memory/eventcount.h"

#define RELAXED memory_order_relaxed
#define CALLER  STEPS_THREADS /* whom to grant after the last step */

/* The states of a gate. */
enum grant {
	GRANT_NONE,
	GRANT_ASLEEP, /* nothing, and the thread sleeps on it */
	GRANT_GIVEN
};

struct gate_word {
	_Alignas(ARENA_LINE) _Atomic uint32_t grant;
};

/* Everything but the gate belongs to the thread that was granted last. */
struct member {
	struct gate_word gate;
	struct step_threads *crew;
	pthread_t thread;
	unsigned number;
	int64_t seen;  /* by the last load */
	int64_t value; /* the register */
	int64_t meals;
};

struct step_threads {
	const struct steps_program *program;
	unsigned started;
	int cpu; /* -1: any */
	bool leave;
	struct member member[STEPS_THREADS];
	struct gate_word done; /* the caller's gate */

	/* What the steps work on. */
	_Alignas(ARENA_LINE) _Atomic int64_t number[STEPS_OBJECTS];
	_Atomic uint32_t taken[STEPS_OBJECTS]; /* permits */

	/* During a run: written by the thread that was granted last. */
	const struct interleaving *schedule, *last;
	unsigned position;
	struct steps_state at;
	struct step_threads_result *result;
	struct step_threads_trace
	    *trace; /* of the next step; NULL: none is kept */
};

/* ---- gates ---- */

static void
step_threads_gate_grant(struct gate_word *g)
{
	if (atomic_exchange_explicit(
		&g->grant, GRANT_GIVEN, memory_order_acq_rel) == GRANT_ASLEEP)
		futex_wake(&g->grant, 1);
}

static void
step_threads_gate_stand(struct gate_word *g)
{
	uint32_t seen = GRANT_NONE;

	if (atomic_compare_exchange_strong_explicit(&g->grant, &seen,
		GRANT_ASLEEP, memory_order_acquire, memory_order_acquire))
		seen = GRANT_ASLEEP;
	while (seen != GRANT_GIVEN) {
		futex_wait(&g->grant, GRANT_ASLEEP, NSEC_PER_SEC);
		seen = atomic_load_explicit(&g->grant, memory_order_acquire);
	}
	atomic_store_explicit(&g->grant, GRANT_NONE, RELAXED);
}

/* ---- steps ---- */

static void
step_threads_acquire(struct step_threads *c, unsigned object)
{
	uint32_t taken = atomic_fetch_add_explicit(
	    &c->taken[object], 1, memory_order_acquire);

	if (taken >= c->program->object[object].permits)
		fatal("a step was granted at %s, which is not free",
		    c->program->object[object].name);
}

/*
 * The race of add() in sum/add.c, repeated here because the explorer has to
 * order its load, add and store one by one. The store overwrites what others
 * have stored since this thread's load.
 */
static int64_t
step_threads_store(
    struct step_threads *c, struct member *m, const struct step *s)
{
	int64_t before;

	m->value += s->amount;
	before =
	    atomic_exchange_explicit(&c->number[s->object], m->value, RELAXED);
	return before - m->seen;
}

static void
do_step(struct step_threads *c, struct member *m, const struct step *s)
{
	int64_t lost = 0;

	switch (s->op) {
	case STEP_LOAD:
		m->seen = m->value =
		    atomic_load_explicit(&c->number[s->object], RELAXED);
		break;
	case STEP_ADD:
		m->value += s->amount;
		break;
	case STEP_STORE:
		lost = step_threads_store(c, m, s);
		c->result->lost += lost;
		c->result->expected += m->value - m->seen;
		break;
	case STEP_FETCH_ADD:
		m->value = s->amount +
		    atomic_fetch_add_explicit(
			&c->number[s->object], s->amount, RELAXED);
		c->result->expected += s->amount;
		break;
	case STEP_LOCK:
	case STEP_TAKE:
		step_threads_acquire(c, s->object);
		break;
	case STEP_UNLOCK:
	case STEP_GIVE:
		atomic_fetch_sub_explicit(
		    &c->taken[s->object], 1, memory_order_release);
		break;
	case STEP_EAT:
		m->meals++;
		break;
	case STEP_OPS:
		break;
	}
	if (c->trace != NULL)
		*c->trace++ = (struct step_threads_trace){
		    .value = s->op == STEP_EAT ? m->meals : m->value,
		    .lost = lost};
}

/* ---- schedules ---- */

static void
step_threads_begin(struct step_threads *c)
{
	for (unsigned i = 0; i < c->program->nobjects; i++) {
		atomic_store_explicit(&c->number[i], 0, RELAXED);
		atomic_store_explicit(&c->taken[i], 0, RELAXED);
	}
	for (unsigned i = 0; i < c->program->nthreads; i++) {
		struct member *m = &c->member[i];

		m->seen = m->value = m->meals = 0;
	}
	memset(&c->at, 0, sizeof c->at);
	c->position = 0;
	*c->result = (struct step_threads_result){0};
}

static void
step_threads_end(struct step_threads *c)
{
	for (unsigned i = 0; i < c->program->nobjects; i++)
		c->result->value +=
		    atomic_load_explicit(&c->number[i], RELAXED);
	for (unsigned i = 0; i < c->program->nthreads; i++) {
		c->result->value += c->member[i].meals;
		c->result->expected += c->member[i].meals;
	}
	c->result->deadlock = steps_left(c->program, &c->at) != 0;
}

/* Whose step is next: of this schedule, or of those that follow. */
static unsigned
step_threads_whose(struct step_threads *c)
{
	while (c->position == c->schedule->length) {
		step_threads_end(c);
		if (++c->schedule == c->last)
			return CALLER;
		c->result++;
		step_threads_begin(c);
	}
	return c->schedule->thread[c->position++];
}

static void
step_threads_grant(struct step_threads *c, unsigned whom)
{
	step_threads_gate_grant(
	    whom == CALLER ? &c->done : &c->member[whom].gate);
}

static void *
step_threads_member_main(void *arg)
{
	struct member *m = arg;
	struct step_threads *c = m->crew;

	for (;;) {
		unsigned next;

		step_threads_gate_stand(&m->gate);
		if (c->leave)
			return NULL;
		do {
			const struct step *s =
			    steps_next(c->program, &c->at, m->number);

			if (s == NULL)
				fatal("thread %s was granted a step and has "
				      "none",
				    LETTER(m->number + 1));
			do_step(c, m, s);
			c->at.at[m->number]++;
			next = step_threads_whose(c);
		} while (next == m->number);
		step_threads_grant(c, next);
	}
}

void
step_threads_run(struct step_threads *c, const struct interleaving *schedules,
    size_t n, struct step_threads_result *results,
    struct step_threads_trace *trace)
{
	if (n == 0)
		return;
	c->schedule = schedules;
	c->last = schedules + n;
	c->result = results;
	c->trace = trace;
	step_threads_begin(c);

	unsigned first = step_threads_whose(c);

	if (first == CALLER)
		return;
	step_threads_grant(c, first);
	step_threads_gate_stand(&c->done);
}

/* ---- the threads ---- */

static int
step_threads_start(struct step_threads *c, struct member *m)
{
	char name[16];
	int err = pthread_create(&m->thread, NULL, step_threads_member_main, m);

	if (err != 0)
		return -err;
	snprintf(name, sizeof name, "thread-%s", LETTER(m->number + 1));
	pthread_setname_np(m->thread, name);
	if (c->cpu >= 0) {
		cpu_set_t one;

		CPU_ZERO(&one);
		CPU_SET((unsigned)c->cpu, &one);
		/* It is only slower without. */
		pthread_setaffinity_np(m->thread, sizeof one, &one);
	}
	return 0;
}

struct step_threads *
step_threads_new(const struct steps_program *p)
{
	struct step_threads *c = aligned_alloc(ARENA_LINE, sizeof *c);
	int err = 0;

	if (c == NULL)
		return NULL;
	memset(c, 0, sizeof *c);
	c->program = p;
	c->cpu = sched_getcpu();
	for (unsigned i = 0; i < p->nthreads && err == 0; i++) {
		c->member[i].crew = c;
		c->member[i].number = i;
		err = step_threads_start(c, &c->member[i]);
		c->started += err == 0;
	}
	if (err == 0)
		return c;
	step_threads_free(c);
	errno = -err;
	return NULL;
}

void
step_threads_free(struct step_threads *c)
{
	if (c == NULL)
		return;
	c->leave = true;
	for (unsigned i = 0; i < c->started; i++) {
		step_threads_gate_grant(&c->member[i].gate);
		pthread_join(c->member[i].thread, NULL);
	}
	free(c);
}
