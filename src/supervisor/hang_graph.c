/*
 * hang_graph: the live threads as a graph of waits, filled in from what stands
 * in shared memory.
 */
#include "supervisor/hang_priv.h"

#include <poll.h>

#include "executor/executor_recovery.h"
#include "program/mutex_priv.h"
#include "program/queue_priv.h"

void *
hang_object(enum registry_kind kind, uint32_t number)
{
	if (number == 0 || number > registry_count(registry, kind))
		return NULL;
	return registry_object(registry, kind, number);
}

static uint32_t
hang_node_of(const struct hang *h, uint32_t id)
{
	uint32_t node =
	    id == 0 || id > h->n ? WAIT_NONE : h->threads[id - 1].node;

	return node == WAIT_NONE || h->node[node].role == WAIT_GONE
	    ? WAIT_UNKNOWN
	    : node;
}

/* Of a semaphore, one permit that is released is enough. */
static uint32_t
hang_next(const void *arg, uint32_t node, unsigned nth)
{
	const struct hang *h = arg;
	const struct hang_thread *t = h->live[node];
	const struct state_info *s = state_info(t->state);
	const struct mutex *m;

	if (s->object == OBJECT_LOCK) {
		m = hang_object(REGISTRY_MUTEX, t->object);
		if (m == NULL)
			return nth == 0 ? WAIT_UNKNOWN : WAIT_NONE;
		return nth < mutex_permits(m)
		    ? hang_node_of(h, mutex_holder(m, nth))
		    : WAIT_NONE;
	}
	return s->follows && nth == 0 ? hang_node_of(h, t->owner) : WAIT_NONE;
}

struct wait_graph
hang_waits(const struct hang *h)
{
	return (struct wait_graph){.arg = h, .next = hang_next};
}

/* ---- waits that are over, or about to be ---- */

static bool
queue_moves(const struct hang_thread *t)
{
	struct queue *f = hang_object(REGISTRY_QUEUE, t->object);
	struct frame_queue now = {0};

	if (f == NULL ||
	    f == registry->output) /* which the supervisor empties */
		return true;
	queue_frame(f, &now);
	unsigned got = queue_sentinels_got(f);
	unsigned sentinels = now.sentinels > got ? now.sentinels - got : 0;
	unsigned waiting = queue_depth(f) + sentinels;
	bool closed = (now.flags & QUEUE_CLOSED) != 0;
	switch (state_info(t->state)->wants) {
	case WANTS_ONE:
		return waiting > 0 || closed;
	case WANTS_ROOM:
		return closed ||
		    (waiting < now.capacity &&
			queue_unfinished(f) < now.capacity + QUEUE_SPARE);
	default:
		return queue_unfinished(f) == 0;
	}
}

static bool
pipe_moves(const struct hang_thread *t)
{
	bool writes = state_info(t->state)->wants == WANTS_ROOM;

	if (t->object > registry->npipes)
		return true;
	const struct registry_pipe *wp = &registry->pipes[t->object - 1];
	struct pollfd fd = {
	    .fd = wp->fds[writes ? 1 : 0], .events = writes ? POLLOUT : POLLIN};

	return poll(&fd, 1, 0) != 0;
}

/* Is there a task that an idle thread is about to take? */
static bool
tasks_move(const struct hang *h, const struct hang_thread *t)
{
	struct executor *e = hang_object(REGISTRY_EXECUTOR, t->object);
	struct frame_executor f = {0};

	if (e == NULL)
		return false;
	executor_frame(e, &f);
	for (unsigned i = 0; f.pending > 0 && i < h->nlive; i++)
		if (h->node[i].role == WAIT_IDLE &&
		    (h->live[i]->object == t->object ||
			h->live[i]->object == 0))
			return true;
	return false;
}

static bool
hang_moves(const struct hang *h, const struct hang_thread *t)
{
	switch (state_info(t->state)->object) {
	case OBJECT_QUEUE:
		return queue_moves(t);
	case OBJECT_PIPE:
		return pipe_moves(t);
	case OBJECT_EXECUTOR:
		return tasks_move(h, t);
	case OBJECT_LOCK: /* hang_next() sees it */
	case OBJECT_THREAD:
	case OBJECT_NONE:
		break;
	}
	return false;
}

unsigned
hang_reduce(struct hang *h, bool *anyone)
{
	struct wait_graph g = hang_waits(h);

	for (unsigned i = 0; i < h->nlive; i++) {
		const struct hang_thread *t = h->live[i];
		const struct state_info *s = state_info(t->state);

		if (h->node[i].role != WAIT_STUCK)
			continue;
		h->node[i].by_other = s->ends == ENDS_BY_OTHER ||
		    (s->object == OBJECT_THREAD && t->owner == 0);
		if ((h->node[i].by_other && *anyone) || hang_moves(h, t)) {
			h->node[i].role = WAIT_ABLE;
			*anyone = true;
		}
	}
	return wait_reduce(&g, h->node, h->nlive, anyone);
}
