/* view_threads: every thread in one table, in an order of your choice. */
#include "views/view.h"

#include <stdlib.h>

#include "widgets/selection.h"
#include "widgets/thread_list.h"
#include "widgets/thread_row.h"

static const char *const sort_names[SORT_COUNT] = {
    [SORT_PLACE] = "place",
    [SORT_STATE] = "state",
    [SORT_TASKS] = "tasks",
    [SORT_ADDS] = "adds",
    [SORT_LOST] = "net lost",
    [SORT_AGE] = "longest in its state",
};

static int
threads_larger_first(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b;
}

struct threads_order {
	const struct model *m;
	enum screen_sort sort;
};

static int
threads_compare(const struct model_thread *a, const struct model_thread *b,
    enum screen_sort sort)
{
	int order = 0;

	switch (sort) {
	case SORT_STATE:
		order = (int)a->now.state - (int)b->now.state;
		break;
	case SORT_TASKS:
		order = threads_larger_first(a->now.tasks, b->now.tasks);
		break;
	case SORT_ADDS:
		order = threads_larger_first(a->now.adds, b->now.adds);
		break;
	case SORT_LOST:
		order =
		    (a->now.lost < b->now.lost) - (a->now.lost > b->now.lost);
		break;
	case SORT_AGE:
		order = (a->since > b->since) - (a->since < b->since);
		break;
	default:
		break;
	}
	return order;
}

static int
threads_by(const void *va, const void *vb, void *arg)
{
	const struct threads_order *by = arg;
	const struct place *a = va, *b = vb;
	/* They were just collected, so they exist. */
	int order = threads_compare(&by->m->slot[a->slot]->threads[a->index],
	    &by->m->slot[b->slot]->threads[b->index], by->sort);

	if (order == 0)
		order = (int)a->slot - (int)b->slot;
	return order != 0 ? order : (int)a->index - (int)b->index;
}

static void
view_threads_settle(struct screen *s, const struct model *m)
{
	struct threads_order by = {.m = m, .sort = s->sort};

	selection_collect(s, m);
	if (s->sort != SORT_PLACE && s->nlist > 0)
		qsort_r(s->list, s->nlist, sizeof *s->list, threads_by, &by);
	selection_list_settle(s, s->rows > 2 ? (unsigned)s->rows - 2 : 1);
}

static void
view_threads_draw(const struct screen *s, const struct model *m, struct area a)
{
	struct pen p = pen_at(a, 0);

	pen_print(&p, LOOK_TITLE, " %u threads", s->nlist);
	pen_text(&p, LOOK_DIM, "   sorted by ");
	pen_text(&p, LOOK_STRONG, sort_names[s->sort]);
	pen_text(&p, LOOK_DIM, "   ");
	pen_text(&p, LOOK_KEY, "o");
	pen_text(&p, LOOK_DIM, " changes the order");
	if (s->top + (unsigned)a.rows < s->nlist + 2)
		pen_print(&p, LOOK_DIM, "   %u more below",
		    s->nlist + 2 - s->top - (unsigned)a.rows);
	p = pen_at(a, 1);
	draw_thread_heading(m, &p, true);
	for (int i = 2; i < a.rows && s->top + (unsigned)i - 2 < s->nlist;
	     i++) {
		struct row r;

		p = pen_at(a, i);
		if (selection_find(m, s->list[s->top + (unsigned)i - 2], &r))
			draw_thread(s, m, &p, r, true);
	}
}

static unsigned
view_threads_act(struct screen *s, const struct model *m, enum action action)
{
	(void)m;
	if (action != ACTION_SORT)
		return selection_list_act(s, action);
	s->sort = (enum screen_sort)((s->sort + 1) % SORT_COUNT);
	return DO_REDRAW;
}

const struct view view_threads = {
    .name = "threads",
    .settle = view_threads_settle,
    .draw = view_threads_draw,
    .act = view_threads_act,
};
