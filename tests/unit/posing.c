/* posing: threads and children that pose as the threads of a program. */
#include "posing.h"

#include <check.h>
#include <stdatomic.h>

#include "program/self.h"

/* A new thread has no self yet from which to take it. */
static struct shared *shared;

void
pose_open(unsigned threads)
{
	ck_assert_int_eq(program_open(threads), 0);
	shared = self->shared;
}

void
be(unsigned who)
{
	static _Thread_local struct self me;

	self_begin(&me, shared, 1, who + 1, "test");
}

uint32_t
id_of(unsigned who)
{
	return self->tslot->id + who + 1;
}

bool
waits(unsigned who, enum frame_state state)
{
	return atomic_load(&self->tslot[who + 1].state) == state;
}
