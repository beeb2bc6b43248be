/*
 * frame_sched: the frames of the race lab: threads at their gates, schedules,
 * wait and hold times of locks, lock orders, a search of schedules. frame.h
 * includes it.
 */
#ifndef LOCKSTEP_FRAME_SCHED_H
#define LOCKSTEP_FRAME_SCHED_H

#include <stdint.h>

#pragma GCC visibility push(default)

/*
 * The operation that a thread at its gate is about to do. It is a step if
 * another thread could observe it. A new value goes at the end.
 */
enum frame_point {
	POINT_NONE = 0,  /* not at a gate */
	POINT_LOAD,      /* register = sum */
	POINT_ADD,       /* register += amount */
	POINT_STORE,     /* sum = register */
	POINT_FETCH_ADD, /* sum += amount, atomically */
	POINT_SWAP,      /* sum = register if it is still what was loaded */
	POINT_LOCK,
	POINT_UNLOCK,
	POINT_TAKE, /* a permit of a semaphore */
	POINT_GIVE,
	POINT_EAT,
	POINT_GET, /* from a queue; the next three are queue operations, too */
	POINT_PUT,
	POINT_DONE,
	POINT_JOIN,
	POINT_TASK,  /* a pool thread takes a task of the current item */
	POINT_SLEEP, /* over as soon as it is granted */
	POINT_WAIT,  /* for a thread, a process, a result, ...; see its state */
	POINT_COUNT
};

/* The object of the operation; for POINT_LOAD and the like, the sum. */
enum frame_thing {
	THING_NONE = 0,
	THING_SUM,
	THING_LOCK,       /* the one around the sum */
	THING_ITEM_QUEUE, /* of items */
	THING_QUEUE,      /* from here on, objects have numbers */
	THING_MUTEX,
	THING_EXECUTOR,
	THING_PIPE,
	THING_COUNT
};

enum frame_scheduler {
	SCHEDULER_NONE = 0, /* the kernel: the gates are open */
	SCHEDULER_HAND,     /* step mode: only COMMAND_STEP runs a thread */
	SCHEDULER_GIVEN,    /* a schedule is being replayed */
	SCHEDULER_RANDOM,
	SCHEDULER_ROUND_ROBIN,
	SCHEDULER_PCT,
	SCHEDULER_COUNT
};

enum frame_schedule_flags {
	SCHEDULE_SETTLED = 1, /* every thread is at its gate or waits */
	SCHEDULE_STUCK = 2,   /* settled, and none of the threads can run */
	SCHEDULE_SPOILT = 4,  /* the schedule cannot be replayed: there was a
				 kill, a switch of locks, a start in mid-run */
	SCHEDULE_BLIND = 8,   /* no event inside the window of an add */
	SCHEDULE_ENDED = 16   /* the schedule that is replayed has ended */
};

#define SCHEDULE_PIECE 480 /* bytes of a TEXT_SCHEDULE; the last is shorter */

/* The scheduler. Step counts are those of this run. */
struct frame_schedule {
	uint8_t scheduler; /* enum frame_scheduler: the active one */
	uint8_t chooser;   /* enum frame_scheduler: for COMMAND_STEP 0 */
	uint8_t steps;     /* of an add: 2 or 3; 0: everything is a step */
	uint8_t flags;     /* enum frame_schedule_flags */
	uint16_t cpus;     /* on which the engine may run */
	uint16_t standing; /* threads at their gates that can run */
	uint64_t seed;
	uint32_t taken; /* steps */
	uint32_t given; /* steps of the schedule that is replayed */
	uint32_t switches;
	uint32_t length; /* bytes of TEXT_SCHEDULE in all */
	uint64_t gil;    /* ns, its switch interval; 0: no interpreter lock */
};

enum frame_step_flags {
	STEP_BLOCKED = 1, /* it would wait, and so cannot be chosen */
	STEP_SILENT = 2,  /* not a step under these `steps`: runs by itself */
	STEP_LAST = 4     /* this thread took the last step */
};

/* pid and tid in the header are the thread's. */
struct frame_step {
	uint16_t slot, index;
	uint8_t point;   /* enum frame_point */
	uint8_t thing;   /* enum frame_thing */
	uint8_t object;  /* its number */
	uint8_t flags;   /* enum frame_step_flags */
	int32_t owner;   /* tid of the thread that blocks it, 0: none */
	uint16_t letter; /* in the schedule, from 1; 0: no step yet */
	uint16_t reserved;
	uint32_t steps; /* taken by this thread */
	uint32_t reserved2;
	int64_t value;  /* ADD, STORE: the register; EAT: meals so far */
	int64_t amount; /* of the add */
};

/* Bucket b counts times in [2^(b+7), 2^(b+8)) ns; the first and the last are
 * open. All waits are timed, and a sample of the holds. */
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
 * tid in the header: the first thread that did so. Two locks that are taken in
 * both orders may deadlock, unless both orders have a guard in common.
 */
struct frame_lock_order {
	uint16_t held, taken; /* numbers of mutexes */
	uint8_t guards[4];    /* mutexes held too, every time; 0: none */
	uint64_t times;
	uint64_t reserved2[3];
};

enum frame_explore_state {
	EXPLORE_RUNNING = 0,
	EXPLORE_COMPLETE, /* every schedule within the bounds was run */
	EXPLORE_LIMITED,  /* --limit schedules were run */
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
	uint64_t total; /* UINT64_MAX: unknown */
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
