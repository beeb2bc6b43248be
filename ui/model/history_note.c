/*
 * history_note: turns frames into notes and marks.
 *
 * Everything that depends on the model is determined here, when a frame
 * arrives: which thread it belongs to, whether it is late, and who owns which
 * place. A note is complete by itself.
 */
#include "model/history_priv.h"
#include "model/model.h"

#define LOOK_MIN 5000000ULL   /* ns between the frames of two samples */
#define LOOK_MAX 150000000ULL /* longer: there was nothing to report */
#define FEW      256          /* threads: rows are cheap */

/* The oldest notes become rows if rows are cheap, and are dropped if not. */
static void
note(struct history *h, const struct journal_note *n)
{
	if (!journal_add(&h->journal, n)) {
		h->unplaced++;
		return;
	}
	if (!journal_full(&h->journal))
		return;
	if (h->places <= FEW) {
		journal_take(&h->journal, history_take_note, h);
		return;
	}
	h->forgot = journal_take(&h->journal, NULL, NULL);
	history_rows_clear(h);
}

/* Is it the first frame of a sample? */
static void
note_look(struct history *h, uint64_t ns)
{
	uint64_t gap = ns > h->looked ? ns - h->looked : 0;

	if (h->looked != 0 && gap < LOOK_MIN) {
		h->looked += gap;
		return;
	}
	if (h->looked != 0 && gap <= LOOK_MAX)
		h->look = h->look == 0 ? gap : (h->look * 7 + gap) / 8;
	h->looked = ns;
	note(h, &(struct journal_note){.kind = JOURNAL_LOOK, .ns = ns});
}

/* ---- frames ---- */

void
history_thread(struct history *h, const struct frame *f,
    const struct model_thread *t, bool born)
{
	struct history_slot *s;

	note_look(h, f->ns);
	if (t == NULL)
		return;

	struct journal_note n = {.kind = JOURNAL_THREAD,
	    .slot = f->thread.slot,
	    .index = f->thread.index,
	    .ns = f->ns,
	    .us = f->thread.since_us,
	    .state = t->now.state,
	    .object = f->thread.object,
	    .owner = f->thread.owner};

	if (born) {
		n.born = true;
		n.pid = f->pid;
		n.tid = f->tid;
		s = &h->slot[n.slot];
		if (n.index >= s->most) {
			h->places += n.index + 1U - s->most;
			s->most = n.index + 1U;
		}
	}
	note(h, &n);
}

/* This thread owns the place, as of its newest frame. */
static bool
note_has_place(
    const struct model *m, unsigned slot, unsigned index, int32_t tid)
{
	const struct model_proc *p = m->slot[slot];

	return tid != 0 && p != NULL && index < p->nthreads &&
	    p->threads[index].tid == tid;
}

static void
note_event(struct history *h, const struct model *m, const struct frame *f)
{
	const struct frame_trace *t = &f->trace;

	if (note_has_place(m, t->slot, t->index, f->tid))
		note(h,
		    &(struct journal_note){.kind = JOURNAL_EVENT,
			.slot = t->slot,
			.index = t->index,
			.ns = f->ns,
			.state = (uint8_t)t->op});
}

static void
note_mark(struct history *h, const struct frame *f, enum history_kind kind,
    uint32_t arg, uint32_t was)
{
	h->mark[h->nmarks++ % HISTORY_MARKS] = (struct history_mark){
	    .ns = f->ns, .kind = kind, .arg = arg, .was = was};
}

static void
note_end(struct history *h, const struct frame *f)
{
	struct history_slot *s = &h->slot[f->proc.slot];
	bool killed = f->proc.ended == ENDED_SIGNAL;

	if (f->proc.ended == ENDED_NOT)
		return;
	if (killed && s->dead != f->pid)
		note_mark(h, f, HISTORY_KILL, f->proc.slot, f->proc.code);
	s->dead = f->pid;
	note(h,
	    &(struct journal_note){.kind = JOURNAL_END,
		.slot = f->proc.slot,
		.ns = f->ns,
		.state = killed ? STATE_KILLED : STATE_EXITED,
		.born = true,
		.pid = f->pid});
}

/* The holder of a lock in this sample, and since when if that is known. */
static void
note_holder(struct history *h, const struct model *m, const struct frame *f,
    unsigned object, int32_t tid, uint32_t us)
{
	const struct model_proc *p;
	const struct model_thread *t =
	    us == 0 || tid == 0 ? NULL : model_thread_by_tid(m, tid, &p);
	unsigned index = t == NULL ? 0 : (unsigned)(t - p->threads);

	if (t != NULL && note_has_place(m, p->now.slot, index, tid))
		note(h,
		    &(struct journal_note){.kind = JOURNAL_HELD,
			.slot = p->now.slot,
			.index = (uint16_t)index,
			.ns = f->ns,
			.us = us,
			.object = (uint8_t)object});
}

static void
note_lock(struct history *h, const struct model *m, const struct frame *f)
{
	const struct frame_lock *l = &f->lock;

	if (h->saw_lock && (l->kind != h->kind || l->switches != h->switches))
		note_mark(h, f, HISTORY_LOCK, l->kind, h->kind);
	h->saw_lock = true;
	h->kind = l->kind;
	h->switches = l->switches;
	note_holder(h, m, f, 0, l->holder, l->held_us);
}

static void
note_control(struct history *h, const struct frame *f)
{
	bool paused = f->control.paused != 0;

	if (paused != h->paused)
		note_mark(h, f, paused ? HISTORY_PAUSE : HISTORY_RESUME, 0, 0);
	h->paused = paused;
}

static void
note_lab(struct history *h, const struct frame *f)
{
	uint32_t taken = f->lab.taken;

	/* A run that begins with steps taken is the result of an undo. */
	if (!h->saw_schedule && taken > 0 && taken < h->before &&
	    f->lab.scheduler == SCHEDULER_HAND)
		note_mark(h, f, HISTORY_UNDO, taken, h->before);
	else if (h->saw_schedule && taken < h->taken)
		note_mark(h, f, HISTORY_UNDO, taken, h->taken);
	else if (h->saw_schedule && taken > h->taken &&
	    f->lab.scheduler == SCHEDULER_HAND)
		note_mark(h, f, HISTORY_STEP, taken, h->taken);
	h->saw_schedule = true;
	h->taken = taken;
}

void
history_apply(struct history *h, const struct model *m, const struct frame *f)
{
	switch ((enum frame_type)f->type) {
	case FRAME_PROC:
		note_look(h, f->ns);
		note_end(h, f);
		break;
	case FRAME_LOCK:
		note_look(h, f->ns);
		note_lock(h, m, f);
		break;
	case FRAME_MUTEX:
		note_look(h, f->ns);
		note_holder(
		    h, m, f, f->mutex.index, f->mutex.holder, f->mutex.held_us);
		break;
	case FRAME_CONTROL:
		note_look(h, f->ns);
		note_control(h, f);
		break;
	case FRAME_SCHEDULE:
		note_lab(h, f);
		break;
	case FRAME_TRACE:
		note_event(h, m, f);
		break;
	default:
		break;
	}
}

void
history_break(struct history *h, uint64_t ns)
{
	note(h, &(struct journal_note){.kind = JOURNAL_BREAK, .ns = ns});
}

/* ---- rows ---- */

/* A thread whose last note was dropped is still in that state. */
static void
note_still_so(struct history *h, const struct model_proc *p, unsigned index)
{
	const struct model_thread *t = &p->threads[index];
	const struct history_row *r = history_find(h, p->now.slot, index);
	uint64_t us = (t->reported - t->since) / 1000;

	if (t->tid == 0 || (r != NULL && r->n > 0))
		return;
	history_take_note(h,
	    &(struct journal_note){.kind = JOURNAL_THREAD,
		.slot = p->now.slot,
		.index = (uint16_t)index,
		.ns = t->reported,
		.us = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX,
		.state = t->now.state,
		.object = t->now.object,
		.owner = t->now.owner,
		.born = true,
		.pid = p->pid,
		.tid = t->tid});
}

void
history_settle(struct history *h, const struct model *m)
{
	while (h->journal.first != NULL)
		journal_take(&h->journal, history_take_note, h);
	if (h->forgot == 0 || h->forgot == h->filled)
		return;
	for (unsigned i = 0; i < m->nslots; i++) {
		const struct model_proc *p = m->slot[i];

		for (unsigned j = 0; p != NULL && j < p->nthreads; j++)
			note_still_so(h, p, j);
	}
	h->filled = h->forgot;
}

uint64_t
history_forgot(const struct history *h)
{
	return h->forgot;
}
