/* lint_run: updates, locks that do not reach, processors, frames. */
#include <stdio.h>

#include "model/lints_priv.h"
#include "style/format.h"

#define RECENT 1000000000ULL /* ns: grown within so long is growing */

void
lint_say_lost(const struct model *m, char text[LINT_TEXT])
{
	char n[FORMAT_LEN], amount[FORMAT_LEN];

	lint_say(text, "%s update%s been lost, %s of the sum, under lock %s",
	    format_number(n, (int64_t)m->sum.lost_updates),
	    m->sum.lost_updates == 1 ? " has" : "s have",
	    format_number(amount, m->sum.lost),
	    model_lock_name(m, m->lock.kind));
}

/* Stepped, no time goes by: what is lost is lost now. */
bool
lint_lost(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct model *m = s->m;
	bool recent = s->lints->lost_at != 0 &&
	    (s->now - s->lints->lost_at <= RECENT ||
		m->lab.scheduler != SCHEDULER_NONE);

	if (!recent || m->sum.lost_updates == 0)
		return false;
	lint_say_lost(m, text);
	return true;
}

/* The kind is wrong only where threads of several processes add to one sum. */
bool
lint_unshared(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct model *m = s->m;
	unsigned kind = m->lock.kind, procs, threads;

	if (kind == 0 || kind >= MODEL_MAX_LOCKS ||
	    m->lock_flaw[kind][0] == '\0' || m->control.sum_mode != SUM_SHARED)
		return false;
	model_alive(m, &procs, &threads);
	if (procs < 2)
		return false;
	lint_say(text, "lock %s and %u processes: %.180s",
	    model_lock_name(m, kind), procs, m->lock_flaw[kind]);
	return true;
}

/* On the average of a second: a thread between two tasks is idle at times. */
bool
lint_cores(const struct lint_sight *s, char text[LINT_TEXT])
{
	unsigned sum = 0, n = 0, cpus = s->m->lab.cpus;
	const struct lints *l = s->lints;

	for (; n < LINT_LOOKS && n < l->nlooks; n++) {
		const struct lint_look *k =
		    &l->looks[(l->nlooks - 1 - n) % LINT_LOOKS];

		if (s->now - k->ns > RECENT)
			break;
		sum += k->running;
	}
	if (cpus == 0 || n == 0 || sum <= n * cpus)
		return false;
	lint_say(text,
	    "%.1f threads compute on %u processor%s: they take turns, and "
	    "more threads do not help",
	    (double)sum / n, cpus, cpus == 1 ? "" : "s");
	return true;
}

void
lint_say_dropped(const struct model *m, char text[LINT_TEXT])
{
	char n[FORMAT_LEN];

	lint_say(text,
	    "%s frames dropped so far: events are a sample, counters are exact",
	    format_number(n, (int64_t)m->dropped));
}

bool
lint_dropped(const struct lint_sight *s, char text[LINT_TEXT])
{
	if (s->lints->dropped_at == 0 || s->now - s->lints->dropped_at > RECENT)
		return false;
	lint_say_dropped(s->m, text);
	return true;
}

struct waiting {
	const struct lint_sight *s;
	unsigned n;
	const struct model_proc *first;
};

/* It has had time enough to take what there is. */
static bool
lint_gets_long(const struct lint_sight *s, const struct model_thread *t)
{
	const struct state_info *is = lint_state(t);

	return is->object == OBJECT_QUEUE && is->wants == WANTS_ONE &&
	    lint_age(s->now, t) >= LINT_GETS;
}

static bool
lint_count_getting(
    void *arg, const struct model_proc *p, const struct model_thread *t)
{
	struct waiting *w = arg;

	if (!lint_gets_long(w->s, t) || t->now.object != 0)
		return false;
	if (w->n++ == 0)
		w->first = p;
	return false;
}

static bool
lint_count_getting_of(
    void *arg, const struct model_proc *p, const struct model_thread *t)
{
	struct waiting *w = arg;
	const struct model_queue *f = &w->s->m->queue[t->now.object];

	if (!lint_gets_long(w->s, t) || t->now.object == 0 || !f->known ||
	    model_depth(f) == 0)
		return false;
	if (w->n++ == 0)
		w->first = p;
	return false;
}

bool
lint_idle(const struct lint_sight *s, char text[LINT_TEXT])
{
	const struct model *m = s->m;
	struct waiting w = {.s = s};

	if (!s->census->gets)
		return false;
	if (m->control.program)
		lint_threads(m, lint_count_getting_of, &w);
	else if (m->item_queue.queued > 0 && m->control.phase < PHASE_DONE)
		lint_threads(m, lint_count_getting, &w);
	if (w.n == 0)
		return false;
	lint_say(text, "%u wait%s for an item while items are queued: %s", w.n,
	    w.n == 1 ? "s" : "", w.first->name);
	return true;
}
