/* wait_graph: threads that wait for each other in a circle. */
#include "model/wait_graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "wire/state.h"

struct words {
	char *text;
	size_t size, len;
};

static void __attribute__((format(printf, 2, 3)))
graph_add(struct words *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(w->text + w->len, w->size - w->len, fmt, ap);
	va_end(ap);
	w->len += n < 0 ? 0 : (size_t)n;
	if (w->len < w->size)
		return;
	w->len = w->size - 1;
	if (w->size < 5)
		return;
	size_t end = w->size - 4; /* not inside of a character */
	while (end > 0 && ((unsigned char)w->text[end] & 0xc0) == 0x80)
		end--;
	memcpy(w->text + end, "...", 4);
}

void
wait_graph_name(
    const struct model *m, struct circle_thread who, char buf[CIRCLE_NAME])
{
	if (who.thread->now.index == 0)
		snprintf(buf, CIRCLE_NAME, "%s", who.proc->name);
	else if (m->control.program)
		snprintf(buf, CIRCLE_NAME, "%s", who.thread->name);
	else
		snprintf(buf, CIRCLE_NAME, "%s/%s", who.proc->name,
		    who.thread->name);
}

const char *
wait_graph_name_of(const struct model *m, int32_t tid, char buf[CIRCLE_NAME])
{
	struct circle_thread who;

	who.thread = model_thread_by_tid(m, tid, &who.proc);
	if (who.thread == NULL)
		snprintf(buf, CIRCLE_NAME, "thread %d", (int)tid);
	else
		wait_graph_name(m, who, buf);
	return buf;
}

/* ---- threads ---- */

bool
wait_graph_next(const struct model *m, const struct model_thread *t,
    struct circle_thread *next)
{
	if (t->now.owner == 0 || !state_info(t->now.state)->follows)
		return false;
	next->thread = model_thread_by_tid(m, t->now.owner, &next->proc);
	return next->thread != NULL;
}

/* Does this wait last until the next one acts? */
static bool
graph_is_for_ever(const struct model *m, const struct model_thread *t)
{
	const struct state_info *s = state_info(t->now.state);
	const struct model_mutex *x = &m->mutex[t->now.object];

	if (t->now.timed || s->ends != ENDS_BY_OWNER)
		return false;
	if (s->object != OBJECT_LOCK || t->now.object == 0)
		return true;
	return x->now.permits <= 1 &&
	    (!x->known || x->now.holder == t->now.owner);
}

static bool
graph_follow(const struct model *m, const struct model_thread *t,
    struct circle_thread *next)
{
	return graph_is_for_ever(m, t) && wait_graph_next(m, t, next);
}

static bool
graph_settled(uint64_t now, uint64_t told)
{
	return now >= told && now - told >= CIRCLES_SURE;
}

bool
wait_graph_lasts(
    const struct model *m, uint64_t now, const struct model_thread *t)
{
	return t->now.owner != 0 && graph_settled(now, t->told) &&
	    graph_is_for_ever(m, t);
}

bool
wait_graph_of(const struct model *m, uint64_t now, struct circle_thread from,
    struct circle *c)
{
	struct circle_thread slow = from, quick = from;
	uint64_t told = 0;

	/* Floyd's tortoise and hare: where they meet is in the circle. */
	do {
		if (!graph_follow(m, quick.thread, &quick) ||
		    !graph_follow(m, quick.thread, &quick) ||
		    !graph_follow(m, slow.thread, &slow))
			return false;
	} while (slow.thread != quick.thread);
	c->n = 0;
	do {
		if (c->n == CIRCLE_MAX)
			return false;
		c->at[c->n++] = slow;
		if (slow.thread->told > told)
			told = slow.thread->told;
		if (!graph_follow(m, slow.thread, &slow))
			return false;
	} while (slow.thread != quick.thread);
	c->sure = graph_settled(now, told);
	return true;
}

bool
wait_graph_has(const struct circle *c, const struct model_thread *t)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->at[i].thread == t)
			return true;
	return false;
}

/* Turned so that the lowest place is the first. */
static void
graph_turn(struct circle *c)
{
	struct circle was = *c;
	unsigned low = 0;

	for (unsigned i = 1; i < c->n; i++) {
		const struct frame_thread *a = &c->at[i].thread->now,
					  *b = &c->at[low].thread->now;

		if (a->slot < b->slot ||
		    (a->slot == b->slot && a->index < b->index))
			low = i;
	}
	for (unsigned i = 0; i < c->n; i++)
		c->at[i] = was.at[(low + i) % c->n];
}

static bool
graph_is_found(const struct circle *c, unsigned n, const struct model_thread *t)
{
	for (unsigned i = 0; i < n; i++)
		if (wait_graph_has(&c[i], t))
			return true;
	return false;
}

unsigned
wait_graph_find(
    const struct model *m, uint64_t now, struct circle *out, unsigned max)
{
	struct circle c;
	unsigned n = 0;

	for (unsigned i = 0; i < m->nslots && n < max; i++) {
		const struct model_proc *p = m->slot[i];

		for (unsigned j = 0; p != NULL && j < p->nthreads && n < max;
		     j++) {
			struct circle_thread at = {p, &p->threads[j]};

			if (at.thread->tid == 0 ||
			    graph_is_found(out, n, at.thread) ||
			    !wait_graph_of(m, now, at, &c))
				continue;
			graph_turn(&c);
			if (c.at[0].thread == at.thread)
				out[n++] = c;
		}
	}
	return n;
}

void
wait_graph_say(
    const struct model *m, const struct circle *c, char *buf, size_t size)
{
	struct words w = {.text = buf, .size = size};
	char who[CIRCLE_NAME], whom[CIRCLE_NAME], lock[MODEL_NAME];

	buf[0] = '\0';
	for (unsigned i = 0; i < c->n; i++) {
		const struct model_thread *t = c->at[i].thread;

		wait_graph_name(m, c->at[i], who);
		wait_graph_name(m, c->at[(i + 1) % c->n], whom);
		graph_add(&w, "%s%s waits for ", i > 0 ? "; " : "", who);
		if (t->now.state != STATE_WAIT_LOCK)
			graph_add(&w, "%s to end", whom);
		else if (t->now.object == 0)
			graph_add(&w, "the lock of the sum, held by %s", whom);
		else
			graph_add(&w, "%s, held by %s",
			    model_mutex_name(m, t->now.object, lock), whom);
	}
}

/* ---- orders ---- */

static unsigned
graph_permits(const struct model *m, unsigned lock)
{
	unsigned n = m->mutex[lock].now.permits;

	return n > 0 ? n : 1;
}

static bool
graph_has_guard(const struct model_order *o, uint8_t lock)
{
	for (unsigned i = 0; i < sizeof o->now.guards; i++)
		if (o->now.guards[i] == lock)
			return true;
	return false;
}

/* So few may be in it at a time that never all of these are. */
static bool
graph_is_guarded(const struct model *m, const unsigned *path, unsigned n)
{
	const struct model_order *first = &m->order[path[0]];

	for (unsigned g = 0; g < sizeof first->now.guards; g++) {
		uint8_t lock = first->now.guards[g];
		bool all = lock != 0 && graph_permits(m, lock) < n;

		for (unsigned i = 1; i < n && all; i++)
			all = graph_has_guard(&m->order[path[i]], lock);
		if (all)
			return true;
	}
	return false;
}

/* Breadth first, among orders of a higher number: the shortest way back. */
unsigned
wait_graph_order(const struct model *m, unsigned i, unsigned path[CIRCLE_MAX])
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
	/* The last order of the circle takes what the first one held. */
	while (k < n && m->order[queue[k]].now.taken != start->held)
		k++;
	if (k == n)
		return 0;
	unsigned length = 1, at = queue[k];
	for (unsigned j = at; j != i; j = from[j])
		length++;
	if (length > CIRCLE_MAX)
		return 0;
	for (unsigned j = length; j-- > 0; at = from[at])
		path[j] = at;
	return graph_is_guarded(m, path, length) ? 0 : length;
}

void
wait_graph_say_order(const struct model *m, const unsigned *path, unsigned n,
    char *buf, size_t size)
{
	struct words w = {.text = buf, .size = size};
	char held[MODEL_NAME], taken[MODEL_NAME], who[CIRCLE_NAME];
	unsigned low = 0;

	buf[0] = '\0';
	/* Whatever came first, it begins with the lowest lock. */
	for (unsigned i = 1; i < n; i++)
		if (m->order[path[i]].now.held < m->order[path[low]].now.held)
			low = i;
	for (unsigned i = 0; i < n; i++) {
		const struct model_order *o = &m->order[path[(low + i) % n]];

		graph_add(&w, "%s%s -> %s by %s", i > 0 ? ", " : "",
		    model_mutex_name(m, o->now.held, held),
		    model_mutex_name(m, o->now.taken, taken),
		    wait_graph_name_of(m, o->tid, who));
	}
	graph_add(&w, ": may deadlock");
}
