/*
 * supervisor: the engine's first process.
 *
 * src/supervisor: forks the workers or the program, reaps them, recovers what a
 * dead process held, carries out commands and reports. It may use all other
 * folders of src/.
 *
 * One process, one thread, one poll loop. It never waits anywhere but in its
 * poll, and runs no code of a demo that has a program of its own.
 *
 * A run goes through stages, in this order. A run of items (pipeline_run.c):
 *
 *	gather	the demo's source finds out what there is to do
 *	barrier	the workers are forked; nothing is put until all their
 *		threads are ready, so that all start together
 *	feed	items are put as the queue has room
 *	join	all items are put; the queue is being joined
 *	leave	every worker has its sentinel; the workers are reaped
 *	over	no process is left
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
#include "slot/gil.h"
#include "slot/ledger.h"
#include "sum/lock_kinds.h"
#include "supervisor/hang_detector.h"
#include "wire/status.h"

/* A worker that dies so often in so short a time is not replaced. */
#define DEATHS_LIMIT 5
#ifdef LOCKSTEP_HOOKS
#define DEATHS_SPAN UINT64_MAX /* a busy machine changes no test */
#else
#define DEATHS_SPAN (10 * NSEC_PER_SEC)
#endif

/* Frames that report the histograms of one lock. */
#define LATENCY_FRAMES (TIMES_ROWS * TIMES_BUCKETS / TIMES_A_FRAME)

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
 * How a run of items, which the supervisor feeds to workers, differs from a run
 * of a demo's own program. NULL in end, report_output and settled: nothing to
 * do.
 */
struct run_ops {
	bool has_items; /* that workers get; else main starts what it needs */

	int (*begin)(struct supervisor *);    /* 0 or -errno */
	void (*end)(struct supervisor *);     /* free what it has allocated */
	void (*advance)(struct supervisor *); /* do all that can be done now */
	void (*tick)(struct supervisor *);    /* after each report */
	void (*report)(struct supervisor *);  /* offer frames of its own */

	/* What a process of it does, in the child. Never returns. */
	void (*life)(
	    struct shared *, unsigned slot, pid_t parent, const struct child *);

	/* Report what the processes have printed, before a death is logged. */
	void (*report_output)(struct supervisor *);

	/*
	 * The process of a slot was reaped; recover what it held, other than
	 * the sum's lock (false: try again later); the slot is free.
	 */
	void (*died)(struct supervisor *, unsigned slot);
	bool (*settle)(struct supervisor *, unsigned slot);
	void (*settled)(struct supervisor *, unsigned slot);

	uint64_t patience;  /* ns: between a stop and SIGKILL */
	bool stops_by_kill; /* which is how a stop ordinarily ends */

	enum frame_phase (*phase)(const struct supervisor *);
	enum frame_outcome (*outcome)(const struct supervisor *);
};

extern const struct run_ops pipeline_ops, program_ops;

/* What the supervisor knows of a slot for a process. */
struct process {
	/* children.c */
	char name[32];
	pid_t pid;      /* 0: none, or reaped */
	pid_t last_pid; /* also of the dead */
	uint32_t serial;
	bool stopped;    /* by SIGSTOP */
	bool recovering; /* dead; what it held is not recovered yet */
	bool given_up;   /* it died too often */
	bool retired;    /* it left on purpose: not replaced */
	uint8_t ended;   /* enum frame_ended */
	uint16_t code;
	uint64_t deaths[DEATHS_LIMIT]; /* ns, the oldest overwritten */
	unsigned ndeaths;

	/* What was last reported of it: report_*.c. */
	struct frame sent;          /* its PROC */
	struct frame *sent_threads; /* [stride] */
	uint64_t *tails;            /* of its slots' traces */
	uint64_t *untraced;
	uint64_t failed; /* calls of task_leave_out() */
	uint64_t cookie; /* of the item whose name was sent */
};

/*
 * When the loop looks again. Written by supervisor.c; the others call
 * supervisor_look_soon() and supervisor_look_now().
 */
struct loop {
	bool soon;          /* something is pending: look again in 1 ms */
	uint64_t next_look; /* ns */
	int signal_fd, bell_fd;
};

/* The call that failed as a run began. Written by supervisor.c. */
struct failed_call {
	const char *call; /* NULL: not known */
	size_t bytes;     /* of memory that it asked for; 0: none */
};

/* How far the run has come. Written by run_state.c. */
struct run_progress {
	enum stage stage;
	uint64_t start, end; /* ns; the end is valid in STAGE_OVER */
};

/* How the run is made to end. Written by run_stop.c. */
struct stop {
	bool begun;       /* the run was asked to end */
	bool restart;     /* and another one is to begin after it */
	bool leave;       /* and the engine is to end after it */
	bool killed;      /* it took too long: all processes were killed */
	int signal;       /* that asked for it; 0: none */
	uint64_t kill_at; /* ns: SIGKILL then */
};

/* What is put into the queue of items. Written by pipeline_run.c. */
struct item_feed {
	uint64_t next;                  /* item to put next, from 0 */
	uint64_t total;                 /* that will be put; 0: not known */
	uint64_t deadline;              /* ns: of --duration; 0: none */
	uint64_t ahead;                 /* with --duration: items to queue */
	uint64_t pace_done, pace_since; /* items, ns: at the last look */
	uint64_t retry_fork;            /* ns */
};

/* Processes that were forked or not, in this run. Written by children.c. */
struct births {
	uint32_t serials;    /* processes born */
	int fork_error;      /* errno of the last fork that failed; 0: solved */
	unsigned refused;    /* forks that failed, in a row */
	char no_threads[96]; /* why threads cannot be started; "": they can */
};

/* What the dead of this run had done. Written by children.c. */
struct dead {
	struct ledger ledger;
	uint64_t tasks, acquired, contended;
	uint64_t times[TIMES_ROWS][TIMES_BUCKETS];
	uint32_t orphaned; /* of locks that no longer exist */
	uint32_t in_doubt; /* adds */
	struct gil_counts gil;
};

/* Handovers of the interpreter locks. Written by report_names.c. */
struct gil_report {
	struct gil_counts sent;
	uint32_t param; /* index of its TEXT_PARAM */
};

/* Things left out of this run. Written by report_left_out.c. */
struct omissions {
	uint64_t n;
	uint64_t cookies[WORKER_BAD]; /* of the last items among them */
};

/* Sums over all threads, and what was last sent. Written by report_totals.c. */
struct totals {
	struct ledger before;          /* at the beginning of this look */
	unsigned adding;               /* threads at the sum then */
	int64_t sum;                   /* shared, or the supervisor's */
	struct item_queue_stats queue; /* as last read */
	struct frame sent_queue, sent_sum, sent_lock;
	struct frame sent_latency[LATENCY_FRAMES];
};

/* Who held the lock at the last look. Written by report_totals.c. */
struct lock_watch {
	uint32_t holder;      /* id of the thread; 0: none */
	uint64_t turn, since; /* its acquisitions then; ns */
};

/* What else was last sent; see report_offer(). Written by report_run.c. */
struct reported {
	struct frame control, self;
	unsigned turn; /* slot to begin with: a full pipe is shared */
	bool bye;      /* BYE is pushed */
};

/* From the dashboard. Written by run_commands.c. */
struct commands {
	struct frame_reader reader;
	uint32_t ack;
	int32_t result;
	unsigned lock_other; /* kind that the key `l` turns on */
	int lock_kept; /* kind + 1 that the last run ended with; 0: none */
};

struct supervisor {
	const struct params_priv *options;
	const struct params *params; /* the part of them that demos read */
	const struct run_ops *ops;
	struct arena arena;
	struct shared *shared;
	struct report report;
	struct process *procs; /* [nslots]; [0] is ourselves */
	unsigned run;          /* number of this run, from 0 */

	struct loop loop;
	struct failed_call failed;
	struct run_progress progress;
	struct stop stop;
	struct item_feed feed;
	struct births births;
	struct dead dead;
	struct omissions left_out;
	struct totals totals;
	struct lock_watch lock_watch;
	struct reported reported;
	struct gil_report gil_report;
	struct commands commands;
	struct scheduler *scheduler;
	struct program_run *program; /* NULL in a run of items */
	struct hang hang;            /* of a program */
};

/*
 * Run the demo until the run is over and no restart is asked for. Returns the
 * exit status; a failure at the start was reported in one line on standard
 * error.
 */
int supervisor_main(const struct params_priv *);

/* Something is pending: look again in 1 ms. */
static inline void
supervisor_look_soon(struct supervisor *sv)
{
	sv->loop.soon = true;
}

/* Something has happened: report it at once. */
static inline void
supervisor_look_now(struct supervisor *sv)
{
	sv->loop.next_look = 0;
}

/* children.c: births and deaths. */

/* Room for what is known of every slot. 0 or -ENOMEM. */
int children_alloc(struct supervisor *);
void children_free(struct supervisor *);

/*
 * Fork the process of an empty slot: main, a worker, or a child. 0 or -errno,
 * which stands in births.fork_error until children_all_forked().
 */
int children_fork(
    struct supervisor *, unsigned slot, const char *name, const struct child *);

/* No process is missing any more. True if one could not be forked before. */
bool children_all_forked(struct supervisor *);
void children_check_threads(struct supervisor *); /* could all be started? */
void children_reap(struct supervisor *);    /* those that ended or stopped */
void children_recover(struct supervisor *); /* what the dead held */
unsigned children_alive(const struct supervisor *);
bool children_all_gone(const struct supervisor *); /* and recovered */
void children_kill_all(struct supervisor *);

/* The process of this slot left on purpose. */
void children_retired(struct supervisor *, unsigned slot);

/* Counts a death. True if it was one too many: the slot is given up. */
bool children_give_up(struct supervisor *, unsigned slot);
void children_try_again(struct supervisor *, unsigned slot);

/* report_threads.c: process slots and thread slots as frames. */
void report_born(struct supervisor *, unsigned slot);
void report_dead(struct supervisor *, unsigned slot);
void report_process(struct supervisor *, unsigned slot); /* what differs */
void report_traces(struct supervisor *, unsigned slot);

/* report_run.c: a look at everything. */
bool report_tick(struct supervisor *); /* true if something was reported */
bool report_bye(struct supervisor *);  /* true once the reader has it */

/* report_totals.c: the ledgers of all threads, the queue, the lock. */
struct ledger totals_ledger(const struct supervisor *);
void totals_begin(struct supervisor *); /* a look at everything begins ... */
void report_sum(struct supervisor *);   /* ... and ends */
void report_item_queue(struct supervisor *);
void report_lock(struct supervisor *);

/* What differs from what was sent of a lock's times; 0: around the sum. */
void report_latency(struct supervisor *, unsigned lock,
    uint64_t n[TIMES_ROWS][TIMES_BUCKETS], struct frame sent[LATENCY_FRAMES]);

/* report_names.c: what is reported once. */
void report_hello(struct supervisor *); /* HELLO and all that goes with it */
void report_gil(struct supervisor *);
void report_process_name(struct supervisor *, unsigned slot);
void report_thread_name(struct supervisor *, unsigned slot, unsigned index);
void report_item_name(struct supervisor *, unsigned slot);

/* report_left_out.c: what the source left out, and a worker's tasks. */
void report_found(struct supervisor *);
void report_left_out(struct supervisor *, unsigned slot);

/* run_state.c: how far the run has come, and how it ended. */
void run_begin(struct supervisor *);
void run_enter(struct supervisor *, enum stage);
enum frame_outcome run_outcome(const struct supervisor *);

/* run_stop.c: how the run is made to end. */
void run_stop(struct supervisor *);
void run_restart(struct supervisor *);
void run_leave(struct supervisor *, int signal); /* 0: no signal asked */
void run_kill_late(struct supervisor *);         /* a stop takes too long */

/* Dispatchers and pools look around. */
void run_wake(struct supervisor *);

/* run_commands.c */
void commands_begin(struct supervisor *); /* a run begins */
void commands_keep(struct supervisor *);  /* a run ends: for the next one */
void commands_read(struct supervisor *);
void commands_settle(struct supervisor *); /* a change of locks under way */

/* Ids of the threads of a slot. */
static inline uint32_t
supervisor_first_id(const struct supervisor *sv, unsigned slot)
{
	return (slot - 1) * sv->shared->stride + 1;
}

static inline uint32_t
supervisor_last_id(const struct supervisor *sv, unsigned slot)
{
	return slot * sv->shared->stride;
}

static inline struct thread_slot *
supervisor_tslot(const struct supervisor *sv, unsigned slot, unsigned index)
{
	return shared_tslot(sv->shared, slot, index);
}

/* How many thread slots there are. */
static inline unsigned
supervisor_tslot_count(const struct supervisor *sv)
{
	return (sv->shared->nslots - 1) * sv->shared->stride;
}

/* tid of the thread with this id, 0 if there is none. */
static inline int32_t
supervisor_tid(const struct supervisor *sv, uint32_t id)
{
	if (id == 0 || id > supervisor_tslot_count(sv))
		return 0;
	return atomic_load(&sv->shared->tslots[id - 1].tid);
}

#endif
