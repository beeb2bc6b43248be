/*
 * fuzz_frame: any bytes to frame_read(), every good frame to the model, and
 * then the questions that views ask. Built with -fsanitize=fuzzer.
 *
 * The first byte says how the rest is cut into reads.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint64_t good; /* frames of the present input */

static void
apply(const struct frame *f, void *arg)
{
	good++;
	model_apply(arg, f);
}

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
must_be_clean(const char *s, size_t size)
{
	static char again[MODEL_LINE];
	size_t len = strnlen(s, size);

	must(len < size);
	model_clean(again, sizeof again, s, len);
	must(strcmp(again, s) == 0);
}

static void
ask_process(const struct model *m, const struct model_proc *p)
{
	must(p != NULL && p->now.slot < m->nslots);
	must_be_clean(p->name, sizeof p->name);
	for (unsigned i = 0; i < p->nthreads; i++) {
		const struct model_thread *t = &p->threads[i];

		const struct model_thread *same =
		    model_thread_by_tid(m, t->tid, NULL);

		must_be_clean(t->name, sizeof t->name);
		must(same == NULL || same->tid == t->tid);
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

	for (unsigned i = 1; i < MODEL_OBJECTS; i++) {
		must_be_clean(model_fifo_name(m, i, buf), MODEL_NAME);
		must_be_clean(model_mutex_name(m, i, buf), MODEL_NAME);
		must_be_clean(model_executor_name(m, i, buf), MODEL_NAME);
		must(model_depth(&m->fifo[i]) <= m->fifo[i].now.put);
	}
	for (unsigned i = 0; (f = model_future_at(m, i)) != NULL; i++) {
		must_be_clean(model_future_label(f, buf), MODEL_LABEL);
		must(f->now.state < FUTURE_STATES);
	}
	for (unsigned i = 0; (line = model_output_at(m, i)) != NULL; i++)
		must_be_clean(line->text, sizeof line->text);
	must(m->nreasons <= MODEL_MAX_REASONS);
	for (unsigned i = 0; i < m->nreasons; i++)
		must_be_clean(m->reason[i].text, MODEL_LINE);
	for (unsigned i = 0; i < MODEL_MAX_RESULTS; i++)
		must_be_clean(m->result[i].name, sizeof m->result[i].name);
	must_be_clean(m->hangs, sizeof m->hangs);
	model_futures(m);
	model_hung(m);
	model_main(m);
	model_alive(m, &procs, &threads);
}

static void
ask(const struct model *m)
{
	const struct model_log *line;

	for (unsigned i = 0; i < m->nprocs; i++)
		ask_process(m, m->procs[i]);
	for (unsigned i = 0; (line = model_log_line(m, i)) != NULL; i++)
		must_be_clean(line->text, sizeof line->text);
	must_be_clean(m->title, sizeof m->title);
	must_be_clean(m->hello.demo, sizeof m->hello.demo);
	must(m->depth.n <= MODEL_HISTORY && m->nsources <= MODEL_MAX_SOURCES);
	model_lock_name(m, m->lock.kind);
	model_ledger(m);
	model_items_hold(m);
	model_elapsed(m);
	model_left(m);
	model_total(m);
	ask_program(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model *m;
	struct frame_reader r = {0};

	if (m == NULL)
		m = model_new();
	if (m == NULL || size == 0)
		return 0;
	model_reset(m);
	good = 0;

	size_t step = data[0] == 0 ? size : data[0];

	for (size_t at = 1; at < size; at += step)
		frame_read(&r, data + at, size - at < step ? size - at : step,
		    apply, m);
	must(r.offset == size - 1);
	must(m->frames <= good);
	must(good * FRAME_SIZE + r.unknown * FRAME_SIZE + r.garbage + r.have ==
	    size - 1);
	ask(m);
	return 0;
}
