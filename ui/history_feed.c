/*
 * history_feed: from frames to moments, holds and marks.
 *
 * In a look, THREAD frames come first and the TRACE frames of what went
 * before them afterwards: so events find their place in the past, and what
 * was waited for is put down only when the next look begins.
 */
#include "history_priv.h"
#include "model.h"

#define LOOK_MIN 5000000ULL   /* ns between the frames of two looks */
#define LOOK_MAX 150000000ULL /* longer: there was nothing to tell */

static bool
is_dead(unsigned state)
{
	return state == STATE_EXITED || state == STATE_KILLED;
}

/* Whoever does this has not got the lock around the sum. */
static bool
cannot_hold(const struct history_moment *m)
{
	return (m->state == STATE_WAIT_LOCK && m->object == 0) ||
	    m->state == STATE_WAIT_TASK || m->state == STATE_WAIT_QUEUE;
}

static void
waits_no_more(struct history *h, struct history_row *r)
{
	if (r->waits >= 0 && h->lock[r->waits].waiting > 0)
		h->lock[r->waits].waiting--;
	r->waits = -1;
}

/* Put down the waits that are over, and whether it waits now. */
static void
settle(struct history *h, struct history_row *r)
{
	const struct history_moment *last = &r->moment[r->n - 1];
	struct history_lock *l;

	for (unsigned i = r->n - 1; i-- > 0;) {
		const struct history_moment *m = &r->moment[i];

		if (m->ns < r->settled)
			break;
		if (m->state == STATE_WAIT_LOCK)
			history_span_add(h, &h->lock[m->object].waits,
			    HISTORY_WAITS,
			    (struct history_span){
				.from = m->ns, .to = m[1].ns});
	}
	r->settled = last->ns;
	if (cannot_hold(last) && last->ns > r->got)
		r->got = 0; /* the event that says so is lost */
	if (last->state != STATE_WAIT_LOCK) {
		waits_no_more(h, r);
		return;
	}
	if (r->waits == last->object)
		return;
	waits_no_more(h, r);
	r->waits = last->object;
	l = &h->lock[last->object];
	if (l->waiting++ == 0 || last->ns < l->since)
		l->since = last->ns;
}

/* The first frame of a look? Then the last look's events have all come. */
static void
look(struct history *h, uint64_t ns)
{
	uint64_t gap = ns > h->looked ? ns - h->looked : 0;

	if (h->looked != 0 && gap < LOOK_MIN) {
		h->looked += gap;
		return;
	}
	if (h->looked != 0 && gap <= LOOK_MAX)
		h->look = h->look == 0 ? gap : (h->look * 7 + gap) / 8;
	h->looked = ns;
	while (h->dirty != NULL) {
		struct history_row *r = h->dirty;

		h->dirty = r->next;
		r->dirty = false;
		if (r->n > 0)
			settle(h, r);
	}
}

static void
touch(struct history *h, struct history_row *r)
{
	if (r->dirty)
		return;
	r->dirty = true;
	r->next = h->dirty;
	h->dirty = r;
}

static bool
near(uint64_t a, uint64_t b)
{
	return (a > b ? a - b : b - a) < HISTORY_DUST;
}

/* Before moment[i]. What turns out to be too short is not kept. */
static void
put(struct history *h, struct history_row *r, unsigned i,
    struct history_moment m)
{
	if (i > 1 && near(r->moment[i - 1].ns, m.ns) &&
	    !is_dead(r->moment[i - 1].state))
		history_remove(r, --i, 1);
	history_insert(h, r, i, m);
}

/* From `since` to `ns`, and until something else is known: this. */
static void
know(struct history *h, struct history_row *r, uint64_t ns,
    struct history_moment now)
{
	unsigned i = history_at(r, ns), from;

	touch(h, r);
	if (i == r->n) {
		put(h, r, 0, now);
		return;
	}

	unsigned began = history_began(r, i);
	const struct history_moment *is = &r->moment[began];

	if (is->state == now.state && is->object == now.object &&
	    near(is->ns, now.ns)) {
		if (r->moment[i].owner == now.owner)
			return;
		now.same = ns > r->moment[i].ns;
		now.ns = ns;
		if (now.same)
			put(h, r, i + 1, now);
		else
			r->moment[i].owner = now.owner;
		return;
	}
	for (from = i + 1; from > 0 && r->moment[from - 1].ns >= now.ns;)
		from--;
	history_remove(r, from, i + 1 - from);
	put(h, r, from, now);
}

/* An event says that it was in this state from here on. */
static void
become(struct history *h, struct history_row *r, uint64_t ns, unsigned state)
{
	unsigned i = history_at(r, ns);
	struct history_moment m = {.ns = ns, .state = (uint8_t)state};

	if (i < r->n && r->moment[i].state == state)
		return;

	unsigned next = i < r->n ? i + 1 : 0;

	if (next < r->n && near(r->moment[next].ns, ns))
		return;
	touch(h, r);
	put(h, r, next, m);
}

/* The time between the load and the store of an add. */
static void
window(struct history *h, struct history_row *r, uint64_t from, uint64_t to)
{
	unsigned i = history_at(r, from);
	unsigned next = i < r->n ? i + 1 : 0;

	if (to < from + HISTORY_DUST)
		return;
	touch(h, r);
	if (next < r->n && r->moment[next].state == STATE_WINDOW &&
	    near(r->moment[next].ns, from))
		r->moment[next].ns = from;
	else if (i == r->n || r->moment[i].state != STATE_WINDOW)
		put(h, r, next,
		    (struct history_moment){.ns = from, .state = STATE_WINDOW});
	i = history_at(r, to);
	if (i < r->n && r->moment[i].state == STATE_WINDOW)
		become(h, r, to, STATE_RUNNING);
}

static void
held(struct history *h, struct history_row *r, unsigned object, uint64_t from,
    uint64_t to)
{
	if (to - from >= HISTORY_DUST)
		history_span_add(h, &r->holds, HISTORY_HOLDS,
		    (struct history_span){
			.from = from, .to = to, .object = object});
}

static void
event(struct history *h, const struct frame *f)
{
	struct history_row *r = history_find(h, f->trace.slot, f->trace.index);
	uint64_t ns = f->ns;

	if (r == NULL || r->tid != f->tid)
		return;
	switch ((enum frame_trace_op)f->trace.op) {
	case TRACE_GET:
	case TRACE_TASK:
	case TRACE_TASK_END:
		become(h, r, ns, STATE_RUNNING);
		break;
	case TRACE_LOCK:
		become(h, r, ns, STATE_RUNNING);
		r->got = ns;
		break;
	case TRACE_UNLOCK:
		if (r->got != 0 && ns > r->got)
			held(h, r, 0, r->got, ns);
		r->got = 0;
		break;
	case TRACE_LOAD:
		r->load = ns;
		break;
	case TRACE_STORE:
		if (r->load != 0 && ns > r->load)
			window(h, r, r->load, ns);
		r->load = 0;
		break;
	default:
		break;
	}
}

/* Gone: with a lock, if it had one. */
static void
gone(struct history *h, struct history_row *r, uint64_t ns, unsigned state)
{
	if (r->n == 0 || is_dead(r->moment[r->n - 1].state))
		return;
	if (r->got != 0 && ns > r->got)
		held(h, r, 0, r->got, ns);
	r->got = r->load = 0;
	know(h, r, ns,
	    (struct history_moment){.ns = ns, .state = (uint8_t)state});
}

/* A thread of its own: all that was is another one's. */
static void
born(struct history_row *r, const struct frame *f, uint64_t *since)
{
	if (r->n > 0 && *since <= r->moment[r->n - 1].ns)
		*since = r->moment[r->n - 1].ns + 1;
	r->pid = f->pid;
	r->tid = f->tid;
	r->got = r->load = r->looked = 0;
}

/*
 * What was known at the last look stays known. `since` of a process that is
 * stopped is of the state before. False: nothing new is said.
 */
static bool
since_when(const struct history_row *r, const struct frame *f, uint64_t *since)
{
	const struct history_moment *was;

	if (r->n == 0)
		return true;
	if (f->ns < r->looked)
		return false;
	was = &r->moment[r->n - 1];
	if (f->thread.state == STATE_STALLED) {
		*since = f->ns;
		return was->state != STATE_STALLED;
	}
	if (*since > r->looked)
		return true;
	if (was->state == STATE_STALLED || is_dead(was->state))
		*since = f->ns;
	else if (was->state != f->thread.state ||
	    was->object != f->thread.object)
		*since = r->looked;
	return true;
}

static void
thread(struct history *h, const struct model *m, const struct frame *f)
{
	const struct frame_thread *t = &f->thread;
	const struct model_proc *p = m->slot[t->slot];
	uint64_t us = t->since_us * 1000ULL;
	uint64_t since = us < f->ns ? f->ns - us : 0;
	struct history_row *r;

	/* Late news of one that is replaced already. */
	if (p == NULL || p->pid != f->pid || p->threads == NULL ||
	    t->index >= p->nthreads || p->threads[t->index].tid != f->tid)
		return;
	r = history_place(h, t->slot, t->index);
	if (r == NULL)
		return;
	if (r->tid != f->tid || r->pid != f->pid)
		born(r, f, &since);
	if (t->state == STATE_KILLED) {
		gone(h, r, f->ns, t->state);
		return;
	}
	if (!since_when(r, f, &since))
		return;
	r->looked = f->ns;
	know(h, r, f->ns,
	    (struct history_moment){.ns = since,
		.state = t->state,
		.object = t->object,
		.owner = t->owner});
}

static void
mark(struct history *h, const struct frame *f, enum history_kind kind,
    uint32_t arg, uint32_t was)
{
	h->mark[h->nmarks++ % HISTORY_MARKS] = (struct history_mark){
	    .ns = f->ns, .kind = kind, .arg = arg, .was = was};
}

static void
proc(struct history *h, const struct frame *f)
{
	struct history_slot *s = &h->slot[f->proc.slot];
	bool killed = f->proc.ended == ENDED_SIGNAL;

	if (f->proc.ended == ENDED_NOT)
		return;
	if (killed && s->dead != f->pid)
		mark(h, f, HISTORY_KILL, f->proc.slot, f->proc.code);
	s->dead = f->pid;
	for (unsigned i = 0; i < s->n; i++)
		if (s->row[i] != NULL && s->row[i]->pid == f->pid)
			gone(h, s->row[i], f->ns,
			    killed ? STATE_KILLED : STATE_EXITED);
}

/* Whoever has a lock in this look, and since when if that is known. */
static void
holder(struct history *h, const struct model *m, const struct frame *f,
    unsigned object, int32_t tid, uint32_t us)
{
	const struct model_proc *p;
	const struct model_thread *t =
	    tid == 0 ? NULL : model_thread_by_tid(m, tid, &p);
	struct history_row *r = t == NULL
	    ? NULL
	    : history_find(h, p->now.slot, (unsigned)(t - p->threads));
	uint64_t ns = us * 1000ULL;

	if (r != NULL && r->tid == tid && us > 0 && ns < f->ns)
		held(h, r, object, f->ns - ns, f->ns);
}

static void
lock(struct history *h, const struct model *m, const struct frame *f)
{
	const struct frame_lock *l = &f->lock;

	if (h->told_lock && (l->kind != h->kind || l->switches != h->switches))
		mark(h, f, HISTORY_LOCK, l->kind, h->kind);
	h->told_lock = true;
	h->kind = l->kind;
	h->switches = l->switches;
	holder(h, m, f, 0, l->holder, l->held_us);
}

static void
control(struct history *h, const struct frame *f)
{
	bool paused = f->control.paused != 0;

	if (paused != h->paused)
		mark(h, f, paused ? HISTORY_PAUSE : HISTORY_RESUME, 0, 0);
	h->paused = paused;
}

static void
lab(struct history *h, const struct frame *f)
{
	uint32_t taken = f->lab.taken;

	/* A run that begins with steps taken is one that was taken back. */
	if (!h->told_lab && taken > 0 && taken < h->before &&
	    f->lab.scheduler == SCHEDULER_HAND)
		mark(h, f, HISTORY_UNDO, taken, h->before);
	else if (h->told_lab && taken < h->taken)
		mark(h, f, HISTORY_UNDO, taken, h->taken);
	else if (h->told_lab && taken > h->taken &&
	    f->lab.scheduler == SCHEDULER_HAND)
		mark(h, f, HISTORY_STEP, taken, h->taken);
	h->told_lab = true;
	h->taken = taken;
}

void
history_apply(struct history *h, const struct model *m, const struct frame *f)
{
	switch ((enum frame_type)f->type) {
	case FRAME_THREAD:
		look(h, f->ns);
		thread(h, m, f);
		break;
	case FRAME_PROC:
		look(h, f->ns);
		proc(h, f);
		break;
	case FRAME_LOCK:
		look(h, f->ns);
		lock(h, m, f);
		break;
	case FRAME_MUTEX:
		look(h, f->ns);
		holder(
		    h, m, f, f->mutex.index, f->mutex.holder, f->mutex.held_us);
		break;
	case FRAME_CONTROL:
		look(h, f->ns);
		control(h, f);
		break;
	case FRAME_LAB:
		lab(h, f);
		break;
	case FRAME_TRACE:
		event(h, f);
		break;
	default:
		break;
	}
}

void
history_break(struct history *h, uint64_t ns)
{
	for (unsigned i = 0; i < FRAME_MAX_SLOTS; i++)
		for (unsigned j = 0; j < h->slot[i].n; j++)
			if (h->slot[i].row[j] != NULL)
				gone(h, h->slot[i].row[j], ns, STATE_KILLED);
}
