/* program_settle: recovers what a dead process of a program held. */
#include "supervisor/program_run.h"

#include "executor/executor_recovery.h"
#include "program/mutex_priv.h"
#include "program/queue_priv.h"

static void
settle_queues(
    struct supervisor *sv, unsigned slot, uint32_t first, uint32_t last)
{
	struct registry *w = sv->shared->registry;
	struct queue *f;

	for (unsigned i = 0;
	     (f = registry_next(w, REGISTRY_QUEUE, &i)) != NULL;) {
		unsigned n = queue_recover(f, first, last);

		if (n > 0)
			report_log(&sv->report,
			    "%u item%s that %s took and never marked done: "
			    "back in queue %s",
			    n, n == 1 ? "" : "s", sv->procs[slot].name,
			    queue_name(f));
	}
}

static void
settle_mutexes(
    struct supervisor *sv, unsigned slot, uint32_t first, uint32_t last)
{
	struct registry *w = sv->shared->registry;
	struct mutex *m;

	for (unsigned i = 0;
	     (m = registry_next(w, REGISTRY_MUTEX, &i)) != NULL;)
		if (mutex_recover(m, first, last))
			report_log(&sv->report,
			    "%s died while it held the lock %s: released",
			    sv->procs[slot].name, mutex_name(m));
}

static void
settle_executors(
    struct supervisor *sv, unsigned slot, uint32_t first, uint32_t last)
{
	struct registry *w = sv->shared->registry;
	struct executor *e;

	for (unsigned i = 0;
	     (e = registry_next(w, REGISTRY_EXECUTOR, &i)) != NULL;) {
		if (executor_owner_is(e, slot))
			executor_orphan(e);
		unsigned n = executor_recover(e, first, last);
		if (n > 0)
			report_log(&sv->report,
			    "%s died with %u unfinished task%s",
			    sv->procs[slot].name, n, n == 1 ? "" : "s");
	}
}

/* It can no longer join the children that it started. */
static void
orphan_children(struct supervisor *sv, unsigned slot)
{
	for (unsigned i = 0; i < REGISTRY_CHILDREN; i++) {
		struct child *c = &sv->shared->registry->children[i];
		uint32_t state = atomic_load(&c->state);

		if (state == CHILD_FREE || atomic_load(&c->asker) != slot)
			continue;
		atomic_store(&c->orphan, 1);
		if (state == CHILD_FILLING || state == CHILD_REFUSED ||
		    state == CHILD_ENDED)
			atomic_store(&c->state, CHILD_FREE);
	}
}

bool
program_settle(struct supervisor *sv, unsigned slot)
{
	uint32_t first = supervisor_first_id(sv, slot);
	uint32_t last = supervisor_last_id(sv, slot);

	if (sv->stop.begun)
		return true; /* what they held stays visible */
	orphan_children(sv, slot);
	settle_queues(sv, slot, first, last);
	settle_mutexes(sv, slot, first, last);
	settle_executors(sv, slot, first, last);
	return true;
}
