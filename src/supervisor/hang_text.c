/*
 * hang_text: why a stuck thread waits forever, in words: what the supervisor
 * knows of names and objects. The sentence is made in wire/wait_graph.c.
 */
#include "supervisor/hang_priv.h"

#include <stdio.h>
#include <sys/ioctl.h>

#include "executor/executor_recovery.h"
#include "program/mutex_priv.h"
#include "program/queue_priv.h"

/* "lock 'A'", "a permit of 'seat'", "queue 'numbers'", "pipe 1", "'pool'". */
static void
hang_name_object(
    const struct hang *h, const struct hang_thread *t, char buf[WAIT_NAME])
{
	uint32_t to = hang_waits(h).next(h, t->node, 0), n = t->object;
	const struct mutex *m;
	const struct queue *q;
	const struct executor *e;

	buf[0] = '\0';
	switch (state_info(t->state)->object) {
	case OBJECT_LOCK:
		if ((m = hang_object(REGISTRY_MUTEX, n)) != NULL)
			snprintf(buf, WAIT_NAME, "%s '%s'",
			    mutex_permits(m) > 1 ? "a permit of" : "lock",
			    mutex_name(m));
		break;
	case OBJECT_QUEUE:
		if ((q = hang_object(REGISTRY_QUEUE, n)) != NULL)
			snprintf(buf, WAIT_NAME, "queue '%s'", queue_name(q));
		break;
	case OBJECT_PIPE:
		snprintf(buf, WAIT_NAME, "pipe %u", n);
		break;
	case OBJECT_EXECUTOR:
		if ((e = hang_object(REGISTRY_EXECUTOR, n)) != NULL)
			snprintf(buf, WAIT_NAME, "'%s'", executor_name(e));
		break;
	case OBJECT_THREAD:
		if (to < h->nlive)
			snprintf(buf, WAIT_NAME, "%s",
			    slot_name(h->live[to]->tslot).text);
		break;
	case OBJECT_NONE:
		break;
	}
}

static void
hang_describe(const void *arg, uint32_t node, struct wait_link *l)
{
	const struct hang *h = arg;
	const struct hang_thread *t = h->live[node];
	uint32_t to = hang_waits(h).next(h, node, 0);

	*l = (struct wait_link){.state = t->state};
	snprintf(l->who, WAIT_NAME, "%s", slot_name(t->tslot).text);
	hang_name_object(h, t, l->object);
	if (state_waits_for(t->state, OBJECT_LOCK) && to < h->nlive)
		snprintf(l->owner, WAIT_NAME, "%s",
		    slot_name(h->live[to]->tslot).text);
}

/*
 * Another thread that is stuck and could have helped: preferably one that waits
 * for this very thread, else the first (main, if it is stuck).
 */
static uint32_t
hang_helper(const struct hang *h, const struct hang_thread *t)
{
	uint32_t first = WAIT_NONE;

	for (unsigned i = 0; i < h->nlive; i++) {
		const struct hang_thread *o = h->live[i];

		if (h->node[i].role != WAIT_STUCK || o == t)
			continue;
		if (hang_waits(h).next(h, i, 0) == t->node)
			return i;
		if (first == WAIT_NONE &&
		    (o->state != t->state || o->object != t->object))
			first = i;
	}
	return first;
}

/* How many threads are stuck in get of this queue. */
static unsigned
hang_getters(const struct hang *h, uint32_t object)
{
	unsigned n = 0;

	for (unsigned i = 0; i < h->nlive; i++) {
		const struct state_info *s = state_info(h->live[i]->state);

		n += h->node[i].role == WAIT_STUCK &&
		    s->object == OBJECT_QUEUE && s->wants == WANTS_ONE &&
		    h->live[i]->object == object;
	}
	return n;
}

/* "worker-2 got 1 item": of two threads, and of how many more. */
static void
hang_name_holders(
    const struct hang *h, const struct queue *q, struct wait_text *text)
{
	unsigned others = 0, said = 0;

	for (unsigned i = 0; i < h->nlive; i++) {
		const struct hang_thread *t = h->live[i];
		/* One that has ended may be the one, if its process lives. */
		unsigned held =
		    t->tid == 0 ? 0 : queue_held_by(q, t->tslot->id);

		if (held == 0)
			continue;
		if (said == 2) {
			others += held;
			continue;
		}
		wait_add(text, "%s%s got ", said++ > 0 ? ", " : "",
		    slot_name(t->tslot).text);
		wait_add_count(text, held, "item", "items");
	}
	if (others > 0)
		wait_add(text, ", others got %u,", others);
}

static void
hang_queue_facts(const struct hang *h, const struct hang_thread *t,
    struct wait_facts *f, struct wait_text *holders)
{
	const struct queue *q = hang_object(REGISTRY_QUEUE, t->object);
	struct frame_queue now = {0};
	enum state_wants wants = state_info(t->state)->wants;

	if (q == NULL)
		return;
	queue_frame(q, &now);
	*f = (struct wait_facts){.known = true,
	    .put = now.put,
	    .done = now.done,
	    .depth = queue_depth(q),
	    .unfinished = queue_unfinished(q),
	    .sentinels = now.sentinels,
	    .consumers = hang_getters(h, t->object) + queue_sentinels_got(q)};
	if (wants == WANTS_ONE)
		f->held = queue_held_by(q, t->tslot->id);
	else if (wants == WANTS_ROOM && f->unfinished >= f->depth + QUEUE_SPARE)
		f->held = f->unfinished - f->depth;
	hang_name_holders(h, q, holders);
	f->holders = holders->len > 0 ? holders->buf : NULL;
}

static struct wait_facts
hang_facts(const struct hang *h, const struct hang_thread *t,
    struct wait_text *holders)
{
	struct wait_facts f = {0};
	const struct executor *e;
	struct frame_executor now = {0};
	int bytes = 0;

	switch (state_info(t->state)->object) {
	case OBJECT_QUEUE:
		hang_queue_facts(h, t, &f, holders);
		break;
	case OBJECT_PIPE:
		if (t->object > registry->npipes)
			break;
		f.known = true;
		ioctl(registry->pipes[t->object - 1].fds[0], FIONREAD, &bytes);
		f.depth = (unsigned)bytes;
		break;
	case OBJECT_EXECUTOR:
		if ((e = hang_object(REGISTRY_EXECUTOR, t->object)) != NULL)
			executor_frame(e, &now);
		f.depth = now.pending;
		break;
	case OBJECT_LOCK:
	case OBJECT_THREAD:
	case OBJECT_NONE:
		break;
	}
	return f;
}

void
hang_why(
    const struct hang *h, const struct hang_thread *t, char out[HANG_TEXT + 1])
{
	struct wait_text text = {.buf = out, .size = HANG_TEXT + 1};
	char names[HANG_TEXT + 1];
	struct wait_text holders = {.buf = names, .size = sizeof names};
	struct wait_graph g = hang_waits(h);
	struct wait_link last, helper;

	g.describe = hang_describe;
	uint32_t end = wait_add_chain(&text, &g, t->node), by;
	if (end == WAIT_NONE)
		return;
	struct wait_facts f = hang_facts(h, h->live[end], &holders);
	hang_describe(h, end, &last);
	by = hang_helper(h, h->live[end]);
	if (by != WAIT_NONE)
		hang_describe(h, by, &helper);
	wait_add_end(&text, &last, &f, by != WAIT_NONE ? &helper : NULL);
}
