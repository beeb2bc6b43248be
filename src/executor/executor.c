/* executor: makes executors and shuts them down. */
#include "lockstep/executor.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "executor/executor_priv.h"
#include "lockstep/util.h"
#include "program/self.h"
#include "run/shared.h"

/* The `done` of all executors that this process makes. */
static struct eventcount *executor_bell;

static unsigned
executor_or_else(unsigned given, unsigned otherwise)
{
	return given != 0 ? given : otherwise;
}

/* 0 or an errno. */
static int
executor_check(enum frame_executor_kind kind, const struct executor_options *o)
{
	if ((unsigned)kind >= EXECUTOR_KINDS || self == NULL)
		return EINVAL;
	if (o->processes > PARAMS_MAX_PROCESSES ||
	    o->threads > PARAMS_MAX_THREADS || o->death > DEATH_RETRIES)
		return EINVAL;
	return 0;
}

static void
executor_set_size(struct executor *e, const struct executor_options *o)
{
	const struct params *p = self->shared->params;

	e->processes =
	    executor_or_else(o->processes, executor_or_else(p->processes, 1));
	e->threads =
	    executor_or_else(o->threads, executor_or_else(p->threads, 1));
	if (e->kind == EXECUTOR_PROCESSES)
		e->threads = 1;
	e->nservers = e->threads;
	if (!executor_local(e))
		e->nservers *= e->processes;
}

static struct executor_own *
executor_own_new(void)
{
	struct executor_own *own = calloc(1, sizeof *own);

	if (executor_bell == NULL)
		executor_bell =
		    heap_take_zeroed(registry->heap, sizeof *executor_bell);
	if (own != NULL && executor_bell != NULL &&
	    pthread_mutex_init(&own->mutex, NULL) == 0)
		return own;
	free(own);
	return NULL;
}

static void
executor_own_free(struct executor_own *own)
{
	records_free(own);
	free(own->threads);
	free(own->children);
	pthread_mutex_destroy(&own->mutex);
	free(own);
}

static struct executor *
executor_make(enum frame_executor_kind kind, const struct executor_options *o)
{
	struct executor *e = heap_take_zeroed(registry->heap, sizeof *e);

	if (e == NULL)
		return NULL;
	e->kind = kind;
	e->death = o->death;
	executor_set_size(e, o);
	snprintf(e->name, sizeof e->name, "%s",
	    o->name != NULL ? o->name : executor_kinds[kind].name);
	e->cores = cpu_count();
	e->limit = UINT_MAX;
	e->owner_slot = self->slot;
	e->stride = self->shared->stride;
	e->servers =
	    heap_take_zeroed(registry->heap, e->nservers * sizeof *e->servers);
	e->own = e->servers == NULL ? NULL : executor_own_new();
	if (e->own == NULL) {
		heap_give(registry->heap, e->servers);
		heap_give(registry->heap, e);
		return NULL;
	}
	e->done = executor_bell;
	return e;
}

/* Free its queue and the owner's part; the supervisor reads the rest on. */
static void
executor_end(struct executor *e)
{
	pending_free(&e->pending);
	executor_own_free(e->own);
	e->own = NULL;
	executor_claim(e, false);
}

struct executor *
executor_new(
    enum frame_executor_kind kind, const struct executor_options *options)
{
	struct executor_options none = {0};
	const struct executor_options *o = options != NULL ? options : &none;
	struct executor *e;
	int err = executor_check(kind, o);

	if (err != 0) {
		errno = err;
		return NULL;
	}
	e = executor_make(kind, o);
	if (e == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	if (registry_register(REGISTRY_EXECUTOR, e, &e->number) == 0) {
		executor_end(e);
		heap_give(registry->heap, e->servers);
		heap_give(registry->heap, e);
		errno = ENOSPC;
		return NULL;
	}
	executor_claim(e, true);
	err = executor_kinds[kind].start(e);
	if (err != 0) {
		atomic_store(&e->closed, 1);
		executor_end(e);
		errno = err;
		return NULL;
	}
	return e;
}

/* ---- the end ---- */

static void
executor_cancel(struct future *f)
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
		pending_each(&e->again, executor_cancel);
		pending_each(&e->pending, executor_cancel);
	}
	eventcount_all(&e->idle);
	eventcount_all(e->done);
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
	executor_end(e);
}
