/* query: answers questions about the model without changing it. */
#include "model/model_priv.h"

uint64_t
model_running(const struct model *m)
{
	const struct model_priv *p = m->priv;
	uint64_t elapsed = model_elapsed(m), paused = p->paused;

	if (m->control.paused)
		paused += m->now - p->paused_at;
	return elapsed > paused ? elapsed - paused : 0;
}

uint64_t
model_tasks(const struct model *m)
{
	return m->ended && m->bye.tasks != 0 ? m->bye.tasks : m->priv->tasks;
}

int64_t
model_copies(const struct model *m)
{
	return (int64_t)((uint64_t)m->sum.sum + m->priv->copies);
}

int64_t
model_total(const struct model *m)
{
	return m->control.sum_mode == SUM_PRIVATE ? model_copies(m)
						  : m->sum.sum;
}

bool
model_adds(const struct model *m)
{
	const struct frame_sum *s = &m->sum;

	if (!m->control.program || s->sum != 0 || s->expected != 0 ||
	    s->lost != 0 || s->lost_updates != 0 || s->in_doubt != 0)
		return true;
	for (unsigned i = 1; i < m->nslots; i++) {
		const struct model_proc *p = m->slot[i];

		for (unsigned j = 0; p != NULL && j < p->nthreads; j++)
			if (p->threads[j].now.adds > 0)
				return true;
	}
	return m->priv->copies != 0;
}

enum model_ledger
model_ledger(const struct model *m)
{
	/* Copies come in frames of their own, before or after the sum's. */
	bool snapshot = m->control.sum_mode == SUM_SHARED;
	uint64_t have = (uint64_t)model_total(m) + (uint64_t)m->sum.lost;

	if (have == (uint64_t)m->sum.expected)
		return LEDGER_HOLDS;
	if (!m->ended && (m->sum.adding > 0 || !snapshot))
		return LEDGER_SETTLING;
	return m->sum.in_doubt > 0 ? LEDGER_DOUBT : LEDGER_BROKEN;
}

bool
model_items_hold(const struct model *m)
{
	const struct frame_item_queue *q = &m->item_queue;

	return q->put ==
	    q->done + ((uint64_t)q->in_flight + q->queued + q->poisoned);
}

uint64_t
model_elapsed(const struct model *m)
{
	uint64_t start = m->control.start;

	if (m->ended)
		return m->bye.elapsed;
	return start != 0 && start < m->now ? m->now - start : 0;
}

uint64_t
model_left(const struct model *m)
{
	const struct frame_item_queue *q = &m->item_queue;

	if (m->ended || m->broken || m->control.paused || m->priv->paced == 0 ||
	    q->done + q->poisoned >= q->total)
		return 0;

	double left = m->priv->pace * q->total - (double)model_running(m);

	if (left < 1)
		return 1; /* late */
	return left < (double)INT64_MAX ? (uint64_t)left : INT64_MAX;
}

const struct model_thread *
model_thread_by_tid(
    const struct model *m, int32_t tid, const struct model_proc **proc)
{
	const struct tid *e = tid_table_find(&m->priv->tids, tid);

	if (e == NULL)
		return NULL;
	if (proc != NULL)
		*proc = e->proc;
	return &e->proc->threads[e->index];
}

const struct model_proc *
model_proc_by_pid(const struct model *m, int32_t pid)
{
	for (unsigned i = m->nprocs; i-- > 0;) {
		if (m->procs[i]->pid == pid)
			return m->procs[i];
	}
	return NULL;
}

const struct model_log *
model_log_line(const struct model *m, unsigned n)
{
	if (n >= m->log_total || n >= MODEL_MAX_LOG)
		return NULL;
	return &m->log[(m->log_total - 1 - n) % MODEL_MAX_LOG];
}

const struct frame *
model_trace_event(const struct model *m, unsigned n)
{
	if (n >= m->trace_total || n >= MODEL_MAX_TRACE)
		return NULL;
	return &m->trace[(m->trace_total - 1 - n) % MODEL_MAX_TRACE];
}

const char *
model_lock_name(const struct model *m, unsigned kind)
{
	if (kind >= MODEL_MAX_LOCKS)
		return "lock ?";
	return m->lock_name[kind][0] != '\0' ? m->lock_name[kind]
					     : m->priv->lock_number[kind];
}

unsigned
model_kinds(const struct model *m)
{
	unsigned n = MODEL_MAX_LOCKS;

	while (n > 0 && m->lock_name[n - 1][0] == '\0')
		n--;
	return n;
}

bool
model_kind_exact(const struct model *m, unsigned kind)
{
	return kind == m->lock.kind && m->lock.switches == 0 && !m->masked &&
	    m->priv->adds > 0 && model_running(m) > 0;
}

struct model_kind
model_kind_of(const struct model *m, unsigned kind)
{
	static const struct model_kind none;

	if (model_kind_exact(m, kind))
		return (struct model_kind){.ns = model_running(m),
		    .adds = m->priv->adds,
		    .lost_updates = m->sum.lost_updates,
		    .contended = m->lock.contended};
	return kind < MODEL_MAX_LOCKS ? m->kind[kind] : none;
}

double
model_kind_adds(const struct model *m, unsigned kind)
{
	if (kind >= MODEL_MAX_LOCKS || m->kind[kind].ns == 0)
		return -1;
	return (double)m->kind[kind].adds * 1e9 / (double)m->kind[kind].ns;
}
