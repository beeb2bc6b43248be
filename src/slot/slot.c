/* slot: what one thread publishes about itself. */
#include "slot/slot.h"

#include <string.h>

#include "base/fault.h"
#include "lockstep/util.h"
#include "memory/atomic_text.h"

void
slot_begin(struct thread_slot *r, int32_t tid, const char *name)
{
	atomic_text_set(r->name, sizeof r->name, name);
	slot_state(r, STATE_STARTING);
	atomic_store_explicit(&r->last_tid, tid, RELAXED);
	atomic_store_explicit(&r->tid, tid, memory_order_release);
}

struct slot_name
slot_name(const struct thread_slot *r)
{
	struct slot_name name;

	atomic_text_get(r->name, sizeof r->name, name.text);
	return name;
}

static void
slot_clear(void *from, void *to)
{
	memset(from, 0, (size_t)((char *)to - (char *)from));
}

/*
 * Only the supervisor reads what memset() clears. `part` is 0 already. The
 * owner (lock_owner.c) may still look at the mailbox, and finds it empty at
 * every moment.
 */
void
slot_reset(struct thread_slot *r)
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
slot_state_at(struct thread_slot *r, enum frame_state state, uint64_t ns)
{
	atomic_store_explicit(&r->since, ns, RELAXED);
	atomic_store_explicit(&r->state, state, memory_order_release);
}

void
slot_state(struct thread_slot *r, enum frame_state state)
{
	if (atomic_load_explicit(&r->state, RELAXED) != (uint32_t)state)
		slot_state_at(r, state, now_ns());
}
