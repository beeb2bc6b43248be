/* lint_locks: cycles, orders, long holds, convoys, starvation, orphans. */
#include <stdio.h>
#include <string.h>

#include "model/lints_priv.h"
#include "model/model_waits.h"
#include "style/format.h"

#define LONG_US 500000 /* a lock held for so long */
#define RECENT  10000000000ULL
#define OFTEN   10 /* times a second that others acquired the lock */

static const char *
lint_lock_words(
    const struct model *m, unsigned object, char buf[MODEL_NAME + 8])
{
	char name[MODEL_NAME];

	if (object == 0)
		snprintf(buf, MODEL_NAME + 8, "the lock of the sum");
	else
		snprintf(buf, MODEL_NAME + 8, "lock %.*s", MODEL_NAME - 1,
		    model_mutex_name(m, object, name));
	return buf;
}

/* ---- orders ---- */

bool
lint_order(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct model *m = s->m;
	char held[MODEL_NAME], taken[MODEL_NAME], who[WAITER_NAME];
	unsigned path[CYCLE_MAX];
	struct cycle c;

	if (m->norders == 0 || waits_find(m, s->now, &c, 1) > 0)
		return false; /* nothing to say, or it has happened */
	for (unsigned i = 0; i < m->norders; i++) {
		const struct model_order *o = &m->order[i];

		if (waits_order(m, i, path) == 0)
			continue;
		lint_say(text,
		    "%s takes %s while holding %s, and others take them in "
		    "the other order: a deadlock is possible",
		    waits_name_of(m, o->tid, who),
		    model_mutex_name(m, o->now.taken, taken),
		    model_mutex_name(m, o->now.held, held));
		return true;
	}
	return false;
}

/* ---- holds ---- */

bool
lint_held(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct model *m = s->m;
	unsigned worst = 0;
	uint64_t us = m->lock.held_us;
	int32_t holder = m->lock.holder;
	char what[MODEL_NAME + 8], who[WAITER_NAME], time[FORMAT_LEN];

	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		const struct frame_mutex *l = &m->mutex[i].now;

		if (l->holder == 0 || l->held_us <= us)
			continue;
		worst = i;
		us = l->held_us;
		holder = l->holder;
	}
	if (holder == 0 || us < LONG_US)
		return false;
	lint_say(text, "%s holds %s for %s", waits_name_of(m, holder, who),
	    lint_lock_words(m, worst, what), format_age(time, us * 1000));
	return true;
}

/* ---- waits ---- */

bool
lint_convoy(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct lint_census *c = s->census;
	unsigned worst = 0;
	char what[MODEL_NAME + 8];

	for (unsigned i = 1; i < MODEL_OBJECTS; i++)
		if (c->waiting[i] > c->waiting[worst])
			worst = i;
	if (c->waiting[worst] < 3 || 2 * c->waiting[worst] < c->threads)
		return false;
	lint_say(text,
	    "%u of %u threads wait for %s: they run one after the other",
	    c->waiting[worst], c->threads, lint_lock_words(s->m, worst, what));
	return true;
}

struct starving {
	const struct lint_sight *s;
	char *text;
};

static bool
lint_starves(
    void *arg, const struct model_proc *p, const struct model_thread *t)
{
	struct starving *st = arg;
	const struct model *m = st->s->m;
	unsigned lock = t->now.object;
	uint64_t is =
	    lock == 0 ? m->lock.acquired : m->mutex[lock].now.acquired;
	uint64_t was = st->s->then->acquired[lock];
	uint64_t age = lint_age(st->s->now, t);
	char who[WAITER_NAME], what[MODEL_NAME + 8], time[FORMAT_LEN],
	    n[FORMAT_LEN];

	if (lint_state(t)->object != OBJECT_LOCK || age < LINT_STARVES ||
	    is < was + OFTEN)
		return false;
	waits_name(m, (struct waiter){p, t}, who);
	lint_say(st->text,
	    "%s waits for %s for %s; others acquired it %s times in the last "
	    "second",
	    who, lint_lock_words(m, lock, what), format_age(time, age),
	    format_number(n, (int64_t)(is - was)));
	return true;
}

bool
lint_starving(const struct lint_sight *s, char text[LINT_TEXT])
{
	struct starving st = {.s = s, .text = text};

	return s->then != NULL && s->census->starves &&
	    lint_threads(s->m, lint_starves, &st);
}

/* ---- orphans ---- */

bool
lint_orphaned(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct model *m = s->m;
	unsigned which = 0;
	uint32_t times = m->lock.orphaned;
	char what[MODEL_NAME + 8];

	if (s->lints->orphaned_at == 0 ||
	    s->now - s->lints->orphaned_at > RECENT)
		return false;
	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		if (m->mutex[i].now.orphaned <= times)
			continue;
		which = i;
		times = m->mutex[i].now.orphaned;
	}
	lint_say(text,
	    "a worker died holding %s (%u time%s): the lock was recovered, "
	    "but what it guards may be half updated",
	    lint_lock_words(m, which, what), times, times == 1 ? "" : "s");
	return true;
}

/* ---- cycles ---- */

bool
lint_deadlock(const struct lint_sight *s, char text[LINT_TEXT])
{
	struct cycle c;

	if (!s->census->cycles || waits_find(s->m, s->now, &c, 1) == 0 ||
	    !c.sure)
		return false;
	waits_say(s->m, &c, text, LINT_TEXT);
	return true;
}
