/* lints: when a rule that holds becomes a row, and when it goes again. */
#include "model/lints.h"

#include <stdio.h>
#include <string.h>

#include "model/lints_priv.h"
#include "model/model.h"
#include "model/model_waits.h"

#define SEC 1000000000ULL

const struct lint_kind lint_kinds[LINT_COUNT] = {
    [LINT_LOST] = {.name = "updates lost",
	.watches = "stores that overwrite what another thread has added",
	.off = 3 * SEC,
	.grave = true,
	.rule = lint_lost},
    [LINT_DEADLOCK] = {.name = "deadlock",
	.watches = "threads that wait for each other's locks, in a cycle",
	.on = 3 * SEC / 10,
	.grave = true,
	.rule = lint_deadlock},
    [LINT_ORDER] = {.name = "possible deadlock",
	.watches = "locks that are taken in both orders",
	.rule = lint_order},
    [LINT_SENTINELS] = {.name = "too few sentinels",
	.watches = "fewer sentinels than workers that wait for one",
	.on = SEC,
	.of_pace = true,
	.grave = true,
	.rule = lint_sentinels},
    [LINT_JOIN] = {.name = "join waits forever",
	.watches = "a join of a queue whose items no thread marks done",
	.on = SEC,
	.of_pace = true,
	.grave = true,
	.rule = lint_join},
    [LINT_ORPHANED] = {.name = "died with the lock",
	.watches = "a worker killed holding a lock",
	.off = 10 * SEC,
	.rule = lint_orphaned},
    [LINT_UNSHARED] = {.name = "lock not shared",
	.watches = "a lock that does not reach the other processes",
	.grave = true,
	.rule = lint_unshared},
    [LINT_HELD] = {.name = "lock held long",
	.watches = "a lock that is held for half a second",
	.off = SEC,
	.of_pace = true,
	.rule = lint_held},
    [LINT_CONVOY] = {.name = "convoy",
	.watches = "half of the threads in line for one lock",
	.on = 2 * SEC,
	.off = 2 * SEC,
	.of_pace = true,
	.rule = lint_convoy},
    [LINT_STARVING] = {.name = "starving thread",
	.watches = "one that waits while others acquire the lock many times",
	.on = SEC / 2,
	.off = SEC,
	.of_pace = true,
	.rule = lint_starving},
    [LINT_IDLE] = {.name = "idle workers",
	.watches = "workers that wait for an item while items are queued",
	.on = SEC,
	.off = SEC,
	.of_pace = true,
	.rule = lint_idle},
    [LINT_PRODUCER] = {.name = "full queue",
	.watches = "a producer that waits for room",
	.on = SEC,
	.off = SEC,
	.of_pace = true,
	.rule = lint_producer},
    [LINT_CORES] = {.name = "more threads than processors",
	.watches = "threads that compute, against processors",
	.on = 2 * SEC,
	.off = 2 * SEC,
	.of_pace = true,
	.rule = lint_cores},
    [LINT_DROPPED] = {.name = "frames dropped",
	.watches = "status frames that the pipe had no room for",
	.off = 3 * SEC,
	.rule = lint_dropped},
};

/* ---- looks ---- */

static uint64_t
lints_orphaned(const struct model *m)
{
	uint64_t n = m->lock.orphaned;

	for (unsigned i = 1; i < MODEL_OBJECTS; i++)
		n += m->mutex[i].now.orphaned;
	return n;
}

struct counting {
	const struct model *m;
	uint64_t now;
	struct lint_census *c;
};

static bool
lints_count_thread(
    void *arg, const struct model_proc *p, const struct model_thread *t)
{
	const struct counting *k = arg;
	struct lint_census *c = k->c;
	const struct state_info *is = lint_state(t);
	uint64_t age = lint_age(k->now, t);

	(void)p;
	c->threads += !is->delegates;
	c->running += is->runs;
	if (is->object == OBJECT_LOCK) {
		c->waiting[t->now.object]++;
		c->starves |= age >= LINT_STARVES;
	} else if (is->object == OBJECT_QUEUE && is->wants == WANTS_ONE)
		c->gets |= age >= LINT_GETS;
	if (!c->cycles)
		c->cycles = waits_lasts(k->m, k->now, t);
	return false;
}

static void
lints_take_census(const struct model *m, uint64_t now, struct lint_census *c)
{
	*c = (struct lint_census){.threads = 0};
	lint_threads(m, lints_count_thread,
	    &(struct counting){.m = m, .now = now, .c = c});
}

static const struct lint_look *
lints_newest(const struct lints *l)
{
	return l->nlooks == 0 ? NULL : &l->looks[(l->nlooks - 1) % LINT_LOOKS];
}

/* The newest that is a second old. */
static const struct lint_look *
lints_a_second_ago(const struct lints *l, uint64_t now)
{
	for (unsigned back = 1; back <= LINT_LOOKS && back <= l->nlooks;
	     back++) {
		const struct lint_look *k =
		    &l->looks[(l->nlooks - back) % LINT_LOOKS];

		if (now - k->ns >= SEC)
			return k;
	}
	return NULL;
}

/* A counter that has grown since the last look has done so now. */
static void
lints_grown(uint64_t now, uint64_t is, uint64_t was, uint64_t *at)
{
	if (is > was)
		*at = now;
}

static void
lints_remember(struct lints *l, const struct model *m, uint64_t now,
    const struct lint_census *c)
{
	const struct lint_look *was = lints_newest(l);
	struct lint_look *is = &l->looks[l->nlooks % LINT_LOOKS];
	struct lint_look look = {.ns = now,
	    .lost = m->sum.lost_updates,
	    .dropped = m->dropped,
	    .orphaned = lints_orphaned(m),
	    .running = c->running};

	look.acquired[0] = m->lock.acquired;
	for (unsigned i = 1; i < MODEL_OBJECTS; i++)
		look.acquired[i] = m->mutex[i].now.acquired;
	if (was == NULL)
		was = &look; /* what came before the first look is no news */
	lints_grown(now, look.lost, was->lost, &l->lost_at);
	lints_grown(now, look.dropped, was->dropped, &l->dropped_at);
	lints_grown(now, look.orphaned, was->orphaned, &l->orphaned_at);
	*is = look;
	l->nlooks++;
	/* A look goes through all threads: the more of them, the rarer. */
	l->due = now + LINT_PACE + c->threads * (LINT_PACE / 2000);
}

/* ---- rows ---- */

static bool
lints_held_up(const struct model *m)
{
	return m->control.paused || m->lab.scheduler != SCHEDULER_NONE;
}

static bool
lints_holds(enum lint i, const struct lint_sight *s, char text[LINT_TEXT])
{
	if (!s->m->live)
		return false;
	if (lint_kinds[i].of_pace && lints_held_up(s->m))
		return false;
	return lint_kinds[i].rule(s, text);
}

/* True if it came on or went off. */
static bool
lints_update(
    struct lint_row *r, const struct lint_kind *k, bool is, uint64_t now)
{
	if (is != r->holds) {
		r->holds = is;
		r->changed = now;
	}
	if (is == r->fires || now - r->changed < (is ? k->on : k->off))
		return false;
	r->fires = is;
	if (is) {
		r->since = r->changed;
		r->times++;
	} else {
		r->until = r->changed;
	}
	return true;
}

/* The rows stay as they were at the end; what they count has come to it. */
static void
lints_last_words(struct lints *l, const struct model *m)
{
	if (l->row[LINT_LOST].times > 0)
		lint_say_lost(m, l->row[LINT_LOST].text);
	if (l->row[LINT_DROPPED].times > 0)
		lint_say_dropped(m, l->row[LINT_DROPPED].text);
}

bool
lints_look(struct model *m, uint64_t now)
{
	struct lints *l = &m->lints;
	bool news = false;

	if (l->run != m->runs)
		*l = (struct lints){.run = m->runs};
	if (m->ended) {
		lints_last_words(l, m);
		return false;
	}
	if (now < l->due)
		return false;

	struct lint_census census;

	lints_take_census(m, now, &census);
	lints_remember(l, m, now, &census);

	struct lint_sight s = {.m = m,
	    .now = now,
	    .lints = l,
	    .census = &census,
	    .then = lints_a_second_ago(l, now)};

	for (unsigned i = 0; i < LINT_COUNT; i++) {
		char text[LINT_TEXT];
		bool is = lints_holds((enum lint)i, &s, text);

		if (lints_update(&l->row[i], &lint_kinds[i], is, now))
			news = true;
		if (is)
			snprintf(l->row[i].text, LINT_TEXT, "%s", text);
	}
	return news;
}

unsigned
lints_firing(const struct lints *l, unsigned *grave)
{
	unsigned n = 0;

	*grave = 0;
	for (unsigned i = 0; i < LINT_COUNT; i++) {
		n += l->row[i].fires;
		*grave += l->row[i].fires && lint_kinds[i].grave;
	}
	return n;
}
