/*
 * view_timeline: a bar for each thread on a common axis of time.
 *
 * Columns begin at whole multiples of their width, so that bars that follow the
 * current time move by whole columns and nothing flickers. There is always a
 * cursor: at the current time, or where the user has moved it.
 */
#include "views/view_timeline.h"

#include "widgets/selection.h"
#include "widgets/thread_list.h"

#define MS        1000000ULL
#define WIDTH_MAX (60000 * MS)
#define FIT_LEAST (10 * MS)
#define FIT_MOST  (100 * MS) /* while it runs */

/* The next wider or narrower column: 1, 2, 5, 10, ... ms, up to a minute. */
static uint64_t
timeline_next_width(uint64_t width, bool up)
{
	static const uint64_t steps[] = {1, 2, 5, 10, 20, 50, 100, 200, 500,
	    1000, 2000, 5000, 10000, 20000, 30000, 60000};
	unsigned n = sizeof steps / sizeof *steps, i;

	if (up) {
		for (i = 0; i < n - 1 && steps[i] * MS <= width; i++)
			;
	} else {
		for (i = n - 1; i > 0 && steps[i] * MS >= width; i--)
			;
	}
	return steps[i] * MS;
}

static uint64_t
timeline_row_first(const struct model *m, struct place at)
{
	struct row r;
	const struct history_row *row =
	    selection_find(m, at, &r) ? timeline_row(m, r) : NULL;

	return row != NULL && row->n > 0 ? row->moment[0].ns : UINT64_MAX;
}

/* When the known past begins; times outside the run are from bad frames. */
static uint64_t
timeline_first_known(const struct screen *s, const struct model *m)
{
	uint64_t start = timeline_start(m), first = UINT64_MAX;

	if (m->first < start)
		start = m->first;
	for (unsigned i = 0; i < s->nlist; i++) {
		uint64_t ns = timeline_row_first(m, s->list[i]);

		if (ns < first)
			first = ns;
	}
	return first < start || first > s->now ? start : first;
}

static uint64_t
timeline_fitting(const struct timeline *t, const struct model *m, uint64_t now)
{
	bool over = m->ended || m->broken;
	uint64_t width = FIT_LEAST, lasts = now > t->first ? now - t->first : 0;

	while (width < (over ? WIDTH_MAX : FIT_MOST) &&
	    lasts / width + 2 > t->cols)
		width = timeline_next_width(width, true);
	return width;
}

static void
timeline_settle_columns(struct screen *s, const struct model *m)
{
	struct timeline *t = &s->timeline;
	uint64_t start = timeline_start(m), left, at, present, first;
	int cols = s->cols - timeline_names(s->cols);

	t->cols = cols < 1         ? 1
	    : cols > TIMELINE_COLS ? TIMELINE_COLS
				   : (unsigned)cols;
	t->first = timeline_first_known(s, m);
	t->width = t->chosen != 0 ? t->chosen : timeline_fitting(t, m, s->now);
	if (t->cursor > s->now)
		t->cursor = 0;
	present = timeline_column(t, start, s->now);
	first = timeline_column(t, start, t->first);
	left = timeline_column(t, start, t->left);
	at = t->cursor != 0 ? timeline_column(t, start, t->cursor) : present;
	if (t->cursor == 0 || left > present)
		left = present >= t->cols - 1 ? present - (t->cols - 1) : 0;
	if (left < first && present - first < t->cols)
		left = first;
	else if (t->cursor == 0 && left < first)
		left = first;
	if (at < left)
		left = at;
	if (at - left >= t->cols)
		left = at - t->cols + 1;
	t->at = (unsigned)(at - left);
	t->left = start % t->width + left * t->width;
}

static void
view_timeline_settle(struct screen *s, const struct model *m)
{
	int bars = timeline_parts(s->rows).bars;

	history_settle(m->past, m);
	selection_collect(s, m);
	selection_list_settle(s, bars > 0 ? (unsigned)bars : 1);
	timeline_settle_columns(s, m);
}

static unsigned
view_timeline_move(struct screen *s, bool later, uint64_t columns)
{
	struct timeline *t = &s->timeline;
	uint64_t by = columns * t->width;
	uint64_t at = t->cursor != 0 ? t->cursor : s->now;

	if (later)
		at = t->cursor != 0 && at + by < s->now ? at + by : 0;
	else
		at = at > t->first && at - t->first > by ? at - by : t->first;
	t->cursor = at;
	return DO_REDRAW;
}

/* The cursor stays where it is on the screen. */
static unsigned
timeline_zoom(struct screen *s, bool coarser)
{
	struct timeline *t = &s->timeline;

	t->chosen = timeline_next_width(t->width, coarser);
	if (t->cursor != 0) {
		uint64_t before = t->at * t->chosen;

		t->left = t->cursor > before ? t->cursor - before : 0;
	}
	return DO_REDRAW;
}

static unsigned
view_timeline_act(struct screen *s, const struct model *m, enum action action)
{
	struct timeline *t = &s->timeline;

	/* Keys may come faster than the screen is drawn. */
	view_timeline_settle(s, m);
	switch (action) {
	case ACTION_LEFT:
	case ACTION_EARLIER:
		return view_timeline_move(s, false, 1);
	case ACTION_RIGHT:
	case ACTION_LATER:
		return view_timeline_move(s, true, 1);
	case ACTION_FAR_EARLIER:
		return view_timeline_move(s, false, t->cols / 2 + 1);
	case ACTION_FAR_LATER:
		return view_timeline_move(s, true, t->cols / 2 + 1);
	case ACTION_FINER:
		return timeline_zoom(s, false);
	case ACTION_COARSER:
		return timeline_zoom(s, true);
	case ACTION_FIRST:
		t->cursor = t->first;
		return DO_REDRAW;
	case ACTION_LAST:
		t->cursor = 0;
		return DO_REDRAW;
	default:
		return selection_list_act(s, action);
	}
}

const struct view view_timeline = {
    .name = "timeline",
    .settle = view_timeline_settle,
    .draw = timeline_draw,
    .act = view_timeline_act,
};
