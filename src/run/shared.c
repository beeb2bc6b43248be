/* shared: what all processes of a run share. */
#include "run/shared.h"

#include <errno.h>

#include "lockstep/demo.h"

/*
 * Headroom for threads and workers that are added during the run, as far as a
 * cell's word has ids for them. A program has its main process as well, and may
 * have all its threads in one process.
 */
static void
layout_shared_shape(const struct params *p, unsigned *nslots, unsigned *stride)
{
	bool program = p->demo->main != NULL;
	unsigned mains = program ? 1 : 0, spare = program ? 32 : 16;
	unsigned extra = program ? (p->processes - 1) * p->threads : 0;

	for (;;) {
		*nslots = 1 + mains + p->processes + spare;
		*stride = 1 + p->threads + spare + extra;
		if ((*nslots - 1) * *stride <= CELL_MAX_ID || spare == 0)
			return;
		if (extra > 0)
			extra /= 2;
		else
			spare /= 2;
	}
}

static size_t
layout_shared_size(const struct params *p, size_t heap)
{
	unsigned nslots, stride;

	layout_shared_shape(p, &nslots, &stride);
	return sizeof(struct shared) +
	    (p->demo->main != NULL ? registry_size(heap)
				   : item_queue_size(nslots)) +
	    nslots * (sizeof(struct worker_slot) + sizeof(struct cell)) +
	    (size_t)(nslots - 1) * stride * sizeof(struct thread_slot) +
	    16 * ARENA_LINE;
}

/* A smaller heap, and as much memory again for stacks and new processes. */
static int
layout_shared_shrink(struct arena *a, const struct params *p, size_t *asked)
{
	for (size_t heap = REGISTRY_HEAP / 2; heap > REGISTRY_HEAP_LEAST;
	     heap /= 2) {
		*asked = layout_shared_size(p, heap);
		if (arena_open(a, 2 * *asked) != 0)
			continue;
		arena_close(a);
		return arena_open(a, *asked);
	}
	*asked = layout_shared_size(p, REGISTRY_HEAP_LEAST);
	return arena_open(a, *asked);
}

int
shared_open(struct arena *a, const struct params *p, size_t *asked)
{
	*asked = layout_shared_size(p, REGISTRY_HEAP);
	int err = arena_open(a, *asked);
	return err == -ENOMEM && p->demo->main != NULL
	    ? layout_shared_shrink(a, p, asked)
	    : err;
}

static void
layout_tslots_init(struct shared *s)
{
	for (unsigned slot = 1; slot < s->nslots; slot++) {
		for (unsigned i = 0; i < s->stride; i++) {
			struct thread_slot *r = shared_tslot(s, slot, i);

			r->id = (uint32_t)(r - s->tslots) + 1;
			r->slot = (uint16_t)slot;
			r->index = (uint16_t)i;
			r->control = &s->tracing;
		}
	}
}

int
shared_layout(struct arena *a, const struct params_priv *options, int bell,
    struct shared **out)
{
	const struct params *p = &options->params;
	struct shared *s = arena_take(a, sizeof *s);

	if (s == NULL)
		return -ENOMEM;
	layout_shared_shape(p, &s->nslots, &s->stride);
	s->params = p;
	s->slots = arena_take(a, s->nslots * sizeof *s->slots);
	s->cells = arena_take(a, s->nslots * sizeof *s->cells);
	s->tslots = arena_take(
	    a, (size_t)(s->nslots - 1) * s->stride * sizeof *s->tslots);
	if (p->demo->main != NULL)
		s->registry = registry_new(a, bell);
	else
		s->item_queue = item_queue_new(a, s->nslots, bell);
	if (s->slots == NULL || s->cells == NULL || s->tslots == NULL ||
	    (s->item_queue == NULL && s->registry == NULL))
		return -ENOMEM;
	gate_init(&s->gate);
	gate_set_speed(&s->gate, p->speed);
	atomic_store(&s->sum.kind, options->lock);
	s->sum.wanted = options->lock;
	atomic_store(&s->sum.window, options->window);
	atomic_store(&s->sum.blind, options->blind);
	atomic_store(&s->gil, p->gil);
	atomic_store(&s->workers, p->processes);
	atomic_store(&s->threads, p->threads);
	for (unsigned i = 0; i < s->nslots; i++) {
		int err = cell_init(&s->cells[i]);
		if (err != 0)
			return err;
	}
	layout_tslots_init(s);
	*out = s;
	return 0;
}

int64_t
shared_sum(const struct shared *s, unsigned slot)
{
	const struct cell *c = shared_cell(s, slot);

	if (params_priv(s->params)->sum_mode == SUM_SHARED)
		return cell_value(c, s->tslots, (s->nslots - 1) * s->stride);
	if (slot == 0)
		return cell_value(c, NULL, 0);
	return cell_value(c, shared_tslot(s, slot, 0), s->stride);
}
