/* executor_submit: submits a task and returns its future. */
#include <errno.h>
#include <string.h>

#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "program/self.h"
#include "run/registry.h"

/* Which executors this process owns; its children own none of them. */
static bool submit_mine[FRAME_MAX_OBJECTS + 1];

void
executor_claim(const struct executor *e, bool is_mine)
{
	submit_mine[e->number] = is_mine;
}

bool
executor_mine(const struct executor *e)
{
	return submit_mine[e->number];
}

/* Owner's mutex. NULL if memory is exhausted. */
static struct future *
submit_free_record(struct executor *e)
{
	struct executor_own *own = e->own;

	if (own->free == NULL)
		own->free = atomic_exchange_explicit(
		    &own->freed, NULL, memory_order_acquire);
	if (own->free == NULL)
		records_more(e);
	return own->free;
}

/* Copy the task's argument. 0 or -ENOMEM. */
static int
submit_copy_arg(struct future *f, const void *arg, size_t size)
{
	void *to = cold_of(f)->inline_arg;

	f->arg = NULL;
	f->size = 0;
	if (size == 0)
		return 0;
	if (size > UINT32_MAX)
		return -ENOMEM;
	if (size > INLINE_SIZE)
		to = heap_take(registry->heap, size);
	if (to == NULL)
		return -ENOMEM;
	memcpy(to, arg, size);
	f->arg = to;
	f->size = (uint32_t)size;
	return 0;
}

static void
submit_reset(struct future *f, task_fn *fn, uint32_t number)
{
	f->fn = fn;
	/* A reader of any of this sees that the old future was freed. */
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&f->number, number, RELAXED);
	atomic_store_explicit(&f->waited, 0, RELAXED);
	atomic_store_explicit(&f->ran, 0, RELAXED);
	atomic_store_explicit(&f->order, 0, RELAXED);
	atomic_store_explicit(&f->submitted, executor_now(), RELAXED);
}

/*
 * Fetch the next records from another core while this one is being filled. They
 * mostly lie in a row; a wrong guess does no harm.
 */
static void
submit_fetch_next(const struct future *f)
{
	uintptr_t here = (uintptr_t)f, next = (uintptr_t)f->next;

	__builtin_prefetch((void *)next, 1);
	__builtin_prefetch((void *)(next + 3 * (next - here)), 1);
}

/* Owner's mutex. 0 or an errno. */
static int
submit_put(struct executor *e, struct future **out, const char *label,
    task_fn *fn, const void *arg, size_t size)
{
	struct executor_own *own = e->own;
	uint64_t before = atomic_load_explicit(&e->pending.tail, RELAXED);
	struct future *f;

	if (atomic_load_explicit(&e->closed, RELAXED) != 0)
		return EPIPE;
	f = submit_free_record(e);
	if (f == NULL || submit_copy_arg(f, arg, size) != 0)
		return ENOMEM;
	submit_reset(f, fn, (uint32_t)before + 1);
	own->free = f->next;
	submit_fetch_next(f);
	sample_open(f, label);
	atomic_store_explicit(&f->word, FUTURE_PENDING, memory_order_release);
	*out = f;
	if (pending_push(&e->pending, f) == 0)
		return 0;
	atomic_store_explicit(&f->word, FUTURE_DONE, RELAXED);
	record_recycle(f);
	return ENOMEM;
}

struct future *
executor_submit_as(struct executor *e, const char *label, task_fn *fn,
    const void *arg, size_t size)
{
	struct future *f = NULL;
	int err = EPERM;

	if (executor_mine(e)) {
		if (self_stepped())
			self_stand(&(struct self_wait){.op = POINT_PUT,
			    .thing = THING_EXECUTOR,
			    .object = e->number,
			    .timeout = FOREVER});
		pthread_mutex_lock(&e->own->mutex);
		err = submit_put(e, &f, label, fn, arg, size);
		pthread_mutex_unlock(&e->own->mutex);
	}
	if (err != 0) {
		errno = err;
		return NULL;
	}
	executor_kinds[e->kind].given(e, f);
	/* Check after the push: the supervisor fails only what it finds. */
	if (atomic_load(&e->abandoned) != 0)
		executor_abandon(e, NULL);
	return f;
}
