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
 * Those of its futures that are told of, the first ones and the latest, with
 * their labels and why they failed ("": they did not), each at its place for as
 * long as it is told of (number 0: nobody's); how many places there are.
 */
unsigned executor_futures(const struct executor *, struct frame_future *out,
    char (*labels)[48], char (*failures)[96], unsigned max);

/*
 * The threads with these ids are dead: what they had in hand fails, or is
 * begun again. How many tasks that was.
 */
unsigned executor_recover(
    struct executor *, uint32_t first_id, uint32_t last_id);

/* Not shut down, or not all done yet: a dead worker is to be replaced. */
bool executor_wants_workers(const struct executor *);

/*
 * No worker is left, and none will come; why, which may be empty. NULL: it has
 * been said before, and there is more to fail.
 */
void executor_abandon(struct executor *, const char *cause);

/* Was it made by the process in this slot? Then, once that is dead: */
bool executor_owner_is(const struct executor *, unsigned slot);
void executor_orphan(struct executor *); /* its workers are to leave */

#endif
