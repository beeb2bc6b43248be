/* test_snapshot: a copy of the model stays as it was. */
#include "model/snapshot.h"

#include <string.h>

#include "streamgen.h"
#include "suite.h"

static size_t
play(struct model *m, const struct streamgen *g, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		model_apply(m, &g->frame[i]);
	return to;
}

/* The same frames give the same model, and so does a copy of it. */
static void
check_same(const struct model *a, const struct model *b)
{
	ck_assert_uint_eq(model_tasks(a), model_tasks(b));
	ck_assert_int_eq(model_copies(a), model_copies(b));
	ck_assert_uint_eq(a->nprocs, b->nprocs);
	for (unsigned i = 0; i < a->nprocs; i++) {
		const struct model_proc *p = a->procs[i], *q = b->procs[i];

		ck_assert_ptr_ne(p, q);
		ck_assert_str_eq(p->name, q->name);
		ck_assert_uint_eq(p->nthreads, q->nthreads);
		ck_assert_mem_eq(&p->now, &q->now, sizeof p->now);
		ck_assert_int_eq(
		    a->slot[p->now.slot] == p, b->slot[q->now.slot] == q);
		for (unsigned j = 0; j < p->nthreads; j++) {
			const struct model_thread *t = &p->threads[j];
			const struct model_proc *of, *same;

			if (t->tid == 0)
				continue;
			ck_assert_mem_eq(
			    &t->now, &q->threads[j].now, sizeof t->now);
			ck_assert_str_eq(
			    model_thread_by_tid(a, t->tid, &of)->name,
			    model_thread_by_tid(b, t->tid, &same)->name);
			ck_assert_str_eq(of->name, same->name);
			ck_assert_ptr_ne(of, same);
		}
	}
}

START_TEST(stays_as_it_was)
{
	struct streamgen g = {0};
	struct model *live = model_new(), *control = model_new();

	ck_assert(streamgen_scenario(&g, streamgen_scenarios[_i], 0));
	size_t half = play(live, &g, 0, g.n / 2);
	play(control, &g, 0, half);

	struct model *copy = snapshot_new(live);
	check_same(control, copy);
	play(live, &g, half, g.n);
	check_same(control, copy);
	model_free(live);
	check_same(control, copy);
	model_free(copy);
	model_free(control);
	streamgen_free(&g);
}
END_TEST

START_TEST(of_nothing)
{
	struct model *m = model_new();
	struct model *copy = snapshot_new(m);

	ck_assert_ptr_nonnull(copy);
	ck_assert_uint_eq(copy->nprocs, 0);
	model_free(copy);
	model_free(m);
}
END_TEST

int
main(void)
{
	TCase *snapshot = tcase_create("snapshot");
	int scenarios = 0;

	while (streamgen_scenarios[scenarios] != NULL)
		scenarios++;
	tcase_add_loop_test(snapshot, stays_as_it_was, 0, scenarios);
	tcase_add_test(snapshot, of_nothing);
	return suite_run("snapshot", (TCase *const[]){snapshot, NULL});
}
