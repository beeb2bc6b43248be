/*
 * frame_program: the frames about what a program has created: queues, locks,
 * executors, futures, rows of a comparison. frame.h includes it.
 */
#ifndef LOCKSTEP_FRAME_PROGRAM_H
#define LOCKSTEP_FRAME_PROGRAM_H

#include <stdint.h>

#pragma GCC visibility push(default)

enum frame_queue_flags {
	QUEUE_JOINABLE = 1,
	QUEUE_CLOSED = 2,
	QUEUE_PIPE = 4 /* bytes, not items; no task_done */
};

/* A queue between processes. At rest, put == got + depth. */
struct frame_queue {
	uint16_t index;
	uint8_t flags; /* enum frame_queue_flags */
	uint8_t reserved;
	uint32_t capacity; /* items or bytes; 0: unknown */
	uint64_t put, got, done;
	uint16_t putters, getters, joiners; /* threads that wait */
	uint16_t sentinels;                 /* put so far */
};

/* A lock of the program, not the one around the sum. */
struct frame_mutex {
	uint8_t index;
	uint8_t permits; /* of a semaphore, at most 255; 0: it is a lock */
	uint16_t waiters;
	int32_t holder;    /* tid, 0: free */
	uint32_t held_us;  /* by this holder */
	uint32_t orphaned; /* times that its holder died */
	uint64_t acquired, contended;
	uint64_t longest_us; /* longest wait */
};

enum frame_executor_kind {
	EXECUTOR_SEQUENTIAL = 0,
	EXECUTOR_THREADS,
	EXECUTOR_PROCESSES,
	EXECUTOR_HYBRID,
	EXECUTOR_KINDS
};

struct frame_executor {
	uint16_t index;
	uint8_t kind;                /* enum frame_executor_kind */
	uint8_t closed;              /* 1: shut down, takes nothing more */
	uint16_t processes, threads; /* threads: of each process */
	uint32_t pending, running;   /* futures */
	uint64_t done;               /* including failed and cancelled ones */
	uint32_t failed, cancelled;
	uint32_t retried; /* tasks restarted after a worker's death */
	uint32_t died;    /* workers */
};

enum frame_future_state {
	FUTURE_PENDING = 0,
	FUTURE_RUNNING,
	FUTURE_DONE,
	FUTURE_FAILED,
	FUTURE_CANCELLED,
	FUTURE_STATES
};

/* One of the first or the latest futures of an executor; not all are sent. */
struct frame_future {
	uint32_t number; /* nth submitted, from 1 */
	uint8_t executor;
	uint8_t state;        /* enum frame_future_state */
	uint16_t slot, index; /* of the thread that runs or ran it */
	uint16_t reserved;
	uint32_t order;   /* nth to finish, from 1; 0: not finished */
	int32_t error;    /* errno, if it failed */
	uint32_t wait_us; /* from submit to its start */
	uint32_t run_us;  /* from its start to its end, or so far */
	uint32_t size;    /* bytes of the result */
	int64_t value;    /* of a result of 4 or 8 bytes, as a number */
};

/* The work done in one way, while it runs and when it is done. */
struct frame_measure {
	uint8_t index; /* of the row, from 0 */
	uint8_t kind;  /* enum frame_executor_kind */
	uint8_t gil;   /* with an interpreter lock per process */
	uint8_t done;  /* 1: final */
	uint32_t tasks;
	uint64_t wall, cpu;              /* ns */
	uint64_t voluntary, involuntary; /* context switches */
};

#pragma GCC visibility pop

#endif
