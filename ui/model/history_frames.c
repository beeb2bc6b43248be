/*
 * history_frames: turns notes into moments and holds.
 *
 * In a sample, THREAD frames come first and the TRACE frames of the time before
 * them come afterwards: so events are inserted into the past, and waits are
 * recorded only when the next sample begins.
 */
#include "model/history_priv.h"
#include "model/model.h"
#include "wire/state.h"

/* A thread in this state does not hold the lock around the sum. */
static bool
history_cannot_hold(const struct history_moment *m)
{
	const struct state_info *s = state_info(m->state);

	return s->lockless || (s->object == OBJECT_LOCK && m->object == 0);
}

static void
history_waits_no_more(struct history *h, struct history_row *r)
{
	if (r->waits >= 0 && h->lock[r->waits].waiting > 0)
		h->lock[r->waits].waiting--;
	r->waits = -1;
}

/* Record the waits that are over, and whether it is waiting now. */
static void
settle(struct history *h, struct history_row *r)
{
	const struct history_moment *last = &r->moment[r->n - 1];
	struct history_lock *l;

	for (unsigned i = r->n - 1; i-- > 0;) {
		const struct history_moment *m = &r->moment[i];

		if (m->ns < r->settled)
			break;
		if (state_waits_for(m->state, OBJECT_LOCK))
			history_span_add(h, &h->lock[m->object].waits,
			    HISTORY_WAITS,
			    (struct history_span){
				.from = m->ns, .to = m[1].ns});
	}
	r->settled = last->ns;
	if (history_cannot_hold(last) && last->ns > r->got)
		r->got = 0; /* the event that reports it is lost */
	if (!state_waits_for(last->state, OBJECT_LOCK)) {
		history_waits_no_more(h, r);
		return;
	}
	if (r->waits == last->object)
		return;
	history_waits_no_more(h, r);
	r->waits = last->object;
	l = &h->lock[last->object];
	if (l->waiting++ == 0 || last->ns < l->since)
		l->since = last->ns;
}

/* The first frame of a sample: all events of the last one have arrived. */
static void
look(struct history *h)
{
	while (h->dirty != NULL) {
		struct history_row *r = h->dirty;

		h->dirty = r->next;
		r->dirty = false;
		if (r->n > 0)
			settle(h, r);
	}
}

static void
history_touch(struct history *h, struct history_row *r)
{
	if (r->dirty)
		return;
	r->dirty = true;
	r->next = h->dirty;
	h->dirty = r;
}

static bool
history_near(uint64_t a, uint64_t b)
{
	return (a > b ? a - b : b - a) < HISTORY_DUST;
}

/* Insert before moment[i]. Moments that turn out too short are not kept. */
static void
history_put(struct history *h, struct history_row *r, unsigned i,
    struct history_moment m)
{
	if (i > 1 && history_near(r->moment[i - 1].ns, m.ns) &&
	    !state_is_gone(r->moment[i - 1].state))
		history_remove(r, --i, 1);
	history_insert(h, r, i, m);
}

/* This state from `since` to `ns`, and until something else is known. */
static void
history_know(struct history *h, struct history_row *r, uint64_t ns,
    struct history_moment now)
{
	unsigned i = history_at(r, ns), from;

	history_touch(h, r);
	if (i == r->n) {
		history_put(h, r, 0, now);
		return;
	}

	unsigned began = history_began(r, i);
	const struct history_moment *is = &r->moment[began];

	if (is->state == now.state && is->object == now.object &&
	    history_near(is->ns, now.ns)) {
		if (r->moment[i].owner == now.owner)
			return;
		now.same = ns > r->moment[i].ns;
		now.ns = ns;
		if (now.same)
			history_put(h, r, i + 1, now);
		else
			r->moment[i].owner = now.owner;
		return;
	}
	for (from = i + 1; from > 0 && r->moment[from - 1].ns >= now.ns;)
		from--;
	history_remove(r, from, i + 1 - from);
	history_put(h, r, from, now);
}

/* An event shows that it was in this state from here on. */
static void
history_become(
    struct history *h, struct history_row *r, uint64_t ns, unsigned state)
{
	unsigned i = history_at(r, ns);
	struct history_moment m = {.ns = ns, .state = (uint8_t)state};

	if (i < r->n && r->moment[i].state == state)
		return;

	unsigned next = i < r->n ? i + 1 : 0;

	if (next < r->n && history_near(r->moment[next].ns, ns))
		return;
	history_touch(h, r);
	history_put(h, r, next, m);
}

/* The time between the load and the store of an add. */
static void
history_window(
    struct history *h, struct history_row *r, uint64_t from, uint64_t to)
{
	unsigned i = history_at(r, from);
	unsigned next = i < r->n ? i + 1 : 0;

	if (to < from + HISTORY_DUST)
		return;
	history_touch(h, r);
	if (next < r->n && r->moment[next].state == STATE_WINDOW &&
	    history_near(r->moment[next].ns, from))
		r->moment[next].ns = from;
	else if (i == r->n || r->moment[i].state != STATE_WINDOW)
		history_put(h, r, next,
		    (struct history_moment){.ns = from, .state = STATE_WINDOW});
	i = history_at(r, to);
	if (i < r->n && r->moment[i].state == STATE_WINDOW)
		history_become(h, r, to, STATE_RUNNING);
}

static void
history_held(struct history *h, struct history_row *r, unsigned object,
    uint64_t from, uint64_t to)
{
	if (to - from >= HISTORY_DUST)
		history_span_add(h, &r->holds, HISTORY_HOLDS,
		    (struct history_span){
			.from = from, .to = to, .object = object});
}

static void
history_event(
    struct history *h, struct history_row *r, const struct journal_note *n)
{
	uint64_t ns = n->ns;

	switch ((enum frame_trace_op)n->state) {
	case TRACE_GET:
	case TRACE_TASK:
	case TRACE_TASK_END:
		history_become(h, r, ns, STATE_RUNNING);
		break;
	case TRACE_LOCK:
		history_become(h, r, ns, STATE_RUNNING);
		r->got = ns;
		break;
	case TRACE_UNLOCK:
		if (r->got != 0 && ns > r->got)
			history_held(h, r, 0, r->got, ns);
		r->got = 0;
		break;
	case TRACE_LOAD:
		r->load = ns;
		break;
	case TRACE_STORE:
		if (r->load != 0 && ns > r->load)
			history_window(h, r, r->load, ns);
		r->load = 0;
		break;
	default:
		break;
	}
}

/* It has ended, perhaps holding a lock. */
static void
history_gone(
    struct history *h, struct history_row *r, uint64_t ns, unsigned state)
{
	if (r->n == 0 || state_is_gone(r->moment[r->n - 1].state))
		return;
	if (r->got != 0 && ns > r->got)
		history_held(h, r, 0, r->got, ns);
	r->got = r->load = 0;
	history_know(h, r, ns,
	    (struct history_moment){.ns = ns, .state = (uint8_t)state});
}

/* Another thread took its place: all before belongs to the old one. */
static void
history_born(
    struct history_row *r, const struct journal_note *n, uint64_t *since)
{
	if (r->n > 0 && *since <= r->moment[r->n - 1].ns)
		*since = r->moment[r->n - 1].ns + 1;
	r->pid = n->pid;
	r->got = r->load = r->looked = 0;
}

/*
 * What was known at the last sample stays known. For a process that is stopped,
 * `since` belongs to the state before. False: nothing new is reported.
 */
static bool
history_since_when(
    const struct history_row *r, const struct journal_note *n, uint64_t *since)
{
	const struct history_moment *was;

	if (r->n == 0)
		return true;
	if (n->ns < r->looked)
		return false;
	was = &r->moment[r->n - 1];
	if (n->state == STATE_STALLED) {
		*since = n->ns;
		return was->state != STATE_STALLED;
	}
	if (*since > r->looked)
		return true;
	if (was->state == STATE_STALLED || state_is_gone(was->state))
		*since = n->ns;
	else if (was->state != n->state || was->object != n->object)
		*since = r->looked;
	return true;
}

static uint64_t
began(const struct journal_note *n)
{
	uint64_t ns = n->us * 1000ULL;

	return ns < n->ns ? n->ns - ns : 0;
}

static void
thread(struct history *h, struct history_row *r, const struct journal_note *n)
{
	uint64_t since = began(n);

	if (n->born)
		history_born(r, n, &since);
	if (n->state == STATE_KILLED) {
		history_gone(h, r, n->ns, n->state);
		return;
	}
	if (!history_since_when(r, n, &since))
		return;
	r->looked = n->ns;
	history_know(h, r, n->ns,
	    (struct history_moment){.ns = since,
		.state = n->state,
		.object = n->object,
		.owner = n->owner});
}

/* The rows of a process, or all of a slot; pid 0: not known which. */
static void
history_all_gone(
    struct history *h, unsigned slot, int32_t pid, uint64_t ns, unsigned state)
{
	const struct history_slot *s = &h->slot[slot];

	for (unsigned i = 0; i < s->n; i++) {
		struct history_row *r = s->row[i];

		if (r != NULL && (pid == 0 || r->pid == 0 || r->pid == pid))
			history_gone(h, r, ns, state);
	}
}

void
history_take_note(void *arg, const struct journal_note *n)
{
	struct history *h = arg;
	struct history_row *r;

	switch (n->kind) {
	case JOURNAL_LOOK:
		look(h);
		break;
	case JOURNAL_THREAD:
		r = history_place(h, n->slot, n->index);
		if (r != NULL)
			thread(h, r, n);
		break;
	case JOURNAL_EVENT:
		r = history_find(h, n->slot, n->index);
		if (r != NULL)
			history_event(h, r, n);
		break;
	case JOURNAL_HELD:
		r = history_find(h, n->slot, n->index);
		if (r != NULL && n->us > 0 && began(n) > 0)
			history_held(h, r, n->object, began(n), n->ns);
		break;
	case JOURNAL_END:
		history_all_gone(h, n->slot, n->pid, n->ns, n->state);
		break;
	case JOURNAL_BREAK:
		for (unsigned i = 0; i < FRAME_MAX_SLOTS; i++)
			history_all_gone(h, i, 0, n->ns, STATE_KILLED);
		break;
	}
}
