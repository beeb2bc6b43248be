/*
 * processes: which process and which thread a frame belongs to.
 *
 * A slot's newest process is found by index; any other (for a frame that
 * arrives after its process was replaced) is rare, and is searched for from the
 * newest on. Memory is bounded by evicting the oldest replaced processes; their
 * counts stay in the totals.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_priv.h"
#include "wire/state.h"

#define FIRST_THREADS 4
#define SAME_NS       10000 /* ages are in us, and truncated */

static void
processes_forget_tids(struct model *m, struct model_proc *p)
{
	for (unsigned i = 0; i < p->nthreads; i++)
		tid_table_remove(&m->priv->tids, p->threads[i].tid, p, i);
}

void
model_proc_free(struct model_proc *p)
{
	for (unsigned i = 0; i < p->nthreads; i++)
		free(p->threads[i].step);
	free(p->threads);
	free(p);
}

static bool
processes_replaced(const struct model *m, const struct model_proc *p)
{
	return m->slot[p->now.slot] != p;
}

static bool
processes_let_go_oldest(struct model *m, const struct model_proc *keep)
{
	unsigned i = 0;

	while (i < m->nprocs &&
	    (!processes_replaced(m, m->procs[i]) || m->procs[i] == keep))
		i++;
	if (i == m->nprocs)
		return false;

	struct model_proc *p = m->procs[i];

	processes_forget_tids(m, p);
	m->priv->nthreads -= p->nthreads;
	model_proc_free(p);
	m->nprocs--;
	memmove(
	    &m->procs[i], &m->procs[i + 1], (m->nprocs - i) * sizeof *m->procs);
	m->procs_dropped++;
	return true;
}

static bool
processes_grow_threads(struct model *m, struct model_proc *p, unsigned want)
{
	unsigned more = want - p->nthreads;

	while (m->priv->nthreads + more > MODEL_MAX_THREADS) {
		if (!processes_let_go_oldest(m, p))
			return false;
	}

	struct model_thread *t = reallocarray(p->threads, want, sizeof *t);

	if (t == NULL)
		return false;
	memset(t + p->nthreads, 0, more * sizeof *t);
	p->threads = t;
	p->nthreads = want;
	m->priv->nthreads += more;
	return true;
}

struct model_thread *
model_thread_at(struct model *m, struct model_proc *p, unsigned index)
{
	if (index >= p->nthreads) {
		unsigned want = p->nthreads * 2;

		/* A process reports how many threads it has: that is enough. */
		if (want < p->now.threads + 1U && p->now.threads >= index)
			want = p->now.threads + 1U;
		if (want <= index)
			want =
			    index < FIRST_THREADS ? FIRST_THREADS : index + 1;
		if (want > FRAME_MAX_THREADS + 1)
			want = FRAME_MAX_THREADS + 1;
		if (!processes_grow_threads(m, p, want))
			return NULL;
	}
	return &p->threads[index];
}

/* Names belong to the slot: a replacement has its predecessor's name. */
static void
processes_inherit_names(
    struct model *m, struct model_proc *p, const struct model_proc *old)
{
	const char *name = m->priv->slot_name[p->now.slot];

	if (name[0] != '\0')
		snprintf(p->name, sizeof p->name, "%s", name);
	else if (p->now.slot == 0)
		snprintf(p->name, sizeof p->name, "supervisor");
	else
		snprintf(p->name, sizeof p->name, "worker-%u", p->now.slot);
	if (old == NULL || old->nthreads == 0 ||
	    !processes_grow_threads(m, p, old->nthreads))
		return;
	for (unsigned i = 0; i < old->nthreads; i++)
		memcpy(p->threads[i].name, old->threads[i].name, MODEL_NAME);
}

/* Becomes the slot's newest process. NULL if memory is short. */
static struct model_proc *
processes_proc_born(struct model *m, unsigned slot, int32_t pid)
{
	struct model_proc *old = m->slot[slot];

	if (m->nprocs == MODEL_MAX_PROCS && !processes_let_go_oldest(m, old))
		return NULL;

	struct model_proc *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->pid = pid;
	p->now.slot = (uint16_t)slot;
	model_reason_forget(m, slot, -1);
	processes_inherit_names(m, p, old);
	m->procs[m->nprocs++] = p;
	m->slot[slot] = p;
	if (slot >= m->nslots)
		m->nslots = slot + 1;
	return p;
}

struct model_proc *
model_proc_of_slot(struct model *m, unsigned slot)
{
	struct model_proc *p = m->slot[slot];

	return p != NULL ? p : processes_proc_born(m, slot, 0);
}

/* No PROC frame yet: a placeholder, from a thread's frame or a name. */
static bool
processes_made_up(const struct model_proc *p)
{
	return p->seen == 0 && p->now.serial == 0;
}

static struct model_proc *
processes_find_proc(struct model *m, const struct frame *f)
{
	const struct frame_proc *now = &f->proc;
	struct model_proc *p = m->slot[now->slot];

	if (p == NULL)
		return NULL;
	if (p->pid == f->pid && p->now.serial == now->serial)
		return p;
	if (processes_made_up(p) && (p->pid == f->pid || p->pid == 0))
		return p;
	for (unsigned i = m->nprocs; i-- > 0;) {
		p = m->procs[i];
		if (p->now.slot == now->slot && p->pid == f->pid &&
		    p->now.serial == now->serial)
			return p;
	}
	return NULL;
}

/* Keep procs[] in order of birth, placeholders last. */
static void
processes_put_in_order(struct model *m, struct model_proc *p)
{
	unsigned i = m->nprocs - 1;

	while (m->procs[i] != p)
		i--;
	m->nprocs--;
	memmove(
	    &m->procs[i], &m->procs[i + 1], (m->nprocs - i) * sizeof *m->procs);
	for (i = m->nprocs; i > 0; i--) {
		const struct model_proc *q = m->procs[i - 1];

		if (!processes_made_up(q) && q->now.serial <= p->now.serial)
			break;
	}
	memmove(
	    &m->procs[i + 1], &m->procs[i], (m->nprocs - i) * sizeof *m->procs);
	m->procs[i] = p;
	m->nprocs++;
}

void
model_take_proc(struct model *m, const struct frame *f)
{
	struct model_proc *p = processes_find_proc(m, f);

	if (p == NULL)
		p = processes_proc_born(m, f->proc.slot, f->pid);
	if (p == NULL)
		return;

	bool first = processes_made_up(p);

	if (f->proc.slot > 0)
		m->priv->copies += (uint64_t)f->proc.sum - (uint64_t)p->now.sum;
	p->pid = f->pid;
	p->now = f->proc;
	p->seen = f->ns;
	if (first)
		processes_put_in_order(m, p);
}

static struct model_proc *
processes_find_proc_of_thread(struct model *m, const struct frame *f)
{
	unsigned slot = f->thread.slot;
	struct model_proc *p = m->slot[slot];

	if (p == NULL)
		return processes_proc_born(m, slot, f->pid);
	if (p->pid == 0 && processes_made_up(p)) {
		p->pid = f->pid;
		return p;
	}
	for (unsigned i = m->nprocs; i-- > 0;) {
		p = m->procs[i];
		if (p->now.slot == slot && p->pid == f->pid)
			return p;
	}
	return NULL;
}

/* Another thread took this place: its counts start where the last one ended. */
static void
processes_thread_born(struct model *m, struct model_proc *p,
    struct model_thread *t, const struct frame *f)
{
	unsigned index = f->thread.index;

	tid_table_remove(&m->priv->tids, t->tid, p, index);
	tid_table_put(&m->priv->tids, f->tid, p, index);
	if (t->tid != 0)
		model_reason_forget(m, p->now.slot, (int)index);
	t->tid = f->tid;
	if (t->name[0] == '\0')
		snprintf(t->name, sizeof t->name, "%u.%u", p->now.slot, index);
}

/* Is it what was known of the thread, except for its counters and its age? */
static bool
processes_goes_on(const struct model_thread *t, const struct frame_thread *now,
    uint64_t since)
{
	uint64_t apart = since > t->since ? since - t->since : t->since - since;

	return now->state == t->now.state && now->object == t->now.object &&
	    now->owner == t->now.owner && apart < SAME_NS;
}

const struct model_thread *
model_thread_apply(struct model *m, const struct frame *f, bool *born)
{
	struct model_proc *p = m->slot[f->thread.slot];

	if (p == NULL || p->pid != f->pid)
		p = processes_find_proc_of_thread(m, f);

	struct model_thread *t =
	    p == NULL ? NULL : model_thread_at(m, p, f->thread.index);

	*born = false;
	if (t == NULL) {
		m->unplaced++;
		return NULL;
	}

	uint64_t since = f->thread.since_us * 1000ULL;

	since = since < f->ns ? f->ns - since : 0;
	if (t->tid != f->tid || !processes_goes_on(t, &f->thread, since))
		t->reported = f->ns;
	*born = t->tid != f->tid;
	if (*born)
		processes_thread_born(m, p, t, f);
	m->priv->tasks += f->thread.tasks - t->now.tasks;
	m->priv->adds += f->thread.adds - t->now.adds;
	t->now = f->thread;
	t->since = since;
	return processes_replaced(m, p) ? NULL : t;
}

void
model_procs_break(struct model *m)
{
	for (unsigned i = 0; i < m->nprocs; i++) {
		struct model_proc *p = m->procs[i];

		if (p->now.ended != ENDED_NOT)
			continue;
		p->now.state = STATE_KILLED;
		for (unsigned j = 0; j < p->nthreads; j++) {
			if (p->threads[j].tid != 0)
				p->threads[j].now.state = STATE_KILLED;
		}
	}
}

void
model_procs_free(struct model *m)
{
	for (unsigned i = 0; i < m->nprocs; i++)
		model_proc_free(m->procs[i]);
	m->nprocs = 0;
}

const struct model_proc *
model_main(const struct model *m)
{
	for (unsigned i = 0; i < m->nprocs; i++)
		if (m->procs[i]->now.slot > 0)
			return m->procs[i];
	return NULL;
}

void
model_alive(const struct model *m, unsigned *procs, unsigned *threads)
{
	*procs = *threads = 0;
	for (unsigned i = 1; i < m->nslots; i++) {
		const struct model_proc *p = m->slot[i];

		if (p == NULL || p->now.ended != ENDED_NOT ||
		    p->now.state == STATE_KILLED)
			continue;
		++*procs;
		for (unsigned j = 0; j < p->nthreads; j++)
			*threads += p->threads[j].tid != 0 &&
			    !state_is_gone(p->threads[j].now.state);
	}
}

const struct model_proc *
model_starter(const struct model *m, const struct model_proc *p)
{
	if (!m->control.program || p->now.item_n == 0)
		return NULL;
	for (unsigned i = m->nprocs; i-- > 0;)
		if (m->procs[i]->now.slot == p->now.item_n)
			return m->procs[i];
	return NULL;
}
