/* view: scrolling, for views that are only text. */
#include "views/view.h"

#include <limits.h>

#include "model/predict.h"
#include "widgets/widgets.h"

struct keys_where
screen_where(const struct screen *s)
{
	return (struct keys_where){.steers = s->steers,
	    .recording = s->recording,
	    .program = s->program,
	    .stepped = s->stepped,
	    .undoes = s->undoes,
	    .over = s->over,
	    .explores = s->explores,
	    .back = s->back != NULL,
	    .guesses = predict_hides(s->predict)};
}

unsigned
view_scroll(struct screen *s, enum action action)
{
	unsigned page = s->page > 1 ? (unsigned)s->page : 1;

	switch (action) {
	case ACTION_UP:
		s->top -= s->top > 0;
		break;
	case ACTION_DOWN:
		s->top++;
		break;
	case ACTION_PAGE_UP:
		s->top -= s->top < page ? s->top : page;
		break;
	case ACTION_PAGE_DOWN:
		s->top += page;
		break;
	case ACTION_FIRST:
		s->top = 0;
		break;
	case ACTION_LAST:
		s->top = INT_MAX;
		break;
	default:
		return DO_NOT_MINE;
	}
	return DO_REDRAW;
}

void
view_scroll_settle(struct screen *s, unsigned total)
{
	unsigned rows = s->rows > 0 ? (unsigned)s->rows : 0;
	unsigned last = total > rows ? total - rows : 0;

	s->total = total;
	s->page = s->rows - 1;
	if (s->top > last)
		s->top = last;
}

void
view_draw_more(const struct screen *s, struct area a)
{
	unsigned end = s->top + (unsigned)a.rows;

	draw_more(a, s->total > end ? s->total - end : 0);
}
