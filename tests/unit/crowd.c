/* crowd: processes times threads that all do the same, and a deadline. */
#include "crowd.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory/robust_mutex.h"

struct crowd {
	unsigned processes, threads;
	void (*fn)(void *arg, unsigned who);
	void *arg;
	_Atomic unsigned *present; /* shared */
	pid_t *pids;
	pthread_t *ids;
	struct member *members;
};

struct member {
	struct crowd *crowd;
	unsigned who;
};

void
crowd_yield(void)
{
	sched_yield();
}

void *
crowd_memory(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		fatal("no memory to share");
	return p;
}

static unsigned
size_of(const struct crowd *c)
{
	return (c->processes > 0 ? c->processes : 1) * c->threads;
}

static void *
member_main(void *arg)
{
	struct member *m = arg;
	struct crowd *c = m->crowd;

	atomic_fetch_add(c->present, 1);
	UNTIL(atomic_load(c->present) == size_of(c));
	c->fn(c->arg, m->who);
	return NULL;
}

static void
start_threads(struct crowd *c, unsigned first)
{
	for (unsigned i = 0; i < c->threads; i++) {
		c->members[i] = (struct member){c, first + i};
		MUST(pthread_create(
			 &c->ids[i], NULL, member_main, &c->members[i]) == 0);
	}
}

static void
join_threads(struct crowd *c)
{
	for (unsigned i = 0; i < c->threads; i++)
		pthread_join(c->ids[i], NULL);
}

struct crowd *
crowd_start(unsigned processes, unsigned threads,
    void (*fn)(void *arg, unsigned who), void *arg)
{
	struct crowd *c = calloc(1, sizeof *c);

	MUST(c != NULL);
	*c = (struct crowd){processes, threads, fn, arg,
	    .present = crowd_memory(sizeof *c->present),
	    .pids = calloc(processes + 1, sizeof *c->pids),
	    .ids = calloc(threads, sizeof *c->ids),
	    .members = calloc(threads, sizeof *c->members)};
	if (processes == 0)
		start_threads(c, 0);
	for (unsigned i = 0; i < processes; i++) {
		c->pids[i] = fork();
		MUST(c->pids[i] >= 0);
		if (c->pids[i] > 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		start_threads(c, i * threads);
		join_threads(c);
		_exit(0);
	}
	return c;
}

pid_t
crowd_pid(const struct crowd *c, unsigned process)
{
	return c->pids[process];
}

unsigned
crowd_join(struct crowd *c)
{
	unsigned bad = 0;

	if (c->processes == 0)
		join_threads(c);
	for (unsigned i = 0; i < c->processes; i++) {
		int status = 0;

		waitpid(c->pids[i], &status, 0);
		bad += status != 0;
	}
	munmap(c->present, sizeof *c->present);
	free(c->pids);
	free(c->ids);
	free(c->members);
	free(c);
	return bad;
}

pid_t
crowd_child(void (*fn)(void *), void *arg)
{
	pid_t pid = fork();

	MUST(pid >= 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fn(arg);
	_exit(0);
}

void
crowd_kill(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
lock_and_die(void *mutex)
{
	pthread_mutex_lock(mutex);
}

static void
ask_to_be_traced(void *unused)
{
	(void)unused;
	_exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : 1);
}

bool
crowd_traces(void)
{
	int status;

	MUST(waitpid(crowd_child(ask_to_be_traced, NULL), &status, 0) > 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool
crowd_robust(void)
{
	pthread_mutex_t *mutex = crowd_memory(sizeof *mutex);

	MUST(robust_mutex_init(mutex) == 0);
	MUST(waitpid(crowd_child(lock_and_die, mutex), NULL, 0) > 0);
	int err = pthread_mutex_trylock(mutex);
	if (err == EOWNERDEAD)
		pthread_mutex_consistent(mutex);
	if (err == 0 || err == EOWNERDEAD)
		pthread_mutex_unlock(mutex); /* off our list of robust ones */
	munmap(mutex, sizeof *mutex);
	return err == EOWNERDEAD;
}
