/*
 * scheduler: in step mode the supervisor chooses which thread goes next.
 *
 * It chooses only when the run is settled: every live thread waits at its
 * gate, every process and thread that is being started is there, and every
 * dead one has been reaped and its affairs settled. The supervisor's own work
 * (putting items, forking a replacement) is done then, before it chooses.
 * After a step that may change what others wait for, every thread that waits
 * for a condition evaluates it again, and only then is the next one chosen.
 * So which threads may go follows from the steps taken so far, and from
 * nothing else.
 *
 * Points that are no step under --steps go by themselves, the lowest slot id
 * first, until only steps and blocked threads are left. A thread gets its
 * letter when it first stands at a step. A timed wait times out only when
 * nothing else can go, or when the user steps it.
 */
#ifndef LOCKSTEP_SCHEDULER_H
#define LOCKSTEP_SCHEDULER_H

#include <stdbool.h>
#include <stdint.h>

struct supervisor;
struct scheduler;

/* run_state.c: how the run stands, for everybody to ask. */

/* Steps are being taken one after the other: do not wait. */
bool scheduler_busy(const struct supervisor *);

/* The run is just being taken to where it was: not to be shown. */
bool scheduler_quiet(const struct supervisor *);

/* Threads stand at their gates. */
bool scheduler_on(const struct supervisor *);

/* The schedule that was given could not be followed, with nobody watching. */
bool scheduler_failed(const struct supervisor *);

/* Something that threads may wait for has changed: have them look again. */
void scheduler_stir(struct supervisor *);

/* From here on the schedule alone does not say what happens. */
void scheduler_spoil(struct supervisor *, const char *why);

/* scheduler_commands.c: reset for each run, and the user's commands. */

/* Once for all runs. NULL: no memory. */
struct scheduler *scheduler_new(const struct supervisor *);
void scheduler_free(struct scheduler *);

/* A run begins, its arena is laid out, nobody is forked. 0 or -ENOMEM. */
int scheduler_begin(struct supervisor *);

/* The lock's kind is to be changed: nobody begins an add meanwhile. */
void scheduler_lock_changes(struct supervisor *);

/* Workers or threads were added or are to leave: dispatchers look around. */
void scheduler_crew_changes(struct supervisor *);

/* Commands: 0 or -errno. */
int scheduler_set(struct supervisor *, int64_t on);
int scheduler_step(struct supervisor *, int64_t tid);
int scheduler_undo(struct supervisor *, int64_t steps);
void scheduler_restart(struct supervisor *); /* the next run is as this began */

/* run_stop.c: the run is told to end: nobody is to stand in the way. */
void scheduler_release(struct supervisor *);

/* scheduler.c: go on as far as can be: the run's own advance, and steps. */
void scheduler_advance(struct supervisor *);

/* report_schedule.c: LAB, STEP and TEXT_SCHEDULE frames. */
void scheduler_tell(struct supervisor *);

#endif
