/*
 * kinds: adds per second to one number under every kind of lock, as lockstep
 * has it (with its ledger, its gate, and settled after a death) and bare:
 * the plain thing, with nothing but POSIX threads, C11 atomics and fcntl.
 *
 * usage: kinds ours|bare KIND threads|processes CONTENDERS MS
 *
 * Contenders do nothing else, for so many milliseconds. Both sides give way
 * alike: so many looks, then sched_yield(). Without a lock that keeps all
 * apart (none, unshared), bare exchanges as lockstep does: a plain store could
 * not tell what it wiped out. Bare partial sums may be read at any time.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cpu.h"
#include "lock_priv.h"
#include "sum.h"
#include "util.h"

#define CHUNK   1000 /* adds between two looks at the clock */
#define MOST    64   /* contenders */
#define CELLS   1024 /* of the bare owner's queue: power of two */
#define RELAX   LOCK_SPINS
#define ACQUIRE memory_order_acquire
#define RELEASE memory_order_release

/* One place of a bounded queue, after D. Vyukov: `turn` says whose it is. */
struct place {
	_Atomic uint64_t turn;
	int64_t n;
};

struct queue {
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
	struct queue queue;
	struct part parts[MOST];
};

struct shared {
	pthread_barrier_t start;
	_Atomic bool stop, over;
	int file;
	double rates[MOST];

	struct bare bare;

	struct gate gate;
	struct sum_control control;
	struct ring_control tracing;
	struct cell cell;
	struct ring rings[MOST];
};

struct contender {
	struct shared *s;
	unsigned who;
	int file;
	const struct way *way;
};

/* How CHUNK adds are done. */
struct way {
	const char *name;
	void (*chunk)(struct contender *);
};

static pthread_mutex_t unshared = PTHREAD_MUTEX_INITIALIZER;

static void
bare_none(struct contender *c)
{
	_Atomic int64_t *word = &c->s->bare.word;

	for (int i = 0; i < CHUNK; i++) {
		int64_t seen = atomic_load_explicit(word, RELAXED);
		atomic_exchange_explicit(word, seen + 1, RELAXED);
	}
}

static void
bare_mutex(struct contender *c)
{
	struct bare *b = &c->s->bare;

	for (int i = 0; i < CHUNK; i++) {
		pthread_mutex_lock(&b->mutex);
		b->sum++;
		pthread_mutex_unlock(&b->mutex);
	}
}

static void
bare_spin(struct contender *c)
{
	struct bare *b = &c->s->bare;

	for (int i = 0; i < CHUNK; i++) {
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

	for (int i = 0; i < CHUNK; i++) {
		while (sem_wait(&b->sem) != 0)
			;
		b->sum_by_sem++;
		sem_post(&b->sem);
	}
}

static void
bare_atomic(struct contender *c)
{
	for (int i = 0; i < CHUNK; i++)
		atomic_fetch_add_explicit(&c->s->bare.word, 1, RELAXED);
}

static void
bare_unshared(struct contender *c)
{
	_Atomic int64_t *word = &c->s->bare.word;

	for (int i = 0; i < CHUNK; i++) {
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

	for (int i = 0; i < CHUNK; i++) {
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

	for (int i = 0; i < CHUNK; i++) {
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
	for (int i = 0; i < CHUNK; i++) {
		set_lock(c->file, F_WRLCK);
		c->s->bare.sum++;
		set_lock(c->file, F_UNLCK);
	}
}

static void
bare_partial(struct contender *c)
{
	_Atomic int64_t *part = &c->s->bare.parts[c->who].n;

	for (int i = 0; i < CHUNK; i++)
		atomic_store_explicit(
		    part, atomic_load_explicit(part, RELAXED) + 1, RELAXED);
}

static void
bare_owner(struct contender *c)
{
	struct queue *q = &c->s->bare.queue;

	for (int i = 0; i < CHUNK; i++) {
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
	struct queue *q = &s->bare.queue;

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
chunk_ours(struct contender *c)
{
	struct shared *s = c->s;
	struct adder a = {.cell = &s->cell,
	    .control = &s->control,
	    .gate = &s->gate,
	    .ring = &s->rings[c->who]};

	if (!sum_add(&a, 1, CHUNK))
		errx(1, "stopped");
}

static const struct way ours = {.name = "ours", .chunk = chunk_ours};

static void *
nothing(void *arg)
{
	return arg;
}

static void *
contend(void *arg)
{
	pthread_t other;
	struct contender *c = arg;
	uint64_t chunks = 0;
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", c->s->file);
	c->file = open(path, O_RDWR | O_CLOEXEC);
	if (c->file < 0)
		err(1, "%s", path);
	/* As a worker, which has several: glibc then locks for real. */
	if (pthread_create(&other, NULL, nothing, NULL) != 0)
		errx(1, "pthread_create");
	pthread_join(other, NULL);
	c->way->chunk(c);
	pthread_barrier_wait(&c->s->start);
	uint64_t begin = now_ns();
	while (!atomic_load_explicit(&c->s->stop, RELAXED)) {
		c->way->chunk(c);
		chunks++;
	}
	c->s->rates[c->who] =
	    (double)chunks * CHUNK * NSEC_PER_SEC / (double)(now_ns() - begin);
	return NULL;
}

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

static struct shared *
shared_new(unsigned n, unsigned kind)
{
	struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_barrierattr_t attr;

	if (s == MAP_FAILED)
		err(1, "mmap");
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&s->start, &attr, n + 1);
	s->file = memfd_create("kinds", 0);
	bare_init(&s->bare);
	gate_init(&s->gate);
	if (cell_init(&s->cell) != 0)
		errx(1, "no cell");
	atomic_store(&s->control.kind, kind);
	s->control.wanted = kind;
	for (unsigned i = 0; i < MOST; i++) {
		s->rings[i].id = i + 1;
		s->rings[i].control = &s->tracing;
	}
	return s;
}

static void
start(struct contender *c, bool processes, pthread_t *thread)
{
	if (!processes) {
		if (pthread_create(thread, NULL, contend, c) != 0)
			errx(1, "pthread_create");
		return;
	}
	pid_t pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		contend(c);
		_exit(0);
	}
}

static double
measure(struct shared *s, const struct way *way, bool processes, unsigned n,
    unsigned ms)
{
	struct contender contenders[MOST];
	pthread_t threads[MOST];
	double rate = 0;

	for (unsigned i = 0; i < n; i++) {
		contenders[i] =
		    (struct contender){.s = s, .who = i, .way = way};
		start(&contenders[i], processes, &threads[i]);
	}
	pthread_barrier_wait(&s->start);
	usleep(ms * 1000);
	atomic_store(&s->stop, true);
	for (unsigned i = 0; i < n; i++) {
		int status = 0;

		if (!processes)
			pthread_join(threads[i], NULL);
		else if (wait(&status) == -1 || status != 0)
			errx(1, "a contender failed");
	}
	for (unsigned i = 0; i < n; i++)
		rate += s->rates[i];
	return rate;
}

static const struct way *
find_way(const char *name)
{
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (strcmp(ways[i].name, name) == 0)
			return &ways[i];
	errx(2, "%s: no such kind", name);
}

int
main(int argc, char **argv)
{
	if (argc != 6)
		errx(2, "usage: kinds ours|bare KIND threads|processes N MS");
	bool bare = strcmp(argv[1], "bare") == 0;
	const struct way *way = bare ? find_way(argv[2]) : &ours;
	int kind = bare ? 0 : lock_find(argv[2]);
	bool processes = strcmp(argv[3], "processes") == 0;
	unsigned n = (unsigned)atoi(argv[4]), ms = (unsigned)atoi(argv[5]);
	bool fed = bare && strcmp(argv[2], "owner") == 0;
	pthread_t owner;

	if (kind < 0)
		errx(2, "%s: no such kind", argv[2]);
	if (n < 1 || n > MOST)
		errx(2, "1 to %d contenders", MOST);
	struct shared *s = shared_new(n, (unsigned)kind);
	if (fed && pthread_create(&owner, NULL, own, s) != 0)
		errx(1, "pthread_create");
	double rate = measure(s, way, processes, n, ms);
	atomic_store(&s->over, true);
	if (fed)
		pthread_join(owner, NULL);
	printf("adds_per_s %.0f\n", rate);
	return 0;
}
