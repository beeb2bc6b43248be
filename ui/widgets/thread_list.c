/* thread_list: every thread that is shown, and which one is selected. */
#include "widgets/thread_list.h"

#include <stdlib.h>

#include "widgets/selection.h"

/* False if memory is short: then the table keeps its size. */
static bool
thread_list_make_room(struct screen *s, unsigned wanted)
{
	if (wanted <= s->list_room)
		return true;
	struct place *list = reallocarray(s->list, wanted, sizeof *list);
	if (list == NULL)
		return false;
	s->list = list;
	s->list_room = wanted;
	return true;
}

void
selection_collect(struct screen *s, const struct model *m)
{
	struct row r;

	if (s->selection.tid == 0)
		selection_focus(s, m);
	selection_settle(s, m, &r);
	s->nlist = 0;
	for (unsigned i = 0; i < m->nslots; i++) {
		const struct model_proc *p = selection_proc(m, i);

		if (p == NULL ||
		    !thread_list_make_room(s, s->nlist + p->nthreads))
			continue;
		for (unsigned j = 0; j < p->nthreads; j++) {
			const struct model_thread *t =
			    selection_thread(m, p, j);

			if (t != NULL && selection_matches_thread(s, m, p, t))
				s->list[s->nlist++] = selection_place(
				    (struct row){.proc = p, .thread = t});
		}
	}
}

unsigned
selection_listed(const struct screen *s)
{
	for (unsigned i = 0; i < s->nlist; i++)
		if (selection_holds(s, s->list[i]))
			return i;
	return s->nlist;
}

void
selection_list_settle(struct screen *s, unsigned rows)
{
	unsigned at = selection_listed(s);

	s->page = (int)rows;
	if (at == s->nlist && s->nlist > 0) {
		at = 0;
		s->selection = s->list[0];
	}
	if (s->top > at)
		s->top = at;
	if (at >= s->top + rows)
		s->top = at - rows + 1;
	if (s->top + rows > s->nlist)
		s->top = s->nlist > rows ? s->nlist - rows : 0;
}

static unsigned
thread_list_move_to(struct screen *s, long at)
{
	if (s->nlist == 0)
		return DO_NOTHING;
	if (at < 0)
		at = 0;
	if (at >= (long)s->nlist)
		at = (long)s->nlist - 1;
	s->selection = s->list[at];
	return DO_REDRAW;
}

unsigned
selection_list_act(struct screen *s, enum action action)
{
	long at = (long)selection_listed(s);

	switch (action) {
	case ACTION_UP:
		return thread_list_move_to(s, at - 1);
	case ACTION_DOWN:
		return thread_list_move_to(s, at + 1);
	case ACTION_PAGE_UP:
		return thread_list_move_to(s, at - s->page);
	case ACTION_PAGE_DOWN:
		return thread_list_move_to(s, at + s->page);
	case ACTION_FIRST:
		return thread_list_move_to(s, 0);
	case ACTION_LAST:
		return thread_list_move_to(s, (long)s->nlist);
	default:
		return DO_NOT_MINE;
	}
}
