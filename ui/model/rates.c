/*
 * rates: histories and rates, on the clock of the frames.
 *
 * A pause is no part of a rate: what was done before it no longer counts.
 *
 * No samples are taken while no frame arrives; the gap is filled when the next
 * one does, so that a sparkline keeps its scale.
 */
#include <string.h>

#include "model/model_priv.h"

static void
rates_push(struct model_history *h, double value, uint64_t times)
{
	unsigned n = times < MODEL_HISTORY ? (unsigned)times : MODEL_HISTORY;
	unsigned keep = MODEL_HISTORY - n;

	if (h->n > keep) {
		memmove(h->at, h->at + h->n - keep, keep * sizeof *h->at);
		h->n = keep;
	}
	while (n-- > 0)
		h->at[h->n++] = value;
}

static void
rates_mark(struct model *m)
{
	struct model_priv *p = m->priv;

	p->marks[p->nmarks++ % MODEL_MARKS] = (struct model_mark){.ns = m->now,
	    .tasks = p->tasks,
	    .items = m->item_queue.done,
	    .frames = m->frames,
	    .lost = m->sum.lost,
	    .adds = p->adds,
	    .lost_updates = m->sum.lost_updates,
	    .contended = m->lock.contended};
	p->next_sample = m->now + MODEL_SAMPLE_NS;
}

void
model_sample_start(struct model *m)
{
	m->priv->nmarks = 0;
	rates_mark(m);
}

static const struct model_mark *
rates_mark_back(const struct model_priv *p, uint64_t n)
{
	if (n > p->nmarks)
		n = p->nmarks;
	return &p->marks[(p->nmarks - n) % MODEL_MARKS];
}

static double
rates_seconds_since(const struct model *m, const struct model_mark *then)
{
	return (double)(m->now - then->ns) / 1e9;
}

/* A counter that decreased (a damaged frame) counts as no change. */
static double
rate(uint64_t now, uint64_t then, double seconds)
{
	return now > then && seconds > 0 ? (double)(now - then) / seconds : 0;
}

/*
 * The average of the run, counting items in progress as half done. Items
 * complete in waves, and so the average fluctuates: it is averaged once more,
 * over a quarter of the run so far.
 */
static void
rates_update_pace(struct model *m)
{
	const struct frame_item_queue *q = &m->item_queue;
	struct model_priv *p = m->priv;
	double over = (double)q->done + q->poisoned;
	uint64_t running = model_running(m);

	if (over < 1 || over < q->in_flight || running <= p->paced)
		return;

	double pace = (double)running / (over + q->in_flight / 2.0);
	double step = (double)(running - p->paced);

	if (p->paced == 0)
		p->pace = pace;
	p->pace += (pace - p->pace) * step / (step + (double)running / 4);
	p->paced = running;
}

/*
 * The engine reports the lock before it reports adds and losses, so a round of
 * frames that shows a new kind may still bring numbers of the old one. A sample
 * that begins in such a round includes them: hence two.
 */
#define STEADY 2

static uint64_t
rates_more(uint64_t now, uint64_t then)
{
	return now > then ? now - then : 0;
}

static void
rates_add_sample(
    struct model *m, struct model_kind *k, const struct model_mark *last)
{
	k->ns += m->now - last->ns;
	k->adds += rates_more(m->priv->adds, last->adds);
	k->lost_updates += rates_more(m->sum.lost_updates, last->lost_updates);
	k->contended += rates_more(m->lock.contended, last->contended);
}

static void
rates_sample_kind(struct model *m, const struct model_mark *last)
{
	struct model_priv *p = m->priv;

	if (m->lock.kind >= MODEL_MAX_LOCKS || m->control.paused)
		return;
	if (p->steady >= STEADY) {
		rates_add_sample(m, &m->kind[m->lock.kind], last);
		if ((m->lab.flags & SCHEDULE_BLIND) != 0)
			rates_add_sample(m, &m->blind[m->lock.kind], last);
	}
	p->steady += p->steady < STEADY;
}

void
model_pause(struct model *m, bool paused)
{
	struct model_priv *p = m->priv;

	model_sample(m);
	if (paused)
		p->paused_at = m->now;
	else
		p->paused += m->now - p->paused_at;
	m->tasks_per_s = m->items_per_s = m->frames_per_s = 0;
	model_sample_start(m);
}

void
model_sample(struct model *m)
{
	const struct model_priv *p = m->priv;

	if (p->next_sample == 0) {
		model_sample_start(m);
		return;
	}

	const struct model_mark *last = rates_mark_back(p, 1);
	const struct model_mark *far = rates_mark_back(p, MODEL_MARKS);
	double lately = rates_seconds_since(m, last),
	       s = rates_seconds_since(m, far);
	double lost = (double)m->sum.lost - (double)last->lost;
	uint64_t times = (m->now - last->ns) / MODEL_SAMPLE_NS;

	if (!m->control.paused) {
		m->tasks_per_s = rate(p->tasks, far->tasks, s);
		m->items_per_s = rate(m->item_queue.done, far->items, s);
		rates_update_pace(m);
	}
	m->frames_per_s = rate(m->frames, far->frames, s);
	rates_push(&m->depth, m->item_queue.queued, times);
	rates_push(&m->lost, (double)m->sum.lost, times);
	rates_push(&m->tasks_rate, rate(p->tasks, last->tasks, lately), times);
	rates_push(&m->lost_rate, lately > 0 ? lost / lately : 0, times);
	rates_sample_kind(m, last);
	rates_mark(m);
}
