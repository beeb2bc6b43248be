/* ask: what holds for every model. */
#include "ask.h"

#include <string.h>

#include "must.h"

static void
must_be_clean(const char *s, size_t size)
{
	static char again[MODEL_SCHEDULE];
	size_t len = strnlen(s, size);

	MUST(len < size);
	model_clean(again, sizeof again, s, len);
	MUST(strcmp(again, s) == 0);
}

#define CLEAN(array) must_be_clean(array, sizeof(array))

static void
ask_process(const struct model *m, const struct model_proc *p)
{
	MUST(p != NULL && p->now.slot < m->nslots);
	CLEAN(p->name);
	for (unsigned i = 0; i < p->nthreads; i++) {
		const struct model_thread *t = &p->threads[i];
		const struct model_thread *same =
		    model_thread_by_tid(m, t->tid, NULL);

		CLEAN(t->name);
		MUST(same == NULL || same->tid == t->tid);
	}
}

static void
ask_objects(const struct model *m)
{
	char buf[MODEL_LABEL];

	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		must_be_clean(model_queue_name(m, i, buf), MODEL_NAME);
		must_be_clean(model_mutex_name(m, i, buf), MODEL_NAME);
		must_be_clean(model_executor_name(m, i, buf), MODEL_NAME);
		MUST(model_depth(&m->queue[i]) <= m->queue[i].now.put);
	}
}

/* What a program has made and said. */
static void
ask_program(const struct model *m)
{
	const struct model_future *f;
	const struct model_log *line;
	char buf[MODEL_LABEL];
	unsigned procs, threads;

	ask_objects(m);
	for (unsigned i = 0; (f = model_future_at(m, i)) != NULL; i++) {
		must_be_clean(model_future_label(f, buf), MODEL_LABEL);
		must_be_clean(model_future_why(f), MODEL_WHY);
		MUST(f->now.state < FUTURE_STATES);
	}
	for (unsigned i = 0; (line = model_output_at(m, i)) != NULL; i++)
		CLEAN(line->text);
	MUST(m->nreasons <= MODEL_MAX_REASONS);
	for (unsigned i = 0; i < m->nreasons; i++)
		CLEAN(m->reason[i].text);
	for (unsigned i = 0; i < MODEL_MAX_RESULTS; i++)
		CLEAN(m->result[i].name);
	CLEAN(m->hangs);
	model_futures(m);
	model_hung(m);
	model_main(m);
	model_alive(m, &procs, &threads);
}

static void
ask_lab(const struct model *m)
{
	CLEAN(m->schedule);
	for (unsigned i = 0; i < FRAME_MAX_OUTCOMES; i++) {
		const struct model_outcome *o = &m->outcome[i];

		CLEAN(o->schedule);
		CLEAN(o->cause);
		MUST(o->ncells <= MODEL_CELLS);
		for (unsigned k = 0; k < o->ncells; k++)
			CLEAN(o->cell[k]);
	}
	MUST(m->effects_of <= FRAME_MAX_OUTCOMES);
	for (unsigned i = 0; i < MODEL_CELLS; i++) {
		CLEAN(m->effect[i]);
		for (unsigned t = 0; t < MODEL_MAX_LINES; t++)
			CLEAN(m->explore_step[t][i]);
	}
	for (unsigned i = 0; i < LINT_COUNT; i++)
		CLEAN(m->lints.row[i].text);
}

static void
ask_texts(const struct model *m)
{
	const struct model_log *line;

	CLEAN(m->title);
	CLEAN(m->hello.demo);
	for (unsigned i = 0; i < MODEL_MAX_LINES; i++) {
		CLEAN(m->lesson[i]);
		CLEAN(m->param[i]);
		CLEAN(m->banner[i]);
		CLEAN(m->explore_text[i]);
	}
	for (unsigned i = 0; i < MODEL_MAX_LOCKS; i++) {
		must_be_clean(model_lock_name(m, i), MODEL_NAME);
		CLEAN(m->lock_lesson[i]);
		CLEAN(m->lock_flaw[i]);
	}
	for (unsigned i = 0; i < m->nslots; i++)
		CLEAN(m->item_name[i]);
	for (unsigned i = 0; (line = model_log_line(m, i)) != NULL; i++)
		CLEAN(line->text);
}

void
ask_model(const struct model *m)
{
	for (unsigned i = 0; i < m->nprocs; i++)
		ask_process(m, m->procs[i]);
	ask_texts(m);
	MUST(m->depth.n <= MODEL_HISTORY && m->nsources <= MODEL_MAX_SOURCES);
	model_lock_name(m, m->lock.kind);
	model_ledger(m);
	model_items_hold(m);
	model_elapsed(m);
	model_left(m);
	model_total(m);
	ask_program(m);
	ask_lab(m);
}
