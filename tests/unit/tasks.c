/* tasks: what the tests of executors have done, and how they are run. */
#include "tasks.h"

#include "run/registry.h"

enum frame_executor_kind tasks_kind;

void
tasks_run(int (*body)(const struct params *), int kind)
{
	tasks_kind = (enum frame_executor_kind)kind;
	ck_assert_int_eq(program_run(body, WORKERS, 2 * WORKERS + 4), 0);
}

struct executor *
tasks_new(void)
{
	bool hybrid = tasks_kind == EXECUTOR_HYBRID;
	struct executor_options o = {.name = "tested",
	    .processes = hybrid ? 1 : WORKERS,
	    .threads = WORKERS};
	struct executor *e = executor_new(tasks_kind, &o);

	EXPECT(e != NULL);
	return e;
}

struct latch *
latch_new(void)
{
	struct latch *l = heap_take(registry->heap, sizeof *l);

	EXPECT(l != NULL);
	memset(l, 0, sizeof *l);
	return l;
}

static struct latch *
latch_of(struct call *c)
{
	struct latch *l;

	EXPECT(call_size(c) == sizeof(l));
	memcpy(&l, call_arg(c), sizeof(l));
	return l;
}

int
task_square(struct call *c)
{
	int64_t n;

	memcpy(&n, call_arg(c), sizeof n);
	n *= n;
	return call_return(c, &n, sizeof n) == 0 ? 0 : ENOMEM;
}

int
task_echo(struct call *c)
{
	return call_return(c, call_arg(c), call_size(c)) == 0 ? 0 : ENOMEM;
}

int
task_fail(struct call *c)
{
	return call_fail(c, EIO, "no such %s", "luck");
}

int
task_nothing(struct call *c)
{
	(void)c;
	return 0;
}

int
task_wait(struct call *c)
{
	struct latch *l = latch_of(c);

	atomic_store(&l->pid, getpid());
	atomic_fetch_add(&l->inside, 1);
	UNTIL(atomic_load(&l->open) != 0);
	return 0;
}

int
task_wait_fail(struct call *c)
{
	task_wait(c);
	return EIO;
}

int
task_count(struct call *c)
{
	atomic_fetch_add(&latch_of(c)->times, 1);
	return 0;
}

struct future *
submit_square(struct executor *e, int64_t n)
{
	struct future *f = executor_submit(e, task_square, &n, sizeof n);

	EXPECT(f != NULL);
	return f;
}

struct future *
submit_latch(struct executor *e, task_fn *fn, struct latch *latch)
{
	struct future *f =
	    executor_submit_as(e, "latch", fn, &latch, sizeof(latch));

	EXPECT(f != NULL);
	return f;
}
