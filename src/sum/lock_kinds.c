/*
 * lock_kinds: the table of lock kinds. Adding a kind is adding a row.
 *
 * Every holder writes its id into the cell, so that the screen can name it and
 * a dead holder can be distinguished from a slow one. Each lock has a file of
 * its own.
 */
#include "sum/lock_kinds.h"

#include <string.h>

#include "sum/lock_priv.h"

/* The holder, for kinds with one lock per cell. */
static uint32_t
lock_holder_in_cell(const struct adder *a)
{
	return cell_holder(a->cell);
}

const struct lock_kind lock_kinds[] = {
    {.name = "none",
	.lesson = "load, add, store: the last store wins, the other updates "
		  "are lost",
	.flaw = "no lock: a thread overwrites what others have stored since "
		"it loaded",
	.exact = false,
	.add = add_unprotected,
	.first = POINT_LOAD,
	.model = LOCK_MODEL_BARE,
	.quick = lock_none_quick},
    {.name = "mutex",
	.lesson = "robust mutex: one at a time, the others sleep; if its "
		  "owner dies, the next one learns of it",
	.exact = true,
	.acquire = lock_mutex_acquire,
	.release = lock_mutex_release,
	.add = add_guarded,
	.first = POINT_LOCK,
	.model = LOCK_MODEL_LOCK,
	.last = POINT_UNLOCK,
	.holder = lock_holder_in_cell,
	.recover = lock_mutex_recover,
	.quick = lock_mutex_quick},
    {.name = "spin",
	.lesson = "one at a time; the others burn CPU time while they wait",
	.exact = true,
	.acquire = lock_spin_acquire,
	.release = lock_spin_release,
	.add = add_guarded,
	.first = POINT_LOCK,
	.model = LOCK_MODEL_LOCK,
	.last = POINT_UNLOCK,
	.holder = lock_holder_in_cell,
	.recover = lock_spin_recover,
	.quick = lock_spin_quick},
    {.name = "semaphore",
	.lesson = "one permit: take it, add, give it back; a semaphore has no "
		  "owner",
	.exact = true,
	.acquire = lock_semaphore_acquire,
	.release = lock_semaphore_release,
	.add = add_guarded,
	.first = POINT_TAKE,
	.model = LOCK_MODEL_PERMIT,
	.last = POINT_GIVE,
	.holder = lock_holder_in_cell,
	.recover = lock_semaphore_recover,
	.quick = lock_semaphore_quick},
    {.name = "atomic",
	.lesson = "no lock: one atomic fetch-and-add; no other thread can get "
		  "in between",
	.exact = true,
	.add = add_atomic,
	.first = POINT_FETCH_ADD,
	.model = LOCK_MODEL_ATOMIC,
	.quick = lock_atomic_quick},
    {.name = "unshared",
	.lesson = "WRONG: each process has its own mutex, which excludes only "
		  "its own threads",
	.flaw = "not shared between processes: threads of two processes hold "
		"it at the same time",
	.exact = false,
	.acquire = lock_unshared_acquire,
	.release = lock_unshared_release,
	.add = add_unprotected,
	.first = POINT_LOCK,
	.model = LOCK_MODEL_PRIVATE,
	.last = POINT_UNLOCK,
	.holder = lock_unshared_holder,
	.quick = lock_unshared_quick},
    {.name = "ticket",
	.lesson = "fair: draw a ticket, wait for its number; if the next in "
		  "line sleeps, all wait",
	.exact = true,
	.acquire = lock_ticket_acquire,
	.release = lock_ticket_release,
	.add = add_guarded,
	.first = POINT_LOCK,
	.model = LOCK_MODEL_LOCK,
	.last = POINT_UNLOCK,
	.holder = lock_holder_in_cell,
	.recover = lock_ticket_recover,
	.quick = lock_ticket_quick},
    {.name = "cas",
	.lesson = "compare and swap: store only if the value is unchanged, "
		  "else retry (counted as contended)",
	.exact = true,
	.add = add_swap,
	.first = POINT_LOAD,
	.model = LOCK_MODEL_RETRY,
	.quick = lock_cas_quick},
    {.name = "file",
	.lesson = "lock one byte of a file: system calls for every add; if "
		  "the owner dies, the kernel unlocks it",
	.exact = true,
	.acquire = lock_file_acquire,
	.release = lock_file_release,
	.add = add_guarded,
	.first = POINT_LOCK,
	.model = LOCK_MODEL_LOCK,
	.last = POINT_UNLOCK,
	.holder = lock_holder_in_cell,
	.recover = lock_file_recover,
	.prepare = lock_file_prepare,
	.quick = lock_file_quick},
    {.name = "partial",
	.lesson = "each thread adds to its own sum; a reader adds them up",
	.exact = true,
	.add = add_apart,
	.first = POINT_LOAD,
	.model = LOCK_MODEL_PARTS,
	.recover = lock_partial_recover,
	.quick = lock_partial_quick},
    {.name = "owner",
	.lesson = "single writer: one thread owns the sum; the others post "
		  "their adds to it",
	.exact = true,
	.owned = true,
	.add = add_handed_in,
	.quick = lock_owner_quick,
	.first = POINT_FETCH_ADD,
	.model = LOCK_MODEL_OWNER,
	.recover = lock_owner_recover},
};

_Static_assert(sizeof lock_kinds / sizeof lock_kinds[0] <= FRAME_MAX_LOCKS,
    "each kind needs a number on the wire");
const unsigned lock_nkinds = sizeof lock_kinds / sizeof lock_kinds[0];

int
lock_find(const char *name)
{
	for (unsigned i = 0; i < lock_nkinds; i++)
		if (strcmp(lock_kinds[i].name, name) == 0)
			return (int)i;
	return -1;
}

int
lock_prepare(unsigned kind, const char **call)
{
	*call = NULL;
	return lock_kinds[kind].prepare == NULL
	    ? 0
	    : lock_kinds[kind].prepare(call);
}
