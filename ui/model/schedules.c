/* schedules: schedules, the locks' times and orders, and a search, in the
 * model. */
#include <stdlib.h>
#include <string.h>

#include "model/model_priv.h"

void
model_take_step(struct model *m, const struct frame *f)
{
	struct model_proc *p = model_proc_of_slot(m, f->step.slot);
	struct model_thread *t =
	    p == NULL ? NULL : model_thread_at(m, p, f->step.index);

	if (t != NULL && t->step == NULL)
		t->step = malloc(sizeof *t->step);
	if (t == NULL || t->step == NULL)
		m->unplaced++;
	else
		*t->step = f->step;
}

const struct frame_step *
model_step(const struct model_thread *t)
{
	static const struct frame_step none = {.point = POINT_NONE};

	return t->step != NULL ? t->step : &none;
}

void
model_take_times(struct model *m, const struct frame *f)
{
	const struct frame_latency *t = &f->times;
	struct model_times *of = &m->times[t->lock];

	memcpy((t->hold != 0 ? of->hold : of->wait) + t->bucket, t->n,
	    sizeof t->n);
}

void
model_take_order(struct model *m, const struct frame *f)
{
	unsigned i = 0;

	while (i < m->norders &&
	    (m->order[i].now.held != f->order.held ||
		m->order[i].now.taken != f->order.taken))
		i++;
	if (i == MODEL_MAX_ORDERS) {
		m->orders_dropped++;
		return;
	}
	if (i == m->norders)
		m->norders++;
	m->order[i] = (struct model_order){.tid = f->tid, .now = f->order};
}

void
model_take_lab(struct model *m, const struct frame *f)
{
	/* A sample is observed as a whole, or not at all. */
	if (((f->lab.flags ^ m->lab.flags) & SCHEDULE_BLIND) != 0)
		m->priv->steady = 0;
	m->lab = f->lab;
}

void
model_take_explore(struct model *m, const struct frame *f)
{
	m->explores = true;
	m->explore = f->explore;
}

void
model_take_outcome(struct model *m, const struct frame *f)
{
	m->outcome[f->outcome.index].known = true;
	m->outcome[f->outcome.index].now = f->outcome;
}

/* A piece ends what stood behind it: pieces come in order. */
static void
schedule(struct model *m, uint32_t index, const char *text, size_t len)
{
	size_t at = (size_t)index * SCHEDULE_PIECE;

	if (index >= MODEL_SCHEDULE / SCHEDULE_PIECE) {
		m->schedule_cut = true;
		return;
	}
	if (strlen(m->schedule) < at)
		return; /* the piece before is missing: it will come again */
	if (len > SCHEDULE_PIECE)
		len = SCHEDULE_PIECE;
	model_clean(m->schedule + at, SCHEDULE_PIECE + 1, text, len);
	m->schedule_cut = false;
}

/* Another schedule: its steps follow, in order. */
static void
schedules_outcome(struct model *m, uint32_t index, const char *text, size_t len)
{
	struct model_outcome *o = &m->outcome[index];

	model_clean(o->schedule, MODEL_LINE, text, len);
	o->cause[0] = '\0';
	o->ncells = 0;
}

static void
schedules_cell(struct model *m, uint32_t index, const char *text, size_t len)
{
	unsigned of = index >> 8, step = index & 0xff;
	struct model_outcome *o = &m->outcome[of % FRAME_MAX_OUTCOMES];

	/* One that does not follow is of a schedule that we do not have. */
	if (of >= FRAME_MAX_OUTCOMES || step >= MODEL_CELLS || step > o->ncells)
		return;
	model_clean(o->cell[step], MODEL_CELL, text, len);
	if (step == o->ncells)
		o->ncells++;
}

static void
schedules_program(struct model *m, uint32_t index, const char *text, size_t len)
{
	unsigned thread = index >> 8, step = index & 0xff;

	if (thread < MODEL_MAX_LINES && step < MODEL_CELLS)
		model_clean(
		    m->explore_step[thread][step], MODEL_CELL, text, len);
}

static void
schedules_effect(struct model *m, uint32_t index, const char *text, size_t len)
{
	unsigned of = index >> 8, step = index & 0xff;

	if (of >= FRAME_MAX_OUTCOMES || step >= MODEL_CELLS)
		return;
	m->effects_of = of + 1;
	model_clean(m->effect[step], MODEL_LINE, text, len);
}

void
model_schedule_text(struct model *m, enum frame_text kind, uint32_t index,
    const char *text, size_t len)
{
	if (kind == TEXT_SCHEDULE)
		schedule(m, index, text, len);
	else if (kind == TEXT_FLAW && index < MODEL_MAX_LOCKS)
		model_clean(m->lock_flaw[index], MODEL_LINE, text, len);
	else if (kind == TEXT_OUTCOME && index < FRAME_MAX_OUTCOMES)
		schedules_outcome(m, index, text, len);
	else if (kind == TEXT_CAUSE && index < FRAME_MAX_OUTCOMES)
		model_clean(m->outcome[index].cause, MODEL_LINE, text, len);
	else if (kind == TEXT_CELL)
		schedules_cell(m, index, text, len);
	else if (kind == TEXT_STEP)
		schedules_program(m, index, text, len);
	else if (kind == TEXT_EFFECT)
		schedules_effect(m, index, text, len);
	else if (kind == TEXT_EXPLORE && index < MODEL_MAX_LINES)
		model_clean(m->explore_text[index], MODEL_LINE, text, len);
}
