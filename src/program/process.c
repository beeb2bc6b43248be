/* process: starts, joins and kills the processes of a program. */
#include "program/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lockstep/demo.h"
#include "lockstep/util.h"
#include "memory/heap.h"
#include "program/self.h"

#define LOOK NSEC_PER_SEC /* at least so often see whether it has started */

/* Claim a free row of the table; NULL if there is none. */
static struct child *
process_take_child(void)
{
	for (unsigned i = 0; i < REGISTRY_CHILDREN; i++) {
		struct child *c = &registry->children[i];
		uint32_t state = CHILD_FREE;

		if (atomic_load_explicit(&c->state, RELAXED) == CHILD_FREE &&
		    atomic_compare_exchange_strong(
			&c->state, &state, CHILD_FILLING)) {
			atomic_store(&c->asker, self->slot);
			return c;
		}
	}
	errno = EAGAIN;
	return NULL;
}

static void
process_give_child(struct child *c)
{
	void *arg = c->arg;

	/* In this order: a death in here leaves nothing to be freed twice. */
	c->arg = NULL;
	heap_give(registry->heap, arg);
	atomic_store(&c->state, CHILD_FREE);
}

static bool
process_begun(const void *child)
{
	const struct child *c = child;

	return atomic_load(&c->state) > CHILD_REQUESTED;
}

static bool
process_ended(const void *child)
{
	const struct child *c = child;

	return atomic_load(&c->state) == CHILD_ENDED;
}

struct child *
child_start(const char *name, int (*fn)(const void *arg, size_t size),
    const void *arg, size_t size, unsigned executor)
{
	if (registry->bell < 0) {
		errno = ENOSYS; /* outside of a run no supervisor forks it */
		return NULL;
	}
	struct child *c = process_take_child();
	if (c == NULL)
		return NULL;
	c->fn = fn;
	c->size = size;
	c->executor = executor;
	atomic_store(&c->orphan, 0);
	atomic_store(&c->status, 0);
	atomic_store(&c->slot, 0);
	snprintf(c->name, sizeof c->name, "%s", name);
	if (size > 0) {
		c->arg = heap_take(registry->heap, size);
		if (c->arg == NULL) {
			process_give_child(c);
			errno = ENOMEM;
			return NULL;
		}
		memcpy(c->arg, arg, size);
	}
	atomic_store(&c->state, CHILD_REQUESTED);
	atomic_fetch_add(&registry->requests, 1);
	registry_ring();
	/* In step mode, too: the supervisor never waits for a thread. */
	self_block_for(STATE_WAIT_PROCESS, 0, 0, 0);
	eventcount_until(&c->wake, process_begun, c, FOREVER, LOOK);
	self_unblock();
	if (atomic_load(&c->state) != CHILD_REFUSED)
		return c;
	int err = atomic_load(&c->status);
	process_give_child(c);
	errno = err;
	return NULL;
}

struct child *
process_start(const char *name, int (*fn)(const void *arg, size_t size),
    const void *arg, size_t size)
{
	return child_start(name, fn, arg, size, 0);
}

int
process_join(struct child *c, uint64_t timeout, int *status)
{
	const struct self_wait wait = {.op = POINT_WAIT,
	    .state = STATE_WAIT_PROCESS,
	    .owner = self_id_of_slot(atomic_load(&c->slot)),
	    .timeout = timeout,
	    .ready = process_ended,
	    .arg = c,
	    .wake = &c->wake};

	if (!self_wait(&wait))
		return -ETIMEDOUT;
	if (status != NULL)
		*status = atomic_load(&c->status);
	process_give_child(c);
	return 0;
}

bool
process_alive(const struct child *c)
{
	return !process_ended(c);
}

pid_t
process_pid(const struct child *c)
{
	return atomic_load(&c->pid);
}

int
process_kill(struct child *c)
{
	if (atomic_load(&c->state) != CHILD_RUNNING)
		return -ESRCH;
	return kill(atomic_load(&c->pid), SIGKILL) == 0 ? 0 : -errno;
}

/* ---- in the child ---- */

void
process_enter(pid_t parent)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	signal(SIGINT, SIG_IGN); /* ^C is the supervisor's to handle */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void
process_main(
    struct shared *s, unsigned slot, pid_t parent, const struct child *c)
{
	static struct self me;
	const struct demo *demo = s->params->demo;
	const char *name = c == NULL ? "main" : c->name;

	process_enter(parent);
	setproctitle("%s (%s)", name, demo->name);
	self_begin(&me, s, slot, 0, name);
	atomic_store(&s->slots[slot].ready, 1);
	int status = c == NULL ? demo->main(s->params) : c->fn(c->arg, c->size);
	self_end(&me);
	_exit(status & 0xff);
}
