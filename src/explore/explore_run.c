/* explore_run: executes schedules and groups them by outcome. */
#include "explore/explore_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util_priv.h"
#include "lockstep/util.h"

/* Schedules per call: handing the crew over to us costs a little, too. */
#define BATCH   512
#define FILL_NS (50 * NSEC_PER_MSEC)

struct batch {
	struct interleaving schedule[BATCH];
	struct step_threads_result result[BATCH];
};

static bool
fails(const struct explore_outcome *o)
{
	return o->deadlock || o->lost != 0;
}

/* By value; then deadlocks by their words. */
static int
explore_compare(const void *a, const void *b)
{
	const struct explore_outcome *x = a, *y = b;

	if (x->deadlock != y->deadlock)
		return x->deadlock ? 1 : -1;
	if (x->deadlock)
		return strcmp(x->words, y->words);
	return (x->value > y->value) - (x->value < y->value);
}

static void
explore_describe(struct explore_outcome *o, const struct steps_program *p,
    const struct interleaving *s, const struct step_threads_result *r)
{
	struct steps_state at = {0};

	*o = (struct explore_outcome){
	    .deadlock = r->deadlock, .value = r->value, .lost = r->lost};
	if (!r->deadlock)
		return;
	for (unsigned i = 0; i < s->length; i++)
		at.at[s->thread[i]]++;
	steps_deadlock_format(o->words, sizeof o->words, p, &at);
}

/* NULL: no room for one more. */
static struct explore_outcome *
explore_find(struct explore_report *r, const struct explore_outcome *like)
{
	for (unsigned i = 0; i < r->noutcomes; i++)
		if (explore_compare(&r->outcome[i], like) == 0)
			return &r->outcome[i];
	if (r->noutcomes == EXPLORE_OUTCOMES)
		return NULL;
	r->outcome[r->noutcomes] = *like;
	r->outcome[r->noutcomes].number = r->noutcomes;
	return &r->outcome[r->noutcomes++];
}

static void
explore_gather(struct explore_report *r, const struct steps_program *p,
    const struct interleaving *s, const struct step_threads_result *result)
{
	struct explore_outcome this, *o;
	unsigned switches = interleaving_switches(s);

	explore_describe(&this, p, s, result);
	r->schedules++;
	r->deadlocks += result->deadlock;
	r->losing += !result->deadlock && result->lost != 0;
	r->breaches += result->value + result->lost != result->expected;
	o = explore_find(r, &this);
	if (o == NULL) {
		r->further++;
		return;
	}
	if (o->schedules++ == 0 || switches < o->switches) {
		o->smallest = *s;
		o->switches = switches;
	}
}

static void
explore_conclude(struct explore_report *r)
{
	qsort(r->outcome, r->noutcomes, sizeof r->outcome[0], explore_compare);
	r->failing = -1;
	for (unsigned i = 0; i < r->noutcomes; i++) {
		if (!fails(&r->outcome[i]))
			continue;
		if (r->failing < 0 ||
		    r->outcome[i].switches < r->outcome[r->failing].switches)
			r->failing = (int)i;
	}
}

/* A batch, or fewer if they are hard to find. */
static size_t
explore_fill(struct batch *b, struct explore *e, uint64_t limit, bool *complete)
{
	uint64_t deadline = now_ns() + FILL_NS;
	size_t n = 0;

	while (n < BATCH && n < limit && (n == 0 || now_ns() < deadline)) {
		if (!explore_next(e, &b->schedule[n])) {
			*complete = true;
			break;
		}
		n++;
	}
	return n;
}

void
explore_run(struct explore_report *r, const struct steps_program *p,
    struct explore *e, struct step_threads *c, uint64_t limit,
    explore_look *look, void *arg)
{
	struct batch *b = malloc(sizeof *b);
	uint64_t start = now_ns();
	size_t n;

	if (b == NULL)
		fatal("no memory for a batch of schedules");
	memset(r, 0, sizeof *r);
	r->of = explore_total(e);
	while (!r->stopped &&
	    (n = explore_fill(b, e, limit - r->schedules, &r->complete)) > 0) {
		step_threads_run(c, b->schedule, n, b->result, NULL);
		for (size_t i = 0; i < n; i++)
			explore_gather(r, p, &b->schedule[i], &b->result[i]);
		r->ns = now_ns() - start;
		r->stopped = look != NULL && !look(r, arg);
	}
	/* At the limit: it may have been the last one. */
	if (!r->complete && !r->stopped)
		r->complete = !explore_next(e, &b->schedule[0]);
	r->ns = now_ns() - start;
	explore_conclude(r);
	free(b);
}

void
explore_run_one(struct explore_report *r, const struct steps_program *p,
    struct step_threads *c, const struct interleaving *s,
    struct step_threads_trace *trace)
{
	struct step_threads_result result;

	memset(r, 0, sizeof *r);
	r->of = 1;
	r->complete = true;
	step_threads_run(c, s, 1, &result, trace);
	explore_gather(r, p, s, &result);
	explore_conclude(r);
}
