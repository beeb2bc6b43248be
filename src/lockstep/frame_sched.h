/*
 * frame_sched: the frames of the race lab, which frame.h includes: threads
 * at their gates, schedules, times and orders of locks, a search of schedules.
 */
#ifndef LOCKSTEP_FRAME_SCHED_H
#define LOCKSTEP_FRAME_SCHED_H

#include <stdint.h>

#pragma GCC visibility push(default)

/*
 * The operation that a thread at its gate is about to do. One that another
 * thread can see is a step; a new one goes at the end.
 */
enum frame_point {
	POINT_NONE = 0,  /* not at a gate */
	POINT_LOAD,      /* register = sum */
	POINT_ADD,       /* register += amount */
	POINT_STORE,     /* sum = register */
	POINT_FETCH_ADD, /* sum += amount, in one */
	POINT_SWAP,      /* sum = register if it is still what was loaded */
	POINT_LOCK,
	POINT_UNLOCK,
	POINT_TAKE, /* a permit of a semaphore */
	POINT_GIVE,
	POINT_EAT,
	POINT_GET, /* of a queue, as are the three that follow */
	POINT_PUT,
	POINT_DONE,
	POINT_JOIN,
	POINT_TASK,  /* a pool thread takes a task of the item in hand */
	POINT_SLEEP, /* over as soon as it is granted */
	POINT_WAIT, /* for a thread, a process, a result, ...: its state says */
	POINT_COUNT
};

/* What the operation is on; POINT_LOAD and the like: the sum. */
enum frame_thing {
	THING_NONE = 0,
	THING_SUM,
	THING_LOCK,       /* the one around the sum */
	THING_ITEM_QUEUE, /* of items */
	THING_QUEUE,      /* from here on with a number */
	THING_MUTEX,
	THING_EXECUTOR,
	THING_PIPE,
	THING_COUNT
};

enum frame_scheduler {
	SCHEDULER_NONE = 0, /* the kernel: the gates are open */
	SCHEDULER_HAND,     /* step mode: only COMMAND_STEP makes one go */
	SCHEDULER_GIVEN,    /* a schedule is being repeated */
	SCHEDULER_RANDOM,
	SCHEDULER_ROUND_ROBIN,
	SCHEDULER_PCT,
	SCHEDULER_COUNT
};

enum frame_schedule_flags {
	SCHEDULE_SETTLED =
	    1, /* all are at their gates, or wait: somebody may go */
	SCHEDULE_STUCK = 2, /* settled, threads are left, and none can go */
	SCHEDULE_SPOILT =
	    4,              /* the schedule cannot be repeated: a kill, a switch
			  of locks, a start in mid-run came in between */
	SCHEDULE_BLIND = 8, /* no event inside the window of an add */
	SCHEDULE_ENDED = 16 /* the schedule that was given is at its end */
};

#define SCHEDULE_PIECE 480 /* bytes of a TEXT_SCHEDULE; the last is shorter */

/* What stands over the gates. Step counts are of this run. */
struct frame_schedule {
	uint8_t scheduler; /* enum frame_scheduler: the active one */
	uint8_t chooser;   /* likewise: who chooses for COMMAND_STEP 0 */
	uint8_t steps;     /* of an add: 2 or 3; 0: everything is a step */
	uint8_t flags;     /* enum frame_schedule_flags */
	uint16_t cpus;     /* that the engine may run on */
	uint16_t standing; /* threads at their gates that may go */
	uint64_t seed;
	uint32_t taken; /* steps */
	uint32_t given; /* steps of the schedule that is repeated */
	uint32_t switches;
	uint32_t length; /* bytes of TEXT_SCHEDULE in all */
	uint64_t gil;    /* ns, its interval; 0: there is no interpreter lock */
};

enum frame_step_flags {
	STEP_BLOCKED = 1, /* could not do it now: may not be chosen */
	STEP_SILENT = 2,  /* not a step under these `steps`: goes by itself */
	STEP_LAST = 4     /* whose the last step was */
};

/* pid and tid in the header are the thread's. */
struct frame_step {
	uint16_t slot, index;
	uint8_t point;   /* enum frame_point */
	uint8_t thing;   /* enum frame_thing */
	uint8_t object;  /* its number */
	uint8_t flags;   /* enum frame_step_flags */
	int32_t owner;   /* tid of the thread that blocks it, 0: none */
	uint16_t letter; /* in the schedule, from 1; 0: it took no step yet */
	uint16_t reserved;
	uint32_t steps; /* that it has taken */
	uint32_t reserved2;
	int64_t value;  /* ADD, STORE: the register; EAT: meals so far */
	int64_t amount; /* that is being added */
};

/* Bucket b counts times of [2^(b+7), 2^(b+8)) ns; the first and the last are
 * open. Of the events that were timed: all waits, some of the holds. */
#define TIMES_BUCKETS 24
#define TIMES_A_FRAME 4

struct frame_latency {
	uint16_t lock;  /* 0: the one around the sum; else a mutex's number */
	uint8_t hold;   /* 0: waits, 1: holds */
	uint8_t bucket; /* of n[0]; a multiple of TIMES_A_FRAME */
	uint32_t reserved;
	uint64_t n[TIMES_A_FRAME];
};

/*
 * tid in the header: who did so first. Taken in both orders they may block each
 * other for ever, unless there is a guard that they have in common.
 */
struct frame_lock_order {
	uint16_t held, taken; /* numbers of mutexes */
	uint8_t guards[4];    /* held besides, every time; 0: none */
	uint64_t times;
	uint64_t reserved2[3];
};

enum frame_explore_state {
	EXPLORE_RUNNING = 0,
	EXPLORE_COMPLETE, /* every schedule within the bounds was run */
	EXPLORE_LIMITED,  /* as many as --limit allows */
	EXPLORE_STOPPED,  /* by command or signal, before its end */
	EXPLORE_STATES
};

/*
 * TEXT_EXPLORE: 0 the demo in words, 1 what a step is, 2 the bounds, 3 the name
 * of the value that a schedule ends with, if any: "sum", 4 the options, for
 * programs: "demo=race,threads=2,..."; one schedule alone has no limit=.
 * TEXT_PARAM: what each thread does, in one line; TEXT_STEP: step by step.
 */
struct frame_explore {
	uint8_t state;   /* enum frame_explore_state */
	uint8_t reduced; /* schedules are classes */
	uint16_t outcomes;
	uint32_t threads;
	uint64_t done;
	uint64_t total; /* UINT64_MAX: not known */
	uint64_t losing;
	uint64_t deadlocks;
};

enum frame_outcome_flags {
	OUTCOME_DEADLOCK = 1,
	OUTCOME_LOSES = 2
};

/* All schedules that ended in the same way; TEXT_OUTCOME has the one with the
 * fewest switches. */
struct frame_outcome_row {
	uint16_t index; /* from 0 */
	uint8_t flags;  /* enum frame_outcome_flags */
	uint8_t reserved;
	uint32_t switches; /* of that one */
	int64_t value;
	int64_t lost;
	int64_t expected;
	uint64_t count; /* schedules */
};

#pragma GCC visibility pop

#endif
