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

/* run_state.c: the state of the run, for every file to ask. */

/* Steps are being taken one after the other: do not wait. */
bool scheduler_busy(const struct supervisor *);

/* An undo repeats the run up to where it was: report nothing. */
bool scheduler_quiet(const struct supervisor *);

/* Threads stand at their gates. */
bool scheduler_on(const struct supervisor *);

/* The given schedule could not be followed, and no dashboard is attached. */
bool scheduler_failed(const struct supervisor *);

/* Something that threads may wait for has changed: let them look again. */
void scheduler_stir(struct supervisor *);

/* From here on the schedule alone does not determine the run. */
void scheduler_spoil(struct supervisor *, const char *why);

/* scheduler_commands.c: the beginning of a run, and commands. */

/* Once for all runs. NULL: no memory. */
struct scheduler *scheduler_new(const struct supervisor *);
void scheduler_free(struct scheduler *);

/* A run begins: its arena is laid out, nothing is forked. 0 or -ENOMEM. */
int scheduler_begin(struct supervisor *);

/* The lock kind is about to change: no thread begins an add meanwhile. */
void scheduler_lock_changes(struct supervisor *);

/* Workers or threads were added or must leave: dispatchers look around. */
void scheduler_workers_change(struct supervisor *);

/* Commands: 0 or -errno. */
int scheduler_set(struct supervisor *, int64_t on);
int scheduler_step(struct supervisor *, int64_t tid);
int scheduler_undo(struct supervisor *, int64_t steps);
void scheduler_restart(struct supervisor *); /* the next run as this one */

/* scheduler.c: do all that can be done now, both work and steps. */
void scheduler_advance(struct supervisor *);

/* report_schedule.c: SCHEDULE, STEP and TEXT_SCHEDULE frames. */
void report_schedule(struct supervisor *);

#endif
