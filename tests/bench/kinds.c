/*
 * kinds: adds per second to one number under every kind of lock, as lockstep
 * has it (with its ledger, its gate, and settled after a death) and bare:
 * the plain thing, with nothing but POSIX threads, C11 atomics and fcntl.
 *
 * usage: kinds ours|bare KIND threads|processes CONTENDERS MS
 *        kinds both KIND threads|processes 1 MS
 *
 * Contenders do nothing else, for so many milliseconds. Both sides give way
 * alike: so many looks, then sched_yield(). Without a lock that keeps all
 * apart (none, unshared), bare exchanges as lockstep does: a plain store could
 * not tell what it wiped out. Bare partial sums may be read at any time. The
 * bare mutex is robust and shared between processes, as is lockstep's.
 *
 * With `both` one contender adds in both ways by turns, some microseconds
 * each, so that whatever else the machine does meets both alike: ns an add,
 * and how many more ours takes, as the median of all pairs of turns. An owner
 * of either side would be in the way of the other's: each has half of the time.
 */
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kinds_bare.h"
#include "lockstep/util.h"

#define CHUNK 1000 /* adds between two looks at the clock */
#define FEW   20   /* the same, of those that take microseconds */
#define TURNS 4096

static void
chunk_ours(struct contender *c)
{
	struct shared *s = c->s;
	struct adder a = {.cell = &s->cell,
	    .control = &s->control,
	    .gate = &s->gate,
	    .tslot = &s->tslots[c->who]};

	if (!sum_add(&a, 1, c->adds))
		errx(1, "stopped");
}

static const struct way ours = {.name = "ours", .chunk = chunk_ours};

static void *
nothing(void *arg)
{
	return arg;
}

static void
prepare(struct contender *c)
{
	pthread_t other;
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", c->s->file);
	c->file = open(path, O_RDWR | O_CLOEXEC);
	if (c->file < 0)
		err(1, "%s", path);
	/* As a worker, which has several: glibc then locks for real. */
	if (pthread_create(&other, NULL, nothing, NULL) != 0)
		errx(1, "pthread_create");
	pthread_join(other, NULL);
	c->adds = CHUNK;
}

static void *
contend(void *arg)
{
	struct contender *c = arg;
	uint64_t chunks = 0;

	prepare(c);
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

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Of one of the numbers of n turns. */
static double
median(const struct turn *turns, size_t number, unsigned n)
{
	static double of[TURNS];

	for (unsigned i = 0; i < n; i++)
		of[i] = *(const double *)((const char *)&turns[i] + number);
	qsort(of, n, sizeof of[0], compare);
	return of[n / 2];
}

static double
chunk_ns(struct contender *c, const struct way *way)
{
	uint64_t begin = now_ns();

	way->chunk(c);
	return (double)(now_ns() - begin) / c->adds;
}

/* One contender in both ways, by turns. */
static void *
alternate(void *arg)
{
	static struct turn turns[TURNS];
	struct contender *c = arg;
	struct shared *s = c->s;
	unsigned n = 0;

	prepare(c);
	if (strcmp(c->way->name, "file") == 0)
		c->adds = FEW;
	ours.chunk(c);
	c->way->chunk(c);
	pthread_barrier_wait(&s->start);
	for (; n < TURNS && !atomic_load_explicit(&s->stop, RELAXED); n++) {
		struct turn *t = &turns[n];

		t->ours = chunk_ns(c, &ours);
		t->bare = chunk_ns(c, c->way);
		t->more = t->ours - t->bare;
	}
	s->middle.ours = median(turns, offsetof(struct turn, ours), n);
	s->middle.bare = median(turns, offsetof(struct turn, bare), n);
	s->middle.more = median(turns, offsetof(struct turn, more), n);
	return NULL;
}

/* The same for a way with an owner: one after the other. */
static void *
follow(void *arg)
{
	static struct turn turns[TURNS];
	struct contender *c = arg;
	struct shared *s = c->s;

	prepare(c);
	ours.chunk(c);
	pthread_barrier_wait(&s->start);
	for (unsigned n = 0; n < TURNS; n++)
		turns[n].ours = chunk_ns(c, &ours);
	atomic_store(&s->fed, true);
	c->way->chunk(c);
	for (unsigned n = 0; n < TURNS; n++)
		turns[n].bare = chunk_ns(c, c->way);
	s->middle.ours = median(turns, offsetof(struct turn, ours), TURNS);
	s->middle.bare = median(turns, offsetof(struct turn, bare), TURNS);
	s->middle.more = s->middle.ours - s->middle.bare;
	return NULL;
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
	const char *call;
	if (cell_init(&s->cell) != 0 || lock_prepare(kind, &call) != 0)
		errx(1, "no cell");
	atomic_store(&s->control.kind, kind);
	s->control.wanted = kind;
	for (unsigned i = 0; i < MOST; i++) {
		s->tslots[i].id = i + 1;
		s->tslots[i].control = &s->tracing;
	}
	return s;
}

static void
start(struct contender *c, void *(*life)(void *), bool processes,
    pthread_t *thread)
{
	if (!processes) {
		if (pthread_create(thread, NULL, life, c) != 0)
			errx(1, "pthread_create");
		return;
	}
	pid_t pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		life(c);
		_exit(0);
	}
}

/* n contenders, each with such a life, for so many ms. */
static void
measure(struct shared *s, const struct way *way, void *(*life)(void *),
    bool processes, unsigned n, unsigned ms)
{
	struct contender contenders[MOST];
	pthread_t threads[MOST];

	for (unsigned i = 0; i < n; i++) {
		contenders[i] =
		    (struct contender){.s = s, .who = i, .way = way};
		start(&contenders[i], life, processes, &threads[i]);
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
}

static const struct way *
find_way(const char *name)
{
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (strcmp(ways[i].name, name) == 0)
			return &ways[i];
	errx(2, "%s: no such kind", name);
}

static void
print(const struct shared *s, bool both, unsigned n)
{
	double rate = 0;

	if (both) {
		printf("ours_ns %.3f\nbare_ns %.3f\nmore_ns %.3f\n",
		    s->middle.ours, s->middle.bare, s->middle.more);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		rate += s->rates[i];
	printf("adds_per_s %.0f\n", rate);
}

int
main(int argc, char **argv)
{
	if (argc != 6)
		errx(2,
		    "usage: kinds ours|bare|both KIND threads|processes "
		    "N MS");
	bool both = strcmp(argv[1], "both") == 0;
	bool bare = both || strcmp(argv[1], "bare") == 0;
	const struct way *way = bare ? find_way(argv[2]) : &ours;
	int kind = lock_find(argv[2]);
	bool processes = strcmp(argv[3], "processes") == 0;
	unsigned n = (unsigned)atoi(argv[4]), ms = (unsigned)atoi(argv[5]);
	bool owned = bare && strcmp(argv[2], "owner") == 0;
	pthread_t owner;

	if (kind < 0)
		errx(2, "%s: no such kind", argv[2]);
	if (n < 1 || n > (both ? 1 : MOST))
		errx(2, "1 to %d contenders", both ? 1 : MOST);
	struct shared *s = shared_new(n, (unsigned)kind);
	atomic_store(&s->fed, !both);
	if (owned && pthread_create(&owner, NULL, own, s) != 0)
		errx(1, "pthread_create");
	measure(s, way,
	    !both       ? contend
		: owned ? follow
			: alternate,
	    processes, n, ms);
	atomic_store(&s->over, true);
	if (owned)
		pthread_join(owner, NULL);
	print(s, both, n);
	return 0;
}
