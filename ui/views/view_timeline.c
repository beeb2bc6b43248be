/*
 * view_timeline: a bar for each thread on a common axis of time.
 *
 * Columns begin at whole multiples of their width, so that bars that follow
 * the present move by whole columns and nothing flickers. There is always a
 * cursor: it is at the present, or where it was moved to.
 */
#include "views/view_timeline.h"

#include "widgets/selection.h"
#include "widgets/thread_list.h"

#define MS        1000000ULL
#define WIDTH_MAX (60000 * MS)
#define FIT_LEAST (10 * MS)
#define FIT_MOST  (100 * MS) /* while it runs */

/* The next step of 1, 2, 5, 10, ... ms, also those of a minute. */
static uint64_t
step(uint64_t width, bool up)
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
row_first(const struct model *m, struct place at)
{
	struct row r;
	const struct history_row *row =
	    select_find(m, at, &r) ? timeline_row(m, r) : NULL;

	return row != NULL && row->n > 0 ? row->moment[0].ns : UINT64_MAX;
}

/* From when on something is known; what says otherwise is damaged. */
static uint64_t
first_known(const struct screen *s, const struct model *m)
{
	uint64_t start = timeline_start(m), first = UINT64_MAX;

	if (m->first < start)
		start = m->first;
	for (unsigned i = 0; i < s->nlist; i++) {
		uint64_t ns = row_first(m, s->list[i]);

		if (ns < first)
			first = ns;
	}
	return first < start || first > s->now ? start : first;
}

static uint64_t
fitting(const struct timeline *t, const struct model *m, uint64_t now)
{
	bool over = m->ended || m->broken;
	uint64_t width = FIT_LEAST, lasts = now > t->first ? now - t->first : 0;

	while (width < (over ? WIDTH_MAX : FIT_MOST) &&
	    lasts / width + 2 > t->cols)
		width = step(width, true);
	return width;
}

static void
settle_columns(struct screen *s, const struct model *m)
{
	struct timeline *t = &s->timeline;
	uint64_t start = timeline_start(m), left, at, present, first;
	int cols = s->cols - timeline_names(s->cols);

	t->cols = cols < 1         ? 1
	    : cols > TIMELINE_COLS ? TIMELINE_COLS
				   : (unsigned)cols;
	t->first = first_known(s, m);
	t->width = t->chosen != 0 ? t->chosen : fitting(t, m, s->now);
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
settle(struct screen *s, const struct model *m)
{
	int bars = timeline_parts(s->rows).bars;

	history_settle(m->past, m);
	select_collect(s, m);
	select_list_settle(s, bars > 0 ? (unsigned)bars : 1);
	settle_columns(s, m);
}

static unsigned
move(struct screen *s, bool later, uint64_t columns)
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
zoom(struct screen *s, bool coarser)
{
	struct timeline *t = &s->timeline;

	t->chosen = step(t->width, coarser);
	if (t->cursor != 0) {
		uint64_t before = t->at * t->chosen;

		t->left = t->cursor > before ? t->cursor - before : 0;
	}
	return DO_REDRAW;
}

static unsigned
act(struct screen *s, const struct model *m, enum action action)
{
	struct timeline *t = &s->timeline;

	/* Keys may come faster than the screen is drawn. */
	settle(s, m);
	switch (action) {
	case ACTION_LEFT:
	case ACTION_EARLIER:
		return move(s, false, 1);
	case ACTION_RIGHT:
	case ACTION_LATER:
		return move(s, true, 1);
	case ACTION_FAR_EARLIER:
		return move(s, false, t->cols / 2 + 1);
	case ACTION_FAR_LATER:
		return move(s, true, t->cols / 2 + 1);
	case ACTION_FINER:
		return zoom(s, false);
	case ACTION_COARSER:
		return zoom(s, true);
	case ACTION_FIRST:
		t->cursor = t->first;
		return DO_REDRAW;
	case ACTION_LAST:
		t->cursor = 0;
		return DO_REDRAW;
	default:
		return select_list_act(s, action);
	}
}

const struct view view_timeline = {
    .name = "timeline",
    .action = ACTION_TIMELINE,
    .settle = settle,
    .draw = timeline_draw,
    .act = act,
};
