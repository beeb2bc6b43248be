/* exploration: the head of a search of all schedules, and its bounds. */
#include "widgets/exploration.h"

#include <stdio.h>
#include <string.h>

#include "style/format.h"
#include "text/exploration_text.h"
#include "widgets/widgets.h"

#define BAR_COLS 16

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
explore_draw_what(const struct model *m, bool frozen, struct pen *p)
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
	segment_value(one, "%s", format_took(buf, explore_took(m)));
	segments_draw(&s, p);
}

/* "20 of 20", "34 classes of 924", "4 of more than can be counted". */
static void
explore_add_extent(const struct model *m, struct segments *s)
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

	/* 100 % only when all were run. */
	double part = explore_percent(e->done, e->total);

	one = segments_add(s, 4, NULL, LOOK_STRONG);
	segment_value(
	    one, "%.0f %%", part > 99 && e->done < e->total ? 99 : part);
	one->bar = true;
	one->cols = BAR_COLS;
	one->fraction = part / 100;
}

static void
explore_draw_extent(const struct model *m, struct pen *p)
{
	const struct frame_explore *e = &m->explore;
	struct segments s = {.n = 0};
	struct segment *one;
	char buf[FORMAT_LEN], of[FORMAT_LEN];

	explore_add_extent(m, &s);
	if (explore_rate(m) > 0) {
		one = segments_add(&s, 3, NULL, LOOK_PLAIN);
		segment_value(one, "%s/s", format_short(buf, explore_rate(m)));
	}
	if (explore_adds_up(m)) {
		one = segments_add(
		    &s, 1, "lose", e->losing > 0 ? LOOK_BAD : LOOK_GOOD);
		segment_value(one, "%s of %s", format_count(buf, e->losing),
		    format_count(of, e->done));
		segment_brief(one, "lose %s of %s", buf, of);
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
			explore_draw_what(m, frozen, &p);
		else
			explore_draw_extent(m, &p);
	}
}

/* ---- the words ---- */

static bool
explore_all_alike(const struct model *m)
{
	for (unsigned i = 1; i < MODEL_MAX_LINES && m->param[i][0] != '\0'; i++)
		if (strcmp(m->param[0], m->param[i]) != 0)
			return false;
	return true;
}

/* The programs of the threads, in rows up to `most`; returns the next row. */
static int
explore_draw_threads(const struct model *m, struct area a, int row, int most)
{
	const struct area none = {.cols = a.cols};
	bool alike = explore_all_alike(m);
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
	char sentence[EXPLORE_SENTENCE], lose[EXPLORE_SENTENCE] = "";
	int row = 0;

	if (!brief || m->explore.state != EXPLORE_COMPLETE) {
		snprintf(text, sizeof text, "%s. Bounds: %s.",
		    m->explore_text[EXPLORE_STEP],
		    m->explore_text[EXPLORE_BOUNDS]);
		row += draw_indented(a, row, 1, LOOK_DIM, text);
	}
	if (m->explore.done > 0) {
		explore_scope_format(m, sentence);
		row += draw_indented(a, row, 1, LOOK_DIM, sentence);
	}
	if (m->explore.done > 0 && !brief) {
		if (explore_adds_up(m))
			explore_lose_format(m, lose);
		explore_hang_format(m, sentence);
		snprintf(text, sizeof text, "%s%s%s", lose,
		    lose[0] != '\0' ? "; " : "", sentence);
		row += draw_indented(a, row, 1,
		    m->explore.losing + m->explore.deadlocks > 0 ? LOOK_BAD
								 : LOOK_GOOD,
		    text);
	}
	return row < most ? explore_draw_threads(m, a, row, most) : most;
}
