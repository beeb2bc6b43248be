/*
 * hang_graph: which thread waits for which, and over what; and what is left of
 * that graph once all who could go on are taken out of it.
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

struct hang_thread *
hang_thread_of(const struct hang *h, uint32_t id)
{
	if (id == 0 || id > h->n || h->threads[id - 1].role == HANG_NONE)
		return NULL;
	return &h->threads[id - 1];
}

uint32_t
hang_blocker(const struct hang_thread *t)
{
	struct frame_mutex f = {0};
	struct mutex *m;

	switch (t->state) {
	case STATE_WAIT_LOCK:
		m = hang_object(REGISTRY_MUTEX, t->object);
		return m == NULL ? 0 : mutex_frame(m, &f);
	case STATE_WAIT_THREAD:
	case STATE_WAIT_PROCESS:
	case STATE_WAIT_FUTURE:
		return t->owner;
	default:
		return 0;
	}
}

unsigned
hang_count(const struct hang *h, uint32_t state, uint32_t object)
{
	unsigned n = 0;

	for (unsigned i = 0; i < h->nlive; i++)
		n += h->live[i]->role == HANG_STUCK &&
		    h->live[i]->state == state && h->live[i]->object == object;
	return n;
}

/* ---- who could go on ---- */

/* A thread that is being waited for: no hope comes from the stuck alone. */
static bool
hang_is_hope(const struct hang *h, uint32_t id)
{
	const struct hang_thread *t = hang_thread_of(h, id);

	return t == NULL || t->role != HANG_STUCK;
}

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
	switch (t->state) {
	case STATE_WAIT_QUEUE:
		return waiting > 0 || closed;
	case STATE_WAIT_PUT:
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
	bool writes = t->state == STATE_WRITING;

	if (t->object > registry->npipes)
		return true;
	const struct registry_pipe *wp = &registry->pipes[t->object - 1];
	struct pollfd fd = {
	    .fd = wp->fds[writes ? 1 : 0], .events = writes ? POLLOUT : POLLIN};

	return poll(&fd, 1, 0) != 0;
}

/* Of a semaphore, one permit given back is enough. */
static bool
lock_moves(const struct hang *h, const struct hang_thread *t)
{
	const struct mutex *m = hang_object(REGISTRY_MUTEX, t->object);

	for (unsigned i = 0; m != NULL && i < mutex_permits(m); i++)
		if (hang_is_hope(h, mutex_holder(m, i)))
			return true;
	return m == NULL;
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
	if (f.pending == 0)
		return false;
	for (unsigned i = 0; i < h->nlive; i++)
		if (h->live[i]->role == HANG_IDLE &&
		    (h->live[i]->object == t->object ||
			h->live[i]->object == 0))
			return true;
	return false;
}

/* `anyone`: there is a thread that can go on, and might do anything. */
static bool
hang_can_go_on(const struct hang *h, const struct hang_thread *t, bool anyone)
{
	uint32_t id;

	switch (t->state) {
	case STATE_WAIT_LOCK:
		return lock_moves(h, t);
	case STATE_WAIT_THREAD:
	case STATE_WAIT_PROCESS:
		id = hang_blocker(t);
		return id != 0 ? hang_is_hope(h, id) : anyone;
	case STATE_WAIT_FUTURE:
		return anyone || tasks_move(h, t);
	case STATE_WAIT_PIPE:
	case STATE_WRITING:
		return anyone || pipe_moves(t);
	default:
		return anyone || queue_moves(t);
	}
}

unsigned
hang_reduce(struct hang *h, bool *anyone)
{
	unsigned stuck;
	bool changed;

	do {
		stuck = 0;
		changed = false;
		for (unsigned i = 0; i < h->nlive; i++) {
			struct hang_thread *t = h->live[i];

			if (t->role != HANG_STUCK)
				continue;
			if (!hang_can_go_on(h, t, *anyone)) {
				stuck++;
				continue;
			}
			t->role = HANG_ABLE;
			*anyone = changed = true;
		}
	} while (changed);
	return stuck;
}
