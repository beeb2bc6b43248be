/*
 * model: everything that the frames have reported, and nothing else.
 *
 * Frames go in one at a time; views, the plain and the JSON front end read the
 * structs below through a const pointer. No curses, no file descriptors, no
 * clock: the only time is that of the frames. The same frames give the same
 * model.
 *
 * Everything is bounded: processes, log lines, trace events and histories. What
 * is evicted is counted. Strings come from outside; they are made printable
 * here, once, and can then be drawn safely.
 */
#ifndef LOCKSTEP_MODEL_H
#define LOCKSTEP_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockstep/frame.h"
#include "model/lints.h"
#include "model/lost_updates.h"

#define MODEL_MAX_PROCS   4096 /* alive and dead, one run */
#define MODEL_MAX_LOCKS   FRAME_MAX_LOCKS
#define MODEL_MAX_LINES   16  /* lesson, parameters, banners: each */
#define MODEL_MAX_LOG     512 /* lines */
#define MODEL_MAX_TRACE   4096
#define MODEL_MAX_SOURCES 64
#define MODEL_HISTORY     256          /* samples of a sparkline */
#define MODEL_SAMPLE_NS   250000000ULL /* between two samples */
#define MODEL_NAME        32           /* bytes, with the NUL */
#define MODEL_LINE        512

/* Of a program. Numbers of objects are from 1 to FRAME_MAX_OBJECTS. */
#define MODEL_OBJECTS      (FRAME_MAX_OBJECTS + 1)
#define MODEL_MAX_FUTURES  512 /* over all executors */
#define MODEL_MAX_MEASURES 16
#define MODEL_MAX_RESULTS  64
#define MODEL_MAX_REASONS  64
#define MODEL_MAX_OUTPUT   256 /* lines */
#define MODEL_LABEL        48
#define MODEL_WHY          256 /* bytes: why a future failed */

/* Schedules. */
#define MODEL_SCHEDULE   (1U << 16) /* bytes, with the NUL */
#define MODEL_MAX_ORDERS 256
#define MODEL_CELLS      128 /* steps of a schedule that are kept */
#define MODEL_CELL       40  /* bytes, with the NUL */

/* There may be thousands: members that every frame changes are adjacent. */
struct model_thread {
	int32_t tid; /* 0: this index was never seen */
	struct frame_thread now;
	uint64_t since;          /* ns at which now.state began */
	uint64_t reported;       /* ns of the first frame that reported it */
	struct frame_step *step; /* owned; NULL: see model_step() */
	char name[MODEL_NAME];   /* "slot.index" until the stream names it */
};

struct model_proc {
	char name[MODEL_NAME];
	int32_t pid;
	struct frame_proc now;
	uint64_t seen;                /* ns of the last PROC frame */
	struct model_thread *threads; /* by index; [0] is the main thread */
	unsigned nthreads;            /* length of threads[] */
};

enum model_line {
	LINE_EVENT,
	LINE_OUTPUT, /* printed by the program */
	LINE_REASON  /* why a thread waits forever */
};

struct model_log {
	uint64_t ns;
	enum model_line kind;
	char text[MODEL_LINE];
};

#define MODEL_LEFT_OUT 16 /* names kept */

/* What the run could not read, in whole or in part. */
struct model_left_out {
	uint64_t count;
	char why[MODEL_LEFT_OUT][64];
	char name[MODEL_LEFT_OUT][MODEL_LINE]; /* empty: unknown */
};

/*
 * Objects of a program. `known`: a frame has reported its state, not only its
 * name.
 */
struct model_queue {
	bool known;
	char name[MODEL_NAME];
	struct frame_queue now;
};

struct model_mutex {
	bool known;
	char name[MODEL_NAME];
	struct frame_mutex now;
};

struct model_executor {
	bool known;
	char name[MODEL_NAME];
	struct frame_executor now;
};

struct model_future {
	bool known;
	char label[MODEL_LABEL];
	char why[MODEL_WHY]; /* why it failed; empty: not reported */
	struct frame_future now;
	uint64_t seen; /* ns of the last frame */
};

struct model_result {
	char name[64]; /* empty: there is none with this number */
	int64_t value;
};

/* How long a lock was waited for and held: buckets of struct frame_latency. */
struct model_times {
	uint64_t wait[TIMES_BUCKETS];
	uint64_t hold[TIMES_BUCKETS];
};

/* A lock was acquired while another was held; `tid` did so first. */
struct model_order {
	int32_t tid;
	struct frame_lock_order now;
};

struct model_outcome {
	bool known;
	struct frame_outcome_row now;
	char schedule[MODEL_LINE]; /* with the fewest switches */
	char cause[MODEL_LINE];    /* empty: there is nothing to explain */
	unsigned ncells;           /* its steps: "b STORE sum: 1" */
	char cell[MODEL_CELLS][MODEL_CELL];
};

/* Why a thread waits forever. */
struct model_reason {
	uint16_t slot, index;
	uint64_t ns;
	char text[MODEL_LINE];
};

/*
 * Results of a lock kind: complete samples only, none of them near a switch or
 * in a pause, so that nothing is attributed to the wrong kind.
 */
struct model_kind {
	uint64_t ns; /* time in use, 0: not known yet */
	uint64_t adds, lost_updates, contended;
};

/* One number over time, one sample every MODEL_SAMPLE_NS, oldest first. */
struct model_history {
	double at[MODEL_HISTORY];
	unsigned n;
};

struct model {
	/* What runs. `live` is false before the first HELLO. */
	bool live;
	bool ended;  /* a BYE has come */
	bool broken; /* model_break(): it will not end, and nothing more will
			come */
	bool masked; /* a copy without what reveals the sum: see predict.h */
	struct frame_hello hello;
	struct frame_bye bye;
	char title[MODEL_LINE];
	char lesson[MODEL_MAX_LINES][MODEL_LINE];
	char param[MODEL_MAX_LINES][MODEL_LINE];
	char banner[MODEL_MAX_LINES][MODEL_LINE];
	char spoilt[MODEL_LINE]; /* TEXT_SPOILT */
	char lock_name[MODEL_MAX_LOCKS][MODEL_NAME];
	char lock_lesson[MODEL_MAX_LOCKS][MODEL_LINE];

	struct frame_control control;
	struct frame_item_queue item_queue;
	struct frame_sum sum;
	struct frame_lock lock;
	struct model_kind kind[MODEL_MAX_LOCKS];
	struct model_kind blind[MODEL_MAX_LOCKS]; /* of these, unobserved */

	/*
	 * procs[0..nprocs) in order of birth, owned by the model. slot[] points
	 * at the newest process of a slot, NULL where there was none.
	 */
	struct model_proc *procs[MODEL_MAX_PROCS];
	unsigned nprocs;
	uint64_t procs_dropped; /* dead ones evicted, the oldest first */
	uint64_t unplaced; /* frames of threads for which there was no place */
	struct model_proc *slot[FRAME_MAX_SLOTS];
	unsigned nslots; /* highest slot in use + 1 */
	char item_name[FRAME_MAX_SLOTS][256];
	struct model_left_out left_out;

	struct model_log log[MODEL_MAX_LOG]; /* ring: line i of log_total is */
	uint64_t log_total;                  /* log[i % MODEL_MAX_LOG] */

	/*
	 * A program: objects by their number, measures by their row; futures
	 * and output are rings, like log. Reasons: the oldest first.
	 */
	struct model_queue queue[MODEL_OBJECTS];
	struct model_mutex mutex[MODEL_OBJECTS];
	struct model_executor executor[MODEL_OBJECTS];
	struct model_future future[MODEL_MAX_FUTURES];
	uint64_t futures_total;
	struct frame_measure measure[MODEL_MAX_MEASURES];
	bool measured[MODEL_MAX_MEASURES];
	struct model_result result[MODEL_MAX_RESULTS];
	struct model_reason reason[MODEL_MAX_REASONS];
	unsigned nreasons;
	uint64_t reasons_dropped; /* there was no room for them */
	char hangs[MODEL_LINE];   /* why it hangs, or hung when stopped */
	struct model_log output[MODEL_MAX_OUTPUT];
	uint64_t output_total;

	/*
	 * Schedules. times[0] belongs to the lock around the sum, the others to
	 * the mutex of that number. `schedule` is what can be pasted to replay
	 * the run.
	 */
	struct frame_schedule lab;
	char schedule[MODEL_SCHEDULE];
	bool schedule_cut; /* it is longer than the buffer */
	char lock_flaw[MODEL_MAX_LOCKS][MODEL_LINE]; /* empty: it is exact */
	struct model_times times[MODEL_OBJECTS];
	struct model_order order[MODEL_MAX_ORDERS];
	unsigned norders;
	uint64_t orders_dropped; /* there was no room for them */
	bool explores;           /* an EXPLORE has come */
	struct frame_explore explore;
	char explore_text[MODEL_MAX_LINES][MODEL_LINE];
	struct model_outcome outcome[FRAME_MAX_OUTCOMES];

	/* What each thread does, up to an empty step. */
	char explore_step[MODEL_MAX_LINES][MODEL_CELLS][MODEL_CELL];
	unsigned effects_of; /* number of an outcome from 1; 0: none */
	char effect[MODEL_CELLS][MODEL_LINE]; /* TEXT_EFFECT of its steps */

	struct lost_updates
	    races; /* lost updates, reconstructed from the trace */
	struct lints lints;

	struct frame trace[MODEL_MAX_TRACE]; /* ring, as log */
	uint64_t trace_total;

	/* Histories and rates, per second of the frames' time. */
	struct model_history depth, lost, tasks_rate, lost_rate;
	double tasks_per_s, items_per_s, frames_per_s; /* 0 in a pause */

	/* The stream itself. */
	uint64_t frames;  /* good ones, of this run */
	uint64_t runs;    /* HELLO frames */
	uint64_t dropped; /* gaps in the sources' numbers, in this run */
	uint64_t first;   /* ns of the first and the newest frame */
	uint64_t now;
	uint64_t version; /* grows with every change: if it has not changed,
			     there is nothing to draw */
	struct {
		uint16_t source;
		uint32_t next; /* seq expected */
	} sources[MODEL_MAX_SOURCES];
	unsigned nsources;

	struct history *past;    /* what every thread did, and when */
	struct model_priv *priv; /* incomplete texts, marks for rates */
};

/* NULL if memory is short. model_free(NULL) is fine. */
struct model *model_new(void);
void model_free(struct model *);

/*
 * Reset: forgets the stream's counters as well. Only `version` continues, so
 * that a reader that compares it draws again.
 */
void model_reset(struct model *);

/* Apply a frame for which frame_check() has returned FRAME_OK. */
void model_apply(struct model *, const struct frame *);

/* A log line of our own, at the time of the newest frame. Not a frame. */
void model_note(struct model *, const char *text, size_t len);

/*
 * No more frames will come, and the run has not ended: its engine is gone. All
 * that was alive is STATE_KILLED from now on (frame_proc.ended stays ENDED_NOT:
 * how it ended is unknown), and there are no rates. Does nothing once the run
 * has ended.
 */
void model_break(struct model *);

/* Sums over all processes that ever lived in this run. */
uint64_t model_tasks(const struct model *);

/* Private mode: all copies together, the supervisor's among them. */
int64_t model_copies(const struct model *);

/*
 * Does it use the sum? A pipeline always does; a program once anything was
 * added.
 */
bool model_adds(const struct model *);

/* The sum or the copies, whichever the ledger of this mode uses. */
int64_t model_total(const struct model *);

/* Does total + lost == expected hold, fail, or is it not settled yet? */
enum model_ledger {
	LEDGER_HOLDS,
	LEDGER_SETTLING, /* an add is in progress in this snapshot */
	LEDGER_DOUBT,    /* off, but adds are in doubt */
	LEDGER_BROKEN
};
enum model_ledger model_ledger(const struct model *);

/* put == done + in flight + queued + poisoned */
bool model_items_hold(const struct model *);

/* ns since the run began; constant once it has ended. */
uint64_t model_elapsed(const struct model *);

/*
 * ns until all items are done at the pace so far, without pauses; 0 if not
 * known (no total, fewer items done than in progress, nothing left, paused).
 */
uint64_t model_left(const struct model *);

/* The thread with this tid, alive or dead, newest first; NULL if unknown. */
const struct model_thread *model_thread_by_tid(
    const struct model *, int32_t tid, const struct model_proc **proc);
const struct model_proc *model_proc_by_pid(const struct model *, int32_t pid);

/* What it is about to do; POINT_NONE: it is not at a gate. Never NULL. */
const struct frame_step *model_step(const struct model_thread *);

/* Newest log line first: n = 0 is the newest; NULL when there are no more. */
const struct model_log *model_log_line(const struct model *, unsigned n);
const struct frame *model_trace_event(const struct model *, unsigned n);

/* "mutex", or "lock 7" if the stream never named it. */
const char *model_lock_name(const struct model *, unsigned kind);

/* How many kinds the stream has named. */
unsigned model_kinds(const struct model *);

/* Adds per second under this kind, or -1 if it is not known yet. */
double model_kind_adds(const struct model *, unsigned kind);
/*
 * Results of this kind: exact, for the whole run, if there was no other kind;
 * else of complete samples only.
 */
struct model_kind model_kind_of(const struct model *, unsigned kind);
bool model_kind_exact(const struct model *, unsigned kind);

/*
 * For a program: the name of a numbered object, "numbers", or "queue 3" if the
 * stream never named it.
 */
const char *model_queue_name(const struct model *, unsigned number,
    char buf[MODEL_NAME]) __attribute__((warn_unused_result));
const char *model_mutex_name(const struct model *, unsigned number,
    char buf[MODEL_NAME]) __attribute__((warn_unused_result));
const char *model_executor_name(const struct model *, unsigned number,
    char buf[MODEL_NAME]) __attribute__((warn_unused_result));
const char *model_future_label(const struct model_future *,
    char buf[MODEL_LABEL]) __attribute__((warn_unused_result));

/* Why it failed, as a sentence; or its errno in words. */
const char *model_future_why(const struct model_future *);

uint64_t model_depth(const struct model_queue *);

/* Futures of all executors together. */
struct model_futures {
	unsigned executors;
	uint64_t pending, running, done, failed, cancelled;
};
struct model_futures model_futures(const struct model *);

/* Oldest future or line of output first; NULL when there are no more. */
const struct model_future *model_future_at(const struct model *, unsigned n);
const struct model_log *model_output_at(const struct model *, unsigned n);

/* The future that this thread runs; NULL: none is known. */
const struct model_future *model_future_of(
    const struct model *, unsigned slot, unsigned index);

/* Why this thread waits forever; NULL: it does not, as far as known. */
const char *model_reason(const struct model *, unsigned slot, unsigned index);

/* It hangs, or was stopped because it did. */
bool model_hung(const struct model *);
/* The reason in words. */
const char *model_hangs(const struct model *);

/* The value of a parameter in force; "" if it is not reported. */
const char *model_param(const struct model *, const char *name);

/* The final row of this kind, or the current one; NULL: none. */
const struct frame_measure *model_measure(
    const struct model *, enum frame_executor_kind, bool gil);
bool model_measured(const struct model *);
const char *model_kind_name(unsigned kind); /* enum frame_executor_kind */

/*
 * The first process of a program, the one that runs its main. NULL: none yet.
 */
const struct model_proc *model_main(const struct model *);
/* The process of the program that started this one; NULL: not known. */
const struct model_proc *model_starter(
    const struct model *, const struct model_proc *);

/* Live processes, without the supervisor, and their threads. */
void model_alive(const struct model *, unsigned *procs, unsigned *threads);

/*
 * Copy `len` bytes of outside text as printable UTF-8: C0, C1, DEL, bidi
 * controls and broken sequences become `?` (one per byte). Always
 * terminates; never cuts inside a character.
 */
void model_clean(char *dst, size_t size, const char *src, size_t len);

#endif
