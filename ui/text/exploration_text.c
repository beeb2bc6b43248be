/* exploration_text: a search of all schedules, put in order and in words. */
#include "text/exploration_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "style/format.h"

static int
explore_by_value(const void *a, const void *b, void *arg)
{
	const struct model *m = arg;
	const struct frame_outcome_row *x =
	    &m->outcome[*(const uint16_t *)a].now;
	const struct frame_outcome_row *y =
	    &m->outcome[*(const uint16_t *)b].now;
	int hung =
	    (x->flags & OUTCOME_DEADLOCK) - (y->flags & OUTCOME_DEADLOCK);

	if (hung != 0)
		return hung;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->index - y->index;
}

unsigned
explore_order(const struct model *m, uint16_t order[FRAME_MAX_OUTCOMES])
{
	union {
		const struct model *in;
		void *out;
	} arg = {.in = m};
	unsigned n = 0;

	for (unsigned i = 0; i < FRAME_MAX_OUTCOMES; i++)
		if (m->outcome[i].known)
			order[n++] = (uint16_t)i;
	qsort_r(order, n, sizeof *order, explore_by_value, arg.out);
	return n;
}

bool
explore_fails(const struct model_outcome *o)
{
	return (o->now.flags & (OUTCOME_DEADLOCK | OUTCOME_LOSES)) != 0;
}

int
explore_smallest(const struct model *m)
{
	uint16_t order[FRAME_MAX_OUTCOMES];
	unsigned n = explore_order(m, order);
	int best = -1;

	for (unsigned i = 0; i < n; i++) {
		const struct model_outcome *o = &m->outcome[order[i]],
					   *b =
					       &m->outcome[best < 0 ? 0 : best];

		if (best < 0 || explore_fails(o) > explore_fails(b) ||
		    (explore_fails(o) == explore_fails(b) &&
			o->now.switches < b->now.switches))
			best = order[i];
	}
	return best;
}

const struct model_outcome *
explore_selected(const struct model *m, unsigned chosen)
{
	int smallest = explore_smallest(m);

	if (chosen > 0 && chosen <= FRAME_MAX_OUTCOMES &&
	    m->outcome[chosen - 1].known)
		return &m->outcome[chosen - 1];
	return smallest >= 0 ? &m->outcome[smallest] : NULL;
}

const char *
explore_letters(const struct model_outcome *o)
{
	const char *colon = strchr(o->schedule, ':');

	return colon != NULL ? colon + 1 : o->schedule;
}

bool
explore_pastes(const struct model_outcome *o)
{
	const char *p = o->schedule;

	if (!islower((unsigned char)*p))
		return false;
	while (
	    isalnum((unsigned char)*p) || (*p != '\0' && strchr("_-,=.", *p)))
		p++;
	if (*p++ != ':')
		return false;
	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	return *p == '\0';
}

uint64_t
explore_took(const struct model *m)
{
	if (m->ended)
		return m->bye.elapsed;
	return m->now > m->first ? m->now - m->first : 0;
}

double
explore_rate(const struct model *m)
{
	uint64_t ns = explore_took(m);

	return ns > 0 ? (double)m->explore.done * 1e9 / (double)ns : 0;
}

/* Streams may say anything: never more than all. */
double
explore_percent(uint64_t n, uint64_t of)
{
	if (n >= of)
		return of > 0 ? 100 : 0;
	return 100.0 * (double)n / (double)of;
}

/* ---- the verdict ---- */

static void
explore_share(char *buf, size_t size, const struct model *m, uint64_t n,
    const char *does, const char *do_)
{
	const struct frame_explore *e = &m->explore;
	const char *one = e->reduced ? "class" : "schedule";
	const char *many = e->reduced ? "classes" : "schedules";
	char count[FORMAT_LEN], of[FORMAT_LEN];

	if (n == 0)
		snprintf(buf, size, "no %s %s", one, does);
	else
		snprintf(buf, size, "%s of %s %s %s", format_count(count, n),
		    format_count(of, e->done), e->done == 1 ? one : many,
		    n == 1 ? does : do_);
}

void
explore_lose_format(const struct model *m, char *buf, size_t size)
{
	const struct frame_explore *e = &m->explore;
	char lose[128], hang[128];

	explore_share(lose, sizeof lose, m, e->losing, "loses an update",
	    "lose an update");
	explore_share(hang, sizeof hang, m, e->deadlocks, "ends in a deadlock",
	    "end in a deadlock");
	if (strcmp(m->explore_text[EXPLORE_VALUE], "sum") == 0)
		snprintf(buf, size, "%s; %s", lose, hang);
	else
		snprintf(buf, size, "%s", hang);
}

void
explore_scope_format(const struct model *m, char *buf, size_t size)
{
	const struct frame_explore *e = &m->explore;
	bool all = e->state == EXPLORE_COMPLETE;
	bool shares = e->losing + e->deadlocks > 0 && e->done > 1;

	snprintf(buf, size, "%s%s",
	    e->reduced && all
		? "one schedule of every class was run; shares are of classes, "
		  "not of schedules"
		: e->reduced
		? "of the classes that were run so far; shares are of classes, "
		  "not of schedules"
		: all ? "every schedule within the bounds was run: nothing "
			"else can happen there"
		      : "of those that were run so far; what the others do is "
			"not known yet",
	    shares ? ". A share is not a probability: a real run takes some "
		     "schedules far more often."
		   : "");
}
