/*
 * test_kept: what a screen keeps of the model from one frame or key to the
 * next. Nothing that it keeps points there: the model may have moved, may be
 * another one, or be gone by then.
 */
#include <string.h>

#include "drawn.h"
#include "model/snapshot.h"
#include "suite.h"
#include "widgets/selection.h"
#include "widgets/thread_list.h"

static const struct view *const views[] = {&view_workers, &view_threads,
    &view_log, &view_locks, &view_futures, &view_race, &view_timeline,
    &view_compare, &view_lints, &view_info, &view_help, &view_detail,
    &view_explore};
#define VIEWS ((int)(sizeof views / sizeof views[0]))

/* Those that keep a list of threads. */
static const struct view *const lists[] = {&view_threads, &view_timeline};
#define LISTS ((int)(sizeof lists / sizeof lists[0]))

static bool
is_in(uintptr_t word, const void *block, size_t size)
{
	return block != NULL && word >= (uintptr_t)block &&
	    word - (uintptr_t)block < size;
}

/* Into the model itself, a process of it, or its threads? */
static bool
is_of_model(uintptr_t word, const struct model *m)
{
	if (is_in(word, m, sizeof *m))
		return true;
	for (unsigned i = 0; i < m->nprocs; i++) {
		const struct model_proc *p = m->procs[i];

		if (is_in(word, p, sizeof *p) ||
		    is_in(word, p->threads, p->nthreads * sizeof *p->threads))
			return true;
	}
	return false;
}

static unsigned
pointers(const void *kept, size_t size, const struct model *m)
{
	unsigned n = 0;

	for (size_t i = 0; i + sizeof(uintptr_t) <= size;
	     i += sizeof(uintptr_t)) {
		uintptr_t word;

		memcpy(&word, (const char *)kept + i, sizeof word);
		n += is_of_model(word, m);
	}
	return n;
}

static void
check_kept(const struct model *m)
{
	const struct screen *s = &show.screen;

	ck_assert_uint_eq(pointers(&show, sizeof show, m), 0);
	ck_assert_uint_eq(pointers(s->list, s->nlist * sizeof *s->list, m), 0);
}

/* After a drawing, and after each key that a view has. */
static void
check_view(const struct view *view)
{
	struct model *copy = snapshot_new(model);

	ck_assert_ptr_nonnull(copy);
	show.screen.view = view;
	draw_of(copy, 24, 80);
	check_kept(copy);
	for (enum action a = ACTION_NONE; a < ACTION_COUNT; a++) {
		if (view->act != NULL)
			view->act(&show.screen, copy, a);
		check_kept(copy);
		if (a % 8 == 0)
			draw_of(copy, 24, 80);
	}
	model_free(copy);
}

START_TEST(nothing_points_into_the_model)
{
	for (int i = 0; i < VIEWS; i++) {
		play(streamgen_scenarios[_i], 60);
		check_view(views[i]);
		done();
	}
}
END_TEST

/* Frozen, shown, let go, and then a key: all of it between two drawings. */
START_TEST(a_key_after_the_model_is_gone)
{
	struct model *frozen;
	int32_t first, second;

	play("hybrid", 60);
	show.screen.view = lists[_i];
	frozen = snapshot_new(model);
	draw_of(frozen, 24, 80);
	ck_assert_uint_gt(show.screen.nlist, 2);
	first = show.screen.selection.tid;
	second = show.screen.list[selection_listed(&show.screen) + 1].tid;
	model_free(frozen);
	ck_assert_uint_eq(act(ACTION_DOWN), DO_REDRAW);
	ck_assert_int_ne(show.screen.selection.tid, first);
	ck_assert_int_eq(show.screen.selection.tid, second);
	draw(24, 80);
	ck_assert_int_eq(show.screen.selection.tid, second);
	done();
}
END_TEST

/* As a recording is when it is played back to its beginning. */
START_TEST(a_key_after_the_model_is_new)
{
	play("hybrid", 60);
	show.screen.view = lists[_i];
	draw(24, 80);
	ck_assert_uint_gt(show.screen.nlist, 2);
	model_reset(model);
	act(ACTION_DOWN);
	draw(24, 80);
	ck_assert_uint_eq(show.screen.nlist, 0);
	act(ACTION_DOWN);
	draw(24, 80);
	done();
}
END_TEST

static void
say_thread(unsigned slot, unsigned index)
{
	struct streamgen g = {0};
	struct frame *f = streamgen_add(&g, FRAME_THREAD);

	f->pid = model->slot[slot]->pid;
	f->tid = 70000 + (int32_t)index;
	f->thread = (struct frame_thread){.slot = (uint16_t)slot,
	    .index = (uint16_t)index,
	    .state = STATE_RUNNING};
	apply_at(&g, model->now);
}

START_TEST(a_key_while_threads_come)
{
	play("hybrid", 60);
	show.screen.view = lists[_i];
	draw(24, 80);
	for (unsigned i = 100; i < FRAME_MAX_THREADS; i += 600) {
		say_thread(1, i);
		act(ACTION_DOWN);
		ck_assert_int_ne(show.screen.selection.tid, 0);
		draw(24, 80);
		act(ACTION_LAST);
		check_kept(model);
	}
	done();
}
END_TEST

/* Another thread in the place, or none, is not the one that was listed. */
START_TEST(a_place_is_looked_up)
{
	struct row r;
	struct place at;

	play("hybrid", 60);
	show.screen.view = &view_threads;
	draw(24, 80);
	at = show.screen.list[1];
	ck_assert(selection_find(model, at, &r));
	ck_assert_int_eq(r.thread->tid, at.tid);
	ck_assert_int_eq(r.proc->pid, at.pid);
	at.tid++;
	ck_assert(!selection_find(model, at, &r));
	at.tid = 0;
	ck_assert(selection_find(model, at, &r));
	ck_assert_ptr_null(r.thread);
	at.pid++;
	ck_assert(!selection_find(model, at, &r));
	at = show.screen.list[1];
	at.index = UINT16_MAX;
	ck_assert(!selection_find(model, at, &r));
	at = show.screen.list[1];
	at.slot = UINT16_MAX;
	ck_assert(!selection_find(model, at, &r));
	done();
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("kept");
	TCase *const cases[] = {t, NULL};
	int scenarios = 0;

	while (streamgen_scenarios[scenarios] != NULL)
		scenarios++;
	tcase_add_loop_test(t, nothing_points_into_the_model, 0, scenarios);
	tcase_add_loop_test(t, a_key_after_the_model_is_gone, 0, LISTS);
	tcase_add_loop_test(t, a_key_after_the_model_is_new, 0, LISTS);
	tcase_add_loop_test(t, a_key_while_threads_come, 0, LISTS);
	tcase_add_test(t, a_place_is_looked_up);
	return suite_run("kept", cases);
}
