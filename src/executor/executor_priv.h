/*
 * executor_priv: the parts of an executor and its futures.
 *
 * All of them are in the heap that the processes share. A future is a record,
 * and one word of it is authoritative: it holds the state and the id of the
 * thread that runs it. The owner's process makes, submits and frees records
 * under its mutex. A worker, in any process, changes only what belongs to the
 * task that it is running. So a worker killed at any instruction leaves no lock
 * behind, and at most one task in doubt, which its `hand` names.
 *
 * The order (pending.c) is only a hint where the next pending future is: a
 * thread takes a future by a compare-and-swap of its word.
 *
 * src/executor: executors, futures and maps over threads and processes, and
 * their recovery when a worker dies. It may use program and the folders before
 * it.
 */
#ifndef LOCKSTEP_EXECUTOR_PRIV_H
#define LOCKSTEP_EXECUTOR_PRIV_H

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "executor/executor_recovery.h"
#include "lockstep/program.h"
#include "memory/arena.h"
#include "memory/eventcount.h"

#define LABEL_SIZE   48
#define FAILURE_SIZE 96  /* bytes of the sentence that the screen shows */
#define INLINE_SIZE  64  /* bytes of an argument or result in the record */
#define ERROR_SIZE   256 /* bytes of a sentence */
#define RETRIES      3U

/* The word of a future: state, flags, retries so far, id that runs it. */
#define WORD_STATE   7U
#define WORD_WAITED  8U  /* a thread sleeps on the word */
#define WORD_NOTED   16U /* a thread waits for several, this one included */
#define WORD_CALLS   32U /* there are callbacks, or were */
#define WORD_RETRY   64U /* one retry; up to RETRIES of them */
#define WORD_RETRIES (RETRIES * WORD_RETRY)
#define WORD_EXTRA   256U /* done, and its cold part is in use */
#define WORD_OWNER   9    /* shift of the id */

struct callback {
	void (*fn)(struct future *, void *);
	void *arg;
	struct callback *next;
};

/*
 * Records are allocated in blocks: the first cache lines of all records side by
 * side, then the rest of each. A task without a result touches the first line
 * only: in a free record `cold` is all zero, and it stays so unless WORD_EXTRA
 * or WORD_CALLS is set. The atomic fields are those that the supervisor may
 * read while they change. For the same reason a record keeps the memory of its
 * sentence, emptied, until its block is freed.
 */
struct future {
	_Alignas(ARENA_LINE) _Atomic uint32_t word;
	_Atomic uint32_t number; /* nth submitted, from 1 */
	task_fn *fn;
	const void *arg;
	struct block *block;          /* contains it */
	_Atomic uint64_t submitted;   /* ns */
	_Atomic uint32_t waited, ran; /* us before it began, and after */
	_Atomic uint32_t order;       /* nth to finish, from 1 */
	uint32_t size;                /* of `arg` */
	struct future *next;          /* in own->free, freed or watched */
};

struct cold {
	_Alignas(ARENA_LINE) void *_Atomic result; /* NULL: none */
	_Atomic uint64_t result_size;
	_Atomic int64_t value;              /* of a result of 4 or 8 bytes */
	_Atomic uint64_t *_Atomic sentence; /* ERROR_SIZE; NULL: none yet */
	struct callback *calls;             /* owner's mutex */
	_Atomic int32_t error;
	/* The owner's mutex guards these. */
	bool watched; /* the thread that ends it, or sees it, calls back */
	bool calling; /* a thread is calling back */
	bool freed;   /* free it after that */

	_Alignas(ARENA_LINE) char inline_arg[INLINE_SIZE];
	_Alignas(ARENA_LINE) char inline_result[INLINE_SIZE];
};

#define BLOCK 63 /* records */

struct block {
	struct executor *executor;
	struct future futures[BLOCK];
	struct cold cold[BLOCK];
};

_Static_assert(sizeof(struct block) <= 16384, "one heap block of 16 KiB");

/* Where the result of an input of a map goes. */
struct map_room {
	void *at;
	size_t size;
	bool given;
};

struct call {
	struct future *future;
	const void *arg;
	size_t size;
	uint64_t index;
	struct map_room *room; /* of a map: where the result goes */
	bool extra;            /* the future's cold part is in use */
};

/* ---- pending.c: the order of pending futures ---- */

#define PENDING_CELLS    4096 /* of a segment */
#define PENDING_SEGMENTS 4096

/*
 * An unbounded queue of futures: head and tail only grow. One thread at a time
 * pushes (the owner's threads under its mutex, or the supervisor); any thread
 * takes.
 */
struct pending {
	_Alignas(ARENA_LINE) _Atomic uint64_t head;
	_Alignas(ARENA_LINE) _Atomic uint64_t tail;
	uint64_t oldest; /* first segment in use; pusher only */
	_Alignas(ARENA_LINE) struct future *_Atomic
	    *_Atomic segments[PENDING_SEGMENTS];
};

/*
 * How far a thread has got. It moves the head on only now and then, and reads
 * the tail only when it has reached the place where the tail was.
 */
struct cursor {
	uint64_t at, tail;
	uint64_t moved; /* where it last moved the head to */
};

/* 0 or -ENOMEM. */
int pending_push(struct pending *, struct future *);

/* Claim the first pending future, to be run by `id`; NULL: none. */
struct future *pending_take(struct pending *, struct cursor *,
    struct future *_Atomic *hand, uint32_t id);

/* Move the head past futures that are not pending any more. */
void pending_skip(struct pending *);

/* Call fn for all from head to tail, while other threads may take them. */
void pending_each(struct pending *, void (*fn)(struct future *));
void pending_free(struct pending *);

static inline bool
pending_empty(const struct pending *p)
{
	return atomic_load(&p->head) >= atomic_load(&p->tail);
}

/* ---- the executor ---- */

/* A thread that runs tasks; `id` is 0 while there is none. */
struct server {
	_Alignas(ARENA_LINE) _Atomic uint32_t id;
	_Atomic int32_t pid;
	struct future *_Atomic hand; /* the task it has, or is about to take */
	_Atomic uint64_t cpu, voluntary, involuntary;
};

#define SAMPLES_FIRST 64
#define SAMPLES_LAST  192
#define SAMPLES       (SAMPLES_FIRST + SAMPLES_LAST)

/* A future that the supervisor reports. */
struct sample {
	_Atomic uint32_t number;       /* 0: being written */
	struct future *_Atomic future; /* NULL: freed, but `facts` remain */
	_Atomic uint64_t label[LABEL_SIZE / 8];
	_Atomic uint64_t facts[5];                  /* a struct frame_future */
	_Atomic uint64_t failure[FAILURE_SIZE / 8]; /* why it failed */
};

/* What differs between the kinds. */
struct executor_ops {
	const char *name;
	int (*start)(struct executor *);                   /* 0 or an errno */
	void (*given)(struct executor *, struct future *); /* after a submit */
	void (*join)(struct executor *);                   /* its servers */
};

extern const struct executor_ops executor_kinds[EXECUTOR_KINDS];

/* The part that only the owner's process uses. */
struct executor_own {
	pthread_mutex_t mutex; /* guards what says "owner's mutex" */
	struct future *free;
	struct future *_Atomic freed; /* by any thread; not yet in `free` */
	struct block **blocks;
	size_t nblocks;
	uint32_t submitted;
	struct thread **threads;
	struct child **children;
	unsigned nthreads, nchildren;
	struct map_job *left;   /* jobs whose tasks may still run */
	struct thread *caller;  /* calls back, for kinds with processes */
	struct future *watched; /* `caller` has not seen these yet */
};

struct executor {
	enum frame_executor_kind kind;
	enum executor_death death;
	unsigned number, cores;
	_Atomic unsigned processes, threads; /* threads: of each process */
	_Atomic unsigned nservers;           /* upper bound */
	unsigned owner_slot, stride;
	char name[32];
	struct executor_own *own;
	struct eventcount
	    *done; /* rung for WORD_NOTED; wakes the owner's process */
	struct server *servers;

	_Atomic uint32_t closed, orphan, abandoned;
	_Atomic uint32_t disorder; /* incremented when futures may end in an
				      order far from that of submission */

	struct pending pending, again; /* again: retries, taken first */

	/* Which threads are awake; see worker_loop.c. */
	_Alignas(ARENA_LINE) _Atomic uint64_t crew;
	_Atomic uint32_t limit, watch, waking;
	struct eventcount idle;
	_Alignas(ARENA_LINE) _Atomic uint32_t spinner;

	_Alignas(ARENA_LINE) _Atomic uint64_t finished;
	_Atomic uint32_t failed, cancelled, retried, died;
	_Atomic uint32_t running; /* of the sequential kind */

	struct sample samples[SAMPLES];
	char cause[FAILURE_SIZE]; /* why; set before `abandoned` */
};

/* ---- future_word.c ---- */

/* From PENDING to `state`, with `owner`; false if it was not pending. */
bool future_claim(struct future *, enum frame_future_state, uint32_t owner);

/* 0 or -ETIMEDOUT. */
int future_await(struct future *, uint64_t timeout);

/* ---- future_sample.c ---- */

void sample_open(struct future *, const char *label);
void sample_close(struct future *); /* before it is freed */

/* ---- future_record.c ---- */

/* Allocate a block of free records. Owner's mutex. 0 or -ENOMEM. */
int records_more(struct executor *);
void records_free(struct executor_own *);

/* Free a record. */
void record_recycle(struct future *);
void future_drop_result(struct future *);

/* ---- executor_wait.c ---- */

struct as_completed *finder_new(void);
int finder_add(struct as_completed *, struct future *);

/* One that is done; NULL: none now. */
struct future *finder_look(struct as_completed *);
bool finder_finds(struct as_completed *); /* would it find one? */
size_t finder_left(const struct as_completed *);

/* ---- future_callback.c ---- */

/* Call back, in this thread. The future may be gone afterwards. */
void future_call(struct future *);

/* ---- future_finish.c ---- */

/*
 * End a future that the caller has claimed, and wake the threads that wait for
 * it. From then on it may be freed at any moment. `extra`: its cold part is in
 * use.
 */
void future_finish(struct future *, enum frame_future_state, bool extra);
void future_fail(struct future *, int error);
void future_set_sentence(struct future *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void future_set_sentence_from(struct future *, const char *fmt, va_list)
    __attribute__((format(printf, 2, 0)));

/* ---- executor_clock.c ---- */

/* ns, accurate to a microsecond; cheaper than now_ns(). */
uint64_t executor_now(void);

/* ---- worker_watch.c ---- */

/* Keep watch: see worker_loop.c. `key` is of e->idle. */
void serve_keep_watch(struct executor *, uint32_t key);
void serve_wake_all(struct executor *);

/* The threads with these ids are dead: do not rely on them. */
void serve_forget(struct executor *, uint32_t first_id, uint32_t last_id);

/* ---- worker_loop.c ---- */

/* Run a task that this thread has claimed. Returns when it ended, in ns. */
uint64_t serve_run(struct future *, uint64_t begun);

/* The calling thread runs tasks as servers[i] until no more will come. */
void serve_tasks(struct executor *, unsigned i);

/* One more is pending: wake a thread, if that helps. */
void serve_wake(struct executor *);

/* Is the calling thread one of its servers? */
bool serve_mine(const struct executor *);

/* ---- executor_submit.c ---- */

/* Record whether this process owns the executor. */
void executor_claim(const struct executor *, bool is_mine);

/* Does this process own it? */
bool executor_mine(const struct executor *);

/* ---- executor_map.c ---- */

/* Free the jobs in own->left whose tasks are over; `all`: wait for them. */
void map_sweep(struct executor *, bool all);

/* ---- inline ---- */

static inline enum frame_future_state
word_state(uint32_t word)
{
	return (enum frame_future_state)(word & WORD_STATE);
}

static inline bool
word_done(uint32_t word)
{
	return word_state(word) >= FUTURE_DONE;
}

static inline uint32_t
future_word(const struct future *f)
{
	return atomic_load_explicit(&f->word, memory_order_acquire);
}

static inline struct cold *
cold_of(const struct future *f)
{
	return &f->block->cold[f - f->block->futures];
}

static inline struct executor *
executor_of(const struct future *f)
{
	return f->block->executor;
}

static inline bool
executor_local(const struct executor *e)
{
	return e->kind == EXECUTOR_SEQUENTIAL || e->kind == EXECUTOR_THREADS;
}

/* How many of its threads are awake. */
static inline uint32_t
serve_awake(const struct executor *e)
{
	return (uint32_t)atomic_load(&e->crew);
}

static inline bool
serve_any_pending(const struct executor *e)
{
	return !pending_empty(&e->pending) || !pending_empty(&e->again);
}

#define EXECUTOR_STAT(field) \
	atomic_fetch_add_explicit(&(field), 1, memory_order_relaxed)

#endif
