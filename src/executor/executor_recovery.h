/*
 * executor_recovery: what the supervisor, which never waits, does with
 * executors.
 */
#ifndef LOCKSTEP_EXECUTOR_RECOVERY_H
#define LOCKSTEP_EXECUTOR_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "lockstep/executor.h"
#include "lockstep/frame.h"

const char *executor_name(const struct executor *);
void executor_frame(const struct executor *, struct frame_executor *);

/*
 * The futures that are reported, the first ones and the latest, with their
 * labels and why they failed ("": they did not). Each keeps its place as long
 * as it is reported; number 0 is an empty place. Returns how many places there
 * are.
 */
unsigned executor_futures(const struct executor *, struct frame_future *out,
    char (*labels)[48], char (*failures)[96], unsigned max);

/*
 * The threads with these ids are dead: the tasks that they were running fail or
 * are retried. Returns how many tasks those were.
 */
unsigned executor_recover(
    struct executor *, uint32_t first_id, uint32_t last_id);

/*
 * Must a dead worker be replaced? Yes, until the executor is shut down and all
 * its tasks are done, or it is orphaned or abandoned.
 */
bool executor_wants_workers(const struct executor *);

/*
 * No worker is left, and none will come: fail all pending futures. `cause` says
 * why and may be empty; NULL keeps the cause of an earlier call.
 */
void executor_abandon(struct executor *, const char *cause);

/* Does the process in this slot own it? */
bool executor_owner_is(const struct executor *, unsigned slot);

/* Its owner is dead: its workers must leave. */
void executor_orphan(struct executor *);

#endif
