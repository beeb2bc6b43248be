/*
 * task: a task as its thread holds it, and what a demo may do with it; the
 * functions that demos call are declared in lockstep.h.
 */
#ifndef LOCKSTEP_TASK_H
#define LOCKSTEP_TASK_H

#include "lockstep/demo.h"
#include "pipeline/worker.h"
#include "slot/gil.h"

/* One per thread, filled in anew for each task. */
struct task {
	const struct params *params;
	struct worker_slot *slot;
	struct adder adder;
	struct gil *gil; /* of the process; NULL: there is none */
	uint32_t item, n, index;
	uint64_t cookie;
	unsigned place; /* of the item in the batch: where to look first */
	bool over;      /* the run is over: do nothing more */
};

/*
 * Do an item's or a task's work in this thread; false if the run is over.
 * gil: which this thread holds; NULL: there is none.
 */
bool work_do(
    struct gil *, struct gate *, struct thread_slot *, const struct work *);

#endif
