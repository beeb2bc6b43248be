/* snapshot: a copy of the model. */
#include "model/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "model/history.h"
#include "model/model_priv.h"

/* False if memory is short: then `to` has none from there on. */
static bool
snapshot_copy_steps(struct model_proc *to, const struct model_proc *from)
{
	bool all = true;

	for (unsigned i = 0; i < to->nthreads; i++) {
		struct frame_step **step = &to->threads[i].step;

		if (*step == NULL)
			continue;
		*step = all ? malloc(sizeof **step) : NULL;
		all = *step != NULL;
		if (all)
			**step = *from->threads[i].step;
	}
	return all;
}

static struct model_proc *
snapshot_copy_proc(const struct model_proc *from)
{
	struct model_proc *p = malloc(sizeof *p);
	size_t size = from->nthreads * sizeof *from->threads;

	if (p == NULL)
		return NULL;
	*p = *from;
	p->threads = malloc(size > 0 ? size : 1);
	if (p->threads == NULL) {
		free(p);
		return NULL;
	}
	if (size > 0)
		memcpy(p->threads, from->threads, size);
	if (!snapshot_copy_steps(p, from)) {
		model_proc_free(p);
		return NULL;
	}
	return p;
}

/* Tids that mean a thread of `old` now mean the same thread of `p`. */
static void
snapshot_copy_tids(struct tid_table *to, const struct tid_table *from,
    const struct model_proc *old, struct model_proc *p)
{
	for (unsigned i = 0; i < p->nthreads; i++) {
		int32_t tid = p->threads[i].tid;
		const struct tid *t =
		    tid != 0 ? tid_table_find(from, tid) : NULL;

		if (t != NULL && t->proc == old && t->index == i)
			tid_table_put(to, tid, p, i);
	}
}

/* `past` is the original's or a copy of it. */
static struct model *
snapshot_copy_model(const struct model *m, bool whole)
{
	struct model *copy = model_new();

	if (copy == NULL)
		return NULL;
	struct model_priv *priv = copy->priv;
	struct history *past = copy->past;
	*copy = *m;
	*priv = *m->priv;
	copy->priv = priv;
	copy->past = past;
	priv->tids = (struct tid_table){.at = NULL};
	memset(copy->slot, 0, sizeof copy->slot);
	copy->nprocs = 0;
	if (!whole) {
		history_free(past);
		copy->past = m->past;
	} else if (!history_copy(past, m->past)) {
		model_free(copy);
		return NULL;
	}
	for (; copy->nprocs < m->nprocs; copy->nprocs++) {
		const struct model_proc *old = m->procs[copy->nprocs];
		struct model_proc *p = snapshot_copy_proc(old);

		if (p == NULL) {
			if (!whole)
				copy->past = NULL;
			model_free(copy);
			return NULL;
		}
		copy->procs[copy->nprocs] = p;
		if (m->slot[p->now.slot] == old)
			copy->slot[p->now.slot] = p;
		snapshot_copy_tids(&priv->tids, &m->priv->tids, old, p);
	}
	return copy;
}

struct model *
snapshot_new(const struct model *m)
{
	return snapshot_copy_model(m, true);
}

struct model *
snapshot_shallow(const struct model *m)
{
	return snapshot_copy_model(m, false);
}

void
snapshot_free(struct model *copy)
{
	if (copy != NULL)
		copy->past = NULL;
	model_free(copy);
}
