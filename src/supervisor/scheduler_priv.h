/* scheduler_priv: what is shared by the files of the scheduler. */
#ifndef LOCKSTEP_SCHEDULER_PRIV_H
#define LOCKSTEP_SCHEDULER_PRIV_H

#include "schedule/policy.h"
#include "schedule/schedule.h"
#include "supervisor/scheduler.h"
#include "supervisor/supervisor.h"

#define STEPPER_WANTS 64 /* commands that wait for a settled moment */

/* Of the thread of a slot; another thread there starts at zero. */
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
	bool watched;                 /* somebody can say who is to go */
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
	struct step_thread *threads; /* [supervisor_rings()] */
	uint32_t *of_letter;         /* id of the thread; [letter - 1] */
	unsigned nletters, letters_room;
	struct thread_slot **live; /* at this settled moment, by id */
	unsigned nlive;
	unsigned *letters; /* to choose from; as long */

	struct thread_slot *granted; /* has not come back yet, or NULL */
	uint32_t did, did_thing;
	uint32_t last; /* id: who took the last step */
	unsigned nready;
	bool stirred;
	bool settled; /* and it is somebody else's turn to say who goes */
	bool busy;
	bool looked; /* nobody could go: everything was looked at again */
	bool stuck, spoilt, ended, failed;
	bool used; /* gates were closed in this run */
	bool shown_stopped;
	int32_t wants[STEPPER_WANTS];
	unsigned nwants;

	/* What was told. */
	struct frame sent_schedule;
	char *prefix; /* of the schedule: "race,threads=2:" */
	size_t told;  /* bytes of it that are with the reader */
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

/* Is it a step under the `steps` in force? */
bool scheduler_is_step(const struct supervisor *, const struct thread_slot *);

struct step_thread *scheduler_thread(
    const struct supervisor *, const struct thread_slot *);

/* The thread of a letter that is alive; NULL: there is none. */
struct thread_slot *scheduler_find(const struct supervisor *, unsigned letter);

/* A thread may be chosen: it stands, and is ready or may time out. */
bool scheduler_may_go(const struct thread_slot *);

/* Let it go; `letter` 0: not a step. */
void scheduler_grant(
    struct supervisor *, struct thread_slot *, unsigned letter);

/* Who goes without being chosen: `blocked` 0, or 2 for want of others. */
struct thread_slot *scheduler_find_silent(
    const struct supervisor *, uint32_t blocked);

/* Letters of those at a step whose `blocked` is this, ascending. */
unsigned scheduler_list_letters(struct supervisor *, uint32_t blocked);

/* Whose step is next in the script; 0: it is over, or left. */
unsigned scheduler_prompt(const struct scheduler *);

/* A step was taken: was it the script's? */
void scheduler_read_on(struct scheduler *, unsigned letter);

/* scheduler_script.c */

/*
 * The next step of the schedule that is given, or its end, or what is wrong
 * with it. True if somebody was let go.
 */
bool scheduler_follow(struct supervisor *);

/* The run is over: was the schedule, too? */
void scheduler_over(struct supervisor *);

#endif
