/* scheduler_priv: shared by the files of the scheduler. */
#ifndef LOCKSTEP_SCHEDULER_PRIV_H
#define LOCKSTEP_SCHEDULER_PRIV_H

#include "schedule/policy.h"
#include "schedule/schedule.h"
#include "supervisor/scheduler.h"
#include "supervisor/supervisor.h"

#define SCHEDULER_WANTS 64 /* commands that wait for a settled moment */

/* Of the thread of a slot; the next thread in the slot starts from 0. */
struct step_thread {
	int32_t tid;
	unsigned letter; /* 0: none yet */
	uint32_t steps;
	struct frame sent; /* its STEP */
};

struct scheduler {
	/* From run to run. */
	enum frame_scheduler next;    /* of the next run; NONE: open gates */
	enum frame_scheduler chooser; /* by itself, or for COMMAND_STEP 0 */
	bool watched;                 /* a dashboard can choose the steps */
	struct schedule given;
	bool undoing; /* `given` is what was left of the last run */
	struct schedule
	    script; /* --step --schedule: for COMMAND_STEP 0 to take */

	/* Of this run. */
	enum frame_scheduler scheduler;
	struct schedule_cursor at; /* in `given` */
	struct schedule_cursor
	    line; /* in `script`, as long as all went by it */
	bool strayed;
	struct schedule taken;
	uint32_t ntaken; /* steps, also those that there is no room to keep */
	struct policy choose;
	struct step_thread *threads; /* [supervisor_tslot_count()] */
	uint32_t *of_letter;         /* id of the thread; [letter - 1] */
	unsigned nletters, letters_room;
	struct thread_slot **live; /* at this settled moment, by id */
	unsigned nlive;
	unsigned *letters; /* to choose from; as long */

	struct thread_slot *granted; /* not back at its gate yet, or NULL */
	uint32_t did, did_thing;
	uint32_t last; /* id of the thread that took the last step */
	unsigned nready;
	bool stirred;
	bool settled; /* all stand; the next step must come from a command */
	bool busy;
	bool looked; /* no thread could go: everything was looked at again */
	bool stuck, spoilt, ended, failed;
	bool used; /* gates were closed in this run */
	bool shown_stopped;
	int32_t wants[SCHEDULER_WANTS];
	unsigned nwants;

	/* What was reported: report_schedule.c. */
	struct frame sent_schedule;
	char *prefix;    /* of the schedule: "race,threads=2:" */
	size_t reported; /* bytes of it that were sent */
};

/* scheduler_points.c */

static inline bool
scheduler_stands(const struct thread_slot *r)
{
	return atomic_load(&r->stand) == STAND_HERE;
}

static inline bool
scheduler_has_left(const struct thread_slot *r)
{
	return atomic_load_explicit(&r->state, memory_order_acquire) ==
	    STATE_EXITED;
}

static inline unsigned
scheduler_thing(const struct thread_slot *r)
{
	return atomic_load(&r->thing) >> 8;
}

/* Is it a step, as --steps says? */
bool scheduler_is_step(const struct supervisor *, const struct thread_slot *);

struct step_thread *scheduler_thread(
    const struct supervisor *, const struct thread_slot *);

/* The thread of a letter that is alive; NULL: there is none. */
struct thread_slot *scheduler_find(const struct supervisor *, unsigned letter);

/* A thread may be chosen: it stands, and is ready or may time out. */
bool scheduler_may_go(const struct thread_slot *);

/* Resume it; `letter` 0: this is not a step. */
void scheduler_grant(
    struct supervisor *, struct thread_slot *, unsigned letter);

/* A thread that goes without being chosen; `blocked`: 0, or 2 for the last. */
struct thread_slot *scheduler_find_silent(
    const struct supervisor *, uint32_t blocked);

/* Letters of the threads at a step whose `blocked` is this, ascending. */
unsigned scheduler_list_letters(struct supervisor *, uint32_t blocked);

/* The letter of the next step in the script; 0: it has ended or was left. */
unsigned scheduler_prompt(const struct scheduler *);

/* A step was taken: go on in the script, or leave it. */
void scheduler_read_on(struct scheduler *, unsigned letter);

/* scheduler_script.c */

/*
 * Take the next step of the given schedule, end it, or log why it does not fit.
 * True if a thread was resumed.
 */
bool scheduler_follow(struct supervisor *);

/* The run is over: log it if the given schedule is not. */
void scheduler_over(struct supervisor *);

#endif
