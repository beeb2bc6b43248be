/* exploration_text: a search of all schedules, in order and in sentences. */
#include "text/exploration_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "style/format.h"

/* ---- options ---- */

const char *
explore_next_option(
    const char *list, char name[EXPLORE_OPTION], char value[EXPLORE_OPTION])
{
	size_t n = strcspn(list, "=,"), all = strcspn(list, ",");

	if (list[n] != '=')
		return NULL;
	snprintf(name, EXPLORE_OPTION, "%.*s", (int)n, list);
	snprintf(
	    value, EXPLORE_OPTION, "%.*s", (int)(all - n - 1), list + n + 1);
	return list + all + (list[all] == ',');
}

bool
explore_option(
    const struct model *m, const char *name, char value[EXPLORE_OPTION])
{
	const char *list = m->explore_text[EXPLORE_OPTIONS];
	char found[EXPLORE_OPTION];

	while ((list = explore_next_option(list, found, value)) != NULL)
		if (strcmp(found, name) == 0)
			return true;
	return false;
}

bool
explore_is_one(const struct model *m)
{
	char value[EXPLORE_OPTION];

	return explore_option(m, "demo", value) &&
	    !explore_option(m, "limit", value);
}

bool
explore_adds_up(const struct model *m)
{
	return strcmp(m->explore_text[EXPLORE_VALUE], "sum") == 0;
}

/* ---- outcomes ---- */

static int
explore_by_value(const void *a, const void *b, void *arg)
{
	const struct model *m = arg;
	const struct model_outcome *x = &m->outcome[*(const uint16_t *)a];
	const struct model_outcome *y = &m->outcome[*(const uint16_t *)b];
	int hung = (x->now.flags & OUTCOME_DEADLOCK) -
	    (y->now.flags & OUTCOME_DEADLOCK);

	if (hung != 0)
		return hung;
	if ((x->now.flags & OUTCOME_DEADLOCK) != 0 &&
	    strcmp(x->cause, y->cause) != 0)
		return strcmp(x->cause, y->cause);
	if (x->now.value != y->now.value)
		return x->now.value < y->now.value ? -1 : 1;
	return x->now.index - y->now.index;
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

uint64_t
explore_further(const struct model *m)
{
	uint64_t further = m->explore.done;

	for (unsigned i = 0; i < FRAME_MAX_OUTCOMES; i++) {
		uint64_t n = m->outcome[i].known ? m->outcome[i].now.count : 0;

		further -= n < further ? n : further;
	}
	return further;
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

const struct model_outcome *
explore_shown(const struct model *m)
{
	return m->effects_of > 0 && m->outcome[m->effects_of - 1].known
	    ? &m->outcome[m->effects_of - 1]
	    : NULL;
}

struct explore_effect
explore_effect(const struct model *m, unsigned step)
{
	struct explore_effect e = {.words = ""};
	const char *line = m->effect[step];
	int words = 0;

	if (sscanf(line, "%" SCNd64 " %" SCNd64 " %255s %n", &e.value, &e.lost,
		e.wiped, &words) == 3 &&
	    words > 0)
		e.words = line + words;
	return e;
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

/* Streams may say anything: never above 100. */
double
explore_percent(uint64_t n, uint64_t of)
{
	if (n >= of)
		return of > 0 ? 100 : 0;
	return 100.0 * (double)n / (double)of;
}

/* ---- sentences ---- */

static void
explore_share(const struct model *m, char buf[EXPLORE_SENTENCE], uint64_t n,
    const char *does, const char *do_)
{
	const struct frame_explore *e = &m->explore;
	const char *one = e->reduced ? "class" : "schedule";
	const char *many = e->reduced ? "classes" : "schedules";
	char count[FORMAT_LEN], of[FORMAT_LEN];

	if (n == 0)
		snprintf(buf, EXPLORE_SENTENCE, "no %s %s", one, does);
	else
		snprintf(buf, EXPLORE_SENTENCE, "%s of %s %s %s",
		    format_count(count, n), format_count(of, e->done),
		    e->done == 1 ? one : many, n == 1 ? does : do_);
}

void
explore_lose_format(const struct model *m, char buf[EXPLORE_SENTENCE])
{
	explore_share(
	    m, buf, m->explore.losing, "loses an update", "lose an update");
}

void
explore_hang_format(const struct model *m, char buf[EXPLORE_SENTENCE])
{
	explore_share(m, buf, m->explore.deadlocks, "ends in a deadlock",
	    "end in a deadlock");
}

void
explore_scope_format(const struct model *m, char buf[EXPLORE_SENTENCE])
{
	const struct frame_explore *e = &m->explore;
	bool all = e->state == EXPLORE_COMPLETE;
	bool shares = e->losing + e->deadlocks > 0 && e->done > 1;

	snprintf(buf, EXPLORE_SENTENCE, "%s%s%s",
	    !all ? "not all were run: the others may have other outcomes"
		: m->explore.reduced
		? "one schedule of every class was run: nothing else can happen"
		: "every schedule within the bounds was run: nothing else can "
		  "happen there",
	    m->explore.reduced ? "; a class stands for one schedule or for many"
			       : "",
	    shares ? ". A share is not a probability: a real run takes some "
		     "schedules far more often."
		   : "");
}

void
explore_end_format(const struct model *m, const struct model_outcome *o,
    char buf[EXPLORE_SENTENCE])
{
	char is[FORMAT_LEN], was[FORMAT_LEN];

	if ((o->now.flags & OUTCOME_DEADLOCK) != 0)
		snprintf(buf, EXPLORE_SENTENCE, "DEADLOCK");
	else if (m->explore_text[EXPLORE_VALUE][0] != '\0')
		snprintf(buf, EXPLORE_SENTENCE, "expected %s, was %s",
		    format_number(is, o->now.expected),
		    format_number(was, o->now.value));
	else
		snprintf(buf, EXPLORE_SENTENCE, "all threads ended");
}
