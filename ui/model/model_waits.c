/* model_waits: the threads of the model as a graph of waits. */
#include "model/model_waits.h"

#include <stdio.h>
#include <string.h>

#include "wire/wait_graph.h"

void
waits_name(const struct model *m, struct waiter who, char buf[WAITER_NAME])
{
	if (who.thread->now.index == 0)
		snprintf(buf, WAITER_NAME, "%s", who.proc->name);
	else if (m->control.program)
		snprintf(buf, WAITER_NAME, "%s", who.thread->name);
	else
		snprintf(buf, WAITER_NAME, "%s/%s", who.proc->name,
		    who.thread->name);
}

const char *
waits_name_of(const struct model *m, int32_t tid, char buf[WAITER_NAME])
{
	struct waiter who;

	who.thread = model_thread_by_tid(m, tid, &who.proc);
	if (who.thread == NULL)
		snprintf(buf, WAITER_NAME, "thread %d", (int)tid);
	else
		waits_name(m, who, buf);
	return buf;
}

/* ---- threads ---- */

bool
waits_next(
    const struct model *m, const struct model_thread *t, struct waiter *next)
{
	if (t->now.owner == 0 || !state_info(t->now.state)->follows)
		return false;
	next->thread = model_thread_by_tid(m, t->now.owner, &next->proc);
	return next->thread != NULL;
}

/* Does this wait last until the next one acts? */
static bool
waits_are_forever(const struct model *m, const struct model_thread *t)
{
	const struct state_info *s = &state_infos[t->now.state];
	const struct model_mutex *x = &m->mutex[t->now.object];

	if (t->now.timed || s->ends != ENDS_BY_OWNER)
		return false;
	if (s->object != OBJECT_LOCK || t->now.object == 0)
		return true;
	return x->now.permits <= 1 &&
	    (!x->known || x->now.holder == t->now.owner);
}

static bool
waits_settled(uint64_t now, uint64_t reported)
{
	return now >= reported && now - reported >= CYCLE_SURE;
}

bool
waits_lasts(const struct model *m, uint64_t now, const struct model_thread *t)
{
	return t->now.owner != 0 && waits_settled(now, t->reported) &&
	    waits_are_forever(m, t);
}

/* ---- cycles ---- */

static uint32_t
waits_node(struct waiter w)
{
	return (uint32_t)w.proc->now.slot << 16 |
	    (uint32_t)(w.thread - w.proc->threads);
}

static struct waiter
waits_at(const struct model *m, uint32_t node)
{
	const struct model_proc *p = m->slot[node >> 16];

	return (struct waiter){p, &p->threads[node & 0xffff]};
}

static uint32_t
waits_follow(const void *arg, uint32_t node, unsigned nth)
{
	const struct model *m = arg;
	const struct model_thread *t =
	    &m->slot[node >> 16]->threads[node & 0xffff];
	struct waiter to;

	if (nth > 0 || !waits_are_forever(m, t) || !waits_next(m, t, &to) ||
	    m->slot[to.proc->now.slot] != to.proc)
		return WAIT_NONE;
	return waits_node(to);
}

static void
waits_describe(const void *arg, uint32_t node, struct wait_link *l)
{
	const struct model *m = arg;
	struct waiter w = waits_at(m, node), to;
	unsigned object = w.thread->now.object;
	char lock[MODEL_NAME], owner[WAITER_NAME] = "";

	l->state = (enum frame_state)w.thread->now.state;
	waits_name(m, w, l->who);
	if (waits_next(m, w.thread, &to))
		waits_name(m, to, owner);
	if (state_waits_for(l->state, OBJECT_THREAD)) {
		snprintf(l->object, WAIT_NAME, "%s", owner);
		l->owner[0] = '\0';
		return;
	}
	snprintf(l->object, WAIT_NAME, "%s",
	    object == 0 ? "the lock of the sum"
			: model_mutex_name(m, object, lock));
	snprintf(l->owner, WAIT_NAME, "%s", owner);
}

static struct wait_graph
waits_graph(const struct model *m)
{
	return (struct wait_graph){
	    .arg = m, .next = waits_follow, .describe = waits_describe};
}

bool
waits_of(
    const struct model *m, uint64_t now, struct waiter from, struct cycle *c)
{
	struct wait_graph g = waits_graph(m);
	uint32_t node[CYCLE_MAX];
	uint64_t reported = 0;
	struct waiter to;

	/* Of most waits the other thread runs: that is found out quickly. */
	if (!waits_are_forever(m, from.thread) ||
	    !waits_next(m, from.thread, &to) ||
	    !waits_are_forever(m, to.thread) ||
	    m->slot[from.proc->now.slot] != from.proc)
		return false;
	c->n = wait_cycle(&g, waits_node(from), node, CYCLE_MAX);
	for (unsigned i = 0; i < c->n; i++) {
		c->at[i] = waits_at(m, node[i]);
		if (c->at[i].thread->reported > reported)
			reported = c->at[i].thread->reported;
	}
	c->sure = waits_settled(now, reported);
	return c->n > 0;
}

bool
waits_has(const struct cycle *c, const struct model_thread *t)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->at[i].thread == t)
			return true;
	return false;
}

static bool
waits_is_found(const struct cycle *c, unsigned n, const struct model_thread *t)
{
	for (unsigned i = 0; i < n; i++)
		if (waits_has(&c[i], t))
			return true;
	return false;
}

unsigned
waits_find(const struct model *m, uint64_t now, struct cycle *out, unsigned max)
{
	struct cycle c;
	unsigned n = 0;

	for (unsigned i = 0; i < m->nslots && n < max; i++) {
		const struct model_proc *p = m->slot[i];

		for (unsigned j = 0; p != NULL && j < p->nthreads && n < max;
		     j++) {
			struct waiter at = {p, &p->threads[j]};

			if (at.thread->tid == 0 ||
			    waits_is_found(out, n, at.thread) ||
			    !waits_of(m, now, at, &c))
				continue;
			if (c.at[0].thread == at.thread)
				out[n++] = c;
		}
	}
	return n;
}

void
waits_say(const struct model *m, const struct cycle *c, char *buf, size_t size)
{
	struct wait_text text = {.buf = buf, .size = size};
	struct wait_link l;

	buf[0] = '\0';
	for (unsigned i = 0; i < c->n; i++) {
		waits_describe(m, waits_node(c->at[i]), &l);
		wait_add_clause(&text, &l);
	}
}

/* ---- orders ---- */

static unsigned
waits_permits(const struct model *m, unsigned lock)
{
	unsigned n = m->mutex[lock].now.permits;

	return n > 0 ? n : 1;
}

static bool
waits_has_guard(const struct model_order *o, uint8_t lock)
{
	for (unsigned i = 0; i < sizeof o->now.guards; i++)
		if (o->now.guards[i] == lock)
			return true;
	return false;
}

/* A lock that lets in too few threads for all of these at a time. */
static bool
waits_is_guarded(const struct model *m, const unsigned *path, unsigned n)
{
	const struct model_order *first = &m->order[path[0]];

	for (unsigned g = 0; g < sizeof first->now.guards; g++) {
		uint8_t lock = first->now.guards[g];
		bool all = lock != 0 && waits_permits(m, lock) < n;

		for (unsigned i = 1; i < n && all; i++)
			all = waits_has_guard(&m->order[path[i]], lock);
		if (all)
			return true;
	}
	return false;
}

/* Breadth first, among orders of a higher number: the shortest way back. */
unsigned
waits_order(const struct model *m, unsigned i, unsigned path[CYCLE_MAX])
{
	unsigned queue[MODEL_MAX_ORDERS], from[MODEL_MAX_ORDERS], n = 0, k = 0;
	bool reached[MODEL_OBJECTS] = {false};
	const struct frame_lock_order *start = &m->order[i].now;

	if (start->held >= MODEL_OBJECTS || start->taken >= MODEL_OBJECTS ||
	    start->held == start->taken)
		return 0;
	queue[n++] = i;
	from[i] = i;
	reached[start->taken] = true;
	for (unsigned at = 0; at < n; at++) {
		unsigned lock = m->order[queue[at]].now.taken;

		for (unsigned j = i + 1; j < m->norders; j++) {
			const struct frame_lock_order *o = &m->order[j].now;

			if (o->held != lock || o->taken >= MODEL_OBJECTS ||
			    reached[o->taken])
				continue;
			reached[o->taken] = true;
			from[j] = queue[at];
			queue[n++] = j;
		}
	}
	/* The last order of the cycle takes what the first one held. */
	while (k < n && m->order[queue[k]].now.taken != start->held)
		k++;
	if (k == n)
		return 0;
	unsigned length = 1, at = queue[k];
	for (unsigned j = at; j != i; j = from[j])
		length++;
	if (length > CYCLE_MAX)
		return 0;
	for (unsigned j = length; j-- > 0; at = from[at])
		path[j] = at;
	return waits_is_guarded(m, path, length) ? 0 : length;
}

void
waits_say_order(const struct model *m, const unsigned *path, unsigned n,
    char *buf, size_t size)
{
	struct wait_text text = {.buf = buf, .size = size};
	char held[MODEL_NAME], taken[MODEL_NAME], who[WAITER_NAME];
	unsigned low = 0;

	buf[0] = '\0';
	/* It begins with the lowest lock. */
	for (unsigned i = 1; i < n; i++)
		if (m->order[path[i]].now.held < m->order[path[low]].now.held)
			low = i;
	for (unsigned i = 0; i < n; i++) {
		const struct model_order *o = &m->order[path[(low + i) % n]];

		wait_add(&text, "%s%s -> %s by %s", i > 0 ? ", " : "",
		    model_mutex_name(m, o->now.held, held),
		    model_mutex_name(m, o->now.taken, taken),
		    waits_name_of(m, o->tid, who));
	}
	wait_add(&text, ": may deadlock");
}
