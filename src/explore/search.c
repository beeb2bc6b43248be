/* search: every schedule of a program of steps, one after the other. */
#include "explore/search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MOST_COUNTS (16U << 20) /* 128 MiB of them */

/* A point on the way down, before a step is chosen. */
struct node {
	struct steps_state at;
	size_t state;      /* its number */
	uint32_t enabled;  /* threads, as bits; so are the next three */
	uint32_t tried;    /* from here, and done */
	uint32_t sleeping; /* reduced: not to be tried */
	unsigned switches; /* so far */
	int last;          /* thread that came here, -1: the start */
};

struct explore {
	const struct steps_program *program;
	bool reduce, begun;
	unsigned bound;              /* switches, at most */
	unsigned wanted;             /* in order: switches, exactly, for now */
	size_t radix[STEPS_THREADS]; /* of a thread in a state's number */
	size_t nstates;
	unsigned ncounts; /* per state and last thread: 0 to bound switches */
	uint64_t *counts; /* NULL: reduced, and too many */
	struct interleaving path;
	struct node node[STEPS_MAX + 1];
};

/* ---- counting ---- */

static uint64_t
search_plus(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Schedules from a state that `last` led to, by number of switches. */
static uint64_t *
search_counts_of(const struct explore *e, size_t state, unsigned last)
{
	return e->counts + (state * e->program->nthreads + last) * e->ncounts;
}

static void
search_decode(const struct explore *e, size_t state, struct steps_state *at)
{
	for (unsigned t = 0; t < e->program->nthreads; t++) {
		at->at[t] = (uint8_t)(state % (e->program->length[t] + 1));
		state /= e->program->length[t] + 1;
	}
}

/* Of a state that `last` led to; those of the states after it are known. */
static void
search_count_from(
    const struct explore *e, size_t state, uint32_t enabled, unsigned last)
{
	uint64_t *mine = search_counts_of(e, state, last);

	if (enabled == 0)
		mine[0] = 1;
	for (unsigned t = 0; t < e->program->nthreads; t++) {
		if ((enabled >> t & 1) == 0)
			continue;

		const uint64_t *next =
		    search_counts_of(e, state + e->radix[t], t);
		unsigned one = t != last;

		for (unsigned k = one; k < e->ncounts; k++)
			mine[k] = search_plus(mine[k], next[k - one]);
	}
}

/* From the last state to the first: a step leads to a higher number. */
static void
search_count_all(struct explore *e)
{
	for (size_t state = e->nstates; state-- > 0;) {
		struct steps_state at;

		search_decode(e, state, &at);
		uint32_t enabled = steps_enabled(e->program, &at);
		for (unsigned t = 0; t < e->program->nthreads; t++)
			search_count_from(e, state, enabled, t);
	}
}

/* The start: the first thread to go has not switched. */
uint64_t
explore_count(const struct explore *e, unsigned switches)
{
	uint64_t n = 0;

	if (e->counts == NULL || switches > e->bound)
		return 0;
	if (e->node[0].enabled == 0)
		return switches == 0;
	for (unsigned t = 0; t < e->program->nthreads; t++)
		if ((e->node[0].enabled >> t & 1) != 0)
			n = search_plus(
			    n, search_counts_of(e, e->radix[t], t)[switches]);
	return n;
}

uint64_t
explore_total(const struct explore *e)
{
	uint64_t n = 0;

	for (unsigned k = 0; k <= e->bound; k++)
		n = search_plus(n, explore_count(e, k));
	return n;
}

/* ---- setting up ---- */

/* 0, or -E2BIG if there are too many counts. */
static int
search_number_states(struct explore *e)
{
	const struct steps_program *p = e->program;

	e->nstates = 1;
	for (unsigned t = 0; t < p->nthreads; t++) {
		e->radix[t] = e->nstates;
		e->nstates *= p->length[t] + 1;
		if (e->nstates * p->nthreads > MOST_COUNTS / e->ncounts)
			return -E2BIG;
	}
	return 0;
}

static void
search_enter(struct explore *e, struct node *n)
{
	n->enabled = steps_enabled(e->program, &n->at);
	n->tried = 0;
}

/* 0 or -errno. */
static int
search_prepare(struct explore *e)
{
	int err = search_number_states(e);

	if (err != 0)
		return e->reduce ? 0 : err;
	e->counts = calloc(
	    e->nstates * e->program->nthreads * e->ncounts, sizeof *e->counts);
	if (e->counts == NULL)
		return -ENOMEM;
	search_count_all(e);
	return 0;
}

struct explore *
explore_new(const struct steps_program *p, uint32_t max_switches, bool reduce)
{
	struct explore *e;
	int err;

	if (reduce && max_switches != EXPLORE_ANY) {
		errno = EINVAL;
		return NULL;
	}
	e = calloc(1, sizeof *e);
	if (e == NULL)
		return NULL;
	e->program = p;
	e->reduce = reduce;
	e->bound = p->total > 0 ? p->total - 1 : 0;
	if (max_switches < e->bound)
		e->bound = max_switches;
	e->ncounts = e->bound + 1;
	e->node[0].last = -1;
	search_enter(e, &e->node[0]);
	err = search_prepare(e);
	if (err == 0)
		return e;
	explore_free(e);
	errno = -err;
	return NULL;
}

void
explore_free(struct explore *e)
{
	if (e == NULL)
		return;
	free(e->counts);
	free(e);
}

/* ---- the search ---- */

/* Threads that stay asleep after a step of `thread`. */
static uint32_t
search_still_asleep(
    const struct explore *e, const struct node *n, unsigned thread)
{
	const struct step *step = steps_next(e->program, &n->at, thread);
	uint32_t candidates = (n->sleeping | n->tried) & ~(1U << thread);
	uint32_t asleep = 0;

	for (unsigned t = 0; t < e->program->nthreads; t++) {
		if ((candidates >> t & 1) != 0 &&
		    steps_independent(steps_next(e->program, &n->at, t), step))
			asleep |= 1U << t;
	}
	return asleep;
}

static bool
search_worth(const struct explore *e, const struct node *n, unsigned thread)
{
	unsigned switches =
	    n->switches + (n->last >= 0 && n->last != (int)thread);

	if (((n->enabled & ~n->tried) >> thread & 1) == 0)
		return false;
	if (e->reduce)
		return (n->sleeping >> thread & 1) == 0;
	return switches <= e->wanted &&
	    search_counts_of(e, n->state + e->radix[thread],
		thread)[e->wanted - switches] > 0;
}

/*
 * The thread to go next from here; -1: all were tried. A reduced search prefers
 * the last one: so the schedule of a class has few switches.
 */
static int
search_choose(const struct explore *e, const struct node *n)
{
	if (e->reduce && n->last >= 0 && search_worth(e, n, (unsigned)n->last))
		return n->last;
	for (unsigned t = 0; t < e->program->nthreads; t++)
		if (search_worth(e, n, t))
			return (int)t;
	return -1;
}

static void
search_descend(struct explore *e, unsigned thread)
{
	struct node *n = &e->node[e->path.length], *next = n + 1;

	*next = *n;
	next->sleeping = e->reduce ? search_still_asleep(e, n, thread) : 0;
	next->at.at[thread]++;
	next->state += e->radix[thread];
	next->switches += n->last >= 0 && n->last != (int)thread;
	next->last = (int)thread;
	search_enter(e, next);
	e->path.thread[e->path.length++] = (uint8_t)thread;
}

/* One step back; false at the start. */
static bool
search_retreat(struct explore *e)
{
	if (e->path.length == 0)
		return false;
	e->path.length--;
	e->node[e->path.length].tried |= 1U << e->path.thread[e->path.length];
	return true;
}

/* An ordered search begins no dead end: see search_worth(). */
static bool
search_at_an_end(const struct explore *e)
{
	return e->node[e->path.length].enabled == 0;
}

/* Go on to the next end of a schedule. */
static bool
search_advance(struct explore *e)
{
	for (;;) {
		int thread = search_choose(e, &e->node[e->path.length]);

		if (thread >= 0) {
			search_descend(e, (unsigned)thread);
			if (search_at_an_end(e))
				return true;
		} else if (!search_retreat(e)) {
			return false;
		}
	}
}

bool
explore_next(struct explore *e, struct interleaving *s)
{
	/* No thread has a step at all: that is one schedule. */
	bool found = !e->begun && search_at_an_end(e);

	e->begun = true;
	while (!found && !(found = search_advance(e))) {
		if (e->reduce || e->wanted >= e->bound)
			return false;
		e->wanted++;
		e->node[0].tried = 0;
	}
	*s = e->path;
	return true;
}
