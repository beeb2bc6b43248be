/*
 * frame: the protocol between the engine and whatever watches it.
 *
 * A stream is a sequence of 64-byte frames, little-endian, fixed-width, without
 * pointers. 64 frames are 4096 bytes, which a pipe accepts or refuses as a
 * whole, so the batches of two writers are never mixed.
 *
 * State frames (all but TEXT and TRACE) carry the whole current state and
 * absolute counters: each one replaces the previous one of its subject, so the
 * next frame makes up for a lost one. Only TRACE frames are events. Every
 * source numbers its frames; a gap in the numbers is the number of dropped
 * frames.
 *
 * This header, frame_program.h, frame_sched.h and frame_text.h are all that a
 * foreign program needs.
 */
#ifndef LOCKSTEP_FRAME_H
#define LOCKSTEP_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockstep/frame_program.h"
#include "lockstep/frame_sched.h"
#include "lockstep/frame_text.h"

#pragma GCC visibility push(default)

#define FRAME_SIZE    64
#define FRAME_BATCH   64   /* frames in the longest atomic pipe write */
#define FRAME_VERSION 0xe1 /* the reader also looks for it in garbage */
#define FRAME_MAGIC   "LOCKSTEP"

#define FRAME_MAX_SLOTS    1024 /* worker slots; slot 0 is the supervisor */
#define FRAME_MAX_THREADS  8192 /* threads of one process */
#define FRAME_MAX_OBJECTS  255  /* queues, mutexes, executors: each, from 1 */
#define FRAME_MAX_OUTCOMES 256  /* of a search of schedules */
#define FRAME_MAX_LOCKS    32   /* kinds of the lock around the sum */
#define FRAME_MAX_ERRNO    4095

/* Pipes have numbers of queues, from the last one down; n counts from 1. */
#define FRAME_PIPE(n) (FRAME_MAX_OBJECTS + 1 - (n))

enum frame_type {
	FRAME_HELLO = 1, /* starts a run: a reader starts over */
	FRAME_BYE = 2,   /* ends a run; a new HELLO may follow */
	FRAME_TEXT = 3,  /* names, titles, log lines */

	FRAME_PROC = 16,
	FRAME_THREAD = 17,
	FRAME_ITEM_QUEUE = 18,
	FRAME_SUM = 19,
	FRAME_LOCK = 20,
	FRAME_CONTROL = 21, /* current settings; acknowledges commands */
	FRAME_QUEUE = 22,   /* from here on: what a demo's program created */
	FRAME_MUTEX = 23,
	FRAME_EXECUTOR = 24,
	FRAME_FUTURE = 25,
	FRAME_MEASURE = 26,    /* a row of a comparison */
	FRAME_SCHEDULE = 27,   /* the scheduler and its state */
	FRAME_STEP = 28,       /* what a thread at its gate is about to do */
	FRAME_LATENCY = 29,    /* wait and hold times of a lock: a histogram */
	FRAME_LOCK_ORDER = 30, /* one lock was taken while another was held */
	FRAME_EXPLORE = 31,    /* progress of a search of all schedules */

	FRAME_TRACE = 32,
	FRAME_OUTCOME = 33, /* one outcome of a search */

	FRAME_COMMAND = 64 /* the only one that travels to the engine */
};

/*
 * All types with their members of struct frame, for code that must know every
 * type: ONE(NAME, member).
 */
#define FRAME_TYPES(ONE)            \
	ONE(HELLO, hello)           \
	ONE(BYE, bye)               \
	ONE(TEXT, text)             \
	ONE(PROC, proc)             \
	ONE(THREAD, thread)         \
	ONE(ITEM_QUEUE, item_queue) \
	ONE(SUM, sum)               \
	ONE(LOCK, lock)             \
	ONE(CONTROL, control)       \
	ONE(QUEUE, queue)           \
	ONE(MUTEX, mutex)           \
	ONE(EXECUTOR, executor)     \
	ONE(FUTURE, future)         \
	ONE(MEASURE, measure)       \
	ONE(SCHEDULE, lab)          \
	ONE(STEP, step)             \
	ONE(LATENCY, times)         \
	ONE(LOCK_ORDER, order)      \
	ONE(EXPLORE, explore)       \
	ONE(TRACE, trace)           \
	ONE(OUTCOME, outcome)       \
	ONE(COMMAND, command)

/* State of a process or a thread. A new value goes at the end. */
enum frame_state {
	STATE_STARTING = 0,
	STATE_RUNNING,      /* computing, or between two waits */
	STATE_SLEEPING,     /* in work that sleeps */
	STATE_READING,      /* in a read of a file */
	STATE_WINDOW,       /* between the load and the store of an add */
	STATE_WAIT_LOCK,    /* for the lock around the sum */
	STATE_WAIT_QUEUE,   /* in get: for an item */
	STATE_WAIT_TASK,    /* a pool thread with nothing to do */
	STATE_WAIT_POOL,    /* a dispatcher whose tasks are being run */
	STATE_GATED,        /* held at a gate: paused */
	STATE_STALLED,      /* its process was stopped by SIGSTOP */
	STATE_EXITED,       /* ended by itself */
	STATE_KILLED,       /* ended otherwise: see frame_proc.ended */
	STATE_WAIT_PUT,     /* for room in a queue */
	STATE_WAIT_JOIN,    /* in join: for the last item to be marked done */
	STATE_WAIT_FUTURE,  /* for a result */
	STATE_WAIT_THREAD,  /* for a thread to end */
	STATE_WAIT_PROCESS, /* for a process to end or to start */
	STATE_WAIT_PIPE,    /* for something to read from a pipe */
	STATE_WRITING,      /* in a write to a pipe: it is full */
	STATE_WAIT_GIL,     /* for the interpreter lock of its process */
	STATE_NETWORK,      /* in a transfer */
	STATE_COUNT
};

enum frame_ended {
	ENDED_NOT = 0,
	ENDED_EXIT = 1,   /* frame_proc.code is the exit status */
	ENDED_SIGNAL = 2, /* frame_proc.code is the signal */
	ENDED_STOPPED = 3 /* by the engine, because the run ended */
};

enum frame_phase {
	PHASE_STARTING = 0, /* workers are being forked */
	PHASE_RUNNING,
	PHASE_DRAINING, /* all items are put; the queue is being joined */
	PHASE_DONE,     /* every worker is reaped */
	PHASE_COUNT
};

enum frame_sum_mode {
	SUM_SHARED = 0,
	SUM_PRIVATE = 1
};

/* How a run ended. */
enum frame_outcome {
	OUTCOME_DONE = 0,    /* every item done or poisoned */
	OUTCOME_STOPPED = 1, /* by command or signal, items left */
	OUTCOME_FAILED = 2, /* no worker left, items left; the program failed */
	OUTCOME_HUNG = 3    /* stopped while the program waited forever */
};

enum frame_trace_op {
	TRACE_GET = 1,  /* an item came from the queue; value: its number */
	TRACE_PUT,      /* an item went into the queue */
	TRACE_DONE,     /* an item was marked done */
	TRACE_TASK,     /* a task begins */
	TRACE_TASK_END, /* a task is over */
	TRACE_LOCK,     /* the lock was acquired */
	TRACE_UNLOCK,   /* the lock is about to be released */
	TRACE_LOAD,     /* seen: the value read */
	TRACE_STORE,    /* seen, value: the value read and the value written */
	TRACE_LOST,     /* a store over another thread's: value is the amount
			   lost, other the thread that was overwritten */
	TRACE_COUNT
};

/* `other`: who wrote the value that LOAD read, or that STORE replaced. */
enum frame_trace_flags {
	TRACE_LOSES = 1 /* STORE: its LOST comes next */
};

enum frame_command {
	COMMAND_LOCK = 1, /* arg: number of the lock kind */
	COMMAND_WINDOW,   /* arg: ns */
	COMMAND_SPEED,    /* arg: thousandths */
	COMMAND_PAUSE,    /* arg: 1 pauses, 0 resumes */
	COMMAND_STEP,     /* arg: tid of a thread at its gate, to do one
			     step; 0: the scheduler chooses */
	COMMAND_WORKERS,  /* arg: number of workers */
	COMMAND_THREADS,  /* arg: number of pool threads of each worker */
	COMMAND_KILL,     /* arg: pid of a worker */
	COMMAND_RESTART,
	COMMAND_STOP,    /* end the run and the engine */
	COMMAND_STEPPED, /* arg: 1 stops all threads at their gates, 0 resumes
			    them */
	COMMAND_UNDO,    /* arg: steps to undo: the run starts again */
	COMMAND_BLIND,   /* arg: 1: no event inside the window of an add */
	COMMAND_COUNT
};

struct frame_hello {
	char magic[8]; /* FRAME_MAGIC */
	uint16_t wire; /* FRAME_VERSION */
	uint16_t processes;
	uint16_t threads;
	uint16_t run;  /* plus 1 with every restart */
	char demo[24]; /* NUL-padded */
};

struct frame_bye {
	uint64_t elapsed; /* ns */
	uint64_t tasks;   /* done, by all threads, also those that ended */
	uint64_t dropped; /* frames that this source could not send */
	uint32_t outcome; /* enum frame_outcome */
	uint32_t reserved;
	uint64_t reserved2;
};

/* pid in the header. Slot 0 is the supervisor. */
struct frame_proc {
	uint16_t slot;
	uint16_t threads; /* pool threads alive */
	uint8_t state;    /* enum frame_state */
	uint8_t ended;    /* enum frame_ended */
	uint16_t code;    /* exit status or signal */
	int32_t ppid;
	uint32_t serial; /* nth process of this run: pids are reused */
	uint32_t item;   /* number of its current item, from 1; 0: none */
	uint32_t item_n; /* n of that item; in a program: slot of the process
			    that started this one, 0 for main */
	uint32_t items;  /* done by this process */
	uint32_t held;   /* items that it has; several if they are quick */
	int64_t sum;     /* private: its own copy; shared: what it added */
};

/*
 * pid and tid in the header; header.ns - since_us is when `state` began. The
 * counters belong to the place (slot and index) in the process: a thread that
 * takes the place of another continues them.
 */
struct frame_thread {
	uint16_t slot;
	uint16_t index;    /* 0: the main thread; from 1: pool threads */
	uint8_t state : 7; /* enum frame_state: bits 0 to 6 of the byte */
	uint8_t timed : 1; /* its wait for `owner` can time out: bit 7 */
	uint8_t object; /* number of the queue, mutex, executor or pipe that it
			   waits for, as the state says; 0: the run's own */
	uint16_t task;  /* its task in the item, from 1, at most 65535 */
	uint64_t tasks; /* done */
	uint64_t adds;  /* to the sum, done */
	int64_t lost;   /* amount that its stores overwrote */
	int32_t owner;  /* tid that it waits for, 0: none in particular */
	uint32_t since_us; /* time in `state` */
};

/* Read under the queue's lock: put == done + queued + in_flight + poisoned. */
struct frame_item_queue {
	uint64_t put;
	uint64_t done;
	uint32_t queued; /* the depth */
	uint32_t in_flight;
	uint32_t poisoned;
	uint32_t requeued; /* times that an item was put back */
	uint32_t total;    /* items that the run will put; 0: unknown yet */
	uint32_t capacity;
};

/*
 * Shared: sum + lost == expected whenever `adding` is 0 and no add is in doubt.
 * Private: `sum` is the supervisor's copy, and the copies of all processes
 * together + lost == expected.
 */
struct frame_sum {
	int64_t sum;
	int64_t expected;
	int64_t lost;
	uint64_t lost_updates;
	uint32_t in_doubt; /* adds cut short by a kill: done or not done */
	uint32_t adding;   /* threads inside an add; 0 only if none was while
			      this snapshot was taken: the identity holds */
};

struct frame_lock {
	uint16_t kind;   /* active; below FRAME_MAX_LOCKS, as `wanted` */
	uint16_t wanted; /* differs from kind during a switch */
	int32_t holder;  /* tid, 0: free */
	uint32_t waiters;
	uint32_t held_us; /* by this holder; 0 if unknown */
	uint64_t acquired;
	uint64_t contended; /* acquisitions that had to wait */
	uint32_t switches;  /* of the kind, in this run */
	uint32_t orphaned;  /* times that its holder died */
};

struct frame_control {
	uint32_t ack;       /* number of the last command, obeyed or refused */
	int32_t result;     /* 0, or the negative errno of that command */
	uint64_t window;    /* ns */
	uint64_t start;     /* CLOCK_MONOTONIC ns at which the run began */
	uint32_t speed;     /* thousandths */
	uint16_t processes; /* workers, as requested */
	uint16_t threads;   /* pool threads of each worker, as requested */
	uint8_t lock;       /* kind, as requested */
	uint8_t lock_other; /* last kind other than 0: where `l` returns to */
	uint8_t paused;
	uint8_t phase;    /* enum frame_phase */
	uint8_t sum_mode; /* enum frame_sum_mode */
	uint8_t barrier;  /* 1: waiting until all threads are ready */
	uint8_t program;  /* 1: a demo with a program of its own, no items */
	uint8_t hung;     /* 1: no thread can ever run; see TEXT_REASON */
};

/* pid and tid in the header are the thread's, ns is the time of the event. */
struct frame_trace {
	uint16_t op; /* enum frame_trace_op */
	uint16_t slot;
	uint16_t index;
	uint16_t flags; /* enum frame_trace_flags */
	int32_t other;  /* tid of the other side, 0: none */
	uint32_t item;
	uint32_t task;
	uint32_t reserved2;
	int64_t seen;
	int64_t value;
};

struct frame_command_body {
	uint32_t op; /* enum frame_command */
	uint32_t reserved;
	int64_t arg;
};

struct frame {
	uint8_t type;    /* enum frame_type */
	uint8_t version; /* FRAME_VERSION */
	uint16_t source; /* the writer: any constant of its own */
	uint32_t seq;    /* per source, from 0, wraps */
	uint64_t ns;     /* CLOCK_MONOTONIC of the writer's host */
	int32_t pid;     /* the process or thread that it describes */
	int32_t tid;
	union {
		struct frame_hello hello;
		struct frame_bye bye;
		struct frame_text_body text;
		struct frame_proc proc;
		struct frame_thread thread;
		struct frame_item_queue item_queue;
		struct frame_sum sum;
		struct frame_lock lock;
		struct frame_control control;
		struct frame_queue queue;
		struct frame_mutex mutex;
		struct frame_executor executor;
		struct frame_future future;
		struct frame_measure measure;
		struct frame_schedule lab;
		struct frame_step step;
		struct frame_latency times;
		struct frame_lock_order order;
		struct frame_explore explore;
		struct frame_outcome_row outcome;
		struct frame_trace trace;
		struct frame_command_body command;
		unsigned char bytes[40];
	};
};

_Static_assert(sizeof(struct frame) == FRAME_SIZE, "a frame is 64 bytes");
_Static_assert(STATE_COUNT <= 1 << 7, "frame_thread.state has 7 bits");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
    "frames are little-endian and are used in place");

/*
 * The result of checking a frame. Use a frame only if it is FRAME_OK.
 * FRAME_UNKNOWN is a well-formed frame of a type that this version does not
 * know: skip it. FRAME_BAD is damage: a value out of range, a wrong version.
 */
enum frame_verdict {
	FRAME_OK,
	FRAME_UNKNOWN,
	FRAME_BAD
};

/* Check type, version and every range, so that a reader may index by values. */
enum frame_verdict frame_check(const struct frame *);

/*
 * Reassembles frames from reads of any length, and resynchronizes after
 * garbage: from a bad frame on it looks, byte by byte, for the next good one.
 * Zero-initialise it. It owns nothing.
 */
struct frame_reader {
	unsigned char partial[FRAME_SIZE];
	size_t have;      /* bytes in `partial` */
	bool lost;        /* looking for the next good frame */
	uint64_t garbage; /* bytes skipped so far */
	uint64_t unknown; /* frames of unknown type so far */
	uint64_t offset;  /* of the next byte in the stream */
	uint64_t damage;  /* offset of the first garbage, if any */
};

/*
 * Read the frames in buf[0..len) and call `fn` for each good one, in order. The
 * frame is valid during the call only.
 */
void frame_read(struct frame_reader *, const void *buf, size_t len,
    void (*fn)(const struct frame *, void *arg), void *arg);

/*
 * Split a text into TEXT frames, at most FRAME_TEXT_PARTS, and drop the rest.
 * Fills out[] and returns the number of frames. Sets only type, version, pid
 * and the body.
 */
int frame_from_text(struct frame out[FRAME_TEXT_PARTS], enum frame_text kind,
    uint32_t index, const char *text);

#pragma GCC visibility pop

#endif
