/* thread: threads that a program starts in its own process. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "lockstep/program.h"
#include "lockstep/util.h"
#include "program/self.h"
#include "run/shared.h"

#define STACK (512 * 1024) /* bytes; enough for library calls, too */

struct thread {
	pthread_t pthread;
	int (*fn)(void *);
	void *arg;
	int result;
	unsigned index;
	struct self self;
	char name[PROGRAM_NAME];
	_Atomic bool done;
};

/* Places of this process that have a thread; [0] is the main one. */
static bool *taken;
static pthread_mutex_t taken_mutex = PTHREAD_MUTEX_INITIALIZER;

/* A free place, or 0. */
static unsigned
thread_take_place(const struct shared *s)
{
	unsigned found = 0;

	pthread_mutex_lock(&taken_mutex);
	if (taken == NULL)
		taken = calloc(s->stride, sizeof *taken);
	for (unsigned i = 1; taken != NULL && i < s->stride; i++) {
		if (taken[i])
			continue;
		taken[i] = true;
		found = i;
		break;
	}
	pthread_mutex_unlock(&taken_mutex);
	return found;
}

static void
thread_give_place(unsigned index)
{
	pthread_mutex_lock(&taken_mutex);
	taken[index] = false;
	pthread_mutex_unlock(&taken_mutex);
}

static void
thread_count_threads(int by)
{
	atomic_fetch_add(
	    &self->shared->slots[self->slot].threads, (uint32_t)by);
}

/* Rung when a thread of this process is done. The supervisor can ring it. */
static struct eventcount *
thread_ends(void)
{
	return &self->shared->slots[self->slot].bell;
}

/*
 * A thread is marked done before it leaves in self_end(). In step mode its
 * joiner can go on as soon as it has left, and must see the mark by then. What
 * is left of the thread is waited for by pthread_join().
 */
static void *
thread_main(void *arg)
{
	struct thread *t = arg;

	self_begin(&t->self, t->self.shared, t->self.slot, t->index, t->name);
	t->result = t->fn(t->arg);
	atomic_store(&t->done, true);
	eventcount_all(thread_ends());
	thread_count_threads(-1);
	self_end(&t->self);
	return NULL;
}

/* 0 or an errno. */
static int
thread_create(struct thread *t)
{
	pthread_attr_t attr;
	int err = pthread_attr_init(&attr);

	if (err != 0)
		return err;
	pthread_attr_setstacksize(&attr, STACK);
	err = pthread_create(&t->pthread, &attr, thread_main, t);
	pthread_attr_destroy(&attr);
	return err;
}

struct thread *
thread_start(const char *name, int (*fn)(void *), void *arg)
{
	struct thread *t = calloc(1, sizeof *t);

	if (t == NULL)
		return NULL;
	t->fn = fn;
	t->arg = arg;
	t->self.shared = self->shared;
	t->self.slot = self->slot;
	snprintf(t->name, sizeof t->name, "%s", name);
	t->index = thread_take_place(self->shared);
	if (t->index == 0) {
		free(t);
		errno = EAGAIN;
		return NULL;
	}
	thread_count_threads(1);
	int err = thread_create(t);
	if (err != 0) {
		thread_count_threads(-1);
		thread_give_place(t->index);
		free(t);
		atomic_store(&self->shared->slots[self->slot].error, err);
		errno = err;
		return NULL;
	}
	return t;
}

bool
thread_alive(const struct thread *t)
{
	return !atomic_load(&t->done);
}

static bool
thread_ended(const void *thread)
{
	const struct thread *t = thread;

	return atomic_load(&t->done);
}

int
thread_join(struct thread *t, uint64_t timeout, int *result)
{
	const struct self_wait wait = {.op = POINT_WAIT,
	    .state = STATE_WAIT_THREAD,
	    .owner = shared_tslot(self->shared, self->slot, t->index)->id,
	    .timeout = timeout,
	    .ready = thread_ended,
	    .arg = t,
	    .wake = thread_ends()};

	if (!self_wait(&wait))
		return -ETIMEDOUT;
	pthread_join(t->pthread, NULL);
	if (result != NULL)
		*result = t->result;
	thread_give_place(t->index);
	free(t);
	return 0;
}
