/* cell: the value of the sum, and the holder of its lock. */
#include "sum/cell.h"

#include <string.h>

#include "memory/robust_mutex.h"
#include "slot/ledger.h"
#include "sum/lock_priv.h"

int64_t
cell_value(
    const struct cell *c, const struct thread_slot *tslots, unsigned ntslots)
{
	uint32_t moving;
	int64_t sum;

	do {
		moving = atomic_load(&c->moving);
		sum = word_value(atomic_load(&c->word));
		sum += atomic_load(&c->apart);
		for (unsigned i = 0; i < ntslots; i++)
			sum += atomic_load(&tslots[i].part);
	} while ((moving & 1) != 0 || atomic_load(&c->moving) != moving);
	return sum;
}

void
cell_take_part(struct cell *c, struct thread_slot *r)
{
	int64_t part = atomic_load(&r->part);

	if (part == 0)
		return;
	atomic_fetch_add(&c->moving, 1);
	atomic_fetch_add(&c->apart, part);
	atomic_store(&r->part, 0);
	ledger_part_end(r);
	atomic_fetch_add(&c->moving, 1);
}

uint32_t
cell_holder(const struct cell *c)
{
	uint32_t id = atomic_load_explicit(&c->holder, RELAXED);

	if (id == 0)
		id = atomic_load_explicit(&c->spin, RELAXED);
	if (id == 0)
		id = atomic_load_explicit(&c->permit.taker, RELAXED);
	return id != 0 ? id : lock_ticket_holder(c);
}

int
cell_init(struct cell *c)
{
	memset(c, 0, sizeof *c);
	int err = robust_mutex_init(&c->mutex);
	if (err == 0)
		err = robust_mutex_init(&c->owner);
	return err;
}
