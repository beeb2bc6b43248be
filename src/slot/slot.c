/* ring: what one thread says of itself. */
#include "slot/slot.h"

#include <string.h>

#include "base/fault.h"
#include "lockstep/util.h"
#include "memory/atomic_text.h"

void
ring_begin(struct ring *r, int32_t tid, const char *name)
{
	atomic_text_set(r->name, sizeof r->name, name);
	ring_state(r, STATE_STARTING);
	atomic_store_explicit(&r->last_tid, tid, RELAXED);
	atomic_store_explicit(&r->tid, tid, memory_order_release);
}

struct ring_name
ring_name(const struct ring *r)
{
	struct ring_name name;

	atomic_text_get(r->name, sizeof r->name, name.text);
	return name;
}

static void
slot_clear(void *from, void *to)
{
	memset(from, 0, (size_t)((char *)to - (char *)from));
}

/*
 * Only the supervisor reads what is cleared at once. `part` is 0 already; an
 * owner that still looks at the mailbox finds it empty at every moment.
 */
void
ring_reset(struct ring *r)
{
	slot_clear(&r->tid, &r->adding);
	atomic_store(&r->adding, 0);
	atomic_store(&r->posted, 0);
	atomic_store(&r->committed, 0);
	atomic_store(&r->intent, 0);
	atomic_store(&r->acquired, 0);
	atomic_store(&r->parted, 0);
	atomic_store(&r->doubt, 0);
	slot_clear(r->losses, r + 1);
}

void
ring_state_at(struct ring *r, enum frame_state state, uint64_t ns)
{
	atomic_store_explicit(&r->since, ns, RELAXED);
	atomic_store_explicit(&r->state, state, memory_order_release);
}

void
ring_state(struct ring *r, enum frame_state state)
{
	if (atomic_load_explicit(&r->state, RELAXED) != (uint32_t)state)
		ring_state_at(r, state, now_ns());
}
