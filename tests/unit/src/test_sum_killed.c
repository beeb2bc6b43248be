/*
 * test_sum_killed: a thread that adds many times in a row is killed behind each
 * of its instructions, and its ledger agrees with the sum.
 */
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crowd.h"
#include "slot/ledger.h"
#include "suite.h"
#include "sum/lock_kinds.h"
#include "sum/sum.h"

#define ADDS          2
#define PLACES        250 /* in one add: more than it has instructions */
#define PLACES_BEFORE (PLACES / 12)

enum who {
	VICTIM,
	HEIR,
	NEXT,
	RINGS
};

struct world {
	struct gate gate;
	struct sum_control sum;
	struct trace_control tracing;
	struct cell cell;
	struct thread_slot tslots[RINGS];
};

static struct world *w;

static void
world_reset(unsigned kind)
{
	const char *call;

	*w = (struct world){.sum.wanted = kind};
	atomic_store(&w->sum.kind, kind);
	gate_init(&w->gate);
	MUST(cell_init(&w->cell) == 0);
	for (unsigned i = 0; i < lock_nkinds; i++)
		MUST(lock_prepare(i, &call) == 0);
	for (unsigned i = 0; i < RINGS; i++) {
		w->tslots[i].id = i + 1;
		w->tslots[i].control = &w->tracing;
	}
}

static void
add(enum who who, int64_t amount, uint64_t times)
{
	struct adder a = {.cell = &w->cell,
	    .control = &w->sum,
	    .gate = &w->gate,
	    .tslot = &w->tslots[who]};

	MUST(sum_add(&a, amount, times));
}

static uint64_t
victims_adds(void)
{
	return ledger_read(&w->tslots[VICTIM]).adds;
}

/* Every function has been called once by then. */
static void
life(void *unused)
{
	(void)unused;
	add(VICTIM, 5, 2);
	MUST(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
	raise(SIGSTOP);
	add(VICTIM, 3, UINT64_MAX);
}

/* It stands before the first instruction of what is looked at. */
static pid_t
victim_start(void)
{
	pid_t pid = crowd_child(life, NULL);
	int status;

	MUST(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
	return pid;
}

static void
step(pid_t pid)
{
	int status;

	MUST(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == 0);
	MUST(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
}

/* Instructions until it has made its first add anew, and its second. */
static void
count_instructions(unsigned until[ADDS])
{
	pid_t pid = victim_start();
	uint64_t first = victims_adds();
	unsigned n = 0;

	for (unsigned i = 0; i < ADDS; i++) {
		for (; victims_adds() <= first + i; n++)
			step(pid);
		until[i] = n;
	}
	crowd_kill(pid);
}

/* By the next to have the lock, where it is one that says so, or at once. */
static int
settle(bool by_heir)
{
	int doubt;

	if (by_heir)
		add(HEIR, 11, 3);
	UNTIL((doubt = sum_recover(&w->sum, &w->cell, &w->tslots[VICTIM], 1)) >=
	    0);
	return doubt;
}

static void
check(const struct lock_kind *k, int doubt)
{
	struct ledger sum = {0};

	for (unsigned i = 0; i < RINGS; i++) {
		struct ledger l = ledger_read(&w->tslots[i]);
		ledger_add(&sum, &l);
	}
	int64_t off =
	    cell_value(&w->cell, w->tslots, RINGS) + sum.lost - sum.expected;
	ck_assert_int_le(doubt, k->recover == NULL);
	ck_assert(off == 0 || (doubt == 1 && off == 3));
	ck_assert_int_eq(sum.lost, 0);
	ck_assert_uint_eq(cell_holder(&w->cell), 0);
}

static const char *const kinds[] = {"none", "mutex", "spin", "semaphore",
    "atomic", "unshared", "ticket", "cas", "file", "partial"};

#define KINDS ((int)(sizeof kinds / sizeof kinds[0]))

static void
kill_behind(const struct lock_kind *k, unsigned instructions, bool by_heir)
{
	world_reset((unsigned)(k - lock_kinds));
	pid_t pid = victim_start();
	for (unsigned i = 0; i < instructions; i++)
		step(pid);
	crowd_kill(pid);
	int doubt = settle(by_heir);
	add(NEXT, 13, 3);
	check(k, doubt);
}

static bool
inherits(const struct lock_kind *k)
{
	return strcmp(k->name, "mutex") == 0 || strcmp(k->name, "file") == 0;
}

/* On the way to the first add here and there, then everywhere. */
START_TEST(killed_anywhere_it_leaves_a_ledger_that_agrees)
{
	const struct lock_kind *k = &lock_kinds[lock_find(kinds[_i])];
	unsigned until[ADDS], stride;

	NEED_TRACING();
	w = crowd_memory(sizeof *w);
	world_reset((unsigned)lock_find(kinds[_i]));
	count_instructions(until);
	stride = until[0] / (PLACES_BEFORE + 1) + 1;
	for (unsigned n = 0; n < until[0]; n += stride)
		kill_behind(k, n, false);
	stride = (until[1] - until[0]) / PLACES + 1;
	for (unsigned n = until[0]; n < until[1]; n += stride) {
		kill_behind(k, n, false);
		if (inherits(k))
			kill_behind(k, n, true);
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("sum_killed");
	TCase *const cases[] = {t, NULL};

	tcase_add_loop_test(
	    t, killed_anywhere_it_leaves_a_ledger_that_agrees, 0, KINDS);
	return suite_run("sum killed", cases);
}
