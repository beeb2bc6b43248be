/*
 * supervisor: the engine's first process.
 *
 * One process, one thread, one poll loop: it forks, reaps, settles what the
 * dead have left, obeys commands, and reports. It waits for nothing but its
 * poll, and runs no code of a demo that has a program of its own.
 *
 * A run goes through stages, in order. A run of items (pipeline_run.c):
 *
 *	gather	the demo's source finds out what there is to do
 *	barrier	the workers are forked; nothing is put until all their
 *		threads are ready, so that all start together
 *	feed	items are put as the queue has room
 *	join	all is put; the queue is being joined
 *	leave	every worker has its sentinel; they are reaped
 *	over	nobody is left
 *
 * A run of a program (program_run.c): feed, while main lives; leave; over.
 */
#ifndef LOCKSTEP_SUPERVISOR_H
#define LOCKSTEP_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/util_priv.h"
#include "memory/arena.h"
#include "options/params_priv.h"
#include "pipeline/worker.h"
#include "slot/ledger.h"
#include "sum/lock_kinds.h"
#include "supervisor/hang_detector.h"
#include "wire/status.h"

#define DEATHS_LIMIT 5 /* of one slot ... */
#ifdef LOCKSTEP_HOOKS
#define DEATHS_SPAN UINT64_MAX /* a busy machine changes no test */
#else
#define DEATHS_SPAN (10 * NSEC_PER_SEC) /* ... in so long: given up */
#endif

/* Frames that tell the histograms of one lock. */
#define TALLY_TIMES (TIMES_ROWS * TIMES_BUCKETS / TIMES_A_FRAME)

enum stage {
	STAGE_GATHER,
	STAGE_BARRIER,
	STAGE_FEED,
	STAGE_JOIN,
	STAGE_LEAVE,
	STAGE_OVER
};

struct supervisor;

/*
 * What differs between a run of items, which the supervisor feeds to workers,
 * and a run of a demo's own program, which it only serves. NULL: nothing to do.
 */
struct run_ops {
	bool has_items; /* that workers get; else main starts what it needs */

	int (*begin)(struct supervisor *);    /* 0 or -errno */
	void (*end)(struct supervisor *);     /* free what is its own */
	void (*advance)(struct supervisor *); /* go on as far as can be */
	void (*tick)(struct supervisor *);    /* after a look was told */
	void (*tell)(struct supervisor *);    /* offer frames of its own */

	/* What a process of it does, in the child. Never returns. */
	void (*life)(
	    struct shared *, unsigned slot, pid_t parent, const struct child *);

	/* Before a death is told: what is still to be told of before it. */
	void (*last_words)(struct supervisor *);

	/*
	 * The process of a slot was reaped; its affairs other than the sum
	 * are to be settled (false: try again); the slot is free.
	 */
	void (*died)(struct supervisor *, unsigned slot);
	bool (*settle)(struct supervisor *, unsigned slot);
	void (*settled)(struct supervisor *, unsigned slot);

	uint64_t patience;  /* ns: between a stop and SIGKILL */
	bool stops_by_kill; /* which is the ordinary end then */

	enum frame_phase (*phase)(const struct supervisor *);
	enum frame_outcome (*outcome)(const struct supervisor *);
};

extern const struct run_ops feed_ops, program_ops;

/* What the supervisor knows of a slot for a process. */
struct process {
	char name[32];
	pid_t pid;      /* 0: none, or reaped */
	pid_t last_pid; /* also of the dead */
	uint32_t serial;
	bool stopped;    /* by SIGSTOP */
	bool recovering; /* dead, its affairs not settled yet */
	bool given_up;
	bool retired; /* gone on purpose: not replaced */
	bool started_once;
	uint8_t ended; /* enum frame_ended */
	uint16_t code;
	uint64_t deaths[DEATHS_LIMIT]; /* ns, the oldest overwritten */
	unsigned ndeaths;
	struct frame sent;          /* its PROC */
	struct frame *sent_threads; /* [stride] */
	uint64_t *tails;            /* of its slots' traces */
	uint64_t *untraced;
	uint64_t failed; /* calls of task_leave_out(), already reported */
	uint64_t cookie; /* of the item whose name was sent */
};

struct supervisor {
	const struct params_priv *options;
	const struct params *params; /* the part of them that demos read */
	const struct run_ops *ops;
	struct arena arena;
	struct shared *shared;
	struct report report;
	struct process *procs; /* [nslots]; [0] is ourselves */

	enum stage stage;
	unsigned run;
	uint64_t end;      /* ns; valid in STAGE_OVER */
	bool telling;      /* the last word: wait for room in the pipe */
	bool said_bye;     /* BYE is on its way */
	uint64_t start;    /* ns */
	uint32_t serials;  /* processes born in this run */
	uint64_t next;     /* item to put next, from 0 */
	uint64_t total;    /* items that will be put; 0: not known */
	uint64_t retry;    /* ns: when to try again to fork */
	bool soon;         /* something is pending: look again in 1 ms */
	bool stopping;     /* the run was told to end */
	bool restart;      /* ... in order to start again */
	bool leave;        /* ... and the engine with it */
	bool killed_all;   /* the stop took too long */
	int signal;        /* that told us to, 0: none */
	uint64_t stop_at;  /* ns: then SIGKILL */
	uint64_t deadline; /* ns: of --duration; 0: none */
	uint64_t ahead;    /* with --duration: items to have queued */
	uint64_t pace_done, pace_since; /* items, ns: of the last look */
	const char *call; /* that failed as the run began; NULL: not known */
	size_t asked;     /* bytes of memory, by that call; 0: none */
	char cause[96];   /* why threads cannot be started; "": they can */
	int fork_error;   /* errno of the last fork that failed */
	unsigned refused; /* forks, in a row */

	/* What was left behind by those who are gone. */
	struct ledger gone;
	uint64_t gone_tasks, gone_acquired, gone_contended;
	uint64_t gone_times[TIMES_ROWS][TIMES_BUCKETS];
	uint32_t gone_orphaned; /* of locks that are no more */
	struct gil_counts gone_gil, sent_gil;
	uint64_t sent_interval; /* ns: of the interpreter lock in force */
	/* Indexes of TEXT_PARAM: the interval and the counts. */
	uint32_t interval_param, gil_param;
	uint32_t in_doubt;
	uint64_t left_out;                 /* things, in this run */
	uint64_t left_cookies[WORKER_BAD]; /* of the last items among them */
	struct ledger books;               /* at the beginning of this look */
	unsigned adding;                   /* threads at the sum then */
	int64_t sum; /* shared, or the supervisor's, as last seen */
	struct item_queue_stats stats; /* as last read */

	struct scheduler *stepper;

	/* Of a program. */
	struct serve *serve;
	struct hang hang;

	/* Commands. */
	struct frame_reader commands;
	uint32_t ack;
	int32_t result;
	unsigned lock_other;
	int lock_kept; /* kind + 1 that the last run ended with; 0: none */

	/* What was last sent; see report_offer(). */
	struct frame sent_queue, sent_sum, sent_lock, sent_control, sent_self;
	struct frame sent_times[TALLY_TIMES];
	uint32_t holder_id; /* who had the lock at the last look, since when */
	uint64_t holder_turn, holder_since;
	uint64_t next_tick; /* ns */
	unsigned turn;      /* slot to begin with: a full pipe is shared */

	int signal_fd, bell_fd;
};

/*
 * Run the demo until it is done and nobody wants it again. Returns the exit
 * status; what went wrong at the start has been said in one line.
 */
int supervisor_main(const struct params_priv *);

/* children.c: births and deaths. */

/* What is known of every slot. 0 or -ENOMEM. */
int reap_alloc(struct supervisor *);
void reap_free(struct supervisor *);

/* Ids of the threads of a slot. */
static inline uint32_t
supervisor_first_id(const struct supervisor *p, unsigned slot)
{
	return (slot - 1) * p->shared->stride + 1;
}

static inline uint32_t
supervisor_last_id(const struct supervisor *p, unsigned slot)
{
	return slot * p->shared->stride;
}

/* Fork the process of an empty slot: main, a worker, or a child. 0 or -errno.
 */
int reap_fork(
    struct supervisor *, unsigned slot, const char *name, const struct child *);
void reap_collect(struct supervisor *); /* who has ended or was stopped */
void reap_recover(struct supervisor *); /* settle the affairs of the dead */
unsigned reap_alive(const struct supervisor *);
bool reap_all_gone(const struct supervisor *); /* and their affairs settled */
void reap_kill_all(struct supervisor *);

/* Counts a death; true if there were too many in too short a time. */
bool reap_too_many(struct process *);

/* report_threads.c: process slots and thread slots into frames. */
void observe_born(struct supervisor *, unsigned slot);
void observe_dead(struct supervisor *, unsigned slot);
void observe_worker(struct supervisor *, unsigned slot); /* what differs */
void observe_traces(struct supervisor *, unsigned slot);

/* report_run.c: a look at everything. */
bool observe_tick(struct supervisor *); /* true if something was told */
bool observe_bye(struct supervisor *);  /* true once it is with the reader */

/* report_totals.c: the books of all, the queue, the lock. */
struct ledger tally_ledger(const struct supervisor *);
void tally_begin(struct supervisor *); /* a look at everything begins */
void tally_sum(struct supervisor *);   /* and ends: was it a quiet one? */
void tally_queue(struct supervisor *);
void tally_lock(struct supervisor *);

/* What differs from what was sent of a lock's times; 0: around the sum. */
void tally_times(struct supervisor *, unsigned lock,
    uint64_t n[TIMES_ROWS][TIMES_BUCKETS], struct frame sent[TALLY_TIMES]);

/* report_names.c: what is said once. */
void announce_run(struct supervisor *); /* HELLO and all that goes with it */
void announce_worker(struct supervisor *, unsigned slot);
void announce_thread(struct supervisor *, unsigned slot, unsigned index);
void announce_item(struct supervisor *, unsigned slot);
void announce_gil(struct supervisor *);

/* report_left_out.c */
void left_out_found(struct supervisor *);             /* by the source */
void left_out_by(struct supervisor *, unsigned slot); /* by a worker's tasks */

/* report_program.c: what a program has made, as frames. */
void serve_tell(struct supervisor *);

/* run_stop.c: the run is told to end. */
void control_stop(struct supervisor *);
void control_wake(struct supervisor *); /* dispatchers and pools look around */

/* control.c */
void control_read(struct supervisor *);
void control_settle(struct supervisor *); /* a switch of locks under way */

/* run_state.c: how the run ended. */
enum frame_outcome supervisor_outcome(const struct supervisor *);

static inline struct thread_slot *
supervisor_ring(const struct supervisor *p, unsigned slot, unsigned index)
{
	return shared_ring(p->shared, slot, index);
}

/* How many slots there are, of all slots. */
static inline unsigned
supervisor_rings(const struct supervisor *p)
{
	return (p->shared->nslots - 1) * p->shared->stride;
}

/* tid of the thread with this id, 0 if there is none. */
static inline int32_t
supervisor_tid(const struct supervisor *p, uint32_t id)
{
	if (id == 0 || id > supervisor_rings(p))
		return 0;
	return atomic_load(&p->shared->tslots[id - 1].tid);
}

#endif
