/*
 * naive: the hybrid pipeline as one would first write it in C, the bench's
 * peer: a mutex and conditions around every queue, one push and one wake-up
 * per task, one lock per add.
 *
 * usage: naive PROCESSES THREADS ITEMS N
 *
 * Nothing here survives a killed process; it only has to run to the end.
 */
#include <err.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ITEM_QUEUE_CAP 1024
#define SENTINEL       0

/* A bounded queue of numbers that can be joined. */
struct item_queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full, all_done;
	unsigned head, count;
	unsigned unfinished; /* put and not yet done */
	long tslot[ITEM_QUEUE_CAP];
};

/* What all processes share. */
struct shared {
	struct item_queue items;
	pthread_mutex_t sum_lock;
	long sum;
	pthread_barrier_t start; /* every process, all its threads running */
};

/* What the threads of one process share. */
struct pool {
	struct item_queue tasks;
	struct shared *shared;
};

static void
item_queue_init(struct item_queue *q, int pshared)
{
	pthread_mutexattr_t ma;
	pthread_condattr_t ca;

	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setpshared(&ma, pshared);
	pthread_mutex_init(&q->lock, &ma);
	pthread_condattr_init(&ca);
	pthread_condattr_setpshared(&ca, pshared);
	pthread_cond_init(&q->not_empty, &ca);
	pthread_cond_init(&q->not_full, &ca);
	pthread_cond_init(&q->all_done, &ca);
	q->head = q->count = q->unfinished = 0;
}

static void
item_queue_put(struct item_queue *q, long n)
{
	pthread_mutex_lock(&q->lock);
	while (q->count == ITEM_QUEUE_CAP)
		pthread_cond_wait(&q->not_full, &q->lock);
	q->tslot[(q->head + q->count++) % ITEM_QUEUE_CAP] = n;
	q->unfinished++;
	pthread_mutex_unlock(&q->lock);
	pthread_cond_signal(&q->not_empty);
}

static long
item_queue_get(struct item_queue *q)
{
	pthread_mutex_lock(&q->lock);
	while (q->count == 0)
		pthread_cond_wait(&q->not_empty, &q->lock);
	long n = q->tslot[q->head];
	q->head = (q->head + 1) % ITEM_QUEUE_CAP;
	q->count--;
	pthread_mutex_unlock(&q->lock);
	pthread_cond_signal(&q->not_full);
	return n;
}

static void
item_queue_done(struct item_queue *q)
{
	pthread_mutex_lock(&q->lock);
	if (--q->unfinished == 0)
		pthread_cond_broadcast(&q->all_done);
	pthread_mutex_unlock(&q->lock);
}

static void
item_queue_join(struct item_queue *q)
{
	pthread_mutex_lock(&q->lock);
	while (q->unfinished > 0)
		pthread_cond_wait(&q->all_done, &q->lock);
	pthread_mutex_unlock(&q->lock);
}

static void *
pool_thread(void *arg)
{
	struct pool *p = arg;
	struct shared *s = p->shared;

	for (;;) {
		long n = item_queue_get(&p->tasks);

		if (n == SENTINEL)
			return NULL;
		pthread_mutex_lock(&s->sum_lock);
		s->sum = s->sum + n;
		pthread_mutex_unlock(&s->sum_lock);
		item_queue_done(&p->tasks);
	}
}

static _Noreturn void
worker(struct shared *s, int threads)
{
	struct pool pool = {.shared = s};
	pthread_t *tid = calloc((size_t)threads, sizeof *tid);

	item_queue_init(&pool.tasks, PTHREAD_PROCESS_PRIVATE);
	for (int i = 0; i < threads; i++) {
		if (pthread_create(&tid[i], NULL, pool_thread, &pool) != 0)
			errx(1, "cannot create a thread");
	}
	pthread_barrier_wait(&s->start);

	long n;
	while ((n = item_queue_get(&s->items)) != SENTINEL) {
		for (long i = 0; i < n; i++)
			item_queue_put(&pool.tasks, n);
		item_queue_join(&pool.tasks);
		item_queue_done(&s->items);
	}
	for (int i = 0; i < threads; i++)
		item_queue_put(&pool.tasks, SENTINEL);
	for (int i = 0; i < threads; i++)
		pthread_join(tid[i], NULL);
	_exit(0);
}

static struct shared *
shared_new(int processes)
{
	struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t ma;
	pthread_barrierattr_t ba;

	if (s == MAP_FAILED)
		err(1, "mmap");
	item_queue_init(&s->items, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setpshared(&ma, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&s->sum_lock, &ma);
	pthread_barrierattr_init(&ba);
	pthread_barrierattr_setpshared(&ba, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&s->start, &ba, (unsigned)processes + 1);
	return s;
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static long
number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0' || n < 1 || n > 100000000)
		errx(2, "not a number in range: %s", text);
	return n;
}

int
main(int argc, char **argv)
{
	if (argc != 5)
		errx(2, "usage: naive PROCESSES THREADS ITEMS N");
	int processes = (int)number(argv[1]), threads = (int)number(argv[2]);
	long items = number(argv[3]), n = number(argv[4]);
	struct shared *s = shared_new(processes);

	for (int i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid == -1)
			err(1, "fork");
		if (pid == 0)
			worker(s, threads);
	}
	pthread_barrier_wait(&s->start);

	double start = now();
	for (long i = 0; i < items; i++)
		item_queue_put(&s->items, n);
	item_queue_join(&s->items);
	double elapsed = now() - start;

	for (int i = 0; i < processes; i++)
		item_queue_put(&s->items, SENTINEL);
	while (wait(NULL) != -1)
		;
	if (s->sum != items * n * n)
		errx(1, "the sum is wrong");
	printf("tasks %ld\n", items * n);
	printf("tasks_per_s %.0f\n", (double)(items * n) / elapsed);
	return 0;
}
