/* executor: made, given tasks, shut down. */
#include "lockstep/executor.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "memory/atomic_text.h"
#include "program/self.h"
#include "run/layout.h"

/* Those that this process has made; what it forks knows of none. */
static bool mine[FRAME_MAX_OBJECTS + 1];

/* What rings for any of them. */
static struct wake *done;

bool
executor_mine(const struct executor *e)
{
	return mine[e->number];
}

static unsigned
or_else(unsigned given, unsigned otherwise)
{
	return given != 0 ? given : otherwise;
}

/* 0 or an errno. */
static int
check(enum frame_executor_kind kind, const struct executor_options *o)
{
	if ((unsigned)kind >= EXECUTOR_KINDS || self == NULL)
		return EINVAL;
	if (o->processes > PARAMS_MAX_PROCESSES ||
	    o->threads > PARAMS_MAX_THREADS || o->death > DEATH_RETRIES)
		return EINVAL;
	return 0;
}

static void
set_size(struct executor *e, const struct executor_options *o)
{
	const struct params *p = self->shared->params;

	e->processes = or_else(o->processes, or_else(p->processes, 1));
	e->threads = or_else(o->threads, or_else(p->threads, 1));
	if (e->kind == EXECUTOR_PROCESSES)
		e->threads = 1;
	e->nservers = e->threads;
	if (!executor_local(e))
		e->nservers *= e->processes;
}

/* Zeroed; NULL if there is no more. */
static void *
take_zeroed(size_t size)
{
	void *p = heap_take(world->heap, size);

	return p == NULL ? NULL : memset(p, 0, size);
}

static struct executor_own *
own_new(void)
{
	struct executor_own *own = calloc(1, sizeof *own);

	if (done == NULL)
		done = take_zeroed(sizeof *done);
	if (own != NULL && done != NULL &&
	    pthread_mutex_init(&own->mutex, NULL) == 0)
		return own;
	free(own);
	return NULL;
}

static void
block_free(struct block *block)
{
	for (unsigned i = 0; i < BLOCK; i++)
		heap_give(world->heap, block->cold[i].sentence);
	heap_give(world->heap, block);
}

static void
own_free(struct executor_own *own)
{
	for (size_t i = 0; i < own->nblocks; i++)
		block_free(own->blocks[i]);
	free(own->blocks);
	free(own->threads);
	free(own->children);
	pthread_mutex_destroy(&own->mutex);
	free(own);
}

static struct executor *
make(enum frame_executor_kind kind, const struct executor_options *o)
{
	struct executor *e = take_zeroed(sizeof *e);

	if (e == NULL)
		return NULL;
	e->kind = kind;
	e->death = o->death;
	set_size(e, o);
	snprintf(e->name, sizeof e->name, "%s",
	    o->name != NULL ? o->name : executor_kinds[kind].name);
	e->cores = cpu_count();
	e->limit = UINT_MAX;
	e->owner_slot = self->slot;
	e->stride = self->shared->stride;
	e->servers = take_zeroed(e->nservers * sizeof *e->servers);
	e->own = e->servers == NULL ? NULL : own_new();
	if (e->own == NULL) {
		heap_give(world->heap, e->servers);
		heap_give(world->heap, e);
		return NULL;
	}
	e->done = done;
	return e;
}

/* Once it is registered, the supervisor looks at it for ever. */
static void
end(struct executor *e)
{
	order_free(&e->pending);
	own_free(e->own);
	e->own = NULL;
	mine[e->number] = false;
}

struct executor *
executor_new(
    enum frame_executor_kind kind, const struct executor_options *options)
{
	struct executor_options none = {0};
	const struct executor_options *o = options != NULL ? options : &none;
	struct executor *e;
	int err = check(kind, o);

	if (err != 0) {
		errno = err;
		return NULL;
	}
	e = make(kind, o);
	if (e == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	if (world_register(WORLD_EXECUTOR, e, &e->number) == 0) {
		end(e);
		heap_give(world->heap, e->servers);
		heap_give(world->heap, e);
		errno = ENOSPC;
		return NULL;
	}
	mine[e->number] = true;
	err = executor_kinds[kind].start(e);
	if (err != 0) {
		atomic_store(&e->closed, 1);
		end(e);
		errno = err;
		return NULL;
	}
	return e;
}

/* ---- records ---- */

static int
more_records(struct executor *e)
{
	struct executor_own *own = e->own;
	struct block *block, **blocks;

	if ((own->nblocks & (own->nblocks - 1)) == 0) {
		size_t n = own->nblocks == 0 ? 1 : own->nblocks * 2;

		blocks = realloc(own->blocks, n * sizeof *blocks);
		if (blocks == NULL)
			return -ENOMEM;
		own->blocks = blocks;
	}
	block = take_zeroed(sizeof *block);
	if (block == NULL)
		return -ENOMEM;
	own->blocks[own->nblocks++] = block;
	block->executor = e;
	for (unsigned i = BLOCK; i > 0; i--) {
		struct future *f = &block->futures[i - 1];

		f->block = block;
		atomic_store_explicit(&f->word, FUTURE_DONE, RELAXED);
		f->next = own->free;
		own->free = f;
	}
	return 0;
}

/* Owner's mutex. NULL: there is no more. */
static struct future *
free_record(struct executor *e)
{
	struct executor_own *own = e->own;

	if (own->free == NULL)
		own->free = atomic_exchange_explicit(
		    &own->freed, NULL, memory_order_acquire);
	if (own->free == NULL)
		more_records(e);
	return own->free;
}

/* The cold part, as it is in a free record. */
static void
clear_extra(struct future *f)
{
	_Atomic uint64_t *sentence =
	    atomic_load_explicit(&cold_of(f)->sentence, RELAXED);

	future_drop_result(f);
	if (sentence != NULL)
		atomic_text_set(sentence, ERROR_SIZE, "");
	atomic_store_explicit(&cold_of(f)->result_size, 0, RELAXED);
	atomic_store_explicit(&cold_of(f)->value, 0, RELAXED);
	atomic_store_explicit(&cold_of(f)->error, 0, RELAXED);
	cold_of(f)->calls = NULL;
	cold_of(f)->watched = cold_of(f)->calling = cold_of(f)->freed = false;
}

void
executor_recycle(struct future *f)
{
	struct executor_own *own = executor_of(f)->own;
	uint32_t word = atomic_load_explicit(&f->word, RELAXED);

	window_close(f);
	if (f->size > INLINE_SIZE)
		heap_give(world->heap, (void *)(uintptr_t)f->arg);
	if ((word & (WORD_EXTRA | WORD_CALLS)) != 0)
		clear_extra(f);
	f->next = atomic_load_explicit(&own->freed, RELAXED);
	while (!atomic_compare_exchange_weak_explicit(&own->freed, &f->next, f,
	    memory_order_release, memory_order_relaxed))
		;
}

/* A copy of what the task is given. 0 or -ENOMEM. */
static int
copy_arg(struct future *f, const void *arg, size_t size)
{
	void *to = cold_of(f)->inline_arg;

	f->arg = NULL;
	f->size = 0;
	if (size == 0)
		return 0;
	if (size > UINT32_MAX)
		return -ENOMEM;
	if (size > INLINE_SIZE)
		to = heap_take(world->heap, size);
	if (to == NULL)
		return -ENOMEM;
	memcpy(to, arg, size);
	f->arg = to;
	f->size = (uint32_t)size;
	return 0;
}

static void
reset(struct future *f, task_fn *fn, uint32_t number)
{
	f->fn = fn;
	/* Who reads any of this finds the future gone from its old window. */
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&f->number, number, RELAXED);
	atomic_store_explicit(&f->waited, 0, RELAXED);
	atomic_store_explicit(&f->ran, 0, RELAXED);
	atomic_store_explicit(&f->order, 0, RELAXED);
	atomic_store_explicit(&f->submitted, serve_now(), RELAXED);
}

/*
 * The records that come next are fetched from another core while this one is
 * filled. They lie in a row mostly; a wrong guess does no harm.
 */
static void
fetch_next(const struct future *f)
{
	uintptr_t here = (uintptr_t)f, next = (uintptr_t)f->next;

	__builtin_prefetch((void *)next, 1);
	__builtin_prefetch((void *)(next + 3 * (next - here)), 1);
}

/* Owner's mutex. 0 or an errno. */
static int
put(struct executor *e, struct future **out, const char *label, task_fn *fn,
    const void *arg, size_t size)
{
	struct executor_own *own = e->own;
	uint64_t before = atomic_load_explicit(&e->pending.tail, RELAXED);
	struct future *f;

	if (atomic_load_explicit(&e->closed, RELAXED) != 0)
		return EPIPE;
	f = free_record(e);
	if (f == NULL || copy_arg(f, arg, size) != 0)
		return ENOMEM;
	reset(f, fn, (uint32_t)before + 1);
	own->free = f->next;
	fetch_next(f);
	window_open(f, label);
	atomic_store_explicit(&f->word, FUTURE_PENDING, memory_order_release);
	*out = f;
	if (order_push(&e->pending, f) == 0)
		return 0;
	atomic_store_explicit(&f->word, FUTURE_DONE, RELAXED);
	executor_recycle(f);
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
		err = put(e, &f, label, fn, arg, size);
		pthread_mutex_unlock(&e->own->mutex);
	}
	if (err != 0) {
		errno = err;
		return NULL;
	}
	executor_kinds[e->kind].given(e, f);
	/* After it is in the order: the supervisor fails what is there. */
	if (atomic_load(&e->abandoned) != 0)
		executor_abandon(e, NULL);
	return f;
}

/* ---- the end ---- */

static void
cancel(struct future *f)
{
	future_cancel(f);
}

void
executor_shutdown(struct executor *e, unsigned how)
{
	pthread_mutex_lock(&e->own->mutex);
	atomic_store(&e->closed, 1);
	pthread_mutex_unlock(&e->own->mutex);
	if ((how & SHUTDOWN_CANCEL) != 0) {
		order_each(&e->again, cancel);
		order_each(&e->pending, cancel);
	}
	wake_all(&e->idle);
	wake_all(e->done);
	/* A thread cannot wait for its own end. */
	if ((how & SHUTDOWN_WAIT) != 0 && !serve_mine(e))
		executor_kinds[e->kind].join(e);
}

void
executor_free(struct executor *e)
{
	if (e == NULL)
		return;
	executor_shutdown(e, SHUTDOWN_WAIT);
	map_sweep(e, true);
	end(e);
}
