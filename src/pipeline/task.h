/*
 * task: a task as its thread sees it, and what a demo can do in it. Demos call
 * the functions that lockstep/demo.h declares.
 */
#ifndef LOCKSTEP_TASK_H
#define LOCKSTEP_TASK_H

#include "lockstep/demo.h"
#include "pipeline/worker.h"
#include "slot/gil.h"

/* One per thread, filled in for each task. */
struct task {
	const struct params *params;
	struct worker_slot *slot;
	struct adder adder;
	struct gil *gil; /* of the process; NULL: there is none */
	uint32_t item, n, index;
	uint64_t cookie;
	unsigned place; /* the last item's, in the batch: look there first */
	bool over;      /* the run is over: do nothing more */
};

/*
 * Do the work of an item or a task in this thread; false if the run is over.
 * The thread holds `gil`, unless it is NULL.
 */
bool work_do(
    struct gil *, struct gate *, struct thread_slot *, const struct work *);

#endif
