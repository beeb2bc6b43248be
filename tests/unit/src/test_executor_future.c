/* test_executor_future: cancel, callbacks, wait and as_completed. */
#include "suite.h"
#include "tasks.h"

#define SHORT (5 * NSEC_PER_MSEC)
#define LOTS  20000

/* ---- cancel ---- */

static int
cancel_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *l = latch_new();
	struct future *running[WORKERS], *f;

	(void)p;
	for (int i = 0; i < WORKERS; i++)
		running[i] = submit_latch(e, task_wait, l);
	UNTIL(atomic_load(&l->inside) == WORKERS);
	f = submit_latch(e, task_count, l);
	EXPECT(future_state(f) == FUTURE_PENDING && !future_done(f));
	EXPECT(future_cancel(f));
	EXPECT(future_cancel(f));
	EXPECT(future_state(f) == FUTURE_CANCELLED && future_done(f));
	EXPECT(future_result(f, 0, NULL, 0) == -ECANCELED);
	EXPECT(future_error(f)[0] != '\0');
	EXPECT(future_state(running[0]) == FUTURE_RUNNING);
	EXPECT(!future_cancel(running[0]));
	atomic_store(&l->open, 1);
	EXPECT(future_result(running[0], FOREVER, NULL, 0) == 0);
	EXPECT(!future_cancel(running[0]));
	for (int i = 0; i < WORKERS; i++)
		future_free(running[i]);
	future_free(f);
	executor_free(e);
	EXPECT(atomic_load(&l->times) == 0);
	return 0;
}
EVERY_KIND(cancel)

/* Each one either is counted by its task or was cancelled, never both. */
static int
cancel_race_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *l = latch_new();
	struct future *f[100];
	uint32_t cancelled = 0;

	(void)p;
	for (int round = 0; round < 100; round++) {
		for (int i = 0; i < 100; i++)
			f[i] = submit_latch(e, task_count, l);
		for (int i = 0; i < 100; i++)
			cancelled += future_cancel(f[99 - i]);
		EXPECT(future_wait(f, 100, WAIT_ALL, FOREVER) == 100);
		for (int i = 0; i < 100; i++)
			future_free(f[i]);
	}
	executor_free(e);
	EXPECT(atomic_load(&l->times) + cancelled == 10000);
	return 0;
}
EVERY_KIND(cancel_race)

/* ---- timeouts ---- */

static int
timeouts_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *l = latch_new();
	struct future *f = submit_latch(e, task_wait, l);
	struct as_completed *c = as_completed(&f, 1);

	(void)p;
	EXPECT(future_result(f, 0, NULL, 0) == -ETIMEDOUT);
	EXPECT(future_result(f, SHORT, NULL, 0) == -ETIMEDOUT);
	for (int how = WAIT_FIRST; how <= WAIT_ALL; how++) {
		EXPECT(future_wait(&f, 1, (enum future_wait)how, 0) == 0);
		EXPECT(future_wait(&f, 1, (enum future_wait)how, SHORT) == 0);
	}
	EXPECT(as_completed_next(c, 0) == NULL && errno == ETIMEDOUT);
	EXPECT(as_completed_next(c, SHORT) == NULL && errno == ETIMEDOUT);
	atomic_store(&l->open, 1);
	EXPECT(as_completed_next(c, FOREVER) == f);
	EXPECT(as_completed_next(c, 0) == NULL && errno == 0);
	as_completed_free(c);
	future_free(f);
	executor_free(e);
	return 0;
}
EVERY_KIND(timeouts)

/* ---- callbacks ---- */

struct heard {
	_Atomic uint32_t n;
	int order[8];
	int own; /* to be added by a callback */
	struct future *future;
	pid_t pid;
};

struct note {
	struct heard *heard;
	int which;
};

static void
hear(struct future *f, void *arg)
{
	struct note *note = arg;
	struct heard *h = note->heard;
	uint32_t n = atomic_load(&h->n);

	EXPECT(future_done(f));
	EXPECT(h->future == NULL || h->future == f);
	EXPECT(getpid() == h->pid);
	if (n < 8)
		h->order[n] = note->which;
	atomic_store(&h->n, n + 1);
}

static int
callbacks_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *l = latch_new();
	struct future *f = submit_latch(e, task_wait, l);
	struct heard h = {.future = f, .pid = getpid()};
	struct note notes[5];

	(void)p;
	for (int i = 0; i < 5; i++)
		notes[i] = (struct note){.heard = &h, .which = i};
	for (int i = 0; i < 4; i++)
		EXPECT(future_on_done(f, hear, &notes[i]) == 0);
	EXPECT(atomic_load(&h.n) == 0);
	atomic_store(&l->open, 1);
	UNTIL(atomic_load(&h.n) == 4);
	UNTIL(future_done(f));
	EXPECT(future_on_done(f, hear, &notes[4]) == 0);
	UNTIL(atomic_load(&h.n) == 5);
	for (int i = 0; i < 5; i++)
		EXPECT(h.order[i] == i);
	future_free(f);
	executor_free(e);
	return 0;
}
EVERY_KIND(callbacks)

static int
callback_ends_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *l = latch_new();
	struct heard h = {.pid = getpid()};
	struct note note = {.heard = &h};
	struct future *f, *held[WORKERS];

	(void)p;
	f = executor_submit(e, task_fail, NULL, 0);
	future_result(f, FOREVER, NULL, 0);
	EXPECT(future_on_done(f, hear, &note) == 0);
	UNTIL(atomic_load(&h.n) == 1); /* done before */
	future_free(f);
	for (int i = 0; i < WORKERS; i++)
		held[i] = submit_latch(e, task_wait_fail, l);
	UNTIL(atomic_load(&l->inside) == WORKERS);
	f = submit_latch(e, task_count, l);
	EXPECT(future_on_done(f, hear, &note) == 0);
	EXPECT(future_on_done(held[0], hear, &note) == 0);
	EXPECT(future_cancel(f));
	UNTIL(atomic_load(&h.n) == 2); /* cancelled */
	future_free(f);
	atomic_store(&l->open, 1);
	UNTIL(atomic_load(&h.n) == 3); /* failed */
	for (int i = 0; i < WORKERS; i++)
		future_free(held[i]);
	executor_free(e);
	return 0;
}
EVERY_KIND(callback_ends)

static void
count_call(struct future *f, void *arg)
{
	EXPECT(future_done(f));
	atomic_fetch_add((_Atomic uint32_t *)arg, 1);
}

/* Freed while the callbacks are still due: each one comes, once. */
static int
callback_storm_body(const struct params *p)
{
	struct executor *e = tasks_new();
	_Atomic uint32_t calls = 0;

	(void)p;
	for (int64_t i = 0; i < LOTS; i++) {
		struct future *f = submit_square(e, i);

		EXPECT(future_on_done(f, count_call, &calls) == 0);
		EXPECT(future_on_done(f, count_call, &calls) == 0);
		if (i % 3 == 0)
			future_cancel(f);
		future_free(f);
	}
	executor_free(e);
	EXPECT(atomic_load(&calls) == 2 * LOTS);
	return 0;
}
EVERY_KIND(callback_storm)

static void
add_another(struct future *f, void *arg)
{
	EXPECT(future_on_done(f, count_call, arg) == 0);
}

static int
callback_adds_body(const struct params *p)
{
	struct executor *e = tasks_new();
	_Atomic uint32_t calls = 0;
	struct future *f = submit_square(e, 1);

	(void)p;
	EXPECT(future_on_done(f, add_another, &calls) == 0);
	UNTIL(atomic_load(&calls) == 1);
	future_free(f);
	executor_free(e);
	return 0;
}
EVERY_KIND(callback_adds)

/* ---- wait ---- */

static int
wait_first_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *l = latch_new();
	struct future *f[] = {
	    submit_latch(e, task_wait, l), submit_square(e, 4)};

	(void)p;
	EXPECT(future_wait(f, 2, WAIT_FIRST, FOREVER) == 1);
	EXPECT(!future_done(f[0]) && future_done(f[1]));
	/* Done before: no wait at all. */
	EXPECT(future_wait(f, 2, WAIT_FIRST, FOREVER) == 1);
	EXPECT(future_wait(f, 2, WAIT_FIRST_FAILURE, SHORT) == 1);
	EXPECT(future_wait(f, 0, WAIT_FIRST, FOREVER) == 0);
	atomic_store(&l->open, 1);
	EXPECT(future_wait(f, 2, WAIT_ALL, FOREVER) == 2);
	future_free(f[0]);
	future_free(f[1]);
	executor_free(e);
	return 0;
}
EVERY_KIND(wait_first)

static int
wait_failure_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *first = latch_new(), *last = latch_new();
	struct future *f[4];

	(void)p;
	f[0] = submit_square(e, 2);
	f[1] = submit_latch(e, task_wait_fail, first);
	f[2] = submit_latch(e, task_wait, last);
	UNTIL(atomic_load(&last->inside) == 1);
	f[3] = submit_square(e, 3);
	EXPECT(future_cancel(f[3]) || future_done(f[3]));
	atomic_store(&first->open, 1);
	EXPECT(future_wait(f, 4, WAIT_FIRST_FAILURE, FOREVER) == 3);
	EXPECT(future_state(f[1]) == FUTURE_FAILED && !future_done(f[2]));
	/* Failed before. */
	EXPECT(future_wait(f, 4, WAIT_FIRST_FAILURE, FOREVER) == 3);
	atomic_store(&last->open, 1);
	EXPECT(future_wait(f, 4, WAIT_ALL, FOREVER) == 4);
	for (int i = 0; i < 4; i++)
		future_free(f[i]);
	/* None fails: until all are done. */
	for (int i = 0; i < 4; i++)
		f[i] = submit_square(e, i);
	EXPECT(future_wait(f, 4, WAIT_FIRST_FAILURE, FOREVER) == 4);
	for (int i = 0; i < 4; i++)
		future_free(f[i]);
	executor_free(e);
	return 0;
}
EVERY_KIND(wait_failure)

/* Many tasks let go at once, the same future twice, two executors. */
static int
wait_all_body(const struct params *p)
{
	struct executor *e = tasks_new(), *other = tasks_new();
	struct latch *l = latch_new();
	struct future *f[102];

	(void)p;
	for (int i = 0; i < 100; i++)
		f[i] = submit_latch(i % 2 == 0 ? e : other, task_wait, l);
	f[100] = f[0];
	f[101] = f[1];
	atomic_store(&l->open, 1);
	EXPECT(future_wait(f, 102, WAIT_ALL, FOREVER) == 102);
	for (int i = 0; i < 100; i++)
		future_free(f[i]);
	future_free(NULL);
	executor_free(other);
	executor_free(e);
	return 0;
}
EVERY_KIND(wait_all)

/* ---- as_completed ---- */

static int
as_they_finish_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct latch *a = latch_new(), *b = latch_new();
	struct future *f[4];
	struct as_completed *c;

	(void)p;
	f[0] = submit_square(e, 3);
	future_result(f[0], FOREVER, NULL, 0);
	f[1] = submit_latch(e, task_wait, a);
	f[2] = submit_latch(e, task_wait, b);
	UNTIL(atomic_load(&b->inside) == 1);
	f[3] = f[1]; /* told once */
	c = as_completed(f, 4);
	EXPECT(as_completed_next(c, FOREVER) == f[0]);
	EXPECT(as_completed_next(c, 0) == NULL && errno == ETIMEDOUT);
	atomic_store(&b->open, 1);
	EXPECT(as_completed_next(c, FOREVER) == f[2]);
	atomic_store(&a->open, 1);
	EXPECT(as_completed_next(c, FOREVER) == f[1]);
	EXPECT(as_completed_next(c, FOREVER) == NULL && errno == 0);
	as_completed_free(c);
	for (int i = 0; i < 3; i++)
		future_free(f[i]);
	c = as_completed(NULL, 0);
	EXPECT(as_completed_next(c, FOREVER) == NULL && errno == 0);
	as_completed_free(c);
	executor_free(e);
	return 0;
}
EVERY_KIND(as_they_finish)

/* In the order in which they finished; freed on the way. */
static int
completed_many_body(const struct params *p)
{
	struct executor *e = tasks_new();
	struct future **f = malloc(LOTS * sizeof(*f)), *one;
	struct as_completed *c;
	int64_t n, sum = 0;
	int seen = 0;

	(void)p;
	for (int64_t i = 0; i < LOTS; i++)
		f[LOTS - 1 - i] = submit_square(e, i);
	for (int i = 0; i < LOTS; i += 1000)
		future_cancel(f[i]);
	c = as_completed(f, LOTS);
	while ((one = as_completed_next(c, FOREVER)) != NULL) {
		seen++;
		if (future_result(one, 0, &n, sizeof n) > 0)
			sum += n;
		else
			EXPECT(future_state(one) == FUTURE_CANCELLED);
		future_free(one);
	}
	as_completed_free(c);
	EXPECT(seen == LOTS && sum > 0);
	free(f);
	executor_free(e);
	return 0;
}
EVERY_KIND(completed_many)

static int
completed_two_body(const struct params *p)
{
	struct executor *e[] = {tasks_new(), tasks_new()};
	struct latch *l[] = {latch_new(), latch_new()};
	struct future *f[] = {submit_latch(e[0], task_wait, l[0]),
	    submit_latch(e[1], task_wait, l[1])};
	struct as_completed *c = as_completed(f, 2);

	(void)p;
	atomic_store(&l[1]->open, 1);
	EXPECT(as_completed_next(c, FOREVER) == f[1]);
	atomic_store(&l[0]->open, 1);
	EXPECT(as_completed_next(c, FOREVER) == f[0]);
	as_completed_free(c);
	for (int i = 0; i < 2; i++) {
		future_free(f[i]);
		executor_free(e[i]);
	}
	return 0;
}
EVERY_KIND(completed_two)

int
main(void)
{
	TCase *cancels = tcase_create("cancel");
	TCase *calls = tcase_create("callbacks");
	TCase *waits = tcase_create("wait");
	TCase *completed = tcase_create("as_completed");

	ADD_WORKERS(cancels, cancel);
	ADD_ALL(cancels, cancel_race);
	ADD_WORKERS(cancels, timeouts);
	ADD_WORKERS(calls, callbacks);
	ADD_WORKERS(calls, callback_ends);
	ADD_ALL(calls, callback_storm);
	ADD_ALL(calls, callback_adds);
	ADD_WORKERS(waits, wait_first);
	ADD_WORKERS(waits, wait_failure);
	ADD_WORKERS(waits, wait_all);
	ADD_WORKERS(completed, as_they_finish);
	ADD_ALL(completed, completed_many);
	ADD_WORKERS(completed, completed_two);
	return suite_run("executor_future",
	    (TCase *const[]){cancels, calls, waits, completed, NULL});
}
