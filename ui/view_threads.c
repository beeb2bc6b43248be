/* view_threads: every thread in one table, in an order of your choice. */
#include "view.h"

#include <stdlib.h>

#include "draw.h"
#include "select.h"

static const char *const sort_names[SORT_COUNT] = {
    [SORT_PLACE] = "place",
    [SORT_STATE] = "state",
    [SORT_TASKS] = "tasks",
    [SORT_ADDS] = "adds",
    [SORT_LOST] = "net lost",
    [SORT_AGE] = "longest in its state",
};

static int
larger_first(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b;
}

static int
compare(const void *va, const void *vb, void *arg)
{
	const struct row *ra = va, *rb = vb;
	const struct model_thread *a = ra->thread, *b = rb->thread;
	int order = 0;

	switch (*(const enum screen_sort *)arg) {
	case SORT_STATE:
		order = (int)a->now.state - (int)b->now.state;
		break;
	case SORT_TASKS:
		order = larger_first(a->now.tasks, b->now.tasks);
		break;
	case SORT_ADDS:
		order = larger_first(a->now.adds, b->now.adds);
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
	if (order == 0)
		order = (int)a->now.slot - (int)b->now.slot;
	return order != 0 ? order : (int)a->now.index - (int)b->now.index;
}

/* False if memory is short: then the table stays as long as it was. */
static bool
make_room(struct screen *s, unsigned wanted)
{
	if (wanted <= s->list_room)
		return true;
	struct row *list = reallocarray(s->list, wanted, sizeof *list);
	if (list == NULL)
		return false;
	s->list = list;
	s->list_room = wanted;
	return true;
}

static void
collect(struct screen *s, const struct model *m)
{
	s->nlist = 0;
	for (unsigned i = 0; i < m->nslots; i++) {
		const struct model_proc *p = select_proc(m, i);

		if (p == NULL || !make_room(s, s->nlist + p->nthreads))
			continue;
		for (unsigned j = 0; j < p->nthreads; j++) {
			const struct model_thread *t = select_thread(m, p, j);

			if (t != NULL && select_matches_thread(s, m, p, t))
				s->list[s->nlist++] =
				    (struct row){.proc = p, .thread = t};
		}
	}
	if (s->sort != SORT_PLACE && s->nlist > 0)
		qsort_r(s->list, s->nlist, sizeof *s->list, compare, &s->sort);
}

static unsigned
selected_at(const struct screen *s)
{
	for (unsigned i = 0; i < s->nlist; i++)
		if (select_is(s, s->list[i]))
			return i;
	return s->nlist;
}

static void
settle(struct screen *s, const struct model *m)
{
	unsigned rows = s->rows > 2 ? (unsigned)s->rows - 2 : 1;
	struct row r;

	s->page = (int)rows;
	if (s->selection.tid == 0)
		select_focus(s, m);
	select_settle(s, m, &r);
	collect(s, m);
	unsigned at = selected_at(s);
	if (at == s->nlist && s->nlist > 0) {
		at = 0;
		select_set(s, s->list[0]);
	}
	if (s->top > at)
		s->top = at;
	if (at >= s->top + rows)
		s->top = at - rows + 1;
	if (s->top + rows > s->nlist)
		s->top = s->nlist > rows ? s->nlist - rows : 0;
}

static void
draw(const struct screen *s, const struct model *m, struct area a)
{
	struct pen p = pen_at(a, 0);

	pen_print(&p, LOOK_TITLE, " %u threads", s->nlist);
	pen_text(&p, LOOK_DIM, "   sorted by ");
	pen_text(&p, LOOK_STRONG, sort_names[s->sort]);
	pen_text(&p, LOOK_DIM, "   ");
	pen_text(&p, LOOK_KEY, "o");
	pen_text(&p, LOOK_DIM, " sorts otherwise");
	if (s->top + (unsigned)a.rows < s->nlist + 2)
		pen_print(&p, LOOK_DIM, "   %u more below",
		    s->nlist + 2 - s->top - (unsigned)a.rows);
	p = pen_at(a, 1);
	draw_thread_heading(m, &p, true);
	for (int i = 2; i < a.rows && s->top + (unsigned)i - 2 < s->nlist;
	     i++) {
		p = pen_at(a, i);
		draw_thread(s, m, &p, s->list[s->top + (unsigned)i - 2], true);
	}
}

static unsigned
move_to(struct screen *s, long at)
{
	if (s->nlist == 0)
		return DO_NOTHING;
	if (at < 0)
		at = 0;
	if (at >= (long)s->nlist)
		at = (long)s->nlist - 1;
	select_set(s, s->list[at]);
	return DO_REDRAW;
}

static unsigned
act(struct screen *s, const struct model *m, enum action action)
{
	(void)m;
	long at = (long)selected_at(s);

	switch (action) {
	case ACTION_UP:
		return move_to(s, at - 1);
	case ACTION_DOWN:
		return move_to(s, at + 1);
	case ACTION_PAGE_UP:
		return move_to(s, at - s->page);
	case ACTION_PAGE_DOWN:
		return move_to(s, at + s->page);
	case ACTION_FIRST:
		return move_to(s, 0);
	case ACTION_LAST:
		return move_to(s, (long)s->nlist);
	case ACTION_SORT:
		s->sort = (enum screen_sort)((s->sort + 1) % SORT_COUNT);
		return DO_REDRAW;
	default:
		return DO_NOT_MINE;
	}
}

const struct view view_threads = {
    .name = "threads",
    .action = ACTION_THREADS,
    .settle = settle,
    .draw = draw,
    .act = act,
};
