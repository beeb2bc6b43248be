/*
 * model: takes a frame to its place and answers questions about the whole.
 *
 * A frame costs the same however many processes and threads there are: slots
 * and indices are array indices, totals are kept as differences arrive.
 */
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/history.h"
#include "model/model_priv.h"

#define FAR_BACK (1 << 16) /* frames: that late is another numbering */

static void
model_priv_init(struct model_priv *p)
{
	memset(p, 0, sizeof *p);
	for (unsigned i = 0; i < MODEL_MAX_LOCKS; i++)
		snprintf(p->lock_number[i], MODEL_NAME, "lock %u", i);
}

struct model *
model_new(void)
{
	struct model *m = calloc(1, sizeof *m);

	if (m == NULL)
		return NULL;
	m->priv = calloc(1, sizeof *m->priv);
	m->past = history_new();
	if (m->priv == NULL || m->past == NULL) {
		history_free(m->past);
		free(m->priv);
		free(m);
		return NULL;
	}
	model_priv_init(m->priv);
	return m;
}

/*
 * Zero [p, end) as if it had just come from calloc(): whole pages go back to
 * the system, so that what a run does not use costs no memory. A model is a
 * few megabytes, most of them rings and tables that most runs leave alone.
 */
static void
model_zero(unsigned char *p, unsigned char *end)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *low = p + (page - (uintptr_t)p % page) % page;
	unsigned char *high = end - (uintptr_t)end % page;

	if (low >= high ||
	    madvise(low, (size_t)(high - low), MADV_DONTNEED) != 0) {
		memset(p, 0, (size_t)(end - p));
		return;
	}
	memset(p, 0, (size_t)(low - p));
	memset(high, 0, (size_t)(end - high));
}

/* All but the stream's own counters, which are the tail of the struct. */
static void
model_forget_run(struct model *m)
{
	unsigned char *start = (unsigned char *)m;

	unsigned source = m->priv->source;

	model_procs_free(m);
	tid_table_clear(&m->priv->tids);
	if (m->past != NULL) /* not its own: see snapshot_free() */
		history_clear(m->past);
	model_zero(start, start + offsetof(struct model, frames));
	model_priv_init(m->priv);
	m->priv->source = source;
}

void
model_free(struct model *m)
{
	if (m == NULL)
		return;
	model_forget_run(m);
	history_free(m->past);
	free(m->priv);
	free(m);
}

void
model_reset(struct model *m)
{
	struct model_priv *priv = m->priv;
	struct history *past = m->past;
	uint64_t version = m->version;

	model_forget_run(m); /* all that is large */
	memset(&m->frames, 0, sizeof *m - offsetof(struct model, frames));
	priv->source = 0;
	m->priv = priv;
	m->past = past;
	m->version = version + 1;
}

static bool
model_find_source(struct model *m, uint16_t source, uint32_t seq)
{
	struct model_priv *p = m->priv;

	if (p->source < m->nsources && m->sources[p->source].source == source)
		return true;
	for (p->source = 0; p->source < m->nsources; p->source++) {
		if (m->sources[p->source].source == source)
			return true;
	}
	if (m->nsources == MODEL_MAX_SOURCES)
		return false;
	m->sources[m->nsources].source = source;
	m->sources[m->nsources++].next = seq;
	return true;
}

static void
model_count_gap(struct model *m, const struct frame *f)
{
	if (!model_find_source(m, f->source, f->seq))
		return;

	uint32_t *next = &m->sources[m->priv->source].next;
	int32_t gap = (int32_t)(f->seq - *next);

	if (gap < 0 && gap > -FAR_BACK && f->type != FRAME_HELLO)
		return;
	if (gap > 0)
		m->dropped += (uint32_t)gap;
	*next = f->seq + 1;
}

void
model_take_hello(struct model *m, const struct frame *f)
{
	model_forget_run(m);
	m->live = true;
	if (m->runs++ > 0) {
		m->frames = 1; /* this one */
		m->dropped = 0;
	}
	m->hello = f->hello;
	model_clean(m->hello.demo, sizeof m->hello.demo, f->hello.demo,
	    strnlen(f->hello.demo, sizeof f->hello.demo));
	m->now = f->ns;
	model_sample_start(m);
}

void
model_take_thread(struct model *m, const struct frame *f)
{
	bool born;
	const struct model_thread *t = model_thread_apply(m, f, &born);

	history_thread(m->past, f, t, born);
}

void
model_take_lock(struct model *m, const struct frame *f)
{
	if (f->lock.kind != m->lock.kind ||
	    f->lock.switches != m->lock.switches)
		m->priv->steady = 0;
	m->lock = f->lock;
}

void
model_take_control(struct model *m, const struct frame *f)
{
	bool paused = f->control.paused != 0;

	if (paused != (m->control.paused != 0))
		model_pause(m, paused);
	m->control = f->control;
	model_control_hung(m);
}

void
model_take_bye(struct model *m, const struct frame *f)
{
	m->bye = f->bye;
	m->ended = true;
}

void
model_take_sum(struct model *m, const struct frame *f)
{
	m->sum = f->sum;
}

void
model_take_item_queue(struct model *m, const struct frame *f)
{
	m->item_queue = f->item_queue;
}

void
model_take_trace(struct model *m, const struct frame *f)
{
	m->trace[m->trace_total++ % MODEL_MAX_TRACE] = *f;
	m->races.apart = m->control.sum_mode == SUM_PRIVATE;
	lost_updates_apply(&m->races, f);
}

/* It travels the other way. */
void
model_take_command(struct model *m, const struct frame *f)
{
	(void)m;
	(void)f;
}

void
model_apply(struct model *m, const struct frame *f)
{
	m->version++;
	if (m->frames++ == 0)
		m->first = f->ns;
	model_count_gap(m, f);
	if (f->ns > m->now && f->type != FRAME_TRACE)
		m->now = f->ns;

	switch ((enum frame_type)f->type) {
#define MODEL_CASE(NAME, member)           \
	case FRAME_##NAME:                 \
		model_take_##member(m, f); \
		break;
		FRAME_TYPES(MODEL_CASE)
	}
	if (f->type != FRAME_THREAD)
		history_apply(m->past, m, f);
	if (m->now >= m->priv->next_sample)
		model_sample(m);
	if (m->live && (m->ended || lints_due(&m->lints, m->now, m->runs)))
		lints_look(m, m->now);
}

void
model_break(struct model *m)
{
	if (m->ended || m->broken)
		return;
	m->broken = true;
	m->tasks_per_s = m->items_per_s = m->frames_per_s = 0;
	model_procs_break(m);
	history_break(m->past, m->now);
	m->version++;
}
