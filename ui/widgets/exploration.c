/* explore_words: a search of all schedules, put in order and in words. */
#include "widgets/exploration.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "style/format.h"
#include "widgets/widgets.h"

#define BAR_COLS 16

static int
by_value(const void *a, const void *b, void *arg)
{
	const struct model *m = arg;
	const struct frame_outcome_row *x =
	    &m->outcome[*(const uint16_t *)a].now;
	const struct frame_outcome_row *y =
	    &m->outcome[*(const uint16_t *)b].now;
	int hung =
	    (x->flags & OUTCOME_DEADLOCK) - (y->flags & OUTCOME_DEADLOCK);

	if (hung != 0)
		return hung;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->index - y->index;
}

unsigned
explore_order(const struct model *m, uint16_t order[FRAME_MAX_OUTCOMES])
{
	union {
		const struct model *in;
		void *out;
	} arg = {.in = m};
	unsigned n = 0;

	for (unsigned i = 0; i < FRAME_MAX_OUTCOMES; i++)
		if (m->outcome[i].known)
			order[n++] = (uint16_t)i;
	qsort_r(order, n, sizeof *order, by_value, arg.out);
	return n;
}

bool
explore_fails(const struct model_outcome *o)
{
	return (o->now.flags & (OUTCOME_DEADLOCK | OUTCOME_LOSES)) != 0;
}

int
explore_smallest(const struct model *m)
{
	uint16_t order[FRAME_MAX_OUTCOMES];
	unsigned n = explore_order(m, order);
	int best = -1;

	for (unsigned i = 0; i < n; i++) {
		const struct model_outcome *o = &m->outcome[order[i]],
					   *b =
					       &m->outcome[best < 0 ? 0 : best];

		if (best < 0 || explore_fails(o) > explore_fails(b) ||
		    (explore_fails(o) == explore_fails(b) &&
			o->now.switches < b->now.switches))
			best = order[i];
	}
	return best;
}

const struct model_outcome *
explore_selected(const struct model *m, unsigned chosen)
{
	int smallest = explore_smallest(m);

	if (chosen > 0 && chosen <= FRAME_MAX_OUTCOMES &&
	    m->outcome[chosen - 1].known)
		return &m->outcome[chosen - 1];
	return smallest >= 0 ? &m->outcome[smallest] : NULL;
}

const char *
explore_letters(const struct model_outcome *o)
{
	const char *colon = strchr(o->schedule, ':');

	return colon != NULL ? colon + 1 : o->schedule;
}

bool
explore_pastes(const struct model_outcome *o)
{
	const char *p = o->schedule;

	if (!islower((unsigned char)*p))
		return false;
	while (
	    isalnum((unsigned char)*p) || (*p != '\0' && strchr("_-,=.", *p)))
		p++;
	if (*p++ != ':')
		return false;
	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	return *p == '\0';
}

/* ns that it has taken. */
static uint64_t
took(const struct model *m)
{
	if (m->ended)
		return m->bye.elapsed;
	return m->now > m->first ? m->now - m->first : 0;
}

double
explore_rate(const struct model *m)
{
	uint64_t ns = took(m);

	return ns > 0 ? (double)m->explore.done * 1e9 / (double)ns : 0;
}

/* Streams may say anything: never more than all. */
static double
percent(uint64_t n, uint64_t of)
{
	if (n >= of)
		return of > 0 ? 100 : 0;
	return 100.0 * (double)n / (double)of;
}

/* ---- the head ---- */

static const struct {
	const char *word;
	enum glyph glyph;
	enum look look;
} states[EXPLORE_STATES] = {
    [EXPLORE_RUNNING] = {"running", GLYPH_RUNNING, LOOK_GOOD},
    [EXPLORE_COMPLETE] = {"complete", GLYPH_TICK, LOOK_GOOD},
    [EXPLORE_LIMITED] = {"at the limit", GLYPH_OVER, LOOK_WARN},
    [EXPLORE_STOPPED] = {"stopped", GLYPH_OVER, LOOK_WARN},
};

static void
draw_what(const struct model *m, bool frozen, struct pen *p)
{
	struct segments s = {.n = 0};
	struct segment *one = segments_add(&s, 5, NULL, LOOK_TITLE);
	unsigned state = m->explore.state;
	char buf[FORMAT_LEN];

	segment_value(one, "lockstep");
	one = segments_add(&s, 0, NULL, LOOK_STRONG);
	segment_value(one, "%s", m->hello.demo);
	one = segments_add(&s, 3, NULL, LOOK_PLAIN);
	segment_value(one, "%.90s", m->explore_text[EXPLORE_FORM]);
	one = segments_add(&s, 1, NULL, states[state].look);
	one->glyph = states[state].glyph;
	segment_value(one, "%s", states[state].word);
	if (m->broken && !m->ended) {
		one->look = LOOK_ALARM;
		one->glyph = GLYPH_CROSS;
		segment_value(one, "engine died");
	}
	if (frozen) {
		one = segments_add(&s, 2, NULL, LOOK_NOTICE);
		segment_value(one, "frozen");
	}
	one = segments_add(&s, 4, NULL, LOOK_DIM);
	segment_value(one, "%s", format_took(buf, took(m)));
	segments_draw(&s, p);
}

/* "20 of 20", "34 classes of 924", "4 of more than can be counted". */
static void
add_extent(const struct model *m, struct segments *s)
{
	const struct frame_explore *e = &m->explore;
	struct segment *one = segments_add(
	    s, 0, e->reduced ? "classes" : "schedules", LOOK_STRONG);
	char a[FORMAT_LEN], b[FORMAT_LEN];
	const char *done = format_count(a, e->done);
	const char *total = format_count(b, e->total);

	if (e->total == UINT64_MAX && e->reduced)
		segment_value(one, "%s", done);
	else if (e->total == UINT64_MAX)
		segment_value(one, "%s of 1.8e19 or more", done);
	else
		segment_value(one, "%s of %s%s", done, total,
		    !e->reduced         ? ""
			: e->total == 1 ? " schedule"
					: " schedules");
	if (e->reduced || e->total == UINT64_MAX)
		return;
	segment_brief(one, "%s/%s", done, total);

	/* All of it only when all were run. */
	double part = percent(e->done, e->total);

	one = segments_add(s, 4, NULL, LOOK_STRONG);
	segment_value(
	    one, "%.0f %%", part > 99 && e->done < e->total ? 99 : part);
	one->bar = true;
	one->cols = BAR_COLS;
	one->fraction = part / 100;
}

static void
draw_extent(const struct model *m, struct pen *p)
{
	const struct frame_explore *e = &m->explore;
	struct segments s = {.n = 0};
	struct segment *one;
	char buf[FORMAT_LEN];

	add_extent(m, &s);
	if (explore_rate(m) > 0) {
		one = segments_add(&s, 3, NULL, LOOK_PLAIN);
		segment_value(one, "%s/s", format_short(buf, explore_rate(m)));
	}
	if (strcmp(m->explore_text[EXPLORE_VALUE], "sum") == 0) {
		one = segments_add(
		    &s, 1, "lose", e->losing > 0 ? LOOK_BAD : LOOK_GOOD);
		segment_value(one, "%.2f %%", percent(e->losing, e->done));
	}
	one = segments_add(&s, e->deadlocks > 0 ? 1 : 3, "deadlocks",
	    e->deadlocks > 0 ? LOOK_BAD : LOOK_GOOD);
	segment_value(one, "%s", format_count(buf, e->deadlocks));
	if (m->dropped > 0) {
		one = segments_add(&s, 2, NULL, LOOK_BAD);
		segment_value(
		    one, "%s frames dropped", format_count(buf, m->dropped));
	}
	segments_draw(&s, p);
}

void
explore_draw_head(const struct model *m, bool frozen, struct area a)
{
	for (int i = 0; i < a.rows && i < 2; i++) {
		struct pen p = pen_at(a, i);

		if (a.cols > 30)
			pen_char(&p, LOOK_PLAIN, ' ');
		if (i == 0 && a.rows > 1)
			draw_what(m, frozen, &p);
		else
			draw_extent(m, &p);
	}
}

/* ---- the verdict ---- */

static void
share(char *buf, size_t size, const struct model *m, uint64_t n,
    const char *does, const char *do_)
{
	const struct frame_explore *e = &m->explore;
	const char *one = e->reduced ? "class" : "schedule";
	const char *many = e->reduced ? "classes" : "schedules";
	char count[FORMAT_LEN], of[FORMAT_LEN];

	if (n == 0)
		snprintf(buf, size, "no %s %s", one, does);
	else
		snprintf(buf, size, "%s of %s %s %s (%.2f %%)",
		    format_count(count, n), format_count(of, e->done),
		    e->done == 1 ? one : many, n == 1 ? does : do_,
		    percent(n, e->done));
}

void
explore_lose_format(const struct model *m, char *buf, size_t size)
{
	const struct frame_explore *e = &m->explore;
	char lose[128], hang[128];

	share(lose, sizeof lose, m, e->losing, "loses an update",
	    "lose an update");
	share(hang, sizeof hang, m, e->deadlocks, "ends in a deadlock",
	    "end in a deadlock");
	if (strcmp(m->explore_text[EXPLORE_VALUE], "sum") == 0)
		snprintf(buf, size, "%s; %s", lose, hang);
	else
		snprintf(buf, size, "%s", hang);
}

void
explore_scope_format(const struct model *m, char *buf, size_t size)
{
	bool all = m->explore.state == EXPLORE_COMPLETE;

	if (m->explore.reduced)
		snprintf(buf, size,
		    "%s; shares are of classes, not of schedules",
		    all ? "one schedule of every class was run"
			: "of the classes that were run so far");
	else
		snprintf(buf, size, "%s",
		    all ? "every schedule within the bounds was run: nothing "
			  "else can happen there"
			: "of those that were run so far; what the others do "
			  "is not known yet");
}

/* ---- the words ---- */

static bool
all_alike(const struct model *m)
{
	for (unsigned i = 1; i < MODEL_MAX_LINES && m->param[i][0] != '\0'; i++)
		if (strcmp(m->param[0], m->param[i]) != 0)
			return false;
	return true;
}

/* What the threads do, in rows up to `most`; the row after it. */
static int
draw_threads(const struct model *m, struct area a, int row, int most)
{
	const struct area none = {.cols = a.cols};
	bool alike = all_alike(m);
	int n = 0;

	while (n < MODEL_MAX_LINES && m->param[n][0] != '\0')
		n++;
	for (int i = 0; i < n; i++) {
		char letter[] = {(char)('a' + i), ':', ' ', '\0'};
		const char *who = alike ? "each thread: " : letter;
		int col = 1 + canvas_width(who);
		int rows = draw_indented(none, 0, col, LOOK_PLAIN, m->param[i]);
		bool last = alike || i + 1 == n;
		struct pen p = pen_at(a, row);

		pen_char(&p, LOOK_PLAIN, ' ');
		if (row + rows + !last > most) {
			pen_glyph(&p, LOOK_DIM, GLYPH_CUT);
			pen_print(&p, LOOK_DIM, " %d thread%s more: see i",
			    alike ? n : n - i,
			    (alike ? n : n - i) == 1 ? "" : "s");
			return row + 1;
		}
		pen_text(&p, LOOK_PLAIN, who);
		row += draw_indented(a, row, col, LOOK_PLAIN, m->param[i]);
		if (last)
			break;
	}
	return row;
}

int
explore_draw_words(const struct model *m, struct area a, int most, bool brief)
{
	char text[2 * MODEL_LINE + 64];
	int row = 0;

	if (!brief || m->explore.state != EXPLORE_COMPLETE) {
		snprintf(text, sizeof text, "%s. Bounds: %s.",
		    m->explore_text[EXPLORE_STEP],
		    m->explore_text[EXPLORE_BOUNDS]);
		row += draw_indented(a, row, 1, LOOK_DIM, text);
	}
	if (m->explore.done > 0) {
		explore_scope_format(m, text, sizeof text);
		row += draw_indented(a, row, 1, LOOK_DIM, text);
	}
	if (m->explore.done > 0 && !brief) {
		explore_lose_format(m, text, sizeof text);
		row += draw_indented(a, row, 1,
		    m->explore.losing + m->explore.deadlocks > 0 ? LOOK_BAD
								 : LOOK_GOOD,
		    text);
	}
	return row < most ? draw_threads(m, a, row, most) : most;
}
