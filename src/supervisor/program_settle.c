/* program_settle: what a process of a program leaves behind when it dies. */
#include "supervisor/program_run.h"

#include "executor/executor_recovery.h"
#include "program/mutex_priv.h"
#include "program/queue_priv.h"

static void
settle_queues(
    struct supervisor *p, unsigned slot, uint32_t first, uint32_t last)
{
	struct registry *w = p->shared->registry;
	struct queue *f;

	for (unsigned i = 0;
	     (f = registry_next(w, REGISTRY_QUEUE, &i)) != NULL;) {
		unsigned n = queue_recover(f, first, last);

		if (n > 0)
			report_log(&p->report,
			    "%u item%s that %s took and never marked done: "
			    "back in queue %s",
			    n, n == 1 ? "" : "s", p->procs[slot].name,
			    queue_name(f));
	}
}

static void
settle_mutexes(
    struct supervisor *p, unsigned slot, uint32_t first, uint32_t last)
{
	struct registry *w = p->shared->registry;
	struct mutex *m;

	for (unsigned i = 0;
	     (m = registry_next(w, REGISTRY_MUTEX, &i)) != NULL;)
		if (mutex_recover(m, first, last))
			report_log(&p->report,
			    "%s died while it held the lock %s: released",
			    p->procs[slot].name, mutex_name(m));
}

static void
settle_executors(
    struct supervisor *p, unsigned slot, uint32_t first, uint32_t last)
{
	struct registry *w = p->shared->registry;
	struct executor *e;

	for (unsigned i = 0;
	     (e = registry_next(w, REGISTRY_EXECUTOR, &i)) != NULL;) {
		if (executor_owner_is(e, slot))
			executor_orphan(e);
		unsigned n = executor_recover(e, first, last);
		if (n > 0)
			report_log(&p->report, "%s had %u task%s in hand",
			    p->procs[slot].name, n, n == 1 ? "" : "s");
	}
}

/* Those that it has started can no longer be joined by it. */
static void
orphan_children(struct supervisor *p, unsigned slot)
{
	for (unsigned i = 0; i < REGISTRY_CHILDREN; i++) {
		struct child *c = &p->shared->registry->children[i];
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
serve_settle(struct supervisor *p, unsigned slot)
{
	uint32_t first = supervisor_first_id(p, slot);
	uint32_t last = supervisor_last_id(p, slot);

	if (p->stopping)
		return true; /* what they had stays as it was, to be seen */
	orphan_children(p, slot);
	settle_queues(p, slot, first, last);
	settle_mutexes(p, slot, first, last);
	settle_executors(p, slot, first, last);
	return true;
}
