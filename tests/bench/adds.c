/*
 * adds: how fast processes can add to one number under a process-shared
 * mutex, in a bare loop: what any lock kind of that sort is up against.
 *
 * usage: adds [-r] PROCESSES ADDS
 *
 * -r makes the mutex robust. ADDS is per process.
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

struct shared {
	pthread_barrier_t start;
	pthread_mutex_t lock;
	long sum;
};

static struct shared *
shared_new(unsigned processes, bool robust)
{
	struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t ma;
	pthread_barrierattr_t ba;

	if (s == MAP_FAILED)
		err(1, "mmap");
	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setpshared(&ma, PTHREAD_PROCESS_SHARED);
	if (robust)
		pthread_mutexattr_setrobust(&ma, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&s->lock, &ma);
	pthread_barrierattr_init(&ba);
	pthread_barrierattr_setpshared(&ba, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&s->start, &ba, processes + 1);
	return s;
}

static _Noreturn void
adder(struct shared *s, long adds)
{
	pthread_barrier_wait(&s->start);
	for (long i = 0; i < adds; i++) {
		pthread_mutex_lock(&s->lock);
		s->sum = s->sum + 1;
		pthread_mutex_unlock(&s->lock);
	}
	_exit(0);
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	bool robust = false;
	int c;

	while ((c = getopt(argc, argv, "r")) != -1) {
		if (c != 'r')
			return 2;
		robust = true;
	}
	if (argc - optind != 2)
		errx(2, "usage: adds [-r] PROCESSES ADDS");
	int processes = atoi(argv[optind]);
	long adds = atol(argv[optind + 1]);
	if (processes < 1 || adds < 1)
		errx(2, "both numbers must be positive");
	struct shared *s = shared_new((unsigned)processes, robust);

	for (int i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid == -1)
			err(1, "fork");
		if (pid == 0)
			adder(s, adds);
	}
	pthread_barrier_wait(&s->start);
	double start = now();
	while (wait(NULL) != -1)
		;
	double elapsed = now() - start;

	if (s->sum != processes * adds)
		errx(1, "the sum is wrong");
	printf("adds_per_s %.0f\n", (double)s->sum / elapsed);
	return 0;
}
