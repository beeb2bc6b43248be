/*
 * pipeline: the supervisor.
 *
 * One process, one thread, one poll loop: it forks the workers, feeds the
 * queue, reaps, puts back what a dead worker had in hand, replaces it, obeys
 * commands, and reports. It waits for nothing but its poll.
 *
 * A run goes through these stages, in order:
 *
 *	gather	the demo's source finds out what there is to do
 *	barrier	the workers are forked; nothing is put until all their
 *		threads are ready, so that all start together
 *	feed	items are put as the queue has room
 *	join	all is put; the queue is being joined
 *	leave	every worker has its sentinel; they are reaped
 *	over	nobody is left
 */
#ifndef LOCKSTEP_PIPELINE_H
#define LOCKSTEP_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "arena.h"
#include "params.h"
#include "report.h"
#include "worker.h"

#define DEATHS_LIMIT 5                   /* of one slot ... */
#define DEATHS_SPAN  (10 * NSEC_PER_SEC) /* ... in so long: given up */

enum stage {
	STAGE_GATHER,
	STAGE_BARRIER,
	STAGE_FEED,
	STAGE_JOIN,
	STAGE_LEAVE,
	STAGE_OVER
};

/* What the supervisor knows of a worker slot. */
struct process {
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
	uint64_t *tails;            /* of its rings' traces */
	uint64_t *untraced;
	uint64_t errors; /* reads that failed, already logged */
	uint64_t cookie; /* of the item whose name was sent */
};

struct pipeline {
	const struct params *params;
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
	bool restart;      /* ... in order to begin anew */
	bool leave;        /* ... and the engine with it */
	bool killed_all;   /* the stop took too long */
	int signal;        /* that told us to, 0: none */
	uint64_t stop_at;  /* ns: then SIGKILL */
	uint64_t deadline; /* ns: of --duration; 0: none */
	uint64_t ahead;    /* with --duration: items to have queued */
	uint64_t pace_done, pace_since; /* items, ns: of the last look */
	int fork_error;                 /* errno of the last fork that failed */
	unsigned refused;               /* forks, in a row */

	/* What was left behind by those who are gone. */
	struct ledger gone;
	uint64_t gone_tasks, gone_acquired, gone_contended;
	uint32_t in_doubt;
	uint64_t read_errors; /* of workers of this run */
	struct ledger books;  /* at the beginning of this look */
	unsigned adding;      /* threads at the sum then */
	int64_t sum;          /* shared, or the supervisor's, as last seen */
	struct queue_stats stats; /* as last read */

	/* Commands. */
	struct frame_reader commands;
	uint32_t ack;
	int32_t result;
	unsigned lock_other;

	/* What was last sent; see report_offer(). */
	struct frame sent_queue, sent_sum, sent_lock, sent_control, sent_self;
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
int pipeline_main(const struct params *);

/* reap.c: births and deaths. */

/* Fork the workers that are missing; says so if it could not. */
void reap_fork_missing(struct pipeline *);
void reap_collect(struct pipeline *); /* who has ended or was stopped */
void reap_recover(struct pipeline *); /* settle the affairs of the dead */
unsigned reap_alive(const struct pipeline *);
bool reap_all_gone(const struct pipeline *); /* and their affairs settled */
void reap_kill_all(struct pipeline *);
bool reap_hopeless(const struct pipeline *); /* no worker, and none to come */

/* observe.c: slots and rings into frames. */
void observe_born(struct pipeline *, unsigned slot);
void observe_dead(struct pipeline *, unsigned slot);
bool observe_tick(struct pipeline *); /* true if something was told */
bool observe_bye(struct pipeline *);  /* true once it is with the reader */
enum frame_outcome observe_outcome(const struct pipeline *);

/* tally.c: the books of all, the queue, the lock. */
struct ledger tally_ledger(const struct pipeline *);
void tally_begin(struct pipeline *); /* a look at everything begins */
void tally_sum(struct pipeline *);   /* and ends: was it a quiet one? */
void tally_queue(struct pipeline *);
void tally_lock(struct pipeline *);

/* announce.c: what is said once. */
void announce_run(struct pipeline *);   /* HELLO and all that goes with it */
void announce_found(struct pipeline *); /* what the source has found */
void announce_worker(struct pipeline *, unsigned slot);
void announce_thread(struct pipeline *, unsigned slot, unsigned index);
void announce_item(struct pipeline *, unsigned slot);
void announce_errors(struct pipeline *, unsigned slot);

/* control.c: commands. */
void control_read(struct pipeline *);
void control_settle(struct pipeline *); /* a switch of locks under way */
void control_stop(struct pipeline *);

static inline struct ring *
pipeline_ring(const struct pipeline *p, unsigned slot, unsigned index)
{
	return shared_ring(p->shared, slot, index);
}

/* How many rings there are, of all slots. */
static inline unsigned
pipeline_rings(const struct pipeline *p)
{
	return (p->shared->nslots - 1) * p->shared->stride;
}

/* tid of the thread with this id, 0 if there is none. */
static inline int32_t
pipeline_tid(const struct pipeline *p, uint32_t id)
{
	if (id == 0 || id > pipeline_rings(p))
		return 0;
	return atomic_load(&p->shared->rings[id - 1].tid);
}

#endif
