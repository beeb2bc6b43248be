/*
 * kinds_bare: every lock kind as one would write it with nothing but POSIX
 * threads, C11 atomics and fcntl; and what both sides of the comparison share.
 * Part of kinds.c.
 */
#ifndef LOCKSTEP_KINDS_BARE_H
#define LOCKSTEP_KINDS_BARE_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "base/cpu.h"
#include "sum/lock_kinds.h"
#include "sum/lock_priv.h"

#define MOST    64   /* contenders */
#define CELLS   1024 /* of the bare owner's queue: power of two */
#define ACQUIRE memory_order_acquire
#define RELEASE memory_order_release

/* One place of a bounded queue, after D. Vyukov: `turn` says whose it is. */
struct place {
	_Atomic uint64_t turn;
	int64_t n;
};

struct item_queue {
	_Alignas(ARENA_LINE) _Atomic uint64_t put;
	_Alignas(ARENA_LINE) uint64_t got;
	struct place places[CELLS];
};

struct part {
	_Alignas(ARENA_LINE) _Atomic int64_t n;
};

/* Lock and number side by side, as one would write them. */
struct bare {
	_Alignas(ARENA_LINE) pthread_mutex_t mutex;
	_Atomic uint32_t spin;
	_Atomic uint64_t next, serving;
	int64_t sum;
	_Alignas(ARENA_LINE) sem_t sem;
	int64_t sum_by_sem;
	_Alignas(ARENA_LINE) _Atomic int64_t word;
	struct item_queue queue;
	struct part parts[MOST];
};

/* ns an add of one turn. */
struct turn {
	double ours, bare, more;
};

struct shared {
	pthread_barrier_t start;
	_Atomic bool stop, over;
	_Atomic bool fed; /* the owner of the bare way is to be at work */
	int file;
	double rates[MOST];
	struct turn middle; /* the medians */

	struct bare bare;

	struct gate gate;
	struct sum_control control;
	struct trace_control tracing;
	struct cell cell;
	struct thread_slot tslots[MOST];
};

struct contender {
	struct shared *s;
	unsigned who, adds;
	int file;
	const struct way *way;
};

/* How c->adds adds are done. */
struct way {
	const char *name;
	void (*chunk)(struct contender *);
};

static pthread_mutex_t unshared = PTHREAD_MUTEX_INITIALIZER;

static void
bare_none(struct contender *c)
{
	_Atomic int64_t *word = &c->s->bare.word;

	for (unsigned i = 0; i < c->adds; i++) {
		int64_t seen = atomic_load_explicit(word, RELAXED);
		atomic_exchange_explicit(word, seen + 1, RELAXED);
	}
}

static void
bare_mutex(struct contender *c)
{
	struct bare *b = &c->s->bare;

	for (unsigned i = 0; i < c->adds; i++) {
		pthread_mutex_lock(&b->mutex);
		b->sum++;
		pthread_mutex_unlock(&b->mutex);
	}
}

static void
bare_spin(struct contender *c)
{
	struct bare *b = &c->s->bare;

	for (unsigned i = 0; i < c->adds; i++) {
		for (unsigned look = 1;; look++) {
			uint32_t no = 0;

			if (atomic_load_explicit(&b->spin, RELAXED) == 0 &&
			    atomic_compare_exchange_strong_explicit(
				&b->spin, &no, 1, ACQUIRE, RELAXED))
				break;
			cpu_relax(1);
			if (look % LOCK_SPINS == 0)
				sched_yield();
		}
		b->sum++;
		atomic_store_explicit(&b->spin, 0, RELEASE);
	}
}

static void
bare_semaphore(struct contender *c)
{
	struct bare *b = &c->s->bare;

	for (unsigned i = 0; i < c->adds; i++) {
		while (sem_wait(&b->sem) != 0)
			;
		b->sum_by_sem++;
		sem_post(&b->sem);
	}
}

static void
bare_atomic(struct contender *c)
{
	for (unsigned i = 0; i < c->adds; i++)
		atomic_fetch_add_explicit(&c->s->bare.word, 1, RELAXED);
}

static void
bare_unshared(struct contender *c)
{
	_Atomic int64_t *word = &c->s->bare.word;

	for (unsigned i = 0; i < c->adds; i++) {
		pthread_mutex_lock(&unshared);
		int64_t seen = atomic_load_explicit(word, RELAXED);
		atomic_exchange_explicit(word, seen + 1, RELAXED);
		pthread_mutex_unlock(&unshared);
	}
}

static void
wait_turn(struct bare *b, uint64_t ticket)
{
	for (;;) {
		for (unsigned i = 0; i < LOCK_SPINS; i++) {
			uint64_t now = atomic_load_explicit(
			    &b->serving, memory_order_acquire);

			if (now == ticket)
				return;
			if (ticket - now > 1)
				break;
			cpu_relax(1);
		}
		sched_yield();
	}
}

static void
bare_ticket(struct contender *c)
{
	struct bare *b = &c->s->bare;

	for (unsigned i = 0; i < c->adds; i++) {
		uint64_t ticket =
		    atomic_fetch_add_explicit(&b->next, 1, RELAXED);

		if (atomic_load_explicit(&b->serving, ACQUIRE) != ticket)
			wait_turn(b, ticket);
		b->sum++;
		atomic_store_explicit(&b->serving, ticket + 1, RELEASE);
	}
}

static void
bare_cas(struct contender *c)
{
	_Atomic int64_t *word = &c->s->bare.word;

	for (unsigned i = 0; i < c->adds; i++) {
		int64_t seen = atomic_load_explicit(word, RELAXED);

		while (!atomic_compare_exchange_strong_explicit(
		    word, &seen, seen + 1, RELAXED, RELAXED))
			;
	}
}

static void
set_lock(int file, short type)
{
	struct flock byte = {
	    .l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

	while (fcntl(file, F_OFD_SETLKW, &byte) != 0)
		if (errno != EINTR)
			err(1, "F_OFD_SETLKW");
}

static void
bare_file(struct contender *c)
{
	for (unsigned i = 0; i < c->adds; i++) {
		set_lock(c->file, F_WRLCK);
		c->s->bare.sum++;
		set_lock(c->file, F_UNLCK);
	}
}

static void
bare_partial(struct contender *c)
{
	_Atomic int64_t *part = &c->s->bare.parts[c->who].n;

	for (unsigned i = 0; i < c->adds; i++)
		atomic_store_explicit(
		    part, atomic_load_explicit(part, RELAXED) + 1, RELAXED);
}

static void
bare_owner(struct contender *c)
{
	struct item_queue *q = &c->s->bare.queue;

	for (unsigned i = 0; i < c->adds; i++) {
		uint64_t t = atomic_fetch_add_explicit(&q->put, 1, RELAXED);
		struct place *p = &q->places[t % CELLS];

		for (unsigned k = 1;
		     atomic_load_explicit(&p->turn, ACQUIRE) != t; k++)
			if (k % LOCK_SPINS == 0)
				sched_yield();
		p->n = 1;
		atomic_store_explicit(&p->turn, t + 1, RELEASE);
	}
}

/* The owner: takes what is in the queue until all are done. */
static void *
own(void *arg)
{
	struct shared *s = arg;
	struct item_queue *q = &s->bare.queue;

	while (!atomic_load(&s->fed))
		usleep(1000);
	for (unsigned k = 1;; k++) {
		struct place *p = &q->places[q->got % CELLS];

		if (atomic_load_explicit(&p->turn, ACQUIRE) == q->got + 1) {
			s->bare.sum += p->n;
			atomic_store_explicit(
			    &p->turn, q->got + CELLS, RELEASE);
			q->got++;
			k = 0;
		} else if (k % LOCK_SPINS == 0) {
			if (atomic_load(&s->over))
				return NULL;
			sched_yield();
		}
	}
}

static const struct way ways[] = {
    {.name = "none", .chunk = bare_none},
    {.name = "mutex", .chunk = bare_mutex},
    {.name = "spin", .chunk = bare_spin},
    {.name = "semaphore", .chunk = bare_semaphore},
    {.name = "atomic", .chunk = bare_atomic},
    {.name = "unshared", .chunk = bare_unshared},
    {.name = "ticket", .chunk = bare_ticket},
    {.name = "cas", .chunk = bare_cas},
    {.name = "file", .chunk = bare_file},
    {.name = "partial", .chunk = bare_partial},
    {.name = "owner", .chunk = bare_owner},
};

static void
bare_init(struct bare *b)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&b->mutex, &attr);
	sem_init(&b->sem, 1, 1);
	for (uint64_t i = 0; i < CELLS; i++)
		atomic_store(&b->queue.places[i].turn, i);
}

#endif
