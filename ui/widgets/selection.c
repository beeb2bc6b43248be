/* selection: what is shown, and how the selection moves in it. */
#include "widgets/selection.h"

#include <limits.h>
#include <string.h>

#include "style/theme.h"

const struct model_proc *
selection_proc(const struct model *m, unsigned slot)
{
	const struct model_proc *p = slot < m->nslots ? m->slot[slot] : NULL;

	if (p == NULL || m->control.program)
		return p;
	if (slot > m->control.processes && p->now.ended == ENDED_EXIT &&
	    p->now.code == 0 && m->control.phase == PHASE_RUNNING)
		return NULL;
	return p;
}

/* From this index on, a thread that has exited is not shown. */
static unsigned
selection_leavers(const struct model *m, const struct model_proc *p)
{
	return m->control.program || p->now.ended != ENDED_NOT
	    ? UINT_MAX
	    : m->control.threads + 1U;
}

static bool
selection_thread_shown(
    const struct model_thread *t, unsigned index, unsigned leavers_from)
{
	return t->tid != 0 &&
	    (index < leavers_from || t->now.state != STATE_EXITED);
}

const struct model_thread *
selection_thread(
    const struct model *m, const struct model_proc *p, unsigned index)
{
	if (index >= p->nthreads ||
	    !selection_thread_shown(
		&p->threads[index], index, selection_leavers(m, p)))
		return NULL;
	return &p->threads[index];
}

unsigned
selection_threads(const struct model *m, const struct model_proc *p)
{
	unsigned n = 0, from = selection_leavers(m, p);

	for (unsigned i = 0; i < p->nthreads; i++)
		n += selection_thread_shown(&p->threads[i], i, from);
	return n;
}

const struct model_proc *
selection_before(const struct model *m, const struct model_proc *p)
{
	bool older = false;

	for (unsigned i = m->nprocs; i-- > 0;) {
		const struct model_proc *q = m->procs[i];

		if (older && q->now.slot == p->now.slot)
			return q;
		older |= q == p;
	}
	return NULL;
}

/*
 * The total of all adds is known, including processes evicted from the model.
 */
struct selection_gone
selection_gone(const struct model *m)
{
	struct selection_gone g = {.n = m->procs_dropped};
	uint64_t added = (uint64_t)model_copies(m) - (uint64_t)m->sum.sum;

	for (unsigned i = 0; i < m->nprocs; i++) {
		const struct model_proc *p = m->procs[i];

		if (p->now.slot == 0)
			continue;
		if (selection_proc(m, p->now.slot) == p)
			added -= (uint64_t)p->now.sum;
		else {
			g.n++;
			g.items += p->now.items;
		}
	}
	g.added = (int64_t)added;
	return g;
}

static bool
selection_contains(const char *text, const char *part)
{
	return strcasestr(text, part) != NULL;
}

bool
selection_matches_proc(
    const struct screen *s, const struct model *m, const struct model_proc *p)
{
	return s->filter[0] == '\0' || selection_contains(p->name, s->filter) ||
	    selection_contains(theme_state(p->now.state)->word, s->filter) ||
	    selection_contains(m->item_name[p->now.slot], s->filter);
}

bool
selection_matches_thread(const struct screen *s, const struct model *m,
    const struct model_proc *p, const struct model_thread *t)
{
	return s->filter[0] == '\0' || selection_contains(t->name, s->filter) ||
	    selection_contains(theme_state(t->now.state)->word, s->filter) ||
	    selection_contains(p->name, s->filter) ||
	    selection_contains(m->item_name[p->now.slot], s->filter);
}

bool
selection_shows(
    const struct screen *s, const struct model *m, const struct model_proc *p)
{
	if (selection_matches_proc(s, m, p))
		return true;
	for (unsigned i = 0; i < p->nthreads; i++) {
		const struct model_thread *t = selection_thread(m, p, i);

		if (t != NULL && selection_matches_thread(s, m, p, t))
			return true;
	}
	return false;
}

struct place
selection_place(struct row r)
{
	return (struct place){.pid = r.proc->pid,
	    .tid = r.thread != NULL ? r.thread->tid : 0,
	    .slot = r.proc->now.slot,
	    .index = r.thread != NULL ? r.thread->now.index : 0};
}

bool
selection_find(const struct model *m, struct place at, struct row *r)
{
	const struct model_proc *p =
	    at.slot < m->nslots ? m->slot[at.slot] : NULL;

	if (p == NULL || p->pid != at.pid)
		return false;
	*r = (struct row){.proc = p};
	if (at.tid == 0)
		return true;
	if (at.index >= p->nthreads || p->threads[at.index].tid != at.tid)
		return false;
	r->thread = &p->threads[at.index];
	return true;
}

void
selection_set(struct screen *s, struct row r)
{
	s->selection = selection_place(r);
}

bool
selection_holds(const struct screen *s, struct place at)
{
	return s->selection.pid == at.pid && s->selection.slot == at.slot &&
	    s->selection.tid == at.tid;
}

bool
selection_is(const struct screen *s, struct row r)
{
	return selection_holds(s, selection_place(r));
}

static const struct model_proc *
selection_proc_shown(
    const struct screen *s, const struct model *m, unsigned slot)
{
	const struct model_proc *p = selection_proc(m, slot);

	return p != NULL && selection_shows(s, m, p) ? p : NULL;
}

/* The process nearest to the slot: itself, else after it, else before it. */
static const struct model_proc *
selection_nearest(const struct screen *s, const struct model *m, unsigned slot)
{
	const struct model_proc *p = NULL;

	for (unsigned i = slot; i < m->nslots && p == NULL; i++)
		p = selection_proc_shown(s, m, i);
	for (unsigned i = slot; i-- > 0 && p == NULL;)
		p = selection_proc_shown(s, m, i);
	return p;
}

bool
selection_settle(struct screen *s, const struct model *m, struct row *row)
{
	struct place *sel = &s->selection;
	bool thread = sel->tid != 0;

	/* At first the first worker, not the supervisor. */
	row->proc = selection_nearest(s, m, sel->pid == 0 ? 1 : sel->slot);
	row->thread = NULL;
	if (row->proc == NULL)
		return false;
	for (unsigned i = sel->index + 1; thread && i-- > 0;) {
		row->thread = selection_thread(m, row->proc, i);
		if (row->thread != NULL &&
		    selection_matches_thread(s, m, row->proc, row->thread))
			break;
		row->thread = NULL;
	}
	selection_set(s, *row);
	return true;
}

void
selection_proc_by(struct screen *s, const struct model *m, int delta)
{
	struct place *sel = &s->selection;
	int step = delta < 0 ? -1 : 1;
	int left = delta < 0 ? -delta : delta;
	int slot = (int)sel->slot;
	const struct model_proc *found = NULL;

	while (left > 0 && (slot += step) >= 0 && slot < (int)m->nslots) {
		const struct model_proc *p =
		    selection_proc_shown(s, m, (unsigned)slot);

		if (p != NULL) {
			found = p;
			left--;
		}
	}
	if (found == NULL)
		return;
	/* The same place in the other process, if it has one. */
	sel->slot = found->now.slot;
	sel->pid = found->pid;
	if (sel->tid == 0)
		sel->index = 0;
}

/* The row after or before, NULL process at the ends. */
static struct row
selection_step_row(
    const struct screen *s, const struct model *m, struct row r, int step)
{
	unsigned slot = r.proc->now.slot;
	int i = r.thread != NULL ? (int)r.thread->now.index : -1;

	for (;;) {
		i += step;
		if (i == -1)
			return (struct row){.proc = r.proc};
		if (i < -1 || i >= (int)r.proc->nthreads) {
			do {
				slot += (unsigned)step;
				if (slot >= m->nslots)
					return (struct row){.proc = NULL};
				r.proc = selection_proc_shown(s, m, slot);
			} while (r.proc == NULL);
			i = step > 0 ? -2 : (int)r.proc->nthreads;
			continue;
		}
		r.thread = selection_thread(m, r.proc, (unsigned)i);
		if (r.thread != NULL &&
		    selection_matches_thread(s, m, r.proc, r.thread))
			return r;
	}
}

void
selection_row_by(
    struct screen *s, const struct model *m, int delta, bool within)
{
	struct row r;

	if (!selection_settle(s, m, &r))
		return;
	for (int left = delta < 0 ? -delta : delta; left > 0; left--) {
		struct row next =
		    selection_step_row(s, m, r, delta < 0 ? -1 : 1);

		if (next.proc == NULL || (within && next.proc != r.proc))
			break;
		r = next;
	}
	selection_set(s, r);
}

void
selection_focus(struct screen *s, const struct model *m)
{
	if (s->selection.tid != 0) {
		s->selection.tid = 0;
		s->selection.index = 0;
	} else
		selection_row_by(s, m, 1, true);
}
