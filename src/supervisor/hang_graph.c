/* hang_graph: which thread waits for which, and over what. */
#include "supervisor/hang_priv.h"

#include "lockstep/mutex.h"

void *
hang_object(enum world_kind kind, uint32_t number)
{
	if (number == 0 || number > world_count(world, kind))
		return NULL;
	return world_object(world, kind, number);
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
		m = hang_object(WORLD_MUTEX, t->object);
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
